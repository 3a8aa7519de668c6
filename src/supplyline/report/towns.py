"""Towns by their chance of being short of fuel, the worst first.

A town is short in a week over which its public gets less than half of what it wants of
a product. One definition serves the title, the first judgement and the table of towns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of
from supplyline.analysis.compare import STOCKOUT_SHARE
from supplyline.analysis.members import (
    basis_of,
    independent_members,
    median_of,
    number_of,
    share_of,
)
from supplyline.quantities import Likelihood, Quantity, likelihood
from supplyline.report.series import dated, forecast_start, rounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

WEEKS_AHEAD: Final = 8
"""Most weeks after the cut-off over which towns are judged."""
WEEK: Final = pd.Timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Town:
    """One town, told by the product that it is most often short of."""

    title: str
    product: str
    """Its name and the product."""
    is_capital: bool
    """Whether it is the capital of the case."""
    chance: Quantity | None
    """Chance of a short week ahead; none where no whole week is simulated."""
    already: Quantity | None
    """Share of the courses in which it is short in the last week known."""
    days_of_supply: Quantity | None
    """Days that its stock lasts at the end of that week."""
    people: Quantity | None
    """People living there, where the case says so."""

    @property
    def word(self) -> Likelihood:
        """The word of likelihood of its chance, or of its state where none is given."""
        share = self.chance or self.already
        return likelihood(0.0 if share is None else number_of(share))

    @property
    def is_short_already(self) -> bool:
        """Whether it is short in more than half of the courses already."""
        return self.already is not None and number_of(self.already) > 0.5


@dataclass(frozen=True, slots=True)
class Towns:
    """All towns, the worst first, and the weeks by which they are judged."""

    rows: tuple[Town, ...]
    """The towns whose public buys fuel."""
    fuel: str
    """The product, where the case has one; otherwise "fuel"."""
    count: Quantity
    weeks: Quantity
    """Number of towns and of whole weeks ahead."""
    least: Quantity
    """Share of what is wanted below which a week is short [1]."""
    first: Quantity | None
    last: Quantity | None
    """First day of the first week ahead and last day of the last one."""
    known: Quantity | None
    """Last day of the last whole week up to the cut-off."""


def read_towns(run: Run) -> Rows:
    """Tell which weeks ahead, and which last one, are short by town; and its stock."""
    ahead, past = _weeks_of(run)
    served = values_of(run.weekly, "served_share")
    return {
        # served is missing where the public buys nothing, as at a mine
        "is_bought": np.isfinite(served).any(axis=1),
        "ahead": served[:, ahead] < STOCKOUT_SHARE,
        "past": served[:, past] < STOCKOUT_SHARE,
        "cover": values_of(run.weekly, "days_of_supply")[:, past],
    }


def _weeks_of(run: Run) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the weeks ahead, and the last whole one up to the cut-off."""
    start, weeks = forecast_start(run), pd.DatetimeIndex(run.weekly["week"].to_numpy())
    ahead = np.flatnonzero(weeks >= start)[:WEEKS_AHEAD]
    return ahead, np.flatnonzero(weeks + WEEK <= start)[-1:]


def towns_of(run: Run, read: Rows) -> Towns:
    """Rank the towns of a run by their chance of a short week."""
    basis = basis_of(run)
    weeks = pd.DatetimeIndex(run.weekly["week"].to_numpy())
    ahead, past = _weeks_of(run)
    ranked = sorted(_ranked(run, read), key=lambda pair: pair[0])
    rows = tuple(town for _, town in ranked)
    products = run.case.config.products

    def count(value: float, unit: str) -> Quantity:
        return Quantity(float(value), unit, basis=basis, digits=None)

    return Towns(
        rows=rows,
        fuel=str(products[0]) if len(products) == 1 else "fuel",
        count=count(len(rows), "1"),
        weeks=count(len(ahead), "weeks"),
        least=count(STOCKOUT_SHARE, "share"),
        first=dated(weeks[ahead[0]], basis) if len(ahead) else None,
        last=_last_day(weeks, ahead, basis),
        known=_last_day(weeks, past, basis),
    )


def _last_day(
    weeks: pd.DatetimeIndex, chosen: NDArray[np.intp], basis: str
) -> Quantity | None:
    """Date the last day of the last of the chosen weeks."""
    if not len(chosen):
        return None
    return dated(weeks[chosen[-1]] + WEEK - pd.Timedelta(days=1), basis)


def _ranked(run: Run, read: Rows) -> list[tuple[tuple[float, float, float, str], Town]]:
    """Tell each town with what it is ranked by: chance, short weeks, state, name."""
    is_bought = np.asarray(read["is_bought"].any(axis=0))
    products = [str(name) for name in run.weekly["product"].to_numpy()]
    places = run.case.tables["places"].set_index("place")
    basis, capital = basis_of(run), run.case.config.capital
    ranked = []
    for spot, place in enumerate(str(name) for name in run.weekly["place"].to_numpy()):
        if not is_bought[spot].any():
            continue
        coming, recent = read["ahead"][:, :, spot], read["past"][:, :, spot]
        order = _severity(coming, recent)
        column = max(np.flatnonzero(is_bought[spot]), key=lambda one: order[one])
        town = Town(
            title=str(places["title"].get(place, place)),
            product=products[column],
            is_capital=place == capital,
            chance=_share(coming[:, :, column], run),
            already=_share(recent[:, :, column], run),
            days_of_supply=_days(read["cover"][:, :, spot, column], basis),
            people=_people(run, places, place),
        )
        chance, weeks, state = order[column]
        ranked.append(((-chance, -weeks, -state, town.title), town))
    return ranked


def _severity(
    coming: NDArray[np.bool_], recent: NDArray[np.bool_]
) -> list[tuple[float, float, float]]:
    """Measure each product by its chance of a short week, their number, and by now."""
    return [
        (
            float(coming[:, :, column].any(axis=1).mean()),
            float(coming[:, :, column].sum(axis=1).mean()),
            float(recent[:, :, column].any(axis=1).mean()),
        )
        for column in range(coming.shape[2])
    ]


def _share(short: NDArray[np.bool_], run: Run) -> Quantity | None:
    """Count the courses with a short week; none where there is no week."""
    if not short.shape[1]:
        return None
    alone, count = independent_members(run), float(short.any(axis=1).sum())
    return share_of(count, len(short), basis_of(run), alone)


def _days(cover: NDArray[Any], basis: str) -> Quantity | None:
    """Tell the days that a stock lasts; none where no course knows."""
    middle = median_of(cover.astype(np.float64).ravel(), "days", basis)
    return None if middle is None else rounded(middle, 1)


def _people(run: Run, places: pd.DataFrame, place: str) -> Quantity | None:
    """Read how many people live at a place; missing stays missing."""
    if place not in places.index:
        return None
    row: Any = places.loc[place]
    if pd.isna(row["population"]):
        return None
    source = str(row["source"])
    is_known = source in set(run.case.tables["sources"]["source"])
    basis = f"source {source}" if is_known else "assumption"
    return Quantity(float(row["population"]), "1", basis=basis, digits=None)
