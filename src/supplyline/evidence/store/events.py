"""Put files of events into the store, and take events out of it.

One file is one transaction. A row is named by its data set and identifier; the newest
release of it is kept, whichever file came first. What a data set took back stays away
until a newer row brings it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import and_, case, delete, func, insert, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite

from supplyline.evidence.events.containers import digest
from supplyline.evidence.events.event_columns import (
    AGGREGATE_COLUMNS,
    EVENT_COLUMNS,
    EVENT_SCHEMA,
    PRICE_COLUMNS,
)
from supplyline.evidence.store.connection import now
from supplyline.evidence.store.event_tables import (
    DELETIONS,
    EVENT_FILES,
    EVENTS,
    FLAGGED_ROWS,
    KEY,
    NOT_CONTENT,
    SCHEMAS,
    TABLES,
    staging_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Connection, Select, Table

    from supplyline.evidence.events.event_file import EventFile
    from supplyline.evidence.store.connection import Store

COUNTS: Final = ("new", "changed", "same", "older", "buried", "deleted", "flagged")
"""What can become of a row: a newer one is there already (older), or it was taken back
before (buried); deleted counts events that this file takes back."""

_NAMES: Final = {
    "events": EVENT_COLUMNS,
    "aggregates": AGGREGATE_COLUMNS,
    "prices": PRICE_COLUMNS,
}
_KEYS_PER_STATEMENT: Final = 500


def put_events(store: Store, file: EventFile) -> dict[str, int]:
    """Put the rows of a file into the store, all of them or none."""
    counts = dict.fromkeys(COUNTS, 0)
    with store.writing() as connection:
        before = _taken(connection, file.sha256)
        if before is not None:
            flagged = int(before["flagged"])
            return {**counts, "same": file.rows - flagged, "flagged": flagged}
        number = _record(connection, file)
        if file.kind == "deletions":
            counts["deleted"] = _retract(connection, file, number)
            for batch in file.flagged_deletions():
                counts["flagged"] += _keep_flagged(connection, batch, number)
            for _ in file.pieces():
                pass
        else:
            counts.update(_put_rows(connection, file, number))
        done = EVENT_FILES.update().where(EVENT_FILES.c.file == number)
        connection.execute(done.values(counts))
    return counts


def was_taken(store: Store, path: Path) -> bool:
    """Tell whether a file was taken in before, without reading its rows."""
    sha256 = digest(path)
    with store.reading() as connection:
        return _taken(connection, sha256) is not None


def events_between(
    store: Store,
    first: date,
    last: date,
    box: tuple[float, float, float, float] | None = None,
) -> pd.DataFrame:
    """Take out events that overlap a period."""
    table = EVENTS.c
    query = select(*(table[name] for name in EVENT_COLUMNS))
    query = query.where(table.start <= last, table.end >= first)
    if box is not None:
        west, south, east, north = box
        within = table.lon.between(west, east), table.lat.between(south, north)
        query = query.where(*within)
    query = query.order_by(table.start, table.data_set, table.data_id)
    return _frame(store, query, EVENT_COLUMNS, EVENT_SCHEMA)


def rows_of_kind(store: Store, kind: str) -> pd.DataFrame:
    """Take out all events, aggregates or prices."""
    table = TABLES[kind]
    query = select(*(table.c[name] for name in _NAMES[kind]))
    query = query.order_by(*(table.c[name] for name in KEY))
    return _frame(store, query, _NAMES[kind], SCHEMAS[kind])


def event_files(store: Store) -> pd.DataFrame:
    """List the files that were taken in."""
    names = tuple(column.name for column in EVENT_FILES.columns)
    return _frame(store, select(EVENT_FILES).order_by(EVENT_FILES.c.file), names)


def flagged_rows(store: Store, sha256: str | None = None) -> pd.DataFrame:
    """List rows that were not taken in, with the fault of each."""
    names = ("name", "line", "data_id", "field", "reason", "found", "record")
    table = FLAGGED_ROWS.c
    query = select(EVENT_FILES.c.name, *(table[name] for name in names[1:]))
    query = query.join_from(FLAGGED_ROWS, EVENT_FILES).order_by(table.number)
    if sha256 is not None:
        query = query.where(EVENT_FILES.c.sha256 == sha256)
    return _frame(store, query, names)


def _frame(
    store: Store, query: Select[Any], names: Sequence[str], schema: pa.Schema = None
) -> pd.DataFrame:
    """Ask, and lay the answer out; in the types of a schema, if there is one."""
    with store.reading() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
        frame = pd.DataFrame.from_records(rows, columns=list(names))
        return frame if schema is None else _typed(frame, schema)


def _typed(frame: pd.DataFrame, schema: pa.Schema) -> pd.DataFrame:
    """Give each column its type, also where every cell of it is empty."""
    types = {}
    for field in schema:
        if pa.types.is_string(field.type):
            types[field.name] = "str"
        elif pa.types.is_boolean(field.type):
            types[field.name] = "bool"
        elif field.name in NOT_CONTENT:
            types[field.name] = "int64"
        elif not pa.types.is_date(field.type):
            # a number that is missing has no whole form
            types[field.name] = "float64"
    return frame.astype(types)


def _taken(connection: Connection, sha256: str) -> dict[str, Any] | None:
    """Find a file that was taken in before."""
    query = select(EVENT_FILES).where(EVENT_FILES.c.sha256 == sha256)
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def _record(connection: Connection, file: EventFile) -> int:
    """Write down a file, and give its number."""
    values = {
        "sha256": file.sha256,
        "name": file.path.name.encode("utf-8", "replace").decode("utf-8"),
        "data_set": file.data_set,
        "layout": file.layout,
        "kind": file.kind,
        "release": file.release,
        "licence": file.licence,
        "rows": file.rows,
        "added": now(),
        **dict.fromkeys(COUNTS, 0),
    }
    result = connection.execute(insert(EVENT_FILES).values(values))
    key = result.inserted_primary_key
    return int(key[0]) if key else 0


def _put_rows(connection: Connection, file: EventFile, number: int) -> dict[str, int]:
    """Put the rows of a file in their places, and count what became of them."""
    target = TABLES[file.kind]
    of_set = select(target.c.data_id).where(target.c.data_set == file.data_set)
    is_first = connection.execute(of_set.limit(1)).first() is None
    retractions = _retractions(connection, file.data_set)
    counts = dict.fromkeys(COUNTS, 0)
    # no row can be there already: a file holds each identifier once
    table = target if is_first else staging_of(file.kind)
    if not is_first:
        table.create(connection)
    for piece in file.pieces():
        rows, buried = _without_retracted(piece.rows, retractions)
        counts["buried"] += buried
        _load(connection, table, rows, number if is_first else None)
        counts["new"] += rows.num_rows
        counts["flagged"] += _keep_flagged(connection, piece.flagged, number)
    if not is_first:
        counts.update(_merge(connection, table, target, number))
        table.drop(connection)
    return counts


def _load(
    connection: Connection, table: Table, rows: pa.RecordBatch, number: int | None
) -> None:
    """Load rows as fast as the database can; with the number of their file, if any."""
    if not rows.num_rows:
        return
    if number is not None:
        rows = rows.append_column("file", pa.repeat(number, rows.num_rows))
    names = ", ".join(f'"{name}"' for name in rows.schema.names)
    if connection.dialect.name == "postgresql":
        driver = connection.connection.driver_connection
        with (
            driver.cursor() as cursor,  # type: ignore[union-attr]
            cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy,
        ):
            for row in _tuples(rows):
                copy.write_row(row)
        return
    marks = ", ".join("?" * rows.num_columns)
    # the names are those of the schema, never of a file
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608
    connection.exec_driver_sql(statement, list(_tuples(rows)))


def _tuples(rows: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    """Give rows as tuples; days as text, which both databases read."""
    columns = [
        column.cast(pa.string()) if pa.types.is_date(column.type) else column
        for column in rows.columns
    ]
    return zip(*(column.to_pylist() for column in columns), strict=True)


def _merge(
    connection: Connection, staging: Table, target: Table, number: int
) -> dict[str, int]:
    """Put staged rows in their place unless a newer one is there, and count."""
    names = [column.name for column in staging.columns]
    content = [name for name in names if name not in NOT_CONTENT]
    same_row = and_(*(target.c[name] == staging.c[name] for name in KEY))
    is_older = target.c.version > staging.c.version
    is_same = and_(
        *(target.c[name].is_not_distinct_from(staging.c[name]) for name in content)
    )
    fate = case((is_older, "older"), (is_same, "same"), else_="changed")
    query = select(fate, func.count()).join_from(staging, target, same_row)
    counts = {"older": 0, "same": 0, "changed": 0}
    fates = connection.execute(query.group_by(fate))
    counts.update(dict(map(tuple, fates)))
    total = connection.execute(select(func.count()).select_from(staging)).scalar() or 0
    counts["new"] = total - sum(counts.values())
    is_sqlite = connection.dialect.name == "sqlite"
    make = sqlite.insert if is_sqlite else postgresql.insert
    # SQLite takes ON CONFLICT after a bare SELECT for a join
    chosen = select(*(staging.c[name] for name in names), literal(number)).where(true())
    statement = make(target).from_select([*names, "file"], chosen)
    changes = {
        name: statement.excluded[name] for name in (*content, "line", "version", "file")
    }
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(KEY),
            set_=changes,
            where=target.c.version <= statement.excluded.version,
        )
    )
    return counts


def _retractions(connection: Connection, data_set: str) -> tuple[pa.Array, pa.Array]:
    """Give the identifiers that were taken back, and up to which version."""
    query = select(DELETIONS.c.data_id, DELETIONS.c.version)
    rows = connection.execute(query.where(DELETIONS.c.data_set == data_set)).all()
    keys = pa.array([row[0] for row in rows], pa.string())
    return keys, pa.array([row[1] for row in rows], pa.int64())


def _without_retracted(
    rows: pa.RecordBatch, retractions: tuple[pa.Array, pa.Array]
) -> tuple[pa.RecordBatch, int]:
    """Leave out rows that were taken back and are not newer than that."""
    keys, versions = retractions
    if not len(keys):
        return rows, 0
    limit = versions.take(pc.index_in(rows.column("data_id"), keys))
    kept = rows.filter(pc.greater(rows.column("version"), pc.fill_null(limit, -1)))
    return kept, rows.num_rows - kept.num_rows


def _retract(connection: Connection, file: EventFile, number: int) -> int:
    """Take back events, and remember that they were; count those that were there."""
    keys = list(file.deletions)
    deleted = 0
    is_sqlite = connection.dialect.name == "sqlite"
    make = sqlite.insert if is_sqlite else postgresql.insert
    greatest = func.max if is_sqlite else func.greatest
    for start in range(0, len(keys), _KEYS_PER_STATEMENT):
        part = keys[start : start + _KEYS_PER_STATEMENT]
        values = [
            {
                "data_set": file.data_set,
                "data_id": key,
                "version": file.deletions[key],
                "file": number,
            }
            for key in part
        ]
        statement = make(DELETIONS)
        version = greatest(DELETIONS.c.version, statement.excluded.version)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=list(KEY), set_={"version": version}
            ),
            values,
        )
        limit = (
            select(DELETIONS.c.version)
            .where(*(DELETIONS.c[name] == EVENTS.c[name] for name in KEY))
            .scalar_subquery()
        )
        gone = delete(EVENTS).where(
            EVENTS.c.data_set == file.data_set,
            EVENTS.c.data_id.in_(part),
            EVENTS.c.version <= limit,
        )
        deleted += connection.execute(gone).rowcount
    return deleted


def _keep_flagged(connection: Connection, batch: pa.RecordBatch, number: int) -> int:
    """Keep flagged rows."""
    if batch.num_rows:
        rows = [{**row, "file": number} for row in batch.to_pylist()]
        connection.execute(insert(FLAGGED_ROWS), rows)
    return int(batch.num_rows)
