"""The verb that conditions a case, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from supplyline.cli.job import choose_executor, load_and_say
from supplyline.cli.options import (
    CaseName,
    Cluster,
    Days,
    Json,
    Members,
    Processes,
    Quiet,
    Seed,
    Threads,
)
from supplyline.cli.speech import Speech, counted, shown_progress, without_warnings

if TYPE_CHECKING:
    from supplyline.conditioning.conditioned import Conditioned

_MOST: Final = 8
"""Parameters that are named, those learned best first."""


def condition(
    name: CaseName,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder to write; conditioned/ in that of the case."
        ),
    ] = None,
    pool: Annotated[
        int, typer.Option(min=1000, max=1_000_000, help="Members to choose from.")
    ] = 40_000,
    members: Members = 2000,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Take only facts by this day, and forecast."),
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option(help="Further facts: a table as targets.csv or observed.csv."),
    ] = None,
    steps: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="Refresh members on this day; repeatable."),
    ] = None,
    seed: Seed = 1,
    days: Days = None,
    threads: Threads = None,
    processes: Processes = None,
    cluster: Cluster = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Choose members by what was reported, and say how far they can be trusted."""
    from supplyline.conditioning.condition import condition as condition_case
    from supplyline.conditioning.conditioned import FOLDER
    from supplyline.errors import ConditioningError
    from supplyline.output import refuse_folder

    speech = Speech(as_json, quiet)
    case = load_and_say(name, speech)
    folder = case.folder / FOLDER if output is None else output
    refuse_folder(folder)
    with (
        without_warnings(),
        choose_executor(threads, processes, cluster) as executor,
        shown_progress(speech) as progress,
    ):
        try:
            conditioned = condition_case(
                case,
                pool=pool,
                members=members,
                seed=seed,
                until=until,
                facts=facts,
                steps=steps,
                days=days,
                executor=executor,
                progress=progress,
                tell=speech.step,
            )
        except ValueError as error:
            raise ConditioningError(str(error)) from error
    _tell(conditioned, conditioned.save(folder), speech)


def _tell(conditioned: Conditioned, folder: Path, speech: Speech) -> None:
    """Tell what was learned, which facts fit, and how firm it is."""
    record = conditioned.record
    learned = conditioned.learned[conditioned.learned["is_learned"]]
    best = learned.sort_values("share", ascending=False).head(_MOST)
    speech.line("")
    words = f"{record.inside} of {counted(record.facts, 'fact')}"
    if record.checks:
        words += f", and {record.checks_inside} of {counted(record.checks, 'check')}"
    speech.step("inside", f"{words} lie in the conditioned band")
    many = counted(len(conditioned.learned), "number")
    speech.step("learned", f"{len(learned)} of {many} drawn once; most of all:")
    for name, row in zip(best.index, best.itertuples(), strict=True):
        text = f"{row.share:.2f} of its variance told, width {row.width:.2f}"
        speech.line(f"  {name:<34}{text} of the prior's")
    speech.line("", "Headlines: prior, by all facts, least and most without one fact")
    for name, numbers in _headlines(conditioned).items():
        text = "".join(f"{number:>12.4g}" for number in numbers.values())
        speech.line(f"  {name:<34}{text}")
    speech.line("")
    if not record.is_passed:
        speech.step("warning", "the gate was not passed: do not rest a forecast on it")
    speech.step("Kept", str(folder))
    speech.result(
        {
            "folder": folder,
            "record": record.model_dump(mode="json"),
            "headlines": _headlines(conditioned),
        }
    )


def _headlines(conditioned: Conditioned) -> dict[str, dict[str, Any]]:
    """Give each headline by the prior, by all facts, and the range without one."""
    table = conditioned.without
    without = table.xs("without", level="how")
    return {
        str(name): {
            "prior": float(table[name].xs("prior", level="how").iloc[0]),
            "conditioned": float(table[name].xs("all facts", level="how").iloc[0]),
            "least": float(without[name].min()),
            "most": float(without[name].max()),
        }
        for name in table.columns
    }
