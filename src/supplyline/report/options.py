"""Options side by side: each outcome with the difference every option makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from supplyline.report.marks import interval_mark
from supplyline.report.sentences import worded
from supplyline.report.series import dated, forecast_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from supplyline.analysis.compare import Comparison
    from supplyline.quantities import Quantity
    from supplyline.report.sentences import Sentence
    from supplyline.runs import Run

_MAIN: Final = (
    "stockout_days",
    "price_per_l",
    "trucks_lost",
    "exit_probability",
    "civilians_killed",
)
"""Outcomes shown at once."""


@dataclass(frozen=True, slots=True)
class OptionRow:
    """What one option does to one outcome."""

    title: str
    difference: Quantity
    standard_error: Quantity
    better: Quantity
    worse: Quantity
    mark: Markup
    since: Quantity | None
    base: Quantity
    reason: tuple[Sentence, ...]
    """Why it is worse, where it is so in most courses."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome under all options."""

    title: str
    place: str
    product: str
    is_main: bool
    base: Quantity | None
    rows: tuple[OptionRow, ...]


def outcomes(run: Run, comparisons: Sequence[Comparison]) -> tuple[Outcome, ...]:
    """Gather comparisons by outcome."""
    if not comparisons:
        return ()
    places = run.case.tables["places"].set_index("place")["title"]
    capital = run.case.config.capital
    gathered = []
    for number, entry in enumerate(comparisons[0].differences):
        rows = _rows(run, number, comparisons)
        gathered.append(
            Outcome(
                title=entry.title,
                place=str(places.get(entry.place, "")) if entry.place else "",
                product=entry.product or "",
                is_main=entry.outcome in _MAIN
                and entry.place in (None, capital)
                and (entry.outcome != "stockout_days" or entry.product is None),
                base=next((row.base for row in rows if row.since is None), None),
                rows=rows,
            )
        )
    titles = list(dict.fromkeys(outcome.title for outcome in gathered))
    return tuple(sorted(gathered, key=lambda outcome: titles.index(outcome.title)))


def _rows(
    run: Run, number: int, comparisons: Sequence[Comparison]
) -> tuple[OptionRow, ...]:
    """Draw the options of one outcome on a common scale."""
    entries = [comparison.differences[number] for comparison in comparisons]
    ends = [
        abs(_float(end))
        for entry in entries
        for end in (entry.difference.low, entry.difference.high, entry.difference.value)
    ]
    extent = max([*ends, 1e-9]) * 1.05
    return tuple(
        OptionRow(
            title=comparison.title,
            since=_since(run, comparison),
            base=entry.base,
            difference=entry.difference,
            standard_error=entry.standard_error,
            better=entry.better,
            worse=entry.worse,
            reason=tuple(map(worded, entry.reason.steps)) if entry.reason else (),
            mark=interval_mark(
                _float(entry.difference.value),
                _float(entry.difference.low),
                _float(entry.difference.high),
                extent,
            ),
        )
        for comparison, entry in zip(comparisons, entries, strict=True)
    )


def _since(run: Run, comparison: Comparison) -> Quantity | None:
    """Tell the first day counted, where it lies before the cut-off."""
    if comparison.start >= forecast_start(run):
        return None
    return dated(comparison.start, f"run {comparison.alternative}")


def _float(value: Any) -> float:  # noqa: ANN401 - a cell, a row or an array
    """Read a number."""
    return float(value) if isinstance(value, int | float) else 0.0
