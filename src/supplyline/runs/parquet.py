"""Labelled arrays as long tables and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import xarray as xr

if TYPE_CHECKING:
    from numpy.typing import NDArray


def long_table(data: xr.Dataset, dims: tuple[str, ...]) -> pa.Table:
    """Lay the variables with just these dims out in rows, sorted by the dims."""
    columns: dict[str, pa.Array] = {}
    sizes = [data.sizes[dim] for dim in dims]
    for position, dim in enumerate(dims):
        labels = data[dim].to_numpy()
        codes = np.arange(sizes[position], dtype=np.int32)
        each = int(np.prod(sizes[position + 1 :], dtype=int))
        times = int(np.prod(sizes[:position], dtype=int))
        rows = np.tile(np.repeat(codes, each), times)
        if dim == "member":
            columns[dim] = pa.array(rows)
        else:
            if labels.dtype.kind == "M":
                labels = labels.astype("datetime64[D]")
            columns[dim] = pa.DictionaryArray.from_arrays(rows, pa.array(labels))
    for name, variable in data.data_vars.items():
        if set(variable.dims) == set(dims):
            values = variable.transpose(*dims).to_numpy()
            columns[str(name)] = pa.array(np.ascontiguousarray(values).reshape(-1))
    return pa.table(columns)


def labels_of(table: pa.Table) -> list[str]:
    """Name the columns that are worth a dictionary: the labels."""
    return [
        f.name
        for f in table.schema
        if f.name == "member" or pa.types.is_dictionary(f.type)
    ]


def labelled(table: pa.Table, dims: tuple[str, ...]) -> xr.Dataset:
    """Take rows sorted by the dims back to labelled arrays."""
    coords: dict[str, Any] = {}
    rows = table.num_rows
    for dim in dims:
        column = table[dim].combine_chunks()
        if pa.types.is_dictionary(column.type):
            labels = column.dictionary.to_numpy(zero_copy_only=False)
        else:
            labels = _steps(column.slice(0, rows).to_numpy(zero_copy_only=False))
        kind = {"M": "datetime64[us]", "O": "str"}.get(labels.dtype.kind)
        coords[dim] = labels if kind is None else labels.astype(kind)
        # the first rows that share the labels so far hold all of the next dim
        rows //= max(len(labels), 1)
    shape = tuple(len(coords[dim]) for dim in dims)
    variables = {
        name: (dims, table[name].to_numpy().reshape(shape))
        for name in table.column_names
        if name not in dims
    }
    return xr.Dataset(variables, coords=coords)


def _steps(numbers: NDArray[Any]) -> NDArray[Any]:
    """Give each number once, where the same ones stand together."""
    if numbers.size == 0:
        return numbers
    is_new = np.concatenate([[True], numbers[1:] != numbers[:-1]])
    return np.asarray(numbers[is_new])
