"""Scores against closed forms, against scoringrules, and proper."""

import numpy as np
import pytest
import scoringrules
from scipy import stats

from supplyline.analysis.scores import (
    AMOUNT_EDGES,
    COUNT_EDGES,
    brier,
    cramer_distance,
    crps,
    ignorance,
    interval_score,
    is_covered,
    pinball,
    pit,
    quantile_crps,
    quantiles,
    width,
)

BOUND = 4.9
"""Standard errors that a statistical test allows."""
RNG = np.random.default_rng(12)
ENSEMBLES = {
    "normal": RNG.normal(size=(60, 7)),
    "counts": RNG.poisson(3, size=(200, 7)).astype(float),
    "one member": RNG.normal(size=(1, 7)),
    "ties": np.repeat(RNG.normal(size=(5, 7)), 8, axis=0),
}
SEEN = RNG.normal(1, 2, size=7).round()


def normal_crps(y):
    """Give the CRPS of a standard normal (Gneiting and Raftery 2007, p. 367)."""
    law = stats.norm()
    return y * (2 * law.cdf(y) - 1) + 2 * law.pdf(y) - 1 / np.sqrt(np.pi)


@pytest.mark.statistical
@pytest.mark.parametrize("y", [-2.0, 0.0, 0.7, 3.0])
@pytest.mark.parametrize(("spread", "accepted"), [(1.0, True), (1.1, False)])
def test_crps_of_many_normal_members_is_that_of_the_law(y, spread, accepted):
    members = 400_000
    sample = np.random.default_rng(3).normal(size=members) * spread

    # variance of the influence |x - y| - E|x - X'| of one member, by quadrature
    x = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    among = x * (2 * stats.norm.cdf(x) - 1) + 2 * stats.norm.pdf(x)
    error = np.std(np.abs(x - y) - among) / np.sqrt(members)

    is_near = abs(crps(sample, y) - normal_crps(y)) < BOUND * error
    assert bool(is_near) is accepted


@pytest.mark.parametrize("name", ENSEMBLES)
def test_crps_is_that_of_scoringrules(name):
    theirs = scoringrules.crps_ensemble(SEEN, ENSEMBLES[name].T, estimator="nrg")

    np.testing.assert_allclose(crps(ENSEMBLES[name], SEEN), theirs, atol=1e-12)


@pytest.mark.parametrize("name", ENSEMBLES)
def test_weighted_crps_is_that_of_scoringrules(name):
    values = ENSEMBLES[name]
    weights = np.random.default_rng(4).exponential(size=len(values))
    theirs = scoringrules.crps_ensemble(
        SEEN, values.T, ens_w=np.tile(weights, (7, 1)), estimator="nrg"
    )

    np.testing.assert_allclose(crps(values, SEEN, weights), theirs, atol=1e-12)


def test_crps_differs_from_that_of_the_law_drawn_from_as_the_page_says():
    values, members = ENSEMBLES["normal"], 60
    fair = scoringrules.crps_ensemble(SEEN, values.T, estimator="fair")
    distance = np.abs(values[:, None] - values[None]).sum(axis=(0, 1))

    expected = distance / (members * (members - 1)) / (2 * members)
    np.testing.assert_allclose(crps(values, SEEN) - fair, expected)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9])
def test_interval_score_is_that_of_scoringrules(level):
    values = ENSEMBLES["normal"]
    low, high = quantiles(values, [(1 - level) / 2, (1 + level) / 2])
    theirs = scoringrules.interval_score(SEEN, low, high, 1 - level)

    np.testing.assert_allclose(interval_score(values, SEEN, level), theirs)
    np.testing.assert_allclose(width(values, level), high - low)


def test_brier_score_is_that_of_scoringrules():
    yes = (ENSEMBLES["normal"] > 0.3).astype(float)
    happened = (SEEN > 0.3).astype(float)

    theirs = scoringrules.brier_score(happened, yes.mean(axis=0))
    np.testing.assert_allclose(brier(yes, happened), theirs)


