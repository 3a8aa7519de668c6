"""What is kept of a run: records of days, weeks and losses, and entries in them.

The daily series of the country, which a case may name, are records of `case.series`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplyline.engine.kernels.jit import kernel

if TYPE_CHECKING:
    from supplyline.case.series import Daily
    from supplyline.engine.kernels.depots import PlaceState
    from supplyline.engine.kernels.parameters import Parameters

    Kept = float


class DailyProduct:
    """Outputs of a day by product: imports of the country, the rest of the capital."""

    imports_kl: Kept
    stock_kl: Kept
    days_of_supply: Kept
    served_share: Kept
    unmet_kl: Kept
    price_per_l: Kept


class WeeklyDepot:
    """Outputs of a week by place and product: ends, means and sums."""

    stock_kl: Kept
    days_of_supply: Kept
    served_share: Kept
    unmet_kl: Kept
    price_per_l: Kept
    delivered_kl: Kept
    short_days: Kept


class WeeklyPlace:
    """Mean outputs of a week by place."""

    public_served_share: Kept
    stations_open_share: Kept
    electricity_h: Kept


class WeeklyCorridor:
    """Outputs of a week by corridor: sums, and the queue at its end."""

    trucks_sent: Kept
    trucks_lost: Kept
    trucks_delivered: Kept
    trucks_waiting: Kept


class Loss:
    """An encounter that cost trucks."""

    day: Kept
    corridor: Kept
    segment: Kept
    trucks: Kept
    trucks_lost: Kept
    trucks_looted: Kept
    drivers_abducted: Kept
    drivers_killed: Kept
    is_escorted: Kept
    is_turned_back: Kept


@kernel
def keep_place(
    weekly: WeeklyPlace, place: PlaceState, lit_h: float, open_share: float
) -> None:
    """Add a day of a place to its week."""
    weekly.public_served_share += place.served / 7.0
    weekly.stations_open_share += open_share / 7.0
    weekly.electricity_h += lit_h / 7.0


@kernel
def keep_capital(
    daily: Daily,
    place: PlaceState,
    lit_h: float,
    open_share: float,
    params: Parameters,
) -> None:
    """Write a day of the capital."""
    daily.stations_open_share = open_share
    # market.md, Stations, queues, electricity: the floor keeps the queue finite where
    # nobody is served.
    served = max(place.served, params.served_floor)
    daily.queue_h = params.queue_h_factor * (1.0 / served - 1.0)
    daily.electricity_h = lit_h
    daily.fear = place.fear
    daily.public_served_share = place.served


@kernel
def keep_week(
    weekly: WeeklyDepot,
    stock: float,
    days: float,
    price: float,
    served: float,
    unmet: float,
) -> None:
    """Add a day of a depot to its week."""
    # Ends are written over day by day: the last one of the week stays.
    weekly.stock_kl = stock
    weekly.days_of_supply = days
    weekly.served_share += served / 7.0
    # Sums and means add up; a broken week at the end is taken by the last row.
    weekly.unmet_kl += unmet
    weekly.price_per_l += price / 7.0


@kernel
def note_short(weekly: WeeklyDepot, served: float, below: float, day: int) -> None:
    """Enter a day among the short days of a week, a bit for each day.

    Parameters
    ----------
    weekly : WeeklyDepot
        The last whole week up to the day, or the first week; changed.
    served : float
        Share of what the public wants that it gets; missing where there is none [1].
    below : float
        Share below which a day is short [1].
    day : int
        Day of that week from 0; the last whole week of a run goes on for up to 6 days.
    """
    # Bits and no count, as spells run from one week into the next. A place without a
    # public stays missing.
    if math.isnan(served):
        weekly.short_days = math.nan
    elif served < below:
        weekly.short_days += float(1 << day)


@kernel
def keep_day(
    daily: DailyProduct,
    stock: float,
    days: float,
    price: float,
    served: float,
    unmet: float,
) -> None:
    """Write a day of a depot of the capital."""
    daily.stock_kl = stock
    daily.days_of_supply = days
    daily.served_share = served
    daily.unmet_kl = unmet
    daily.price_per_l = price


class WeeklyRegion:
    """Outputs of a week by region: sums of what happened, the rest at its end."""

    attacks: Kept
    attacks_interdictor: Kept
    civilians_killed: Kept
    harm_killed: Kept
    state_control_share: Kept
    interdictor_control_share: Kept
    grievance: Kept
    displaced: Kept
    access_share: Kept
    is_besieged: Kept


class WeeklyGroup:
    """Outputs of a week by group: sums of what happened, the rest at its end."""

    fighters: Kept
    cash_usd: Kept
    materiel: Kept
    attacks: Kept
    gold_usd: Kept
    zakat_usd: Kept
    livestock_usd: Kept
    protection_usd: Kept
    toll_usd: Kept
    loot_usd: Kept
    ransom_usd: Kept
    spent_usd: Kept
    recruits: Kept
    fighters_killed: Kept
    deserted: Kept
