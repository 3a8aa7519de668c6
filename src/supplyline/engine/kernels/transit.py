"""Transit: groups and convoys on their way, delays, passage paid.

A group is resolved when it leaves, with the threat of that day, and delivered through
rings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.kernels.elementary import expm1, log1p, power
from supplyline.engine.kernels.encounter import (
    break_probability,
    cross_segments,
)
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import (
    binomial_quantile,
    draw_hazard,
    rounded,
    uniforms,
)
from supplyline.engine.kernels.ways import amount_let_through

if TYPE_CHECKING:
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Floats, Records
    from supplyline.engine.kernels.world import Inputs, Outputs, State

RING_DAYS = 64
"""Length of the rings that hold what is under way [days]."""
LONGEST_LEAD_DAYS = 60
"""Longest lead the rings can hold; longer ones are cut and counted [days]."""
_DRAWS_PER_GROUP = 32
"""Encounters of one group that have luck of their own."""
DRAWS_PER_PRODUCT = 256
"""Groups of one product and day that have luck of their own."""


class TransitState:
    """What transit counts."""

    lead_cuts: int
    """Leads cut at `LONGEST_LEAD_DAYS`."""


@kernel
def lead_days(
    travel_h: float, nonstop_h: float, mines: float, params: Parameters
) -> float:
    """Return the days from departure to a place, before any encounter [days]."""
    # transit.md, Delay: the search goes with the effort and not with encounters: a
    # road may be slow and see no attack.
    search = params.mine_delay_days_per_100km * mines
    return travel_h / params.driving_h_per_day + nonstop_h / 24.0 + search


@kernel
def whole_lead(days: float, nation: TransitState) -> int:
    """Round a lead to whole days, from 1 to what the rings hold; count the cuts."""
    # A longer lead would overtake the ring and arrive before it left; cuts are told
    # in the warnings of the run.
    if days >= LONGEST_LEAD_DAYS + 0.5:
        nation.lead_cuts += 1
        return LONGEST_LEAD_DAYS
    return max(1, int(days + 0.5))


@kernel
def whole_trucks(due: float, amount: float, most: float) -> tuple[float, float]:
    """Return the whole trucks of a flow, and the part of a truck that stays due."""
    # supply.md, Whole trucks: what is not yet a truck waits for the next days, so that
    # a flow of less than a truck a day keeps its mean. At most one truck is owed later:
    # what a ban or an empty queue held back comes again through the stock it left.
    due += amount
    trucks = max(0.0, min(float(np.floor(due)), most))
    return trucks, min(due - trucks, 1.0)


@part
def put_under_way(
    due: Floats,
    arriving: Floats,
    depots: Records,
    m: int,
    feed: int,
    place: int,
    product: int,
    trucks: float,
    slot: int,
) -> None:
    """Let trucks arrive later with one product, or split by the place's mix."""
    # Whole trucks follow the mix as a running balance: drawn anew each day, a small
    # town would now and then go weeks without one product.
    products = arriving.shape[3]
    if trucks <= 0.0:
        return
    if product < products:
        arriving[m, slot, feed, product] += trucks
        return
    left = trucks
    for each in range(products):
        due[m, feed, each] += trucks * depots[m, place, each].mix
    for each in range(products):
        whole = min(left, max(0.0, np.floor(due[m, feed, each])))
        arriving[m, slot, feed, each] += whole
        due[m, feed, each] -= whole
        left -= whole
    # Rounding left trucks over: they go to the product most behind, so that the
    # balance never drifts.
    while left > 0.0:
        most = 0
        for each in range(1, products):
            if due[m, feed, each] > due[m, feed, most]:
                most = each
        arriving[m, slot, feed, most] += 1.0
        due[m, feed, most] -= 1.0
        left -= 1.0


@kernel
def share_at_hazard(
    toll_usd: float, chance: float, quality: float, params: Parameters
) -> float:
    """Return the share of groups at hazard where passage can be bought."""
    # An operator pays where the toll is below the expected loss of a truck.
    if toll_usd <= 0.0:
        return 1.0
    # transit.md, Passage paid: expected for a truck alone, as each operator weighs
    # his own.
    broken = chance * break_probability(1.0, 0.0, quality, params)
    expected_loss = broken * params.loss_share_mean * params.truck_value_usd
    return params.toll_treachery_probability if expected_loss > toll_usd else 1.0


@kernel
def split_trucks(trucks: float, size: float) -> tuple[float, float]:
    """Return how many full groups trucks make, and the trucks of the smaller rest."""
    # Both are whole numbers, so that this is exact.
    groups = float(np.floor(trucks / size))
    return groups, trucks - size * groups


@kernel
def chance_of_meeting(hazard: float) -> float:
    """Return the chance that a group meets somebody on its way [1]."""
    # transit.md, Meeting somebody: expm1 keeps the chance of rare encounters, which 1
    # - exp rounds to 0.
    return -expm1(-hazard)


@kernel
def hazard_of_rest(
    hazard: float, rest: float, size: float, params: Parameters
) -> float:
    """Return the hazard of a group that is smaller than a full one [1]."""
    # threat.md, Encounters: the rest is met by its own size; taken for a full group
    # it would be met too often.
    return hazard * power(rest / size, params.convoy_size_exponent)


