"""Needs, willingness, escorts, internal traffic and arrivals, by hand."""

import math

import numpy as np
import pytest

from supplyline.engine.kernels.arrival import receive_trucks, return_days
from supplyline.engine.kernels.depots import Depot, DepotState, PlaceState
from supplyline.engine.kernels.escort import (
    dispatch_convoys,
    escort_packages,
    longest_queue,
    raise_alarm,
)
from supplyline.engine.kernels.internal import (
    held_back,
    internal_wish,
    move_internal_traffic,
)
from supplyline.engine.kernels.layout import Day, NationState
from supplyline.engine.kernels.network import (
    Corridor,
    CorridorDay,
    CorridorState,
    Feed,
    FleetState,
)
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.supply import (
    asked_per_day,
    clearance_of,
    halt_at_announcement,
    load_trucks,
    move_willingness,
    room_at_gateway,
    season_factor,
    set_needs,
    willingness_aim,
)
from supplyline.engine.kernels.threat import NEVER, Posture
from worlds import params_of, stage


@pytest.fixture(scope="module")
def params(toy):
    return params_of(
        toy,
        rainy_demand_factor=0.8,
        restock_days=10.0,
        restock_ban_share=0.4,
        need_cap=1.5,
        catch_up_cap=3.0,
        mix_by_gap_share=0.5,
        ban_willingness_share=0.1,
        announcement_days=2.0,
        pause_willingness_share=0.5,
        pulse_willingness_share=0.3,
        willingness_recovery_per_day=0.05,
        ban_return_per_day=0.0,
        loss_aversion=0.5,
        driver_aversion=0.2,
        gateway_capacity_trucks=100.0,
        escort_packages_initial=1.0,
        escort_packages_final=5.0,
        escort_ramp_days=8.0,
        escort_delay_days=20.0,
        escort_cycle_days=4.0,
        escort_diverted_share=0.0,
        alarm_served_share=0.6,
        alarm_days=2.0,
        holdback_share=0.5,
        internal_traffic_share=0.4,
        internal_traffic_days=6.0,
        clearance_h=24.0,
        driving_h_per_day=8.0,
        loading_days=2.0,
    )


def test_the_rains_lower_demand_by_their_share(params):
    assert season_factor(0.0, params) == 1
    assert season_factor(0.5, params) == pytest.approx(0.9)
    assert season_factor(1.0, params) == pytest.approx(0.8)


def test_a_place_asks_for_its_demand_and_part_of_its_gap(params):
    depots, states = records(Depot, 1, 1, 2), records(DepotState, 1, 1, 2)
    places = records(PlaceState, 1, 1)
    depots.demand, depots.public_demand = [[[30, 10]]], [[[20, 10]]]
    depots.target, states.stock = [[[200, 100]]], [[[100, 400]]]

    limits = np.array([[np.inf]]), np.zeros((1, 2), np.int64)

    set_needs(depots, states, places, *limits, 0, 0, 0.8, 0, params)

    assert states.need.ravel() == pytest.approx([26 + 10, 0])
    assert places.need[0, 0] == pytest.approx(36)
    assert states.mix.ravel() == pytest.approx([0.5 * 26 / 34 + 0.5, 0.5 * 8 / 34])

    states.stock[:] = -1e6
    set_needs(depots, states, places, *limits, 0, 0, 1.0, 0, params)
    assert states.need.ravel() == pytest.approx([45, 15])
    assert states.mix.ravel() == pytest.approx([0.75, 0.25])


def orders(params, stock, is_banned):
    """Give what a place with a demand of 20 and a target of 100 asks for."""
    depots, states = records(Depot, 1, 1, 1), records(DepotState, 1, 1, 1)
    places = records(PlaceState, 1, 1)
    depots.demand, depots.target, states.stock = 20, 100, stock
    limits = np.array([[np.inf]]), np.zeros((1, 1), np.int64)
    set_needs(depots, states, places, *limits, 0, 0, 1.0, is_banned, params)
    return float(states.need[0, 0, 0])


