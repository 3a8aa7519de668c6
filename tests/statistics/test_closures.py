"""Laws of closures and of starts in a shortage, and what breaks them."""

from datetime import date

import numpy as np
import pytest

from supplyline.case.change import Change
from supplyline.engine.simulate import simulate
from worlds import (
    changed,
    fixed,
    measure,
    played,
    stage,
    told,
    ungrouped,
    within,
    without,
)

START = date(2024, 1, 1)


@pytest.fixture(scope="module", name="toy")
def supply_alone(toy):
    """The laws of supply on their own: no group that moves, arms or tires."""
    return ungrouped(toy)


def closure(target, *, start=START, **cells):
    cells = {"unit": "1", **cells} if "value" in cells else cells
    name = f"closed-{target or 'all'}-{start}"
    return measure("closure", start, measure=name, target=target, **cells)


def delivered(run):
    """Fuel that reached each place [kl]."""
    return run.weekly["delivered_kl"].sum(["week", "product", "member"])


def same(one, other):
    parts = [(getattr(one, name), getattr(other, name)) for name in ("daily", "weekly")]
    return all(a.equals(b) for a, b in parts)


CLOSED = {
    "": {"millford", "highcourt"},
    "A2": {"millford"},
    "A3": set(),  # the capital has its railway too
    "C1": {"farfield"},
    "millford": {"millford"},
    "highcourt": {"highcourt", "farfield"},
    "farfield": {"farfield"},
}
"""Target to the places that nothing reaches, from the first day on."""


@pytest.mark.parametrize("target", CLOSED)
def test_what_is_closed_in_full_lets_nothing_pass(toy, target):
    """Under a ban with convoys too; a crack lets some pass."""
    more = fixed(escort_packages_initial=5, convoy_min_trucks=1, truck_kl=5)
    full = changed(toy, closure(target), *more)
    crack = changed(toy, closure(target, value=0.05), *more)

    shut = delivered(simulate(full, days=0, members=16, seed=5))
    ajar = delivered(simulate(crack, days=0, members=16, seed=5))

    unreached = shut.place.to_numpy()[shut.to_numpy() == 0].tolist()
    assert set(unreached) == CLOSED[target]
    assert bool((ajar > 0).all())


SHUT = {
    "an import corridor": ("C-ROAD", [closure("C-ROAD")]),
    "an inland corridor": ("I-FAR", [closure("I-FAR")]),
    "a road inland": ("I-FAR", [closure("C1")]),
    "the town at its end": ("I-FAR", [closure("farfield")]),
    "a river at low water": (
        "I-FAR",
        [
            Change("segments", {"segment": "C1"}, {"mode": "river"}),
            Change("fleets", {"fleet": "home_trucks"}, {"mode": "river"}),
            Change("seasons", {"month": 1}, {"river_open_share": 0}),
        ],
    ),
}


@pytest.mark.parametrize("kind", SHUT)
def test_not_even_a_truck_that_is_due_passes(toy, kind):
    """A truck that was owed from before waits behind the closed gate."""
    corridor, changes = SHUT[kind]
    made = stage(changed(toy, *changes), members=4)
    played(made, 0, 1)
    made.state.due[:] = 1.0
    before = made.outputs.weekly_corridors.trucks_sent.copy()
    played(made, 1, 2)

    sent = made.outputs.weekly_corridors.trucks_sent - before
    assert sent[:, :, made.names.corridors.index(corridor)].sum() == 0
    assert sent.sum() > 0


CELLS = {
    "a share": {"value": 0.4},
    "a range": {"value": 0.2, "value_high": 0.6},
}


@pytest.mark.statistical
@pytest.mark.parametrize("cells", CELLS)
@pytest.mark.parametrize(("share", "accepted"), [(0.4, True), (0.5, False)])
@pytest.mark.parametrize("corridor", ["C-ROAD", "C-RAIL", "I-FAR"])
def test_a_share_left_open_passes_that_share(toy, cells, share, accepted, corridor):
    """Of the trucks that leave on the first day, from towns that ask the same."""
    members = 4000
    calm = changed(toy, without("ban"), *fixed(truck_kl=2))
    case = changed(calm, closure(corridor, **CELLS[cells]))
    made = played(stage(case, members=members), 0, 1)
    at = made.names.corridors.index(corridor)
    feeds = made.inputs.feeds[made.inputs.feeds.corridor == at]
    asked = (feeds.share * made.state.depots.need.sum(axis=2)[:, feeds.place]).sum(1)
    load_kl = made.inputs.load_kl[:, made.inputs.corridors.fleet[at]]
    sent = made.outputs.weekly_corridors.trucks_sent[:, 0, at].astype(float)

    left = sent - share * asked / load_kl
    assert within(left.mean(), left.std() / np.sqrt(members)) is accepted


