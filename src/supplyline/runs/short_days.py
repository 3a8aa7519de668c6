"""Short days: a bit for each day of a week, and the days back from the bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import xarray as xr

from supplyline.errors import RunError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORT_DAYS: Final = "short_days"
"""Weekly output: the sum of 1, 2, 4 ... 64 for the days of the week that were short."""
WEEK_DAYS: Final = 7


def short_days(weekly: xr.Dataset, day: xr.DataArray) -> xr.DataArray:
    """Tell which days are short, by member, place and product."""
    if SHORT_DAYS not in weekly or not weekly.sizes["week"]:
        what = "has no whole week" if SHORT_DAYS in weekly else "is of an older version"
        message = f"the run {what}: no short days were counted; simulate it again"
        raise RunError(message)
    dims = ("member", "week", "place", "product")
    bits = weekly[SHORT_DAYS].transpose(*dims)
    days = _days_of(np.nan_to_num(bits.to_numpy()), day.size)
    axes = {dim: weekly[dim] for dim in dims if dim != "week"}
    by_day = ("member", "day", "place", "product")
    return xr.DataArray(days, {"day": day} | axes, by_day)


def _days_of(bits: NDArray[np.float32], count: int) -> NDArray[np.bool_]:
    """Lay bits of weeks out as days; the last week holds those of a broken one too."""
    weeks = bits.shape[1]
    days = np.zeros((bits.shape[0], count, *bits.shape[2:]), bool)
    # 13 bits at most
    whole = bits.astype(np.uint16)
    for place in range(WEEK_DAYS):
        days[:, place : weeks * WEEK_DAYS : WEEK_DAYS] = whole >> place & 1
    for day in range(weeks * WEEK_DAYS, count):
        days[:, day] = whole[:, -1] >> (day - (weeks - 1) * WEEK_DAYS) & 1
    return days
