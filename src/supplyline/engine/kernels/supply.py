"""Supply: demand, dispatch at the gateways and depots, arrivals.

Two streams run side by side on an import corridor: unescorted groups of the operators
who dare, and convoys under escort. Internal corridors carry stock from depot to depot.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.kernels.jit import kernel
from supplyline.engine.kernels.layout import RING_DAYS, Posture
from supplyline.engine.kernels.luck import binomial_quantile, rounded, uniforms
from supplyline.engine.kernels.threat import relative_effort
from supplyline.engine.kernels.transit import (
    amount_asked,
    follow_groups,
    groups_met,
    lead_days,
    put_under_way,
    send_convoy,
    whole_lead,
)

if TYPE_CHECKING:
    from supplyline.engine.kernels.layout import (
        Corridor,
        CorridorDay,
        CorridorState,
        Day,
        Depot,
        DepotState,
        Floats,
        Inputs,
        NationState,
        Outputs,
        Parameters,
        Records,
        State,
    )

_DRAWS_PER_PRODUCT = 256
"""Groups of one product and day that have luck of their own."""
UNDECIDED = 1e9
"""Day of an escort step that nobody has decided [day]."""


@kernel
def season_factor(rainy_share: float, params: Parameters) -> float:
    """Return the factor of the rains on public demand [1]."""
    return 1.0 - rainy_share * (1.0 - params.rainy_demand_factor)


@kernel
def set_needs(
    depots: Records,
    states: Records,
    places: Records,
    row: int,
    season: float,
    params: Parameters,
) -> None:
    """Ask for deliveries: demand, and part of what the stock lacks; and mix the loads.

    Parameters
    ----------
    depots, states, places : array of Depot, DepotState, PlaceState
        Needs and mixes are written to the states.
    row : int
        Member.
    season : float
        Factor of the season on public demand [1].
    params : Parameters
        Parameters of the member.
    """
    for place in range(states.shape[1]):
        need = 0.0
        demand = 0.0
        for product in range(states.shape[2]):
            depot, state = depots[row, place, product], states[row, place, product]
            daily = depot.demand - (1.0 - season) * depot.public_demand
            wanted = daily + (depot.target - state.stock) / params.restock_days
            state.need = min(max(wanted, 0.0), params.need_cap * daily)
            need += state.need
            demand += depot.demand
        places[row, place].need = need
        for product in range(states.shape[2]):
            depot, state = depots[row, place, product], states[row, place, product]
            by_demand = depot.demand / demand if demand > 0.0 else 0.0
            by_need = state.need / need if need > 0.0 else by_demand
            share = params.mix_by_gap_share
            state.mix = (1.0 - share) * by_demand + share * by_need


@kernel
def halt_at_announcement(  # noqa: PLR0913 - four arrays, a share and luck
    feeds: Records,
    corridor_days: Records,
    arriving: Floats,
    states: Records,
    row: int,
    halted_share: float,
    member: int,
    day: int,
) -> None:
    """Let trucks under way halt and rejoin the queue on the first day of a ban.

    Parameters
    ----------
    feeds, corridor_days, states : array of Feed, CorridorDay, CorridorState
        Feeds; calendar; the queues are changed.
    arriving : array
        Ring, changed [trucks], shape (member, feed, product, ring).
    row : int
        Member.
    halted_share : float
        Chance that a truck halts [1].
    member, day : int
        Name of the member in its luck; day.
    """
    for number in range(feeds.size):
        corridor = feeds[number].corridor
        before = corridor_days[day - 1, corridor].is_banned if day > 0 else 0
        is_new = corridor_days[day, corridor].is_banned == 1 and before == 0
        if not is_new or feeds[number].is_import == 0:
            continue
        for product in range(arriving.shape[2]):
            for slot in range(RING_DAYS):
                trucks = arriving[row, number, product, slot]
                if trucks > 0.0:
                    k = 1 + product * RING_DAYS + slot
                    u, _, _, _ = uniforms(feeds[number].flow, member, day, k)
                    halted = binomial_quantile(u, int(trucks), halted_share)
                    arriving[row, number, product, slot] -= halted
                    states[row, corridor].waiting += halted


@kernel
def move_willingness(
    corridor: CorridorState, today: CorridorDay, nation: NationState, params: Parameters
) -> None:
    """Let operators follow a ban at once, shrink from losses, and calm slowly.

    Parameters
    ----------
    corridor : CorridorState
        Changed; yesterday's counts are read and cleared.
    today : CorridorDay
        What the calendar says of the corridor.
    nation, params
        State and parameters of the member.
    """
    target = 1.0
    if today.is_banned == 1 and today.is_free == 0:
        target = params.ban_willingness_share
        if nation.posture == Posture.PAUSE:
            target += params.pause_willingness_share * (1.0 - target)
    willing = corridor.willingness
    pace = params.willingness_recovery_per_day
    if willing > target:
        pace = -math.expm1(-1.0 / params.announcement_days)
    willing += pace * (target - willing)
    if corridor.lost_today > 0.0:
        share = min(1.0, corridor.lost_today / corridor.sent_today)
        willing *= 1.0 - params.loss_aversion * share
    if corridor.harmed_today > 0.0:
        willing *= 1.0 - params.driver_aversion
    corridor.willingness = willing
    corridor.lost_today = 0.0
    corridor.sent_today = 0.0
    corridor.harmed_today = 0.0


@kernel
def room_at_gateway(corridor: Corridor, asked: float, params: Parameters) -> float:
    """Return the trucks that may wait at a gateway: two days' worth at least."""
    return max(params.gateway_capacity_trucks * corridor.queue_share, 2.0 * asked)


