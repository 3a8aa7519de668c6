"""Facts of the past against an ensemble: where each falls in what the model gives.

Each row of targets.csv names a measure, a function of a run that gives one value for
each member. A member in which the thing never happens has no value; the share of such
members is given apart and never mixed into a mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.measures import find_measure
from supplyline.analysis.measuring import Asked, measured
from supplyline.case.frames import rows
from supplyline.case.lookup import grades_of
from supplyline.errors import refuse_other

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.runs import Run

    Floats = NDArray[np.float64]

_LEVELS: Final = {"q10": 0.1, "median": 0.5, "q90": 0.9}
"""Column to quantile."""


def target_values(run: Run) -> pd.DataFrame:
    """Compute what a report of every target would say in every member."""
    asked, grades = [], grades_of(run.case)
    for row in rows(run.case.targets):
        measure, label = find_measure(run.case, row.measure)
        grade = grades.get(row.source)
        asked.append(Asked(row.target, measure, row.start, row.end, label, grade))
    members = run.daily.indexes["member"]
    return pd.DataFrame(measured(run, asked, told=True), index=members)


def _inside(values: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    low = targets.set_index("target")["low"]
    high = targets.set_index("target")["high"]
    return values.ge(low, axis=1) & values.le(high, axis=1)


def joint_share(targets: pd.DataFrame, values: pd.DataFrame) -> float:
    """Give the share of members inside the windows of all main targets at once."""
    main = targets.loc[targets["is_main"], "target"]
    return float(_inside(values, targets)[main].all(axis=1).mean())


def check_targets(run: Run) -> pd.DataFrame:
    """Set every fact against the ensemble.

    Parameters
    ----------
    run : Run
        Run of the whole past.

    Returns
    -------
    checks : DataFrame
        One row for each target; see `check_values`.
    """
    refuse_other("run", run, "Run", "load_run")
    return check_values(run.case.targets, target_values(run))


def check_values(targets: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Set every fact against its values in many members."""
    inside = _inside(values, targets)
    checks = [
        _check(row, values[row.target], inside[row.target]) for row in rows(targets)
    ]
    columns = ["target", "share_inside", "never_share", "percentile", *_LEVELS]
    table = pd.DataFrame(checks, columns=columns)
    return targets.merge(table, on="target", validate="one_to_one")


def _check(
    row: Any,  # noqa: ANN401 - a row of a table
    values: pd.Series[Any],
    inside: pd.Series[Any],
) -> tuple[object, ...]:
    """Set one fact against its values."""
    modelled = values.dropna().to_numpy()
    percentile = _percentile(row.value, modelled)
    shares = float(inside.mean()), float(values.isna().mean())
    return row.target, *shares, percentile, *_quantiles(modelled)


def _percentile(value: Any, modelled: Floats) -> float:  # noqa: ANN401 - a cell
    """Rank a value among the members: half of the ties count as below."""
    if pd.isna(value) or modelled.size == 0:
        return np.nan
    below = (modelled < value).mean() + 0.5 * (modelled == value).mean()
    return float(100 * below)


def _quantiles(modelled: Floats) -> tuple[float, ...]:
    if modelled.size == 0:
        return (np.nan,) * len(_LEVELS)
    return tuple(float(q) for q in np.quantile(modelled, list(_LEVELS.values())))
