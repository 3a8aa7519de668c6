"""Two made-up sieges of a town that is no capital: one leaks, the other is tight."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import supplyline as sl
from made_siege import MOST_DEAR, NO_ROOM_KL, TOWN_KL, made_siege
from supplyline.case.change import Change
from worlds import changed, fixed, played, stage

MEMBERS = 200
LATE = slice("2024-05-06", "2024-06-17")
"""Weeks of the siege in which a town without any way has long sold its last stock."""
LAST = slice("2024-08-19", None)
"""Weeks long after it."""
TRACK_KL, SMALL_KL = 0.7 * TOWN_KL, 0.2 * TOWN_KL
MOST = 0.95
"""Share of members in which a statement must hold."""

pytestmark = pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")


@pytest.fixture(scope="module")
def besieged(tmp_path_factory):
    """Give a run of a siege, by what is shut and what leaks."""
    runs = {}

    def run(closed, track_kl=NO_ROOM_KL, small_kl=0.0):
        leaks = {"closed": closed, "track_kl": track_kl, "small_kl": small_kl}
        key = tuple(leaks.values())
        if key not in runs:
            case = made_siege(tmp_path_factory.mktemp("siege") / "case", **leaks)
            runs[key] = sl.simulate(case, members=MEMBERS, executor=sl.threads(1))
        return runs[key]

    return run


def of_town(run, name, when=LATE):
    """Read a weekly series of the town, shape (member, week)."""
    series = run.weekly[name].sel(place="town", week=when)
    if "product" in series.dims:
        series = series.isel(product=0)
    return series.transpose("member", "week").to_numpy()


def never_empty(run):
    """Say in which members the town gets a fair part of what it wants every week."""
    return (of_town(run, "public_served_share") > 0.25).all(axis=1)


def empty(run):
    """Say in which members it gets nothing and holds nothing."""
    is_unserved = of_town(run, "public_served_share") < 0.01
    return (is_unserved & (of_town(run, "stock_kl") < 1.0)).all(axis=1)


def dear(run):
    """Say in which members its fuel becomes dear, and cheaper as the track is found."""
    price = of_town(run, "price_per_l")
    return (price.max(axis=1) > 1.3) & (price[:, -1] < price.max(axis=1))


def dearest(run):
    """Say in which members its fuel costs the most that it may, week after week."""
    return (of_town(run, "price_per_l") > 0.95 * MOST_DEAR).all(axis=1)


def test_a_town_whose_road_is_shut_grows_dear_and_is_never_empty(besieged):
    leaky = besieged("road", TRACK_KL, SMALL_KL)
    assert never_empty(leaky).mean() > MOST
    assert dear(leaky).mean() > MOST
    assert empty(leaky).mean() == 0
    assert dearest(leaky).mean() < 0.5


def test_without_the_track_and_small_flows_the_same_town_empties(besieged):
    dry = besieged("road")
    assert never_empty(dry).mean() == 0
    assert empty(dry).mean() > MOST


def test_each_leak_helps_and_both_help_most(besieged):
    served = [
        of_town(run, "public_served_share").mean()
        for run in (
            besieged("road"),
            besieged("road", small_kl=SMALL_KL),
            besieged("road", TRACK_KL),
            besieged("road", TRACK_KL, SMALL_KL),
        )
    ]
    assert served == sorted(served)
    assert served[1] - served[0] > 0.05


def test_a_town_shut_on_all_sides_empties_and_pays_the_most(besieged):
    tight = besieged("town", TRACK_KL)
    assert empty(tight).mean() > MOST
    assert dearest(tight).mean() > MOST
    assert never_empty(tight).mean() == 0


def test_a_siege_of_the_town_leaves_the_capital_served(besieged):
    tight = besieged("town", TRACK_KL)
    assert float(tight.weekly["public_served_share"].sel(place="seat").min()) == 1.0


def test_a_track_left_open_breaks_the_tight_siege(besieged):
    leaky = besieged("road", TRACK_KL)
    assert empty(leaky).mean() == 0
    assert dearest(leaky).mean() < MOST


@pytest.mark.parametrize(
    ("closed", "track_kl", "small_kl"),
    [("road", TRACK_KL, SMALL_KL), ("town", TRACK_KL, 0.0)],
)
def test_after_a_siege_prices_fall_back(besieged, closed, track_kl, small_kl):
    run = besieged(closed, track_kl, small_kl)
    assert (of_town(run, "price_per_l", LAST).mean(axis=1) < 1.3).mean() > MOST


def test_a_shut_gate_takes_nothing_of_what_a_terminal_carries(tmp_path):
    """Half of the need is asked of the shut road, yet the track gets all there is."""
    case = made_siege(tmp_path / "case", closed="road", track_kl=TOWN_KL, small_kl=0)
    most = 0.7 * TOWN_KL
    halved = changed(
        case,
        Change("feeds", {"place": "town"}, {"share": 0.5}),
        Change("places", {"place": "seat"}, {"capacity_kl_per_day": most}),
        *fixed(internal_traffic_share=1),
    )
    day = (date(2024, 5, 6) - case.config.start).days
    made = played(stage(halved, members=8, days=day), end=day)

    track = made.names.feeds.index("I-TRACK/town")
    feed, town = made.state.feeds[:, track], made.names.places.index("town")
    asked = (0.5 + feed.shift) * made.state.places.need[:, town]
    assert asked.min() > 0.9 * most
    assert asked * feed.passed == pytest.approx(np.minimum(asked, most))


@pytest.mark.parametrize(("closed", "passes"), [("coast", False), ("track", True)])
def test_an_open_road_from_a_dry_depot_passes_nothing(tmp_path, closed, passes):
    """Else a town would leave the way that feeds it for one that brings nothing."""
    case = made_siege(tmp_path / "case", closed=closed, track_kl=TOWN_KL, small_kl=0)
    day = (date(2024, 6, 3) - case.config.start).days
    # without rationing the seat sells its last litre
    freely = changed(case, *fixed(internal_traffic_share=1, quota_min_share=1))
    made = played(stage(freely, members=8, days=day), end=day)

    road = made.names.feeds.index("I-ROAD/town")
    assert (made.state.feeds.passed[:, road] == (1.0 if passes else 0.0)).all()
