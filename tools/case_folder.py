"""Read reference CSV files and write checked tables of a case."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from supplyline.tables import TABLES

if TYPE_CHECKING:
    from supplyline.tables.row import Row

Cells = Mapping[str, object]
"""One row: column to value."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a UTF-8 CSV file as text.

    Parameters
    ----------
    path
        File with a header line.

    Returns
    -------
    list of dict
        One mapping of column to cell per line.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check_rows(table: str, rows: Iterable[Cells]) -> list[Row]:
    """Return rows as row models, sorted as given.

    Parameters
    ----------
    table
        Name of the table.
    rows
        Mappings of column to value; empty text, or no value, means unknown.

    Returns
    -------
    list of Row
        Checked rows.

    Raises
    ------
    ValueError
        A key is given twice, or text begins like a formula.
    """
    model = TABLES[table]
    unknown = dict.fromkeys(model.model_fields)
    checked = [
        model.model_validate(
            {**unknown, **{k: None if v == "" else v for k, v in row.items()}}
        )
        for row in rows
    ]
    keys = [tuple(getattr(row, field) for field in model.key) for row in checked]
    twice = sorted({str(key) for key in keys if keys.count(key) > 1})
    if twice:
        message = f"{table}: given twice: {', '.join(twice)}"
        raise ValueError(message)
    for row in checked:
        for field, value in row:
            if isinstance(value, str) and value[:1] in tuple("=+-@"):
                message = f"{table}.{field} begins like a formula: {value!r}"
                raise ValueError(message)
    return checked


def cell(value: object) -> str:
    """Return the text of a value: no trailing zero, ISO date, true or false.

    Parameters
    ----------
    value
        Value of a row model.

    Returns
    -------
    str
        Text of the cell; empty where unknown.

    Examples
    --------
    >>> [cell(4.0), cell(0.25), cell(True), cell(None)]
    ['4', '0.25', 'true', '']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def csv_text(table: str, rows: Sequence[Row]) -> str:
    """Return rows as CSV text with the columns of the row model.

    Parameters
    ----------
    table
        Name of the table.
    rows
        Checked rows.

    Returns
    -------
    str
        Text with a header line and Unix line ends.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TABLES[table].model_fields)
    for row in rows:
        writer.writerow([cell(value) for _, value in row])
    return text.getvalue()


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path
        File to write; its folder is made.
    text
        Content, written as UTF-8.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def write_tables(folder: Path, tables: Mapping[str, Iterable[Cells]]) -> None:
    """Check all tables, then write each to its CSV file.

    Parameters
    ----------
    folder
        Folder of the case.
    tables
        Table name to rows.
    """
    checked = {name: check_rows(name, rows) for name, rows in tables.items()}
    for name, rows in checked.items():
        write_text(folder / f"{name}.csv", csv_text(name, rows))
