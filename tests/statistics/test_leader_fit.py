"""The fit of the leader hazard: it finds what is there, and repeats what is kept."""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from supplyline.case.leader_hazard import KEPT

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tools"))

import fit_leader_hazard  # noqa: E402 - found through the line above
from leader import blind, exits, hazard, months, page, score  # noqa: E402

OPEN_DATA = ROOT.parent / "shared" / "data" / "open"
needs_data = pytest.mark.skipif(
    not (OPEN_DATA / "reign").is_dir(),
    reason="the open data are not beside the checkout",
)
NAMES = ("intercept", "log1p_since_years", "log1p_tenure_years", "war")
TRUE = np.array([-1.0, -0.6, -0.2, 0.5])
ROWS = 40_000
BOUND = 4.9


def simulated(coefficients=TRUE, chance_of=None):
    """Draw leader-months, some of them long so that a wrong likelihood shows."""
    random = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "country": random.integers(150, size=ROWS),
            "since_years": random.uniform(0, 40, ROWS),
            "tenure_years": random.uniform(0, 20, ROWS),
            "war": random.integers(2, size=ROWS).astype(float),
            "risk_years": random.uniform(0.05, 4, ROWS),
        }
    )
    mean = np.exp(hazard.design(table, NAMES) @ coefficients) * table["risk_years"]
    chance = -np.expm1(-mean) if chance_of is None else chance_of(mean)
    table["attempt"] = random.random(ROWS) < chance
    return table


def theory_errors(table):
    """Give standard errors from the information at the true coefficients."""
    x = hazard.design(table, NAMES)
    mean = np.exp(x @ TRUE) * table["risk_years"].to_numpy()
    weight = mean**2 / np.expm1(mean)
    return np.sqrt(np.diag(np.linalg.inv((x.T * weight) @ x)))


def distances(table):
    fitted = hazard.fit(table, "attempt", NAMES)
    return np.abs(fitted.value - TRUE) / theory_errors(table)


@pytest.mark.statistical
def test_the_fit_recovers_the_coefficients():
    assert (distances(simulated()) < BOUND).all()


@pytest.mark.statistical
@pytest.mark.parametrize("wrong", range(len(NAMES)))
def test_one_wrong_coefficient_is_seen(wrong):
    shifted = TRUE.copy()
    shifted[wrong] += 0.5
    assert distances(simulated(shifted))[wrong] > BOUND


@pytest.mark.statistical
def test_a_wrong_likelihood_is_seen():
    logistic = simulated(chance_of=lambda mean: expit(np.log(mean)))
    assert (distances(logistic) > BOUND).any()


def test_the_reported_errors_are_those_of_theory():
    table = simulated()
    fitted = hazard.fit(table, "attempt", NAMES)
    reported = np.sqrt(np.diag(fitted.covariance))
    np.testing.assert_allclose(reported, theory_errors(table), rtol=0.05)


def test_rows_that_repeat_within_a_country_add_no_certainty():
    table = simulated().head(4_000)
    once = hazard.fit(table, "attempt", NAMES)
    twice = hazard.fit(pd.concat([table, table]), "attempt", NAMES)
    np.testing.assert_allclose(twice.value, once.value, atol=1e-8)
    np.testing.assert_allclose(twice.clustered, once.clustered, atol=1e-8)
    np.testing.assert_allclose(2 * twice.covariance, once.covariance, atol=1e-8)


def test_a_ridge_draws_towards_zero_and_spares_the_intercept():
    table = simulated().head(2_000)
    free = hazard.fit(table, "attempt", NAMES)
    held = hazard.fit(table, "attempt", NAMES, ridge=1e6)
    assert np.abs(held.value[1:]).max() < 0.01 < np.abs(free.value[1:]).min()
    rate = table["attempt"].sum() / table["risk_years"].sum()
    assert np.exp(held.value[0]) > rate / 2


