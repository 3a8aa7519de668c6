"""Parts of a run, written as they end while others are simulated.

Memory holds the parts under way and not the run; a small run is held besides.
"""

from __future__ import annotations

import errno
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from supplyline.engine.block import BlockResult, new_outputs
from supplyline.engine.checkpoints import PartRecord, write_part
from supplyline.engine.result import build_run
from supplyline.engine.tasks import join, simulate_members, simulate_parts
from supplyline.engine.world import World, draw_world_params
from supplyline.errors import OutputError
from supplyline.runs.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from supplyline.engine.executors import Executor
    from supplyline.runs import Request, Run

    Progress = Callable[[int, int], None]


PARTS_A_WORKER: Final = 2
"""Parts for each worker from which on workers that can write the parts do so."""


class PartsOfRun(NamedTuple):
    """What is needed to simulate the parts of a run and to write them."""

    world: World
    request: Request
    folder: Path
    """The unfinished folder; an absolute path, as workers may stand elsewhere."""
    drafts: Path
    """Folder for drafts of parts: there as long as parts are asked for."""


def simulate_part(run: PartsOfRun, members: range) -> PartRecord:
    """Simulate the members of a part and write it: a task, where files are shared."""
    return _write(run, simulate_members(run.world, members))


def _write(run: PartsOfRun, result: BlockResult) -> PartRecord:
    """Write what the members of a part leave."""
    part = run_of(run, result, 0.0)
    with told_if_full(run.folder):
        return write_part(run.folder, run.drafts, part, result.lead_cuts)


def run_of(run: PartsOfRun, result: BlockResult, took_s: float) -> Run:
    """Give what members leave as a run of them alone."""
    world = run.world
    draws = draw_world_params(world, result.members)
    return build_run(
        world.case, run.request, world.names, draws, result, took_s, world.lineage
    )


@contextmanager
def told_if_full(folder: Path) -> Iterator[None]:
    """Tell in a sentence that the disk has no more room."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        message = (
            f"{folder} cannot be written: {error.strerror}; the members that are done "
            "are kept: make room and give the same command again"
        )
        raise OutputError(message) from error


class Writers:
    """Threads that write parts beside those that are simulated; few parts wait."""

    def __init__(
        self, run: PartsOfRun, done: dict[range, PartRecord], count: int
    ) -> None:
        self._run, self.done, self._count = run, done, count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="supplyline-write")
        self._under_way: deque[Future[PartRecord]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # what is simulated is written after an error too; Ctrl-C waits for nothing
        self._pool.shutdown(wait=kind is None or issubclass(kind, Exception))

    def put(self, result: BlockResult) -> None:
        """Write a part when a thread is free; wait where too many are to be written."""
        while len(self._under_way) > self._count:
            self._take()
        self._under_way.append(self._pool.submit(_write, self._run, result))

    def finish(self) -> list[PartRecord]:
        """Wait until all is written; give the records of all parts in their order."""
        while self._under_way:
            self._take()
        return sorted(self.done.values(), key=lambda record: record.first)

    def _take(self) -> None:
        record = self._under_way.popleft().result()
        self.done[record.members] = record


def simulate_missing(
    run: PartsOfRun,
    executor: Executor,
    writers: Writers,
    progress: Progress | None,
    *,
    is_held: bool,
) -> BlockResult | None:
    """Simulate the parts that are not there; give the whole too if it is held."""
    members = run.request.arguments.range
    parts = parts_of(members)
    missing = [part for part in parts if part not in writers.done]
    count = 0

    def tell(more: int) -> None:
        nonlocal count
        count += more
        if progress is not None:
            progress(count, len(members))

    tell(sum(map(len, writers.done)))
    is_long = len(missing) >= PARTS_A_WORKER * executor.workers
    if is_long and executor.shares(run.folder):
        for part, record in executor.map(simulate_part, run, missing):
            writers.done[part] = record
            tell(len(part))
        return None
    if is_held and missing == parts:
        return _simulate_whole(run.world, parts, executor, writers, tell)
    for result in simulate_parts(run.world, missing, executor, tell):
        writers.put(result)
    return None


def _simulate_whole(
    world: World,
    parts: list[range],
    executor: Executor,
    writers: Writers,
    tell: Callable[[int], None],
) -> BlockResult:
    """Simulate all parts into outputs of all members, from which they are written."""
    outputs = new_outputs(world.names, sum(map(len, parts)), world.end_day)
    results = {}
    for result in simulate_parts(world, parts, executor, tell, outputs):
        writers.put(result)
        results[result.members.start] = result
    return join([results[part.start] for part in parts], outputs)
