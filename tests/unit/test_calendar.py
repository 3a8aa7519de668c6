"""Measures and seasons, day by day."""

from datetime import date

import numpy as np
import pytest

from supplyline.case.change import Change
from supplyline.engine.arrays import names_of
from supplyline.engine.calendar import (
    build_calendar,
    day_of,
    drawn_escort_step,
    drawn_starts,
    drawn_truces,
)
from supplyline.engine.draws import Luck
from supplyline.engine.kernels.threat import NEVER
from worlds import changed, measure, without

ROAD, RAIL, FAR = range(3)


def calendar(case, days=120):
    return build_calendar(case, names_of(case), days)


def days_where(values):
    """First and last day on which something holds, if it holds without a break."""
    hits = np.flatnonzero(values)
    if hits.size == 0:
        return None
    assert hits.size == hits[-1] - hits[0] + 1
    return int(hits[0]), int(hits[-1])


def test_days_are_counted_from_the_start(toy):
    assert day_of(toy, date(2024, 1, 1)) == 0
    assert day_of(toy, date(2024, 3, 1)) == 60
    assert day_of(toy, date(2023, 12, 31)) == -1


def test_a_ban_holds_on_its_corridor_from_its_day_on(toy):
    made = calendar(toy)

    assert days_where(made.corridor_days.is_banned[:, ROAD]) == (20, 119)
    assert days_where(made.corridor_days.is_banned[:, RAIL]) is None
    assert days_where(made.days.is_banned) == (20, 119)
    assert days_where(made.days.is_announced) == (20, 20)
    assert days_where(made.corridor_days.is_escorted[:, ROAD]) == (20, 119)
    assert days_where(made.corridor_days.is_escorted[:, FAR]) is None


def test_a_measure_ends_after_its_last_day(toy):
    ended = changed(toy, Change("measures", {"kind": "ban"}, {"end": date(2024, 2, 1)}))

    assert days_where(calendar(ended).days.is_banned) == (20, 31)


def test_a_ban_from_before_the_start_is_announced_on_the_first_day(toy):
    early = measure("ban", date(2023, 12, 1), target="C-RAIL")

    made = calendar(changed(toy, without("ban"), early))

    assert days_where(made.corridor_days.is_banned[:, RAIL]) == (0, 119)
    assert days_where(made.days.is_announced) == (0, 0)
    ages = made.corridor_days.banned_days
    assert ages[:, RAIL].tolist() == list(range(31, 151))
    assert (ages[:, ROAD] == 0).all()
    assert calendar(toy).corridor_days.banned_days[19:22, ROAD].tolist() == [0, 0, 1]


def test_a_measure_that_is_over_or_to_come_is_not_entered(toy):
    early = measure("ban", date(2023, 1, 1), end=date(2023, 12, 31))
    late = measure("ban", date(2025, 1, 1))

    made = calendar(changed(toy, without("ban"), early, late))

    assert (made.corridor_days.is_banned == 0).all()
    assert (made.corridor_days.banned_days == 0).all()


@pytest.mark.parametrize(
    ("kind", "target"),
    [("ban", "C-RAIL"), ("escort_suspension", "C-ROAD"), ("free_passage", "C-ROAD")],
)
def test_an_uncertain_start_is_taken_in_the_middle(toy, kind, target):
    late = measure(
        kind, date(2024, 3, 1), start_latest=date(2024, 3, 11), target=target
    )
    sure, early = (measure(kind, date(2024, 3, d), target=target) for d in (6, 1))

    uncertain, middle, first = (
        calendar(changed(toy, each)).corridor_days for each in (late, sure, early)
    )

    assert (uncertain == middle).all()
    assert (uncertain != first).any()


def test_nobody_is_escorted_where_escorts_are_suspended(toy):
    stop = measure("escort_suspension", date(2024, 4, 1))

    escorted = calendar(changed(toy, stop)).corridor_days.is_escorted[:, ROAD]

    assert np.flatnonzero(escorted).tolist() == [*range(20, 91)]


def test_escorts_may_be_ordered_without_a_ban(toy):
    order = measure("escort", date(2024, 1, 5), target="C-RAIL", end=date(2024, 1, 9))
    stop = measure("escort_suspension", date(2024, 1, 7), end=date(2024, 1, 7))

    days = calendar(changed(toy, order, stop, without("ban")))

    by_rail = days.corridor_days.is_escorted[:, RAIL]
    assert np.flatnonzero(by_rail).tolist() == [4, 5, 7, 8]
    assert not days.corridor_days.is_escorted[:, ROAD].any()
    assert days_where(days.days.is_escort_due == 1) == (4, 8)
    assert not days.days.is_banned.any()


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [("toll", "toll_usd", 900.0), ("free_passage", "is_free", 1)],
)
def test_passage_may_be_paid_or_free(toy, kind, field, value):
    cells = {"value": value, "unit": "USD"} if kind == "toll" else {}
    added = measure(kind, date(2024, 1, 5), target="C-ROAD", **cells)

    values = calendar(changed(toy, added)).corridor_days[field]

    assert (values[4:, ROAD] == value).all()
    assert (values[:4, ROAD] == 0).all()
    assert (values[:, RAIL] == 0).all()


