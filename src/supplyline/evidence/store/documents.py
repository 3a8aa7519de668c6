"""Documents and candidate claims in the store.

A document is put in whole, in one transaction, and never changed afterwards; putting it
in again does nothing. Spans count characters of the text as it is kept.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from supplyline.errors import StoreError, shown
from supplyline.evidence.store.repeats import link_repeats
from supplyline.evidence.store.review_queue import queue
from supplyline.evidence.store.rows import (
    article_row,
    candidate_row,
    candidates_of,
    doubt_row,
    find_root,
    insert_all,
    put_source,
    replace_unstorable,
    to_candidate,
    to_frame,
)
from supplyline.evidence.store.schema import CANDIDATES, DOCUMENTS, DOUBTS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from sqlalchemy import Connection

    from supplyline.evidence.articles.article import Article
    from supplyline.evidence.doubts.known import Doubt
    from supplyline.evidence.reading.candidate import Candidate
    from supplyline.evidence.store.connection import Store

READER: Final = "1"
"""Version of the reading; kept with each document that was read by it."""


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A row of sources.csv, or what will become one."""

    source: str
    title: str
    publisher: str
    date: str
    address: str | None = None
    reliability: str = "F"
    note: str | None = None


def put_document(  # noqa: PLR0913 - a document is put in whole
    store: Store,
    article: Article,
    original: bytes,
    candidates: Sequence[Candidate],
    doubts: Sequence[Doubt],
    *,
    source: SourceDraft,
    relay_of: str | None,
    sketch: bytes,
) -> bool:
    """Put in a document with all that was read from it, or nothing of it."""
    if sha256(original).hexdigest() != article.sha256:
        message = f"{shown(article.name)}: the bytes are not those that were read"
        raise StoreError(message)
    row = {
        **article_row(article),
        "original": zlib.compress(original),
        "source": source.source,
        "sketch": sketch,
        "reader": READER,
    }
    with store.writing() as connection:
        known = connection.execute(
            select(DOCUMENTS.c.number, DOCUMENTS.c.text).where(
                DOCUMENTS.c.sha256 == article.sha256
            )
        ).first()
        if known is not None and known.text is not None:
            return False
        row["relay_of"] = find_root(connection, relay_of)
        if known is None:
            put_source(connection, source)
            insert_all(connection, DOCUMENTS, [row])
        else:
            # the case told of it before; now its text is known
            del row["source"]
            there = DOCUMENTS.c.number == known.number
            kept = {name: replace_unstorable(value) for name, value in row.items()}
            connection.execute(DOCUMENTS.update().where(there).values(kept))
        rows = [candidate_row(c, article.sha256, n) for n, c in enumerate(candidates)]
        new = _without_known(connection, article.sha256, rows)
        if row["relay_of"] is not None:
            link_repeats(connection, row["relay_of"], new, article.text)
        insert_all(connection, CANDIDATES, new)
        added = {row["candidate"] for row in new}
        told = [doubt_row(doubt) for doubt in doubts if doubt.candidate in added]
        insert_all(connection, DOUBTS, told)
    return True


def documents(store: Store) -> pd.DataFrame:
    """List the documents, in the order in which they were added."""
    hidden = {"original", "text", "sketch"}
    columns = [column for column in DOCUMENTS.c if column.name not in hidden]
    known = DOCUMENTS.c.text.is_not(None).label("is_read")
    return to_frame(store, select(*columns, known).order_by(DOCUMENTS.c.number))


def candidates(
    store: Store, status: str | None = None, document: str | None = None
) -> pd.DataFrame:
    """List the candidates, in the order of the documents and of their texts."""
    query = queue(status)
    if document is not None:
        query = query.where(CANDIDATES.c.document == document)
    order = (DOCUMENTS.c.number, CANDIDATES.c.ordinal)
    return to_frame(store, query.order_by(*order))


def document_text(store: Store, document: str) -> str | None:
    """Give the own text of a document."""
    query = select(DOCUMENTS.c.text).where(DOCUMENTS.c.sha256 == document)
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise _no_document(document)
    return None if row.text is None else str(row.text)


def document_original(store: Store, document: str) -> bytes | None:
    """Give the bytes of a document as it was added."""
    query = select(DOCUMENTS.c.original).where(DOCUMENTS.c.sha256 == document)
    with store.reading() as connection:
        row = connection.execute(query).first()
        if row is None:
            raise _no_document(document)
        return None if row.original is None else zlib.decompress(row.original)


def sketches(store: Store) -> dict[str, bytes]:
    """Give the fingerprint of every text."""
    query = select(DOCUMENTS.c.sha256, DOCUMENTS.c.sketch).order_by(DOCUMENTS.c.number)
    with store.reading() as connection:
        rows = connection.execute(query).all()
        return {row.sha256: bytes(row.sketch) for row in rows if row.sketch}


def sources(store: Store) -> dict[str, SourceDraft]:
    """Give the sources of the documents."""
    with store.reading() as connection:
        rows = connection.execute(select(SOURCES).order_by(SOURCES.c.source)).all()
    return {row.source: SourceDraft(**row._mapping) for row in rows}  # noqa: SLF001


def document_candidates(store: Store, document: str) -> tuple[Candidate, ...]:
    """Give the candidates of a document, in the order of its text."""
    query = select(CANDIDATES).where(CANDIDATES.c.document == document)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(CANDIDATES.c.ordinal)).all()
        return tuple(map(to_candidate, rows))


def _without_known(
    connection: Connection, document: str, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Leave out candidates that are there, and put those in the order of the text."""
    known = set(candidates_of(connection, document))
    order = {row["candidate"]: row["ordinal"] for row in reversed(rows)}
    far = len(rows) + len(known)
    # first out of the way: no two of a document may have one ordinal
    for offset in (far, 0):
        for number, name in enumerate(sorted(known)):
            ordinal = offset + order.get(name, len(rows) + number)
            named = CANDIDATES.c.candidate == name
            connection.execute(CANDIDATES.update().where(named).values(ordinal=ordinal))
    new = {row["candidate"]: row for row in reversed(rows)}
    return [row for name, row in reversed(new.items()) if name not in known]


def _no_document(document: str) -> StoreError:
    """Tell that a document is not in the store."""
    return StoreError(f"the store has no document {shown(document)}")
