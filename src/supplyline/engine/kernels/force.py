"""The state's force: garrisons, operations, escorts, losses, morale, foreign partners.

Effort has three uses: garrisons, operations against groups, escorts. Partners are data:
troops, shares of effort, and what their operations do to groups and civilians.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.covariates import CovariateState
from supplyline.engine.kernels.escort import EscortState
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import (
    FIRST,
    SECOND,
    draw_hazard,
    heavy_tailed,
    rounded,
    uniforms,
)
from supplyline.engine.kernels.rates import WEEK_DAYS, YEAR_DAYS

if TYPE_CHECKING:
    from supplyline.case.series import DailyCountry
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, Outputs, State

LOSS_DAYS = 90.0
"""Days over which recent losses are counted."""
HARM_DAYS = 30.0
"""Days over which recent harm is averaged."""


class ArmyDay:
    """What the army reads of the calendar: measures and partners."""

    offensive_factor: float
    """Factor on the state's operations [1]."""
    harm_factor: float
    """Factor on the harm they do to civilians [1]."""
    partner_low: float
    """Least reported number of partner troops [persons]."""
    partner_high: float
    """Most reported number of partner troops [persons]."""
    partner_offensive: float
    """Share of the partners' effort on offensive operations [1]."""
    partner_escort: float
    """Share of the partners' effort on escorts [1]."""
    partner_harm: float
    """Harm of the partners' operations against the mean of the year counted [1]."""
    partner_attrition: float
    """Losses of groups by the partners' operations, against those without [1]."""


class ArmyState(EscortState, CovariateState):
    """The army and its partners."""

    soldiers: float
    """Soldiers of the state [persons]."""
    soldiers_replaced: float
    """Recruits of the army so far [persons]."""
    soldiers_killed: float
    """Soldiers killed so far [persons]."""
    usual_losses: float
    """Soldiers killed on a usual day of the start [persons]."""
    recent_losses: float
    """Soldiers killed in about 90 days [persons]."""
    morale: float
    """Morale of the army [1]."""
    offensive_share: float
    """Share of the army's effort on operations [1]."""
    escort_share: float
    """Share of the army's effort on escorts [1]."""
    partner_troops: float
    """Partner troops [persons]."""
    operation_rate: float
    """Operations that harm civilians [1/day]."""
    attrition: float
    """Losses of groups in an operation, against those without partners [1]."""
    first_offensive_force: float
    """Force for operations on the first day [persons]."""
    first_escort_force: float
    """Force for escorts on the first day [persons]."""
    first_garrison_force: float
    """Force for garrisons on the first day [persons]."""
    harm: float
    """Civilians killed by the state, mean of some weeks [1/day]."""


@kernel
def partner_troops(today: ArmyDay, params: Parameters) -> float:
    """Return the partner troops of a day, within the reported range [persons]."""
    # force.md, Effort: one quantile for all days of a member: reports that are too
    # high stay too high.
    span = today.partner_high - today.partner_low
    return today.partner_low + params.partner_strength_quantile * span


@kernel
def offensive_force(nation: ArmyState, today: ArmyDay, params: Parameters) -> float:
    """Return the force for operations: soldiers by morale, partners by their weight."""
    # force.md, Effort: morale scales effort: an army that does not fight is small.
    own = nation.soldiers * nation.morale * nation.offensive_share
    partners = params.partner_weight * nation.partner_troops
    return own + partners * today.partner_offensive


@kernel
def escort_force(nation: ArmyState, today: ArmyDay, params: Parameters) -> float:
    """Return the force for escorts [persons]."""
    own = nation.soldiers * nation.morale * nation.escort_share
    partners = params.partner_weight * nation.partner_troops
    return own + partners * today.partner_escort


@kernel
def garrison_force(nation: ArmyState, today: ArmyDay, params: Parameters) -> float:
    """Return the force for garrisons: what operations and escorts leave [persons]."""
    # What operations and escorts take is missing here: more of all three at once is
    # not to be had.
    left = 1.0 - nation.offensive_share - nation.escort_share
    partners = params.partner_weight * nation.partner_troops
    rest = 1.0 - today.partner_offensive - today.partner_escort
    return nation.soldiers * nation.morale * left + partners * rest


@kernel
def mix_by_weight(
    own: float, partners: float, nation: ArmyState, weight: float
) -> float:
    """Mix a factor of the army and of its partners by their weight [1]."""
    heavy = weight * nation.partner_troops
    total = nation.soldiers + heavy
    # No force of either: the army's own factor, not a division by 0.
    if total <= 0.0:
        return own
    return (nation.soldiers * own + heavy * partners) / total


