"""Influence: what the headlines would be without each fact, or were it false."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from supplyline.conditioning.weights import weigh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from supplyline.conditioning.study import Study

    Floats = NDArray[np.float64]

ALL, WITHOUT, FALSE = "all facts", "without", "were it false"
READINGS = "all readings"
"""What is left out together, in the place of one fact."""


class _Question(NamedTuple):
    """What is asked of the headlines."""

    how: str
    fact: str
    weights: Floats


def influence_table(
    study: Study, facts: pd.DataFrame, reported: pd.Series[float]
) -> pd.DataFrame:
    """Give the mean of each headline by all facts, without each, and were it false."""
    rows = [
        (each.how, each.fact, *_means(study, each.weights))
        for each in _questions(study, facts, reported)
    ]
    names = study.names[study.of_kind("headline")]
    columns = [f"{name}/{label}" if label else name for _, name, label, _ in names]
    prior = _means(study, np.full(study.pool.members, 1.0 / study.pool.members))
    table = pd.DataFrame(
        [("prior", "", *prior), *rows], columns=["how", "fact", *columns]
    )
    return table.set_index(["how", "fact"])


def _questions(
    study: Study, facts: pd.DataFrame, reported: pd.Series[float]
) -> Iterator[_Question]:
    """Ask with all facts, without each, without all readings, and were each false."""
    everything = study.summary_of(reported)
    yield _Question(ALL, "", weigh(study.summaries, everything, study.nearest))
    own = facts.loc[list(study.facts)]
    for fact in study.facts:
        yield _Question(WITHOUT, fact, _without(study, reported, {fact}))
    readings = set(own.index[own["is_reading"].astype(bool)])
    if len(readings) > 1:
        weights = _without(study, reported, readings)
        yield _Question(WITHOUT, READINGS, weights)
    for fact in own.index[own["form"] == "yes"]:
        other = reported.copy()
        other[fact] = 0.0
        summary = study.summary_of(other)
        yield _Question(FALSE, fact, weigh(study.summaries, summary, study.nearest))


def _without(study: Study, reported: pd.Series[float], left_out: set[str]) -> Floats:
    """Weigh members anew, as if some facts were not known."""
    columns = [number for number, f in enumerate(study.facts) if f not in left_out]
    is_kept = np.isin(study.features.column, columns)
    learned = study.relearn(is_kept)
    summaries = study.summarise(learned, study.pool_features[:, is_kept])
    [own] = learned.of_others(study.features_of(reported)[:, is_kept])
    return weigh(summaries, own, study.nearest)


def _means(study: Study, weights: Floats) -> Floats:
    """Average the headlines."""
    values = study.outcomes[:, study.of_kind("headline")]
    near = np.flatnonzero(weights)
    return np.asarray(weights[near] @ values[near].astype(np.float64))
