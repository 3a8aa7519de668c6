"""Measures: what of a run a reported fact is set against, one value per member.

A measure is one function of a `Window`; targets.csv and scorecard.csv call it by its
name, and each series of observed.csv has its own. It gives the truth of the run;
`Asked.reported` gives what a report would say. A member in which the thing never
happens has no value. What is kept by week is taken from the weeks that lie wholly
inside the window.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of
from supplyline.analysis.measuring import (
    ENTERED,
    Measure,
    labels_of,
    measure,
    places_and_products,
)
from supplyline.analysis.windows import Window, inside_of, regions_of
from supplyline.errors import unknown_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.case.case import Case

    Floats = NDArray[np.float64]

MEASURES: Final = ENTERED
"""Measures by the names that targets.csv and scorecard.csv call them by."""
SHORT_SHARE: Final = 0.5
"""Share served below which the public of a place is short [1]."""
SHORT_DAYS: Final = 3
"""Days in a row that make a shortage [days]."""
RELIEF_FROM, RELIEF_TO = 0.55, 0.8
"""Weekly share served that relief starts below and ends above [1]."""
KNOWN_ATTACK_TRUCKS: Final = 5
"""Least loss of a day that counts as a known attack [trucks]."""
CONVOY_DAYS: Final = 14
"""Most days by which a modelled convoy is before a reported one [days]."""
HELD_SHARE: Final = 0.5
"""Share of a region from which on the state counts as holding it [1]."""
MONTH_DAYS: Final = 30.4
YEAR_DAYS: Final = 365.25


def find_measure(case: Case, name: str) -> tuple[Measure, str]:
    """Find the measure and the label behind its name, as in `price_multiple_mopti`."""
    if name in MEASURES:
        return MEASURES[name], ""
    for known, one in MEASURES.items():
        label = name.removeprefix(f"{known}_")
        if label != name and label in labels_of(case, one.axis):
            return one, label
    listed = f"{', '.join(MEASURES)}, or with a place, zone, group or stream"
    raise ValueError(unknown_text("measure", name, MEASURES, f"one of {listed}"))


@measure("Imports by customs, in million litres", is_sum=True)
def customs_volume_ml(window: Window) -> Floats:
    """Sum the imports that arrived [million l]."""
    return np.asarray(window.daily("imports_kl").sum(axis=(1, 2)) / 1000)


@measure("Imports by customs, in kilolitres", is_sum=True)
def imports_volume_kl(window: Window) -> Floats:
    """Sum the imports that arrived [kl]."""
    return np.asarray(window.daily("imports_kl").sum(axis=(1, 2)))


@measure("Imports by customs over what the country wants on ordinary days", is_sum=True)
def supply_share(window: Window) -> Floats:
    """Give the imports that arrived over ordinary demand [1]."""
    demand = window.run.params["national_demand_kl_per_day"].to_numpy()
    return np.asarray(imports_volume_kl(window) / (demand * window.days))


@measure("Days up to the first shortage", "place", least_days=SHORT_DAYS)
def first_shortage_day(window: Window) -> Floats:
    """Find the first of three days, or middle of a week, with under half served."""
    is_short = window.at_place("public_served_share") < SHORT_SHARE
    if not window.label:
        return _first(np.all(_rolling(is_short, SHORT_DAYS), axis=2))
    weeks = window.run.weekly["week"].to_numpy()[window.weeks_met]
    offset = (pd.Timestamp(weeks[0]) - window.start).days + 3
    return offset + 7 * _first(is_short)


@measure("Parallel over official price of the first product, mean", "place")
def price_multiple(window: Window) -> Floats:
    """Average the parallel over the official price of the first product [1]."""
    prices = window.at_place("price_per_l")[:, :, 0]
    return np.asarray(prices.mean(axis=1) / official_price(window))


@measure("Parallel price, mean", "place and product", needs_label=True)
def street_price(window: Window) -> Floats:
    """Average the parallel price of a product in a place [currency/l]."""
    case = window.run.case
    place, product = places_and_products(case)[window.label]
    # the capital's is kept by day
    there = replace(window, label="" if place == case.config.capital else place)
    return np.asarray(there.at_place("price_per_l")[:, :, product].mean(axis=1))


@measure(
    "Highest weekly parallel price of the first product in the capital, above that of "
    "the run's first day, in per cent"
)
def price_increase(window: Window) -> Floats:
    """Find the highest weekly parallel price over the first day's, less one [%]."""
    prices = window.daily("price_per_l")[:, :, 0]
    weekly = _rolling(prices, min(prices.shape[1], 7)).mean(axis=2)
    # a rise is told against what people paid before, at a station or on the street
    before = values_of(window.run.daily, "price_per_l")[:, 0, 0]
    return np.asarray(100 * (weekly.max(axis=1) / before - 1))