@pytest.mark.parametrize(
    ("place", "others", "is_same"),
    [
        ("crossing", ["C-ROAD"], True),
        ("farfield", ["I-FAR"], True),
        ("millford", ["A2"], True),
        ("highcourt", ["A3", "B2", "C1"], True),
        ("highcourt", ["A3", "B2"], False),
        ("highcourt", ["C-ROAD", "C-RAIL", "I-FAR"], False),  # millford lies before it
    ],
)
def test_closing_a_place_closes_each_way_through_it(toy, place, others, is_same):
    day = date(2024, 1, 9)
    one = changed(toy, closure(place, start=day))
    each = changed(toy, *(closure(other, start=day) for other in others))

    runs = [simulate(case, days=20, members=32, seed=5) for case in (one, each)]

    assert same(*runs) is is_same


@pytest.mark.parametrize(("high", "is_same"), [(0.3, True), (0.31, False)])
def test_a_range_of_no_width_is_its_value(toy, high, is_same):
    known = changed(toy, closure("", value=0.3))
    ranged = changed(toy, closure("", value=0.3, value_high=high))

    runs = [simulate(case, days=20, members=32, seed=5) for case in (known, ranged)]

    assert same(*runs) is is_same


@pytest.mark.statistical
@pytest.mark.parametrize(("part", "accepted"), [(1.0, True), (1.1, False)])
@pytest.mark.parametrize(("corridor", "shut"), [("C-ROAD", ""), ("I-FAR", "C1")])
def test_what_is_agreed_passes_a_closure(toy, corridor, shut, part, accepted):
    """The amount to the litre, though all is shut and nobody dares."""
    members, days = 1000, 28
    cells = {"target": corridor, "value": 6, "unit": "kl/day"}
    agreed = measure("humanitarian_pass", START, **cells)
    made = stage(
        changed(toy, closure(shut), agreed, *fixed(truck_kl=2)), members=members
    )
    played(told(made, ban_willingness_share=0.0), 0, days)

    sent = made.outputs.weekly_corridors.trucks_sent.astype(float)
    kl = 2.0 * sent[:, :, made.names.corridors.index(corridor)].sum(axis=1) / days
    # what is due moves the mean of four weeks by a load at most
    error = 2.0 / days / np.sqrt(members)
    assert within((kl - 6 * part).mean(), error) is accepted
    rail = sent[:, :, made.names.corridors.index("C-RAIL")].sum()
    assert (rail == 0) == (shut == "")


def terminal(toy):
    """Give the capital a terminal with 500 kl of each product, that nothing fills."""
    cells = {"source": "assumption"}
    stored = [
        {"depot": f"quay-{product}", "place": "quay", "product": product,
         "target_kl": 500, "initial_kl": 500, **cells}
        for product in ("kerosene", "gas_oil")
    ]  # fmt: skip
    place = {
        "place": "quay", "title": "Quay", "kind": "depot", "country": "XX",
        "region": "upland", "lat": 10, "lon": 10, "tier": 1, "coordinate_error_km": 1,
        **cells,
    }  # fmt: skip
    street = {
        "segment": "Q1", "from_place": "quay", "to_place": "highcourt", "mode": "road",
        "length_km": 500, "travel_h": 1, "surface": "paved", "region": "upland",
        "exposure": 1, "tier": 1, **cells,
    }  # fmt: skip
    way = {
        "corridor": "I-QUAY", "title": "Quay to town", "kind": "internal",
        "fleet": "home_trucks", "origin": "quay", "gateway": "quay",
        "destination": "highcourt", **cells,
    }  # fmt: skip
    return changed(
        toy,
        without("ban"),
        Change("places", add=(place,)),
        Change("segments", add=(street,)),
        Change("corridors", add=(way,)),
        Change(
            "corridor_segments",
            add=({"corridor": "I-QUAY", "position": 1, "segment": "Q1"},),
        ),
        Change("feeds", {"place": "highcourt", "corridor": "C-ROAD"}, {"share": 0.3}),
        Change(
            "feeds",
            add=({"place": "highcourt", "corridor": "I-QUAY", "share": 0.5, **cells},),
        ),
        Change("depots", add=tuple(stored)),
        *fixed(truck_kl=2),
    )


