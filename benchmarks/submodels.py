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
from supplyline.engine.block import (
    inputs_of,
    new_outputs,
    new_state,
    outputs_of,
    simulate_block,
)
from supplyline.engine.kernels.attacks import step_attacks
from supplyline.engine.kernels.day import end_week, run_block
from supplyline.engine.kernels.force import step_army
from supplyline.engine.kernels.regime import step_regime
from supplyline.engine.kernels.talks import step_talks
from supplyline.engine.pool import blocks_of
from supplyline.engine.simulate import build_inputs
from supplyline.errors import SupplylineWarning
from supplyline.runs import Arguments

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
    names, spans = build_inputs(
        case, None, Arguments(days=DAYS, members=members, seed=1)
    )
    end = spans[-1].end_day
    for block in (range(1), *blocks_of(members)):  # the first compiles
        if block == range(1):
            simulate_block(names, spans, block, new_outputs(names, 1, end))
            outputs = new_outputs(names, members, end)
            started = time.process_time()
        else:
            simulate_block(names, spans, block, outputs_of(outputs, block))
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
    names, (span,) = build_inputs(
        case, None, Arguments(days=DAYS, members=members, seed=1)
    )
    rows = slice(0, members)
    inputs, state = inputs_of(span.inputs, rows), new_state(span, rows)
    outputs = new_outputs(names, members, span.end_day)
    run_block(inputs, state, outputs, 0, 0, MIDDLE)
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