def test_factors_on_escorts_multiply(toy):
    half = measure("escort_factor", date(2024, 1, 5), value=0.5, unit="1")
    third = measure("escort_factor", date(2024, 1, 9), value=3, unit="1")

    factor = calendar(changed(toy, half, third)).days.escort_factor

    assert factor[[3, 4, 8]].tolist() == [1, 0.5, 1.5]


def test_clearance_and_prices_hold_until_the_next(toy):
    dearer = measure(
        "official_price", date(2024, 2, 1), target="kerosene", value=3, unit="XXX/l"
    )
    made = calendar(changed(toy, dearer))

    assert made.days.clearance_h[[39, 40, 119]].tolist() == [-1, 12, 12]
    assert made.official_price[[0, 30, 31, 119], 0].tolist() == [2, 2, 3, 3]
    assert (made.official_price[:, 1] == 1.5).all()


@pytest.mark.parametrize(("first", "second"), [("all", "one"), ("one", "all")])
@pytest.mark.parametrize(
    ("kind", "target", "unit"),
    [
        ("official_price", "kerosene", "XXX/l"),
        ("ration", "kerosene", "1"),
        ("grid_h", "highcourt", "h"),
        ("toll", "C-ROAD", "USD"),
    ],
)
def test_of_one_day_what_names_a_target_holds(toy, kind, target, unit, first, second):
    cells = {"all": {"value": 2.5}, "one": {"value": 7.5, "target": target}}
    when = date(2024, 2, 1)
    rows = [
        measure(kind, when, measure=f"{number}-{name}", unit=unit, **cells[name])
        for number, name in enumerate((first, second))
    ]
    made = calendar(changed(toy, *rows))
    values = {
        "official_price": made.official_price,
        "ration": made.ration,
        "grid_h": made.place_days.grid_h,
        "toll": made.corridor_days.toll_usd,
    }[kind][31]
    assert sorted(values[values > 0])[:1] == [2.5]
    assert (values == 7.5).sum() == 1


def test_a_ration_names_a_product_and_power_a_place(toy):
    coupons = {"target": "kerosene", "value": 0.4, "unit": "1"}
    made = calendar(
        changed(
            toy,
            measure("ration", date(2024, 1, 5), end=date(2024, 1, 8), **coupons),
            measure("power_priority", date(2024, 1, 5), value=2, unit="1"),
            measure("grid_h", date(2024, 1, 9), target="farfield", value=3, unit="h"),
        )
    )

    assert made.ration[[3, 4, 7, 8], 0].tolist() == [1e9, 0.4, 0.4, 1e9]
    assert (made.ration[:, 1] == 1e9).all()
    assert made.place_days.power_priority[[3, 4]].tolist() == [[1] * 3, [2] * 3]
    hours = made.place_days.grid_h[8]
    places = names_of(toy).places
    assert dict(zip(places, hours, strict=True)) == {
        "millford": -1, "highcourt": -1, "farfield": 3,
    }  # fmt: skip


def test_the_season_is_that_of_the_month(toy):
    rainy_share = calendar(toy).days.rainy_share

    assert rainy_share[[0, 30, 31, 59, 60, 90, 91]].tolist() == [
        0, 0, 0.5, 0.5, 1, 1, 0.5,
    ]  # fmt: skip


def test_an_uncertain_start_is_drawn_evenly_over_its_days(toy):
    starts = drawn_escort_step(toy, Luck(1, range(7000)))

    assert set(starts) == set(range(32, 39))
    counts = np.bincount(starts.astype(int))[32:]
    # 4.9 standard errors of Binomial(7000, 1/7)
    assert np.abs(counts - 1000).max() < 4.9 * np.sqrt(1000 * 6 / 7)


def test_truces_run_from_a_drawn_day_to_the_last(toy):
    starts, ends = drawn_truces(toy, Luck(1, range(3)))

    assert starts.tolist() == [[44]] * 3
    assert ends.tolist() == [[51]] * 3
    open_end = changed(toy, Change("measures", {"kind": "truce"}, {"end": ""}))
    assert drawn_truces(open_end, Luck(1, range(1)))[1].tolist() == [[NEVER]]


def test_without_a_date_the_escort_step_is_undecided(toy):
    undated, luck = changed(toy, without("escort_step")), Luck(1, range(3))

    assert (drawn_escort_step(undated, luck) == NEVER).all()
    assert drawn_starts(undated, "escort_step", luck).shape == (3, 0)
