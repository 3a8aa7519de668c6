"""Rows checked column by column: what is sound, and what is flagged and why."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from supplyline.evidence.events.blocks import MAX_CELL_BYTES, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from supplyline.evidence.events.blocks import Block

MAX_TEXT: Final = 2_000
"""Longest text that is kept of notes [characters]."""
MAX_NAME: Final = 500
"""Longest name that is kept [characters]."""
FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2100

FLAGGED: Final = pa.schema(
    [
        ("line", pa.int64()),
        ("data_id", pa.string()),
        ("field", pa.string()),
        ("reason", pa.string()),
        ("found", pa.string()),
        ("record", pa.string()),
    ]
)
"""Columns of flagged rows: the first fault of each, and the record as JSON."""

_CONTROL: Final = (
    "[\\x00-\\x08\\x0b-\\x1f\\x7f\\x{80}-\\x{9f}\\x{2028}\\x{2029}"
    "\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}\\x{feff}]"
)
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_ISO: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?",
    re.ASCII,
)
_YEAR_MONTH_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DAY_MONTH_YEAR: Final = re.compile(
    r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})", re.ASCII
)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a file, checked."""

    rows: pa.RecordBatch
    flagged: pa.RecordBatch


@dataclass(slots=True)
class Check:
    """Read the columns of a block; remember the first fault of each row."""

    block: Block
    reasons: dict[int, tuple[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.block.lines)

    def flag(self, wrong: NDArray[np.bool_], name: str, reason: str) -> None:
        """Remember a fault of some rows, unless they have one already."""
        for at in np.flatnonzero(wrong).tolist():
            self.reasons.setdefault(at, (name, reason))

    def raw(self, name: str) -> pa.Array:
        """Give the cells of a column as they are."""
        column = self.block.columns.get(plain(name))
        return pa.repeat("", len(self)) if column is None else column

    def text(self, name: str, most: int = MAX_NAME) -> pa.Array:
        """Read a column of text, without control characters."""
        cells = self.raw(name)
        size = pc.binary_length(cells)
        longest = pc.max(size).as_py() or 0
        if longest > MAX_CELL_BYTES:
            wrong = pc.greater(size, MAX_CELL_BYTES).to_numpy(zero_copy_only=False)
            self.flag(wrong, name, f"longer than {MAX_CELL_BYTES:,} bytes")
        if longest > most:
            cells = pc.utf8_slice_codeunits(cells, 0, most)
        cells = pc.utf8_trim_whitespace(_cleaned(cells))
        return pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)

    def names(self, *names: str) -> pa.Array:
        """Read the first of several columns of text that is not empty."""
        there = [name for name in names if plain(name) in self.block.columns]
        return pc.coalesce(*map(self.text, there or names[:1]))

    def identity(self, name: str) -> pa.Array:
        """Read a column that names the row; a row without is flagged."""
        keys = self.text(name, 200)
        self.flag(_true(pc.is_null(keys)), name, "missing")
        return keys

    def number(
        self, name: str, low: float, high: float, *, is_whole: bool = False
    ) -> pa.Array:
        """Read a column of numbers."""
        cells = pc.utf8_trim_whitespace(self.raw(name))
        cells = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
        try:
            numbers = cells.cast(pa.float64())
        except pa.ArrowInvalid:
            good = pa.array(
                [
                    cell is not None and _NUMBER.fullmatch(cell[:400]) is not None
                    for cell in cells.to_pylist()
                ],
                pa.bool_(),
            )
            wrong = pc.and_(pc.is_valid(cells), pc.invert(good))
            self.flag(_true(wrong), name, "not a number")
            kept = pc.if_else(good, cells, pa.scalar(None, pa.string()))
            numbers = pa.array(
                [None if c is None else float(c) for c in kept.to_pylist()]
            )
            numbers = numbers.cast(pa.float64())
        values = pc.fill_null(numbers, low).to_numpy(zero_copy_only=False)
        within = (values >= low) & (values <= high)
        if not within.all():
            self.flag(~within, name, f"outside {low:,.0f} to {high:,.0f}")
        if is_whole:
            fraction = within & (values != np.floor(values))
            self.flag(fraction, name, "not a whole number")
            within &= ~fraction
        return pc.if_else(pa.array(within), numbers, pa.scalar(None, pa.float64()))

    def day(self, name: str) -> pa.Array:
        """Read a column of days; a row without a possible day is flagged."""
        cells = self.raw(name)
        days = mapped(cells, day_of, pa.date32())
        wrong = _true(pc.is_null(days))
        if wrong.any():
            empty = _true(pc.equal(pc.utf8_trim_whitespace(cells), ""))
            self.flag(wrong & empty, name, "missing")
            self.flag(wrong & ~empty, name, "not a possible date")
        return days

    def lookup(
        self, name: str, table: Mapping[str, Any], kind: pa.DataType
    ) -> pa.Array:
        """Look each cell up in a mapping table."""
        return mapped(self.raw(name), lambda cell: table.get(cell.strip()), kind)

    def finish(
        self, schema: pa.Schema, columns: Mapping[str, pa.Array], key: str
    ) -> Piece:
        """Part the sound rows from the flagged ones."""
        given = {"line": pa.array(self.block.lines, pa.int64()), **columns}
        arrays = [given[name].cast(schema.field(name).type) for name in schema.names]
        rows = pa.RecordBatch.from_arrays(arrays, schema=schema)
        wrong = sorted(self.reasons)
        if wrong:
            sound = np.ones(len(self), bool)
            sound[wrong] = False
            flagged = self._flagged(wrong, given[key])
            rows = rows.filter(pa.array(sound))
        else:
            flagged = []
        broken = [
            {
                "line": record.line,
                "field": None,
                "reason": record.reason,
                "found": record.text[:60],
                "record": record.text,
            }
            for record in self.block.broken
        ]
        return Piece(rows, flagged_rows([*flagged, *broken]))

    def _flagged(self, wrong: Sequence[int], keys: pa.Array) -> list[dict[str, Any]]:
        """Write down rows with a fault."""
        faults = []
        take = pa.array(wrong, pa.int64())
        cells = {
            name: _cleaned(pc.utf8_slice_codeunits(column.take(take), 0, MAX_TEXT))
            for name, column in self.block.columns.items()
        }
        records = pa.table(cells).to_pylist()
        lines = self.block.lines[wrong].tolist()
        names = keys.take(take).to_pylist()
        for at, line, data_id, record in zip(wrong, lines, names, records, strict=True):
            name, reason = self.reasons[at]
            text = json.dumps(
                {key: cell for key, cell in record.items() if cell}, ensure_ascii=False
            )
            faults.append(
                {
                    "line": line,
                    "data_id": data_id,
                    "field": name,
                    "reason": reason,
                    "found": record.get(plain(name), "")[:60],
                    "record": text[: 4 * MAX_TEXT],
                }
            )
        return faults


