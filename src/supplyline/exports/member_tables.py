"""Tables of a run by member: every course, in rows for a few members at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplyline.exports.tables import Column, label_columns
from supplyline.language import _
from supplyline.runs.layout import LAYOUT, LOSSES, PARAMS, row_order
from supplyline.runs.listing import outputs, outputs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from supplyline.runs import Run


@dataclass(frozen=True, slots=True)
class MemberTable:
    """A table with rows for each member."""

    name: str
    """Name of its file."""
    columns: tuple[Column, ...]
    rows: Callable[[Run], pd.DataFrame]
    """Give the rows of some members."""


def member_tables(run: Run) -> Iterator[MemberTable]:
    """Give the tables of a run as its folder holds them, a column for each output."""
    for table in run.tables:
        yield MemberTable(
            f"{table}_members", tuple(_columns(run, table)), _reader(table)
        )


def _reader(table: str) -> Callable[[Run], pd.DataFrame]:
    """Give what reads a table of some members."""

    def read(run: Run) -> pd.DataFrame:
        frame: pd.DataFrame = run.table(table).to_pandas()
        return frame

    return read


def _columns(run: Run, table: str) -> Iterator[Column]:
    """Tell the columns of a table of a run."""
    if table in LAYOUT:
        part, dims = LAYOUT[table]
        yield from label_columns(row_order(dims))
        for name in outputs_of(run, table):
            known = outputs()[table, name]
            unit = getattr(run, part)[name].attrs["units"]
            yield Column(name, unit, known.meaning, taken=known.taken)
    elif table == PARAMS:
        own = run.case.tables["params"].set_index("param")
        yield from label_columns(("member",))
        for name in map(str, run.params):
            row = own.loc[name]
            yield Column(name, str(row["unit"]), str(row["meaning"]))
    elif table == LOSSES:
        yield from label_columns(("member", "day", "corridor", "segment"))
        yield from _loss_columns()


def _loss_columns() -> Iterator[Column]:
    """Tell the columns of encounters that cost trucks."""
    yield Column("trucks", "trucks", _("Trucks that were attacked together."))
    yield Column("trucks_lost", "trucks", _("Trucks burnt or taken."))
    yield Column("trucks_looted", "trucks", _("Trucks taken with their load."))
    yield Column("drivers_abducted", "persons", _("Drivers taken away."))
    yield Column("drivers_killed", "persons", _("Drivers killed."))
    yield Column("is_escorted", "1", _("Whether an escort was with them."))
    yield Column("is_turned_back", "1", _("Whether the rest turned back."))
