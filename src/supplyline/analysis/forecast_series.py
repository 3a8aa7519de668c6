"""Series that are forecast and published: what each is, and what would count for it.

A series is taken by whole weeks of the run after the origin, or once at the horizon,
the last day of the last of these weeks; what is counted also by the calendar months
between, as reports often are. A date is always the last day it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import rows_of, values_of
from supplyline.analysis.course import WEEK, Course
from supplyline.analysis.futures import LONG_DAYS, RULES, classify
from supplyline.analysis.measures import SHORT_SHARE
from supplyline.analysis.reports import Told, as_reported
from supplyline.analysis.windows import inside_of
from supplyline.case.lookup import titles_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.runs import Run

    Values = NDArray[Any]

TOWNS: Final = 6
"""Towns beside the capital that are forecast: as many as a reader takes in at once."""
LOW_DAYS: Final = 3
"""Days of supply below which the capital's stock is low [days]."""
FUTURE_DAYS: Final = LONG_DAYS + WEEK - 1
"""Days of the run up to the horizon that the rules of the futures look at [days]."""

Span = Literal["week", "month", "until", "end"]
"""What a value is about: the seven days up to its date, the month that ends there, all
days from the origin to it, or the same at the horizon alone."""
LEVELS: Final = ("series", "label", "date")
"""Names of the levels of the columns of `forecast_values`."""


class Ahead(NamedTuple):
    """Some members of a run with the whole weeks that follow the origin."""

    run: Run
    origin: pd.Timestamp
    weeks: pd.DatetimeIndex
    """First day of each week."""

    def dates(self, span: Span) -> pd.DatetimeIndex:
        """Give the last day of each window of a span."""
        ends = self.weeks + pd.Timedelta(days=WEEK - 1)
        if span == "month":
            months = pd.period_range(self.origin, ends[-1], freq="M")
            lasts = months.to_timestamp(how="end").normalize()
            return lasts[(months.to_timestamp() > self.origin) & (lasts <= ends[-1])]
        return ends[-1:] if span == "end" else ends

    def days(self, name: str, start: date, end: date) -> Values:
        """Read a daily series from one day to another, shape (member, day, ...)."""
        days = self.run.daily.indexes["day"].slice_indexer(
            pd.Timestamp(start), pd.Timestamp(end)
        )
        return values_of(self.run.daily, name)[:, days]

    def sums(self, name: str, span: Span) -> Values:
        """Add up a daily series over each window, shape (member, window, ...)."""
        windows = [(first_day(span, self.origin, end), end) for end in self.dates(span)]
        sums = [
            self.days(name, *window).sum(axis=1, dtype=np.float64) for window in windows
        ]
        return np.stack(sums, axis=1)

    def weekly(self, name: str, axis: str, labels: list[str]) -> Values:
        """Read a weekly series, shape (member, week, label, ...)."""
        first = int(self.run.weekly.indexes["week"].searchsorted(self.weeks[0]))
        spots = self.run.weekly.indexes[axis].get_indexer(pd.Index(labels))
        values = values_of(self.run.weekly, name)
        return values[:, first : first + len(self.weeks), spots]


@dataclass(frozen=True, slots=True)
class ForecastSeries:
    """A series of a case that is forecast."""

    name: str
    title: str
    unit: str
    definition: str
    """What would count: the window, who counts, what is left out."""
    axis: str
    labels: dict[str, str]
    """Label to its title; one empty label where there is no axis."""
    span: Span
    is_chance: bool
    """Whether a member holds 1 for yes and 0 for no."""
    values: Callable[[Ahead, list[str]], Values]
    """Gives shape (member, date, label); missing where the thing never happens."""
    least_days: int = 0
    """Fewest days from the run's first to the horizon that it can be told of [days]."""


def first_day(span: Span, origin: date, last: date) -> date:
    """Give the first day that the value of a date is about."""
    if span == "month":
        return last.replace(day=1)
    since = last - pd.Timedelta(days=WEEK) if span == "week" else origin
    return since + pd.Timedelta(days=1)


