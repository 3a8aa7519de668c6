"""Street prices of whole runs: where they start, how far they rise, whom they move."""

import numpy as np
import pytest

import supplyline as sl
from supplyline.case.change import Change
from supplyline.engine.kernels.market import scarcity_multiple
from supplyline.engine.prices import inland_hours
from worlds import changed, fixed, measure, played, stage, told, without

PRODUCT = "kerosene"
OFFICIAL = 2.0
USUAL = 9.0
"""A street price far above the official one [currency/l]."""
CLOSED = measure("closure", "2024-01-05", end="2024-01-28")


def street(case, *changes, low=USUAL, high="", place="highcourt"):
    where = {"place": place, "product": PRODUCT}
    cells = {"street_price": low, "street_price_high": high}
    return changed(case, Change("depots", where, cells), *changes)


def prices(case, members=16):
    run = sl.simulate(case, days=60, members=members, seed=1)
    price = run.daily["price_per_l"].sel(product=PRODUCT)
    return run, price.transpose("member", "day").to_numpy().astype(float)


@pytest.fixture(scope="module")
def usual(toy):
    return prices(street(toy, CLOSED))


def test_a_price_above_the_pump_starts_there_rises_and_falls_back(toy, usual):
    """The multiple is the same as from the pump: the street starts higher."""
    _, price = usual
    _, from_pump = prices(changed(toy, CLOSED))

    assert (price[:, 0] == USUAL).all()
    assert price.min() == USUAL
    assert price.max() > 1.2 * USUAL
    assert price / USUAL == pytest.approx(from_pump / OFFICIAL, rel=1e-6)
    assert np.median(price[:, -1]) < USUAL + 0.1 * (price.max() - USUAL)


def test_what_people_are_used_to_moves_nobody(toy, usual):
    """A rise does: the same price from the pump would be a rise of 4.5 times."""
    run, _ = usual
    of_pump, _ = prices(changed(toy, CLOSED))

    for name in ("covariate_price", "legitimacy", "protests"):
        assert (run.daily[name] == of_pump.daily[name]).all(), name
    assert float(run.daily["covariate_price"].max()) > 0


@pytest.mark.parametrize(("official", "asked"), [(3.0, USUAL), (12.0, 12.0)])
def test_the_official_price_counts_where_it_is_more(toy, official, asked):
    decree = measure(
        "official_price", "2024-01-10", target=PRODUCT, value=official, unit="XXX/l"
    )
    _, price = prices(street(toy, decree, without("ban")), members=2)

    assert (price[:, :9] == USUAL).all()
    assert (price[:, 9:] == asked).all()


def test_a_range_is_drawn_by_member_and_by_depot(toy):
    _, price = prices(street(toy, without("ban"), high=2 * USUAL), members=200)
    again = street(toy, without("ban"), high=2 * USUAL)
    again = street(again, low=3, high=4, place="farfield")

    first = price[:, 0]
    assert USUAL <= first.min() < 1.1 * USUAL
    assert 1.9 * USUAL < first.max() <= 2 * USUAL
    assert abs(np.mean(first) - 1.5 * USUAL) < 4 * USUAL / np.sqrt(12 * 200)
    assert (prices(again, members=200)[1] == price).all()


def test_hours_count_from_the_nearest_place_that_imports(toy):
    made = stage(toy)

    hours = dict(zip(made.names.places, inland_hours(made.inputs, 3), strict=True))

    assert hours == {"millford": 0, "highcourt": 0, "farfield": 4}


@pytest.mark.parametrize(("rise", "is_dearer"), [(0.0, False), (0.1, True)])
def test_fuel_far_inland_gets_dearer(toy, rise, is_dearer):
    """As short as the capital, a far town pays more; without the rise it does not."""
    made = stage(changed(toy, *fixed(backstop_multiple=3, backstop_rise_per_h=rise)))
    near, far = (
        made.inputs.depots[0, made.names.places.index(place), 0].backstop
        for place in ("highcourt", "farfield")
    )

    assert near == 3
    assert far == pytest.approx(3 + 2 * rise * 4)
    params = made.inputs.params[0]
    dear, base = (scarcity_multiple(0.3, top, params) for top in (far, near))
    assert (dear > base) == is_dearer


def test_nothing_wanted_moves_no_price(toy):
    made = told(stage(toy, members=4, days=0), informal_share=0.1)
    made.inputs.depots.public[:, :, 0] = 0.0
    made.inputs.depots.public[:, :, 1] *= 2.0

    multiple = played(made).state.depots.multiple

    assert (multiple[:, :, 0] == 1).all()
    assert (multiple[:, :, 1] > 1).any()
