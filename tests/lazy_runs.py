"""Runs whose outputs are read only when they are asked for, and that count it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
import xarray as xr
from xarray.backends import BackendArray
from xarray.core import indexing


@dataclass
class Reads:
    """What was read of a run: all elements, and most at once, by output."""

    elements: Counter = field(default_factory=Counter)
    most: Counter = field(default_factory=Counter)

    def add(self, name, size):
        self.elements[name] += size
        self.most[name] = max(self.most[name], size)

    def times(self, run):
        """Tell how often each output was read in whole."""
        sizes = {
            (kind, name): variable.size
            for kind in ("daily", "weekly")
            for name, variable in getattr(run, kind).variables.items()
        }
        return {name: count / sizes[name] for name, count in self.elements.items()}


class _Counted(BackendArray):
    """Values that stand elsewhere."""

    def __init__(self, name, values, reads):
        self.name, self.values, self.reads = name, values, reads
        self.shape, self.dtype = values.shape, values.dtype

    def __getitem__(self, key):
        return indexing.explicit_indexing_adapter(
            key, self.shape, indexing.IndexingSupport.BASIC, self._read
        )

    def _read(self, key):
        values = np.array(self.values[key])
        self.reads.add(self.name, values.size)
        return values


def read_lazily(run):
    """Give the run with outputs that are read when asked for, and what is read."""
    reads = Reads()

    def lazy(kind):
        data = getattr(run, kind)
        variables = {}
        for name, variable in data.data_vars.items():
            values = _Counted((kind, name), variable.to_numpy(), reads)
            array = indexing.LazilyIndexedArray(values)
            variables[name] = xr.Variable(variable.dims, array, variable.attrs)
        return xr.Dataset(variables, data.coords)

    return replace(run, daily=lazy("daily"), weekly=lazy("weekly")), reads
