"""Read a delimited table of text quickly, and exactly where it is not well-formed.

A chunk of bytes is cut after its last whole record, and pyarrow lays the records out.
Where the quoting is doubtful, or cells do not fit the header, the csv module reads the
same bytes instead, record by record, so that a row that is wrong is told by its line.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from supplyline.evidence.events.blocks import (
    BLOCK_ROWS,
    MAX_COLUMNS,
    Block,
    Broken,
    block_of,
    is_tag_row,
    plain,
)
from supplyline.evidence.events.containers import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

    from supplyline.evidence.events.containers import Content

CHUNK_BYTES: Final = 16 * 1024**2
"""Bytes read at a time."""
MAX_RECORD_BYTES: Final = 8 * 1024**2
"""Longest record [bytes]."""
HEADLESS_WIDTHS: Final = (61, 58, 57)
"""Columns of tables without a header that are known."""

_HEAD_BYTES: Final = 1024**2
_ARROW_BYTES: Final = 4 * 1024**2
_BOM: Final = b"\xef\xbb\xbf"
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_DELIMITERS: Final = (",", "\t", ";", "|")
_HEADLESS: Final = re.compile(r"\d{1,18}\t\d{8}\t\d{6}\t\d{4}\t")
_UNCLOSED: Final = "holds a quoted cell that is not closed"
_SENTINEL: Final = "\x00end of the table"
_END: Final = [_SENTINEL, _SENTINEL]  # two cells: an open quote makes them one


@dataclass(frozen=True, slots=True)
class DelimitedSheet:
    """A table of text whose cells are parted by a delimiter."""

    content: Content
    names: tuple[str, ...]
    delimiter: str
    is_headless: bool
    start: int
    line: int
    title: str = ""
    hints: tuple[str, ...] = ()

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """Give the rows."""
        places = {name: self.names.index(name) for name in wanted}
        with self.content.stream() as stream:
            stream.read(self.start)
            line, rest = self.line, b""
            while True:
                chunk = stream.read(CHUNK_BYTES)
                rest += chunk
                if not rest:
                    return
                cut = _cut(rest, self.delimiter, self.is_headless, not chunk)
                if cut is None:
                    yield from self._exactly(_Joined(rest, stream), line, places)
                    return
                body, rest = rest[: cut.end], rest[cut.end :]
                if len(rest) > MAX_RECORD_BYTES or (rest and not chunk):
                    raise self._too_long(line + cut.newlines, is_last=not chunk)
                if body:
                    yield from self._quickly(body, line, cut, places)
                line += cut.newlines

    def _too_long(self, line: int, *, is_last: bool) -> Exception:
        """Make the error of a record that does not end."""
        most = f"a record longer than {MAX_RECORD_BYTES >> 20} MiB, or {_UNCLOSED[6:]}"
        what = _UNCLOSED if is_last else f"holds {most}"
        return refuse(self.content.file, f"{what}, at line {line:,}", "a whole table")

    def _quickly(
        self, body: bytes, line: int, cut: _Cut, places: dict[str, int]
    ) -> Iterator[Block]:
        """Lay out whole records by pyarrow; exactly where they do not fit."""
        table = self._arrow(body, places)
        if table is None or table.num_rows != len(cut.starts):
            lines = _Joined(body, None)
            yield from self._exactly(lines, line, places)
            return
        columns = {
            name: column.combine_chunks()
            for name, column in zip(places, table.columns, strict=True)
        }
        yield Block(columns, line + cut.starts)

    def _arrow(self, body: bytes, places: dict[str, int]) -> pa.Table | None:
        """Lay out whole records; nothing where one does not fit the header."""
        if not _is_text(body):  # pyarrow looks at the columns wanted only
            return None
        numbers = [str(at) for at in range(len(self.names))]
        wanted = [str(at) for at in places.values()]
        try:
            return arrow_csv.read_csv(
                pa.BufferReader(body),
                arrow_csv.ReadOptions(column_names=numbers, block_size=_ARROW_BYTES),
                arrow_csv.ParseOptions(
                    delimiter=self.delimiter,
                    quote_char=False if self.is_headless else '"',
                    newlines_in_values=not self.is_headless,
                ),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(wanted, pa.string()),
                    include_columns=wanted,
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            return None

    def _exactly(
        self, raw: _Joined, line: int, places: dict[str, int]
    ) -> Iterator[Block]:
        """Lay out records one by one; those that do not fit are told."""
        records: list[list[str]] = []
        lines: list[int] = []
        broken: list[Broken] = []
        for at, cells in self._records(raw, line):
            reason = _fault(cells, len(self.names))
            if reason is None:
                records.append(cells)
                lines.append(at)
            else:
                text = self.delimiter.join(cells)[:2_000]
                broken.append(Broken(at, reason, _without_surrogates(text)))
            if len(records) + len(broken) >= BLOCK_ROWS:
                yield block_of(records, lines, places, broken)
                records, lines, broken = [], [], []
        yield block_of(records, lines, places, broken)

    def _records(self, raw: _Joined, line: int) -> Iterator[tuple[int, list[str]]]:
        """Read records with the line on which each begins; stop at what never ends."""
        text = io.TextIOWrapper(
            io.BufferedReader(raw), "utf-8", "surrogateescape", newline=""
        )
        reader = csv.reader(
            chain(self._lines(text, line), [self.delimiter.join(_END)]),
            delimiter=self.delimiter,
            quoting=csv.QUOTE_NONE if self.is_headless else csv.QUOTE_MINIMAL,
        )
        at = line
        while True:
            try:
                cells = next(reader)
            except csv.Error as error:
                fault = f"cannot be read from line {at:,} on: {error}"
                raise refuse(self.content.file, fault, "a table of text") from error
            if cells == _END:
                return
            if cells and cells[-1].endswith(_SENTINEL):  # swallowed by an open quote
                raise self._too_long(at, is_last=True)
            if cells:
                yield at, cells
            at = line + reader.line_num

    def _lines(self, text: io.TextIOWrapper, line: int) -> Iterator[str]:
        """Read lines of bounded length."""
        at = line
        while part := text.readline(MAX_RECORD_BYTES):
            if len(part) >= MAX_RECORD_BYTES:
                raise self._too_long(at, is_last=False)
            yield part
            at += 1


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where whole records end."""

    end: int
    newlines: int
    starts: NDArray[np.int64]


