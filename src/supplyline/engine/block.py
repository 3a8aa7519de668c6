"""A block of members: its inputs, its state, and what it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from supplyline.case.series import Daily, DailyCountry
from supplyline.engine.accounts import (
    fighter_accounts,
    fuel_accounts,
    money_accounts,
    people_accounts,
    soldier_accounts,
    truck_accounts,
)
from supplyline.engine.kernels.day import run_block
from supplyline.engine.kernels.depots import Account, DepotState, PlaceState
from supplyline.engine.kernels.groups import PresenceState, RegionState
from supplyline.engine.kernels.layout import NationState
from supplyline.engine.kernels.network import CorridorState, FeedState, FleetState
from supplyline.engine.kernels.outputs import (
    DailyProduct,
    Loss,
    WeeklyCorridor,
    WeeklyDepot,
    WeeklyGroup,
    WeeklyPlace,
    WeeklyRegion,
)
from supplyline.engine.kernels.records import as_bytes, copied, records
from supplyline.engine.kernels.threat import NEVER
from supplyline.engine.kernels.transit import RING_DAYS
from supplyline.engine.kernels.world import Inputs, Outputs, State
from supplyline.engine.precision import round_measures
from supplyline.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from supplyline.engine.arrays import Names
    from supplyline.engine.kernels.records import Records
    from supplyline.engine.world import MemberSpan

    Floats = NDArray[np.float64]

LOG_ROWS: Final = 4_000
"""Encounters for which the log of a member has room at first.

Rows that nobody writes cost no memory; a block that needs more is simulated twice.
"""


class BlockResult(NamedTuple):
    """What some members leave."""

    members: range
    outputs: Outputs
    losses: tuple[Records, ...]
    """Encounters that cost trucks, by member and in the order of time; each block's."""
    log_rows: Records
    """How many of them are of each member."""
    lead_cuts: int
    """Leads that were cut at what the rings hold."""
    ledger: Floats
    """Fuel accounts, shape (member, account, product) [kl]."""
    trucks: Floats
    """Truck accounts, shape (member, account, fleet) [trucks]."""
    money: Floats
    """Money accounts, shape (member, account, group) [USD]."""
    fighters: Floats
    """Fighter accounts, shape (member, account, group) [persons]."""
    people: Floats
    """Accounts of the people, shape (member, account) [persons]."""
    soldiers: Floats
    """Accounts of the army, shape (member, account) [persons]."""


def new_state(span: MemberSpan, log_rows: int = LOG_ROWS) -> State:
    """Make the state of a block before its first day."""
    inputs = span.inputs
    members, fleets = span.trucks.shape
    places, products = inputs.depots.shape[1:]
    state = State(
        nation=records(NationState, members),
        corridors=records(CorridorState, members, inputs.corridors.size),
        fleets=records(FleetState, members, fleets),
        feeds=records(FeedState, members, inputs.feeds.size),
        places=records(PlaceState, members, places),
        depots=records(DepotState, members, places, products),
        accounts=records(Account, members, products),
        returning=np.zeros((members, fleets, RING_DAYS)),
        arriving=np.zeros((members, RING_DAYS, inputs.feeds.size, products)),
        due=np.zeros((members, inputs.feeds.size, products + 1)),
        exposure=np.tile(cumulated_exposure(inputs), (members, 1)),
        groups=span.groups.groups.copy().view(np.recarray),
        group_accounts=span.groups.accounts.copy().view(np.recarray),
        alliances=span.groups.alliances.copy(),
        overlaps=np.zeros((members, inputs.relations.size)),
        regions=records(RegionState, members, inputs.regions.size),
        presence=records(PresenceState, members, *inputs.presence.shape),
        losses=records(Loss, members, log_rows + 1),
    )
    state.nation.quality = 1.0
    state.nation.escort_force = 1.0
    state.nation.escort_answer = 1.0
    state.nation.capital_watch = 1.0
    state.fleets.effort = 1.0
    state.fleets.daring = 1.0
    state.nation.pay_cover = 1.0
    state.places.people = 1.0
    state.places.covered = 1.0
    state.nation.escort_step_day = NEVER
    state.nation.faulty_day = -1
    state.nation.internal_traffic = 1.0
    state.corridors.willingness = 1.0
    state.corridors.confidence = 1.0
    state.feeds.passed = 1.0
    state.fleets.idle = span.trucks
    state.places.served = 1.0
    state.depots.stock = inputs.depots.initial
    state.depots.multiple = 1.0
    return state


def cumulated_exposure(inputs: Inputs) -> Floats:
    """Sum the exposure of every path entry from its gateway on, on the first day.

    Returns shape (path,) [100 km].
    """
    exposure = np.zeros(inputs.path.size)
    for corridor in inputs.corridors:
        way = slice(corridor.first_entry, corridor.end_entry)
        exposure[way] = np.cumsum(inputs.path.exposure[way])
    return exposure


