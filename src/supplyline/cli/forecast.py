"""Verbs of published forecasts: publish, verify, score, list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supplyline.cli.job import Job, choose_executor, load_and_say, read_run
from supplyline.cli.options import (
    REGISTER,
    Cluster,
    Json,
    Processes,
    Quiet,
    Runs,
    Threads,
)
from supplyline.cli.speech import Speech, counted, shown_progress, without_warnings

if TYPE_CHECKING:
    import pandas as pd

    from supplyline.case.case import Case
    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.engine.executors import Executor
    from supplyline.runs import Run

forecast = typer.Typer(
    help="Publish forecasts that cannot be changed unseen, and score them later.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Register = Annotated[
    Path, typer.Argument(metavar="REGISTER", help="Folder of published forecasts.")
]
_PRIOR_MEMBERS = 2000
_MOST_ROWS = 40


@forecast.command()
def publish(
    source: Annotated[
        str, typer.Argument(metavar="CASE|RUN", help="Case, or run folder.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder of published forecasts.")
    ] = REGISTER,
    weeks: Annotated[
        int, typer.Option(min=1, max=520, help="Whole weeks after the cut-off.")
    ] = 26,
    conditioned: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Conditioned ensemble, if not that of the case."
        ),
    ] = None,
    prior: Annotated[
        bool,
        typer.Option(
            "--prior", help="Publish what no fact conditions; the file says so."
        ),
    ] = False,
    runs: Runs = Path("runs"),
    threads: Threads = None,
    processes: Processes = None,
    cluster: Cluster = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a dated forecast whose hash stands in its name and in the register."""
    from supplyline.errors import RunError
    from supplyline.forecasts.publish import publish_forecast
    from supplyline.forecasts.register import read_entries
    from supplyline.output import refuse_folder

    if prior and conditioned is not None:
        message = "--prior and --conditioned are given; expected one of them"
        raise typer.BadParameter(message)
    speech = Speech(as_json, quiet)
    # what cannot be published is refused before it is simulated
    refuse_folder(output)
    read_entries(output)
    ensemble = None
    if _is_run(source):
        run = read_run(Path(source))
        if conditioned is not None:
            ensemble = _ensemble(run.case, conditioned, weeks)
    else:
        case = load_and_say(source, speech)
        if not prior:
            ensemble = _ensemble(case, conditioned, weeks)
        with choose_executor(threads, processes, cluster) as executor:
            run = _simulated(case, ensemble, weeks, runs, executor, speech)
    try:
        file = publish_forecast(
            run, output, weeks=weeks, conditioned=ensemble, prior=prior
        )
    except ValueError as error:
        raise RunError(str(error)) from error
    _say_published(run, file, speech)


def _ensemble(case: Case, folder: Path | None, weeks: int) -> Conditioned:
    """Read the conditioned ensemble of a case; refuse one that does not hold."""
    from supplyline.conditioning.conditioned import FOLDER, load_conditioned
    from supplyline.forecasts.basis import refuse_prior, refuse_unfit

    if folder is None and not (case.folder / FOLDER).exists():
        refuse_prior(case.name, prior=False)
    ensemble = load_conditioned(case, folder)
    refuse_unfit(ensemble, case, weeks)
    return ensemble


def _simulated(
    case: Case,
    ensemble: Conditioned | None,
    weeks: int,
    runs: Path,
    executor: Executor,
    speech: Speech,
) -> Run:
    """Simulate the weeks that are published: of an ensemble, or of the prior."""
    from supplyline.analysis.forecast_series import days_for

    days = days_for(case, weeks)
    if ensemble is None:
        return Job(case, runs, 1, days, executor).run(None, _PRIOR_MEMBERS, speech).run
    with without_warnings(), shown_progress(speech) as progress:
        return ensemble.simulate(days=days, executor=executor, progress=progress)


def _is_run(source: str) -> bool:
    """Whether a run folder is meant; a case has no manifest."""
    from supplyline.runs.manifest import MANIFEST

    return (Path(source) / MANIFEST).exists()


