"""Trials of a study: whether it holds the truth as often as it says, and how near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

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
    from numpy.typing import NDArray

    from supplyline.conditioning.gate import Values
    from supplyline.conditioning.study import Study

    Floats = NDArray[np.float64]

_PRIOR_MEMBERS: Final = 2_000
"""Members of the prior whose forecasts are scored beside the conditioned ones."""


def try_study(study: Study, seed: int) -> pd.DataFrame:
    """Hold all outcomes of the truths against what they are conditioned to."""
    is_truth, outcomes = study.is_truth, _with_scores(study, study.outcomes)
    nearest = nearest_of(int((~is_truth).sum()))
    pool, truths = (
        Sample(study.summaries[wanted], outcomes[wanted])
        for wanted in (~is_truth, is_truth)
    )
    is_drawn = study.of_kind("drawn")
    places = places_of_truths(pool, truths, is_drawn, nearest, (seed, "pool"))
    table = gate_table(places, study.names)
    table["share"] = study.shares
    table["crps_ratio"] = np.nan
    is_headline = study.of_kind("headline")
    table.loc[is_headline, "crps_ratio"] = _gain(study, is_headline, nearest)
    return table


def place_in(study: Study, truth: Sample, luck: tuple[int, str]) -> Floats:
    """Find the place of one truth in a pool that was made for it, (1, outcome)."""
    pool = Sample(study.summaries, _with_scores(study, study.outcomes))
    own = truth._replace(outcomes=_with_scores(study, truth.outcomes))
    return places_of_truths(pool, own, study.of_kind("drawn"), study.nearest, luck)


def _with_scores(study: Study, outcomes: Values) -> Values:
    """Bring what is drawn once to normal scores, among the outcomes."""
    is_drawn = study.of_kind("drawn")
    told = outcomes.copy()
    drawn = pd.DataFrame(outcomes[:, is_drawn])
    told[:, is_drawn] = drawn_scores(drawn, drawn_curves(study.pool.drawn))
    return told


def _gain(study: Study, is_scored: NDArray[np.bool_], nearest: int) -> Floats:
    """Set the mean score of conditioned forecasts over that of the prior's."""
    pool, truths = (
        Sample(each.summaries, each.outcomes[:, is_scored])
        for each in (study.sample(~study.is_truth), study.sample(study.is_truth))
    )
    scores = scores_of_truths(pool, truths, nearest).mean(axis=0)
    few = pool.outcomes[:_PRIOR_MEMBERS]
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
