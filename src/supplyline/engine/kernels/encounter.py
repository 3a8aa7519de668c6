"""Encounters: how often a group is met, what comes of it, what is lost.

Encounters along a path are the points of a unit Poisson process laid over the path's
cumulated hazard, at most one on each segment; so a group that meets nobody costs one
draw, and more hazard only ever moves encounters nearer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.kernels.elementary import log_gamma, power
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import (
    beta_quantile,
    beta_share,
    binomial_quantile,
    draw_hazard,
    lognormal,
    shared_quantile,
    uniforms,
)
from supplyline.engine.kernels.records import MOST_CHANCES

if TYPE_CHECKING:
    from supplyline.case.series import Daily
    from supplyline.engine.kernels.network import CorridorState, FleetState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Chances, Floats, Key
    from supplyline.engine.kernels.world import Inputs, Outputs, State


class FullGroup:
    """What holds for every full group of one member without escort."""

    trucks: float
    """Its trucks, a constant of the member [trucks]."""
    rate: float
    """Its encounters under full effort, a constant of the member [1/100 km]."""
    break_probability: float
    """Chance that an encounter breaks it; of the week [1]."""


class LossTable:
    """What a broken group with some number of trucks within reach may lose."""

    most: int
    """Most trucks it can lose; 0 while nothing is worked out."""
    chances: Chances
    """Chance to lose no more than so many, constants of the member [1]."""


class EncounterState:
    """What encounters read, and what they leave to be booked."""

    full_group: FullGroup
    """What is worked out beforehand."""
    full_group_losses: LossTable
    """Losses of a full group."""
    reach_losses: LossTable
    """Losses of a convoy of which an attack reaches only a part."""
    quality: float
    """Quality of the interdictor against the first day's [1]."""
    suspension_end: float
    """Day until which no convoy leaves [day]."""
    log_rows: int
    """Encounters written to the log, or more than fit."""
    looted_since: float
    """Trucks looted and not yet booked [trucks]."""


@kernel
def break_probability(
    trucks: float, escorts: float, quality: float, params: Parameters
) -> float:
    """Return the chance that an encounter breaks a convoy [1]."""
    # transit.md, The contest: one package stretches over a long convoy; without the
    # span 300 trucks would be as safe as 40.
    span = max(1.0, trucks / params.escort_span_trucks)
    defence = params.defence_unescorted + params.escort_effect * escorts / span
    # A ratio, not a difference: doubling both sides changes nothing, and no side is
    # ever sure to win.
    attack = power(params.group_quality * quality, params.contest_exponent)
    return attack / (attack + power(defence, params.contest_exponent))


@kernel
def encounter_rate(trucks: float, effort: float, params: Parameters) -> float:
    """Return the encounters of a group on 100 km of full exposure [1/100 km]."""
    # threat.md, Encounters: a bigger group is easier to find, less than in
    # proportion; in proportion, moving together would bring nothing.
    size = trucks / params.reference_convoy_trucks
    factor = power(size, params.convoy_size_exponent)
    return effort * (params.encounter_rate_per_100km * factor)


@kernel
def refuse_after_loss(
    nation: EncounterState,
    fleet: FleetState,
    params: Parameters,
    key: Key,
    member: int,
    day: int,
    k: int,
) -> None:
    """Let operators of a zone refuse, and convoys stop, after a large loss."""
    # supply.md, Strikes and suspensions: one length for both, two coins; the later
    # end holds, so that a second loss never shortens a strike.
    u, v, w, x = uniforms(key, member, day, k)
    until = day + lognormal(u, v, params.strike_days, params.strike_sd_log)
    if w < params.strike_probability:
        fleet.strike_end = max(fleet.strike_end, until)
    if x < params.suspension_probability:
        nation.suspension_end = max(nation.suspension_end, until)


@kernel
def group_size(params: Parameters) -> float:
    """Return the trucks of an unescorted group, whole and at least one [trucks]."""
    # Rounded: parts of a truck would be met and lost as whole ones.
    return max(1.0, float(np.floor(params.group_trucks + 0.5)))


