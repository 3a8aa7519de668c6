"""What was kept stays kept: kill -9 at random moments while documents are added.

``SUPPLYLINE_KILLS=50 pytest tests/crash`` kills more often.
"""

import os
import random
import sqlite3
import time
from collections import Counter

import pytest
from sqlalchemy import select

from crash.adding import EACH, add_all, context, document_of
from postgres import postgresql, store_address
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.decisions import accepted, decisions
from supplyline.evidence.store.documents import candidates, documents
from supplyline.evidence.store.schema import CANDIDATES, DOCUMENTS

__all__ = ["postgresql", "store_address"]

KILLS = int(os.environ.get("SUPPLYLINE_KILLS", "8"))
SIZE = 12 * KILLS
SEED = 20
FIRST = 90_000


def told(log):
    """Read what the process was told is kept; a line cut short was not told."""
    lines = log.read_text().split("\n")[:-1] if log.exists() else []
    return {word: {x.split()[1] for x in lines if x.startswith(word)} for word in WORDS}


WORDS = ("added", "accepted")


def check_whole(where, log):
    """Nothing told is lost, and no document is there in part."""
    if not isinstance(where, str):
        with sqlite3.connect(where) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()
    with open_store(where) as store:
        kept = told(log)
        # in one look: PostgreSQL may end the commit of a client that is killed later
        with store.reading() as connection:
            found = set(connection.scalars(select(DOCUMENTS.c.sha256)))
            of = list(connection.scalars(select(CANDIDATES.c.document)))
        assert kept["added"] <= found
        assert kept["accepted"] <= set(accepted(store)["candidate"])
        assert set(of) == found
        assert set(Counter(of).values()) <= {EACH}


def test_nothing_kept_is_lost(store_address, tmp_path):
    log = tmp_path / "log"
    luck = random.Random(SEED)
    numbers = range(FIRST, FIRST + SIZE)
    arguments = (store_address, numbers, str(log))
    interrupted = 0
    for kill in range(KILLS):
        process = context().Process(target=add_all, args=arguments)
        process.start()
        before = len(told(log)["added"])
        if kill % 2:
            # in the middle of the work, not while it opens
            while process.is_alive() and len(told(log)["added"]) <= before:
                time.sleep(0.001)
        time.sleep(luck.uniform(0, 0.15))
        process.kill()
        process.join()
        interrupted += process.exitcode == -9
        process.close()
        check_whole(store_address, log)
    assert interrupted >= KILLS * 3 // 4
    process = context().Process(target=add_all, args=arguments)
    process.start()
    process.join(300)
    assert process.exitcode == 0
    check_whole(store_address, log)
    with open_store(store_address) as store:
        assert set(documents(store)["sha256"]) == set(map(document_of, numbers))
        assert len(candidates(store)) == EACH * SIZE
        assert len(accepted(store)) == len(decisions(store)) == SIZE


@pytest.mark.parametrize("shared", [0, 15])
def test_two_add_while_one_reads(store_address, tmp_path, shared):
    size = 30
    logs = [tmp_path / "one", tmp_path / "two"]
    first = range(FIRST, FIRST + size)
    second = range(FIRST + size - shared, FIRST + 2 * size - shared)
    # nobody made the store before: they race for that too
    writers = [
        context().Process(target=add_all, args=(store_address, numbers, str(log)))
        for numbers, log in zip((first, second), logs, strict=True)
    ]
    for writer in writers:
        writer.daemon = True
        writer.start()
    looks = 0
    with open_store(store_address) as store:
        while any(writer.is_alive() for writer in writers):
            counts = candidates(store)["document"].value_counts()
            assert set(counts) <= {EACH}
            assert len(documents(store)) >= len(counts)
            looks += 1
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
        writer.close()
    assert looks > 1
    for log in logs:
        check_whole(store_address, log)
    with open_store(store_address) as store:
        assert len(documents(store)) == 2 * size - shared
        assert len(accepted(store)) == 2 * size - shared
