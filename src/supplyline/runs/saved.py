"""Tables of a run folder that are read when they are asked for, and as far as they are.

Nothing that is read is kept, and nothing here changes: threads may share it. A file is
looked at again whenever it is opened: what was checked may be gone or another by then.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xarray as xr
from xarray.backends import BackendArray
from xarray.core import indexing

from supplyline.errors import RunError
from supplyline.runs.parquet import frame_of, labels_in, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray


class SavedFile(NamedTuple):
    """A file of a table, as it was when it was checked."""

    path: Path
    members: range
    sha256: str
    size: int
    changed_ns: int

    @classmethod
    def at(cls, path: Path, members: range, sha256: str) -> SavedFile:
        """Note a file as it is."""
        status = path.stat()
        return cls(path, members, sha256, status.st_size, status.st_mtime_ns)

    @contextmanager
    def opened(self) -> Iterator[pq.ParquetFile]:
        """Open the file, if it is still the one that was checked."""
        try:
            # Arrow cannot open a path that is not UTF-8
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                if (status.st_size, status.st_mtime_ns) != (self.size, self.changed_ns):
                    if hashlib.file_digest(file, "sha256").hexdigest() != self.sha256:
                        message = f"{self.path} was changed since the run was read"
                        raise RunError(message)
                    file.seek(0)
                yield pq.ParquetFile(file)
        except FileNotFoundError as error:
            message = f"{self.path} was removed since the run was read"
            raise RunError(message) from error


@dataclass(frozen=True, slots=True)
class SavedTable:
    """A table of long rows in the files of its parts."""

    files: tuple[SavedFile, ...]
    """By members, without gaps."""
    dims: tuple[str, ...]
    order: tuple[str, ...]
    """The dims in the order by which rows are sorted."""

    def dataset(self) -> xr.Dataset:
        """Give the table as labelled arrays, of which nothing is read yet."""
        first = self.files[0]
        with first.opened() as file:
            labels = labels_in(file, self.order, first.members)
            schema, rows = file.schema_arrow, file.metadata.num_rows
        if rows != np.prod([len(values) for values in labels.values()], dtype=int):
            message = f"{first.path} has {rows:,} rows; its labels say otherwise"
            raise RunError(message)
        members = range(first.members.start, self.files[-1].members.stop)
        labels["member"] = np.arange(members.start, members.stop)
        shape = tuple(len(labels[dim]) for dim in self.dims)
        columns = {
            field.name: _SavedColumn(self, field.name, shape, field.type)
            for field in schema
            if field.name not in self.dims
        }
        variables = {
            name: xr.Variable(self.dims, _LazyColumn(column))
            for name, column in columns.items()
        }
        return xr.Dataset(variables, coords={dim: labels[dim] for dim in self.dims})


class _LazyColumn(indexing.LazilyIndexedArray):
    """A column of which a part is chosen before any of it is read."""

    __slots__ = ()

    def transpose(self, order: tuple[int, ...]) -> Any:  # noqa: ANN401 - untyped in xarray
        """Read the chosen part; xarray would look its elements up one by one."""
        values = np.asarray(self).transpose(order)
        return indexing.NumpyIndexingAdapter(values)  # type: ignore[no-untyped-call]


class _SavedColumn(BackendArray):
    """A column of a saved table as an array over its dims."""

    __slots__ = ("dtype", "name", "shape", "table")

    def __init__(
        self, table: SavedTable, name: str, shape: tuple[int, ...], kind: pa.DataType
    ) -> None:
        self.table, self.name, self.shape = table, name, shape
        self.dtype = np.dtype(kind.to_pandas_dtype())

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:  # noqa: ANN401 - as the overridden method
        """Read what a key of xarray chooses."""
        how = indexing.IndexingSupport.OUTER
        return indexing.explicit_indexing_adapter(key, self.shape, how, self._read)

    def _read(self, keys: tuple[Any, ...]) -> NDArray[Any]:
        """Read what one key for each dim chooses, from the files that hold it."""
        chosen = [
            np.arange(size)[key] for size, key in zip(self.shape, keys, strict=True)
        ]
        members, *others = map(np.atleast_1d, chosen)
        values = np.empty((members.size, *(each.size for each in others)), self.dtype)
        first = self.table.files[0].members.start
        for file in self.table.files if values.size else ():
            start, stop = file.members.start - first, file.members.stop - first
            own = (members >= start) & (members < stop)
            if own.any():
                values[own] = self._read_file(file, members[own] - start, *others)
        return values.reshape([each.size for each in chosen if each.ndim])

    def _read_file(self, file: SavedFile, *chosen: NDArray[Any]) -> NDArray[Any]:
        """Read chosen positions along each dim from one file."""
        dims, order = self.table.dims, self.table.order
        sizes = dict(zip(dims, self.shape, strict=True))
        sizes["member"] = len(file.members)
        positions = dict(zip(dims, chosen, strict=True))
        low, high = int(positions[order[0]].min()), int(positions[order[0]].max()) + 1
        each = int(np.prod([sizes[dim] for dim in order[1:]], dtype=int))
        with file.opened() as opened:
            column = read_rows(opened, self.name, low * each, high * each)
        values = column.reshape(high - low, *(sizes[dim] for dim in order[1:]))
        positions[order[0]] = positions[order[0]] - low
        for axis, dim in enumerate(order):
            if not np.array_equal(positions[dim], np.arange(values.shape[axis])):
                values = values.take(positions[dim], axis)
        return values.transpose([order.index(dim) for dim in dims])


@dataclass(frozen=True, slots=True)
class SavedFrame:
    """A table without dims in the files of its parts: of losses, or of parameters."""

    files: tuple[SavedFile, ...]
    """By members, without gaps."""
    members: range
    """Those of whom there are rows."""
    index: str | None = None

    def select(self, members: range) -> SavedFrame:
        """Give the rows of some members."""
        files = [f for f in self.files if _overlap(f.members, members)]
        return SavedFrame(tuple(files), members, self.index)

    def read(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Read the rows, all columns of them or some."""
        names = None if columns is None else ["member", *columns]
        tables = []
        for file in self.files:
            with file.opened() as opened:
                tables.append(opened.read(names, use_threads=False))
        member = pc.field("member")
        own = (member >= self.members.start) & (member < self.members.stop)
        frame = frame_of([table.filter(own) for table in tables])
        return frame if self.index is None else frame.set_index(self.index)


def _overlap(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
