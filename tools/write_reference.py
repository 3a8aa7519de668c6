"""Write what has a source: docs/reference, docs/forecasts.md, a notebook and a schema.

``--check`` only compares. Tables come from the row models, parameters from the general
priors, commands from the command line itself, names of Python from their docstrings,
the schema of manifests from their model, published forecasts from the register, the
notebook from its page.
"""

from __future__ import annotations

import inspect
import json
import math
import re
import sys
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from pydantic.json_schema import GenerateJsonSchema
from typer.testing import CliRunner

import supplyline as sl
from supplyline.case.meanings import meanings
from supplyline.case.parameters import (
    ANY_CASE,
    PARAMETERS,
    RULES_OF_EVIDENCE,
    WITH_GROUPS,
    KnownParameter,
)
from supplyline.case.template import describe_tables
from supplyline.cli import app
from supplyline.forecasts.outcomes import summarise
from supplyline.runs import Arguments, Manifest, Request
from supplyline.runs.manifest import Output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd
    from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
REGISTER = ROOT / "forecasts"
FORECASTS = ROOT / "docs" / "forecasts.md"
NOTEBOOK = ROOT / "docs" / "notebooks" / "mali.md"
SCHEMA = ROOT / "src" / "supplyline" / "runs" / "manifest.schema.json"
TABLES = """\
# Tables of a case

Every field with its meaning, its unit in brackets, and what may stand there. The checks
of `supplyline check` and the files of `supplyline new` are made from the same source.
`source` names a row of sources.csv, or is `assumption`. A column whose cells may be
empty may be absent; `supplyline check` tells it.

"""
PARAMETERS_HEAD = """\
# Parameters

Every uncertain number of the engine, with the general prior that `supplyline new`
writes. A case replaces what it knows better in its `params.csv`, each row with its
source; `supplyline why mali truck_kl` shows a row of Mali. A case that lacks a row
takes the general prior, which `supplyline check` tells and counts as an assumption.
*May be* is what is possible at all; a prior beyond it is refused.
[Luck](../model/luck.md#parameters) says how a prior becomes a value.

"""
COUNTRY = """\
## Cases with armed groups

A case with rows in groups.csv needs these as well; no other case does.

"""
RULES = """\
## Rules of evidence

Read by no simulation. A case may leave them out; a rule without its rows is refused.

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
PYTHON = """\
# Python

The names of `import supplyline as sl`. `help(sl.simulate)` and so on tell each in full.
Nouns do not change once made; a verb returns a new noun. Each table of a case is also
an attribute of it: `case.segments`.

"""
PYTHON_END = """
A wrong argument is a `ValueError` that names the argument, the value and what was
expected.
"""
FORECASTS_HEAD = """\
# Published forecasts

What was said before it was known, and how it came out. The files stand in the folder
`forecasts` of the repository and are never changed: the hash of each stands in its name
and in `register.csv`, where each entry holds the hash of the one before.
[How to publish, verify and score](how-to/forecasts.md) tells the rest.

"""
LIST_HEAD = """\
| Forecast of | From | To | Published | Rests on | Outcomes | In 80 % | Brier |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""
SCORES_TOLD = """
*In 80 %*: share of the outcomes that are numbers inside the middle 80 % of what was
said. *Brier*: mean square of the chance less what came, for a yes or no; 0.25 is a
coin's.
"""
PAGES = {
    ANY_CASE: {
        "demand": ("supply", "market"),
        "stocks": ("start", "observation"),
        "dispatch": ("supply", "transit"),
        "reports": ("observation",),
    },
    WITH_GROUPS: {
        "threat": ("attacks", "control"),
        "actors": ("attacks", "money", "control"),
        "state": ("force", "regime"),
        "regime": ("regime", "leader"),
    },
    RULES_OF_EVIDENCE: {"evidence": ("effects",)},
}
"""Scope and submodel to its pages, where they are not the one of its name."""
WIDTH = 78


def pages_of(known: KnownParameter) -> tuple[str, ...]:
    """Name the pages that explain a parameter."""
    submodel = known.prior["submodel"]
    return PAGES[known.scope].get(submodel, (submodel,))


def tables_page() -> str:
    """Describe every table of a case."""
    return TABLES + describe_tables()


def parameters_page() -> str:
    """List every parameter with its general prior, by scope and submodel."""
    parts = [PARAMETERS_HEAD, *_submodels(ANY_CASE, "##")]
    parts += [COUNTRY, *_submodels(WITH_GROUPS, "###")]
    parts += [RULES, *_submodels(RULES_OF_EVIDENCE, "###", "evidence")]
    return "".join(parts).removesuffix("\n")


