"""The regime: legitimacy, protest, cohesion, money of the state, and how rule may end.

Four kinds of end compete: a coup attempt (which may fail), a forced exit, a capture of
the capital, a natural end. Each has a rate fitted to leaders of the past, times what
today's covariates do to it. The log of a hazard is a sum, so that its change splits
exactly among the covariates.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import TYPE_CHECKING

from supplyline.engine.kernels.control import PeopleState
from supplyline.engine.kernels.elementary import exp, log, power
from supplyline.engine.kernels.force import ArmyState
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import FIRST, draw_hazard, uniforms
from supplyline.engine.kernels.rates import WEEK_DAYS, YEAR_DAYS

if TYPE_CHECKING:
    from supplyline.case.series import Daily, DailyCountry
    from supplyline.engine.kernels.covariates import Covariates
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Key
    from supplyline.engine.kernels.world import Inputs, Outputs, State

PROTEST_DAYS = 28.0
"""Days over which protests are averaged."""
SHORT_DAYS = 30.0
"""Days over which shortage and imports are averaged."""
MOST_PROTESTS = 1000
"""Most protests of a day that are counted."""


class Exit(IntEnum):
    """How the leader's rule ended."""

    NONE = 0
    COUP = 1
    FORCED = 2
    CAPTURE = 3
    NATURAL = 4


class RegimeFacts:
    """What the regime asks of the case."""

    partner_most: float
    """Most partner troops at any date [persons]."""
    since_attempt: float
    """Time since the last coup attempt on the first day [years]."""
    tenure: float
    """Time since the leader took power on the first day [years]."""
    protest: Key
    """Luck of protests."""
    attempt: Key
    """Luck of coup attempts."""
    forced: Key
    """Luck of a forced exit."""
    capture: Key
    """Luck of a capture of the capital."""
    natural: Key
    """Luck of a natural end."""


class RegimeDay:
    """What the regime reads of the calendar."""

    is_attempt: int
    """1 on the day of a dated coup attempt."""
    is_purge: int
    """1 on the day of a purge."""
    is_party_ban: int
    """1 while parties are banned."""
    is_election_postponed: int
    """1 while a due election is put off."""
    is_partner_changing: int
    """1 in the month after a partner comes or goes."""


class RegimeState(ArmyState, PeopleState):
    """The regime, and how it may end."""

    imported: float
    """Imports, mean of some weeks, against what the country needs [1]."""
    legitimacy: float
    """Legitimacy [1]."""
    cohesion: float
    """Cohesion of officers and elites [1]."""
    repression: float
    """Repression [1]."""
    protest: float
    """Protests, mean of some weeks [1/week]."""
    shortage: float
    """Share not served in the capital, mean of a month [1]."""
    attempts: int
    """Coup attempts so far."""
    since_attempt: float
    """Time since the last coup attempt [years]."""
    attempt_gap: float
    """Hazard left until the next attempt [1]."""
    forced_gap: float
    """Hazard left until a forced exit [1]."""
    capture_gap: float
    """Hazard left until a capture of the capital [1]."""
    natural_gap: float
    """Hazard left until a natural end [1]."""
    exit_kind: int
    """How rule ended, a value of `Exit`."""


@kernel
def moved_legitimacy(
    nation: RegimeState, today: RegimeDay, daily: Daily, params: Parameters
) -> float:
    """Move legitimacy by a day: what falls is a part of what is left."""
    # regime.md, Legitimacy: what falls is a part of what is left, so that no week of
    # shortage leaves the scale.
    fall = params.legitimacy_shortage_per_week * (1.0 - daily.public_served_share)
    fall += params.legitimacy_price_per_week * nation.now.price
    dark = 0.0
    if daily.electricity_h < params.legitimacy_lit_h:
        dark = 1.0 - daily.electricity_h / params.legitimacy_lit_h
    fall += params.legitimacy_dark_per_week * dark
    normal = params.legitimacy_normal
    if today.is_election_postponed == 1:
        normal -= params.election_postponed_legitimacy
    back = params.legitimacy_recovery_per_week * (normal - nation.legitimacy)
    # News acts at once and by the truck; convoys that arrive win back what losses
    # took.
    news = params.legitimacy_convoy_per_truck * daily.trucks_escorted
    news -= params.legitimacy_news_per_truck * daily.trucks_lost
    moved = nation.legitimacy * (1.0 - fall / WEEK_DAYS) + back / WEEK_DAYS + news
    return min(1.0, max(0.0, moved))


