"""Labelled arrays as tables of long rows in Parquet, and their labels back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from numpy.typing import NDArray

_LABELS: Final = b"labels"
"""Where the schema of a file notes the labels of columns that have few."""
_GROUP_ROWS: Final = 1 << 16
"""Fewest rows of a group, the least that is read; all rows of some first labels."""


def long_table(data: xr.Dataset, dims: tuple[str, ...]) -> pa.Table:
    """Lay the variables with just these dims out in rows, sorted by them in order."""
    columns: dict[str, pa.Array] = {}
    sizes = [data.sizes[dim] for dim in dims]
    for position, dim in enumerate(dims):
        labels = data[dim].to_numpy()
        each = int(np.prod(sizes[position + 1 :], dtype=int))
        times = int(np.prod(sizes[:position], dtype=int))
        codes = labels if dim == "member" else np.arange(sizes[position])
        rows = np.tile(np.repeat(codes.astype(np.int32), each), times)
        if dim == "member":
            columns[dim] = pa.array(rows)
        else:
            if labels.dtype.kind == "M":
                labels = labels.astype("datetime64[ms]")
            columns[dim] = pa.DictionaryArray.from_arrays(rows, pa.array(labels))
    for name, variable in data.variables.items():
        if name not in dims and set(variable.dims) == set(dims):
            values = variable.transpose(*dims).to_numpy()
            columns[str(name)] = pa.array(np.ascontiguousarray(values).reshape(-1))
    return pa.table(columns)


def frame_table(frame: pd.DataFrame) -> pa.Table:
    """Lay a frame out in rows; a file without rows would lose the labels of columns."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    labels = {
        name: list(kind.categories)
        for name, kind in frame.dtypes.items()
        if isinstance(kind, pd.CategoricalDtype)
    }
    noted = {**table.schema.metadata, _LABELS: json.dumps(labels)}
    return table.replace_schema_metadata(noted)


def frame_of(tables: Sequence[pa.Table]) -> pd.DataFrame:
    """Give the rows of several tables as a frame, with the labels of its columns."""
    filled = [table for table in tables if table.num_rows] or tables[:1]
    frame: pd.DataFrame = pa.concat_tables(filled).to_pandas()
    noted = (tables[0].schema.metadata or {}).get(_LABELS, b"{}")
    kinds = {
        name: pd.CategoricalDtype(pd.Index(labels, dtype="str"))
        for name, labels in json.loads(noted).items()
    }
    return frame.astype(kinds) if kinds else frame


def encoded(table: pa.Table) -> pa.Buffer:
    """Write a table as Parquet in memory; the encoding is the choice of measurement."""
    kinds = {field.name: field.type for field in table.schema}
    numbers = [name for name, kind in kinds.items() if pa.types.is_floating(kind)]
    labels = [name for name, kind in kinds.items() if pa.types.is_dictionary(kind)]
    each = max(1, table.num_rows // _first_labels(table))
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        row_group_size=each * -(-_GROUP_ROWS // each),
        compression="zstd",
        compression_level=3,
        use_dictionary=[name for name in kinds if name not in {"member", *numbers}],
        # bytes of one weight stand together: signs and exponents hardly change
        use_byte_stream_split=numbers,
        column_encoding={"member": "DELTA_BINARY_PACKED"},
        # least and most of the labels tell a reader which rows to skip
        write_statistics=["member", *labels],
    )
    return sink.getvalue()


def _first_labels(table: pa.Table) -> int:
    """Count the labels by which the rows of a table are sorted first."""
    if table.num_rows == 0:
        return 1
    first = table.column(0).chunk(0)
    if pa.types.is_dictionary(first.type):
        return len(first.dictionary)
    return int(first[-1].as_py() - first[0].as_py()) + 1


def labels_in(
    file: pq.ParquetFile, order: tuple[str, ...], members: range
) -> dict[str, NDArray[Any]]:
    """Read the labels of the rows of a file that is sorted by them."""
    labels: dict[str, NDArray[Any]] = {"member": np.arange(members.start, members.stop)}
    head = file.read_row_group(0, columns=list(order), use_threads=False)
    rows = file.metadata.num_rows
    for dim in order:
        if dim != "member":
            column = head[dim].chunk(0)
            if pa.types.is_dictionary(column.type):
                values = column.dictionary.to_numpy(zero_copy_only=False).astype("str")
            else:
                numbers = column.slice(0, rows).to_numpy(zero_copy_only=False)
                values = _steps(numbers.astype("datetime64[us]"))
            labels[dim] = values
        # the first rows that share the labels so far hold all of the next dim
        rows //= max(len(labels[dim]), 1)
    return labels


def _steps(values: NDArray[Any]) -> NDArray[Any]:
    """Give each value once, where the same ones stand together."""
    is_new = np.concatenate([[True], values[1:] != values[:-1]])[: values.size]
    return np.asarray(values[is_new])


def read_rows(file: pq.ParquetFile, name: str, start: int, stop: int) -> NDArray[Any]:
    """Read some rows of a column: the groups of rows that hold them."""
    counts = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
    ends = np.cumsum(counts)
    first, last = np.searchsorted(ends, [start, stop - 1], side="right")
    read = file.read_row_groups(range(first, last + 1), [name], use_threads=False)
    start -= ends[first] - counts[first]
    stop -= ends[first] - counts[first]
    return np.asarray(read[name].to_numpy()[start:stop])
