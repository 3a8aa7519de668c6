"""The regime by hand: what moves it, its hazards, and how rule ends."""

import math

import pytest

from supplyline.case.regime import COVARIATES
from supplyline.case.series import Daily, DailyCountry
from supplyline.engine.kernels.layout import Day, NationState
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.regime import (
    MOST_PROTESTS,
    Exit,
    attempt_rate,
    end_rule,
    log_pressures,
    moved_cohesion,
    moved_fiscal,
    moved_legitimacy,
    negative_binomial,
    protest_rate,
    set_covariates,
)
from worlds import copied, stage, told


@pytest.fixture(scope="module")
def begun(toy):
    known = {
        "legitimacy_normal": 0.6, "legitimacy_shortage_per_week": 0.14,
        "legitimacy_price_per_week": 0.07, "legitimacy_dark_per_week": 0.035,
        "legitimacy_lit_h": 8.0, "legitimacy_news_per_truck": 0.001,
        "legitimacy_convoy_per_truck": 0.0001, "legitimacy_recovery_per_week": 0.07,
        "election_postponed_legitimacy": 0.1, "protest_per_week": 0.7,
        "protest_price": 1.0, "protest_shortage": 2.0, "protest_anger": 3.0,
        "protest_repression": 1.5, "repression_normal": 0.3, "cohesion_normal": 0.7,
        "cohesion_loss_per_100": 0.1, "cohesion_partner_per_week": 0.014,
        "purge_cohesion": 0.1, "cohesion_recovery_per_week": 0.07,
        "fiscal_fall_per_week": 0.14, "fiscal_recovery_per_week": 0.07,
        "losses_full": 300.0, "protest_full": 2.0, "price_full": 4.0,
        "attempt_per_year": 0.2, "attempt_since_exponent": 0.5,
        "attempt_tenure_exponent": 1.0, "failed_coup_cohesion": -0.05,
        "coup_success_probability": 0.4,
    }  # fmt: skip
    return told(stage(toy), **known)


@pytest.fixture
def made(begun):
    return copied(begun)


@pytest.fixture
def params(made):
    return made.inputs.params[0]


@pytest.fixture
def country():
    made = records(NationState, 1)[0]
    made.legitimacy, made.cohesion, made.fiscal, made.repression = 0.6, 0.7, 1.0, 0.3
    return made


def a_day(served=1.0, lit_h=8.0, escorted=0.0, lost=0.0):
    day = records(Daily, 1)[0]
    day.public_served_share, day.electricity_h = served, lit_h
    day.trucks_escorted, day.trucks_lost = escorted, lost
    return day


def test_legitimacy_stays_in_a_usual_day(country, params):
    today = records(Day, 1)[0]

    assert moved_legitimacy(country, today, a_day(), params) == pytest.approx(0.6)
    assert moved_legitimacy(country, today, a_day(lit_h=20), params) == pytest.approx(
        0.6
    )


@pytest.mark.parametrize(
    ("day", "price", "change"),
    [
        ({"served": 0.5}, 0.0, -0.6 * 0.01),
        ({}, 1.0, -0.6 * 0.01),
        ({"lit_h": 0.0}, 0.0, -0.6 * 0.005),
        ({"lit_h": 4.0}, 0.0, -0.6 * 0.0025),
        ({"lost": 5.0}, 0.0, -0.005),
        ({"escorted": 30.0}, 0.0, 0.003),
    ],
)
def test_shortage_price_dark_and_news_move_legitimacy(
    country, params, day, price, change
):
    country.now.price = price
    moved = moved_legitimacy(country, records(Day, 1)[0], a_day(**day), params)

    assert moved - 0.6 == pytest.approx(change, rel=1e-5)


def test_a_vote_put_off_lowers_what_legitimacy_returns_to(country, params):
    today = records(Day, 1)[0]
    today.is_election_postponed = 1
    moved = moved_legitimacy(country, today, a_day(), params)
    assert moved == pytest.approx(0.6 - 0.01 * 0.1)
    country.legitimacy = 0.5
    assert moved_legitimacy(country, today, a_day(), params) == pytest.approx(0.5)
    assert moved_legitimacy(country, today, a_day(lost=1e9), params) == 0


def test_protest_follows_price_shortage_anger_and_repression(country, params):
    assert protest_rate(country, params) == pytest.approx(0.1)
    country.now.price, country.now.shortage = 0.5, 0.25
    country.legitimacy, country.repression = 0.4, 0.5
    pressure = 0.5 + 0.5 + 3 * 0.2 - 1.5 * 0.2
    assert protest_rate(country, params) == pytest.approx(0.1 * math.exp(pressure))


def test_protests_are_counted_up_to_a_most():
    assert negative_binomial(0.5, 0.0, 1.0) == 0
    assert negative_binomial(0.0, 5.0, 1.0) == 0
    assert negative_binomial(1 - 1e-16, 1e9, 0.5) == MOST_PROTESTS


