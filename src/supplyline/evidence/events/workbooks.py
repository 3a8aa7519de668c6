"""Read the sheets of a workbook (.xlsx) as text; formulas are never worked out."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import (  # type: ignore[import-untyped]
    InvalidFileException,
)

from supplyline.evidence.events.blocks import (
    BLOCK_ROWS,
    MAX_COLUMNS,
    Block,
    Broken,
    block_of,
    is_tag_row,
    plain,
)
from supplyline.evidence.events.containers import MAX_RATIO, METHODS, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from supplyline.evidence.events.containers import Content

MAX_WORKBOOK_BYTES: Final = 1024**3
"""Most that the parts of a workbook may expand to [bytes]."""
MAX_SHARED_BYTES: Final = 256 * 1024**2
"""Most that the texts of a workbook, held in memory, may expand to [bytes]."""

_FREE_BYTES: Final = 32 * 1024**2
_HEADER_ROWS: Final = 20
_DAMAGE_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    SyntaxError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    RuntimeError,
    OverflowError,
    NotImplementedError,
    ArithmeticError,
    AssertionError,
)
_UNPRINTED: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet of a workbook."""

    content: Content
    title: str
    names: tuple[str, ...]
    rows_above: int
    hints: tuple[str, ...] = ()
    is_headless: bool = False

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """Give the rows."""
        places = {name: self.names.index(name) for name in wanted}
        width = len(self.names)
        rows: list[list[str]] = []
        lines: list[int] = []
        broken: list[Broken] = []
        with _opened(self.content) as book:
            for line, cells in _rows(book, self.title, self.content.file):
                if line <= self.rows_above or not any(cells):
                    continue
                if any(cells[width:]):
                    reason = f"has {len(cells):,} cells, and the header has {width:,}"
                    broken.append(Broken(line, reason, ",".join(cells)[:2_000]))
                else:
                    rows.append([*cells, *[""] * (width - len(cells))])
                    lines.append(line)
                if len(rows) + len(broken) >= BLOCK_ROWS:
                    yield block_of(rows, lines, places, broken)
                    rows, lines, broken = [], [], []
        yield block_of(rows, lines, places, broken)


def open_workbook(content: Content) -> list[WorkbookSheet]:
    """Find the tables in the sheets of a workbook."""
    sheets = []
    with _opened(content) as book:
        for title in book.sheetnames:
            sheet = _sheet(content, book, title)
            if sheet is not None:
                sheets.append(sheet)
    if not sheets:
        raise refuse(content.file, "has no sheet with a table", "a table")
    return sheets


def _sheet(content: Content, book: Any, title: str) -> WorkbookSheet | None:  # noqa: ANN401 - openpyxl
    """Read the header of a sheet; a sheet of prose gives nothing."""
    header: tuple[str, ...] | None = None
    above = 0
    for line, cells in _rows(book, title, content.file):
        if header is not None:
            above = line if is_tag_row(cells) else above
            break
        if sum(map(bool, cells)) > 1:
            while cells and not cells[-1]:
                cells.pop()
            header, above = tuple(plain(cell) for cell in cells), line
        elif line >= _HEADER_ROWS:
            break
    if header is None:
        return None
    if len(header) > MAX_COLUMNS:
        fault = f"has {len(header):,} columns in sheet {title!r}"
        raise refuse(content.file, fault, f"at most {MAX_COLUMNS:,}")
    return WorkbookSheet(content, title, header, above)


@contextmanager
def _opened(content: Content) -> Iterator[Any]:
    """Open a workbook for reading values only, without its links."""
    with content.seekable() as file:
        try:
            _check_size(file, content)
            with warnings.catch_warnings():
                # of styles and extensions that are not read
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(
                    file, read_only=True, data_only=True, keep_links=False
                )
        except _DAMAGE_ERRORS as error:
            fault = f"is a damaged workbook ({type(error).__name__})"
            raise refuse(content.file, fault, "a whole .xlsx") from error
        try:
            yield book
        finally:
            book.close()


def _check_size(file: Any, content: Content) -> None:  # noqa: ANN401 - file object
    """Refuse a workbook that would fill the memory."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    if any(part.compress_type not in METHODS for part in parts):
        fault = "is a workbook packed in an uncommon way"
        raise refuse(content.file, fault, "a workbook saved by a spreadsheet")
    total = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    shared = sum(
        p.file_size for p in parts if not p.filename.startswith("xl/worksheets")
    )
    is_bomb = total > max(_FREE_BYTES, packed * MAX_RATIO)
    if total > MAX_WORKBOOK_BYTES or shared > MAX_SHARED_BYTES or is_bomb:
        fault = f"is a workbook that expands to {total >> 20:,} MiB"
        raise refuse(content.file, fault, "a smaller workbook, or CSV")
    file.seek(0)


def _rows(book: Any, title: str, file: str) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - openpyxl
    """Give the rows of a sheet as text, whatever size it declares."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = book[title]
            if not hasattr(sheet, "reset_dimensions"):
                return
            sheet.reset_dimensions()
            rows = iter(sheet.iter_rows(values_only=True))
    except _DAMAGE_ERRORS as error:
        raise _damaged(file, title, error) from error
    line = 0
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                row = next(rows, None)
        except _DAMAGE_ERRORS as error:
            raise _damaged(file, title, error) from error
        if row is None:
            return
        line += 1
        yield line, [_cell(value) for value in row]


def _damaged(file: str, title: str, error: Exception) -> Exception:
    """Make the error of a sheet that cannot be read."""
    fault = f"has a damaged sheet {title!r} ({type(error).__name__})"
    return refuse(file, fault, "a whole .xlsx")


def _cell(value: object) -> str:
    """Write one value as text."""
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return _UNPRINTED.sub("\N{REPLACEMENT CHARACTER}", str(value))
