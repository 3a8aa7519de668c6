"""Learned summaries: what facts say of forecasts and parameters, by ridge regression.

The outcomes (forecasts and parameters, as normal scores) are regressed on the facts;
the fitted outcomes of reduced rank are the summaries. So two members lie as far apart
as the forecasts and parameters that their facts lead to. A member is summarised by a
regression that has not seen it, nor what shares its past: if the same members train and
serve, intervals come out too narrow.

References
----------
Fearnhead and Prangle (2012), Constructing summary statistics for approximate Bayesian
computation. Reinsel and Velu (1998), Multivariate reduced-rank regression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.conditioning.features import fit_features

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Values = NDArray[np.float64] | NDArray[np.float32]

FOLDS: Final = 2
"""Parts of a pool; each is summarised by what the other teaches. More tell no more."""
_PENALTIES: Final = (1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 10.0, np.inf)
"""Penalties tried, per member; under the last an outcome learns nothing."""
_MOST_DIRECTIONS: Final = 12
"""Summaries kept; between 6 and 20 forecasts of a pool scored alike."""
_FITTED_SHARE: Final = 0.99
"""Share of the fitted variance beyond which directions are noise of the fit."""
_MOST_CELLS: Final = 2**22
"""Outcomes are brought to scores so many at a time, for the sake of memory."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums of products over the members of each fold: all that a regression needs."""

    members: NDArray[np.int64]
    """Members in each fold."""
    gram: Floats
    """Of features, shape (fold, feature, feature)."""
    cross: Floats
    """Of features and outcomes, shape (fold, feature, outcome)."""
    squares: Floats
    """Of outcomes, shape (fold, outcome)."""
    column: NDArray[np.int64]
    """Number of the column of values behind each outcome."""

    def with_features(self, is_kept: NDArray[np.bool_]) -> Moments:
        """Keep some features only, as if the others were not known."""
        gram = self.gram[:, is_kept][:, :, is_kept]
        cross = self.cross[:, is_kept]
        return Moments(self.members, gram, cross, self.squares, self.column)


@dataclass(frozen=True, eq=False)
class Learned:
    """Summaries by facts."""

    coefficients: Floats
    """Shape (fold, feature, direction); a fold's are learned without its members."""
    penalties: Floats
    """Penalty of each outcome, per member."""
    shares: Floats
    """Share of the variance of each outcome that facts tell, out of fold."""

    def of_pool(self, features: Floats, folds: NDArray[np.int64]) -> Floats:
        """Summarise members of the pool, each by what the other folds teach."""
        summaries = np.empty((len(features), self.coefficients.shape[2]))
        for fold, own in enumerate(self.coefficients):
            summaries[folds == fold] = features[folds == fold] @ own
        return summaries

    def of_others(self, features: Floats) -> Floats:
        """Summarise what is not of the pool, as the facts that were reported."""
        return np.asarray(features @ self.coefficients.mean(axis=0))


