"""Tables of events, aggregates, prices, the files they came from, and deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from supplyline.evidence.events.event_columns import (
    AGGREGATE_SCHEMA,
    EVENT_SCHEMA,
    PRICE_SCHEMA,
)
from supplyline.evidence.store.faults import Day
from supplyline.evidence.store.schema import METADATA

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

KEY: Final = ("data_set", "data_id")
"""Columns that name an event, aggregate or price."""
NOT_CONTENT: Final = ("line", "version", "file", *KEY)
"""Columns whose change is no change of what a row says."""

EVENT_FILES: Final = Table(
    "event_files",
    METADATA,
    Column("file", Integer, primary_key=True, autoincrement=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("data_set", String(40), nullable=False),
    Column("layout", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("release", Text),
    Column("licence", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("new", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("same", BigInteger, nullable=False),
    Column("older", BigInteger, nullable=False),
    Column("buried", BigInteger, nullable=False),
    Column("deleted", BigInteger, nullable=False),
    Column("flagged", BigInteger, nullable=False),
    Column("added", String(40), nullable=False),
)
"""Files that were taken in, with what became of their rows."""

FLAGGED_ROWS: Final = Table(
    "flagged_rows",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("file", Integer, ForeignKey("event_files.file"), nullable=False, index=True),
    Column("line", BigInteger, nullable=False),
    Column("data_id", Text),
    Column("field", Text),
    Column("reason", Text, nullable=False),
    Column("found", Text),
    Column("record", Text),
)
"""Rows that were not taken in, each with its first fault and what stood there."""

DELETIONS: Final = Table(
    "event_deletions",
    METADATA,
    Column("data_set", String(40), primary_key=True),
    Column("data_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("file", Integer, ForeignKey("event_files.file"), nullable=False),
)
"""Events that a data set took back; a row that is not newer does not come back."""


def _type(kind: pa.DataType) -> TypeEngine[Any]:
    """Give the type of a column of the database."""
    if pa.types.is_date(kind):
        return Day()
    if pa.types.is_boolean(kind):
        return Boolean()
    if pa.types.is_integer(kind):
        return BigInteger()
    return Double() if pa.types.is_floating(kind) else Text()


def _columns(schema: pa.Schema) -> list[Column[Any]]:
    """Give the columns of a table of rows."""
    return [
        Column(
            field.name,
            _type(field.type),
            primary_key=field.name in KEY,
            nullable=field.name not in NOT_CONTENT,
        )
        for field in schema
    ]


def _rows(name: str, schema: pa.Schema) -> Table:
    """Make a table of rows, named by data set and identifier."""
    file = Column("file", Integer, ForeignKey("event_files.file"), nullable=False)
    return Table(name, METADATA, *_columns(schema), file)


EVENTS: Final = _rows("events", EVENT_SCHEMA)
"""Events, the newest state of each."""
AGGREGATES: Final = _rows("event_aggregates", AGGREGATE_SCHEMA)
"""Monthly counts of events, the newest state of each."""
PRICES: Final = _rows("market_prices", PRICE_SCHEMA)
"""Market prices, the newest state of each."""
Index("events_start", EVENTS.c.start)

TABLES: Final = {"events": EVENTS, "aggregates": AGGREGATES, "prices": PRICES}
"""Table by the kind of a file."""
SCHEMAS: Final = {
    "events": EVENT_SCHEMA,
    "aggregates": AGGREGATE_SCHEMA,
    "prices": PRICE_SCHEMA,
}
"""Columns by the kind of a file."""


def staging_of(kind: str) -> Table:
    """Describe the temporary table into which the rows of a file are loaded."""
    columns = [Column(field.name, _type(field.type)) for field in SCHEMAS[kind]]
    return Table(f"staged_{kind}", MetaData(), *columns, prefixes=["TEMPORARY"])