class _Joined(io.RawIOBase):
    """Bytes already read, and then the rest of a stream."""

    def __init__(self, start: bytes, stream: BinaryIO | None) -> None:
        self._start, self._stream = io.BytesIO(start), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer)).cast("B")
        part = self._start.read(len(view))
        if not part and self._stream is not None:
            part = self._stream.read(len(view))
        view[: len(part)] = part
        return len(part)


def open_delimited(content: Content) -> DelimitedSheet:
    """Read the header of a table of text."""
    with content.stream() as stream:
        head = stream.read(_HEAD_BYTES)
    mark = len(_BOM) if head.startswith(_BOM) else 0
    lines = head[mark:].splitlines(keepends=True)
    if not head[mark:].strip():
        raise refuse(content.file, "is empty", "a table with a header")
    if len(head) == _HEAD_BYTES:
        lines = lines[:-1]
    if not lines:
        fault = f"has a first line longer than {_HEAD_BYTES >> 20} MiB"
        raise refuse(content.file, fault, "a table with a header")
    first = _text(lines[0], content.file)
    width = first.count("\t") + 1
    if width in HEADLESS_WIDTHS and _HEADLESS.match(first):
        names = tuple(f"column{at}" for at in range(1, width + 1))
        return DelimitedSheet(content, names, "\t", True, mark, 1)
    return _with_header(content, lines, mark)