@kernel
def protest_rate(nation: RegimeState, params: Parameters) -> float:
    """Return the protests expected on a day [1/day]."""
    pressure = (
        params.protest_price * nation.now.price
        + params.protest_shortage * nation.now.shortage
        + params.protest_anger * (params.legitimacy_normal - nation.legitimacy)
        - params.protest_repression * (nation.repression - params.repression_normal)
    )
    # regime.md, Protest: in the log: causes multiply and repression only lowers.
    return params.protest_per_week / WEEK_DAYS * exp(pressure)


@kernel
def negative_binomial(u: float, mean: float, dispersion: float) -> float:
    """Return the count of a negative binomial distribution at probability u."""
    # luck.md, How: summed from one uniform, so that more pressure on the same luck
    # never means fewer protests.
    chance = mean / (dispersion + mean)
    term = power(1.0 - chance, dispersion)
    total = term
    count = 0
    while u >= total and count < MOST_PROTESTS:
        term *= chance * (dispersion + count) / (count + 1.0)
        total += term
        count += 1
    return float(count)


@kernel
def moved_cohesion(
    nation: RegimeState, today: RegimeDay, killed: float, params: Parameters
) -> float:
    """Move the cohesion of officers and elites by a day, with unusual losses."""
    # regime.md, Cohesion: against what is usual, as morale: officers are used to a
    # war at its usual cost.
    unusual = killed - nation.usual_losses
    fall = params.cohesion_loss_per_100 * unusual / 100.0
    if today.is_partner_changing == 1:
        fall += params.cohesion_partner_per_week / WEEK_DAYS
    if today.is_purge == 1:
        fall += params.purge_cohesion
    back = params.cohesion_normal - nation.cohesion
    rise = params.cohesion_recovery_per_week * back / WEEK_DAYS
    return min(1.0, max(0.0, nation.cohesion * (1.0 - fall) + rise))


@kernel
def moved_fiscal(nation: RegimeState, params: Parameters) -> float:
    """Move the fiscal index by a day: duty on fuel is a main revenue."""
    # regime.md, Money of the state: more imports than needed bring no surplus that a
    # shortage could draw on.
    missing = max(0.0, 1.0 - nation.imported)
    fall = params.fiscal_fall_per_week * missing
    rise = params.fiscal_recovery_per_week * (1.0 - nation.fiscal)
    moved = nation.fiscal * (1.0 - fall / WEEK_DAYS) + rise / WEEK_DAYS
    return min(1.0, max(0.0, moved))


@kernel
def set_covariates(
    nation: RegimeState, multiple: float, most: float, params: Parameters
) -> None:
    """Write what moves the hazards today, each from 0 (calm) to 1 (worst)."""
    now = nation.now
    now.shortage = nation.shortage
    # regime.md, Covariates: each is cut at 1, the worst that hazard ratios speak of.
    now.losses = min(1.0, nation.recent_losses / params.losses_full)
    now.ground = nation.ground
    now.cohesion = 1.0 - nation.cohesion
    now.legitimacy = 1.0 - nation.legitimacy
    now.protest = min(1.0, nation.protest / params.protest_full)
    now.arrears = 1.0 - nation.fiscal
    now.price = min(1.0, max(0.0, (multiple - 1.0) / (params.price_full - 1.0)))
    # regime.md, Covariates: the root lets the first thousand count more than the last
    # A country without partners stands at the level of the fitted rate, where their
    # absence moves nothing.
    now.partner = params.reference_partner
    if most > 0.0:
        missing = 1.0 - math.sqrt(nation.partner_troops / most)
        now.partner = min(1.0, max(0.0, missing))


