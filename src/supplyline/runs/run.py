"""An ensemble in memory: labelled outputs with their units."""

from __future__ import annotations

import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from supplyline.runs.files import hashes_below, sha256_of
from supplyline.runs.layout import (
    COUNTRY_FILES,
    FILES,
    LAYOUT,
    LOSSES,
    PARAMS,
    PREFIXES,
)
from supplyline.runs.manifest import CASE, MANIFEST, Manifest, Output
from supplyline.runs.parquet import labels_of, long_table

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from supplyline.case.case import Case


_TABLES_AT_ONCE: Final = 2
"""Tables laid out in memory at the same time while a run is saved."""


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
        Outputs by place, corridor, region, armed group or kind of attack; dims
        ``member, week`` and the axis, for places also ``product``.
    losses : pandas.DataFrame
        One row for each encounter that cost trucks.
    params : pandas.DataFrame
        Drawn parameters, index ``member``.
    ledger : xarray.Dataset
        Accounts by member: fuel [kl], trucks [trucks], and where the case has armed
        groups money [USD], fighters, people and soldiers [persons].
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

    @property
    def has_country(self) -> bool:
        """Whether the run follows armed groups, regions and the regime.

        Returns
        -------
        is_whole : bool
            False where the case has no rows in groups.csv, or the run is of a version
            that had no such submodels.
        """
        return "group" in self.weekly.dims

    @property
    def interdictor(self) -> str:
        """Armed group that enforces the bans, in a run that follows groups.

        Returns
        -------
        group : str
            Row of groups.csv.
        """
        groups = self.case.groups
        return str(groups.loc[groups["is_interdictor"], "group"].iloc[0])

    @property
    def files(self) -> tuple[str, ...]:
        """Give the tables of its folder.

        Returns
        -------
        names : tuple of str
            File names.
        """
        return (*FILES, *COUNTRY_FILES) if self.has_country else FILES

    def series(
        self,
        name: str,
        *,
        place: str | None = None,
        corridor: str | None = None,
        product: str | None = None,
        region: str | None = None,
        group: str | None = None,
        attack: str | None = None,
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
        region : str, optional
            Region; weekly.
        group : str, optional
            Armed group; weekly.
        attack : str, optional
            Kind of attack; weekly.

        Returns
        -------
        series : DataArray
            Dims ``member, day`` or ``member, week``, with ``product`` if not chosen.

        Raises
        ------
        ValueError
            If there is no such output, place, corridor, product, region, group or kind
            of attack.
        """
        axes = {
            "corridor": corridor,
            "region": region,
            "group": group,
            "attack": attack,
        }
        chosen = {axis: value for axis, value in axes.items() if value is not None}
        if len(chosen) + (place is not None) > 1:
            both = ", ".join([*(["place"] if place is not None else []), *chosen])
            message = f"{both} are given; expected one of them"
            raise ValueError(message)
        is_daily = not chosen and place in {None, self.case.config.capital}
        data = self.daily if is_daily else self.weekly
        variable = "".join(PREFIXES[axis] for axis in chosen) + name
        if variable not in data:
            known = ", ".join(str(known) for known in data.data_vars)
            message = f"name is {name!r}; expected one of {known}"
            raise ValueError(message)
        series = data[variable]
        for dim, value in {**chosen, "place": place, "product": product}.items():
            if value is not None and dim in series.dims:
                series = _at(series, dim, value)
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
            with ThreadPoolExecutor(_TABLES_AT_ONCE) as executor:
                written = executor.map(
                    lambda name: self._write(draft, name), self.files
                )
                outputs = dict(zip(self.files, written, strict=True))
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
        # least and most of the labels tell a reader which rows to skip
        how = {"compression": "lz4", "use_dictionary": labels}
        # Arrow cannot open a path that is not UTF-8
        with path.open("wb") as file:
            pq.write_table(table, file, write_statistics=labels, **how)
        return Output(sha256=sha256_of(path), rows=table.num_rows)


def _at(series: xr.DataArray, dim: str, value: str) -> xr.DataArray:
    """Take one label along a dim, and name the labels there are if it is none."""
    labels = series[dim].to_numpy()
    if value not in labels:
        known = ", ".join(str(label) for label in labels)
        message = f"{dim} is {value!r}; expected one of {known}"
        raise ValueError(message)
    return series.sel({dim: value})
