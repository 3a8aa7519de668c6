"""The interdictor's posture: which follows which, how long, and what it does."""

import numpy as np
import pytest

from supplyline.engine.kernels.layout import CaseFacts, NationState
from supplyline.engine.kernels.network import CorridorDay, CorridorState, FleetState
from supplyline.engine.kernels.records import Key, records
from supplyline.engine.kernels.threat import (
    Posture,
    Talks,
    Truce,
    following_posture,
    move_fleet_effort,
    move_posture,
    posture_length,
    relative_effort,
    seen_shortage,
    truce_end,
)
from worlds import params_of, within

PRESSURE, PULSE, PAUSE = Posture.PRESSURE, Posture.PULSE, Posture.PAUSE


@pytest.fixture(scope="module")
def params(toy):
    return params_of(
        toy,
        pressure_days=40.0,
        pulse_days=6.0,
        pause_days=20.0,
        pause_probability=0.4,
        opening_pulse_probability=0.0,
        pause_pulse_probability=0.0,
        pulse_multiplier=3.0,
        pause_multiplier=0.1,
    )


@pytest.mark.parametrize(
    ("posture", "is_given", "u", "expected"),
    [
        (Posture.BUILD_UP, False, 0.0, PRESSURE),
        (PAUSE, False, 0.24, PULSE),
        (PAUSE, True, 0.24, PULSE),
        (PAUSE, False, 0.26, PRESSURE),
        (PULSE, False, 0.0, PRESSURE),
        (PAUSE, False, 0.9, PRESSURE),
        (PRESSURE, False, 0.39, PAUSE),
        (PRESSURE, False, 0.41, PULSE),
        (PRESSURE, True, 0.39, PRESSURE),
        (PRESSURE, True, 0.41, PULSE),
    ],
)
def test_what_follows_a_posture(posture, is_given, u, expected):
    assert following_posture(posture, 0.4, 0.25, is_given, u) == expected


def test_a_pause_ends_in_pressure_where_it_may_not_end_in_a_pulse():
    follows = [following_posture(PAUSE, 0.4, 0.0, False, u) for u in (0.0, 0.5, 0.99)]
    assert follows == [PRESSURE] * 3


def test_a_stay_at_even_luck_is_its_median(params):
    # cos(pi / 2) = 0: the normal number is zero
    for posture, median in ((PRESSURE, 40), (PULSE, 6), (PAUSE, 20)):
        assert posture_length(posture, params, 0.5, 0.25) == pytest.approx(median)
    assert posture_length(PULSE, params, 1 - 1e-12, 0.5) == 1


def test_a_posture_lasts_until_its_end(params):
    nation, country = records(NationState, 1)[0], records(CaseFacts, 1)[0]
    nation.pay_cover = 1.0
    taken = []
    for day in range(200):
        move_posture(nation, params, country, -1.0, 7, day)
        taken.append((nation.posture, nation.posture_count, nation.posture_end))

    assert taken[0][0] == PRESSURE
    for day in range(1, 200):
        _, count, end = taken[day - 1]
        assert taken[day][1] == count + (day >= end)
    assert taken[-1][1] > 2


def test_a_dated_truce_is_a_pause_that_pressure_follows(params):
    nation, country = records(NationState, 1)[0], records(CaseFacts, 1)[0]
    move_posture(nation, params, country, -1.0, 7, 0)
    move_posture(nation, params, country, 12.0, 7, 5)
    assert (nation.posture, nation.posture_end) == (PAUSE, 12)
    move_posture(nation, params, country, -1.0, 7, 12)
    assert nation.posture == PRESSURE


def test_a_truce_holds_from_its_first_day_to_its_last():
    truces = records(Truce, 2, 1)
    truces.start, truces.end = [[3], [5]], 8

    assert [truce_end(truces, 0, day) for day in (2, 3, 7, 8)] == [-1, 8, 8, -1]
    assert truce_end(truces, 1, 4) == -1


@pytest.mark.parametrize(
    ("posture", "effort"),
    [(Posture.BUILD_UP, 0), (PRESSURE, 1), (PULSE, 3), (PAUSE, 0.1)],
)
def test_the_posture_sets_the_effort_where_a_ban_holds(params, posture, effort):
    nation, today = records(NationState, 1)[0], records(CorridorDay, 1)[0]
    corridor = records(CorridorState, 1)[0]
    nation.posture = posture

    assert relative_effort(nation, corridor, params, today) == 0
    today.is_banned = 1
    assert relative_effort(nation, corridor, params, today) == effort
    today.is_free = 1
    assert relative_effort(nation, corridor, params, today) == 0