@kernel
def weigh_groups(nation: EncounterState, params: Parameters) -> None:
    """Work out once what holds for every full group without escort."""
    # Nearly all groups are full and unescorted: their powers are worked out once a
    # week and not at each encounter, and beta shares once for a member.
    group = nation.full_group
    group.trucks = group_size(params)
    group.rate = encounter_rate(group.trucks, 1.0, params)
    group.break_probability = break_probability(
        group.trucks, 0.0, nation.quality, params
    )
    nation.full_group_losses.most = 0
    nation.reach_losses.most = 0


@kernel
def tabulate_losses(table: LossTable, within: float, params: Parameters) -> None:
    """Work out the chances of all losses of a group with some trucks within reach."""
    a = params.loss_share_mean * params.loss_share_concentration
    b = params.loss_share_concentration - a
    log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b)
    # trucks_taken rounds at half trucks, so the chance to lose at most k is the beta
    # share up to k + 1/2: both ways give the same number on the same luck.
    while table.most + 0.5 < within:
        share = (table.most + 0.5) / within
        table.chances[table.most] = beta_share(share, a, b, log_beta)
        table.most += 1


@kernel
def tabulated_losses(table: LossTable, u: float) -> float:
    """Draw the trucks a broken group loses, by chances worked out before."""
    taken = 0
    while taken < table.most and u >= table.chances[taken]:
        taken += 1
    return float(taken)


@kernel
def trucks_taken(trucks: float, params: Parameters, u: float) -> float:
    """Draw the trucks a broken group loses: a beta share of those within reach."""
    # transit.md, When it breaks: mean and concentration of a Beta, so that 40 and 80
    # of 100 trucks are both possible.
    a = params.loss_share_mean * params.loss_share_concentration
    b = params.loss_share_concentration - a
    # One attack reaches only so far: without it a convoy of 300 would lose 150.
    within = min(trucks, params.reach_trucks)
    return float(np.floor(beta_quantile(u, a, b) * within + 0.5))


@kernel
def draw_losses(
    nation: EncounterState, trucks: float, params: Parameters, u: float
) -> float:
    """Draw the trucks a broken group loses."""
    within = min(trucks, params.reach_trucks)
    is_full = trucks == nation.full_group.trucks
    is_tabulated = is_full or within == params.reach_trucks
    # A share of which none or all is always lost has no beta distribution.
    is_beta = 0.0 < params.loss_share_mean < 1.0
    if not (is_tabulated and is_beta and within <= MOST_CHANCES):
        return trucks_taken(trucks, params, u)
    table = nation.full_group_losses if is_full else nation.reach_losses
    if table.most == 0:
        tabulate_losses(table, within, params)
    return tabulated_losses(table, u)


@kernel
def book_loss(
    corridor: CorridorState,
    fleet: FleetState,
    today: Daily,
    lost: float,
    abducted: float,
    killed: float,
) -> None:
    """Enter the losses of one encounter in the state and the outputs."""
    # A truck that is lost is never replaced (supply.md, Arrival and return): the
    # books of trucks must close.
    fleet.lost += lost
    corridor.lost_today += lost
    corridor.harmed_today += abducted + killed
    today.trucks_lost += lost
    today.drivers_abducted += abducted
    today.drivers_killed += killed


