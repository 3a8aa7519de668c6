"""The verb that makes a case: an empty one, a copy, or one as it was known on a day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from supplyline.cli.job import read_quietly
from supplyline.cli.options import Json, Quiet
from supplyline.cli.speech import Speech
from supplyline.language import _

if TYPE_CHECKING:
    from datetime import date


def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to make.")],
    like: Annotated[
        str | None,
        typer.Option(metavar="CASE", help="Copy this case instead, to work on it."),
    ] = None,
    known_by: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DAY",
            help="Copy it as it was known on this day, which becomes its cut-off.",
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write an empty case to fill in, or a copy of one."""
    from supplyline.case.template import write_template

    speech = Speech(as_json, quiet)
    if like is None:
        if known_by is not None:
            message = "--known-by is given; expected --like CASE too, the case to copy"
            raise typer.BadParameter(message)
        made = write_template(folder)
        hint = _("fill it in, then: supplyline check {folder}").format(folder=made)
    elif known_by is None:
        made = read_quietly(like).save(folder)
        hint = _("a copy of {case}").format(case=like)
    else:
        made = _cut_back(like, known_by.date(), folder)
        text = _("a copy of {case} as it was known on {day}")
        hint = text.format(case=like, day=known_by.date())
    speech.step(_("Case"), str(made), hint)
    speech.result({"folder": made})


def _cut_back(name: str, day: date, folder: Path) -> Path:
    """Write a case as it was known on a day, under a name of its own."""
    from supplyline.case.copies import dated_name, write_copy

    case = read_quietly(name)
    first, last = case.config.start, case.config.cutoff
    if not first <= day <= last:
        message = (
            f"--known-by is {day}; expected a day from the start of {case.name}, "
            f"{first}, to its cut-off, {last}"
        )
        raise typer.BadParameter(message)
    return write_copy(case.known_by(day), folder, dated_name(case.name, day))
