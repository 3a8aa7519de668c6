"""Case to arrays: names, network, demand, stocks, loads and fleets."""

import numpy as np
import pytest

from supplyline.case.change import Change
from supplyline.engine.arrays import (
    build_network,
    names_of,
    parameter_records,
    segment_exposure,
    ways_of,
)
from supplyline.engine.demand import DEMAND_CLASSES, build_loads, member_demand
from supplyline.engine.draws import Luck, draw_parameters, key
from supplyline.engine.facts import build_facts
from supplyline.engine.kernels.records import Key, record_type
from worlds import changed, fixed, stage

PUBLIC = DEMAND_CLASSES.index("public")


@pytest.fixture(scope="module")
def names(toy):
    return names_of(toy)


@pytest.fixture(scope="module")
def draws(toy):
    return draw_parameters(toy.params, Luck(3, range(20)))


def test_the_axes_are_named(names):
    assert names.places == ("millford", "highcourt", "farfield")
    assert names.products == ("kerosene", "gas_oil")
    assert names.corridors == ("C-ROAD", "C-RAIL", "I-FAR")
    assert names.feeds == (
        "C-ROAD/millford", "C-ROAD/highcourt", "C-RAIL/highcourt", "I-FAR/farfield",
    )  # fmt: skip


def test_a_path_follows_segments_in_either_direction(toy):
    road = ["harbour", "crossing", "millford", "highcourt"]
    assert list(ways_of(toy)["C-ROAD"].places) == road
    turned = changed(
        toy,
        Change("segments", {"segment": "A2"}, {"from_place": "millford"}),
        Change("segments", {"segment": "A2"}, {"to_place": "crossing"}),
    )
    assert list(ways_of(turned)["C-ROAD"].places) == road


def test_exposure_is_effort_times_exposure(toy):
    assert segment_exposure(toy) == pytest.approx([0, 1.5, 0.4, 0, 0.2, 0.8])


def test_a_corridor_begins_at_its_gateway(toy, names):
    network = build_network(toy, names, 3)

    road, rail, far = network.corridors
    assert (road.is_import, rail.is_import, far.is_import) == (1, 1, 0)
    assert (road.abroad_h, rail.abroad_h, far.abroad_h) == (2.2, 4.0, 0)
    assert (road.source, far.source) == (-1, names.places.index("highcourt"))
    assert (road.first_feed, road.end_feed) == (0, 2)
    assert network.path.exposure == pytest.approx([1.5, 0.4, 0.42, 0.84])
    assert [names.segments[s] for s in network.path.segment] == ["A2", "A3", "B2", "C1"]
    assert network.feeds.travel_h == pytest.approx([2.5, 5, 6, 4])
    assert network.feeds.entries.tolist() == [1, 2, 1, 1]
    assert network.feeds.last_entry.tolist() == [0, 1, 2, 3]
    assert network.feeds.share == pytest.approx([1, 0.8, 0.2, 1])


def test_a_mixed_way_takes_the_sum_of_its_parts(toy, names):
    """What is at sea is travelled day and night, and counted apart."""
    mixed = changed(
        toy,
        Change("segments", {"segment": ("A1", "A3")}, {"mode": "sea"}),
        Change("segments", {"segment": "B2"}, {"mode": "river"}),
    )
    network = build_network(mixed, names, 3)

    road, rail, _ = network.corridors
    assert (road.abroad_h, road.abroad_nonstop_h) == (0, 2.2)
    assert (rail.abroad_h, rail.abroad_nonstop_h) == (4, 0)
    assert network.feeds.travel_h == pytest.approx([2.5, 2.5, 6, 4])
    assert network.feeds.nonstop_h == pytest.approx([0, 2.5, 0, 0])


def test_luck_goes_by_names(toy, names):
    network, facts = build_network(toy, names, 3), build_facts(toy, names, 3)

    def words(record):
        return [int(record.low), int(record.high)]

    assert words(network.feeds[1].loss) == key(3, "loss", "C-ROAD/highcourt").tolist()
    assert words(network.corridors[0].loss) == key(3, "loss", "C-ROAD/convoy").tolist()
    assert words(network.fleets[1].strike) == key(3, "strike", "wagons").tolist()
    keys = [
        tuple(words(record[name]))
        for group in (network.feeds, network.corridors, network.fleets, facts)
        for record in group
        for name, (kind, *_) in record.dtype.fields.items()
        if kind == record_type(Key)
    ]
    assert len(keys) == len(set(keys)) == 4 * 4 + 3 * 5 + 3 * 2 + 11


def test_every_field_of_a_parameter_record_is_drawn(draws):
    made = parameter_records(draws)

    assert set(made.dtype.names) <= set(draws)
    assert all((made[name] == draws[name]).all() for name in made.dtype.names)


def test_what_a_case_does_not_need_is_no_number(draws):
    made = parameter_records(draws.drop(columns=["army_soldiers"]))

    assert np.isnan(made.army_soldiers).all()


