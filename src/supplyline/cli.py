"""The command line: one verb per public function.

Results go to standard output; progress and errors to standard error. What the caller
did wrong ends with exit code 2 and no traceback; a fault of ours with 1.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

from supplyline import __version__

if TYPE_CHECKING:
    import pandas as pd

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.runs import Arguments, Run

OPTION_MEMBERS: Final = 200
"""Most members of a run that is only made to compare an option."""

_MOST_ROWS: Final = 12
CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="Packaged case, such as mali, or folder.")
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of all luck.")]
Members = Annotated[int, typer.Option(min=1, max=1_000_000, help="Possible courses.")]
Days = Annotated[
    int | None, typer.Option(min=1, max=3650, help="Days after the cut-off.")
]
Threads = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Threads; all cores if not given.")
]
Runs = Annotated[Path, typer.Option("--runs", help="Folder that holds the runs.")]


class _Verbs(TyperGroup):
    """The verbs; an expected error is told without a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as the overridden method
        """Run a verb."""
        from supplyline.errors import SupplylineError

        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except (SupplylineError, OSError) as error:
            typer.echo(f"Error: {_clean(str(error))}", err=True)
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=_Verbs,
    name="supplyline",
    help="Simulate how a country's fuel supply fares under attack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@dataclass(frozen=True, slots=True)
class Speech:
    """How much is said, and in which form."""

    is_json: bool
    is_quiet: bool

    @property
    def is_plain(self) -> bool:
        """Whether a person reads along."""
        return not (self.is_json or self.is_quiet)

    def line(self, *texts: str) -> None:
        """Print lines for a person."""
        if self.is_plain:
            typer.echo(_clean("\n".join(texts)))

    def step(self, name: str, *parts: str) -> None:
        """Print what a step did."""
        self.line(f"{name:<11}{'   '.join(part for part in parts if part)}")

    def result(self, value: object) -> None:
        """Print the result as JSON, if that was asked for."""
        if self.is_json:
            typer.echo(json.dumps(_jsonable(value), indent=1, ensure_ascii=False))


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"supplyline {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and end.",
            is_eager=True,
            callback=_show_version,
        ),
    ] = False,
) -> None:
    """Simulate how a country's fuel supply fares under attack."""


