"""Time the submodels of the Mali case on one core.

    python benchmarks/submodels.py [MEMBERS]

The whole model and supply alone (the case without armed groups) are timed as they run.
A step of the country is timed by living the same days again with that step alone, on
states of the middle of a run; what it finds there differs a little from a whole run.
"""

from __future__ import annotations

import sys
import time
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numba

from supplyline.case.case import load_case
from supplyline.case.frames import Frames
from supplyline.engine.block import new_outputs, new_state
from supplyline.engine.draws import Luck
from supplyline.engine.kernels.attacks import step_attacks
from supplyline.engine.kernels.day import end_week, run_block
from supplyline.engine.kernels.force import step_army
from supplyline.engine.kernels.regime import step_regime
from supplyline.engine.kernels.talks import step_talks
from supplyline.engine.tasks import cut, simulate_members
from supplyline.engine.world import build_world, draw_span
from supplyline.errors import SupplylineWarning

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplyline.case.case import Case
    from supplyline.engine.kernels.world import Inputs, Outputs, State

    Step = Callable[[Inputs, State, Outputs, int, int, int], None]

DAYS = 180
MIDDLE = 150
"""Day up to which a run is lived before a step is timed alone."""


def without_groups(case: Case) -> Case:
    """Remove the armed groups and all that rests on them."""
    of_groups = ("groups", "presence", "relations", "attacks", "partners")
    tables = {name: case.tables[name].iloc[:0] for name in of_groups}
    is_of_groups = case.measures["kind"].isin(["ransom", "siege"])
    tables["measures"] = case.measures[~is_of_groups]
    return replace(case, tables=Frames({**case.tables, **tables}))


def timed(case: Case, members: int) -> float:
    """Time a whole run on this thread [ms of CPU per member and 180 days]."""
    world = build_world(case, None, DAYS, seed=1)
    simulate_members(world, range(1))  # compiles
    started = time.process_time()
    for task in cut(range(members)):
        simulate_members(world, task)
    end = world.end_day
    return 1e3 * (time.process_time() - started) / members * DAYS / end


@numba.njit
def each_day(
    step: Step,
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    first: int,
    end: int,
    every: int,
) -> None:
    """Take all members through a span of days with one step alone."""
    for row in range(inputs.params.size):
        for day in range(first, end):
            if day % every == every - 1:
                step(inputs, state, outputs, row, row, day)


@numba.njit
def strike_alone(
    inputs: Inputs, state: State, outputs: Outputs, row: int, member: int, day: int
) -> None:
    """Let attacks happen in the posture that holds."""
    step_attacks(inputs, state, outputs, row, state.nation[row].posture, member, day)


@numba.njit
def talk_alone(
    inputs: Inputs,
    state: State,
    outputs: Outputs,  # noqa: ARG001 - as all steps
    row: int,
    member: int,
    day: int,
) -> None:
    """Move the talks."""
    step_talks(inputs, state, row, member, day)


def step_alone(case: Case, step: Step, members: int, every: int) -> float:
    """Time one step from the middle of a run on [ms per member and 180 days]."""
    world = build_world(case, None, DAYS, seed=1)
    span = draw_span(world.names, world.spans[0], Luck(1, range(members)))
    inputs, state = span.inputs, new_state(span)
    outputs = new_outputs(world.names, members, world.end_day)
    run_block(inputs, state, outputs, span.luck, 0, MIDDLE)
    each_day(step, inputs, state, outputs, MIDDLE, MIDDLE, every)  # compiles
    started = time.process_time()
    each_day(step, inputs, state, outputs, MIDDLE, MIDDLE + DAYS, every)
    return 1e3 * (time.process_time() - started) / members


def main(members: int) -> None:
    """Print the time of every submodel."""
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    whole = timed(case, members)
    supply = timed(without_groups(case), members)
    print(f"{members:,} members, CPU of one core, ms per member and {DAYS} days")
    print(f"{'the whole model':<40}{whole:6.2f}")
    print(f"{'supply alone':<40}{supply:6.2f}")
    print(f"{'the country, by difference':<40}{whole - supply:6.2f}")
    steps = {
        "attacks": (strike_alone, 1),
        "operations and force": (step_army, 1),
        "regime": (step_regime, 1),
        "talks": (talk_alone, 1),
        "week: money, control, people, effort": (end_week, 7),
    }
    for name, (step, every) in steps.items():
        print(f"  {name:<38}{step_alone(case, step, members, every):6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 512)
