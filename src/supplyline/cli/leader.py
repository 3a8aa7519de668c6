"""What the verb on the leader's heat says: lines for a person, values for a program."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from supplyline.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplyline.analysis.drivers import Driver
    from supplyline.analysis.futures import Futures
    from supplyline.analysis.heat import Heat
    from supplyline.cli.speech import Speech
    from supplyline.quantities import Quantity
    from supplyline.runs import Run

COLUMNS: Final = 88
"""Length of the lines of a paragraph."""


def tell_heat(run: Run, speech: Speech) -> None:
    """Tell the leader's heat, what moves it, and the futures."""
    from supplyline.analysis.futures import futures
    from supplyline.analysis.heat import heat

    try:
        found, classed = heat(run), futures(run)
    except ValueError as error:
        raise RunError(str(error)) from error
    _say(found, classed, speech)
    speech.result(_values(found, classed))


def _say(found: Heat, classed: Futures, speech: Speech) -> None:
    """Say it to a person."""
    from supplyline.report.leader import direction, standing_line
    from supplyline.report.series import rounded

    trend, days = found.trend(), found.days_back()
    speech.line(standing_line(found))
    speech.step("Heat", f"{rounded(found.value())} on {found.run.manifest.cutoff}")
    speech.step("Change", f"{rounded(trend)} in {days} days, {direction(trend)}")
    keeps = f"{found.keeps_power} after {found.keeps_power_days} days"
    speech.step("In power", keeps)
    speech.line("", "What makes him hot or cold: factor on the daily risk")
    _drivers(found.levels(), speech)
    speech.line("", f"What changed it in {days} days: factor on the daily risk")
    _drivers(found.drivers(), speech)
    speech.line("", f"Futures by {classed.end:%Y-%m-%d}: share of members")
    for future in classed.classes:
        speech.line(f"  {future.title:<34}{future.share}")
    speech.line("", *wrap(found.definition, COLUMNS))


def _drivers(drivers: Iterable[Driver], speech: Speech) -> None:
    """Say what each driver does, the strongest first."""
    from supplyline.report.series import rounded

    for driver in drivers:
        speech.line(f"  {driver.title:<34}{rounded(driver.factor, 2)}")


def _values(found: Heat, classed: Futures) -> dict[str, Any]:
    """Give it to a program."""
    return {
        "leader": found.leader,
        "day": found.run.manifest.cutoff,
        "heat": _number(found.value()),
        "band": found.band(),
        "trend": {**_number(found.trend()), "days": found.days_back()},
        "keeps_power": {**_number(found.keeps_power), "days": found.keeps_power_days},
        "levels": [_driver(driver) for driver in found.levels()],
        "changes": [_driver(driver) for driver in found.drivers()],
        "futures": [
            {
                "name": future.name,
                "title": future.title,
                "members": future.members,
                **_number(future.share),
            }
            for future in classed.classes
        ],
        "until": f"{classed.end:%Y-%m-%d}",
        "definition": found.definition,
    }


def _driver(driver: Driver) -> dict[str, Any]:
    """Give one driver: its part in the log of the daily risk, also by covariate."""
    parts = [
        {"name": part.name, "title": part.title, **_number(part.contribution)}
        for part in driver.parts
    ]
    named = {"name": driver.name, "title": driver.title}
    return {**named, **_number(driver.contribution), "parts": parts}


def _number(quantity: Quantity) -> dict[str, Any]:
    """Give a number with its unit and interval."""
    return {
        "value": quantity.value,
        "low": quantity.low,
        "high": quantity.high,
        "unit": quantity.unit,
    }
