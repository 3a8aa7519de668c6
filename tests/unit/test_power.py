"""Power plants as buyers: season, priority by period, lines; and coupons, in runs."""

import pytest

import supplyline as sl
from supplyline.case.change import Change
from worlds import changed, fixed, measure, ungrouped

START = "2024-01-21"
"""First day of the ban."""


@pytest.fixture(scope="module")
def country(toy):
    return changed(ungrouped(toy), *fixed(hydro_h=6, power_full_h=19))


def electricity(case, *changes):
    run = sl.simulate(changed(case, *changes), days=0, members=16, seed=1)
    hours = run.daily["electricity_h"].transpose("member", "day").to_numpy()
    return run, hours[:, 20:]


def priority(value):
    return measure("power_priority", START, value=value, unit="1")


def test_who_comes_last_has_dams_alone_and_who_comes_first_all(country):
    _, usual = electricity(country)
    _, last = electricity(country, priority(0))
    _, first = electricity(country, priority(100))

    assert (last == 6).all()
    assert (first == 19).all()
    assert 6 < usual.mean() < 19


def test_a_higher_priority_never_darkens(country):
    """Of any two, as long as depots do not run dry of what plants took before."""
    hours = [electricity(country, priority(value))[1] for value in (0.5, 1, 2)]

    assert (hours[0] <= hours[1] + 1e-4).all()
    assert (hours[1] <= hours[2] + 1e-4).all()
    assert hours[0].mean() < hours[1].mean() < hours[2].mean()


def test_a_line_lights_where_no_fuel_does(country):
    _, hours = electricity(
        country, priority(0), measure("grid_h", START, value=11, unit="h")
    )

    assert (hours == 11).all()


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_hot_month_burns_more(country, factor):
    """Before the ban, when plants buy all they need: 15 kl a day in the capital."""
    hot = Change("seasons", {"month": 1}, {"power_factor": factor})
    calm, _ = electricity(country)
    run, _ = electricity(country, hot)

    def sold(run):
        return run.ledger["fuel_kl"].sel(product="gas_oil", fuel_account="sold")

    assert ((sold(run) > sold(calm)) == (factor > 1)).mean() > 0.9


def test_coupons_leave_fuel_in_the_depots_and_people_unserved(country):
    coupons = measure("ration", START, target="gas_oil", value=0.3, unit="1")
    run, _ = electricity(country, coupons)
    usual, _ = electricity(country)

    served = run.daily["served_share"].isel(day=slice(25, None))
    before = usual.daily["served_share"].isel(day=slice(25, None))
    assert float(served.sel(product="gas_oil").max()) < 0.5
    assert float(before.sel(product="gas_oil").max()) == 1
    stock = run.daily["stock_kl"].sel(product="gas_oil").isel(day=-1)
    assert (stock >= usual.daily["stock_kl"].sel(product="gas_oil").isel(day=-1)).all()
