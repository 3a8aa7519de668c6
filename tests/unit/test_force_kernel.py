"""The state's force by hand: uses, partners, operations, morale."""

import numpy as np
import pytest

from supplyline.engine.kernels.force import (
    draw_target,
    escort_force,
    garrison_force,
    mix_by_weight,
    move_army,
    move_morale,
    offensive_force,
    partner_troops,
    set_force,
)
from supplyline.engine.kernels.layout import Day, NationState
from supplyline.engine.kernels.records import records
from worlds import played, stage, told


@pytest.fixture(scope="module")
def params(toy):
    known = {
        "partner_weight": 3.0, "partner_strength_quantile": 0.25,
        "offensive_share": 0.4, "escort_share": 0.1, "offensive_reaction": 0.5,
        "operations_per_day": 0.6, "morale_normal": 0.6,
        "morale_loss_per_100": 0.1, "morale_arrears_per_week": 0.05,
        "morale_recovery_per_week": 0.14, "army_soldiers": 1000.0,
        "replacement_per_year": 0.1,
    }  # fmt: skip
    return told(stage(toy), **known).inputs.params[0]


@pytest.fixture
def today():
    day = records(Day, 1)[0]
    day.partner_low, day.partner_high = 100, 200
    day.partner_offensive, day.partner_escort = 0.5, 0.2
    day.partner_harm = day.partner_attrition = 1
    day.offensive_factor = day.harm_factor = 1
    return day


@pytest.fixture
def nation(params, today):
    made = records(NationState, 1)[0]
    made.soldiers, made.morale = 1000, 0.6
    made.offensive_share, made.escort_share = 0.4, 0.1
    made.escort_answer = 1
    made.partner_troops = partner_troops(today, params)
    made.first_offensive_force = offensive_force(made, today, params)
    made.first_escort_force = escort_force(made, today, params)
    made.now.losses = made.first_losses = 0.3
    made.fiscal = 1
    return made


def test_partners_lie_in_their_range(params, today):
    assert partner_troops(today, params) == 125


def test_all_force_is_used_once(nation, params, today):
    uses = [f(nation, today, params) for f in (offensive_force, escort_force)]
    garrison = garrison_force(nation, today, params)

    assert uses == pytest.approx([240 + 187.5, 60 + 75])
    assert sum(uses) + garrison == pytest.approx(1000 * 0.6 + 3 * 125)


def test_a_factor_is_mixed_by_weight(nation, params):
    assert mix_by_weight(1.0, 1.4, nation, 3.0) == pytest.approx(
        (1000 + 375 * 1.4) / 1375
    )
    assert mix_by_weight(1.0, 1.4, nation, 0.0) == 1
    nation.soldiers = nation.partner_troops = 0
    assert mix_by_weight(0.7, 1.4, nation, 3.0) == 0.7
    assert params.partner_weight == 3


def test_the_force_of_the_first_day_is_the_measure(nation, params, today):
    set_force(nation, today, params)

    assert nation.operation_rate == pytest.approx(0.6)
    assert nation.attrition == pytest.approx(1)
    assert nation.escort_force == pytest.approx(1)
    assert nation.offensive_share == pytest.approx(0.4)


def test_losses_bring_reprisals(nation, params, today):
    nation.now.losses = 1.0
    set_force(nation, today, params)

    share = 0.4 * (1 + 0.5 * 0.7)
    assert nation.offensive_share == pytest.approx(share)
    force = 600 * share + 187.5
    assert nation.operation_rate == pytest.approx(0.6 * force / 427.5)


def test_harsher_partners_harm_more_and_weaken_groups_no_more(nation, params, today):
    today.partner_harm, today.partner_attrition = 1.5, 1.2
    set_force(nation, today, params)

    harm, attrition = (1000 + 375 * 1.5) / 1375, (1000 + 375 * 1.2) / 1375
    assert nation.operation_rate == pytest.approx(0.6 * harm)
    # losses of groups are by operation: more of them harm, not more take place
    assert nation.attrition * nation.operation_rate == pytest.approx(0.6 * attrition)
    today.harm_factor = 2
    set_force(nation, today, params)
    assert nation.operation_rate == pytest.approx(1.2 * harm)
    assert nation.attrition * nation.operation_rate == pytest.approx(0.6 * attrition)


def test_partners_who_leave_take_their_force_along(nation, params, today):
    today.partner_low = today.partner_high = 0
    set_force(nation, today, params)

    assert nation.partner_troops == 0
    assert nation.escort_force == pytest.approx(60 / 135)
    assert nation.operation_rate == pytest.approx(0.6 * 240 / 427.5)


def test_a_force_that_never_was_has_no_ratio(nation, params, today):
    nation.first_offensive_force = nation.first_escort_force = 0
    set_force(nation, today, params)

    assert nation.operation_rate == 0
    assert nation.escort_force == 1


def test_morale_falls_with_unusual_losses_and_arrears(nation, params):
    nation.usual_losses = 3
    move_morale(nation, 3.0, params)
    assert nation.morale == pytest.approx(0.6)
    move_morale(nation, 53.0, params)
    assert nation.morale == pytest.approx(0.6 * (1 - 0.1 * 0.5))
    nation.morale, nation.fiscal = 0.6, 0.4
    move_morale(nation, 3.0, params)
    assert nation.morale == pytest.approx(0.6 * (1 - 0.05 * 0.6 / 7))


def test_morale_returns_and_keeps_its_bounds(nation, params):
    nation.morale = 0.3
    move_morale(nation, 0.0, params)
    assert nation.morale == pytest.approx(0.3 + 0.14 * 0.3 / 7)
    move_morale(nation, 1e6, params)
    assert nation.morale == 0
    nation.morale, nation.usual_losses = 1.0, 1e6
    move_morale(nation, 0.0, params)
    assert nation.morale == 1


def test_the_army_is_replaced(nation, params):
    move_army(nation, params)

    assert nation.soldiers == pytest.approx(1000 + 1000 * 0.1 * 7 / 365)
    assert nation.soldiers_replaced == pytest.approx(nation.soldiers - 1000)


@pytest.mark.parametrize("answer", [0.0, 0.5, 3.0, 6.0, 40.0])
def test_soldiers_who_answer_a_shortage_are_counted_once(nation, params, today, answer):
    nation.escort_answer = answer
    set_force(nation, today, params)

    assert nation.escort_share == pytest.approx(min(1.0, 0.1 * answer))
    own, partners = nation.soldiers * nation.morale, 375
    escorts = own * nation.escort_share + partners * 0.2
    assert nation.escort_force == pytest.approx(escorts / 135)
    uses = [offensive_force, escort_force, garrison_force]
    each = [use(nation, today, params) for use in uses]
    assert min(each) >= 0
    assert sum(each) == pytest.approx(own + partners)
    # packages that grew beside the army's share would be soldiers from nowhere
    doubled = each[1] * answer + each[0] + each[2]
    assert (doubled == pytest.approx(own + partners)) == (answer == 1.0)


def test_an_operation_meets_groups_by_their_strength(toy):
    made = played(stage(toy), 0, 1)
    made.state.groups.fighters = [300, 100]
    made.state.presence.effort[0, :, 1] = [0.2, 0.6]

    luck = np.linspace(0, 1, 201)[:-1]
    met = [draw_target(made.state, 0, 1, u) for u in luck]

    assert sorted(met) == met
    assert np.mean(met) == pytest.approx(0.5, abs=0.01)
    made.state.presence.effort[0, :, 1] = [0.2, 0.0]
    assert {draw_target(made.state, 0, 1, u) for u in luck} == {0}
