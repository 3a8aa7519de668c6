"""A run: the labelled outputs of an ensemble with their units, and its folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from supplyline.case.lookup import find_name
from supplyline.errors import shown, unknown_text
from supplyline.notebook import as_html
from supplyline.output import draft_folder, path_of, put_folder, refuse_folder
from supplyline.runs.layout import (
    COUNTRY_TABLES,
    LAYOUT,
    LOSSES,
    PARAMS,
    PREFIXES,
    TABLES,
    row_order,
)
from supplyline.runs.lineage import LINEAGE, Lineage
from supplyline.runs.manifest import CASE, MANIFEST, Manifest
from supplyline.runs.parquet import frame_table, long_table
from supplyline.runs.parts import SUFFIX, close_folder, parts_of, write_tables
from supplyline.runs.saved import SavedFrame
from supplyline.runs.short_days import short_days

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa
    import xarray as xr

    from supplyline.case.case import Case


_PARTS_AT_ONCE: Final = 2
"""Parts written at the same time while a run is saved."""


class _Frame:
    """A frame of a run: held, or read from its folder whenever it is asked for."""

    def __set_name__(self, owner: type[Run], name: str) -> None:
        self._name = name

    def __get__(self, run: Run | None, owner: type[Run]) -> pd.DataFrame:
        if run is None:
            raise AttributeError(self._name)  # a field without a default
        held: pd.DataFrame | SavedFrame = vars(run)[self._name]
        return held.read() if isinstance(held, SavedFrame) else held

    def __set__(self, run: Run, frame: pd.DataFrame | SavedFrame) -> None:
        vars(run)[self._name] = frame


@dataclass(frozen=True, eq=False)
class Run:
    """An ensemble of one case with its manifest.

    A large run that lies in a folder is not held in memory: what is used of it is read
    each time, and no more than that.

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
        Drawn parameters, index ``member``; where a lineage moves some, those that hold
        on the last day.
    ledger : xarray.Dataset
        Accounts by member: fuel [kl], trucks [trucks], and where the case has armed
        groups money [USD], fighters, people and soldiers [persons].
    lineage : Lineage or None
        Whose luck its members live on; None where each lives on its own.
    """

    manifest: Manifest
    case: Case
    daily: xr.Dataset
    weekly: xr.Dataset
    losses: _Frame = _Frame()
    params: _Frame = _Frame()
    ledger: xr.Dataset  # type: ignore[misc] # descriptors are no defaults
    lineage: Lineage | None = None

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
            *([] if self.lineage is None else [("lineage", self.lineage.sha256)]),
            ("tables", ", ".join(self.tables)),
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
    def tables(self) -> tuple[str, ...]:
        """Name the tables of the run.

        Returns
        -------
        names : tuple of str
            Each is a folder of the run's folder.
        """
        return (*TABLES, *COUNTRY_TABLES) if self.has_country else TABLES

    @property
    def members(self) -> range:
        """Tell which members the run holds.

        Returns
        -------
        members : range
            The first, and one past the last.
        """
        members = self.daily.indexes["member"]
        return range(int(members[0]), int(members[-1]) + 1)

    def select(self, members: range) -> Run:
        """Give the run of some of its members.

        Parameters
        ----------
        members : range
            The first, and one past the last.

        Returns
        -------
        run : Run
            The run of these members alone, as if no others had been asked for; of a
            large run only their rows are read.

        Raises
        ------
        ValueError
            If this is no range of members that the run has.
        """
        own = self.members
        given: object = members
        if (
            not isinstance(given, range)
            or given.step != 1
            or not own.start <= given.start < given.stop <= own.stop
        ):
            message = f"members is {members}; expected a range within {own}"
            raise ValueError(message)
        if members == own:
            # its own run: what it reads is not kept by this one
            kinds = ("daily", "weekly", "ledger")
            return replace(self, **{kind: getattr(self, kind).copy() for kind in kinds})
        rows = slice(members.start, members.stop - 1)
        losses, params = vars(self)["losses"], vars(self)["params"]
        if isinstance(losses, SavedFrame):
            losses, params = losses.select(members), params.select(members)
        else:
            ends = losses["member"].searchsorted([members.start, members.stop])
            losses = losses[slice(*ends)].reset_index(drop=True)
            params = params.loc[rows]
        return replace(
            self,
            manifest=self.manifest.of_members(members),
            daily=self.daily.sel(member=rows),
            weekly=self.weekly.sel(member=rows),
            losses=losses,
            params=params,
            ledger=self.ledger.sel(member=rows),
        )

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

    @property
    def is_short(self) -> xr.DataArray:
        """Tell on which days each place is short of each product.

        Returns
        -------
        is_short : DataArray
            Whether the public gets less than ``manifest.arguments.short_below`` of what
            it wants; dims ``member, day, place, product``. False too where the public
            buys nothing, as at a mine.

        Raises
        ------
        RunError
            If the run has no whole week, or is of a version that counted no short days.
        """
        return short_days(self.weekly, self.daily["day"])

    @property
    def plot(self) -> Any:  # noqa: ANN401 - what draws stands above runs
        """Draw charts of the run; needs the extra ``plot``.

        Returns
        -------
        plot : Plot
            ``fan``, ``towns`` and ``map``, each on axes of matplotlib.
        """
        return import_module("supplyline.exports.plot").Plot(self)

    def explain(self, question: str, *, within: int = 60, short_for: int = 3) -> Any:  # noqa: ANN401 - what explains stands above runs
        """Tell why a chance or an amount is what it is: see `supplyline.explain`.

        Parameters
        ----------
        question : str
            An outcome, a product and a place, such as ``"short diesel bamako"``.
        within : int
            Days from the cut-off on that it asks about [days].
        short_for : int
            Short days in a row that make a shortage [days].

        Returns
        -------
        explanation : Explanation
            The chance, how much of it is so already, and what moves it.

        Raises
        ------
        ValueError
            If a word is not known, or the days are not in the run.
        """
        above = import_module("supplyline.analysis.explain")
        return above.explain(self, question, within=within, short_for=short_for)

    def table(self, name: str | Path) -> pa.Table:
        """Give one table of the run folder.

        Parameters
        ----------
        name : str or Path
            Name of the table, such as ``"corridors"``.

        Returns
        -------
        table : pyarrow.Table
            Long rows, sorted by their labels: members of each label, then time.

        Raises
        ------
        ValueError
            If the run has no such table; the message lists those it has.
        """
        table = str(name).removesuffix(SUFFIX)
        if table not in self.tables:
            raise ValueError(unknown_text("name", name, self.tables))
        if table == LOSSES:
            return frame_table(self.losses)
        if table == PARAMS:
            return frame_table(self.params.reset_index())
        part, dims = LAYOUT[table]
        return long_table(getattr(self, part), row_order(dims))

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
        parent = path_of("parent", parent)
        refuse_folder(parent)
        parent.mkdir(parents=True, exist_ok=True)
        folder = parent / self.manifest.name
        contents = (*TABLES, *COUNTRY_TABLES, LINEAGE, CASE, MANIFEST)
        parts = [self.select(members) for members in parts_of(self.members)]
        with draft_folder(parent, contents) as draft:
            with ThreadPoolExecutor(_PARTS_AT_ONCE) as executor:
                written = executor.map(lambda part: write_tables(part, draft), parts)
                outputs = dict(item for part in written for item in part.items())
            close_folder(draft, self.case, self.manifest, outputs, self.lineage)
            draft.chmod(0o755)
            put_folder(draft, folder)
        return folder


def _of_product(series: xr.DataArray, name: str, product: str) -> xr.DataArray:
    """Take one product of an output that has products."""
    if "product" not in series.dims:
        message = f"product is {shown(product)}; {name} is not kept by product"
        raise ValueError(message)
    known = [str(label) for label in series["product"].to_numpy()]
    if product not in known:
        raise ValueError(unknown_text("product", product, known))
    return series.sel(product=product)
