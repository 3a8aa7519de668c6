"""The gate: members held out of the pool are taken for the truth, each in its turn.

What is conditioned on the facts of a truth must hold it as often as it says: the place
of the truth among the weighted members is then uniform between 0 and 1.

References
----------
Talts, Betancourt, Simpson, Vehtari and Gelman (2018), Validating Bayesian inference
algorithms with simulation-based calibration. Massart (1990), the tight constant in the
Dvoretzky-Kiefer-Wolfowitz inequality, for the bound of the distance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.scores import crps, pit
from supplyline.conditioning.weights import adjust, weigh
from supplyline.engine.draws import member_uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Values = NDArray[np.float64] | NDArray[np.float32]

COVERAGES: Final = (0.9, 0.8, 0.5)
"""Intervals whose coverage is told; the first must pass."""
_MOST_OFF: Final = 0.05
"""How far the coverage of the 90 % interval may be from 0.90."""
_BOUND: Final = 4.9
"""Standard errors: one of a million right quantities is further off by bad luck."""
_CHANCE: Final = 1e-6
"""Chance that the places of a right quantity are further from uniform."""


class Sample(NamedTuple):
    """Members with the summaries of their facts, and what became of them."""

    summaries: Floats
    """Shape (member, direction)."""
    outcomes: Values
    """Shape (member, outcome)."""


def places_of_truths(
    pool: Sample,
    truths: Sample,
    is_adjusted: NDArray[np.bool_],
    nearest: int,
    luck: tuple[int, str],
) -> Floats:
    """Find the place of each truth among members weighed by its facts.

    Outcomes that are adjusted are given as normal scores. What is equal to a truth is
    parted from it by luck: a seed, and a name. Shape (truth, outcome).
    """
    places = np.empty(truths.outcomes.shape)
    for number, (summary, truth) in enumerate(zip(*truths, strict=True)):
        weights = weigh(pool.summaries, summary, nearest)
        near = np.flatnonzero(weights)
        weights, members = weights[near], pool.outcomes[near].astype(np.float64)
        members[:, is_adjusted] = adjust(
            members[:, is_adjusted], pool.summaries[near], summary, weights
        )
        seed, name = luck
        parted = member_uniforms(seed, "gate", f"{name}/{number}", range(len(truth)))
        places[number] = pit(never_last(members), never_last(truth), parted, weights)
    return places


def scores_of_truths(pool: Sample, truths: Sample, nearest: int) -> Floats:
    """Score forecasts of each truth by the CRPS, shape (truth, outcome)."""
    scores = np.empty(truths.outcomes.shape)
    for number, (summary, truth) in enumerate(zip(*truths, strict=True)):
        weights = weigh(pool.summaries, summary, nearest)
        near = np.flatnonzero(weights)
        scores[number] = crps(pool.outcomes[near], truth, weights[near])
    return scores


def never_last(values: Values) -> Values:
    """Put what never happens after all else, as a day that is not reached."""
    return np.where(np.isnan(values), np.inf, values)


def gate_table(places: Floats, names: pd.Index) -> pd.DataFrame:
    """Hold the places of the truths against a uniform, a row for each outcome."""
    count = len(places)
    table = pd.DataFrame({"truths": count}, index=names)
    for coverage in COVERAGES:
        is_held = np.abs(places - 0.5) <= 0.5 * coverage
        table[f"coverage_{100 * coverage:.0f}"] = is_held.mean(axis=0)
    table["distance"] = _distance(places)
    table["chance"] = _chance_of_distance(table["distance"].to_numpy(), count)
    off = (table["coverage_90"] - COVERAGES[0]).abs()
    error = np.sqrt(COVERAGES[0] * (1.0 - COVERAGES[0]) / count)
    is_held = off <= max(_MOST_OFF, _BOUND * error)
    table["is_passed"] = is_held & (table["chance"] >= _CHANCE)
    return table


def _distance(places: Floats) -> Floats:
    """Find how far the shares below are from those of a uniform at most."""
    count = len(places)
    ordered = np.sort(places, axis=0)
    after = (np.arange(1, count + 1) / count)[:, None]
    return np.asarray(
        np.maximum(after - ordered, ordered - after + 1.0 / count).max(axis=0)
    )


def _chance_of_distance(distance: Floats, count: int) -> Floats:
    """Bound the chance that places of a right quantity are as far from uniform."""
    return np.minimum(1.0, 2.0 * np.exp(-2.0 * count * distance**2))