def test_losses_purges_and_changes_of_partner_break_cohesion(country, params):
    today, country.usual_losses = records(Day, 1)[0], 2
    assert moved_cohesion(country, today, 2.0, params) == pytest.approx(0.7)
    fallen = moved_cohesion(country, today, 52.0, params)
    assert fallen == pytest.approx(0.7 * 0.95)
    today.is_purge, today.is_partner_changing = 1, 1
    fallen = moved_cohesion(country, today, 2.0, params)
    assert fallen == pytest.approx(0.7 * (1 - 0.1 - 0.002))
    country.cohesion = 0.5
    back = moved_cohesion(country, records(Day, 1)[0], 2.0, params)
    assert back == pytest.approx(0.5 + 0.01 * 0.2)
    assert moved_cohesion(country, today, 1e9, params) == 0


def test_money_falls_with_missing_imports(country, params):
    country.imported = 1
    assert moved_fiscal(country, params) == 1
    country.imported = 1.8
    assert moved_fiscal(country, params) == 1
    country.imported = 0.4
    assert moved_fiscal(country, params) == pytest.approx(1 - 0.02 * 0.6)
    country.imported, country.fiscal = 1, 0.5
    assert moved_fiscal(country, params) == pytest.approx(0.505)


def test_covariates_run_from_calm_to_worst(country, params):
    country.shortage, country.recent_losses, country.ground = 0.2, 150, 0.35
    country.protest, country.partner_troops, country.fiscal = 0.5, 250, 0.9
    set_covariates(country, 2.5, 1000.0, params)

    expected = dict(zip(COVARIATES, (0.2, 0.5, 0.35, 0.3, 0.4, 0.25, 0.1, 0.5, 0.5),
                        strict=True))  # fmt: skip
    assert {name: country.now[name] for name in COVARIATES} == pytest.approx(expected)
    country.recent_losses, country.protest, country.partner_troops = 9e9, 9e9, 9e9
    set_covariates(country, 99.0, 1000.0, params)
    now = country.now
    assert (now.losses, now.protest, now.price, now.partner) == (1, 1, 1, 0)
    set_covariates(country, 0.5, 0.0, params)
    # a country that never had partners lacks none
    assert (country.now.price, country.now.partner) == (0, params.reference_partner)


def test_at_their_references_covariates_change_no_hazard(made, country, params):
    told(made, **{f"hazard_ratio_{name}": 3.0 for name in COVARIATES})
    for name in ("losses", "ground", "cohesion", "legitimacy", "partner"):
        country.now[name] = params[f"reference_{name}"]

    attempt, _, capture = log_pressures(country.now, params)

    assert (attempt, capture) == pytest.approx((0, 0))
    country.now.shortage = 1
    assert log_pressures(country.now, params)[0] == pytest.approx(math.log(3))


def test_attempts_grow_rarer_with_time(params):
    assert attempt_rate(0.0, 0.0, params) == pytest.approx(0.2 / 365)
    rate = attempt_rate(3.0, 4.0, params)
    assert rate == pytest.approx(0.2 / 365 / 2 / 5)


def ruled(made, country, *, is_forced=False, **hazards):
    kept = records(DailyCountry, 1)[0]
    for name, value in hazards.items():
        kept[f"hazard_{name}"] = value
    params, static = made.inputs.params[0], made.inputs.facts[0]
    end_rule(country, kept, static, is_forced, params, 5)
    return kept


@pytest.fixture
def patient(country):
    for name in ("attempt", "forced", "capture", "natural"):
        country[f"{name}_gap"] = 1.0
    country.since_attempt = 3.0
    country.legitimacy = 0.2
    return country


def test_hazards_use_up_their_waits(made, patient):
    kept = ruled(made, patient, attempt=0.25, forced=0.5, capture=0.125)

    gaps = [patient[f"{name}_gap"] for name in ("attempt", "forced", "capture")]
    assert gaps == [0.75, 0.5, 0.875]
    assert patient.natural_gap == 1
    assert (patient.exit_kind, kept.attempts) == (Exit.NONE, 0)


@pytest.mark.parametrize("kind", ["forced", "capture", "natural"])
def test_rule_ends_where_a_wait_is_used_up(made, patient, kind):
    ruled(made, patient, **{kind: 1.0})

    assert patient.exit_kind == Exit[kind.upper()]
    assert patient.since_attempt == 3


def test_a_coup_brings_a_leader_who_starts_afresh(made, patient):
    told(made, coup_success_probability=1.0)
    kept = ruled(made, patient, attempt=1.0, forced=1.0)

    assert patient.exit_kind == Exit.COUP
    assert (patient.legitimacy, patient.cohesion) == (0.6, 0.7)
    assert (patient.since_attempt, kept.attempts) == (0, 1)


def test_a_failed_attempt_leaves_its_mark(made, patient):
    told(made, coup_success_probability=0.0)
    kept = ruled(made, patient, attempt=1.0)

    assert patient.exit_kind == Exit.NONE
    assert patient.cohesion == pytest.approx(0.65)
    assert (patient.since_attempt, patient.legitimacy) == (0, 0.2)
    assert kept.attempts == patient.attempts >= 1
    assert patient.attempt_gap > 0


def test_a_dated_attempt_needs_no_wait_and_uses_none_up(made, patient):
    told(made, coup_success_probability=0.0)
    kept = ruled(made, patient, is_forced=True)

    assert (kept.attempts, patient.attempt_gap) == (1, 1)
    assert patient.exit_kind == Exit.NONE
    told(made, coup_success_probability=1.0)
    ruled(made, patient, is_forced=True)
    assert patient.exit_kind == Exit.COUP
