"""Refresh: members are chosen by their weights, and live on with luck of their own.

Copies of a member share its past. From the day of the refresh on each has fresh luck,
and parameters moved to where the facts are: by regression adjustment of their normal
scores, then shrunk towards their mean and spread again, so that means and covariances
stay.

References
----------
Liu and West (2001), Combined parameter and state estimation in simulation-based
filtering. Scott (1992), Multivariate density estimation, for the width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supplyline.conditioning.drawn import drawn_curves, drawn_scores, from_scores
from supplyline.conditioning.weights import adjust, effective
from supplyline.engine.draws import member_uniforms
from supplyline.engine.quantiles import normal_quantile, off_zero
from supplyline.runs.lineage import Lineage, Stretch, fresh_luck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.conditioning.study import Study

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def live_on(
    lineage: Lineage | None,
    chosen: Ints,
    first_day: int,
    step: int,
    params: pd.DataFrame | None,
) -> Lineage:
    """Let chosen members live on from a day with fresh luck, each its own."""
    past = Lineage((Stretch(0, chosen),)) if lineage is None else lineage.of(chosen)
    fresh = Stretch(first_day, fresh_luck(step, len(chosen)), params)
    return Lineage((*past.stretches, fresh))


def moved_params(
    study: Study, observed: Floats, weights: Floats, chosen: Ints, seed: int, name: str
) -> pd.DataFrame:
    """Move the parameters of chosen members to where the facts are, and spread them."""
    params = study.pool.drawn[list(study.pool.params)]
    curves, near = drawn_curves(params), np.flatnonzero(weights)
    scores = drawn_scores(params.iloc[near], curves)
    scores = adjust(scores, study.summaries[near], observed, weights[near])
    own = scores[np.searchsorted(near, chosen)]
    mean, covariance = own.mean(axis=0), np.cov(own, rowvar=False)
    values, axes = np.linalg.eigh(np.atleast_2d(covariance))
    root = axes * np.sqrt(np.maximum(values, 0.0))
    noise = np.column_stack(
        [_normals(seed, f"{name}/{param}", len(chosen)) for param in params]
    )
    # as wide as a kernel estimate of a density by as many members has it
    width = min(effective(weights) ** -0.2, 1.0)
    moved = mean + np.sqrt(1.0 - width**2) * (own - mean) + width * noise @ root.T
    return pd.DataFrame(from_scores(moved, curves), columns=params.columns)


def _normals(seed: int, entity: str, count: int) -> Floats:
    """Draw one standard normal for each member."""
    return normal_quantile(
        off_zero(member_uniforms(seed, "refresh", entity, range(count)))
    )