@measure("Trucks lost", is_sum=True)
def trucks_lost(window: Window) -> Floats:
    """Sum the trucks lost [trucks]."""
    return window.sum("trucks_lost")


@measure("Days up to relief in the capital", least_days=7)
def relief_day(window: Window) -> Floats:
    """Find the day on which a week is well served after a week that was not [days]."""
    weekly = _rolling(window.daily("public_served_share"), 7).mean(axis=2)
    was_short = np.maximum.accumulate(weekly < RELIEF_FROM, axis=1)
    return _first(was_short & (weekly > RELIEF_TO)) + 6


@measure("Longest run of days without a known attack")
def lull_days(window: Window) -> Floats:
    """Measure the longest run of days without a known attack [days]."""
    is_calm = window.daily("trucks_lost") < KNOWN_ATTACK_TRUCKS
    longest = current = np.zeros(len(is_calm))
    for day in range(is_calm.shape[1]):
        current = np.where(is_calm[:, day], current + 1, 0)
        longest = np.maximum(longest, current)
    return longest


@measure("Escorted convoys that left", is_sum=True)
def escorted_convoys(window: Window) -> Floats:
    """Count the escorted convoys that left [convoys]."""
    return window.sum("convoys")


@measure("Trucks of an escorted convoy, mean")
def convoy_size(window: Window) -> Floats:
    """Average the trucks of an escorted convoy; missing where none left [trucks]."""
    return _ratio(window.sum("trucks_escorted"), window.sum("convoys"))


@measure("Trucks of a convoy, on the nearest day that had one")
def convoy_trucks(window: Window) -> Floats:
    """Give the mean size of the convoys of the nearest day that had one [trucks].

    Days after the window are not looked at: a report is of what had been.
    """
    middle = window.start + (window.end - window.start) / 2
    near = replace(window, start=middle - pd.Timedelta(days=CONVOY_DAYS))
    days = window.run.daily.indexes["day"]
    days = days[days.slice_indexer(near.start, near.end)]
    distance = np.abs(days.to_numpy() - middle.to_datetime64())
    convoys, trucks = near.daily("convoys"), near.daily("trucks_escorted")
    far = np.timedelta64(2 * CONVOY_DAYS, "D")
    nearest = np.where(convoys > 0, distance, far).argmin(axis=1)[:, np.newaxis]
    size = (np.take_along_axis(each, nearest, 1)[:, 0] for each in (trucks, convoys))
    return _ratio(*size)


@measure("Share of the capital's stations that are open, mean")
def stations_open_share(window: Window) -> Floats:
    """Average the share of the capital's stations that are open [1]."""
    return window.mean("stations_open_share")


@measure("Hours of electricity a day in the capital, mean")
def electricity_h(window: Window) -> Floats:
    """Average the hours of electricity in the capital [h/day]."""
    return window.mean("electricity_h")


@measure(
    "Least share of the capital's public demand served, mean of a week", least_days=7
)
def worst_week_served_share(window: Window) -> Floats:
    """Find the least weekly share that the capital's public got [1]."""
    weekly = _rolling(window.daily("public_served_share"), 7).mean(axis=2)
    return np.asarray(weekly.min(axis=1))


@measure("Trucks waiting at the gateways, mean")
def trucks_waiting(window: Window) -> Floats:
    """Average the loaded trucks at the gateways [trucks]."""
    return window.mean("trucks_waiting")


@measure("Stock in the capital's depots in million litres, mean")
def capital_stock_ml(window: Window) -> Floats:
    """Average the stock in the capital's depots [million l]."""
    stock = window.daily("stock_kl").sum(axis=2)
    return np.asarray(stock.mean(axis=1) / 1000)


@measure("Month of the first ban, a given of the case")
def first_ban_month(window: Window) -> Floats:
    """Give the month of the first ban, 1 to 12, the same in all members [1]."""
    measures = window.run.case.measures
    bans = measures.loc[measures["kind"] == "ban", "start"]
    month = np.nan if bans.empty else float(bans.min().month)
    return np.full(window.run.daily.sizes["member"], month)


@measure(
    "Attacks of all groups inside the country",
    "zone",
    is_sum=True,
    needs_groups=True,
)
def attacks(window: Window) -> Floats:
    """Count the attacks of all groups in the country or a zone of it [attacks]."""
    values = window.by_region("region_attacks")
    total = values.sum(axis=(1, 2), dtype=np.float64)
    return np.asarray(total * window.days / (7 * values.shape[1]))


@measure(
    "Attacks a month of the group that enforces the bans, inside the country",
    "zone",
    needs_groups=True,
)
def interdictor_attacks_per_month(window: Window) -> Floats:
    """Count the attacks a month of the group that enforces the bans [1/month]."""
    values = window.by_region("region_attacks_interdictor")
    total = values.sum(axis=(1, 2), dtype=np.float64)
    return np.asarray(total * MONTH_DAYS / (7 * values.shape[1]))


