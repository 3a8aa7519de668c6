"""A process that adds made-up documents, and tells what it was told is kept."""

import multiprocessing
import os

from made_articles import made_article, put
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.decisions import decide, decisions

EACH = 4
"""Candidates of each document."""


def context():
    """Give processes that start quickly and share nothing with this one."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload([__name__])
    return found


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
