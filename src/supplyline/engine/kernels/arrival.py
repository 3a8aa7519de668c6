"""Arrival: what is made or unloaded at depots, and the empty trucks' way home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.transit import RING_DAYS

if TYPE_CHECKING:
    from supplyline.engine.kernels.network import Corridor, Feed
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.world import Inputs, Outputs, State


@kernel
def return_days(service: Feed, way: Corridor, params: Parameters) -> int:
    """Return the days from unloading to standing idle at the origin again [days]."""
    # supply.md, Arrival and return: from the place to the gateway once, abroad twice:
    # empty to the origin, loaded back to the gateway.
    driving = (service.travel_h + 2.0 * way.abroad_h) / params.driving_h_per_day
    driving += (service.nonstop_h + 2.0 * way.abroad_nonstop_h) / 24.0
    return min(RING_DAYS - 1, max(1, int(driving + params.loading_days + 0.5)))


@part
def produce(inputs: Inputs, state: State, m: int) -> None:
    """Add what refineries and plants make today to their stocks, up to the room."""
    for place in range(state.depots.shape[1]):
        for product in range(state.depots.shape[2]):
            depot = inputs.depots[m, place, product]
            if depot.production > 0.0:
                own = state.depots[m, place, product]
                made = min(depot.production, max(0.0, depot.capacity - own.stock))
                own.stock += made
                state.accounts[m, product].produced += made


@part
def receive_trucks(
    inputs: Inputs, state: State, outputs: Outputs, m: int, day: int
) -> None:
    """Unload what arrives today and send the empty trucks home; those back are idle.

    What a depot has no room for is refused.

    Parameters
    ----------
    inputs, state, outputs : named tuple
        Arrays of the block.
    m, day : int
        Position of the member in the block; day.
    """
    produce(inputs, state, m)
    slot = day % RING_DAYS
    week = min(day // 7, outputs.weekly_places.shape[1] - 1)
    for fleet in range(state.fleets.shape[1]):
        # The ring is emptied as it is read: 64 days later the slot is used again.
        state.fleets[m, fleet].idle += state.returning[m, fleet, slot]
        state.returning[m, fleet, slot] = 0.0
    for feed in range(inputs.feeds.size):
        service = inputs.feeds[feed]
        way = inputs.corridors[service.corridor]
        load_kl = inputs.load_kl[m, way.fleet]
        arrived = 0.0
        for product in range(state.depots.shape[2]):
            trucks = state.arriving[m, slot, feed, product]
            if trucks == 0.0:
                continue
            state.arriving[m, slot, feed, product] = 0.0
            arrived += trucks
            depot = state.depots[m, service.place, product]
            account = state.accounts[m, product]
            volume = trucks * load_kl
            room = inputs.depots[m, service.place, product].capacity - depot.stock
            # supply.md, Arrival and return: refused and booked; lost in silence, the
            # books of fuel would not close.
            refused = max(0.0, volume - room)
            depot.stock += volume - refused
            account.refused += refused
            if way.is_import == 1:
                account.imported += volume
                outputs.daily_products[m, day, product].imports_kl += volume
            kept = outputs.weekly_depots[m, week, service.place, product]
            kept.delivered_kl += volume - refused
        if arrived > 0.0:
            home = return_days(service, way, inputs.params[m])
            state.returning[m, way.fleet, (day + home) % RING_DAYS] += arrived
            outputs.weekly_corridors[
                m, week, service.corridor
            ].trucks_delivered += arrived
            if way.is_import == 1:
                outputs.daily[m, day].trucks_delivered += arrived
