"""What closures, rivers and want of money leave of traffic, day by day."""

from datetime import date

import numpy as np
import pytest

from supplyline.case.change import Change
from supplyline.engine.arrays import names_of
from supplyline.engine.draws import Luck
from supplyline.engine.openings import build_openings, draw_levels
from worlds import changed, measure

MILLFORD, HIGHCOURT, RAIL, FAR = range(4)
"""Feeds of the toy case: two on the road, one by rail, one inland."""


def opened(case, members=1, days=120):
    """Share that each feed lets through, shape (member, day, feed)."""
    made = build_openings(case, names_of(case), days)
    return draw_levels(made, Luck(1, range(members)))[:, made.open_level]


def limited(case, members=1, days=120):
    """Orders at most, over demand, shape (member, day, product)."""
    made = build_openings(case, names_of(case), days)
    return draw_levels(made, Luck(1, range(members)))[:, made.order_level]


def closure(target, **cells):
    return measure("closure", date(2024, 1, 5), target=target, **cells)


def test_without_closures_all_is_open_and_all_is_paid(toy):
    assert (opened(toy) == 1).all()
    assert (limited(toy) == np.inf).all()


def test_a_closure_holds_from_its_first_day_to_its_last(toy):
    shut = opened(changed(toy, closure("C-ROAD", end=date(2024, 1, 9))))[0]

    assert np.flatnonzero(shut[:, HIGHCOURT] == 0).tolist() == [4, 5, 6, 7, 8]
    assert (shut[:, [RAIL, FAR]] == 1).all()


def test_a_closure_that_is_over_or_to_come_closes_nothing(toy):
    early = measure("closure", date(2023, 1, 1), end=date(2023, 12, 31))
    late = measure("closure", date(2025, 1, 1))

    assert (opened(changed(toy, early, late)) == 1).all()


@pytest.mark.parametrize(
    ("target", "closed"),
    [
        ("", [MILLFORD, HIGHCOURT, RAIL]),
        ("C-ROAD", [MILLFORD, HIGHCOURT]),
        ("I-FAR", [FAR]),
        ("A1", [MILLFORD, HIGHCOURT]),  # before the gateway
        ("A3", [HIGHCOURT]),  # beyond the first town
        ("C1", [FAR]),
        ("crossing", [MILLFORD, HIGHCOURT]),  # the gateway
        ("millford", [MILLFORD, HIGHCOURT]),  # a town on the way
        ("highcourt", [HIGHCOURT, RAIL, FAR]),  # where roads end and begin
        ("farfield", [FAR]),
    ],
)
def test_a_closure_meets_all_that_passes_its_target(toy, target, closed):
    shut = opened(changed(toy, closure(target)))[0, 10]

    assert np.flatnonzero(shut == 0).tolist() == closed


def test_closures_on_one_way_multiply(toy):
    half = closure("A2", measure="half", value=0.5, unit="1")
    tenth = closure("highcourt", measure="tenth", value=0.1, unit="1")

    shares = opened(changed(toy, half, tenth))[0, 10]

    assert shares.tolist() == [0.5, 0.05, 0.1, 0.1]


def test_a_range_is_drawn_by_member_and_once_for_all_days(toy):
    ranged = closure("A2", value=0.2, value_high=0.6, unit="1")
    shares = opened(changed(toy, ranged), members=4000)

    drawn = shares[:, 10, HIGHCOURT]
    assert (shares[:, 4:, MILLFORD] == drawn[:, np.newaxis]).all()
    assert 0.2 <= drawn.min() < 0.21
    assert 0.59 < drawn.max() <= 0.6
    # 4.9 standard errors of a uniform mean
    assert abs(drawn.mean() - 0.4) < 4.9 * 0.4 / np.sqrt(12 * 4000)


def test_two_closures_have_luck_of_their_own(toy):
    cells = {"value": 0, "value_high": 1, "unit": "1"}
    one = closure("C-ROAD", measure="one", **cells)
    other = closure("C-RAIL", measure="other", **cells)
    shares = opened(changed(toy, one, other), members=2000)[:, 10]

    assert abs(np.corrcoef(shares[:, MILLFORD], shares[:, RAIL])[0, 1]) < 0.11


def test_an_uncertain_start_is_taken_in_the_middle(toy):
    late = closure("C-ROAD", start_latest=date(2024, 1, 15))

    assert np.flatnonzero(opened(changed(toy, late))[0, :, 0] == 0)[0] == 9


def test_a_river_opens_by_the_month_and_a_road_always(toy):
    river = Change("segments", {"segment": "B2"}, {"mode": "river"})
    low = Change("seasons", {"month": 3}, {"river_open_share": 0.25})

    shares = opened(changed(toy, river, low))[0]

    assert shares[[59, 60, 90, 91], RAIL].tolist() == [1, 0.25, 0.25, 1]
    assert (shares[:, HIGHCOURT] == 1).all()


def test_orders_keep_to_the_lowest_limit_on_their_product(toy):
    cells = {"unit": "1", "start": date(2024, 1, 5)}
    every = Change(
        "measures",
        add=(
            {"measure": "all", "kind": "supply_limit", "value": 0.8,
             "source": "assumption", **cells},
            {"measure": "one", "kind": "supply_limit", "value": 0.5,
             "target": "gas_oil", "end": date(2024, 1, 9), "source": "assumption",
             **cells},
        ),
    )  # fmt: skip

    most = limited(changed(toy, every))[0]

    assert most[[3, 4, 8, 9]].tolist() == [
        [np.inf, np.inf], [0.8, 0.5], [0.8, 0.5], [0.8, 0.8],
    ]  # fmt: skip
