"""Rules about what a run needs: rows in every table of the supply, and all months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule
from supplyline.errors import Problem
from supplyline.tables.supply import Season

if TYPE_CHECKING:
    from collections.abc import Iterator

FILLED: Final = (
    "places",
    "regions",
    "segments",
    "fleets",
    "corridors",
    "corridor_segments",
    "feeds",
    "depots",
    "demand",
    "params",
)
"""Tables without which nothing can be simulated."""


def _empty_tables(draft: Draft) -> Iterator[Problem]:
    """Find tables that need rows and have none."""
    for name in FILLED:
        table = draft.tables[name]
        if table.is_whole and not table.rows:
            yield Problem(table.file, None, None, "has no rows", "one row or more")


def _missing_months(draft: Draft) -> Iterator[Problem]:
    """Find months without a row in seasons.csv."""
    given = {row.month for _, row in draft.table(Season)}
    missing = [str(month) for month in range(1, 13) if month not in given]
    if missing:
        word = "month" if len(missing) == 1 else "months"
        found = f"has no row for {word} {', '.join(missing)}"
        yield Problem("seasons.csv", None, None, found, "a row for each of 12 months")


RULES: Final = (
    Rule(_empty_tables),
    Rule(_missing_months, (Season,)),
)
"""Rules about what a run needs."""