@kernel
def set_force(nation: ArmyState, today: ArmyDay, params: Parameters) -> None:
    """Work out the day's operations and escorts from soldiers and partners."""
    nation.partner_troops = partner_troops(today, params)
    # force.md, Effort: escorts come first, as a capital without fuel is what the
    # state cannot bear; heavier losses than at the start bring more operations.
    nation.escort_share = min(1.0, params.escort_share * nation.escort_answer)
    reaction = params.offensive_reaction
    excess = nation.now.losses - nation.first_losses
    share = params.offensive_share * (1.0 + reaction * excess)
    nation.offensive_share = min(max(share, 0.0), 1.0 - nation.escort_share)
    weight = params.partner_weight
    harm = mix_by_weight(1.0, today.partner_harm, nation, weight) * today.harm_factor
    force = offensive_force(nation, today, params)
    first = nation.first_offensive_force
    # A force that never was has no ratio: no operations, rather than without end.
    ratio = force / first if first > 0.0 else 0.0
    calm = params.operations_per_day * today.offensive_factor
    # force.md, Operations: what is counted are operations with harm, so harsher
    # partners make more of them.
    nation.operation_rate = calm * ratio * harm
    attrition = mix_by_weight(1.0, today.partner_attrition, nation, weight)
    # what groups lose goes with operations, not with the harm they do
    nation.attrition = attrition / harm if harm > 0.0 else 0.0
    first = nation.first_escort_force
    nation.escort_force = (
        escort_force(nation, today, params) / first if first > 0.0 else 1.0
    )


@part
def draw_target(state: State, m: int, region: int, u: float) -> int:
    """Choose the group that an operation meets, by its strength in the region."""
    # The group that is strongest there is met most; a fixed target would spare all
    # others.
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
    params, nation = inputs.params[m], state.nation[m]
    home, kept = state.regions[m, region], outputs.daily_country[m, day]
    luck, count = inputs.regions[region].operation, home.operations
    u, v, u_target, u_soldiers = uniforms(luck, member, count, FIRST)
    u_fighters, v_fighters, v_soldiers, _ = uniforms(luck, member, count, SECOND)
    # force.md, Operations: no more than live there, as the tail has no bound of its
    # own.
    harmed = min(home.residents, draw_killed(u, v, params.harm_killed, params))
    home.residents -= harmed
    nation.dead += harmed
    home.week_harm += harmed
    group = draw_target(state, m, region, u_target)
    own = state.groups[m, group]
    mean = params.operation_fighters_killed * nation.attrition
    lost = min(own.fighters, draw_killed(u_fighters, v_fighters, mean, params))
    own.fighters -= lost
    own.week_killed += lost
    mean = params.operation_soldiers_killed
    killed = min(nation.soldiers, draw_killed(u_soldiers, v_soldiers, mean, params))
    lose_soldiers(nation, kept, killed)
    home.week_deaths += harmed + lost + killed
    kept.harm_operations += 1.0
    kept.harm_killed += harmed
    kept.fighters_killed += lost
    week = min(day // 7, outputs.weekly_regions.shape[1] - 1)
    outputs.weekly_regions[m, week, region].harm_killed += harmed


@part
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
    params, nation = inputs.params[m], state.nation[m]
    today, kept = inputs.days[day], outputs.daily_country[m, day]
    set_force(nation, today, params)
    # Fades by its share each day: the usual losses, day by day, keep it where the
    # start sets it.
    nation.recent_losses -= nation.recent_losses / LOSS_DAYS
    for region in range(state.regions.shape[1]):
        home = state.regions[m, region]
        home.operation_gap -= nation.operation_rate * home.operation_share
        while home.operation_gap <= 0.0:
            carry_out_operation(inputs, state, outputs, m, region, member, day)
            home.operations += 1
            luck = inputs.regions[region].operation
            _, _, _, u = uniforms(luck, member, home.operations, SECOND)
            home.operation_gap += draw_hazard(u)
    nation.harm += (kept.harm_killed - nation.harm) / HARM_DAYS
    move_morale(nation, kept.soldiers_killed, params)
    kept.morale = nation.morale
    weight = params.partner_weight
    share = mix_by_weight(
        nation.offensive_share, today.partner_offensive, nation, weight
    )
    kept.offensive_share = share
    share = mix_by_weight(nation.escort_share, today.partner_escort, nation, weight)
    kept.escort_share = share
    kept.partner_troops = nation.partner_troops


@kernel
def move_morale(nation: ArmyState, killed: float, params: Parameters) -> None:
    """Move morale: down with unusual losses and arrears, back to its normal level."""
    # What falls is a part of what is left. force.md, Morale and numbers: only what is
    # unusual counts; else a long war at its usual cost would break any army.
    unusual = killed - nation.usual_losses
    fall = params.morale_loss_per_100 * unusual / 100.0
    fall += params.morale_arrears_per_week * (1.0 - nation.fiscal) / WEEK_DAYS
    back = params.morale_recovery_per_week * (params.morale_normal - nation.morale)
    morale = nation.morale * (1.0 - fall) + back / WEEK_DAYS
    nation.morale = min(1.0, max(0.0, morale))


@kernel
def move_army(nation: ArmyState, params: Parameters) -> None:
    """Replace soldiers, once a week."""
    joined = params.replacement_per_year * params.army_soldiers * WEEK_DAYS / YEAR_DAYS
    nation.soldiers += joined
    nation.soldiers_replaced += joined


@kernel
def draw_killed(u: float, v: float, mean: float, params: Parameters) -> float:
    """Draw how many people an attack or operation kills, a whole number [persons]."""
    # attacks.md, Kinds: most attacks kill few and some kill many; a mean alone would
    # never cost a battalion.
    amount = min(heavy_tailed(u, mean, params.death_tail), params.deaths_cap)
    return rounded(amount, v)


@kernel
def lose_soldiers(nation: ArmyState, kept: DailyCountry, killed: float) -> None:
    """Book soldiers killed."""
    nation.soldiers -= killed
    nation.soldiers_killed += killed
    nation.recent_losses += killed
    kept.soldiers_killed += killed
