"""An ensemble in memory: labelled outputs with their units."""

from __future__ import annotations

import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from supplyline.runs.manifest import CASE, MANIFEST, Manifest, Output
from supplyline.runs.parquet import (
    hashes_below,
    labels_of,
    long_table,
    sha256_of,
)

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from supplyline.case.case import Case

FUEL_ACCOUNTS: Final = (
    "stock_start", "internal_start", "imported", "informal", "sold", "sold_public",
    "refused", "internal_lost", "used", "holdings_start", "stock_end", "internal_end",
    "holdings_end",
)  # fmt: skip
"""Fuel accounts, over the depots and internal roads of the country [kl]."""

TRUCK_ACCOUNTS: Final = ("start", "idle", "waiting", "under_way", "returning", "lost")
"""Truck accounts of a run [trucks]."""

LAYOUT: Final = {
    "depots.parquet": ("weekly", ("member", "week", "place", "product")),
    "places.parquet": ("weekly", ("member", "week", "place")),
    "corridors.parquet": ("weekly", ("member", "week", "corridor")),
    "capital.parquet": ("daily", ("member", "day", "product")),
    "nation.parquet": ("daily", ("member", "day")),
    "fuel_ledger.parquet": ("ledger", ("member", "fuel_account", "product")),
    "truck_ledger.parquet": ("ledger", ("member", "truck_account", "fleet")),
}
"""Tables of labelled outputs: part of the run, and its dims in the order of rows."""
LOSSES: Final = "losses.parquet"
PARAMS: Final = "params.parquet"
FILES: Final = (*LAYOUT, LOSSES, PARAMS)
"""All tables of a run folder."""

_UNITS: Final = {
    "kl": "kl", "share": "1", "h": "h", "usd": "USD", "price_per_l": "{currency}/l",
    "days_of_supply": "days", "fear": "1", "posture": "1", "escorts": "packages",
    "convoys": "convoys", "drivers_abducted": "persons", "drivers_killed": "persons",
}  # fmt: skip
"""Unit by name, or by the last word of the name; trucks otherwise."""


def describe(data: xr.Dataset, currency: str) -> None:
    """Give every variable its unit and its name in words.

    Parameters
    ----------
    data : Dataset
        Its variables are changed.
    currency : str
        Currency of the prices.
    """
    for name, variable in data.data_vars.items():
        text = str(name).removeprefix("corridor_")
        unit = _UNITS.get(text) or _UNITS.get(text.rsplit("_", 1)[-1], "trucks")
        variable.attrs["units"] = unit.format(currency=currency)
        variable.attrs["long_name"] = str(name).replace("_", " ")


def with_part(data: xr.Dataset, time: str, cutoff: pd.Timestamp) -> xr.Dataset:
    """Tell the past from the forecast along a time axis.

    Parameters
    ----------
    data : Dataset
        The data.
    time : str
        Name of the time axis: ``day`` or ``week``.
    cutoff : Timestamp
        Last day of the past.

    Returns
    -------
    parted : Dataset
        The same with the coordinate ``part``: ``past`` or ``forecast``.
    """
    part = np.where(data[time].to_numpy() <= cutoff.to_datetime64(), "past", "forecast")
    return data.assign_coords(part=(time, part))


