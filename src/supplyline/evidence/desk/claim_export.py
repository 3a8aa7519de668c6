"""Write accepted claims into the tables of a case, and read them back.

The tables are the whole of what was accepted: written from one store, read into an
empty one and written again, they are the same to the byte.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from supplyline.case.frames import write_cell
from supplyline.errors import shown
from supplyline.evidence.desk.cells import to_cell
from supplyline.evidence.desk.restore import import_claims
from supplyline.evidence.desk.writing import cells_of, refuse_packaged, write_changes
from supplyline.evidence.store.decisions import accepted
from supplyline.evidence.store.documents import candidates, documents, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from supplyline.case.case import Case
    from supplyline.evidence.store.connection import Store

__all__ = [
    "ClaimChange",
    "ClaimProposal",
    "export_claims",
    "import_claims",
    "propose_claims",
]

Cells = dict[str, str]
Tables = dict[str, list[Cells]]

TABLES: Final = {
    "sources": "source",
    "documents": "document",
    "claims": "claim",
    "readings": "claim",
}
"""Tables that are written, and the column that names a row."""
NOT_GRADED: Final = 6
"""Credibility of a claim that nobody has graded: it cannot be judged."""


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """What the export did with one row."""

    what: Literal["added", "changed", "removed", "held back"]
    table: str
    row: str
    text: str

    def __str__(self) -> str:
        """Write it in one line."""
        return f"{self.table} {self.row} {self.what}: {self.text}"


@dataclass(frozen=True, slots=True)
class ClaimProposal:
    """What accepted claims would change in a case."""

    tables: Tables
    changes: tuple[ClaimChange, ...]


def export_claims(case: Case, store: Store) -> tuple[ClaimChange, ...]:
    """Write accepted claims with sources, documents and readings into a case folder.

    The case is checked with its new tables before any of them is written; see
    `propose_claims`.
    """
    refuse_packaged(case)
    proposal = propose_claims(case, store)
    if any(change.what != "held back" for change in proposal.changes):
        write_changes(case, proposal.tables)
    return proposal.changes


def propose_claims(case: Case, store: Store) -> ClaimProposal:
    """Say what accepted claims would change in a case, and write nothing.

    Rows that no store wrote are left as they are and stand first. A claim that is
    accepted no more is taken out. What begins after the case's cut-off is held back.
    """
    before = {name: cells_of(case, name) for name in TABLES}
    own = accepted(store)
    told = {row["claim"] for row in before["claims"]}
    late = _late(own, told, case.config.cutoff)
    own = own[~own["candidate"].isin({change.row for change in late})]
    after = _merged(before, _own_cells(own, store), store)
    changes = [
        change
        for name, key in TABLES.items()
        for change in _compared(name, key, before[name], after[name])
    ]
    return ClaimProposal(after, (*changes, *late))


def _late(own: pd.DataFrame, told: set[str], cutoff: date) -> list[ClaimChange]:
    """Find claims of what begins after the cut-off, unless the case has them."""
    rows = own[(own["start"] > pd.Timestamp(cutoff)) & ~own["candidate"].isin(told)]
    return [
        ClaimChange(
            "held back",
            "claims",
            str(row.candidate),
            f"speaks of {row.start:%Y-%m-%d}, after the cut-off, {cutoff}",
        )
        for row in rows.itertuples()
    ]


def _own_cells(own: pd.DataFrame, store: Store) -> Tables:
    """Write what the store says as cells."""
    kept = _carrying(documents(store), set(own["document"]))
    drafts = sources(store)
    named = list(dict.fromkeys(kept["source"]))
    return {
        "sources": [_text_cells(asdict(drafts[name]), "source") for name in named],
        "documents": [_document_cells(row) for row in kept.to_dict("records")],
        "claims": [_claim_cells(row) for row in own.to_dict("records")],
        "readings": [_reading_cells(row) for row in own.to_dict("records")],
    }


def _carrying(listed: pd.DataFrame, used: set[str]) -> pd.DataFrame:
    """Give the documents of claims, those they relay, and those that relay them."""
    roots = used | set(listed.loc[listed["sha256"].isin(used), "relay_of"].dropna())
    return listed[listed["sha256"].isin(roots) | listed["relay_of"].isin(roots)]


def _text_cells(row: Mapping[Any, Any], key: str) -> Cells:
    """Write a row of text; what a case needs and nobody stated is said to be so."""
    needed = ("title", "publisher", "date")
    cells = {
        name: value if name == key else to_cell(value) for name, value in row.items()
    }
    return {
        name: cell or ("not stated" if name in needed else "")
        for name, cell in cells.items()
    }


def _document_cells(row: Mapping[Any, Any]) -> Cells:
    """Write the row of a document."""
    texts = ("title", "publisher", "language", "address")
    plain = ("published", "published_precision", "relay_of", "source")
    return {
        "document": str(row["sha256"]),
        "name": to_cell(row["name"]) or str(row["sha256"]),
        **{name: to_cell(row[name]) for name in texts},
        **{name: write_cell(row[name]) for name in plain},
    }


def _claim_cells(row: Mapping[Any, Any]) -> Cells:
    """Write the row of a claim."""
    plain = ("subject", "quantity", "value", "low", "high", "start", "end", "source")
    return {
        "claim": str(row["candidate"]),
        "area": to_cell(row["area"]),
        "unit": to_cell(row["unit"]),
        "note": to_cell(row["claim_note"]),
        **{name: write_cell(row[name]) for name in plain},
    }


def _reading_cells(row: Mapping[Any, Any]) -> Cells:
    """Write how a claim was read."""
    texts = ("counted", "hedge", "speaker", "base", "precision", "reviewer", "note")
    spans = ("span_start", "span_end", "sentence_start", "sentence_end")
    plain = (*spans, "document", "actor", "decision", "decided")
    grade = NOT_GRADED if pd.isna(row["credibility"]) else int(row["credibility"])
    return {
        "claim": str(row["candidate"]),
        "credibility": str(grade),
        **{name: to_cell(row[name]) for name in texts},
        **{name: write_cell(row[name]) for name in plain},
    }


def _merged(before: Tables, own: Tables, store: Store) -> Tables:
    """Put the rows of the store beside those that it knows nothing of."""
    known = set(candidates(store)["candidate"])
    others = [row for row in before["claims"] if row["claim"] not in known]
    foreign = [row for row in before["readings"] if row["claim"] not in known]
    read = {row["claim"] for row in foreign}
    listed = _merged_documents(before, own, foreign, set(documents(store)["sha256"]))
    place = {row["document"]: number for number, row in enumerate(listed)}
    readings = sorted(
        [*foreign, *own["readings"]],
        key=lambda row: place.get(row["document"], len(place)),
    )
    rows = {row["claim"]: row for row in [*others, *own["claims"]]}
    named = {row["source"] for row in before["sources"]}
    new = [row for row in own["sources"] if row["source"] not in named]
    return {
        "sources": [*before["sources"], *new],
        "documents": listed,
        "claims": [
            *(row for row in others if row["claim"] not in read),
            *(rows[row["claim"]] for row in readings),
        ],
        "readings": readings,
    }


def _merged_documents(
    before: Tables, own: Tables, foreign: Sequence[Cells], known: set[str]
) -> list[Cells]:
    """Keep documents in their places; leave out those that carry nothing any more."""
    mine = {row["document"]: row for row in own["documents"]}
    needed = {row["document"] for row in foreign}
    needed |= {row["document"] for row in before["documents"]} - known
    needed |= {
        row["relay_of"] for row in before["documents"] if row["document"] in needed
    }
    old = [
        mine.get(row["document"], row)
        for row in before["documents"]
        if row["document"] in mine or row["document"] in needed
    ]
    there = {row["document"] for row in old}
    return [*old, *(row for name, row in mine.items() if name not in there)]


def _compared(
    table: str, key: str, before: Iterable[Cells], after: Iterable[Cells]
) -> list[ClaimChange]:
    """Tell what became of the rows of one table."""
    old = {row[key]: row for row in before}
    new = {row[key]: row for row in after}
    changes: list[ClaimChange] = []
    for name, row in new.items():
        if name not in old:
            changes.append(ClaimChange("added", table, name, _describe_row(table, row)))
        elif old[name] != row:
            fields = [
                f"{field} {shown(old[name][field])} -> {shown(cell)}"
                for field, cell in row.items()
                if old[name].get(field) != cell
            ]
            changes.append(ClaimChange("changed", table, name, ", ".join(fields)))
    gone = [name for name in old if name not in new]
    changes += [
        ClaimChange("removed", table, name, _describe_row(table, old[name]))
        for name in gone
    ]
    return changes


def _describe_row(table: str, row: Cells) -> str:
    """Say in short what a row says."""
    if table == "claims":
        number = row["value"] or f"{row['low']} to {row['high']}"
        what = f"{row['subject']} {row['quantity']}, {row['area']}"
        return f"{number} {row['unit']}, {what}, {row['start']} to {row['end']}"
    if table == "readings":
        return f"{row['decision']} by {row['reviewer']}, {row['decided']}"
    return shown(row["title"] or row.get("name", ""))
