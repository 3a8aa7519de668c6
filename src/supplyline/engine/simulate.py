"""Simulate: a case in, a run out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from supplyline.case.scenario import Scenario
from supplyline.case.scenario_choice import choose_scenario
from supplyline.engine.arguments import read_arguments
from supplyline.engine.estimate import enough_memory
from supplyline.engine.executors import chosen
from supplyline.engine.result import build_run
from supplyline.engine.run_cache import simulate_once
from supplyline.engine.tasks import simulate_parts
from supplyline.engine.world import build_world, draw_world_params
from supplyline.errors import refuse_other
from supplyline.output import path_of
from supplyline.runs import request_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from supplyline.case.case import Case
    from supplyline.engine.block import BlockResult
    from supplyline.engine.executors import Executor
    from supplyline.engine.world import World
    from supplyline.runs import Lineage, Run

    Progress = Callable[[int, int], None]


def simulate(  # noqa: PLR0913 - every argument is one the user names
    case: Case,
    *,
    scenario: str | Path | Scenario | None = None,
    days: int | None = None,
    members: int | None = None,
    seed: int | None = None,
    like: Run | None = None,
    lineage: Lineage | None = None,
    short_below: float | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    folder: str | Path | None = None,
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
        Take days, members, seed, lineage and what is short from this run, for paired
        differences.
    lineage : Lineage, optional
        Whose luck each member lives on, and with which parameters, by stretch of days;
        each on its own if not given. There are as many members as it has.
    short_below : float, optional
        Share of what its public wants below which a place is short of a product on a
        day, 0.5 if not given; days are counted by it and nothing else changes [1].
    executor : Executor, optional
        Where members are simulated: `threads` or `processes`; a thread for each core
        if not given. The result does not depend on it.
    progress : callable, optional
        Called with members done and members in all.
    folder : str or Path, optional
        Folder that holds runs: this one is written there part by part, and needs memory
        for the parts under way only. If it is there, it is read; if it was interrupted,
        it goes on.

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
    OutputError
        If the folder cannot be written, or the disk is too small for the ensemble.

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
    place = None if folder is None else path_of("folder", folder)
    arguments = read_arguments(case, days, members, seed, like, lineage, short_below)
    lineage = lineage if like is None else like.lineage
    changes = None if scenario is None else choose_scenario(case, scenario)
    if place is not None:
        return simulate_once(
            case,
            place,
            scenario=changes,
            arguments=arguments,
            lineage=lineage,
            executor=executor,
            progress=progress,
        ).run
    with enough_memory(case, arguments), chosen(executor) as workers:
        days, seed, below = arguments.days, arguments.seed, arguments.short_below
        world = build_world(
            case, changes, days, seed, lineage=lineage, short_below=below
        )
        whole = _simulate_members(world, arguments.range, workers, progress)
        draws = draw_world_params(world, arguments.range)
        request = request_of(case, changes, arguments)
        took_s = time.perf_counter() - started
        return build_run(case, request, world.names, draws, whole, took_s, lineage)


def _simulate_members(
    world: World, members: range, executor: Executor, progress: Progress | None
) -> BlockResult:
    """Simulate all members as one part."""
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(done, len(members))

    (whole,) = simulate_parts(world, [members], executor, tell)
    return whole


def simulate_again(
    saved: Run, *, executor: Executor | None = None, progress: Progress | None = None
) -> Run:
    """Make a run again from what its manifest says."""
    resolved = saved.manifest.request.scenario
    return simulate(
        saved.case,
        scenario=None if resolved is None else Scenario.from_json(resolved),
        like=saved,
        executor=executor,
        progress=progress,
    )