@kernel
def log_pressures(now: Covariates, params: Parameters) -> tuple[float, float, float]:
    """Return what today's covariates add to the log of three hazards."""
    # regime.md, How rule ends: against the reference at which the fitted rate holds;
    # without it a country at war would count its war twice.
    shortage = log(params.hazard_ratio_shortage) * now.shortage
    losses = log(params.hazard_ratio_losses)
    losses *= now.losses - params.reference_losses
    ground = log(params.hazard_ratio_ground)
    ground *= now.ground - params.reference_ground
    cohesion = log(params.hazard_ratio_cohesion)
    cohesion *= now.cohesion - params.reference_cohesion
    legitimacy = log(params.hazard_ratio_legitimacy)
    legitimacy *= now.legitimacy - params.reference_legitimacy
    protest = log(params.hazard_ratio_protest) * now.protest
    arrears = log(params.hazard_ratio_arrears) * now.arrears
    price = log(params.hazard_ratio_price) * now.price
    partner = log(params.hazard_ratio_partner)
    partner *= now.partner - params.reference_partner
    # officers answer to all of it, elites to shortage, ground and street, an army at
    # the gates to shortage and the front.
    street = legitimacy + protest + arrears + price
    attempt = shortage + losses + ground + cohesion + street + partner
    forced = shortage + ground + street
    return attempt, forced, shortage + losses + ground + partner


@kernel
def attempt_rate(since_attempt: float, tenure: float, params: Parameters) -> float:
    """Return the fitted rate of coup attempts on such a leader [1/day]."""
    rate = params.attempt_per_year / YEAR_DAYS
    # leader.md, Equation: attempts breed attempts and time in power deters them; one
    # is added so that the first year is finite.
    rate *= power(1.0 + since_attempt, -params.attempt_since_exponent)
    return rate * power(1.0 + tenure, -params.attempt_tenure_exponent)


@kernel
def end_rule(
    nation: RegimeState,
    kept: DailyCountry,
    facts: RegimeFacts,
    is_dated_attempt: bool,
    params: Parameters,
    member: int,
) -> None:
    """Use up the day's hazards, and end rule where one is used up."""
    nation.attempt_gap -= kept.hazard_attempt
    nation.forced_gap -= kept.hazard_forced
    nation.capture_gap -= kept.hazard_capture
    nation.natural_gap -= kept.hazard_natural
    # A hazard used up more than once means as many attempts; a dated one takes its
    # place in the count.
    while nation.attempt_gap <= 0.0 or is_dated_attempt:
        nation.attempts += 1
        kept.attempts += 1.0
        u, v, _, _ = uniforms(facts.attempt, member, nation.attempts, FIRST)
        if is_dated_attempt:
            is_dated_attempt = False
        else:
            nation.attempt_gap += draw_hazard(v)
        nation.since_attempt = 0.0
        if u < params.coup_success_probability:
            nation.exit_kind = Exit.COUP.value
            nation.legitimacy = params.legitimacy_normal
            nation.cohesion = params.cohesion_normal
            return
        moved = nation.cohesion + params.failed_coup_cohesion
        nation.cohesion = min(1.0, max(0.0, moved))
    # regime.md, How rule ends: one way out a day, in a fixed order, as rule ends
    # once.
    if nation.forced_gap <= 0.0:
        nation.exit_kind = Exit.FORCED.value
    elif nation.capture_gap <= 0.0:
        nation.exit_kind = Exit.CAPTURE.value
    elif nation.natural_gap <= 0.0:
        nation.exit_kind = Exit.NATURAL.value


@part
def price_multiple(inputs: Inputs, state: State, m: int) -> float:
    """Return the parallel over official price in the capital, mean of products [1]."""
    capital, total = inputs.facts[0].capital, 0.0
    for product in range(state.depots.shape[2]):
        total += state.depots[m, capital, product].multiple
    return float(total / state.depots.shape[2])


