"""Money and people of armed groups by hand."""

import numpy as np
import pytest

from supplyline.engine.kernels.groups import GroupAccount, GroupState
from supplyline.engine.kernels.money import (
    book_revenue,
    contested_share,
    draw_ransoms,
    move_fighters,
    pay_expenses,
    split_interdictor,
    sum_holdings,
)
from supplyline.engine.kernels.rates import MONTH_DAYS
from supplyline.engine.kernels.records import records
from worlds import copied, played, stage, told

WEEK = 7 / 365


@pytest.fixture(scope="module")
def begun(toy):
    """The first day of a country in which nothing has happened yet."""
    known = {
        "fighter_pay_usd_per_month": 100.0, "attack_cost_usd": 500.0,
        "other_spending_per_year": 0.5, "pay_reserve_days": 30.0,
        "gold_usd_per_year": 365e3, "zakat_usd_per_person_year": 0.5,
        "livestock_usd_per_year": 73e3, "protection_usd_per_year": 36.5e3,
        "looted_value_share": 0.4, "truck_value_usd": 1e5, "ransom_cases_per_year": 0,
        "recruitment_per_year": 0.4, "desertion_per_year": 0.3,
        "split_per_year": 0.5, "split_share": 0.3, "ransom_materiel": 2.0,
    }  # fmt: skip
    first = told(stage(toy), **known)
    first.state.groups.attacks_per_day = 1e-9
    told(first, operations_per_day=1e-9)
    return played(first, 0, 1)


@pytest.fixture
def made(begun):
    return copied(begun)


def group_with(fighters, cash, attacks=0.0):
    own = records(GroupState, 1)[0]
    own.fighters, own.cash, own.week_attacks = fighters, cash, attacks
    return own, records(GroupAccount, 1)[0]


def params_of(made):
    return made.inputs.params[0]


def test_attacks_are_paid_before_fighters_and_fighters_before_the_rest(made):
    own, account = group_with(200, 100_000, 4)
    spent = pay_expenses(own, account, params_of(made))

    pay = 200 * 100 * 7 / MONTH_DAYS
    left = 100_000 - 2000 - pay
    other = left * -np.expm1(-0.5 * WEEK)
    assert (account.operations, account.pay) == pytest.approx((2000, pay))
    assert account.other_spending == pytest.approx(other)
    assert spent == pytest.approx(2000 + pay + other)
    assert own.cash == pytest.approx(100_000 - spent)
    assert own.paid == own.pay_cover == 1


def test_nothing_is_spent_that_is_not_there(made):
    own, account = group_with(200, 2000 + 1000, 4)
    pay_expenses(own, account, params_of(made))

    owed = 200 * 100 * 7 / MONTH_DAYS
    assert (account.operations, account.pay) == pytest.approx((2000, 1000))
    assert own.cash == account.other_spending == own.pay_cover == 0
    assert own.paid == pytest.approx(1000 / owed)
    own, account = group_with(200, 100, 4)
    pay_expenses(own, account, params_of(made))
    assert (account.operations, account.pay, own.paid) == (100, 0, 0)


def test_a_reserve_is_days_of_pay(made):
    own, account = group_with(200, 200 * 100 * 7 / MONTH_DAYS + 5000)
    pay_expenses(own, account, params_of(made))

    reserve = 200 * 100 / MONTH_DAYS * 30
    assert own.pay_cover == pytest.approx(own.cash / reserve)
    nobody, account = group_with(0, 50)
    pay_expenses(nobody, account, params_of(made))
    assert nobody.paid == nobody.pay_cover == 1


def test_what_a_group_holds_is_summed_over_regions(made):
    inputs, state = made.inputs, made.state
    coast, lowland, upland = range(3)
    assert contested_share(state, 0, lowland) == pytest.approx(1 - 0.5 - 0.3 - 0.1)
    assert contested_share(state, 0, upland) == pytest.approx(1 - 0.8 - 0.05 - 0.1)
    gold, ruled, reached, traffic, pool = sum_holdings(inputs, state, 0, 0)

    people = state.regions.residents[0]
    assert people[coast] == 0
    assert gold == pytest.approx(0.7 * 0.3 + 0.3 * 0.05)
    assert ruled == pytest.approx(0.3 * people[lowland] + 0.05 * people[upland])
    reach = 0.4 * people[lowland] + 0.1 * people[upland]
    assert reached == pytest.approx(reach)
    trucks = inputs.regions.trucks
    assert traffic == pytest.approx(0.4 * trucks[lowland] + 0.1 * trucks[upland])
    assert pool == pytest.approx(params_of(made).grievance_normal * reach, rel=1e-3)
    state.presence.control[0, 0, lowland] = 0.9  # more than there is
    assert contested_share(state, 0, lowland) == 0


def earned(made, group, day=6):
    weekly = made.outputs.weekly_groups[0, 0, group]
    book_revenue(made.inputs, made.state, 0, group, weekly, 3, day)
    return weekly


