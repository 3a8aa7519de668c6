"""The state's force: garrisons, operations, escorts, losses, morale, foreign partners.

Effort has three uses: garrisons, operations against groups, escorts. Partners are data:
troops, shares of effort, and what their operations do to groups and civilians.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.attacks import (
    YEAR_DAYS,
    draw_hazard,
    draw_killed,
    lose_soldiers,
)
from supplyline.engine.kernels.jit import kernel, part, step
from supplyline.engine.kernels.luck import FIRST, SECOND, uniforms

if TYPE_CHECKING:
    from supplyline.engine.kernels.country_layout import CountryState
    from supplyline.engine.kernels.layout import Day, NationState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, Outputs, State

WEEK_DAYS = 7.0
"""Days of a week, by which rates per week are divided."""
LOSS_DAYS = 90.0
"""Days over which recent losses are counted."""
HARM_DAYS = 30.0
"""Days over which recent harm is averaged."""


@kernel
def partner_troops(today: Day, params: Parameters) -> float:
    """Return the partner troops of a day, within the reported range [persons]."""
    span = today.partner_high - today.partner_low
    return today.partner_low + params.partner_strength_quantile * span


@kernel
def offensive_force(country: CountryState, today: Day, params: Parameters) -> float:
    """Return the force for operations: soldiers by morale, partners by their weight."""
    own = country.soldiers * country.morale * country.offensive_share
    partners = params.partner_weight * country.partner_troops
    return own + partners * today.partner_offensive


@kernel
def escort_force(country: CountryState, today: Day, params: Parameters) -> float:
    """Return the force for escorts [persons]."""
    own = country.soldiers * country.morale * country.escort_share
    partners = params.partner_weight * country.partner_troops
    return own + partners * today.partner_escort


@kernel
def garrison_force(country: CountryState, today: Day, params: Parameters) -> float:
    """Return the force for garrisons: what operations and escorts leave [persons]."""
    left = 1.0 - country.offensive_share - country.escort_share
    partners = params.partner_weight * country.partner_troops
    rest = 1.0 - today.partner_offensive - today.partner_escort
    return country.soldiers * country.morale * left + partners * rest


@kernel
def mix_by_weight(
    own: float, partners: float, country: CountryState, weight: float
) -> float:
    """Mix a factor of the army and of its partners by their weight [1]."""
    heavy = weight * country.partner_troops
    total = country.soldiers + heavy
    if total <= 0.0:
        return own
    return (country.soldiers * own + heavy * partners) / total


@kernel
def set_force(
    country: CountryState, nation: NationState, today: Day, params: Parameters
) -> None:
    """Work out the day's operations and escorts from soldiers and partners."""
    country.partner_troops = partner_troops(today, params)
    reaction = params.offensive_reaction
    excess = country.now.losses - country.first_losses
    share = params.offensive_share * (1.0 + reaction * excess)
    country.offensive_share = min(max(share, 0.0), 1.0 - country.escort_share)
    weight = params.partner_weight
    harm = mix_by_weight(1.0, today.partner_harm, country, weight) * today.harm_factor
    force = offensive_force(country, today, params)
    first = country.offensive_force
    ratio = force / first if first > 0.0 else 0.0
    calm = params.operations_per_day * today.offensive_factor
    country.operation_rate = calm * ratio * harm
    attrition = mix_by_weight(1.0, today.partner_attrition, country, weight)
    # what groups lose goes with operations, not with the harm they do
    country.attrition = attrition / harm if harm > 0.0 else 0.0
    first = country.escort_force
    nation.escort_force = (
        escort_force(country, today, params) / first if first > 0.0 else 1.0
    )


@part
def draw_target(state: State, m: int, region: int, u: float) -> int:
    """Choose the group that an operation meets, by its strength in the region."""
    total = 0.0
    for group in range(state.groups.shape[1]):
        effort = state.presence[m, group, region].effort
        total += state.groups[m, group].fighters * effort
    left = u * total
    for group in range(state.groups.shape[1] - 1):
        effort = state.presence[m, group, region].effort
        left -= state.groups[m, group].fighters * effort
        if left < 0.0:
            return group
    return int(state.groups.shape[1] - 1)


