"""Tables of a conditioned ensemble: each quantity before the facts, and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.scores import quantiles
from supplyline.conditioning.drawn import drawn_curves, drawn_scores, from_scores
from supplyline.conditioning.gate import never_last
from supplyline.conditioning.weights import adjust

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.conditioning.drawn import Curves
    from supplyline.conditioning.study import Study

    Floats = NDArray[np.float64]

LEVELS: Final = {"q10": 0.1, "q50": 0.5, "q90": 0.9}
LEAST_SHARE: Final = 0.02
"""Share of its variance that facts tell at least of what counts as learned."""
_WIDEST: Final = (0.05, 0.95)
_MOST_COLUMNS: Final = 64
"""Columns whose quantiles are read at once, for the sake of memory."""


class Prior(NamedTuple):
    """What members gave before any fact."""

    reports: pd.DataFrame
    """Quantiles, mean and place of what was reported, by fact."""
    forecasts: pd.DataFrame
    """Quantiles and mean, by series, label and date."""
    shares: pd.Series[float]
    """Share of the variance of each outcome that the facts tell."""
    curves: Curves
    """Values and normal scores of what is drawn once."""
    drawn: pd.DataFrame
    """Quantiles of what is drawn once, and the width of its scores' middle 90 %."""


def prior_of(study: Study, reported: pd.Series[float]) -> Prior:
    """Read off a pool of the prior what its members give."""
    curves = drawn_curves(study.pool.drawn)
    return Prior(
        _reports(study, reported, None),
        _forecasts(study, None),
        study.shares,
        curves,
        _drawn(study.pool.drawn, curves),
    )


def facts_table(
    prior: Prior,
    study: Study,
    facts: pd.DataFrame,
    reported: pd.Series[float],
    weights: Floats,
) -> pd.DataFrame:
    """Set what was reported of each fact beside what members would have reported."""
    columns = ["title", "start", "end", "form", "grade", "is_reading", "use", "reason"]
    table = facts[columns].copy()
    table["observed"] = reported
    told = _reports(study, reported, weights)
    table = table.join(prior.reports.add_prefix("prior_"))
    table = table.join(told.add_prefix("conditioned_"))
    is_number = table["form"] == "number"
    is_near = (table["conditioned_place"] - 0.5).abs() <= 0.4
    # a yes counts as told where more than half of the members say so
    is_likely = table["conditioned_mean"] >= 0.5
    table["is_inside"] = is_near.where(is_number, is_likely)
    return table


def forecasts_table(prior: Prior, study: Study, weights: Floats) -> pd.DataFrame:
    """Set the forecasts of the conditioned ensemble beside those of the prior."""
    told = _forecasts(study, weights)
    table = prior.forecasts.add_prefix("prior_").join(told.add_prefix("conditioned_"))
    table["share"] = prior.shares.to_numpy()[study.of_kind("forecast")]
    return table


def learned_table(
    prior: Prior, study: Study, observed: Floats, weights: Floats
) -> pd.DataFrame:
    """Tell how much was learned of each parameter, and of what else is drawn once."""
    drawn = study.pool.drawn
    near = np.flatnonzero(weights)
    scores = drawn_scores(drawn.iloc[near], prior.curves)
    scores = adjust(scores, study.summaries[near], observed, weights[near])
    low, high = quantiles(scores, _WIDEST, weights[near])
    table = pd.DataFrame(index=pd.Index(drawn.columns, name="name"))
    table["is_param"] = drawn.columns.isin(study.pool.params)
    table["share"] = prior.shares.to_numpy()[study.of_kind("drawn")]
    table["is_learned"] = table["share"] >= LEAST_SHARE
    # nine in ten members of the prior may have one value: then none is a share of it
    table["width"] = (high - low) / prior.drawn["width"].replace(0.0, np.nan)
    for level, share in LEVELS.items():
        [after] = quantiles(scores, [share], weights[near])
        table[f"prior_{level}"] = prior.drawn[level]
        table[f"conditioned_{level}"] = from_scores(after[None], prior.curves)[0]
    return table


def _drawn(drawn: pd.DataFrame, curves: Curves) -> pd.DataFrame:
    """Give quantiles of what is drawn once, and the width of its middle 90 %."""
    levels = (*LEVELS.values(), *_WIDEST)
    told = pd.DataFrame({name: quantiles(drawn[name], levels) for name in drawn})
    low, high = drawn_scores(told[len(LEVELS) :], curves)
    table = told[: len(LEVELS)].set_axis(list(LEVELS)).T
    return table.assign(width=high - low)


def _forecasts(study: Study, weights: Floats | None) -> pd.DataFrame:
    """Give quantiles and mean of each forecast."""
    is_forecast = study.of_kind("forecast")
    index = study.names[is_forecast].droplevel("kind").set_names("series", level="name")
    return pd.DataFrame(_bands(study.outcomes[:, is_forecast], weights), index)


def _reports(
    study: Study, reported: pd.Series[float], weights: Floats | None
) -> pd.DataFrame:
    """Give quantiles and mean of each fact, and the place of what was reported."""
    reports = study.pool.reports
    values = reports.to_numpy(np.float32)
    table = pd.DataFrame(_bands(values, weights), reports.columns)
    share = 1.0 / len(values)
    weight = np.full(len(values), share) if weights is None else weights
    # the pool holds its values in single precision
    members, own = never_last(values), never_last(reported.to_numpy(np.float32))
    equal = weight @ (members == own)
    table["place"] = weight @ (members < own) + 0.5 * equal
    return table


def _bands(values: NDArray[np.float32], weights: Floats | None) -> dict[str, Floats]:
    """Read quantiles and the mean of each column; what never comes has no number."""
    near = slice(None) if weights is None else np.flatnonzero(weights)
    own = None if weights is None else weights[near]
    levels, means = [], []
    for first in range(0, values.shape[1], _MOST_COLUMNS):
        part = values[near, first : first + _MOST_COLUMNS].astype(np.float64)
        levels.append(quantiles(never_last(part), list(LEVELS.values()), own))
        weight = np.ones(len(part)) if own is None else own
        known = weight @ ~np.isnan(part)
        with np.errstate(invalid="ignore"):
            means.append(weight @ np.nan_to_num(part) / known)
    told = np.concatenate(levels, axis=1)
    told[np.isinf(told)] = np.nan
    return {**dict(zip(LEVELS, told, strict=True)), "mean": np.concatenate(means)}
