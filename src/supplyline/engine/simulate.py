"""Simulate: a case in, a run out."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplyline.case.scenario import apply
from supplyline.engine.arrays import (
    Names,
    build_depots,
    build_loads,
    build_network,
    build_truces,
    fleet_trucks,
    names_of,
    parameter_records,
)
from supplyline.engine.calendar import (
    build_calendar,
    day_of,
    drawn_escort_step,
    drawn_truces,
)
from supplyline.engine.draws import draw_parameters
from supplyline.engine.kernels.day import live
from supplyline.engine.kernels.layout import (
    LOG_ROWS,
    RING_DAYS,
    UNDECIDED,
    Account,
    CorridorState,
    Daily,
    DailyProduct,
    DepotState,
    FleetState,
    Inputs,
    Loss,
    NationState,
    Outputs,
    PlaceState,
    State,
    WeeklyCorridor,
    WeeklyDepot,
    WeeklyPlace,
    records,
)
from supplyline.engine.pool import blocks_of, map_blocks, threads
from supplyline.engine.result import build_run
from supplyline.errors import EngineError
from supplyline.runs import Arguments, request_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.engine.kernels.layout import Records
    from supplyline.runs import Run

    Floats = NDArray[np.float64]

MOST_MEMBERS = 1_000_000


class Span(NamedTuple):
    """A span of days with the same inputs."""

    inputs: Inputs
    trucks: Floats
    """Trucks of each fleet, shape (member, fleet)."""
    escort_step: Floats
    """Dated escort step of each member [day]."""
    first_day: int
    end_day: int


class BlockResult(NamedTuple):
    """What one block of members leaves."""

    outputs: Outputs
    log_rows: Records
    """Encounters of each member that cost trucks."""
    lead_cuts: int
    """Leads that were cut at what the rings hold."""
    ledger: Floats
    """Fuel accounts, shape (member, account, product) [kl]."""
    trucks: Floats
    """Truck accounts, shape (member, account, fleet) [trucks]."""


def simulate(  # noqa: PLR0913 - every argument is one the user names
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    days: int | None = None,
    members: int | None = None,
    seed: int | None = None,
    like: Run | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Simulate an ensemble of a case, from its start to some days after its cut-off.

    Parameters
    ----------
    case : Case
        The case.
    scenario : str or Scenario, optional
        Changes made from the scenario's start on; a name means one of the case's own.
    days : int, optional
        Days after the cut-off; the case's own number if not given [days].
    members : int, optional
        Members of the ensemble, 2,000 if not given.
    seed : int, optional
        Seed of all luck, 1 if not given.
    like : Run, optional
        Take days, members and seed from this run, for paired differences.
    workers : int, optional
        Threads; all cores if not given. The result does not depend on it.
    progress : callable, optional
        Called with blocks done and blocks in all.

    Returns
    -------
    run : Run
        The ensemble with its manifest.

    Raises
    ------
    ValueError
        If an argument is out of its bounds, or the scenario is unknown.
    ScenarioError
        If the scenario cannot be applied to the case.
    EngineError
        If a state is reached that cannot be.

    Examples
    --------
    >>> import supplyline as sl
    >>> run = sl.simulate(sl.load_case("toy"), days=10, members=64, seed=7)
    >>> run.days_of_supply("harbour").sizes["member"]
    64
    """
    started = time.perf_counter()
    arguments = _arguments(case, days, members, seed, like)
    chosen = _scenario(case, scenario)
    names, spans = build_inputs(case, chosen, arguments)
    cores = workers or os.cpu_count() or 1

    def work(block: range) -> BlockResult:
        return live_block(names, spans, block)

    with threads(cores) as executor:
        results = map_blocks(work, blocks_of(arguments.members), executor, progress)
    draws = draw_parameters(case.params, arguments.seed, arguments.members)
    request = request_of(case, chosen, arguments)
    return build_run(
        case, request, names, draws, results, time.perf_counter() - started
    )


