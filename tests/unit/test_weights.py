"""Features, weights and places of members, by rules that hold exactly."""

import numpy as np
import pandas as pd
import pytest

from supplyline.conditioning.features import fit_features
from supplyline.conditioning.gate import Sample, gate_table, places_of_truths
from supplyline.conditioning.weights import (
    adjust,
    effective,
    resample,
    weigh,
)

RNG = np.random.default_rng(1)


def test_equal_weights_count_all_and_one_weight_counts_one():
    assert effective(np.full(80, 1 / 80)) == pytest.approx(80)
    assert effective(np.array([0.0, 3.0, 0.0])) == 1.0


def test_the_effective_number_does_not_know_the_unit_and_falls_with_spread():
    weights = RNG.random(100)
    assert effective(7 * weights) == pytest.approx(effective(weights))
    assert 1 <= effective(weights**4) < effective(weights) < 100


def test_a_copied_pool_has_twice_the_effective_number():
    weights = RNG.random(50)
    assert effective(np.tile(weights, 2)) == pytest.approx(2 * effective(weights))


@pytest.mark.parametrize("directions", [1, 3])
@pytest.mark.parametrize("near", [50, 80, 100])
def test_members_endlessly_far_have_no_weight_where_all_others_are_alike(
    directions, near
):
    pool = np.full((200, directions), np.inf)
    pool[:100] = 0.5
    weights = weigh(pool, np.zeros(directions), near)
    assert weights[:100] == pytest.approx(np.full(100, 0.01))
    assert not weights[100:].any()


@pytest.mark.parametrize("directions", [1, 2, 6])
def test_weights_fall_with_the_square_of_the_distance(directions):
    pool, observed = RNG.normal(size=(500, directions)), np.full(directions, 0.3)
    weights = weigh(pool, observed, 80)
    distance = np.sqrt(((pool - observed) ** 2).sum(axis=1))
    radius = np.sort(distance)[80]
    expected = np.maximum(1.0 - (distance / radius) ** 2, 0.0)
    assert weights == pytest.approx(expected / expected.sum())


@pytest.mark.parametrize("observed", [0.0, 4.0, 40.0])
def test_facts_that_no_member_reaches_weigh_the_nearest(observed):
    pool = RNG.normal(size=(2_000, 1))
    weights = weigh(pool, np.array([observed]), 200)
    assert 60 < effective(weights) <= 200
    near = np.argsort(np.abs(pool[:, 0] - observed))[:200]
    assert set(np.flatnonzero(weights)) <= set(near)


@pytest.mark.parametrize("off", [0.0, 0.5])
def test_facts_in_which_no_member_differs_weigh_all_alike(off):
    weights = weigh(np.ones((100, 2)), np.full(2, 1.0 + off), 40)
    assert effective(weights) == pytest.approx(100)


@pytest.mark.parametrize("nearest", [10, 30, 40])
def test_members_as_far_as_each_other_weigh_alike(nearest):
    """A fact of yes or no alone: 40 members say the same, and 60 the other."""
    pool = np.repeat([[0.2], [1.0]], [40, 60], axis=0)
    weights = weigh(pool, np.zeros(1), nearest)
    assert effective(weights) == pytest.approx(40)
    assert weights[:40] == pytest.approx(1 / 40)


def test_what_is_linear_in_the_summaries_is_adjusted_exactly():
    summaries, weights = RNG.normal(size=(300, 3)), RNG.random(300)
    observed = np.array([0.2, -1.0, 2.0])
    slopes, rest = np.array([[1.0], [-2.0], [0.5]]), RNG.normal(size=(300, 1))
    linear = 4.0 + summaries @ slopes
    told = adjust(linear, summaries, observed, weights)
    assert told == pytest.approx(4.0 + float(observed @ slopes[:, 0]))
    # what the summaries do not tell keeps its spread
    adjusted = adjust(linear + 3.0 * rest, summaries, observed, weights)
    mean = weights @ adjusted / weights.sum()
    spread = weights @ (adjusted - mean) ** 2 / weights.sum()
    assert spread == pytest.approx(9.0, rel=4.9 * np.sqrt(2 / effective(weights)))


@pytest.mark.parametrize("change", [np.exp, lambda x: 5 * x - 3, np.cbrt])
def test_features_do_not_know_the_unit(change):
    values = RNG.normal(size=(300, 2))
    told = fit_features(values).transform(values)
    changed = change(values)
    assert fit_features(changed).transform(changed) == pytest.approx(told)


def test_what_never_happens_is_a_feature_of_its_own():
    values = RNG.normal(size=(400, 2))
    values[:100, 0] = np.nan
    features = fit_features(values)
    assert features.column.tolist() == [0, 0, 1]
    told = features.transform(values)
    assert told.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert told.std(axis=0) == pytest.approx(1)
    assert len(np.unique(told[:100, :2], axis=0)) == 1
    assert told[0, 1] == pytest.approx(np.sqrt(3.0))


def test_a_column_that_all_members_share_tells_nothing():
    values = np.column_stack([np.ones(50), np.arange(50.0), np.full(50, np.nan)])
    features = fit_features(values)
    assert features.column.tolist() == [1]


def test_values_beyond_the_pool_count_as_its_ends():
    features = fit_features(np.arange(100.0)[:, None])
    low, high = features.transform(np.array([[-1e6], [1e6]]))[:, 0]
    ends = features.transform(np.array([[0.0], [99.0]]))[:, 0]
    assert [low, high] == pytest.approx(ends)


def test_a_yes_or_no_keeps_two_values():
    yes = (RNG.random(500) < 0.2).astype(float)[:, None]
    told = fit_features(yes).transform(yes)
    assert told == pytest.approx((yes - yes.mean()) / yes.std())


def test_luck_parts_a_truth_that_never_happens_from_members_in_which_it_does_not():
    outcomes = np.full((9, 1), np.nan)
    pool = Sample(np.zeros((9, 1)), outcomes)
    truths = Sample(np.zeros((400, 1)), np.full((400, 1), np.nan))
    places = places_of_truths(pool, truths, np.zeros(1, bool), 9, (1, "test"))
    assert gate_table(places, pd.Index(["never"]))["is_passed"].all()


def test_uniform_places_pass_and_others_do_not():
    right = (np.arange(400) + 0.5) / 400
    narrow, wide, off = np.clip(2 * right - 0.5, 0, 1), 0.5 * right + 0.25, right**1.6
    table = gate_table(
        np.column_stack([right, narrow, wide, off]),
        pd.Index(["right", "narrow", "wide", "off"]),
    )
    assert table["is_passed"].tolist() == [True, False, False, False]
    assert table.loc["right", "coverage_80"] == pytest.approx(0.8)
    assert table.loc["right", "distance"] == pytest.approx(0.5 / 400)


def test_members_without_weight_are_never_chosen():
    weights = np.array([0.0, 0.5, 0.0, 0.5, 0.0])
    assert set(resample(weights, 100, 1, "test")) == {1, 3}
