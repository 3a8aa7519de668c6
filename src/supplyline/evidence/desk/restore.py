"""Read claims with their readings back from the tables of a case into a store.

Only claims that a store once wrote, those with a reading, are taken: the others have no
document, and stay what they are, rows of the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from sqlalchemy import func, select

from supplyline.errors import EvidenceError, Problem, refuse_other, shown
from supplyline.evidence.desk.cells import from_cell, to_cell
from supplyline.evidence.store.connection import now
from supplyline.evidence.store.decisions import corrected, draft_note, to_json
from supplyline.evidence.store.documents import SourceDraft
from supplyline.evidence.store.rows import (
    FIELDS,
    insert_all,
    put_source,
    to_candidate,
)
from supplyline.evidence.store.schema import CANDIDATES, DECISIONS, DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from supplyline.case.case import Case
    from supplyline.evidence.store.connection import Store

Row = dict[str, Any]

MEDIA: Final = "not known"
"""Form of a document that only a case tells of."""
READER: Final = "case"
"""Reader of a document that only a case tells of."""

_TEXTS: Final = {
    "sources": ("title", "publisher", "date", "address", "note"),
    "documents": ("name", "title", "publisher", "language", "address"),
    "claims": ("area", "unit"),  # the note is compared as a cell
    "readings": (
        *("counted", "hedge", "speaker", "base", "precision"),
        *("reviewer", "decided", "note"),
    ),
}
"""Columns of text from outside, by table."""


def import_claims(case: Case, store: Store) -> int:
    """Read claims with readings, their documents and sources into a store.

    What the store has already is left as it is; a candidate that it has decided on
    keeps that decision. Everything is taken in one step.

    Parameters
    ----------
    case : Case
        A case.
    store : Store
        Evidence store.

    Returns
    -------
    int
        Claims that were new to the store, or decided by the case alone.

    Raises
    ------
    EvidenceError
        If a claim has another source than its document; nothing is taken then.
    """
    refuse_other("case", case, "Case", "load_case")
    refuse_other("store", store, "Store", "open_evidence")
    tables = {name: _rows(case, name) for name in _TEXTS}
    claims = {row["claim"]: row for row in tables["claims"]}
    files = {row["document"]: row for row in tables["documents"]}
    _refuse_other_sources(case, claims, files, tables["readings"])
    with store.writing() as connection:
        _put_documents(connection, tables)
        return sum(
            _put_claim(connection, claims[row["claim"]], row)
            for row in tables["readings"]
        )


def _rows(case: Case, table: str) -> list[Row]:
    """Give the rows of a table, missing values as None and texts as they were."""
    rows: list[Row] = []
    for record in case.tables[table].to_dict("records"):
        row = {str(name): _value(value) for name, value in record.items()}
        for name in _TEXTS[table]:
            row[name] = from_cell(row[name])
        rows.append(row)
    return rows


def _value(value: Any) -> Any:  # noqa: ANN401 - value of any column
    """Give a value of a data frame as plain Python."""
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _refuse_other_sources(
    case: Case,
    claims: Mapping[str, Row],
    files: Mapping[str, Row],
    readings: list[Row],
) -> None:
    """Refuse claims that are said to be of another source than their document."""
    problems = [
        Problem(
            "claims.csv",
            None,
            "source",
            f"{shown(claims[row['claim']]['source'])} in claim {row['claim']}",
            f"{shown(files[row['document']]['source'])}, as its document has",
        )
        for row in readings
        if claims[row["claim"]]["source"] != files[row["document"]]["source"]
    ]
    if problems:
        raise EvidenceError(case.name, problems)


def _put_documents(connection: Connection, tables: Mapping[str, list[Row]]) -> None:
    """Insert the documents that the store does not have, with their sources."""
    known = set(connection.scalars(select(DOCUMENTS.c.sha256)))
    new = [row for row in tables["documents"] if row["document"] not in known]
    drafts = {row["source"]: SourceDraft(**row) for row in tables["sources"]}
    for row in new:
        put_source(connection, drafts.get(row["source"]) or _assumed(row["source"]))
        told = {
            "sha256": row["document"],
            "original": None,
            "text": None,
            "media": MEDIA,
            "warnings": "[]",
            "sketch": b"",
            "added": now(),
            "reader": READER,
            "relay_of": None,
        }
        own = {name: row[name] for name in row if name != "document"}
        insert_all(connection, DOCUMENTS, [own | told])
    for row in new:
        # a relay may be listed before the document that it repeats
        if row["relay_of"] is not None:
            named = DOCUMENTS.c.sha256 == row["document"]
            change = DOCUMENTS.update().where(named).values(relay_of=row["relay_of"])
            connection.execute(change)


def _assumed(source: str) -> SourceDraft:
    """Give the source of a document that has none of sources.csv."""
    return SourceDraft(source, source, "not stated", "not stated")


def _put_claim(connection: Connection, claim: Row, reading: Row) -> bool:
    """Insert one claim as a candidate with its decision, as far as it is not there."""
    name = claim["claim"]
    named = CANDIDATES.c.candidate == name
    candidate = connection.execute(select(CANDIDATES).where(named)).first()
    decided = DECISIONS.c.candidate == name
    if connection.execute(select(DECISIONS.c.number).where(decided)).first():
        return False
    fields = {part: reading.get(part, claim.get(part)) for part in FIELDS}
    if candidate is None:
        known = _next_ordinal(connection, reading["document"])
        fields |= {"candidate": name, "kind": "amount", "is_understood": True}
        row = {"document": reading["document"], "ordinal": known, "repeats": None}
        insert_all(connection, CANDIDATES, [fields | row])
        changed: Row = {}
    elif candidate.repeats is not None:
        return False  # another candidate speaks for it
    else:
        read = to_candidate(candidate)
        kept = ("candidate", "kind", "is_understood", "reason")
        changed = {
            part: value
            for part, value in fields.items()
            if part not in kept and value != getattr(read, part)
        }
        fields = {part: getattr(corrected(read, changed), part) for part in FIELDS}
    if (claim["note"] or "") != to_cell(draft_note(fields)):
        changed["claim_note"] = from_cell(claim["note"])
    row = {
        "candidate": name,
        "action": reading["decision"],
        "changed": to_json(changed),
        **{part: reading[part] for part in ("credibility", "reviewer", "decided")},
        "note": reading["note"],
    }
    insert_all(connection, DECISIONS, [row])
    return True


def _next_ordinal(connection: Connection, document: str) -> int:
    """Give the next free place among the candidates of a document."""
    named = CANDIDATES.c.document == document
    last = connection.scalar(select(func.max(CANDIDATES.c.ordinal)).where(named))
    return 0 if last is None else int(last) + 1