def quay_stock(case):
    run = simulate(case, days=60, members=8, seed=5)
    stock = run.weekly["stock_kl"].sel(place="quay")
    return run, stock.transpose("week", ...).to_numpy()


def test_stock_behind_a_closed_gate_is_locked(toy):
    """And is what it was on the day the gate opens, to the litre."""
    shut = closure("Q1", end=date(2024, 2, 11))
    _, stock = quay_stock(changed(terminal(toy), shut))
    _, free = quay_stock(terminal(toy))

    assert (stock[:6] == 500).all()  # up to 11 February
    assert (free[5] < 500).all()
    assert (stock[-1] < 500).all()


def test_what_nothing_fills_is_used_up_once(toy):
    run, stock = quay_stock(terminal(toy))

    assert (stock[-1] < 2).all()
    books = run.ledger["fuel_kl"]
    came = books.sel(
        fuel_account=["stock_start", "internal_start", "imported", "produced"]
    )
    went = books.sel(
        fuel_account=["sold", "refused", "internal_lost", "stock_end", "internal_end"]
    )
    gap = came.sum("fuel_account") - went.sum("fuel_account")
    assert float(abs(gap).max()) < 1e-6


def short(toy, days, **values):
    """Start the capital with so many days of what is used."""
    stocks = [
        Change("depots", {"depot": f"highcourt-{product}"}, {"initial_kl": kl * days})
        for product, kl in (("kerosene", 50), ("gas_oil", 70))
    ]
    return changed(toy, without("ban"), *stocks, *fixed(**values))


def served(run):
    return run.daily["public_served_share"].transpose("member", "day").to_numpy()


def test_a_run_that_starts_in_a_shortage_begins_short_and_fills_up(toy):
    begun = simulate(short(toy, 0.5), days=200, members=32, seed=5)
    full = simulate(short(toy, 14), days=200, members=32, seed=5)

    stock = begun.daily["stock_kl"].sum("product").mean("member").to_numpy()
    assert served(begun)[:, :3].mean() < 0.8
    assert served(full)[:, :3].min() == 1
    assert stock[0] < 0.1 * 1600
    assert stock[-60:].mean() > 0.9 * 1600
    fear = begun.daily["fear"].transpose("member", "day").to_numpy()
    assert fear[:, 0].min() > 0.1
    holdings = [
        float(run.ledger["fuel_kl"].sel(fuel_account="holdings_start").sum())
        for run in (begun, full)
    ]
    assert holdings[0] < 0.8 * holdings[1]


def test_roads_begin_with_what_is_open_on_the_first_day(toy):
    def on_the_road(case):
        made = played(stage(case, members=200), 0, 1)
        return made.state.arriving.sum(axis=(0, 1, 3))

    calm = changed(toy, without("ban"))
    free = on_the_road(calm)
    shut = on_the_road(changed(calm, closure("C-ROAD")))
    half = on_the_road(changed(calm, closure("C-ROAD", value=0.5)))

    # C-RAIL sorts before C-ROAD: its one feed comes first
    road, others = slice(1, 3), [0, 3]
    assert (shut[road] == 0).all()
    assert half[road] == pytest.approx(free[road] / 2, rel=0.1)
    assert shut[others] == pytest.approx(free[others])


@pytest.mark.parametrize(("age", "left"), [(0, 1.0), (3, np.exp(-1)), (300, 0.0)])
def test_a_ban_older_than_the_run_has_had_its_effect(toy, age, left):
    old = measure("ban", date.fromordinal(START.toordinal() - age), target="C-ROAD")
    made = stage(changed(toy, without("ban"), old), members=2)
    told(
        made, ban_willingness_share=0.2, announcement_days=3.0, halted_share=1.0,
        internal_traffic_share=0.4, internal_traffic_days=6.0,
        willingness_recovery_per_day=0.0, loss_aversion=0.0, driver_aversion=0.0,
        # ups and downs by fleet and pulses move willingness besides
        fleet_daring_sd_log=0.0, pulse_willingness_share=1.0,
    )  # fmt: skip
    played(made, 0, 1)

    road = made.names.corridors.index("C-ROAD")
    willing = made.state.corridors.willingness[:, road]
    # the first day moves it one day further
    assert willing == pytest.approx(0.2 + 0.8 * left * np.exp(-1 / 3))
    traffic = max(0.4, 1.0 - 0.1 * (age + 1))
    assert made.state.nation.internal_traffic == pytest.approx(traffic)
    # only a new ban halts the trucks under way
    if age == 0:
        assert made.state.corridors.waiting[:, road].min() >= 4