def _arguments(
    case: Case,
    days: int | None,
    members: int | None,
    seed: int | None,
    like: Run | None,
) -> Arguments:
    if like is not None:
        given = {"days": days, "members": members, "seed": seed}
        clash = [name for name, value in given.items() if value is not None]
        if clash:
            message = f"{', '.join(clash)} cannot be given together with like"
            raise ValueError(message)
        return like.manifest.arguments
    chosen = Arguments(
        days=case.config.forecast_days if days is None else days,
        members=2000 if members is None else members,
        seed=1 if seed is None else seed,
    )
    bounds = {"days": (0, 3650), "members": (1, MOST_MEMBERS), "seed": (0, 2**63 - 1)}
    for name, (low, high) in bounds.items():
        value = getattr(chosen, name)
        if not low <= value <= high:
            message = f"{name} is {value}; expected {low:,} to {high:,}"
            raise ValueError(message)
    return chosen


def _scenario(case: Case, scenario: str | Scenario | None) -> Scenario | None:
    if not isinstance(scenario, str):
        return scenario
    known = case.scenarios()
    if scenario not in known:
        message = (
            f"scenario is {scenario!r}; expected one of {', '.join(sorted(known))}"
        )
        raise ValueError(message)
    return known[scenario]


def build_inputs(
    case: Case, scenario: Scenario | None, arguments: Arguments
) -> tuple[Names, list[Span]]:
    """Build the arrays of each span: the case, and from a scenario's start the changed.

    Parameters
    ----------
    case : Case
        The case.
    scenario : Scenario or None
        Its changes.
    arguments : Arguments
        Days, members and seed.

    Returns
    -------
    names : Names
        Names along the axes, the same in all spans.
    spans : list of Span
        Spans of days in their order.

    Raises
    ------
    ValueError
        If the scenario adds or removes places, fleets, corridors or feeds.
    """
    names = names_of(case)
    end = day_of(case, case.config.cutoff) + 1 + arguments.days
    if scenario is None:
        return names, [_span(case, names, arguments, 0, end, end)]
    switch = min(max(day_of(case, scenario.start), 0), end)
    changed = apply(case, scenario)
    if names_of(changed) != names:
        message = (
            f"scenario {scenario.name!r} adds or removes places, corridors or feeds; "
            "change shares or measures instead"
        )
        raise ValueError(message)
    spans = [
        _span(case, names, arguments, 0, switch, end),
        _span(changed, names, arguments, switch, end, end),
    ]
    return names, [span for span in spans if span.first_day < span.end_day]


def _span(
    case: Case, names: Names, arguments: Arguments, first: int, last: int, days: int
) -> Span:
    seed, members = arguments.seed, arguments.members
    draws = draw_parameters(case.params, seed, members)
    network = build_network(case, names, seed)
    inputs = Inputs(
        *network,
        *build_calendar(case, names, days),
        parameter_records(draws),
        build_depots(case, names, network, draws),
        build_truces(*drawn_truces(case, seed, members)),
        build_loads(case, names, draws),
    )
    trucks = fleet_trucks(case, inputs, draws)
    return Span(inputs, trucks, drawn_escort_step(case, seed, members), first, last)


def new_state(span: Span, rows: slice) -> State:
    """Make the state of a block before its first day.

    Parameters
    ----------
    span : Span
        First span of days.
    rows : slice
        Members of the block.

    Returns
    -------
    state : State
        Depots full, all trucks idle.
    """
    inputs = span.inputs
    members, fleets = span.trucks[rows].shape
    places, products = inputs.depots.shape[1:]
    state = State(
        records(NationState, members),
        records(CorridorState, members, inputs.corridors.size),
        records(FleetState, members, fleets),
        records(PlaceState, members, places),
        records(DepotState, members, places, products),
        records(Account, members, products),
        np.zeros((members, fleets, RING_DAYS)),
        np.zeros((members, inputs.feeds.size, products, RING_DAYS)),
    )
    state.nation.escort_step_day = UNDECIDED
    state.nation.faulty_day = -1
    state.nation.internal_traffic = 1.0
    state.corridors.willingness = 1.0
    state.fleets.idle = span.trucks[rows]
    state.places.served = 1.0
    state.depots.stock = inputs.depots.target[rows]
    state.depots.multiple = 1.0
    return state


