"""Transit: groups and convoys on their way, delays, passage paid.

A group is resolved when it leaves, with the threat of that day, and delivered through
rings.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplyline.engine.kernels.encounter import (
    break_probability,
    cross,
    encounter_rate,
    group_size,
)
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.layout import LONGEST_LEAD_DAYS, RING_DAYS
from supplyline.engine.kernels.luck import (
    binomial_quantile,
    rounded,
    uniforms,
)

if TYPE_CHECKING:
    from supplyline.engine.kernels.layout import Floats, NationState, Records
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, Outputs, State

_DRAWS_PER_GROUP = 32
"""Encounters of one group that have luck of their own."""
DRAWS_PER_PRODUCT = 256
"""Groups of one product and day that have luck of their own."""


@kernel
def lead_days(
    travel_h: float, clearance_h: float, mines: float, params: Parameters
) -> float:
    """Return the days from departure to a place, before any encounter.

    Parameters
    ----------
    travel_h, clearance_h : float
        Driving time; time for clearance [h].
    mines : float
        Relative effort x exposure along the way [100 km].
    params : Parameters
        Parameters of the member.

    Returns
    -------
    lead : float
        Driving, clearance and the search for mines [days].
    """
    search = params.mine_delay_days_per_100km * mines
    return travel_h / params.driving_h_per_day + clearance_h / 24.0 + search


@kernel
def whole_lead(days: float, nation: NationState) -> int:
    """Round a lead to whole days, from 1 to what the rings hold; count the cuts.

    Parameters
    ----------
    days : float
        Lead [days].
    nation : NationState
        Its count of cuts is changed.

    Returns
    -------
    lead : int
        Whole [days].
    """
    if days >= LONGEST_LEAD_DAYS + 0.5:
        nation.lead_cuts += 1
        return LONGEST_LEAD_DAYS
    return max(1, int(days + 0.5))


@part
def put_under_way(
    arriving: Floats,
    depots: Records,
    row: int,
    feed: int,
    place: int,
    product: int,
    trucks: float,
    slot: int,
    u: float,
) -> None:
    """Let trucks arrive later with one product, or split by the place's mix.

    Parameters
    ----------
    arriving : array
        Ring, changed [trucks], shape (member, feed, product, ring).
    depots : array of DepotState
        Holds the mix, shape (member, place, product).
    row, feed, place, product : int
        Member, feed and place; product, or their number for the
        place's mix, in whole trucks.
    trucks : float
        Trucks that will arrive [trucks].
    slot : int
        Day of arrival in the ring.
    u : float
        Uniform for the rounding.
    """
    if product < arriving.shape[2]:
        arriving[row, feed, product, slot] += trucks
        return
    share = 0.0
    placed = 0.0
    last = arriving.shape[2] - 1
    for each in range(last):
        share += depots[row, place, each].mix
        upto = min(trucks, rounded(trucks * share, u))
        arriving[row, feed, each, slot] += upto - placed
        placed = upto
    arriving[row, feed, last, slot] += trucks - placed


@kernel
def share_at_hazard(
    toll_usd: float, chance: float, quality: float, params: Parameters
) -> float:
    """Return the share of groups at hazard where passage can be bought.

    An operator pays where the toll is below the expected loss of a truck.

    Parameters
    ----------
    toll_usd : float
        Price of passage; 0 where none is offered [USD/truck].
    chance : float
        Chance that a group is met [1].
    quality : float
        Quality of the armed group against the first day's [1].
    params : Parameters
        Parameters of the member.

    Returns
    -------
    share : float
        1 for those who do not pay, else the share betrayed [1].
    """
    if toll_usd <= 0.0:
        return 1.0
    broken = chance * break_probability(1.0, 0.0, quality, params)
    expected_loss = broken * params.loss_share_mean * params.truck_value_usd
    return params.toll_treachery_probability if expected_loss > toll_usd else 1.0


@kernel
def chance_of_meeting(
    trucks: float, exposure: float, effort: float, params: Parameters
) -> float:
    """Return the chance that a group meets somebody on its way [1].

    Parameters
    ----------
    trucks : float
        Trucks in the group [trucks].
    exposure : float
        Effort x exposure x length of the way [100 km].
    effort : float
        Relative effort of the interdictor [1].
    params : Parameters
        Parameters of the member.

    Returns
    -------
    chance : float
        One minus the chance of no encounter [1].
    """
    if trucks <= 0.0:
        return 0.0
    return -math.expm1(-exposure * encounter_rate(trucks, effort, params))


@part
def follow_groups(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    row: int,
    number: int,
    product: int,
    trucks: float,
    effort: float,
    lead: float,
    hits: int,
    is_rest_hit: bool,
    member: int,
    day: int,
    k: int,
) -> tuple[float, float]:
    """Follow the groups of a feed that are known to meet somebody.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, number, product : int
        Member and feed; product, or their number for the place's mix.
    trucks, effort : float
        Trucks of the day's flow; relative effort against them.
    lead : float
        Lead time without encounters [days].
    hits : int
        Full groups that are met.
    is_rest_hit : bool
        Whether the last, smaller group is met.
    member, day, k : int
        Counter of the groups' luck.

    Returns
    -------
    followed, turned_back : float
        Trucks in these groups; of them, turned back [trucks].
    """
    params, feed = inputs.params[row], inputs.feeds[number]
    begin = inputs.corridors[feed.corridor].first_entry
    full = group_size(params)
    followed = 0.0
    turned_back = 0.0
    exposure = state.exposure[row, feed.last_entry]
    size, chance = full, chance_of_meeting(full, exposure, effort, params)
    for group in range(hits + (1 if is_rest_hit else 0)):
        if group == hits:
            size = trucks % full
            chance = chance_of_meeting(size, exposure, effort, params)
        u, v, _, _ = uniforms(feed.encounter, member, day, k + group)
        gap = -math.log1p(-u * chance)
        left, back, delay, _, _ = cross(
            inputs, state, outputs, row, feed.corridor, begin, begin + feed.entries,
            size, 0.0, effort, gap,
            feed.outcome, feed.loss, member, day, _DRAWS_PER_GROUP * (k + group),
        )  # fmt: skip
        slot = (day + whole_lead(lead + delay, state.nation[row])) % RING_DAYS
        put_under_way(
            state.arriving,
            state.depots,
            row,
            number,
            feed.place,
            product,
            left,
            slot,
            v,
        )
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
    """Draw how many groups of a day's flow meet somebody: one binomial draw.

    Parameters
    ----------
    trucks, size : float
        Trucks of the flow; trucks of a full group.
    hazard : float
        Expected encounters of a full group on its way [1].
    toll_usd : float
        Price of passage; 0 where none is offered [USD/truck].
    quality : float
        Quality of the armed group against the first day's [1].
    u, v : float
        Uniforms for the full groups and for the last, smaller one.
    params : Parameters
        Parameters of the member.

    Returns
    -------
    hits : int
        Full groups that are met.
    is_rest_hit, is_toll_paid : bool
        Whether the last group is met; whether passage is paid for.
    """
    chance = -math.expm1(-hazard)
    at_hazard = share_at_hazard(toll_usd, chance, quality, params)
    hits = binomial_quantile(u, int(trucks // size), chance * at_hazard)
    rest = trucks % size
    if rest == 0.0 or v >= chance * at_hazard:  # a smaller group is met less often
        return hits, False, at_hazard < 1.0
    smaller = -math.expm1(-hazard * (rest / size) ** params.convoy_size_exponent)
    return hits, v < smaller * at_hazard, at_hazard < 1.0


@part
def send_convoy(
    inputs: Inputs,
    state: State,
    outputs: Outputs,
    row: int,
    number: int,
    trucks: float,
    effort: float,
    clearance_h: float,
    member: int,
    day: int,
    k: int,
) -> float:
    """Send an escorted convoy that leaves trucks at each place on its way.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    row, number : int
        Member and corridor.
    trucks, effort : float
        Trucks in the convoy; relative effort against it.
    clearance_h : float
        Time for clearance [h].
    member, day, k : int
        Day; number of the convoy on this corridor and day.

    Returns
    -------
    turned_back : float
        Trucks that turned back [trucks].
    """
    params, corridor = inputs.params[row], inputs.corridors[number]
    mixed = state.depots.shape[2]
    weight = amount_asked(
        inputs.feeds, state.places, row, corridor.first_feed, corridor.end_feed
    )
    u_gap, u_drop, u_round, _ = uniforms(corridor.encounter, member, day, k)
    gap = -math.log1p(-u_gap)
    encounter = _DRAWS_PER_GROUP * k
    delay = 0.0
    turned_back = 0.0
    begin = corridor.first_entry
    for fed in range(corridor.first_feed, corridor.end_feed):
        feed = inputs.feeds[fed]
        end = corridor.first_entry + feed.entries
        trucks, back, late, gap, encounter = cross(
            inputs, state, outputs, row, number, begin, end,
            trucks, 1.0, effort, gap,
            corridor.outcome, corridor.loss, member, day, encounter,
        )  # fmt: skip
        begin = end
        delay += late
        turned_back += back
        wanted = feed.share * state.places[row, feed.place].need
        share = wanted / weight if weight > 0.0 else 0.0
        drop = min(trucks, rounded(trucks * share, u_drop))
        if fed == corridor.end_feed - 1:
            drop = trucks
        trucks -= drop
        weight -= wanted
        mines = effort * state.exposure[row, feed.last_entry]
        lead = lead_days(feed.travel_h, clearance_h, mines, params) + delay
        slot = (day + whole_lead(lead, state.nation[row])) % RING_DAYS
        put_under_way(
            state.arriving,
            state.depots,
            row,
            fed,
            feed.place,
            mixed,
            drop,
            slot,
            u_round,
        )
    return turned_back


@part
def amount_asked(
    feeds: Records, places: Records, row: int, first: int, end: int
) -> float:
    """Return what the places on a corridor ask of it today [kl].

    Parameters
    ----------
    feeds, places : array of Feed, PlaceState
        Shares and needs.
    row, first, end : int
        Member; feeds of the corridor, from `first` up to `end`.

    Returns
    -------
    amount : float
        Share of needs [kl].
    """
    amount = 0.0
    for number in range(first, end):
        amount += feeds[number].share * places[row, feeds[number].place].need
    return amount
