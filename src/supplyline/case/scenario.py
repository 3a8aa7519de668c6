"""A scenario: named changes to a case from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from supplyline.case.checks import find_problems, find_suspicions
from supplyline.case.config import key_line, read_toml
from supplyline.case.draft import Draft
from supplyline.case.fields import MAX_NUMBER, forms, read_row, text_fault
from supplyline.case.frames import (
    Frames,
    file_of,
    to_cells,
    to_csv,
    to_frame,
    write_cell,
)
from supplyline.case.read import Table, decode, digest
from supplyline.errors import Problem, ScenarioError, shown
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.tables.row import Row

Cell = str | float | bool | date
Condition = Cell | tuple[Cell, ...]

_KEYS: Final = ("title", "question", "start", "change")
_CHANGE_KEYS: Final = ("table", "where", "set", "add", "remove")
_VERBS: Final = ("set", "add", "remove")


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the rows of one table: set fields, add rows or remove rows."""

    table: str
    where: Mapping[str, Condition] = field(default_factory=dict)
    set: Mapping[str, Cell] = field(default_factory=dict)
    add: tuple[Mapping[str, Cell], ...] = ()
    remove: bool = False

    def resolve(self) -> dict[str, Any]:
        """Give the change as plain values for a manifest."""
        content: dict[str, Any] = {"table": self.table}
        if self.where:
            content["where"] = {k: _resolve(v) for k, v in self.where.items()}
        if self.set:
            content["set"] = {k: _resolve(v) for k, v in self.set.items()}
        if self.add:
            content["add"] = [{k: _resolve(v) for k, v in r.items()} for r in self.add]
        if self.remove:
            content["remove"] = True
        return content


