"""Charts of a run for notebooks and files; `run.plot` gives them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.shortage import SHORTAGE_DAYS
from supplyline.case.lookup import titles_of
from supplyline.errors import MissingExtraError
from supplyline.exports.geojson import corridor_lines, corridor_results
from supplyline.exports.quantiles import LEVELS, over_members
from supplyline.exports.shortage import shortages_of
from supplyline.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.axes import Axes

    from supplyline.runs import Run

_DARK, _LIGHT, _WARM, _GREY = "#1f4e5f", "#8fb3c0", "#a3182b", "#8a9093"
_BANDS: Final = ((0.05, 0.95, 0.25), (0.25, 0.75, 0.45))
"""Low and high share of the courses in a band, and how dense it is drawn."""
_SIZE: Final = (8.0, 4.8)
_DOTS: Final = 60
_SMALL: Final = 7
_RISKY: Final = 0.003
"""Share of the trucks lost from which a corridor is drawn as one of high risk [1]."""
CHARTS: Final = ("days_of_supply", "towns", "map")
"""Charts that are written as files."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Charts of a run, each on matplotlib axes that can be drawn on further."""

    run: Run

    def fan(
        self,
        name: str,
        *,
        product: str | None = None,
        ax: Axes | None = None,
        **axis: str,
    ) -> Axes:
        """Draw an output through time: its median and what most courses have.

        Parameters
        ----------
        name : str
            Name of the output, as `Run.series` takes it.
        product : str, optional
            Product; the first of the case if the output has them and none is given.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; new ones if not given.
        **axis : str
            One of ``place``, ``corridor``, ``region``, ``group`` and ``attack``.

        Returns
        -------
        ax : matplotlib.axes.Axes
            The axes, with the unit on the vertical one.
        """
        ax = _axes(ax)
        series = self.run.series(name, product=product, **axis)
        if "product" in series.dims:
            product = str(series["product"].to_numpy()[0])
            series = series.sel(product=product)
        time = str(series.dims[-1])
        values = over_members(series.transpose("member", time).to_numpy())
        at, days = dict(zip(LEVELS, values, strict=True)), series.indexes[time]
        for low, high, dense in _BANDS:
            text = _("{percent} % of the courses")
            label = text.format(percent=round(100 * (high - low)))
            band = (days, at[low], at[high])
            ax.fill_between(*band, color=_LIGHT, alpha=dense + 0.2, lw=0, label=label)
        ax.plot(days, at[0.5], color=_DARK, lw=1.6, label=_("median"))
        cutoff: Any = pd.Timestamp(self.run.manifest.cutoff)
        ax.axvline(cutoff, color=_GREY, ls="--", lw=1, label=_("last day of the data"))
        unit = series.attrs.get("units", "1")
        words = name.replace("_", " ")
        ax.set_ylabel(words if unit in ("1", words.split()[0]) else f"{words} [{unit}]")
        ax.set_title(", ".join([*self._titles(axis), *([product] if product else [])]))
        ax.legend(frameon=False, fontsize="small")
        return ax

    def _titles(self, axis: Mapping[str, str]) -> list[str]:
        """Name what an output is of as it is printed."""
        return [
            titles_of(self.run.case, name).get(label, label)
            for name, label in axis.items()
        ]

    def towns(self, *, days: int = SHORTAGE_DAYS, ax: Axes | None = None) -> Axes:
        """Draw the chance of a shortage in 30 and 180 days by town, worst first.

        Parameters
        ----------
        days : int, optional
            Short days in a row that are called a shortage [days].
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; new ones if not given.

        Returns
        -------
        ax : matplotlib.axes.Axes
            The axes.
        """
        ax = _axes(ax)
        frame = shortages_of(self.run, days).towns.frame
        worst = frame.sort_values(
            ["chance_30d_share", "already_share"], ascending=[True, True]
        ).drop_duplicates("place", keep="last")
        names = [f"{row.title} ({row.product})" for row in worst.itertuples()]
        drawn = (
            ("chance_180d_share", _("in the next 180 days"), _LIGHT, 0.8),
            ("chance_30d_share", _("in the next 30 days"), _DARK, 0.8),
            ("already_share", _("on the last day of the data"), _WARM, 0.25),
        )
        for column, label, colour, height in drawn:
            ax.barh(names, 100 * worst[column], height, color=colour, label=label)
        ax.set_xlim(0, 100)
        ax.set_xlabel(_("Share of the courses in shortage [%]"))
        ax.figure.legend(
            frameon=False, fontsize="small", loc="outside upper center", ncol=3
        )
        return ax

    def map(self, *, days: int = SHORTAGE_DAYS, ax: Axes | None = None) -> Axes:
        """Draw corridors by their trucks and towns by their shortage.

        Parameters
        ----------
        days : int, optional
            Short days in a row that are called a shortage [days].
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; new ones if not given.

        Returns
        -------
        ax : matplotlib.axes.Axes
            The axes, in degrees.
        """
        ax = _axes(ax)
        _draw_corridors(self.run, ax)
        frame = shortages_of(self.run, days).towns.frame
        worst = frame.groupby("place")[["chance_30d_share"]].max()
        places = self.run.case.tables["places"].set_index("place").loc[worst.index]
        dots = ax.scatter(
            places["lon"], places["lat"], _DOTS, 100 * worst["chance_30d_share"],
            cmap="YlOrRd", vmin=0, vmax=100, edgecolors="black", zorder=3,
        )  # fmt: skip
        for place in places.itertuples():
            spot: Any = (place.lon, place.lat)
            ax.annotate(
                str(place.title), spot, (6, 5), textcoords="offset points", size=_SMALL
            )
        label = _("Chance of a shortage in the next 30 days [%]")
        ax.figure.colorbar(dots, ax=ax, label=label, shrink=0.7)
        for edge, spots in (("xlim", places["lon"]), ("ylim", places["lat"])):
            pad = 0.1 * max(float(np.ptp(spots)), 1.0)
            ax.set(**{edge: (spots.min() - pad, spots.max() + pad)})
        middle = np.deg2rad(places["lat"].mean())
        ax.set_aspect(1 / max(float(np.cos(middle)), 0.05))
        ax.set_xlabel(_("degrees east"))
        ax.set_ylabel(_("degrees north"))
        return ax


