"""Supply: needs, willingness of operators, dispatch at the gateways.

Two streams run side by side on an import corridor: unescorted groups of the operators
who dare, and convoys under escort (`escort`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.kernels.elementary import expm1
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import FIRST, binomial_quantile, uniforms
from supplyline.engine.kernels.threat import (
    Posture,
    is_passage_free,
    move_fleet_effort,
    relative_effort,
)
from supplyline.engine.kernels.transit import (
    DRAWS_PER_PRODUCT,
    RING_DAYS,
    follow_groups,
    groups_met,
    lead_days,
    put_under_way,
    whole_lead,
    whole_trucks,
)
from supplyline.engine.kernels.ways import (
    agreed_share,
    amount_asked,
    count_escorted,
    let_through,
    note_passed,
    reroute_pace,
)

if TYPE_CHECKING:
    from supplyline.engine.kernels.depots import Depot
    from supplyline.engine.kernels.network import (
        Corridor,
        CorridorDay,
        CorridorState,
        FleetState,
    )
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Floats, Ints, Records
    from supplyline.engine.kernels.threat import ThreatState
    from supplyline.engine.kernels.world import Inputs, Outputs, State


class SupplyDay:
    """What supply reads of the calendar."""

    is_banned: int
    """1 while a ban holds on any corridor."""
    is_announced: int
    """1 on the first day of a ban on any corridor."""
    clearance_h: float
    """Time for clearance; negative where the parameter holds [h]."""
    rainy_share: float
    """Share of the day's month with the demand of the rains [1]."""
    power_factor: float
    """Factor of the month on what power plants need [1]."""


class SupplyState:
    """What supply leaves to be booked."""

    tolls_since: float
    """Tolls paid and not yet booked [USD]."""


@kernel
def season_factor(rainy_share: float, params: Parameters) -> float:
    """Return the factor of the rains on public demand [1]."""
    # supply.md, Demand: the season acts on the public only; on all, mines would rest
    # in the rains.
    return 1.0 - rainy_share * (1.0 - params.rainy_demand_factor)


@kernel
def asked_per_day(
    depot: Depot, season: float, people: float, power_wish: float
) -> float:
    """Return what users will take from a depot in a day of plenty [kl/day]."""
    # supply.md, Needs: importers load for those who buy; loads for plants that cannot
    # pay would fill the depots they stand before.
    unpaid = (1.0 - power_wish) * depot.power
    more = season * (people - 1.0) * depot.public
    return depot.demand - (1.0 - season) * depot.public_demand + more - unpaid


@kernel
def still_to_come(daily: float, depot: Depot) -> float:
    """Return what users take in a day beyond what is made on the spot [kl/day]."""
    return daily - min(max(daily, 0.0), depot.production)