def forecast_series(case: Case) -> tuple[ForecastSeries, ...]:
    """Name the series that a case has."""
    every = (*_of_supply(case), *_of_towns(case), *_of_country(case))
    return tuple(series for series in every if series.labels)


def forecast_values(
    run: Run, weeks: int | None = None, origin: date | None = None
) -> pd.DataFrame:
    """Give the series in every member: a row a member, a column a series, label, date.

    All whole weeks after the origin are taken if `weeks` is not given; the origin is
    the cut-off if none is. Values are held as the run holds its own, in single
    precision: a pool of many members has a thousand columns.
    """
    since = pd.Timestamp(origin or run.manifest.cutoff)
    taken = _weeks_after(run, since, weeks)
    whole = Ahead(run, since, taken)
    held = (whole.dates("end")[0] - run.daily.indexes["day"][0]).days + 1
    dates = {span: whole.dates(span) for span in get_args(Span)}
    every = [
        one
        for one in forecast_series(run.case)
        if one.least_days <= held and len(dates[one.span])
    ]

    def rows(part: Run) -> dict[str, Values]:
        part = replace(part, params=part.params)  # read once, not for each report
        ahead = whole._replace(run=part)
        return {
            one.name: one.values(ahead, list(one.labels)).astype(np.float32)
            for one in every
        }

    [values] = rows_of(run, rows)
    columns = [
        (one.name, label, end)
        for one in every
        for label in one.labels
        for end in dates[one.span]
    ]
    members = len(run.members)
    by_label = [values[one.name].transpose(0, 2, 1) for one in every]
    return pd.DataFrame(
        np.concatenate([each.reshape(members, -1) for each in by_label], axis=1),
        index=pd.RangeIndex(run.members.start, run.members.stop, name="member"),
        columns=pd.MultiIndex.from_tuples(columns, names=LEVELS),
    )


def days_for(case: Case, weeks: int, origin: date | None = None) -> int:
    """Tell how many days after the cut-off hold so many whole weeks after an origin.

    The origin is the cut-off if none is given.
    """
    cutoff = case.config.cutoff
    since = origin or cutoff
    past = (since - case.config.start).days + 1
    return max(0, -past % WEEK + WEEK * weeks - (cutoff - since).days)


def _weeks_after(run: Run, origin: pd.Timestamp, count: int | None) -> pd.DatetimeIndex:
    """Find the run's own weeks that lie wholly after the origin."""
    weeks = pd.DatetimeIndex(run.weekly.indexes["week"])
    weeks = weeks[weeks > origin]
    least = 1 if count is None else count
    if least < 1 or len(weeks) < least:
        message = (
            f"weeks is {'all' if count is None else count}; expected 1 to "
            f"{len(weeks)}, the whole weeks of the run after {origin:%Y-%m-%d}"
        )
        raise ValueError(message)
    return weeks[:count]


def _of_supply(case: Case) -> tuple[ForecastSeries, ...]:
    """Name the series of the country's supply, and the capital's low stock."""
    low = ForecastSeries(
        "low_supply_day",
        f"First day below {LOW_DAYS} days of supply in the capital",
        "days",
        "Days from the origin to the first evening on which the stock of the product "
        f"in the capital's depots is below {LOW_DAYS} days of demand on them, by the "
        "fuel office; fuel on the road and in private tanks is left out, and a member "
        "in which it never happens has no day.",
        "product", _stored_products(case), "end", False, _low_supply_day,
    )  # fmt: skip
    return (*_counts("week"), *_counts("month"), low)


