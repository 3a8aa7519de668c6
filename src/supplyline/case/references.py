"""Rules about keys and references: each row once, nothing that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule
from supplyline.case.readiness import FILLED
from supplyline.errors import Problem, shown
from supplyline.tables import TABLES
from supplyline.tables.conflict import Actor, Control
from supplyline.tables.evidence import Name
from supplyline.tables.facts import Claim, Source
from supplyline.tables.supply import Place, Region

if TYPE_CHECKING:
    from collections.abc import Iterator

ASSUMPTION: Final = "assumption"
"""Source of a number that nobody published."""

REFERENCES: Final[dict[str, dict[str, str]]] = {
    "places": {"region": "regions"},
    "segments": {"from_place": "places", "to_place": "places", "region": "regions"},
    "corridors": {
        "fleet": "fleets",
        "origin": "places",
        "gateway": "places",
        "destination": "places",
    },
    "corridor_segments": {"corridor": "corridors", "segment": "segments"},
    "feeds": {"place": "places", "corridor": "corridors"},
    "depots": {"place": "places"},
    "demand": {"place": "places"},
    "small_flows": {"place": "places"},
    "groups": {"actor": "actors"},
    "presence": {"region": "regions", "group": "groups"},
    "relations": {"group": "groups", "other": "groups"},
    "partners": {"actor": "actors"},
    "control": {"actor": "actors"},
    "revenue": {"actor": "actors"},
    "events": {"actor": "actors", "place": "places", "corridor": "corridors"},
    "observed": {"claim": "claims"},
    "scorecard": {"claim": "claims"},
    "documents": {"relay_of": "documents"},
    "readings": {"claim": "claims", "document": "documents", "actor": "actors"},
    "witnesses": {"event": "events", "segment": "segments", "region": "regions"},
    "hazards": {"segment": "segments"},
}
"""Table and column to the table whose rows are named there."""
_NAMED: Final = {"actor": "actors", "place": "places", "region": "regions"}
"""Kind of a name to the table of the rows it names."""


def _twice(draft: Draft) -> Iterator[Problem]:
    """Find rows with the key of an earlier row."""
    for name, model in TABLES.items():
        seen: dict[tuple[object, ...], int | None] = {}
        for line, row in draft.tables[name]:
            key = tuple(getattr(row, field) for field in model.key)
            if key in seen:
                found = shown(", ".join(str(part) for part in key))
                first = "" if seen[key] is None else f", as in line {seen[key]}"
                field = ", ".join(model.key)
                file = draft.tables[name].file
                yield Problem(file, line, field, found + first, "each once")
            else:
                seen[key] = line


def _unknown_rows(draft: Draft) -> Iterator[Problem]:
    """Find references to rows that do not exist."""
    for name, columns in REFERENCES.items():
        for column, target in columns.items():
            known = draft.tables[target].keys
            is_empty_told = target in FILLED or not draft.tables[target].is_whole
            if not known and is_empty_told:
                continue
            for line, row in draft.tables[name]:
                value = getattr(row, column)
                if value is not None and value not in known:
                    expected = f"a row of {target}.csv"
                    file = draft.tables[name].file
                    yield Problem.unknown(file, line, column, value, known, expected)


def _unknown_named(draft: Draft) -> Iterator[Problem]:
    """Find names of rows that do not exist."""
    names = draft.table(Name)
    for line, row in names:
        table = _NAMED.get(row.kind)
        if table is not None and row.row not in (known := draft.tables[table].keys):
            expected = f"a row of {table}.csv"
            yield Problem.unknown(names.file, line, "row", row.row, known, expected)


def _unknown_sources(draft: Draft) -> Iterator[Problem]:
    """Find rows whose source does not exist."""
    known = draft.table(Source).keys
    if not known and not draft.table(Source).is_whole:
        return
    for name, model in TABLES.items():
        if "source" not in model.model_fields or model is Source:
            continue
        is_free = model is not Claim
        allowed = {*known, ASSUMPTION} if is_free else known
        expected = "a row of sources.csv" + (f", or '{ASSUMPTION}'" if is_free else "")
        for line, row in draft.tables[name]:
            if row.source not in allowed:
                file = draft.tables[name].file
                yield Problem.unknown(
                    file, line, "source", row.source, allowed, expected
                )


def _source_named_assumption(draft: Draft) -> Iterator[Problem]:
    """Find a source that takes the word kept for assumptions."""
    for line, row in draft.table(Source):
        if row.source == ASSUMPTION:
            expected = "another name; this one marks numbers without a source"
            yield Problem("sources.csv", line, "source", shown(row.source), expected)


def _unknown_areas(draft: Draft) -> Iterator[Problem]:
    """Find areas without a prefix that are no places."""
    known = draft.table(Place).keys
    control, claims = draft.table(Control), draft.table(Claim)
    named = [
        *((control.file, line, row.area) for line, row in control),
        *((claims.file, line, row.area) for line, row in claims),
    ]
    for file, line, area in named:
        if ":" not in area and area not in known:
            expected = "a row of places.csv, or a word such as area:north"
            yield Problem.unknown(file, line, "area", area, known, expected)


RULES: Final = (
    Rule(_twice),
    Rule(_unknown_rows),
    Rule(_unknown_named, (Name, Actor, Place, Region)),
    Rule(_unknown_sources),
    Rule(_source_named_assumption),
    Rule(_unknown_areas, (Place,)),
)
"""Rules about keys and references."""
