"""Effort, control, grievance, people and sieges by hand."""

import numpy as np
import pytest

from supplyline.engine.kernels.control import (
    besiege_town,
    clash_pair,
    displace_people,
    move_control,
    moved_grievance,
    relief_access,
    serve_regions,
)
from supplyline.engine.kernels.effort import (
    aim_operations,
    move_effort,
    note_reference,
    overlap,
    payoff,
    weigh_path,
)
from supplyline.engine.kernels.groups import Region, RegionState
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.threat import Posture, Talks
from worlds import copied, played, stage, told

COAST, LOWLAND, UPLAND = range(3)


@pytest.fixture(scope="module")
def begun(toy):
    """The first day of a country in which nothing has happened yet."""
    known = {
        "effort_step_per_week": 0.1, "payoff_trucks": 1.0, "payoff_revenue": 0.5,
        "payoff_grievance": 0.2, "payoff_state_absence": 0.7,
        "payoff_state_strength": 0.3, "clash_deaths_per_day": 0.02,
        "alliance_switch_per_year": 0.0, "control_days": 100.0, "support_exponent": 0.5,
        "grievance_normal": 0.4, "grievance_harm_per_100k": 0.02,
        "grievance_shortage_per_week": 0.05, "grievance_price_per_week": 0.02,
        "grievance_relief_per_week": 0.01, "grievance_fade_per_week": 0.1,
        "contested_access": 0.5, "siege_reach": 0.3, "siege_per_year": 0.5,
        "siege_days": 100.0, "siege_sd_log": 0.0, "displaced_per_death": 50.0,
        "displacement_shortage_per_week": 0.001, "return_per_week": 0.01,
        "displaced_abroad_share": 0.2, "offensive_reaction": 0.0,
        "operations_per_day": 1e-9,
    }  # fmt: skip
    first = told(stage(toy), **known)
    first.state.groups.attacks_per_day = 1e-9
    return played(first, 0, 1)


@pytest.fixture
def made(begun):
    return copied(begun)


def params_of(made):
    return made.inputs.params[0]


def test_effort_pays_by_the_sum_of_its_reasons(made):
    region, home = records(Region, 1)[0], records(RegionState, 1)[0]
    region.trucks, region.gold_share, region.soldiers_share = 0.6, 0.5, 0.4
    home.grievance, home.state_control = 0.3, 0.8

    expected = 0.6 + 0.25 + 0.06 + 0.7 * 0.2 - 0.12
    assert payoff(region, home, params_of(made)) == pytest.approx(expected)


def test_effort_takes_a_step_to_what_pays_and_can_hide_it(made):
    state, places = made.state, made.state.presence[0, 0]
    places.effort = [0.2, 0.5, 0.3]  # a fifth of it abroad
    homes, regions = state.regions[0], made.inputs.regions
    aim = np.zeros(3)
    for number, cover in ((LOWLAND, 0.4), (UPLAND, 0.1)):
        pays = payoff(regions[number], homes[number], params_of(made))
        aim[number] = cover * np.exp(pays)
    move_effort(made.inputs, state, 0, 0)

    aim *= 0.8 / aim.sum()
    assert places.effort[COAST] == 0.2
    expected = 0.9 * np.array([0.5, 0.3]) + 0.1 * aim[1:]
    assert places.effort[1:] == pytest.approx(expected)
    assert places.effort.sum() == pytest.approx(1)


def test_a_group_that_can_hide_nowhere_stays(made):
    made.state.regions.state_control = 1.0
    made.state.presence.control = 0.0
    before = made.state.presence.effort.copy()
    move_effort(made.inputs, made.state, 0, 0)

    assert (made.state.presence.effort == before).all()


def test_groups_meet_with_the_lesser_force(made):
    made.state.groups.fighters = [[300, 100]]
    made.state.presence.effort = [[[0, 0.7, 0.3], [0.5, 0.1, 0.4]]]

    assert overlap(made.inputs, made.state, 0, 0) == pytest.approx(10 + 40)


@pytest.mark.parametrize(
    ("alliance", "factor", "deaths"),
    [(-1.0, 1.0, 0.14), (-0.5, 1.0, 0.07), (-0.5, 3.0, 0.21), (0.0, 1, 0), (0.9, 1, 0)],
)
def test_rivals_lose_alike_where_they_meet(made, alliance, factor, deaths):
    made.state.alliances[:] = alliance
    made.inputs.days.clash_factor[6] = factor
    fighters = made.state.groups.fighters[0].copy()
    clash_pair(made.inputs, made.state, 0, 0, 3, 6)

    lost = fighters - made.state.groups.fighters[0]
    assert lost == pytest.approx([deaths / 2] * 2, rel=1e-3)
    assert made.state.groups.week_killed[0] == pytest.approx(lost, rel=1e-3)


