"""What a run forecast of the facts after its cut-off, beside what rivals would have.

docs/model/scores.md has the scores and the rivals.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.measures import find_measure
from supplyline.analysis.reports import REPORTS, kind_of
from supplyline.analysis.scores import (
    AMOUNT_EDGES,
    COUNT_EDGES,
    SHARE_EDGES,
    cramer_distance,
    crps,
    ignorance,
    interval_score,
    is_covered,
    pit,
    quantiles,
)
from supplyline.case.frames import rows
from supplyline.conditioning.facts import (
    GIVEN,
    fact_values,
    observed_values,
    read_facts,
)
from supplyline.engine.draws import member_uniforms
from supplyline.errors import SupplylineWarning, refuse_other
from supplyline.forecasts.rivals import RIVALS, Past, forecast

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.analysis.measuring import Measure
    from supplyline.case.case import Case
    from supplyline.runs import Run

    Floats = NDArray[np.float64]

INTERVAL_LEVEL: Final = 0.8
"""Level of the interval that is scored: the band of the brief."""
COUNTS: Final = (
    "trucks_lost", "convoy_size", "convoy_trucks", "escorted_convoys", "trucks_waiting",
    "attacks", "operations", "harm_deaths", "coup_attempts",
)  # fmt: skip
"""Measures that count: theirs are the bins of counts and the Poisson rival."""
ROW_COLUMNS: Final = (
    "fact", "title", "unit", "measure", "start", "end", "lead_days", "form", "value",
    "q10", "median", "q90", "never_share", "is_inside", "place", "crps", "brier",
    "interval_score", "ignorance",
)  # fmt: skip
"""Columns of a row of scores before those of the rivals."""
PAIR_COLUMNS: Final = (
    "fact", "known", "lead", "rival", "crps", "rival_crps", "distance",
)  # fmt: skip
_YES_EDGES: Final = (0.5,)


class Scored(NamedTuple):
    """Scores of a run, and what skill and mixtures are learned from."""

    rows: pd.DataFrame
    """One row for each fact; see `score`."""
    pairs: pd.DataFrame
    """One row for each fact and rival: `mixture.COLUMNS`, over the size of past values
    of the series, so that series of different units add up; the lead in weeks."""


def score(run: Run, observed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Score what a run forecast of the facts after its cut-off.

    Parameters
    ----------
    run : Run
        The run.
    observed : pandas.DataFrame, optional
        Further facts, with the columns of observed.csv or targets.csv.

    Returns
    -------
    pandas.DataFrame
        One row for each fact of targets.csv, observed.csv and `observed` that begins
        after the cut-off and ends within the run (of sums: that ends after it), and
        that repeats no other and is no given of the case. ``fact``, ``title``,
        ``unit`` of its number or range, ``measure``, ``start``, ``end``; ``lead_days``
        from the cut-off to its middle; its ``form``, a number or whether something was
        so (yes), and ``value``; what reports would say of the members: ``q10``,
        ``median``, ``q90``,
        ``never_share``; ``is_inside`` the 80 % interval; ``place`` (PIT); ``crps`` of a
        number and ``brier`` of a yes; ``interval_score``; ``ignorance`` [bits]. Then,
        for each rival such as ``last_value``, its CRPS or Brier score, and
        ``last_value_skill``, the part of it that the run saves. Missing is what a form
        or a series with too short a past cannot have.

    Raises
    ------
    CaseError
        If a fact cannot be used.

    Warns
    -----
    SupplylineWarning
        If facts are left out as they end after the run.
    """
    refuse_other("run", run, "Run", "load_run")
    # what came after its cut-off may be told of a case here, and nowhere else
    config = run.case.config.model_copy(update={"cutoff": date.max})
    facts = read_facts(replace(run.case, config=config), extra=observed)
    return score_facts(run, facts).rows


