"""Open an evidence store: a SQLite file, or a PostgreSQL database by URL.

Writers take turns: a write transaction begins when it holds the only right to write, so
that it never meets another one half way. Readers see the store as it was when they
began, and wait for nobody.
"""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy import text as sql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from supplyline.errors import StoreError, shown
from supplyline.evidence.store import event_tables  # noqa: F401 - tables of the store
from supplyline.evidence.store.faults import (
    PATIENCE_S,
    LockedError,
    check_columns,
    damaged,
    is_locked,
    plain_faults,
)
from supplyline.evidence.store.schema import METADATA, SCHEMA, STORE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

TOLD_AFTER_S: Final = 2.0
"""How long a writer waits for its turn in silence [s]."""

_BUSY_MS: Final = 1_000  # SQLite's own wait, in which nothing can be said
_LOCK: Final = 0x5355_5050_4C59  # any number that only this program locks
_SCHEMES: Final = ("postgresql", "postgres")


class Store:
    """An open evidence store.

    Use it as a context manager, or close it.
    """

    def __init__(
        self, engine: Engine, on_wait: Callable[[str], None] | None = None
    ) -> None:
        self.engine = engine
        self.on_wait = on_wait
        url = engine.url
        is_file = url.get_backend_name() == "sqlite"
        self.where = str(url.database) if is_file else _without_password(url)

    def __enter__(self) -> Self:
        """Give the store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    def __repr__(self) -> str:
        """Name the store."""
        return f"<Store {self.where}>"

    @property
    def is_sqlite(self) -> bool:
        """Tell whether it is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in one write transaction, once it is this writer's turn.

        The transaction is kept if the block ends without an error, and undone else.
        """
        with (
            plain_faults(self.where, is_reading=False),
            self.engine.connect() as plain,
        ):
            connection = plain.execution_options(is_writing=True)
            with self.wait(connection.begin):
                if not self.is_sqlite:
                    self.wait(lambda: _take_turn(connection))
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the store as it is now."""
        with (
            plain_faults(self.where, is_reading=True),
            self.engine.connect() as plain,
        ):
            options: dict[str, Any] = {}
            if not self.is_sqlite:
                options = {
                    "isolation_level": "REPEATABLE READ",
                    "postgresql_readonly": True,
                }
            connection = plain.execution_options(**options)
            with self.wait(connection.begin):
                # the state that is read is fixed by the first question
                connection.execute(sql("SELECT 1"))
                yield connection

    def wait(self, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the call gives
        """Call, and call again while another process holds the lock."""
        began, pause, tell = time.monotonic(), 0.01, self.on_wait
        while True:
            try:
                return act()
            except (DatabaseError, sqlite3.DatabaseError, LockedError) as error:
                waited = time.monotonic() - began
                if not is_locked(error) or waited > PATIENCE_S:
                    raise
            if tell is not None and waited >= TOLD_AFTER_S:
                tell(
                    f"evidence store {self.where}: waiting for another process that is "
                    f"writing to it, {PATIENCE_S / 60:.0f} min at most"
                )
                tell = None
            time.sleep(pause * (0.5 + random.random()))
            pause = min(2 * pause, 1.0)


def open_store(
    where: str | Path, on_wait: Callable[[str], None] | None = None
) -> Store:
    """Open an evidence store; make its tables where there are none."""
    is_url = isinstance(where, str) and "://" in where
    engine = _postgresql(str(where)) if is_url else _sqlite(Path(where))
    with ExitStack() as stack:
        store = stack.enter_context(Store(engine, on_wait))
        _prepare(store)
        stack.pop_all()  # it stays open for the caller
    return store


def now() -> str:
    """Give the present moment as the store writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _sqlite(path: Path) -> Engine:
    """Make the engine of a SQLite file."""
    if str(path) == ":memory:":
        message = "a store in memory loses what is added; give a file"
        raise StoreError(message)
    try:
        if path.exists() and not path.is_file():
            message = f"{path}: no evidence store can be here; give a file in a folder"
            raise StoreError(message)
        if not path.resolve().parent.is_dir():
            message = f"{path}: no evidence store can be here; give a file in a folder"
            raise StoreError(message)
    except ValueError as error:  # a NUL byte in the path
        message = f"{shown(path)} is no name of a file"
        raise StoreError(message) from error
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(address: str) -> Engine:
    """Make the engine of a PostgreSQL database."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        message = "the address of the store cannot be read; expected postgresql://…"
        raise StoreError(message) from error
    if url.drivername not in _SCHEMES:
        known = "a file or postgresql://user@host/database"
        message = f"a store cannot be kept in {shown(url.drivername)}; give {known}"
        raise StoreError(message)
    if find_spec("psycopg") is None:
        message = "PostgreSQL needs one more part: pip install 'supplyline[postgresql]'"
        raise StoreError(message)
    return create_engine(url.set(drivername="postgresql+psycopg"))


def _set_up_connection(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI
    """Set up a new connection to SQLite."""
    # transactions are begun by _begin, not by the driver
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    # in WAL mode NORMAL may lose the last decisions when the power fails
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin a transaction on SQLite: at once with the right to write, if it writes."""
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
    if not is_writing:
        # the state that is read is fixed here, not at the first question
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")


def _take_turn(connection: Connection) -> None:
    """Take the only right to write to a PostgreSQL store; fail if another has it."""
    question = sql(f"SELECT pg_try_advisory_xact_lock({_LOCK})")
    if not connection.scalar(question):
        raise LockedError


def _prepare(store: Store) -> None:
    """Make the tables, or check that those there are can be used."""
    if store.is_sqlite:
        with plain_faults(store.where, is_reading=False):
            store.wait(lambda: _use_wal(store.engine))
    with store.reading() as connection:
        names = inspect(connection).get_table_names()
        if STORE.name in names:
            _check_version(connection, store.where)
            check_columns(connection, store.where, METADATA)
            if set(METADATA.tables) <= set(names):
                return
    with store.writing() as connection:
        names = inspect(connection).get_table_names()
        if names and STORE.name not in names:
            message = f"{store.where} is a database of something else"
            raise StoreError(message)
        METADATA.create_all(connection)
        if STORE.name not in names:
            row = {"row": 1, "schema": SCHEMA, "created": now()}
            connection.execute(insert(STORE).values(row))


def _use_wal(engine: Engine) -> None:
    """Let readers and a writer work side by side, from now on."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.close()
    finally:
        raw.close()


def _check_version(connection: Connection, where: str) -> None:
    """Refuse a store of a newer version."""
    version = connection.execute(select(STORE.c.schema)).scalar()
    if not isinstance(version, int) or version < 1:
        raise damaged(where, f"its version is {shown(version)}")
    if version > SCHEMA:
        message = (
            f"{where} is an evidence store of version {version}, and this supplyline "
            f"knows versions up to {SCHEMA}; use a newer supplyline"
        )
        raise StoreError(message)


def _without_password(url: URL) -> str:
    """Write an address without its password."""
    plain = url.set(drivername="postgresql", password=None)
    return plain.set(query={}).render_as_string(hide_password=True)
