"""Ways round: what passes, room, aims and shifts of feeds, by hand."""

import math

import numpy as np
import pytest

from supplyline.engine.kernels.ways import (
    count_escorted,
    find_ways,
    let_through,
    note_passed,
    room_on_way,
)
from worlds import changed, copied, spare_way, stage, told

PACE, WEEKS_PACE = -math.expm1(-1 / 10), -math.expm1(-7 / 10)


@pytest.fixture(scope="module")
def made(toy):
    """Give the capital two more ways."""
    return stage(changed(toy, *spare_way("A-TWIN"), *spare_way("B-TWIN")))


@pytest.fixture
def four(made):
    """Four ways to the capital: by road 0.5, by rail 0.2, 0.3 and 0 by two twins."""
    world = told(copied(made), reroute_days=10, spare_way_share=0)
    names, inputs, state, _ = world
    shares = {"A-TWIN": 0.3, "B-TWIN": 0, "C-RAIL": 0.2, "C-ROAD": 0.5}
    for feed, name in enumerate(names.feeds):
        corridor, place = name.split("/")
        if place == "highcourt":
            inputs.feeds[feed].share = shares[corridor]
    state.places.need[0] = 0
    state.places.need[0, names.places.index("highcourt")] = 100
    return world


def by_corridor(world, field, **values):
    """Set the capacity of corridors, or what passes on all of their feeds."""
    names, inputs, state, _ = world
    for corridor, value in values.items():
        number = names.corridors.index(corridor.replace("_", "-"))
        if field == "capacity_kl":
            inputs.corridors[field][number] = value
        else:
            state.feeds[field][0, inputs.feeds.corridor == number] = value
    return world


def aims(world):
    names, inputs, state, _ = world
    find_ways(inputs, state, 0)
    to_capital = [f for f, name in enumerate(names.feeds) if "/highcourt" in name]
    return {
        names.feeds[f].split("/")[0]: round(state.feeds[0, f].aim, 9)
        for f in to_capital
        if state.feeds[0, f].aim
    }


def test_nothing_shifts_where_no_way_has_room(four):
    by_corridor(four, "passed", C_ROAD=0.0)

    assert aims(four) == {}
    assert four.state.feeds.shift.sum() == 0


@pytest.mark.parametrize("passed", [1.0, 0.3, 1e-9, 0.0])
def test_what_weighs_on_all_ways_alike_shifts_nothing(four, passed):
    told(four, spare_way_share=10)
    by_corridor(four, "capacity_kl", A_TWIN=500, B_TWIN=500)
    four.state.feeds.passed = passed

    assert aims(four) == {}


def test_what_a_closed_way_carried_goes_where_there_is_room(four):
    by_corridor(four, "capacity_kl", A_TWIN=40, B_TWIN=1000)
    by_corridor(four, "passed", C_ROAD=0.0)

    # of 0.5, shared by room: 0.1 is left on one twin, 10 on the other
    assert aims(four) == pytest.approx({"A-TWIN": 0.5 / 101, "B-TWIN": 50 / 101})
    shift = four.state.feeds[0].shift.sum()
    assert shift == pytest.approx(0.5 * WEEKS_PACE)


def test_room_is_never_passed(four):
    by_corridor(four, "capacity_kl", A_TWIN=40, B_TWIN=20)
    by_corridor(four, "passed", C_ROAD=0.0)

    assert aims(four) == pytest.approx({"A-TWIN": 0.1, "B-TWIN": 0.2})


def test_the_best_way_is_taken_first(four):
    by_corridor(four, "capacity_kl", A_TWIN=70, B_TWIN=20)
    by_corridor(four, "passed", A_TWIN=0.5, B_TWIN=1.0, C_RAIL=1.0, C_ROAD=0.25)

    # to the best: 0.3 x 1/2 + 0.5 x 3/4; to the next: what is left of 0.5 x 1/2
    assert aims(four) == pytest.approx({"B-TWIN": 0.2, "A-TWIN": 0.25 - 0.2})


def test_who_moves_is_served_as_well_as_on_the_better_way(four):
    by_corridor(four, "capacity_kl", B_TWIN=1000)
    by_corridor(four, "passed", A_TWIN=0.2, B_TWIN=0.8, C_RAIL=0.8, C_ROAD=0.4)

    (aim,) = aims(four).values()
    carried = 0.3 * 0.2 + 0.5 * 0.4 + 0.2 * 0.8 + aim * 0.8
    assert carried == pytest.approx(0.8)


