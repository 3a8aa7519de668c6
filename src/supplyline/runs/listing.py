"""What a run holds, table by table: each output with its unit, dims and meaning."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from supplyline.case.listing import Listing
from supplyline.language import _, mark
from supplyline.runs.layout import LAYOUT, LOSSES, PARAMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xarray as xr

    from supplyline.runs.run import Run

_ROWS: Final = {
    PARAMS: mark("Drawn value of each parameter, by course."),
    LOSSES: mark("Encounters that cost trucks, by course."),
}
_COLUMNS: Final = {
    "output": mark("Name of the output."),
    "unit": mark("Its unit; 1 for a pure number or a share."),
    "by": mark("What it is kept by, besides the course."),
    "taken": mark("What of the day or week is kept."),
    "meaning": mark("What it is."),
}


class Output(NamedTuple):
    """An output of a run."""

    table: str
    """Table of the run that holds it."""
    name: str
    taken: str
    """What of a day or week is kept: its sum, its mean, its end."""
    meaning: str


@cache
def outputs() -> dict[tuple[str, str], Output]:
    """Read what each output means, by its table and name."""
    file = resources.files("supplyline.runs").joinpath("outputs.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {(row["table"], row["output"]): Output(*row.values()) for row in rows}


def outputs_of(run: Run, table: str) -> list[str]:
    """Name the outputs of a table of labelled arrays."""
    part, dims = LAYOUT[table]
    data: xr.Dataset = getattr(run, part)
    return [str(name) for name, each in data.items() if set(each.dims) == set(dims)]


def listings(run: Run) -> Iterator[Listing]:
    """Give all that a run holds, a table at a time."""
    meaning = {name: _(text) for name, text in _COLUMNS.items()}
    for table, (part, dims) in LAYOUT.items():
        if table not in run.tables:
            continue
        data: xr.Dataset = getattr(run, part)
        by = [f"{dim} ({data.sizes[dim]:,})" for dim in dims if dim != "member"]
        rows = [
            {
                "output": name,
                "unit": data[name].attrs["units"],
                "by": ", ".join(by),
                "taken": outputs()[table, name].taken,
                "meaning": outputs()[table, name].meaning,
            }
            for name in outputs_of(run, table)
        ]
        row = _("One output by {axes}.").format(axes=", ".join(by))
        yield Listing(table, row, pd.DataFrame(rows), meaning)
    for table, frame in ((LOSSES, run.losses), (PARAMS, run.params)):
        rows = [{"output": str(name)} for name in frame]
        yield Listing(table, _(_ROWS[table]), pd.DataFrame(rows), meaning)