def views_ignorance(values, y):
    """Count as the VIEWS challenge does: one more member in each bin."""
    edges = np.array([0, *COUNT_EDGES])
    bins = np.concatenate([np.digitize(values, edges), np.arange(1, len(edges) + 1)])
    return -np.log2(np.mean(bins == np.digitize(y, edges)))


@pytest.mark.parametrize("y", [0, 1, 3, 7, 40, 2000])
def test_ignorance_is_that_of_views(y):
    values = ENSEMBLES["counts"][:, 0]

    assert ignorance(values, y, COUNT_EDGES) == pytest.approx(
        views_ignorance(values, y)
    )


def test_edges_of_amounts_are_steps_of_a_quarter():
    assert AMOUNT_EDGES[0] == pytest.approx(0.01)
    assert AMOUNT_EDGES[-1] == pytest.approx(1e7)
    assert np.diff(np.log(AMOUNT_EDGES)) == pytest.approx(np.log(10) / 10)


def test_cramer_distance_is_what_the_crps_of_a_pool_lacks():
    first, second = ENSEMBLES["normal"], ENSEMBLES["counts"]
    share = 0.3
    weights = np.concatenate([np.full(60, share / 60), np.full(200, 0.7 / 200)])

    pooled = crps(np.concatenate([first, second]), SEEN, weights)
    apart = share * crps(first, SEEN) + (1 - share) * crps(second, SEEN)
    lacks = share * (1 - share) * cramer_distance(first, second)
    np.testing.assert_allclose(pooled, apart - lacks)
    np.testing.assert_allclose(cramer_distance(first, first), 0, atol=1e-15)


SCORES = {
    "crps": crps,
    "ignorance": lambda x, y: ignorance(x, y, COUNT_EDGES),
    "interval": lambda x, y: interval_score(x, y, 0.8),
    "brier": lambda x, y: brier(x > 7.5, y > 7.5),
}
TRUTH = stats.poisson(6).ppf((np.arange(2000) + 0.5) / 2000)
"""All that may come, each as likely, so that means over it are without error."""
FORECASTS = {
    "too low": stats.poisson(4).ppf((np.arange(2000) + 0.5) / 2000),
    "too high": TRUTH + 3,
    "too sharp": np.full(2000, 6.0),
    "too wide": np.clip(6 + 3 * (TRUTH - 6), 0, None),
}


def expected(score, forecast):
    """Give the mean score over all that may come."""
    return score(np.tile(forecast[:, None], len(TRUTH)), TRUTH).mean()


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("wrong", FORECASTS)
def test_the_true_forecast_scores_best(name, wrong):
    score = SCORES[name]

    assert expected(score, TRUTH) < expected(score, FORECASTS[wrong])


def test_a_score_that_is_not_proper_is_seen():
    def distance(values, observed):
        return np.abs(values - observed).mean(axis=0)

    assert expected(distance, TRUTH) > expected(distance, FORECASTS["too sharp"])


@pytest.mark.statistical
@pytest.mark.parametrize(("spread", "accepted"), [(1.0, True), (1.15, False)])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.9])
def test_coverage_is_the_level_and_a_wrong_spread_is_seen(level, spread, accepted):
    rng = np.random.default_rng(5)
    cases, members = 4000, 999
    seen = rng.normal(size=cases) * spread
    inside = is_covered(rng.normal(size=(members, cases)), seen, level)

    # the interval holds a share of ranks that is the level, to one member
    error = np.sqrt(level * (1 - level) / cases) + 1 / members / BOUND
    assert bool(abs(inside.mean() - level) < BOUND * error) is accepted


def farthest(cases):
    """Give the bound of Dvoretzky, Kiefer and Wolfowitz at the chance of 4.9 errors."""
    return np.sqrt(np.log(2 / (2 * stats.norm.sf(BOUND))) / (2 * cases))


