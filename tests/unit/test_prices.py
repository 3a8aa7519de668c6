"""Street prices of whole runs: where they start, how far they rise, whom they move."""

import numpy as np
import pandas as pd
import pytest

import supplyline as sl
from supplyline.analysis.measures import find_measure
from supplyline.case.change import Change
from supplyline.engine.kernels.street import scarcity_multiple
from supplyline.engine.precision import BINARY_DIGITS
from supplyline.engine.prices import inland_hours
from worlds import changed, fixed, measure, played, stage, told, ungrouped, without

PRODUCT = "kerosene"
OFFICIAL = 2.0
USUAL = 9.0
KEPT = 2.0**-BINARY_DIGITS
"""How closely a run keeps a price."""
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
    assert price / USUAL == pytest.approx(from_pump / OFFICIAL, rel=2 * KEPT)
    assert np.median(price[:, -1]) < USUAL + 0.1 * (price.max() - USUAL)


def test_what_people_are_used_to_moves_nobody(toy, usual):
    """A rise does: the same price from the pump would be a rise of 4.5 times."""
    run, _ = usual
    of_pump, _ = prices(changed(toy, CLOSED))

    for name in ("covariate_price", "legitimacy", "protests"):
        assert (run.daily[name] == of_pump.daily[name]).all(), name
    assert float(run.daily["covariate_price"].max()) > 0


def test_a_rise_is_told_against_what_people_paid_before(toy, usual):
    run, price = usual
    of_pump, _ = prices(changed(toy, CLOSED))

    def told(run, name):
        days = run.daily["day"].to_numpy()
        measure, label = find_measure(run.case, name)
        return measure.over(run, pd.Timestamp(days[0]), pd.Timestamp(days[-1]), label)

    rise = told(run, "price_increase")
    # one less than a ratio of two prices, in per cent
    asked = 100 + told(of_pump, "price_increase")
    assert 100 + rise == pytest.approx(asked, rel=4 * KEPT)
    assert (rise <= 100 * (price.max(axis=1) / USUAL - 1)).all()
    multiple = told(run, "price_multiple") / told(of_pump, "price_multiple")
    assert multiple == pytest.approx(USUAL / OFFICIAL, rel=2 * KEPT)


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

    def hours(*makers):
        is_making = np.isin(made.names.places, makers)
        counted = inland_hours(made.inputs, is_making)
        return dict(zip(made.names.places, counted, strict=True))

    assert hours() == {"millford": 0, "highcourt": 0, "farfield": 4}
    assert hours("farfield") == {"millford": 0, "highcourt": 0, "farfield": 0}


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


SHUT = measure("closure", "2024-01-05")


def siege(case, most=None, **cells):
    """Shut every way from the fifth day on, and let a small flow through."""
    given = {"price_multiple": 4.0, "product": "", "source": "assumption", **cells}
    flows = (
        ()
        if most is None
        else (
            Change(
                "small_flows",
                add=({"place": "highcourt", "most_kl_per_day": most, **given},),
            ),
        )
    )
    return stage(changed(ungrouped(case), SHUT, *flows), members=16)


def rise(made):
    return made.outputs.daily_products["price_per_l"][:, -1, 0] / OFFICIAL


def flow_kl(made):
    """Sum what came to the capital by small flows: elsewhere none is known of."""
    made.inputs.depots.informal_share[:, 0] = 0.0
    made.inputs.depots.informal_share[:, 2] = 0.0
    played(made)
    return made.state.accounts.informal.sum(axis=1)


@pytest.mark.parametrize(("share", "accepted"), [(0.0, True), (1.0, False)])
def test_a_small_flow_keeps_its_cap(toy, share, accepted):
    """A share of demand beside the cap would break it."""
    made = siege(toy, most=5.0)
    assert made.names.places[1] == "highcourt"
    made.inputs.depots.informal_share[:, 1] = share

    days = made.outputs.daily.shape[1] - 4
    flow = flow_kl(made)
    assert flow.min() > 0
    assert (flow <= 5.0 * days).all() == accepted


