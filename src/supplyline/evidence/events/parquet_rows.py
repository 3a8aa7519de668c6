"""Read a Parquet file as text, a batch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from supplyline.evidence.events.blocks import BLOCK_ROWS, MAX_COLUMNS, Block, plain
from supplyline.evidence.events.containers import MAX_BYTES, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from supplyline.evidence.events.containers import Content

MAX_GROUP_BYTES: Final = 1024**3
"""Most that one group of rows may expand to [bytes]."""

_DAMAGE_ERRORS: Final = (pa.ArrowException, OSError, ValueError, KeyError, RuntimeError)


@dataclass(frozen=True, slots=True)
class ParquetSheet:
    """The rows of a Parquet file."""

    content: Content
    names: tuple[str, ...]
    written: tuple[str, ...]
    title: str = ""
    hints: tuple[str, ...] = ()
    is_headless: bool = False

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """Give the rows."""
        written = [self.written[self.names.index(name)] for name in wanted]
        line = 1
        with self.content.seekable() as stream:
            try:
                file = parquet.ParquetFile(stream, pre_buffer=False)
                batches = file.iter_batches(BLOCK_ROWS, columns=written)
                for batch in batches:
                    columns = {
                        name: _as_text(batch.column(at))
                        for name, at in zip(
                            wanted, map(batch.schema.names.index, written), strict=True
                        )
                    }
                    yield Block(columns, np.arange(line, line + len(batch)))
                    line += len(batch)
            except _DAMAGE_ERRORS as error:
                raise _damaged(self.content, error) from error


def open_parquet(content: Content) -> ParquetSheet:
    """Read what a Parquet file says of itself."""
    with content.seekable() as stream:
        try:
            file = parquet.ParquetFile(stream)
            written = tuple(file.schema_arrow.names)
            about = file.metadata
            sizes = [
                about.row_group(at).total_byte_size
                for at in range(about.num_row_groups)
            ]
        except _DAMAGE_ERRORS as error:
            raise _damaged(content, error) from error
    if len(written) > MAX_COLUMNS:
        fault = f"has {len(written):,} columns"
        raise refuse(content.file, fault, f"at most {MAX_COLUMNS:,}")
    if max(sizes, default=0) > MAX_GROUP_BYTES or sum(sizes) > MAX_BYTES:
        fault = f"expands to {sum(sizes) >> 20:,} MiB"
        raise refuse(content.file, fault, "a smaller file, or smaller groups of rows")
    return ParquetSheet(content, tuple(map(plain, written)), written)


def _as_text(column: pa.Array) -> pa.Array:
    """Write a column as text; nested values cannot be, and are refused."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        column = _whole(column)
    return pc.fill_null(column.cast(pa.string()), "")


def _whole(column: pa.Array) -> pa.Array:
    """Write numbers without a fraction as whole numbers, and NaN as nothing."""
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:
        return column


def _damaged(content: Content, error: Exception) -> Exception:
    """Make the error of a file that cannot be read."""
    fault = f"is a damaged Parquet file ({type(error).__name__})"
    return refuse(content.file, fault, "a whole file of plain columns")
