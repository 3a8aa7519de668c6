"""Damaged and locked stores: told by their file, with what to do."""

import random
import sqlite3
from contextlib import ExitStack, closing, suppress
from datetime import date

import pytest

from made_articles import made_article, made_candidates, put
from postgres import postgresql, store, store_address
from supplyline.errors import StoreError
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.store import connection as connections
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.decisions import accepted, decide, decisions, pending
from supplyline.evidence.store.documents import (
    candidates,
    document_candidates,
    document_original,
    document_text,
    documents,
    sketches,
    sources,
)
from supplyline.evidence.store.events import event_files, events_between, rows_of_kind
from supplyline.evidence.store.statements import find_statement

__all__ = ["postgresql", "store", "store_address"]


HEADER = 100
"""Bytes of a SQLite file that say what it is [bytes]."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Give the bytes of a store with documents, doubts and decisions."""
    path = tmp_path_factory.mktemp("sound") / "evidence.sqlite"
    with open_store(path) as store:
        for number in range(6):
            sentence = f"Day {number + 3}: 12 trucks came, then {number + 20} more."
            _, read = put(store, f"d{number}", (sentence,) * 4)
            decide(store, read[0].candidate, "accept", reviewer="Ada")
        said = ("Then 7 came.",)
        name = made_candidates(made_article("doubted", said)[0])[0].candidate
        put(store, "doubted", said, doubts=(Doubt(name, "rule", "why", ("claim",)),))
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


def use(path):
    """Read all of a store, and write into it."""
    with open_store(path) as store:
        names = list(documents(store)["sha256"])
        read = list(candidates(store)["candidate"])
        for ask in (event_files, pending, sources, sketches, decisions, accepted):
            ask(store)
        events_between(store, date(2020, 1, 1), date(2030, 1, 1))
        rows_of_kind(store, "prices")
        for name in names:
            document_text(store, name)
            document_original(store, name)
            document_candidates(store, name)
        for name in read:
            find_statement(store, name)
        put(store, "new")
        for name in read[:3]:
            decide(store, name, "skip", reviewer="Ben")


def test_a_sound_store_can_be_used(tmp_path, sound):
    path = tmp_path / "evidence.sqlite"
    path.write_bytes(sound)
    use(path)


@pytest.mark.parametrize("count", [200, 30, 4])
@pytest.mark.parametrize("seed", range(12))
def test_flipped_bytes_end_in_a_told_fault_or_in_none(tmp_path, sound, seed, count):
    luck = random.Random(f"{seed} {count}")
    content = bytearray(sound)
    for _ in range(count):
        content[luck.randrange(HEADER, len(content))] = luck.randrange(256)
    path = tmp_path / "evidence.sqlite"
    path.write_bytes(content)
    with suppress(StoreError):
        use(path)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE store SET schema = 'abc'", "its version is 'abc'"),
        ("ALTER TABLE documents RENAME COLUMN sketch TO other", "no column sketch"),
        ("ALTER TABLE sources DROP COLUMN note", "no column note"),
        (
            "UPDATE sqlite_master SET sql = replace(sql, 'hed DATE', 'hed TEXT')",
            "documents.published is TEXT, not DATE",
        ),
        ("UPDATE candidates SET value = 'many'", "many"),
        ("UPDATE candidates SET start = '2024-13-45'", "2024-13-45"),
        ("UPDATE documents SET published = 7", "no day"),
        ("UPDATE documents SET name = x'ff41'", "no text"),
        ("UPDATE documents SET original = x'00'", "cannot be read"),
        ("UPDATE doubts SET against = '{'", "cannot be read"),
    ],
)
def test_another_thing_in_a_column_is_told(tmp_path, sound, statement, reason):
    path = tmp_path / "evidence.sqlite"
    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA writable_schema = ON")
        plain.execute(statement)
        plain.commit()
    with pytest.raises(StoreError, match=reason) as caught:
        use(path)
    assert f"evidence store {path} is damaged" in str(caught.value)
    assert "put back a copy" in str(caught.value)


@pytest.mark.parametrize("size", [50, 5000, 20_000])
def test_a_store_cut_short_is_told(tmp_path, sound, size):
    path = tmp_path / "evidence.sqlite"
    path.write_bytes(sound[:size])
    with pytest.raises(StoreError, match="is damaged"):
        use(path)


@pytest.mark.parametrize("where", [":memory:", "./:memory:"])
def test_a_store_in_memory_is_refused(where):
    with pytest.raises(StoreError, match="loses what is added"):
        open_store(where)


@pytest.mark.parametrize("where", ["", "/dev/null", "/dev"])
def test_what_is_no_file_is_refused(where):
    with pytest.raises(StoreError, match="no evidence store can be here"):
        open_store(where)


def test_who_waits_for_a_writer_says_so_once(store, store_address, monkeypatch):
    monkeypatch.setattr(connections, "TOLD_AFTER_S", 0.0)
    monkeypatch.setattr(connections, "_BUSY_MS", 0)
    turn = ExitStack()
    said = []

    def let_go(text):
        said.append(text)
        # the writer waited for ends while we wait
        turn.close()

    with open_store(store_address, let_go) as second:
        turn.enter_context(store.writing())
        put(second, "new")
    assert len(said) == 1
    assert store.where in said[0]
    assert "waiting for another process that is writing" in said[0]


def test_a_writer_that_gives_up_says_why(tmp_path, sound, monkeypatch):
    path = tmp_path / "evidence.sqlite"
    path.write_bytes(sound)
    monkeypatch.setattr(connections, "PATIENCE_S", 0.0)
    monkeypatch.setattr(connections, "_BUSY_MS", 0)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        open_store(path) as store,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another process has been writing"):
            put(store, "new")
