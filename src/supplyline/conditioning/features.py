"""Normal scores: values of any shape and unit as features of a regression.

A column of the pool gives the normal score of its rank and, where members differ in it,
whether it has no value: what never happens is information too. Squares and products of
scores were tried and told no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.quantiles import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Features:
    """What turns columns of values into features of mean 0 and variance 1."""

    curves: tuple[tuple[Floats, Floats], ...]
    """Values of each column in the pool, and the normal score of each."""
    is_varied: NDArray[np.bool_]
    """Which of the possible features differ between members of the pool."""
    mean: Floats
    deviation: Floats

    @property
    def column(self) -> NDArray[np.int64]:
        """Number the column behind each feature."""
        return np.repeat(np.arange(len(self.curves)), 2)[self.is_varied]

    def transform(self, values: Floats) -> Floats:
        """Turn values, shape (member, column), into features, (member, feature)."""
        features = _features(self.curves, values)
        return (features[:, self.is_varied] - self.mean) / self.deviation


def fit_features(values: Floats) -> Features:
    """Learn from the pool, shape (member, column), how its values are spread."""
    curves = tuple(_curve(column) for column in values.T)
    features = _features(curves, values)
    is_varied = np.ptp(features, axis=0) > 0
    varied = features[:, is_varied]
    return Features(curves, is_varied, varied.mean(axis=0), varied.std(axis=0))


def _curve(column: Floats) -> tuple[Floats, Floats]:
    """Give each value of a column the normal score of its middle rank."""
    known, counts = np.unique(column[~np.isnan(column)], return_counts=True)
    if not len(known):
        return np.zeros(1), np.zeros(1)
    ranks = (np.cumsum(counts) - 0.5 * counts) / counts.sum()
    return known.astype(np.float64), normal_quantile(ranks)


def _features(curves: tuple[tuple[Floats, Floats], ...], values: Floats) -> Floats:
    """Lay out all features that each column may have."""
    features = np.empty((len(values), 2 * len(curves)))
    for number, (curve, column) in enumerate(zip(curves, values.T, strict=True)):
        is_missing = np.isnan(column)
        features[:, 2 * number] = np.where(is_missing, 0.0, np.interp(column, *curve))
        features[:, 2 * number + 1] = is_missing
    return features