def _counts(span: Literal["week", "month"]) -> tuple[ForecastSeries, ...]:
    """Name the series that are counted over the country, by week or by month."""
    alone = {"": ""}
    behind = "" if span == "week" else "_month"

    def counted(name: str) -> Callable[[Ahead, list[str]], Values]:
        return lambda ahead, _: ahead.sums(name, span)[..., np.newaxis]

    return (
        ForecastSeries(
            f"customs_volume{behind}",
            f"Fuel imports by customs in a {span}",
            "million l",
            f"Fuel of all products that customs clear for import in the {span}, as "
            "they publish it; what customs do not see is left out.",
            "", alone, span, False, lambda ahead, _: _customs_volume(ahead, span),
        ),
        ForecastSeries(
            f"trucks_received{behind}",
            f"Tankers received in a {span}",
            "trucks",
            "Trucks, wagons and boats with imported fuel that unload at a depot of the "
            f"country in the {span}, by the count of customs or the fuel office; trips "
            "inside the country and small flows are left out.",
            "", alone, span, False, counted("trucks_delivered"),
        ),
        ForecastSeries(
            f"trucks_lost{behind}",
            f"Tankers and trucks lost in a {span}",
            "trucks",
            "Trucks of the fuel supply that are burned, destroyed or taken for good in "
            f"an attack of the {span}, on the way in or inside the country, by the "
            "count that independent sources agree on; trucks that drive on are left "
            "out.",
            "", alone, span, False, counted("trucks_lost"),
        ),
        ForecastSeries(
            f"drivers_killed{behind}",
            f"Drivers killed in a {span}",
            "persons",
            f"Drivers of the fuel supply killed in an attack of the {span}, by the "
            "count that independent sources agree on; the abducted and the escorts are "
            "left out.",
            "", alone, span, False, counted("drivers_killed"),
        ),
    )  # fmt: skip


def _of_towns(case: Case) -> tuple[ForecastSeries, ...]:
    """Name the weekly series of the capital and the larger towns."""
    towns = forecast_towns(case)
    product = case.config.products[0]
    demand = case.demand
    has_plant = set(demand.loc[demand["demand_class"] == "power", "place"])
    lit = {town: title for town, title in towns.items() if town in has_plant}
    return (
        ForecastSeries(
            "parallel_price",
            f"Parallel price of {product}",
            f"{case.config.currency}/l",
            f"Mean price of a litre of {product} sold outside the stations of the town "
            "in the week, by what buyers say they paid; prices at stations are left "
            "out.",
            "place", towns, "week", False, _parallel_price,
        ),
        ForecastSeries(
            "short_week",
            "Week of shortage",
            "probability",
            f"Yes where the town's public gets less than {100 * SHORT_SHARE:.0f} % "
            "of the fuel that it wants at the going price over the week, all products "
            "together; what army, hospitals, plants and industry use is left out.",
            "place", towns, "week", True, _short_week,
        ),
        ForecastSeries(
            "electricity_h",
            "Electricity",
            "h/day",
            "Mean hours a day with electricity from the public grid of the town over "
            "the week, by its users or the utility; private generators are left out.",
            "place", lit, "week", False,
            lambda ahead, places: ahead.weekly("electricity_h", "place", places),
        ),
    )  # fmt: skip


def _of_country(case: Case) -> tuple[ForecastSeries, ...]:
    """Name the series of a case with armed groups: attacks, the leader, futures."""
    if case.groups.empty:
        return ()
    regions, titles = inside_of(case)["region"], titles_of(case, "region")
    return (
        ForecastSeries(
            "region_attacks",
            "Attacks",
            "attacks",
            "Attacks by armed groups of the case in the region in the week, those on "
            "fuel convoys included, as an event data set counts them; operations of "
            "the army and its partners, and fights between groups, are left out.",
            "region", {region: titles[region] for region in regions}, "week", False,
            lambda ahead, names: ahead.weekly("region_attacks", "region", names),
        ),
        ForecastSeries(
            "leader_exit",
            "The leader has lost power",
            "probability",
            "Yes where who ruled on the origin day rules no more on the date, be it by "
            "coup, force, capture or natural end; attempts that fail are left out.",
            "", {"": ""}, "until", True, _leader_exit,
        ),
        ForecastSeries(
            "future",
            "What it has come to",
            "probability",
            "The first of the eight futures whose rule holds on the horizon ("
            + " ".join(f"{rule.title}: {rule.text}" for rule in RULES)
            + "); none counts twice, and what happens after the horizon is left out.",
            "future", {rule.name: rule.title for rule in RULES}, "end", True, _future,
            least_days=FUTURE_DAYS,
        ),
    )  # fmt: skip