@kernel
def clearance_of(today: Day, params: Parameters) -> float:
    """Return the time for clearance, from a measure or the parameter [h]."""
    return params.clearance_h if today.clearance_h < 0.0 else today.clearance_h


@kernel
def dispatch_imports(
    inputs: Inputs, state: State, outputs: Outputs, row: int, member: int, day: int
) -> None:
    """Load idle trucks, and send those whose operators dare, feed by feed.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, member, day : int
        Row and name of the member; day.
    """
    params, nation = inputs.params[row], state.nation[row]
    kept = outputs.daily[row, day]
    mixed = state.depots.shape[2]
    first_group = 1 + _DRAWS_PER_PRODUCT * mixed
    clearance_h = clearance_of(inputs.days[day], params)
    for number in range(inputs.corridors.size):
        corridor = inputs.corridors[number]
        if corridor.is_import == 0:
            continue
        today = inputs.corridor_days[day, number]
        own, fleet = state.corridors[row, number], state.fleets[row, corridor.fleet]
        move_willingness(own, today, nation, params)
        load_kl = inputs.load_kl[row, corridor.fleet]
        first, end = corridor.first_feed, corridor.end_feed
        asked = amount_asked(inputs.feeds, state.places, row, first, end) / load_kl
        if asked <= 0.0:
            continue
        u, _, _, _ = uniforms(corridor.loading, member, day, 0)
        room = np.floor(room_at_gateway(corridor, asked, params) - own.waiting)
        loaded = min(rounded(asked, u), max(room, 0.0), fleet.idle)
        own.waiting += loaded
        fleet.idle -= loaded
        willing = own.willingness * today.open_share
        if day < fleet.strike_end or willing <= 0.0:
            continue
        effort = relative_effort(nation, params, today)
        turned_back = 0.0
        for fed in range(first, end):
            feed = inputs.feeds[fed]
            wanted = willing * feed.share * state.places[row, feed.place].need / load_kl
            u, u_round, u_hits, u_rest = uniforms(feed.flow, member, day, 0)
            trucks = min(rounded(wanted, u), own.waiting)
            if trucks <= 0.0:
                continue
            own.waiting -= trucks
            own.sent_today += trucks
            mines = effort * feed.exposure
            lead = lead_days(feed.travel_h, clearance_h, mines, params)
            if effort > 0.0:
                hits, is_rest_hit, is_toll_paid = groups_met(
                    trucks, feed.exposure, effort, today.toll_usd, u_hits, u_rest, params
                )
                if is_toll_paid:
                    kept.tolls_usd += today.toll_usd * trucks
                if hits > 0 or is_rest_hit:
                    followed, back = follow_groups(
                        inputs, state, outputs, row, fed, mixed,
                        trucks, effort, lead, hits, is_rest_hit, member, day, first_group,
                    )  # fmt: skip
                    trucks -= followed
                    turned_back += back
            slot = (day + whole_lead(lead, nation)) % RING_DAYS
            put_under_way(
                state.arriving, state.depots, row, fed, feed.place, mixed,
                trucks, slot, u_round,
            )  # fmt: skip
        own.waiting += turned_back
        kept.trucks_turned_back += turned_back
        kept.trucks_sent += own.sent_today


@kernel
def escort_packages(nation: NationState, today: Day, day: int, params: Parameters) -> float:
    """Return the escort packages of a day: few at first, more after the step [1].

    Parameters
    ----------
    nation : NationState
        Holds the day of the step.
    today : Day
        What the calendar says of the day.
    day : int
        Day.
    params : Parameters
        Parameters of the member.

    Returns
    -------
    packages : float
        Escort packages [1].
    """
    grown = (day - nation.escort_step_day) / params.escort_ramp_days
    grown = min(1.0, max(0.0, grown))
    first, last = params.escort_packages_initial, params.escort_packages_final
    return (first + (last - first) * grown) * today.escort_factor


