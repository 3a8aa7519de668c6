"""Tables of the evidence store, the same on SQLite and PostgreSQL.

Moments are ISO 8601 text in UTC, so that both databases give back what was put in.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from supplyline.evidence.store.faults import Day

SCHEMA: Final = 1
"""Version of the tables; a store of a newer one is refused."""
ACTIONS: Final = ("accept", "correct", "reject", "skip")
"""What a reviewer can do with a candidate."""

METADATA: Final = MetaData()
"""Every table of the store."""

STORE: Final = Table(
    "store",
    METADATA,
    Column("row", Integer, CheckConstraint("row = 1"), primary_key=True),
    Column("schema", Integer, nullable=False),
    Column("created", String(40), nullable=False),
)
"""One row: the version of the tables."""

SOURCES: Final = Table(
    "sources",
    METADATA,
    Column("source", String(80), primary_key=True),
    Column("title", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("address", Text),
    Column("reliability", String(1), nullable=False),
    Column("note", Text),
)
"""Rows of sources.csv, or drafts of them."""

DOCUMENTS: Final = Table(
    "documents",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("media", String(20), nullable=False),
    Column("original", LargeBinary),
    Column("text", Text),
    Column("title", Text),
    Column("publisher", Text),
    Column("published", Day),
    Column("published_precision", String(10)),
    Column("language", Text),
    Column("address", Text),
    Column("warnings", Text, nullable=False),
    Column("relay_of", String(64), ForeignKey("documents.sha256")),
    Column("source", String(80), ForeignKey("sources.source"), nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("added", String(40), nullable=False),
    Column("reader", String(40), nullable=False),
    sqlite_autoincrement=True,
)
"""Pages and files by SHA-256; original and text are empty where a case told of them."""

CANDIDATES: Final = Table(
    "candidates",
    METADATA,
    Column("candidate", String(80), primary_key=True),
    Column(
        "document",
        String(64),
        ForeignKey("documents.sha256"),
        nullable=False,
        index=True,
    ),
    Column("ordinal", Integer, nullable=False),
    Column("span_start", Integer, nullable=False),
    Column("span_end", Integer, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("value", Double),
    Column("low", Double),
    Column("high", Double),
    Column("unit", Text),
    Column("counted", Text),
    Column("subject", Text),
    Column("quantity", Text),
    Column("area", Text),
    Column("actor", Text),
    Column("start", Day),
    Column("end", Day),
    Column("precision", Text),
    Column("hedge", Text),
    Column("speaker", Text),
    Column("base", Text),
    Column("is_understood", Boolean, nullable=False),
    Column("reason", Text),
    Column("repeats", String(80), ForeignKey("candidates.candidate")),
    UniqueConstraint("document", "ordinal"),
)
"""Candidate claims; one that repeats another document's names the candidate there."""

DOUBTS: Final = Table(
    "doubts",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "candidate",
        String(80),
        ForeignKey("candidates.candidate"),
        nullable=False,
        index=True,
    ),
    Column("rule", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("against", Text, nullable=False),
)
"""What speaks against a candidate; against is a JSON list."""

DECISIONS: Final = Table(
    "decisions",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "candidate",
        String(80),
        ForeignKey("candidates.candidate"),
        nullable=False,
        index=True,
    ),
    Column(
        "action",
        String(10),
        CheckConstraint("action IN ('accept', 'correct', 'reject', 'skip')"),
        nullable=False,
    ),
    Column("changed", Text, nullable=False),
    Column("credibility", Integer, CheckConstraint("credibility BETWEEN 1 AND 6")),
    Column("reviewer", Text, nullable=False),
    Column("decided", String(40), nullable=False),
    Column("note", Text),
    sqlite_autoincrement=True,
)
"""What reviewers decided, in order; a row is never changed; changed is JSON."""

_REFUSAL: Final = "decisions are kept as they were made"
_REFUSE: Final = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
_IF_THERE: Final = (
    "WHEN EXISTS (SELECT 1 FROM decisions WHERE number = NEW.number) "  # noqa: S608 - fixed text
    f"{_REFUSE}"
)
_KEPT: Final = "EXECUTE FUNCTION decisions_kept()"
_TRIGGERS: Final = {
    "sqlite": (
        f"CREATE TRIGGER decisions_update BEFORE UPDATE ON decisions {_REFUSE}",
        f"CREATE TRIGGER decisions_delete BEFORE DELETE ON decisions {_REFUSE}",
        # INSERT OR REPLACE deletes without the trigger of a deletion
        f"CREATE TRIGGER decisions_replace BEFORE INSERT ON decisions {_IF_THERE}",
    ),
    "postgresql": (
        f"""CREATE OR REPLACE FUNCTION decisions_kept() RETURNS trigger
        LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
        f"""CREATE TRIGGER decisions_change BEFORE UPDATE OR DELETE ON decisions
        FOR EACH ROW {_KEPT}""",
        f"""CREATE TRIGGER decisions_truncate BEFORE TRUNCATE ON decisions
        FOR EACH STATEMENT {_KEPT}""",
    ),
}


def _refuse_changes(_: Table, connection: Connection, **_options: object) -> None:
    """Let the database itself refuse to change or delete a decision."""
    for statement in _TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


event.listen(DECISIONS, "after_create", _refuse_changes)
