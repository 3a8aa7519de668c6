"""One group on its way: encounters, losses, delays and tolls, by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyline.engine.kernels.depots import DepotState
from supplyline.engine.kernels.encounter import (
    break_probability,
    draw_losses,
    encounter_rate,
    entry_reached,
    group_size,
    trucks_taken,
    weigh_groups,
)
from supplyline.engine.kernels.layout import NationState
from supplyline.engine.kernels.records import MOST_CHANCES, records
from supplyline.engine.kernels.transit import (
    LONGEST_LEAD_DAYS,
    chance_of_meeting,
    groups_met,
    lead_days,
    put_under_way,
    send_convoy,
    share_at_hazard,
    split_trucks,
    whole_lead,
    whole_trucks,
)
from supplyline.engine.kernels.ways import amount_asked
from supplyline.engine.simulate import simulate
from worlds import changed, fixed, params_of, stage


@pytest.fixture(scope="module")
def params(toy):
    return params_of(
        toy,
        group_quality=1.0,
        contest_exponent=2.0,
        defence_unescorted=0.5,
        escort_effect=1.0,
        escort_span_trucks=40.0,
        encounter_rate_per_100km=0.1,
        reference_convoy_trucks=20.0,
        convoy_size_exponent=0.5,
        driving_h_per_day=8.0,
        mine_delay_days_per_100km=0.5,
        loss_share_mean=0.4,
        loss_share_concentration=3.0,
        reach_trucks=30.0,
        group_trucks=4.4,
        truck_value_usd=100_000.0,
        toll_treachery_probability=0.15,
    )


@pytest.mark.parametrize(
    ("trucks", "escorts", "defence"),
    [(10, 0, 0.5), (10, 1, 1.5), (40, 1, 1.5), (80, 1, 1.0), (80, 2, 1.5)],
)
def test_escorts_defend_as_far_as_they_span(params, trucks, escorts, defence):
    chance = break_probability(float(trucks), float(escorts), 1.0, params)

    assert chance == pytest.approx(1 / (1 + defence**2))


def test_a_better_armed_group_breaks_more(params):
    chance = break_probability(10.0, 0.0, 1.5, params)

    assert chance == pytest.approx(1.5**2 / (1.5**2 + 0.5**2))


def test_a_bigger_convoy_is_found_less_than_in_proportion(params):
    assert encounter_rate(20.0, 1.0, params) == pytest.approx(0.1)
    assert encounter_rate(80.0, 1.0, params) == pytest.approx(0.2)
    assert encounter_rate(20.0, 3.0, params) == pytest.approx(0.3)


def test_a_lead_is_driving_clearance_and_search(params):
    assert lead_days(12.0, 36.0, 4.0, params) == pytest.approx(1.5 + 1.5 + 2)


def test_a_lead_past_the_rings_is_cut_and_counted():
    nation = records(NationState, 1)[0]

    assert whole_lead(0.2, nation) == 1
    assert whole_lead(2.49, nation) == 2
    assert whole_lead(2.5, nation) == 3
    assert whole_lead(60.4, nation) == LONGEST_LEAD_DAYS
    assert nation.lead_cuts == 0
    assert whole_lead(61.0, nation) == LONGEST_LEAD_DAYS
    assert nation.lead_cuts == 1


@given(
    flows=st.lists(st.integers(0, 9), min_size=1, max_size=20),
    mix=st.floats(0, 1),
    balance=st.lists(st.floats(0, 1, exclude_max=True), min_size=3, max_size=3),
)
def test_loads_follow_the_mix_in_whole_trucks(flows, mix, balance):
    due, arriving = np.zeros((1, 1, 3)), np.zeros((1, 64, 1, 2))
    depots = records(DepotState, 1, 1, 2)
    depots.mix = [[[mix, 1 - mix]]]
    due[0, 0] = balance

    for slot, trucks in enumerate(flows):
        put_under_way(due, arriving, depots, 0, 0, 0, 2, float(trucks), slot)

    by_slot = arriving[0, :, 0].sum(axis=1)
    assert by_slot[: len(flows)].tolist() == flows
    assert (arriving == arriving.round()).all()
    assert abs(arriving[0, :, 0, 0].sum() - sum(flows) * mix) <= 2


def test_one_product_is_put_under_way_whole():
    due, arriving = np.zeros((1, 1, 3)), np.zeros((1, 64, 1, 2))

    put_under_way(due, arriving, records(DepotState, 1, 1, 2), 0, 0, 0, 1, 5.0, 7)

    assert arriving[0, 7, 0, 1] == arriving.sum() == 5


@given(
    flows=st.lists(st.floats(0, 3), min_size=1, max_size=60),
    due=st.floats(0, 1, exclude_max=True),
)
def test_a_flow_of_less_than_a_truck_keeps_its_mean(flows, due):
    begun, sent = due, 0.0
    for flow in flows:
        trucks, due = whole_trucks(due, flow, 100.0)
        assert trucks == int(trucks)
        sent += trucks

    assert abs(sent - sum(flows)) < 1
    assert sent + due == pytest.approx(sum(flows) + begun)


def test_at_most_one_truck_is_owed_later():
    assert whole_trucks(0.5, 7.0, 2.0) == (2.0, 1.0)
    assert whole_trucks(1.0, 0.2, 5.0) == (1.0, pytest.approx(0.2))


@given(trucks=st.integers(0, 300), u=st.floats(0, 1, exclude_max=True))
def test_no_more_is_taken_than_is_within_reach(params, trucks, u):
    taken = trucks_taken(float(trucks), params, u)

    assert 0 <= taken <= min(trucks, 30)
    assert taken == int(taken)


@given(
    trucks=st.integers(1, 300),
    reach=st.floats(1, MOST_CHANCES + 5),
    full=st.integers(1, 9),
    mean=st.sampled_from([0.0, 0.01, 0.4, 0.99, 1.0]),
    luck=st.lists(st.floats(0.001, 0.999), min_size=1, max_size=9),
)
def test_losses_are_those_without_a_table(toy, trucks, reach, full, mean, luck):
    told = params_of(
        toy, reach_trucks=reach, group_trucks=full, loss_share_mean=mean,
        loss_share_concentration=3.0,
    )  # fmt: skip
    nation = records(NationState, 1)[0]
    nation.quality = 1.0
    weigh_groups(nation, told)
    within = min(float(trucks), reach)

    for u in luck if 0 < mean < 1 else []:
        lost = draw_losses(nation, float(trucks), told, u)
        assert lost == trucks_taken(float(trucks), told, u)
    is_tabulated = 0 < mean < 1 and within <= MOST_CHANCES
    assert (nation.full_group_losses.most > 0) == (is_tabulated and trucks == full)
    assert (nation.reach_losses.most > 0) == (is_tabulated and full != trucks >= reach)


def test_the_rest_of_a_flow_is_cut_off_exactly():
    assert split_trucks(18.0, 4.0) == (4.0, 2.0)
    assert split_trucks(16.0, 4.0) == (4.0, 0.0)
    assert split_trucks(3.0, 4.0) == (0.0, 3.0)
    assert split_trucks(49.0, 49.0) == (1.0, 0.0)


def test_no_truck_changes_no_balance():
    due, arriving = np.full((1, 1, 3), 1.5), np.zeros((1, 64, 1, 2))

    put_under_way(due, arriving, records(DepotState, 1, 1, 2), 0, 0, 0, 2, 0.0, 7)

    assert (due == 1.5).all()
    assert arriving.sum() == 0


def test_an_encounter_falls_on_the_segment_whose_hazard_it_meets():
    exposures = np.array([[9.0] * 4, [1.0, 1.0, 1.5, 3.0]])
    points = (0.0, 0.99, 1.0, 1.49, 1.5, 9.0)

    reached = [entry_reached(exposures, 1, 0, 4, point) for point in points]

    assert reached == [0, 0, 2, 2, 3, 3]
    assert entry_reached(exposures, 1, 3, 4, 0.0) == 3


def test_an_operator_pays_where_the_toll_is_less_than_the_risk(params):
    chance, broken = 0.5, 1 / (1 + 0.25)
    risk = chance * broken * 0.4 * 100_000

    assert share_at_hazard(0.0, chance, 1.0, params) == 1
    assert share_at_hazard(risk - 1, chance, 1.0, params) == 0.15
    assert share_at_hazard(risk + 1, chance, 1.0, params) == 1
    # a better armed group makes the same toll worth paying
    assert share_at_hazard(risk + 1, chance, 1.1, params) == 0.15


def test_a_group_is_whole_and_at_least_one_truck(toy, params):
    assert group_size(params) == 4
    assert group_size(params_of(toy, group_trucks=0.2)) == 1


def test_the_chance_of_meeting_somebody_is_one_minus_that_of_nobody(params):
    hazard = 3.0 * encounter_rate(20.0, 2.0, params)

    assert chance_of_meeting(hazard) == pytest.approx(1 - math.exp(-3 * 2 * 0.1))
    assert chance_of_meeting(0.0) == 0


def test_a_flow_is_cut_into_full_groups_and_a_rest(params):
    assert groups_met(18.0, 4.0, 1e9, 0.0, 1.0, 0.5, 0.99, params) == (4, True, False)
    assert groups_met(16.0, 4.0, 1e9, 0.0, 1.0, 0.5, 0.0, params) == (4, False, False)
    assert groups_met(18.0, 4.0, 0.0, 0.0, 1.0, 0.99, 0.0, params) == (0, False, False)
    assert groups_met(18.0, 4.0, 1e9, 1.0, 1.0, 0.1, 0.5, params) == (0, False, True)


def test_a_smaller_group_is_met_less_often(params):
    # half the trucks, and an exponent of one half
    chance = 1 - math.exp(-2 * 0.5**0.5)

    assert groups_met(6.0, 4.0, 2.0, 0.0, 1.0, 0.0, chance - 1e-9, params)[1]
    assert not groups_met(6.0, 4.0, 2.0, 0.0, 1.0, 0.0, chance + 1e-9, params)[1]


def test_a_convoy_leaves_to_each_place_its_share(toy):
    names, inputs, state, outputs = stage(toy)
    road = names.corridors.index("C-ROAD")
    place = [names.places.index(name) for name in ("millford", "highcourt")]
    state.places.need[0, place] = 10, 50  # of which the road brings 10 and 40
    first, end = inputs.corridors[road].first_feed, inputs.corridors[road].end_feed
    asked = amount_asked(inputs.feeds, state.feeds, state.places, 0, first, end)
    assert asked == pytest.approx(50)
    state.depots.mix = 0.5
    inputs.params.driving_h_per_day, inputs.params.mine_delay_days_per_100km = 1, 0

    back = send_convoy(inputs, state, outputs, 0, road, 50.0, 0.0, 24.0, 0, 0, 0)

    assert back == 0
    by_feed = state.arriving[0].sum(axis=2)
    millford, highcourt = (
        names.feeds.index(f"C-ROAD/{name}") for name in ("millford", "highcourt")
    )
    # 2.5 and 5 h at an hour a day, and a day of clearance
    assert by_feed[4, millford] == state.arriving[0, :, millford].sum() == 10
    assert by_feed[6, highcourt] == state.arriving[0, :, highcourt].sum() == 40


def test_a_convoy_that_is_broken_and_turns_back_delivers_nothing(toy):
    names, inputs, state, outputs = stage(toy)
    params = inputs.params[0]
    params.encounter_rate_per_100km, params.turn_back_probability = 1e6, 1.0
    params.defence_unescorted = params.escort_effect = 1e-9
    params.loss_share_mean, params.large_loss_trucks = 0.5, 1.0
    params.strike_probability = params.suspension_probability = 1.0
    road = names.corridors.index("C-ROAD")
    state.places.need = 10

    back = send_convoy(inputs, state, outputs, 0, road, 50.0, 1.0, 24.0, 0, 30, 0)

    lost = state.fleets.lost[0, 0]
    assert 0 < lost < 50
    assert back == 50 - lost
    assert state.arriving.sum() == 0
    assert state.nation.log_rows[0] == 1
    entry = state.losses[0, 0]
    assert (entry.day, entry.trucks, entry.trucks_lost) == (30, 50, lost)
    assert entry.segment == names.segments.index("A2")
    assert (entry.is_escorted, entry.is_turned_back) == (1, 1)
    assert outputs.daily.trucks_lost[0, 30] == lost
    assert state.nation.suspension_end[0] == state.fleets.strike_end[0, 0] > 30


def test_a_convoy_that_is_always_repulsed_meets_somebody_on_each_segment(toy):
    names, inputs, state, outputs = stage(toy)
    params = inputs.params[0]
    params.encounter_rate_per_100km, params.escort_effect = 1e6, 1e9
    params.encounter_delay_days, params.driving_h_per_day = 2.0, 24.0
    params.mine_delay_days_per_100km = 0.0
    road = names.corridors.index("C-ROAD")
    state.places.need = 10

    send_convoy(inputs, state, outputs, 0, road, 50.0, 1.0, 24.0, 0, 0, 0)

    assert state.fleets.lost.sum() == 0
    millford, highcourt = (
        np.flatnonzero(
            state.arriving[0, :, names.feeds.index(f"C-ROAD/{name}")].sum(axis=1)
        )
        for name in ("millford", "highcourt")
    )
    assert millford.tolist() == [1 + 2]
    assert highcourt.tolist() == [1 + 2 * 2]


@pytest.mark.parametrize(("shared", "is_all"), [(0.99, True), (0.0, False)])
def test_drivers_of_one_encounter_share_a_fate(toy, shared, is_all):
    chances = {
        "driver_killed_probability": 0.5, "driver_abducted_probability": 0.5,
        "encounter_rate_per_100km": 0.3,
    }  # fmt: skip
    case = changed(toy, *fixed(driver_shared_fate=shared, **chances))
    losses = simulate(case, days=30, members=60, seed=4).losses
    losses = losses[losses["trucks_lost"] >= 3]

    for harm in ("drivers_killed", "drivers_abducted"):
        is_one_fate = losses[harm].isin([0]) | (losses[harm] == losses["trucks_lost"])
        assert (is_one_fate.mean() > 0.9) == is_all
    assert len(losses) > 20
