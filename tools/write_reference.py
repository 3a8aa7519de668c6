"""Write the pages of docs/reference that have a source; ``--check`` only compares.

Tables come from the row models, parameters from the general priors, commands from the
command line itself.
"""

from __future__ import annotations

import csv
import sys
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import typer
from typer.testing import CliRunner

from supplyline.case.parameters import (
    OPTIONAL_PARAMETERS,
    PRIORS,
    REQUIRED_PARAMETERS,
)
from supplyline.case.template import describe_tables
from supplyline.cli import app

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
TABLES = """\
# Tables of a case

Every field with its meaning, its unit in brackets, and what may stand there. The checks
of `supplyline check` and the files of `supplyline new` are made from the same source.
`source` names a row of sources.csv, or is `assumption`.

"""
PARAMETERS = """\
# Parameters

Every uncertain number of the engine, with the general prior that `supplyline new`
writes. A case replaces what it knows better in its `params.csv`, each row with its
source; `supplyline why mali truck_kl` shows a row of Mali. *May be* is what is
possible at all; a prior beyond it is refused. [Luck](../model/luck.md#parameters) says
how a prior becomes a value.

"""
FURTHER = """
## Further

A case may also state these, which no submodel of this version draws on: {}.
"""
COMMANDS = """\
# Commands

One verb for each thing to do. Results go to standard output, progress and errors to
standard error. Errors come without a traceback.

| Exit code | Means |
| --- | --- |
| 0 | done |
| 1 | a fault of the program |
| 2 | a fault of the input; the message says where it is and what was expected |

"""
MODEL_PAGES = {
    "demand": ("supply", "market"),
    "stocks": ("start", "observation"),
    "dispatch": ("supply",),
    "threat": ("threat",),
    "transit": ("transit",),
    "market": ("market",),
}
"""Submodel of params.csv to the pages of the model that explain it."""
WIDTH = 78


def tables_page() -> str:
    """Describe every table of a case."""
    return TABLES + describe_tables()


def parameters_page() -> str:
    """List every parameter with its general prior, by submodel."""
    rows = list(csv.DictReader(PRIORS.read_text(encoding="utf-8").splitlines()))
    parts = []
    for submodel, group in groupby(rows, key=itemgetter("submodel")):
        names = MODEL_PAGES[submodel]
        links = ", ".join(f"[{name}](../model/{name}.md)" for name in names)
        lines = [f"## {submodel.capitalize()}", "", f"The model: {links}.", ""]
        lines.append("| Parameter | Meaning | Unit | Prior | May be |")
        lines.append("| --- | --- | --- | --- | --- |")
        lines.extend(_parameter(row) for row in group)
        parts.append("\n".join([*lines, ""]))
    further = ", ".join(f"`{name}`" for name in OPTIONAL_PARAMETERS)
    return PARAMETERS + "\n".join(parts) + FURTHER.format(further)


def _parameter(row: dict[str, str]) -> str:
    """Describe one parameter."""
    low, high = REQUIRED_PARAMETERS[row["param"]]
    meaning = row["meaning"] + (f" ({row['note']})" if row["note"] else "")
    possible = f"{low:g} to {high:,.0f}" if high >= 1 else f"{low:g} to {high:g}"
    cells = (f"`{row['param']}`", meaning, row["unit"], _prior(row), possible)
    return f"| {' | '.join(cells)} |"


def _prior(row: dict[str, str]) -> str:
    """Say what a prior is."""
    a, b = row["a"], row["b"]
    forms = {
        "fixed": a,
        "uniform": f"{a} to {b}",
        "log_uniform": f"{a} to {b}, log-uniform",
        "lognormal": f"lognormal, median {a}, sd of log {b}",
        "one_plus_lognormal": f"1 + lognormal, median {a}, sd of log {b}",
        "beta": f"Beta({a}, {b})",
    }
    return forms[row["distribution"]]


def commands_page() -> str:
    """Print the help of every verb."""
    verbs = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    parts = [f"## {verb}\n\n```text\n{_help(verb)}\n```\n" for verb in verbs]
    return COMMANDS + "\n".join(parts)


def _help(verb: str) -> str:
    shown = CliRunner().invoke(
        app, [verb, "--help"], prog_name="supplyline", terminal_width=WIDTH
    )
    return shown.stdout.strip()


def pages() -> dict[str, str]:
    """Write the texts of all pages, by file name."""
    return {
        "tables.md": tables_page(),
        "parameters.md": parameters_page(),
        "commands.md": commands_page(),
    }


def main() -> int:
    """Write the pages, or compare them."""
    is_check = "--check" in sys.argv[1:]
    stale = 0
    for name, text in pages().items():
        page = FOLDER / name
        same = page.is_file() and page.read_text(encoding="utf-8") == text
        stale += not same
        print(f"{name} {'is up to date' if same else 'was out of date'}")
        if not same and not is_check:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
