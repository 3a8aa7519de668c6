"""Market: rationing, sales, stations, queues, electricity, fear."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.outputs import (
    keep_capital,
    keep_day,
    keep_place,
    keep_week,
    note_short,
)
from supplyline.engine.kernels.street import (
    informal_inflow,
    moved_multiple,
    scarcity_multiple,
)
from supplyline.engine.kernels.threat import Posture
from supplyline.engine.kernels.ways import note_cover

if TYPE_CHECKING:
    from supplyline.engine.kernels.depots import Account, Depot, DepotState, PlaceState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.threat import ThreatState
    from supplyline.engine.kernels.world import Inputs, Outputs, State


@kernel
def low_stock_days(days: float, normal_days: float, params: Parameters) -> float:
    """Return the days of supply that count as low at a depot [days]."""
    # market.md, Rationing: by its own normal stock too, else a depot that always
    # holds a few days would ration in calm times.
    return min(days, params.low_stock_share * normal_days)


@kernel
def quota(days_of_supply: float, full_days: float, params: Parameters) -> float:
    """Return the share of public demand released at a level of stock (rationing)."""
    # market.md, Rationing: a line between, as a step would let a depot swing between
    # plenty and nothing from day to day.
    floor_days = params.quota_floor_share * full_days
    if days_of_supply >= full_days:
        return 1.0
    if days_of_supply <= floor_days:
        return params.quota_min_share
    position = (days_of_supply - floor_days) / (full_days - floor_days)
    return params.quota_min_share + position * (1.0 - params.quota_min_share)


@kernel
def moved_fear(
    fear: float, served: float, is_stock_low: bool, news: float, params: Parameters
) -> float:
    """Move fear with empty stations, low stock and news of losses; it fades alike."""
    low = params.fear_low_weight if is_stock_low else 0.0
    # market.md, Fear: news of lost trucks counts though nothing is short yet: fear
    # can start a run on stations alone.
    cause = 1.0 - served + low + params.fear_news_per_truck * news
    return min(1.0, max(0.0, fear + params.fear_rate_per_day * (cause - fear)))


@kernel
def stations_open(served: float, rush: float) -> float:
    """Return the share of stations open at a share served [1]."""
    # market.md, Stations, queues, electricity: a station with a queue sells faster
    # than usual, so that what it gets lasts for a part of the time only.
    return served / (1.0 + (rush - 1.0) * (1.0 - served))


@kernel
def hoarded(demand: float, holdings: float, fear: float, params: Parameters) -> float:
    """Return what households buy beyond use; negative off their tanks [kl]."""
    # market.md, Hoarding and private holdings: wishes grow with fear and are filled
    # over days; without tanks a shortage would bite on its first day and end on its
    # last.
    wished = params.holding_days + params.holding_fear_days * fear
    gap = demand * wished - holdings
    return min(demand, max(-demand, gap / params.hoarding_days))


@kernel
def foreseen(served: float, covered: float, weight: float) -> float:
    """Return the share served that is reckoned with when ways let less through."""
    # market.md, Rationing: stocks still serve all while the ways are shut; who has
    # little of his own sees the ways.
    return min(served, 1.0 - weight * (1.0 - covered))


@kernel
def with_made(covered: float, made_share: float) -> float:
    """Return the share of demand that is covered, with what is made on the spot [1]."""
    return made_share + (1.0 - made_share) * covered


@kernel
def paid_power(
    served: float, covered: float, nation: ThreatState, params: Parameters
) -> float:
    """Return the share of their need that power plants may buy: late payers [1]."""
    # market.md, Rationing: plants pay late and are served late under a ban; that is
    # why electricity falls before fuel at the pump does.
    if nation.posture == Posture.BUILD_UP:
        return 1.0
    floor = params.power_floor_share
    # With little stock of their own, plants live on what comes in.
    seen = foreseen(served, covered, params.power_flow_share)
    return params.power_share * (floor + (1.0 - floor) * seen)


@kernel
def lit_hours(power: float, need: float, grid_h: float, params: Parameters) -> float:
    """Return the hours of electricity of a place [h/day]."""
    # A place with neither plants nor a line has no number here; 0 would read as a
    # blackout.
    if need <= 0.0:
        return grid_h if grid_h >= 0.0 else math.nan
    without = params.hydro_h if grid_h < 0.0 else grid_h
    return without + max(0.0, params.power_full_h - without) * (power / need)


@kernel
def set_power(inputs: Inputs, state: State, m: int, day: int) -> None:
    """Set what the power plants of each place may buy today.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m, day : int
        Position of the member in the block; day.
    """
    for place in range(state.places.shape[1]):
        town = state.places[m, place]
        need = made = 0.0
        for product in range(inputs.depots.shape[2]):
            depot = inputs.depots[m, place, product]
            need += depot.power
            made += depot.power * depot.made_share
        covered = with_made(town.covered, made / need) if need > 0.0 else town.covered
        # Yesterday's service: today's is not known before depots open.
        wish = paid_power(town.served, covered, state.nation[m], inputs.params[m])
        # market.md, Rationing: who comes first is decided, and may change by the day;
        # nobody buys more than is needed.
        wish = min(1.0, wish * inputs.place_days[day, place].power_priority)
        town.power_wish = wish * inputs.days[day].power_factor


@kernel
def serve_priority(
    depot: Depot,
    state: DepotState,
    account: Account,
    power_wish: float,
    quota_share: float,
) -> float:
    """Serve hospitals, army and relief in full, then power and industry by share."""
    left = state.stock
    # market.md, Rationing: each class from what the one before left; the order
    # decides who is dark first.
    essential = min(left, depot.essential)
    left -= essential
    power = min(left, depot.power * power_wish)
    left -= power
    industry = min(left, depot.industry * quota_share)
    state.stock = left - industry
    account.sold += essential + power + industry
    return power


@kernel
def serve_public(
    depot: Depot,
    town: PlaceState,
    state: DepotState,
    account: Account,
    demand: float,
    quota_share: float,
    ration: float,
    params: Parameters,
) -> tuple[float, float]:
    """Sell to the public under the quota: what it wanted, what it got [kl]."""
    # market.md, Share served: served is measured against what is wanted at the
    # official price, hoarding included; queues, stations and fear hang on it.
    wanted = demand + hoarded(demand, state.holdings, town.fear, params)
    # market.md, Rationing: coupons are for use, so that nobody hoards on them.
    sold = min(state.stock, wanted * quota_share, demand * ration)
    inflow = informal_inflow(state.multiple, demand, wanted - sold, depot, params)
    got = sold + inflow
    # People live on their tanks first: use is demand as long as anything is held.
    used = min(demand, state.holdings + got)
    state.stock -= sold
    state.holdings += got - used
    # market.md, Parallel price: who fills tanks asks at the official price and does not
    # pay the street's; where nobody wants the product, its price stands still.
    paid_for = min(demand, wanted)
    if paid_for > 0.0:
        met = min(1.0, got / paid_for)
        target = scarcity_multiple(met, depot.backstop, params)
        state.multiple = moved_multiple(state.multiple, target, params)
    account.sold += sold
    account.sold_public += sold
    account.informal += inflow
    account.used += used
    return wanted, got


@part
def step_market(
    inputs: Inputs, state: State, outputs: Outputs, m: int, day: int, season: float
) -> None:
    """Serve all users of all places, and let fear and prices follow.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    m, day : int
        Position of the member in the block; day.
    season : float
        Factor of the season on public demand [1].
    """
    params, capital = inputs.params[m], inputs.facts[0].capital
    power_factor = inputs.days[day].power_factor
    news = outputs.daily[m, day].trucks_lost
    week = min(day // 7, outputs.weekly_places.shape[1] - 1)
    # the row of a broken week at the end is not kept: its days go to the one before
    noted_week = max(0, min(day // 7, outputs.weekly_places.shape[1] - 2))
    below = inputs.facts[0].short_below
    note_cover(inputs, state, m)
    for place in range(state.places.shape[1]):
        town = state.places[m, place]
        wanted = got = power = power_need = stock = demand = target = 0.0
        for product in range(state.depots.shape[2]):
            depot, own = (
                inputs.depots[m, place, product],
                state.depots[m, place, product],
            )
            account = state.accounts[m, product]
            # A place with no demand rations nothing: days of supply would be a
            # division by 0.
            share = 1.0
            if depot.demand > 0.0:
                normal_days = depot.target / depot.demand
                full_days = low_stock_days(params.quota_days, normal_days, params)
                share = quota(own.stock / depot.demand, full_days, params)
            power += serve_priority(depot, own, account, town.power_wish, share)
            power_need += depot.power * power_factor
            want, have = serve_public(
                depot,
                town,
                own,
                account,
                depot.public * season * town.people,
                share,
                inputs.ration[day, product],
                params,
            )
            wanted += want
            got += have
            stock += own.stock
            demand += depot.demand
            target += depot.target
            days = own.stock / depot.demand if depot.demand > 0.0 else math.nan
            usual = max(inputs.official_price[day, product], depot.street_price)
            price = own.multiple * usual
            served = math.nan
            if depot.public > 0.0:  # who lives on private tanks wants nothing
                served = have / want if want > 0.0 else 1.0
            weekly = outputs.weekly_depots[m, week, place, product]
            keep_week(weekly, own.stock, days, price, served, want - have)
            noted = outputs.weekly_depots[m, noted_week, place, product]
            note_short(noted, served, below, day - 7 * noted_week)
            if place == capital:
                daily = outputs.daily_products[m, day, product]
                keep_day(daily, own.stock, days, price, served, want - have)
        town.served = got / wanted if wanted > 0.0 else 1.0
        is_low = False
        if demand > 0.0:
            low = low_stock_days(params.fear_low_days, target / demand, params)
            is_low = stock / demand < low
        town.fear = moved_fear(town.fear, town.served, is_low, news, params)
        grid_h = inputs.place_days[day, place].grid_h
        lit_h = lit_hours(power, power_need, grid_h, params)
        open_share = stations_open(town.served, params.station_rush)
        keep_place(outputs.weekly_places[m, week, place], town, lit_h, open_share)
        if place == capital:
            keep_capital(outputs.daily[m, day], town, lit_h, open_share, params)
