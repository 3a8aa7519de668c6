"""A case that has been read but not yet checked across its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from supplyline.case.config import CaseConfig
    from supplyline.case.fields import RowT
    from supplyline.case.read import Table
    from supplyline.errors import Problem
    from supplyline.tables.row import Row

NAMES: Final[dict[type[Row], str]] = {model: name for name, model in TABLES.items()}
"""Row model to table name."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Rows as read, for the rules across tables."""

    config: CaseConfig | None
    tables: Mapping[str, Table[Any]]

    def table(self, model: type[RowT]) -> Table[RowT]:
        """Give the table of a row model."""
        return cast("Table[RowT]", self.tables[NAMES[model]])


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule across rows, and the tables it needs to have been read in full.

    One fault is so told once, and not again in every rule that rests on it.
    """

    find: Callable[[Draft], Iterator[Problem]]
    needs: tuple[type[Row], ...] = ()

    def faults(self, draft: Draft) -> Iterator[Problem]:
        """Apply the rule, if all it rests on was read."""
        if all(draft.table(model).is_whole for model in self.needs):
            yield from self.find(draft)


def plain(value: float | date) -> str:
    """Write a number or day of a message as short as it is."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)