@dataclass(frozen=True, eq=False)
class Run:
    """An ensemble of one case with its manifest.

    Attributes
    ----------
    manifest : Manifest
        How it was made.
    case : Case
        The case it was made from.
    daily : xarray.Dataset
        National and capital outputs; dims ``member, day[, product]``.
    weekly : xarray.Dataset
        Outputs by place, or corridor; dims ``member, week, place[, product]``.
    losses : pandas.DataFrame
        One row for each encounter that cost trucks.
    params : pandas.DataFrame
        Drawn parameters, index ``member``.
    ledger : xarray.Dataset
        Accounts of fuel [kl] and trucks [trucks] by member.
    """

    manifest: Manifest
    case: Case
    daily: xr.Dataset
    weekly: xr.Dataset
    losses: pd.DataFrame
    params: pd.DataFrame
    ledger: xr.Dataset

    def __repr__(self) -> str:
        """Name the run and its size."""
        arguments = self.manifest.arguments
        days = self.daily.sizes["day"]
        return (
            f"<Run {self.manifest.name}: {arguments.members:,} members x {days} days, "
            f"seed {arguments.seed}>"
        )

    def series(
        self,
        name: str,
        *,
        place: str | None = None,
        corridor: str | None = None,
        product: str | None = None,
    ) -> xr.DataArray:
        """Give one output through time.

        Parameters
        ----------
        name : str
            Name of the output.
        place : str, optional
            Place; the capital and the nation are daily, other places weekly.
        corridor : str, optional
            Corridor; weekly.
        product : str, optional
            Product, where the output has one.

        Returns
        -------
        series : DataArray
            Dims ``member, day`` or ``member, week``, with ``product`` if not chosen.

        Raises
        ------
        ValueError
            If there is no such output, place, corridor or product.
        """
        capital = self.case.config.capital
        data = (
            self.daily if place in {None, capital} and corridor is None else self.weekly
        )
        variable = f"corridor_{name}" if corridor is not None else name
        chosen = {"place": place, "corridor": corridor, "product": product}
        if variable not in data:
            known = ", ".join(str(known) for known in data.data_vars)
            message = f"name is {name!r}; expected one of {known}"
            raise ValueError(message)
        series = data[variable]
        for dim, value in chosen.items():
            if value is None or dim not in series.dims:
                continue
            if value not in series[dim].to_numpy():
                known = ", ".join(str(known) for known in series[dim].to_numpy())
                message = f"{dim} is {value!r}; expected one of {known}"
                raise ValueError(message)
            series = series.sel({dim: value})
        return series

    def days_of_supply(self, place: str, product: str | None = None) -> xr.DataArray:
        """Give the days of supply at a place: stock over demand [days].

        Parameters
        ----------
        place : str
            Place with a depot.
        product : str, optional
            Product; all if not given.

        Returns
        -------
        series : DataArray
            Dims ``member, day`` in the capital, ``member, week`` elsewhere.

        Raises
        ------
        ValueError
            If there is no such place or product.
        """
        return self.series("days_of_supply", place=place, product=product)

    def table(self, name: str) -> pa.Table:
        """Give one table of the run folder.

        Parameters
        ----------
        name : str
            File name.

        Returns
        -------
        table : pyarrow.Table
            Long rows, sorted by their labels.
        """
        if name == LOSSES:
            return pa.Table.from_pandas(self.losses, preserve_index=False)
        if name == PARAMS:
            frame = self.params.reset_index()
            return pa.Table.from_pandas(frame, preserve_index=False)
        part, dims = LAYOUT[name]
        return long_table(getattr(self, part), dims)

    def save(self, parent: str | Path) -> Path:
        """Write the run as a folder, whole or not at all.

        Parameters
        ----------
        parent : str or Path
            Folder that holds runs; made if it is absent.

        Returns
        -------
        folder : Path
            The run's folder; one of the same name is replaced.
        """
        parent = Path(parent)
        parent.mkdir(parents=True, exist_ok=True)
        folder = parent / self.manifest.name
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=parent))
        try:
            with ThreadPoolExecutor() as executor:
                written = executor.map(lambda name: self._write(draft, name), FILES)
                outputs = dict(zip(FILES, written, strict=True))
            self.case.save(draft / CASE)
            made = {"outputs": outputs, "case_files": hashes_below(draft / CASE)}
            manifest = self.manifest.model_copy(update=made)
            text = json.dumps(
                manifest.model_dump(mode="json"), indent=1, ensure_ascii=False
            )
            (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")
            draft.chmod(0o755)
            if folder.exists():
                shutil.rmtree(folder)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return folder

    def _write(self, folder: Path, name: str) -> Output:
        table = self.table(name)
        path = folder / name
        labels = labels_of(table)
        pq.write_table(table, path, compression="lz4", use_dictionary=labels)
        return Output(sha256=sha256_of(path), rows=table.num_rows)
