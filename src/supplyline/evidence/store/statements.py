"""A candidate beside its sentence: what a reviewer sees, and what a claim rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from supplyline.errors import shown
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.store.faults import UnreadableError
from supplyline.evidence.store.rows import to_candidate
from supplyline.evidence.store.schema import CANDIDATES, DOCUMENTS, DOUBTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row

    from supplyline.evidence.reading.candidate import Candidate
    from supplyline.evidence.store.connection import Store


@dataclass(frozen=True, slots=True)
class Statement:
    """A candidate beside the sentence and the document it was read from."""

    candidate: Candidate
    document: Mapping[str, Any]
    before: str | None
    number: str | None
    after: str | None
    doubts: tuple[Doubt, ...]
    repeats: str | None
    repeated_by: tuple[str, ...]

    @property
    def sentence(self) -> str | None:
        """Give the sentence."""
        if self.number is None:
            return None
        return f"{self.before}{self.number}{self.after}"


def find_statement(store: Store, candidate: str) -> Statement | None:
    """Find a candidate with its sentence, its document and its doubts."""
    hidden = {"original", "sketch"}
    shown_columns = [column for column in DOCUMENTS.c if column.name not in hidden]
    with store.reading() as connection:
        named = CANDIDATES.c.candidate == candidate
        row = connection.execute(select(CANDIDATES).where(named)).first()
        if row is None:
            return None
        read = to_candidate(row)
        holds = DOCUMENTS.c.sha256 == row.document
        document = connection.execute(select(*shown_columns).where(holds)).first()
        if document is None:
            message = f"{shown(candidate)} is of a document that is not there"
            raise UnreadableError(message)
        of = DOUBTS.c.candidate == candidate
        kept = select(DOUBTS).where(of).order_by(DOUBTS.c.number)
        doubts = tuple(map(_doubt, connection.execute(kept)))
        again = CANDIDATES.c.repeats == candidate
        relays = connection.scalars(select(CANDIDATES.c.document).where(again)).all()
    about = dict(document._mapping)  # noqa: SLF001 - the way SQLAlchemy gives a row
    before, number, after = _parted(about.pop("text"), read)
    return Statement(
        candidate=read,
        document=about,
        before=before,
        number=number,
        after=after,
        doubts=doubts,
        repeats=row.repeats,
        repeated_by=tuple(sorted(set(relays))),
    )


def _parted(
    text: str | None, candidate: Candidate
) -> tuple[str, str, str] | tuple[None, None, None]:
    """Part the sentence of a candidate at its number."""
    if text is None:
        return None, None, None
    first, last = candidate.sentence_start, candidate.sentence_end
    start = max(candidate.span_start, first)
    end = max(start, candidate.span_end)
    return text[first:start], text[start:end], text[end : max(end, last)]


def _doubt(row: Row[Any]) -> Doubt:
    """Read a doubt."""
    against = tuple(json.loads(row.against))
    return Doubt(row.candidate, row.rule, row.text, against)
