"""Simulate: a case in, a run out."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from supplyline.case.scenario import apply
from supplyline.case.scenario_choice import choose_scenario
from supplyline.engine.arrays import (
    Names,
    build_network,
    build_truces,
    in_order,
    names_of,
    parameter_records,
)
from supplyline.engine.block import (
    BlockResult,
    Span,
    new_outputs,
    outputs_of,
    simulate_block,
)
from supplyline.engine.calendar import (
    build_calendar,
    day_of,
    drawn_escort_step,
    drawn_truces,
)
from supplyline.engine.checkpoints import PART_BLOCKS, load_part, part_path, save_part
from supplyline.engine.demand import build_depots, build_loads, fleet_trucks
from supplyline.engine.draws import draw_parameters
from supplyline.engine.facts import build_facts
from supplyline.engine.groups import build_groups, build_places, draw_groups
from supplyline.engine.kernels.world import Inputs, Outputs
from supplyline.engine.memory import enough_memory
from supplyline.engine.openings import build_openings
from supplyline.engine.pool import blocks_of, map_blocks, threads
from supplyline.engine.prices import enter_prices, enter_usual_ways
from supplyline.engine.result import build_run
from supplyline.errors import refuse_other
from supplyline.runs import Arguments, request_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.runs import Run

MOST_MEMBERS = 1_000_000
MOST_WORKERS = 1024


def simulate(  # noqa: PLR0913 - every argument is one the user names
    case: Case,
    *,
    scenario: str | Path | Scenario | None = None,
    days: int | None = None,
    members: int | None = None,
    seed: int | None = None,
    like: Run | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    parts: str | Path | None = None,
) -> Run:
    """Simulate an ensemble of a case, from its start to some days after its cut-off.

    Parameters
    ----------
    case : Case
        The case.
    scenario : str, Path or Scenario, optional
        Changes made from the scenario's start on: the name of one of the case's own, a
        .toml file, or a `Scenario`.
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
    parts : str or Path, optional
        Folder for finished parts of this very request: those found there are not
        simulated again. The caller removes it when the run is saved.

    Returns
    -------
    run : Run
        The ensemble with its manifest.

    Raises
    ------
    ValueError
        If an argument is out of its bounds.
    ScenarioError
        If the scenario is unknown, cannot be read or cannot be applied to the case.
    EngineError
        If a state is reached that cannot be.
    MemoryLimitError
        If the ensemble would need more memory than there is; nothing is simulated.

    Examples
    --------
    >>> import supplyline as sl
    >>> run = sl.simulate(sl.load_case("toy"), days=10, members=64, seed=7)
    >>> run.days_of_supply("highcourt").sizes["member"]
    64
    """
    started = time.perf_counter()
    refuse_other("case", case, "Case", "load_case")
    case.refuse_unfinished()
    if like is not None:
        refuse_other("like", like, "Run", "load_run")
    arguments = _arguments(case, days, members, seed, like)
    if workers is not None:
        _refuse_outside("workers", workers, 1, MOST_WORKERS)
    chosen = None if scenario is None else choose_scenario(case, scenario)
    with enough_memory(case, arguments):
        names, spans = build_inputs(case, chosen, arguments)
        outputs = new_outputs(names, arguments.members, spans[-1].end_day)
        kept = None if parts is None else Path(parts)
        results = _simulate_all(names, spans, outputs, workers, progress, kept)
        draws = draw_parameters(case.params, arguments.seed, arguments.members)
        request = request_of(case, chosen, arguments)
        took_s = time.perf_counter() - started
        return build_run(case, request, names, draws, outputs, results, took_s)


def _simulate_all(
    names: Names,
    spans: list[Span],
    outputs: Outputs,
    workers: int | None,
    progress: Callable[[int, int], None] | None,
    parts: Path | None,
) -> list[BlockResult]:
    """Live all blocks, part by part; each finished part but the last is kept."""
    results: list[BlockResult] = []
    blocks = blocks_of(len(outputs.daily))

    def work(block: range) -> BlockResult:
        return simulate_block(names, spans, block, outputs_of(outputs, block))

    def tell(done: int, _: int) -> None:
        if progress is not None:
            progress(len(results) + done, len(blocks))

    # a part is written while the next is lived, and to its end whatever happens there
    count = workers or os.cpu_count() or 1
    with threads(count) as executor, ThreadPoolExecutor(1) as writer:
        writing: list[Future[None]] = []
        for start in range(0, len(blocks), PART_BLOCKS):
            part = blocks[start : start + PART_BLOCKS]
            path = None if parts is None else part_path(parts, part)
            own = [outputs_of(outputs, block) for block in part]
            of_part = None if path is None else load_part(path, own)
            if of_part is None:
                of_part = map_blocks(work, part, executor, tell)
                if path is not None and part[-1] != blocks[-1]:
                    writing.append(writer.submit(save_part, path, of_part))
            results += of_part
        for each in writing:
            each.result()
    return results


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
    days = case.config.forecast_days if days is None else days
    members = 2000 if members is None else members
    seed = 1 if seed is None else seed
    _refuse_outside("days", days, 0, 3650)
    _refuse_outside("members", members, 1, MOST_MEMBERS)
    _refuse_outside("seed", seed, 0, 2**63 - 1)
    return Arguments(days=int(days), members=int(members), seed=int(seed))


def _refuse_outside(name: str, value: object, low: int, high: int) -> None:
    """Refuse what is no whole number in its bounds."""
    if not isinstance(value, int | np.integer) or not low <= value <= high:
        message = f"{name} is {value}; expected {low:,} to {high:,}"
        raise ValueError(message)


def build_inputs(
    case: Case, scenario: Scenario | None, arguments: Arguments
) -> tuple[Names, list[Span]]:
    """Build the arrays of each span: the case, then the case a scenario changed."""
    case = in_order(case)
    names = names_of(case)
    end = day_of(case, case.config.cutoff) + 1 + arguments.days
    if scenario is None:
        return names, [build_span(case, names, arguments, slice(0, end), end)]
    switch = min(max(day_of(case, scenario.start), 0), end)
    changed = apply(case, scenario)
    refuse_other_names(names, changed, scenario)
    spans = [
        build_span(case, names, arguments, slice(0, switch), end),
        build_span(changed, names, arguments, slice(switch, end), end),
    ]
    return names, [span for span in spans if span.first_day < span.end_day]


def refuse_other_names(names: Names, changed: Case, scenario: Scenario) -> None:
    """Refuse a scenario that changes the axes of the arrays."""
    if names_of(changed) != names:
        message = (
            f"scenario {scenario.name!r} adds or removes places, corridors or feeds; "
            "change shares or measures instead"
        )
        raise ValueError(message)


def build_span(
    case: Case, names: Names, arguments: Arguments, span: slice, days: int
) -> Span:
    """Build the inputs of a span of days."""
    seed, members = arguments.seed, arguments.members
    draws = draw_parameters(case.params, seed, members)
    network = build_network(case, names, seed)
    depots = build_depots(case, names, network, draws, seed)
    enter_prices(case, names, network, draws, seed, depots)
    places = build_places(case, names)
    enter_usual_ways(network, places)
    inputs = Inputs(
        facts=build_facts(case, names, seed),
        **network._asdict(),
        **build_calendar(case, names, days)._asdict(),
        places=places,
        **build_groups(case, names, seed, days)._asdict(),
        params=parameter_records(draws),
        depots=depots,
        truces=build_truces(*drawn_truces(case, seed, members)),
        load_kl=build_loads(case, names, draws),
        **build_openings(case, names, seed, members, days)._asdict(),
    )
    trucks = fleet_trucks(case, inputs, draws)
    escort_step = drawn_escort_step(case, seed, members)
    groups = draw_groups(case, names, seed, members)
    return Span(inputs, trucks, escort_step, groups, span.start, span.stop)