def test_scores_of_a_small_example():
    chance = np.array([0.1, 0.2, 0.2, 0.8])
    happened = np.array([0.0, 1.0, 0.0, 1.0])
    weight = np.ones(4)
    assert score.roc_auc(chance, happened, weight) == pytest.approx(3.5 / 4)
    assert score.pr_auc(chance, happened, weight) == pytest.approx((1 + 2 / 3) / 2)
    twice = np.array([1.0, 2.0, 1.0, 1.0])
    rows = [0, 1, 1, 2, 3]
    for rule in (score.roc_auc, score.pr_auc):
        repeated = rule(chance[rows], happened[rows], np.ones(5))
        assert rule(chance, happened, twice) == pytest.approx(repeated)


@pytest.mark.statistical
@pytest.mark.parametrize(("spread", "accepted"), [(1.0, True), (2.0, False)])
def test_the_slope_is_one_where_the_chances_are_right(spread, accepted):
    random = np.random.default_rng(11)
    odds = random.normal(-2, 1, 20_000)
    happened = (random.random(20_000) < expit(odds)).astype(float)
    slope = score.calibration_slope(expit(spread * odds), happened, np.ones(20_000))
    weight = expit(odds) * (1 - expit(odds))
    middle = np.average(odds, weights=weight)
    error = 1 / np.sqrt((weight * (odds - middle) ** 2).sum())
    assert bool(abs(slope - 1) < BOUND * error) is accepted


@pytest.fixture(scope="module")
def records():
    return months.read_records(OPEN_DATA)


@pytest.fixture(scope="module")
def table(records):
    return months.leader_months(records)


@pytest.fixture(scope="module")
def kept():
    return json.loads(KEPT.read_text(encoding="utf-8"))


def numbers(value, name=""):
    """Give all numbers of nested tables with their place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, f"{name}/{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from numbers(inner, f"{name}/{place}")
    elif isinstance(value, int | float):
        yield name, value


@needs_data
def test_a_rerun_gives_what_is_kept(kept):
    made = dict(numbers(fit_leader_hazard.build(OPEN_DATA)))
    assert made == pytest.approx(dict(numbers(kept)), abs=2e-6)


@needs_data
def test_nothing_after_2017_is_read_and_the_blind_fit_sees_nothing_after_2010(table):
    assert table["year"].max() == 2017
    later = (table["year"] > 2010) & (table["month"] == 1)
    spoilt = table.assign(attempt=table["attempt"] | later)
    honest = blind.fit_attempts(table, 2010).value
    assert (blind.fit_attempts(spoilt, 2010).value == honest).all()
    assert not np.allclose(blind.fit_attempts(spoilt, 2017).value, honest)


@needs_data
def test_attempts_fall_to_the_leader_who_was_in_office(table, records):
    """Of Mali: the overthrown holds the month, the new leader starts with no calm."""
    mali = table[(table["country"] == 432) & (table["year"] == 1991)]
    march = mali[mali["month"] == 3].set_index("leader")
    assert march["attempt"].to_dict() == {"Traore": True, "Amadou Toure": False}
    assert march.loc["Amadou Toure", "came_by_coup"] == 1
    assert march.loc["Amadou Toure", "since_years"] < 0.02
    assert march.loc["Traore", "since_years"] > 13
    dated = records.attempts[records.attempts["date"] >= "1950"]
    in_months = dated["date"].dt.to_period("M").astype(str) + dated["country"].map(str)
    # one attempt came before its state had a leader on the list
    assert in_months.nunique() - table["attempt"].sum() <= 1


@needs_data
def test_exits_are_counted_once(records):
    found = exits.exit_months(OPEN_DATA, records)
    kinds = found[["forced", "capture", "natural"]].sum(axis=1)
    assert kinds.max() == 1
    assert found["year"].max() == exits.LAST_YEAR


def test_the_tables_of_the_page_are_those_of_the_fit(kept):
    text = fit_leader_hazard.PAGE.read_text(encoding="utf-8")
    assert page.filled(text, kept) == text, "python tools/fit_leader_hazard.py"
    assert page.coefficients(kept) in text