@pytest.mark.parametrize("product", ["", PRODUCT])
def test_a_small_flow_enters_the_books(toy, product):
    made = played(siege(toy, most=20.0, product=product))
    account = made.state.accounts

    capital = made.names.places.index("highcourt")
    assert made.inputs.depots.informal_kl[:, capital].sum(axis=1) == pytest.approx(20.0)
    fuel = ("stock_start", "internal_start", "imported", "produced")
    came = sum(account[name] for name in fuel)
    gone = account.sold + account.refused + account.internal_lost
    left = made.state.depots.stock.sum(axis=1)
    assert came == pytest.approx(gone + left, rel=1e-9)
    held = made.state.depots.holdings.sum(axis=1)
    bought = account.holdings_start + account.sold_public + account.informal
    assert bought == pytest.approx(account.used + held, rel=1e-9)


def test_a_leaky_siege_is_dear_and_a_tight_one_empty(toy):
    leaky, tight = (played(siege(toy, most)) for most in (400.0, 1.0))

    fed, starved = (
        made.outputs.daily.public_served_share[:, -1] for made in (leaky, tight)
    )
    assert fed.min() > 0.5
    assert starved.max() < 0.1
    assert (rise(leaky) > 1.15).all()
    assert (rise(tight) > rise(leaky)).all()


@pytest.mark.parametrize(("given", "starts"), [("", "dear"), (USUAL, "as given")])
def test_a_run_that_starts_short_starts_dear(toy, given, starts):
    """A street price that is given has risen already."""
    cells = {"initial_kl": 60, "target_kl": "", "street_price": given}
    short = Change("depots", {"place": "highcourt", "product": PRODUCT}, cells)
    still = fixed(price_adjustment_per_day=0)
    made = played(stage(changed(ungrouped(toy), short, *still), members=8), end=1)

    first = made.outputs.daily_products["price_per_l"][:, 0, 0]
    if starts == "dear":
        assert first.min() > 1.5 * OFFICIAL
    else:
        assert (first == USUAL).all()


def test_what_roads_bring_is_no_small_flow(toy):
    """While all are served nothing comes besides, whatever the cap."""
    flow = {
        "place": "highcourt",
        "product": "",
        "most_kl_per_day": 400,
        "price_multiple": 2,
        "source": "assumption",
    }
    open_ways = changed(
        ungrouped(toy), without("ban"), Change("small_flows", add=(flow,)),
        *fixed(rainy_demand_factor=1, quota_days=0.5, fear_news_per_truck=0),
    )  # fmt: skip
    made = played(stage(open_ways, members=8))

    capital = made.names.places.index("highcourt")
    assert (made.state.depots.multiple[:, capital] == 1).all()


def test_prices_fall_back_as_ways_open(toy):
    """From the first day on which all is let through again."""
    made = played(stage(changed(ungrouped(toy), CLOSED, without("ban")), 16, days=120))

    price = made.outputs.daily_products["price_per_l"][:, :, 0] / OFFICIAL
    assert price[:, :40].max() > 1.3
    assert price[:, -1] == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("made_kl", "least", "most"), [("", 0, 0), (5, 0.1, 0.9), (500, 1, 1)]
)
def test_what_is_made_on_the_spot_covers_its_share(toy, made_kl, least, most):
    cells = {"production_kl_per_day": made_kl, "capacity_kl": ""}
    plant = Change("depots", {"place": "farfield"}, cells)
    shut = measure("closure", "2024-01-05", target="I-FAR")
    made = played(stage(changed(ungrouped(toy), shut, plant), 4), end=10)

    town = made.names.places.index("farfield")
    demand = made.inputs.depots.demand[:, town]
    share = np.minimum(made.inputs.depots.production[:, town], demand)
    covered = made.inputs.depots.made_share[:, town]
    assert (made.state.places.covered[:, town] == 0).all()
    assert covered == pytest.approx(share / demand)
    assert least <= covered.min() <= covered.max() <= most