def test_the_public_takes_the_rest_of_national_demand(toy, names, draws):
    demand = member_demand(toy, names, draws, Luck(3, range(20)))

    total = demand.sum(axis=(1, 2, 3))
    assert total == pytest.approx(draws["national_demand_kl_per_day"].to_numpy())
    capital = names.places.index("highcourt")
    public = demand[..., PUBLIC].sum(axis=2)
    share = public[:, capital] / public.sum(axis=1)
    assert share == pytest.approx(draws["capital_demand_share"].to_numpy())
    assert demand[:, capital, 1, :PUBLIC] == pytest.approx(np.array([[3, 15, 0]] * 20))
    # 9 of 17 elsewhere is kerosene
    assert demand[:, 0, 0, PUBLIC] / public[:, 0] == pytest.approx(np.full(20, 9 / 17))


def test_others_may_leave_nothing_to_the_public(toy, names):
    small, luck = changed(toy, *fixed(national_demand_kl_per_day=20)), Luck(3, range(2))
    few = draw_parameters(small.params, luck)

    assert member_demand(toy, names, few, luck)[..., PUBLIC].sum() == 0


def test_a_depot_carries_the_demand_of_places_fed_from_it(toy):
    _, inputs, _, _ = stage(toy)
    millford, highcourt, farfield = inputs.depots[0]
    classes = ("essential", "power", "industry", "public")
    own = [
        sum(place[name] for name in classes)
        for place in (millford, highcourt, farfield)
    ]

    assert farfield.demand == pytest.approx(own[2])
    assert highcourt.demand == pytest.approx(own[1] + own[2])
    assert millford.demand == pytest.approx(own[0])
    assert highcourt.public_demand == pytest.approx(highcourt.public + farfield.public)


def test_stocks_aim_at_the_table_or_at_days_of_demand(toy):
    days = fixed(regional_stock_days=5, industry_stock_days=20, capital_stock_days=10)
    _, inputs, _, _ = stage(changed(toy, *days))
    millford, highcourt, farfield = inputs.depots[0]

    assert highcourt.target == pytest.approx([700, 900])
    assert highcourt.capacity == pytest.approx([2500, np.inf])
    assert farfield.target[0] == 40
    assert farfield.target[1] == pytest.approx(5 * farfield.demand[1])
    assert millford.target[0] == pytest.approx(5 * millford.demand[0])
    assert millford.target[1] == min(400, 5 * millford.demand[1])


def test_the_capital_holds_the_nations_days_of_supply(toy):
    open_stock = Change("depots", {"place": "highcourt"}, {"target_kl": ""})
    days = fixed(capital_stock_days=10)
    _, inputs, _, _ = stage(changed(toy, open_stock, *days))

    classes = ("essential", "power", "industry", "public")
    national = sum(inputs.depots[0][name] for name in classes).sum(axis=0)
    assert inputs.depots[0, 1].target == pytest.approx(10 * national)


def test_loads_are_the_fleets_own_or_drawn(toy, names, draws):
    load_kl = build_loads(toy, names, draws)

    assert (load_kl[:, 1] == 20).all()
    assert (load_kl[:, 0] == draws["truck_kl"]).all()


def test_fleets_are_the_tables_or_a_margin_over_need(toy):
    _, inputs, state, _ = stage(changed(toy, *fixed(fleet_margin=1.0)))
    _, _, double, _ = stage(changed(toy, *fixed(fleet_margin=2.0)))

    assert state.fleets.idle[0, 0] == 50
    assert (state.fleets.idle == np.floor(state.fleets.idle)).all()
    feed = inputs.feeds[3]
    flow = inputs.depots[0, feed.place].demand.sum() / inputs.load_kl[0, 2]
    params = inputs.params[0]
    driving = feed.travel_h / params.driving_h_per_day
    days = max(driving, 1) + max(driving + params.loading_days, 1) + 1
    assert state.fleets.idle[0, 2] == np.ceil(flow * days)
    assert double.fleets.idle[0, 2] == np.ceil(2 * flow * days)


@pytest.mark.parametrize(
    ("stated", "is_right"), [((20, 60), True), ((20, 64), False), ((24, 60), False)]
)
def test_ranges_of_stock_and_demand_are_drawn_evenly_by_member(toy, stated, is_right):
    """Mean and spread of a uniform, at three standard errors; other ends fail."""
    members, (low, high) = 4000, stated
    wide = changed(
        toy,
        Change(
            "depots", {"depot": "highcourt-gas_oil"},
            {"initial_kl": low, "initial_high_kl": high},
        ),
        Change(
            "demand", {"place": "highcourt", "product": "gas_oil",
                       "demand_class": "essential"},
            {"demand_kl_per_day": low, "demand_high_kl_per_day": high},
        ),
    )  # fmt: skip
    made = stage(wide, members=members)
    at = made.names.places.index("highcourt"), made.names.products.index("gas_oil")
    stock = made.state.depots.stock[:, *at]
    asked = made.inputs.depots.essential[:, *at]

    error = 40 / np.sqrt(12 * members)
    for drawn in (stock, asked):
        is_near = abs(drawn.mean() - 40) < 3 * error
        assert (is_near and drawn.min() >= 20 and drawn.max() <= 60) == is_right
    # each range has luck of its own
    assert abs(np.corrcoef(stock, asked)[0, 1]) < 3 / np.sqrt(members)