def _say_published(run: Run, file: Path, speech: Speech) -> None:
    """Say what was published, and which hash vouches for all of the register."""
    from supplyline.forecasts.register import read_entries

    entry = read_entries(file.parent)[-1]
    speech.step("Forecast", str(file), f"{file.stat().st_size / 1e3:,.0f} kB")
    speech.step("Run", run.manifest.name)
    speech.step("Entry", entry.entry, "write it down elsewhere")
    told = {"run": run.manifest.run, **entry.model_dump(), "file": file}
    speech.result(told)


@forecast.command()
def verify(
    register: Register = REGISTER,
    entry: Annotated[
        str | None,
        typer.Option(
            metavar="HASH", help="Entry written down elsewhere; must be there."
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find any byte that was changed in a published forecast or the register."""
    from supplyline.forecasts.overview import read_forecasts

    speech = Speech(as_json, quiet)
    forecasts = read_forecasts(register, entry=entry)
    speech.line(f"Unaltered: {counted(len(forecasts), 'forecast')}.")
    last = forecasts["entry"].iloc[-1]
    speech.step("Last entry", last)
    speech.result({"forecasts": len(forecasts), "entry": last})


@forecast.command()
def score(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Published forecast.")],
    observed: Annotated[
        Path, typer.Argument(metavar="OBSERVED", help="Table of what came.")
    ],
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the table beside the forecast.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Score a published forecast against what came."""
    from supplyline.forecasts.outcomes import score_forecast, summarise

    speech = Speech(as_json, quiet)
    scores = score_forecast(file, observed, keep=keep)
    summary = summarise(scores)
    heads = ("series", "label", "to", "came", "said", "CRPS", "Brier")
    speech.table(heads, map(_outcome, _records(scores)[:_MOST_ROWS]))
    if len(scores) > _MOST_ROWS:
        speech.line(f"and {len(scores) - _MOST_ROWS:,} more (--json lists all)")
    speech.line("")
    columns = (
        "series", "what it is", "unit", "outcomes", "CRPS", "Brier", "in 50 %",
        "in 80 %", "in 90 %",
    )  # fmt: skip
    rows = [
        (
            *(row[each] for each in ("series", "title", "unit")),
            str(row["outcomes"]),
            *(_number(row[each]) for each in ("crps", "brier")),
            *(_share(row[each]) for each in ("in_50", "in_80", "in_90")),
        )
        for row in _records(summary)
    ]
    speech.table(columns, rows)
    speech.line("CRPS is in the unit, Brier's score from 0 to 1: lower is better.")
    speech.result({"scores": _records(scores), "by_series": _records(summary)})


@forecast.command("list")
def list_all(
    register: Register = REGISTER, as_json: Json = False, quiet: Quiet = False
) -> None:
    """List the published forecasts with their scores so far."""
    from supplyline.forecasts.overview import read_forecasts

    speech = Speech(as_json, quiet)
    forecasts = read_forecasts(register)
    heads = ("file", "origin", "to", "published", "rests on", "outcomes", "in 80 %")
    rows = [
        (
            row["file"],
            str(row["origin"]),
            str(row["horizon"]),
            str(row["published_on"]),
            "prior" if row["is_prior"] else "facts",
            f"{row['outcomes']} of {row['windows']:,}",
            _share(row["in_80"]),
        )
        for row in _records(forecasts)
    ]
    speech.table(heads, rows)
    speech.result(_records(forecasts))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table, with the name of each."""
    named = table if table.index.name is None else table.reset_index()
    rows = named.astype(object).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _outcome(row: dict[str, Any]) -> tuple[str, ...]:
    """Set what came beside what was said: the chance, or the median and 80 %."""
    said = f"{100 * row['chance']:.3g} %" if row["brier"] == row["brier"] else ""
    if row["crps"] == row["crps"]:
        middle = f"{row['median']:,.4g} ({row['low']:,.4g} to {row['high']:,.4g})"
        said = ", ".join(filter(None, (said, middle)))
    came = "never" if row["value"] != row["value"] else f"{row['value']:,.4g}"
    scores = (_number(row["crps"]), _number(row["brier"]))
    return row["series"], row["label"], str(row["end"]), came, said, *scores


def _number(value: float) -> str:
    """Write a score; nothing where there is none."""
    return "" if value != value else f"{value:.3g}"  # noqa: PLR0124 - not a number


def _share(value: float) -> str:
    """Write a share in per cent; nothing where there is none."""
    return "" if value != value else f"{100 * value:.0f} %"  # noqa: PLR0124 - not a number
