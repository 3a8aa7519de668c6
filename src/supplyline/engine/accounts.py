"""Books of a block: fuel, trucks, money, fighters, people, soldiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.engine.kernels.world import Inputs, State

    Floats = NDArray[np.float64]


def fuel_accounts(inputs: Inputs, state: State) -> Floats:
    """Close the books of fuel, shape (member, account, product) [kl]."""
    is_internal = inputs.corridors.is_import[inputs.feeds.corridor] == 0
    fleet = inputs.corridors.fleet[inputs.feeds.corridor]
    volume = state.arriving.sum(axis=1) * inputs.load_kl[:, fleet, np.newaxis]
    books = [state.accounts[name] for name in state.accounts.dtype.names or ()]
    ends = [
        state.depots.stock.sum(axis=1),
        volume[:, is_internal].sum(axis=1),
        state.depots.holdings.sum(axis=1),
    ]
    return np.stack([*books, *ends], axis=1)


def truck_accounts(inputs: Inputs, state: State) -> Floats:
    """Close the books of trucks, shape (member, account, fleet) [trucks]."""
    waiting, under_way = np.zeros((2, *state.fleets.shape))
    for number, corridor in enumerate(inputs.corridors):
        waiting[:, corridor.fleet] += state.corridors.waiting[:, number]
    for number, feed in enumerate(inputs.feeds):
        fleet = inputs.corridors[feed.corridor].fleet
        under_way[:, fleet] += state.arriving[:, :, number].sum(axis=(1, 2))
    fleets = state.fleets
    returning = state.returning.sum(axis=2)
    books = [fleets.start, fleets.idle, waiting, under_way, returning, fleets.lost]
    return np.stack(books, axis=1)


def money_accounts(state: State) -> Floats:
    """Close the books of money, shape (member, account, group) [USD]."""
    names = (
        "cash_start", "gold", "zakat", "livestock", "protection", "toll", "loot",
        "ransom", "pay", "operations", "other_spending",
    )  # fmt: skip
    books = [state.group_accounts[name] for name in names]
    return np.stack([*books, state.groups.cash], axis=1)


def fighter_accounts(state: State) -> Floats:
    """Close the books of fighters, shape (member, account, group) [persons]."""
    own = state.group_accounts
    killed = own.killed + state.groups.week_killed
    books = [own.start, own.recruited, killed, own.deserted, own.split_off]
    return np.stack([*books, state.groups.fighters], axis=1)


def people_accounts(inputs: Inputs, state: State) -> Floats:
    """Close the books of the people of the country.

    Returns shape (member, account) [persons].
    """
    nation = state.nation
    start = np.full(nation.size, inputs.regions.population.sum())
    return np.stack(
        [
            start,
            nation.recruited,
            nation.deserted,
            nation.dead,
            state.regions.residents.sum(axis=1),
            state.regions.displaced.sum(axis=1),
            nation.abroad,
        ],
        axis=1,
    )


def soldier_accounts(inputs: Inputs, state: State) -> Floats:
    """Close the books of the army, shape (member, account) [persons]."""
    nation, start = state.nation, inputs.params.army_soldiers
    books = [start, nation.soldiers_replaced, nation.soldiers_killed]
    return np.stack([*books, nation.soldiers], axis=1)
