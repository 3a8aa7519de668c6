"""The verb that conditions a case, and what it says."""

from __future__ import annotations

from math import isfinite
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
from supplyline.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.conditioning.conditioned import Conditioned

_MOST: Final = 8
"""Parameters, and facts outside of the band, that are named."""
_FEW_EFFECTIVE: Final = 100
"""Effective members below which quantiles of a forecast are rough."""
_HEADLINE_HEADS: Final = (
    "forecast", "summed up as", "prior", "by all facts", "without any one fact",
)  # fmt: skip
_LEARNED_HEADS: Final = (
    "number", "meaning", "variance told by facts", "90 % interval, prior = 100 %",
)  # fmt: skip


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
    from supplyline.conditioning.conditioned import folder_for
    from supplyline.errors import ConditioningError

    speech = Speech(as_json, quiet)
    case = load_and_say(name, speech)
    folder = folder_for(case, output)
    with (
        without_warnings(),
        choose_executor(threads, processes, cluster) as executor,
        shown_progress(speech, _("choose members by the facts")) as progress,
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
    speech.line("")
    words = f"{record.inside} of {counted(record.facts, 'fact')}"
    if record.checks:
        words += f", and {record.checks_inside} of {counted(record.checks, 'check')}"
    speech.step("inside", f"{words} lie in the conditioned band")
    if outside := _outside(conditioned):
        speech.step("outside", outside)
    _tell_learned(conditioned, speech)
    headlines = _headlines(conditioned)
    speech.line("")
    speech.table(_HEADLINE_HEADS, map(_headline_row, headlines.values()))
    speech.line("")
    speech.warnings(_warnings(conditioned))
    speech.step("Kept", str(folder))
    speech.result(
        {
            "folder": folder,
            "record": record.model_dump(mode="json"),
            "headlines": headlines,
        }
    )


def _outside(conditioned: Conditioned) -> str:
    """Name the facts outside of the band, those that members are weighed by first."""
    outside = conditioned.facts[~conditioned.facts["is_inside"].astype(bool)]
    titles = outside.sort_values("use", ascending=False, kind="stable")["title"]
    more = f"; and {len(titles) - _MOST} more" if len(titles) > _MOST else ""
    return "; ".join(map(str, titles[:_MOST])) + more


def _tell_learned(conditioned: Conditioned, speech: Speech) -> None:
    """Tell of which numbers the facts taught most."""
    from supplyline.case.frames import rows

    learned = conditioned.learned[conditioned.learned["is_learned"]]
    best = learned.sort_values("share", ascending=False).head(_MOST)
    many = counted(len(conditioned.learned), "number")
    most = "; most of all:" if len(best) else ""
    speech.step("learned", f"{len(learned)} of {many} drawn once{most}")
    params = conditioned.case.params.set_index("param")["meaning"].dropna()
    table = [
        (
            row.name,
            str(params.get(row.name, "drawn once for each member")),
            _written(row.share, "share"),
            _written(row.width, "share"),
        )
        for row in rows(best.reset_index())
    ]
    if table:
        speech.line("")
        speech.table(_LEARNED_HEADS, table)


def _warnings(conditioned: Conditioned) -> Iterator[str]:
    """Tell what forbids or weakens a forecast that rests on it."""
    record = conditioned.record
    if not record.is_passed:
        yield "the gate was not passed: do not rest a forecast on it"
    if (fewest := min(record.effective)) < _FEW_EFFECTIVE:
        yield (
            f"few members agree with the facts: {fewest:,.0f} effective, fewer than "
            f"{_FEW_EFFECTIVE}; a larger --pool may help, or --steps"
        )
    if 2 * record.inside < record.facts:
        yield (
            "most facts lie outside of the conditioned band (facts.csv): the case "
            "may not be able to do what was reported"
        )


def _headline_row(row: dict[str, Any]) -> tuple[str, ...]:
    """Write a headline: per cent where it is a chance, else with its unit."""
    unit = row["unit"]
    ends = [_written(row[end], unit) for end in ("least", "most")]
    behind = _written(row["most"], unit)
    number = _number(row["least"], unit)
    without = behind if ends[0] == ends[1] else f"{number} to {behind}"
    values = (_written(row["prior"], unit), _written(row["conditioned"], unit))
    return row["title"], row["how"], *values, without


def _headlines(conditioned: Conditioned) -> dict[str, dict[str, Any]]:
    """Give each headline by the prior, by all facts, and the range without one."""
    from supplyline.conditioning.headlines import describe_headlines
    from supplyline.conditioning.influence import ALL, READINGS, WITHOUT

    table = conditioned.without
    without = table.xs(WITHOUT, level="how").drop(READINGS, errors="ignore")
    told = describe_headlines(conditioned.case, map(str, table.columns))
    return {
        name: {
            **headline._asdict(),
            "prior": float(table[name].xs("prior", level="how").iloc[0]),
            "conditioned": float(table[name].xs(ALL, level="how").iloc[0]),
            "least": float(without[name].min()),
            "most": float(without[name].max()),
        }
        for name, headline in told.items()
    }


def _written(value: float, unit: str) -> str:
    """Write a number with its unit."""
    from supplyline.quantities import Quantity

    return Quantity(value, unit, basis="run").short if isfinite(value) else "no value"


def _number(value: float, unit: str) -> str:
    """Write a number whose unit stands behind."""
    from supplyline.quantities import Quantity

    return Quantity(value, unit, basis="run").number if isfinite(value) else "no value"