def flagged_rows(rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """Lay out flagged rows."""
    arrays = [
        pa.array([row.get(name) for row in rows], FLAGGED.field(name).type)
        for name in FLAGGED.names
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=FLAGGED)


def mapped(
    cells: pa.Array, function: Callable[[str], object], kind: pa.DataType
) -> pa.Array:
    """Apply a function once to each different cell."""
    coded = pc.fill_null(cells, "").dictionary_encode()
    values = [function(cell) for cell in coded.dictionary.to_pylist()]
    return pa.array(values, kind).take(coded.indices)


@lru_cache(maxsize=50_000)
def day_of(cell: str) -> date | None:
    """Read a day as a data set writes it."""
    cell = cell.strip()[:40]
    if match := _ISO.fullmatch(cell) or _YEAR_MONTH_DAY.fullmatch(cell):
        year, month, day = map(int, match.groups())
    elif match := _DAY_MONTH_YEAR.fullmatch(cell):
        word = match[2].lower()
        months = [at for at, name in enumerate(_MONTHS, 1) if name.startswith(word)]
        if len(months) != 1:
            return None
        year, month, day = int(match[3]), months[0], int(match[1])
    else:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _cleaned(cells: pa.Array) -> pa.Array:
    """Put a space where a control character stands."""
    return pc.replace_substring_regex(cells, _CONTROL, " ")


def _true(array: pa.Array) -> NDArray[np.bool_]:
    """Give a mask as an array of NumPy."""
    truths: NDArray[np.bool_] = pc.fill_null(array, False).to_numpy(
        zero_copy_only=False
    )
    return truths
