"""A process that adds made-up documents, and tells what it was told is kept."""

import multiprocessing
import os
import signal
from itertools import count

from sqlalchemy import Engine, event

from made_articles import made_article, put
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.decisions import decide, decisions
from supplyline.evidence.store.documents import put_document

EACH = 4
"""Candidates of each document."""


def context():
    """Give processes that start quickly and share nothing with this one."""
    server = multiprocessing.get_context("forkserver")
    # tests are not on its path: what this module and pytest's own start import
    server.set_forkserver_preload(
        ["pytest", put_document.__module__, decide.__module__]
    )
    return server


def sentences_of(number):
    return (f"Lot {number} had 12 trucks, then 30 more, then 7.",)


def document_of(number):
    article, _ = made_article(f"d{number}", sentences_of(number))
    return article.sha256


def add_all(where, numbers, log):
    """Add documents and accept the first candidate of each, as a user's command."""
    told = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with open_store(where) as store:
        for number in numbers:
            article, read = put(store, f"d{number}", sentences_of(number))
            os.write(told, f"added {article.sha256}\n".encode())
            first = read[-1].candidate
            if decisions(store, first).empty:
                decide(store, first, "accept", reviewer="Ada")
            os.write(told, f"accepted {first}\n".encode())


def die_at(moment):
    """End this process, as kill -9 does, at its next but so many moments.

    Moments are before and after each statement, and before each commit.
    """
    moments = count()

    def pass_moment(*_):
        if next(moments) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, pass_moment)


def open_and_die(where, moment):
    """Open a store, which makes it where it is not there, and die meanwhile."""
    die_at(moment)
    open_store(where).close()


def add_and_die(where, number, moment, log):
    """Add a document to a store that is there, and die meanwhile."""
    open_store(where).close()
    die_at(moment)
    add_all(where, [number], log)
