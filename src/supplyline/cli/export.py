"""The verb that writes a run for other programs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Final

import typer

from supplyline.cli.options import Json, Quiet, RunFolder, ShortFor
from supplyline.cli.speech import Speech, shown_progress, since
from supplyline.language import _

_CSV: Final = "csv"


def export(
    run: RunFolder,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write.")],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="csv|xlsx|geojson|netcdf|png|svg",
            help="Format, again for more; csv if not given.",
        ),
    ] = None,
    members: Annotated[
        bool, typer.Option("--members", help="CSV: also all of each course; large.")
    ] = False,
    short_for: ShortFor = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a run for spreadsheets, R, a GIS or a text, with units and a codebook."""
    from supplyline.analysis.shortage import SHORTAGE_DAYS
    from supplyline.cli.job import read_run
    from supplyline.exports.export import export as write

    speech, started = Speech(as_json, quiet), time.perf_counter()
    held = read_run(run)
    try:
        with shown_progress(speech, _("write the export")):
            folder = write(
                held,
                output,
                formats or [_CSV],
                members=members,
                short_for=short_for or SHORTAGE_DAYS,
            )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    files = sorted(folder.iterdir())
    for file in files:
        speech.step(_("file"), str(file), f"{file.stat().st_size / 1e3:,.0f} kB")
    speech.step(_("export"), held.manifest.name, since(started))
    speech.result({"run": held.manifest.name, "folder": folder, "files": files})
