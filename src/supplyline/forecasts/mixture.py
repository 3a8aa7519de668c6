"""Mixtures: the model's ensemble and a rival's pooled, by weights learned on the past.

The CRPS of a pool with weight w on the model is w CRPS + (1 - w) rival's CRPS
- w (1 - w) d, d the Cramér distance of the two: a parabola in w, so that the best
weight over past forecasts is known without a search. A forecast is past when its
outcome was known by the origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_FORECASTS: Final = 8
"""Fewest past forecasts of a lead that a weight is learned from: the mean of fewer
scores, which spread as widely as their mean, is not known to a third."""
COLUMNS: Final = ("known", "lead", "rival", "crps", "rival_crps", "distance")
"""Columns of a history: day on which the outcome was known, lead, name of the rival,
CRPS of model and rival, Cramér distance of the two. Scores of series in different units
are brought to one first."""


class Share(NamedTuple):
    """What part of a pool the model has, and which rival the rest."""

    rival: str
    weight: float
    forecasts: int
    """Past forecasts that it was learned from."""


def best_weight(crps: Floats, rival_crps: Floats, distance: Floats) -> float:
    """Give the weight on the model with the least mean CRPS of the pool."""
    bend, gain = distance.mean(), (rival_crps - crps).mean()
    if bend == 0:
        # the two were the same forecast
        return 0.5
    return float(np.clip(0.5 + gain / (2 * bend), 0, 1))


def learned_shares(history: pd.DataFrame, origin: pd.Timestamp) -> dict[int, Share]:
    """Learn for each lead the rival and weight that saved most by an origin.

    A lead with fewer past forecasts than can tell has none.
    """
    past = history[history["known"] <= origin].dropna(subset=list(COLUMNS))
    shares = {}
    for lead, of_lead in past.groupby("lead"):
        # not by the mean score: rivals need not forecast the same facts
        saved = [
            ((part["crps"] - pooled_crps(part, share.weight)).mean(), share)
            for rival, part in of_lead.groupby("rival")
            if (share := _share(str(rival), part)).forecasts >= LEAST_FORECASTS
        ]
        if saved:
            shares[int(str(lead))] = max(saved, key=lambda each: each[0])[1]
    return shares


def pool(values: Floats, rival: Floats, weight: float) -> tuple[Floats, Floats]:
    """Join two ensembles, the members of the first with the weight in all."""
    first, second = len(values), len(rival)
    shares = [np.full(first, weight / first), np.full(second, (1 - weight) / second)]
    return np.concatenate([values, rival]), np.concatenate(shares)


def pooled_crps(forecasts: pd.DataFrame, weight: float) -> pd.Series[float]:
    """Give the CRPS of the pool with a weight on the model for each forecast."""
    own, other = forecasts["crps"], forecasts["rival_crps"]
    apart = weight * own + (1 - weight) * other
    return apart - weight * (1 - weight) * forecasts["distance"]


def _share(rival: str, part: pd.DataFrame) -> Share:
    """Learn the weight against one rival."""
    columns = (part[name].to_numpy() for name in ("crps", "rival_crps", "distance"))
    return Share(rival, best_weight(*columns), len(part))
