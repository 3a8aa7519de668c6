"""Whole trucks may vary; the long-run mean of a flow below one a day may not."""

import numpy as np
import pytest

from supplyline.case.scenario import Change
from supplyline.engine.simulate import simulate
from worlds import changed, fixed, stage, within, without

MEMBERS, FIRST_WEEK, WEEKS = 150, 4, 16
DAYS = 7 * (FIRST_WEEK + WEEKS + 1) - 60
pytestmark = pytest.mark.statistical


def peace(toy, *changes):
    """Take bans, sieges and the first stock of one depot out of the toy case."""
    return changed(
        toy,
        without("ban", "siege", "truce"),
        Change("depots", {"place": "farfield"}, {"target_kl": ""}),
        *fixed(national_demand_kl_per_day=120, capital_demand_share=0.5, truck_kl=10),
        *fixed(rainy_demand_factor=1),
        *changes,
    )


def run_of(case):
    return simulate(case, days=DAYS, members=MEMBERS, seed=8)


def trucks_sent(run, corridor):
    """Count the trucks of a corridor in the weeks that are compared, by member."""
    sent = run.weekly["corridor_trucks_sent"].sel(corridor=corridor)
    return sent.isel(week=slice(FIRST_WEEK, FIRST_WEEK + WEEKS)).sum("week").to_numpy()


def by_rail(share):
    return (
        Change("feeds", {"corridor": "C-RAIL"}, {"share": share}),
        Change(
            "feeds", {"corridor": "C-ROAD", "place": "highcourt"}, {"share": 1 - share}
        ),
    )


def demand_times(toy, place, factor):
    """Multiply what a place uses; the rest of the country takes up the difference."""
    rows = toy.demand[toy.demand["place"] == place]
    return [
        Change(
            "demand",
            {"place": place, "product": row.product, "demand_class": row.demand_class},
            {"demand_kl_per_day": row.demand_kl_per_day * factor},
        )
        for row in rows.itertuples()
    ]


@pytest.mark.parametrize("share", [0.05, 0.02, 0.01, 0.004])
def test_a_small_share_of_a_corridor_keeps_its_mean(toy, share):
    """A third less, as when a truck is rounded away at a gateway, would be seen."""
    # nothing is ordered but what is used
    case = peace(toy, *by_rail(share), *fixed(restock_days=3650))
    sent = trucks_sent(run_of(case), "C-RAIL").mean()
    names, inputs, _, _ = stage(case)
    use = inputs.depots.demand[0, names.places.index("highcourt")].sum()
    expected = share * use * 7 * WEEKS / 20

    # the part that is due begins anywhere in a truck: half of one of deviation
    standard_error = 0.5 / np.sqrt(MEMBERS)
    assert within(sent - expected, standard_error)
    assert not within(0.68 * sent - expected, standard_error)


@pytest.mark.parametrize("factor", [0.3, 0.1, 0.03, 0.01])
@pytest.mark.parametrize("place", ["farfield", "millford"])
def test_in_a_small_town_peace_is_peace(toy, place, factor):
    """Fed from another depot, or by imports: no week is short."""
    run = run_of(peace(toy, *demand_times(toy, place, factor)))
    served = run.weekly["served_share"].sel(place=place).isel(week=slice(0, -1))

    assert float((served < 0.5).mean()) == 0
    assert float(served.mean()) > 0.99
