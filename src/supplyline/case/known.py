"""A case as it was known on an earlier day: its tables without what came later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from supplyline.case.checks import find_problems
from supplyline.case.config import FILE, move_cutoff
from supplyline.case.draft import NAMES, Draft
from supplyline.case.frames import Frames, file_of, to_cells, to_csv
from supplyline.case.periods import DAY_OF
from supplyline.case.read import digest
from supplyline.case.references import REFERENCES
from supplyline.case.scenario import rows_of_tables
from supplyline.errors import CaseError
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

    from supplyline.case.case import Case


def known_on(case: Case, day: date) -> Case:
    """Leave out of a case what came after a day, and measures told of only later."""
    start, cutoff = case.config.start, case.config.cutoff
    if not start <= day <= cutoff:
        message = f"day is {day}; expected one from {start} to the cut-off, {cutoff}"
        raise ValueError(message)
    kept = _known_tables(case, pd.Timestamp(day))
    changed = {
        name: table
        for name, table in kept.items()
        if not table.equals(case.tables[name])
    }
    files = {
        file_of(name): to_csv(to_cells(table, TABLES[name]), TABLES[name])
        for name, table in changed.items()
    }
    whole = case._files  # noqa: SLF001 - a case made from a case
    if day < cutoff:
        files[FILE] = move_cutoff(whole[FILE].decode(), day).encode()
    lines = {
        name: tuple(case.lines[name][row] for row in table.index)
        for name, table in changed.items()
        if name in case.lines
    }
    tables = {name: table.reset_index(drop=True) for name, table in changed.items()}
    config = case.config.model_copy(update={"cutoff": day})
    known = Frames({**case.tables, **tables})
    if problems := find_problems(Draft(config, rows_of_tables(known))):
        subject = f"{case.name} as it was known on {day}"
        raise CaseError(subject, problems)
    return replace(
        case,
        config=config,
        tables=known,
        hashes={**case.hashes, **{file: digest(text) for file, text in files.items()}},
        lines={**case.lines, **lines},
        _files={**whole, **files},
    )


def _known_tables(case: Case, day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Give the tables that speak of days, as they were known on one."""
    tables = dict(case.tables)
    for model, column in DAY_OF.items():
        table = tables[NAMES[model]]
        tables[NAMES[model]] = table[table[column] <= day]
    measures = tables["measures"]
    # what holds from the first day on is the state that the case begins from, such as
    # its prices, whenever the source that tells of it came out
    is_ground = measures["start"] <= pd.Timestamp(case.config.start)
    is_told = _is_told(case, measures, day) | is_ground
    tables["measures"] = measures[is_told & (measures["start"] <= day)]
    # a source from before a day may speak of later ones: a pledge, a date set
    is_told = _is_told(case, tables["claims"], day)
    tables["claims"] = tables["claims"][is_told | (tables["claims"]["end"] <= day)]
    lost = {
        name: set(case.tables[name][name[:-1]]) - set(tables[name][name[:-1]])
        for name in ("targets", "claims", "events")
    }
    for name, columns in REFERENCES.items():
        for column, target in columns.items():
            if target in lost:
                is_lost = tables[name][column].isin(lost[target])
                tables[name] = tables[name][~is_lost]
    for name in ("targets", "observed"):
        tables[name] = _forget(tables[name], lost["targets"] | lost["claims"])
    tables["sources"] = _known_sources(case, tables, day)
    return tables


def _known_sources(
    case: Case, tables: dict[str, pd.DataFrame], day: pd.Timestamp
) -> pd.DataFrame:
    """Leave out sources of later days that no row rests on any more."""
    sources = tables["sources"]
    cited = {
        name
        for table in tables.values()
        if table is not sources and "source" in table
        for name in table["source"]
    }
    return sources[_is_told(case, sources, day) | sources["source"].isin(cited)]


def _is_told(case: Case, rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series[bool]:
    """Tell which rows have a source published by a day; an assumption always was."""
    published = case.sources.set_index("source")["date"].dropna()
    # a month without a day is taken as its last day
    last = published.map(lambda told: pd.Period(told).end_time.normalize())
    return ~(rows["source"].map(last) > day)


def _forget(facts: pd.DataFrame, lost: set[str]) -> pd.DataFrame:
    """Forget that facts repeat a row that is left out; they still only check."""
    is_lost = facts["same_as"].isin(lost)
    why = "repeats " + facts["same_as"].where(is_lost) + ", which ends later"
    return facts.assign(
        use=facts["use"].where(~is_lost, "check"),
        same_as=facts["same_as"].where(~is_lost, None),
        note=facts["note"].where(~is_lost, why),
    )
