"""The verb that shows what a case or a run holds, as a table that fits the terminal."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from supplyline.cli.options import Json, Quiet
from supplyline.cli.speech import Speech, terminal_columns
from supplyline.errors import CaseError, Problem
from supplyline.language import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from supplyline.case.case import Case
    from supplyline.case.listing import Listing

_CELL: Final = 30
"""Most characters of a cell that count when columns are chosen."""
_GAP: Final = 2
_FIRST: Final = 2
"""Columns that say which row it is."""
_LAST: Final = ("meaning", "question", "source")
"""Columns that are never left out for room."""
_ALMOST: Final = 0.85
"""Likeness from which a word is a table's name misspelt, and no word to look for."""

What = Annotated[
    str, typer.Argument(metavar="CASE|RUN", help="Case by name or folder, or a run.")
]
Table = Annotated[
    str | None,
    typer.Argument(metavar="TABLE", help="Table, such as corridors; else all of it."),
]
Search = Annotated[
    list[str] | None,
    typer.Argument(metavar="SEARCH", help="Words that a row must hold."),
]


def show(
    what: What,
    table: Table = None,
    search: Search = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what a case or a run holds: its tables, or the rows of one by words."""
    speech = Speech(as_json, quiet)
    name, known, titles = _holdings(what)
    if table is None:
        _tell_all(what, list(known.values()), speech)
    elif table in known:
        _tell_one(name, known[table].search(search or [], titles), speech)
    else:
        words = [table, *(search or [])]
        found = [listing.search(words, titles) for listing in known.values()]
        found = [each for each in found if len(each.frame) and each.near is None]
        if not found or get_close_matches(table, known, cutoff=_ALMOST):
            _refuse_table(what, table, known)
        _tell_all(what, found, speech)


def _refuse_table(what: str, table: str, known: Iterable[str]) -> None:
    """Refuse a table that is not there, and offer the nearest that is."""
    expected = ", ".join(known)
    problem = Problem.unknown(what, None, "TABLE", table, known, f"one of {expected}")
    raise CaseError(what, [problem])


def _holdings(what: str) -> tuple[str, dict[str, Listing], dict[str, str]]:
    """Read what a case or a run holds, and the titles of what it names."""
    from supplyline.case.listing import listings, row_titles
    from supplyline.cli.job import read_quietly, read_run
    from supplyline.runs import MANIFEST
    from supplyline.runs.listing import listings as run_listings

    if (Path(what) / MANIFEST).is_file():
        run = read_run(Path(what))
        held = {each.name: each for each in run_listings(run)}
        return run.manifest.name, held, row_titles(run.case)
    case = read_quietly(what, unfinished=True)
    held = {each.name: each for each in listings(case)}
    if not case.gaps and (facts := _facts(case)) is not None:
        held[facts.name] = facts
    return case.name, held, row_titles(case)


def _facts(case: Case) -> Listing | None:
    """List the facts that runs of a case are held against, where it has any."""
    from supplyline.case.listing import Listing
    from supplyline.conditioning.facts import read_facts

    facts = read_facts(case).reset_index().dropna(axis="columns", how="all")
    row = _("One fact that courses are held against.")
    return Listing("facts", row, facts, {}) if len(facts) else None


def _tell_all(what: str, held: list[Listing], speech: Speech) -> None:
    """Tell which tables there are, with the number of rows of each."""
    rows = [(each.name, f"{len(each.frame):,}", each.row) for each in held]
    speech.table((_("table"), _("rows"), _("a row is")), rows)
    speech.line("", _("supplyline show {what} TABLE shows one.").format(what=what))
    counts = {each.name: len(each.frame) for each in held}
    speech.result({"name": what, "tables": counts})


def _tell_one(name: str, listing: Listing, speech: Speech) -> None:
    """Tell the rows of one table; a single row field by field, with its meanings."""
    cells, count = listing.cells(), len(listing.frame)
    words = ngettext(
        "{table} of {name}: {count} row", "{table} of {name}: {count} rows", count
    )
    speech.line(words.format(table=listing.name, name=name, count=f"{count:,}"))
    if listing.near is not None:
        words = _("No row has these words; near by: {near}")
        speech.line(words.format(near=listing.near))
    columns = [str(column) for column in cells]
    if count == 1:
        fields = [(column, cells[column].iloc[0]) for column in columns]
        told = [(f, cell, listing.meaning.get(f, "")) for f, cell in fields if cell]
        speech.table((_("field"), _("value"), _("meaning")), told)
    elif count:
        chosen = _fitting(cells, terminal_columns())
        speech.table(chosen, cells[chosen].to_numpy().tolist())
        if left := [column for column in columns if column not in chosen]:
            text = _("Left out for room: {columns} (--json has all)")
            speech.line("", text.format(columns=", ".join(left)))
    speech.result(
        {
            "name": name,
            "table": listing.name,
            "row": listing.row,
            "near": listing.near,
            "columns": {each: listing.meaning.get(each, "") for each in columns},
            "rows": listing.records(),
        }
    )


def _fitting(cells: pd.DataFrame, width: int) -> list[str]:
    """Choose the columns that fit: what names a row and its source before the rest."""
    columns = [str(column) for column in cells]
    widths = {
        column: min(max(len(column), int(cells[column].str.len().max())), _CELL) + _GAP
        for column in columns
    }
    first = [*columns[:_FIRST], *(each for each in _LAST if each in columns)]
    taken = dict.fromkeys(first)
    room = width - sum(widths[column] for column in taken)
    for column in columns:
        if column not in taken and widths[column] <= room:
            taken[column] = None
            room -= widths[column]
    return [column for column in columns if column in taken]
