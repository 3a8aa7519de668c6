"""One number back to its sentence, its source and its place in the model."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from supplyline.case.frames import file_of, to_cells
from supplyline.case.references import ASSUMPTION
from supplyline.case.scenario import wanted_cells
from supplyline.case.sentences import reported, sentence
from supplyline.errors import CaseError, Problem, refuse_other, shown
from supplyline.evidence.desk.quotes import Quote, find_quote
from supplyline.evidence.desk.store_place import STORE
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from supplyline.case.case import Case

    Cells = Mapping[str, str]

_RECORDS: Final = (
    *("claims", "sources", "events", "actors", "control", "revenue"),
    *("names", "people", "documents", "readings", "witnesses"),
)
"""Tables of the record; the others feed the model or are held against it."""
_MOST_MENTIONS: Final = 8


@dataclass(frozen=True, slots=True)
class Mention:
    """A row that rests on what was asked for."""

    file: str
    line: int | None
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A claim that says something else of the same thing."""

    claim: str
    said: str
    source: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Trace:
    """What one row says, where it comes from and where it goes.

    Attributes
    ----------
    table : str
        Table of the row.
    file : str
        File of the row.
    line : int or None
        Line of the file.
    key : str
        Key of the row.
    row : dict of str to str
        Column to what stands there; empty cells are left out.
    sentence : str
        What the row says, for a reader.
    is_assumption : bool
        Whether it rests on an assumption.
    source : dict of str to str or None
        Its row of sources.csv; None for an assumption.
    quote : Quote or None
        The sentence it was read from, where the evidence store has it.
    disagreements : tuple of Disagreement
        Claims that disagree with it.
    mentions : tuple of Mention
        Rows that feed the model, or are held against it, and rest on it.
    scenarios : tuple of str
        Scenarios that change it.
    """

    table: str
    file: str
    line: int | None
    key: str
    row: dict[str, str]
    sentence: str
    is_assumption: bool
    source: dict[str, str] | None
    quote: Quote | None
    disagreements: tuple[Disagreement, ...]
    mentions: tuple[Mention, ...]
    scenarios: tuple[str, ...]

    def lines(self) -> list[str]:
        """Write the trace for a reader.

        Returns
        -------
        list of str
            Lines of text.
        """
        head = f"{self.key}   {_where(self.file, self.line)}"
        lines = [head, _step("", self.sentence)]
        if "note" in self.row:
            lines.append(_step("note", self.row["note"]))
        if self.is_assumption:
            lines.append(_step("source", "assumption"))
        if self.source is not None:
            lines.extend(_source_lines(self.source))
        if self.quote is not None:
            lines.extend(_step(name, text) for name, text in self.quote.lines())
        for other in self.disagreements:
            source = other.source or {}
            grade = f"grade {source.get('reliability', '?')}"
            said = f"{other.claim}: {other.said}"
            lines.append(_step("disagrees", said, grade, source.get("title", "")))
        lines.extend(_use_lines(self))
        return lines


@dataclass(frozen=True, slots=True)
class _KeyedRow:
    """A row with its place."""

    table: str
    number: int
    key: str
    cells: Cells


def why(
    case: Case, identifier: str, store: str | Path | None = None
) -> tuple[Trace, ...]:
    """Trace a number back to its sentence and source, and on into the model.

    Parameters
    ----------
    case : Case
        The case.
    identifier : str
        Key of a row of any table: a claim, a parameter, a segment, a source. Parts of a
        longer key are parted by a slash; one part alone means all rows that have it. Or
        a candidate of the evidence store.
    store : str or pathlib.Path, optional
        Evidence store, if it is not the one of the case.

    Returns
    -------
    tuple of Trace
        One entry for each row of that key.

    Raises
    ------
    CaseError
        If no row has that key; the nearest is offered.

    Examples
    --------
    >>> import supplyline as sl
    >>> sl.why(sl.load_case("toy"), "truck_kl")[0].table
    'params'
    """
    refuse_other("case", case, "Case", "load_case")
    given: object = identifier
    if not isinstance(given, str):
        message = f"identifier is {shown(given)}; expected text, a key or an id"
        raise TypeError(message)
    rows = list(_rows(case))
    matches = _matches(rows, identifier)
    if not matches and (trace := _candidate(case, identifier, store)) is not None:
        return (trace,)
    if not matches:
        known = sorted({row.key for row in rows})
        expected = "the key of a row of the case"
        fault = Problem.unknown(case.name, None, "id", identifier, known, expected)
        raise CaseError(case.name, [fault])
    sources = {row.key: row.cells for row in rows if row.table == "sources"}
    traces = (_trace(case, row, rows, sources) for row in matches)
    if not any(row.table == "claims" for row in matches):
        return tuple(traces)
    readings = {row.key: row.cells for row in rows if row.table == "readings"}
    return tuple(
        replace(trace, quote=find_quote(case, trace.key, readings[trace.key], store))
        if trace.table == "claims" and trace.key in readings
        else trace
        for trace in traces
    )


def _where(file: str, line: int | None) -> str:
    return file if line is None else f"{file}:{line}"


def _step(name: str, *parts: str) -> str:
    return f"{name:<11}{'   '.join(part for part in parts if part)}"


