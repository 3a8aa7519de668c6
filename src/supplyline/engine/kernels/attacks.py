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

from typing import TYPE_CHECKING

from supplyline.engine.kernels.elementary import exp, power
from supplyline.engine.kernels.force import draw_killed, lose_soldiers
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import (
    FIRST,
    SECOND,
    THIRD,
    draw_hazard,
    heavy_tailed,
    rounded,
    uniforms,
)
from supplyline.engine.kernels.rates import YEAR_DAYS
from supplyline.engine.kernels.threat import Posture, Talks, ThreatState

if TYPE_CHECKING:
    from supplyline.engine.kernels.groups import GroupState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Key, Records
    from supplyline.engine.kernels.world import Inputs, Outputs, State


class OffensiveFacts:
    """What offensives ask of the case."""

    campaign: Key
    """Luck of coordinated offensives."""


class OffensiveState(ThreatState):
    """Coordinated offensives of the interdictor."""

    campaign_gap: float
    """Hazard left until the next coordinated offensive [1]."""
    campaigns: int
    """Offensives so far."""
    burst: float
    """Expected attacks of the interdictor added today [attacks]."""


@kernel
def opening_attacks(u: float, params: Parameters) -> float:
    """Draw the attacks expected on the first day of a pulse (Pareto) [attacks]."""
    # attacks.md, Offensives: Pareto with a cap: most offensives are small, some are
    # large, none is without bound.
    amount = params.pulse_attacks_min * power(1.0 - u, -1.0 / params.pulse_tail)
    return min(amount, params.pulse_attacks_cap)


@kernel
def open_offensive(
    nation: OffensiveState,
    facts: OffensiveFacts,
    posture_before: int,
    params: Parameters,
    member: int,
) -> None:
    """Decide whether an offensive opens today, and how large it is."""
    # A burst lasts one day; kept, each pulse would go on for ever.
    nation.burst = 0.0
    is_pulse = nation.posture == Posture.PULSE and posture_before != Posture.PULSE
    # attacks.md, Offensives: outside a ban offensives have their own rate; under one
    # the pulse of the posture is the offensive, and both would count it twice.
    if nation.posture == Posture.BUILD_UP and nation.talks < Talks.TRUCE:
        nation.campaign_gap -= params.campaigns_per_year / YEAR_DAYS
    is_campaign = nation.campaign_gap <= 0.0
    if not (is_pulse or is_campaign):
        return
    nation.campaigns += 1
    u, v, _, _ = uniforms(facts.campaign, member, nation.campaigns, FIRST)
    if is_campaign:
        nation.campaign_gap += draw_hazard(v)
    nation.burst = opening_attacks(u, params)


@kernel
def kept_excitation(params: Parameters) -> float:
    """Return the part of its excitation that a group keeps over a day [1]."""
    return exp(-params.event_decay_per_day)


@kernel
def next_excitation(
    excitation: float, attacks: float, kept_share: float, params: Parameters
) -> float:
    """Return tomorrow's excitation: faded, and fed by today's attacks [1/day]."""
    # An attack brings ``event_excitation`` further ones on average, in all.
    return (
        kept_share * excitation + params.event_excitation * (1.0 - kept_share) * attacks
    )


@kernel
def background_rate(group: GroupState, factor: float, params: Parameters) -> float:
    """Return a group's attacks that no other attack brings about [1/day]."""
    # On the first day background and excitation together give ``attacks_per_day``.
    if group.first_fighters <= 0.0:
        return 0.0
    strength = group.fighters / group.first_fighters
    # attacks.md, How many: what excitation will add is taken off first, so that the
    # start gives the attacks that were counted.
    calm = (1.0 - params.event_excitation) * group.attacks_per_day
    return calm * strength * factor


@part
def draw_kind(attacks: Records, is_pulse: bool, u: float) -> int:
    """Choose the kind of an attack."""
    # One uniform over cumulated shares: where shares add to less than 1 the rest
    # falls to the last kind.
    kind = 0
    total = attacks[0].pulse_share if is_pulse else attacks[0].share
    while kind < attacks.size - 1 and u >= total:
        kind += 1
        total += attacks[kind].pulse_share if is_pulse else attacks[kind].share
    return kind