@pytest.mark.parametrize(
    ("stock", "before", "under"),
    [
        (0, 30, 24),
        (20, 28, 22),
        (40, 26, 20),
        (70, 23, 20),
        (100, 20, 20),
        (160, 14, 14),
    ],
)
def test_a_part_of_the_stock_is_rebuilt_under_a_ban(params, stock, before, under):
    assert orders(params, stock, 0) == pytest.approx(before)
    assert orders(params, stock, 1) == pytest.approx(under)


def test_a_ban_lowers_no_order_below_demand_or_below_that_without_it(params):
    for stock in range(0, 200, 5):
        free, under = (orders(params, stock, is_banned) for is_banned in (0, 1))
        assert min(20.0, free) <= under <= free
    # half the target at once would cut orders on the first day of a ban
    halved = 20 + (0.4 * 100 - 70) / 10
    assert halved < 20 <= orders(params, 70, 1)


def test_power_plants_ask_for_what_they_can_pay():
    depot = records(Depot, 1)[0]
    depot.demand, depot.public_demand, depot.power = 30, 20, 8

    assert asked_per_day(depot, 0.8, 1.0, 1.0) == pytest.approx(26)
    assert asked_per_day(depot, 0.8, 1.0, 0.25) == pytest.approx(20)
    depot.public = 10  # of its own, the rest is that of places fed from here
    assert asked_per_day(depot, 0.8, 1.5, 1.0) == pytest.approx(26 + 0.8 * 0.5 * 10)


def operators(willingness, sent=0.0, lost=0.0, harmed=0.0):
    corridor = records(CorridorState, 1)[0]
    corridor.willingness, corridor.sent_today = willingness, sent
    corridor.lost_today, corridor.harmed_today = lost, harmed
    return corridor


def calm_fleet():
    fleet = records(FleetState, 1)[0]
    fleet.daring = 1.0
    return fleet


def under_ban(posture=Posture.PRESSURE):
    nation, today = records(NationState, 1)[0], records(CorridorDay, 1)[0]
    nation.posture = posture
    today.is_banned = 1
    return today, nation


@pytest.mark.parametrize(
    ("before", "posture", "after"),
    [
        (1.0, Posture.PRESSURE, 1 + (1 - math.exp(-0.5)) * (0.1 - 1)),
        (0.05, Posture.PRESSURE, 0.05 + 0.05 * 0.05),
        (0.1, Posture.PAUSE, 0.1 + 0.05 * (0.55 - 0.1)),
        (0.01, Posture.PULSE, 0.01 + 0.05 * (0.1 * 0.3 - 0.01)),
    ],
)
def test_operators_shrink_at_once_and_calm_slowly(params, before, posture, after):
    corridor = operators(before)

    move_willingness(corridor, calm_fleet(), *under_ban(posture), params)

    assert corridor.willingness == pytest.approx(after)


@pytest.mark.parametrize(("daring", "aim"), [(0.0, 0), (0.5, 0.05), (1, 0.1), (50, 1)])
def test_operators_dare_by_fleet_and_never_more_than_all(params, daring, aim):
    fleet, (today, nation) = calm_fleet(), under_ban()
    fleet.daring = daring

    assert willingness_aim(operators(1.0), fleet, today, nation, params) == aim
    today.is_free = 1
    assert willingness_aim(operators(1.0), fleet, today, nation, params) == 1


def test_operators_come_back_where_passage_is_free(params):
    corridor, (today, nation) = operators(0.2), under_ban()
    today.is_free = 1

    move_willingness(corridor, calm_fleet(), today, nation, params)

    assert corridor.willingness == pytest.approx(0.2 + 0.05 * 0.8)