def _source_lines(source: Mapping[str, str]) -> list[str]:
    """Tell a source: who, when, how reliable and where."""
    published = f"{source['title']} ({source['publisher']}, {source['date']})"
    grade = f"grade {source['reliability']}"
    lines = [_step("source", source["source"], grade, published)]
    return [*lines, _step("", source["address"])] if "address" in source else lines


def _use_lines(trace: Trace) -> Iterator[str]:
    """Tell where a row enters the model, and what changes it."""
    for mention in trace.mentions[:_MOST_MENTIONS]:
        where = _where(mention.file, mention.line)
        yield _step("model", where, mention.key, mention.reason)
    more = len(trace.mentions) - _MOST_MENTIONS
    if more > 0:
        yield _step("", f"and {more} more rows (--json lists all)")
    if trace.scenarios:
        yield _step("changed by", ", ".join(trace.scenarios))


def _rows(case: Case) -> Iterator[_KeyedRow]:
    """Give every row of the case as the text of its cells."""
    for name, model in TABLES.items():
        for number, cells in enumerate(to_cells(case.tables[name], model)):
            key = "/".join(cells[part] for part in model.key)
            yield _KeyedRow(name, number, key, cells)


def _matches(rows: list[_KeyedRow], identifier: str) -> list[_KeyedRow]:
    """Find rows by their whole key, whatever its case, or else by a part of it."""
    wanted = identifier.casefold()
    exact = [row for row in rows if row.key == identifier]
    whole = exact or [row for row in rows if row.key.casefold() == wanted]
    return whole or [row for row in rows if wanted in row.key.casefold().split("/")]


def _trace(
    case: Case, keyed: _KeyedRow, rows: list[_KeyedRow], sources: Mapping[str, Cells]
) -> Trace:
    """Gather what is known of one row."""
    cited = keyed.cells.get("source", "")
    is_source = keyed.table == "sources"
    return Trace(
        table=keyed.table,
        file=file_of(keyed.table),
        line=_line(case, keyed),
        key=keyed.key,
        row=_full(keyed.cells),
        sentence=sentence(keyed.table, keyed.key, keyed.cells),
        is_assumption=cited == ASSUMPTION and not is_source,
        source=None if is_source else _source(sources, cited),
        quote=None,
        disagreements=_disagreements(case, keyed, sources),
        mentions=tuple(sorted(_mentions(case, keyed, rows), key=lambda m: m.reason)),
        scenarios=tuple(_scenarios(case, keyed)),
    )


def _candidate(case: Case, name: str, store: str | Path | None) -> Trace | None:
    """Trace a candidate claim that nobody has accepted."""
    quote = find_quote(case, name, {}, store)
    if quote is None:
        return None
    return Trace(
        table="candidates",
        file=STORE,
        line=None,
        key=name,
        row={},
        sentence="A candidate claim of the evidence store.",
        is_assumption=False,
        source=None,
        quote=quote,
        disagreements=(),
        mentions=(),
        scenarios=(),
    )


def _line(case: Case, keyed: _KeyedRow) -> int | None:
    lines = case.lines.get(keyed.table, ())
    return lines[keyed.number] if keyed.number < len(lines) else None


def _full(cells: Cells) -> dict[str, str]:
    return {column: cell for column, cell in cells.items() if cell != ""}


def _source(sources: Mapping[str, Cells], name: str) -> dict[str, str] | None:
    return _full(sources[name]) if name in sources else None


def _disagreements(
    case: Case, keyed: _KeyedRow, sources: Mapping[str, Cells]
) -> tuple[Disagreement, ...]:
    """Find the claims whose ranges do not meet this one's."""
    if keyed.table != "claims":
        return ()
    pairs = case.contradictions()
    others = {
        *pairs.loc[pairs["claim"] == keyed.key, "other_claim"],
        *pairs.loc[pairs["other_claim"] == keyed.key, "claim"],
    }
    return tuple(
        Disagreement(
            row.key, reported(row.cells), _source(sources, row.cells["source"])
        )
        for row in _rows(case)
        if row.table == "claims" and row.key in others
    )


def _mentions(case: Case, keyed: _KeyedRow, rows: list[_KeyedRow]) -> Iterator[Mention]:
    """Find rows outside the record that rest on this one."""
    name = re.compile(rf"(?<![\w.-]){re.escape(keyed.key)}(?![\w-]|\.\w)")
    cited = keyed.cells.get("source") if keyed.table == "claims" else None
    for row in rows:
        if row.table in _RECORDS or row is keyed:
            continue
        if any(name.search(cell) for cell in row.cells.values()):
            reason = "names it"
        elif cited is not None and row.cells.get("source") == cited:
            reason = "same source"
        else:
            continue
        yield Mention(file_of(row.table), _line(case, row), row.key, reason)


def _scenarios(case: Case, keyed: _KeyedRow) -> Iterator[str]:
    """Find the scenarios that change this row."""
    for name, scenario in case.scenarios().items():
        for change in scenario.change:
            if change.table != keyed.table or change.add:
                continue
            wanted = wanted_cells(case, change)
            if all(keyed.cells[column] in cells for column, cells in wanted.items()):
                yield name
                break
