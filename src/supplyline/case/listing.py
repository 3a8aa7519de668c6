"""What a case holds, table by table, and the rows that a reader asks for by words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.case.frames import file_of, write_cell
from supplyline.case.lookup import plain
from supplyline.case.meanings import meanings
from supplyline.case.series import OBSERVED_SERIES, run_series
from supplyline.errors import nearest
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from supplyline.case.case import Case

SCENARIOS: Final = "scenarios"
SERIES: Final = "series"
_OR: Final = " / "
"""What stands between the names of one row."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one kind, as texts, and what each column means."""

    name: str
    """Name of the table, as a reader asks for it."""
    row: str
    """What a row is."""
    frame: pd.DataFrame
    """The rows; columns that hold nothing are left out."""
    meaning: Mapping[str, str]
    """What each column means, with its unit in brackets."""
    near: str | None = None
    """The name near by that the rows are of, where no row had the words asked for."""

    def search(self, words: Sequence[str], titles: Mapping[str, str]) -> Listing:
        """Keep the rows that hold every word, whatever its case and accents.

        A row also holds the titles of what it names. Where no row holds the words,
        those are kept that hold the name nearest to them.
        """
        cells = self.cells()
        texts = [
            plain(" ".join([*row, *(titles[cell] for cell in row if cell in titles)]))
            for row in cells.to_numpy().tolist()
        ]
        wanted = [plain(word) for word in words]
        hits = [all(word in text for word in wanted) for text in texts]
        names = set(cells.iloc[:, :2].to_numpy().ravel()) - {""}
        names |= {
            called for name in names for called in titles.get(name, name).split(_OR)
        }
        near = None if any(hits) else nearest(" ".join(words), sorted(names))
        if near is not None:
            hits = [plain(near) in text for text in texts]
        return replace(self, frame=self.frame[hits], near=near)

    def cells(self) -> pd.DataFrame:
        """Write the rows as the texts of a file."""
        columns = {
            str(name): [write_cell(value) for value in column]
            for name, column in self.frame.items()
        }
        return pd.DataFrame(columns)

    def records(self) -> list[dict[str, object]]:
        """Give the rows to a program: numbers as numbers, days as texts."""
        told = self.frame.astype(object).where(self.frame.notna(), None)
        return [
            {
                str(name): f"{value:%Y-%m-%d}" if isinstance(value, date) else value
                for name, value in row.items()
            }
            for row in told.to_dict("records")
        ]


def listings(case: Case) -> Iterator[Listing]:
    """Give all that a case holds: its tables with rows, its scenarios, its series."""
    for name, model in TABLES.items():
        if len(case.tables[name]):
            row = (model.__doc__ or "").strip().split("\n")[0]
            yield _listing(name, row, case.tables[name], meanings(model))
    if case.scenarios():
        yield _scenarios(case)
    yield _series(case)


def row_titles(case: Case) -> dict[str, str]:
    """Give all that a row is called besides its identifier: its title, other names."""
    titles: dict[str, str] = {}
    for name, model in TABLES.items():
        if "title" in model.model_fields and len(model.key) == 1:
            rows = case.tables[name][[model.key[0], "title"]]
            titles |= dict(rows.dropna().to_numpy().tolist())
    for row, called in case.tables["names"][["row", "name"]].to_numpy().tolist():
        titles[row] = f"{titles.get(row, '')}{_OR}{called}"
    return titles


def _listing(
    name: str, row: str, frame: pd.DataFrame, meaning: Mapping[str, str]
) -> Listing:
    """List a table without the columns that hold nothing."""
    return Listing(name, row, frame.dropna(axis="columns", how="all"), meaning)


def _scenarios(case: Case) -> Listing:
    """List the scenarios that come with a case."""
    rows = [
        {
            "scenario": name,
            "title": each.title,
            "start": each.start,
            "changes": ", ".join(sorted({change.table for change in each.change})),
            "question": each.question,
        }
        for name, each in case.scenarios().items()
    ]
    meaning = {
        "scenario": "Name, as --scenario takes it.",
        "title": "Name as printed.",
        "start": "First day on which its changes hold.",
        "changes": "Tables that it changes.",
        "question": "What it asks.",
    }
    row = "One scenario that comes with the case."
    return _listing(SCENARIOS, row, pd.DataFrame(rows), meaning)


def _series(case: Case) -> Listing:
    """List the series that observed.csv and aims.csv of a case may name."""
    observed = [
        (series.name, file_of("observed"), " or ".join(series.units), series.meaning)
        for series in OBSERVED_SERIES
    ]
    aims = [
        (name, file_of("aims"), None, "Daily series of a run.")
        for name in run_series(has_groups=not case.groups.empty)
    ]
    columns = ["series", "file", "unit", "meaning"]
    meaning = {
        "series": "Name; PLACE stands for a row of places.csv, PRODUCT for a product "
        "and CURRENCY for the currency of case.toml.",
        "file": "File that may name it.",
        "unit": "Units that a row may be in.",
        "meaning": "What it is.",
    }
    row = "One series that observed.csv or aims.csv may name."
    frame = pd.DataFrame([*observed, *aims], columns=columns)
    return _listing(SERIES, row, frame, meaning)
