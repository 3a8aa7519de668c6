"""The two articles the project began with, read and held against their annotation.

Facts only: no sentence of the articles stands here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from supplyline.case.case import load_case
from supplyline.evidence.articles.page import StatedMetadata, read_article
from supplyline.evidence.desk.case_names import context_of
from supplyline.evidence.reading.read import read_candidates

if TYPE_CHECKING:
    from supplyline.evidence.articles.article import Article
    from supplyline.evidence.reading.candidate import Candidate

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT.parent / "shared" / "articles"
CLAIMS: Final = ROOT / "src" / "supplyline" / "cases" / "mali" / "claims.csv"
FILES: Final = {
    "seed-rs": ("000_1e40ac8446c2f0c0.txt", date(2025, 10, 31)),
    "seed-heat": ("002_abe891a72ea9c725.txt", date(2025, 11, 30)),
}
RECALL: Final = 0.95
PRECISION: Final = 0.85
LEAST_OVERLAP: Final = 0.5

pytestmark = [
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the seed articles are not here"),
    pytest.mark.filterwarnings("ignore::supplyline.errors.SupplylineWarning"),
]

OUTSIDE: Final = frozenset({"F0012"})
"""Claims whose period was annotated with knowledge that the text does not hold."""

RIGHT: Final = (
    # source, value, unit, subject: the fact in our own words
    (
        "seed-heat",
        5,
        "month_of_year",
        "regime",
        "parties suspended, said a second time",
    ),
    ("seed-heat", 8, "month_of_year", "regime", "coup attempt of August"),
    ("seed-heat", 9, "month_of_year", "blockade", "blockade since September"),
)
"""Candidates that state what the text states, though figures.csv does not list them."""


@dataclass(frozen=True)
class Known:
    """One annotated statement."""

    claim: str
    subject: str
    quantity: str
    value: float
    unit: str
    start: date
    end: date


@cache
def article(source: str) -> Article:
    """Read one of the articles."""
    name, published = FILES[source]
    told = StatedMetadata(published=published, published_precision="month")
    return read_article((FOLDER / name).read_bytes(), name, told, date(2025, 12, 31))


@cache
def candidates(source: str) -> tuple[Candidate, ...]:
    """Read the candidates of one of the articles."""
    return read_candidates(article(source), context_of(load_case("mali")))


def known(source: str) -> list[Known]:
    """Read the annotated statements of one of the articles."""
    with CLAIMS.open(encoding="utf-8", newline="") as file:
        return [
            Known(
                row["claim"],
                row["subject"],
                row["quantity"],
                float(row["value"]),
                row["unit"],
                date.fromisoformat(row["start"]),
                date.fromisoformat(row["end"]),
            )
            for row in csv.DictReader(file)
            if row["source"] == source
        ]


def is_same(candidate: Candidate, fact: Known) -> bool:
    """Whether a candidate states a fact: value, unit, subject and period."""
    if not candidate.is_understood or candidate.value is None:
        return False
    return (
        abs(candidate.value - fact.value) <= 0.005 * fact.value
        and candidate.unit == fact.unit
        and is_same_subject(candidate, fact)
        and is_same_period(candidate, fact)
    )


def is_same_subject(candidate: Candidate, fact: Known) -> bool:
    """Whether the subjects are equal or two words for one thing."""
    if fact.unit in ("km", "mile") and candidate.subject == "corridor":
        return True
    words = {"fuel_price": "price"}
    return words.get(str(candidate.subject), candidate.subject) == words.get(
        fact.subject, fact.subject
    )


def is_same_period(candidate: Candidate, fact: Known) -> bool:
    """Whether the periods overlap, by half of their union where the text states one."""
    if candidate.start is None or candidate.end is None:
        return False
    both = days(max(candidate.start, fact.start), min(candidate.end, fact.end))
    if both <= 0:
        return False
    if candidate.precision == "inferred" or fact.claim in OUTSIDE:
        return True
    either = days(min(candidate.start, fact.start), max(candidate.end, fact.end))
    return both / either >= LEAST_OVERLAP


def days(start: date, end: date) -> int:
    """Count the days from the first to the last."""
    return (end - start).days + 1


def pairs(source: str) -> tuple[list[Known], list[Candidate]]:
    """Give the facts that no candidate states, and the candidates that state none."""
    left = [one for one in candidates(source) if one.is_understood]
    missed = []
    for fact in known(source):
        if fact.subject == "off_topic":
            continue
        same = next((one for one in left if is_same(one, fact)), None)
        if same is None:
            missed.append(fact)
        else:
            left.remove(same)
    return missed, left


def wrong(source: str) -> list[Candidate]:
    """Give the understood candidates that no one would agree with."""
    right = [row[1:4] for row in RIGHT if row[0] == source]
    found = []
    for one in pairs(source)[1]:
        if (one.value, one.unit, one.subject) in right:
            right.remove((one.value, one.unit, one.subject))
        else:
            found.append(one)
    return found


def test_nearly_all_annotated_statements_are_found() -> None:
    facts = [
        fact
        for source in FILES
        for fact in known(source)
        if fact.subject != "off_topic"
    ]
    missed = [fact.claim for source in FILES for fact in pairs(source)[0]]
    assert len(facts) == 53
    assert len(missed) <= (1 - RECALL) * len(facts), missed


def test_what_is_understood_is_right() -> None:
    understood = [
        one for source in FILES for one in candidates(source) if one.is_understood
    ]
    mistaken = [one for source in FILES for one in wrong(source)]
    assert len(mistaken) <= (1 - PRECISION) * len(understood), [
        (one.value, one.unit, one.subject, one.quantity) for one in mistaken
    ]


@pytest.mark.parametrize("source", list(FILES))
def test_numbers_of_other_stories_are_not_read(source: str) -> None:
    values = {one.value for one in candidates(source)}
    off = {fact.value for fact in known(source) if fact.subject == "off_topic"}
    assert not values & off


@pytest.mark.parametrize("source", list(FILES))
def test_reading_twice_gives_the_same(source: str) -> None:
    again = read_candidates(article(source), context_of(load_case("mali")))
    assert again == candidates(source)
    assert len({one.candidate for one in again}) == len(again)