@pytest.mark.parametrize(
    ("talks", "is_free", "effort"),
    [
        (Talks.NONE, 0, 1),
        (Talks.TALKS, 0, 1),
        (Talks.TRUCE, 0, 0),
        (Talks.DEAL, 0, 0),
        (Talks.NONE, 1, 0),
    ],
)
def test_a_truce_of_the_nation_or_an_accord_of_the_corridor_frees_it(
    params, talks, is_free, effort
):
    nation, today = records(NationState, 1)[0], records(CorridorDay, 1)[0]
    corridor = records(CorridorState, 1)[0]
    nation.posture, nation.talks = PRESSURE, talks
    corridor.is_free, today.is_banned = is_free, 1

    assert relative_effort(nation, corridor, params, today) == effort


def test_a_group_that_cannot_pay_pauses_instead_of_striking(params):
    country = records(CaseFacts, 1)[0]
    taken = []
    for pay_cover in (1.0, 0.0):
        nations = records(NationState, 400)
        nations.posture, nations.posture_end = PRESSURE, 0.0
        nations.pay_cover = pay_cover
        for member, nation in enumerate(nations):
            move_posture(nation, params, country, -1.0, member, 5)
        taken.append(nations.posture.copy())

    assert set(taken[0]) == {PULSE, PAUSE}
    assert set(taken[1]) == {PAUSE}
    # nobody who would pause anyway is moved
    assert (taken[1][taken[0] == PAUSE] == PAUSE).all()


def watching(watch, posture=PRESSURE):
    nation = records(NationState, 1)[0]
    nation.capital_watch, nation.posture, nation.pay_cover = watch, posture, 1.0
    return nation


@pytest.mark.parametrize(
    ("alarm", "watch", "short"),
    [(0.6, 1.0, 0), (0.6, 0.8, 0.5), (0.6, 0.6, 1), (0.6, 0.1, 1), (1.0, 1.0, 1),
     (0.0, 0.25, 0.75)],
)  # fmt: skip
def test_what_is_seen_of_the_capital(toy, alarm, watch, short):
    told = params_of(toy, alarm_served_share=alarm)
    assert seen_shortage(watching(watch), told) == pytest.approx(short)


@pytest.mark.parametrize(
    ("share", "watch", "pauses"),
    [(1.0, 1.0, False), (1.0, 0.3, True), (0.0, 1.0, True), (0.0, 0.3, True)],
)
def test_nobody_eases_a_blockade_that_does_not_bite(toy, share, watch, pauses):
    told = params_of(toy, pause_probability=0.9, pause_answer_share=share)
    nation, facts = watching(watch), records(CaseFacts, 1)[0]
    follows = set()
    for member in range(60):
        nation.posture, nation.posture_end = PRESSURE, 0.0
        move_posture(nation, told, facts, -1.0, member, 1)
        follows.add(int(nation.posture))

    assert (PAUSE in follows) == pauses


def fleet_efforts(toy, day, watch=1.0, **values):
    """Give effort against a fleet and its daring on a day, in many members."""
    usual = {
        "fleet_effort_days": 8.0, "fleet_effort_sd_log": 0.7, "effort_answer": 0.0,
        "fleet_daring_sd_log": 0.5, "alarm_served_share": 0.6,
    }  # fmt: skip
    told = params_of(toy, **{**usual, **values})
    key, nation = records(Key, 1)[0], watching(watch)
    made = np.empty((4000, 2))
    for member in range(len(made)):
        fleet = records(FleetState, 1)[0]
        for each in range(day + 1):
            move_fleet_effort(fleet, key, nation, member, each, told)
        made[member] = fleet.effort, fleet.daring
    return made


@pytest.mark.parametrize("day", [0, 12])
@pytest.mark.parametrize(("answer", "is_kept"), [(0.0, True), (1.0, False)])
def test_ups_and_downs_of_a_fleet_keep_their_mean(toy, day, answer, is_kept):
    made = fleet_efforts(toy, day, effort_answer=answer)

    for values, sd in zip(made.T, (0.7, 0.5), strict=True):
        error = np.sqrt(np.expm1(sd**2) / len(made))
        assert within(values.mean() - 1, error) == is_kept


def test_a_way_that_is_hit_is_driven_less(toy):
    effort, daring = np.log(fleet_efforts(toy, 0)).T

    assert np.corrcoef(effort, daring)[0, 1] == pytest.approx(-1)
    served, short = (fleet_efforts(toy, 0, watch, effort_answer=1) for watch in (1, 0))
    assert (served[:, 0] > short[:, 0]).all()
    assert (served[:, 1] < short[:, 1]).all()


def test_an_effort_without_ups_and_downs_is_that_on_all(toy):
    made = fleet_efforts(
        toy, 3, effort_answer=2, fleet_effort_sd_log=0, fleet_daring_sd_log=0
    )
    assert (made == 1).all()