@pytest.mark.parametrize("limit", [0.5, 1.0])
def test_importers_order_at_most_what_they_can_pay_for(toy, limit):
    """Without a limit an empty town orders more than it uses."""
    empty = short(toy, 0.0, rainy_demand_factor=1)
    cells = {"value": limit, "unit": "1"}
    poor = changed(empty, measure("supply_limit", START, **cells))

    made = stage(poor, members=16)
    use = made.inputs.depots.demand[:, made.inputs.facts[0].capital].sum(axis=1).mean()
    imported = []
    for case in (poor, empty):
        run = simulate(case, days=0, members=16, seed=1)
        daily = run.daily["imports_kl"].sum("product").mean("member").to_numpy()
        imported.append(daily[10:50].mean())

    limited, free = imported
    own = made.inputs.depots.demand[:, :2].sum() / 16  # millford and the capital
    assert limited <= limit * own + 1.5
    assert limited > 0.9 * limit * use
    assert free > 1.05 * own


def test_a_product_that_cannot_be_paid_for_is_not_loaded(toy):
    cells = {"value": 0, "unit": "1", "target": "kerosene"}
    run = simulate(
        changed(toy, without("ban"), measure("supply_limit", START, **cells)),
        days=0, members=16, seed=1,
    )  # fmt: skip

    imports = run.daily["imports_kl"].sum("member").to_numpy()
    kerosene = list(run.daily["product"].to_numpy()).index("kerosene")
    product_axis = run.daily["imports_kl"].dims.index("product")
    by_product = np.moveaxis(imports, product_axis - 1, -1)
    assert by_product[:, kerosene].sum() == 0
    assert by_product[:, 1 - kerosene].sum() > 0


def refinery(toy, made):
    """Let the capital make kerosene [kl/day]; no rains change what is used."""
    cells = {"production_kl_per_day": made}
    return changed(
        toy,
        without("ban"),
        Change("depots", {"depot": "highcourt-kerosene"}, cells),
        *fixed(rainy_demand_factor=1),
    )


@pytest.mark.parametrize("made", [0, 12.5, 300])
def test_what_is_made_enters_the_books_to_the_litre(toy, made):
    """Up to the room of the depot, 2,500 kl."""
    run = simulate(refinery(toy, made), days=30, members=8, seed=5)

    books = run.ledger["fuel_kl"]
    produced = books.sel(fuel_account="produced").transpose("product", "member")
    days = run.daily.sizes["day"]
    assert float(produced[1].max()) == 0
    if made < 100:
        assert produced[0].to_numpy() == pytest.approx(made * days)
    else:
        assert float(produced[0].max()) < made * days
        assert 2400 < float(run.daily["stock_kl"].max()) <= 2500
    came = ["stock_start", "internal_start", "imported", "produced"]
    went = ["sold", "refused", "internal_lost", "stock_end", "internal_end"]
    gap = [books.sel(fuel_account=each).sum("fuel_account") for each in (came, went)]
    assert float(abs(gap[0] - gap[1]).max()) < 1e-6
    without_it = books.sel(fuel_account=came[:3]).sum("fuel_account")
    assert (float(abs(without_it - gap[1]).max()) > 1) == (made > 0)


def test_what_is_made_need_not_be_imported(toy):
    imports = [
        simulate(refinery(toy, made), days=0, members=64, seed=5)
        .daily["imports_kl"]
        .sum(["member", "day"])
        .to_numpy()
        for made in (0, 12.5)
    ]
    days = simulate(refinery(toy, 0), days=0, members=1, seed=5).daily.sizes["day"]

    less = (imports[0] - imports[1]) / 64 / days
    assert less[0] == pytest.approx(12.5, rel=0.1)
    assert less[1] == pytest.approx(0, abs=1)
