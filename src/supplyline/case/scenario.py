"""A scenario: named changes to a case from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from supplyline.case.change import (
    Cell,
    Change,
    as_change,
    change_problems,
    unknown_keys,
)
from supplyline.case.checks import find_problems, find_suspicions
from supplyline.case.config import key_line, read_toml
from supplyline.case.days import read_day
from supplyline.case.draft import Draft
from supplyline.case.fields import forms, read_row, text_fault
from supplyline.case.frames import (
    Frames,
    file_of,
    to_cells,
    to_csv,
    to_frame,
    write_cell,
)
from supplyline.case.lookup import named_by, titles_of
from supplyline.case.read import Table, decode, digest
from supplyline.case.references import REFERENCES
from supplyline.errors import Problem, ScenarioError, shown
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.case.case import Case

_KEYS: Final = ("title", "question", "start", "change")
_AXES: Final = {
    "places": "place",
    "corridors": "corridor",
    "regions": "region",
    "groups": "group",
}
"""Tables whose rows have titles, to the column of their identifiers."""


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
        First day on which the changes hold; text such as ``"2026-01-05"`` and a time
        stamp are taken too.
    change : tuple of Change
        Changes, in order; a change may be given as a dict of its fields, and one change
        alone.

    Raises
    ------
    ScenarioError
        If the name cannot name a folder, the start is no day, or a change is none.
    """

    name: str
    title: str
    question: str
    start: date
    change: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        """Take a day and changes as users write them, or tell every fault."""
        where, problems = f"scenario {self.name}", list(_text_problems(self))
        try:
            object.__setattr__(self, "start", read_day("start", self.start))
        except ValueError:
            found, expected = shown(self.start), "a day such as 2026-01-05"
            problems.append(Problem(where, None, "start", found, expected))
        given: Any = self.change
        given = (given,) if isinstance(given, Change | Mapping) else given
        if not isinstance(given, list | tuple):
            expected = "changes, each a Change or a dict"
            problems.append(Problem(where, None, "change", shown(given), expected))
            given = ()
        changes = []
        for number, change in enumerate(given, 1):
            made, faults = as_change(change, f"{where}, change {number}")
            changes += made
            problems += faults
        if problems:
            raise ScenarioError(where, problems)
        object.__setattr__(self, "change", tuple(changes))

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
        return cls(**{name: content[name] for name in ("name", *_KEYS)})


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
        fault = Problem(file, line, "change", shown(changes), "[[change]] tables")
        return None, [*problems, fault]
    lines = _change_lines(text, len(changes))
    for line, content_of_change in zip(lines, changes, strict=True):
        problems.extend(change_problems(content_of_change, file, line))
    if problems:
        return None, problems
    title, question, start = (values[key] for key in ("title", "question", "start"))
    return Scenario(name, title, question, start, tuple(changes)), []


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
        faults = change_problems(change.resolve(), where, None)
        problems.extend(faults or _make(case, change, cells, where))
    reread = {name: _reread(name, rows, problems) for name, rows in cells.items()}
    tables = {**rows_of_tables(case.tables), **reread}
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
            where = f"scenario {scenario.name}"
            problems.extend(
                each
                if each.file.startswith(where)
                else replace(each, file=f"{where}, {each.file}")
                for each in error.problems
            )
    return problems


def _text_problems(scenario: Scenario) -> Iterator[Problem]:
    """Find names and texts that are none, or cannot name a folder."""
    where = f"scenario {scenario.name}"
    for key in ("name", "title", "question"):
        value = getattr(scenario, key)
        if not isinstance(value, str):
            yield Problem(where, None, key, shown(value), "text")
    name = str(scenario.name)
    if not name.isprintable() or not name.strip(". ") or set(name) & set("/\\:"):
        expected = "a name that a folder may have"
        yield Problem("scenario", None, "name", shown(name), expected)


def _key_problems(values: dict[str, Any], text: str, file: str) -> list[Problem]:
    """Find top-level keys of a scenario that are unknown, absent or of wrong type."""
    problems = unknown_keys(values, _KEYS, file, lambda key: key_line(text, key))
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
    lines: list[int | None] = [
        number
        for number, line in enumerate(text.split("\n"), 1)
        if line.replace(" ", "").startswith("[[change]]")
    ]
    return lines if len(lines) == count else [None] * count


def _make(
    case: Case, change: Change, cells: dict[str, list[dict[str, str]]], where: str
) -> list[Problem]:
    """Make one change to the cells of its table."""
    model, rows = TABLES[change.table], cells[change.table]
    refers = REFERENCES.get(change.table, {})
    cell = partial(_cell, case, refers)
    if change.add:
        empty = dict.fromkeys(forms(model), "")
        new = [{**empty, **{c: cell(c, v) for c, v in r.items()}} for r in change.add]
        cells[change.table] = [*rows, *new]
        return [fault for row in new for fault in read_row(model, row, where, None)[1]]
    wanted = wanted_cells(case, change)
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
    values = {column: cell(column, value) for column, value in change.set.items()}
    cells[change.table] = [
        {**row, **values} if hit else row for row, hit in zip(rows, met, strict=True)
    ]
    return read_row(model, values, where, None)[1]


def wanted_cells(case: Case, change: Change) -> dict[str, set[str]]:
    """Give by column the cells that the rows of a change's where have."""
    key = TABLES[change.table].key[0]
    refers = {key: change.table, **REFERENCES.get(change.table, {})}
    return {
        column: {
            _cell(case, refers, column, v)
            for v in (value if isinstance(value, tuple) else [value])
        }
        for column, value in change.where.items()
    }


def _cell(case: Case, refers: Mapping[str, str], column: str, value: Cell) -> str:
    """Write a value as the text of a cell; a title as the identifier of its row."""
    text = write_cell(value)
    axis = _AXES.get(refers.get(column, ""))
    if axis is None or not text:
        return text
    known = case.tables[refers[column]][axis].tolist()
    meant = named_by(text, known, titles_of(case, axis))
    return meant[0] if len(meant) == 1 else text


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


@lru_cache(maxsize=4)
def rows_of_tables(tables: Frames) -> dict[str, Table[Any]]:
    """Read the tables of a case as rows, once for all that is made of it."""
    return {
        name: _reread(name, to_cells(tables[name], TABLES[name]), []) for name in TABLES
    }


def _reread(
    name: str, rows: list[dict[str, str]], problems: list[Problem]
) -> Table[Any]:
    """Read changed cells as rows; faults of cells are told by the change itself."""
    model, file = TABLES[name], file_of(name)
    reread = [read_row(model, row, file, None) for row in rows]
    good = tuple(row for row, _ in reread if row is not None)
    if len(good) < len(rows) and not problems:
        problems.extend(fault for _, faults in reread for fault in faults)
    keys = frozenset(row[model.key[0]] for row in rows)
    return Table(model, file, good, (None,) * len(good), keys, len(good) == len(rows))
