"""Simulate: a case in, a run out."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from supplyline.case.scenario_choice import choose_scenario
from supplyline.engine.arguments import read_arguments
from supplyline.engine.block import BlockResult, new_outputs, outputs_of
from supplyline.engine.checkpoints import PART_MEMBERS, load_part, part_path, save_part
from supplyline.engine.executors import chosen
from supplyline.engine.memory import enough_memory
from supplyline.engine.result import build_run
from supplyline.engine.tasks import (
    cut,
    cut_tasks,
    gather,
    join,
    rows_of,
    simulate_members,
)
from supplyline.engine.world import build_world, draw_world_params
from supplyline.errors import refuse_other
from supplyline.runs import request_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.engine.executors import Executor
    from supplyline.engine.world import World
    from supplyline.runs import Run


def simulate(  # noqa: PLR0913 - every argument is one the user names
    case: Case,
    *,
    scenario: str | Path | Scenario | None = None,
    days: int | None = None,
    members: int | None = None,
    seed: int | None = None,
    like: Run | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    parts: str | Path | None = None,
) -> Run:
    """Simulate an ensemble of a case, from its start to some days after its cut-off.

    Parameters
    ----------
    case : Case
        The case.
    scenario : str, Path or Scenario, optional
        Changes made from the scenario's start on: the name of one of the case's own, a
        .toml file, or a `Scenario`.
    days : int, optional
        Days after the cut-off; the case's own number if not given [days].
    members : int, optional
        Members of the ensemble, 2,000 if not given.
    seed : int, optional
        Seed of all luck, 1 if not given.
    like : Run, optional
        Take days, members and seed from this run, for paired differences.
    executor : Executor, optional
        Where members are simulated: `threads` or `processes`; a thread for each core
        if not given. The result does not depend on it.
    progress : callable, optional
        Called with members done and members in all.
    parts : str or Path, optional
        Folder for finished parts of this very request: those found there are not
        simulated again. The caller removes it when the run is saved.

    Returns
    -------
    run : Run
        The ensemble with its manifest.

    Raises
    ------
    ValueError
        If an argument is out of its bounds.
    ScenarioError
        If the scenario is unknown, cannot be read or cannot be applied to the case.
    EngineError
        If a state is reached that cannot be.
    MemoryLimitError
        If the ensemble would need more memory than there is; nothing is simulated.

    Examples
    --------
    >>> import supplyline as sl
    >>> run = sl.simulate(sl.load_case("toy"), days=10, members=64, seed=7)
    >>> run.days_of_supply("highcourt").sizes["member"]
    64
    """
    started = time.perf_counter()
    refuse_other("case", case, "Case", "load_case")
    case.refuse_unfinished()
    if like is not None:
        refuse_other("like", like, "Run", "load_run")
    arguments = read_arguments(case, days, members, seed, like)
    changes = None if scenario is None else choose_scenario(case, scenario)
    kept = None if parts is None else Path(parts)
    whole = arguments.range
    with enough_memory(case, arguments), chosen(executor) as workers:
        world = build_world(case, changes, arguments.days, arguments.seed)
        result = _simulate_all(world, whole, workers, progress, kept)
        draws = draw_world_params(world, whole)
        request = request_of(case, changes, arguments)
        took_s = time.perf_counter() - started
        return build_run(case, request, world.names, draws, result, took_s)


def _simulate_all(
    world: World,
    members: range,
    executor: Executor,
    progress: Callable[[int, int], None] | None,
    folder: Path | None,
) -> BlockResult:
    """Simulate all members, part by part; each finished part but the last is kept."""
    outputs = new_outputs(world.names, len(members), world.end_day)
    results: list[BlockResult] = []
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(done, len(members))

    # a part is written while the next is lived, and to its end whatever happens there
    with ThreadPoolExecutor(1) as writer:
        writing: list[Future[None]] = []
        for part in [members] if folder is None else cut(members, PART_MEMBERS):
            path = None if folder is None else part_path(folder, part)
            own = outputs_of(outputs, rows_of(part, members))
            result = None if path is None else load_part(path, part, own)
            if result is None:
                tasks = cut_tasks(part, executor.workers)
                answers = executor.map(simulate_members, world, tasks)
                result = gather(answers, part, own, tell)
                if path is not None and part[-1] != members[-1]:
                    writing.append(writer.submit(save_part, path, result))
            else:
                tell(len(part))
            results.append(result)
        for each in writing:
            each.result()
    return join(results, outputs)
