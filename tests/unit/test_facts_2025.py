"""The rules by which facts of 2025 are scored, and the list that they are of."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import supplyline as sl

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from dynamics import share_between, shortages
from facts_2025 import read_facts
from scores import gap, interval_score, percentile, report_of, with_never

NONE = np.nan
VALUES = np.arange(101.0)
"""Band from 10 to 90."""


@pytest.mark.parametrize(
    ("value", "low", "high", "score"),
    [
        (50, NONE, NONE, 80 / 50),
        (100, NONE, NONE, (80 + 10 * 10) / 100),
        (5, NONE, NONE, (80 + 10 * 5) / 5),
        # "more than 80" holds for a band that ends at 90, "more than 95" misses by 5
        (80, 80, NONE, 80 / 80),
        (95, 95, NONE, (80 + 10 * 5) / 95),
        # "up to 5" misses a band that starts at 10, "up to 20" does not
        (5, NONE, 5, (80 + 10 * 5) / 5),
        (20, NONE, 20, 80 / 20),
        # a range that meets the band at its end
        (120, 90, 150, 80 / 120),
    ],
)
def test_interval_score(value, low, high, score):
    assert interval_score(VALUES, report_of(value, low, high)) == pytest.approx(score)


def test_score_that_forgets_the_open_side_is_seen():
    point, more_than = report_of(5, NONE, NONE), report_of(5, 5, NONE)
    assert gap((10, 90), more_than) == 0
    assert gap((10, 90), point) == 5


def test_member_without_a_value_counts():
    days = np.array([10.0, 20.0, np.nan, np.nan])
    counted = with_never(days, 120)
    assert percentile(counted, 30) == 50
    # leaving them out would place day 30 behind every member
    assert percentile(days[~np.isnan(days)], 30) == 100


def test_shortages_join_over_a_week_and_need_three_days():
    short = np.zeros(60, dtype=bool)
    short[[1, 2, 9, 20, 21, 40, 41, 42]] = True
    assert shortages(short) == [(1, 9), (40, 42)]


def test_share_between_members():
    same = np.tile(np.arange(10.0), (5, 1))
    assert share_between(same) == 0
    assert share_between(same.T.repeat(2, axis=1)) == 1


def test_list_holds_every_target_and_every_observed_row():
    case, facts = sl.load_case("mali"), read_facts().set_index("fact")
    assert set(case.targets["target"]) <= set(facts.index)
    observed = case.observed.set_index("claim")
    assert set(observed.index) <= set(facts.index)
    reported = facts.loc[observed.index, "value"]
    assert (reported == observed["value"]).all()
    assert set(facts["use"].str.split().str[0]) == {
        "scored",
        "same",
        "given",
        "located",
    }