@measure(
    "Share of the zone in the attacks of the group that enforces the bans, inside "
    "the country",
    "zone",
    needs_label=True,
    needs_groups=True,
)
def attack_share(window: Window) -> Floats:
    """Give a zone's share in that group's attacks; missing without attacks [1]."""
    name = "region_attacks_interdictor"
    part = window.by_region(name)
    whole = window.by_week(name, "region", regions_of(window.run))
    return _ratio(*(v.sum(axis=(1, 2), dtype=np.float64) for v in (part, whole)))


@measure(
    "Operations in which the state or a partner harms civilians, a day",
    needs_groups=True,
)
def harm_operations_per_day(window: Window) -> Floats:
    """Average the operations in which the state harms civilians [1/day]."""
    return window.mean("harm_operations")


@measure(
    "Operations in which the state or a partner harms civilians",
    is_sum=True,
    needs_groups=True,
)
def operations(window: Window) -> Floats:
    """Count the operations in which the state harms civilians [operations]."""
    return window.sum("harm_operations")


@measure(
    "Civilians killed by the state and its partners", is_sum=True, needs_groups=True
)
def harm_deaths(window: Window) -> Floats:
    """Count the civilians killed by the state and its partners [persons]."""
    return window.sum("harm_killed")


# the word that scorecards of cases have for it
MEASURES["operation_deaths"] = MEASURES["harm_deaths"]


@measure(
    "Income a year of the group that enforces the bans, from this stream",
    "stream",
    needs_label=True,
    needs_groups=True,
)
def revenue(window: Window) -> Floats:
    """Give what the group that enforces the bans earns by one stream [USD/year]."""
    return window.by_group(f"group_{window.label}_usd") * YEAR_DAYS / 7


@measure("Fighters of the group, mean", "group", needs_groups=True)
def fighters(window: Window) -> Floats:
    """Average the fighters of a group [persons]."""
    return window.by_group("group_fighters", window.label)


@measure(
    "Share of people in regions of which the state holds half or more (a case has "
    "no areas, so people stand for land)",
    needs_groups=True,
)
def state_land_share(window: Window) -> Floats:
    """Give the share of people in regions of which the state holds half or more [1]."""
    people = inside_of(window.run.case)["population"].to_numpy(np.float64)
    is_held = window.by_region("region_state_control_share") >= HELD_SHARE
    share = is_held.mean(axis=1) @ np.nan_to_num(people)
    return np.asarray(share / np.nansum(people))


@measure("Regions with a town under siege, mean", needs_groups=True)
def besieged_regions(window: Window) -> Floats:
    """Average the number of regions with a town under siege [1]."""
    is_besieged = window.by_region("region_is_besieged") > 0
    return np.asarray(is_besieged.sum(axis=2).mean(axis=1))


@measure("Foreign troops beside the army, mean", needs_groups=True)
def partner_troops(window: Window) -> Floats:
    """Average the foreign troops beside the army [persons]."""
    return window.mean("partner_troops")


@measure("People displaced, mean", needs_groups=True)
def displaced(window: Window) -> Floats:
    """Average the people displaced [persons]."""
    return window.mean("displaced")


@measure("Attempted coups", is_sum=True, needs_groups=True)
def coup_attempts(window: Window) -> Floats:
    """Count the attempted coups [attempts]."""
    return window.sum("attempts")


@measure(
    "Chance that the leader is in power on the last day",
    is_chance=True,
    needs_groups=True,
)
def leader_in_power(window: Window) -> Floats:
    """Tell whether he is in power at the end [1]."""
    return np.asarray(window.daily("exit_kind")[:, -1] == 0, np.float64)


def official_price(window: Window) -> float:
    """Give the official price of the first product as the window opens [currency/l]."""
    measures = window.run.case.measures
    product = window.run.case.config.products[0]
    is_meant = measures["target"].isna() | (measures["target"] == product)
    prices = measures[(measures["kind"] == "official_price") & is_meant]
    prices = prices[prices["start"] <= window.start].sort_values("start")
    return float(prices["value"].iloc[-1])


def _first(hits: NDArray[np.bool_]) -> Floats:
    """Give the first position that is hit in each row; missing where there is none."""
    return np.where(hits.any(axis=1), hits.argmax(axis=1), np.nan)


def _rolling(values: NDArray[Any], days: int) -> NDArray[Any]:
    """See the days before each day along a last axis."""
    return np.lib.stride_tricks.sliding_window_view(values, days, axis=1)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Divide; missing where there is nothing to divide by."""
    out = np.full(len(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=out, where=whole > 0))
