"""Escort: packages, the alarm and the answer that move them, convoys under escort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.kernels.elementary import exp
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import FIRST, draw_hazard, lognormal, uniforms
from supplyline.engine.kernels.supply import clearance_of
from supplyline.engine.kernels.threat import (
    NEVER,
    Posture,
    WatchState,
    relative_effort,
    seen_shortage,
)
from supplyline.engine.kernels.transit import send_convoy
from supplyline.engine.kernels.ways import amount_let_through

if TYPE_CHECKING:
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Key
    from supplyline.engine.kernels.world import Inputs, Outputs, State


class EscortDay:
    """What escorts read of the calendar."""

    escort_factor: float
    """Factor on the escort packages [1]."""
    is_escort_due: int
    """1 while a ban holds or escorts are ordered on any corridor."""


class EscortFacts:
    """What escorts ask of the case."""

    diversion: Key
    """Luck of packages sent elsewhere."""


class EscortState(WatchState):
    """Escorts, and what moves them."""

    alarm_count: float
    """Days in a row with the capital's service under the alarm [days]."""
    escort_step_day: float
    """Day from which escorts grow; `NEVER` while not decided [day]."""
    escort_credit: float
    """Escort packages that are free, with parts of those on their way back [1]."""
    escort_force: float
    """Force for escorts against the first day's [1]."""
    escort_answer: float
    """The army's effort on escorts against that of the start [1]."""
    is_diverted: int
    """1 while packages are sent elsewhere."""
    diversion_end: float
    """Day on which that ends, or begins again [day]."""
    diversion_count: int
    """Changes of it so far, the counter of their luck."""


@kernel
def escort_packages(
    nation: EscortState, today: EscortDay, day: int, params: Parameters
) -> float:
    """Return the escort packages of a day: few at first, more after the step [1]."""
    # supply.md, Convoys: the step takes effect over days; at once, convoys would jump
    # on the day of a decree.
    grown = (day - nation.escort_step_day) / params.escort_ramp_days
    grown = min(1.0, max(0.0, grown))
    first, last = params.escort_packages_initial, params.escort_packages_final
    # supply.md, Packages sent elsewhere: what is away for a time is there the more at
    # others, so that `first` and `last` stay what they say, the mean.
    there = 1.0 - params.escort_diverted_share
    if nation.is_diverted == 0:
        odds = params.diversion_days / params.diversion_gap_days
        there = 1.0 + params.escort_diverted_share * odds
    factor = today.escort_factor * nation.escort_force * there
    return (first + (last - first) * grown) * factor


@kernel
def answer_shortage(
    nation: EscortState, is_banned: int, served: float, day: int, params: Parameters
) -> None:
    """Move what is seen of the capital, and the effort on escorts that answers it."""
    nation.capital_watch += (served - nation.capital_watch) / params.capital_watch_days
    aim = 1.0
    # supply.md, The state's answer: before the step there is nothing to add to, and
    # without a ban escorts go back to what they were.
    if is_banned == 1 and day >= nation.escort_step_day:
        rise, fall = params.escort_answer_rise, params.escort_answer_fall
        aim = 1.0 - fall + (rise + fall) * seen_shortage(nation, params)
    nation.escort_answer += (aim - nation.escort_answer) / params.escort_answer_days


@kernel
def divert_escorts(
    nation: EscortState, key: Key, member: int, day: int, params: Parameters
) -> None:
    """Let a part of the packages go elsewhere and come back."""
    # supply.md, Packages sent elsewhere: a chain of two states that is in balance from
    # the first day, so that the mean of the packages is kept on every day.
    while day >= nation.diversion_end:
        u, v, _, _ = uniforms(key, member, nation.diversion_count, FIRST)
        away = params.diversion_days
        cycle = away + params.diversion_gap_days
        was_diverted = nation.is_diverted
        if nation.diversion_count == 0:
            was_diverted = 0 if v * cycle < away else 1
        nation.is_diverted = 1 - was_diverted
        stay = away if nation.is_diverted == 1 else params.diversion_gap_days
        nation.diversion_end += stay * draw_hazard(u)
        nation.diversion_count += 1