def test_fewer_meet_and_fewer_die(made):
    made.state.alliances[:] = -1.0
    made.state.overlaps[:] = 2 * overlap(made.inputs, made.state, 0, 0)
    fighters = made.state.groups.fighters[0].copy()
    clash_pair(made.inputs, made.state, 0, 0, 3, 6)

    lost = fighters - made.state.groups.fighters[0]
    assert lost == pytest.approx([0.035] * 2, rel=1e-3)


def test_an_alliance_is_drawn_anew_now_and_then(made):
    told(made, alliance_switch_per_year=1e6)
    drawn = []
    for week in range(200):
        clash_pair(made.inputs, made.state, 0, 0, 3, 7 * week % 60)
        clash_pair(made.inputs, made.state, 0, 0, week, 6)
        drawn.append(made.state.alliances[0, 0])

    assert -1 <= min(drawn) < -0.9
    assert 0.9 < max(drawn) <= 1


def test_control_stays_where_force_and_support_stay(made):
    given = made.inputs.presence.control
    move_control(made.inputs, made.state, 0, LOWLAND, 6)

    seen = made.state.presence.control[0, :, LOWLAND]
    assert seen == pytest.approx(given[:, LOWLAND], rel=1e-3)


def test_grievance_turns_control(made):
    made.state.regions.grievance[0, LOWLAND] = 0.6
    made.state.nation.first_garrison_force *= 2  # half of it is left
    made.state.groups.fighters[0] = made.state.groups.first_fighters[0]
    move_control(made.inputs, made.state, 0, LOWLAND, 6)

    state = 0.5 * 0.5 * (0.4 / 0.6) ** 0.5
    groups = np.array([0.3, 0.1]) * (0.6 / 0.4) ** 0.5
    total = state + groups.sum() + 0.1
    pace = -np.expm1(-0.07)
    home = made.state.regions[0, LOWLAND]
    expected = 0.5 + pace * (state / total - 0.5)
    assert home.state_control == pytest.approx(expected, rel=1e-3)
    expected = [0.3, 0.1] + pace * (groups / total - [0.3, 0.1])
    seen = made.state.presence.control[0, :, LOWLAND]
    assert seen == pytest.approx(expected, rel=1e-3)


def test_harm_and_need_raise_grievance_and_relief_lowers_it(made):
    home, params = records(RegionState, 1)[0], params_of(made)
    home.residents, home.grievance, home.served = 200_000, 0.4, 1.0
    assert moved_grievance(home, 0.0, 0.0, params) == pytest.approx(0.4)
    home.week_harm, home.served = 5, 0.5
    rise = 0.02 * 2.5 + 0.05 * 0.5 + 0.02 * 0.3 - 0.01 * 0.8
    after = moved_grievance(home, 0.3, 0.8, params)
    assert after == pytest.approx(0.4 + 0.6 * rise)
    home.week_harm, home.served, home.grievance = 0, 1.0, 0.7
    after = moved_grievance(home, 0.0, 1.0, params)
    assert after == pytest.approx(0.7 - 0.7 * 0.01 - 0.1 * 0.3)
    home.week_harm = 1e6
    assert moved_grievance(home, 0.0, 0.0, params) == 0.99


def test_relief_reaches_who_is_under_the_state_and_half_of_the_contested(made):
    home = records(RegionState, 1)[0]
    home.state_control = 0.5

    assert relief_access(home, 0.2, False, params_of(made)) == pytest.approx(0.6)
    assert relief_access(home, 0.2, True, params_of(made)) == pytest.approx(0.42)


def besieged(made, day, region=LOWLAND):
    return besiege_town(made.inputs, made.state, 0, region, 3, day)


def test_a_dated_siege_holds_on_its_days(made):
    made.inputs.region_days.is_siege_begun = 0
    told(made, siege_per_year=0)
    made.inputs.region_days.is_besieged[10:20, LOWLAND] = 1

    assert [besieged(made, day) for day in (6, 13, 20)] == [False, True, False]


def test_a_siege_without_end_lasts_as_drawn_or_until_a_deal(made):
    made.inputs.region_days.is_siege_begun = 0
    made.inputs.region_days.is_siege_begun[9, LOWLAND] = 1
    told(made, siege_per_year=0, siege_days=20.0)

    days = (6, 13, 20, 27, 34)
    assert [besieged(made, day) for day in days] == [False, True, True, True, False]
    assert made.state.regions.siege_end[0, LOWLAND] == pytest.approx(33)
    made.state.regions.siege_end[0, LOWLAND] = 99
    made.state.nation.talks = Talks.DEAL
    assert not besieged(made, 41)