@kernel
def raise_alarm(nation: NationState, served: float, day: int, params: Parameters) -> None:
    """Decide the escort step some time after the capital has been short for days.

    Parameters
    ----------
    nation : NationState
        Changed.
    served : float
        Share the capital's public got yesterday [1].
    day : int
        Day.
    params : Parameters
        Parameters of the member.
    """
    if nation.escort_step_day < UNDECIDED:
        return
    nation.alarm_count += 1.0
    if served >= params.alarm_served_share:
        nation.alarm_count = 0.0
    if nation.alarm_count >= params.alarm_days:
        nation.escort_step_day = day + params.escort_delay_days


@kernel
def longest_queue(inputs: Inputs, state: State, row: int, day: int, least: float) -> int:
    """Return the corridor whose queue an escort takes next; -1 if none is long enough."""
    best = -1
    most = least
    for number in range(inputs.corridors.size):
        waiting = state.corridors[row, number].waiting
        is_open = inputs.corridor_days[day, number].is_escorted == 1
        if is_open and (waiting > most or (best < 0 and waiting >= most)):
            best, most = number, waiting
    return best


@kernel
def dispatch_convoys(
    inputs: Inputs, state: State, outputs: Outputs, row: int, member: int, day: int
) -> None:
    """Send convoys with the escort packages that are free.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, member, day : int
        Row and name of the member; day.
    """
    params, nation, today = inputs.params[row], state.nation[row], inputs.days[day]
    kept = outputs.daily[row, day]
    packages = escort_packages(nation, today, day, params)
    kept.escorts = packages
    credit = nation.escort_credit + packages / params.escort_cycle_days
    nation.escort_credit = min(credit, max(1.0, packages))
    if day < nation.suspension_end:
        return
    clearance_h = clearance_of(today, params)
    while nation.escort_credit >= 1.0:
        number = longest_queue(inputs, state, row, day, params.convoy_min_trucks)
        if number < 0:
            return
        own = state.corridors[row, number]
        trucks = min(own.waiting, np.floor(params.convoy_cap_trucks))
        nation.escort_credit -= 1.0
        own.waiting -= trucks
        own.sent_today += trucks
        convoy = int(kept.convoys)
        kept.convoys += 1.0
        kept.trucks_escorted += trucks
        kept.trucks_sent += trucks
        effort = relative_effort(nation, params, inputs.corridor_days[day, number])
        turned_back = send_convoy(
            inputs, state, outputs, row, number,
            trucks, effort, clearance_h, member, day, convoy,
        )  # fmt: skip
        own.waiting += turned_back
        kept.trucks_turned_back += turned_back


@kernel
def internal_wish(
    need: float, depot: Depot, own: DepotState, nation: NationState, params: Parameters
) -> float:
    """Return what a place asks of internal traffic [kl].

    Under a ban no more than its demand; in a pause it catches up.

    Parameters
    ----------
    need : float
        What it asks in ordinary times [kl].
    depot, own
        Its depot and its state.
    nation, params
        State and parameters of the member.

    Returns
    -------
    wish : float
        Amount before traffic and hold-back [kl].
    """
    if nation.posture == Posture.BUILD_UP:
        return need
    if nation.posture != Posture.PAUSE:
        return min(need, depot.demand)
    most = params.catch_up_cap * depot.demand
    return min(max(depot.demand + depot.target - own.stock, 0.0), most)


@kernel
def held_back(stock: float, target: float, params: Parameters) -> float:
    """Return the share of deliveries the capital still makes as its stock falls [1]."""
    if target <= 0.0:
        return 1.0
    gap = 2.0 * (1.0 - stock / target)
    return 1.0 - params.holdback_share * min(1.0, max(0.0, gap))