def score_facts(run: Run, facts: pd.DataFrame) -> Scored:
    """Score the facts after the cut-off of a run, with those before as the past."""
    origin = pd.Timestamp(run.manifest.cutoff)
    asked = _within(run, facts_after(run.case, facts, origin))
    values, seen = fact_values(run, asked), observed_values(asked)
    seed = run.manifest.arguments.seed
    entries, pairs = [], []
    for fact in rows(asked.reset_index()):
        series = _series(run.case, fact)
        members = _counted(values[fact.fact].to_numpy(), fact, series)
        past = _past(facts, fact, series, origin)
        rivals = _rivals(past, fact, series, origin)
        own = _own_scores(members, seen[fact.fact], fact, series, seed)
        own["never_share"] = float(values[fact.fact].isna().mean())
        own["lead_days"] = _lead(fact, origin)
        entries.append(own | _beside(own, rivals, seen[fact.fact]))
        pairs.extend(_pairs(own, members, rivals, _size(past, fact, series)))
    names = [
        column(rival) for rival in RIVALS for column in (score_column, skill_column)
    ]
    table = pd.DataFrame(entries, columns=[*ROW_COLUMNS, *names])
    return Scored(table, pd.DataFrame(pairs, columns=list(PAIR_COLUMNS)))


def _within(run: Run, facts: pd.DataFrame) -> pd.DataFrame:
    """Leave out facts that end after a run, and say so."""
    last: pd.Timestamp = run.daily.indexes["day"][-1]
    # what has a label is kept by week, as far as the weeks are whole
    weeks = run.daily.sizes["day"] // 7
    last_week = run.daily.indexes["day"][0] + pd.Timedelta(days=7 * weeks - 1)
    labels = [find_measure(run.case, name)[1] for name in facts["measure"]]
    ends = pd.DatetimeIndex([last_week if label else last for label in labels])
    later = facts[facts["end"] > ends]
    if not later.empty:
        names = ", ".join(later.index)
        message = f"not scored, as the run ends on {last:%Y-%m-%d}: {names}"
        warnings.warn(message, SupplylineWarning, stacklevel=4)
    return facts.drop(index=later.index)


def facts_after(case: Case, facts: pd.DataFrame, origin: pd.Timestamp) -> pd.DataFrame:
    """Choose the facts that can be forecast on an origin."""
    is_total = [_is_total(find_measure(case, name)[0]) for name in facts["measure"]]
    is_later = (facts["start"] > origin) | np.array(is_total, bool)
    is_own = facts["use"] == "condition"
    return facts[is_own & is_later & (facts["end"] > origin)]


@dataclass(frozen=True, slots=True)
class _Series:
    """What values of a measure may be, and how they are binned."""

    measure: Measure
    is_count: bool
    is_total: bool
    least: float
    most: float
    edges: tuple[float, ...]


def _series(case: Case, fact: Any) -> _Series:  # noqa: ANN401 - a row of a table
    """Look up the series of a fact."""
    measure, _ = find_measure(case, fact.measure)
    name = measure.function.__name__
    report = REPORTS.get(kind_of(name))
    is_part = report is not None and report.form == "share"
    whole = report.whole if report is not None and is_part else np.inf
    least = 0.0 if report is None else -report.base
    is_count = name in COUNTS
    edges = COUNT_EDGES if is_count else AMOUNT_EDGES
    if is_part:
        edges = tuple(whole * edge for edge in SHARE_EDGES)
    if fact.form == "yes":
        edges = _YES_EDGES
    return _Series(measure, is_count, _is_total(measure), least, whole, edges)


def _is_total(measure: Measure) -> bool:
    """Tell whether a value is that of a day times days; a share of a sum is not."""
    return measure.is_sum and not measure.function.__name__.endswith("_share")


def _counted(values: Floats, fact: Any, series: _Series) -> Floats:  # noqa: ANN401
    """Give members in which the thing never happens what they count as.

    A day that does not come is as late as the window ends; a size or a share of nothing
    is 0, and what does not happen is not so.
    """
    is_day = series.measure.function.__name__.endswith("_day")
    never = _days(fact) if is_day and fact.form == "number" else 0
    return np.where(np.isnan(values), never, values)


def _past(
    facts: pd.DataFrame,
    fact: Any,  # noqa: ANN401 - a row of a table
    series: _Series,
    origin: pd.Timestamp,
) -> Past:
    """Give earlier values of the series of a fact, sums brought to its days."""
    same = facts[(facts["measure"] == fact.measure) & (facts["end"] <= origin)]
    is_known = (same["use"] == "condition") | (same["reason"] == GIVEN)
    # "more than 100" has no value that a rival could go on from
    is_open = np.isinf(same[["low", "high"]]).any(axis=1)
    before = same[is_known & same["value"].notna() & ~is_open]
    before = before.sort_values(["end", "start"], kind="stable")
    values = before["value"].to_numpy(np.float64)
    if series.is_total:
        days = (before["end"] - before["start"]).dt.days + 1
        values = values / days.to_numpy() * _days(fact)
    middle = before["start"] + (before["end"] - before["start"]) / 2
    since = ((middle - origin) / pd.Timedelta(days=1)).to_numpy(np.float64)
    order = np.argsort(since, kind="stable")
    return Past(since[order], values[order], series.least, series.most)


