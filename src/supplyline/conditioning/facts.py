"""Facts: what members are held against, and what a report of each would say in them.

A fact is a row of targets.csv or observed.csv. It is a number, or, where only a range
was told, whether the report of a member lies in it. docs/model/observation.md has what
a report makes of the truth of a member.
"""

from __future__ import annotations

from math import inf, isfinite, nan
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.measures import MEASURES, find_measure
from supplyline.analysis.measuring import Asked, Measure, of_members
from supplyline.analysis.reports import kind_of, range_sd
from supplyline.case.extra import reported_facts
from supplyline.case.frames import rows
from supplyline.case.lookup import grades_of, titles_of
from supplyline.case.references import ASSUMPTION
from supplyline.case.series import observed_series
from supplyline.errors import CaseError, Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from supplyline.case.case import Case
    from supplyline.case.read import Table
    from supplyline.runs import Run

GIVEN: Final = "the case is given it"
ASSUMED: Final = "an assumption and no report"


class _Fact(NamedTuple):
    """A row of the table of facts; its fields are the columns."""

    fact: str
    title: str
    unit: str
    measure: str
    start: pd.Timestamp
    end: pd.Timestamp
    form: str
    value: float
    low: float
    high: float
    kind: str
    grade: str | None
    use: str
    reason: str | None
    source: str
    is_reading: bool


class _Told(NamedTuple):
    """A row of targets or observed, with what the other table calls otherwise."""

    file: str
    line: int | None
    row: Any
    fact: str
    title: str | None
    measure: str
    measured_by: str
    """Column that names the measure."""
    low: float
    high: float
    """Ends that the report itself leaves; not finite where it leaves none."""
    is_range: bool
    """Whether a range is all that was told."""


def read_facts(
    case: Case,
    until: date | None = None,
    extra: pd.DataFrame | str | Path | None = None,
) -> pd.DataFrame:
    """Read the facts that members of a run of a case can be held against.

    Parameters
    ----------
    case : Case
        The case.
    until : date, optional
        Only facts whose days have ended by then.
    extra : DataFrame, str or Path, optional
        Further rows, or a file of them, with the columns of targets.csv or
        observed.csv.

    Returns
    -------
    facts : DataFrame
        Index ``fact``. ``form`` is ``number``, or ``yes`` where the report is that
        something lies from ``low`` to ``high``; of a number these are the ends that the
        report leaves. ``use`` is ``condition`` or ``check``, with the ``reason``. What
        no run gives is left out.

    Raises
    ------
    CaseError
        If a row cannot be used; every problem is listed with file and line.
    """
    targets, observed = reported_facts(case, extra)
    told = [*_of_targets(targets), *_of_observed(case, observed)]
    problems = [*_twice(told), *(p for each in told for p in _faults(case, each))]
    if problems:
        raise CaseError(case.name, problems)
    facts = pd.DataFrame([_fact(case, each) for each in told], columns=_Fact._fields)
    facts = facts.set_index("fact")
    if until is not None:
        facts = facts[facts["end"] <= pd.Timestamp(until)]
    return facts


def fact_values(run: Run, facts: pd.DataFrame) -> pd.DataFrame:
    """Give what a report of each fact would say in each member, as the fact is told.

    Parameters
    ----------
    run : Run
        A run, or some members of one.
    facts : DataFrame
        Facts; see `read_facts`.

    Returns
    -------
    values : DataFrame
        One column for each fact, index ``member``: the number, or 1 where the report
        lies in the range and 0 where it does not. NaN where the thing never happens.
    """
    asked = [_asked(run.case, fact) for fact in rows(facts.reset_index())]
    values = pd.DataFrame(
        of_members(run, asked, told=True), index=run.daily.indexes["member"]
    )
    for fact in rows(facts[facts["form"] == "yes"].reset_index()):
        told = values[fact.fact]
        is_inside = told.between(fact.low, fact.high).astype(np.float64)
        values[fact.fact] = is_inside.where(told.notna())
    return values


def observed_values(facts: pd.DataFrame) -> pd.Series[float]:
    """Give what was reported of each fact, in the form of `fact_values`.

    Parameters
    ----------
    facts : DataFrame
        Facts; see `read_facts`.

    Returns
    -------
    values : Series
        The number, or 1 for a range.
    """
    return facts["value"].where(facts["form"] == "number", 1.0).astype(np.float64)


def _of_targets(table: Table[Any]) -> Iterator[_Told]:
    """Give the rows of targets; their windows are no ranges that were told."""
    for line, row in table:
        is_range = row.value is None or bool(row.is_reading)
        yield _Told(
            file=table.file,
            line=line,
            row=row,
            fact=row.target,
            title=row.title,
            measure=row.measure,
            measured_by="measure",
            low=row.low if is_range else nan,
            high=row.high if is_range else nan,
            is_range=is_range,
        )


