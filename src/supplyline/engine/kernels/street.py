"""Street: what fuel costs outside the station, and what comes by motorbike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplyline.engine.kernels.jit import kernel, part, step

if TYPE_CHECKING:
    from supplyline.engine.kernels.depots import Depot, PlaceState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Records
    from supplyline.engine.kernels.world import Inputs, State


@kernel
def foreseen(served: float, covered: float, weight: float) -> float:
    """Return the share served that is reckoned with when ways let less through."""
    # market.md, Parallel price: stocks still serve all while the ways are shut; who
    # looks ahead sees the ways.
    return min(served, 1.0 - weight * (1.0 - covered))


@kernel
def scarcity_multiple(served: float, backstop: float, params: Parameters) -> float:
    """Return the parallel price, over the usual one, at which the market clears."""
    # market.md, Parallel price: semi-log demand, bent towards the backstop at which
    # fuel comes by motorbike; unbent, the price of the last litre would have no
    # bound.
    if served >= 1.0:
        return 1.0
    span = backstop - 1.0
    shortage = (
        -math.log(max(served, params.served_floor)) / params.price_semi_elasticity
    )
    return 1.0 - span * math.expm1(-shortage / span)


@kernel
def street_multiple(
    served: float, depot: Depot, town: PlaceState, params: Parameters
) -> float:
    """Return the multiple that a street price moves to: scarcity, and longer ways."""
    seen = foreseen(served, town.covered, params.price_expectation_share)
    # market.md, Parallel price: the dearest way in use sets the price of all.
    carriage = 1.0 + params.carriage_share_per_day * town.detour_days
    return scarcity_multiple(seen, depot.backstop, params) * carriage


@kernel
def moved_multiple(multiple: float, target: float, params: Parameters) -> float:
    """Move the log of a street price towards its target."""
    # Calm prices stand still; a power for each of them costs time.
    if multiple == target:
        return target
    # market.md, Parallel price: in the log, so that prices rise and fall at one pace
    # and never below 0.
    return float(multiple * (target / multiple) ** params.price_adjustment_per_day)


@kernel
def informal_inflow(
    multiple: float, demand: float, unserved: float, depot: Depot, params: Parameters
) -> float:
    """Return what comes in by motorbike and jerrycan [kl]."""
    if unserved <= 0.0:
        return 0.0
    # market.md, Small flows: nobody fills jerrycans while the price at home is the
    # usual one.
    nearness = (multiple - 1.0) / (depot.backstop - 1.0)
    most = depot.informal_share * demand + depot.informal_kl
    offered = most * min(1.0, max(0.0, nearness))
    # At that price only some still buy: more would be fuel that nobody paid for.
    bought = unserved * math.exp(-params.price_semi_elasticity * (multiple - 1.0))
    return min(offered, bought)


@part
def share_made(depots: Records, m: int, place: int) -> float:
    """Return the share of the demand on a place that is made on the spot [1]."""
    made = demand = 0.0
    for product in range(depots.shape[2]):
        depot = depots[m, place, product]
        made += min(depot.production, depot.demand)
        demand += depot.demand
    return made / demand if demand > 0.0 else 0.0


@step
def note_cover(inputs: Inputs, state: State, m: int) -> None:
    """Note what the ways of each place let through today, and how long they are.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block; places are changed.
    m : int
        Position of the member in the block.
    """
    driving_h = inputs.params[m].driving_h_per_day
    for place in range(state.places.shape[1]):
        usual = usual_h = passed = passed_h = 0.0
        feed = inputs.places[place].first_feed
        while feed >= 0:
            service = inputs.feeds[feed]
            way = inputs.corridors[service.corridor]
            nonstop_h = way.abroad_nonstop_h + service.nonstop_h
            hours = way.abroad_h + service.travel_h + nonstop_h * driving_h / 24.0
            usual += service.share
            usual_h += service.share * hours
            share = service.share + state.feeds[m, feed].shift
            share *= state.feeds[m, feed].passed
            passed += share
            passed_h += share * hours
            feed = service.next_feed
        town = state.places[m, place]
        # A place that no way feeds expects nothing of any.
        brought = min(1.0, passed / usual) if usual > 0.0 else 1.0
        made = share_made(inputs.depots, m, place)
        town.covered = made + (1.0 - made) * brought
        town.detour_days = 0.0
        if usual > 0.0 and passed > 0.0:
            longer_h = passed_h / passed - usual_h / usual
            town.detour_days = max(0.0, longer_h) / driving_h
