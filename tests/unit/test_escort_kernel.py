"""The state's answer to a short capital, packages sent elsewhere, convoys by size."""

import math

import numpy as np
import pytest

from supplyline.engine.draws import entity_key
from supplyline.engine.kernels.escort import (
    answer_shortage,
    convoy_cap,
    dispatch_convoys,
    divert_escorts,
    escort_packages,
)
from supplyline.engine.kernels.layout import CaseFacts, Day, NationState
from supplyline.engine.kernels.luck import uniforms
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.threat import NEVER, Posture
from supplyline.engine.simulate import simulate
from worlds import (
    changed,
    fixed,
    params_of,
    played,
    stage,
    told,
    ungrouped,
    within,
)


@pytest.fixture
def params(toy):
    return params_of(
        toy,
        escort_packages_initial=1.0,
        escort_packages_final=5.0,
        escort_ramp_days=8.0,
        capital_watch_days=14.0,
        alarm_served_share=0.6,
        escort_answer_rise=1.0,
        escort_answer_fall=0.4,
        escort_answer_days=20.0,
        escort_diverted_share=0.6,
        diversion_days=14.0,
        diversion_gap_days=42.0,
    )


def escorts(watch=1.0):
    nation = records(NationState, 1)[0]
    nation.escort_answer = nation.escort_force = 1.0
    nation.capital_watch = watch
    return nation


def answered(params, served, days=400, is_banned=1, step_day=0.0):
    """Give the answer after some days of the same service."""
    nation = escorts(served)
    nation.escort_step_day = step_day
    for day in range(days):
        answer_shortage(nation, is_banned, served, day, params)
    return nation.escort_answer


@pytest.mark.parametrize(
    ("served", "answer"), [(0.0, 2.0), (0.6, 2.0), (0.8, 1.3), (1.0, 0.6)]
)
def test_the_answer_follows_what_is_seen_of_the_capital(params, served, answer):
    assert answered(params, served) == pytest.approx(answer)


@pytest.mark.parametrize("alarm", [0.0, 0.6, 1.0])
def test_less_served_never_brings_fewer_escorts(params, alarm):
    params.alarm_served_share = alarm

    answers = [answered(params, served) for served in np.linspace(0, 1, 21)]

    assert np.isfinite(answers).all()
    assert (np.diff(answers) <= 0).all()
    assert answers[0] == pytest.approx(2.0)


def test_nothing_is_answered_before_the_step_or_without_a_ban(params):
    assert answered(params, 0.0, step_day=NEVER) == 1
    assert answered(params, 0.0, is_banned=0) == 1
    assert answered(params, 0.0, days=1) == pytest.approx(1 + 1 / 20)


def test_what_is_seen_lags_behind_what_is(params):
    nation = escorts()
    answer_shortage(nation, 1, 0.3, 0, params)

    assert nation.capital_watch == pytest.approx(1 - 0.7 / 14)


def factors(params, members, day, begin=None):
    """Give the factor of packages on a day in many members."""
    key = records(CaseFacts, 1)
    key[0].diversion = entity_key(1, "diversion", "nation")
    today, made = records(Day, 1)[0], []
    today.escort_factor = 1.0
    for member in range(members):
        nation = escorts()
        nation.escort_step_day = NEVER
        if begin is not None:
            nation.is_diverted, nation.diversion_count = begin, 1
        for each in range(day + 1):
            divert_escorts(nation, key[0].diversion, member, each, params)
        made.append(escort_packages(nation, today, day, params))
    return np.array(made)


@pytest.mark.parametrize("day", [0, 9])
@pytest.mark.parametrize(("begin", "is_kept"), [(None, True), (1, False)])
def test_packages_sent_elsewhere_leave_the_mean_as_it_is(params, day, begin, is_kept):
    made = factors(params, 4000, day, begin)

    # there with chance 3/4 at 1.2, away with 1/4 at 0.4
    assert set(made.round(9)) <= {0.4, 1.2}
    error = 0.8 * math.sqrt(3 / 16 / 4000)
    assert within(made.mean() - 1, error) == is_kept


