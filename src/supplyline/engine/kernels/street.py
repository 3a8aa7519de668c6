"""Street: what fuel costs outside the station, and what comes by motorbike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.elementary import exp, expm1, log, power
from supplyline.engine.kernels.jit import kernel

if TYPE_CHECKING:
    from supplyline.engine.kernels.depots import Depot
    from supplyline.engine.kernels.parameters import Parameters


@kernel
def scarcity_multiple(served: float, backstop: float, params: Parameters) -> float:
    """Return the parallel price, over the usual one, at which the market clears."""
    # market.md, Parallel price: semi-log demand, bent towards the backstop at which
    # fuel comes by motorbike; unbent, the price of the last litre would have no
    # bound.
    if served >= 1.0:
        return 1.0
    span = backstop - 1.0
    shortage = -log(max(served, params.served_floor)) / params.price_semi_elasticity
    return 1.0 - span * expm1(-shortage / span)


@kernel
def moved_multiple(multiple: float, target: float, params: Parameters) -> float:
    """Move the log of a street price towards its target."""
    # Calm prices stand still; a power for each of them costs time.
    if multiple == target:
        return target
    # market.md, Parallel price: in the log, so that prices rise and fall at one pace
    # and never below 0.
    return multiple * power(target / multiple, params.price_adjustment_per_day)


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
    bought = unserved * exp(-params.price_semi_elasticity * (multiple - 1.0))
    return min(offered, bought)
