"""Read the files of a case strictly, and gather every fault with its line."""

from __future__ import annotations

import csv
import io
import re
import stat
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Generic

from supplyline.case.fields import MAX_CELL_CHARACTERS, RowT, forms, read_row
from supplyline.errors import Problem, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAX_FILE_BYTES: Final = 32 * 1024 * 1024
"""Largest file that is read [bytes]."""
MAX_PROBLEMS: Final = 1_000
"""Problems gathered in one file before the rest of it is left unread."""

_BOM: Final = b"\xef\xbb\xbf"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = {";": "';'", "\t": "tabs", "|": "'|'"}
_AS_UTF8: Final = "UTF-8 text: save it as 'CSV UTF-8' in the spreadsheet"
_WITH_COMMAS: Final = (
    "cells parted by commas: save it as 'CSV UTF-8' where the settings of the system "
    "have ',' between items of a list and '.' as the decimal sign"
)
_DECIMAL_COMMA: Final = re.compile(r"'[+-]?[\d.\s]*\d,\d+'")
_WITH_POINTS: Final = (
    "'.' as the decimal sign: change it in the settings of the system or spreadsheet, "
    "and save the file again"
)
_LOCAL_DAY: Final = re.compile(r"'\d{1,4}[./-]\d{1,2}[./-]\d{1,4}'")
_ISO_DAYS: Final = (
    "days such as 2025-09-03: give the columns of days the format YYYY-MM-DD in the "
    "spreadsheet, and save the file again"
)
_SPREAD: Final = {
    "number": (_DECIMAL_COMMA, _WITH_POINTS),
    "integer": (_DECIMAL_COMMA, _WITH_POINTS),
    "date": (_LOCAL_DAY, _ISO_DAYS),
}
"""What spreadsheets do to all cells of a kind, and the remedy."""
_SEPARATOR: Final = re.compile("sep=.?")
"""First line by which Excel tells itself what parts the cells."""


@dataclass(frozen=True, slots=True)
class Table(Generic[RowT]):
    """The rows of one table that could be read."""

    model: type[RowT]
    file: str
    rows: tuple[RowT, ...] = ()
    lines: tuple[int | None, ...] = ()
    keys: frozenset[str] = frozenset()
    is_whole: bool = False
    absent: tuple[str, ...] = ()
    """Columns that the file does not have, as if all their cells were empty."""

    def __iter__(self) -> Iterator[tuple[int | None, RowT]]:
        """Give each row with its line."""
        return zip(self.lines, self.rows, strict=True)


def read_bytes(folder: Path, file: str) -> tuple[bytes, list[Problem]]:
    """Read a file of a case folder, unless it is no plain file or too large."""
    path = folder / file
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            return b"", [
                Problem(file, None, None, "is a link", "a file of the case itself")
            ]
        if not stat.S_ISREG(status.st_mode):
            return b"", [Problem(file, None, None, "is no plain file", "a file")]
        if status.st_size > MAX_FILE_BYTES:
            size = f"is {status.st_size / 1024**2:,.0f} MiB large"
            most = f"at most {MAX_FILE_BYTES // 1024**2} MiB"
            return b"", [Problem(file, None, None, size, most)]
        return path.read_bytes(), []
    except FileNotFoundError:
        return b"", [Problem(file, None, None, "is missing", "a file of this name")]
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        return b"", [Problem(file, None, None, reason)]


def decode(content: bytes, file: str) -> tuple[str, list[Problem]]:
    """Read bytes as UTF-8 text."""
    if content.startswith(_WIDE):
        return "", [Problem(file, 1, None, "is UTF-16 text", _AS_UTF8)]
    content = content.removeprefix(_BOM)
    if (at := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, at) + 1
        return "", [Problem(file, line, None, "holds a NUL byte", _AS_UTF8)]
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"holds the byte 0x{content[error.start]:02X}, which is not UTF-8"
        return "", [Problem(file, line, None, found, _AS_UTF8)]


def read_cells(text: str, model: type[RowT]) -> list[dict[str, str]]:
    """Give the rows of a table that was found right, as cells by column."""
    (_, header), *records = _records(text, "", [])
    empty = dict.fromkeys(forms(model), "")
    return [
        empty | dict(zip(header, _padded(cells, len(header)), strict=True))
        for _, cells in records
    ]


def read_table(
    content: bytes, model: type[RowT], file: str
) -> tuple[Table[RowT], list[Problem]]:
    """Read the bytes of a CSV file as rows of one model."""
    text, problems = decode(content, file)
    if not text.strip():
        if not problems:
            expected = f"a header: {','.join(forms(model))}"
            problems.append(Problem(file, None, None, "is empty", expected))
        return Table(model, file), problems
    records = _records(text, file, problems)
    empty: tuple[int, list[str]] = (1, [])
    first, header = next(records, empty)
    columns = _header(header, first, Table(model, file), problems)
    if columns is None:
        return Table(model, file), problems
    is_whole = not problems
    rows: list[RowT] = []
    lines: list[int | None] = []
    keys: set[str] = set()
    for at, cells in records:
        row, found = _row(cells, columns, model, file, at)
        keys.update(
            cell
            for name, cell in zip(columns, cells, strict=False)
            if name == model.key[0]
        )
        problems.extend(found)
        if row is not None:
            rows.append(row)
            lines.append(at)
        if len(problems) > MAX_PROBLEMS:
            problems.append(Problem(file, at, None, "is as far as this file was read"))
            break
    is_whole = is_whole and not problems
    problems = _told_once(problems, model)
    absent = tuple(name for name in forms(model) if name not in columns)
    table = Table(
        model, file, tuple(rows), tuple(lines), frozenset(keys), is_whole, absent
    )
    return table, problems


