"""Towns, the worst first: how likely each is to run short, when, and what it lacks.

One definition of shortage serves the title, the first judgement, the maps and the table
of towns: that of `supplyline.analysis.shortage`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of
from supplyline.analysis.members import basis_of, median_of, number_of
from supplyline.analysis.shortage import (
    SHORTAGE_DAYS,
    came_within,
    first_likely,
    shortage_in,
)
from supplyline.quantities import Likelihood, Quantity, likelihood
from supplyline.report.series import dated, forecast_start, rounded
from supplyline.runs.short_days import SHORT_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

HORIZONS: Final = (30, 60, 180)
"""Days after the cut-off within which the chance of a shortage is told [days]."""
TITLE_DAYS: Final = 60
"""The horizon of the title, of the order of towns and of their words [days]."""
MAP_DAYS: Final = (0, 30, 90)
"""Days after the cut-off whose state the maps show [days]."""
MISSING_WEEKS: Final = 8
"""Most whole weeks after the cut-off over which missing litres are added up."""
WEEK: Final = pd.Timedelta(days=7)
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Town:
    """One town, told by the product that it is most often short of."""

    place: str
    """Row of places.csv."""
    title: str
    product: str
    """Its name and the product."""
    is_capital: bool
    """Whether it is the capital of the case."""
    already: Quantity
    """Share of the courses in which a shortage is on at the cut-off."""
    chances: tuple[Quantity | None, ...]
    """Chance of a shortage within each of `HORIZONS`; none beyond the forecast."""
    chance: Quantity | None
    """Chance within the horizon of the title; none without a day ahead."""
    first: Quantity | None
    """First day by which a shortage is more likely than not; none where never."""
    states: tuple[Quantity | None, ...]
    """Share of the courses in shortage on each day of `MAP_DAYS`."""
    days_of_supply: Quantity | None
    """Days that its stock lasts in the last week known."""
    missing: Quantity | None
    """What its public lacks over the weeks ahead, all products [million litres]."""
    people: Quantity | None
    """People living there, where the case says so."""

    @property
    def word(self) -> Likelihood:
        """The word of likelihood of its chance, or of its state where none is given."""
        return likelihood(number_of(self.chance or self.already))

    @property
    def is_short_already(self) -> bool:
        """Whether it is in shortage in more than half of the courses already."""
        return number_of(self.already) > _HALF


@dataclass(frozen=True, slots=True)
class Towns:
    """All towns, the worst first, and by what they are judged."""

    rows: tuple[Town, ...]
    """The towns whose public buys fuel."""
    fuel: str
    """The product, where the case has one; otherwise "fuel"."""
    count: Quantity
    """Number of towns."""
    below: Quantity
    """Share of what is wanted below which a day is short [1]."""
    spell: Quantity
    """Short days in a row that make a shortage."""
    horizons: tuple[Quantity, ...]
    """`HORIZONS`."""
    days: Quantity
    """The horizon of the title; shorter where the forecast is."""
    first: Quantity | None
    last: Quantity | None
    """Its first and last day; none without a day ahead."""
    known: Quantity
    """The last day known."""
    map_days: tuple[Quantity, ...]
    """Days of the maps, as far as the run goes."""
    weeks: Quantity
    """Whole weeks over which missing litres are added up."""
    weeks_from: Quantity | None
    weeks_to: Quantity | None
    """First and last day of these weeks."""

    @property
    def short_now(self) -> Quantity:
        """Number of towns that are short already."""
        value = float(sum(town.is_short_already for town in self.rows))
        return Quantity(value, "1", basis=self.count.basis, digits=None)


def town_reader(days: int = SHORTAGE_DAYS) -> Callable[[Run], Rows]:
    """Make what tells the shortages of a run, by so many short days in a row."""

    def read(run: Run) -> Rows:
        shortage = shortage_in(run, days)
        lacking = values_of(run.weekly, "unmet_kl")[:, weeks_ahead(run)]
        on = [day for day in MAP_DAYS if day <= shortage.days_ahead]
        return {
            # missing where the public buys nothing, as at a mine
            "is_bought": np.isfinite(values_of(run.weekly, SHORT_DAYS)).any(axis=1),
            "already": shortage.already,
            "first_day": shortage.first_day,
            "days_short": shortage.days[:, shortage.cutoff + 1 :][:, :TITLE_DAYS].sum(
                axis=1, dtype=np.int32
            ),
            "states": np.stack([shortage.on(day) for day in on], axis=1),
            "cover": values_of(run.weekly, "days_of_supply")[:, _last_week(run)],
            "missing": np.nansum(lacking, axis=(1, 3), dtype=np.float64),
        }

    return read


def weeks_ahead(run: Run) -> NDArray[np.intp]:
    """Find the next whole weeks after the cut-off."""
    weeks = pd.DatetimeIndex(run.weekly["week"].to_numpy())
    return np.flatnonzero(weeks >= forecast_start(run))[:MISSING_WEEKS]


def _last_week(run: Run) -> NDArray[np.intp]:
    """Find the last whole week up to the cut-off; none where there is none."""
    weeks = pd.DatetimeIndex(run.weekly["week"].to_numpy())
    return np.flatnonzero(weeks + WEEK <= forecast_start(run))[-1:]


def towns_of(run: Run, read: Rows, days: int = SHORTAGE_DAYS) -> Towns:
    """Rank the towns of a run by their chance of a shortage."""
    basis, arguments = basis_of(run), run.manifest.arguments
    weeks = pd.DatetimeIndex(run.weekly["week"].to_numpy())
    ahead = weeks_ahead(run)
    ranked = sorted(_ranked(run, read), key=lambda pair: pair[0])
    products = run.case.config.products
    horizon = min(TITLE_DAYS, arguments.days)
    cutoff = pd.Timestamp(run.manifest.cutoff)

    def count(value: float, unit: str = "1") -> Quantity:
        return Quantity(float(value), unit, basis=basis, digits=None)

    return Towns(
        rows=tuple(town for _, town in ranked),
        fuel=str(products[0]) if len(products) == 1 else "fuel",
        count=count(len(ranked)),
        below=count(arguments.short_below, "share"),
        spell=count(days, "days"),
        horizons=tuple(count(each, "days") for each in HORIZONS),
        days=count(horizon, "days"),
        first=dated(forecast_start(run), basis) if horizon else None,
        last=dated(cutoff + pd.Timedelta(days=horizon), basis) if horizon else None,
        known=dated(cutoff, basis),
        map_days=tuple(
            dated(cutoff + pd.Timedelta(days=day), basis)
            for day in MAP_DAYS
            if day <= arguments.days
        ),
        weeks=count(len(ahead), "weeks"),
        weeks_from=dated(weeks[ahead[0]], basis) if len(ahead) else None,
        weeks_to=dated(weeks[ahead[-1]] + WEEK - pd.Timedelta(days=1), basis)
        if len(ahead)
        else None,
    )


def _ranked(run: Run, read: Rows) -> list[tuple[tuple[float, float, float, str], Town]]:
    """Tell each town with what it is ranked by: chance, short days, state, name."""
    is_bought = np.asarray(read["is_bought"].any(axis=0))
    ranked = []
    for spot, place in enumerate(str(name) for name in run.weekly["place"].to_numpy()):
        if is_bought[spot].any():
            order = _severity(run, read, spot)
            column = max(np.flatnonzero(is_bought[spot]), key=lambda one: order[one])
            town = _town(run, read, place, (spot, int(column)))
            chance, days, state = order[column]
            ranked.append(((-chance, -days, -state, town.title), town))
    return ranked


def _severity(run: Run, read: Rows, spot: int) -> list[tuple[float, float, float]]:
    """Measure each product by its chance of a shortage, its days in it, and by now."""
    horizon = min(TITLE_DAYS, run.manifest.arguments.days)
    first = read["first_day"][:, spot]
    comes = came_within(first, horizon)
    return [
        (
            float(comes[:, column].mean()),
            float(read["days_short"][:, spot, column].mean()),
            float(read["already"][:, spot, column].mean()),
        )
        for column in range(first.shape[1])
    ]


def _town(run: Run, read: Rows, place: str, where: tuple[int, int]) -> Town:
    """Tell one town by one product."""
    basis, ahead = basis_of(run), run.manifest.arguments.days
    places = run.case.tables["places"].set_index("place")
    first = read["first_day"][:, *where]

    def chance(days: int) -> Quantity | None:
        if not 0 < days <= ahead:
            return None
        return _share(came_within(first, days), basis)

    states = read["states"][:, :, *where]
    missing = read["missing"][:, where[0]] if len(weeks_ahead(run)) else np.array([])
    return Town(
        place=place,
        title=str(places["title"].get(place, place)),
        product=str(run.weekly["product"].to_numpy()[where[1]]),
        is_capital=place == run.case.config.capital,
        already=_share(read["already"][:, *where], basis),
        chances=tuple(chance(days) for days in HORIZONS),
        chance=chance(min(TITLE_DAYS, ahead)),
        first=_first_likely(run, first),
        states=tuple(
            _share(states[:, number], basis) if number < states.shape[1] else None
            for number in range(len(MAP_DAYS))
        ),
        days_of_supply=_middle(read["cover"][:, :, *where], "days", basis),
        missing=_middle(missing / 1000, "1", basis),
        people=_people(run, places, place),
    )


def _share(holds: NDArray[np.bool_], basis: str) -> Quantity:
    """Tell in what share of the courses something holds."""
    return Quantity(float(holds.mean()), "probability", basis=basis)


def _first_likely(run: Run, first: NDArray[np.int64]) -> Quantity | None:
    """Date the first day by which more than half of the courses saw a shortage."""
    day = first_likely(first)
    if day is None:
        return None
    cutoff = pd.Timestamp(run.manifest.cutoff)
    return dated(cutoff + pd.Timedelta(days=day), basis_of(run))


def _middle(values: NDArray[Any], unit: str, basis: str) -> Quantity | None:
    """Tell the median of the courses; none where no course knows."""
    middle = median_of(values.astype(np.float64).ravel(), unit, basis)
    return None if middle is None else rounded(middle, 1) if unit == "days" else middle


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
