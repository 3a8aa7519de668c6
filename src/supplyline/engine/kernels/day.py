"""One member, day by day: the steps in their order.

`live` is the table of contents of the engine. Each step writes its own part of the
state; a member begins in the steady state, with depots, tanks, roads and queues full.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.engine.kernels.arrival import receive_trucks, return_days
from supplyline.engine.kernels.attacks import step_attacks
from supplyline.engine.kernels.control import (
    clash_groups,
    serve_regions,
    settle_regions,
)
from supplyline.engine.kernels.effort import aim_operations, note_reference, weigh_path
from supplyline.engine.kernels.encounter import break_probability, weigh_groups
from supplyline.engine.kernels.escort import (
    answer_shortage,
    dispatch_convoys,
    divert_escorts,
    raise_alarm,
)
from supplyline.engine.kernels.eve import begin_bans, begin_towns
from supplyline.engine.kernels.force import move_army, step_army
from supplyline.engine.kernels.internal import dispatch_internal, move_internal_traffic
from supplyline.engine.kernels.jit import entry, kernel, part
from supplyline.engine.kernels.luck import rounded, uniforms
from supplyline.engine.kernels.market import set_power, step_market
from supplyline.engine.kernels.money import settle_week
from supplyline.engine.kernels.regime import step_regime
from supplyline.engine.kernels.start import begin_country
from supplyline.engine.kernels.supply import (
    clearance_of,
    dispatch_imports,
    halt_at_announcement,
    season_factor,
    set_needs,
)
from supplyline.engine.kernels.talks import step_talks
from supplyline.engine.kernels.threat import Posture, Talks, move_posture, truce_end
from supplyline.engine.kernels.transit import (
    LONGEST_LEAD_DAYS,
    RING_DAYS,
    lead_days,
    put_under_way,
)
from supplyline.engine.kernels.ways import amount_asked, find_ways

if TYPE_CHECKING:
    from supplyline.case.series import Daily
    from supplyline.engine.kernels.layout import CaseFacts, Day, NationState
    from supplyline.engine.kernels.network import Feed
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Floats, Ints, Records
    from supplyline.engine.kernels.world import Inputs, Outputs, State

_BEGINNING: Final[int] = np.int64(1_000_000)  # type: ignore[assignment] # as luck.FIRST
"""First counter of the luck with which roads are filled."""
_DUES: Final[int] = np.int64(1_000_001)  # type: ignore[assignment] # as luck.FIRST
"""Counter of the luck with which parts of a truck begin."""


@part
def begin_dues(
    due: Floats, depots: Records, m: int, feed: int, service: Feed, member: int
) -> None:
    """Begin the parts of a truck that are due anywhere between none and a whole one."""
    # Else the first truck of every small flow would leave on the same day in all
    # members. The balance of the products of an import feed begins even, and of what
    # nobody at a place uses no part of a truck is due.
    whole = due.shape[2] - 1
    for product in range(due.shape[2]):
        is_inland = service.is_import == 0 and product < whole
        is_due = is_inland and depots[m, service.place, product].mix > 0.0
        if is_due or product == whole:
            u, _, _, _ = uniforms(service.flow, member, product, _DUES)
            due[m, feed, product] = u


@part
def stock_share(inputs: Inputs, state: State, m: int, place: int) -> float:
    """Return the stock of a place over what it aims at, at most 1 [1]."""
    stock = target = 0.0
    for product in range(state.depots.shape[2]):
        stock += state.depots[m, place, product].stock
        target += inputs.depots[m, place, product].target
    return min(1.0, stock / target) if target > 0.0 else 1.0


@kernel
def fill_roads(inputs: Inputs, state: State, m: int, member: int) -> None:
    """Put the trucks of a steady flow on the road, there and back.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m, member : int
        Position of the member in the block; its number, a counter of the generator.
    """
    params, nation = inputs.params[m], state.nation[m]
    mixed = state.depots.shape[2]
    for feed in range(inputs.feeds.size):
        service = inputs.feeds[feed]
        way = inputs.corridors[service.corridor]
        fleet = state.fleets[m, way.fleet]
        load_kl = inputs.load_kl[m, way.fleet]
        # start.md, Roads and queues: with empty roads the first weeks would show a
        # shortage that nobody saw.
        flow = service.share * state.places[m, service.place].need / load_kl
        # start.md, In a shortage: and roads that were shut stood empty.
        flow *= inputs.levels[m, inputs.open_level[0, feed]]
        flow *= state.corridors[m, service.corridor].willingness
        if way.is_import == 0:
            flow *= nation.internal_traffic * stock_share(inputs, state, m, way.source)
        hours = clearance_of(inputs.days[0], params) if way.is_import == 1 else 0.0
        hours += service.nonstop_h
        lead = int(lead_days(service.travel_h, hours, 0.0, params) + 0.5)
        key = service.flow
        begin_dues(state.due, state.depots, m, feed, service, member)
        for slot in range(min(LONGEST_LEAD_DAYS, max(1, lead))):
            u, _, _, _ = uniforms(key, member, slot, _BEGINNING)
            trucks = rounded(flow, u)
            put_under_way(
                state.due, state.arriving, state.depots,
                m, feed, service.place, mixed, trucks, slot,
            )  # fmt: skip
            fleet.idle -= trucks
        # Empty trucks on their way home belong to the steady flow: without them too
        # many would stand idle at the origin.
        home = return_days(service, way, params)
        for slot in range(home):
            _, _, u, _ = uniforms(key, member, slot, _BEGINNING)
            trucks = rounded(flow, u)
            state.returning[m, way.fleet, slot] += trucks
            fleet.idle -= trucks
    for corridor in range(inputs.corridors.size):
        way = inputs.corridors[corridor]
        if way.is_import == 1:
            first, end = way.first_feed, way.end_feed
            asked = amount_asked(inputs.feeds, state.feeds, state.places, m, first, end)
            waiting = np.floor(asked / inputs.load_kl[m, way.fleet])
            own = state.corridors[m, corridor]
            own.due, _, _, _ = uniforms(way.loading, member, 0, _DUES)
            own.waiting = waiting
            state.fleets[m, way.fleet].idle -= waiting


@kernel
def open_books(inputs: Inputs, state: State, m: int) -> None:
    """Enter what stands in depots, tanks and on the roads at the start.

    A fleet too small for its roads has none idle.

    Parameters
    ----------
    inputs : Inputs
        The case.
    state : State
        The world; its accounts are changed.
    m : int
        Position of the member in the block.
    """
    holding_days = inputs.params[m].holding_days
    for place in range(state.places.shape[1]):
        for product in range(state.depots.shape[2]):
            own, account = (
                state.depots[m, place, product],
                state.accounts[m, product],
            )
            # start.md, In a shortage: private tanks are as full as the depot is.
            full = inputs.depots[m, place, product].target
            held = min(1.0, own.stock / full) if full > 0.0 else 1.0
            own.holdings = inputs.depots[m, place, product].public * holding_days * held
            account.holdings_start += own.holdings
            account.stock_start += own.stock
    for fleet in range(state.fleets.shape[1]):
        own_fleet = state.fleets[m, fleet]
        # start.md, Fleets: a fleet too small starts with none idle; below 0 it would
        # owe trucks.
        own_fleet.idle = max(0.0, own_fleet.idle)
        own_fleet.start = own_fleet.idle
        for slot in range(RING_DAYS):
            own_fleet.start += state.returning[m, fleet, slot]
    for corridor in range(inputs.corridors.size):
        own_fleet = state.fleets[m, inputs.corridors[corridor].fleet]
        own_fleet.start += state.corridors[m, corridor].waiting
    for slot in range(RING_DAYS):
        for feed in range(inputs.feeds.size):
            for product in range(state.depots.shape[2]):
                trucks = state.arriving[m, slot, feed, product]
                if trucks == 0.0:
                    continue
                way = inputs.corridors[inputs.feeds[feed].corridor]
                state.fleets[m, way.fleet].start += trucks
                if way.is_import == 0:
                    volume = trucks * inputs.load_kl[m, way.fleet]
                    state.accounts[m, product].internal_start += volume


@kernel
def step_posture(
    nation: NationState,
    params: Parameters,
    facts: CaseFacts,
    today: Day,
    truce: float,
    served: float,
    member: int,
    day: int,
) -> None:
    """Take the interdictor's posture of the day, and what the state does about it."""
    if today.is_banned == 1:
        # threat.md, Posture: a truce of the nation is a pause, renewed day by day for
        # as long as it holds.
        if nation.talks >= Talks.TRUCE:
            nation.posture = Posture.PAUSE.value
            nation.posture_end = day + 1.0
        else:
            move_posture(nation, params, facts, truce, member, day)
        raise_alarm(nation, served, day, params)
    else:
        nation.posture = Posture.BUILD_UP.value
    answer_shortage(nation, today.is_banned, served, day, params)
    # Without armed groups there is no army whose effort could move.
    if facts.interdictor < 0:
        nation.escort_force = nation.escort_answer
    divert_escorts(nation, facts.diversion, member, day, params)
    move_internal_traffic(nation, today.is_banned, params)


