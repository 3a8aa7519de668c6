"""Money and people of armed groups: revenue by stream, spending, recruits, desertion.

Once a week a group books what the week brought, pays for its attacks, its fighters and
the rest, and gains and loses people. Revenue from what it holds follows what it holds:
on the first day the interdictor earns what the parameters say.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplyline.engine.kernels.attacks import YEAR_DAYS, waiting
from supplyline.engine.kernels.force import WEEK_DAYS
from supplyline.engine.kernels.jit import kernel, part, step
from supplyline.engine.kernels.luck import FIRST, lognormal, uniforms

if TYPE_CHECKING:
    from supplyline.engine.kernels.country_layout import GroupAccount, GroupState
    from supplyline.engine.kernels.kept import WeeklyGroup
    from supplyline.engine.kernels.layout import Records
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, State

MONTH_DAYS = YEAR_DAYS / 12.0
"""Days of a month, by which pay per month is divided."""


@step
def holdings(
    inputs: Inputs, state: State, row: int, group: int
) -> tuple[float, float, float, float, float]:
    """Sum what a group holds or reaches.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row, group : int
        Member and group.

    Returns
    -------
    gold : float
        Share of artisanal gold in its hands [1].
    ruled : float
        People under it [persons].
    reached : float
        People under it and in contested parts [persons].
    traffic : float
        Truck traffic within its reach [1].
    pool : float
        People reached, weighed by grievance [persons].
    """
    gold = ruled = reached = traffic = pool = 0.0
    for number in range(state.regions.shape[1]):
        region, home = inputs.regions[number], state.regions[row, number]
        if region.is_boundary == 1:
            continue
        control = state.presence[row, group, number].control
        reach = reach_of(state, row, group, number)
        gold += region.gold_share * control
        ruled += home.residents * control
        reached += home.residents * reach
        traffic += region.trucks * reach
        pool += home.residents * reach * home.grievance
    return gold, ruled, reached, traffic, pool


@part
def reach_of(state: State, row: int, group: int, region: int) -> float:
    """Return the share of a region where a group can come: held, and contested.

    Where it neither holds anything nor strikes it is not at all.

    Parameters
    ----------
    state : State
        Control and effort.
    row, group, region : int
        Member, group and region.

    Returns
    -------
    share : float
        Share of the region [1].
    """
    place = state.presence[row, group, region]
    if place.control == 0.0 and place.effort == 0.0:
        return 0.0
    return float(place.control + contested_share(state, row, region))


@part
def contested_share(state: State, row: int, region: int) -> float:
    """Return the share of a region that nobody holds [1].

    Parameters
    ----------
    state : State
        Control by state and groups.
    row, region : int
        Member and region.

    Returns
    -------
    share : float
        Never below 0 [1].
    """
    held = state.regions[row, region].state_control
    for group in range(state.groups.shape[1]):
        held += state.presence[row, group, region].control
    return float(max(0.0, 1.0 - held))


@part
def ransoms(inputs: Inputs, state: State, row: int, member: int, day: int) -> float:
    """Draw the large ransoms of a week; the interdictor takes them.

    Where the case dates those of the past, none is drawn there.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row : int
        Member.
    member, day : int
        Name of the member in its luck; day.

    Returns
    -------
    amount : float
        Ransom of the week [USD].
    """
    params, country = inputs.params[row], state.country[row]
    static, amount = inputs.country[0], 0.0
    if static.is_ransom_dated == 1 and day < static.first_forecast_day:
        return amount
    country.ransom_gap -= params.ransom_cases_per_year * WEEK_DAYS / YEAR_DAYS
    while country.ransom_gap <= 0.0:
        country.ransoms += 1
        u, v, w, _ = uniforms(static.ransom, member, country.ransoms, FIRST)
        country.ransom_gap += waiting(w)
        amount += lognormal(u, v, params.ransom_usd, params.ransom_sd_log)
        state.groups[row, static.interdictor].materiel += params.ransom_materiel
    return amount


@kernel
def spend(own: GroupState, account: GroupAccount, params: Parameters) -> float:
    """Pay for a week's attacks, then the fighters, then the rest.

    Nothing is spent that is not there.

    Parameters
    ----------
    own, account : GroupState, GroupAccount
        Changed.
    params : Parameters
        Parameters of the member.

    Returns
    -------
    spent : float
        In all [USD].
    """
    operations = min(own.cash, params.attack_cost_usd * own.week_attacks)
    own.cash -= operations
    weekly_pay = params.fighter_pay_usd_per_month * WEEK_DAYS / MONTH_DAYS
    owed = own.fighters * weekly_pay
    pay = min(own.cash, owed)
    own.cash -= pay
    other = own.cash * -math.expm1(
        -params.other_spending_per_year * WEEK_DAYS / YEAR_DAYS
    )
    own.cash -= other
    own.paid = pay / owed if owed > 0.0 else 1.0
    reserve = owed / WEEK_DAYS * params.pay_reserve_days
    own.pay_cover = min(1.0, own.cash / reserve) if reserve > 0.0 else 1.0
    account.operations += operations
    account.pay += pay
    account.other_spending += other
    return operations + pay + other


@part
def earn(
    inputs: Inputs,
    state: State,
    row: int,
    group: int,
    weekly: WeeklyGroup,
    member: int,
    day: int,
) -> float:
    """Book what a week brought a group.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row, group : int
        Member and group.
    weekly : WeeklyGroup
        Row of the week, changed.
    member, day : int
        Name of the member in its luck; day.

    Returns
    -------
    pool : float
        People in reach, weighed by grievance [persons].
    """
    params, country = inputs.params[row], state.country[row]
    nation, own = state.nation[row], state.groups[row, group]
    account = state.group_accounts[row, group]
    share = WEEK_DAYS / YEAR_DAYS
    held, ruled, reached, traffic, pool = holdings(inputs, state, row, group)
    price = inputs.days[day].gold_price
    gold = params.gold_usd_per_year * share * price
    gold *= held / country.gold if country.gold > 0.0 else 0.0
    zakat = params.zakat_usd_per_person_year * share * ruled
    livestock = params.livestock_usd_per_year * share
    livestock *= reached / country.livestock if country.livestock > 0.0 else 0.0
    protection = params.protection_usd_per_year * share
    protection *= traffic / country.traffic if country.traffic > 0.0 else 0.0
    toll = loot = 0.0
    ransom = own.ransom_usd
    if ransom > 0.0:  # paid in arms too, as those that are drawn
        own.materiel += params.ransom_materiel
    own.ransom_usd = 0.0
    if group == inputs.country[0].interdictor:
        toll = nation.tolls_since
        value = params.truck_value_usd * params.looted_value_share
        loot = nation.looted_since * value
        nation.tolls_since = 0.0
        nation.looted_since = 0.0
        ransom += ransoms(inputs, state, row, member, day)
    own.cash += gold + zakat + livestock + protection + toll + loot + ransom
    account.gold += gold
    account.zakat += zakat
    account.livestock += livestock
    account.protection += protection
    account.toll += toll
    account.loot += loot
    account.ransom += ransom
    weekly.gold_usd = gold
    weekly.zakat_usd = zakat
    weekly.livestock_usd = livestock
    weekly.protection_usd = protection
    weekly.toll_usd = toll
    weekly.loot_usd = loot
    weekly.ransom_usd = ransom
    return pool


@part
def recruit(
    inputs: Inputs, state: State, row: int, group: int, pool: float
) -> tuple[float, float]:
    """Let people join a group, and fighters go home.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row, group : int
        Member and group.
    pool : float
        People in reach, weighed by grievance [persons].

    Returns
    -------
    joined, deserted : float
        People who joined; fighters who went home [persons].
    """
    params, country = inputs.params[row], state.country[row]
    own = state.groups[row, group]
    if own.recruit_pool <= 0.0 or pool <= 0.0:
        return 0.0, 0.0
    share = WEEK_DAYS / YEAR_DAYS
    joined = params.recruitment_per_year * share * own.first_fighters
    joined *= pool / own.recruit_pool * own.pay_cover
    deserted = params.desertion_per_year * share * own.fighters * (1.0 - own.paid)
    for number in range(state.regions.shape[1]):
        home = state.regions[row, number]
        if inputs.regions[number].is_boundary == 1:
            continue
        reach = reach_of(state, row, group, number)
        weight = home.residents * reach * home.grievance / pool
        home.residents += (deserted - joined) * weight
    own.fighters += joined - deserted
    country.recruited += joined
    country.deserted += deserted
    account = state.group_accounts[row, group]
    account.recruited += joined
    account.deserted += deserted
    return joined, deserted


@part
def split(inputs: Inputs, state: State, row: int, member: int) -> None:
    """Let the interdictor split, rarely: part of its fighters leaves for good.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row, member : int
        Row and name of the member.
    """
    params, country = inputs.params[row], state.country[row]
    country.split_gap -= params.split_per_year * WEEK_DAYS / YEAR_DAYS
    while country.split_gap <= 0.0:
        country.splits += 1
        main = inputs.country[0].interdictor
        u, _, _, _ = uniforms(inputs.country[0].split, member, country.splits, FIRST)
        country.split_gap += waiting(u)
        own = state.groups[row, main]
        left = params.split_share * own.fighters
        own.fighters -= left
        state.group_accounts[row, main].split_off += left


@step
def settle(
    inputs: Inputs, state: State, groups: Records, row: int, member: int, day: int
) -> None:
    """Settle a week of every group: revenue, spending, recruits, desertion.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    groups : array of WeeklyGroup
        Weeks of groups, changed, shape (member, week, group).
    row : int
        Member.
    member, day : int
        Name of the member in its luck; last day of the week.
    """
    params = inputs.params[row]
    split(inputs, state, row, member)
    for group in range(state.groups.shape[1]):
        own, weekly = state.groups[row, group], groups[row, day // 7, group]
        pool = earn(inputs, state, row, group, weekly, member, day)
        weekly.spent_usd = spend(own, state.group_accounts[row, group], params)
        weekly.recruits, weekly.deserted = recruit(inputs, state, row, group, pool)
        worn = params.materiel_wear_per_year * WEEK_DAYS / YEAR_DAYS
        own.materiel += worn * (params.materiel_normal - own.materiel)
        state.group_accounts[row, group].killed += own.week_killed
        weekly.fighters = own.fighters
        weekly.cash_usd = own.cash
        weekly.materiel = own.materiel
        weekly.attacks = own.week_attacks
        weekly.fighters_killed = own.week_killed
        own.week_attacks = 0.0
        own.week_killed = 0.0
    main = state.groups[row, inputs.country[0].interdictor]
    state.nation[row].pay_cover = main.pay_cover
    ratio = main.materiel / params.materiel_normal
    state.nation[row].quality = ratio**params.materiel_exponent
