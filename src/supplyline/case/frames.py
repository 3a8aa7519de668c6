"""Rows as data frames and back: what a user sees, and what is written to disk."""

from __future__ import annotations

import csv
import io
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from supplyline.case.fields import Form, forms
from supplyline.errors import unknown_text
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from supplyline.case.read import Table
    from supplyline.tables.row import Row

_DTYPES: Final = {
    "number": "float64",
    "integer": "int64",
    "boolean": "bool",
    "date": "datetime64[us]",
}


class Frames(Mapping[str, pd.DataFrame]):
    """Tables by name; each look gives a copy, so that the case cannot be changed."""

    # tables have no order of equality: each set of them is itself only
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = dict(frames)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Give a table that may be changed without changing the case."""
        if name not in self._frames:
            raise KeyError(unknown_text("table", name, self._frames))
        return self._frames[name].copy(deep=False)

    def __iter__(self) -> Iterator[str]:
        """Give the names of the tables."""
        return iter(self._frames)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self._frames)


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Give the rows of a table one by one, each field by its name."""
    # As itertuples, which makes a class of its own at each call: half a task's draws.
    columns = [column.tolist() for _, column in frame.items()]
    return map(_row_class(tuple(frame))._make, zip(*columns, strict=True))


@cache
def _row_class(fields: tuple[str, ...]) -> Any:  # noqa: ANN401 - fields known by name
    """Make the class of rows with some fields."""
    return namedtuple("Row", fields)  # noqa: PYI024 - the fields have no types here


def to_frame(table: Table[Any]) -> pd.DataFrame:
    """Turn rows into a data frame."""
    model: type[Row] = table.model
    columns = {
        name: _column([getattr(row, name) for row in table.rows], form)
        for name, form in forms(model).items()
    }
    return pd.DataFrame(columns)


def to_cells(frame: pd.DataFrame, model: type[Row]) -> list[dict[str, str]]:
    """Turn a data frame back into the cells of its file."""
    names = list(forms(model))
    columns = [[write_cell(value) for value in frame[name]] for name in names]
    rows = zip(*columns, strict=True)
    return [dict(zip(names, cells, strict=True)) for cells in rows]


def write_cell(value: object) -> str:
    """Write one value as the text of a cell."""
    if value is None or value is pd.NaT or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return repr(float(value)).removesuffix(".0")
    return str(value)


def to_csv(rows: Sequence[Mapping[str, str]], model: type[Row]) -> bytes:
    """Write cells as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(forms(model)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def file_of(name: str) -> str:
    """Name the file of a table."""
    return f"{name}.csv"


FILES: Final = {file_of(name): name for name in TABLES}
"""File name to table name."""


def _column(values: list[Any], form: Form) -> pd.Series[Any]:
    """Make one column with the type of its field."""
    return pd.Series(values, dtype=_DTYPES.get(form.kind, "object"))
