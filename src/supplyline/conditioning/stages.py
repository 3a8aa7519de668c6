"""Stages: pools that are learned of and weighed, and live on to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from supplyline.conditioning.gate import Sample, gate_table
from supplyline.conditioning.headlines import headline_values
from supplyline.conditioning.pool import simulate_stage
from supplyline.conditioning.refresh import live_on, moved_params
from supplyline.conditioning.study import study_pool
from supplyline.conditioning.trial import place_in
from supplyline.conditioning.weights import effective, resample, weigh
from supplyline.errors import ConditioningError

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from supplyline.conditioning.pool import Pool
    from supplyline.conditioning.study import Study
    from supplyline.conditioning.task import Task

    Floats = NDArray[np.float64]

STEP_TRUTHS: Final = 20
"""Truths that the refresh is tried on: each needs pools of its own."""
STEP_POOL: Final = 2_000
"""Members of such a pool at most."""
_FEWEST_PASTS: Final = 50
"""Members with pasts of their own that are learned of at least."""


class Weighed(NamedTuple):
    """Members of a pool with their weights."""

    study: Study
    observed: Floats
    """Summary of what was reported."""
    weights: Floats


class Way(NamedTuple):
    """How members come from the first refresh to the origin."""

    reported: pd.Series[float]
    steps: tuple[date, ...]
    members: int
    name: str
    left_out: int | None
    """Member of the first pool that may not be chosen: the truth of a trial."""


def learn_stage(task: Task, pool: Pool, since: date, until: date) -> Study:
    """Learn of a pool what the facts between two days tell.

    Those before have chosen its members: by them, copies of the few pasts that are
    nearest would be chosen again.
    """
    if (pasts := len(np.unique(pool.ancestors))) < _FEWEST_PASTS:
        expected = f"{_FEWEST_PASTS} or more, by a larger pool or fewer steps"
        message = f"only {pasts} pasts are left by {until}; expected {expected}"
        raise ConditioningError(message)
    headlines = headline_values(task.setting.case, pool.forecasts)
    return study_pool(pool, task.used(since, until), headlines)


def weigh_stage(study: Study, reported: pd.Series[float]) -> Weighed:
    """Weigh the members of a pool by what was reported."""
    observed = study.summary_of(reported)
    return Weighed(study, observed, weigh(study.summaries, observed, study.nearest))


def live_through(task: Task, early: Study, way: Way) -> tuple[Weighed, list[float]]:
    """Refresh members on each day; give those at the origin, and effective numbers.

    `early` has learned of the facts by the first of the days.
    """
    setting, study, counts = task.setting, early, []
    for step, day in enumerate(way.steps):
        weighed = weigh_stage(study, way.reported)
        weights = weighed.weights
        if step == 0 and way.left_out is not None:
            weights[way.left_out] = 0.0
            weights /= weights.sum()
        counts.append(effective(weights))
        entity = f"{way.name}{day}"
        chosen = resample(weights, way.members, setting.seed, entity)
        params = moved_params(*weighed, chosen, setting.seed, entity)
        before = study.pool.lineage
        lineage = live_on(before, chosen, task.day_after(day), step, params)
        stage = simulate_stage(setting, study.pool, chosen, lineage)
        until = (*way.steps, setting.origin)[step + 1]
        study = learn_stage(task, stage, day, until)
    return weigh_stage(study, way.reported), counts


def try_steps(
    task: Task, first: Study, early: Study, steps: tuple[date, ...]
) -> pd.DataFrame:
    """Take members for the truth, and refresh by the facts of each."""
    truths = np.flatnonzero(first.is_truth)[:STEP_TRUTHS]
    places = []
    for number in truths:
        reported = first.pool.reports.iloc[number].astype(np.float64)
        members = min(STEP_POOL, task.pool)
        way = Way(reported, steps, members, f"{number}/", int(number))
        weighed, _ = live_through(task, early, way)
        truth = Sample(weighed.observed[None], first.outcomes[[number]])
        luck = (task.setting.seed, f"steps/{number}")
        drawn = first.pool.drawn.iloc[[number]]
        places.append(place_in(weighed.study, truth, drawn, luck))
    return gate_table(np.concatenate(places), first.names)
