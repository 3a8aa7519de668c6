"""Laws of the engine: what holds for every case, all luck, any way of working."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies import sound_cases
from supplyline.case.case import load_case
from supplyline.case.change import Change
from supplyline.case.frames import Frames
from supplyline.case.parameters import ANY_CASE, PARAMETERS, names_in_scope
from supplyline.engine.block import new_outputs, simulate_block
from supplyline.engine.draws import Luck
from supplyline.engine.executors import threads
from supplyline.engine.options import simulate_options
from supplyline.engine.simulate import simulate
from supplyline.engine.world import build_world, draw_span
from supplyline.errors import EngineError
from worlds import asked, bytes_of, changed, country_gaps, fixed, simulated

MADE_ENTRIES = ("stock_start", "internal_start", "imported", "produced")
GONE_ENTRIES = ("sold", "refused", "internal_lost", "stock_end", "internal_end")


def same(one, other):
    """Say whether two runs have the same bits, whatever the order of their labels."""
    pairs = [(one.daily, other.daily), (one.weekly, other.weekly)]
    pairs.append((one.ledger, other.ledger))
    return all(a.equals(b.reindex_like(a)) for a, b in pairs)


def fuel(run, names):
    return run.ledger["fuel_kl"].sel(fuel_account=list(names)).sum("fuel_account")


def fuel_gap(run):
    """What depots and internal roads gained without account, relative to what came."""
    came = fuel(run, MADE_ENTRIES)
    return float((abs(came - fuel(run, GONE_ENTRIES)) / came).max())


def truck_gap(run):
    trucks = run.ledger["trucks"]
    where = trucks.drop_sel(truck_account="start").sum("truck_account")
    return float(abs(trucks.sel(truck_account="start") - where).max())


@pytest.fixture(scope="module")
def base(toy):
    return simulate(toy, days=30, members=130, seed=7, executor=threads(1))


def test_litres_and_trucks_are_neither_made_nor_lost(base):
    assert fuel_gap(base) < 1e-9
    assert truck_gap(base) == 0


@pytest.mark.parametrize("account", [*MADE_ENTRIES, *GONE_ENTRIES])
def test_the_balance_misses_a_litre_in_any_account(base, account):
    is_account = base.ledger["fuel_account"] == account
    moved = base.ledger["fuel_kl"] + 1e-3 * is_account
    wrong = replace(base, ledger=base.ledger.assign(fuel_kl=moved))

    assert fuel_gap(wrong) > 1e-9


def test_private_tanks_fill_from_stations_and_jerrycans_alone(toy):
    """With no user but the public, all that is sold goes through private tanks."""
    others = ("essential", "power", "industry")
    public = changed(
        toy, Change("demand", {"demand_class": others}, {"demand_kl_per_day": 0})
    )
    run = simulate(public, days=30, members=64, seed=7)

    into = fuel(run, ("holdings_start", "sold", "informal"))
    out = fuel(run, ("used", "holdings_end"))
    assert float((abs(into - out) / into).max()) < 1e-9
    without_jerrycans = fuel(run, ("holdings_start", "sold"))
    assert float((abs(without_jerrycans - out) / into).max()) > 1e-6


@settings(max_examples=25)
@given(case=sound_cases(), seed=st.integers(0, 2**32))
def test_any_sound_case_keeps_its_litres_trucks_and_bounds(case, seed):
    run = simulate(case, days=5, members=16, seed=seed)

    assert fuel_gap(run) < 1e-9
    assert truck_gap(run) == 0
    assert max(country_gaps(run).values()) < 1e-9
    stock = run.weekly["stock_kl"]
    room = case.depots.set_index(["place", "product"])["capacity_kl"].to_xarray()
    room = room.reindex_like(stock.isel(member=0, week=0)).fillna(np.inf)
    assert float(stock.min()) >= 0
    assert bool((stock <= room * (1 + 1e-6)).all())
    is_wanted = wanted(run)
    for name in (
        "stock_kl",
        "days_of_supply",
        "served_share",
        "unmet_kl",
        "price_per_l",
    ):
        assert not bool((run.weekly[name].isnull() & is_wanted).any()), name
    in_capital = is_wanted.sel(place=case.config.capital, drop=True)
    for name, values in run.daily.items():
        assert not bool((values.isnull() & in_capital).any()), name
    served = run.weekly["served_share"].where(is_wanted)
    assert not bool((served < 0).any())
    assert not bool((served > 1 + 1e-6).any())


@pytest.mark.parametrize("name", names_in_scope(ANY_CASE))
def test_any_parameter_within_its_bounds_keeps_the_books(toy, name):
    """Nothing divides by zero or runs away, however odd a prior may be."""
    for value in (PARAMETERS[name].low, PARAMETERS[name].high):
        run = simulate(changed(toy, *fixed(**{name: value})), days=0, members=2, seed=1)

        assert fuel_gap(run) < 1e-9
        assert truck_gap(run) == 0
        for data in (run.daily, run.weekly, run.ledger):
            for output, values in data.items():
                # a share of nothing is missing
                is_share = output in {"served_share", "short_days", "electricity_h"}
                known = values.fillna(0) if is_share else values
                assert bool((known > -1e-9).all()), output
                assert bool((known < np.inf).all()), output


def test_who_lives_on_private_tanks_lacks_nothing(toy):
    """No sale is wanted where all is taken from tanks that are too full."""
    full = changed(toy, *fixed(holding_days=365, rainy_demand_factor=0.1))
    run = simulate(full, days=0, members=8, seed=1)

    assert not bool(run.daily["served_share"].isnull().any())
    assert float(run.daily["unmet_kl"].min()) == 0


def wanted(run):
    """Say in which members the public wants a product: others may use all there is."""
    demand = run.case.demand.set_index("demand_class")["demand_kl_per_day"]
    left = run.params["national_demand_kl_per_day"] - demand.drop("public").sum()
    public = run.case.demand.query("demand_class == 'public'")
    table = public.set_index(["place", "product"])["demand_kl_per_day"].to_xarray()
    return (table > 0) & xr.DataArray(left.to_numpy() > 0, dims="member")


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_number_of_workers_changes_no_bit(toy, base, workers):
    assert same(base, simulate(toy, like=base, executor=threads(workers)))


def test_another_seed_changes_the_run(toy, base):
    assert not same(base, simulate(toy, days=30, members=130, seed=8))


def test_an_ensemble_begins_with_the_smaller_one(toy, base):
    small = simulate(toy, days=30, members=100, seed=7)

    for data in ("daily", "weekly", "ledger"):
        large = getattr(base, data).isel(member=slice(100))
        assert getattr(small, data).identical(large)
    assert small.losses.equals(base.losses[base.losses["member"] < 100])


@pytest.mark.parametrize(
    ("name", "cuts"),
    [
        ("toy", (7,)), ("toy", (1, 2, 69)), ("toy", (64,)),
        ("mali", (1, 3)), ("haiti", (1, 3)), ("corridor180", (1,)),
    ],
)  # fmt: skip
def test_the_cut_into_tasks_changes_no_bit(name, cuts):
    case = load_case(name)
    ends = (100, *(100 + cut for cut in cuts), 170 if name == "toy" else 104)

    whole = simulated(case, range(ends[0], ends[-1]))
    parts = [simulated(case, range(*each)) for each in pairwise(ends)]

    assert bytes_of(*parts) == bytes_of(whole)


def test_the_order_of_rows_changes_nothing(toy, base):
    """All counts are the same; sums of litres to the last digit of what is kept."""
    upside_down = Frames(
        {
            name: frame.iloc[::-1].reset_index(drop=True)
            for name, frame in toy.tables.items()
        }
    )

    run = simulate(replace(toy, tables=upside_down), like=base)

    for data in ("daily", "weekly", "ledger"):
        one = getattr(base, data)
        other = getattr(run, data).reindex_like(one)
        xr.testing.assert_allclose(one, other, rtol=3e-7)
        for name in one:
            assert "trucks" not in name or one[name].equals(other[name])


ISLAND = (
    Change(
        "places",
        add=(
            {
                "place": "island", "title": "Island", "kind": "town", "country": "XA",
                "region": "coast", "lat": 13.0, "lon": 0.2, "tier": 2,
                "coordinate_error_km": 1, "source": "assumption",
            },
        ),
    ),
    Change(
        "segments",
        add=(
            {
                "segment": "D1", "from_place": "harbour", "to_place": "island",
                "mode": "road", "length_km": 90, "travel_h": 3, "surface": "paved",
                "region": "upland", "exposure": 2, "tier": 2, "source": "assumption",
            },
        ),
    ),
    Change(
        "fleets",
        add=(
            {"fleet": "boats", "title": "B", "mode": "road", "source": "assumption"},
        ),
    ),
    Change(
        "corridors",
        add=(
            {
                "corridor": "A-NEW", "title": "New", "kind": "import", "fleet": "boats",
                "origin": "harbour", "gateway": "harbour", "destination": "island",
                "source": "assumption",
            },
        ),
    ),
    Change(
        "corridor_segments",
        add=({"corridor": "A-NEW", "position": 1, "segment": "D1"},),
    ),
    Change(
        "depots",
        add=tuple(
            {
                "depot": f"island-{product}", "place": "island", "product": product,
                "source": "assumption",
            }
            for product in ("kerosene", "gas_oil")
        ),
    ),
    Change(
        "feeds",
        add=(
            {
                "place": "island", "corridor": "A-NEW", "share": 1,
                "source": "assumption",
            },
        ),
    ),
)  # fmt: skip
"""A place of its own, with segment, corridor, fleet and depots, and nobody in it.