def forecast_towns(case: Case) -> dict[str, str]:
    """Name the capital and the most populous towns whose public buys at a depot."""
    demand, product = case.demand, case.config.products[0]
    buys = (demand["product"] == product) & (demand["demand_class"] == "public")
    places = case.places[case.places["place"].isin(demand.loc[buys, "place"])]
    places = places[places["place"].isin(case.depots["place"])]
    capital = case.config.capital
    towns = places[(places["place"] != capital) & places["population"].notna()]
    towns = towns.sort_values("population", ascending=False, kind="stable")[:TOWNS]
    titles = titles_of(case, "place")
    return {town: titles[town] for town in (capital, *towns["place"])}


def _stored_products(case: Case) -> dict[str, str]:
    """Name the products that the capital stores and uses."""
    used, capital = case.demand, case.config.capital
    wanted = set(used.loc[used["place"] == capital, "product"])
    used_here = (each for each in case.config.products if each in wanted)
    return {product: product.replace("_", " ") for product in used_here}


def _customs_volume(ahead: Ahead, span: Literal["week", "month"]) -> Values:
    """Give what customs would report of the imports of each window [million l]."""
    volumes = ahead.sums("imports_kl", span).sum(axis=2) / 1000
    reported = []
    for end, volume in zip(ahead.dates(span), volumes.T, strict=True):
        start = pd.Timestamp(first_day(span, ahead.origin, end))
        days = (end - start).days + 1
        # a report of its own for each window, so that each errs by itself
        told = Told(f"forecast {span} {end:%Y-%m-%d}", end, days)
        reported.append(as_reported(ahead.run, "customs_volume_ml", told, volume))
    return np.stack(reported, axis=1)[..., np.newaxis]


def _low_supply_day(ahead: Ahead, products: list[str]) -> Values:
    """Find the first day of low stock, counted from the origin [days]."""
    end = ahead.dates("end")[0]
    spots = ahead.run.daily.indexes["product"].get_indexer(pd.Index(products))
    start = first_day("end", ahead.origin, end)
    cover = ahead.days("days_of_supply", start, end)[:, :, spots]
    is_low = cover < LOW_DAYS
    day = np.where(is_low.any(axis=1), is_low.argmax(axis=1) + 1, np.nan)
    return day[:, np.newaxis]


def _parallel_price(ahead: Ahead, places: list[str]) -> Values:
    return ahead.weekly("price_per_l", "place", places)[..., 0]


def _short_week(ahead: Ahead, places: list[str]) -> Values:
    return ahead.weekly("public_served_share", "place", places) < SHORT_SHARE


def _leader_exit(ahead: Ahead, _: list[str]) -> Values:
    ends = ahead.run.daily.indexes["day"].get_indexer(ahead.dates("until"))
    return values_of(ahead.run.daily, "exit_kind")[:, ends, np.newaxis] > 0


def _future(ahead: Ahead, _: list[str]) -> Values:
    """Tell which of the futures each member has come to on the horizon."""
    days = ahead.run.daily.indexes["day"]
    cut, stop = (
        int(days.searchsorted(day, side="right"))
        for day in (ahead.origin, ahead.dates("end")[0])
    )
    numbers = classify(Course(ahead.run, cut, stop))
    is_class = numbers[:, np.newaxis] == np.arange(1, len(RULES) + 1)
    return np.asarray(is_class[:, np.newaxis])
