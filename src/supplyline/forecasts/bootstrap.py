"""Skill against a rival, with its interval by a moving-block bootstrap over origins.

Scores of origins that follow each other are alike, as their forecasts overlap: whole
blocks of neighbours are drawn (Künsch 1989). Luck is a pure function of its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.draws import member_uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SKILL_LEVEL: Final = 0.9
RESAMPLES: Final = 2000
"""Resamples: each tail of the interval then rests on a hundred."""
LEAST_BLOCKS: Final = 5
"""Fewest blocks that an interval is told of: three can be drawn in ten ways only, five
in 126, of which six are a tail."""


class Skill(NamedTuple):
    """Part of a rival's score that a forecast saves: 1 is perfect, 0 no better."""

    value: float
    low: float
    high: float
    """Ends of the 90 % interval; missing where there are too few origins."""
    origins: int


def skill(
    scores: Floats, rival: Floats, *, name: str, seed: int = 1, overlap: int = 1
) -> Skill:
    """Compare scores of origins in the order of time, those that both have.

    Shape (origin) or (origin, case). A block has the cube root of the origins, or as
    many as overlap where these are more.
    """
    own, other = (_by_origin(part, scores, rival) for part in (scores, rival))
    is_scored = ~np.isnan(own)
    own, other = own[is_scored], other[is_scored]
    origins = len(own)
    value = float(_skill(own.sum(), other.sum()))
    length = max(round(float(np.cbrt(origins))), overlap)
    if origins < LEAST_BLOCKS * length:
        return Skill(value, np.nan, np.nan, origins)
    drawn = _resampled(origins, length, seed, name)
    values = _skill(own[drawn].sum(axis=1), other[drawn].sum(axis=1))
    tail = (1 - SKILL_LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Skill(value, float(low), float(high), origins)


def _by_origin(part: Floats, scores: Floats, rival: Floats) -> Floats:
    """Add up what both scored on each origin; missing where there is nothing."""
    is_both = ~(np.isnan(scores) | np.isnan(rival))
    cases = tuple(range(1, part.ndim))
    total = np.where(is_both, part, 0).sum(axis=cases)
    return np.where(is_both.any(axis=cases), total, np.nan)


def _skill(own: Floats, other: Floats) -> Floats:
    """Give the part saved; missing where the rival lost nothing."""
    out = np.full(np.shape(own), np.nan)
    np.divide(own, other, out=out, where=np.asarray(other) > 0)
    return 1 - out


def _resampled(origins: int, length: int, seed: int, name: str) -> NDArray[np.int64]:
    """Draw blocks of neighbours, shape (resample, origin)."""
    blocks = -(-origins // length)
    luck = member_uniforms(seed, "bootstrap", name, range(RESAMPLES * blocks))
    starts = np.floor(luck * (origins - length + 1)).astype(np.int64)
    numbers = starts.reshape(RESAMPLES, blocks, 1) + np.arange(length)
    return numbers.reshape(RESAMPLES, -1)[:, :origins]


def hardest(table: pd.DataFrame) -> Any:  # noqa: ANN401 - a row of a table
    """Find the rival that the best of our forecasts has least skill against.

    Of a table of skill; None where no skill is known.
    """
    known = table.dropna(subset=["skill"])
    if known.empty:
        return None
    of_each = [part.nsmallest(1, "skill") for _, part in known.groupby("forecast")]
    [line] = rows(pd.concat(of_each).nlargest(1, "skill"))
    return line
