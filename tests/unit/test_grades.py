"""Grades of information and of sources follow their rules."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_doubts import candidate
from supplyline.evidence.doubts.find import Doubt
from supplyline.evidence.doubts.grades import (
    GRADES,
    IMPOSSIBLE,
    credibility,
    draft_reliability,
)


def doubt(rule, name="mine"):
    return Doubt(name, rule, "Something is wrong.", ())


@pytest.mark.parametrize(
    ("agreeing", "contradicting", "rules", "grade"),
    [
        (2, 0, (), 1),
        (5, 0, (), 1),
        (1, 0, (), 2),
        (3, 1, (), 2),
        (0, 0, (), 3),
        (0, 1, (), 4),
        (1, 1, (), 4),
        (2, 3, (), 4),
        (3, 0, ("old_count",), 4),
        (0, 0, ("gone_yet_here_near",), 3),
        (0, 2, (), 5),
        (3, 0, ("impossible_value",), 5),
    ],
)
def test_the_grade_follows_what_speaks_for_and_against(
    agreeing, contradicting, rules, grade
):
    found = [doubt(rule) for rule in rules]
    mine = candidate(name="mine")
    assert credibility(mine, agreeing, contradicting, found) == grade


@pytest.mark.parametrize(
    "missing", [{"is_understood": False}, {"start": None}, {"area": None}]
)
def test_what_is_not_placed_or_understood_cannot_be_judged(missing):
    mine = candidate(name="mine", **missing)
    assert credibility(mine, 5, 0, [doubt(IMPOSSIBLE[0])]) == 6


def test_doubts_of_other_candidates_are_passed_over():
    mine = candidate(name="mine")
    assert credibility(mine, 0, 0, [doubt("old_count", "other")]) == 3


counts = st.integers(0, 6)


@given(counts, counts, st.lists(st.sampled_from(["old_count", *IMPOSSIBLE])))
def test_more_against_never_betters_a_grade(agreeing, contradicting, rules):
    mine = candidate(name="mine")
    found = [doubt(rule) for rule in rules]
    grade = credibility(mine, agreeing, contradicting, found)
    assert grade in GRADES
    assert credibility(mine, agreeing, contradicting + 1, found) >= grade
    worse = credibility(mine, agreeing, contradicting, [*found, doubt("old_count")])
    assert worse >= grade
    assert credibility(mine, agreeing + 1, contradicting, found) <= grade


@pytest.mark.parametrize(
    ("publisher", "grade"),
    [
        ("Daily Tide", "B"),
        ("dàily tide ", "B"),
        ("Weekly Ebb", "D"),
        ("Nobody", "F"),
        ("", "F"),
        (None, "F"),
    ],
)
def test_a_new_source_has_the_grade_of_its_publisher(publisher, grade):
    rows = [
        ("Daily Tide", "B"),
        ("Daily Tide", "B"),
        ("Daily Tide", "A"),
        ("Weekly Ebb", "C"),
        ("Weekly Ebb", "D"),
    ]
    sources = pd.DataFrame(rows, columns=["publisher", "reliability"])
    assert draft_reliability(publisher, sources) == grade
