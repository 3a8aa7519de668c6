"""A change to one table of a case, and what is wrong with its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.case.fields import MAX_NUMBER, forms
from supplyline.errors import Problem, shown
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from supplyline.tables.row import Row

Cell = str | float | bool | date
"""What may stand in a cell; a time stamp of a whole day and a number of numpy too."""
Condition = Cell | tuple[Cell, ...]

_KEYS: Final = ("table", "where", "set", "add", "remove")
_VERBS: Final = ("set", "add", "remove")


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the rows of one table: set fields, add rows or remove rows.

    Where a row refers to a place, corridor, region or group, its title stands for its
    identifier, if no other row has that title.

    Attributes
    ----------
    table : str
        Table of the case.
    where : mapping of str to text, number, bool or day, or to several of them
        Column to what the rows that are meant have there; empty means every row.
    set : mapping of str to text, number, bool or day
        Column to what these rows get.
    add : tuple of mapping
        Rows to add, each as column to what stands there; one row may stand alone.
    remove : bool
        Whether the rows that are meant are removed.
    """

    table: str
    where: Mapping[str, Condition] = field(default_factory=dict)
    set: Mapping[str, Cell] = field(default_factory=dict)
    add: tuple[Mapping[str, Cell], ...] = ()
    remove: bool = False

    def __post_init__(self) -> None:
        """Take values of numpy and pandas, and a row that stands alone."""
        rows = (self.add,) if isinstance(self.add, Mapping) else self.add
        for name, value in (("where", self.where), ("set", self.set), ("add", rows)):
            object.__setattr__(self, name, _plain(value))

    def resolve(self) -> dict[str, Any]:
        """Give the change as plain values for a manifest.

        Returns
        -------
        dict
            Only what JSON holds; days are text.
        """
        content: dict[str, Any] = {"table": self.table}
        for verb in ("where", "set", "add"):
            if getattr(self, verb):
                content[verb] = _resolve(getattr(self, verb))
        if self.remove:
            content["remove"] = True
        return content


def as_change(change: object, where: str) -> tuple[list[Change], list[Problem]]:
    """Make a change of a dict of its fields; tell the fields that it has not."""
    if isinstance(change, Change):
        return [change], []
    if not isinstance(change, Mapping):
        return [], [Problem(where, None, None, f"is {shown(change)}", "a change")]
    unknown = unknown_keys(change, _KEYS, where, lambda _: None)
    if unknown or "table" not in change:
        absent = Problem(where, None, "table", "empty", "a table of the case")
        return [], [*unknown, *([] if "table" in change else [absent])]
    return [Change(**change)], []


def change_problems(
    content: Mapping[str, Any], file: str, line: int | None
) -> list[Problem]:
    """Find what is wrong with the form of a change."""
    problems = unknown_keys(content, _KEYS, file, lambda _: line)
    verbs = [verb for verb in _VERBS if content.get(verb)]
    if len(verbs) != 1:
        found = f"has {' and '.join(verbs) if verbs else 'nothing to do'}"
        problems.append(Problem(file, line, None, found, "one of set, add, remove"))
    table = content.get("table")
    if not isinstance(table, str) or table not in TABLES:
        expected = "a table of the case"
        name = "" if table is None else str(table)
        return [
            *problems,
            Problem.unknown(file, line, "table", name, TABLES, expected),
        ]
    problems.extend(_part_problems(content, TABLES[table], file, line))
    return problems


def _part_problems(
    content: Mapping[str, Any], model: type[Row], file: str, line: int | None
) -> list[Problem]:
    """Find unknown columns and values of wrong type in where, set, add and remove."""
    problems = []
    where, values, rows = (content.get(key) for key in ("where", "set", "add"))
    for key, part in (("where", where), ("set", values)):
        problems.extend(_pair_problems(part, key, model, file, line))
    if rows is not None and not isinstance(rows, list | tuple):
        problems.append(Problem(file, line, "add", shown(rows), "a list of rows"))
    elif rows:
        for row in rows:
            problems.extend(_pair_problems(row, "add", model, file, line))
        if where:
            problems.append(Problem(file, line, "where", shown(where), "none with add"))
    if content.get("remove") not in (None, True, False):
        found = shown(content["remove"])
        problems.append(Problem(file, line, "remove", found, "true"))
    if content.get("remove") and not where:
        expected = "the rows that are removed"
        problems.append(Problem(file, line, "where", "empty", expected))
    keys = [key for key in model.key if isinstance(values, Mapping) and key in values]
    problems.extend(
        Problem(file, line, f"set.{key}", shown(values[key]), "no change of a key")
        for key in keys
        if isinstance(values, Mapping)
    )
    return problems


def _pair_problems(
    part: object, key: str, model: type[Row], file: str, line: int | None
) -> list[Problem]:
    """Find unknown columns and values of wrong type in one table of a change."""
    if part is None:
        return []
    if not isinstance(part, Mapping):
        return [Problem(file, line, key, shown(part), "a table of columns and values")]
    known = forms(model)
    problems = []
    for column, value in part.items():
        if column not in known:
            expected = f"a column: {', '.join(known)}"
            problems.append(
                Problem.unknown(file, line, f"{key} column", column, known, expected)
            )
        is_list = isinstance(value, list | tuple)
        items = value if is_list and key == "where" else [value]
        if not items or not all(_is_cell(item) for item in items):
            expected = "text, a number, true, false or a day"
            problems.append(
                Problem(file, line, f"{key}.{column}", shown(value), expected)
            )
    return problems


def unknown_keys(
    content: Mapping[str, Any],
    known: Sequence[str],
    file: str,
    line_of: Callable[[str], int | None],
) -> list[Problem]:
    """Find keys that nothing reads."""
    expected = f"one of {', '.join(known)}"
    return [
        Problem.unknown(file, line_of(str(key)), "key", str(key), known, expected)
        for key in content
        if key not in known
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401 - as deep as a change goes
    """Turn values of numpy and pandas into Python's own, and lists into tuples."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray | pd.Series | pd.Index):
        return tuple(_plain(item) for item in value)
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, datetime) and value == datetime.combine(value, time.min):
        return value.date()
    return value


def _resolve(value: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Turn days into text and tuples into lists."""
    if isinstance(value, Mapping):
        return {key: _resolve(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_resolve(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _is_cell(value: object) -> bool:
    """Tell whether a value can stand in a cell."""
    if isinstance(value, int | float):
        return abs(value) <= MAX_NUMBER
    return isinstance(value, str) or type(value) is date
