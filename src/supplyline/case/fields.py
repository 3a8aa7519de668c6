"""How one cell is read: its form follows from the type of its field.

A cell is text. It is read strictly: a number is written with a point and without
thousands separators, a day as 2025-09-03, and nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from supplyline.errors import Problem, nearest, shown
from supplyline.tables.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

RowT = TypeVar("RowT", bound=Row)
Kind = Literal["text", "identifier", "choice", "number", "integer", "boolean", "date"]
Value = str | float | bool | date | None

MAX_CELL_CHARACTERS: Final = 100_000
"""Longest cell that is read [characters]."""
MAX_NUMBER: Final = 1e15
"""Largest number that is read, either sign [1]."""

_IDENTIFIER: Final = (
    "an identifier: at most 80 letters, digits, '_', '.' or '-', "
    "a letter or digit first"
)
_PATTERNS: Final = {
    r"^[A-Za-z0-9][A-Za-z0-9_.-]*$": _IDENTIFIER,
    r"^[0-9a-f]{64}$": "a SHA-256: 64 digits or letters from a to f",
    r"^[A-Z]{2}$": "two capital letters, such as ML",
    r"^[A-Z]{3}$": "three capital letters, such as XOF",
}
_WRITTEN: Final = {
    "number": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII),
    "integer": re.compile(r"[+-]?\d{1,15}", re.ASCII),
    "boolean": re.compile(r"true|false", re.ASCII | re.IGNORECASE),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
}
_CONTROL: Final = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069"
    "\\ud800-\\udfff\\ufeff]"
)
_FORMULA: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Form:
    """What a field holds, told in words and ready to check a cell."""

    name: str
    kind: Kind
    expected: str
    choices: tuple[str, ...]
    may_be_empty: bool

    def fault(self, cell: str) -> str | None:
        """Tell what was expected in place of a cell that cannot be read."""
        if cell == "":
            return None if self.may_be_empty else self.expected
        if len(cell) > MAX_CELL_CHARACTERS:
            return f"at most {MAX_CELL_CHARACTERS:,} characters"
        if self.kind in ("text", "identifier"):
            return text_fault(cell, self.expected)
        if self.kind == "choice":
            return None if cell in self.choices else self.expected
        return None if _WRITTEN[self.kind].fullmatch(cell) else self.expected

    def read(self, cell: str) -> Value:
        """Read a cell whose form is right."""
        if cell == "":
            return None
        if self.kind == "date":
            return date.fromisoformat(cell)
        if self.kind == "boolean":
            return cell.lower() == "true"
        if self.kind in ("number", "integer"):
            number = float(cell)
            if abs(number) > MAX_NUMBER:
                raise ValueError(cell)
            return int(cell) if self.kind == "integer" else number
        return cell


def text_fault(text: str, expected: str = "text") -> str | None:
    """Tell what was expected in place of a text that may do harm elsewhere."""
    if _CONTROL.search(text):
        return "text without control characters"
    if text.startswith(_FORMULA) and not _WRITTEN["number"].fullmatch(text):
        return "text that does not begin with = + - or @, which a spreadsheet would run"
    return None if text.strip() else expected


@cache
def forms(model: type[BaseModel]) -> Mapping[str, Form]:
    """Describe every field of a row model."""
    properties = model.model_json_schema()["properties"]
    return {name: _form(name, schema) for name, schema in properties.items()}


def read_row(
    model: type[RowT], cells: Mapping[str, str], file: str, line: int | None
) -> tuple[RowT | None, list[Problem]]:
    """Read one row and gather everything that is wrong with it."""
    fields = forms(model)
    expected: dict[str, str] = {}
    values: dict[str, Value] = {}
    for name, cell in cells.items():
        form = fields[name]
        fault = form.fault(cell)
        if fault is None:
            try:
                values[name] = form.read(cell)
            except ValueError:
                fault = form.expected
        if fault is not None:
            expected[name] = fault
    row = None
    try:
        row = model.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False):
            name = str(detail["loc"][0])
            if name in values:
                expected[name] = fields[name].expected
    problems = [
        _problem(fields[name], cells[name], expected[name], file, line)
        for name in fields
        if name in expected
    ]
    return (None if problems else row), problems


def _problem(
    form: Form, cell: str, expected: str, file: str, line: int | None
) -> Problem:
    """Tell of one cell that cannot be used."""
    near = nearest(cell, form.choices) if form.choices else None
    return Problem(file, line, form.name, shown(cell), expected, near)


def _form(name: str, schema: dict[str, Any]) -> Form:
    """Describe a field from its JSON schema."""
    options = [s for s in schema.get("anyOf", [schema]) if s.get("type") != "null"]
    core = options[0]
    choices = tuple(str(choice) for choice in _choices(core))
    return Form(
        name=name,
        kind=_kind(core),
        expected=_expected(core),
        choices=choices,
        may_be_empty="anyOf" in schema,
    )


def _kind(schema: dict[str, Any]) -> Kind:
    """Name the kind of cell a schema asks for."""
    if "enum" in schema or "const" in schema:
        return "choice"
    if schema.get("format") == "date":
        return "date"
    if schema["type"] == "string":
        return "identifier" if "pattern" in schema else "text"
    kinds: dict[str, Kind] = {
        "number": "number",
        "integer": "integer",
        "boolean": "boolean",
    }
    return kinds.get(schema["type"], "text")


def _choices(schema: dict[str, Any]) -> tuple[object, ...]:
    """Give the values that a schema allows, where it lists them."""
    return (schema["const"],) if "const" in schema else tuple(schema.get("enum", ()))


def _expected(schema: dict[str, Any]) -> str:
    """Say in words what a schema asks for."""
    if schema["type"] == "array":
        most = schema.get("maxItems", MAX_CELL_CHARACTERS)
        return f"a list of 1 to {most} identifiers, each once"
    limit = schema.get("maxLength", MAX_CELL_CHARACTERS)
    pattern = schema.get("pattern", "")
    words: dict[Kind, str] = {
        "choice": ("one of " if "enum" in schema else "")
        + ", ".join(str(choice) for choice in _choices(schema)),
        "identifier": _PATTERNS.get(pattern, f"text that matches {pattern}"),
        "text": f"text of at most {limit:,} characters",
        "date": "a day such as 2025-09-03",
        "boolean": "true or false",
        "integer": f"a whole number{_range(schema)}",
        "number": f"a number{_range(schema)}",
    }
    return words[_kind(schema)]


def _range(schema: dict[str, Any]) -> str:
    """Say in words which numbers are allowed."""
    low, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    high = schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    if above is not None:
        return f" more than {above:g}"
    if low is not None:
        return f" of at least {low:g}"
    return ", such as 12.5" if schema["type"] == "number" else ""