def _with_header(content: Content, lines: list[bytes], mark: int) -> DelimitedSheet:
    """Read the header, and pass over a row of tags below it."""
    used: list[int] = []

    def texts() -> Iterator[str]:
        for line in lines:
            used.append(len(line))
            yield _text(line, content.file) if len(used) == 1 else _loose(line)

    first = _text(lines[0], content.file)
    delimiter = max(_DELIMITERS, key=lambda sign: len(_split(first, sign)))
    reader = csv.reader(texts(), delimiter=delimiter)
    try:
        header = next(reader, [])
        while not any(header):
            header = next(reader)
        start, line = mark + sum(used), 1 + reader.line_num
        tags = _record_of(reader)
    except (csv.Error, StopIteration) as error:
        reason = str(error) or "no header"
        fault = f"cannot be read: {reason}"
        raise refuse(content.file, fault, "a table with a header") from error
    if is_tag_row(tags):
        start, line = mark + sum(used), 1 + reader.line_num
    names = tuple(plain(name) for name in header)
    if len(names) > MAX_COLUMNS:
        fault = f"has {len(names):,} columns"
        raise refuse(content.file, fault, f"at most {MAX_COLUMNS:,}")
    return DelimitedSheet(content, names, delimiter, False, start, line)


def _record_of(reader: Iterator[list[str]]) -> list[str]:
    """Read one record, as far as it can be."""
    try:
        return next(reader, [])
    except csv.Error:
        return []


def _split(line: str, delimiter: str) -> list[str]:
    """Split a line, as far as it can be."""
    return _record_of(csv.reader([line], delimiter=delimiter))


def _text(line: bytes, file: str) -> str:
    """Read the header, which must be UTF-8."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        fault = f"holds the byte 0x{line[error.start]:02X} in its first line"
        expected = "UTF-8 text (not Latin-1 or Windows-1252)"
        raise refuse(file, fault, expected) from error


def _is_text(body: bytes) -> bool:
    """Tell whether all bytes are UTF-8."""
    try:
        return body.isascii() or body.decode("utf-8") is not None
    except UnicodeDecodeError:
        return False


def _loose(line: bytes) -> str:
    """Read a line of whatever encoding."""
    return line.decode("utf-8", "surrogateescape")


def _without_surrogates(text: str) -> str:
    """Put a mark where a byte could not be read."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _fault(cells: list[str], width: int) -> str | None:
    """Tell why a record is no row."""
    if len(cells) != width:
        return f"has {len(cells):,} cells, and the header has {width:,}"
    for cell in cells:
        if not cell.isascii():
            try:
                cell.encode("utf-8")
            except UnicodeEncodeError as error:
                byte = ord(cell[error.start]) & 0xFF
                return f"holds the byte 0x{byte:02X}, which is not UTF-8"
    return None


def _cut(body: bytes, delimiter: str, is_headless: bool, is_last: bool) -> _Cut | None:  # noqa: FBT001
    """Find whole records; nothing where it is doubtful how cells are quoted."""
    if body.count(b"\r") != body.count(b"\r\n") + (
        body.endswith(b"\r") and not is_last
    ):
        return None
    cells = np.frombuffer(body, np.uint8)
    newlines = np.flatnonzero(cells == _NEWLINE)
    ends = newlines
    inside = 0
    if not is_headless and b'"' in body:
        quotes = np.flatnonzero(cells == _QUOTE)
        if not _is_sound(cells, quotes, ord(delimiter)):
            return None
        inside = len(quotes) % 2
        ends = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    end = int(ends[-1]) + 1 if len(ends) else 0
    tail = is_last and end < len(body) and not inside
    before = np.searchsorted(newlines, ends, side="right")
    starts = np.concatenate([np.zeros(1, np.int64), before])
    count = int(starts[-1])
    if not tail:
        starts = starts[:-1]
    return _Cut(len(body) if tail else end, count, starts.astype(np.int64))


def _is_sound(
    cells: NDArray[np.uint8],
    quotes: NDArray[np.int64],
    delimiter: int,
) -> bool:
    """Tell whether each quote opens, closes or doubles as RFC 4180 says."""
    borders = np.zeros(256, bool)
    borders[[delimiter, _NEWLINE, _RETURN, _QUOTE]] = True
    opening, closing = quotes[::2], quotes[1::2]
    before = cells[opening[opening > 0] - 1]
    if not borders[before].all():
        return False
    last = len(cells) - 1
    after = cells[closing[closing < last] + 1]
    return bool(borders[after].all())