def test_losses_and_harm_to_drivers_frighten_operators(params):
    corridor = operators(0.1, sent=20, lost=10, harmed=1)

    move_willingness(corridor, calm_fleet(), *under_ban(), params)

    assert corridor.willingness == pytest.approx(0.1 * (1 - 0.5 * 0.5) * (1 - 0.2))
    assert corridor.sent_today == corridor.lost_today == corridor.harmed_today == 0


RETURN = 0.2


@pytest.mark.parametrize(
    ("before", "confidence", "posture", "target"),
    [
        (0.1, 1.0, None, 1.0),  # lifted
        (0.1, 1.0, Posture.PAUSE, 0.55),  # eased
        (0.1, 0.5, None, 1.0),  # lifted, after losses
        (0.5, 0.5, None, 1.0),  # nobody stays away for the ban alone
        (0.1, 1.0, Posture.PRESSURE, 0.1),
    ],
)
def test_who_stayed_away_for_a_ban_alone_comes_back_with_the_news(
    params, before, confidence, posture, target
):
    told = params.copy()
    told["ban_return_per_day"] = RETURN
    today, nation = under_ban(posture or Posture.PRESSURE)
    today.is_banned = posture is not None
    corridor = operators(before)
    corridor.confidence = confidence

    returning = move_willingness(corridor, calm_fleet(), today, nation, told)

    slow = before + 0.05 * (target - before)
    trust = confidence + 0.05 * (1 - confidence)
    back = RETURN * max(0.0, target * trust - slow)
    assert corridor.willingness == pytest.approx(slow + back)
    assert returning == pytest.approx(back / (1 - slow))
    assert corridor.confidence == pytest.approx(trust)


def test_losses_cost_confidence_too(params):
    corridor = operators(0.1, sent=20, lost=10, harmed=1)
    corridor.confidence = 1

    move_willingness(corridor, calm_fleet(), *under_ban(), params)

    assert corridor.confidence == pytest.approx((1 - 0.5 * 0.5) * (1 - 0.2))


def test_who_drives_by_another_way_does_not_wait(params):
    corridor, way = records(CorridorState, 1)[0], records(Corridor, 1)[0]
    fleet = records(FleetState, 1)[0]
    way.queue_share, fleet.idle, corridor.waiting = 1.0, 0, 90

    corridor.left = 0.75
    load_trucks(corridor, fleet, way, 10.0, params)
    assert (corridor.waiting, fleet.idle) == (25, 65)
    corridor.left = 0
    load_trucks(corridor, fleet, way, 10.0, params)
    assert (corridor.waiting, fleet.idle) == (25 + 10 + 1, 54)  # one was due


def test_a_gateway_holds_its_share_or_two_days(params):
    corridor = records(Corridor, 1)[0]
    corridor.queue_share = 0.3

    assert room_at_gateway(corridor, 10.0, params) == pytest.approx(30)
    assert room_at_gateway(corridor, 20.0, params) == 40


def test_a_measure_replaces_the_time_for_clearance(params):
    today = records(Day, 1)[0]
    today.clearance_h = -1
    assert clearance_of(today, params) == 24
    today.clearance_h = 0
    assert clearance_of(today, params) == 0


@pytest.fixture
def road(toy):
    names, inputs, state, outputs = stage(toy)
    params = inputs.params[0]
    params.escort_cycle_days, params.escort_packages_initial = 4.0, 1.0
    params.convoy_min_trucks, params.convoy_cap_trucks = 10.0, 25.0
    params.convoy_cap_sd_log = params.escort_diverted_share = 0.0
    return names, inputs, state, outputs


