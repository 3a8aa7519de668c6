"""Threat: the posture of the armed group and the encounters it makes likely.

The posture is a semi-Markov chain. A declared ban starts pressure, or opens with a
pulse; pressure ends in a pause or a pulse; a pulse leads back to pressure, a pause to
either. Where the case dates the truces of the past, none is drawn there.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from supplyline.engine.kernels.elementary import exp
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import FIRST, draw_hazard, lognormal, uniforms

if TYPE_CHECKING:
    from supplyline.engine.kernels.network import (
        CorridorDay,
        CorridorState,
        FleetState,
    )
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Key, Records


NEVER = 1e9
"""Day of what does not come: the end of a truce, an escort step [day]."""


class Posture(IntEnum):
    """What the armed group is doing."""

    BUILD_UP = 0
    PRESSURE = 1
    PULSE = 2
    PAUSE = 3


class Talks(IntEnum):
    """Stage of national talks."""

    NONE = 0
    TALKS = 1
    TRUCE = 2
    DEAL = 3


class Truce:
    """A truce of the past, as data."""

    start: float
    """First day [day]."""
    end: float
    """Day after the last [day]."""


class ThreatFacts:
    """What the threat asks of the case."""

    posture: Key
    """Luck of the interdictor's posture."""
    interdictor: int
    """Group that enforces the bans; -1 in a case without groups."""
    first_forecast_day: int
    """First day after the cut-off [day]."""
    is_truce_dated: int
    """1 where truces of the past are data, so that none is drawn there."""


class WatchState:
    """What both sides see of the capital."""

    capital_watch: float
    """Share served in the capital as it has been seen for some weeks [1]."""


class ThreatState(WatchState):
    """The interdictor: its posture, and what bears on it."""

    posture: int
    """Posture of the interdictor, a value of `Posture`."""
    posture_end: float
    """Day on which the posture ends [day]."""
    posture_count: int
    """Changes of posture so far, the counter of their luck."""
    talks: int
    """Stage of national talks, a value of `Talks`."""
    pay_cover: float
    """Share of the interdictor's pay reserve that is held [1]."""


@kernel
def seen_shortage(nation: WatchState, params: Parameters) -> float:
    """Return how short the capital is seen to be, 1 from the alarm's share down [1]."""
    if nation.capital_watch <= params.alarm_served_share:
        return 1.0
    return (1.0 - nation.capital_watch) / (1.0 - params.alarm_served_share)


@kernel
def move_fleet_effort(
    fleet: FleetState,
    key: Key,
    nation: WatchState,
    member: int,
    day: int,
    params: Parameters,
) -> None:
    """Move the effort against one fleet's corridors, and its operators' daring."""
    if day < fleet.effort_end:
        return
    u, v, w, _ = uniforms(key, member, fleet.effort_count, FIRST)
    # threat.md, By fleet: both go by one number, as operators hear of what is done to
    # them; both keep their mean while the capital is half short.
    shift = params.effort_answer * (0.5 - seen_shortage(nation, params))
    sd = params.fleet_effort_sd_log
    fleet.effort = lognormal(u, v, exp(shift * sd - 0.5 * sd * sd), sd)
    sd = params.fleet_daring_sd_log
    fleet.daring = lognormal(u, v, exp(-shift * sd - 0.5 * sd * sd), -sd)
    fleet.effort_end = day + params.fleet_effort_days * draw_hazard(w)
    fleet.effort_count += 1


@kernel
def posture_length(posture: int, params: Parameters, u: float, v: float) -> float:
    """Draw how long a posture lasts, at least one day [days]."""
    # threat.md, Posture: a stay is lognormal, so that long stays are rare and not
    # impossible; a constant stay would date the next attack.
    median, sd_log = params.pressure_days, params.pressure_sd_log
    if posture == Posture.PULSE:
        median, sd_log = params.pulse_days, params.pulse_sd_log
    elif posture == Posture.PAUSE:
        median, sd_log = params.pause_days, params.pause_sd_log
    # Less than a day would skip a posture that the outputs of the day report.
    return max(1.0, lognormal(u, v, median, sd_log))


