"""Conditioning on arrays, held against a linear problem with a known posterior."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from supplyline.conditioning.features import fit_features
from supplyline.conditioning.gate import Sample, gate_table, places_of_truths
from supplyline.conditioning.learned import add_up, learn, split_folds
from supplyline.conditioning.weights import adjust, effective, resample, weigh

pytestmark = pytest.mark.statistical

BOUND = 4.9
PARAMETERS, FACTS = 4, 12
NEAREST = 1_500


class Problem(NamedTuple):
    """Outcomes that are linear in parameters and luck; facts tell parameters by half.

    parameter ~ N(0, 1); fact = slopes @ parameter + error; the forecasts are the first
    two parameters, one with luck of its own, and one that no fact tells.
    """

    facts: np.ndarray
    outcomes: np.ndarray


SLOPES = np.random.default_rng(4).normal(size=(FACTS, PARAMETERS)) * [1.0, 0.5, 0.3, 0]
ERROR = 1.0
NAMES = [*"abcd", "forecast", "alone"]
LOADING = np.array([0.8, 0.6, 0.0, 0.0])
OWN_LUCK = 0.5
DEVIATION = np.array([1.0, 1.0, 1.0, 1.0, np.sqrt(1.0 + OWN_LUCK**2), 1.0])


def draw(seed, members, error=ERROR):
    rng = np.random.default_rng(seed)
    params = rng.normal(size=(members, PARAMETERS))
    facts = params @ SLOPES.T + error * rng.normal(size=(members, FACTS))
    forecast = params @ LOADING + OWN_LUCK * rng.normal(size=members)
    return Problem(facts, np.column_stack([params, forecast, rng.normal(size=members)]))


def posterior(facts):
    """Give means, and the one covariance, of the outcomes by theory."""
    precision = np.eye(PARAMETERS) + SLOPES.T @ SLOPES / ERROR**2
    covariance = np.linalg.inv(precision)
    means = facts @ SLOPES @ covariance / ERROR**2
    to_outcomes = np.vstack([np.eye(PARAMETERS), LOADING, np.zeros(PARAMETERS)])
    own = np.diag([0.0] * PARAMETERS + [OWN_LUCK**2, 1.0])
    return means @ to_outcomes.T, to_outcomes @ covariance @ to_outcomes.T + own


def summarise(pool, others, *, is_in_fold=False, folds=None):
    """Summarise pool and others, with the regression behind it."""
    features = fit_features(pool.facts)
    own = features.transform(pool.facts)
    folds = split_folds(np.arange(len(own))) if folds is None else folds
    learned = learn(add_up(own, pool.outcomes, folds), np.ones(pool.outcomes.shape[1]))
    of_pool = learned.of_pool(own, 1 - folds if is_in_fold else folds)
    return of_pool, learned.of_others(features.transform(others.facts)), learned


@pytest.fixture(scope="module")
def large():
    return draw(1, 40_000)


@pytest.fixture(scope="module")
def truths():
    return draw(2, 400)


@pytest.fixture(scope="module")
def summarised(large, truths):
    return summarise(large, truths)


def test_facts_tell_the_share_of_variance_that_theory_says(large, summarised):
    *_, learned = summarised
    _, covariance = posterior(np.zeros((1, FACTS)))
    told = 1.0 - np.diag(covariance) / DEVIATION**2
    # of a squared correlation, for normal values
    error = 2.0 * np.sqrt(told) * (1.0 - told) / np.sqrt(len(large.facts))
    # the fit itself costs a share of features / members that train, with its own luck
    cost = 4 * FACTS * 2 / len(large.facts)
    assert np.all(np.abs(learned.shares - told) < BOUND * error + cost)
    assert learned.shares[3] == pytest.approx(told[3], abs=cost)
    assert abs(learned.shares[5]) < cost


def test_means_and_widths_are_those_of_the_posterior(large, truths, summarised):
    """Given its facts each member is a draw of its own posterior, weighted or not."""
    of_pool, of_truths, _ = summarised
    means, covariance = posterior(truths.facts)
    pool_means, _ = posterior(large.facts)
    nearer = []
    for number in range(60):
        weights = weigh(of_pool, of_truths[number], NEAREST)
        many = effective(weights)
        expected = weights @ pool_means
        error = np.sqrt(np.diag(covariance) / many)
        assert np.all(np.abs(weights @ large.outcomes - expected) < BOUND * error)
        rest = weights @ (large.outcomes - pool_means) ** 2 / np.diag(covariance)
        assert np.all(np.abs(rest - 1.0) < BOUND * np.sqrt(2.0 / many))
        nearer.append((np.abs(expected - means[number]), np.abs(means[number])))
    off, far = np.mean(nearer, axis=0)
    # the members that are weighed stand where the facts are, not where the prior is
    assert off[0] < 0.1 * far[0]
    assert off[4] < 0.1 * far[4]


def test_adjusted_parameters_have_the_width_of_the_posterior(large, truths, summarised):
    of_pool, of_truths, _ = summarised
    means, covariance = posterior(truths.facts)
    deviation = np.sqrt(np.diag(covariance))[:3]
    for number in range(60):
        weights = weigh(of_pool, of_truths[number], NEAREST)
        near = np.flatnonzero(weights)
        weights = weights[near]
        told = adjust(
            large.outcomes[near, :3], of_pool[near], of_truths[number], weights
        )
        mean = weights @ told
        many = effective(weights)
        variance = weights @ (told - mean) ** 2 / deviation**2
        assert np.all(np.abs(variance - 1.0) < BOUND * np.sqrt(2.0 / many))
        # summaries are learned: their own error is about features / members
        error = deviation * np.sqrt(1.0 / many + FACTS * 2 / len(large.facts))
        assert np.all(np.abs(mean - means[number, :3]) < 2 * BOUND * error)


def gate(pool, truths, of_pool, of_truths, nearest=NEAREST):
    places = places_of_truths(
        Sample(of_pool, pool.outcomes),
        Sample(of_truths, truths.outcomes),
        np.zeros(len(NAMES), bool),
        nearest,
        (1, "test"),
    )
    return gate_table(places, pd.Index(NAMES))


def test_a_right_conditioning_passes_the_gate(large, truths, summarised):
    table = gate(large, truths, *summarised[:2])
    assert table["is_passed"].all(), table.to_string()
    assert (table["truths"] == len(truths.facts)).all()


def test_the_prior_alone_is_calibrated_too_but_wider(large, truths):
    nothing = np.zeros((len(large.facts), 1)), np.zeros((len(truths.facts), 1))
    table = gate(large, truths, *nothing)
    assert table["is_passed"].all()


def test_a_likelihood_that_is_too_sharp_fails(truths):
    sharp = draw(1, 40_000, error=0.3)
    table = gate(sharp, truths, *summarise(sharp, truths)[:2])
    assert not table.loc[["b", "c"], "is_passed"].any(), table.to_string()


def test_a_likelihood_that_is_too_blunt_fails(truths):
    blunt = draw(1, 40_000, error=3.0)
    table = gate(blunt, truths, *summarise(blunt, truths)[:2])
    assert not table.loc["a", "is_passed"], table.to_string()


def noisy(seed, members):
    """Draw facts of which most tell nothing: as many as a small pool can learn luck."""
    problem = draw(seed, members)
    nothing = np.random.default_rng(seed + 100).normal(size=(members, 200))
    return problem._replace(facts=np.hstack([problem.facts[:, :1], nothing]))


def test_members_that_train_and_serve_fail():
    pool, others = noisy(5, 600), noisy(6, 1_000)
    right, of_others, _ = summarise(pool, others)
    wrong, *_ = summarise(pool, others, is_in_fold=True)
    assert gate(pool, others, right, of_others, 120)["is_passed"].all()
    assert not gate(pool, others, wrong, of_others, 120).loc["a", "is_passed"]


def test_copies_of_a_member_in_other_folds_fail():
    """Four copies of each ancestor share facts and outcomes, as after a refresh."""
    once, others = noisy(7, 250), noisy(8, 1_000)
    ancestors = np.tile(np.arange(250), 4)
    pool = Problem(once.facts[ancestors], once.outcomes[ancestors])
    leaky = np.arange(1_000) // 500
    right, of_others, _ = summarise(pool, others, folds=split_folds(ancestors))
    wrong, of_others_wrong, learned = summarise(pool, others, folds=leaky)
    assert learned.shares[5] > 0.3  # nothing tells it
    tables = [
        gate(pool, others, right, of_others, 400),
        gate(pool, others, wrong, of_others_wrong, 400),
    ]
    off = [(table["coverage_90"] - 0.9).abs().max() for table in tables]
    assert off[0] < 0.15 < off[1]


def test_luck_that_is_used_again_fails(large, truths, summarised):
    """A member that is chosen for all and lives on its own luck again: copies."""
    of_pool, of_truths, _ = summarised
    table = gate(large, truths, of_pool, of_truths, nearest=6)
    assert table["is_passed"].all()  # few, but each with a life of its own
    nearest = np.array(
        [((of_pool - summary) ** 2).sum(axis=1).argmin() for summary in of_truths]
    )
    copies = np.stack([large.outcomes[one] for one in nearest])
    places = (copies > truths.outcomes).astype(float)
    table = gate_table(places, pd.Index(NAMES))
    assert not table["is_passed"].any()


@pytest.mark.parametrize("count", [50, 2_000])
def test_resampling_is_unbiased(count):
    weights = np.random.default_rng(3).dirichlet(np.full(300, 0.3))
    seeds = 400
    chosen = np.stack(
        [
            np.bincount(resample(weights, count, seed, "test"), minlength=300)
            for seed in range(seeds)
        ]
    )
    expected = count * weights
    # systematic: as often as the share, rounded down or up, by the chance of the rest
    assert np.all(np.abs(chosen - expected) < 1.0)
    rest = expected % 1.0
    error = np.sqrt(rest * (1.0 - rest) / seeds)
    off = np.abs(chosen.mean(axis=0) - expected)
    assert np.all(off < BOUND * error + 2.0 / seeds)


def test_the_first_of_a_resample_stand_for_all():
    weights = np.full(2_000, 1 / 2_000)
    places = resample(weights, 2_000, 1, "test")[:128] / 2_000
    error = np.sqrt(1 / 12 / 128)
    assert abs(places.mean() - 0.5) < BOUND * error
    assert np.array_equal(np.sort(resample(weights, 2_000, 1, "test")), range(2_000))
