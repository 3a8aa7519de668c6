"""Publish what a run says of the weeks ahead, before anybody knows them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.analysis.forecast_series import (
    first_day,
    forecast_series,
    forecast_values,
)
from supplyline.analysis.scores import quantiles
from supplyline.case.frames import rows
from supplyline.engine.sources import engine_sha256
from supplyline.errors import refuse_other
from supplyline.forecasts.basis import basis_of
from supplyline.forecasts.published import LEVELS, Forecast, Series, Value
from supplyline.forecasts.register import enter

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from supplyline.analysis.forecast_series import ForecastSeries
    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.forecasts.published import Basis
    from supplyline.runs import Run

WEEKS: Final = 26
"""Weeks that are published if no other number is asked for: half a year."""
REGISTER: Final = Path("forecasts")
"""Folder of the register, beside the docs of a repository."""
_FIGURES: Final = 6
"""Significant figures of a published number: more than a run holds."""


def publish_forecast(
    run: Run,
    register: str | Path = REGISTER,
    *,
    weeks: int = WEEKS,
    conditioned: Conditioned | None = None,
    prior: bool = False,
) -> Path:
    """Publish what a run says of the weeks ahead, in a file that keeps its hash.

    The file holds quantiles and chances by series and date, with what would count for
    each and what they rest on. Its SHA-256 stands in its name and in register.csv, and
    each entry there holds the hash of the one before.

    Parameters
    ----------
    run : Run
        Run whose forecast holds so many whole weeks.
    register : str or pathlib.Path
        Folder of published forecasts; made if it is absent.
    weeks : int
        Whole weeks after the cut-off; of a conditioned ensemble at most those that it
        was conditioned for [weeks].
    conditioned : Conditioned, optional
        Conditioned ensemble that the run is of; its gate must have been passed.
    prior : bool
        Publish a run that is not conditioned on what was seen; the file says so.

    Returns
    -------
    file : pathlib.Path
        The file, which ends in the first digits of its SHA-256.

    Raises
    ------
    ForecastError
        If the run is not conditioned and `prior` is not said, if the conditioned
        ensemble is not of the run, case and engine or passed no gate, or not for so
        many weeks, if the register was altered, or if the same forecast was published
        before.
    ValueError
        If the run does not hold so many weeks.
    """
    refuse_other("run", run, "Run", "load_run")
    basis = basis_of(run, conditioned, weeks, prior=prior)
    forecast = forecast_of(run, weeks, basis, today())
    return enter(Path(register), forecast)


def today() -> date:
    """Give the day, the same all over the world."""
    return datetime.now(UTC).date()


def forecast_of(run: Run, weeks: int, basis: Basis, published_on: date) -> Forecast:
    """Say what is published of a run."""
    values = forecast_values(run, weeks)
    manifest, config = run.manifest, run.case.config
    origin = date.fromisoformat(manifest.cutoff)
    names = set(values.columns.get_level_values("series"))
    return Forecast(
        case=run.case.name,
        title=config.title,
        origin=origin,
        horizon=values.columns.get_level_values("date").max().date(),
        weeks=weeks,
        published_on=published_on,
        run=manifest.run,
        request=manifest.request.model_dump(mode="json"),
        engine_sha256=engine_sha256(),
        basis=basis,
        levels=LEVELS,
        series=tuple(
            _series(series, values, origin)
            for series in forecast_series(run.case)
            if series.name in names
        ),
    )


def _series(series: ForecastSeries, values: pd.DataFrame, origin: date) -> Series:
    """Say what is published of a series."""
    own = values.loc[:, [series.name]]
    columns = rows(own.columns.to_frame(index=False))
    said = [
        Value(
            label=of.label,
            title=series.labels[of.label],
            start=first_day(series.span, origin, of.date.date()),
            end=of.date.date(),
            **_said(column, is_chance=series.is_chance),
        )
        for of, column in zip(columns, own.to_numpy(np.float64).T, strict=True)
    ]
    return Series(
        name=series.name,
        title=series.title,
        unit=series.unit,
        axis=series.axis,
        definition=series.definition,
        span=series.span,
        said=tuple(said),
    )


def _said(values: NDArray[np.float64], *, is_chance: bool) -> dict[str, Any]:
    """Give the chance, or the quantiles of the members in which it happens."""
    if is_chance:
        return {"chance": _rounded(values.mean())}
    held = values[~np.isnan(values)]
    never: dict[str, Any] = {"never_share": _rounded(1 - held.size / values.size)}
    if not held.size:
        return never
    return never | {"quantiles": tuple(map(_rounded, quantiles(held, LEVELS)))}


def _rounded(value: float) -> float:
    """Leave out figures that mean nothing, and the sign of 0."""
    return float(f"{value:.{_FIGURES}g}") + 0.0