@pytest.mark.parametrize(("share", "halted"), [(0.0, 0), (1.0, 12)])
def test_trucks_under_way_halt_on_the_first_day_of_a_ban(road, share, halted):
    names, inputs, state, _ = road
    for feed, trucks in (("C-ROAD/millford", 5), ("C-ROAD/highcourt", 7)):
        state.arriving[0, 3, names.feeds.index(feed), 0] = trucks
    state.arriving[0, 3, names.feeds.index("I-FAR/farfield"), 0] = 4
    state.arriving[0, 3, names.feeds.index("C-RAIL/highcourt"), 1] = 6

    def halt(day):
        halt_at_announcement(
            inputs.feeds, inputs.corridor_days, state.arriving, state.corridors,
            0, share, 0, day,
        )  # fmt: skip
        return state.corridors.waiting[0].tolist()

    assert halt(19) == [0, 0, 0]
    assert halt(20) == [0, halted, 0]
    assert state.arriving.sum() == 22 - halted
    assert halt(21) == [0, halted, 0]


def test_some_trucks_halt_and_none_is_lost(road):
    names, inputs, state, _ = road
    state.arriving[0, :, names.feeds.index("C-ROAD/millford"), 0] = 10

    halt_at_announcement(
        inputs.feeds, inputs.corridor_days, state.arriving, state.corridors,
        0, 0.5, 0, 20,
    )  # fmt: skip

    assert state.corridors.waiting.sum() + state.arriving.sum() == 640
    # 4.9 standard errors of 640 coins
    assert abs(state.arriving.sum() - 320) < 4.9 * math.sqrt(160)


@pytest.mark.parametrize(
    ("day", "packages"), [(10, 1), (50, 1), (54, 3), (58, 5), (99, 5)]
)
def test_escorts_grow_over_a_ramp_from_their_step(params, day, packages):
    nation, today = records(NationState, 1)[0], records(Day, 1)[0]
    nation.escort_step_day, today.escort_factor = 50, 1
    nation.escort_force = 1

    assert escort_packages(nation, today, day, params) == packages
    today.escort_factor = 0.5
    assert escort_packages(nation, today, day, params) == packages / 2
    nation.escort_force = 3
    assert escort_packages(nation, today, day, params) == packages * 1.5


def test_alarm_needs_two_short_days_in_a_row(params):
    nation = records(NationState, 1)[0]
    nation.escort_step_day = NEVER
    for day, served in enumerate([0.5, 0.7, 0.5, 0.6]):
        raise_alarm(nation, served, day, params)
        assert nation.escort_step_day == NEVER
    for day in (4, 5):
        raise_alarm(nation, 0.59, day, params)
    assert nation.escort_step_day == 25
    raise_alarm(nation, 0.1, 6, params)
    assert nation.escort_step_day == 25


def test_an_escort_takes_the_longest_queue_that_is_long_enough(road):
    names, inputs, state, _ = road
    inputs.corridor_days.is_escorted[25] = [1, 1, 0]
    state.corridors.waiting = [[12, 9, 99]]

    assert longest_queue(inputs, state, 0, 25, 10.0) == names.corridors.index("C-RAIL")
    assert longest_queue(inputs, state, 0, 25, 12.5) == -1
    state.corridors.waiting = [[12, 13, 99]]
    assert longest_queue(inputs, state, 0, 25, 10.0) == names.corridors.index("C-ROAD")