def _of_observed(case: Case, table: Table[Any]) -> Iterator[_Told]:
    """Give the rows of observed that a run can be asked for."""
    config = case.config
    known = observed_series(case.places["place"], config.products, config.currency)
    count: dict[str, int] = {}
    for line, row in table:
        measure = known[row.series].measure
        if measure is None:
            continue
        # rows that come later do not rename those before, as luck goes by the name
        count[row.claim] = count.get(row.claim, 0) + 1
        again = "" if count[row.claim] == 1 else f".{count[row.claim]}"
        is_open = (row.low is None) != (row.high is None)
        is_range = is_open or bool(row.is_reading)
        yield _Told(
            file=table.file,
            line=line,
            row=row,
            fact=row.claim + again,
            title=None,
            measure=measure,
            measured_by="series",
            low=_end(row.low, -inf, is_range=is_range),
            high=_end(row.high, inf, is_range=is_range),
            is_range=is_range,
        )


def _end(end: float | None, beyond: float, *, is_range: bool) -> float:
    """Give an end of what was told; a range is open where it has none."""
    if end is not None:
        return end
    return beyond if is_range else nan


def _twice(told: list[_Told]) -> Iterator[Problem]:
    """Find facts of one name."""
    seen: set[str] = set()
    for each in told:
        if each.fact in seen:
            field = "target" if each.title else "claim"
            expected = "a name that no other fact has"
            yield Problem(each.file, each.line, field, shown(each.fact), expected)
        seen.add(each.fact)


def _faults(case: Case, told: _Told) -> Iterator[Problem]:
    """Find why a run cannot be asked for a fact."""
    where, row = (told.file, told.line), told.row
    try:
        measure, label = find_measure(case, told.measure)
    except ValueError:
        if told.measured_by == "series":
            expected = "a series of a place that has a depot"
            yield Problem(*where, "series", shown(row.series), expected)
        else:
            expected = "a measure, or one with a place, zone, group or stream behind it"
            yield Problem.unknown(*where, "measure", row.measure, MEASURES, expected)
        return
    field: str = told.measured_by
    name = shown(getattr(row, field))
    if measure.needs_groups and case.groups.empty:
        expected = "one that needs no armed groups, as groups.csv has no rows"
        yield Problem(*where, field, name, expected)
    if measure.needs_label and not label:
        yield Problem(*where, field, name, f"a {measure.axis} behind it")
    days = (row.end - row.start).days + 1
    if (least := measure.too_short(days, label)) is not None:
        yield Problem(*where, "end", shown(row.end), least)
    if row.start < case.config.start:
        expected = f"a day from the start of the case, {case.config.start}, on"
        yield Problem(*where, "start", shown(row.start), expected)
    if not told.is_range and np.isnan(_range_sd(measure, told.low, told.high)):
        expected = "ends above 0, and below the whole of a share"
        yield Problem(*where, "low", shown(told.low), expected)


def _fact(case: Case, told: _Told) -> _Fact:
    """Make the row of a fact."""
    measure, label = find_measure(case, told.measure)
    row, reason = told.row, _reason(told.row)
    grade = grades_of(case).get(row.source)
    return _Fact(
        fact=told.fact,
        title=told.title or _title(case, measure, label),
        unit=row.unit,
        measure=told.measure,
        start=pd.Timestamp(row.start),
        end=pd.Timestamp(row.end),
        form="yes" if told.is_range else "number",
        value=nan if row.value is None else row.value,
        low=told.low,
        high=told.high,
        kind=kind_of(measure.function.__name__),
        grade=grade,
        use="check" if reason else "condition",
        reason=reason,
        source=row.source,
        is_reading=bool(row.is_reading) or row.value is None,
    )


def _reason(row: Any) -> str | None:  # noqa: ANN401 - a row of targets or observed
    """Say why a row only checks."""
    if row.same_as is not None:
        return f"repeats {row.same_as}"
    if row.use == "given":
        return GIVEN
    if row.source == ASSUMPTION:
        return ASSUMED
    return row.note if row.use == "check" else None


def _title(case: Case, measure: Measure, label: str) -> str:
    """Name an observed row as printed: what is measured, and where."""
    if not label:
        return measure.title
    titles = titles_of(case, "place")
    for place, title in titles.items():
        if label.startswith(f"{place}_"):
            label = f"{label.removeprefix(f'{place}_')}, {title}"
            break
    return f"{measure.title}: {titles.get(label, label)}"


def _range_sd(measure: Measure, low: float, high: float) -> float:
    """Give the spread that the range of a number adds, where it has one."""
    is_range = isfinite(low) and isfinite(high)
    return range_sd(measure.function.__name__, low, high) if is_range else 0.0


def _asked(case: Case, fact: Any) -> Asked:  # noqa: ANN401 - a row of a table
    """Ask for what the report of a fact would say."""
    measure, label = find_measure(case, fact.measure)
    is_number = fact.form == "number"
    spread = _range_sd(measure, fact.low, fact.high) if is_number else 0.0
    window = fact.start, fact.end
    return Asked(fact.fact, measure, *window, label, fact.grade, spread)