def _draw_corridors(run: Run, ax: Axes) -> None:
    """Draw each corridor as wide as its trucks, in the colour of its losses."""
    results = corridor_results(run)
    most = max(float(results["trucks_sent_per_week"].max()), 1.0)
    for corridor, parts in corridor_lines(run.case):
        if corridor not in results.index:
            continue
        row: Any = results.loc[corridor]
        flow, share = row["trucks_sent_per_week"], row["loss_share"]
        colour = _WARM if share > _RISKY else _DARK
        for part in parts:
            lons, lats = zip(*part, strict=True)
            width = 0.6 + 4 * np.sqrt(flow / most)
            ax.plot(lons, lats, color=colour, lw=width, alpha=0.6, zorder=1)


def _axes(ax: Axes | None) -> Axes:
    """Give axes to draw on; a notebook shows new ones by itself."""
    if ax is not None:
        return ax
    if find_spec("matplotlib") is None:
        raise MissingExtraError(["matplotlib"], "plot")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - an extra, and slow to load

    return plt.subplots(figsize=_SIZE, layout="constrained")[1]


def write_charts(
    run: Run, folder: Path, told: Mapping[str, str], form: str, days: int
) -> None:
    """Write the charts of a run as files of one form, the same bytes each time."""
    if find_spec("matplotlib") is None:
        raise MissingExtraError(["matplotlib"], "plot")
    import matplotlib as mpl  # noqa: PLC0415 - as above
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    plot, capital = Plot(run), run.case.config.capital
    text = _("{run}, data to {cutoff}. {licence}")
    footer = text.format_map(told)
    with mpl.rc_context({"svg.hashsalt": run.manifest.name, "svg.fonttype": "none"}):
        for name in CHARTS:
            figure = Figure(figsize=_SIZE, layout="constrained")
            ax = figure.add_subplot()
            if name == "days_of_supply":
                plot.fan(name, place=capital, ax=ax)
            else:
                getattr(plot, name)(days=days, ax=ax)
            figure.supxlabel(footer, fontsize=6, color=_GREY)
            noted: dict[str, str | None] = {
                "Title": told["run"],
                "Description": footer,
                # neither the time nor the version: the same run gives the same bytes
                "Date" if form == "svg" else "Software": None,
            }
            figure.savefig(folder / f"{name}.{form}", dpi=150, metadata=noted)
