"""Encounters: how often a group is met, what comes of it, what is lost.

Encounters along a path are the points of a unit Poisson process laid over the path's
cumulated hazard, at most one on each segment; so a group that meets nobody costs one
draw, and more hazard only ever moves encounters nearer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.layout import LOG_ROWS, MOST_CHANCES
from supplyline.engine.kernels.luck import (
    beta_quantile,
    beta_share,
    binomial_quantile,
    lognormal,
    uniforms,
)

if TYPE_CHECKING:
    from supplyline.engine.kernels.kept import Daily
    from supplyline.engine.kernels.layout import (
        CorridorState,
        FleetState,
        Floats,
        FullGroup,
        Key,
        NationState,
    )
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, Outputs, State


@kernel
def break_probability(
    trucks: float, escorts: float, quality: float, params: Parameters
) -> float:
    """Return the chance that an encounter breaks a convoy (contest success function).

    Parameters
    ----------
    trucks : float
        Trucks in the convoy [trucks].
    escorts : float
        Escort packages with it [1].
    quality : float
        Quality of the group against the first day's [1].
    params : Parameters
        Parameters of the member.

    Returns
    -------
    probability : float
        Chance of a break [1].
    """
    span = max(1.0, trucks / params.escort_span_trucks)
    defence = params.defence_unescorted + params.escort_effect * escorts / span
    attack = (params.group_quality * quality) ** params.contest_exponent
    return float(attack / (attack + defence**params.contest_exponent))


@kernel
def encounter_rate(trucks: float, effort: float, params: Parameters) -> float:
    """Return the encounters of a group on 100 km of full exposure.

    A bigger group is easier to find, less than in proportion.

    Parameters
    ----------
    trucks : float
        Trucks in the group [trucks].
    effort : float
        Relative effort of the interdictor [1].
    params : Parameters
        Parameters of the member.

    Returns
    -------
    rate : float
        Expected encounters [1/100 km].
    """
    size = trucks / params.reference_convoy_trucks
    found = size**params.convoy_size_exponent
    return float(effort * params.encounter_rate_per_100km * found)


@kernel
def stop_after_loss(
    nation: NationState,
    fleet: FleetState,
    params: Parameters,
    key: Key,
    member: int,
    day: int,
    k: int,
) -> None:
    """Let operators of a zone refuse, and convoys stop, after a large loss.

    Parameters
    ----------
    nation, fleet : NationState
        Changed.
    params : Parameters
        Parameters of the member.
    key : Key
        Key of all luck.
    member, day : int
        Name of the member in its luck; day.
    k : int
        Number of the draw.
    """
    u, v, w, x = uniforms(key, member, day, k)
    until = day + lognormal(u, v, params.strike_days, params.strike_sd_log)
    if w < params.strike_probability:
        fleet.strike_end = max(fleet.strike_end, until)
    if x < params.suspension_probability:
        nation.suspension_end = max(nation.suspension_end, until)


@kernel
def group_size(params: Parameters) -> float:
    """Return the trucks of an unescorted group, whole and at least one [trucks].

    Parameters
    ----------
    params : Parameters
        Parameters of the member.

    Returns
    -------
    size : float
        Whole number [trucks].
    """
    return max(1.0, float(np.floor(params.group_trucks + 0.5)))


@kernel
def weigh_full_group(group: FullGroup, quality: float, params: Parameters) -> None:
    """Work out once what holds for every full group without escort.

    Parameters
    ----------
    group : FullGroup
        Changed.
    quality : float
        Quality of the armed group against the first day's [1].
    params : Parameters
        Parameters of the member.
    """
    group.trucks = group_size(params)
    size = group.trucks / params.reference_convoy_trucks
    group.size_factor = size**params.convoy_size_exponent
    group.break_probability = break_probability(group.trucks, 0.0, quality, params)
    group.most = -1
    a = params.loss_share_mean * params.loss_share_concentration
    b = params.loss_share_concentration - a
    within = min(group.trucks, params.reach_trucks)
    if a <= 0.0 or b <= 0.0 or within > MOST_CHANCES:
        return
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    group.most = 0
    while group.most + 0.5 < within:
        share = (group.most + 0.5) / within
        group.chances[group.most] = beta_share(share, a, b, log_beta)
        group.most += 1


@kernel
def full_group_taken(group: FullGroup, u: float) -> float:
    """Draw the trucks a broken full group loses, by chances worked out before.

    Parameters
    ----------
    group : FullGroup
        Chances to lose no more than so many trucks.
    u : float
        Uniform in [0, 1).

    Returns
    -------
    taken : float
        Whole number, the same as `trucks_taken` gives [trucks].
    """
    taken = 0
    while taken < group.most and u >= group.chances[taken]:
        taken += 1
    return float(taken)


@kernel
def trucks_taken(trucks: float, params: Parameters, u: float) -> float:
    """Draw the trucks a broken group loses: a beta share of those within reach.

    Parameters
    ----------
    trucks : float
        Trucks of the group [trucks].
    params : Parameters
        Parameters of the member.
    u : float
        Uniform in [0, 1).

    Returns
    -------
    taken : float
        Whole number [trucks].
    """
    a = params.loss_share_mean * params.loss_share_concentration
    b = params.loss_share_concentration - a
    within = min(trucks, params.reach_trucks)
    return float(np.floor(beta_quantile(u, a, b) * within + 0.5))


@kernel
def book_loss(
    corridor: CorridorState,
    fleet: FleetState,
    today: Daily,
    lost: float,
    abducted: float,
    killed: float,
) -> None:
    """Enter the losses of one encounter in the state and the outputs.

    Parameters
    ----------
    corridor, fleet : CorridorState
        Changed.
    today : Daily
        Row of the day, changed.
    lost : float
        Trucks lost [trucks].
    abducted, killed : float
        Drivers abducted and killed [persons].
    """
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
    row: int,
    corridor: int,
    entry: int,
    trucks: float,
    escorts: float,
    is_turned_back: bool,
    key: Key,
    member: int,
    day: int,
    k: int,
) -> float:
    """Draw and book what a broken group loses.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, corridor, entry : int
        Member; corridor; path entry of the encounter.
    trucks, escorts : float
        Trucks in the group; escort packages with it.
    is_turned_back : bool
        Whether the rest turns back.
    key : Key
        Key of the group's losses.
    member, day, k : int
        Counter of the draw.

    Returns
    -------
    lost : float
        Trucks lost [trucks].
    """
    params, nation = inputs.params[row], state.nation[row]
    u_share, u_looted, u_abducted, u_killed = uniforms(key, member, day, k)
    group = nation.full_group
    if trucks == group.trucks and group.most >= 0:
        lost = full_group_taken(group, u_share)
    else:
        lost = trucks_taken(trucks, params, u_share)
    count = int(lost)
    if count == 0:
        return lost
    number = inputs.corridors[corridor].fleet
    abducted = binomial_quantile(u_abducted, count, params.driver_abducted_probability)
    killed = binomial_quantile(u_killed, count, params.driver_killed_probability)
    fleet, today = state.fleets[row, number], outputs.daily[row, day]
    book_loss(state.corridors[row, corridor], fleet, today, lost, abducted, killed)
    if lost >= params.large_loss_trucks:
        stop = inputs.fleets[number].strike
        stop_after_loss(nation, fleet, params, stop, member, day, nation.log_rows)
    week = min(day // 7, outputs.weekly_corridors.shape[1] - 1)
    outputs.weekly_corridors[row, week, corridor].trucks_lost += lost
    kept = outputs.losses[row, min(nation.log_rows, LOG_ROWS)]
    nation.log_rows += 1
    kept.day = day
    kept.corridor = corridor
    kept.segment = inputs.path[entry].segment
    kept.trucks = trucks
    kept.trucks_lost = lost
    kept.trucks_looted = binomial_quantile(u_looted, count, params.looted_share)
    nation.looted_since += kept.trucks_looted
    if state.regions.shape[1] > 0:
        state.regions[row, inputs.path[entry].region].convoy_attacks += 1.0
    kept.drivers_abducted = abducted
    kept.drivers_killed = killed
    kept.is_escorted = 1.0 if escorts > 0.0 else 0.0
    kept.is_turned_back = 1.0 if is_turned_back else 0.0
    return lost


@part
def entry_reached(
    exposures: Floats, row: int, begin: int, end: int, exposure: float
) -> int:
    """Return the first path entry whose cumulated exposure passes a point.

    Parameters
    ----------
    exposures : array
        Cumulated along each path [100 km], shape (member, path).
    row : int
        Member.
    begin, end : int
        First entry of the path, and the one after its last.
    exposure : float
        The point [100 km].

    Returns
    -------
    entry : int
        Position among the path entries.
    """
    entry = begin
    while entry < end - 1 and exposures[row, entry] <= exposure:
        entry += 1
    return entry


@part
def cross(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    row: int,
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
    """Take a group over path entries, with all its encounters.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, corridor : int
        Member; corridor.
    begin, end : int
        Path entries, from `begin` up to `end`.
    trucks, escorts, effort : float
        Trucks in the group; escort packages with it; relative effort against it.
    gap : float
        Hazard left until the next encounter [1].
    outcome, loss : Key
        Keys of the group's luck.
    member, day, k : int
        Counter of the next encounter's luck.

    Returns
    -------
    trucks : float
        Trucks that go on [trucks].
    turned_back : float
        Trucks that turned back [trucks].
    delay : float
        Time lost [days].
    gap : float
        Hazard left until the next encounter [1].
    k : int
        Counter of the next encounter.
    """
    params, exposures = inputs.params[row], state.exposure
    quality = state.nation[row].quality
    first = inputs.corridors[corridor].first_entry
    group = state.nation[row].full_group
    delay = 0.0
    position = begin
    while trucks > 0.0 and position < end and effort > 0.0:
        is_full = trucks == group.trucks and escorts == 0.0
        if is_full:
            rate = effort * params.encounter_rate_per_100km * group.size_factor
            broken = group.break_probability
        else:
            rate = encounter_rate(trucks, effort, params)
            broken = break_probability(trucks, escorts, quality, params)
        behind = 0.0 if position == first else exposures[row, position - 1]
        ahead = (exposures[row, end - 1] - behind) * rate
        if gap >= ahead:
            return trucks, 0.0, delay, gap - ahead, k
        entry = entry_reached(exposures, row, position, end, behind + gap / rate)
        u_break, u_turn, u_gap, _ = uniforms(outcome, member, day, k)
        if u_break < broken:
            is_back = u_turn < params.turn_back_probability
            trucks -= lose_trucks(
                inputs, state, outputs, row, corridor, entry,
                trucks, escorts, is_back, loss, member, day, k,
            )  # fmt: skip
            if is_back:
                return 0.0, trucks, delay, 0.0, k + 1
        delay += params.encounter_delay_days
        if trucks > 0.0:
            gap = -math.log1p(-u_gap)
        k += 1
        position = entry + 1
    return trucks, 0.0, delay, gap, k
