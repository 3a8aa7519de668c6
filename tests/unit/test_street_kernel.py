"""Street prices and small flows, by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyline.engine.kernels.depots import Depot
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.street import (
    informal_inflow,
    moved_multiple,
    scarcity_multiple,
)
from worlds import params_of

BACKSTOP = 3.0
SHARE = st.floats(0.08, 1)


@pytest.fixture(scope="module")
def params(toy):
    return params_of(
        toy,
        price_semi_elasticity=0.15,
        price_adjustment_per_day=0.25,
        served_floor=0.08,
    )


def store(backstop=BACKSTOP, share=0.1, most=0.0):
    depot = records(Depot, 1)[0]
    depot.backstop, depot.informal_share, depot.informal_kl = backstop, share, most
    return depot


@given(m=st.floats(1, 20), b=st.floats(0.08, 0.3))
def test_without_a_backstop_the_price_inverts_demand(toy, m, b):
    """s = exp(-b (m - 1)): the price at which demand falls to what is served."""
    served = math.exp(-b * (m - 1))
    far = params_of(toy, price_semi_elasticity=b, served_floor=1e-9)

    assert scarcity_multiple(served, 1e12, far) == pytest.approx(m, rel=1e-9)
    far.price_semi_elasticity = 1.1 * b
    is_other = scarcity_multiple(served, 1e12, far) != pytest.approx(m, rel=1e-3)
    assert is_other or m < 1.02


@given(low=SHARE, high=SHARE)
def test_scarcity_raises_the_price_and_never_past_the_backstop(params, low, high):
    low, high = sorted((low, high))

    at_low, at_high = (scarcity_multiple(s, BACKSTOP, params) for s in (low, high))
    assert 1 <= at_high <= at_low < BACKSTOP
    assert at_low <= scarcity_multiple(low, 1.1 * BACKSTOP, params)
    floor = scarcity_multiple(0.08, BACKSTOP, params)
    assert scarcity_multiple(0.01, BACKSTOP, params) == floor


def test_with_nothing_unmet_the_price_stays(params):
    assert scarcity_multiple(1.0, BACKSTOP, params) == 1.0
    assert moved_multiple(1.0, 1.0, params) == 1.0
    assert moved_multiple(1.0, 1.01, params) > 1.0


def test_the_log_of_the_price_moves_by_its_share(params):
    target = scarcity_multiple(0.5, BACKSTOP, params)

    moved = moved_multiple(2.0, target, params)

    expected = math.log(2) + 0.25 * (math.log(target) - math.log(2))
    assert math.log(moved) == pytest.approx(expected, rel=1e-12)


def test_the_informal_inflow_needs_a_price_and_somebody_unserved(params):
    def inflow(multiple, unserved):
        return informal_inflow(multiple, 100, unserved, store(), params)

    assert inflow(1.0, 50) == 0
    assert inflow(3.0, 0) == 0
    assert inflow(3.0, 50) == pytest.approx(10)
    assert inflow(2.0, 50) == pytest.approx(5)
    assert inflow(3.0, 1) == pytest.approx(math.exp(-0.3))


@given(
    multiple=st.floats(0.5, 30),
    demand=st.floats(0, 1e4),
    unserved=st.floats(0, 1e4),
    most=st.floats(0, 1e4),
)
def test_a_small_flow_keeps_its_cap_and_brings_no_more_than_is_bought(
    params, multiple, demand, unserved, most
):
    flow = informal_inflow(
        multiple, demand, unserved, store(share=0, most=most), params
    )

    assert 0 <= flow <= most
    assert flow <= unserved
    more = informal_inflow(
        multiple, demand, unserved, store(share=0, most=2 * most), params
    )
    assert flow <= more