def digest(content: bytes) -> str:
    """Name bytes by their SHA-256."""
    return sha256(content).hexdigest()


def _records(
    text: str, file: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line on which it begins; stop at broken quoting.

    Empty cells and rows at the end, which spreadsheets leave there, are left out.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    width, empty = 0, list[int]()
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(Problem(file, line, None, _quoting(str(error))))
            return
        if not any(map(str.strip, cells)) or (
            width == 0 and _SEPARATOR.fullmatch("".join(cells))
        ):
            empty += [line] if cells and width else []
            continue
        problems.extend(
            Problem(file, at, None, "has empty cells only", "a row, or no line")
            for at in empty
        )
        empty = []
        width = width or len(_without_tail(cells, 0))
        yield line, _without_tail(cells, width)


def _without_tail(cells: list[str], width: int) -> list[str]:
    """Leave out empty cells at the end, as far as they stand beyond the columns."""
    count = len(cells)
    while count > width and not cells[count - 1].strip():
        count -= 1
    return cells[:count]


def _padded(cells: list[str], width: int) -> list[str]:
    """Add the empty cells at the end that spreadsheets leave out."""
    return [*cells, *[""] * (width - len(cells))]


def _quoting(reason: str) -> str:
    """Say what is wrong with the quoting of a record."""
    if "field larger" in reason:
        return (
            f"holds a cell of more than {MAX_CELL_CHARACTERS:,} characters, or a "
            "quoted cell that is not closed"
        )
    if "unexpected end" in reason:
        return "holds a quoted cell that is not closed"
    return f"is not CSV: {reason}"


def _header(
    cells: Sequence[str], line: int, table: Table[RowT], problems: list[Problem]
) -> list[str] | None:
    """Check the header; columns that are unknown or given twice become ''.

    A column whose cells may be empty may be absent: a case stays sound when a later
    version asks for more.
    """
    file, known = table.file, forms(table.model)
    if len(cells) == 1 and len(known) > 1:
        for delimiter, name in _DELIMITERS.items():
            if delimiter in cells[0]:
                found = f"has cells parted by {name}"
                problems.append(Problem(file, line, None, found, _WITH_COMMAS))
                return None
    columns: list[str] = []
    for cell in cells:
        if cell in columns:
            found = f"has the column {shown(cell)} twice"
            problems.append(Problem(file, line, None, found, "each column once"))
            columns.append("")
        elif cell not in known:
            found = f"has an unknown column {shown(cell)}"
            expected = f"columns {', '.join(known)}"
            near = nearest(cell, [name for name in known if name not in cells])
            problems.append(Problem(file, line, None, found, expected, near))
            columns.append("")
        else:
            columns.append(cell)
    problems.extend(
        Problem(file, line, None, f"has no column '{name}'", form.expected)
        for name, form in known.items()
        if name not in columns and not form.may_be_empty
    )
    return columns


def _row(
    cells: list[str], columns: list[str], model: type[RowT], file: str, line: int
) -> tuple[RowT | None, list[Problem]]:
    """Read one record as a row."""
    known = forms(model)
    left_out = columns[len(cells) :]
    if all(name in known and known[name].may_be_empty for name in left_out):
        cells = _padded(cells, len(columns))
    if len(cells) != len(columns):
        found = f"has {len(cells)} cell{'' if len(cells) == 1 else 's'}"
        return None, [
            Problem(file, line, None, found, f"{len(columns)}, as in the header")
        ]
    named = {name: "" for name, form in known.items() if form.may_be_empty}
    named |= {name: cell for name, cell in zip(columns, cells, strict=True) if name}
    return read_row(model, named, file, line)


def _told_once(problems: list[Problem], model: type[RowT]) -> list[Problem]:
    """Tell what a spreadsheet did to many cells of a file once, with the remedy."""
    alike: dict[str, list[Problem]] = {}
    for problem in problems:
        form = forms(model).get(problem.field or "")
        pattern, remedy = _SPREAD.get("" if form is None else form.kind, (None, ""))
        if pattern is not None and pattern.fullmatch(problem.found):
            alike.setdefault(remedy, []).append(problem)
    told: dict[Problem, Problem | None] = {problem: problem for problem in problems}
    for remedy, (first, *others) in alike.items():
        if others:
            found = f"{first.found}, and {len(others):,} other cells are written so"
            told |= dict.fromkeys(others)
            told[first] = replace(first, found=found, expected=remedy)
    return [problem for problem in told.values() if problem is not None]