def test_nobody_sent_elsewhere_changes_no_bit(params):
    params.escort_diverted_share = 0.0

    assert set(factors(params, 50, 20)) == {1.0}


@pytest.mark.parametrize(("correction", "is_kept"), [(0.0, True), (0.5, False)])
def test_convoys_are_drawn_around_their_mean(params, correction, is_kept):
    # so large that rounding down weighs nothing; a median for a mean is seen
    params.convoy_cap_sd_log, cap = 0.8, 1e7
    params.convoy_cap_trucks = cap * math.exp(correction * 0.8**2)
    key = records(CaseFacts, 1)
    draws = [uniforms(key[0].posture, member, 0, 0)[2:] for member in range(4000)]
    made = np.array([convoy_cap(u, v, params) for u, v in draws])

    error = math.sqrt((math.exp(0.8**2) - 1) / 4000)
    assert within(made.mean() / cap - 1, error) == is_kept


def test_a_convoy_is_whole_and_never_empty(params):
    params.convoy_cap_trucks, params.convoy_cap_sd_log = 25.7, 0.0
    assert convoy_cap(0.3, 0.9, params) == 25
    params.convoy_cap_sd_log = 3.0
    assert convoy_cap(1 - 1e-12, 0.5, params) == 1


@pytest.mark.parametrize(
    ("posture", "packages"), [(Posture.PRESSURE, 2.0), (Posture.PULSE, 0.5)]
)
def test_fewer_escorts_are_left_for_convoys_in_a_pulse(toy, posture, packages):
    made = told(stage(toy, days=1), pulse_escort_share=0.25)
    made.inputs.params.escort_packages_initial = 2.0
    made.inputs.params.escort_diverted_share = 0.0
    made.state.nation.escort_step_day = NEVER
    made.state.nation.posture = posture

    dispatch_convoys(made.inputs, made.state, made.outputs, 0, 0, 25)

    assert made.outputs.daily[0, 25].escorts == pytest.approx(packages)


STILL = {
    "escort_answer_rise": 0, "escort_answer_fall": 0, "escort_diverted_share": 0,
    "convoy_cap_sd_log": 0, "pulse_escort_share": 1, "restock_ban_share": 1,
    "pause_pulse_probability": 0,
}  # fmt: skip
"""Neutral values: with them nothing of this page acts."""
SHORT = {"ban_willingness_share": 0.01, "capital_stock_days": 1, "fleet_margin": 1,
    "escort_packages_initial": 0.1, "escort_packages_final": 0.2}  # fmt: skip
"""What makes the made-up capital short."""
TIMES = {
    "capital_watch_days": 3, "escort_answer_days": 2, "diversion_days": 5,
    "diversion_gap_days": 6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("still", "is_same"),
    [(STILL, True)]
    + [
        ({**STILL, name: value}, False)
        for name, value in {
            "escort_answer_fall": 1, "escort_diverted_share": 0.9,
        }.items()
    ],
)  # fmt: skip
def test_neutral_shares_leave_nothing_for_their_times_to_do(toy, still, is_same):
    one, other = (
        simulate(changed(toy, *fixed(**still, **times)), days=30, members=9)
        for times in ({}, TIMES)
    )

    assert one.daily.equals(other.daily) == is_same


def escorts_of_days(case, rise):
    """Give the escorts day by day of a case whose capital runs short."""
    made = told(stage(case, 9, 60), **{**STILL, "escort_answer_rise": rise})
    made.state.nation.escort_step_day = 20.0
    return played(made).outputs.daily.escorts


@pytest.mark.parametrize("take", [lambda case: case, ungrouped])
def test_a_state_answers_with_an_army_or_without(toy, take):
    """Through the army's share of effort where there is one, else by packages."""
    case = take(changed(toy, *fixed(**SHORT)))

    few, more = (escorts_of_days(case, rise) for rise in (0.0, 2.0))

    assert (more >= few - 1e-6).all()
    assert (more > 1.05 * few).any()
