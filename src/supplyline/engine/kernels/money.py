"""Money and people of armed groups: revenue by stream, spending, recruits, desertion.

Once a week a group books what the week brought, pays for its attacks, its fighters and
the rest, and gains and loses people. Revenue from what it holds follows what it holds:
on the first day the interdictor earns what the parameters say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.elementary import expm1, power
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import FIRST, draw_hazard, lognormal, uniforms
from supplyline.engine.kernels.rates import MONTH_DAYS, WEEK_DAYS, YEAR_DAYS

if TYPE_CHECKING:
    from supplyline.engine.kernels.groups import GroupAccount, GroupState
    from supplyline.engine.kernels.outputs import WeeklyGroup
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Key, Records
    from supplyline.engine.kernels.world import Inputs, State


class MoneyFacts:
    """What money asks of the case."""

    is_ransom_dated: int
    """1 where ransoms of the past are data, so that none is drawn there."""
    ransom: Key
    """Luck of large ransoms."""
    split: Key
    """Luck of a split of the interdictor."""


class MoneyDay:
    """What money reads of the calendar."""

    gold_price: float
    """Price of gold against the first day's [1]."""


class MoneyState:
    """Ransoms, splits, and what the interdictor holds on the first day."""

    ransom_gap: float
    """Hazard left until the next large ransom [1]."""
    ransoms: int
    """Large ransoms so far."""
    split_gap: float
    """Hazard left until the interdictor splits [1]."""
    splits: int
    """Splits so far."""
    recruited: float
    """People who joined a group so far [persons]."""
    deserted: float
    """Fighters who went home so far [persons]."""
    gold: float
    """Artisanal gold the interdictor holds on the first day [1]."""
    livestock: float
    """People within its reach on the first day [persons]."""
    traffic: float
    """Truck traffic within its reach on the first day [1]."""


@kernel
def sum_holdings(
    inputs: Inputs, state: State, m: int, group: int
) -> tuple[float, float, float, float, float]:
    """Sum what a group holds or reaches.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m, group : int
        Position of the member in the block; group.

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
    for region in range(state.regions.shape[1]):
        area, home = inputs.regions[region], state.regions[m, region]
        if area.is_boundary == 1:
            continue
        control = state.presence[m, group, region].control
        reach = reach_of(state, m, group, region)
        gold += area.gold_share * control
        ruled += home.residents * control
        reached += home.residents * reach
        traffic += area.trucks * reach
        pool += home.residents * reach * home.grievance
    return gold, ruled, reached, traffic, pool


@part
def reach_of(state: State, m: int, group: int, region: int) -> float:
    """Return the share of a region where a group can come: held, and contested."""
    # Where it neither holds anything nor strikes it is not at all.
    place = state.presence[m, group, region]
    # money.md, Revenue: contested parts where it never was would pay every group for
    # the weakness of the state.
    if place.control == 0.0 and place.effort == 0.0:
        return 0.0
    return float(place.control + contested_share(state, m, region))


@part
def contested_share(state: State, m: int, region: int) -> float:
    """Return the share of a region that nobody holds [1]."""
    held = state.regions[m, region].state_control
    for group in range(state.groups.shape[1]):
        held += state.presence[m, group, region].control
    # Rounding may pass 1: never a share below 0.
    return float(max(0.0, 1.0 - held))


@part
def draw_ransoms(inputs: Inputs, state: State, m: int, member: int, day: int) -> float:
    """Draw the large ransoms of a week; the interdictor takes them [USD]."""
    # Where the case dates those of the past, none is drawn there.
    params, nation = inputs.params[m], state.nation[m]
    facts, amount = inputs.facts[0], 0.0
    # money.md, Revenue: where past ransoms are data, drawing more would pay them
    # twice.
    if facts.is_ransom_dated == 1 and day < facts.first_forecast_day:
        return amount
    nation.ransom_gap -= params.ransom_cases_per_year * WEEK_DAYS / YEAR_DAYS
    while nation.ransom_gap <= 0.0:
        nation.ransoms += 1
        u, v, w, _ = uniforms(facts.ransom, member, nation.ransoms, FIRST)
        nation.ransom_gap += draw_hazard(w)
        amount += lognormal(u, v, params.ransom_usd, params.ransom_sd_log)
        state.groups[m, facts.interdictor].materiel += params.ransom_materiel
    return amount


@kernel
def pay_expenses(own: GroupState, account: GroupAccount, params: Parameters) -> float:
    """Pay for a week's attacks, then the fighters, then the rest [USD]."""
    # Nothing is spent that is not there. money.md, Spending: attacks first, pay
    # second, the rest last: a poor group goes on fighting and loses men.
    operations = min(own.cash, params.attack_cost_usd * own.week_attacks)
    own.cash -= operations
    weekly_pay = params.fighter_pay_usd_per_month * WEEK_DAYS / MONTH_DAYS
    owed = own.fighters * weekly_pay
    pay = min(own.cash, owed)
    own.cash -= pay
    # A share of what is left, however often it is taken: cash never falls below 0.
    other = own.cash * -expm1(-params.other_spending_per_year * WEEK_DAYS / YEAR_DAYS)
    own.cash -= other
    own.paid = pay / owed if owed > 0.0 else 1.0
    # Cover is read by the posture and by talks: a group that cannot pay looks for a
    # pause.
    reserve = owed / WEEK_DAYS * params.pay_reserve_days
    own.pay_cover = min(1.0, own.cash / reserve) if reserve > 0.0 else 1.0
    account.operations += operations
    account.pay += pay
    account.other_spending += other
    return operations + pay + other


