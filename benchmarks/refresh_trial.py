"""Try the stepwise refresh on simulated truths, beside weighing all facts in one step.

    python benchmarks/refresh_trial.py [--pool N] [--members N] [--truths N]
        [--step DAY]

Truths are held out of a pool of Mali; of each the facts of Mali are told as they were
told of the country. In one step the pool is weighed by all facts. Stepwise it is
weighed by those to a day amid them; members are chosen, live on with fresh luck and
moved parameters, and are weighed by the facts after that day. Scored are the headlines:
the CRPS as a share of the prior's, and what 90 and 80 % intervals hold.
"""

from __future__ import annotations

import argparse
import time
import warnings
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from recovery import WEEKS

from supplyline.analysis.forecast_series import days_for
from supplyline.analysis.scores import crps, is_covered
from supplyline.case.case import load_case
from supplyline.conditioning.facts import observed_values, read_facts
from supplyline.conditioning.pool import Setting, simulate_pool
from supplyline.conditioning.stages import Way, learn_stage, live_through
from supplyline.conditioning.task import Task
from supplyline.conditioning.weights import effective, weigh
from supplyline.errors import SupplylineWarning

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.conditioning.study import Study

    Floats = NDArray[np.float64]

LEVELS: Final = (0.9, 0.8)
SEED: Final = 1


def scores(
    name: str, study: Study, weights: Floats | None, came: Floats
) -> list[dict[str, object]]:
    """Score the headlines of weighed members, a row for each."""
    is_headline = study.of_kind("headline")
    used = ~study.is_truth if weights is None else weights > 0
    members = never_at_end(study.outcomes[used][:, is_headline])
    own = None if weights is None else weights[used]
    scored = {"crps": crps(members, came, own)}
    for level in LEVELS:
        scored[f"held {level:.0%}"] = is_covered(members, came, level, own).astype(
            float
        )
    names = study.names[is_headline].get_level_values("name")
    frame = pd.DataFrame(scored).assign(of=name, headline=names)
    return list(frame.to_dict("records"))


def never_at_end(values: Floats) -> Floats:
    """Count what does not come as the last day."""
    return np.where(np.isnan(values), 7.0 * WEEKS, values)


def one_step(first: Study, truth: int) -> Floats:
    """Weigh members of the pool by all facts of a truth."""
    weights = np.zeros(len(first.is_truth))
    others = ~first.is_truth
    near = weigh(first.summaries[others], first.summaries[truth], first.nearest)
    weights[others] = near
    return weights


def try_truths(task: Task, step: date, truths: int) -> tuple[pd.DataFrame, Floats]:
    """Score both ways on every truth; give the scores, and effective numbers."""
    pool = simulate_pool(task.setting, task.pool)
    first = learn_stage(task, pool, task.start, task.setting.origin)
    early = learn_stage(task, pool, task.start, step)
    is_headline = first.of_kind("headline")
    rows, counts = [], []
    for truth in np.flatnonzero(first.is_truth)[:truths]:
        came = never_at_end(first.outcomes[truth, is_headline])
        reported = pool.reports.iloc[truth].astype(np.float64)
        way = Way(reported, (step,), task.members, f"{truth}/", int(truth))
        weighed, [at_step] = live_through(task, early, way)
        weights = one_step(first, int(truth))
        rows += scores("prior", first, None, came)
        rows += scores("one step", first, weights, came)
        rows += scores("stepwise", weighed.study, weighed.weights, came)
        counts.append((effective(weights), at_step, effective(weighed.weights)))
    return pd.DataFrame(rows), np.array(counts).mean(axis=0)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pool", type=int, default=12_000)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--truths", type=int, default=20)
    parser.add_argument("--step", type=date.fromisoformat, default=date(2025, 11, 10))
    asked = parser.parse_args()
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    facts, cutoff = read_facts(case), case.config.cutoff
    setting = Setting(case, facts, cutoff, days_for(case, WEEKS), SEED, None, None)
    reported = observed_values(facts)
    began = time.perf_counter()
    task = Task(setting, reported, asked.pool, asked.members, began, None)
    scored, counts = try_truths(task, asked.step, asked.truths)
    means = scored.pivot_table("crps", "headline", "of", sort=False)
    print(means.div(means["prior"], axis="index").round(2).to_string())
    held = [f"held {level:.0%}" for level in LEVELS]
    print(scored.groupby("of", sort=False)[held].mean().round(3).to_string())
    told = ", ".join(f"{count:,.0f}" for count in counts)
    print(f"effective members in one step, at the step, at the origin: {told}")


if __name__ == "__main__":
    main()