def test_a_usual_week_brings_what_the_parameters_say(made):
    made.state.nation.tolls_since, made.state.nation.looted_since = 700, 3
    made.state.groups.ransom_usd[0] = [5000, 300]
    cash = made.state.groups.cash[0].copy()
    week = earned(made, 0)

    assert week.gold_usd == pytest.approx(7000)
    assert week.livestock_usd == pytest.approx(1400, rel=1e-3)
    assert week.protection_usd == pytest.approx(700)
    ruled = sum_holdings(made.inputs, made.state, 0, 0)[1]
    assert week.zakat_usd == pytest.approx(0.5 * WEEK * ruled)
    assert (week.toll_usd, week.ransom_usd) == (700, 5000)
    assert week.loot_usd == pytest.approx(3 * 1e5 * 0.4)
    streams = [name for name in week.dtype.names if name.endswith("_usd")]
    total = sum(float(week[name]) for name in streams if name not in NO_REVENUE)
    assert made.state.groups.cash[0, 0] - cash[0] == pytest.approx(total)
    # nothing is booked twice
    assert made.state.nation.tolls_since[0] == made.state.nation.looted_since[0] == 0
    assert (made.state.groups.ransom_usd[0] == [0, 300]).all()


NO_REVENUE = ("cash_usd", "spent_usd")


def test_others_earn_by_what_they_hold_and_levy_no_tolls(made):
    made.state.nation.tolls_since = 700
    made.inputs.days.gold_price[6] = 2
    week = earned(made, 1)

    held = sum_holdings(made.inputs, made.state, 0, 1)[0]
    first = made.state.nation.gold[0]
    assert week.gold_usd == pytest.approx(2 * 7000 * held / first)
    assert week.toll_usd == week.loot_usd == 0
    assert made.state.nation.tolls_since[0] == 700


@pytest.mark.parametrize(
    ("is_dated", "day", "drawn"), [(0, 6, 3), (1, 6, 0), (1, 70, 3)]
)
def test_where_ransoms_are_data_none_is_drawn(made, is_dated, day, drawn):
    made.inputs.facts.is_ransom_dated = is_dated
    told(made, ransom_cases_per_year=52.0, ransom_sd_log=0.0, ransom_usd=1000.0)
    country = made.state.nation[0]
    materiel, country.ransom_gap, amounts = made.state.groups.materiel[0, 0], 1e-9, 0.0
    while country.ransoms < drawn or amounts == 0.0:
        amounts += draw_ransoms(made.inputs, made.state, 0, 3, day)
        if drawn == 0:
            break

    assert country.ransoms >= drawn
    assert amounts == pytest.approx(1000 * country.ransoms)
    gained = made.state.groups.materiel[0, 0] - materiel
    assert gained == pytest.approx(2 * country.ransoms)


def test_who_joins_leaves_the_people_and_who_deserts_comes_back(made):
    state, own = made.state, made.state.groups[0, 0]
    pool = sum_holdings(made.inputs, state, 0, 0)[4]
    people, fighters = state.regions.residents[0].copy(), float(own.fighters)
    own.pay_cover, own.paid = 0.5, 0.25
    joined, deserted = move_fighters(made.inputs, state, 0, 0, 1.2 * pool)

    expected = 0.4 * WEEK * own.first_fighters * 1.2 * pool / own.recruit_pool * 0.5
    assert joined == pytest.approx(expected)
    assert deserted == pytest.approx(0.3 * WEEK * fighters * 0.75)
    assert own.fighters == pytest.approx(fighters + joined - deserted)
    # they come from where the group reaches people, for the pool it is asked of
    moved = people - state.regions.residents[0]
    assert moved.sum() == pytest.approx((joined - deserted) / 1.2)
    account = state.group_accounts[0, 0]
    assert (account.recruited, account.deserted) == (joined, deserted)


def test_a_group_that_reaches_nobody_recruits_nobody(made):
    made.state.groups.recruit_pool[0, 0] = 0

    assert move_fighters(made.inputs, made.state, 0, 0, 5.0) == (0, 0)
    assert move_fighters(made.inputs, made.state, 0, 1, 0.0) == (0, 0)


def test_a_split_takes_its_share_for_good(made):
    own = made.state.groups[0, 0]
    fighters = float(own.fighters)
    made.state.nation.split_gap = 0.5 * WEEK + 1e-9
    split_interdictor(made.inputs, made.state, 0, 3)
    assert own.fighters == fighters
    made.state.nation.split_gap = 1e-9
    split_interdictor(made.inputs, made.state, 0, 3)

    left = fighters - own.fighters
    assert left == pytest.approx(
        fighters * (1 - 0.7 ** int(made.state.nation.splits[0]))
    )
    assert made.state.group_accounts.split_off[0, 0] == pytest.approx(left)
    assert made.state.nation.split_gap[0] > 0
