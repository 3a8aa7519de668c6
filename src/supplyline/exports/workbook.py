"""Tables as one Excel workbook: a sheet for each, what it is of, and the codebook."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.errors import OutputError
from supplyline.exports.about import about_table, codebook
from supplyline.exports.texts import with_guarded_texts
from supplyline.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from supplyline.exports.tables import Tidy

MOST_ROWS: Final = 1_048_576
"""Rows that a sheet may have."""
_ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""Date of each file inside, so that the same run gives the same bytes."""
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_MOST_WIDTH: Final = 60


def write_workbook(file: Path, told: Mapping[str, str], tables: Sequence[Tidy]) -> None:
    """Write tables as sheets of one workbook."""
    from openpyxl import (  # type: ignore[import-untyped] # noqa: PLC0415 - an extra
        Workbook,
    )

    book = Workbook(write_only=True)
    book.properties.title = told["run"]
    book.properties.description = told["licence"]
    book.properties.creator = "supplyline"
    made = datetime.fromisoformat(told["cutoff"])
    book.properties.created = made
    for table in (
        about_table(told),
        codebook({each.name: each.columns for each in tables}),
        *tables,
    ):
        if len(table.frame) >= MOST_ROWS:
            text = _("{table} has {rows} rows; a sheet holds {most}: use --format csv")
            rows, most = f"{len(table.frame):,}", f"{MOST_ROWS:,}"
            raise OutputError(text.format(table=table.name, rows=rows, most=most))
        _fill(book.create_sheet(table.name), table.frame)
    held = BytesIO()
    book.save(held)
    file.write_bytes(_without_clock(held, f"{made:%Y-%m-%dT%H:%M:%SZ}"))


def _fill(sheet: Any, frame: pd.DataFrame) -> None:  # noqa: ANN401 - has no types
    """Write a frame; its head stays in sight and can be filtered by."""
    texts = with_guarded_texts(frame)
    for number, name in enumerate(texts, 1):
        longest = max([len(str(name)), *(len(str(cell)) for cell in texts[name][:100])])
        letter = sheet.column_dimensions[_letter(number)]
        letter.width = min(longest + 2, _MOST_WIDTH)
    sheet.freeze_panes = "A2"
    sheet.append([str(name) for name in texts])
    for row in _rows(texts):
        sheet.append(row)
    sheet.auto_filter.ref = f"A1:{_letter(len(texts.columns))}{len(texts) + 1}"


def _letter(number: int) -> str:
    """Name a column as Excel does."""
    from openpyxl.utils import (  # type: ignore[import-untyped] # noqa: PLC0415 - as above
        get_column_letter,
    )

    return str(get_column_letter(number))


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Give rows of plain values: days as days, missing cells as none."""
    columns = []
    for column in (frame[name] for name in frame):
        if column.dtype.kind == "M":
            values = [None if pd.isna(day) else day.date() for day in column]
        elif column.dtype == np.float32:
            values = [float(str(each)) for each in column.to_numpy()]
        else:
            values = column.tolist()
        columns.append([None if pd.isna(each) else each for each in values])
    return zip(*columns, strict=True)


def _without_clock(book: BytesIO, made: str) -> bytes:
    """Write a workbook anew without the time at which it was written."""
    out = BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + made.encode(), content)
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()
