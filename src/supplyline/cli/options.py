"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="Packaged case, such as mali, or folder.")
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of all luck.")]
Members = Annotated[int, typer.Option(min=1, max=1_000_000, help="Possible courses.")]
OwnSeed = Annotated[
    int | None,
    typer.Option(
        min=0, max=2**63 - 1, help="Seed of all luck; of the prior 1 if not given."
    ),
]
OwnMembers = Annotated[
    int | None,
    typer.Option(
        min=1, max=1_000_000, help="Possible courses; of the prior 2000 if not given."
    ),
]
Days = Annotated[
    int | None, typer.Option(min=1, max=3650, help="Days after the cut-off.")
]
ShortBelow = Annotated[
    float | None,
    typer.Option(
        min=0.01,
        max=1.0,
        help="Share of what its public wants below which a place is short on a day; "
        "0.5 if not given.",
    ),
]


def read_days(text: str) -> int:
    """Read a number of days, with or without a d behind it: 3 or 3d."""
    digits = text.strip().removesuffix("d")
    if not digits.isdecimal() or int(digits) < 1:
        message = f"{text!r} is no number of days; expected one such as 3d"
        raise typer.BadParameter(message)
    return int(digits)


ShortFor = Annotated[
    int | None,
    typer.Option(
        "--for",
        metavar="DAYS",
        parser=read_days,
        help="Short days in a row that make a shortage; 3d if not given.",
    ),
]
Threads = Annotated[
    int | None, typer.Option(min=1, max=1024, help="Threads; all cores if not given.")
]
Processes = Annotated[
    int | None,
    typer.Option(min=1, max=1024, help="Processes, in place of threads."),
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Dask cluster, such as tcp://127.0.0.1:8786."),
]
REGISTER: Final = Path("forecasts")
"""Folder of published forecasts where no other is named."""
Runs = Annotated[Path, typer.Option("--runs", help="Folder that holds the runs.")]
