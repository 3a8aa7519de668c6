"""One member, day by day: the steps in their order.

`live` is the table of contents of the engine. Each step writes its own part of the
state; a member begins in the steady state, with depots, tanks, roads and queues full.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.engine.kernels.attacks import strike
from supplyline.engine.kernels.control import (
    clash_groups,
    serve_regions,
    settle_regions,
)
from supplyline.engine.kernels.effort import (
    aim_operations,
    note_reference,
    weigh_path,
)
from supplyline.engine.kernels.encounter import break_probability, weigh_full_group
from supplyline.engine.kernels.escort import dispatch_convoys, raise_alarm
from supplyline.engine.kernels.force import move_army, operate
from supplyline.engine.kernels.internal import (
    dispatch_internal,
    move_internal_traffic,
)
from supplyline.engine.kernels.jit import entry, kernel, step
from supplyline.engine.kernels.layout import (
    LONGEST_LEAD_DAYS,
    RING_DAYS,
    Posture,
    Talks,
)
from supplyline.engine.kernels.luck import rounded, uniforms
from supplyline.engine.kernels.market import trade
from supplyline.engine.kernels.money import settle
from supplyline.engine.kernels.regime import rule
from supplyline.engine.kernels.start import begin_country
from supplyline.engine.kernels.supply import (
    clearance_of,
    dispatch_imports,
    halt_at_announcement,
    receive,
    return_days,
    season_factor,
    set_needs,
)
from supplyline.engine.kernels.talks import talk
from supplyline.engine.kernels.threat import move_posture, truce_end
from supplyline.engine.kernels.transit import amount_asked, lead_days, put_under_way

if TYPE_CHECKING:
    from supplyline.engine.kernels.kept import Daily
    from supplyline.engine.kernels.layout import Country, Day, NationState, Records
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, Outputs, State

_BEGINNING: Final[int] = np.int64(1_000_000)  # type: ignore[assignment] # as luck.FIRST
"""First counter of the luck with which roads are filled."""


@step
def fill_roads(inputs: Inputs, state: State, row: int, member: int) -> None:
    """Put the trucks of a steady flow on the road, there and back.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row, member : int
        Row and name of the member.
    """
    params = inputs.params[row]
    mixed = state.depots.shape[2]
    for number in range(inputs.feeds.size):
        feed = inputs.feeds[number]
        corridor = inputs.corridors[feed.corridor]
        fleet = state.fleets[row, corridor.fleet]
        load_kl = inputs.load_kl[row, corridor.fleet]
        flow = feed.share * state.places[row, feed.place].need / load_kl
        hours = clearance_of(inputs.days[0], params) if corridor.is_import == 1 else 0.0
        lead = int(lead_days(feed.travel_h, hours, 0.0, params) + 0.5)
        key = feed.flow
        for slot in range(min(LONGEST_LEAD_DAYS, max(1, lead))):
            u, v, _, _ = uniforms(key, member, slot, _BEGINNING)
            trucks = rounded(flow, u)
            put_under_way(
                state.arriving,
                state.depots,
                row,
                number,
                feed.place,
                mixed,
                trucks,
                slot,
                v,
            )
            fleet.idle -= trucks
        home = return_days(feed.travel_h, corridor.abroad_h, params)
        for slot in range(home):
            _, _, u, _ = uniforms(key, member, slot, _BEGINNING)
            trucks = rounded(flow, u)
            state.returning[row, corridor.fleet, slot] += trucks
            fleet.idle -= trucks
    for number in range(inputs.corridors.size):
        corridor = inputs.corridors[number]
        if corridor.is_import == 1:
            first, end = corridor.first_feed, corridor.end_feed
            asked = amount_asked(inputs.feeds, state.places, row, first, end)
            waiting = np.floor(asked / inputs.load_kl[row, corridor.fleet])
            state.corridors[row, number].waiting = waiting
            state.fleets[row, corridor.fleet].idle -= waiting


@step
def open_books(inputs: Inputs, state: State, row: int) -> None:
    """Enter what stands in depots, tanks and on the roads at the start.

    A fleet too small for its roads has none idle.

    Parameters
    ----------
    inputs : Inputs
        The case.
    state : State
        The world; its accounts are changed.
    row : int
        Member.
    """
    holding_days = inputs.params[row].holding_days
    for place in range(state.places.shape[1]):
        for product in range(state.depots.shape[2]):
            own, account = (
                state.depots[row, place, product],
                state.accounts[row, product],
            )
            own.holdings = inputs.depots[row, place, product].public * holding_days
            account.holdings_start += own.holdings
            account.stock_start += own.stock
    for number in range(state.fleets.shape[1]):
        fleet = state.fleets[row, number]
        fleet.idle = max(0.0, fleet.idle)
        fleet.start = fleet.idle
        for slot in range(RING_DAYS):
            fleet.start += state.returning[row, number, slot]
    for number in range(inputs.corridors.size):
        fleet = state.fleets[row, inputs.corridors[number].fleet]
        fleet.start += state.corridors[row, number].waiting
    for number in range(inputs.feeds.size):
        corridor = inputs.corridors[inputs.feeds[number].corridor]
        load_kl = inputs.load_kl[row, corridor.fleet]
        for product in range(state.depots.shape[2]):
            for slot in range(RING_DAYS):
                trucks = state.arriving[row, number, product, slot]
                state.fleets[row, corridor.fleet].start += trucks
                if corridor.is_import == 0:
                    state.accounts[row, product].internal_start += trucks * load_kl


@kernel
def decide(
    nation: NationState,
    params: Parameters,
    country: Country,
    today: Day,
    truce: float,
    served: float,
    member: int,
    day: int,
) -> None:
    """Take the interdictor's posture and the state's alarm of the day.

    Parameters
    ----------
    nation : NationState
        Changed.
    params, country, today
        Parameters of the member; what holds for the case; what holds today.
    truce : float
        Day after the dated truce that holds; -1 if none does [day].
    served : float
        Share the capital's public got yesterday [1].
    member, day : int
        Name of the member in its luck; day.
    """
    if today.is_banned == 1:
        if nation.talks >= Talks.TRUCE:
            nation.posture = Posture.PAUSE.value
            nation.posture_end = day + 1.0
        else:
            move_posture(nation, params, country, truce, member, day)
        raise_alarm(nation, served, day, params)
    else:
        nation.posture = Posture.BUILD_UP.value
    move_internal_traffic(nation, today.is_banned, params)


@step
def keep_nation(
    kept: Daily, weekly: Records, corridors: Records, row: int, week: int, posture: int
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
    row, week : int
        Member and week.
    posture : int
        What the armed group is doing.
    """
    kept.posture = posture
    for number in range(corridors.shape[1]):
        own, by_corridor = corridors[row, number], weekly[row, week, number]
        by_corridor.trucks_sent += own.sent_today
        by_corridor.trucks_waiting = own.waiting
        kept.trucks_waiting += own.waiting


