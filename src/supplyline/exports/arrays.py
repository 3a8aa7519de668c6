"""Quantiles of a run as netCDF: labelled arrays with units, days as CF has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import xarray as xr

from supplyline.exports.quantiles import quantile_data
from supplyline.runs.layout import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from supplyline.runs import Run

PARTS: Final = ("daily", "weekly", "ledger")
"""Files; tables of a run that share their time lie in one."""
_TIMES: Final = ("day", "week")


def quantile_arrays(run: Run, part: str, told: Mapping[str, str]) -> xr.Dataset:
    """Give all that a part of a run holds as quantiles, with what goes with them."""
    tables = [name for name in run.tables if name in LAYOUT and LAYOUT[name][0] == part]
    data = xr.merge([quantile_data(run, table) for table in tables], join="exact")
    for time in _TIMES:
        if time in data.coords:
            data[time].attrs |= {"standard_name": "time", "axis": "T"}
    return data.assign_attrs({"Conventions": "CF-1.11", **told})


def write_arrays(run: Run, folder: Path, told: Mapping[str, str]) -> None:
    """Write the quantiles of a run, a file for what shares its time."""
    for part in PARTS:
        data = quantile_arrays(run, part, told)
        days = {"units": f"days since {told['first_day']}", "dtype": "int32"}
        encoding = {time: days for time in _TIMES if time in data.coords}
        # the oldest of the formats: every program reads it
        data.to_netcdf(
            folder / f"{part}.nc",
            engine="scipy",
            format="NETCDF3_64BIT",
            encoding=encoding,
        )