def _submodels(scope: str, level: str, folder: str = "model") -> Iterator[str]:
    """List the parameters of a scope under the name of each submodel."""
    of_scope = [known for known in PARAMETERS.values() if known.scope == scope]
    for submodel, members in groupby(of_scope, lambda known: known.prior["submodel"]):
        group = list(members)
        names = pages_of(group[0])
        links = ", ".join(f"[{name}](../{folder}/{name}.md)" for name in names)
        lines = [f"{level} {submodel.capitalize()}", "", f"The {folder}: {links}.", ""]
        lines.append("| Parameter | Meaning | Unit | Prior | May be |")
        lines.append("| --- | --- | --- | --- | --- |")
        lines.extend(_parameter(known) for known in group)
        yield "\n".join([*lines, "", ""])


def _parameter(known: KnownParameter) -> str:
    """Describe one parameter."""
    row, low, high = known.prior, known.low, known.high
    meaning = row["meaning"] + (f" ({row['note']})" if row["note"] else "")
    possible = f"{low:g} to {high:,.0f}" if high >= 1 else f"{low:g} to {high:g}"
    cells = (f"`{row['param']}`", meaning, row["unit"], _prior(row), possible)
    return f"| {' | '.join(cells)} |"


def _prior(row: Mapping[str, str]) -> str:
    """Say what a prior is."""
    a, b = row["a"], row["b"]
    forms = {
        "fixed": a,
        "uniform": f"{a} to {b}",
        "log_uniform": f"{a} to {b}, log-uniform",
        "lognormal": f"lognormal, median {a}, sd of log {b}",
        "one_plus_lognormal": f"1 + lognormal, median {a}, sd of log {b}",
        "beta": f"Beta({a}, {b})",
        "exp_half_normal": f"e to the size of a normal, sd {a}",
    }
    return forms[row["distribution"]]


def commands_page() -> str:
    """Print the help of every verb."""
    verbs = list(_verbs(typer.main.get_command(app)))
    parts = [f"## {verb}\n\n```text\n{_help(verb)}\n```\n" for verb in verbs]
    return COMMANDS + "\n".join(parts)


def _verbs(group: Any) -> Iterator[str]:  # noqa: ANN401 - a group of click
    """Name every verb; those of a group after it."""
    for name, command in group.commands.items():
        yield name
        yield from (f"{name} {each}" for each in getattr(command, "commands", ()))


def _help(verb: str) -> str:
    shown = CliRunner().invoke(
        app, [*verb.split(), "--help"], prog_name="supplyline", terminal_width=WIDTH
    )
    return shown.stdout.strip()


def python_page() -> str:
    """List the public names with the first sentence of each."""
    named = {name: getattr(sl, name) for name in sl.__all__}
    classes = {name: kind for name, kind in named.items() if inspect.isclass(kind)}
    told = {n: kind for n, kind in classes.items() if issubclass(kind, Exception)}
    lines = ["## Verbs", "", "| Name | Does | Gives |", "| --- | --- | --- |"]
    for name, verb in named.items():
        if name not in classes:
            gives = str(inspect.signature(verb).return_annotation)
            lines.append(
                _row(f"`sl.{_call(name, verb)}`", _summary(verb), f"`{gives}`")
            )
    lines += ["", "## Nouns", ""]
    for name, noun in classes.items():
        if name not in told:
            lines += [f"### sl.{name}", "", _summary(noun), ""]
            members = list(_members(noun))
            if members:
                lines += ["| Name | Does or is |", "| --- | --- |", *members, ""]
    lines += ["## Errors", "", "| Name | When |", "| --- | --- |"]
    lines += [_row(f"`sl.{name}`", _summary(kind)) for name, kind in told.items()]
    return PYTHON + "\n".join([*lines, ""]) + PYTHON_END


def _members(noun: type) -> Iterator[str]:
    """Describe the public fields, properties and methods of a class, in their order."""
    fields = getattr(noun, "__dataclass_fields__", getattr(noun, "_fields", ()))
    if shown := [f"`{name}`" for name in fields if not name.startswith("_")]:
        yield _row(", ".join(shown), "Fields.")
    for name, member in vars(noun).items():
        if name.startswith("_"):
            continue
        made = member.__func__ if isinstance(member, classmethod) else member
        if isinstance(member, property | cached_property):
            yield _row(f"`{name}`", _summary(member))
        elif inspect.isfunction(made):
            yield _row(f"`{_call(name, made)}`", _summary(made))


