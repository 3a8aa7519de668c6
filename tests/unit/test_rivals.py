"""Simple forecasts of a series from its own past: closed forms, and what is missing."""

import numpy as np
import pytest
from scipy import stats

from supplyline.analysis.scores import crps
from supplyline.forecasts.rivals import (
    RIVAL_MEMBERS,
    RIVALS,
    Past,
    forecast,
)

LEVELS = (np.arange(RIVAL_MEMBERS) + 0.5) / RIVAL_MEMBERS
WEEKS = Past(7.0 * np.arange(-5, 1), np.array([4.0, 6, 5, 9, 7, 8]), least=0)


def past(days, values, **bounds):
    return Past(np.array(days, float), np.array(values, float), **bounds)


def made(name, of, lead=7):
    return RIVALS[name](of, lead, RIVAL_MEMBERS)


def test_last_value_spreads_as_past_changes_over_the_lead():
    changes = {7: [2, -1, 4, -2, 1], 14: [1, 3, 2, -1], 35: [4, 2]}
    for lead, steps in changes.items():
        expected = {8 + sign * step for step in steps for sign in (-1, 1)}
        assert set(made("last value", WEEKS, lead)) == expected
        assert made("last value", WEEKS, lead).mean() == pytest.approx(8)


@pytest.mark.parametrize(
    ("days", "lead", "changes"),
    [
        # months: 31 and 30 days stand for 28
        ([-61, -30, 0], 28, {3, -3, 1, -1}),
        # of two that are near, the nearer
        ([-10, -3, 0], 9, {4, -4}),
        # an origin after the last value: the lead is counted from the value
        ([-17, -8], 1, {3, -3}),
        # two values on one day are no change
        ([-7, -7, 0], 7, {4, -4, 1, -1}),
    ],
)
def test_last_value_of_irregular_days(days, lead, changes):
    values = [5, 8, 9][: len(days)]
    of = past(days, values)
    assert set(made("last value", of, lead) - values[-1]) == changes


def test_last_value_is_missing_where_no_change_was_over_such_a_lead():
    assert made("last value", WEEKS, 70) is None
    assert made("last value", past([-30, 0], [1, 2]), 7) is None


def test_random_walk_has_the_variance_of_past_steps():
    # 4/7, 1/7, 16/7, 4/7, 1/7 a day
    deviation = np.sqrt(26 / 7 / 5 * 14)
    np.testing.assert_allclose(
        made("random walk", WEEKS, 14), stats.norm(8, deviation).ppf(LEVELS)
    )


def test_random_walk_of_irregular_days_weighs_steps_by_their_spans():
    of = past([-20, -10, 0], [0, 10, 10])
    assert made("random walk", of, 5).std() == pytest.approx(
        np.sqrt((100 / 10 + 0) / 2 * 5), rel=0.01
    )


def test_mean_adds_its_own_error():
    values = WEEKS.values
    law = stats.norm(values.mean(), values.std(ddof=1) * np.sqrt(7 / 6))
    np.testing.assert_allclose(made("mean", WEEKS), law.ppf(LEVELS))


def test_climatology_has_every_value_and_conflictology_the_last_twelve():
    of = past(range(-19, 1), range(20))
    assert set(made("climatology", of)) == set(range(20))
    assert set(made("conflictology", of)) == set(range(8, 20))
    # as the values themselves, but for the part of a member that does not divide
    near = crps(made("conflictology", of), 11.0)
    assert near == pytest.approx(crps(np.arange(8.0, 20), 11.0), rel=2e-3)


@pytest.mark.parametrize("expected", [0.3, 1, 7.5, 400, 2e6])
def test_poisson_has_the_quantiles_of_its_law(expected):
    of = past([0], [expected])
    np.testing.assert_array_equal(
        made("Poisson law", of), stats.poisson(expected).ppf(LEVELS)
    )


def test_poisson_about_nothing_is_nothing():
    assert not made("Poisson law", past([0], [0])).any()


def test_without_a_past_every_rival_is_missing():
    assert forecast(past([], []), 7, is_count=True) == {}


@pytest.mark.parametrize(
    ("days", "values", "names"),
    [
        ([-3], [5], {"climatology", "conflictology", "Poisson law"}),
        ([-7, 0], [5, 6], set(RIVALS)),
        # two of one day: a spread, but no change
        ([0, 0], [5, 6], {"mean", "climatology", "conflictology", "Poisson law"}),
    ],
)
def test_what_a_spread_is_not_known_of_is_missing(days, values, names):
    assert set(forecast(past(days, values), 7, is_count=True)) == names


def test_only_counts_are_forecast_as_counts():
    assert "Poisson law" not in forecast(WEEKS, 7, is_count=False)


@pytest.mark.parametrize("name", RIVALS)
def test_no_rival_leaves_the_bounds_of_the_series(name):
    of = past([-14, -7, 0], [0, 0.9, 0.1], least=0, most=1)
    values = forecast(of, 7, is_count=True)[name]
    assert values.min() >= 0
    assert values.max() <= 1


def test_a_rival_without_bounds_would_leave_them():
    of = past([-14, -7, 0], [0, 0.9, 0.1])
    assert forecast(of, 7, is_count=False)["random walk"].min() < 0


@pytest.mark.parametrize("name", RIVALS)
def test_a_series_that_can_be_negative_may_be(name):
    of = past([-14, -7, 0], [-5, -6, -8])
    ensembles = forecast(of, 7, is_count=True)
    # there is no Poisson law about a negative value
    assert name == "Poisson law" or ensembles[name].min() < 0
    assert "Poisson law" not in ensembles


@pytest.mark.parametrize(
    ("days", "values", "words"),
    [
        ([-7, 1], [1, 2], "0 or less, oldest first"),
        ([0, -7], [1, 2], "0 or less, oldest first"),
        ([-7, 0], [1, np.nan], "have to be numbers"),
        ([-7], [1, 2], "1 days and 2 values"),
    ],
)
def test_a_past_that_is_none_is_refused(days, values, words):
    with pytest.raises(ValueError, match=words):
        past(days, values)


def test_a_lead_before_the_origin_is_refused():
    with pytest.raises(ValueError, match="lead is -1 days; expected 0 or more"):
        forecast(WEEKS, -1, is_count=True)


@pytest.mark.parametrize("name", RIVALS)
@pytest.mark.parametrize("lead", [0.0, 3.5, 28.0, 400.0])
def test_ensembles_are_ordered_finite_and_as_many_as_asked(name, lead):
    values = forecast(WEEKS, lead, is_count=True, members=77).get(name)
    if values is not None:
        assert values.shape == (77,)
        assert np.isfinite(values).all()
        assert (np.diff(values) >= 0).all()