@kernel
def set_needs(
    depots: Records,
    states: Records,
    places: Records,
    levels: Floats,
    order_level: Ints,
    m: int,
    day: int,
    season: float,
    is_banned: int,
    params: Parameters,
) -> None:
    """Ask for deliveries: demand, and part of what the stock lacks; and mix the loads.

    Parameters
    ----------
    depots, states, places : array of Depot, DepotState, PlaceState
        Needs and mixes are written to the states.
    levels, order_level : array
        What importers order at most, shape (member, level), (day, product).
    m, day : int
        Position of the member in the block; day.
    season : float
        Factor of the season on public demand [1].
    is_banned : int
        1 while a ban holds on any corridor.
    params : Parameters
        Parameters of the member.
    """
    # supply.md, Needs: under a ban only a part of the target is rebuilt; what stands
    # above it is no reason to order less.
    left_out = is_banned * (1.0 - params.restock_ban_share)
    for place in range(states.shape[1]):
        town = places[m, place]
        need = 0.0
        demand = 0.0
        for product in range(states.shape[2]):
            depot, state = depots[m, place, product], states[m, place, product]
            daily = asked_per_day(depot, season, town.people, town.power_wish)
            # supply.md, Ways round: who carries for others has to be supplied itself.
            daily += state.spare_need
            # supply.md, Needs: a gap is closed over weeks; at once, one bad day would
            # order a fleet.
            gap = depot.target - state.stock
            gap = min(gap, max(0.0, gap - left_out * depot.target))
            # supply.md, Production: what is made here need not come.
            lacking = still_to_come(daily, depot)
            wanted = lacking + gap / params.restock_days
            # The cap keeps orders of an empty town within what roads can carry.
            state.need = min(max(wanted, 0.0), params.need_cap * daily)
            # supply.md, Want of money: of demand and not of need, else what is lacking
            # would be ordered all the same.
            limit = levels[m, order_level[day, product]]
            state.ordered = min(state.need, min(params.need_cap, limit) * daily)
            need += state.ordered
            demand += min(1.0, limit) * lacking
        town.need = need
        for product in range(states.shape[2]):
            depot, state = depots[m, place, product], states[m, place, product]
            daily = asked_per_day(depot, season, town.people, town.power_wish)
            daily += state.spare_need
            # supply.md, Needs: by gaps alone the scarcest product would take all
            # trucks; by demand alone a gap would never close.
            lacking = still_to_come(daily, depot)
            lacking *= min(1.0, levels[m, order_level[day, product]])
            by_need = state.ordered / need if need > 0.0 else 0.0
            by_demand = lacking / demand if demand > 0.0 else by_need
            if need <= 0.0:
                by_need = by_demand
            share = params.mix_by_gap_share
            state.mix = (1.0 - share) * by_demand + share * by_need


@kernel
def halt_at_announcement(
    feeds: Records,
    corridor_days: Records,
    arriving: Floats,
    states: Records,
    m: int,
    halted_share: float,
    member: int,
    day: int,
) -> None:
    """Let trucks under way halt and rejoin the queue on the first day of a ban.

    Parameters
    ----------
    feeds, corridor_days : array of Feed, CorridorDay
        Feeds; calendar.
    arriving : array
        Ring, changed [trucks], shape (member, ring, feed, product).
    states : array of CorridorState
        Queues, changed.
    m : int
        Position of the member in the block.
    halted_share : float
        Chance that a truck halts [1].
    member, day : int
        Number of the member: counter of the generator; day.
    """
    for feed in range(feeds.size):
        corridor = feeds[feed].corridor
        # supply.md, The announcement: only a new ban halts trucks, else each day of a
        # ban would empty the road.
        today = corridor_days[day, corridor]
        is_new = today.is_banned == 1 and today.banned_days == 0.0
        if not is_new or feeds[feed].is_import == 0:
            continue
        for product in range(arriving.shape[3]):
            for slot in range(RING_DAYS):
                trucks = arriving[m, slot, feed, product]
                if trucks > 0.0:
                    # A counter for each product and day of arrival: trucks that halt
                    # are the same in every scenario that announces the same ban.
                    k = 1 + product * RING_DAYS + slot
                    u, _, _, _ = uniforms(feeds[feed].flow, member, day, k)
                    halted = binomial_quantile(u, int(trucks), halted_share)
                    arriving[m, slot, feed, product] -= halted
                    states[m, corridor].waiting += halted


@kernel
def willingness_aim(
    corridor: CorridorState,
    fleet: FleetState,
    today: CorridorDay,
    nation: ThreatState,
    params: Parameters,
) -> float:
    """Return the share of operators who go once they are used to a ban [1]."""
    if today.is_banned == 0 or is_passage_free(nation, corridor, today):
        return 1.0
    target = min(1.0, params.ban_willingness_share * fleet.daring)
    if nation.posture == Posture.PULSE:
        target *= params.pulse_willingness_share
    if nation.posture == Posture.PAUSE:
        target += params.pause_willingness_share * (1.0 - target)
    return target


