"""The first day of a country with armed groups: what it starts from.

A member starts in a steady state: effort, control, harm, losses and excitation are what
the case and the member's parameters make usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.attacks import draw_hazard
from supplyline.engine.kernels.effort import aim_operations, overlap, weigh_path
from supplyline.engine.kernels.force import (
    LOSS_DAYS,
    escort_force,
    garrison_force,
    offensive_force,
    partner_troops,
)
from supplyline.engine.kernels.jit import part, step
from supplyline.engine.kernels.luck import FIRST, SECOND, uniforms
from supplyline.engine.kernels.money import sum_holdings
from supplyline.engine.kernels.regime import set_covariates

if TYPE_CHECKING:
    from supplyline.engine.kernels.world import Inputs, State


@part
def begin_regions(inputs: Inputs, state: State, m: int, member: int) -> None:
    """Set people, control and the waits of operations and sieges."""
    params, country = inputs.params[m], state.country[m]
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
            held += area.population * area.state_control
    country.grievance = params.grievance_normal
    country.ground = 1.0 - held / inputs.country[0].population


@part
def begin_groups(inputs: Inputs, state: State, m: int, member: int) -> None:
    """Set where groups are, their excitation, and the wait for their next attacks."""
    params, country = inputs.params[m], state.country[m]
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
            place.excitation = params.event_excitation * usual
            u, _, _, _ = uniforms(given.attack, member, 0, FIRST)
            place.gap = draw_hazard(u)
            if inputs.regions[region].is_boundary == 0:
                country.usual_losses += usual * losses
    killed = params.operations_per_day * params.operation_soldiers_killed
    country.usual_losses += killed
    country.recent_losses = LOSS_DAYS * country.usual_losses
    for group in range(state.groups.shape[1]):
        held, _, reached, traffic, pool = sum_holdings(inputs, state, m, group)
        state.groups[m, group].recruit_pool = pool
        if group == inputs.country[0].interdictor:
            country.gold = held
            country.livestock = reached
            country.traffic = traffic
    for region in range(state.alliances.shape[1]):
        state.overlaps[m, region] = overlap(inputs, state, m, region)


@part
def begin_state(inputs: Inputs, state: State, m: int) -> None:
    """Set the army, the regime and its covariates."""
    params, country = inputs.params[m], state.country[m]
    today, static = inputs.days[0], inputs.country[0]
    country.soldiers = params.army_soldiers
    country.morale = params.morale_normal
    country.escort_share = params.escort_share
    country.offensive_share = min(params.offensive_share, 1.0 - params.escort_share)
    country.partner_troops = partner_troops(today, params)
    country.offensive_force = offensive_force(country, today, params)
    country.escort_force = escort_force(country, today, params)
    country.garrison_force = garrison_force(country, today, params)
    country.harm = params.operations_per_day * params.harm_killed
    country.imported = 1.0
    country.fiscal = 1.0
    country.legitimacy = params.legitimacy_normal
    if today.is_election_postponed == 1:
        country.legitimacy -= params.election_postponed_legitimacy
    country.cohesion = params.cohesion_normal
    country.protest = params.protest_per_week
    country.since_attempt = static.since_attempt
    set_covariates(country, 1.0, static.partner_most, params)
    country.first_losses = country.now.losses


@step
def begin_country(inputs: Inputs, state: State, m: int, member: int) -> None:
    """Set the country of a member before its first day.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m, member : int
        Position of the member in the block; its number, a counter of the generator.
    """
    static, country = inputs.country[0], state.country[m]
    begin_regions(inputs, state, m, member)
    begin_groups(inputs, state, m, member)
    begin_state(inputs, state, m)
    _, u, _, _ = uniforms(static.campaign, member, 0, FIRST)
    country.campaign_gap = draw_hazard(u)
    _, _, u, _ = uniforms(static.ransom, member, 0, FIRST)
    country.ransom_gap = draw_hazard(u)
    u, _, _, _ = uniforms(static.split, member, 0, FIRST)
    country.split_gap = draw_hazard(u)
    u, _, _, _ = uniforms(static.talks, member, 0, FIRST)
    country.talks_gap = draw_hazard(u)
    _, u, _, _ = uniforms(static.attempt, member, 0, FIRST)
    country.attempt_gap = draw_hazard(u)
    u, _, _, _ = uniforms(static.forced, member, 0, FIRST)
    country.forced_gap = draw_hazard(u)
    u, _, _, _ = uniforms(static.capture, member, 0, FIRST)
    country.capture_gap = draw_hazard(u)
    u, _, _, _ = uniforms(static.natural, member, 0, FIRST)
    country.natural_gap = draw_hazard(u)
    for corridor in range(inputs.corridors.size):
        u, _, _, _ = uniforms(inputs.corridors[corridor].talks, member, 0, FIRST)
        state.corridors[m, corridor].talks_gap = draw_hazard(u)
    aim_operations(inputs, state, m)
    weigh_path(inputs, state, m)