@dataclass(frozen=True, slots=True)
class Scenario:
    """Named changes to a case, made in order, that hold from a day on.

    Attributes
    ----------
    name : str
        Short name; the name of its file.
    title : str
        Name as printed.
    question : str
        What the scenario asks, in one sentence.
    start : datetime.date
        First day on which the changes hold.
    change : tuple of Change
        Changes, in order.
    """

    name: str
    title: str
    question: str
    start: date
    change: tuple[Change, ...] = ()

    def resolve(self) -> dict[str, Any]:
        """Give the scenario as plain values for a manifest.

        Returns
        -------
        dict
            Only what JSON holds; days are text.
        """
        return {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "start": self.start.isoformat(),
            "change": [change.resolve() for change in self.change],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Scenario:
        """Make a scenario from what `resolve` gave.

        Parameters
        ----------
        content : mapping
            Plain values of a manifest.

        Returns
        -------
        Scenario
            The scenario.
        """
        changes = tuple(_change(change) for change in content["change"])
        start = date.fromisoformat(content["start"])
        title, question = content["title"], content["question"]
        return cls(content["name"], title, question, start, changes)


def read_scenario(content: bytes, name: str) -> tuple[Scenario | None, list[Problem]]:
    """Read the bytes of a scenario file.

    Tables and columns are looked up; whether the changed case is sound is found by
    `apply`.
    """
    file = f"scenarios/{name}.toml"
    text, problems = decode(content, file)
    if problems:
        return None, problems
    values, problems = read_toml(text, file)
    if problems:
        return None, problems
    problems.extend(_key_problems(values, text, file))
    changes = values.get("change", [])
    if not isinstance(changes, list) or not all(isinstance(c, dict) for c in changes):
        line = key_line(text, "change")
        found = Problem(file, line, "change", shown(changes), "[[change]] tables")
        return None, [*problems, found]
    lines = _change_lines(text, len(changes))
    for line, content_of_change in zip(lines, changes, strict=True):
        problems.extend(_change_problems(content_of_change, file, line))
    if problems:
        return None, problems
    parts = tuple(_change(content_of_change) for content_of_change in changes)
    title, question, start = (values[key] for key in ("title", "question", "start"))
    return Scenario(name, title, question, start, parts), []


def apply(case: Case, scenario: Scenario) -> Case:
    """Make the changes of a scenario in order, and check the case that results."""
    problems: list[Problem] = []
    if scenario.start < case.config.start:
        expected = f"a day from the start of the case, {case.config.start}, on"
        where = f"scenario {scenario.name}"
        found = shown(scenario.start)
        problems.append(Problem(where, None, "start", found, expected))
    changed = {change.table for change in scenario.change} & set(TABLES)
    cells = {name: to_cells(case.tables[name], TABLES[name]) for name in changed}
    for number, change in enumerate(scenario.change, 1):
        where = f"scenario {scenario.name}, change {number}"
        faults = _change_problems(change.resolve(), where, None)
        problems.extend(faults or _make(change, cells, where))
    reread = {name: _reread(name, rows, problems) for name, rows in cells.items()}
    tables = {**_rows_of(case.tables), **reread}
    draft = Draft(case.config, tables)
    problems.extend(find_problems(draft))
    if problems:
        msg = f"scenario {scenario.name} of {case.name}"
        raise ScenarioError(msg, problems)
    frames = {
        name: to_frame(tables[name]) if name in changed else case.tables[name]
        for name in TABLES
    }
    written = {file_of(name): to_csv(cells[name], TABLES[name]) for name in changed}
    hashes = {file: digest(content) for file, content in written.items()}
    warnings = tuple(str(problem) for problem in find_suspicions(draft))
    lines = {name: case.lines[name] for name in case.lines if name not in changed}
    return replace(
        case,
        tables=Frames(frames),
        hashes={**case.hashes, **hashes},
        warnings=warnings,
        lines=lines,
        _files={**case._files, **written},  # noqa: SLF001 - a case made from a case
    )


def find_scenario_problems(case: Case) -> list[Problem]:
    """Try every scenario that comes with a case."""
    problems: list[Problem] = []
    for scenario in case.scenarios().values():
        try:
            apply(case, scenario)
        except ScenarioError as error:
            problems.extend(error.problems)
    return problems


def _resolve(value: Condition) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Turn days into text and tuples into lists."""
    if isinstance(value, list | tuple):
        return [_resolve(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _key_problems(values: dict[str, Any], text: str, file: str) -> list[Problem]:
    """Find top-level keys of a scenario that are unknown, absent or of wrong type."""
    problems = [
        Problem.unknown(
            file,
            key_line(text, key),
            "key",
            key,
            _KEYS,
            f"one of {', '.join(_KEYS)}",
        )
        for key in values
        if key not in _KEYS
    ]
    for key in ("title", "question"):
        value, line = values.get(key), key_line(text, key)
        if not isinstance(value, str):
            found = shown(value)
            problems.append(Problem(file, line, key, found, "one sentence of text"))
        elif (fault := text_fault(value)) is not None or not value:
            problems.append(Problem(file, line, key, shown(value), fault or "text"))
    if type(values.get("start")) is not date:
        found, line = shown(values.get("start")), key_line(text, "start")
        expected = "a day without quotes, such as 2026-01-05"
        problems.append(Problem(file, line, "start", found, expected))
    return problems


def _change_lines(text: str, count: int) -> list[int | None]:
    """Find the line of each change."""
    found: list[int | None] = [
        number
        for number, line in enumerate(text.split("\n"), 1)
        if line.replace(" ", "").startswith("[[change]]")
    ]
    return found if len(found) == count else [None] * count


def _change_problems(
    content: Mapping[str, Any], file: str, line: int | None
) -> list[Problem]:
    """Find what is wrong with the form of a change."""
    problems = [
        Problem.unknown(
            file, line, "key", key, _CHANGE_KEYS, f"one of {', '.join(_CHANGE_KEYS)}"
        )
        for key in content
        if key not in _CHANGE_KEYS
    ]
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


def _change(content: Mapping[str, Any]) -> Change:
    """Make a change from its sound content."""
    where = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in content.get("where", {}).items()
    }
    return Change(
        table=content["table"],
        where=where,
        set=content.get("set", {}),
        add=tuple(content.get("add", ())),
        remove=content.get("remove", False),
    )


def _make(
    change: Change, cells: dict[str, list[dict[str, str]]], where: str
) -> list[Problem]:
    """Make one change to the cells of its table."""
    model, rows = TABLES[change.table], cells[change.table]
    if change.add:
        empty = dict.fromkeys(forms(model), "")
        new = [{**empty, **_cells(row)} for row in change.add]
        cells[change.table] = [*rows, *new]
        return [fault for row in new for fault in read_row(model, row, where, None)[1]]
    wanted = {
        column: {
            write_cell(v) for v in (value if isinstance(value, tuple) else [value])
        }
        for column, value in change.where.items()
    }
    met = [all(row[c] in values for c, values in wanted.items()) for row in rows]
    problems = _unmet(wanted, rows, where)
    if not any(met) and not problems:
        found = f"meets no row of {change.table}"
        problems = [Problem(where, None, None, found, "a where that meets a row")]
    if problems:
        return problems
    if change.remove:
        cells[change.table] = [r for r, hit in zip(rows, met, strict=True) if not hit]
        return []
    values = _cells(change.set)
    cells[change.table] = [
        {**row, **values} if hit else row for row, hit in zip(rows, met, strict=True)
    ]
    return read_row(model, values, where, None)[1]


def _cells(values: Mapping[str, Cell]) -> dict[str, str]:
    """Write values as the text of cells."""
    return {column: write_cell(value) for column, value in values.items()}


def _unmet(
    wanted: Mapping[str, set[str]], rows: list[dict[str, str]], where: str
) -> list[Problem]:
    """Find values of a where that no row has."""
    problems: list[Problem] = []
    for column, values in wanted.items():
        known = {row[column] for row in rows}
        expected = "a value of this column"
        problems.extend(
            Problem.unknown(where, None, f"where {column}", value, known, expected)
            for value in sorted(values - known)
        )
    return problems


def _is_cell(value: object) -> bool:
    """Tell whether a value can stand in a cell."""
    if isinstance(value, int | float):
        return abs(value) <= MAX_NUMBER
    return isinstance(value, str) or type(value) is date


@lru_cache(maxsize=4)
def _rows_of(tables: Frames) -> dict[str, Table[Any]]:
    """Read the tables of a case as rows, once for all of its scenarios."""
    return {
        name: _reread(name, to_cells(tables[name], TABLES[name]), []) for name in TABLES
    }


def _reread(
    name: str, rows: list[dict[str, str]], problems: list[Problem]
) -> Table[Any]:
    """Read changed cells as rows; faults of cells are told by the change itself."""
    model, file = TABLES[name], file_of(name)
    found = [read_row(model, row, file, None) for row in rows]
    good = tuple(row for row, _ in found if row is not None)
    if len(good) < len(rows) and not problems:
        problems.extend(fault for _, faults in found for fault in faults)
    keys = frozenset(row[model.key[0]] for row in rows)
    return Table(model, file, good, (None,) * len(good), keys, len(good) == len(rows))