@pytest.mark.statistical
@pytest.mark.parametrize("members", [1, 4, 50])
@pytest.mark.parametrize("draw", ["counts", "normal"])
def test_places_are_uniform_with_few_members_and_ties(members, draw):
    rng = np.random.default_rng(6)
    cases = 20_000
    every = (
        rng.poisson(1.5, size=(members + 1, cases))
        if draw == "counts"
        else rng.normal(size=(members + 1, cases))
    )

    places = pit(every[1:], every[0], rng.random(cases))

    assert stats.kstest(places, "uniform").statistic < farthest(cases)


def test_places_without_luck_among_ties_are_not_uniform():
    rng = np.random.default_rng(7)
    every = rng.poisson(1.5, size=(51, 20_000))

    places = pit(every[1:], every[0], 0.5)

    assert stats.kstest(places, "uniform").statistic > farthest(20_000)


def every_score(values, observed, weights=None):
    luck = np.linspace(0.1, 0.9, 7)
    return [
        crps(values, observed, weights),
        ignorance(values, observed, COUNT_EDGES, weights),
        interval_score(values, observed, 0.8, weights),
        brier(values, observed, weights),
        pit(values, observed, luck, weights),
        width(values, 0.8, weights) + 0 * observed,
    ]


def test_a_weight_is_a_member_again_in_all_but_the_number_of_members():
    values = RNG.normal(size=(8, 7))
    weights = np.array([1.0, 2, 3, 1, 1, 2, 1, 1])
    again = np.repeat(values, weights.astype(int), axis=0)

    for score in (crps, brier, lambda *a: interval_score(*a[:2], 0.8, *a[2:])):
        np.testing.assert_allclose(score(values, SEEN, weights), score(again, SEEN))


def test_weights_alike_are_none():
    values = ENSEMBLES["normal"]

    for alike, none in zip(
        every_score(values, SEEN, np.full(60, 3.0)),
        every_score(values, SEEN),
        strict=True,
    ):
        np.testing.assert_allclose(alike, none)


def test_a_missing_value_gives_a_missing_score_of_its_own_alone():
    values, observed = ENSEMBLES["normal"].copy(), SEEN.copy()
    values[3, 0] = observed[1] = np.nan

    for score in every_score(values, observed):
        assert list(np.isnan(score)) == [True, True, *[False] * 5]


def test_weights_of_another_number_of_members_are_refused():
    with pytest.raises(ValueError, match=r"shape \(59,\); expected \(60,\)"):
        crps(ENSEMBLES["normal"], SEEN, np.ones(59))


LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]


@pytest.mark.parametrize("level", LEVELS)
def test_pinball_is_that_of_scoringrules(level):
    quantile = RNG.normal(size=SEEN.shape)
    theirs = scoringrules.quantile_score(SEEN, quantile, level)

    np.testing.assert_allclose(pinball(quantile, level, SEEN), theirs, atol=1e-12)


@pytest.mark.parametrize("seen", [0.0, 0.2, 0.5, 1.0])
def test_crps_of_many_quantiles_of_a_uniform_is_that_of_the_law(seen):
    # mean of the middle rule over n levels is off by less than 1 / n
    levels = (np.arange(1000) + 0.5) / 1000

    assert abs(quantile_crps(levels, levels, seen) - (seen**2 - seen + 1 / 3)) < 1e-3


def test_crps_of_quantiles_is_the_weighted_interval_score():
    quantile = np.sort(RNG.normal(size=(7, 50)), axis=0)
    seen = RNG.normal(size=50)

    # Bracher and others (2021), eq. 1, with three intervals and the median
    total = 0.5 * np.abs(seen - quantile[3])
    for low, alpha in enumerate((0.1, 0.2, 0.5)):
        ends = quantile[low], quantile[6 - low]
        gap = np.maximum(ends[0] - seen, 0) + np.maximum(seen - ends[1], 0)
        total += alpha / 2 * (ends[1] - ends[0] + 2 / alpha * gap)
    np.testing.assert_allclose(quantile_crps(quantile, LEVELS, seen), total / 3.5)


def test_crps_of_quantiles_of_a_certain_forecast_is_its_error():
    np.testing.assert_allclose(
        quantile_crps(np.zeros((7, 3)), LEVELS, [-2, 0, 5]), [2, 0, 5], atol=1e-12
    )