def new_outputs(inputs: Inputs, members: int, days: int) -> Outputs:
    """Make the empty outputs of a block.

    Parameters
    ----------
    inputs : Inputs
        Arrays of the case.
    members, days : int
        Members of the block; length of the run [days].

    Returns
    -------
    outputs : Outputs
        All zero.
    """
    weeks = days // 7 + 1
    places, products = inputs.depots.shape[1:]
    return Outputs(
        records(Daily, members, days),
        records(DailyProduct, members, days, products),
        records(WeeklyDepot, members, weeks, places, products),
        records(WeeklyPlace, members, weeks, places),
        records(WeeklyCorridor, members, weeks, inputs.corridors.size),
        records(Loss, members, LOG_ROWS + 1),
    )


def live_block(names: Names, spans: list[Span], block: range) -> BlockResult:
    """Take one block of members through all spans of days.

    Parameters
    ----------
    names : Names
        Names along the axes.
    spans : list of Span
        Spans of days in their order.
    block : range
        Members.

    Returns
    -------
    result : BlockResult
        What the block leaves.

    Raises
    ------
    EngineError
        If a stock is negative or not a number.
    """
    rows = slice(block.start, block.stop)
    state = new_state(spans[0], rows)
    outputs = new_outputs(spans[0].inputs, len(block), spans[-1].end_day)
    nation = state.nation
    for span in spans:
        dated = span.escort_step[rows]
        nation.escort_step_day = np.minimum(nation.escort_step_day, dated)
        inputs = inputs_of(span.inputs, rows)
        live(inputs, state, outputs, block.start, span.first_day, span.end_day)
    for row in np.flatnonzero(nation.faulty_day >= 0):
        place, day = names.places[nation.faulty_place[row]], nation.faulty_day[row]
        message = f"member {block.start + row}, day {day}: impossible stock at {place}"
        raise EngineError(message)
    return BlockResult(
        outputs._replace(losses=_used_rows(outputs.losses, nation.log_rows)),
        nation.log_rows.copy(),
        int(nation.lead_cuts.sum()),
        fuel_accounts(spans[-1].inputs, state, rows),
        truck_accounts(spans[-1].inputs, state),
    )


def inputs_of(inputs: Inputs, rows: slice) -> Inputs:
    """Give a block its inputs: own copies, so that threads share no memory."""
    by_member = {"params", "depots", "truces", "load_kl"}
    parts = {
        name: array[rows] if name in by_member else array.copy()
        for name, array in inputs._asdict().items()
    }
    return Inputs(**parts)


def _used_rows(losses: Records, rows: Records) -> Records:
    used = np.minimum(rows, LOG_ROWS)
    parts = [losses[member, :count] for member, count in enumerate(used)]
    return np.concatenate(parts).view(np.recarray)


def fuel_accounts(inputs: Inputs, state: State, rows: slice) -> Floats:
    """Close the books of fuel.

    Parameters
    ----------
    inputs : Inputs
        Arrays of the case.
    state : State
        State of the block at the end.
    rows : slice
        Members of the block.

    Returns
    -------
    accounts : array
        Shape (member, account, product) [kl].
    """
    is_internal = inputs.corridors.is_import[inputs.feeds.corridor] == 0
    fleet = inputs.corridors.fleet[inputs.feeds.corridor]
    volume = state.arriving.sum(axis=3) * inputs.load_kl[rows][:, fleet, np.newaxis]
    books = [state.accounts[name] for name in state.accounts.dtype.names or ()]
    ends = [
        state.depots.stock.sum(axis=1),
        volume[:, is_internal].sum(axis=1),
        state.depots.holdings.sum(axis=1),
    ]
    return np.stack([*books, *ends], axis=1)


def truck_accounts(inputs: Inputs, state: State) -> Floats:
    """Close the books of trucks.

    Parameters
    ----------
    inputs : Inputs
        Arrays of the case.
    state : State
        State of the block at the end.

    Returns
    -------
    accounts : array
        Shape (member, account, fleet) [trucks].
    """
    waiting, under_way = np.zeros((2, *state.fleets.shape))
    for number, corridor in enumerate(inputs.corridors):
        waiting[:, corridor.fleet] += state.corridors.waiting[:, number]
    for number, feed in enumerate(inputs.feeds):
        fleet = inputs.corridors[feed.corridor].fleet
        under_way[:, fleet] += state.arriving[:, number].sum(axis=(1, 2))
    fleets = state.fleets
    returning = state.returning.sum(axis=2)
    books = [fleets.start, fleets.idle, waiting, under_way, returning, fleets.lost]
    return np.stack(books, axis=1)
