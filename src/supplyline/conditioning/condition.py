"""Condition a case: choose members of a large pool by what was reported."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from supplyline.analysis.forecast_series import days_for
from supplyline.conditioning.conditioned import Conditioned
from supplyline.conditioning.facts import observed_values, read_facts
from supplyline.conditioning.influence import influence_table
from supplyline.conditioning.outlook import (
    facts_table,
    forecasts_table,
    learned_table,
    prior_of,
)
from supplyline.conditioning.pool import Setting, simulate_pool
from supplyline.conditioning.record import Record, hash_facts
from supplyline.conditioning.refresh import live_on
from supplyline.conditioning.stages import (
    Way,
    learn_stage,
    live_through,
    try_steps,
    weigh_stage,
)
from supplyline.conditioning.task import Task
from supplyline.conditioning.trial import farther_truths, try_study
from supplyline.conditioning.weights import effective, resample
from supplyline.engine.arguments import refuse_outside
from supplyline.engine.sources import engine_sha256
from supplyline.errors import ConditioningError, refuse_other, shown
from supplyline.runs.manifest import version_of
from supplyline.runs.memory import peak_memory_mb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.conditioning.outlook import Prior
    from supplyline.conditioning.stages import Weighed
    from supplyline.engine.executors import Executor

    Floats = NDArray[np.float64]

POOL: Final = 40_000
MEMBERS: Final = 2_000
WEEKS: Final = 26
"""Weeks after the origin that a conditioned ensemble is made for."""
FEWEST: Final = 1_000
"""Members of a pool at least: a fifth of them are 200 truths."""
MOST: Final = 1_000_000
MOST_DAYS: Final = 3_650
LEAST_FARTHER: Final = 0.05
"""Where fewer truths are farther from the pool than the facts, it is refreshed."""


class _Opening(NamedTuple):
    """What a pool of the prior says."""

    weighed: Weighed
    prior: Prior
    without: pd.DataFrame
    gate: pd.DataFrame
    farther_truths: float


class _Outcome(NamedTuple):
    """Members at the origin, and how they were come by."""

    weighed: Weighed
    gates: dict[str, pd.DataFrame]
    effective: tuple[float, ...]
    steps: tuple[date, ...]


def condition(  # noqa: PLR0913 - every argument is one the user names
    case: Case,
    *,
    pool: int = POOL,
    members: int = MEMBERS,
    seed: int = 1,
    until: date | str | None = None,
    facts: pd.DataFrame | str | Path | None = None,
    steps: Sequence[date | str] | None = None,
    days: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    tell: Callable[[str, str], None] | None = None,
) -> Conditioned:
    """Condition a case on what was reported, and say how far that can be trusted.

    Members of the prior are simulated from the first day of the case on and weighed by
    how near reports of them come to the facts, as far as these tell of forecasts and
    parameters. Those chosen keep their state; from the day after the origin on each
    lives on fresh luck.

    Parameters
    ----------
    case : Case
        The case.
    pool : int
        Members of the prior to choose from.
    members : int
        Members to choose.
    seed : int
        Seed of all luck.
    until : date or str, optional
        The origin: only facts whose days have ended by then count, and forecasts begin
        after it; the cut-off of the case if not given. What else the case tells of
        later days stays; `Case.known_by` leaves that out too.
    facts : DataFrame, str or Path, optional
        Further facts, with the columns of targets.csv or observed.csv.
    steps : sequence of date or str, optional
        Days on which members are refreshed before the origin: chosen by the facts so
        far, to live on with fresh luck and moved parameters. None is taken by itself,
        unless the facts lie at the edge of the pool; then one is, amid the facts.
    days : int, optional
        Days after the cut-off; those of 26 whole weeks if not given [days].
    executor : Executor, optional
        Where members are simulated: `threads` or `processes`; a thread for each core
        if not given.
    progress : callable, optional
        Called with members done and members in all, for each pool.
    tell : callable, optional
        Called with the name of a step that is done and what came of it.

    Returns
    -------
    conditioned : Conditioned
        The members chosen, with what was learned, what each fact does, and the gate.

    Raises
    ------
    ValueError
        If an argument is out of its bounds.
    CaseError
        If a further fact cannot be used.
    ConditioningError
        If the case has no fact to be conditioned on.

    Examples
    --------
    >>> import supplyline as sl
    >>> toy = sl.load_case("toy")
    >>> sl.condition(toy, pool=1_000, members=100)  # doctest: +SKIP
    """
    refuse_other("case", case, "Case", "load_case")
    case.refuse_unfinished()
    refuse_outside("pool", pool, FEWEST, MOST)
    refuse_outside("members", members, 1, MOST)
    origin = _read_origin(case, until)
    told = read_facts(case, origin, facts)
    setting = Setting(
        case,
        told,
        origin,
        _read_days(case, origin, days),
        seed,
        executor,
        progress,
    )
    began = time.perf_counter()
    task = Task(setting, observed_values(told), pool, members, began, tell)
    if not task.used(task.start, origin):
        expected = "a row of targets.csv or observed.csv that is more than a check"
        message = f"{case.name}: no fact to weigh by {origin}; expected {expected}"
        raise ConditioningError(message)
    chosen = None if steps is None else _read_steps(task, steps)
    opening = _open(task)
    if chosen is None:
        is_edge = opening.farther_truths < LEAST_FARTHER
        day = _amid(task) if is_edge else None
        chosen = () if day is None else (day,)
    return _conclude(task, opening, _refresh(task, opening, chosen))


def _read_origin(case: Case, until: date | str | None) -> date:
    """Read the day of the forecast."""
    config = case.config
    if until is None:
        return config.cutoff
    origin = _read_date("until", until)
    if not config.start < origin <= config.cutoff:
        expected = f"a day after {config.start}, to the cut-off, {config.cutoff}"
        message = f"until is {origin}; expected {expected}"
        raise ValueError(message)
    return origin


def _read_days(case: Case, origin: date, days: int | None) -> int:
    """Read how many days to simulate: a whole week of the run after the origin."""
    if days is None:
        return days_for(case, WEEKS, origin)
    refuse_outside("days", days, days_for(case, 1, origin), MOST_DAYS)
    return days


def _read_date(name: str, value: date | str) -> date:
    """Read a day."""
    if isinstance(value, date) and not pd.isna(value):  # NaT is a date to Python
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        message = f"{name} is {shown(value)}; expected a day, such as 2025-10-31"
        raise ValueError(message) from None


def _read_steps(task: Task, steps: Sequence[date | str]) -> tuple[date, ...]:
    """Read the days of refreshes, in their order."""
    if isinstance(steps, str) or not isinstance(steps, Iterable):
        message = f"steps is {shown(steps)}; expected days, such as ['2025-10-31']"
        raise TypeError(message)
    days = tuple(_read_date("steps", step) for step in steps)
    origin = task.setting.origin
    for before, day in pairwise((task.start, *days, origin)):
        if not before < day:
            expected = f"days in their order, all before the origin, {origin}"
            message = f"steps have {day} after {before}; expected {expected}"
            raise ValueError(message)
        if days and not task.used(before, day):
            expected = "a fact that members are weighed by between each and the next"
            message = f"steps have none after {before} by {day}; expected {expected}"
            raise ValueError(message)
    return days


def _amid(task: Task) -> date | None:
    """Find the day by which about half of the facts are known; none splits one day."""
    facts, origin = task.setting.facts, task.setting.origin
    used = list(task.used(task.start, origin))
    known = facts.loc[used, "end"].value_counts(normalize=True).sort_index().cumsum()
    known = known[known.index < pd.Timestamp(origin)]
    if known.empty:
        return None
    day: date = known[known >= min(0.5, known.iloc[-1])].index[0].date()
    return day


def _open(task: Task) -> _Opening:
    """Simulate a pool of the prior, and ask it all that needs the prior."""
    seed = task.setting.seed
    pool = simulate_pool(task.setting, task.pool)
    task.say("pool", f"{task.pool:,} members")
    study = learn_stage(task, pool, task.start, task.setting.origin)
    del pool  # the study holds what it needs of it
    weighed = weigh_stage(study, task.reported)
    task.say("members", f"{effective(weighed.weights):,.0f} effective")
    gate = try_study(study, seed)
    task.say("gate", _gate_text(gate))
    without = influence_table(study, task.setting.facts, task.reported)
    task.say("influence", f"{len(study.facts)} facts left out, each in its turn")
    farther = farther_truths(study, weighed.observed)
    return _Opening(weighed, prior_of(study, task.reported), without, gate, farther)


def _refresh(task: Task, opening: _Opening, steps: tuple[date, ...]) -> _Outcome:
    """Refresh the pool on each day, and try that on truths of their own."""
    first, gate = opening.weighed, {"pool": opening.gate}
    if not steps:
        return _Outcome(first, gate, (effective(first.weights),), steps)
    early = learn_stage(task, first.study.pool, task.start, steps[0])
    way = Way(task.reported, steps, task.pool, "", None)
    weighed, counts = live_through(task, early, way)
    for day, count in zip(steps, counts, strict=True):
        task.say("refresh", f"{day}: {count:,.0f} effective members")
    gate["refresh"] = try_steps(task, first.study, early, steps)
    task.say("gate", _gate_text(gate["refresh"]))
    counts.append(effective(weighed.weights))
    return _Outcome(weighed, gate, tuple(counts), steps)


def _conclude(task: Task, opening: _Opening, outcome: _Outcome) -> Conditioned:
    """Choose the members, and write down what they rest on."""
    setting, prior = task.setting, opening.prior
    study, observed, weights = outcome.weighed
    origin, seed = setting.origin, setting.seed
    chosen = resample(weights, task.members, seed, str(origin))
    first_day = task.day_after(origin)
    lineage = live_on(study.pool.lineage, chosen, first_day, len(outcome.steps), None)
    facts = facts_table(prior, study, setting.facts, task.reported, weights)
    return Conditioned(
        setting.case,
        lineage,
        _record(task, opening, outcome, facts),
        facts,
        forecasts_table(prior, study, weights),
        learned_table(prior, study, observed, weights),
        opening.without,
        pd.concat(outcome.gates, names=["stage"]),
    )


def _record(
    task: Task, opening: _Opening, outcome: _Outcome, facts: pd.DataFrame
) -> Record:
    """Write down what a conditioning rests on."""
    setting, study = task.setting, outcome.weighed.study
    case, origin = setting.case, setting.origin
    own = read_facts(case, origin)
    is_used = facts["use"] == "condition"
    return Record(
        software=version_of("supplyline"),
        case=case.name,
        case_sha256=dict(case.hashes),
        engine_sha256=engine_sha256(),
        facts_sha256=hash_facts(own),
        extra_facts=len(facts) - len(own),
        origin=origin.isoformat(),
        steps=tuple(day.isoformat() for day in outcome.steps),
        days=setting.days,
        seed=setting.seed,
        pool=task.pool,
        members=task.members,
        facts=int(is_used.sum()),
        inside=int(facts.loc[is_used, "is_inside"].sum()),
        checks=int((~is_used).sum()),
        checks_inside=int(facts.loc[~is_used, "is_inside"].sum()),
        nearest=study.nearest,
        directions=study.summaries.shape[1],
        effective=outcome.effective,
        farther_truths=opening.farther_truths,
        truths=_truths(opening.gate),
        step_truths=_truths(outcome.gates["refresh"]) if outcome.steps else 0,
        is_passed=all(bool(gate["is_passed"].all()) for gate in outcome.gates.values()),
        minutes=round(task.minutes, 2),
        peak_memory_mb=peak_memory_mb(),
    )


def _gate_text(gate: pd.DataFrame) -> str:
    """Tell how a gate was passed."""
    failed = int((~gate["is_passed"]).sum())
    held = gate["coverage_90"]
    how = "passed" if not failed else f"not passed by {failed:,} of {len(gate):,}"
    shares = f"{100 * held.min():.0f} to {100 * held.max():.0f} %"
    return f"{how}, 90 % intervals hold {shares} of {_truths(gate):,} truths"


def _truths(gate: pd.DataFrame) -> int:
    """Count the truths behind a gate."""
    return int(gate["truths"].iloc[0])
