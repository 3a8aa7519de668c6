"""A study of a pool: what facts tell of its members, learned once for all questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.conditioning.drawn import drawn_curves, drawn_scores
from supplyline.conditioning.features import fit_features
from supplyline.conditioning.gate import Sample
from supplyline.conditioning.learned import add_up, learn, split_folds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.conditioning.features import Features
    from supplyline.conditioning.learned import Learned, Moments
    from supplyline.conditioning.pool import Pool

    Floats = NDArray[np.float64]

TRUTHS: Final = 1_000
"""Members held out to be taken for the truth: the coverage of a 90 % interval is then
known to 0.01."""
_TRUTH_SHARE: Final = 0.2
"""Share of a small pool that is held out."""
_NEAREST_SHARE: Final = 1 / 30
"""Share of the pool that is weighed: of 1/8 to 1/120, forecasts of mali scored best."""
_FEWEST_NEAREST: Final = 100
"""Members that are weighed at least, in a small pool."""
_OF_NO_FOLD: Final = -1
_DRAWN_IMPORTANCE: Final = 0.3
"""Importance of what is drawn once, beside a forecast series with all its dates."""


@dataclass(frozen=True, eq=False)
class Study:
    """A pool with the summaries that were learned of it."""

    pool: Pool
    facts: tuple[str, ...]
    """Facts that members are weighed by."""
    features: Features
    pool_features: Floats
    is_truth: NDArray[np.bool_]
    """Members that are held out, to stand for the truth."""
    folds: NDArray[np.int64]
    outcomes: NDArray[np.float32]
    """Forecasts, then their headlines, then normal scores of what is drawn once."""
    names: pd.MultiIndex
    """Kind, name, label and date of each outcome."""
    moments: Moments
    learned: Learned

    @cached_property
    def summaries(self) -> Floats:
        """Summarise all members, each by what others teach."""
        return self.summarise(self.learned, self.pool_features)

    def summarise(self, learned: Learned, features: Floats) -> Floats:
        """Summarise all members by some features."""
        return np.where(
            self.is_truth[:, None],
            learned.of_others(features),
            learned.of_pool(features, self.folds),
        )

    def features_of(self, reported: pd.Series[float]) -> Floats:
        """Turn what was reported into features, shape (1, feature)."""
        values = np.array([reported[fact] for fact in self.facts], np.float64)
        return self.features.transform(values[None])

    def summary_of(self, reported: pd.Series[float]) -> Floats:
        """Summarise what was reported."""
        return np.asarray(self.learned.of_others(self.features_of(reported))[0])

    @property
    def nearest(self) -> int:
        """Count the members that are weighed."""
        return nearest_of(self.pool.members)

    def relearn(self, is_kept: NDArray[np.bool_]) -> Learned:
        """Learn of some features alone, as if the others were not known."""
        return learn(
            self.moments.with_features(is_kept),
            _importance(self.names, self.moments),
            self.learned.penalties,
        )

    def of_kind(self, kind: str) -> NDArray[np.bool_]:
        """Tell which outcomes are forecasts, headlines, or drawn once."""
        return np.asarray(self.names.get_level_values("kind") == kind)

    def trial(self, is_wanted: slice | NDArray[np.bool_]) -> tuple[Sample, Sample]:
        """Give the pool, from which no truth is chosen, and the truths.

        Only some outcomes are given.
        """
        outcomes, is_truth = self.outcomes[:, is_wanted], self.is_truth
        # endlessly far from any fact, and in their place: nothing need be copied
        others = np.where(is_truth[:, None], np.inf, self.summaries)
        truths = Sample(self.summaries[is_truth], outcomes[is_truth])
        return Sample(others, outcomes), truths

    @cached_property
    def shares(self) -> pd.Series[float]:
        """Share of the variance of each outcome that the facts tell."""
        shares = np.zeros(len(self.names))
        # a column may have two scores: the value, and whether there is one
        np.maximum.at(shares, self.moments.column, self.learned.shares)
        return pd.Series(shares, self.names)


def study_pool(pool: Pool, facts: tuple[str, ...], headlines: pd.DataFrame) -> Study:
    """Learn of a pool what facts tell of its forecasts and of what is drawn."""
    values = pool.reports[list(facts)].to_numpy(np.float64)
    features = fit_features(values)
    pool_features = features.transform(values)
    is_truth = _held_out(pool.ancestors)
    folds = split_folds(pool.ancestors)
    outcomes = _outcomes(pool, headlines)
    names = _names(pool, headlines)
    moments = add_up(pool_features, outcomes, np.where(is_truth, _OF_NO_FOLD, folds))
    learned = learn(moments, _importance(names, moments))
    return Study(
        _with_forecasts(pool, outcomes),
        facts,
        features,
        pool_features,
        is_truth,
        folds,
        outcomes,
        names,
        moments,
        learned,
    )


def _outcomes(pool: Pool, headlines: pd.DataFrame) -> NDArray[np.float32]:
    """Put side by side what became of each member."""
    scores = drawn_scores(pool.drawn, drawn_curves(pool.drawn))
    parts = (pool.forecasts.to_numpy(), headlines.to_numpy(), scores)
    return np.concatenate(parts, axis=1, dtype=np.float32)


def _with_forecasts(pool: Pool, outcomes: NDArray[np.float32]) -> Pool:
    """Let a pool read its forecasts from the outcomes: they are held once."""
    columns = pool.forecasts.columns
    own = pd.DataFrame(
        outcomes[:, : len(columns)], pool.forecasts.index, columns, copy=False
    )
    return replace(pool, forecasts=own)


def nearest_of(members: int) -> int:
    """Count the members of a pool that are weighed."""
    return max(_FEWEST_NEAREST, round(_NEAREST_SHARE * members))


def _held_out(ancestors: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Hold out the members of the last ancestors: none has kin among the others."""
    count = min(TRUTHS, round(_TRUTH_SHARE * len(ancestors)))
    last = np.sort(ancestors)[-count:]
    return np.asarray(ancestors >= last[0])


def _names(pool: Pool, headlines: pd.DataFrame) -> pd.MultiIndex:
    """Name the outcomes."""
    nothing = pd.NaT
    names = [
        *(("forecast", *key) for key in pool.forecasts.columns),
        *(("headline", *key, nothing) for key in headlines.columns),
        *(("drawn", name, "", nothing) for name in pool.drawn.columns),
    ]
    return pd.MultiIndex.from_tuples(names, names=("kind", "name", "label", "date"))


def _importance(names: pd.MultiIndex, moments: Moments) -> Floats:
    """Let each forecast series count once, with all its labels and dates."""
    kind = names.get_level_values("kind").to_numpy()
    frame = names.to_frame(index=False)
    alike = frame.groupby(["kind", "name"])["label"].transform("size").to_numpy()
    weight = np.select(
        [kind == "forecast", kind == "drawn"], [1.0 / alike, _DRAWN_IMPORTANCE], 0.0
    )
    return np.asarray(weight[moments.column])
