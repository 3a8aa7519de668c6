"""Attacks of armed groups: how many, where, of what kind, and what they do.

Attacks excite each other: in every region a group has a background rate and an
excitation that each attack feeds and that fades (a self-exciting count). They come when
a hazard that grows with the rate is used up, so that luck belongs to the group, the
region and the number of the attack, and a higher rate only ever brings them nearer.
The interdictor opens a pulse, and now and then an offensive outside a ban, with attacks
in many places at once; their number has a heavy tail.

References
----------
Ferland, Latour and Oraichi (2006), Integer-valued GARCH process.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplyline.engine.kernels.jit import kernel, part, step
from supplyline.engine.kernels.layout import Posture, Talks
from supplyline.engine.kernels.luck import FIRST, SECOND, THIRD, rounded, uniforms

if TYPE_CHECKING:
    from supplyline.engine.kernels.country_layout import (
        CountryState,
        GroupState,
    )
    from supplyline.engine.kernels.kept import DailyCountry
    from supplyline.engine.kernels.layout import Country, NationState, Records
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, Outputs, State

YEAR_DAYS = 365.0
"""Days of a year, by which rates per year are divided."""


@kernel
def waiting(u: float) -> float:
    """Draw the hazard that passes until something happens [1].

    Parameters
    ----------
    u : float
        Uniform in [0, 1).

    Returns
    -------
    hazard : float
        Exponential with mean 1.
    """
    return -math.log1p(-u)


@kernel
def heavy(u: float, mean: float, tail: float) -> float:
    """Draw an amount with a heavy tail (Lomax) and a given mean.

    Parameters
    ----------
    u : float
        Uniform in [0, 1).
    mean : float
        Mean, in the unit of the amount.
    tail : float
        Exponent of the tail, above 1 [1].

    Returns
    -------
    amount : float
        At least 0.
    """
    return mean * (tail - 1.0) * math.expm1(-math.log1p(-u) / tail)


@kernel
def toll_of(u: float, v: float, mean: float, params: Parameters) -> float:
    """Draw how many people an attack kills: a whole number with a heavy tail.

    Parameters
    ----------
    u, v : float
        Uniforms in [0, 1), for the amount and for its rounding.
    mean : float
        Mean, before the cap [persons].
    params : Parameters
        Parameters of the member.

    Returns
    -------
    killed : float
        Whole, at most ``deaths_cap`` [persons].
    """
    amount = min(heavy(u, mean, params.death_tail), params.deaths_cap)
    return rounded(amount, v)


@kernel
def opening_attacks(u: float, params: Parameters) -> float:
    """Draw the attacks expected on the first day of a pulse (Pareto).

    Parameters
    ----------
    u : float
        Uniform in [0, 1).
    params : Parameters
        Parameters of the member.

    Returns
    -------
    attacks : float
        From ``pulse_attacks_min`` to ``pulse_attacks_cap`` [attacks].
    """
    amount = params.pulse_attacks_min * (1.0 - u) ** (-1.0 / params.pulse_tail)
    return float(min(amount, params.pulse_attacks_cap))


@kernel
def open_offensive(
    country: CountryState,
    nation: NationState,
    static: Country,
    posture_before: int,
    params: Parameters,
    member: int,
) -> None:
    """Decide whether an offensive opens today, and how large it is.

    Under a ban it opens with a pulse; outside a ban it has a rate of its own.

    Parameters
    ----------
    country : CountryState
        Changed.
    nation : NationState
        Holds the posture.
    static : Country
        Keys of the luck.
    posture_before : int
        Posture of yesterday, a value of `Posture`.
    params : Parameters
        Parameters of the member.
    member : int
        Name of the member in its luck.
    """
    country.burst = 0.0
    is_pulse = nation.posture == Posture.PULSE and posture_before != Posture.PULSE
    if nation.posture == Posture.BUILD_UP and nation.talks < Talks.TRUCE:
        country.campaign_gap -= params.campaigns_per_year / YEAR_DAYS
    is_campaign = country.campaign_gap <= 0.0
    if not (is_pulse or is_campaign):
        return
    country.campaigns += 1
    u, v, _, _ = uniforms(static.campaign, member, country.campaigns, FIRST)
    if is_campaign:
        country.campaign_gap += waiting(v)
    country.burst = opening_attacks(u, params)


@kernel
def faded(excitation: float, attacks: float, params: Parameters) -> float:
    """Return tomorrow's excitation: faded, and fed by today's attacks.

    An attack brings ``event_excitation`` further ones on average, in all.

    Parameters
    ----------
    excitation : float
        Today's [1/day].
    attacks : float
        Today's attacks.
    params : Parameters
        Parameters of the member.

    Returns
    -------
    excitation : float
        Tomorrow's [1/day].
    """
    kept = math.exp(-params.event_decay_per_day)
    return kept * excitation + params.event_excitation * (1.0 - kept) * attacks


@kernel
def background_rate(group: GroupState, factor: float, params: Parameters) -> float:
    """Return a group's attacks that no other attack brings about.

    On the first day background and excitation together give ``attacks_per_day``.

    Parameters
    ----------
    group : GroupState
        State of the group.
    factor : float
        Factor of the calendar and of talks [1].
    params : Parameters
        Parameters of the member.

    Returns
    -------
    rate : float
        In all its regions [1/day].
    """
    if group.first_fighters <= 0.0:
        return 0.0
    strength = group.fighters / group.first_fighters
    calm = (1.0 - params.event_excitation) * group.attacks_per_day
    return calm * strength * factor


@part
def kind_of(attacks: Records, is_pulse: bool, u: float) -> int:
    """Choose the kind of an attack.

    Parameters
    ----------
    attacks : array of Attack
        Kinds and their shares.
    is_pulse : bool
        Whether it opens a pulse.
    u : float
        Uniform in [0, 1).

    Returns
    -------
    kind : int
        Position of the kind.
    """
    kind = 0
    total = attacks[0].pulse_share if is_pulse else attacks[0].share
    while kind < attacks.size - 1 and u >= total:
        kind += 1
        total += attacks[kind].pulse_share if is_pulse else attacks[kind].share
    return kind


@kernel
def lose_soldiers(country: CountryState, kept: DailyCountry, killed: float) -> None:
    """Book soldiers killed.

    Parameters
    ----------
    country, kept : CountryState, DailyCountry
        Changed.
    killed : float
        Soldiers killed, no more than there are [persons].
    """
    country.soldiers -= killed
    country.soldiers_killed += killed
    country.recent_losses += killed
    kept.soldiers_killed += killed


@part
def attack(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    row: int,
    group: int,
    region: int,
    is_pulse: bool,
    member: int,
    day: int,
) -> None:
    """Let an attack happen, and book what it does.

    Abroad only the attack and the group's own losses count: the case knows nothing else
    of the neighbours.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, group, region : int
        Member, group and region.
    is_pulse : bool
        Whether the kind is drawn as at the opening of a pulse.
    member, day : int
        Name of the member in its luck; day.
    """
    params, country = inputs.params[row], state.country[row]
    own, place = state.groups[row, group], state.presence[row, group, region]
    kept, number = outputs.daily_country[row, day], place.attacks
    luck = inputs.presence[group, region].attack
    u_kind, u_soldiers, u_civilians, u_fall = uniforms(luck, member, number, SECOND)
    v_soldiers, v_civilians, u_fighters, v_fighters = uniforms(
        luck, member, number, THIRD
    )
    _, _, u_abducted, v_abducted = uniforms(luck, member, number, FIRST)
    chosen = kind_of(inputs.attacks, is_pulse, u_kind)
    kind = inputs.attacks[chosen]
    mean = kind.fighters_killed
    lost = min(own.fighters, toll_of(u_fighters, v_fighters, mean, params))
    own.fighters -= lost
    own.week_killed += lost
    own.materiel += kind.materiel
    if inputs.regions[region].is_boundary == 1:
        return
    week = min(day // 7, outputs.weekly_attacks.shape[1] - 1)
    outputs.weekly_attacks[row, week, chosen] += 1.0
    home = state.regions[row, region]
    killed = toll_of(u_soldiers, v_soldiers, kind.soldiers_killed, params)
    killed = min(country.soldiers, killed)
    lose_soldiers(country, kept, killed)
    harmed = toll_of(u_civilians, v_civilians, kind.civilians_killed, params)
    harmed = min(home.residents, harmed)
    home.residents -= harmed
    country.dead += harmed
    home.week_deaths += killed + harmed + lost
    taken = heavy(u_abducted, kind.abducted, params.death_tail)
    kept.abducted += rounded(taken, v_abducted)
    kept.civilians_killed += harmed
    kept.fighters_killed += lost
    outputs.weekly_regions[row, week, region].civilians_killed += harmed
    if u_fall < kind.overrun_probability:
        taken = params.town_jump * home.state_control
        home.state_control -= taken
        place.control += taken


@part
def strike_region(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    row: int,
    group: int,
    region: int,
    rate: float,
    burst: float,
    member: int,
    day: int,
) -> float:
    """Let a group's attacks of a day in a region happen.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, group, region : int
        Member, group and region.
    rate, burst : float
        Background rate and attacks of an offensive, in all its regions [1/day].
    member, day : int
        Name of the member in its luck; day.

    Returns
    -------
    attacks : float
        Attacks there today.
    """
    place = state.presence[row, group, region]
    params = inputs.params[row]
    place.gap -= (rate + burst) * place.effort + place.excitation
    attacks = 0.0
    while place.gap <= 0.0:
        attack(inputs, state, outputs, row, group, region, burst > 0.0, member, day)
        place.attacks += 1
        luck = inputs.presence[group, region].attack
        u, _, _, _ = uniforms(luck, member, place.attacks, FIRST)
        place.gap += waiting(u)
        attacks += 1.0
    if group == inputs.country[0].interdictor:
        convoys = state.regions[row, region].convoy_attacks
        state.regions[row, region].convoy_attacks = 0.0
        own = state.groups[row, group]
        lost = min(own.fighters, params.escort_attrition * convoys)
        own.fighters -= lost
        own.week_killed += lost
        outputs.daily_country[row, day].fighters_killed += lost
        attacks += convoys
    place.excitation = faded(place.excitation, attacks, params)
    return attacks


@part
def burst_of(inputs: Inputs, state: State, row: int, group: int, day: int) -> float:
    """Return the attacks that an offensive adds to a group today.

    Allies of the interdictor join it as far as they are allied.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    row, group, day : int
        Member, group and day.

    Returns
    -------
    burst : float
        Expected attacks [1/day].
    """
    main, burst = inputs.country[0].interdictor, state.country[row].burst
    if group == main or burst == 0.0:
        return float(burst)
    given = inputs.group_days[day, group].alliance
    if given >= 0.0:
        return float(burst * given)
    for number in range(inputs.relations.size):
        pair = inputs.relations[number]
        is_first = pair.first == group and pair.second == main
        if is_first or (pair.second == group and pair.first == main):
            return float(burst * max(0.0, state.alliances[row, number]))
    return 0.0


@step
def strike(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    row: int,
    posture_before: int,
    member: int,
    day: int,
) -> None:
    """Let the attacks of a day happen.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row : int
        Member.
    posture_before : int
        Posture of yesterday, a value of `Posture`.
    member, day : int
        Name of the member in its luck; day.
    """
    params, country = inputs.params[row], state.country[row]
    nation, kept = state.nation[row], outputs.daily_country[row, day]
    main = inputs.country[0].interdictor
    week = min(day // 7, outputs.weekly_regions.shape[1] - 1)
    open_offensive(country, nation, inputs.country[0], posture_before, params, member)
    for group in range(state.groups.shape[1]):
        own = state.groups[row, group]
        factor = inputs.group_days[day, group].attack_factor
        if group == main and nation.talks >= Talks.TRUCE:
            factor *= params.truce_attacks_share
        rate = background_rate(own, factor, params)
        burst = burst_of(inputs, state, row, group, day)
        own.ransom_usd += inputs.group_days[day, group].ransom_usd
        for region in range(state.regions.shape[1]):
            place = state.presence[row, group, region]
            if group != main and place.effort == 0.0 and place.excitation == 0.0:
                continue  # never there
            attacks = strike_region(
                inputs, state, outputs, row, group, region, rate, burst, member, day
            )
            if attacks == 0.0:
                continue
            own.week_attacks += attacks
            weekly = outputs.weekly_regions[row, week, region]
            weekly.attacks += attacks
            if group == main:
                weekly.attacks_interdictor += attacks
            if inputs.regions[region].is_boundary == 0:
                kept.attacks += attacks
                if group == main:
                    kept.attacks_interdictor += attacks