@part
def lose_trucks(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    m: int,
    corridor: int,
    entry: int,
    trucks: float,
    escorts: float,
    is_turned_back: bool,
    u: float,
    key: Key,
    member: int,
    day: int,
    k: int,
) -> float:
    """Draw and book what a broken group loses [trucks]."""
    params, nation = inputs.params[m], state.nation[m]
    lost = draw_losses(nation, trucks, params, u)
    count = int(lost)
    if count == 0:
        return lost
    u_looted, u_abducted, u_killed, _ = uniforms(key, member, day, k)
    fleet = inputs.corridors[corridor].fleet
    # transit.md, When it breaks: drivers are counted by truck lost, from uniforms of
    # their own, so that a scenario with more losses never frees a driver.
    shared = params.driver_shared_fate
    chance = params.driver_abducted_probability
    abducted = shared_quantile(u_abducted, count, chance, shared)
    chance = params.driver_killed_probability
    killed = shared_quantile(u_killed, count, chance, shared)
    own, today = state.fleets[m, fleet], outputs.daily[m, day]
    book_loss(state.corridors[m, corridor], own, today, lost, abducted, killed)
    # supply.md, Strikes and suspensions: luck by the number of the loss, as two large
    # losses may fall on one day.
    if lost >= params.large_loss_trucks:
        stop = inputs.fleets[fleet].strike
        refuse_after_loss(nation, own, params, stop, member, day, nation.log_rows)
    week = min(day // 7, outputs.weekly_corridors.shape[1] - 1)
    outputs.weekly_corridors[m, week, corridor].trucks_lost += lost
    # The last row takes what does not fit; the count goes on, so that the block can be
    # lived again with a log that is long enough.
    kept = state.losses[m, min(nation.log_rows, state.losses.shape[1] - 1)]
    nation.log_rows += 1
    kept.day = day
    kept.corridor = corridor
    kept.segment = inputs.path[entry].segment
    kept.trucks = trucks
    kept.trucks_lost = lost
    kept.trucks_looted = binomial_quantile(u_looted, count, params.looted_share)
    nation.looted_since += kept.trucks_looted
    # attacks.md, Kinds: an encounter that costs trucks is an attack of its region;
    # booked with the attacks of the day, so that it excites further ones.
    if state.regions.shape[1] > 0:
        state.regions[m, inputs.path[entry].region].convoy_attacks += 1.0
    kept.drivers_abducted = abducted
    kept.drivers_killed = killed
    kept.is_escorted = 1.0 if escorts > 0.0 else 0.0
    kept.is_turned_back = 1.0 if is_turned_back else 0.0
    return lost


@part
def entry_reached(
    exposures: Floats, m: int, begin: int, end: int, exposure: float
) -> int:
    """Return the first path entry whose cumulated exposure passes a point."""
    # Counted to the end and not left at the point: where a group is met is luck, which
    # no processor foresees, and a wrong guess costs it more than the rest of the way.
    entry = begin
    for each in range(begin, end - 1):
        entry += 1 if exposures[m, each] <= exposure else 0
    return entry


@part
def cross_segments(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    m: int,
    corridor: int,
    begin: int,
    end: int,
    trucks: float,
    escorts: float,
    effort: float,
    gap: float,
    outcome: Key,
    loss: Key,
    member: int,
    day: int,
    k: int,
) -> tuple[float, float, float, float, int]:
    """Take a group over path entries: trucks going on, turned back; delay [days]."""
    # Also returned: hazard left until the next encounter, and its counter.
    params, exposures = inputs.params[m], state.exposure
    quality = state.nation[m].quality
    first = inputs.corridors[corridor].first_entry
    group = state.nation[m].full_group
    delay = 0.0
    position = begin
    while trucks > 0.0 and position < end and effort > 0.0:
        # The shortcut must equal the long way to the bit: luck does not know it.
        is_full = trucks == group.trucks and escorts == 0.0
        if is_full:
            rate = effort * group.rate
            broken = group.break_probability
        else:
            rate = encounter_rate(trucks, effort, params)
            broken = break_probability(trucks, escorts, quality, params)
        # transit.md, Meeting somebody: what counts is exposure passed, not segments:
        # cutting a road into more pieces changes no hazard.
        behind = 0.0 if position == first else exposures[m, position - 1]
        ahead = (exposures[m, end - 1] - behind) * rate
        # What is left of the hazard goes on to the next stretch: the same law as
        # drawing it anew, without a further draw at each place.
        if gap >= ahead:
            return trucks, 0.0, delay, gap - ahead, k
        entry = entry_reached(exposures, m, position, end, behind + gap / rate)
        u_break, u_turn, u_gap, u_lost = uniforms(outcome, member, day, k)
        if u_break < broken:
            is_back = u_turn < params.turn_back_probability
            trucks -= lose_trucks(
                inputs, state, outputs, m, corridor, entry,
                trucks, escorts, is_back, u_lost, loss, member, day, k,
            )  # fmt: skip
            if is_back:
                return 0.0, trucks, delay, 0.0, k + 1
        # transit.md, Delay: time is lost even where the attack is beaten off.
        delay += params.encounter_delay_days
        if trucks > 0.0:
            gap = draw_hazard(u_gap)
        k += 1
        # At most one encounter on a segment: an ambush is over when the road is
        # behind.
        position = entry + 1
    return trucks, 0.0, delay, gap, k
