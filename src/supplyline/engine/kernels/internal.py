"""Internal traffic: stock carried from depot to depot inside the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import uniforms
from supplyline.engine.kernels.threat import Posture, relative_effort
from supplyline.engine.kernels.transit import (
    DRAWS_PER_PRODUCT,
    RING_DAYS,
    follow_groups,
    groups_met,
    lead_days,
    whole_lead,
    whole_trucks,
)
from supplyline.engine.kernels.ways import agreed_share

if TYPE_CHECKING:
    from supplyline.engine.kernels.depots import Depot, DepotState
    from supplyline.engine.kernels.network import Corridor
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.threat import ThreatState
    from supplyline.engine.kernels.world import Inputs, Outputs, State


class TrafficState:
    """Traffic inside the country."""

    internal_traffic: float
    """Share of internal traffic that runs [1]."""


@kernel
def internal_wish(
    need: float, depot: Depot, own: DepotState, nation: ThreatState, params: Parameters
) -> float:
    """Return what a place asks of internal traffic [kl]."""
    # Under a ban no more than its demand; in a pause it catches up.
    if nation.posture == Posture.BUILD_UP:
        return need
    if nation.posture != Posture.PAUSE:
        return min(need, depot.demand)
    # supply.md, Internal traffic: in a pause places fill up towards their target; the
    # cap keeps one day from emptying the capital.
    most = params.catch_up_cap * depot.demand
    return min(max(depot.demand + depot.target - own.stock, 0.0), most)


@kernel
def held_back(stock: float, target: float, params: Parameters) -> float:
    """Return the share of deliveries the capital still makes as its stock falls [1]."""
    if target <= 0.0:
        return 1.0
    # supply.md, Internal traffic: what the capital keeps for itself begins below its
    # target and is full at half of it; without it towns would drain it to the last
    # litre.
    gap = 2.0 * (1.0 - stock / target)
    return 1.0 - params.holdback_share * min(1.0, max(0.0, gap))


@part
def wish_of_place(
    inputs: Inputs, state: State, m: int, feed: int, product: int
) -> float:
    """Return what a place asks of all its internal corridors together [kl]."""
    params, nation, service = inputs.params[m], state.nation[m], inputs.feeds[feed]
    way = inputs.corridors[service.corridor]
    served = state.depots[m, service.place, product]
    depot = inputs.depots[m, service.place, product]
    wish = internal_wish(served.need, depot, served, nation, params)
    if way.source == inputs.facts[0].capital:
        source = state.depots[m, way.source, product]
        target = inputs.depots[m, way.source, product].target
        wish *= held_back(source.stock, target, params)
    return wish


@part
def wish_of_corridor(inputs: Inputs, state: State, m: int, way: Corridor) -> float:
    """Return what all places ask of an internal corridor today [kl]."""
    wish = 0.0
    for feed in range(way.first_feed, way.end_feed):
        share = inputs.feeds[feed].share + state.feeds[m, feed].shift
        for product in range(state.depots.shape[2]):
            wish += share * wish_of_place(inputs, state, m, feed, product)
    return wish


@part
def wish_let_pass(
    inputs: Inputs, state: State, m: int, corridor: int, day: int
) -> float:
    """Return what of it closures, passes and the state of traffic let leave [kl]."""
    way, traffic = inputs.corridors[corridor], state.nation[m].internal_traffic
    wish = 0.0
    leaving = 0.0
    for feed in range(way.first_feed, way.end_feed):
        share = inputs.feeds[feed].share + state.feeds[m, feed].shift
        open_share = traffic * inputs.levels[m, inputs.open_level[day, feed]]
        for product in range(state.depots.shape[2]):
            asked = share * wish_of_place(inputs, state, m, feed, product)
            wish += asked
            leaving += asked * open_share
    agreed = float(inputs.corridor_days[day, corridor].pass_kl)
    return max(leaving, min(wish, agreed))


@part
def let_out(inputs: Inputs, state: State, m: int, corridor: int, day: int) -> float:
    """Return the share of what may leave by an internal corridor that it can carry."""
    way = inputs.corridors[corridor]
    if min(way.capacity_kl, way.terminal_kl) == np.inf:
        return 1.0
    own = 0.0
    total = 0.0
    for each in range(inputs.corridors.size):
        other = inputs.corridors[each]
        if other.terminal == way.terminal:
            # supply.md, Ways round: what a shut gate holds back takes no room from
            # those whose way is open.
            leaving = wish_let_pass(inputs, state, m, each, day)
            total += min(leaving, other.capacity_kl)
            if each == corridor:
                own = leaving
    share = min(1.0, way.capacity_kl / own) if own > 0.0 else 1.0
    return share * way.terminal_kl / total if total > way.terminal_kl else share


@part
def dispatch_internal(
    inputs: Inputs, state: State, outputs: Outputs, m: int, member: int, day: int
) -> None:
    """Carry stock from depot to depot along the internal corridors.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    m, member, day : int
        Position of the member in the block; its number, a counter of the generator;
        day.
    """
    params, nation = inputs.params[m], state.nation[m]
    group = nation.full_group
    for corridor in range(inputs.corridors.size):
        way, today = inputs.corridors[corridor], inputs.corridor_days[day, corridor]
        if way.is_import == 1:
            continue
        own, fleet = state.corridors[m, corridor], state.fleets[m, way.fleet]
        # Willingness is not followed inland (supply.md, Internal traffic): only what
        # is sent and lost today is kept.
        own.sent_today = 0.0
        own.lost_today = 0.0
        capacity_share = let_out(inputs, state, m, corridor, day)
        agreed = 0.0
        if today.pass_kl > 0.0:
            wish = wish_of_corridor(inputs, state, m, way)
            agreed = agreed_share(today.pass_kl, wish)
        effort = relative_effort(nation, own, params, today)
        rate = effort * group.rate
        load_kl = inputs.load_kl[m, way.fleet]
        for feed in range(way.first_feed, way.end_feed):
            service = inputs.feeds[feed]
            share = service.share + state.feeds[m, feed].shift
            traffic = nation.internal_traffic
            traffic *= inputs.levels[m, inputs.open_level[day, feed]]
            traffic = max(traffic, agreed) * capacity_share
            state.feeds[m, feed].passed = traffic
            # supply.md, Closures: none passes, not even a truck that is due.
            if traffic <= 0.0:
                continue
            exposure = state.exposure[m, service.last_entry]
            mines = effort * exposure
            lead = lead_days(service.travel_h, service.nonstop_h, mines, params)
            wished = held = 0.0
            for product in range(state.depots.shape[2]):
                source = state.depots[m, way.source, product]
                wish = wish_of_place(inputs, state, m, feed, product)
                # A depot gives whole loads that it has: stock below 0 would be
                # borrowed fuel.
                most = min(np.floor(source.stock / load_kl), fleet.idle)
                wish *= share * traffic / load_kl
                wished += wish
                held += min(wish, source.stock / load_kl)
                due = state.due[m, feed, product]
                trucks, state.due[m, feed, product] = whole_trucks(due, wish, most)
                if trucks <= 0.0:
                    continue
                fleet.idle -= trucks
                own.sent_today += trucks
                source.stock -= trucks * load_kl
                lost = fleet.lost
                if effort > 0.0:
                    k = 1 + DRAWS_PER_PRODUCT * product
                    hazard = rate * exposure
                    u_hits, u_rest, _, _ = uniforms(service.encounter, member, day, k)
                    hits, is_rest_hit, _ = groups_met(
                        trucks,
                        group.trucks,
                        hazard,
                        0.0,
                        nation.quality,
                        u_hits,
                        u_rest,
                        params,
                    )
                    if hits > 0 or is_rest_hit:
                        followed, back = follow_groups(
                            inputs, state, outputs, m, feed, product,
                            trucks, effort, hazard, lead,
                            hits, is_rest_hit, member, day, k + 1,
                        )  # fmt: skip
                        trucks -= followed
                        fleet.idle += back
                        # Trucks that turn back unload where they came from, before
                        # the day is over.
                        source.stock += back * load_kl
                # Read off the books of trucks, as losses are drawn deep inside: fuel
                # and trucks lost can never disagree.
                lost_kl = (fleet.lost - lost) * load_kl
                state.accounts[m, product].internal_lost += lost_kl
                slot = (day + whole_lead(lead, nation)) % RING_DAYS
                state.arriving[m, slot, feed, product] += trucks
            # supply.md, Ways round: an open road from an empty depot brings nothing.
            if wished > 0.0:
                state.feeds[m, feed].passed = traffic * held / wished


@kernel
def move_internal_traffic(
    nation: TrafficState, is_banned: int, params: Parameters
) -> None:
    """Let internal traffic shrink to its share over days of a ban, and come back."""
    # supply.md, Internal traffic: falls evenly and comes back at the same pace, so
    # that a short ban does not stop the country.
    step = (1.0 - params.internal_traffic_share) / params.internal_traffic_days
    change = -step if is_banned == 1 else step
    traffic = max(params.internal_traffic_share, nation.internal_traffic + change)
    nation.internal_traffic = min(1.0, traffic)