@part
def follow_groups(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    m: int,
    feed: int,
    product: int,
    trucks: float,
    effort: float,
    hazard: float,
    lead: float,
    hits: int,
    is_rest_hit: bool,
    member: int,
    day: int,
    k: int,
) -> tuple[float, float]:
    """Follow groups that will meet somebody: trucks followed, trucks turned back."""
    params, service = inputs.params[m], inputs.feeds[feed]
    begin = inputs.corridors[service.corridor].first_entry
    followed = 0.0
    turned_back = 0.0
    size = state.nation[m].full_group.trucks
    chance = chance_of_meeting(hazard)
    u = v = w = x = 0.0
    for group in range(hits + (1 if is_rest_hit else 0)):
        if group == hits:
            full = size
            _, size = split_trucks(trucks, full)
            chance = chance_of_meeting(hazard_of_rest(hazard, size, full, params))
        # Four groups share the words of one counter; each has its own, whoever else
        # is met.
        if group % 4 == 0:
            u, v, w, x = uniforms(service.encounter, member, day, k + group)
        # These groups are known to meet somebody: the wait is drawn given that it
        # ends on the way, else hits would be counted and then missed.
        gap = -log1p(-u * chance)
        u, v, w = v, w, x
        left, back, delay, _, _ = cross_segments(
            inputs, state, outputs, m, service.corridor, begin, begin + service.entries,
            size, 0.0, effort, gap,
            service.outcome, service.loss, member, day, _DRAWS_PER_GROUP * (k + group),
        )  # fmt: skip
        slot = (day + whole_lead(lead + delay, state.nation[m])) % RING_DAYS
        put_under_way(
            state.due, state.arriving, state.depots,
            m, feed, service.place, product, left, slot,
        )  # fmt: skip
        followed += size
        turned_back += back
    return followed, turned_back


@kernel
def groups_met(
    trucks: float,
    size: float,
    hazard: float,
    toll_usd: float,
    quality: float,
    u: float,
    v: float,
    params: Parameters,
) -> tuple[int, bool, bool]:
    """Draw how many groups are met, whether the last is, whether a toll is paid."""
    chance = chance_of_meeting(hazard)
    at_hazard = share_at_hazard(toll_usd, chance, quality, params)
    # transit.md, Meeting somebody: one draw for all groups of a day; a draw for each
    # would say the same and cost as many draws as there are groups.
    groups, rest = split_trucks(trucks, size)
    hits = binomial_quantile(u, int(groups), chance * at_hazard)
    if rest == 0.0 or v >= chance * at_hazard:  # a smaller group is met less often
        return hits, False, at_hazard < 1.0
    smaller = chance_of_meeting(hazard_of_rest(hazard, rest, size, params))
    return hits, v < smaller * at_hazard, at_hazard < 1.0


@part
def send_convoy(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    m: int,
    corridor: int,
    trucks: float,
    effort: float,
    clearance_h: float,
    member: int,
    day: int,
    k: int,
) -> float:
    """Send an escorted convoy that leaves trucks at each place on its way [trucks]."""
    params, way = inputs.params[m], inputs.corridors[corridor]
    mixed = state.depots.shape[2]
    # supply.md, Convoys: trucks are dropped by what each place asks; the weight left
    # is lowered stop by stop, so that losses are shared by all places behind.
    _, weight, last = amount_let_through(inputs, state, m, corridor, day)
    u_gap, u_drop, _, _ = uniforms(way.encounter, member, day, k)
    gap = draw_hazard(u_gap)
    encounter = _DRAWS_PER_GROUP * k
    delay = 0.0
    turned_back = 0.0
    begin = way.first_entry
    for feed in range(way.first_feed, last + 1):
        service = inputs.feeds[feed]
        end = way.first_entry + service.entries
        trucks, back, late, gap, encounter = cross_segments(
            inputs, state, outputs, m, corridor, begin, end,
            trucks, 1.0, effort, gap,
            way.outcome, way.loss, member, day, encounter,
        )  # fmt: skip
        begin = end
        delay += late
        turned_back += back
        share_asked = service.share + state.feeds[m, feed].shift
        wanted = share_asked * state.places[m, service.place].need
        wanted *= inputs.levels[m, inputs.open_level[day, feed]]
        share = wanted / weight if weight > 0.0 else 0.0
        drop = min(trucks, rounded(trucks * share, u_drop))
        # The last open place takes what is left: no truck may stay on the road for
        # good.
        if feed == last:
            drop = trucks
        trucks -= drop
        weight -= wanted
        mines = effort * state.exposure[m, service.last_entry]
        # Delays of earlier stretches count for all places behind them.
        hours = clearance_h + service.nonstop_h
        lead = lead_days(service.travel_h, hours, mines, params) + delay
        slot = (day + whole_lead(lead, state.nation[m])) % RING_DAYS
        put_under_way(
            state.due, state.arriving, state.depots,
            m, feed, service.place, mixed, drop, slot,
        )  # fmt: skip
    return turned_back
