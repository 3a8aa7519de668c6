"""Headlines before and after the facts, and what each fact does to the first one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.analysis.forecast_series import forecast_series
from supplyline.analysis.members import basis_of
from supplyline.conditioning.headlines import describe_headlines
from supplyline.conditioning.influence import ALL, FALSE, WITHOUT
from supplyline.quantities import Quantity
from supplyline.report.marks import shift_mark
from supplyline.report.sentences import Said, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.report.facts import FactRow, Facts
    from supplyline.runs import Run

FACTS_SHOWN: Final = 8
"""Facts shown at once; the others are folded."""
_FIRST: Final = "short_week"
"""Series whose headline stands first: shortage in the capital, as in the title."""


@dataclass(frozen=True, slots=True)
class HeadlineRow:
    """One headline before the facts and after."""

    name: str
    """Its column in the table of influence."""
    title: str
    how: str
    """How it sums up its series."""
    prior: Quantity
    told: Quantity
    is_future: bool


@dataclass(frozen=True, slots=True)
class InfluenceRow:
    """What one fact does to the first headline."""

    title: str
    fact: FactRow | None
    """The fact; None where several are left out together."""
    without: Quantity
    mark: Markup
    false: Quantity | None
    """The headline if the fact were false; None for one with a number."""


@dataclass(frozen=True, slots=True)
class Influence:
    """What the facts do."""

    headlines: tuple[HeadlineRow, ...]
    first: HeadlineRow
    """The headline by which facts are put in order."""
    rows: tuple[InfluenceRow, ...]
    """Facts, the strongest first."""
    strongest: Sentence
    """Names the fact on which the first headline hangs most."""


def influence_of(run: Run, told: Conditioned, facts: Facts) -> Influence | None:
    """Make the influence of the facts printable; none where no headline is known."""
    headlines = _headlines(run, told)
    if not headlines:
        return None
    first = next(
        (row for row in headlines if row.name.startswith(_FIRST)), headlines[0]
    )
    printed = _rows(first, told, facts.by_name)
    return Influence(headlines, first, printed, _strongest(first, printed))


def _headlines(run: Run, told: Conditioned) -> tuple[HeadlineRow, ...]:
    """Name the headlines and give each by the prior and by all facts."""
    axes = {series.name: series.axis for series in forecast_series(run.case)}
    basis = basis_of(run)
    prior, now = (told.without.xs(how, level="how").iloc[0] for how in ("prior", ALL))
    columns = [
        column
        for column in map(str, told.without.columns)
        if pd.notna(prior[column]) and pd.notna(now[column])
    ]
    return tuple(
        HeadlineRow(
            name=column,
            title=headline.title,
            how=headline.how,
            prior=Quantity(float(prior[column]), headline.unit, basis=basis),
            told=Quantity(float(now[column]), headline.unit, basis=basis),
            is_future=axes[column.partition("/")[0]] == "future",
        )
        for column, headline in describe_headlines(run.case, columns).items()
    )


def _rows(
    first: HeadlineRow, told: Conditioned, facts: Mapping[str, FactRow]
) -> tuple[InfluenceRow, ...]:
    """Give what each fact does to the first headline, the strongest first."""
    column = told.without[first.name]
    by_how = {str(how): part.droplevel("how") for how, part in column.groupby("how")}
    now, without = float(by_how[ALL].iloc[0]), by_how.get(WITHOUT, column.iloc[:0])
    false = by_how.get(FALSE, column.iloc[:0])
    ends = [now, *without, *false]
    scale = (min(ends), max(ends))
    order = (without - now).abs().sort_values(ascending=False, kind="stable").index
    return tuple(
        InfluenceRow(
            title=_left_out(str(name), facts),
            fact=facts.get(str(name)),
            without=_like(first, without[name]),
            mark=shift_mark(now, float(without[name]), scale),
            false=_like(first, false[name]) if name in false.index else None,
        )
        for name in order
    )


def _left_out(name: str, facts: Mapping[str, FactRow]) -> str:
    """Say what is left out: a fact, or several together."""
    return facts[name].title if name in facts else name


def _like(first: HeadlineRow, value: float) -> Quantity:
    """Give another value of a headline."""
    return Quantity(float(value), first.told.unit, basis=first.told.basis)


def _strongest(first: HeadlineRow, printed: Sequence[InfluenceRow]) -> Sentence:
    """Name the fact on which the first headline hangs most."""
    row = next((row for row in printed if row.fact is not None), None)
    if row is None or row.fact is None:
        return ()
    kind = "a reading without a figure" if row.fact.is_reading else "a reported figure"
    false: Sentence = ("; were it false, ", row.false) if row.false is not None else ()
    return (
        "Of all facts one weighs most, ", kind, ": “", Said(row.fact.title),
        "”. Without it ", row.without, " would stand in place of ", first.told,
        *false, ".",
    )  # fmt: skip
