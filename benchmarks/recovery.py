"""Recover the state of simulated truths from Mali's own facts, and forecast from it.

    python benchmarks/recovery.py [--members N] [--truths N]

Members held out of a pool stand for the truth, each in its turn: of it the facts of
Mali are told as they were told of the country, with the errors of reports. Four
forecasts of what then becomes of it, by ensembles of 100 members each:

prior
    Members of the pool, whatever was told.
parameters alone
    Parameters are conditioned on the facts, moved by regression as a refresh moves
    them, and members with these parameters are simulated anew, on other luck: the state
    on the cut-off is forgotten.
conditioned
    Members of the pool chosen by the facts, with their parameters, luck and state.
and moved
    The same members with their state on the cut-off, that live on with fresh luck and
    the moved parameters.

The score is the CRPS (of what does or does not happen it is Brier's), a mean over the
labels and weeks of a series: up to 60 days after the cut-off, and over 26 weeks. A
first day that does not come counts as the last day of the 26 weeks. Beside it stands
what part of another forecast's score is saved, with 90 % intervals over the truths.
"""

# ruff: noqa: PD011 - Summaries have values too

from __future__ import annotations

import argparse
import warnings
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.forecast_series import days_for, forecast_values
from supplyline.analysis.scores import crps
from supplyline.case.case import load_case
from supplyline.conditioning.facts import read_facts
from supplyline.conditioning.headlines import headline_values
from supplyline.conditioning.pool import Setting, simulate_pool
from supplyline.conditioning.refresh import live_on, moved_params
from supplyline.conditioning.study import study_pool
from supplyline.conditioning.weights import resample, weigh
from supplyline.engine.summaries import simulate_summaries
from supplyline.errors import SupplylineWarning
from supplyline.forecasts.bootstrap import skill

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.conditioning.study import Study

    Floats = NDArray[np.float64]

WEEKS: Final = 26
SOON: Final = 60
"""Days after the cut-off of the nearer forecast."""
ENSEMBLE: Final = 100
"""Members of each forecast."""
SEED: Final = 1


class Chosen(NamedTuple):
    """What the facts of one truth lead to."""

    truth: int
    """Its number in the pool."""
    members: NDArray[np.int64]
    params: pd.DataFrame


def choose(study: Study, truths: NDArray[np.int64]) -> list[Chosen]:
    """Choose members and move parameters by the facts of each truth."""
    chosen = []
    for truth in truths:
        observed = study.summaries[truth]
        weights = np.zeros(len(study.is_truth))
        weights[~study.is_truth] = weigh(
            study.summaries[~study.is_truth], observed, study.nearest
        )
        name = f"recovery/{truth}"
        members = resample(weights, ENSEMBLE, SEED, name)
        params = moved_params(study, observed, weights, members, SEED, name)
        chosen.append(Chosen(int(truth), members, params))
    return chosen


def live_anew(setting: Setting, chosen: list[Chosen], first: int) -> Floats:
    """Simulate members with moved parameters on other luck, (truth, member, column)."""
    params = pd.concat([one.params for one in chosen], ignore_index=True)
    numbers = range(first, first + len(params))
    params.index = pd.RangeIndex(numbers)
    made = simulate_summaries(
        setting.case,
        {"forecasts": partial(forecast_values, origin=setting.origin)},
        members=numbers,
        params=params,
        days=setting.days,
        seed=setting.seed,
    )
    return by_truth(made.values["forecasts"], len(chosen))


def live_on_moved(setting: Setting, chosen: list[Chosen]) -> Floats:
    """Let chosen members live on with moved parameters, (truth, member, column)."""
    params = pd.concat([one.params for one in chosen], ignore_index=True)
    members = np.concatenate([one.members for one in chosen])
    first_day = (setting.origin - setting.case.config.start).days + 1
    made = simulate_summaries(
        setting.case,
        {"forecasts": partial(forecast_values, origin=setting.origin)},
        lineage=live_on(None, members, first_day, 0, params),
        days=setting.days,
        seed=setting.seed,
    )
    return by_truth(made.values["forecasts"], len(chosen))


def by_truth(forecasts: pd.DataFrame, truths: int) -> Floats:
    """Lay forecasts out by truth, shape (truth, member, column)."""
    return never_at_end(forecasts.to_numpy()).reshape(truths, ENSEMBLE, -1)


def never_at_end(forecasts: Floats) -> Floats:
    """Count a day that does not come as the last one."""
    return np.where(np.isnan(forecasts), 7 * WEEKS, forecasts)


def score(
    study: Study, chosen: list[Chosen], simulated: dict[str, Floats]
) -> dict[str, Floats]:
    """Score the forecasts of each truth, shape (truth, column)."""
    forecasts = never_at_end(study.pool.forecasts.to_numpy())
    prior = np.flatnonzero(~study.is_truth)
    scores: dict[str, list[Floats]] = {}
    for number, one in enumerate(chosen):
        # other members each time: all truths must not have the same few
        first = number * ENSEMBLE
        members = np.take(prior, np.arange(first, first + ENSEMBLE), mode="wrap")
        ensembles = {
            "prior": forecasts[members],
            "conditioned": forecasts[one.members],
            **{name: each[number] for name, each in simulated.items()},
        }
        for name, values in ensembles.items():
            scores.setdefault(name, []).append(crps(values, forecasts[one.truth]))
    return {name: np.stack(each) for name, each in scores.items()}


def table(
    scores: dict[str, Floats], columns: pd.Index[str], last: pd.Timestamp
) -> pd.DataFrame:
    """Average scores by series, over dates up to the last."""
    is_held = columns.get_level_values("date") <= last
    series = columns.get_level_values("series")
    lines = {}
    for name in series[is_held].unique():
        is_own = is_held & (series == name)
        means = {key: each[:, is_own].mean(axis=1) for key, each in scores.items()}
        line: dict[str, object] = {"prior": f"{means['prior'].mean():.3g}"}
        for own, other in (
            ("parameters alone", "prior"),
            ("conditioned", "prior"),
            ("and moved", "prior"),
            ("conditioned", "parameters alone"),
            ("and moved", "parameters alone"),
        ):
            told = skill(means[own], means[other], name=f"{name}/{own}/{other}")
            text = f"{told.value:.2f} ({told.low:.2f} to {told.high:.2f})"
            line[f"{own} over {other}"] = text
        lines[name] = line
    return pd.DataFrame(lines).T


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--members", type=int, default=12_000)
    parser.add_argument("--truths", type=int, default=200)
    asked = parser.parse_args()
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    facts, cutoff = read_facts(case), case.config.cutoff
    setting = Setting(case, facts, cutoff, days_for(case, WEEKS), SEED, None, None)
    pool = simulate_pool(setting, asked.members)
    used = tuple(facts.index[facts["use"] == "condition"])
    study = study_pool(pool, used, headline_values(case, pool.forecasts))
    chosen = choose(study, np.flatnonzero(study.is_truth)[: asked.truths])
    simulated = {
        "parameters alone": live_anew(setting, chosen, asked.members),
        "and moved": live_on_moved(setting, chosen),
    }
    scores = score(study, chosen, simulated)
    columns = pool.forecasts.columns
    soon = pd.Timestamp(cutoff) + pd.Timedelta(days=SOON)
    for last in (soon, columns.get_level_values("date").max()):
        print(f"to {last:%Y-%m-%d}: CRPS of the prior, and parts of it saved")
        print(table(scores, columns, last).to_string())


if __name__ == "__main__":
    main()
