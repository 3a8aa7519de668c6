"""Runs that are kept: one request is simulated once, and again only to check it."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

from supplyline.case.scenario import Scenario
from supplyline.engine.simulate import simulate
from supplyline.errors import OutputError, RunError
from supplyline.output import refuse_folder
from supplyline.runs import load_run, request_of
from supplyline.runs.files import FOLDER, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future, ThreadPoolExecutor
    from pathlib import Path

    from supplyline.case.case import Case
    from supplyline.engine.executors import Executor
    from supplyline.runs import Arguments, Run

    Progress = Callable[[int, int], None]


class Kept(NamedTuple):
    """A run with its folder."""

    run: Run
    folder: Path
    is_old: bool
    fault: str | None
    saving: Future[Path] | None = None


def simulate_once(
    case: Case,
    parent: Path,
    *,
    scenario: Scenario | None,
    arguments: Arguments,
    executor: Executor | None = None,
    progress: Progress | None = None,
    saver: ThreadPoolExecutor | None = None,
) -> Kept:
    """Give the run of a request from its folder, or make and save it."""
    request = request_of(case, scenario, arguments)
    label = "baseline" if scenario is None else scenario.name
    folder = parent / f"{request.case}-{label}-{request.run}"
    fault = None
    refuse_folder(parent)
    if folder.is_dir():
        try:
            kept = load_run(folder)
        except RunError as error:
            fault = str(error)
        else:
            if kept.manifest.run == request.run:
                return Kept(kept, folder, is_old=True, fault=None)
            fault = f"{folder} holds the run {kept.manifest.run}"
    if os.path.lexists(folder) and kind_of(folder) != FOLDER:
        message = f"{folder} is {kind_of(folder)}; expected a run folder or nothing"
        raise OutputError(message)
    parts = parent / f".parts-{request.run}"
    run = simulate(
        case,
        scenario=scenario,
        days=arguments.days,
        members=arguments.members,
        seed=arguments.seed,
        executor=executor,
        progress=progress,
        parts=parts,
    )

    def save() -> Path:
        saved = run.save(parent)
        shutil.rmtree(parts, ignore_errors=True)
        return saved

    if saver is None:
        save()
        return Kept(run, folder, is_old=False, fault=fault)
    return Kept(run, folder, is_old=False, fault=fault, saving=saver.submit(save))


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
