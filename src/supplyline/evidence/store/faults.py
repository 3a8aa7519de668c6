"""Faults of the database in plain words: which store, what is wrong, what to do."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, inspect
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.types import TypeDecorator

from supplyline.errors import StoreError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from sqlalchemy import Connection, MetaData
    from sqlalchemy.engine.interfaces import Dialect

PATIENCE_S: Final = 600.0
"""How long a writer waits for its turn before it gives up [s]."""

_REMEDY: Final = (
    "put back a copy of it, or move it away and add the documents and events again "
    "(`supplyline evidence import CASE` brings back the claims that the case has)"
)
_LOCKED: Final = (
    "database is locked",
    "database is busy",
    "database schema is locked",
    "lock timeout",
)
_DAMAGED_CODES: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_DAMAGED_WORDS: Final = ("Could not decode", "malformed", "no such ")
# what turning a value that is not of its column's kind raises
_CONVERSION: Final = (ValueError, TypeError, OverflowError, zlib.error)


class LockedError(Exception):
    """Another process has the right to write."""


class UnreadableError(Exception):
    """A value of the store is not of its column's kind."""


class Day(TypeDecorator["date"]):
    """A day; another value in its place is told as damage of the store."""

    impl = Date
    cache_ok = True

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], Any] | None:
        """Give what turns a stored value into a day."""
        convert = super().result_processor(dialect, coltype)
        if convert is None:
            return None

        def read(value: object) -> date | None:
            try:
                day: date | None = convert(value)
            except _CONVERSION as error:
                message = f"{shown(value)} is no day"
                raise UnreadableError(message) from error
            return day

        return read


@contextmanager
def plain_faults(where: str, *, is_reading: bool) -> Iterator[None]:
    """Tell faults of the database in plain words."""
    # a block that reads does nothing but turn rows into values
    conversion = _CONVERSION if is_reading else UnicodeDecodeError
    try:
        yield
    except IntegrityError:
        raise  # a mistake of the caller, not of the database
    except (DatabaseError, sqlite3.DatabaseError, LockedError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        reason = str(cause).strip().replace("\n", " ")
        if is_locked(error):
            minutes = PATIENCE_S / 60
            reason = f"another process has been writing for {minutes:.0f} min"
        elif _is_damage(cause):
            raise damaged(where, reason) from error
        message = f"evidence store {where}: {reason}"
        raise StoreError(message) from error
    except UnreadableError as error:
        raise damaged(where, str(error)) from error
    except conversion as error:
        raise damaged(where, f"a value cannot be read: {error}") from error


def damaged(where: str, reason: str) -> StoreError:
    """Tell that a store is damaged, and what to do."""
    told = "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in reason
    )
    return StoreError(f"evidence store {where} is damaged ({told}): {_REMEDY}")


def is_locked(error: Exception) -> bool:
    """Tell whether a fault is that another process holds the lock."""
    is_told = any(word in str(error) for word in _LOCKED)
    return is_told or isinstance(error, LockedError)


def check_columns(connection: Connection, where: str, metadata: MetaData) -> None:
    """Refuse a store whose tables lack a column, or keep another kind in it."""
    inspector = inspect(connection)
    is_sqlite = connection.dialect.name == "sqlite"
    for (_, name), columns in inspector.get_multi_columns().items():
        table = metadata.tables.get(name)
        if table is None:
            continue
        kinds = {column["name"]: str(column["type"]) for column in columns}
        for column in table.columns:
            wanted = column.type.compile(connection.dialect)
            kind = kinds.get(column.name)
            if kind is None:
                reason = f"table {name} has no column {column.name}"
                raise damaged(where, reason)
            if is_sqlite and kind != wanted:
                reason = f"column {name}.{column.name} is {kind}, not {wanted}"
                raise damaged(where, reason)


def _is_damage(cause: BaseException | None) -> bool:
    """Tell whether a fault of SQLite lies in the file itself."""
    code = getattr(cause, "sqlite_errorcode", 0)
    text = str(cause)
    # the low byte is the kind of the fault, the rest says more of it
    return code & 0xFF in _DAMAGED_CODES or any(w in text for w in _DAMAGED_WORDS)
