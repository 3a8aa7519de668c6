"""The verbs of the command line."""

from __future__ import annotations

import gc
import os
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

from supplyline import __version__
from supplyline.cli.conditioning import condition
from supplyline.cli.ensemble import choose_ensemble
from supplyline.cli.evidence import StorePlace, evidence
from supplyline.cli.explain import explain
from supplyline.cli.export import export
from supplyline.cli.forecast import forecast
from supplyline.cli.job import (
    Job,
    brief_files,
    choose_executor,
    headline,
    load_and_say,
    read_quietly,
    read_run,
    write_brief,
)
from supplyline.cli.leader import tell_heat
from supplyline.cli.new import new
from supplyline.cli.options import (
    CaseName,
    Cluster,
    Days,
    Json,
    Members,
    OwnMembers,
    OwnSeed,
    Processes,
    Quiet,
    RunFolder,
    Runs,
    Seed,
    ShortBelow,
    ShortFor,
    Threads,
)
from supplyline.cli.own_scenario import Close, Escorts, Scenarios, asked_scenarios
from supplyline.cli.show import show
from supplyline.cli.speech import (
    Speech,
    clean,
    counted,
    end_now,
    replace_unknown_signs,
    shown_progress,
    since,
    without_warnings,
)
from supplyline.language import _

if TYPE_CHECKING:
    from supplyline.runs import Run

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, as shells have it."""

WRITING_RUNS: Final = ("brief", "simulate")
GOES_ON: Final = " The same command goes on from the parts that are written."

OPTION_MEMBERS: Final = 128
"""Most members of a run that is only made to compare an option."""

_NO_THREAD: Final = "can't start new thread"
"""What Python says where memory lacks for the stack of a thread."""
_MOST_ROWS: Final = 12
_YOUNG_OBJECTS: Final = 20_000
"""New objects between two looks of Python's collector for garbage."""


class _Verbs(TyperGroup):
    """The verbs; an expected error is told without a traceback."""

    def main(self, *arguments: Any, **settings: Any) -> Any:  # noqa: ANN401 - as the overridden method
        """Run the command line."""
        # a verb ends before its garbage counts; to walk all that numba and pandas hold,
        # again and again while they are loaded, takes 0.3 s
        gc.set_threshold(_YOUNG_OBJECTS)
        replace_unknown_signs()
        return super().main(*arguments, **settings)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as the overridden method
        """Run a verb."""
        from supplyline.errors import SupplylineError

        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            goes_on = GOES_ON if ctx.invoked_subcommand in WRITING_RUNS else ""
            typer.echo(f"Stopped.{goes_on}", err=True)
            end_now(INTERRUPTED)
        except (MemoryError, RuntimeError) as error:
            if not isinstance(error, MemoryError) and str(error) != _NO_THREAD:
                raise
            typer.echo("Error: there is not enough memory for this", err=True)
            raise typer.Exit(2) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except (SupplylineError, OSError) as error:
            typer.echo(f"Error: {clean(str(error))}", err=True)
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