def _call(name: str, function: Callable[..., object]) -> str:
    """Write a call with the names and defaults of its arguments."""
    signature = inspect.signature(function)
    plain = [
        each.replace(annotation=inspect.Parameter.empty)
        for each in signature.parameters.values()
        if each.name not in {"self", "cls"}
    ]
    return f"{name}{inspect.Signature(plain)}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _summary(documented: object) -> str:
    """Give the first sentence of a docstring."""
    return (inspect.getdoc(documented) or "").partition("\n\n")[0].replace("``", "`")


def forecasts_page() -> str:
    """List the published forecasts with their scores so far."""
    if not REGISTER.exists():
        return FORECASTS_HEAD + "None is published yet.\n"
    forecasts = sl.read_forecasts(REGISTER)
    lines = [
        *map(_forecast, _records(forecasts)),
        SCORES_TOLD,
        "## Hashes",
        "",
        *(f"- `{row['file']}`: `{row['sha256']}`" for row in _records(forecasts)),
        "",
        f"Last entry of the register: `{forecasts['entry'].iloc[-1]}`",
        "",
    ]
    scored = [row for row in _records(forecasts) if row["outcomes"]]
    return FORECASTS_HEAD + LIST_HEAD + "\n".join([*lines, *map(_scores, scored)])


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.to_dict("records")


def _forecast(row: Mapping[Any, Any]) -> str:
    """Tell of one published forecast."""
    return _row(
        row["title"],
        str(row["origin"]),
        str(row["horizon"]),
        str(row["published_on"]),
        "the prior alone" if row["is_prior"] else "facts",
        f"{row['outcomes']} of {row['windows']:,}",
        _number(row["in_80"]),
        _number(row["brier"]),
    )


def _scores(row: Mapping[Any, Any]) -> str:
    """Tell the scores of one published forecast by series."""
    scores = summarise(sl.score_forecast(REGISTER / row["file"])).reset_index()
    columns = ["crps", "brier", "in_50", "in_80", "in_90"]
    lines = [
        f"## {row['title']}, from {row['origin']}",
        "",
        "| Series | Outcomes | CRPS | Brier | In 50 % | In 80 % | In 90 % |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        _row(f"`{s['series']}`", str(s["outcomes"]), *(_number(s[c]) for c in columns))
        for s in _records(scores)
    ]
    return "\n".join([*lines, ""])


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3g}"


def manifest_schema() -> str:
    """Write the schema of manifests."""
    schema = {"$schema": GenerateJsonSchema.schema_dialect}
    schema |= Manifest.model_json_schema()
    parts = {model.__name__: model for model in (Arguments, Output, Request)}
    _describe(schema, Manifest)
    for name, part in schema["$defs"].items():
        _describe(part, parts[name])
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Put what each field means into the schema of its model."""
    for name, meaning in meanings(model).items():
        field = {**schema["properties"][name], "description": meaning}
        schema["properties"][name] = dict(sorted(field.items()))


def files() -> dict[Path, str]:
    """Write the texts of all files."""
    made = {FOLDER / name: text for name, text in pages().items()}
    return {
        **made,
        FORECASTS: forecasts_page(),
        NOTEBOOK.with_suffix(".ipynb"): notebook(),
        SCHEMA: manifest_schema(),
    }


def notebook() -> str:
    """Write the page of the notebook as one, without what it prints."""
    text = re.sub(r"^```text\n.*?^```\n", "", NOTEBOOK.read_text(encoding="utf-8"),
                  flags=re.DOTALL | re.MULTILINE)  # fmt: skip
    parts = re.split(r"^```python\n(.*?)^```\n", text, flags=re.DOTALL | re.MULTILINE)
    cells: list[dict[str, Any]] = []
    for number, part in enumerate(parts):
        if source := part.strip():
            kind = "code" if number % 2 else "markdown"
            cell = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
            cell |= {"source": source.splitlines(keepends=True)}
            own = {"execution_count": None, "outputs": []} if number % 2 else {}
            cells.append(cell | own)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    held = {"cells": cells, "metadata": {"kernelspec": kernel}}
    held |= {"nbformat": 4, "nbformat_minor": 5}
    return json.dumps(held, indent=1, ensure_ascii=False) + "\n"


def pages() -> dict[str, str]:
    """Write the texts of all pages, by file name."""
    return {
        "tables.md": tables_page(),
        "parameters.md": parameters_page(),
        "commands.md": commands_page(),
        "python.md": python_page(),
    }


def main() -> int:
    """Write the files, or compare them."""
    is_check = "--check" in sys.argv[1:]
    stale = 0
    for page, text in files().items():
        same = page.is_file() and page.read_text(encoding="utf-8") == text
        stale += not same
        print(f"{page.name} {'is up to date' if same else 'was out of date'}")
        if not same and not is_check:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
