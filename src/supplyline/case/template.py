"""An empty case to start from, and the description of every table.

Both are written from the row models, so that they cannot drift apart from the checks.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supplyline.case.case import write_folder
from supplyline.case.config import FILE, CaseConfig
from supplyline.case.fields import forms
from supplyline.case.frames import file_of, to_csv
from supplyline.case.meanings import meanings
from supplyline.case.parameters import PARAMETERS
from supplyline.case.series import COUNTRY_SERIES, OBSERVED_SERIES, SUPPLY_SERIES
from supplyline.tables import TABLES
from supplyline.tables.supply import Parameter, Season

if TYPE_CHECKING:
    from pydantic import BaseModel

    from supplyline.case.fields import Form

_STARTING_VALUES: Final = {
    "schema": "1",
    "start": "2025-01-01",
    "cutoff": "2025-06-30",
    "forecast_days": "90",
    "language": '"en"',
    "products": '["petrol", "diesel"]',
}
_README: Final = """\
# A case for supplyline

Fill in `case.toml` and the tables, then run `supplyline check` on this folder: it lists
everything that is wrong or missing, with file, line and field.

- Text is UTF-8; cells are parted by commas: 'CSV UTF-8' of a spreadsheet.
- A number has a point and no thousands separators; a day is written 2025-09-03.
- A row that states a number names a row of `sources.csv`, or `assumption`; a claim
  always names a source.
- An empty cell means not known; it never means 0.
- `params.csv` holds general priors, and `seasons.csv` a year without seasons: replace
  what is known better.

"""


def write_template(folder: str | Path) -> Path:
    """Write an empty case to fill in: headers, comments and a prior per parameter.

    Parameters
    ----------
    folder : str or pathlib.Path
        Folder to write; it must not exist, or be empty.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    CaseError
        If the folder holds anything; nothing is written then.
    """
    files = {
        FILE: _config_text().encode(),
        "README.md": (_README + describe_tables()).encode(),
    }
    files.update({file_of(name): to_csv([], model) for name, model in TABLES.items()})
    files["params.csv"] = to_csv([p.prior for p in PARAMETERS.values()], Parameter)
    files["seasons.csv"] = to_csv([_month(number) for number in range(1, 13)], Season)
    return write_folder(Path(folder), files)


def describe_tables() -> str:
    """Describe case.toml and every table in Markdown."""
    parts = [_section(FILE, CaseConfig, ())]
    parts.extend(
        _section(file_of(name), model, model.key) for name, model in TABLES.items()
    )
    parts.append(_series())
    return "\n".join(parts)


def _series() -> str:
    """Describe the series that observed.csv and aims.csv may name."""
    lines = ["## Series", "", "observed.csv may hold these, with the names of a case"]
    lines[-1] += " in them; `supplyline show CASE series` lists them too."
    lines.extend(["", "| Series | Units | Meaning |", "| --- | --- | --- |"])
    for each in OBSERVED_SERIES:
        units = ", ".join(f"`{unit}`" for unit in each.units)
        lines.append(f"| `{each.name}` | {units} | {each.meaning} |")
    for text, names in (
        ("aims.csv may name these of any run:", SUPPLY_SERIES),
        ("and with armed groups these:", COUNTRY_SERIES),
    ):
        lines.extend(["", f"{text} {', '.join(f'`{name}`' for name in names)}."])
    return "\n".join([*lines, ""])


def _section(file: str, model: type[BaseModel], key: tuple[str, ...]) -> str:
    """Describe one file."""
    lines = [f"## {file}", "", inspect.cleandoc(model.__doc__ or ""), ""]
    if key:
        lines.extend([f"Key: {', '.join(f'`{part}`' for part in key)}.", ""])
    lines.append("| Field | Meaning | What may stand there | May be empty |")
    lines.append("| --- | --- | --- | --- |")
    told = meanings(model)
    lines.extend(_line(form, told[form.name]) for form in forms(model).values())
    return "\n".join([*lines, ""])


def _line(form: Form, meaning: str) -> str:
    """Describe one field."""
    empty = "no"
    if form.may_be_empty:
        empty = "unless needed" if "Needed" in meaning else "yes"
    return f"| `{form.name}` | {meaning} | {form.expected} | {empty} |"


def _config_text() -> str:
    """Write a case.toml with comments; what must be chosen is left empty."""
    lines, told = [], meanings(CaseConfig)
    for name, form in forms(CaseConfig).items():
        lines.append(f"# {told[name]} Expected: {form.expected}.")
        value = _STARTING_VALUES.get(name, '""')
        lines.append(
            f"# {name} = {value}" if form.may_be_empty else f"{name} = {value}"
        )
        lines.append("")
    return "\n".join(lines)


def _month(number: int) -> dict[str, str]:
    """Write a month without rains, in which rivers are open."""
    return {
        "month": str(number),
        "rainy_share": "0",
        "river_open_share": "1",
        "source": "assumption",
    }