@pytest.mark.parametrize(
    ("posture", "talks", "begins"),
    [
        (Posture.PRESSURE, Talks.NONE, True),
        (Posture.BUILD_UP, Talks.TALKS, True),
        (Posture.PAUSE, Talks.NONE, False),
        (Posture.PRESSURE, Talks.TRUCE, False),
    ],
)
def test_a_siege_begins_by_what_the_interdictor_holds(made, posture, talks, begins):
    made.inputs.region_days.is_siege_begun = 0
    nation, home = made.state.nation[0], made.state.regions[0, LOWLAND]
    nation.posture, nation.talks = posture, talks
    home.siege_gap = 0.5 * 0.3 * 7 / 365 - 1e-9

    assert besieged(made, 6) is begins
    assert home.sieges == begins


def moved_people(made, deaths=(0, 0, 0), served=1.0):
    homes = made.state.regions[0]
    homes.week_deaths, homes.served = deaths, served
    before = homes.residents.copy()
    displace_people(made.inputs, made.state, 0)
    return before, homes


def test_people_flee_to_where_the_state_holds(made):
    before, homes = moved_people(made, (9, 10, 0))
    country = made.state.nation[0]

    assert country.abroad == pytest.approx(100)
    assert (
        homes.away.sum()
        == pytest.approx(homes.displaced.sum())
        == pytest.approx(400 * 0.99)
    )
    left = before - homes.residents - [0, 500, 0]
    assert left.sum() == pytest.approx(-400 * 0.01)
    weight = homes.state_control * (before - [0, 500, 0])
    assert homes.displaced == pytest.approx(396 * weight / weight.sum())
    assert homes.away[[COAST, UPLAND]] == pytest.approx([0, 0])


def test_dearth_makes_people_leave_and_no_more_than_there_are(made):
    before, homes = moved_people(made, served=0.4)
    gone = 0.001 * 0.6 * before
    assert homes.away == pytest.approx(gone * 0.8 * 0.99)
    before, homes = moved_people(made, (0, 1e9, 0))
    assert homes.residents[LOWLAND] >= 0
    total = homes.residents.sum() + homes.displaced.sum()
    assert total + made.state.nation.abroad[0] == pytest.approx(800_000, rel=1e-3)


def test_with_nowhere_to_go_they_stay(made):
    made.state.regions.state_control = 0
    before, homes = moved_people(made, (0, 10, 0))

    assert homes.displaced.sum() == homes.away.sum() == 0
    gone = before - homes.residents
    assert gone == pytest.approx([0, made.state.nation.abroad[0], 0])


def test_a_region_fares_as_its_places_or_as_the_mean_of_all(made):
    inputs, state = made.inputs, made.state
    state.places.served = [[0.2, 0.6, 1.0]]  # millford; highcourt and farfield
    serve_regions(inputs, state, 0)

    assert state.regions.served[0] == pytest.approx([0.6, 0.2, 0.8])


def test_operations_go_where_the_groups_are(made):
    made.state.groups.fighters = [[300, 100]]
    made.state.presence.effort = [[[0.5, 0.4, 0.1], [0, 0.3, 0.7]]]
    aim_operations(made.inputs, made.state, 0)

    strength = np.array([0, 150, 100])
    shares = made.state.regions.operation_share[0]
    assert shares == pytest.approx(strength / strength.sum())
    made.state.groups.fighters = 0
    aim_operations(made.inputs, made.state, 0)
    assert (made.state.regions.operation_share == 0).all()


def test_roads_grow_more_dangerous_with_the_interdictors_strength_there(made):
    inputs, state = made.inputs, made.state
    first = np.array([0.42, 1.5, 1.9, 0.84])  # by rail, by road, to the far field
    assert state.exposure[0] == pytest.approx(first)
    note_reference(inputs, state, 0)
    weigh_path(inputs, state, 0)
    assert state.exposure[0] == pytest.approx(first)
    state.groups.fighters[0, 0] *= 2
    state.presence.effort[0, 0, UPLAND] *= 0.5
    weigh_path(inputs, state, 0)
    assert state.exposure[0] == pytest.approx([0.42, 3.0, 3.4, 0.84])
    # what counts is the strength of the first ban, and of who enforces it
    note_reference(inputs, state, 0)
    state.groups.fighters[0, 1] *= 9
    weigh_path(inputs, state, 0)
    assert state.exposure[0] == pytest.approx([0.42, 3.0, 3.4, 0.84])
