"""Scores of an ensemble against what came: the lower, the better.

`values` has its members along the first axis and what was forecast along the others,
the shape of `observed`; `weights` has one weight a member, alike where there is none.
CRPS, interval score and width are in the unit of the value, ignorance is in bits;
docs/model/scores.md has the formulas. A missing value gives a missing score: whoever
asks says first what a member in which the thing never happens counts as.

References
----------
Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation:
the CRPS (eq. 21), the interval score (eq. 43), Brier's and the logarithmic score.
Czado, Gneiting and Held (2009), Predictive model assessment for count data: the PIT.
Bracher and others (2021), Evaluating epidemic forecasts in an interval format: the
weighted interval score.
Hegre and others (2025), The 2023/24 VIEWS prediction challenge: bins of the ignorance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

Floats = NDArray[np.float64]

COUNT_EDGES: Final = (0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
"""Edges between the bins in which the VIEWS challenge scores counts."""
SHARE_EDGES: Final = tuple(k / 10 for k in range(1, 10))
"""Edges between tenths of a whole."""
AMOUNT_EDGES: Final = tuple(10 ** (k / 10) for k in range(-20, 71))
"""Edges between steps of a quarter (a tenth of a decade), 0.01 to ten million."""


def crps(
    values: ArrayLike, observed: ArrayLike, weights: Floats | None = None
) -> Floats:
    """Give the continuous ranked probability score of the members as they stand."""
    # sum w |x - y| - sum sum w w' |x - x'| / 2, the second from the ordered members
    distance = np.asarray(values, np.float64) - np.asarray(observed, np.float64)
    order = np.argsort(distance, axis=0)
    ordered = np.take_along_axis(distance, order, axis=0)
    weight = _weights(weights, distance)[order]
    among = 2 * np.cumsum(weight, axis=0) - weight - 1
    return np.asarray((weight * (np.abs(ordered) - ordered * among)).sum(axis=0))


def cramer_distance(
    values: ArrayLike,
    others: ArrayLike,
    weights: Floats | None = None,
    other_weights: Floats | None = None,
) -> Floats:
    """Integrate the squared difference of the distributions of two ensembles."""
    first, second = np.asarray(values, np.float64), np.asarray(others, np.float64)
    joined = np.concatenate([first, second])
    step = np.concatenate([_weights(weights, first), -_weights(other_weights, second)])
    order = np.argsort(joined, axis=0)
    ordered = np.take_along_axis(joined, order, axis=0)
    difference = np.cumsum(step[order], axis=0)[:-1]
    return np.asarray((difference**2 * np.diff(ordered, axis=0)).sum(axis=0))


def ignorance(
    values: ArrayLike,
    observed: ArrayLike,
    edges: Sequence[float],
    weights: Floats | None = None,
) -> Floats:
    """Give the bits by which the bin of what came was unexpected.

    The bins are those between the edges; each is given the part of one member more, so
    that none has a chance of 0. Of weighted members there are as many as are effective.
    """
    value = np.asarray(values, np.float64)
    seen = np.asarray(observed, np.float64)
    weight = _weights(weights, value)
    bins = np.searchsorted(edges, value, side="right")
    hit = np.searchsorted(edges, seen, side="right")
    members = 1 / (weight**2).sum()
    chance = _mean(bins == hit, weight)
    smoothed = (members * chance + 1) / (members + len(edges) + 1)
    is_missing = np.isnan(seen) | np.isnan(value).any(axis=0)
    return np.where(is_missing, np.nan, -np.log2(smoothed))


def quantiles(
    values: ArrayLike, levels: Sequence[float], weights: Floats | None = None
) -> Floats:
    """Give the least value that a share of the members does not exceed, level first."""
    value = np.asarray(values, np.float64)
    return np.asarray(
        np.quantile(value, levels, axis=0, weights=weights, method="inverted_cdf")
    )


def interval(
    values: ArrayLike, level: float, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """Give the ends of the middle of the members that holds a share of them."""
    low, high = quantiles(values, [(1 - level) / 2, (1 + level) / 2], weights)
    return low, high


def interval_score(
    values: ArrayLike,
    observed: ArrayLike,
    level: float,
    weights: Floats | None = None,
) -> Floats:
    """Add to the width of the interval what a miss costs, 2 / (1 - level) its gap."""
    low, high = interval(values, level, weights)
    seen = np.asarray(observed, np.float64)
    gap = np.maximum(low - seen, 0) + np.maximum(seen - high, 0)
    return np.asarray(high - low + 2 / (1 - level) * gap)


def is_covered(
    values: ArrayLike,
    observed: ArrayLike,
    level: float,
    weights: Floats | None = None,
) -> NDArray[np.bool_]:
    """Tell what lies in the interval; its mean is the coverage."""
    low, high = interval(values, level, weights)
    seen = np.asarray(observed, np.float64)
    return np.asarray((low <= seen) & (seen <= high))


def width(values: ArrayLike, level: float, weights: Floats | None = None) -> Floats:
    """Give the width of the interval: the less, the sharper."""
    low, high = interval(values, level, weights)
    return np.asarray(high - low)


def pinball(quantile: ArrayLike, level: ArrayLike, observed: ArrayLike) -> Floats:
    """Give what a quantile costs: the gap, by the chance of its own side."""
    gap = np.asarray(observed, np.float64) - np.asarray(quantile, np.float64)
    chance = np.asarray(level, np.float64)
    return np.asarray(np.maximum(chance * gap, (chance - 1) * gap))


def quantile_crps(
    quantile: ArrayLike, levels: Sequence[float], observed: ArrayLike
) -> Floats:
    """Give the CRPS as far as quantiles tell it, level first.

    Twice the mean of what they cost: the weighted interval score of their intervals
    and median, and the CRPS itself where there are ever more of them.
    """
    value = np.asarray(quantile, np.float64)
    level = np.reshape(levels, (-1, *[1] * (value.ndim - 1)))
    return np.asarray(2 * pinball(value, level, observed).mean(axis=0))


def brier(
    values: ArrayLike, happened: ArrayLike, weights: Floats | None = None
) -> Floats:
    """Square the chance, the mean of 0 and 1 over the members, less what happened."""
    value = np.asarray(values, np.float64)
    chance = _mean(value, _weights(weights, value))
    return np.asarray((chance - np.asarray(happened, np.float64)) ** 2)


def pit(
    values: ArrayLike,
    observed: ArrayLike,
    luck: ArrayLike,
    weights: Floats | None = None,
) -> Floats:
    """Place what came among the members, by luck from 0 to 1 among those equal to it.

    It counts as one of them, so that the place is uniform where it is drawn as they
    are, however few they are.
    """
    value = np.asarray(values, np.float64)
    seen = np.asarray(observed, np.float64)
    weight = _weights(weights, value)
    members = 1 / (weight**2).sum()
    below, equal = _mean(value < seen, weight), _mean(value == seen, weight)
    placed = members * below + np.asarray(luck) * (members * equal + 1)
    is_missing = np.isnan(seen) | np.isnan(value).any(axis=0)
    return np.where(is_missing, np.nan, placed / (members + 1))


def _weights(weights: Floats | None, values: Floats) -> Floats:
    """Give each member its weight, all together 1."""
    members = len(values)
    if weights is None:
        return np.full(members, 1 / members)
    if weights.shape != (members,):
        message = f"weights have shape {weights.shape}; expected ({members},)"
        raise ValueError(message)
    return np.asarray(weights / weights.sum())


def _mean(values: NDArray[np.bool_] | Floats, weights: Floats) -> Floats:
    """Average over the members."""
    return np.asarray(np.tensordot(weights, values, axes=1))