@app.command()
def brief(
    name: CaseName,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write a PDF beside it.")] = False,
    scenarios: Annotated[
        bool, typer.Option(help="Compare the scenarios of the case as options.")
    ] = True,
    runs: Runs = Path("runs"),
    seed: Seed = 1,
    members: Members = 2000,
    days: Days = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check a case, simulate it and write the brief: the main job."""
    speech = Speech(as_json, quiet)
    case = _load(name, speech)
    files = _brief_files(case, output, pdf=pdf)
    job = _Job(case, runs, seed, days, threads)
    base, folder = job.run(None, members, speech)
    known = case.scenarios() if scenarios else {}
    names = sorted(each for each, scenario in known.items() if scenario.change)
    started = time.perf_counter()
    fewer = min(members, OPTION_MEMBERS)
    options = job.options([known[each] for each in names], fewer, speech)
    if names:
        text = f"{_count(len(names), 'scenario')} × {fewer:,} members"
        speech.step("options", text, _since(started))
    started = time.perf_counter()
    title = _write_brief(base, options, files)
    speech.step("brief", _since(started))
    speech.line(title)
    for file in files:
        size = f"{file.stat().st_size / 1e6:.1f} MB, opens offline"
        speech.step("Brief", str(file), size)
    speech.step("Run", str(folder))
    speech.result({"title": title, "files": files, "run": folder, "options": names})


@app.command()
def check(name: CaseName, as_json: Json = False, quiet: Quiet = False) -> None:
    """Read a case, check it and list every fault."""
    from supplyline.case.scenario import find_scenario_problems
    from supplyline.errors import ProblemsError, ScenarioError

    speech = Speech(as_json, quiet)
    try:
        case = _read(name)
        if problems := find_scenario_problems(case):
            raise ScenarioError(case.name, problems)
    except ProblemsError as error:
        found = [{**asdict(fault), "text": str(fault)} for fault in error.problems]
        speech.result({"case": name, "problems": found})
        raise
    counts = {"assumptions": len(case.assumptions())}
    counts["contradictions"] = len(case.contradictions())
    names = sorted(case.scenarios())
    speech.line(_headline(case))
    for warning in case.warnings:
        speech.step("warning", warning)
    speech.step("scenarios", ", ".join(names) or "none")
    speech.step("rests on", _count(counts["assumptions"], "assumption"))
    speech.step("claims", f"{_count(counts['contradictions'], 'pair')} that disagree")
    speech.line(f"{case.name} is sound.")
    sound = {"case": case.name, "problems": [], "scenarios": names}
    speech.result({**sound, "warnings": case.warnings, **counts})


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to make.")],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write an empty case to fill in."""
    from supplyline.case.template import write_template

    speech = Speech(as_json, quiet)
    made = write_template(folder)
    speech.step("Case", str(made), f"fill it in, then: supplyline check {made}")
    speech.result({"folder": made})


@app.command()
def simulate(
    name: CaseName,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder that holds the runs.")
    ] = Path("runs"),
    scenario: Annotated[
        str | None, typer.Option(help="Scenario of the case, or a .toml file.")
    ] = None,
    seed: Seed = 1,
    members: Members = 2000,
    days: Days = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a case and write a run folder."""
    from supplyline.case.scenario_choice import choose_scenario

    speech = Speech(as_json, quiet)
    case = _load(name, speech)
    chosen = None if scenario is None else choose_scenario(case, scenario)
    job = _Job(case, output, seed, days, threads)
    run, folder = job.run(chosen, members, speech)
    for warning in run.manifest.warnings:
        speech.step("warning", warning)
    speech.step("Run", str(folder))
    speech.result({"run": folder, "manifest": run.manifest.model_dump(mode="json")})


@app.command()
def compare(
    base: RunFolder,
    alternative: RunFolder,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare two runs on the same luck: second minus first."""
    from supplyline.analysis.compare import compare as compare_runs
    from supplyline.errors import RunError

    speech = Speech(as_json, quiet)
    runs = [_read_run(folder) for folder in (base, alternative)]
    try:
        comparison = compare_runs(*runs)
    except ValueError as error:
        raise RunError(str(error)) from error
    start, end = comparison.start, comparison.end
    speech.line(f"{comparison.title}, {start:%Y-%m-%d} to {end:%Y-%m-%d}")
    heads = ("outcome", "place", "product", "first", "second", "difference", "better")
    rows: list[tuple[str, ...]] = [heads]
    for entry in comparison.differences:
        numbers = (entry.base, entry.alternative, entry.difference, entry.better)
        about = (entry.title, entry.place or "all", entry.product or "all")
        rows.append((*about, *map(str, numbers)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = map(str.ljust, row, widths)
        speech.line("  ".join(cells).rstrip())
    table = comparison.table()
    speech.result({"title": comparison.title, "differences": table.to_dict("records")})


@app.command()
def why(
    name: CaseName,
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Claim, parameter or key of a row.")
    ],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Trace a number to its sentence and source, and on into the model."""
    from supplyline.case.trace import why as trace

    speech = Speech(as_json, quiet)
    traces = trace(_read(name), identifier)
    for found in traces[:_MOST_ROWS]:
        speech.line(*found.lines(), "")
    if len(traces) > _MOST_ROWS:
        speech.line(f"and {len(traces) - _MOST_ROWS} more rows (--json lists all)")
    speech.result([asdict(found) for found in traces])


@app.command()
def verify(
    run: RunFolder,
    rerun: Annotated[
        bool, typer.Option("--rerun", help="Simulate again; all must be identical.")
    ] = False,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check a run folder against its manifest."""
    from supplyline.runs import verify as verify_run

    speech = Speech(as_json, quiet)

    def again(saved: Run) -> Run:
        from supplyline.engine.keep import simulate_again

        with _progress(speech) as progress:
            return simulate_again(saved, workers=threads, progress=progress)

    with _without_warnings():
        manifest = verify_run(run, again if rerun else None)
    word = "Identical" if rerun else "Unaltered"
    members = manifest.arguments.members
    speech.line(f"{word}: {len(manifest.outputs)} files, {members:,} members.")
    files = list(manifest.outputs)
    speech.result({"run": manifest.run, "is_rerun": rerun, "files": files})


@dataclass(frozen=True, slots=True)
class _Job:
    """Runs of one case, kept in one folder."""

    case: Case
    folder: Path
    seed: int
    days: int | None
    threads: int | None

    def _arguments(self, members: int) -> Arguments:
        from supplyline.runs import Arguments

        days = self.case.config.forecast_days if self.days is None else self.days
        return Arguments(days=days, members=members, seed=self.seed)

    def options(
        self, scenarios: list[Scenario], members: int, speech: Speech
    ) -> list[Run]:
        """Simulate scenarios only to compare them; these runs are not kept."""
        from supplyline.engine.options import simulate_options

        with _without_warnings(), _progress(speech) as progress:
            return simulate_options(
                self.case,
                scenarios,
                self._arguments(members),
                workers=self.threads,
                progress=progress,
            )

    def run(
        self, scenario: Scenario | None, members: int, speech: Speech
    ) -> tuple[Run, Path]:
        """Give the run of a scenario, from its folder or made anew."""
        from supplyline.engine.keep import simulate_once

        started = time.perf_counter()
        with _without_warnings(), _progress(speech) as progress:
            kept = simulate_once(
                self.case,
                self.folder,
                scenario=scenario,
                arguments=self._arguments(members),
                workers=self.threads,
                progress=progress,
            )
        if kept.fault is not None:
            typer.echo(_clean(f"{kept.fault}\nIt was made again."), err=True)
        made_s = kept.run.manifest.resources["elapsed_s"]
        saved_s = time.perf_counter() - started - made_s
        workers = _count(self.threads or os.cpu_count() or 1, "thread")
        how = (f"{made_s:.1f} s", workers, f"saved, {saved_s:.1f} s")
        size = f"{members:,} members × {kept.run.daily.sizes['day']} days"
        speech.step("simulate", size, *(["kept"] if kept.is_old else how))
        return kept.run, kept.folder


def _read(name: str) -> Case:
    """Read a case; its warnings are told by the verb."""
    from supplyline.case.case import load_case

    with _without_warnings():
        return load_case(name)


def _load(name: str, speech: Speech) -> Case:
    """Read a case and say what it holds."""
    started = time.perf_counter()
    case = _read(name)
    speech.line(_headline(case))
    count = len(case.warnings)
    hint = f"{_count(count, 'warning')} (supplyline check {name})" if count else ""
    speech.step("case", "checked", _since(started), hint)
    return case


def _headline(case: Case) -> str:
    """Say what a case holds."""
    words = {"claims": "figures"}
    names = ("places", "segments", "claims", "sources")
    counts = [f"{len(case.tables[name]):,} {words.get(name, name)}" for name in names]
    held = ", ".join(counts)
    cutoff = case.config.cutoff
    return f"supplyline {__version__}   case {case.name}: {held}, frozen {cutoff}"


def _read_run(folder: Path) -> Run:
    from supplyline.runs import load_run

    with _without_warnings():
        return load_run(folder)


def _brief_files(case: Case, output: Path | None, *, pdf: bool) -> list[Path]:
    """Name the files of the brief, and refuse what cannot be written."""
    file = output or Path(f"{case.name}-brief.html")
    if file.suffix not in (".html", ".pdf"):
        message = f"--output is {file.name}; expected a name that ends in .html or .pdf"
        raise typer.BadParameter(message)
    if not file.parent.is_dir():
        message = f"--output is {file}; its folder does not exist"
        raise typer.BadParameter(message)
    files = [file]
    if pdf and file.suffix != ".pdf":
        files.append(file.with_suffix(".pdf"))
    if any(f.suffix == ".pdf" for f in files) and find_spec("weasyprint") is None:
        message = "a PDF needs WeasyPrint: pip install 'supplyline[pdf]'"
        raise typer.BadParameter(message)
    return files


def _write_brief(base: Run, options: list[Run], files: list[Path]) -> str:
    """Write the brief and give its finding."""
    from supplyline.analysis.targets import check_targets
    from supplyline.report.brief import brief as write

    checks: pd.DataFrame = check_targets(base)
    written = write(base, *options, checks=checks)
    for file in files:
        written.save(file)
    return written.title


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Leave out our own warnings: the verbs tell them in their place."""
    from supplyline.errors import SupplylineWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        yield


@contextmanager
def _progress(speech: Speech) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on standard error while a person watches."""
    if not speech.is_plain or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TimeElapsedColumn

    columns = ("{task.description}", BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    with bar:
        task = bar.add_task("compile (first time only)", total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, description="simulate", completed=done, total=total)

        yield step


def _clean(text: str) -> str:
    """Leave out what could command a terminal."""
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _since(started: float) -> str:
    return f"{time.perf_counter() - started:.1f} s"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _jsonable(value: object) -> object:
    """Turn a value into what JSON holds; not-a-number becomes null."""
    if isinstance(value, dict):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    return str(value)
