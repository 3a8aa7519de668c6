"""Options: several scenarios of one case, each continued from the shared past."""

from __future__ import annotations

import os
import time
from itertools import groupby
from typing import TYPE_CHECKING

from supplyline.case.scenario import apply
from supplyline.engine.arrays import in_order, names_of
from supplyline.engine.block import live_branches, new_outputs, outputs_of
from supplyline.engine.calendar import day_of
from supplyline.engine.draws import draw_parameters
from supplyline.engine.pool import blocks_of, map_blocks, threads
from supplyline.engine.result import build_run
from supplyline.engine.simulate import build_span, refuse_other_names
from supplyline.runs import request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.engine.block import BlockResult
    from supplyline.runs import Arguments, Run


def simulate_options(
    case: Case,
    scenarios: Sequence[Scenario],
    arguments: Arguments,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Run]:
    """Simulate scenarios that share their past, living the past once.

    Each run is the one that `simulate` would give, bit for bit.

    Parameters
    ----------
    case : Case
        The case.
    scenarios : sequence of Scenario
        Its scenarios.
    arguments : Arguments
        Days, members and seed.
    workers : int, optional
        Threads; all cores if not given.
    progress : callable, optional
        Called with steps done and steps in all.

    Returns
    -------
    runs : list of Run
        In the order of `scenarios`.

    Raises
    ------
    ScenarioError
        If a scenario cannot be applied to the case.
    EngineError
        If a state is reached that cannot be.
    """
    blocks = blocks_of(arguments.members)
    starts = [_switch(case, scenario, arguments) for scenario in scenarios]
    order = sorted(range(len(scenarios)), key=starts.__getitem__)
    groups = [list(group) for _, group in groupby(order, key=starts.__getitem__)]
    runs: dict[int, Run] = {}
    for number, group in enumerate(groups):

        def tell(done: int, _: int, behind: int = number * len(blocks)) -> None:
            if progress is not None:
                progress(behind + done, len(groups) * len(blocks))

        chosen = [scenarios[row] for row in group]
        made = _branch(case, chosen, starts[group[0]], arguments, workers, tell)
        runs.update(zip(group, made, strict=True))
    return [runs[row] for row in range(len(scenarios))]


def _switch(case: Case, scenario: Scenario, arguments: Arguments) -> int:
    end = day_of(case, case.config.cutoff) + 1 + arguments.days
    return min(max(day_of(case, scenario.start), 0), end)


def _branch(
    case: Case,
    scenarios: Sequence[Scenario],
    switch: int,
    arguments: Arguments,
    workers: int | None,
    tell: Callable[[int, int], None],
) -> list[Run]:
    """Simulate scenarios that start on the same day."""
    started = time.perf_counter()
    ordered = in_order(case)
    names = names_of(ordered)
    end = day_of(case, case.config.cutoff) + 1 + arguments.days
    trunk = build_span(ordered, names, arguments, slice(0, switch), end)
    branches = []
    for scenario in scenarios:
        changed = apply(ordered, scenario)
        refuse_other_names(names, changed, scenario)
        branches.append(build_span(changed, names, arguments, slice(switch, end), end))

    kept = [new_outputs(trunk.inputs, arguments.members, end) for _ in branches]

    def work(block: range) -> list[BlockResult]:
        own = [outputs_of(outputs, block) for outputs in kept]
        return live_branches(names, trunk, branches, block, own)

    with threads(workers or os.cpu_count() or 1) as executor:
        blocks = map_blocks(work, blocks_of(arguments.members), executor, tell)
    elapsed_s = time.perf_counter() - started
    draws = draw_parameters(case.params, arguments.seed, arguments.members)
    return [
        build_run(
            case,
            request_of(case, scenario, arguments),
            names,
            draws,
            kept[row],
            [results[row] for results in blocks],
            elapsed_s,
        )
        for row, scenario in enumerate(scenarios)
    ]
