"""Runs a few members at a time, so that little of a large run stands in memory at once.

What gives one row for each member needs only these members. It is asked chunk by chunk,
and the rows are put together; each output is read once, however much is asked of it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    import xarray as xr
    from numpy.typing import NDArray

    from supplyline.runs import Run

    Rows = dict[Any, NDArray[Any]]

CHUNK_MEMBERS: Final = 1024
"""Members in memory at once: those that a run folder keeps together."""
_ORDER: Final = (
    "member", "day", "week", "place", "corridor", "region", "group", "product",
)  # fmt: skip


def chunks_of(run: Run) -> Iterator[Run]:
    """Give a run as runs of a few members each."""
    members = run.members
    for first in range(0, len(members), CHUNK_MEMBERS):
        yield run.select(members[first : first + CHUNK_MEMBERS])


def rows_of(run: Run, *functions: Callable[[Run], Rows]) -> list[Rows]:
    """Put together what each function gives for each member, by name."""
    members, first = len(run.members), 0
    joined: list[Rows] = [{} for _ in functions]
    for part in chunks_of(run):
        stop = first + len(part.members)
        for function, whole in zip(functions, joined, strict=True):
            for name, rows in function(part).items():
                if name not in whole:
                    whole[name] = np.empty((members, *rows.shape[1:]), rows.dtype)
                whole[name][first:stop] = rows
        first = stop
    return joined


class Sums:
    """Sums over members, by name, to the bit the same whatever the chunks."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._totals: dict[Hashable, NDArray[np.float64]] = defaultdict(
            lambda: np.zeros(())
        )

    def add(self, name: Hashable, rows: NDArray[Any]) -> None:
        """Add the rows of some members, one after the other."""
        total = np.broadcast_to(self._totals[name], rows.shape[1:])
        steps = np.concatenate([total[np.newaxis], rows], dtype=np.float64)
        self._totals[name] = np.cumsum(steps, axis=0)[-1]

    def __getitem__(self, name: Hashable) -> NDArray[np.float64]:
        """Give a sum."""
        return self._totals[name]


def values_of(data: xr.Dataset, name: str) -> NDArray[Any]:
    """Read an output of a chunk, and keep it there, with its axes in a known order."""
    variable = data.variables[name].load()
    dims = [dim for dim in _ORDER if dim in variable.dims]
    return np.asarray(variable.transpose(*dims).to_numpy())
