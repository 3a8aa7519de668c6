"""A made-up country and made-up articles for the tests of the reader."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Final

from supplyline.evidence.articles.article import Article
from supplyline.evidence.reading.context import Context, Named

CONTEXT: Final = Context(
    country="XA",
    capital="highcourt",
    currency="XXX",
    cutoff=date(2024, 2, 29),
    names={
        "Raiders": Named("actor", "raiders"),
        "Rovers": Named("actor", "rovers"),
        "the army": Named("actor", "army"),
        "Hired Legion": Named("actor", "legion"),
        "Norland": Named("actor", "norland"),
        "Highcourt": Named("place", "highcourt"),
        "Millford": Named("place", "millford"),
        "Farfield": Named("place", "farfield"),
        "Lowland": Named("region", "lowland"),
        "Jan Doe": Named("person", "doe"),
    },
    place_regions={"highcourt": "upland", "millford": "lowland", "farfield": "upland"},
    actor_kinds={
        "raiders": "armed_group",
        "rovers": "armed_group",
        "army": "state_force",
        "legion": "private_military_company",
        "norland": "foreign_state",
    },
)
"""A country made up for tests."""
PUBLISHED: Final = date(2024, 2, 20)


def article(text: str, language: str = "en") -> Article:
    """Make an article of a made-up text."""
    return Article(
        sha256=sha256(text.encode()).hexdigest(),
        name="made-up.txt",
        media="text",
        title=None,
        publisher=None,
        published=PUBLISHED,
        published_precision="day",
        language=language,
        address=None,
        text=text,
    )