@part
def carry_out_operation(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    m: int,
    region: int,
    member: int,
    day: int,
) -> None:
    """Let one operation happen that harms civilians, and book what it does."""
    params, country = inputs.params[m], state.country[m]
    home, kept = state.regions[m, region], outputs.daily_country[m, day]
    luck, count = inputs.regions[region].operation, home.operations
    u, v, u_target, u_soldiers = uniforms(luck, member, count, FIRST)
    u_fighters, v_fighters, v_soldiers, _ = uniforms(luck, member, count, SECOND)
    harmed = min(home.residents, draw_killed(u, v, params.harm_killed, params))
    home.residents -= harmed
    country.dead += harmed
    home.week_harm += harmed
    group = draw_target(state, m, region, u_target)
    own = state.groups[m, group]
    mean = params.operation_fighters_killed * country.attrition
    lost = min(own.fighters, draw_killed(u_fighters, v_fighters, mean, params))
    own.fighters -= lost
    own.week_killed += lost
    mean = params.operation_soldiers_killed
    killed = min(country.soldiers, draw_killed(u_soldiers, v_soldiers, mean, params))
    lose_soldiers(country, kept, killed)
    home.week_deaths += harmed + lost + killed
    kept.harm_operations += 1.0
    kept.harm_killed += harmed
    kept.fighters_killed += lost
    week = min(day // 7, outputs.weekly_regions.shape[1] - 1)
    outputs.weekly_regions[m, week, region].harm_killed += harmed


@step
def step_army(
    inputs: Inputs, state: State, outputs: Outputs, m: int, member: int, day: int
) -> None:
    """Let the operations of a day happen, and move morale.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    member, day : int
        Number of the member: counter of the generator; day.
    """
    params, country = inputs.params[m], state.country[m]
    today, kept = inputs.days[day], outputs.daily_country[m, day]
    set_force(country, state.nation[m], today, params)
    country.recent_losses -= country.recent_losses / LOSS_DAYS
    for region in range(state.regions.shape[1]):
        home = state.regions[m, region]
        home.operation_gap -= country.operation_rate * home.operation_share
        while home.operation_gap <= 0.0:
            carry_out_operation(inputs, state, outputs, m, region, member, day)
            home.operations += 1
            luck = inputs.regions[region].operation
            _, _, _, u = uniforms(luck, member, home.operations, SECOND)
            home.operation_gap += draw_hazard(u)
    country.harm += (kept.harm_killed - country.harm) / HARM_DAYS
    move_morale(country, kept.soldiers_killed, params)
    kept.morale = country.morale
    weight = params.partner_weight
    share = mix_by_weight(
        country.offensive_share, today.partner_offensive, country, weight
    )
    kept.offensive_share = share
    share = mix_by_weight(country.escort_share, today.partner_escort, country, weight)
    kept.escort_share = share
    kept.partner_troops = country.partner_troops


@kernel
def move_morale(country: CountryState, killed: float, params: Parameters) -> None:
    """Move morale: down with unusual losses and arrears, back to its normal level."""
    # What falls is a part of what is left.
    unusual = killed - country.usual_losses
    fall = params.morale_loss_per_100 * unusual / 100.0
    fall += params.morale_arrears_per_week * (1.0 - country.fiscal) / WEEK_DAYS
    back = params.morale_recovery_per_week * (params.morale_normal - country.morale)
    morale = country.morale * (1.0 - fall) + back / WEEK_DAYS
    country.morale = min(1.0, max(0.0, morale))


@kernel
def move_army(country: CountryState, params: Parameters) -> None:
    """Replace soldiers and move effort to escorts, once a week."""
    # While the capital is short, the share of escorts grows, towards twice its
    # first value where nothing is served; then it falls back.
    joined = params.replacement_per_year * params.army_soldiers * WEEK_DAYS / YEAR_DAYS
    country.soldiers += joined
    country.soldiers_replaced += joined
    aimed = params.escort_share * (1.0 + country.now.shortage)
    learning = params.escort_learning_per_week
    country.escort_share += learning * (aimed - country.escort_share)
