"""Trials of a study: whether it holds the truth as often as it says, and how near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.analysis.scores import crps
from supplyline.conditioning.drawn import drawn_curves, drawn_scores
from supplyline.conditioning.gate import (
    Sample,
    gate_table,
    places_of_truths,
    scores_of_truths,
)
from supplyline.conditioning.study import nearest_of
from supplyline.conditioning.weights import radius_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from supplyline.conditioning.study import Study

    Floats = NDArray[np.float64]

_PRIOR_MEMBERS: Final = 2_000
"""Members of the prior whose forecasts are scored beside the conditioned ones."""


def try_study(study: Study, seed: int) -> pd.DataFrame:
    """Hold all outcomes of the truths against what they are conditioned to."""
    nearest = nearest_of(int((~study.is_truth).sum()))
    pool, truths = study.trial(slice(None))
    is_drawn, is_headline = study.of_kind("drawn"), study.of_kind("headline")
    places = places_of_truths(pool, truths, is_drawn, nearest, (seed, "pool"))
    table = gate_table(places, study.names)
    table["share"] = study.shares
    table["crps_ratio"] = np.nan
    table.loc[is_headline, "crps_ratio"] = _gain(study, is_headline, nearest)
    return table


def place_in(
    study: Study, truth: Sample, drawn: pd.DataFrame, luck: tuple[int, str]
) -> Floats:
    """Find the place of one truth in a pool that was made for it, (1, outcome)."""
    is_drawn, outcomes = study.of_kind("drawn"), truth.outcomes.copy()
    # as this pool scores them
    outcomes[:, is_drawn] = drawn_scores(drawn, drawn_curves(study.pool.drawn))
    pool = Sample(study.summaries, study.outcomes)
    own = truth._replace(outcomes=outcomes)
    return places_of_truths(pool, own, is_drawn, study.nearest, luck)


def _gain(study: Study, is_scored: NDArray[np.bool_], nearest: int) -> Floats:
    """Set the mean score of conditioned forecasts over that of the prior's."""
    pool, truths = study.trial(is_scored)
    scores = scores_of_truths(pool, truths, nearest).mean(axis=0)
    few = pool.outcomes[~study.is_truth][:_PRIOR_MEMBERS]
    prior = np.mean([crps(few, truth) for truth in truths.outcomes], axis=0)
    # what no member of the prior does has no score to be better than
    gain: Floats = np.full_like(prior, np.nan)
    np.divide(scores, prior, where=prior > 0.0, out=gain)
    return gain


def farther_truths(study: Study, observed: Floats) -> float:
    """Tell the share of truths whose nearest members are farther than those of facts.

    Where it is near 0 the facts lie at the edge of the pool, or beyond.
    """
    pool = study.summaries[~study.is_truth]
    nearest = nearest_of(len(pool))
    own = radius_of(pool, observed, nearest)
    others = [
        radius_of(pool, summary, nearest) for summary in study.summaries[study.is_truth]
    ]
    return float(np.mean(np.array(others) >= own))