app.add_typer(evidence, name="evidence")
app.add_typer(forecast, name="forecast")


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
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Write a PDF of its two pages beside it.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Print the annex to the PDF too.")
    ] = False,
    scenarios: Annotated[
        bool, typer.Option(help="Compare the scenarios of the case as options.")
    ] = True,
    runs: Runs = Path("runs"),
    prior: Annotated[
        bool, typer.Option("--prior", help="Rest on the prior, whatever was reported.")
    ] = False,
    seed: OwnSeed = None,
    members: OwnMembers = None,
    days: Days = None,
    short_below: ShortBelow = None,
    short_for: ShortFor = None,
    threads: Threads = None,
    processes: Processes = None,
    cluster: Cluster = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check a case, simulate it and write the brief: the main job."""
    from supplyline.engine.executors import aside

    speech = Speech(as_json, quiet)
    case = load_and_say(name, speech)
    ensemble = choose_ensemble(case, name, members, seed, prior=prior)
    files = brief_files(case, output, pdf=pdf)
    known = case.scenarios() if scenarios else {}
    names = sorted(each for each, scenario in known.items() if scenario.change)
    fewer = min(ensemble.members, OPTION_MEMBERS)
    ensemble.say(name, speech)
    with choose_executor(threads, processes, cluster) as executor, aside() as saver:
        own = ensemble.seed, days, executor, ensemble.lineage, short_below
        job = Job(case, runs, *own)
        base = job.run(None, ensemble.members, speech, saver)
        started = time.perf_counter()
        options = job.options(base.run, [known[each] for each in names], fewer, speech)
        if names:
            text = f"{counted(len(names), 'scenario')} × {counted(fewer, 'member')}"
            speech.step("options", text, since(started))
        started = time.perf_counter()
        with shown_progress(speech, _("write the brief")):
            written = write_brief(case, base.run, options, ensemble, short_for)
            for file in files:
                written.save(file, full=full)
            if base.saving is not None:
                base.saving.result()
        speech.step("brief", since(started))
    speech.line(*(line for line in (written.title, written.leader) if line))
    for words in written.left_out:
        speech.step("left out", words)
    for file in files:
        size = f"{file.stat().st_size / 1e6:.1f} MB, opens offline"
        speech.step("Brief", str(file), size)
    speech.step("Run", str(base.folder))
    told = {
        "title": written.title,
        "leader": written.leader,
        "files": files,
        "run": base.folder,
        "options": names,
        "rests_on": "prior" if ensemble.conditioned is None else "facts",
        "why_prior": ensemble.why_prior,
        "left_out": written.left_out,
    }
    speech.result(told)


@app.command()
def check(name: CaseName, as_json: Json = False, quiet: Quiet = False) -> None:
    """Read a case, check it and list every fault."""
    from supplyline.analysis.asked_measures import refuse_unknown_measures
    from supplyline.case.scenario import find_scenario_problems
    from supplyline.engine.small_fleets import small_fleets
    from supplyline.errors import ProblemsError, ScenarioError

    speech = Speech(as_json, quiet)
    try:
        case = read_quietly(name)
        refuse_unknown_measures(case)
        if problems := find_scenario_problems(case):
            raise ScenarioError(case.name, problems)
    except ProblemsError as error:
        found = [{**asdict(fault), "text": str(fault)} for fault in error.problems]
        speech.result({"case": name, "problems": found})
        raise
    counts = {"assumptions": len(case.assumptions())}
    counts["contradictions"] = len(case.contradictions())
    names = sorted(case.scenarios())
    speech.line(headline(case))
    told = [*case.warnings, *small_fleets(case)]
    speech.warnings(told)
    speech.step("scenarios", ", ".join(names) or "none")
    speech.step("rests on", counted(counts["assumptions"], "assumption"))
    if case.defaults:
        count = counted(len(case.defaults), "parameter")
        speech.step(
            "defaults", f"{count} not in params.csv: {', '.join(case.defaults)}"
        )
    speech.step("claims", f"{counted(counts['contradictions'], 'pair')} that disagree")
    speech.line(f"{case.name} is sound.")
    sound = {"case": case.name, "problems": [], "scenarios": names}
    defaults = case.defaults
    speech.result({**sound, "warnings": told, "defaults": defaults, **counts})


app.command()(show)
app.command()(export)
app.command()(new)


@app.command()
def simulate(
    name: CaseName,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder that holds the runs.")
    ] = Path("runs"),
    scenario: Scenarios = None,
    close: Close = None,
    escorts: Escorts = None,
    conditioned: Annotated[
        bool,
        typer.Option("--conditioned", help="Simulate the case's conditioned ensemble."),
    ] = False,
    seed: OwnSeed = None,
    members: OwnMembers = None,
    days: Days = None,
    short_below: ShortBelow = None,
    threads: Threads = None,
    processes: Processes = None,
    cluster: Cluster = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a case and write a run folder."""
    speech = Speech(as_json, quiet)
    case = load_and_say(name, speech)
    asked = asked_scenarios(case, scenario, close, escorts, speech)
    ensemble = choose_ensemble(case, name, members, seed, prior=not conditioned)
    if conditioned:
        ensemble.refuse_prior(name)
        ensemble.say(name, speech)
    with choose_executor(threads, processes, cluster) as executor:
        own = ensemble.seed, days, executor, ensemble.lineage, short_below
        job = Job(case, output, *own)
        told = []
        for each in asked:
            kept = job.run(each, ensemble.members, speech)
            manifest = kept.run.manifest
            speech.warnings(manifest.warnings)
            speech.step("Run", str(kept.folder))
            content = manifest.model_dump(mode="json")
            told.append({"run": kept.folder, "manifest": content})
    speech.result(told[0] if len(told) == 1 else told)


