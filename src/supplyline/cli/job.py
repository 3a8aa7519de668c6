"""What several verbs do: read a case, simulate it, keep the run, write the brief."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from supplyline import __version__
from supplyline.cli.speech import (
    Speech,
    clean,
    counted,
    shown_progress,
    since,
    without_warnings,
)
from supplyline.language import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ThreadPoolExecutor

    import pandas as pd

    from supplyline.analysis.compare import Comparison
    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.cli.ensemble import Ensemble
    from supplyline.engine.executors import Executor
    from supplyline.engine.run_cache import Kept
    from supplyline.report.brief import Brief
    from supplyline.runs import Arguments, Lineage, Run

    Progress = Callable[[int, int], None]


def read_quietly(name: str, *, unfinished: bool = False) -> Case:
    """Read a case; its warnings are told by the verb."""
    from supplyline.case.case import load_case

    with without_warnings():
        return load_case(name, unfinished=unfinished)


def load_and_say(name: str, speech: Speech) -> Case:
    """Read a case and say what it holds."""
    from supplyline.analysis.asked_measures import refuse_unknown_measures
    from supplyline.engine.small_fleets import small_fleets

    started = time.perf_counter()
    case = read_quietly(name)
    refuse_unknown_measures(case)
    speech.line(headline(case))
    count = len(case.warnings) + len(small_fleets(case))
    hint = f"{counted(count, 'warning')} (supplyline check {name})" if count else ""
    speech.step("case", "checked", since(started), hint)
    return case


def headline(case: Case) -> str:
    """Say what a case holds."""
    words = {"claims": "figures"}
    names = ("places", "segments", "claims", "sources")
    counts = [f"{len(case.tables[name]):,} {words.get(name, name)}" for name in names]
    held = ", ".join(counts)
    cutoff = case.config.cutoff
    return f"supplyline {__version__}   case {case.name}: {held}, frozen {cutoff}"


def read_run(folder: Path) -> Run:
    """Read a run folder; its warnings are told by the verb."""
    from supplyline.runs import load_run

    with without_warnings():
        return load_run(folder)


def choose_executor(
    threads: int | None, processes: int | None, cluster: str | None
) -> Executor:
    """Give the workers that are asked for; threads where nothing is said."""
    from supplyline.engine import executors

    asked = {"--threads": threads, "--processes": processes, "--cluster": cluster}
    given = [name for name, value in asked.items() if value is not None]
    if len(given) > 1:
        message = f"{' and '.join(given)} are given; expected one of them"
        raise typer.BadParameter(message)
    if cluster is not None:
        return join_cluster(cluster)
    if processes is not None:
        return executors.processes(processes)
    return executors.threads(threads)


def join_cluster(address: str) -> Executor:
    """Connect to a cluster; what goes wrong there is told by our errors alone."""
    from supplyline.engine.cluster import cluster

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    return cluster(address)


RATE_AFTER_S: Final = 10.0
"""How long members are simulated before their rate is known [s]."""


def in_words(seconds: float) -> str:
    """Say roughly how long something takes."""
    for size, word in ((3600.0, "hour"), (60.0, "minute")):
        if seconds >= 2 * size:
            return f"about {counted(round(seconds / size), word)}"
    return f"about {counted(round(seconds), 'second')}"


@dataclass(frozen=True, slots=True)
class Job:
    """Runs of one case, kept in one folder."""

    case: Case
    folder: Path
    seed: int
    days: int | None
    executor: Executor
    lineage: Lineage | None = None
    """Whose luck members live on; the first of them where fewer are asked for."""
    short_below: float | None = None
    """Share of what the public wants below which a place is short [1]."""

    def _lineage(self, members: int) -> Lineage | None:
        import numpy as np

        return None if self.lineage is None else self.lineage.of(np.arange(members))

    def _arguments(self, members: int) -> Arguments:
        from supplyline.runs import SHORT_BELOW, Arguments

        days = self.case.config.forecast_days if self.days is None else self.days
        lineage = self._lineage(members)
        sha256 = None if lineage is None else lineage.sha256
        below = SHORT_BELOW if self.short_below is None else self.short_below
        return Arguments(
            days=days,
            members=members,
            seed=self.seed,
            lineage=sha256,
            short_below=below,
        )

    def options(
        self, base: Run, scenarios: list[Scenario], members: int, speech: Speech
    ) -> list[Comparison]:
        """Simulate scenarios only to compare them; these runs are not kept."""
        from supplyline.analysis.compare import compared_with
        from supplyline.engine.options import simulate_options

        doing = _("compare the options")
        with without_warnings(), shown_progress(speech, doing) as progress:
            return simulate_options(
                self.case,
                scenarios,
                self._arguments(members),
                compared_with(base),
                lineage=self._lineage(members),
                executor=self.executor,
                progress=progress,
            )

    def _estimating(
        self, arguments: Arguments, speech: Speech, progress: Progress | None
    ) -> Progress | None:
        """Tell too what a large run is about to take: memory, disk, and time."""
        from supplyline.engine.estimate import (
            disk_in_folder,
            memory_in_folder,
            size_text,
        )
        from supplyline.engine.estimate import is_held as is_small

        if is_small(self.case, arguments):
            return progress
        memory = memory_in_folder(self.case, arguments, self.executor.workers)
        disk = disk_in_folder(self.case, arguments)
        begun: list[tuple[float, int]] = []

        def tell(done: int, total: int) -> None:
            if progress is not None:
                progress(done, total)
            now = time.perf_counter()
            if not begun:
                where = f"{size_text(disk)} in {self.folder}"
                speech.step("estimate", f"{size_text(memory)} of memory, {where}")
                begun.append((now, done))
            # the first task waits for the compiler: members are counted from its end
            elif len(begun) == 1:
                begun.append((now, done))
            elif len(begun) == 2 and now - begun[1][0] >= RATE_AFTER_S:
                rate = (done - begun[1][1]) / (now - begun[1][0])
                speech.step("estimate", f"{in_words((total - done) / rate)} to go")
                begun.append((now, done))

        return tell

    def run(
        self,
        scenario: Scenario | None,
        members: int,
        speech: Speech,
        saver: ThreadPoolExecutor | None = None,
    ) -> Kept:
        """Give the run of a scenario, from its folder or made anew."""
        from supplyline.engine.run_cache import simulate_once

        started = time.perf_counter()
        arguments = self._arguments(members)
        with without_warnings(), shown_progress(speech) as progress:
            kept = simulate_once(
                self.case,
                self.folder,
                scenario=scenario,
                arguments=arguments,
                lineage=self._lineage(members),
                executor=self.executor,
                progress=self._estimating(arguments, speech, progress),
                saver=saver,
            )
        if kept.fault is not None:
            typer.echo(clean(f"{kept.fault}\nIt was made again."), err=True)
        made_s = kept.run.manifest.resources["elapsed_s"]
        saved_s = time.perf_counter() - started - made_s
        saved = [] if kept.saving is not None else [f"saved, {saved_s:.1f} s"]
        how = [f"{made_s:.1f} s", self.executor.words, *saved]
        size = counted(members, "member")
        size += f" × {counted(kept.run.daily.sizes['day'], 'day')}"
        speech.step("simulate", size, *(["kept"] if kept.is_old else how))
        return kept


def brief_files(case: Case, output: Path | None, *, pdf: bool) -> list[Path]:
    """Name the files of the brief, and refuse what cannot be written."""
    from supplyline.output import refuse_file
    from supplyline.report.brief import load_printer

    file = output or Path(f"{case.name}-brief.html")
    if file.suffix not in (".html", ".pdf"):
        message = f"--output is {file.name}; expected a name that ends in .html or .pdf"
        raise typer.BadParameter(message)
    files = [file]
    if pdf and file.suffix != ".pdf":
        files.append(file.with_suffix(".pdf"))
    for each in files:
        refuse_file(each)
    if files[-1].suffix == ".pdf":
        load_printer()
    return files


def write_brief(
    case: Case,
    base: Run,
    options: list[Comparison],
    ensemble: Ensemble,
    short_for: int | None = None,
) -> Brief:
    """Write the brief of a run with its options."""
    from supplyline.analysis.shortage import SHORTAGE_DAYS
    from supplyline.analysis.targets import check_targets
    from supplyline.cli.past import read_backtest, read_published
    from supplyline.report.brief import brief as write

    checks: pd.DataFrame = check_targets(base)
    return write(
        base,
        *options,
        checks=checks,
        conditioned=ensemble.conditioned or ensemble.why_prior,
        # a run that was kept has a case of its own, without what lies beside it
        backtest=read_backtest(case),
        published=read_published(),
        shortage_days=short_for or SHORTAGE_DAYS,
    )
