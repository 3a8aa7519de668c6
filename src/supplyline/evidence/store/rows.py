"""Rows of the store: from what was read, and back."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from sqlalchemy import Boolean, Double, Integer, String, insert, select

from supplyline.errors import StoreError, shown
from supplyline.evidence.reading.candidate import Candidate
from supplyline.evidence.store.connection import now
from supplyline.evidence.store.faults import Day, UnreadableError
from supplyline.evidence.store.schema import CANDIDATES, DOCUMENTS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select, Table

    from supplyline.evidence.articles.article import Article
    from supplyline.evidence.doubts.known import Doubt
    from supplyline.evidence.store.connection import Store

FIELDS: Final = tuple(field.name for field in fields(Candidate))
"""Fields of a candidate."""

_DTYPES: Final = {
    Double: "float64",
    Integer: "Int64",
    Boolean: "bool",
    Day: "datetime64[us]",
}
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def to_candidate(row: Row[Any]) -> Candidate:
    """Turn a row of the store back into a candidate."""
    values = {name: getattr(row, name) for name in FIELDS}
    for name, value in values.items():
        kind = CANDIDATES.c[name].type.python_type
        is_number = kind is float and isinstance(value, int)
        if value is not None and not (is_number or isinstance(value, kind)):
            message = f"{shown(value)} in {name} is not of its kind"
            raise UnreadableError(message)
    return Candidate(**values)


def replace_unstorable(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    """Replace characters no database stores by U+FFFD."""
    if not isinstance(value, str):
        return value
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def insert_all(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows."""
    if rows:
        kept = [{name: replace_unstorable(row[name]) for name in row} for row in rows]
        connection.execute(insert(table), kept)


def put_source(connection: Connection, source: Any) -> None:  # noqa: ANN401 - any draft
    """Insert a source, unless it is there."""
    named = SOURCES.c.source == source.source
    if connection.execute(select(SOURCES.c.source).where(named)).first() is None:
        insert_all(connection, SOURCES, [asdict(source)])


def article_row(article: Article) -> dict[str, Any]:
    """Give the row of a document as it was read."""
    row = {field.name: getattr(article, field.name) for field in fields(article)}
    row["warnings"] = json.dumps(article.warnings, ensure_ascii=False)
    row["added"] = now()
    return row


def candidate_row(candidate: Candidate, document: str, ordinal: int) -> dict[str, Any]:
    """Give the row of a candidate."""
    row = {name: getattr(candidate, name) for name in FIELDS}
    return {**row, "document": document, "ordinal": ordinal, "repeats": None}


def doubt_row(doubt: Doubt) -> dict[str, Any]:
    """Give the row of a doubt."""
    return {
        "candidate": doubt.candidate,
        "rule": doubt.rule,
        "text": doubt.text,
        "against": json.dumps(list(doubt.against), ensure_ascii=False),
    }


def candidates_of(connection: Connection, document: str) -> list[str]:
    """Give the candidates that the store has of a document."""
    query = select(CANDIDATES.c.candidate).where(CANDIDATES.c.document == document)
    return list(connection.scalars(query))


def find_root(connection: Connection, document: str | None) -> str | None:
    """Find the document that is first repeated, where a relay repeats a relay."""
    if document is None:
        return None
    query = select(DOCUMENTS.c.relay_of).where(DOCUMENTS.c.sha256 == document)
    row = connection.execute(query).first()
    if row is None:
        message = f"the store has no document {shown(document)} that could be repeated"
        raise StoreError(message)
    return str(row.relay_of or document)


def to_frame(store: Store, query: Select[Any]) -> pd.DataFrame:
    """Ask the store, and give the rows as a data frame."""
    columns: dict[str, pd.Series[Any]] = {}
    with store.reading() as connection:
        rows = connection.execute(query).all()
        for number, column in enumerate(query.selected_columns):
            values = [row[number] for row in rows]
            columns[column.name] = _series(column, values)
    return pd.DataFrame(columns)


def _series(column: ColumnElement[Any], values: list[Any]) -> pd.Series[Any]:
    """Give the values of a column in its type; refuse those of another kind."""
    kinds = [_DTYPES[kind] for kind in _DTYPES if isinstance(column.type, kind)]
    if isinstance(column.type, String):
        wrong = [v for v in values if v is not None and not isinstance(v, str)]
        if wrong:
            message = f"{shown(wrong[0])} in {column.name} is no text"
            raise UnreadableError(message)
    return pd.Series(values, dtype=kinds[0] if kinds else "object")
