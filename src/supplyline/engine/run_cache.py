"""Runs in folders: one request is simulated once, and goes on where it was killed."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from supplyline.engine.checkpoints import (
    ENDING,
    finish,
    finished_parts,
    sweep_parent,
    writing_parts,
)
from supplyline.engine.estimate import enough_memory, is_held, refuse_full_disk
from supplyline.engine.executors import chosen
from supplyline.engine.in_parts import (
    PartsOfRun,
    Writers,
    run_of,
    simulate_missing,
    told_if_full,
)
from supplyline.engine.kernels.ahead import code_origin
from supplyline.engine.result import warnings_of
from supplyline.engine.world import build_world
from supplyline.errors import OutputError, RunError
from supplyline.output import held_folder, refuse_folder, sweep
from supplyline.runs import load_run, manifest_of, request_of
from supplyline.runs.files import FOLDER, kind_of
from supplyline.runs.folder import read_run
from supplyline.runs.manifest import SCHEMA
from supplyline.runs.parts import parts_of
from supplyline.runs.short_days import SHORT_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future, ThreadPoolExecutor
    from pathlib import Path

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.engine.executors import Executor
    from supplyline.runs import Arguments, Request, Run
    from supplyline.runs.lineage import Lineage

    Progress = Callable[[int, int], None]


class Kept(NamedTuple):
    """A run with its folder."""

    run: Run
    folder: Path
    is_old: bool
    fault: str | None
    saving: Future[Run] | None = None


def simulate_once(  # noqa: PLR0913 - as many as `simulate` has
    case: Case,
    parent: Path,
    *,
    scenario: Scenario | None,
    arguments: Arguments,
    lineage: Lineage | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    saver: ThreadPoolExecutor | None = None,
) -> Kept:
    """Give the run of a request from its folder, or make and save it.

    A killed run goes on with the parts that were done. A small one is given before all
    of it is written, where there is a saver.
    """
    request = request_of(case, scenario, arguments)
    folder = parent / request.name
    unfinished = parent / f"{request.name}{ENDING}"
    refuse_folder(parent)
    _refuse_no_folder(folder, unfinished)
    parent.mkdir(parents=True, exist_ok=True)
    sweep_parent(parent)
    run, fault = _find_run(folder, request)
    with ExitStack() as stack:
        if run is None:
            stack.enter_context(held_folder(unfinished))
            if fault is None:  # another process may have made it meanwhile
                run, fault = _find_run(folder, request)
        if run is not None:
            stack.close()
            sweep(unfinished)
            return Kept(run, folder, is_old=True, fault=None)
        begun = time.perf_counter()
        workers = stack.enter_context(chosen(executor))
        world = build_world(
            case,
            scenario,
            arguments.days,
            arguments.seed,
            lineage=lineage,
            short_below=arguments.short_below,
        )
        place, parts = unfinished.resolve(), parts_of(arguments.range)
        done = finished_parts(place, request.run, parts)
        drafts = stack.enter_context(writing_parts(place, request.run, parts))
        work = PartsOfRun(world, request, place, drafts)
        count = max(1, workers.workers // 2)
        writers = stack.enter_context(Writers(work, done, count))
        with enough_memory(case, arguments, workers.workers):
            refuse_full_disk(case, arguments, parent, sum(map(len, done)))
            whole = simulate_missing(
                work, workers, writers, progress, is_held=is_held(case, arguments)
            )
        took_s = time.perf_counter() - begun
        run = None if whole is None else run_of(work, whole, took_s)
        waiting = stack.pop_all()

    def save() -> Run:
        with waiting, told_if_full(unfinished):
            records = writers.finish()
            told = warnings_of(sum(record.lead_cuts for record in records))
            manifest = manifest_of(request, case, took_s, told, code_origin())
            manifest = finish(unfinished, folder, case, manifest, records, lineage)
        return read_run(folder, manifest, case) if run is None else run

    if run is None or saver is None:
        return Kept(save(), folder, is_old=False, fault=fault)
    return Kept(run, folder, is_old=False, fault=fault, saving=saver.submit(save))


def _refuse_no_folder(*places: Path) -> None:
    """Refuse what stands in the place of a folder, before the work for it."""
    for place in places:
        if os.path.lexists(place) and kind_of(place) != FOLDER:
            message = f"{place} is {kind_of(place)}; expected a run folder or nothing"
            raise OutputError(message)


def _find_run(folder: Path, request: Request) -> tuple[Run | None, str | None]:
    """Read the run of a request; without one, say what is wrong with its folder."""
    if not folder.is_dir():
        return None, None
    try:
        run = load_run(folder)
    except RunError as error:
        return None, str(error)
    if run.manifest.run != request.run:
        return None, f"{folder} holds the run {run.manifest.run}"
    if (schema := run.manifest.schema_version) < SCHEMA:
        # what made it may have had other laws, and its tables lie otherwise
        return None, f"{folder} is of an earlier supplyline (schema_version {schema})"
    if SHORT_DAYS not in run.weekly:
        return None, f"{folder} is of an earlier supplyline that counted no short days"
    return run, None