def test_a_convoy_leaves_when_an_escort_is_free(road):
    _, inputs, state, outputs = road
    state.nation.escort_step_day = NEVER
    state.corridors.waiting = [[0, 100, 0]]

    for day in range(20, 29):
        dispatch_convoys(inputs, state, outputs, 0, 0, day)

    assert outputs.daily.convoys[0, 20:29].tolist() == [0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert outputs.daily.trucks_escorted.sum() == 50
    assert state.corridors.waiting[0, 1] == 50 + outputs.daily.trucks_turned_back.sum()


def test_no_escort_is_left_when_there_are_none(road):
    _, inputs, state, outputs = road
    state.nation.escort_step_day = NEVER
    state.nation.escort_credit = 1
    state.corridors.waiting = [[0, 100, 0]]
    inputs.days.escort_factor = 0

    dispatch_convoys(inputs, state, outputs, 0, 0, 25)

    assert outputs.daily.convoys.sum() == 0


def test_no_convoy_leaves_during_a_suspension(road):
    _, inputs, state, outputs = road
    state.nation.escort_credit, state.nation.suspension_end = 1, 26.5
    state.nation.escort_step_day = NEVER
    state.corridors.waiting = [[0, 100, 0]]

    for day in range(25, 28):
        dispatch_convoys(inputs, state, outputs, 0, 0, day)

    assert outputs.daily.convoys[0, 25:28].tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("posture", "wish"),
    [
        (Posture.BUILD_UP, 14),
        (Posture.PRESSURE, 10),
        (Posture.PULSE, 10),
        (Posture.PAUSE, 25),
    ],
)
def test_a_place_catches_up_in_a_pause_alone(params, posture, wish):
    depot, own = records(Depot, 1)[0], records(DepotState, 1)[0]
    nation = records(NationState, 1)[0]
    depot.demand, depot.target, own.stock = 10, 60, 45
    nation.posture = posture

    assert internal_wish(14.0, depot, own, nation, params) == wish


def test_the_capital_holds_back_as_its_stock_falls(params):
    assert held_back(100.0, 100.0, params) == 1
    assert held_back(75.0, 100.0, params) == pytest.approx(0.75)
    assert held_back(50.0, 100.0, params) == pytest.approx(0.5)
    assert held_back(10.0, 100.0, params) == pytest.approx(0.5)
    assert held_back(0.0, 0.0, params) == 1


def test_internal_traffic_falls_to_its_share_and_comes_back(params):
    nation = records(NationState, 1)[0]
    nation.internal_traffic = 1
    run = []
    for is_banned in [1] * 8 + [0] * 8:
        move_internal_traffic(nation, is_banned, params)
        run.append(nation.internal_traffic)

    assert run[:3] == pytest.approx([0.9, 0.8, 0.7])
    assert run[7] == pytest.approx(0.4)
    assert run[8] == pytest.approx(0.5)
    assert run[-1] == 1


def test_the_way_home_is_empty_and_ends_with_loading(params):
    def home(travel_h, abroad_h, nonstop_h=0.0, abroad_nonstop_h=0.0):
        service, way = records(Feed, 1)[0], records(Corridor, 1)[0]
        service.travel_h, way.abroad_h = travel_h, abroad_h
        service.nonstop_h, way.abroad_nonstop_h = nonstop_h, abroad_nonstop_h
        return return_days(service, way, params)

    assert home(16.0, 4.0) == 5
    assert home(0.0, 0.0) == 2
    assert home(1e6, 0.0) == 63
    assert home(16.0, 4.0, 24.0, 12.0) == 7


def test_what_a_depot_has_no_room_for_is_refused(road):
    names, inputs, state, outputs = road
    place, feed = names.places.index("millford"), names.feeds.index("C-ROAD/millford")
    load_kl = inputs.load_kl[0, 0]
    inputs.depots[0, place, 1].capacity = 100
    state.depots[0, place, 1].stock = 100 - 1.5 * load_kl
    state.fleets.idle, state.arriving[0, 5, feed, 1] = 0, 4

    receive_trucks(inputs, state, outputs, 0, 5)

    assert state.depots[0, place, 1].stock == pytest.approx(100)
    account = state.accounts[0, 1]
    assert account.imported == pytest.approx(4 * load_kl)
    assert account.refused == pytest.approx(2.5 * load_kl)
    assert outputs.weekly_depots[0, 0, place, 1].delivered_kl == pytest.approx(
        1.5 * load_kl
    )
    assert state.arriving.sum() == 0
    home = return_days(inputs.feeds[feed], inputs.corridors[0], inputs.params[0])
    assert np.argwhere(state.returning[0]).tolist() == [[0, 5 + home]]
    receive_trucks(inputs, state, outputs, 0, 5 + home)
    assert state.fleets.idle[0, 0] == 4
