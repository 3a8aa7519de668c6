"""Escort: packages, the alarm that adds to them, convoys under escort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.kernels.jit import kernel, part, step
from supplyline.engine.kernels.supply import clearance_of
from supplyline.engine.kernels.threat import NEVER, relative_effort
from supplyline.engine.kernels.transit import send_convoy

if TYPE_CHECKING:
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, Outputs, State


class EscortDay:
    """What escorts read of the calendar."""

    escort_factor: float
    """Factor on the escort packages [1]."""


class EscortState:
    """Escorts, and the alarm that adds to them."""

    alarm_count: float
    """Days in a row with the capital's service under the alarm [days]."""
    escort_step_day: float
    """Day from which escorts grow; `NEVER` while not decided [day]."""
    escort_credit: float
    """Escort packages that are free, with parts of those on their way back [1]."""
    escort_force: float
    """Force for escorts against the first day's [1]."""


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
    factor = today.escort_factor * nation.escort_force
    return (first + (last - first) * grown) * factor


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


@part
def longest_queue(inputs: Inputs, state: State, m: int, day: int, least: float) -> int:
    """Return the corridor whose queue an escort takes next; -1 for none."""
    best = -1
    most = least
    for corridor in range(inputs.corridors.size):
        waiting = state.corridors[m, corridor].waiting
        # The first of equal queues: an order that rests on names alone, and so on no
        # luck.
        is_open = inputs.corridor_days[day, corridor].is_escorted == 1
        if is_open and (waiting > most or (best < 0 and waiting >= most)):
            best, most = corridor, waiting
    return best


@step
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
        trucks = min(own.waiting, np.floor(params.convoy_cap_trucks))
        # A whole package goes, however small the convoy: soldiers do not split.
        nation.escort_credit -= 1.0
        own.waiting -= trucks
        own.sent_today += trucks
        own.escorted_today += trucks
        convoy = int(kept.convoys)
        kept.convoys += 1.0
        kept.trucks_escorted += trucks
        kept.trucks_sent += trucks
        corridor_day = inputs.corridor_days[day, corridor]
        effort = relative_effort(nation, own, params, corridor_day)
        turned_back = send_convoy(
            inputs, state, outputs, m, corridor,
            trucks, effort, clearance_h, member, day, convoy,
        )  # fmt: skip
        own.waiting += turned_back
        kept.trucks_turned_back += turned_back