app.command()(condition)
app.command()(explain)


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
    runs = [read_run(folder) for folder in (base, alternative)]
    try:
        comparison = compare_runs(*runs)
    except ValueError as error:
        raise RunError(str(error)) from error
    start, end = comparison.start, comparison.end
    speech.line(f"{comparison.title}, {start:%Y-%m-%d} to {end:%Y-%m-%d}")
    heads = ("outcome", "place", "product", "first", "second", "difference", "better")
    rows: list[tuple[str, ...]] = []
    for entry in comparison.differences:
        numbers = (entry.base, entry.alternative, entry.difference, entry.better)
        about = (entry.title, entry.place or "all", entry.product or "all")
        rows.append((*about, *map(str, numbers)))
    speech.table(heads, rows)
    table = comparison.table()
    speech.result({"title": comparison.title, "differences": table.to_dict("records")})


@app.command()
def heat(run: RunFolder, as_json: Json = False, quiet: Quiet = False) -> None:
    """Tell how firm the leader's hold on power is, what moves it, and the futures."""
    tell_heat(read_run(run), Speech(as_json, quiet))


@app.command()
def backtest(
    name: CaseName,
    origins: Annotated[
        list[datetime] | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            metavar="DAY",
            help="Day to forecast from, again for more; else the ends of months.",
        ),
    ] = None,
    pool: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Condition each forecast on the facts by then, of a pool of so many.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File for the table of skill (CSV)."),
    ] = None,
    seed: Seed = 1,
    members: Members = 2000,
    threads: Threads = None,
    processes: Processes = None,
    cluster: Cluster = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Forecast from days of the past, and score what came against simple rivals."""
    from supplyline.cli.scoring import keep_table, tell_backtest
    from supplyline.errors import RunError
    from supplyline.forecasts.backtest import backtest as score_origins
    from supplyline.forecasts.backtest import conditioned_on_facts

    speech = Speech(as_json, quiet)
    case = load_and_say(name, speech)
    with (
        without_warnings(),
        choose_executor(threads, processes, cluster) as executor,
        shown_progress(speech, _("forecast from days of the past")),
    ):
        own: Any = {"members": members, "seed": seed, "executor": executor}
        make = None if pool is None else conditioned_on_facts(case, pool, **own)
        try:
            scored = score_origins(case, origins, make, **own)
        except ValueError as error:
            raise RunError(str(error)) from error
    tell_backtest(scored, speech)
    if output is not None:
        keep_table(scored, output)
        speech.step("Kept", str(output))


@app.command()
def why(
    name: CaseName,
    identifier: Annotated[
        str,
        typer.Argument(metavar="ID", help="Claim, parameter, key of a row, or a run."),
    ],
    runs: Runs = Path("runs"),
    store: StorePlace = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Trace a number to its sentence and source; explain tells what moves a chance."""
    from supplyline.cli.tracing import find_run, run_lines, run_result
    from supplyline.evidence.desk.why import why as trace

    speech = Speech(as_json, quiet)
    if (run := find_run(runs, identifier)) is not None:
        speech.line(*run_lines(*run))
        speech.result(run_result(*run))
        return
    traces = trace(read_quietly(name), identifier, store)
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
    processes: Processes = None,
    cluster: Cluster = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check a run folder against its manifest."""
    from supplyline.runs import verify as verify_run

    speech = Speech(as_json, quiet)

    def again(saved: Run) -> Run:
        from supplyline.engine.simulate import simulate_again

        with shown_progress(speech) as progress:
            return simulate_again(saved, executor=executor, progress=progress)

    with without_warnings(), choose_executor(threads, processes, cluster) as executor:
        manifest = verify_run(run, again if rerun else None)
    word = "Identical" if rerun else "Unaltered"
    members = counted(manifest.arguments.members, "member")
    speech.line(f"{word}: {counted(len(manifest.outputs), 'file')}, {members}.")
    files = list(manifest.outputs)
    speech.result({"run": manifest.run, "is_rerun": rerun, "files": files})