def test_a_way_without_a_known_capacity_has_a_share_of_its_normal_flow(four):
    told(four, spare_way_share=0.5)
    by_corridor(four, "passed", C_ROAD=0.0)

    assert aims(four) == pytest.approx({"A-TWIN": 0.15, "C-RAIL": 0.1})


def test_room_that_another_place_takes_is_taken(four):
    names, inputs, state, _ = four
    by_corridor(four, "capacity_kl", C_ROAD=100)
    capital, town = (
        names.feeds.index(f"C-ROAD/{place}") for place in ("highcourt", "millford")
    )
    state.places.need[0, names.places.index("millford")] = 10

    assert room_on_way(inputs, state, 0, capital) == pytest.approx(100 - 50 - 10)
    state.feeds[0, town].shift = 1.5
    assert room_on_way(inputs, state, 0, capital) == pytest.approx(40 - 15)
    state.feeds[0, town].shift = 9
    assert room_on_way(inputs, state, 0, capital) == 0


def test_room_ends_at_the_terminal(four):
    names, inputs, state, _ = four
    inputs.corridors.terminal_kl[inputs.corridors.is_import == 1] = 130
    to_capital = names.feeds.index("B-TWIN/highcourt")

    assert room_on_way(inputs, state, 0, to_capital) == pytest.approx(30)
    state.feeds[0, to_capital].shift = 0.2
    assert room_on_way(inputs, state, 0, to_capital) == pytest.approx(30)
    by_corridor(four, "capacity_kl", B_TWIN=25)
    assert room_on_way(inputs, state, 0, to_capital) == pytest.approx(25)


def test_a_shift_fades_as_it_came(four):
    by_corridor(four, "capacity_kl", B_TWIN=1000)
    feed = four.names.feeds.index("B-TWIN/highcourt")

    def after(weeks, passed):
        by_corridor(four, "passed", C_ROAD=passed)
        for _ in range(weeks):
            find_ways(four.inputs, four.state, 0)
        return four.state.feeds[0, feed].shift

    there = 0.5 * -math.expm1(-1.4)
    assert after(2, 0.0) == pytest.approx(there)
    assert after(4, 1.0) == pytest.approx(there * math.exp(-2.8))


def test_a_corridor_lets_through_what_it_can_carry(four):
    names, inputs, state, _ = four
    road = inputs.corridors[names.corridors.index("C-ROAD")]

    assert let_through(inputs, state, 0, road, 50.0) == np.inf
    by_corridor(four, "capacity_kl", C_ROAD=20)
    assert let_through(inputs, state, 0, road, 50.0) == pytest.approx(0.4)
    assert let_through(inputs, state, 0, road, 0.0) == np.inf


def test_a_terminal_lets_out_what_it_can(four):
    names, inputs, state, _ = four
    inputs.corridors.terminal_kl[inputs.corridors.is_import == 1] = 30
    by_corridor(four, "capacity_kl", C_ROAD=20)
    road = inputs.corridors[names.corridors.index("C-ROAD")]

    # 20 of 50 by road, 20 by rail, 30 by one twin
    assert let_through(inputs, state, 0, road, 50.0) == pytest.approx(0.4 * 30 / 70)
    inputs.corridors.terminal_kl[inputs.corridors.is_import == 1] = np.inf
    assert let_through(inputs, state, 0, road, 50.0) == pytest.approx(0.4)


def test_what_passes_counts_convoys_over_weeks(four):
    names, inputs, state, _ = four
    road = names.corridors.index("C-ROAD")
    feed = names.feeds.index("C-ROAD/highcourt")

    def passed(asked=10.0, through=1.0, escorted=0, agreed=0.0):
        state.corridors.escorted_today[0, road] = escorted
        count_escorted(state.corridors[0, road], PACE)
        note_passed(inputs, state, 0, road, 0, 0.2, agreed, asked, through)
        return state.feeds.passed[0, feed]

    assert passed(through=0.5) == pytest.approx(0.1)
    assert passed(escorted=50) == pytest.approx(0.2 + 5 * PACE)
    assert passed() == pytest.approx(0.2 + 5 * PACE * math.exp(-0.1))
    inputs.levels[:] = 0.0
    assert passed() == 0  # what is closed passes nothing, whoever is escorted
    assert passed(agreed=0.3) == pytest.approx(0.3)
    inputs.levels[:] = 1.0
    assert passed(escorted=5000) == 1
    assert passed(asked=0.0) == pytest.approx(0.2)