@kernel
def dispatch_internal(
    inputs: Inputs, state: State, outputs: Outputs, row: int, member: int, day: int
) -> None:
    """Carry stock from depot to depot along the internal corridors.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, member, day : int
        Row and name of the member; day.
    """
    params, nation = inputs.params[row], state.nation[row]
    for number in range(inputs.corridors.size):
        corridor, today = inputs.corridors[number], inputs.corridor_days[day, number]
        if corridor.is_import == 1:
            continue
        own, fleet = state.corridors[row, number], state.fleets[row, corridor.fleet]
        own.sent_today = 0.0
        own.lost_today = 0.0
        traffic = nation.internal_traffic * today.open_share
        effort = relative_effort(nation, params, today)
        load_kl = inputs.load_kl[row, corridor.fleet]
        is_from_capital = corridor.source == inputs.country[0].capital
        for fed in range(corridor.first_feed, corridor.end_feed):
            feed = inputs.feeds[fed]
            mines = effort * feed.exposure
            lead = lead_days(feed.travel_h, 0.0, mines, params)
            u, v, w, x = uniforms(feed.flow, member, day, 0)
            for product in range(state.depots.shape[2]):
                source = state.depots[row, corridor.source, product]
                served = state.depots[row, feed.place, product]
                depot = inputs.depots[row, feed.place, product]
                wish = internal_wish(served.need, depot, served, nation, params)
                if is_from_capital:
                    target = inputs.depots[row, corridor.source, product].target
                    wish *= held_back(source.stock, target, params)
                most = min(np.floor(source.stock / load_kl), fleet.idle)
                wish *= feed.share * traffic / load_kl
                trucks = min(rounded(wish, u), most)
                u, v, w, x = v, w, x, u
                if trucks <= 0.0:
                    continue
                fleet.idle -= trucks
                own.sent_today += trucks
                source.stock -= trucks * load_kl
                lost = fleet.lost
                if effort > 0.0:
                    k = 1 + _DRAWS_PER_PRODUCT * product
                    u_hits, u_rest, _, _ = uniforms(feed.encounter, member, day, k)
                    hits, is_rest_hit, _ = groups_met(
                        trucks, feed.exposure, effort, 0.0, u_hits, u_rest, params
                    )
                    if hits > 0 or is_rest_hit:
                        followed, back = follow_groups(
                            inputs, state, outputs, row, fed, product,
                            trucks, effort, lead, hits, is_rest_hit, member, day, k + 1,
                        )  # fmt: skip
                        trucks -= followed
                        fleet.idle += back
                        source.stock += back * load_kl
                lost_kl = (fleet.lost - lost) * load_kl
                state.accounts[row, product].internal_lost += lost_kl
                slot = (day + whole_lead(lead, nation)) % RING_DAYS
                state.arriving[row, fed, product, slot] += trucks


@kernel
def move_internal_traffic(nation: NationState, is_banned: int, params: Parameters) -> None:
    """Let internal traffic shrink to its share over days of a ban, and come back."""
    step = (1.0 - params.internal_traffic_share) / params.internal_traffic_days
    least = params.internal_traffic_share if is_banned == 1 else 1.0
    change = -step if is_banned == 1 else step
    nation.internal_traffic = min(1.0, max(least, nation.internal_traffic + change))


@kernel
def return_days(travel_h: float, abroad_h: float, params: Parameters) -> int:
    """Return the days from unloading to standing idle at the origin again [days]."""
    driving = (travel_h + 2.0 * abroad_h) / params.driving_h_per_day
    return min(RING_DAYS - 1, max(1, int(driving + params.loading_days + 0.5)))


@kernel
def receive(inputs: Inputs, state: State, outputs: Outputs, row: int, day: int) -> None:
    """Unload what arrives today and send the empty trucks home; those back are idle.

    What a depot has no room for is refused.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, day : int
        Member and day.
    """
    slot = day % RING_DAYS
    week = min(day // 7, outputs.weekly_places.shape[1] - 1)
    for number in range(state.fleets.shape[1]):
        state.fleets[row, number].idle += state.returning[row, number, slot]
        state.returning[row, number, slot] = 0.0
    for number in range(inputs.feeds.size):
        feed = inputs.feeds[number]
        corridor = inputs.corridors[feed.corridor]
        load_kl = inputs.load_kl[row, corridor.fleet]
        arrived = 0.0
        for product in range(state.depots.shape[2]):
            trucks = state.arriving[row, number, product, slot]
            if trucks == 0.0:
                continue
            state.arriving[row, number, product, slot] = 0.0
            arrived += trucks
            depot = state.depots[row, feed.place, product]
            account = state.accounts[row, product]
            volume = trucks * load_kl
            room = inputs.depots[row, feed.place, product].capacity - depot.stock
            refused = max(0.0, volume - room)
            depot.stock += volume - refused
            account.refused += refused
            if corridor.is_import == 1:
                account.imported += volume
                outputs.daily_products[row, day, product].imports_kl += volume
            kept = outputs.weekly_depots[row, week, feed.place, product]
            kept.delivered_kl += volume - refused
        if arrived > 0.0:
            home = return_days(feed.travel_h, corridor.abroad_h, inputs.params[row])
            state.returning[row, corridor.fleet, (day + home) % RING_DAYS] += arrived
            outputs.weekly_corridors[row, week, feed.corridor].trucks_delivered += arrived
            if corridor.is_import == 1:
                outputs.daily[row, day].trucks_delivered += arrived