@kernel
def following_posture(
    posture: int,
    pause_probability: float,
    pulse_probability: float,
    is_pause_given: bool,
    u: float,
) -> int:
    """Return what comes after a posture; no pause is drawn where pauses are data."""
    # threat.md, Posture: a pulse leads back to pressure, as two offensives would join;
    # a pause may end with one.
    if posture == Posture.PAUSE and u < pulse_probability:
        return Posture.PULSE.value
    if posture != Posture.PRESSURE:
        return Posture.PRESSURE.value
    if u >= pause_probability:
        return Posture.PULSE.value
    # Drawing pauses before the cut-off too would count the truces of the past twice.
    return Posture.PRESSURE.value if is_pause_given else Posture.PAUSE.value


@part
def truce_end(truces: Records, m: int, day: int) -> float:
    """Return the day after the dated truce that holds on a day; -1 if none does."""
    for truce in range(truces.shape[1]):
        if truces[m, truce].start <= day < truces[m, truce].end:
            return float(truces[m, truce].end)
    return -1.0


@kernel
def move_posture(
    nation: ThreatState,
    params: Parameters,
    facts: ThreatFacts,
    truce: float,
    member: int,
    day: int,
) -> None:
    """Take the posture of a day on which a ban holds."""
    # threat.md, Posture: a dated truce overrules the chain, else a member would fight
    # through a pause that is known.
    if truce >= 0.0:
        nation.posture = Posture.PAUSE.value
        nation.posture_end = truce
        return
    if nation.posture != Posture.BUILD_UP and day < nation.posture_end:
        return
    # Luck goes by the count of changes and not by the day: a stay that is one day
    # longer in a scenario does not draw another future.
    u, v, w, x = uniforms(facts.posture, member, nation.posture_count, FIRST)
    # a group that cannot pay its fighters pauses more often
    may_pause = 1.0 - (1.0 - params.pause_probability) * nation.pay_cover
    # threat.md, Posture: nobody eases a blockade that does not bite.
    biting = seen_shortage(nation, params)
    may_pause *= 1.0 - params.pause_answer_share * (1.0 - biting)
    is_given = facts.is_truce_dated == 1 and day < facts.first_forecast_day
    may_pulse = params.pause_pulse_probability
    posture = following_posture(nation.posture, may_pause, may_pulse, is_given, w)
    # The opening has its own uniform: with w a ban that opens with a pulse would also
    # tell what follows it.
    if nation.posture == Posture.BUILD_UP and x < params.opening_pulse_probability:
        posture = Posture.PULSE.value
    nation.posture = posture
    nation.posture_end = day + posture_length(posture, params, u, v)
    nation.posture_count += 1


@kernel
def posture_multiplier(posture: int, params: Parameters) -> float:
    """Return the factor of the posture on encounters [1]."""
    if posture == Posture.PRESSURE:
        return 1.0
    if posture == Posture.PULSE:
        return params.pulse_multiplier
    if posture == Posture.PAUSE:
        return params.pause_multiplier
    # Build-up: no ban is enforced, so roads are as in peace.
    return 0.0


@kernel
def is_passage_free(
    nation: ThreatState, corridor: CorridorState, today: CorridorDay
) -> bool:
    """Say whether trucks may pass by agreement: of the corridor, or of the nation."""
    # talks.md, The nation: a truce frees all roads; an accord only its own.
    agreed = today.is_free == 1 or corridor.is_free == 1
    return agreed or nation.talks >= Talks.TRUCE


@kernel
def relative_effort(
    nation: ThreatState,
    corridor: CorridorState,
    params: Parameters,
    today: CorridorDay,
) -> float:
    """Return the effort against a corridor, relative to full pressure."""
    # threat.md, Effort: without this trucks would be met where nobody forbids them to
    # pass.
    if today.is_banned == 0 or is_passage_free(nation, corridor, today):
        return 0.0
    return posture_multiplier(nation.posture, params)
