"""The eve of the first day: what an older ban and a short stock have left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.elementary import exp
from supplyline.engine.kernels.jit import kernel
from supplyline.engine.kernels.market import low_stock_days, quota
from supplyline.engine.kernels.street import scarcity_multiple
from supplyline.engine.kernels.supply import willingness_aim

if TYPE_CHECKING:
    from supplyline.engine.kernels.world import Inputs, State


@kernel
def begin_bans(inputs: Inputs, state: State, m: int) -> None:
    """Let an older ban have frightened operators and slowed traffic inland.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    """
    params, nation = inputs.params[m], state.nation[m]
    longest = 0.0
    for corridor in range(inputs.corridors.size):
        own, today = state.corridors[m, corridor], inputs.corridor_days[0, corridor]
        if today.banned_days > 0.0:
            fleet = state.fleets[m, inputs.corridors[corridor].fleet]
            aim = willingness_aim(own, fleet, today, nation, params)
            left = exp(-today.banned_days / params.announcement_days)
            own.willingness = aim + left * (1.0 - aim)
            longest = max(longest, today.banned_days)
    lost = (1.0 - params.internal_traffic_share) / params.internal_traffic_days
    traffic = max(params.internal_traffic_share, 1.0 - lost * longest)
    nation.internal_traffic = min(nation.internal_traffic, traffic)


@kernel
def begin_towns(inputs: Inputs, state: State, m: int) -> None:
    """Let towns have been served as their stock allows, be as afraid, and as dear.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    """
    params = inputs.params[m]
    for place in range(state.places.shape[1]):
        wanted = got = stock = demand = target = 0.0
        for product in range(state.depots.shape[2]):
            depot = inputs.depots[m, place, product]
            own = state.depots[m, place, product]
            held = own.stock
            if depot.demand > 0.0:
                normal_days = depot.target / depot.demand
                full_days = low_stock_days(params.quota_days, normal_days, params)
                share = quota(held / depot.demand, full_days, params)
                sold = min(depot.public * share, held)
                got += sold
                # start.md, In a shortage: a street price that is given is that of the
                # eve, and has risen already.
                if depot.public > 0.0 and depot.street_price == 0.0:
                    served = sold / depot.public
                    own.multiple = scarcity_multiple(served, depot.backstop, params)
            wanted += depot.public
            stock += held
            demand += depot.demand
            target += depot.target
        town = state.places[m, place]
        town.served = got / wanted if wanted > 0.0 else 1.0
        is_low = demand > 0.0 and stock / demand < low_stock_days(
            params.fear_low_days, target / demand, params
        )
        # start.md, In a shortage: fear at rest at what people see.
        low = params.fear_low_weight if is_low else 0.0
        town.fear = min(1.0, 1.0 - town.served + low)
