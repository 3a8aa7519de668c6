"""Read a file of events, aggregates or prices, whatever data set and layout it is of.

A file is read twice: once to count its rows and find those that are given again
further down, and once to check them and hand them on, a block at a time. Every row is
either handed on or flagged with its first fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from supplyline.errors import Problem, shown
from supplyline.evidence.events import acled, gdelt, hapi, ucdp, wfp
from supplyline.evidence.events.blocks import Block, plain
from supplyline.evidence.events.containers import Content, digest, open_content, refuse
from supplyline.evidence.events.delimited import DelimitedSheet, open_delimited
from supplyline.evidence.events.event_columns import (
    AGGREGATE_COLUMNS,
    EVENT_COLUMNS,
    PRICE_COLUMNS,
    About,
    serial,
)
from supplyline.evidence.events.json_records import open_json
from supplyline.evidence.events.layouts import (
    Kind,
    Layout,
    headless_names,
    recognise,
)
from supplyline.evidence.events.lookups import countries, licence_of
from supplyline.evidence.events.parquet_rows import open_parquet
from supplyline.evidence.events.pieces import Check, Piece
from supplyline.evidence.events.workbooks import open_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from supplyline.evidence.events.blocks import Sheet

__all__ = [
    "AGGREGATE_COLUMNS",
    "EVENT_COLUMNS",
    "PRICE_COLUMNS",
    "EventFile",
    "read_events",
]

MAX_PROBLEMS: Final = 1_000
"""Flagged rows that `EventFile.problems` lists; all are stored."""

_ISO3: Final = re.compile(r"(?:^|[_-])([a-z]{3})(?=[_.-]|$)", re.IGNORECASE)


class _DataSet(NamedTuple):
    """How the rows of a layout are read."""

    keys: tuple[str, ...]
    day: str
    identify: Callable[[Check], pa.Array]
    read: Callable[[Check, About], Piece]


_READERS: Final = {
    "ucdp": _DataSet(ucdp.KEYS, ucdp.DAY, ucdp.identify, ucdp.read),
    "acled": _DataSet(acled.KEYS, acled.DAY, acled.identify, acled.read),
    "gdelt": _DataSet(gdelt.KEYS, "", gdelt.identify, gdelt.read),
    "hapi": _DataSet(hapi.KEYS, hapi.DAY, hapi.identify, hapi.read),
    "acled_aggregates": _DataSet(
        hapi.BOOK_KEYS, "", hapi.identify_book, hapi.read_book
    ),
    "wfp": _DataSet(wfp.KEYS, wfp.DAY, wfp.identify, wfp.read),
}


@dataclass(slots=True)
class EventFile:
    """A file whose layout is known, and whose rows can be read.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    data_set : str
        ``ucdp``, ``acled``, ``gdelt``, ``hapi``, ``acled_aggregates`` or ``wfp``.
    layout : str
        Name of the layout.
    kind : Kind
        ``events``, ``aggregates``, ``prices`` or ``deletions``.
    licence : str
        Short name of the licence, as in the mapping table.
    release : str or None
        Release that the name of the file or an address in it tells.
    sha256 : str
        SHA-256 of the file as it lies on the disk.
    rows : int
        Rows of the file, without headers and empty lines.
    deletions : dict of str to int
        Events that the file says are deleted, with the moment [s since 1970].
    """

    path: Path
    data_set: str
    layout: str
    kind: Kind
    licence: str
    release: str | None
    sha256: str
    rows: int
    deletions: dict[str, int]
    _tables: Sequence[tuple[Sheet, Layout]]
    _about: About
    _again: dict[int, int]
    _deletions_flagged: Sequence[pa.RecordBatch] = ()
    _problems: list[Problem] | None = field(default=None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Tell the faults of flagged rows."""
        if self._problems is None:
            for _ in self.pieces():
                pass
        return tuple(self._problems or ())

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the sound rows."""
        for piece in self.pieces():
            yield piece.rows

    def pieces(self) -> Iterator[Piece]:
        """Give the sound rows together with the flagged ones."""
        problems: list[Problem] = []
        reader = _READERS[self.data_set]
        at = count = 0
        for flagged in self._deletions_flagged:
            problems.extend(_flagged_problems(self.path.name, flagged))
        if self.kind != "deletions":
            for sheet, layout in self._tables:
                for block in sheet.blocks(_wanted(sheet, layout, reader)):
                    check = Check(block)
                    self._flag_repeated(check, at, reader.keys[0])
                    piece = reader.read(check, self._about)
                    at += len(check)
                    count += piece.rows.num_rows + piece.flagged.num_rows
                    if len(problems) < MAX_PROBLEMS:
                        problems.extend(
                            _flagged_problems(self.path.name, piece.flagged)
                        )
                    yield piece
            if count != self.rows:
                fault = f"was changed while it was read: {self.rows:,} rows, {count:,}"
                raise refuse(self.path.name, fault, "a file at rest")
        self._problems = problems[:MAX_PROBLEMS]

    def flagged_deletions(self) -> Sequence[pa.RecordBatch]:
        """Give the flagged rows of a list of deletions."""
        return self._deletions_flagged

    def _flag_repeated(self, check: Check, first: int, name: str) -> None:
        """Flag rows that are given again further down."""
        if not self._again:
            return
        for row in range(first, first + len(check)):
            line = self._again.get(row)
            if line is not None:
                reason = f"given again on line {line:,}, which was kept"
                check.reasons[row - first] = (name, reason)


def read_events(path: Path, data_set: str | None = None) -> EventFile:
    """Find out what a file of events is, and count its rows."""
    sha256 = digest(path)
    content = open_content(path)
    tables = recognise(_sheets(content), path.name, data_set)
    layout = tables[0][1]
    survey = _Survey()
    for sheet, its in tables:
        survey.read(sheet, its)
    hints = [*content.names, *(hint for sheet, _ in tables for hint in sheet.hints)]
    release = ucdp.release_of(hints) if layout.data_set == "ucdp" else None
    about = _about(layout, tables, content, release, survey.newest)
    return EventFile(
        path=path,
        data_set=layout.data_set,
        layout=layout.name,
        kind=layout.kind,
        licence=about.licence,
        release=None if release is None else ".".join(map(str, release)),
        sha256=sha256,
        rows=survey.rows,
        deletions=survey.deletions,
        _tables=tables,
        _about=about,
        _again=survey.repeated(),
        _deletions_flagged=survey.flagged,
    )


@dataclass(slots=True)
class _Survey:
    """What the first reading of a file finds."""

    rows: int = 0
    newest: date | None = None
    keys: list[pa.Array] = field(default_factory=list)
    lines: list[NDArray[np.int64]] = field(default_factory=list)
    deletions: dict[str, int] = field(default_factory=dict)
    flagged: list[pa.RecordBatch] = field(default_factory=list)

    def read(self, sheet: Sheet, layout: Layout) -> None:
        """Read a table."""
        reader = _READERS[layout.data_set]
        if layout.kind == "deletions":
            for block in sheet.blocks(_there(sheet, layout.columns())):
                self.rows += len(block.lines) + len(block.broken)
                versions, flagged = acled.read_deletions(Check(block))
                for key, moment in versions.items():
                    self.deletions[key] = max(moment, self.deletions.get(key, 0))
                if flagged.num_rows:
                    self.flagged.append(flagged)
            return
        for block in sheet.blocks(_there(sheet, (*reader.keys, reader.day))):
            self.rows += len(block.lines) + len(block.broken)
            self.keys.append(reader.identify(Check(block)))
            self.lines.append(block.lines)
            self._see_days(block, reader.day)

    def _see_days(self, block: Block, name: str) -> None:
        """Remember the newest day."""
        if not name or not len(block.lines):
            return
        newest = pa.compute.max(Check(block).day(name)).as_py()
        if newest is not None and (self.newest is None or newest > self.newest):
            self.newest = newest

    def repeated(self) -> dict[int, int]:
        """Find rows that are given again: number of the row, and the line kept."""
        if not self.keys:
            return {}
        keys = pa.chunked_array(self.keys, pa.string()).combine_chunks()
        coded = keys.dictionary_encode()
        if len(coded.dictionary) + coded.null_count == len(coded):
            return {}
        codes = pa.compute.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
        rows = np.arange(len(codes))
        last = np.zeros(len(coded.dictionary), np.int64)
        # of several assignments to one place the last holds
        last[codes[codes >= 0]] = rows[codes >= 0]
        lines = np.concatenate(self.lines)
        again = (codes >= 0) & (last[codes] != rows)
        kept = lines[last[codes[again]]]
        return dict(zip(rows[again].tolist(), kept.tolist(), strict=True))


def _sheets(content: Content) -> list[Sheet]:
    """Find the tables of a file."""
    if content.form == "json":
        return [open_json(content)]
    if content.form == "parquet":
        return [open_parquet(content)]
    if content.form == "workbook":
        return list(open_workbook(content))
    sheet = open_delimited(content)
    if sheet.is_headless:
        return [_named(sheet)]
    return [sheet]


def _named(sheet: DelimitedSheet) -> DelimitedSheet:
    """Name the columns of a table without a header."""
    return replace(sheet, names=headless_names(len(sheet.names)))


def _there(sheet: Sheet, names: Sequence[str]) -> list[str]:
    """Give the columns that a table has."""
    wanted = dict.fromkeys(plain(name) for name in names if name)
    return [name for name in wanted if name in sheet.names]


def _wanted(sheet: Sheet, layout: Layout, reader: _DataSet) -> list[str]:
    """Give the columns that are read of a table."""
    return _there(sheet, (*layout.columns(), *reader.keys))


def _about(
    layout: Layout,
    tables: Sequence[tuple[Sheet, Layout]],
    content: Content,
    release: tuple[int, ...] | None,
    newest: date | None,
) -> About:
    """Gather what is known of a file besides its rows."""
    names = tables[0][0].names
    if layout.data_set == "ucdp":
        version = ucdp.version_of(release, newest)
    elif layout.data_set == "acled":
        version = acled.version_of(newest)
    else:
        version = 0 if newest is None else serial(newest)
    has_country = "countryiso3" in names or "country" in names
    wants_country = layout.data_set == "wfp" and not has_country
    return About(
        data_set=layout.data_set,
        licence=licence_of(layout.data_set).licence,
        version=version,
        is_candidate=release is not None and len(release) > 2,
        country=_country(content.names) if wants_country else None,
        event_type=_event_type(content.names),
    )


def _country(names: Sequence[str]) -> str | None:
    """Find the three letters of a country in the name of a file."""
    known = countries("iso3")
    for name in names:
        for match in reversed(_ISO3.findall(name.partition(".")[0])):
            if match.upper() in known:
                return known[match.upper()]
    return None


def _event_type(names: Sequence[str]) -> str | None:
    """Find the type of events of an aggregate in the name of a file."""
    for name in names:
        words = re.sub(r"[^a-z]+", "_", name.lower())
        for kind in hapi.TYPES:
            if kind in words:
                return kind
    return None


def _flagged_problems(file: str, flagged: pa.RecordBatch) -> list[Problem]:
    """Tell flagged rows as problems."""
    rows: list[dict[str, Any]] = flagged.slice(0, MAX_PROBLEMS).to_pylist()
    return [Problem(file, row["line"], row["field"], _found(row), None) for row in rows]


def _found(row: dict[str, Any]) -> str:
    """Say what is wrong with a flagged row."""
    if row["field"] is None:
        return str(row["reason"])
    return f"{shown(row['found'])}, {row['reason']}"