@kernel
def move_willingness(
    corridor: CorridorState,
    fleet: FleetState,
    today: CorridorDay,
    nation: ThreatState,
    params: Parameters,
) -> float:
    """Move the share who go; return the part of the unwilling whom news brings back."""
    # supply.md, Willingness: the announcement acts before any loss does; losses push
    # below the target, and recovery under a ban stops at it.
    target = willingness_aim(corridor, fleet, today, nation, params)
    willing = corridor.willingness
    pace = params.willingness_recovery_per_day
    if willing > target:
        # Down fast, up slowly: fear of a ban is news, trust is experience.
        pace = -expm1(-1.0 / params.announcement_days)
    willing += pace * (target - willing)
    # supply.md, Willingness: who stayed away for the ban alone comes back with the news
    # that it is lifted or eased; who stayed away for losses does not.
    corridor.confidence += params.willingness_recovery_per_day * (
        1.0 - corridor.confidence
    )
    back = params.ban_return_per_day * max(0.0, target * corridor.confidence - willing)
    returning = back / (1.0 - willing) if back > 0.0 else 0.0
    willing += back
    if corridor.lost_today > 0.0:
        # By share of what was sent: ten trucks lost of twelve frighten more than ten
        # of a thousand.
        share = min(1.0, corridor.lost_today / corridor.sent_today)
        willing *= 1.0 - params.loss_aversion * share
        corridor.confidence *= 1.0 - params.loss_aversion * share
    if corridor.harmed_today > 0.0:
        willing *= 1.0 - params.driver_aversion
        corridor.confidence *= 1.0 - params.driver_aversion
    corridor.willingness = willing
    # Cleared here, as yesterday must be read before today counts.
    corridor.lost_today = 0.0
    corridor.sent_today = 0.0
    corridor.harmed_today = 0.0
    return returning


@kernel
def room_at_gateway(corridor: Corridor, asked: float, params: Parameters) -> float:
    """Return the trucks that may wait at a gateway: two days' worth at least."""
    # supply.md, Loading and unescorted groups. And one for each feed: less than a
    # truck would keep a small corridor shut.
    feeds = float(corridor.end_feed - corridor.first_feed)
    share = params.gateway_capacity_trucks * corridor.queue_share
    return max(share, 2.0 * asked, feeds)


@kernel
def clearance_of(today: SupplyDay, params: Parameters) -> float:
    """Return the time for clearance, from a measure or the parameter [h]."""
    return params.clearance_h if today.clearance_h < 0.0 else today.clearance_h


@part
def load_trucks(
    own: CorridorState,
    fleet: FleetState,
    corridor: Corridor,
    asked: float,
    params: Parameters,
) -> None:
    """Load idle trucks with what is asked for, until the queue is full."""
    # supply.md, Loading and unescorted groups: without a limit a closed road would
    # swallow the whole fleet into its queue.
    room = room_at_gateway(corridor, asked, params)
    if own.left > 0.0:
        # supply.md, Ways round: who drives by another way does not wait at this one.
        room *= 1.0 - own.left
        leaving = max(0.0, np.floor(own.waiting - room))
        own.waiting -= leaving
        fleet.idle += leaving
    room = np.floor(room - own.waiting)
    most = min(max(room, 0.0), fleet.idle)
    loaded, own.due = whole_trucks(own.due, asked, most)
    own.waiting += loaded
    fleet.idle -= loaded


