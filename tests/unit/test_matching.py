"""The same event in several data sets, on made-up events with known twins."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyline.evidence.desk.matching import (
    LEAST_SCORE,
    Limits,
    _Facts,
    match_events,
    score_pairs,
)

LIMITS = Limits(match_km=10.0, match_days=1.0, place_max_km=60.0)
BANDS = ("raiders", "rovers", "herders", "riders")


def report(data_set, number, **fields):
    """Write one made-up report."""
    row = {
        "data_set": data_set,
        "data_id": str(number),
        "kind": "battle",
        "start": pd.Timestamp("2024-01-10"),
        "end": pd.Timestamp("2024-01-10"),
        "lat": 11.0,
        "lon": 0.2,
        "place_km": 2.0,
        "deaths_low": 5.0,
        "deaths_high": 5.0,
        "actors": frozenset({"raiders"}),
    }
    row.update(fields)
    if "start" in fields and "end" not in fields:
        row["end"] = fields["start"]
    return row


def same(*rows):
    """Tell whether the reports are one event."""
    found = match_events(pd.DataFrame(list(rows)), LIMITS)
    return len(set(found["group"])) == 1


def world(count, seed, days=730, shared=0.6):
    """Make up events of a country of 900 km by 900 km, seen by two data sets.

    Places are towns, so that many events share a place; days come in clusters; each
    data set has its own error of place, day, deaths and actors.
    """
    luck = np.random.default_rng(seed)
    towns = luck.uniform([10, -4], [18, 4], (120, 2))
    rows = []
    for number in range(count):
        lat, lon = towns[luck.integers(len(towns))] + luck.normal(0, 0.03, 2)
        day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(luck.integers(days)))
        truth = {
            "lat": lat, "lon": lon, "day": day, "deaths": int(luck.geometric(0.2)) - 1,
            "band": BANDS[luck.integers(len(BANDS))],
            "kind": ("battle", "abuse", "town_attack")[luck.integers(3)],
        }  # fmt: skip
        seen = (
            ["one", "two"] if luck.random() < shared else [luck.choice(["one", "two"])]
        )
        rows.extend(seen_by(luck, name, number, truth) for name in seen)
    events = pd.DataFrame(rows)
    return events.sample(frac=1, random_state=seed, ignore_index=True)


def seen_by(luck, data_set, number, truth):
    """Report an event with the errors of a data set."""
    place_km = float(luck.choice([2.0, 5.0, 25.0], p=[0.5, 0.3, 0.2]))
    error = luck.normal(0, place_km / 111 / 2, 2)
    day = truth["day"] + pd.Timedelta(
        days=int(luck.choice([-1, 0, 1], p=[0.1, 0.8, 0.1]))
    )
    deaths = max(0, truth["deaths"] + int(luck.choice([-2, 0, 3], p=[0.2, 0.6, 0.2])))
    known = luck.random() < 0.9
    return report(
        data_set, number, start=day, lat=truth["lat"] + error[0],
        lon=truth["lon"] + error[1], place_km=place_km, kind=truth["kind"],
        deaths_low=float(deaths), deaths_high=float(deaths),
        actors=frozenset({truth["band"]}) if known else frozenset(),
    )  # fmt: skip


def quality(events, found):
    """Compare the pairs found with the twins made up."""
    groups = events.assign(group=found["group"]).groupby("group")
    pairs = {
        tuple(sorted(pair))
        for _, rows in groups
        for pair in combinations(rows["data_set"] + "/" + rows["data_id"], 2)
    }
    ids = events.groupby("data_id")["data_set"].nunique()
    twins = {(f"one/{name}", f"two/{name}") for name in ids[ids == 2].index}
    right = len(pairs & twins)
    return right / len(pairs), right / len(twins)


def test_twins_are_found_and_few_others():
    events = world(4_000, seed=1)

    precision, recall = quality(events, match_events(events, LIMITS))

    assert precision >= 0.95
    assert recall >= 0.90


def test_a_matcher_that_ignores_distance_fails(monkeypatch):
    events = world(4_000, seed=1)

    def near(_facts, one, _other, _km):
        return np.ones(len(one))

    monkeypatch.setattr("supplyline.evidence.desk.matching._Facts.near", near)
    monkeypatch.setattr("supplyline.evidence.desk.matching.EARTH_RADIUS_KM", 1.0)

    precision, _ = quality(events, match_events(events, LIMITS))

    assert precision < 0.8


def pairs_held(events):
    return sum(map(len, _Facts(events, LIMITS).candidates()))


def test_twice_the_years_are_twice_the_work():
    two, four = (world(3_000 * n, seed=2, days=438 * n) for n in (1, 2))

    assert pairs_held(two) < len(two)
    assert pairs_held(four) == pytest.approx(2 * pairs_held(two), rel=0.1)


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(luck):
    events = world(60, seed=3, days=20)
    rows = list(range(len(events)))
    luck.shuffle(rows)

    found = match_events(events, LIMITS)
    again = match_events(events.iloc[rows], LIMITS)

    pd.testing.assert_frame_equal(found.iloc[rows], again)


def test_a_group_holds_one_report_of_each_data_set():
    events = world(400, seed=4, days=10)
    third = events[events["data_set"] == "one"].assign(data_set="three")
    events = pd.concat([events, third], ignore_index=True)

    found = match_events(events, LIMITS)

    sets = events.assign(group=found["group"]).groupby("group")["data_set"]
    assert (sets.nunique() == sets.size()).all()
    assert (
        found["witnesses"] == found.groupby("group")["group"].transform("size")
    ).all()
    assert (found["witnesses"] == 3).any()
    assert (found["score"].isna() == (found["witnesses"] == 1)).all()


def test_two_reports_of_one_data_set_are_two_events():
    assert not same(report("one", 1), report("one", 2))
    assert same(report("one", 1), report("two", 2))


@pytest.mark.parametrize(
    ("fields", "is_same"),
    [
        ({"lat": 11.05}, True),
        ({"lat": 11.4}, False),
        ({"lat": 11.25, "place_km": 25.0}, True),
        ({"lat": 11.0, "place_km": 200.0}, False),
        ({"start": pd.Timestamp("2024-01-12")}, True),
        ({"start": pd.Timestamp("2024-01-14")}, False),
        (
            {"start": pd.Timestamp("2024-01-05"), "end": pd.Timestamp("2024-01-12")},
            True,
        ),
        (
            {"start": pd.Timestamp("2023-11-01"), "end": pd.Timestamp("2024-02-12")},
            False,
        ),
        ({"actors": frozenset({"rovers"})}, False),
        ({"actors": frozenset()}, True),
        ({"actors": frozenset({"raiders", "state"})}, True),
        ({"deaths_low": 200.0, "deaths_high": 250.0}, False),
        ({"deaths_low": 3.0, "deaths_high": 9.0}, True),
        ({"deaths_low": np.nan, "deaths_high": np.nan}, True),
        ({"kind": "protest"}, False),
        ({"kind": "other"}, False),
        ({"lat": np.nan}, False),
        ({"start": pd.NaT}, False),
    ],
)
def test_what_tells_two_events_apart(fields, is_same):
    assert same(report("one", 1), report("two", 2, **fields)) == is_same


def test_the_better_twin_is_taken():
    rows = [
        report("one", 1),
        report("two", 7, lat=11.08),
        report("two", 8, lat=11.01),
    ]
    found = match_events(pd.DataFrame(rows), LIMITS)
    assert list(found["group"]) == ["one/1", "two/7", "one/1"]


def test_a_chain_of_reports_is_no_group():
    rows = [
        report("one", 1, lat=11.0),
        report("two", 2, lat=11.14),
        report("three", 3, lat=11.28),
    ]
    found = match_events(pd.DataFrame(rows), LIMITS)
    assert sorted(found["witnesses"]) == [1, 2, 2]


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 1_000))
def test_no_pair_is_overlooked(seed):
    events = world(24, seed=seed, days=3)
    found = score_pairs(events, LIMITS)
    kept = {
        tuple(p)
        for p in found[found["score"] >= LEAST_SCORE][["one", "other"]].to_numpy()
    }
    for pair in combinations(range(len(events)), 2):
        two = events.iloc[list(pair)].reset_index(drop=True)
        score = score_pairs(two, LIMITS)["score"]
        assert (len(score) == 1 and score[0] >= LEAST_SCORE) == (pair in kept)


def test_nothing_gives_nothing():
    empty = pd.DataFrame([report("one", 1)]).iloc[:0]
    assert match_events(empty, LIMITS).empty
