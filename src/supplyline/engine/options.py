"""Options: several scenarios of one case, each continued from the shared past."""

from __future__ import annotations

import os
import time
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from supplyline.case.scenario import apply
from supplyline.engine.arrays import in_order, names_of
from supplyline.engine.block import (
    continue_block,
    new_outputs,
    outputs_of,
    simulate_past,
)
from supplyline.engine.calendar import day_of
from supplyline.engine.draws import draw_parameters
from supplyline.engine.pool import blocks_of, map_blocks, threads
from supplyline.engine.result import build_run
from supplyline.engine.simulate import build_span, refuse_other_names
from supplyline.runs import request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.engine.block import BlockResult, Past, Span
    from supplyline.runs import Arguments, Run

Made = TypeVar("Made")

OPTION_BLOCK_MEMBERS = 16
"""Members in a block: options have few, and no thread shall wait long for another."""


def simulate_options(
    case: Case,
    scenarios: Sequence[Scenario],
    arguments: Arguments,
    make: Callable[[Run], Made],
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Made]:
    """Simulate scenarios that share their past, living the past once.

    Each run is the one that `simulate` would give, bit for bit.
    """
    starts = [_switch(case, scenario, arguments) for scenario in scenarios]
    order = sorted(range(len(scenarios)), key=starts.__getitem__)
    blocks = blocks_of(arguments.members, OPTION_BLOCK_MEMBERS)
    steps = len(blocks) * (len(set(starts)) + len(scenarios))
    done = 0

    def tell(_: int, __: int) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, steps)

    made: dict[int, Made] = {}
    for switch, rows in groupby(order, key=starts.__getitem__):
        group = list(rows)
        chosen = [scenarios[row] for row in group]
        runs = _branches(case, chosen, switch, arguments, workers, tell)
        # in turn, as each run is written over the one before
        for row, run in zip(group, runs, strict=True):
            made[row] = make(run)
    return [made[row] for row in range(len(scenarios))]


def _switch(case: Case, scenario: Scenario, arguments: Arguments) -> int:
    end = day_of(case, case.config.cutoff) + 1 + arguments.days
    return min(max(day_of(case, scenario.start), 0), end)


def _branches(
    case: Case,
    scenarios: Sequence[Scenario],
    switch: int,
    arguments: Arguments,
    workers: int | None,
    tell: Callable[[int, int], None],
) -> Iterator[Run]:
    """Simulate scenarios that start on the same day, one after the other."""
    ordered = in_order(case)
    names = names_of(ordered)
    end = day_of(case, case.config.cutoff) + 1 + arguments.days
    trunk = build_span(ordered, names, arguments, slice(0, switch), end)
    draws = draw_parameters(case.params, arguments.seed, arguments.members)
    blocks = blocks_of(arguments.members, OPTION_BLOCK_MEMBERS)
    outputs = new_outputs(names, arguments.members, end)

    def follow_past(block: range) -> Past:
        return simulate_past(trunk, block, outputs_of(outputs, block))

    def prepare(scenario: Scenario) -> Span:
        changed = apply(ordered, scenario)
        refuse_other_names(names, changed, scenario)
        return build_span(changed, names, arguments, slice(switch, end), end)

    with threads(workers or os.cpu_count() or 1) as executor, threads(1) as ahead:
        prepared = ahead.map(prepare, scenarios)  # while others are lived
        pasts = map_blocks(follow_past, blocks, executor, tell)
        for scenario, branch in zip(scenarios, prepared, strict=True):
            started = time.perf_counter()

            def follow(number: int, branch: Span = branch) -> BlockResult:
                own = outputs_of(outputs, blocks[number])
                return continue_block(names, branch, blocks[number], pasts[number], own)

            results = map_blocks(follow, range(len(blocks)), executor, tell)
            yield build_run(
                case,
                request_of(case, scenario, arguments),
                names,
                draws,
                outputs,
                results,
                time.perf_counter() - started,
            )