@part
def keep_nation(
    kept: Daily, weekly: Records, corridors: Records, m: int, week: int, posture: int
) -> None:
    """Write posture and queues of the day, and departures by corridor.

    Parameters
    ----------
    kept : Daily
        Row of the day, changed.
    weekly : array of WeeklyCorridor
        Weeks of corridors, changed, shape (member, week, corridor).
    corridors : array of CorridorState
        Queues, shape (member, corridor).
    m, week : int
        Position of the member in the block; week.
    posture : int
        What the armed group is doing.
    """
    kept.posture = posture
    for corridor in range(corridors.shape[1]):
        own, by_corridor = corridors[m, corridor], weekly[m, week, corridor]
        by_corridor.trucks_sent += own.sent_today
        by_corridor.trucks_waiting = own.waiting
        kept.trucks_waiting += own.waiting


@part
def check_stocks(depots: Records, nation: NationState, m: int, day: int) -> None:
    """Note the first day and place with a stock that is negative or not a number.

    Parameters
    ----------
    depots : array of DepotState
        Stocks, shape (member, place, product) [kl].
    nation : NationState
        Changed.
    m, day : int
        Position of the member in the block; day.
    """
    for place in range(depots.shape[1]):
        for product in range(depots.shape[2]):
            stock = depots[m, place, product].stock
            # A hair below 0 is rounding; more is a fault, and the run stops with its
            # first place and day.
            if nation.faulty_day < 0 and not -1e-6 <= stock < math.inf:
                nation.faulty_day = day
                nation.faulty_place = place


