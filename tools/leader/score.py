"""Scores of chances against what happened, with bootstrap over whole countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from collections.abc import Mapping

DRAWS: Final = 1_000
SEED: Final = 20171231
LEVELS: Final = (0.05, 0.95)
"""Ends of a 90 % interval."""
SLOPE_STEPS: Final = 100
SLOPE_TOLERANCE: Final = 1e-9
LEAST_CHANCE: Final = 1e-6
"""Published forests give 0 to some; a log score needs a chance."""

Scores = dict[str, float]


def roc_auc(chance: np.ndarray, happened: np.ndarray, weight: np.ndarray) -> float:
    """Give the chance that an event is ranked above a calm row, ties counting half.

    Parameters
    ----------
    chance
        Chance per row.
    happened
        1 where the event happened.
    weight
        Times the row counts.

    Returns
    -------
    float
        Area under the receiver operating characteristic.
    """
    _, group = np.unique(chance, return_inverse=True)
    events = np.bincount(group, weight * happened)
    calm = np.bincount(group, weight * (1 - happened))
    below = calm.cumsum() - calm
    return float((events * (below + calm / 2)).sum() / (events.sum() * calm.sum()))


def pr_auc(chance: np.ndarray, happened: np.ndarray, weight: np.ndarray) -> float:
    """Average the precision over the events, from the highest chance down.

    Parameters
    ----------
    chance
        Chance per row.
    happened
        1 where the event happened.
    weight
        Times the row counts.

    Returns
    -------
    float
        Average precision.
    """
    _, group = np.unique(-chance, return_inverse=True)
    events = np.bincount(group, weight * happened)
    rows = np.bincount(group, weight).cumsum()
    found = events.cumsum()
    precision = np.divide(found, rows, out=np.zeros_like(found), where=rows > 0)
    return float((events * precision).sum() / found[-1])


def calibration_slope(
    chance: np.ndarray, happened: np.ndarray, weight: np.ndarray
) -> float:
    """Regress what happened on the log odds of the chance, by logistic regression.

    Parameters
    ----------
    chance
        Chance per row.
    happened
        1 where the event happened.
    weight
        Times the row counts.

    Returns
    -------
    float
        Slope: 1 if right, under 1 if the chances are too far apart.
    """
    odds = np.log(chance / (1 - chance))
    x = np.column_stack([np.ones_like(odds), odds])
    value = np.array([0.0, 1.0])
    for _ in range(SLOPE_STEPS):
        fitted = expit(x @ value)
        information = (x.T * (weight * fitted * (1 - fitted))) @ x
        step = np.linalg.solve(information, x.T @ (weight * (happened - fitted)))
        value += step * 2.0 / max(2.0, np.abs(step).max())
        if np.abs(step).max() < SLOPE_TOLERANCE:
            return float(value[1])
    return float("nan")


def scores(
    chance: np.ndarray,
    happened: np.ndarray,
    bases: Mapping[str, np.ndarray],
    weight: np.ndarray,
) -> Scores:
    """Score chances in all ways.

    Parameters
    ----------
    chance
        Chance per row.
    happened
        1 where the event happened.
    bases
        Chances of plainer forecasts, to be beaten in Brier score.
    weight
        Times the row counts.

    Returns
    -------
    dict of str to float
        Scores by name.
    """
    chance = np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE)
    told = np.where(happened == 1, chance, 1 - chance)
    brier = np.average((chance - happened) ** 2, weights=weight)
    mean = np.average(happened, weights=weight)
    made: Scores = {
        "roc_auc": roc_auc(chance, happened, weight),
        "pr_auc": pr_auc(chance, happened, weight),
        "log_score": float(np.average(-np.log(told), weights=weight)),
        "brier": float(brier),
        "slope": calibration_slope(chance, happened, weight),
        "expected_per_observed": float(np.average(chance, weights=weight) / mean),
        # the mean of the test itself is known only afterwards
        "skill_vs_hindsight_mean": float(1 - brier / (mean * (1 - mean))),
    }
    for name, base in bases.items():
        plain = np.average((base - happened) ** 2, weights=weight)
        made[f"skill_vs_{name}"] = float(1 - brier / plain)
    return made


def with_intervals(
    chance: np.ndarray,
    happened: np.ndarray,
    bases: Mapping[str, np.ndarray],
    country: np.ndarray,
    draws: int = DRAWS,
) -> dict[str, list[float]]:
    """Score chances, with the spread over which countries happen to be in the test.

    Parameters
    ----------
    chance
        Chance per row.
    happened
        1 where the event happened.
    bases
        Chances of plainer forecasts.
    country
        Country of each row; countries are drawn whole.
    draws
        Number of draws.

    Returns
    -------
    dict of str to list of float
        Score and the ends of its 90 % interval, by name.
    """
    _, member = np.unique(country, return_inverse=True)
    count = member.max() + 1
    point = scores(chance, happened, bases, np.ones(len(chance)))
    random = np.random.default_rng(SEED)
    drawn = []
    for _ in range(draws):
        picks = np.bincount(random.integers(count, size=count), minlength=count)
        weight = picks[member].astype(float)
        if (weight * happened).sum() > 0:
            drawn.append(scores(chance, happened, bases, weight))
    ends = {
        name: np.nanquantile([draw[name] for draw in drawn], LEVELS) for name in point
    }
    return {name: [point[name], *map(float, ends[name])] for name in point}
