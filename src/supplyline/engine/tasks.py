"""Tasks: some members of a world, simulated by whoever, and put together again."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.engine.block import (
    BlockResult,
    copy_outputs,
    new_outputs,
    outputs_of,
    simulate_block,
)
from supplyline.engine.world import draw_spans, span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from supplyline.engine.executors import Executor
    from supplyline.engine.kernels.world import Outputs
    from supplyline.engine.world import World

BLOCK_MEMBERS: Final = 64
"""Members whose state is in memory at once."""
TASK_MEMBERS: Final = 512
"""Most members of a task: what is worked out once a task is a hundredth of it then."""
TASKS_PER_WORKER: Final = 3
"""Tasks that each worker has at least, where there are so many blocks."""


def cut(members: range, size: int = BLOCK_MEMBERS) -> list[range]:
    """Cut a range of members into ranges of one size; the last may be shorter."""
    return [members[first : first + size] for first in range(0, len(members), size)]


def cut_tasks(parts: Sequence[range], workers: int) -> list[list[range]]:
    """Cut parts into tasks: large, but enough of all together for all workers."""
    members, size = sum(map(len, parts)), TASK_MEMBERS
    while size > BLOCK_MEMBERS and members < TASKS_PER_WORKER * workers * size:
        size //= 2
    return [cut(part, size) for part in parts]


def simulate_members(world: World, members: range) -> BlockResult:
    """Draw some members of a world and take them through all its days.

    Whoever else is simulated, here or elsewhere, changes no bit of them.
    """
    spans = draw_spans(world.names, world.spans, world.luck(members))
    outputs = new_outputs(world.names, len(members), world.end_day)
    results = []
    for block in cut(members):
        own = [span_of(span, block) for span in spans]
        part = outputs_of(outputs, rows_of(block, members))
        results.append(simulate_block(world.names, own, part))
    return join(results, outputs)


def rows_of(members: range, whole: range) -> slice:
    """Say where some members stand in arrays of more."""
    return slice(members.start - whole.start, members.stop - whole.start)


def simulate_parts(
    world: World,
    parts: Sequence[range],
    executor: Executor,
    tell: Callable[[int], None],
    whole: Outputs | None = None,
) -> Iterator[BlockResult]:
    """Simulate parts in tasks, and give each part when its last task is done.

    Outputs go to their place in those of all members, or each part has its own.
    """
    tasks = cut_tasks(parts, executor.workers)
    home = {task: part for part, own in zip(parts, tasks, strict=True) for task in own}
    begun: dict[range, tuple[Outputs, dict[int, BlockResult]]] = {}
    for task, result in executor.map(simulate_members, world, list(home)):
        part = home[task]
        if part not in begun:
            begun[part] = _room(world, part, parts[0].start, whole), {}
        outputs, results = begun[part]
        own = outputs_of(outputs, rows_of(task, part))
        copy_outputs(result.outputs, own)
        results[task.start] = result._replace(outputs=own)
        tell(len(task))
        if sum(len(each.members) for each in results.values()) == len(part):
            del begun[part]
            yield join([results[first] for first in sorted(results)], outputs)


def _room(world: World, part: range, first: int, whole: Outputs | None) -> Outputs:
    """Give the outputs of a part their room."""
    if whole is None:
        return new_outputs(world.names, len(part), world.end_day)
    return outputs_of(whole, slice(part.start - first, part.stop - first))


def gather(
    answers: Iterable[tuple[range, BlockResult]],
    members: range,
    outputs: Outputs,
    tell: Callable[[int], None],
) -> BlockResult:
    """Put what tasks leave together as it comes, and tell of the members done."""
    results: dict[int, BlockResult] = {}
    for task, result in answers:
        own = outputs_of(outputs, rows_of(task, members))
        copy_outputs(result.outputs, own)
        results[task.start] = result._replace(outputs=own)
        tell(len(task))
    return join([results[first] for first in sorted(results)], outputs)


def join(results: Sequence[BlockResult], outputs: Outputs) -> BlockResult:
    """Join the books of members in their order, whose outputs lie in one place."""
    first, last = results[0], results[-1]
    books: dict[str, Any] = {
        name: np.concatenate([getattr(result, name) for result in results])
        for name in BlockResult._fields
        if name not in {"members", "outputs", "losses", "lead_cuts"}
    }
    return BlockResult(
        members=range(first.members.start, last.members.stop),
        outputs=outputs,
        # Laid together once, as columns: the log of a dangerous country is long.
        losses=tuple(chain.from_iterable(result.losses for result in results)),
        lead_cuts=sum(result.lead_cuts for result in results),
        **books,
    )
