"""Where groups and the state strike: effort by region, and what trucks meet.

Groups move their effort to where striking pays and they can hide. The interdictor's
strength in a region, against that of the first day of a ban, scales the exposure of
every road there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplyline.engine.kernels.jit import kernel, part, step
from supplyline.engine.kernels.money import reach_of

if TYPE_CHECKING:
    from supplyline.engine.kernels.country_layout import Region, RegionState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, State


@kernel
def payoff(region: Region, home: RegionState, params: Parameters) -> float:
    """Return the log of what effort in a region pays [1].

    Parameters
    ----------
    region, home : Region, RegionState
        Traffic, gold, soldiers; grievance and control.
    params : Parameters
        Parameters of the member.

    Returns
    -------
    payoff : float
        Weighted sum [1].
    """
    return (
        params.payoff_trucks * region.trucks
        + params.payoff_revenue * region.gold_share
        + params.payoff_grievance * home.grievance
        + params.payoff_state_absence * (1.0 - home.state_control)
        - params.payoff_state_strength * region.soldiers_share
    )


@part
def move_effort(inputs: Inputs, state: State, row: int, group: int) -> None:
    """Move a group's effort a step towards what pays, where it can hide.

    Effort abroad keeps its share: nothing is known of what pays there.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row, group : int
        Member and group.
    """
    params = inputs.params[row]
    total = 0.0
    inside = 0.0
    for number in range(state.regions.shape[1]):
        region, place = inputs.regions[number], state.presence[row, group, number]
        if region.is_boundary == 1:
            continue
        cover = reach_of(state, row, group, number)
        home = state.regions[row, number]
        place.aim = cover * math.exp(payoff(region, home, params))
        total += place.aim
        inside += place.effort
    if total <= 0.0:
        return
    for number in range(state.regions.shape[1]):
        place = state.presence[row, group, number]
        if inputs.regions[number].is_boundary == 0:
            aim = inside * place.aim / total
            place.effort += params.effort_step_per_week * (aim - place.effort)


@part
def overlap(inputs: Inputs, state: State, row: int, number: int) -> float:
    """Return where two groups meet: the lesser force of the two, summed over regions.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row, number : int
        Member and relation.

    Returns
    -------
    force : float
        Fighters who face a rival [persons].
    """
    pair = inputs.relations[number]
    first, second = state.groups[row, pair.first], state.groups[row, pair.second]
    total = 0.0
    for region in range(state.regions.shape[1]):
        one = first.fighters * state.presence[row, pair.first, region].effort
        other = second.fighters * state.presence[row, pair.second, region].effort
        total += min(one, other)
    return total


@step
def aim_operations(inputs: Inputs, state: State, row: int) -> None:
    """Share the state's operations among regions by the groups' strength there.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row : int
        Member.
    """
    total = 0.0
    for number in range(state.regions.shape[1]):
        home = state.regions[row, number]
        home.operation_share = 0.0
        if inputs.regions[number].is_boundary == 1:
            continue
        for group in range(state.groups.shape[1]):
            effort = state.presence[row, group, number].effort
            home.operation_share += state.groups[row, group].fighters * effort
        total += home.operation_share
    for number in range(state.regions.shape[1]):
        home = state.regions[row, number]
        home.operation_share = home.operation_share / total if total > 0.0 else 0.0


@step
def weigh_path(inputs: Inputs, state: State, row: int) -> None:
    """Carry the interdictor's strength by region to the exposure of every corridor.

    Strength counts against that of the first day of the ban.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row : int
        Member.
    """
    main = inputs.country[0].interdictor
    own = state.groups[row, main]
    strength = 1.0
    if own.reference_fighters > 0.0:
        strength = own.fighters / own.reference_fighters
    for number in range(inputs.corridors.size):
        first = inputs.corridors[number].first_entry
        end = inputs.corridors[number].end_entry
        exposure = 0.0
        for entry in range(first, end):
            place = state.presence[row, main, inputs.path[entry].region]
            factor = 1.0
            if place.reference_effort > 0.0:
                factor = strength * place.effort / place.reference_effort
            exposure += inputs.path[entry].exposure * factor
            state.exposure[row, entry] = exposure


@step
def note_reference(inputs: Inputs, state: State, row: int) -> None:
    """Keep the interdictor's strength of the first day of the first ban as reference.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row : int
        Member.
    """
    main = inputs.country[0].interdictor
    own = state.groups[row, main]
    if own.reference_fighters > 0.0:
        return
    own.reference_fighters = own.fighters
    for number in range(state.regions.shape[1]):
        place = state.presence[row, main, number]
        place.reference_effort = place.effort
