"""Rationing, sales and prices of one depot, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyline.engine.kernels.depots import Account, Depot, DepotState, PlaceState
from supplyline.engine.kernels.layout import NationState
from supplyline.engine.kernels.market import (
    foreseen,
    hoarded,
    lit_hours,
    low_stock_days,
    moved_fear,
    paid_power,
    quota,
    serve_priority,
    serve_public,
    stations_open,
)
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.street import moved_multiple, scarcity_multiple
from supplyline.engine.kernels.threat import Posture
from worlds import params_of

BACKSTOP = 3.0


def shop(stock=0.0, holdings=0.0, multiple=1.0):
    state, account = records(DepotState, 1)[0], records(Account, 1)[0]
    state.stock, state.holdings, state.multiple = stock, holdings, multiple
    return state, account


def store():
    depot = records(Depot, 1)[0]
    depot.backstop, depot.informal_share = BACKSTOP, 0.1
    return depot


def town(fear):
    place = records(PlaceState, 1)[0]
    place.fear, place.covered = fear, 1.0
    return place


@pytest.fixture(scope="module")
def params(toy):
    return params_of(
        toy,
        quota_days=8.0,
        quota_floor_share=0.25,
        quota_min_share=0.2,
        price_semi_elasticity=0.15,
        price_adjustment_per_day=0.25,
        power_flow_share=0.4,
        served_floor=0.08,
        holding_days=2.0,
        holding_fear_days=4.0,
        hoarding_days=5.0,
        power_share=0.5,
        power_floor_share=0.3,
        fear_rate_per_day=0.5,
        fear_low_days=5.0,
        fear_low_weight=0.3,
        low_stock_share=0.75,
        fear_news_per_truck=0.01,
    )


@pytest.mark.parametrize(
    ("days", "share"), [(9, 1), (8, 1), (5, 0.6), (2, 0.2), (1, 0.2), (0, 0.2)]
)
def test_the_quota_falls_from_its_days_to_a_quarter_of_them(params, days, share):
    assert quota(days, 8.0, params) == pytest.approx(share)


def test_households_fill_up_with_fear_and_live_on_their_tanks(params):
    assert hoarded(10, 20, 0.0, params) == 0
    assert hoarded(10, 20, 0.5, params) == pytest.approx((40 - 20) / 5)
    assert hoarded(10, 0, 1.0, params) == 10
    assert hoarded(10, 500, 0.0, params) == -10


def test_fear_moves_half_way_to_its_cause(params):
    assert moved_fear(0.0, 1.0, False, 0.0, params) == 0
    assert moved_fear(0.0, 0.4, False, 0.0, params) == pytest.approx(0.3)
    assert moved_fear(0.0, 1.0, True, 0.0, params) == pytest.approx(0.15)
    assert moved_fear(0.2, 1.0, False, 10.0, params) == pytest.approx(0.15)
    assert moved_fear(1.0, 0.0, True, 100.0, params) == 1


def test_a_small_depot_is_not_low_in_calm_times(params):
    assert low_stock_days(5.0, 20.0, params) == 5
    assert low_stock_days(5.0, 4.0, params) == pytest.approx(0.75 * 4)


RUSH = st.floats(1, 20)


@given(rush=RUSH)
def test_stations_are_all_open_only_where_all_are_served(rush):
    assert stations_open(1.0, rush) == 1
    assert stations_open(0.0, rush) == 0
    assert stations_open(0.5, 1.0) == 0.5
    assert stations_open(0.5, 4.0) == pytest.approx(0.2)


@given(served=st.floats(0, 1), more=st.floats(0, 1), rush=RUSH)
def test_stations_open_with_what_is_served_and_sell_just_that(served, more, rush):
    share = stations_open(served, rush)

    assert 0 <= share <= served <= 1
    assert share * (1 + (rush - 1) * (1 - served)) == pytest.approx(served)
    assert share <= stations_open(max(served, more), rush) + 1e-15


def test_power_plants_buy_less_under_a_ban(params):
    nation = records(NationState, 1)[0]
    assert paid_power(0.5, 1.0, nation, params) == 1
    nation.posture = Posture.PRESSURE
    short = paid_power(0.5, 1.0, nation, params)
    assert short == pytest.approx(0.5 * (0.3 + 0.7 * 0.5))
    # ways that let half through weigh though all are served
    shut = paid_power(1.0, 0.5, nation, params)
    assert shut == pytest.approx(0.5 * (0.3 + 0.7 * (1 - 0.4 * 0.5)))


@pytest.mark.parametrize(
    ("stock", "left", "power"), [(100, 78, 10), (17, 0, 10), (9, 0, 4), (3, 0, 0)]
)
def test_the_essential_come_first_then_power_then_industry(stock, left, power):
    depot = records(Depot, 1)[0]
    depot.essential, depot.power, depot.industry = 5, 20, 14
    state, account = shop(stock)

    assert serve_priority(depot, state, account, 0.5, 0.5) == power
    assert state.stock == left
    assert account.sold == stock - left


def test_the_public_gets_its_quota_of_what_it_wants(params):
    state, account = shop(stock=100, holdings=20)

    wanted, got = serve_public(
        store(), town(0.5), state, account, 10.0, 0.5, 1e9, params
    )

    assert (wanted, got) == (pytest.approx(14), pytest.approx(7))
    assert state.stock == pytest.approx(93)
    assert state.holdings == pytest.approx(17)
    # the street counts the use of 10, and not the 4 that fear asks for besides
    target = scarcity_multiple(0.7, BACKSTOP, params)
    assert state.multiple == moved_multiple(1.0, target, params)


@pytest.mark.parametrize("full", [21.0, 60.0, 400.0])
def test_a_town_that_lives_on_its_tanks_pays_no_more(params, full):
    """It wants less than it uses, and gets all of it."""
    state, account = shop(stock=100, holdings=full)

    wanted, got = serve_public(
        store(), town(0.0), state, account, 10.0, 1.0, 1e9, params
    )

    assert wanted < 10
    assert got == pytest.approx(wanted)
    assert state.multiple == 1.0


@pytest.mark.parametrize(
    ("stock", "quota_share", "ration", "sold"),
    [(100, 1, 0.3, 3), (100, 1, 0, 0), (2, 1, 0.3, 2), (100, 0.1, 0.3, 1.4),
     (100, 1, 5, 14)],
)  # fmt: skip
def test_a_ration_caps_sales_whatever_people_want(
    params, stock, quota_share, ration, sold
):
    """Of a demand of 10; with fear 14 is wanted."""
    state, account = shop(stock=stock, holdings=20)

    serve_public(store(), town(0.5), state, account, 10.0, quota_share, ration, params)

    assert account.sold_public == pytest.approx(sold)


@pytest.mark.parametrize(
    ("power", "need", "grid_h", "hours"),
    [(0, 10, -1, 6), (10, 10, -1, 19), (5, 10, -1, 12.5), (0, 10, 2, 2),
     (5, 10, 0, 9.5), (5, 10, 22, 22), (0, 0, 9, 9)],
)  # fmt: skip
def test_electricity_comes_from_the_line_and_from_fuel(toy, power, need, grid_h, hours):
    params = params_of(toy, hydro_h=6.0, power_full_h=19.0)

    assert lit_hours(power, need, grid_h, params) == pytest.approx(hours)
    assert np.isnan(lit_hours(0, 0, -1, params))


@given(
    stock=st.floats(0, 1e5),
    holdings=st.floats(0, 1e5),
    demand=st.floats(0, 1e4),
    share=st.floats(0, 1),
    fear=st.floats(0, 1),
    multiple=st.floats(1, 2.99),
)
def test_the_public_neither_makes_nor_loses_a_litre(
    params, stock, holdings, demand, share, fear, multiple
):
    state, account = shop(stock, holdings, multiple)

    wanted, got = serve_public(
        store(), town(fear), state, account, demand, share, 1e9, params
    )

    into, out = stock + holdings + account.informal, state.stock + state.holdings
    assert into == pytest.approx(out + account.used, rel=1e-9, abs=1e-9)
    assert stock - state.stock == pytest.approx(account.sold, rel=1e-9, abs=1e-6)
    assert got == pytest.approx(account.sold + account.informal, rel=1e-12)
    assert 0 <= got <= wanted + 1e-9
    assert state.stock >= 0
    assert state.holdings >= -1e-9
    assert np.isfinite(state.multiple)


@given(served=st.floats(0, 1), covered=st.floats(0, 1))
def test_where_nobody_looks_ahead_what_is_served_counts(served, covered):
    assert foreseen(served, covered, 0.0) == served
    assert foreseen(served, 1.0, 1.0) == served
    assert foreseen(1.0, covered, 1.0) == pytest.approx(covered)
