"""What was kept stays kept: kill -9 at every statement and at random moments.

``SUPPLYLINE_KILLS=50 pytest tests/crash`` kills more often.
"""

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from itertools import count, takewhile

import pytest
from sqlalchemy import select

from crash.adding import (
    EACH,
    add_all,
    add_and_die,
    context,
    document_of,
    open_and_die,
)
from postgres import postgresql, store_address
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.decisions import accepted, decisions
from supplyline.evidence.store.documents import candidates, documents
from supplyline.evidence.store.schema import CANDIDATES, DOCUMENTS

__all__ = ["postgresql", "store_address"]

KILLS = int(os.environ.get("SUPPLYLINE_KILLS", "8"))
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


def started(task, *arguments):
    process = context().Process(target=task, args=arguments, daemon=True)
    process.start()
    return process


def is_killed(process):
    """Wait for the end of a process; tell whether it was by SIGKILL."""
    process.join()
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL)
    return code != 0


def check_finished(where, log, numbers):
    """Let the work run to its end: the store holds all of it, and once."""
    assert not is_killed(started(add_all, where, numbers, str(log)))
    check_whole(where, log)
    with open_store(where) as store:
        assert set(documents(store)["sha256"]) == set(map(document_of, numbers))
        assert len(candidates(store)) == EACH * len(numbers)
        assert len(accepted(store)) == len(decisions(store)) == len(numbers)


def test_nothing_kept_is_lost_at_any_statement(store_address, tmp_path):
    log = tmp_path / "log"
    # a hundred moments, most of them alike: a table is made, and its indexes
    at_opening = (started(open_and_die, store_address, n) for n in count(0, 5))
    openings = sum(takewhile(bool, map(is_killed, at_opening)))
    moments = 0
    while is_killed(
        started(add_and_die, store_address, FIRST + moments, moments, str(log))
    ):
        check_whole(store_address, log)
        moments += 1
    assert openings > 0
    # a document, its candidates and a decision: a statement and more each
    assert moments > 3 * 2
    check_finished(store_address, log, range(FIRST, FIRST + moments + 1))


def test_nothing_kept_is_lost_at_random_moments(store_address, tmp_path):
    log = tmp_path / "log"
    luck = random.Random(SEED)
    for kill in range(KILLS):
        # no kill comes too late
        without_end = range(FIRST, FIRST + 10**9)
        process = started(add_all, store_address, without_end, str(log))
        before = len(told(log)["added"])
        if kill % 2:
            # in the middle of the work, not while it opens
            while process.is_alive() and len(told(log)["added"]) <= before:
                time.sleep(0.001)
        time.sleep(luck.uniform(0, 0.15))
        process.kill()
        assert is_killed(process)
        check_whole(store_address, log)
    size = len(told(log)["added"]) + KILLS
    check_finished(store_address, log, range(FIRST, FIRST + size))


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