@step
def check_stocks(depots: Records, nation: NationState, row: int, day: int) -> None:
    """Note the first day and place with a stock that is negative or not a number.

    Parameters
    ----------
    depots : array of DepotState
        Stocks, shape (member, place, product) [kl].
    nation : NationState
        Changed.
    row, day : int
        Member and day.
    """
    for place in range(depots.shape[1]):
        for product in range(depots.shape[2]):
            stock = depots[row, place, product].stock
            if nation.faulty_day < 0 and not -1e-6 <= stock < math.inf:
                nation.faulty_day = day
                nation.faulty_place = place


@step
def end_week(
    inputs: Inputs, state: State, outputs: Outputs, row: int, member: int, day: int
) -> None:
    """Settle a week of the country: groups, regions, army, and what trucks will meet.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row : int
        Member.
    member, day : int
        Name of the member in its luck; last day of the week.
    """
    clash_groups(inputs, state, row, member, day)
    settle(inputs, state, outputs.weekly_groups, row, member, day)
    serve_regions(inputs, state, row)
    settle_regions(inputs, state, outputs.weekly_regions, row, member, day)
    move_army(state.country[row], inputs.params[row])
    aim_operations(inputs, state, row)
    weigh_path(inputs, state, row)
    nation = state.nation[row]
    group = nation.full_group
    group.break_probability = break_probability(
        group.trucks, 0.0, nation.quality, inputs.params[row]
    )


@entry
def live(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    first_member: int,
    first_day: int,
    end_day: int,
) -> None:
    """Take a block of members through a span of days.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block; state and outputs are changed.
    first_member : int
        Name of the block's first member in its luck.
    first_day, end_day : int
        Days lived: from `first_day` up to `end_day`. On day 0 the state is begun.
    """
    has_groups = state.groups.shape[1] > 0
    for row in range(inputs.params.size):
        params, nation, member = (
            inputs.params[row],
            state.nation[row],
            first_member + row,
        )
        capital = state.places[row, inputs.country[0].capital]
        weigh_full_group(nation.full_group, nation.quality, params)
        if first_day == 0 and end_day > 0:
            season = season_factor(inputs.days[0].rainy_share, params)
            set_needs(
                inputs.depots, state.depots, state.places, row, season, nation, params
            )
            fill_roads(inputs, state, row, member)
            open_books(inputs, state, row)
            if has_groups:
                begin_country(inputs, state, row, member)
        for day in range(first_day, end_day):
            today = inputs.days[day]
            season = season_factor(today.rainy_share, params)
            truce = truce_end(inputs.truces, row, day)
            posture = nation.posture
            if has_groups:
                talk(inputs, state, row, member, day)
            decide(
                nation,
                params,
                inputs.country[0],
                today,
                truce,
                capital.served,
                member,
                day,
            )
            set_needs(
                inputs.depots, state.depots, state.places, row, season, nation, params
            )
            if today.is_announced == 1:
                if has_groups:
                    note_reference(inputs, state, row)
                    weigh_path(inputs, state, row)
                halt_at_announcement(
                    inputs.feeds, inputs.corridor_days, state.arriving, state.corridors,
                    row, params.halted_share, member, day,
                )  # fmt: skip
            dispatch_imports(inputs, state, outputs, row, member, day)
            if today.is_banned == 1:
                dispatch_convoys(inputs, state, outputs, row, member, day)
            dispatch_internal(inputs, state, outputs, row, member, day)
            receive(inputs, state, outputs, row, day)
            # before sales, which would hide a stock below zero as sales below zero
            check_stocks(state.depots, nation, row, day)
            trade(inputs, state, outputs, row, day, season)
            if has_groups:
                strike(inputs, state, outputs, row, posture, member, day)
                operate(inputs, state, outputs, row, member, day)
                rule(inputs, state, outputs, row, member, day)
                if day % 7 == 6:
                    end_week(inputs, state, outputs, row, member, day)
            kept, weekly = outputs.daily[row, day], outputs.weekly_corridors
            week = min(day // 7, weekly.shape[1] - 1)
            keep_nation(kept, weekly, state.corridors, row, week, nation.posture)
            check_stocks(state.depots, nation, row, day)
