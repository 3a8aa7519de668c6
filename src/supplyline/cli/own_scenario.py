"""The scenarios that simulate is asked for: named, in a file, or the reader's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from supplyline.language import _

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.cli.speech import Speech

Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario", help="Scenario of the case, or a .toml file; again for more."
    ),
]
Close = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CORRIDOR:START:DAYS",
        help="Close a corridor, or all import corridors through a place, such as "
        "kayes:2026-01-15:30; again for more. The baseline is simulated too.",
    ),
]
Escorts = Annotated[
    float | None,
    typer.Option(
        metavar="FACTOR",
        help="Escorts from the day after the cut-off, as a factor of those of the "
        "case: 2 doubles them, 0 ends them. The baseline is simulated too.",
    ),
]


def asked_scenarios(
    case: Case,
    named: list[str] | None,
    close: list[str] | None,
    escorts: float | None,
    speech: Speech,
) -> list[Scenario | None]:
    """Give the scenarios to simulate, each once; None is the baseline."""
    from supplyline.case.own_scenario import own_scenario
    from supplyline.case.scenario_choice import choose_scenario

    asked = [choose_scenario(case, each) for each in dict.fromkeys(named or [])]
    if not close and escorts is None:
        return [*asked] or [None]
    own, closures = own_scenario(case, close or [], escorts)
    for each in closures:
        speech.step(_("closes"), each.asked, ", ".join(each.corridors))
    return [None, *asked, own]