@part
def carry_out_attack(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    m: int,
    group: int,
    region: int,
    is_pulse: bool,
    member: int,
    day: int,
) -> None:
    """Let an attack happen, and book what it does."""
    # Abroad only the attack and the group's own losses count: the case knows
    # nothing else of the neighbours.
    params, nation = inputs.params[m], state.nation[m]
    own, place = state.groups[m, group], state.presence[m, group, region]
    kept, count = outputs.daily_country[m, day], place.attacks
    luck = inputs.presence[group, region].attack
    # Luck goes by group, region and number of the attack (luck.md, Luck): in any
    # scenario the third attack there is the same one, sooner or later.
    u_kind, u_soldiers, u_civilians, u_fall = uniforms(luck, member, count, SECOND)
    v_soldiers, v_civilians, u_fighters, v_fighters = uniforms(
        luck, member, count, THIRD
    )
    _, _, u_abducted, v_abducted = uniforms(luck, member, count, FIRST)
    chosen = draw_kind(inputs.attacks, is_pulse, u_kind)
    kind = inputs.attacks[chosen]
    mean = kind.fighters_killed
    lost = min(own.fighters, draw_killed(u_fighters, v_fighters, mean, params))
    own.fighters -= lost
    own.week_killed += lost
    own.materiel += kind.materiel
    # attacks.md, Kinds: a case knows nothing of its neighbours; their dead in our
    # books would be made up.
    if inputs.regions[region].is_boundary == 1:
        return
    week = min(day // 7, outputs.weekly_attacks.shape[1] - 1)
    outputs.weekly_attacks[m, week, chosen] += 1.0
    home = state.regions[m, region]
    killed = draw_killed(u_soldiers, v_soldiers, kind.soldiers_killed, params)
    # Never more than there are: a heavy tail has no bound of its own.
    killed = min(nation.soldiers, killed)
    lose_soldiers(nation, kept, killed)
    harmed = draw_killed(u_civilians, v_civilians, kind.civilians_killed, params)
    harmed = min(home.residents, harmed)
    home.residents -= harmed
    nation.dead += harmed
    home.week_deaths += killed + harmed + lost
    taken = heavy_tailed(u_abducted, kind.abducted, params.death_tail)
    kept.abducted += rounded(taken, v_abducted)
    kept.civilians_killed += harmed
    kept.fighters_killed += lost
    outputs.weekly_regions[m, week, region].civilians_killed += harmed
    if u_fall < kind.overrun_probability:
        # attacks.md, Kinds: a share of what the state still holds, so that towns that
        # fall never leave it below 0.
        taken = params.town_jump * home.state_control
        home.state_control -= taken
        place.control += taken


@part
def attack_in_region(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    m: int,
    group: int,
    region: int,
    rate: float,
    burst: float,
    kept_share: float,
    member: int,
    day: int,
) -> float:
    """Let a group's attacks of a day in a region happen."""
    place = state.presence[m, group, region]
    params = inputs.params[m]
    # attacks.md, How many: the rate uses up a hazard drawn before, so a higher rate
    # only brings the same attacks nearer.
    place.gap -= (rate + burst) * place.effort + place.excitation
    attacks = 0.0
    while place.gap <= 0.0:
        carry_out_attack(
            inputs, state, outputs, m, group, region, burst > 0.0, member, day
        )
        place.attacks += 1
        luck = inputs.presence[group, region].attack
        u, _, _, _ = uniforms(luck, member, place.attacks, FIRST)
        place.gap += draw_hazard(u)
        attacks += 1.0
    # attacks.md, Kinds: encounters of the day are booked here, where they excite and
    # cost fighters like any attack.
    if group == inputs.facts[0].interdictor:
        convoys = state.regions[m, region].convoy_attacks
        state.regions[m, region].convoy_attacks = 0.0
        own = state.groups[m, group]
        lost = min(own.fighters, params.escort_attrition * convoys)
        own.fighters -= lost
        own.week_killed += lost
        outputs.daily_country[m, day].fighters_killed += lost
        attacks += convoys
    place.excitation = next_excitation(place.excitation, attacks, kept_share, params)
    return attacks


@part
def offensive_attacks(
    inputs: Inputs, state: State, m: int, group: int, day: int
) -> float:
    """Return the attacks that an offensive adds to a group today [1/day]."""
    # Allies of the interdictor join it as far as they are allied.
    main, burst = inputs.facts[0].interdictor, state.nation[m].burst
    if group == main or burst == 0.0:
        return float(burst)
    given = inputs.group_days[day, group].alliance
    if given >= 0.0:
        return float(burst * given)
    for relation in range(inputs.relations.size):
        pair = inputs.relations[relation]
        is_first = pair.first == group and pair.second == main
        if is_first or (pair.second == group and pair.first == main):
            return float(burst * max(0.0, state.alliances[m, relation]))
    return 0.0


@part
def step_attacks(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    m: int,
    posture_before: int,
    member: int,
    day: int,
) -> None:
    """Let the attacks of a day happen.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    posture_before : int
        Posture of yesterday, a value of `Posture`.
    member, day : int
        Number of the member: counter of the generator; day.
    """
    params, nation = inputs.params[m], state.nation[m]
    kept = outputs.daily_country[m, day]
    main = inputs.facts[0].interdictor
    week = min(day // 7, outputs.weekly_regions.shape[1] - 1)
    open_offensive(nation, inputs.facts[0], posture_before, params, member)
    # Once for all groups and regions: an exponential for each would cost time.
    kept_share = kept_excitation(params)
    for group in range(state.groups.shape[1]):
        own = state.groups[m, group]
        factor = inputs.group_days[day, group].attack_factor
        # attacks.md, How many: in a truce the roads are free and some attacks go on:
        # peace is not everywhere at once.
        if group == main and nation.talks >= Talks.TRUCE:
            factor *= params.truce_attacks_share
        rate = background_rate(own, factor, params)
        burst = offensive_attacks(inputs, state, m, group, day)
        own.ransom_usd += inputs.group_days[day, group].ransom_usd
        for region in range(state.regions.shape[1]):
            place = state.presence[m, group, region]
            if group != main and place.effort == 0.0 and place.excitation == 0.0:
                continue  # never there
            attacks = attack_in_region(
                inputs, state, outputs, m, group, region,
                rate, burst, kept_share, member, day,
            )  # fmt: skip
            if attacks == 0.0:
                continue
            own.week_attacks += attacks
            weekly = outputs.weekly_regions[m, week, region]
            weekly.attacks += attacks
            if group == main:
                weekly.attacks_interdictor += attacks
            if inputs.regions[region].is_boundary == 0:
                kept.attacks += attacks
                if group == main:
                    kept.attacks_interdictor += attacks