@kernel
def end_week(
    inputs: Inputs, state: State, outputs: Outputs, m: int, member: int, day: int
) -> None:
    """Settle a week of the country: groups, regions, army, and what trucks will meet.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    member, day : int
        Number of the member: counter of the generator; last day of the week.
    """
    # schedule.md, The week: in this order, so that each step reads what the one
    # before wrote.
    clash_groups(inputs, state, m, member, day)
    settle_week(inputs, state, outputs.weekly_groups, m, member, day)
    serve_regions(inputs, state, m)
    settle_regions(inputs, state, outputs.weekly_regions, m, member, day)
    move_army(state.nation[m], inputs.params[m])
    aim_operations(inputs, state, m)
    weigh_path(inputs, state, m)
    nation = state.nation[m]
    group = nation.full_group
    # Quality moved with the week: what was worked out for full groups must follow.
    group.break_probability = break_probability(
        group.trucks, 0.0, nation.quality, inputs.params[m]
    )


@entry
def run_block(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    luck: Ints,
    first_day: int,
    end_day: int,
) -> None:
    """Take a block of members through a span of days.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block; state and outputs are changed.
    luck : array of int
        Number of the member whose luck each member lives on these days: counter of
        the generator, shape (member).
    first_day, end_day : int
        Days lived: from `first_day` up to `end_day`. On day 0 the state is begun.
    """
    has_groups = state.groups.shape[1] > 0
    # Member by member and not day by day: what a member reads stays in the cache of
    # the processor.
    for m in range(inputs.params.size):
        params, nation, member = (
            inputs.params[m],
            state.nation[m],
            luck[m],
        )
        capital = state.places[m, inputs.facts[0].capital]
        weigh_groups(nation, params)
        # A later span goes on from the state that the one before left: a scenario
        # changes the case, not the past.
        if first_day == 0 and end_day > 0:
            begin_bans(inputs, state, m)
            begin_towns(inputs, state, m)
            today = inputs.days[first_day]
            season = season_factor(today.rainy_share, params)
            set_power(inputs, state, m, first_day)
            set_needs(
                inputs.depots, state.depots, state.places,
                inputs.levels, inputs.order_level,
                m, first_day, season, today.is_banned, params,
            )  # fmt: skip
            fill_roads(inputs, state, m, member)
            open_books(inputs, state, m)
            if has_groups:
                begin_country(inputs, state, m, member)
        for day in range(first_day, end_day):
            today = inputs.days[day]
            # schedule.md, The day: steps in this order; each writes its own part of
            # the state only, so that none reads a half-moved day.
            season = season_factor(today.rainy_share, params)
            truce = truce_end(inputs.truces, m, day)
            # Yesterday's, as an offensive opens on the first day of a pulse only.
            posture = nation.posture
            if has_groups:
                step_talks(inputs, state, m, member, day)
            step_posture(
                nation,
                params,
                inputs.facts[0],
                today,
                truce,
                capital.served,
                member,
                day,
            )
            set_power(inputs, state, m, day)
            set_needs(
                inputs.depots, state.depots, state.places,
                inputs.levels, inputs.order_level,
                m, day, season, today.is_banned, params,
            )  # fmt: skip
            if today.is_announced == 1:
                if has_groups:
                    note_reference(inputs, state, m)
                    weigh_path(inputs, state, m)
                halt_at_announcement(
                    inputs.feeds, inputs.corridor_days, state.arriving, state.corridors,
                    m, params.halted_share, member, day,
                )  # fmt: skip
            if day % 7 == 0:
                find_ways(inputs, state, m)
            dispatch_imports(inputs, state, outputs, m, member, day)
            if today.is_escort_due == 1:
                dispatch_convoys(inputs, state, outputs, m, member, day)
            dispatch_internal(inputs, state, outputs, m, member, day)
            receive_trucks(inputs, state, outputs, m, day)
            # before sales, which would hide a stock below zero as sales below zero
            check_stocks(state.depots, nation, m, day)
            step_market(inputs, state, outputs, m, day, season)
            if has_groups:
                step_attacks(inputs, state, outputs, m, posture, member, day)
                step_army(inputs, state, outputs, m, member, day)
                step_regime(inputs, state, outputs, m, member, day)
                if day % 7 == 6:
                    end_week(inputs, state, outputs, m, member, day)
            kept, weekly = outputs.daily[m, day], outputs.weekly_corridors
            week = min(day // 7, weekly.shape[1] - 1)
            keep_nation(kept, weekly, state.corridors, m, week, nation.posture)
            check_stocks(state.depots, nation, m, day)