@part
def step_regime(
    inputs: Inputs, state: State, outputs: Outputs, m: int, member: int, day: int
) -> None:
    """Move the regime by a day, and let rule end.

    Before the first day of the forecast it is data who rules: hazards are worked out,
    and nothing comes of them.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    member, day : int
        Number of the member: counter of the generator; day.
    """
    params, nation = inputs.params[m], state.nation[m]
    facts, today = inputs.facts[0], inputs.days[day]
    daily, kept = outputs.daily[m, day], outputs.daily_country[m, day]
    imported = 0.0
    for product in range(state.depots.shape[2]):
        imported += outputs.daily_products[m, day, product].imports_kl
    normal = params.national_demand_kl_per_day
    short = 1.0 - daily.public_served_share
    # Means of a month: a single empty day moves no officer.
    nation.shortage += (short - nation.shortage) / SHORT_DAYS
    share = imported / normal if normal > 0.0 else 1.0
    nation.imported += (share - nation.imported) / SHORT_DAYS
    nation.fiscal = moved_fiscal(nation, params)
    nation.legitimacy = moved_legitimacy(nation, today, daily, params)
    nation.cohesion = moved_cohesion(nation, today, kept.soldiers_killed, params)
    banned = params.party_ban_repression * today.is_party_ban
    nation.repression = min(1.0, params.repression_normal + banned)
    u, _, _, _ = uniforms(facts.protest, member, day, FIRST)
    rate = protest_rate(nation, params)
    kept.protests = negative_binomial(u, rate, params.protest_dispersion)
    weekly = WEEK_DAYS * kept.protests
    nation.protest += (weekly - nation.protest) / PROTEST_DAYS
    multiple = price_multiple(inputs, state, m)
    set_covariates(nation, multiple, facts.partner_most, params)
    nation.since_attempt += 1.0 / YEAR_DAYS
    # After an exit hazards are 0: a fallen leader cannot fall again.
    if nation.exit_kind == Exit.NONE:
        tenure = facts.tenure + day / YEAR_DAYS
        attempt, forced, capture = log_pressures(nation.now, params)
        base = attempt_rate(nation.since_attempt, tenure, params)
        kept.hazard_attempt = base * exp(attempt)
        kept.hazard_forced = params.forced_exit_per_year / YEAR_DAYS * exp(forced)
        kept.hazard_capture = params.capture_per_year / YEAR_DAYS * exp(capture)
        kept.hazard_natural = params.natural_exit_per_year / YEAR_DAYS
        # regime.md, Only after the cut-off: until then data rule: a member in which
        # the leader fell would contradict what is known.
        if day >= facts.first_forecast_day:
            is_dated = today.is_attempt == 1
            end_rule(nation, kept, facts, is_dated, params, member)
            if is_dated:  # expected today, whatever the hazard is
                kept.hazard_attempt += 1.0
    keep_regime(nation, nation.talks, kept)


@part
def keep_regime(nation: RegimeState, talks: int, kept: DailyCountry) -> None:
    """Write the day of the regime."""
    kept.legitimacy = nation.legitimacy
    kept.cohesion = nation.cohesion
    kept.fiscal = nation.fiscal
    kept.repression = nation.repression
    kept.talks = talks
    kept.grievance = nation.grievance
    kept.state_control_share = 1.0 - nation.ground
    kept.access_share = nation.access
    kept.displaced = nation.displaced
    kept.towns_besieged = nation.besieged
    kept.years_since_attempt = nation.since_attempt
    kept.exit_kind = nation.exit_kind
    now = nation.now
    kept.covariate_shortage = now.shortage
    kept.covariate_losses = now.losses
    kept.covariate_ground = now.ground
    kept.covariate_cohesion = now.cohesion
    kept.covariate_legitimacy = now.legitimacy
    kept.covariate_protest = now.protest
    kept.covariate_arrears = now.arrears
    kept.covariate_price = now.price
    kept.covariate_partner = now.partner
