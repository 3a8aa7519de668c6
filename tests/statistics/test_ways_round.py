"""Laws of ways round: what moves, how fast, how far, and what never moves."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from supplyline.case.change import Change
from supplyline.engine.executors import threads
from supplyline.engine.simulate import simulate
from worlds import asked, changed, fixed, measure, spare_way, stage, ungrouped, without

CLOSED, REOPENED = "2024-01-29", "2024-04-01"
FIRST_WEEK, DAYS, MEMBERS = 4, 90, 32
TAU = 10
"""reroute_days."""


def calm(toy, *changes, **values):
    """Make a country without groups or bans that uses the same each day."""
    given = {
        "national_demand_kl_per_day": 120, "capital_demand_share": 0.5, "truck_kl": 1,
        "rainy_demand_factor": 1, "reroute_days": TAU, "clearance_h": 24,
        "escort_packages_initial": 0, "escort_packages_final": 0,
    }  # fmt: skip
    return changed(
        ungrouped(toy),
        without("ban", "truce", "escort_step", "clearance"),
        Change("fleets", {"fleet": "coast_trucks"}, {"trucks": 3000}),
        Change("depots", {"place": "highcourt"}, {"capacity_kl": ""}),
        *fixed(**given | values),
        *changes,
    )


def closed(corridor="C-ROAD", end=None):
    return measure("closure", CLOSED, target=corridor, **({"end": end} if end else {}))


def run_of(case, **options):
    return simulate(case, days=DAYS, members=MEMBERS, seed=3, **options)


def sent(run, corridor):
    """Trucks by member and week, from the first closed week on; whole weeks."""
    weeks = run.weekly["corridor_trucks_sent"].sel(corridor=corridor)
    return weeks.isel(week=slice(FIRST_WEEK, -1)).to_numpy()


def unmet(run, place="highcourt"):
    return run.weekly["unmet_kl"].sel(place=place).sum(["week", "product"]).to_numpy()


def fuel_gap(run):
    """What depots gained without account, relative to what came."""
    book = run.ledger["fuel_kl"]
    came = book.sel(fuel_account=["stock_start", "internal_start", "imported"])
    gone = ["sold", "refused", "internal_lost", "stock_end", "internal_end"]
    left = came.sum("fuel_account") - book.sel(fuel_account=gone).sum("fuel_account")
    return float((abs(left) / came.sum("fuel_account")).max())


def truck_gap(run):
    trucks = run.ledger["trucks"]
    where = trucks.drop_sel(truck_account="start").sum("truck_account")
    return float(abs(trucks.sel(truck_account="start") - where).max())


INLAND = (
    Change(
        "segments",
        add=(
            {
                "segment": "C2", "from_place": "millford", "to_place": "farfield",
                "mode": "road", "length_km": 170, "travel_h": 6, "surface": "paved",
                "region": "upland", "exposure": 1, "tier": 1, "source": "assumption",
            },
        ),
    ),
    Change(
        "corridors",
        add=(
            {
                "corridor": "I-OTHER", "title": "Other", "kind": "internal",
                "fleet": "home_trucks", "origin": "millford", "gateway": "millford",
                "destination": "farfield", "capacity_kl_per_day": 100,
                "source": "assumption",
            },
        ),
    ),
    Change(
        "corridor_segments",
        add=({"corridor": "I-OTHER", "position": 1, "segment": "C2"},),
    ),
    Change(
        "feeds",
        add=(
            {
                "place": "farfield", "corridor": "I-OTHER", "share": 0,
                "source": "assumption",
            },
        ),
    ),
)  # fmt: skip
"""A spare way to a town, from the depot of another."""
OWN_FLEET = Change(
    "fleets",
    add=({"fleet": "others", "title": "O", "mode": "road", "source": "assumption"},),
)
RAIL_ROOM = Change("corridors", {"corridor": "C-RAIL"}, {"capacity_kl_per_day": 300})
MORE_WAGONS = Change("fleets", {"fleet": "wagons"}, {"trucks": 300})
WAYS = {
    "a spare way": (spare_way("B-TWIN", 300), "C-ROAD", "highcourt"),
    "a spare way with its own fleet": (
        (OWN_FLEET, *spare_way("B-TWIN", 300, "others")), "C-ROAD", "highcourt"
    ),
    "room on the railway": ((RAIL_ROOM, MORE_WAGONS), "C-ROAD", "highcourt"),
    "a share of what is usual": (
        (*fixed(spare_way_share=9), MORE_WAGONS), "C-ROAD", "highcourt"
    ),
    "inland, from another depot": (INLAND, "I-FAR", "farfield"),
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_with_room_enough_a_closed_way_is_replaced_in_full(toy, name):
    ways, corridor, place = WAYS[name]
    run = run_of(calm(toy, closed(corridor), *ways))
    alone = run_of(calm(toy, closed(corridor)))

    served = run.weekly["served_share"].sel(place=place).isel(week=slice(-5, -1))
    assert float(served.min()) > 0.99
    served = alone.weekly["served_share"].sel(place=place).isel(week=slice(-5, -1))
    assert float(served.max()) < 0.5
    assert fuel_gap(run) < 1e-9
    assert truck_gap(run) == 0


@pytest.mark.parametrize(("tau", "is_right"), [(TAU, True), (1.2 * TAU, False)])
def test_the_shift_approaches_exponentially(toy, tau, is_right):
    """With orders of what is used and no more, flow to the place follows the shift."""
    case = calm(toy, closed(), *spare_way("B-TWIN", 300), restock_days=3650)
    flow = sent(run_of(case), "B-TWIN")[:, :6].mean(0)
    names, inputs, _, _ = stage(case)
    use = inputs.depots.demand[0, names.places.index("highcourt")].sum()

    # found out and followed once a week
    theory = 7 * use * 0.8 * -np.expm1(-7 * np.arange(6) / tau)
    # in whole trucks, and orders rise a little as the stock falls
    is_close = abs(flow - theory) < 1 + 0.02 * theory
    assert bool(is_close.all()) is is_right


@pytest.mark.parametrize("corridors", [("C-ROAD", "C-RAIL"), ("C-ROAD",)])
def test_a_ban_on_all_ways_alike_shifts_nothing(toy, corridors):
    """Room then changes no bit; under a ban on one way alone it does."""
    bans = [measure("ban", CLOSED, measure=f"ban-{c}", target=c) for c in corridors]
    # no fleet fares or dares otherwise than the others
    calm_ban = {"encounter_rate_per_100km": 0, "fleet_daring_sd_log": 0}
    tight = run_of(calm(toy, *bans, **calm_ban))
    roomy = run_of(calm(toy, *bans, **calm_ban, spare_way_share=5))

    assert tight.weekly.equals(roomy.weekly) is (len(corridors) == 2)


PLACE_LIMIT = Change("places", {"place": "harbour"}, {"capacity_kl_per_day": 40})
LIMITS = {
    "of a spare way": (spare_way("B-TWIN", 25), ("B-TWIN",), 25),
    "of a way in use": (
        (Change("corridors", {"corridor": "C-ROAD"}, {"capacity_kl_per_day": 30}),),
        ("C-ROAD",),
        30,
    ),
    "of a terminal": ((PLACE_LIMIT,), ("C-ROAD", "C-RAIL"), 40),
    "of a terminal with a spare way": (
        (PLACE_LIMIT, *spare_way("B-TWIN", 300)), ("C-ROAD", "C-RAIL", "B-TWIN"), 40
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_nothing_is_carried_beyond_a_capacity(toy, name):
    changes, corridors, capacity_kl = LIMITS[name]
    is_closed = "C-ROAD" not in corridors
    case = calm(toy, *changes, *([closed()] if is_closed else []))
    run = run_of(case)

    load = {"C-ROAD": 1, "B-TWIN": 1, "C-RAIL": 20}
    carried = sum(sent(run, corridor) * load[corridor] for corridor in corridors)
    most = capacity_kl * 7 + sum(load[corridor] for corridor in corridors)
    assert (carried <= most).all()
    assert carried[:, 6:].mean() > 0.95 * capacity_kl * 7  # and nearly all is used


def test_more_capacity_never_serves_less(toy):
    shortage = [
        unmet(run_of(calm(toy, closed(), *spare_way("B-TWIN", capacity))))
        for capacity in (1, 10, 20, 40, 80)
    ]

    for less, more in pairwise(shortage):
        assert (more <= less + 1e-6).all()
    assert (shortage[0] > shortage[-1] + 1).all()  # the other way round it fails


def test_a_new_way_never_serves_less(toy):
    """A second spare way that passes less takes nothing from the first."""
    half = measure("ban", CLOSED, measure="ban-a", target="A-TWIN")
    one = calm(toy, closed(), half, *spare_way("B-TWIN", 20), *spare_way("A-TWIN", 1))
    two = calm(toy, closed(), half, *spare_way("B-TWIN", 20), *spare_way("A-TWIN", 90))

    assert (unmet(run_of(two)) <= unmet(run_of(one)) + 1e-6).all()
    assert (sent(run_of(two), "B-TWIN")[:, 4:].mean() > 0.95 * 20 * 7).all()


@pytest.mark.parametrize("fades", [True, False])
def test_after_a_reopening_stock_overshoots_by_no_more_than_the_shift_brings(
    toy, fades
):
    restock, cap = 60, 1.5
    values = {"restock_days": restock, "need_cap": cap, "reroute_days": 5}
    case = calm(toy, closed(end="2024-02-25"), *spare_way("B-TWIN", 300), **values)
    later = asked(*fixed(reroute_days=5 if fades else 3650), start=date(2024, 2, 26))
    run = run_of(case, scenario=later)
    names, inputs, _, _ = stage(case)
    depot = inputs.depots[0, names.places.index("highcourt")]
    use, target = depot.demand.sum(), depot.target.sum()

    stock = run.weekly["stock_kl"].sel(place="highcourt").sum("product")
    most = float(stock.isel(week=slice(8, None)).max())
    lead_days = 4  # 7.2 h to the capital, a day of clearance
    shifted = 0.8 * 5 * cap * use
    on_the_way = lead_days * (cap * 1.8 - 1) * use
    assert bool(most <= target + shifted + on_the_way) is fades


@pytest.mark.parametrize("workers", [2, 3])
def test_the_number_of_workers_changes_no_bit_of_a_rerouted_run(toy, workers):
    case = calm(toy, closed(end=REOPENED), *spare_way("B-TWIN", 30), *INLAND)
    one = simulate(case, days=30, members=130, seed=7, executor=threads(1))
    many = simulate(case, days=30, members=130, seed=7, executor=threads(workers))

    assert one.daily.equals(many.daily)
    assert one.weekly.equals(many.weekly)
    assert not one.weekly.equals(run_of(case).weekly)


@pytest.mark.parametrize("kinds", [("ban",), ("closure",), ("ban", "closure")])
@pytest.mark.parametrize("speed", [0.3, 0.0])
def test_supply_is_back_soon_after_a_ban_or_closure_is_lifted(toy, kinds, speed):
    """At 0 a lifted ban is forgotten as slowly as losses; a closure never was."""
    acts = [measure(kind, CLOSED, target="C-ROAD", end="2024-03-31") for kind in kinds]
    back = {"ban_return_per_day": speed, "willingness_recovery_per_day": 0.03}
    back |= {"ban_willingness_share": 0.1, "encounter_rate_per_100km": 0}
    run = run_of(calm(toy, *acts, **back))

    usual = run.weekly["corridor_trucks_sent"].sel(corridor="C-ROAD").isel(week=2)
    first = run.weekly["corridor_trucks_sent"].sel(corridor="C-ROAD").isel(week=13)
    is_soon = bool((first > 0.8 * usual).all())
    assert is_soon is (speed > 0 or "ban" not in kinds)


@pytest.mark.parametrize("is_ordered", [True, False])
def test_ordered_convoys_leave_without_a_ban(toy, is_ordered):
    """After a ban few dare to drive yet; escorts take the queue."""
    ban = measure("ban", "2024-01-05", target="C-ROAD", end="2024-01-28")
    order = [measure("escort", CLOSED, target="C-ROAD")] if is_ordered else []
    slow = {"ban_return_per_day": 0, "willingness_recovery_per_day": 0.01}
    escorts = {"escort_packages_initial": 3, "escort_cycle_days": 5}
    sizes = {"convoy_min_trucks": 20, "convoy_cap_trucks": 100}
    run = run_of(calm(toy, ban, *order, **slow, **escorts, **sizes))

    convoys = run.daily["convoys"].sel(day=slice(CLOSED, None)).sum("day")
    assert bool((convoys > 0).all()) is is_ordered
    assert truck_gap(run) == 0
