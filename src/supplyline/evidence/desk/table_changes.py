"""What evidence changed in a case, as updates.csv keeps it to be taken back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from supplyline.case.frames import file_of, to_csv, to_frame
from supplyline.case.read import read_table
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import pandas as pd

Cells = dict[str, str]
"""Column to text: one row of a table."""
Tables = dict[str, list[Cells]]
"""Table name to its rows."""

RULES: Final = ("incident", "effort", "hazard", "observed", "price")
"""Rules whose changes are taken back before they are made anew."""
CLAIM: Final = "claim"
"""Rule under which an accepted claim is kept; its row is that of the store."""
CUTOFF: Final = "cutoff"
"""Rule under which a move of the cut-off is kept."""
NONE: Final = "none"
"""Basis of a change that rests on no claim or event."""
WITHHELD: Final = "withheld"
"""Basis of what rests on rows that may not be passed on; their number follows."""

_MAX_BASIS_NAMES: Final = 60


@dataclass(frozen=True, slots=True)
class TableChange:
    """One value of the case that evidence changes, or a row that it adds."""

    table: str
    row: str
    field: str | None
    before: str | None
    after: str | None
    rule: str
    basis: str
    cells: Mapping[str, str] | None = dataclasses.field(default=None, compare=False)


def key_of(table: str, cells: Mapping[str, str]) -> str:
    """Write the key of a row as one text."""
    return ", ".join(cells[part] for part in TABLES[table].key)


def basis_of(names: Iterable[str], withheld: int = 0) -> str:
    """Write what a change rests on.

    Examples
    --------
    >>> basis_of(["E2", "E1"], withheld=3)
    'E1 E2 withheld:3'
    """
    ordered = sorted(set(names))
    parts = ordered[:_MAX_BASIS_NAMES]
    if len(ordered) > _MAX_BASIS_NAMES:
        parts.append(f"+{len(ordered) - _MAX_BASIS_NAMES}")
    if withheld:
        parts.append(f"{WITHHELD}:{withheld}")
    return " ".join(parts) or NONE


def added(table: str, cells: Mapping[str, str], rule: str, basis: str) -> TableChange:
    """Describe a row that is added."""
    return TableChange(
        table, key_of(table, cells), None, None, None, rule, basis, cells
    )


def make_changes(tables: Tables, changes: Sequence[TableChange]) -> Tables:
    """Make changes to copies of tables."""
    changed = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    rows = {
        (name, key_of(name, row)): row for name, some in changed.items() for row in some
    }
    for change in changes:
        if change.cells is not None:
            changed[change.table].append(dict(change.cells))
        elif change.field is not None:
            rows[change.table, change.row][change.field] = change.after or ""
    return changed


def take_back(tables: Tables, cutoff: date) -> Tables:
    """Take back what evidence changed at one cut-off.

    A value that a person has changed since is left as it is.
    """
    before = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    mine: list[Cells] = []
    kept: list[Cells] = []
    for row in before["updates"]:
        is_mine = row["cutoff"] == str(cutoff) and row["rule"] in (*RULES, CLAIM)
        (mine if is_mine else kept).append(row)
    before["updates"] = kept
    gone = {
        (row["table"], row["row"])
        for row in mine
        if not row["field"] and row["rule"] != CLAIM
    }
    for name, rows in before.items():
        before[name] = [row for row in rows if (name, key_of(name, row)) not in gone]
    updates_of = {
        (name, key_of(name, row)): row for name, some in before.items() for row in some
    }
    for update in reversed(mine):
        changed = updates_of.get((update["table"], update["row"]), {})
        if update["field"] and changed.get(update["field"]) == update["after"]:
            changed[update["field"]] = update["before"]
    return before


def to_updates(
    changes: Sequence[TableChange], previous_cutoff: date, cutoff: date
) -> list[Cells]:
    """Write changes as rows of updates.csv."""
    return [_update(change, previous_cutoff, cutoff) for change in changes]


def frame_of(table: str, rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Read cells as the data frame of a case."""
    model = TABLES[table]
    content = to_csv([dict(row) for row in rows], model)
    return to_frame(read_table(content, model, file_of(table))[0])


def _update(change: TableChange, previous_cutoff: date, cutoff: date) -> Cells:
    """Write one change; its name follows from what it changes, and when."""
    what = (str(cutoff), change.rule, change.table, change.row, change.field or "")
    name = sha256("\n".join(what).encode()).hexdigest()[:12]
    return {
        "update": f"U-{name}",
        "previous_cutoff": str(previous_cutoff),
        "cutoff": str(cutoff),
        "table": change.table,
        "row": change.row,
        "field": change.field or "",
        "before": change.before or "",
        "after": change.after or "",
        "rule": change.rule,
        "basis": change.basis,
    }
