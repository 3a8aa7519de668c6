"""The hazard of a leader: it falls with calm, factorises, and heat is a percentile."""

import json

import numpy as np
import pytest

from supplyline.case.leader_hazard import KEPT, leader_hazard

AT_WAR = {"war": 1.0, "africa": 1.0, "no_past_attempt": 0.0, "age_years": 45.0}
IN_PEACE = {"war": 0.0, "africa": 0.0, "no_past_attempt": 1.0, "age_years": 70.0}
OTHERS = {"forced", "capture", "natural"}


@pytest.fixture(scope="module")
def hazard():
    return leader_hazard()


def test_attempts_grow_rare_with_calm(hazard):
    rate = hazard.attempt_rate(np.linspace(0, 60, 241), 3.0, AT_WAR)
    assert (np.diff(rate) <= 0).all()
    assert rate[0] > 5 * rate[-1] > 0


def test_calm_beyond_the_cap_says_no_more(hazard):
    cap = hazard.since_cap_years
    at_cap, beyond = hazard.attempt_rate([cap, cap + 20], 3.0, AT_WAR)
    assert at_cap == beyond


def test_a_country_without_an_attempt_stands_at_the_cap(hazard):
    rates = hazard.attempt_rate([0.0, 7.0, 40.0], 3.0, IN_PEACE)
    assert (rates == rates[0]).all()
    with_one = hazard.attempt_rate(40.0, 3.0, {**IN_PEACE, "no_past_attempt": 0.0})
    assert rates[0] < with_one


@pytest.mark.parametrize("leader", [AT_WAR, IN_PEACE])
def test_the_rate_factorises_as_the_kernel_needs(hazard, leader):
    profile = hazard.profile(leader)
    since = np.array([0.0, 0.4, 3.0, 17.0, 39.9, 40.0])
    tenure = np.array([0.0, 2.0, 0.1, 9.0, 30.0, 5.0])
    calm = np.full(6, 40.0) if leader["no_past_attempt"] else since
    made = profile.scale * (1 + calm) ** -profile.since_power
    made *= (1 + tenure) ** -profile.tenure_power
    np.testing.assert_allclose(
        hazard.attempt_rate(since, tenure, leader), made, rtol=1e-12
    )


def test_war_and_the_continent_raise_the_rate(hazard):
    plain = {"war": 0.0, "africa": 0.0, "no_past_attempt": 0.0}
    base = hazard.profile(plain).scale
    assert hazard.profile({**plain, "war": 1.0}).scale > base
    assert hazard.profile({**plain, "africa": 1.0}).scale > base


def test_the_error_of_a_profile_is_the_one_of_its_time(hazard):
    fit = hazard.kinds["attempt"]
    known = dict.fromkeys(fit.names, 0.0) | {
        "intercept": 1.0,
        "decades": hazard.decades_held,
        "war": 1.0,
        "africa": 1.0,
        "log1p_since_years": np.log(5.0),
        "log1p_tenure_years": np.log(3.0),
    }
    x = np.array([known[name] for name in fit.names])
    profile = hazard.profile(AT_WAR, years_since_attempt=4.0, tenure_years=2.0)
    assert profile.log_rate_se == pytest.approx(np.sqrt(x @ fit.covariance @ x))
    assert profile.scale == hazard.profile(AT_WAR).scale


def test_other_rates_have_the_shape_of_their_arguments(hazard):
    tenure = np.array([0.0, 1.0, 10.0])
    rates = hazard.other_rates(tenure, AT_WAR)
    assert set(rates) == OTHERS == set(hazard.other_errors(1.0, AT_WAR))
    assert (np.diff(rates["forced"]) < 0).all()
    assert rates["capture"] > hazard.other_rates(1.0, IN_PEACE)["capture"]
    old = hazard.other_rates(1.0, {**AT_WAR, "age_years": 80.0})
    assert old["natural"] > rates["natural"]


def test_the_chance_to_keep_power_joins_all_ways_out(hazard):
    rate = hazard.attempt_rate(4.0, 2.0, AT_WAR) * hazard.success_share
    rate += sum(hazard.other_rates(2.0, AT_WAR).values())
    chance = hazard.keep_chance(4.0, 2.0, AT_WAR)
    assert chance == pytest.approx(np.exp(-rate * 180 / 365.25))
    assert hazard.keep_days == 180


def test_heat_is_monotone_and_from_0_to_100(hazard):
    chances = np.linspace(0, 1, 2_001)
    heat = hazard.percentile(chances)
    assert (np.diff(heat) >= 0).all()
    assert heat[0] == 0
    assert heat[-1] == 100
    assert hazard.percentile(hazard.quantiles[[0, 37, 100]]) == pytest.approx(
        [0, 37, 100]
    )


def test_a_covariate_left_out_is_missed(hazard):
    with pytest.raises(KeyError, match="war"):
        hazard.attempt_rate(1.0, 1.0, {"africa": 1.0, "no_past_attempt": 0.0})


def test_what_is_kept_is_whole():
    text = KEPT.read_text(encoding="utf-8")
    kept = json.loads(text)
    assert len(text) < 40_000
    assert len(kept["sources"]) == 5
    assert len(kept["reference_quantiles"]) == 101
    assert (np.diff(kept["reference_quantiles"]) >= 0).all()
    for fit in kept["kinds"].values():
        covariance = np.array(fit["covariance"])
        assert set(fit["names"]) <= {"intercept", *kept["definitions"]}
        np.testing.assert_allclose(covariance, covariance.T, atol=1e-9)
        np.testing.assert_allclose(
            np.sqrt(np.diag(covariance)), fit["standard_error"], atol=1e-6
        )


def test_the_share_of_success_is_that_of_the_counts(hazard):
    share = (hazard.successes + 0.5) / (hazard.attempts + 1)
    assert hazard.success_share == pytest.approx(share)
    assert hazard.attempts == hazard.kinds["attempt"].events
