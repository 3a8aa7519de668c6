"""The verb that tells why a chance or an amount of a run is what it is."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supplyline.cli.job import read_run
from supplyline.cli.leader import COLUMNS
from supplyline.cli.options import Json, Quiet, RunFolder, ShortFor, read_days
from supplyline.cli.speech import Speech
from supplyline.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.analysis.explanation import Explanation, OutcomeDriver, Quarter
    from supplyline.quantities import Quantity


def explain(
    run: RunFolder,
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION",
            help="short, price, missing, losses or leader, with product and place: "
            '"short diesel bamako".',
        ),
    ],
    within: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            parser=read_days,
            help="Days ahead that it asks about; 60d if not given.",
        ),
    ] = None,
    short_for: ShortFor = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell what a chance or an amount of a run hangs on; why traces it to sources."""
    from supplyline.analysis.explain import DAYS
    from supplyline.analysis.explain import explain as explain_run
    from supplyline.analysis.shortage import SHORTAGE_DAYS
    from supplyline.errors import RunError

    _refuse_case(run)
    speech = Speech(as_json, quiet)
    try:
        told = explain_run(
            read_run(run),
            question,
            within=within or DAYS,
            short_for=short_for or SHORTAGE_DAYS,
        )
    except ValueError as error:
        raise RunError(str(error)) from error
    _say(told, speech)
    speech.result(_values(told))


def _refuse_case(run: Path) -> None:
    """Tell what to do where a case is named in the place of a run."""
    from supplyline.case.case import packaged_cases
    from supplyline.errors import RunError

    if (run / "case.toml").is_file() or (
        not run.exists() and str(run) in packaged_cases()
    ):
        message = (
            f"{run} is a case, and not a run folder; first: supplyline brief {run}, "
            "then explain the run that it names, such as runs/…"
        )
        raise RunError(message)


def _say(told: Explanation, speech: Speech) -> None:
    """Say it to a person."""
    speech.line(f"{told.title}: {told.outcome}")
    about = [*told.split(), *([told.definition] if told.definition else [])]
    for wording in about:
        speech.line(*wrap(str(wording), COLUMNS))
    for driver in told.drivers:
        _say_driver(driver, speech)
    ends = " ".join(map(str, (told.to_know(), *told.enters_as())))
    speech.line("", *wrap(ends, COLUMNS))


def _say_driver(driver: OutcomeDriver, speech: Speech) -> None:
    """Say what a driver does, and what comes of each quarter of the courses."""
    from supplyline.analysis.explanation import told_alike

    share = _("{share} of the difference between courses").format(
        share=driver.share.short
    )
    speech.line("", *wrap(f"{driver.title} ({share})", COLUMNS))
    _quarters(driver.quarters, speech)
    if driver.alike:
        speech.line(*wrap(str(told_alike(driver)), COLUMNS))


def _quarters(quarters: Sequence[Quarter], speech: Speech) -> None:
    """Say what comes of each quarter, from low to high."""
    spans = [_span(quarter) for quarter in quarters]
    width = max(map(len, spans)) + 2
    for span, quarter in zip(spans, quarters, strict=True):
        courses = _("in {count} courses").format(count=quarter.members.short)
        speech.line(f"  {span:<{width}}{quarter.outcome.short}  ({courses})")


def _span(quarter: Quarter) -> str:
    """Say from where to where a quarter reaches."""
    from supplyline.quantities import Quantity

    low, high = quarter.low, quarter.high
    if not isinstance(low, Quantity) or not isinstance(high, Quantity):
        return str(low)
    if low.short == high.short:
        return low.short
    return _("{low} to {high}").format(low=low.number, high=high.short)


def _values(told: Explanation) -> dict[str, Any]:
    """Give it to a program."""
    return {
        "question": told.question,
        "title": str(told.title),
        "definition": None if told.definition is None else str(told.definition),
        "outcome": _number(told.outcome),
        "already": _number(told.already),
        "new": _number(told.new),
        "day": told.day.value,
        "drivers": [_driver(driver) for driver in told.drivers],
        "looked_at": told.looked_at.value,
        "to_know": str(told.to_know()),
    }


def _driver(driver: OutcomeDriver) -> dict[str, Any]:
    """Give one driver with its quarters."""
    return {
        "name": driver.name,
        "title": str(driver.title),
        "kind": driver.kind,
        "share": driver.share.value,
        "words": str(driver.words),
        "series": driver.series,
        "alike": [str(title) for title in driver.alike],
        "quarters": [
            {
                "low": getattr(quarter.low, "value", str(quarter.low)),
                "high": getattr(quarter.high, "value", str(quarter.high)),
                "unit": getattr(quarter.low, "unit", None),
                "outcome": _number(quarter.outcome),
                "members": quarter.members.value,
            }
            for quarter in driver.quarters
        ],
    }


def _number(quantity: Quantity | None) -> dict[str, Any] | None:
    """Give a number with its unit and interval."""
    if quantity is None:
        return None
    return {
        "value": quantity.value,
        "low": quantity.low,
        "high": quantity.high,
        "unit": quantity.unit,
    }