def _rivals(
    past: Past,
    fact: Any,  # noqa: ANN401 - a row of a table
    series: _Series,
    origin: pd.Timestamp,
) -> dict[str, Floats]:
    """Forecast a fact by every rival that can, in the form of the fact."""
    ensembles = forecast(past, _lead(fact, origin), is_count=series.is_count)
    if fact.form == "number":
        return ensembles
    return {
        name: ((fact.low <= values) & (values <= fact.high)).astype(np.float64)
        for name, values in ensembles.items()
    }


def _own_scores(
    members: Floats,
    seen: float,
    fact: Any,  # noqa: ANN401 - a row of a table
    series: _Series,
    seed: int,
) -> dict[str, Any]:
    """Score the members against what came."""
    q10, median, q90 = map(float, quantiles(members, [0.1, 0.5, 0.9]))
    # of 0 and 1 the CRPS is Brier's score
    value, is_number = float(crps(members, seen)), fact.form == "number"
    named = {name: getattr(fact, name) for name in ROW_COLUMNS[:6]}
    scores: dict[str, Any] = {
        "form": fact.form,
        "value": seen,
        "q10": q10,
        "median": median,
        "q90": q90,
        "crps" if is_number else "brier": value,
        "ignorance": float(ignorance(members, seen, series.edges)),
    }
    if is_number:
        [luck] = member_uniforms(seed, "place", fact.fact, range(1))
        level = INTERVAL_LEVEL
        scores["place"] = float(pit(members, seen, luck))
        scores["is_inside"] = bool(is_covered(members, seen, level))
        scores["interval_score"] = float(interval_score(members, seen, level))
    return named | scores


def _beside(
    own: dict[str, Any], rivals: dict[str, Floats], seen: float
) -> dict[str, float]:
    """Give the scores of rivals, and what of them the members save."""
    beside = {}
    for name, values in rivals.items():
        theirs, value = float(crps(values, seen)), _main_score(own)
        beside[score_column(name)] = theirs
        beside[skill_column(name)] = 1 - value / theirs if theirs > 0 else np.nan
    return beside


def _pairs(
    own: dict[str, Any], members: Floats, rivals: dict[str, Floats], size: float
) -> list[dict[str, Any]]:
    """Give what skill and mixtures are learned from, in the size of past values."""
    return [
        {
            "fact": own["fact"],
            "known": own["end"],
            "lead": int(np.ceil(own["lead_days"] / 7)),
            "rival": name,
            "crps": _main_score(own) / size,
            "rival_crps": float(crps(values, own["value"])) / size,
            "distance": float(cramer_distance(members, values)) / size,
        }
        for name, values in rivals.items()
    ]


def _size(past: Past, fact: Any, series: _Series) -> float:  # noqa: ANN401
    """Give the mean size of past values; missing where all are 0."""
    if fact.form == "yes" or not len(past.values):
        return 1.0
    size = float(np.abs(past.values).mean())
    if series.is_count:
        return max(size, 1.0)
    return size if size > 0 else np.nan


def _main_score(own: dict[str, Any]) -> float:
    """Give the CRPS, or Brier's score."""
    return float(own["crps"] if "crps" in own else own["brier"])


def _lead(fact: Any, origin: pd.Timestamp) -> float:  # noqa: ANN401 - a row of a table
    """Count the days from the origin to the middle of what lies after it."""
    first = max(fact.start, origin + pd.Timedelta(days=1))
    middle = first + (fact.end - first) / 2
    return float((middle - origin) / pd.Timedelta(days=1))


def _days(fact: Any) -> int:  # noqa: ANN401 - a row of a table
    """Count the days of a fact."""
    return int((fact.end - fact.start).days) + 1


def score_column(rival: str) -> str:
    """Name the column of a rival's score."""
    return rival.lower().replace(" ", "_")


def skill_column(rival: str) -> str:
    """Name the column of the skill against a rival."""
    return f"{score_column(rival)}_skill"
