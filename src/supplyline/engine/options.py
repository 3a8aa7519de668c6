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
    by_stretch,
    change_case,
    counting_short,
    day_after,
    draw_spans,
    given_at_end,
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
    from supplyline.runs.lineage import Lineage

Made = TypeVar("Made")

OPTION_BLOCK_MEMBERS = 16
"""Members in a block: options have few, and no thread shall wait long for another."""


def simulate_options(
    case: Case,
    scenarios: Sequence[Scenario],
    arguments: Arguments,
    make: Callable[[Run], Made],
    *,
    lineage: Lineage | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Made]:
    """Simulate scenarios that share their past, living the past once.

    Each run is the one that `simulate` would give, bit for bit.
    """
    ensemble = _Ensemble(case, arguments, lineage)
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
            runs = _branches(ensemble, own, switch, workers, make_part, tell)
            # in turn, so that one run is in memory at a time
            for row, run in zip(group, runs, strict=True):
                made[row] = make(run)
    return [made[row] for row in range(len(scenarios))]


class _Ensemble(NamedTuple):
    """The members that all scenarios have in common."""

    case: Case
    arguments: Arguments
    lineage: Lineage | None

    @property
    def luck(self) -> Luck:
        """The luck with which is drawn what is drawn once for a member."""
        return Luck(self.arguments.seed, self.arguments.range, self.lineage)


class _Trunk(NamedTuple):
    """A past that several futures share."""

    names: Names
    spans: list[MemberSpan]
    end_day: int


class _Branch(NamedTuple):
    """One of the futures of a past."""

    names: Names
    spans: list[MemberSpan]
    end_day: int
    pasts: dict[int, Past]
    """First member of a task to its past."""


def _follow_past(trunk: _Trunk, members: range) -> Past:
    """Take some members through the past."""
    outputs = new_outputs(trunk.names, len(members), trunk.end_day)
    own = [span_of(span, members) for span in trunk.spans]
    return simulate_past(own, outputs)


def _follow_branch(branch: _Branch, members: range) -> BlockResult:
    """Take some members through a future."""
    outputs = new_outputs(branch.names, len(members), branch.end_day)
    past = branch.pasts[members.start]
    own = [span_of(span, members) for span in branch.spans]
    return continue_block(branch.names, own, past, outputs)


def _branches(
    ensemble: _Ensemble,
    scenarios: Sequence[Scenario],
    switch: int,
    workers: Executor,
    make: Maker,
    tell: Callable[[int], None],
) -> Iterator[Run]:
    """Simulate scenarios that start on the same day, one after the other."""
    case, arguments, lineage = ensemble
    ordered = in_order(case)
    names, end = make(names_of, ordered), day_after(case, arguments.days)
    days = (slice(0, switch), slice(switch, end))

    def draw(case: Case, own: slice) -> list[MemberSpan]:
        span = build_span(case, names, arguments.seed, own, end, None, make)
        counting = counting_short(span, arguments.short_below)
        spans = list(by_stretch(counting, ordered, lineage))
        return draw_spans(names, spans, ensemble.luck, make)

    trunk = _Trunk(names, draw(ordered, days[0]), end)
    draws = draw_parameters(case.params, ensemble.luck, given_at_end(lineage, end))
    tasks = cut(arguments.range, OPTION_BLOCK_MEMBERS)

    def prepare(scenario: Scenario) -> list[MemberSpan]:
        changed = change_case(ordered, names, scenario, make)
        # one that begins after the last day changes nothing of the run
        return draw(changed if switch < end else ordered, days[1])

    with aside() as ahead:
        prepared = ahead.map(prepare, scenarios)  # while others are lived
        pasts = {}
        for task, past in workers.map(_follow_past, trunk, tasks):
            pasts[task.start] = past
            tell(len(task))
        for scenario, own in zip(scenarios, prepared, strict=True):
            started = time.perf_counter()
            branch = _Branch(names, own, end, pasts)
            outputs = new_outputs(names, arguments.members, end)
            answers = workers.map(_follow_branch, branch, tasks)
            whole = gather(answers, arguments.range, outputs, tell)
            request = request_of(case, scenario, arguments)
            took_s = time.perf_counter() - started
            yield build_run(case, request, names, draws, whole, took_s, lineage)