It lies abroad: a place counts in the share served of its region.
"""


def test_an_unrelated_place_changes_nobody_elses_luck(toy, base):
    larger = simulate(changed(toy, *ISLAND), like=base)

    assert "island" in larger.weekly["place"]
    assert "A-NEW" in larger.weekly["corridor"]
    assert same(base, larger)


def test_a_related_change_is_seen(toy, base):
    longer = changed(toy, Change("segments", {"segment": "A2"}, {"length_km": 110}))

    assert not same(base, simulate(longer, like=base))


def test_like_gives_the_same_members_days_and_luck(toy, base):
    again = simulate(toy, like=base)

    assert again.manifest.arguments == base.manifest.arguments
    assert again.manifest.run == base.manifest.run
    assert same(base, again)
    with pytest.raises(ValueError, match="seed cannot be given together with like"):
        simulate(toy, like=base, seed=3)


def test_a_scenario_leaves_the_days_before_it_alone(toy, base):
    start = date(2024, 3, 4)
    alt = simulate(toy, scenario="no-escorts", like=base)

    before, after = slice(None, "2024-03-03"), slice("2024-03-04", None)
    assert alt.daily.sel(day=before).equals(base.daily.sel(day=before))
    assert not alt.daily.sel(day=after).equals(base.daily.sel(day=after))
    assert float(alt.daily["convoys"].sel(day=after).sum()) == 0
    nothing = asked(*fixed(fleet_margin=5.0), start=start)
    assert same(base, simulate(toy, scenario=nothing, like=base))


def test_options_are_the_runs_they_would_be_alone(toy, base):
    """The past they share is lived once; nothing else differs."""
    late, later = (
        asked(*fixed(truck_kl=8), start=date(2024, 3, day), name=f"on-{day}")
        for day in (1, 5)
    )
    scenarios = [
        replace(late, start=toy.config.start, name="from-the-start"),
        replace(late, start=date(2030, 1, 1), name="after-the-end"),
        later,
        toy.scenarios()["no-escorts"],
        late,
        replace(late, name="again"),
    ]

    alone = {each.name: simulate(toy, scenario=each, like=base) for each in scenarios}
    assert not same(alone[later.name], alone[late.name])

    def check(option):
        run = alone[option.manifest.request.scenario["name"]]
        assert same(run, option)
        assert option.losses.equals(run.losses)
        assert option.manifest.run == run.manifest.run
        return run.manifest.run

    made = simulate_options(toy, scenarios, base.manifest.arguments, check)

    assert made == [alone[each.name].manifest.run for each in scenarios]


@pytest.mark.parametrize(
    "start", [date(2024, 1, 1), date(2024, 1, 2), date(2030, 1, 1)]
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("truck_kl", 8),
        ("fleet_margin", 3),
        ("capital_stock_days", 60),
        ("holding_days", 2),
        ("army_soldiers", 9000),
    ],
)
def test_an_option_begins_and_ends_with_the_state_of_its_own_case(
    toy, name, value, start
):
    scenario = asked(*fixed(**{name: value}), start=start)
    base = simulate(toy, days=0, members=9, seed=7)
    alone = simulate(toy, scenario=scenario, like=base)

    [option] = simulate_options(
        toy, [scenario], base.manifest.arguments, lambda run: run
    )

    assert same(alone, option)


def test_common_luck_narrows_the_effect_of_a_scenario(toy, base):
    other = simulate(toy, scenario="no-escorts", days=30, members=130, seed=8)
    alt = simulate(toy, scenario="no-escorts", like=base)

    def unmet(run):
        return run.weekly["unmet_kl"].sum(["week", "place", "product"])

    paired = float((unmet(alt) - unmet(base)).var())
    independent = float((unmet(other) - unmet(base)).var())
    assert paired < independent / 2


@pytest.mark.parametrize("stock", [-1e6, np.nan, np.inf])
def test_an_impossible_stock_is_told_with_member_day_and_place(toy, stock):
    world = build_world(toy, None, days=0, seed=1)
    span = draw_span(world.names, world.spans[0], Luck(1, range(100, 108)))
    span.inputs.depots[5, world.names.places.index("millford"), 1].initial = stock

    with pytest.raises(
        EngineError, match=r"^member 105, day 0: impossible stock at millford$"
    ):
        simulate_block(world.names, [span], new_outputs(world.names, 8, span.end_day))


def test_tasks_share_no_memory(toy):
    world = build_world(toy, None, days=0, seed=1)

    one, other = (
        draw_span(world.names, world.spans[0], Luck(1, members)).inputs
        for members in (range(2, 5), range(5, 8))
    )

    assert one.params.size == 3
    for mine, theirs in zip(one, other, strict=True):
        assert not np.shares_memory(mine, theirs)


def test_the_past_is_told_from_the_forecast(base):
    part = xr.where(
        base.daily["day"] <= np.datetime64("2024-02-29"), "past", "forecast"
    )

    assert (base.daily["part"] == part).all()
    assert base.daily.sizes["day"] == 60 + 30
