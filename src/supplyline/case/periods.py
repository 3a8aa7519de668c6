"""Rules about low and high ends, first and last days, and the cut-off."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule, plain
from supplyline.errors import Problem, shown
from supplyline.tables.conflict import Control
from supplyline.tables.evidence import WeekHazard
from supplyline.tables.facts import Claim, Event, Observed, Source, Target
from supplyline.tables.leader import LeaderFact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from supplyline.tables.row import Row

_ORDERED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "measures": (("start", "start_latest", "end"), ("value", "value_high")),
    "depots": (
        ("initial_kl", "initial_high_kl"),
        ("street_price", "street_price_high"),
    ),
    "demand": (("demand_kl_per_day", "demand_high_kl_per_day"),),
    "groups": (
        ("fighters_low", "fighters_high"),
        ("cash_low_usd", "cash_high_usd"),
        ("attacks_low_per_month", "attacks_high_per_month"),
    ),
    "partners": (("troops_low", "troops_high"), ("start", "end")),
    "actors": (("strength_low", "strength_high"),),
    "revenue": (("amount_low", "amount_high"),),
    "events": (("trucks_lost_low", "trucks_lost_high"), ("deaths_low", "deaths_high")),
    "observed": (("start", "end"), ("low", "value", "high")),
    "targets": (("start", "end"), ("low", "value", "high")),
    "claims": (("start", "end"), ("low", "value", "high")),
    "scorecard": (("start", "end"),),
}


DAY_OF: Final[dict[type[Row], str]] = {
    Event: "date",
    LeaderFact: "date",
    Control: "date",
    Observed: "end",
    Target: "end",
    WeekHazard: "start",
}
"""Rows that a case knows only up to its cut-off, to the column with their day."""


def _row_disorder(
    file: str, line: int | None, row: Row, fields: tuple[str, ...]
) -> Iterator[Problem]:
    """Find the first field of a row that is below the one before it."""
    given = [(field, getattr(row, field)) for field in fields]
    given = [(field, value) for field, value in given if value is not None]
    for (before, low), (field, high) in itertools.pairwise(given):
        if high < low:
            expected = f"at least {before}, which is {plain(low)}"
            yield Problem(file, line, field, shown(plain(high)), expected)
            return


def _disorder(draft: Draft) -> Iterator[Problem]:
    """Find low ends above high ends, and first days after last days."""
    for name, groups in _ORDERED.items():
        for line, row in draft.tables[name]:
            for fields in groups:
                yield from _row_disorder(draft.tables[name].file, line, row, fields)


def up_to(cutoff: date) -> str:
    """Say which day was expected of a row, and what may be done about a later one."""
    remedy = "leave the row out, or move `cutoff` in case.toml"
    return f"a day up to the cut-off, {cutoff}: {remedy}"


def _after_cutoff(draft: Draft) -> Iterator[Problem]:
    """Find reports of days that the case does not know yet."""
    if draft.config is None:
        return
    cutoff = draft.config.cutoff
    for model, field in DAY_OF.items():
        table = draft.table(model)
        for line, row in table:
            if getattr(row, field) > cutoff:
                found = shown(getattr(row, field))
                yield Problem(table.file, line, field, found, up_to(cutoff))


def _claims_from_later(draft: Draft) -> Iterator[Problem]:
    """Find claims of later days by later sources.

    A source from before the cut-off may speak of later days: a pledge, a date set.
    """
    if draft.config is None:
        return
    cutoff = draft.config.cutoff
    late = {row.source for _, row in draft.table(Source) if row.date > str(cutoff)}
    for line, row in draft.table(Claim):
        if row.start > cutoff and row.source in late:
            found = f"{shown(row.start)}, and its source is later too"
            yield Problem("claims.csv", line, "start", found, up_to(cutoff))


def _target_before_start(draft: Draft) -> Iterator[Problem]:
    """Find facts to check against that lie before the first day simulated."""
    if draft.config is None:
        return
    for line, row in draft.table(Target):
        if row.start < draft.config.start:
            expected = f"a day from the start of the case, {draft.config.start}, on"
            yield Problem("targets.csv", line, "start", shown(row.start), expected)


RULES: Final = (
    Rule(_disorder),
    Rule(_after_cutoff),
    Rule(_claims_from_later),
    Rule(_target_before_start),
)
"""Rules about order in number and time."""