def split_folds(ancestors: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each member a fold, and those of one ancestor the same one."""
    return np.unique(ancestors, return_inverse=True)[1] % FOLDS


def add_up(features: Floats, outcomes: Values, folds: NDArray[np.int64]) -> Moments:
    """Add up what a regression of outcomes on features needs, by fold."""
    parts = [np.flatnonzero(folds == fold) for fold in range(FOLDS)]
    gram = np.stack([features[part].T @ features[part] for part in parts])
    cross, squares, columns = [], [], []
    for column, scores in _outcome_scores(outcomes):
        cross.append([features[part].T @ scores[part] for part in parts])
        squares.append([(scores[part] ** 2).sum(axis=0) for part in parts])
        columns.append(column)
    return Moments(
        np.array([len(part) for part in parts]),
        gram,
        np.concatenate(cross, axis=2),
        np.concatenate(squares, axis=1),
        np.concatenate(columns),
    )


def _outcome_scores(outcomes: Values) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """Bring some outcomes at a time to normal scores, with the number of each."""
    members, count = outcomes.shape
    step = max(1, _MOST_CELLS // members)
    for first in range(0, count, step):
        part = outcomes[:, first : first + step].astype(np.float64)
        scores = fit_features(part)
        yield first + scores.column, scores.transform(part)


def learn(
    moments: Moments, importance: Floats, penalties: Floats | None = None
) -> Learned:
    """Learn summaries; each outcome counts by its importance, shape (outcome)."""
    folds = [_Fold.of(moments, fold) for fold in range(FOLDS)]
    whole = moments.squares.sum(axis=0)
    if penalties is None:
        errors = np.stack(
            [sum(fold.error(penalty) for fold in folds) for penalty in _PENALTIES]
        )
        penalties = np.array(_PENALTIES)[errors.argmin(axis=0)]
    error = sum(fold.error(penalties) for fold in folds)
    fitted = np.stack([fold.coefficients(penalties) for fold in folds])
    fitted *= np.sqrt(importance)
    directions = _directions(moments, fitted.mean(axis=0))
    is_varied = whole > 0.0  # among the members that train
    shares = 1.0 - np.divide(error, whole, where=is_varied, out=np.ones_like(whole))
    return Learned(fitted @ directions, penalties, shares)


def _directions(moments: Moments, coefficients: Floats) -> Floats:
    """Find the directions in which fitted outcomes differ, (outcome, direction)."""
    variance = moments.gram.sum(axis=0) / moments.members.sum()
    values, vectors = np.linalg.eigh(variance)
    root = np.sqrt(np.maximum(values, 0.0))[:, None] * vectors.T
    _, sizes, directions = np.linalg.svd(root @ coefficients, full_matrices=False)
    if not len(sizes):  # no fact in which members differ tells nothing
        return np.zeros((coefficients.shape[1], 0))
    reached = np.cumsum(sizes**2) >= _FITTED_SHARE * (sizes**2).sum()
    kept = min(int(reached.argmax()) + 1, _MOST_DIRECTIONS)
    return np.asarray(directions[:kept].T)


@dataclass(frozen=True, eq=False)
class _Fold:
    """A ridge regression on all members but those of a fold, in its own axes."""

    axes: Floats
    curvature: Floats
    """Sum of squares along each axis."""
    others: int
    cross: Floats
    """Of axes and outcomes over the other folds."""
    own_gram: Floats
    own_cross: Floats
    own_squares: Floats

    @classmethod
    def of(cls, moments: Moments, fold: int) -> _Fold:
        """Turn the sums of the other folds to their axes."""
        gram, cross = moments.gram, moments.cross
        curvature, axes = np.linalg.eigh(gram.sum(axis=0) - gram[fold])
        return cls(
            axes,
            np.maximum(curvature, 0.0),
            int(moments.members.sum() - moments.members[fold]),
            axes.T @ (cross.sum(axis=0) - cross[fold]),
            axes.T @ gram[fold] @ axes,
            axes.T @ cross[fold],
            moments.squares[fold],
        )

    def _along_axes(self, penalty: Floats | float) -> Floats:
        """Solve for the coefficients along the axes."""
        weight = np.multiply(penalty, self.others)
        return np.asarray(self.cross / (self.curvature[:, None] + weight))

    def error(self, penalty: Floats | float) -> Floats:
        """Add up squared errors for the members of the fold, by outcome."""
        solved = self._along_axes(penalty)
        twice = 2.0 * (solved * self.own_cross).sum(axis=0)
        fitted = (solved * (self.own_gram @ solved)).sum(axis=0)
        return np.asarray(self.own_squares - twice + fitted)

    def coefficients(self, penalty: Floats) -> Floats:
        """Give the coefficients by feature, shape (feature, outcome)."""
        return np.asarray(self.axes @ self._along_axes(penalty))
