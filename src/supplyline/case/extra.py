"""Facts given from outside a case: rows of targets or of observed, checked with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from supplyline.case.checks import find_problems
from supplyline.case.draft import Draft
from supplyline.case.frames import write_cell
from supplyline.case.read import Table, read_table
from supplyline.case.scenario import rows_of_tables
from supplyline.errors import CaseError, Problem, refuse_other
from supplyline.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from supplyline.case.case import Case

EXTRA: Final = "extra facts"
"""What rows that come in a data frame are called in messages."""


def reported_facts(
    case: Case, extra: pd.DataFrame | str | Path | None = None
) -> tuple[Table[Any], Table[Any]]:
    """Give the rows of targets and of observed of a case, with those from outside.

    Rows from outside have the columns of one of the two tables. Their claims need not
    be among those of the case; their sources do, as these tell how far they err.
    """
    tables = rows_of_tables(case.tables)
    kept = {name: _with_lines(case, name, tables) for name in ("targets", "observed")}
    if extra is None:
        return kept["targets"], kept["observed"]
    content, file = _content(extra)
    header = content.partition(b"\n")[0].decode(errors="replace")
    name = "observed" if "series" in header.split(",") else "targets"
    given, problems = read_table(content, TABLES[name], file)
    joined = replace(
        kept[name],
        file=file,
        rows=kept[name].rows + given.rows,
        lines=kept[name].lines + given.lines,
        keys=kept[name].keys | given.keys,
    )
    claims = tables["claims"]
    told = {getattr(row, "claim", "") for row in given.rows}
    claims = replace(claims, keys=claims.keys | told)
    draft = Draft(case.config, {**tables, name: joined, "claims": claims})
    problems += [each for each in find_problems(draft) if each.file == file]
    if problems:
        subject = f"{case.name} with {file}"
        raise CaseError(subject, problems)
    kept[name] = joined
    return kept["targets"], kept["observed"]


def _with_lines(case: Case, name: str, tables: dict[str, Table[Any]]) -> Table[Any]:
    """Give the rows of a table with the lines on which they stand in its file."""
    table = tables[name]
    return replace(table, lines=case.lines.get(name, table.lines))


def _content(extra: pd.DataFrame | str | Path) -> tuple[bytes, str]:
    """Give rows from outside as the bytes of a file, and its name."""
    if isinstance(extra, str | Path):
        file = Path(extra)
        try:
            return file.read_bytes(), file.name
        except OSError as error:
            found = f"cannot be read: {error.strerror}"
            raise CaseError(EXTRA, [Problem(str(file), None, None, found)]) from error
    refuse_other("facts", extra, "DataFrame", "pandas.read_csv")
    cells = extra.map(write_cell)
    return cells.to_csv(index=False, lineterminator="\n").encode(), EXTRA