def new_outputs(names: Names, members: int, days: int) -> Outputs:
    """Make the empty outputs of a block."""
    weeks = days // 7 + 1
    places, products = len(names.places), len(names.products)
    corridors, attacks = len(names.corridors), len(names.attacks)
    groups, regions = len(names.groups), len(names.regions)
    return Outputs(
        daily=records(Daily, members, days),
        daily_products=records(DailyProduct, members, days, products),
        weekly_depots=records(WeeklyDepot, members, weeks, places, products),
        weekly_places=records(WeeklyPlace, members, weeks, places),
        weekly_corridors=records(WeeklyCorridor, members, weeks, corridors),
        daily_country=records(DailyCountry, members, days if groups else 0),
        weekly_regions=records(WeeklyRegion, members, weeks, regions),
        weekly_groups=records(WeeklyGroup, members, weeks, groups),
        weekly_attacks=np.zeros((members, weeks, attacks)),
    )


def outputs_of(outputs: Outputs, rows: slice) -> Outputs:
    """Give some members their part of outputs, to be written in place."""
    own: Any = (array[rows] for array in outputs)
    return Outputs(*own)


def simulate_block(
    names: Names, spans: Sequence[MemberSpan], outputs: Outputs
) -> BlockResult:
    """Take one block of members through all spans of days."""
    state = _simulate_spans(spans, outputs)
    return _close(names, spans[-1], state, outputs)


def _simulate_spans(spans: Sequence[MemberSpan], outputs: Outputs) -> State:
    """Take a block through spans, with a log that has room for all its encounters.

    The same luck gives the same encounters, so a log that was too short is known to the
    row and the block simulated once more.
    """
    state = new_state(spans[0], LOG_ROWS)
    for _ in range(2):
        for span in spans:
            if span.first_day < span.end_day:
                _simulate_span(span, state, outputs)
        if _is_logged(state):
            break
        state = new_state(spans[0], int(state.nation.log_rows.max()))
        for array in outputs:
            array[...] = np.zeros((), array.dtype)
    return state


def _is_logged(state: State) -> bool:
    """Tell whether the log holds every encounter."""
    return bool(state.nation.log_rows.max() < state.losses.shape[1])


class Past(NamedTuple):
    """What a block carries from a shared past into each of several futures."""

    state: State
    outputs: Outputs


def simulate_past(trunk: Sequence[MemberSpan], outputs: Outputs) -> Past:
    """Take one block through a past that several futures share."""
    return Past(_simulate_spans(trunk, outputs), outputs)


def continue_block(
    names: Names, branch: Sequence[MemberSpan], past: Past, outputs: Outputs
) -> BlockResult:
    """Take one block from a shared past through one of its futures."""
    state = _state_before(branch[0], past, past.state.losses.shape[1])
    for _ in range(2):
        copy_outputs(past.outputs, outputs)
        for span in branch:
            if span.first_day < span.end_day:
                _simulate_span(span, state, outputs)
        if _is_logged(state):
            break
        state = _state_before(branch[0], past, int(state.nation.log_rows.max()) + 1)
    return _close(names, branch[-1], state, outputs)


def _state_before(branch: MemberSpan, past: Past, log_rows: int) -> State:
    """Copy the state at the end of a past, with a log of some rows."""
    if branch.first_day == 0:  # no past: the future has stocks and trucks of its own
        return new_state(branch, log_rows - 1)
    log = records(Loss, len(past.state.losses), log_rows)
    used = slice(int(past.state.nation.log_rows.max()))
    as_bytes(log[:, used])[...] = as_bytes(past.state.losses[:, used])
    arrays: dict[str, Any] = {
        name: copied(array)
        for name, array in past.state._asdict().items()
        if name != "losses"
    }
    return State(**arrays, losses=log)


def copy_outputs(source: Outputs, target: Outputs) -> None:
    """Copy outputs into their place among those of more members."""
    for one, other in zip(source, target, strict=True):
        as_bytes(other)[...] = as_bytes(one)


def _simulate_span(span: MemberSpan, state: State, outputs: Outputs) -> None:
    nation = state.nation
    nation.escort_step_day = np.minimum(nation.escort_step_day, span.escort_step)
    run_block(span.inputs, state, outputs, span.luck, span.first_day, span.end_day)


def _close(
    names: Names, span: MemberSpan, state: State, outputs: Outputs
) -> BlockResult:
    """Check a block after its last day and close its books."""
    nation = state.nation
    for row in np.flatnonzero(nation.faulty_day >= 0):
        place, day = names.places[nation.faulty_place[row]], nation.faulty_day[row]
        message = f"member {span.members[row]}, day {day}: impossible stock at {place}"
        raise EngineError(message)
    round_measures(outputs)
    inputs = span.inputs
    return BlockResult(
        members=span.members,
        outputs=outputs,
        losses=(_used(state.losses, nation.log_rows),),
        log_rows=nation.log_rows.copy(),
        lead_cuts=int(nation.lead_cuts.sum()),
        ledger=fuel_accounts(inputs, state),
        trucks=truck_accounts(inputs, state),
        money=money_accounts(state),
        fighters=fighter_accounts(state),
        people=people_accounts(inputs, state),
        soldiers=soldier_accounts(inputs, state),
    )


def _used(log: Records, counts: Records) -> Records:
    """Give the rows of a log that are used, member after member."""
    width, log_bytes = log.dtype.itemsize, as_bytes(log)
    ends = (width * counts).tolist()
    used = [own[:end] for own, end in zip(log_bytes, ends, strict=True)]
    return np.concatenate(used).view(log.dtype).view(np.recarray)
