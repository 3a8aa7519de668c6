"""Outputs of a run as quantiles over its courses, a table of the run at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr

from supplyline.runs.layout import LAYOUT
from supplyline.runs.listing import outputs_of
from supplyline.runs.short_days import SHORT_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.runs import Run

LEVELS: Final = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
"""Shares of the courses that lie below."""
_MOST_BYTES: Final = 1 << 28
"""Bytes of one output in memory at once; a larger one is gone through by label."""


def quantile_data(run: Run, table: str) -> xr.Dataset:
    """Give the outputs of one table of a run, in place of members their quantiles.

    Bits that tell days have none.
    """
    part, dims = LAYOUT[table]
    data: xr.Dataset = getattr(run, part)
    labels = [dim for dim in dims if dim != "member"]
    variables = {
        name: (
            ("quantile", *labels),
            _quantiles(data[name].transpose("member", *labels)),
            data[name].attrs,
        )
        for name in outputs_of(run, table)
        if name != SHORT_DAYS
    }
    coords = {dim: data[dim] for dim in labels}
    if "part" in data.coords and data["part"].dims[0] in labels:
        coords["part"] = data["part"]
    quantile = xr.DataArray(
        np.array(LEVELS),
        dims="quantile",
        attrs={"units": "1", "long_name": "share of the courses that lie below"},
    )
    return xr.Dataset(variables, {**coords, "quantile": quantile})


def _quantiles(output: xr.DataArray) -> NDArray[np.float32]:
    """Take the quantiles of one output, by label where it is large."""
    if output.nbytes <= _MOST_BYTES or output.ndim < 3:
        return over_members(output.to_numpy())
    labels = range(output.shape[2])
    parts = [
        over_members(output.isel({output.dims[2]: at}).to_numpy()) for at in labels
    ]
    return np.stack(parts, axis=2)


def over_members(values: NDArray[Any]) -> NDArray[np.float32]:
    """Take quantiles along the first axis; courses without a value do not count."""
    ordered = np.sort(values, axis=0)
    count = len(ordered) - np.isnan(ordered).sum(axis=0)
    taken = [_at(ordered, level * np.maximum(count - 1, 0), count) for level in LEVELS]
    return np.stack(taken).astype(np.float32)


def _at(
    ordered: NDArray[Any], spot: NDArray[np.float64], count: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Read sorted values between two of them; missing where no course has a value."""
    below = np.floor(spot).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = (
        np.take_along_axis(ordered, at[np.newaxis], axis=0)[0].astype(np.float64)
        for at in (below, above)
    )
    return np.asarray(low + (high - low) * (spot - below))
