"""The first day of a country with armed groups: what it starts from.

A member starts in a steady state: effort, control, harm, losses and excitation are what
the case and the member's parameters make usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.effort import aim_operations, overlap, weigh_path
from supplyline.engine.kernels.force import (
    LOSS_DAYS,
    escort_force,
    garrison_force,
    offensive_force,
    partner_troops,
)
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import FIRST, SECOND, draw_hazard, uniforms
from supplyline.engine.kernels.money import sum_holdings
from supplyline.engine.kernels.regime import set_covariates

if TYPE_CHECKING:
    from supplyline.engine.kernels.world import Inputs, State


@part
def begin_regions(inputs: Inputs, state: State, m: int, member: int) -> None:
    """Set people, control and the waits of operations and sieges."""
    params, nation = inputs.params[m], state.nation[m]
    held = 0.0
    for region in range(state.regions.shape[1]):
        area, home = inputs.regions[region], state.regions[m, region]
        home.grievance = params.grievance_normal
        home.served = 1.0
        home.people_factor = 1.0
        home.state_control = area.state_control
        _, _, _, u = uniforms(area.operation, member, 0, SECOND)
        home.operation_gap = draw_hazard(u)
        u, _, _, _ = uniforms(area.siege, member, 0, FIRST)
        home.siege_gap = draw_hazard(u)
        if area.is_boundary == 0:
            home.residents = area.population
            # Ground is counted by people, not by area: deserts change no government.
            held += area.population * area.state_control
    nation.grievance = params.grievance_normal
    nation.ground = 1.0 - held / inputs.facts[0].population


@part
def begin_groups(inputs: Inputs, state: State, m: int, member: int) -> None:
    """Set where groups are, their excitation, and the wait for their next attacks."""
    params, nation = inputs.params[m], state.nation[m]
    losses = 0.0
    for kind in range(inputs.attacks.size):
        losses += inputs.attacks[kind].share * inputs.attacks[kind].soldiers_killed
    for group in range(state.groups.shape[1]):
        own = state.groups[m, group]
        own.materiel = params.materiel_normal
        own.pay_cover = 1.0
        own.paid = 1.0
        for region in range(state.regions.shape[1]):
            given = inputs.presence[group, region]
            place = state.presence[m, group, region]
            place.control = given.control
            place.effort = given.effort
            usual = own.attacks_per_day * given.effort
            # attacks.md, How many: excitation as the usual attacks make it; from 0,
            # the first weeks would be too quiet.
            place.excitation = params.event_excitation * usual
            u, _, _, _ = uniforms(given.attack, member, 0, FIRST)
            place.gap = draw_hazard(u)
            if inputs.regions[region].is_boundary == 0:
                nation.usual_losses += usual * losses
    killed = params.operations_per_day * params.operation_soldiers_killed
    nation.usual_losses += killed
    # start.md, The country: as 90 usual days cost; from 0 the army would start in a
    # calm that it never had.
    nation.recent_losses = LOSS_DAYS * nation.usual_losses
    for group in range(state.groups.shape[1]):
        held, _, reached, traffic, pool = sum_holdings(inputs, state, m, group)
        state.groups[m, group].recruit_pool = pool
        if group == inputs.facts[0].interdictor:
            nation.gold = held
            nation.livestock = reached
            nation.traffic = traffic
    for region in range(state.alliances.shape[1]):
        # The overlap of the start is the unit of clashes.
        state.overlaps[m, region] = overlap(inputs, state, m, region)


@part
def begin_state(inputs: Inputs, state: State, m: int) -> None:
    """Set the army, the regime and its covariates."""
    params, nation = inputs.params[m], state.nation[m]
    today, facts = inputs.days[0], inputs.facts[0]
    nation.soldiers = params.army_soldiers
    nation.morale = params.morale_normal
    nation.escort_share = params.escort_share
    # Shares of effort never add to more than 1.
    nation.offensive_share = min(params.offensive_share, 1.0 - params.escort_share)
    nation.partner_troops = partner_troops(today, params)
    nation.first_offensive_force = offensive_force(nation, today, params)
    nation.first_escort_force = escort_force(nation, today, params)
    nation.first_garrison_force = garrison_force(nation, today, params)
    # The harm of the year that was counted: talks break down against it.
    nation.harm = params.operations_per_day * params.harm_killed
    nation.imported = 1.0
    nation.fiscal = 1.0
    nation.legitimacy = params.legitimacy_normal
    if today.is_election_postponed == 1:
        nation.legitimacy -= params.election_postponed_legitimacy
    nation.cohesion = params.cohesion_normal
    nation.protest = params.protest_per_week
    nation.since_attempt = facts.since_attempt
    # With the multiple at 1: prices have not moved yet.
    set_covariates(nation, 1.0, facts.partner_most, params)
    nation.first_losses = nation.now.losses


@kernel
def begin_country(inputs: Inputs, state: State, m: int, member: int) -> None:
    """Set the country of a member before its first day.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m, member : int
        Position of the member in the block; its number, a counter of the generator.
    """
    facts, nation = inputs.facts[0], state.nation[m]
    begin_regions(inputs, state, m, member)
    begin_groups(inputs, state, m, member)
    begin_state(inputs, state, m)
    _, u, _, _ = uniforms(facts.campaign, member, 0, FIRST)
    nation.campaign_gap = draw_hazard(u)
    _, _, u, _ = uniforms(facts.ransom, member, 0, FIRST)
    nation.ransom_gap = draw_hazard(u)
    u, _, _, _ = uniforms(facts.split, member, 0, FIRST)
    nation.split_gap = draw_hazard(u)
    u, _, _, _ = uniforms(facts.talks, member, 0, FIRST)
    nation.talks_gap = draw_hazard(u)
    _, u, _, _ = uniforms(facts.attempt, member, 0, FIRST)
    nation.attempt_gap = draw_hazard(u)
    u, _, _, _ = uniforms(facts.forced, member, 0, FIRST)
    nation.forced_gap = draw_hazard(u)
    u, _, _, _ = uniforms(facts.capture, member, 0, FIRST)
    nation.capture_gap = draw_hazard(u)
    u, _, _, _ = uniforms(facts.natural, member, 0, FIRST)
    nation.natural_gap = draw_hazard(u)
    for corridor in range(inputs.corridors.size):
        u, _, _, _ = uniforms(inputs.corridors[corridor].talks, member, 0, FIRST)
        state.corridors[m, corridor].talks_gap = draw_hazard(u)
    # After groups stand: both read where fighters are.
    aim_operations(inputs, state, m)
    weigh_path(inputs, state, m)