@part
def dispatch_imports(
    inputs: Inputs, state: State, outputs: Outputs, m: int, member: int, day: int
) -> None:
    """Load idle trucks, and send those whose operators dare, feed by feed.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    m, member, day : int
        Position of the member in the block; its number, a counter of the generator;
        day.
    """
    params, nation = inputs.params[m], state.nation[m]
    kept = outputs.daily[m, day]
    mixed = state.depots.shape[2]
    first_group = 1 + DRAWS_PER_PRODUCT * mixed
    clearance_h = clearance_of(inputs.days[day], params)
    group = nation.full_group
    # Once for all corridors: an exponential for each would cost time.
    pace = reroute_pace(1.0, params)
    for corridor in range(inputs.corridors.size):
        way = inputs.corridors[corridor]
        if way.is_import == 0:
            continue
        today = inputs.corridor_days[day, corridor]
        own, fleet = state.corridors[m, corridor], state.fleets[m, way.fleet]
        # schedule.md, The day, step 6: yesterday's losses decide who drives today.
        if today.is_banned == 1:
            key = inputs.fleets[way.fleet].pressure
            move_fleet_effort(fleet, key, nation, member, day, params)
        returning = move_willingness(own, fleet, today, nation, params)
        load_kl = inputs.load_kl[m, way.fleet]
        first, end = way.first_feed, way.end_feed
        asked = amount_asked(inputs.feeds, state.feeds, state.places, m, first, end)
        limit = let_through(inputs, state, m, way, asked)
        through = min(1.0, limit)
        agreed = agreed_share(today.pass_kl, asked)
        asked /= load_kl
        # A strike stops those without escort; loading and convoys go on.
        willing = 0.0 if day < fleet.strike_end else own.willingness
        count_escorted(own, pace)
        note_passed(inputs, state, m, corridor, day, willing, agreed, asked, through)
        if asked <= 0.0:
            continue
        queued = returning * own.waiting / asked
        load_trucks(own, fleet, way, through * asked, params)
        if max(willing, agreed) <= 0.0:
            continue
        effort = relative_effort(nation, own, params, today) * fleet.effort
        rate = effort * group.rate
        turned_back = 0.0
        for feed in range(first, end):
            service = inputs.feeds[feed]
            open_share = inputs.levels[m, inputs.open_level[day, feed]]
            # supply.md, Passes: what is agreed leaves whoever dares.
            passing = max(willing * open_share, agreed)
            # supply.md, Closures: none passes, not even a truck that is due.
            if passing <= 0.0:
                continue
            share = service.share + state.feeds[m, feed].shift
            town = state.places[m, service.place]
            wanted = passing * share * town.need / load_kl
            # supply.md, Loading and unescorted groups: who turns willing takes a truck
            # that already waits.
            released = min(queued * open_share, limit - passing * through)
            wanted = through * wanted + released * share * town.need / load_kl
            trucks, left = whole_trucks(state.due[m, feed, mixed], wanted, own.waiting)
            state.due[m, feed, mixed] = left
            if trucks <= 0.0:
                continue
            own.waiting -= trucks
            own.sent_today += trucks
            exposure = state.exposure[m, service.last_entry]
            mines = effort * exposure
            hours = clearance_h + service.nonstop_h
            lead = lead_days(service.travel_h, hours, mines, params)
            if effort > 0.0:
                hazard = rate * exposure
                _, _, u_hits, u_rest = uniforms(service.flow, member, day, FIRST)
                hits, is_rest_hit, is_toll_paid = groups_met(
                    trucks,
                    group.trucks,
                    hazard,
                    today.toll_usd,
                    nation.quality,
                    u_hits,
                    u_rest,
                    params,
                )
                if is_toll_paid:
                    kept.tolls_usd += today.toll_usd * trucks
                    nation.tolls_since += today.toll_usd * trucks
                if hits > 0 or is_rest_hit:
                    followed, back = follow_groups(
                        inputs, state, outputs, m, feed, mixed,
                        trucks, effort, hazard, lead, hits, is_rest_hit,
                        member, day, first_group,
                    )  # fmt: skip
                    trucks -= followed
                    turned_back += back
            # Groups that met nobody arrive together; those followed were put under
            # way with their own delays.
            slot = (day + whole_lead(lead, nation)) % RING_DAYS
            put_under_way(
                state.due, state.arriving, state.depots,
                m, feed, service.place, mixed, trucks, slot,
            )  # fmt: skip
        # After the loop: a truck that turns back does not leave again on the same
        # day.
        own.waiting += turned_back
        kept.trucks_turned_back += turned_back
        kept.trucks_sent += own.sent_today