@part
def book_revenue(
    inputs: Inputs,
    state: State,
    m: int,
    group: int,
    weekly: WeeklyGroup,
    member: int,
    day: int,
) -> float:
    """Book what a week brought a group [persons]."""
    params, nation = inputs.params[m], state.nation[m]
    own = state.groups[m, group]
    account = state.group_accounts[m, group]
    share = WEEK_DAYS / YEAR_DAYS
    held, ruled, reached, traffic, pool = sum_holdings(inputs, state, m, group)
    price = inputs.days[day].gold_price
    gold = params.gold_usd_per_year * share * price
    # money.md, Revenue: against the interdictor's first holding, for every group: one
    # yardstick, whoever holds the mine.
    gold *= held / nation.gold if nation.gold > 0.0 else 0.0
    zakat = params.zakat_usd_per_person_year * share * ruled
    livestock = params.livestock_usd_per_year * share
    livestock *= reached / nation.livestock if nation.livestock > 0.0 else 0.0
    protection = params.protection_usd_per_year * share
    protection *= traffic / nation.traffic if nation.traffic > 0.0 else 0.0
    toll = loot = 0.0
    ransom = own.ransom_usd
    if ransom > 0.0:  # paid in arms too, as those that are drawn
        own.materiel += params.ransom_materiel
    # Booked once: kept, a dated ransom would be paid each week.
    own.ransom_usd = 0.0
    # Tolls and loot come from the roads, which only the interdictor bans.
    if group == inputs.facts[0].interdictor:
        toll = nation.tolls_since
        value = params.truck_value_usd * params.looted_value_share
        loot = nation.looted_since * value
        nation.tolls_since = 0.0
        nation.looted_since = 0.0
        ransom += draw_ransoms(inputs, state, m, member, day)
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
def move_fighters(
    inputs: Inputs, state: State, m: int, group: int, pool: float
) -> tuple[float, float]:
    """Let people join a group, and fighters go home [persons]."""
    params, nation = inputs.params[m], state.nation[m]
    own = state.groups[m, group]
    if own.recruit_pool <= 0.0 or pool <= 0.0:
        return 0.0, 0.0
    share = WEEK_DAYS / YEAR_DAYS
    # money.md, Fighters: by the first fighters and not by today's, as a share of
    # itself a group would grow without bound.
    joined = params.recruitment_per_year * share * own.first_fighters
    joined *= pool / own.recruit_pool * own.pay_cover
    deserted = params.desertion_per_year * share * own.fighters * (1.0 - own.paid)
    for region in range(state.regions.shape[1]):
        home = state.regions[m, region]
        if inputs.regions[region].is_boundary == 1:
            continue
        reach = reach_of(state, m, group, region)
        # Recruits leave the homes where the pool is, so that the people of a region
        # and its fighters add up.
        weight = home.residents * reach * home.grievance / pool
        home.residents += (deserted - joined) * weight
    own.fighters += joined - deserted
    nation.recruited += joined
    nation.deserted += deserted
    account = state.group_accounts[m, group]
    account.recruited += joined
    account.deserted += deserted
    return joined, deserted


@part
def split_interdictor(inputs: Inputs, state: State, m: int, member: int) -> None:
    """Let the interdictor split, rarely: part of its fighters leaves for good."""
    params, nation = inputs.params[m], state.nation[m]
    nation.split_gap -= params.split_per_year * WEEK_DAYS / YEAR_DAYS
    while nation.split_gap <= 0.0:
        nation.splits += 1
        main = inputs.facts[0].interdictor
        u, _, _, _ = uniforms(inputs.facts[0].split, member, nation.splits, FIRST)
        nation.split_gap += draw_hazard(u)
        own = state.groups[m, main]
        # money.md, Fighters: to no other group of the case: who they join is not
        # known.
        left = params.split_share * own.fighters
        own.fighters -= left
        state.group_accounts[m, main].split_off += left


@kernel
def settle_week(
    inputs: Inputs, state: State, groups: Records, m: int, member: int, day: int
) -> None:
    """Settle a week of every group: revenue, spending, recruits, desertion.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    groups : array of WeeklyGroup
        Weeks of groups, changed, shape (member, week, group).
    m : int
        Position of the member in the block.
    member, day : int
        Number of the member: counter of the generator; last day of the week.
    """
    params = inputs.params[m]
    split_interdictor(inputs, state, m, member)
    for group in range(state.groups.shape[1]):
        own, weekly = state.groups[m, group], groups[m, day // 7, group]
        pool = book_revenue(inputs, state, m, group, weekly, member, day)
        weekly.spent_usd = pay_expenses(own, state.group_accounts[m, group], params)
        weekly.recruits, weekly.deserted = move_fighters(inputs, state, m, group, pool)
        # attacks.md, Material: back to normal from both sides; without wear one large
        # haul would arm a group for good.
        worn = params.materiel_wear_per_year * WEEK_DAYS / YEAR_DAYS
        own.materiel += worn * (params.materiel_normal - own.materiel)
        state.group_accounts[m, group].killed += own.week_killed
        weekly.fighters = own.fighters
        weekly.cash_usd = own.cash
        weekly.materiel = own.materiel
        weekly.attacks = own.week_attacks
        weekly.fighters_killed = own.week_killed
        own.week_attacks = 0.0
        own.week_killed = 0.0
    main = state.groups[m, inputs.facts[0].interdictor]
    state.nation[m].pay_cover = main.pay_cover
    ratio = main.materiel / params.materiel_normal
    # Quality counts in each contest over trucks of the next week.
    state.nation[m].quality = power(ratio, params.materiel_exponent)
