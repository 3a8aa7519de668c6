"""An ensemble in memory: labelled outputs with their units."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from supplyline.case.lookup import find_name
from supplyline.errors import shown, unknown_text
from supplyline.notebook import as_html
from supplyline.output import draft_folder, put_folder, refuse_folder
from supplyline.runs.files import hashes_below, sha256_of
from supplyline.runs.layout import (
    COUNTRY_FILES,
    FILES,
    LAYOUT,
    LOSSES,
    PARAMS,
    PREFIXES,
    SUFFIX,
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

    def _repr_html_(self) -> str:
        """Show what the run is of and how it was made."""
        manifest, arguments = self.manifest, self.manifest.arguments
        days = self.daily["day"].to_numpy().astype("datetime64[D]")
        rows = [
            ("case", self.case.name),
            ("scenario", manifest.scenario),
            ("days", f"{days[0]} to {days[-1]}, frozen {manifest.cutoff}"),
            ("members", f"{arguments.members:,}"),
            ("seed", arguments.seed),
            ("tables", ", ".join(f.removesuffix(SUFFIX) for f in self.files)),
            *(("warning", warning) for warning in manifest.warnings),
        ]
        return as_html(f"Run {manifest.name}", ("", "value"), rows)

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
            Place, by identifier or title. The capital is daily where the output is
            kept by day, as the nation is; other places are weekly.
        corridor : str, optional
            Corridor, by identifier or title; weekly.
        product : str, optional
            Product, of an output that has them.
        region : str, optional
            Region, by identifier or title; weekly.
        group : str, optional
            Armed group, by identifier or title of its actor; weekly.
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
            of attack, or a title is that of several; the message lists those there are.
        """
        axes = {
            "place": place,
            "corridor": corridor,
            "region": region,
            "group": group,
            "attack": attack,
        }
        chosen = {axis: value for axis, value in axes.items() if value is not None}
        if len(chosen) > 1:
            message = f"{', '.join(chosen)} are given; expected one of them"
            raise ValueError(message)
        series = None
        for axis, value in chosen.items():
            label = find_name(self.case, axis, value, self.weekly[axis].to_numpy())
            if label != self.case.config.capital or name not in self.daily:
                series = self._by_week(name, axis).sel({axis: label})
        if series is None:
            series = self._by_day(name)
        return series if product is None else _of_product(series, name, product)

    def _by_day(self, name: str) -> xr.DataArray:
        """Give an output of the nation and the capital."""
        if name in self.daily:
            return self.daily[name]
        known = [str(known) for known in self.daily]
        raise ValueError(unknown_text("name", name, known) + self._axis_hint(name))

    def _by_week(self, name: str, axis: str) -> xr.DataArray:
        """Give an output of an axis, whether its name says the axis or not."""
        prefix = PREFIXES.get(axis, "")
        outputs = self._outputs_by(axis)
        short = str(name).removeprefix(prefix)
        if short in outputs:
            return self.weekly[prefix + short]
        expected = f"one of {', '.join(outputs)} with {axis}"
        text = unknown_text("name", name, outputs, expected)
        raise ValueError(text + self._axis_hint(name))

    def _outputs_by(self, axis: str) -> list[str]:
        """Name the weekly outputs of an axis without what tells the axis."""
        prefix = PREFIXES.get(axis, "")
        return [
            str(name).removeprefix(prefix)
            for name, values in self.weekly.items()
            if axis in values.dims
        ]

    def _axis_hint(self, name: str) -> str:
        """Tell with which other argument an output goes."""
        axes = [axis for axis in ("place", *PREFIXES) if axis in self.weekly.dims]
        fits = [
            f"with {axis}"
            for axis in axes
            if str(name).removeprefix(PREFIXES.get(axis, "")) in self._outputs_by(axis)
        ]
        fits += ["without an axis"] if name in self.daily else []
        return f"; {shown(name)} goes {' or '.join(fits)}" if fits else ""

    def days_of_supply(self, place: str, product: str | None = None) -> xr.DataArray:
        """Give the days of supply at a place: stock over demand [days].

        Parameters
        ----------
        place : str
            Place with a depot, by identifier or title.
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

    def table(self, name: str | Path) -> pa.Table:
        """Give one table of the run folder.

        Parameters
        ----------
        name : str or Path
            Name of the table or its file, such as ``"corridors"``.

        Returns
        -------
        table : pyarrow.Table
            Long rows, sorted by their labels.

        Raises
        ------
        ValueError
            If the run has no such table; the message lists those it has.
        """
        file = f"{str(name).removesuffix(SUFFIX)}{SUFFIX}"
        if file not in self.files:
            known = [known.removesuffix(SUFFIX) for known in self.files]
            raise ValueError(unknown_text("name", name, known))
        if file == LOSSES:
            return pa.Table.from_pandas(self.losses, preserve_index=False)
        if file == PARAMS:
            frame = self.params.reset_index()
            return pa.Table.from_pandas(frame, preserve_index=False)
        part, dims = LAYOUT[file]
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
        refuse_folder(parent)
        parent.mkdir(parents=True, exist_ok=True)
        folder = parent / self.manifest.name
        contents = (*FILES, *COUNTRY_FILES, CASE, MANIFEST)
        with draft_folder(parent, contents) as draft:
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
            put_folder(draft, folder)
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


def _of_product(series: xr.DataArray, name: str, product: str) -> xr.DataArray:
    """Take one product of an output that has products."""
    if "product" not in series.dims:
        message = f"product is {shown(product)}; {name} is not kept by product"
        raise ValueError(message)
    known = [str(label) for label in series["product"].to_numpy()]
    if product not in known:
        raise ValueError(unknown_text("product", product, known))
    return series.sel(product=product)