@kernel
def raise_alarm(
    nation: EscortState, served: float, day: int, params: Parameters
) -> None:
    """Decide the escort step some time after the capital has been short for days."""
    # A step that is dated or already decided stands: a later shortage does not undo
    # it.
    if nation.escort_step_day < NEVER:
        return
    nation.alarm_count += 1.0
    # supply.md, Convoys: days in a row; a single bad day moves no army.
    if served >= params.alarm_served_share:
        nation.alarm_count = 0.0
    if nation.alarm_count >= params.alarm_days:
        nation.escort_step_day = day + params.escort_delay_days


@kernel
def convoy_cap(u: float, v: float, params: Parameters) -> float:
    """Draw the most trucks of one convoy, whole and at least one [trucks]."""
    # supply.md, Convoys: drawn anew for each, with the mean kept; one cap for all would
    # make convoys of one size wherever queues are long.
    sd = params.convoy_cap_sd_log
    median = params.convoy_cap_trucks * exp(-0.5 * sd * sd)
    return max(1.0, float(np.floor(lognormal(u, v, median, sd))))


@part
def longest_queue(inputs: Inputs, state: State, m: int, day: int, least: float) -> int:
    """Return the corridor whose queue an escort takes next; -1 for none."""
    best = -1
    most = least
    for corridor in range(inputs.corridors.size):
        waiting = state.corridors[m, corridor].waiting
        # The first of equal queues: an order that rests on names alone, and so on no
        # luck.
        if inputs.corridor_days[day, corridor].is_escorted == 0:
            continue
        if waiting > most or (best < 0 and waiting >= most):
            _, _, last = amount_let_through(inputs, state, m, corridor, day)
            if last >= 0:
                best, most = corridor, waiting
    return best


@part
def dispatch_convoys(
    inputs: Inputs, state: State, outputs: Outputs, m: int, member: int, day: int
) -> None:
    """Send convoys with the escort packages that are free.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    m, member, day : int
        Position of the member in the block; its number, a counter of the generator;
        day.
    """
    params, nation, today = inputs.params[m], state.nation[m], inputs.days[day]
    kept = outputs.daily[m, day]
    packages = escort_packages(nation, today, day, params)
    # threat.md, Posture: an offensive in many towns at once takes soldiers off roads.
    if nation.posture == Posture.PULSE:
        packages *= params.pulse_escort_share
    kept.escorts = packages
    # supply.md, Convoys: parts of a package add up, so capacity below one means
    # waiting and not a coin thrown each day; the cap keeps a quiet month from saving
    # up a fleet of escorts.
    credit = nation.escort_credit + packages / params.escort_cycle_days
    nation.escort_credit = min(credit, max(1.0, packages)) if packages > 0.0 else 0.0
    # Credit is kept meanwhile: escorts rest, they do not vanish.
    if day < nation.suspension_end:
        return
    clearance_h = clearance_of(today, params)
    while nation.escort_credit >= 1.0:
        corridor = longest_queue(inputs, state, m, day, params.convoy_min_trucks)
        if corridor < 0:
            return
        own = state.corridors[m, corridor]
        convoy = int(kept.convoys)
        _, _, u, v = uniforms(inputs.corridors[corridor].encounter, member, day, convoy)
        most = convoy_cap(u, v, params)
        asked, passing, _ = amount_let_through(inputs, state, m, corridor, day)
        # supply.md, Convoys: closures cut a convoy as they cut what is asked.
        if asked > 0.0:
            most *= passing / asked
        trucks = min(own.waiting, max(1.0, np.floor(most)))
        # A whole package goes, however small the convoy: soldiers do not split.
        nation.escort_credit -= 1.0
        own.waiting -= trucks
        own.sent_today += trucks
        own.escorted_today += trucks
        kept.convoys += 1.0
        kept.trucks_escorted += trucks
        kept.trucks_sent += trucks
        corridor_day = inputs.corridor_days[day, corridor]
        fleet = state.fleets[m, inputs.corridors[corridor].fleet]
        effort = relative_effort(nation, own, params, corridor_day) * fleet.effort
        turned_back = send_convoy(
            inputs, state, outputs, m, corridor,
            trucks, effort, clearance_h, member, day, convoy,
        )  # fmt: skip
        own.waiting += turned_back
        kept.trucks_turned_back += turned_back
