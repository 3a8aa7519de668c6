"""Options: several scenarios of one case, each continued from the shared past."""

from __future__ import annotations

import time
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from supplyline.engine.arrays import Names, in_order, names_of
from supplyline.engine.block import (
    BlockResult,
    Past,
    continue_block,
    new_outputs,
    simulate_past,
)
from supplyline.engine.draws import Luck, draw_parameters
from supplyline.engine.executors import aside, chosen
from supplyline.engine.result import build_run
from supplyline.engine.reuse import Reuse
from supplyline.engine.tasks import cut, gather
from supplyline.engine.world import (
    MemberSpan,
    build_span,
    change_case,
    day_after,
    draw_span,
    span_of,
    switch_day,
)
from supplyline.runs import request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.engine.executors import Executor
    from supplyline.engine.reuse import Maker
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
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Made]:
    """Simulate scenarios that share their past, living the past once.

    Each run is the one that `simulate` would give, bit for bit.
    """
    end = day_after(case, arguments.days)
    starts = [switch_day(case, scenario, end) for scenario in scenarios]
    order = sorted(range(len(scenarios)), key=starts.__getitem__)
    steps = arguments.members * (len(set(starts)) + len(scenarios))
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(done, steps)

    made: dict[int, Made] = {}
    make_part = Reuse()
    with chosen(executor) as workers:
        for switch, rows in groupby(order, key=starts.__getitem__):
            group = list(rows)
            own = [scenarios[row] for row in group]
            runs = _branches(case, own, switch, arguments, workers, make_part, tell)
            # in turn, so that one run is in memory at a time
            for row, run in zip(group, runs, strict=True):
                made[row] = make(run)
    return [made[row] for row in range(len(scenarios))]


class _Trunk(NamedTuple):
    """A past that several futures share."""

    names: Names
    span: MemberSpan
    end_day: int


class _Branch(NamedTuple):
    """One of the futures of a past."""

    names: Names
    span: MemberSpan
    end_day: int
    pasts: dict[int, Past]
    """First member of a task to its past."""


def _follow_past(trunk: _Trunk, members: range) -> Past:
    """Take some members through the past."""
    outputs = new_outputs(trunk.names, len(members), trunk.end_day)
    return simulate_past(span_of(trunk.span, members), outputs)


def _follow_branch(branch: _Branch, members: range) -> BlockResult:
    """Take some members through a future."""
    outputs = new_outputs(branch.names, len(members), branch.end_day)
    past = branch.pasts[members.start]
    return continue_block(branch.names, span_of(branch.span, members), past, outputs)


def _branches(
    case: Case,
    scenarios: Sequence[Scenario],
    switch: int,
    arguments: Arguments,
    workers: Executor,
    make: Maker,
    tell: Callable[[int], None],
) -> Iterator[Run]:
    """Simulate scenarios that start on the same day, one after the other."""
    seed, members = arguments.seed, range(arguments.members)
    ordered = in_order(case)
    names, end = make(names_of, ordered), day_after(case, arguments.days)
    span = build_span(ordered, names, seed, slice(0, switch), end, None, make)
    trunk = _Trunk(names, draw_span(names, span, Luck(seed, members), make), end)
    draws = draw_parameters(case.params, Luck(seed, members))
    tasks = cut(members, OPTION_BLOCK_MEMBERS)

    def prepare(scenario: Scenario) -> MemberSpan:
        changed = change_case(ordered, names, scenario, make)
        span = build_span(changed, names, seed, slice(switch, end), end, None, make)
        return draw_span(names, span, Luck(seed, members), make)

    with aside() as ahead:
        prepared = ahead.map(prepare, scenarios)  # while others are lived
        pasts = {}
        for task, past in workers.map(_follow_past, trunk, tasks):
            pasts[task.start] = past
            tell(len(task))
        for scenario, own in zip(scenarios, prepared, strict=True):
            started = time.perf_counter()
            branch = _Branch(names, own, end, pasts)
            outputs = new_outputs(names, len(members), end)
            answers = workers.map(_follow_branch, branch, tasks)
            whole = gather(answers, members, outputs, tell)
            request = request_of(case, scenario, arguments)
            took_s = time.perf_counter() - started
            yield build_run(case, request, names, draws, whole, took_s)
