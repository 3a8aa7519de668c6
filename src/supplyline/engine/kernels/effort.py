"""Where groups and the state strike: effort by region, and what trucks meet.

Groups move their effort to where striking pays and they can hide. The interdictor's
strength in a region, against that of the first day of a ban, scales the exposure of
every road there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.elementary import exp
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.money import reach_of

if TYPE_CHECKING:
    from supplyline.engine.kernels.groups import Region, RegionState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, State


@kernel
def payoff(region: Region, home: RegionState, params: Parameters) -> float:
    """Return the log of what effort in a region pays [1]."""
    # control.md, Effort: in the log, so that weights add and effort stays above 0.
    return (
        params.payoff_trucks * region.trucks
        + params.payoff_revenue * region.gold_share
        + params.payoff_grievance * home.grievance
        + params.payoff_state_absence * (1.0 - home.state_control)
        - params.payoff_state_strength * region.soldiers_share
    )


@part
def move_effort(inputs: Inputs, state: State, m: int, group: int) -> None:
    """Move a group's effort a step towards what pays, where it can hide."""
    # Effort abroad keeps its share: nothing is known of what pays there.
    params = inputs.params[m]
    total = 0.0
    inside = 0.0
    for region in range(state.regions.shape[1]):
        area, place = inputs.regions[region], state.presence[m, group, region]
        # Effort abroad keeps its share (control.md, Effort): what pays there is not
        # known, and an aim of 0 would draw all groups home.
        if area.is_boundary == 1:
            continue
        cover = reach_of(state, m, group, region)
        home = state.regions[m, region]
        # Where a group cannot hide it aims at nothing, however much would pay.
        place.aim = cover * exp(payoff(area, home, params))
        total += place.aim
        inside += place.effort
    if total <= 0.0:
        return
    for region in range(state.regions.shape[1]):
        place = state.presence[m, group, region]
        if inputs.regions[region].is_boundary == 0:
            # Scaled to the effort inside, so that shares go on adding to 1.
            aim = inside * place.aim / total
            place.effort += params.effort_step_per_week * (aim - place.effort)


@part
def overlap(inputs: Inputs, state: State, m: int, relation: int) -> float:
    """Return where two groups meet: the lesser force, summed over regions [persons]."""
    pair = inputs.relations[relation]
    first, second = state.groups[m, pair.first], state.groups[m, pair.second]
    total = 0.0
    for region in range(state.regions.shape[1]):
        one = first.fighters * state.presence[m, pair.first, region].effort
        other = second.fighters * state.presence[m, pair.second, region].effort
        # control.md, Rivals and allies: the lesser force sets how often they meet; a
        # large group alone somewhere fights nobody.
        total += min(one, other)
    return total


@kernel
def aim_operations(inputs: Inputs, state: State, m: int) -> None:
    """Share the state's operations among regions by the groups' strength there.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    """
    total = 0.0
    for region in range(state.regions.shape[1]):
        home = state.regions[m, region]
        home.operation_share = 0.0
        if inputs.regions[region].is_boundary == 1:
            continue
        for group in range(state.groups.shape[1]):
            effort = state.presence[m, group, region].effort
            # force.md, Operations: operations go where fighters are; spread evenly,
            # quiet regions would suffer for the others.
            home.operation_share += state.groups[m, group].fighters * effort
        total += home.operation_share
    for region in range(state.regions.shape[1]):
        home = state.regions[m, region]
        home.operation_share = home.operation_share / total if total > 0.0 else 0.0


@kernel
def weigh_path(inputs: Inputs, state: State, m: int) -> None:
    """Carry the interdictor's strength by region to the exposure of every corridor.

    Strength counts against that of the first day of the ban.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    """
    main = inputs.facts[0].interdictor
    own = state.groups[m, main]
    # threat.md, Exposure: until a ban was declared there is no reference, and
    # exposure is that of the data.
    strength = 1.0
    if own.reference_fighters > 0.0:
        strength = own.fighters / own.reference_fighters
    for corridor in range(inputs.corridors.size):
        first = inputs.corridors[corridor].first_entry
        end = inputs.corridors[corridor].end_entry
        exposure = 0.0
        for entry in range(first, end):
            place = state.presence[m, main, inputs.path[entry].region]
            factor = 1.0
            if place.reference_effort > 0.0:
                # Against the day of the ban: effort of the case is scaled to the
                # attacks of that time, and would count twice.
                factor = strength * place.effort / place.reference_effort
            exposure += inputs.path[entry].exposure * factor
            state.exposure[m, entry] = exposure


@kernel
def note_reference(inputs: Inputs, state: State, m: int) -> None:
    """Keep the interdictor's strength of the first day of the first ban as reference.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    """
    main = inputs.facts[0].interdictor
    own = state.groups[m, main]
    # Only the first ban sets it: a later one finds a group that has moved already.
    if own.reference_fighters > 0.0:
        return
    own.reference_fighters = own.fighters
    for region in range(state.regions.shape[1]):
        place = state.presence[m, main, region]
        place.reference_effort = place.effort
