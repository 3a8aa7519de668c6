"""What goes with every export: of which run it is, and what each column means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.exports.tables import Column, Tidy
from supplyline.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from supplyline.runs import Run

ABOUT: Final = "about"
CODEBOOK: Final = "codebook"


def about(run: Run, short_for: int) -> dict[str, str]:
    """Say which run an export is of, what a shortage is, and on what terms it is."""
    manifest, days = run.manifest, run.daily.indexes["day"]
    shortage = _("less than {share} % of what is wanted, on {days} days in a row")
    share = f"{100 * manifest.arguments.short_below:g}"
    return {
        "run": manifest.name,
        "case": run.case.config.title,
        "scenario": manifest.scenario,
        "cutoff": f"{manifest.cutoff}",
        "first_day": f"{days[0]:%Y-%m-%d}",
        "last_day": f"{days[-1]:%Y-%m-%d}",
        "courses": f"{len(run.members)}",
        "seed": f"{manifest.arguments.seed}",
        "shortage": shortage.format(share=share, days=short_for),
        "licence": run.case.config.licence,
        "codebook": _("Units and meanings are in the codebook."),
    }


def about_table(told: Mapping[str, str]) -> Tidy:
    """Lay out what goes with every export."""
    frame = pd.DataFrame(list(told.items()), columns=["name", "value"])
    columns = (
        Column("name", "", _("What is told of the run.")),
        Column("value", "", _("What it is.")),
    )
    return Tidy(ABOUT, frame, columns)


def codebook(tables: Mapping[str, Sequence[Column]]) -> Tidy:
    """Tell the unit and meaning of each column, and of each output in the rows."""
    rows = [
        (name, each.name, each.output, each.unit, each.meaning, each.taken)
        for name, told in tables.items()
        for each in told
    ]
    columns = (
        Column("table", "", _("File or sheet.")),
        Column("column", "", _("Column; empty where an output in the rows is told.")),
        Column("output", "", _("Output, where rows are of several.")),
        Column("unit", "", _("Unit; 1 for a pure number or a share.")),
        Column("meaning", "", _("What it is.")),
        Column("taken", "", _("What of a day or week is kept.")),
    )
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return Tidy(CODEBOOK, frame, columns)
