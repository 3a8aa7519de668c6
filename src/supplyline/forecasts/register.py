"""The register: every published forecast, chained so that no change goes unseen.

register.csv has one row a forecast. Each holds the SHA-256 of the file, the hash of the
row before, and its own hash over both, so that to change one is to change all that
follow; the last hash, written down elsewhere, vouches for all.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, Final

from supplyline.case.read import digest, read_bytes, read_table
from supplyline.errors import ForecastError, Problem
from supplyline.forecasts.published import (
    SUFFIX,
    Forecast,
    Sha256,
    read_forecast,
)
from supplyline.output import draft_file, held_folder, refuse_folder
from supplyline.tables.row import Identifier, Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

INDEX: Final = "register.csv"
FIRST: Final = "0" * 64
"""What the first entry holds for the hash of the one before."""


class Entry(Row):
    """A row of register.csv: one published forecast."""

    key: ClassVar = ("number",)
    number: int
    """Place in the order of publication, from 1."""
    file: Identifier
    """File of the forecast, beside register.csv."""
    sha256: Sha256
    """SHA-256 of its bytes."""
    case: Identifier
    """Name of the case."""
    origin: date
    """Last day of which anything was known."""
    published_on: date
    """Day of publication (UTC)."""
    before: Sha256
    """Hash of the entry before."""
    entry: Sha256
    """Hash of this entry: of all its other cells."""

    def cells(self) -> list[str]:
        """Write all cells but the last."""
        return [str(getattr(self, name)) for name in _COLUMNS[:-1]]

    @property
    def hash(self) -> str:
        """Hash what the entry says."""
        return sha256("\n".join(self.cells()).encode()).hexdigest()


_COLUMNS: Final = tuple(Entry.model_fields)


def enter(folder: Path, forecast: Forecast) -> Path:
    """Write a forecast into the register."""
    refuse_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with held_folder(folder):
        entries = read_entries(folder)
        content = forecast.to_bytes()
        name = forecast.file
        if name in {entry.file for entry in entries}:
            found = f"has {name} already: the same forecast was published"
            raise ForecastError(INDEX, [Problem(INDEX, None, None, found)])
        with draft_file(folder / name) as file:
            file.write(content)
        said = Entry(
            number=len(entries) + 1,
            file=name,
            sha256=digest(content),
            case=forecast.case,
            origin=forecast.origin,
            published_on=forecast.published_on,
            before=entries[-1].entry if entries else FIRST,
            entry=FIRST,
        )
        entries = (*entries, said.model_copy(update={"entry": said.hash}))
        with draft_file(folder / INDEX) as file:
            file.write(_to_bytes(entries))
    return folder / name


def read_entries(folder: Path) -> tuple[Entry, ...]:
    """Read the register; refuse it if anything in it was changed."""
    is_begun = (folder / INDEX).exists()
    entries, problems = _read_index(folder) if is_begun else ((), [])
    problems += [each for entry in entries for each in _changed(folder, entry)]
    problems += _strays(folder, entries)
    if problems:
        raise ForecastError(str(folder), problems)
    return entries


def _read_index(folder: Path) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Read register.csv and follow its chain."""
    content, problems = read_bytes(folder, INDEX)
    if problems:
        return (), problems
    table, problems = read_table(content, Entry, INDEX)
    if problems:
        return table.rows, problems
    before = FIRST
    for number, (line, entry) in enumerate(table, 1):
        expected = {"number": str(number), "before": before, "entry": entry.hash}
        problems += [
            Problem(INDEX, line, name, f"'{getattr(entry, name)}'", value)
            for name, value in expected.items()
            if str(getattr(entry, name)) != value
        ]
        before = entry.entry
    if not problems and content != _to_bytes(table.rows):
        found = "is not as it was written: a byte between its cells was changed"
        problems.append(Problem(INDEX, None, None, found))
    return table.rows, problems


def _to_bytes(entries: Sequence[Entry]) -> bytes:
    """Write register.csv in the one way that it is written in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([*entry.cells(), entry.entry] for entry in entries)
    return text.getvalue().encode()


def _changed(folder: Path, entry: Entry) -> list[Problem]:
    """Tell how the file of an entry differs from what the entry says."""
    if not entry.file.endswith(SUFFIX):
        expected = f"a name that ends in {SUFFIX}"
        return [Problem(INDEX, None, "file", f"'{entry.file}'", expected)]
    try:
        forecast, found = read_forecast(folder / entry.file)
    except ForecastError as error:
        return list(error.problems)
    said = {
        "sha256": (found, entry.sha256),
        "case": (forecast.case, entry.case),
        "origin": (forecast.origin, entry.origin),
        "published_on": (forecast.published_on, entry.published_on),
    }
    return [
        Problem(entry.file, None, name, f"'{own}'", f"'{told}', as {INDEX} says")
        for name, (own, told) in said.items()
        if own != told
    ]


def _strays(folder: Path, entries: Sequence[Entry]) -> list[Problem]:
    """Find forecasts that the register does not name."""
    named = {entry.file for entry in entries}
    found = "is not in register.csv: its entry was removed, or its writing cut off"
    return [
        Problem(path.name, None, None, found)
        for path in sorted(folder.glob(f"*{SUFFIX}"))
        if path.name not in named
    ]
