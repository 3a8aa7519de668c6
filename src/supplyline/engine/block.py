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
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.threat import NEVER
from supplyline.engine.kernels.transit import RING_DAYS
from supplyline.engine.kernels.world import Inputs, Outputs, State
from supplyline.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from supplyline.engine.arrays import Names
    from supplyline.engine.groups import GroupStarts
    from supplyline.engine.kernels.records import Records

    Floats = NDArray[np.float64]

LOG_ROWS: Final = 4_000
"""Encounters for which the log of a member has room at first.

Rows that nobody writes cost no memory; a block that needs more is simulated twice.
"""


class Span(NamedTuple):
    """A span of days with the same inputs."""

    inputs: Inputs
    trucks: Floats
    """Trucks of each fleet, shape (member, fleet)."""
    escort_step: Floats
    """Dated escort step of each member [day]."""
    groups: GroupStarts
    """What armed groups start from."""
    first_day: int
    end_day: int


class BlockResult(NamedTuple):
    """What one block of members leaves."""

    outputs: Outputs
    """Its part of the ensemble's outputs."""
    losses: Records
    """Encounters that cost trucks, by member and in the order of time."""
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


def new_state(span: Span, rows: slice, log_rows: int = LOG_ROWS) -> State:
    """Make the state of a block before its first day."""
    inputs = span.inputs
    members, fleets = span.trucks[rows].shape
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
        arriving=np.zeros((members, inputs.feeds.size, products, RING_DAYS)),
        due=np.zeros((members, inputs.feeds.size, products + 1)),
        exposure=np.tile(cumulated_exposure(inputs), (members, 1)),
        groups=span.groups.groups[rows].copy().view(np.recarray),
        group_accounts=span.groups.accounts[rows].copy().view(np.recarray),
        alliances=span.groups.alliances[rows].copy(),
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
    state.fleets.idle = span.trucks[rows]
    state.places.served = 1.0
    state.depots.stock = inputs.depots.initial[rows]
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


def outputs_of(outputs: Outputs, block: range) -> Outputs:
    """Give a block its part of the ensemble's outputs, to be written in place."""
    rows = slice(block.start, block.stop)
    own: Any = (array[rows] for array in outputs)
    return Outputs(*own)


def simulate_block(
    names: Names, spans: Sequence[Span], block: range, outputs: Outputs
) -> BlockResult:
    """Take one block of members through all spans of days."""
    state = _simulate_spans(spans, block, outputs)
    return _close(names, spans[-1], state, outputs, block)


def _simulate_spans(spans: Sequence[Span], block: range, outputs: Outputs) -> State:
    """Take a block through spans, with a log that has room for all its encounters.

    The same luck gives the same encounters, so a log that was too short is known to the
    row and the block simulated once more.
    """
    rows = slice(block.start, block.stop)
    state = new_state(spans[0], rows, LOG_ROWS)
    for _ in range(2):
        for span in spans:
            if span.first_day < span.end_day:
                _simulate_span(span, state, outputs, block)
        if _is_logged(state):
            break
        state = new_state(spans[0], rows, int(state.nation.log_rows.max()))
        for array in outputs:
            array[...] = np.zeros((), array.dtype)
    return state


def _is_logged(state: State) -> bool:
    """Tell whether the log holds every encounter."""
    return bool(state.nation.log_rows.max() < state.losses.shape[1])


class Past(NamedTuple):
    """What a block carries from a shared past into each of several futures."""

    state: State
    room: State
    """Room for the state of one future at a time."""
    weeks: tuple[NDArray[Any], ...]
    """The week in which the past ends, of each weekly output in its order."""


def simulate_past(trunk: Span, block: range, outputs: Outputs) -> Past:
    """Take one block through a past that several futures share."""
    state = _simulate_spans([trunk], block, outputs)
    week = trunk.end_day // 7
    weeks = tuple(array[:, week].copy() for array in _weekly(outputs))
    room: Any = (np.empty_like(array) for array in state)
    return Past(state, State(*room), weeks)


def continue_block(
    names: Names, branch: Span, block: range, past: Past, outputs: Outputs
) -> BlockResult:
    """Take one block from a shared past through one of its futures."""
    state = past.room
    for _ in range(2):
        _follow(branch, block, past, state, outputs)
        if _is_logged(state):
            break
        log = records(Loss, len(block), int(state.nation.log_rows.max()) + 1)
        state = state._replace(losses=log)
    return _close(names, branch, state, outputs, block)


def _follow(
    branch: Span, block: range, past: Past, state: State, outputs: Outputs
) -> None:
    """Begin a future where the past ends, and simulate it."""
    for name, array in past.state._asdict().items():
        room = getattr(state, name)
        if name == "losses":  # the future's log is as long or longer
            room = room[:, : array.shape[1]]
        room[...] = array
    for name, array in outputs._asdict().items():
        if name.startswith("daily"):
            array[:, branch.first_day :] = np.zeros((), array.dtype)
    week = branch.first_day // 7
    for array, first in zip(_weekly(outputs), past.weeks, strict=True):
        array[:, week:] = np.zeros((), array.dtype)
        array[:, week] = first
    if branch.first_day < branch.end_day:
        _simulate_span(branch, state, outputs, block)


def _weekly(outputs: Outputs) -> list[Records | Floats]:
    """Give the outputs by week, in their order."""
    named = outputs._asdict().items()
    return [array for name, array in named if name.startswith("weekly")]


def _simulate_span(span: Span, state: State, outputs: Outputs, block: range) -> None:
    rows = slice(block.start, block.stop)
    dated = span.escort_step[rows]
    state.nation.escort_step_day = np.minimum(state.nation.escort_step_day, dated)
    inputs = inputs_of(span.inputs, rows)
    run_block(inputs, state, outputs, block.start, span.first_day, span.end_day)


def _close(
    names: Names, span: Span, state: State, outputs: Outputs, block: range
) -> BlockResult:
    """Check a block after its last day and close its books."""
    nation = state.nation
    for row in np.flatnonzero(nation.faulty_day >= 0):
        place, day = names.places[nation.faulty_place[row]], nation.faulty_day[row]
        message = f"member {block.start + row}, day {day}: impossible stock at {place}"
        raise EngineError(message)
    inputs, rows = span.inputs, slice(block.start, block.stop)
    return BlockResult(
        outputs=outputs,
        losses=_used(state.losses, nation.log_rows),
        log_rows=nation.log_rows.copy(),
        lead_cuts=int(nation.lead_cuts.sum()),
        ledger=fuel_accounts(inputs, state, rows),
        trucks=truck_accounts(inputs, state),
        money=money_accounts(state),
        fighters=fighter_accounts(state),
        people=people_accounts(inputs, state),
        soldiers=soldier_accounts(inputs, state, rows),
    )


def _used(log: Records, counts: Records) -> Records:
    """Give the rows of a log that are used, member after member."""
    # as bytes: numpy copies records field by field, which takes four times as long
    size = log.itemsize
    raw = np.asarray(log).view(np.uint8).reshape(len(log), -1)
    used = [own[: count * size] for own, count in zip(raw, counts, strict=True)]
    return np.concatenate(used).view(log.dtype).view(np.recarray)


def inputs_of(inputs: Inputs, rows: slice) -> Inputs:
    """Give a block its inputs: own copies, so that threads share no memory."""
    by_member = {"params", "depots", "truces", "load_kl", "levels"}
    parts = {
        name: array[rows] if name in by_member else array.copy()
        for name, array in inputs._asdict().items()
    }
    return Inputs(**parts)
