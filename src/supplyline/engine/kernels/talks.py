"""Talks: of the nation, from none to a truce and a deal, and of single corridors.

A truce or a deal of the nation frees every corridor; an accord of a corridor frees that
one. Towns make accords of their own: there a siege ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.covariates import CovariateState
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import FIRST, draw_hazard, uniforms
from supplyline.engine.kernels.rates import YEAR_DAYS
from supplyline.engine.kernels.regime import Exit
from supplyline.engine.kernels.threat import Talks, ThreatState

if TYPE_CHECKING:
    from supplyline.engine.kernels.force import ArmyState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Key
    from supplyline.engine.kernels.world import Inputs, State


class TalksFacts:
    """What talks ask of the case."""

    talks: Key
    """Luck of national talks."""


class TalksDay:
    """What talks read of the calendar."""

    is_deal: int
    """1 while a dated national deal holds."""


class TalksState(ThreatState, CovariateState):
    """Talks of the nation."""

    talks_gap: float
    """Hazard left until national talks move [1]."""
    talks_count: int
    """Moves of the talks so far."""


@kernel
def progress_rate(nation: TalksState, params: Parameters) -> float:
    """Return the rate at which national talks move forward [1/day]."""
    # Talks begin as the capital is short and elites are afraid; a truce follows as
    # far as the group can pay its fighters without the war; a deal follows a truce.
    rate = 0.0
    if nation.talks == Talks.NONE:
        need = (nation.now.shortage + nation.now.cohesion) / 2.0
        rate = params.talks_per_year * need
    elif nation.talks == Talks.TALKS:
        rate = params.truce_per_year * nation.pay_cover
    elif nation.talks == Talks.TRUCE:
        rate = params.deal_per_year
    return rate / YEAR_DAYS


@kernel
def breakdown_rate(nation: ArmyState, params: Parameters) -> float:
    """Return the rate at which talks, a truce or a deal break down [1/day]."""
    # It grows with the harm that the state does, against the harm of the year in
    # which it was counted.
    usual = params.operations_per_day * params.harm_killed
    harm = nation.harm / usual if usual > 0.0 else 0.0
    return params.breakdown_per_year * harm / YEAR_DAYS


@part
def step_talks(inputs: Inputs, state: State, m: int, member: int, day: int) -> None:
    """Move the talks of the nation and of each import corridor by a day.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    member, day : int
        Number of the member: counter of the generator; day.
    """
    params, nation = inputs.params[m], state.nation[m]
    # talks.md, The nation: who holds the capital has his deal; a dated one is data.
    if nation.exit_kind == Exit.CAPTURE or inputs.days[day].is_deal == 1:
        nation.talks = Talks.DEAL.value
        return
    forward = progress_rate(nation, params)
    back = breakdown_rate(nation, params) if nation.talks > Talks.NONE else 0.0
    # Both ways share one hazard and one coin: apart, a truce could be won and lost on
    # one day.
    nation.talks_gap -= forward + back
    if nation.talks_gap <= 0.0:
        nation.talks_count += 1
        u, v, _, _ = uniforms(inputs.facts[0].talks, member, nation.talks_count, FIRST)
        nation.talks_gap = draw_hazard(u)
        is_forward = v * (forward + back) < forward
        nation.talks = nation.talks + 1 if is_forward else Talks.NONE.value
    for corridor in range(inputs.corridors.size):
        way, own = inputs.corridors[corridor], state.corridors[m, corridor]
        if way.is_import == 0:
            continue
        # talks.md, One corridor: without a ban there is nothing to agree on; the next
        # ban begins without an accord.
        if inputs.corridor_days[day, corridor].is_banned == 0:
            own.is_free = 0
            continue
        rate = params.corridor_talks_per_year * nation.now.shortage
        if own.is_free == 1:
            rate = params.breakdown_per_year
        own.talks_gap -= rate / YEAR_DAYS
        if own.talks_gap <= 0.0:
            own.talks_count += 1
            u, _, _, _ = uniforms(way.talks, member, own.talks_count, FIRST)
            own.talks_gap = draw_hazard(u)
            own.is_free = 1 - own.is_free
