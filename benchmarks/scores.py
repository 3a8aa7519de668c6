"""Rules by which a reported value is set against the values of an ensemble.

A report is a range, low to high. A point has both ends at its value; "more than 100"
has no high end, "up to 1,500" no low one. The model's band is its middle 80 %.

inside
    The band meets the reported range.
interval score
    Width of the band, and 2 / 0.2 = 10 times the gap where band and range do not meet,
    over the size of the reported value: so that scores of different units add up.
    Lower is better; a wide band costs as well as a miss.
percentile
    Of the reported value among the members, half of the ties below; of an open-ended
    report that of its known end.

No member is left out: one in which the thing never happens gets a value first
(`with_never`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplyline.analysis import scores

Floats = NDArray[np.float64]
BAND = (0.1, 0.9)
"""Quantiles between which the band lies."""
LEVEL = 0.8
"""Share of the members that the band holds."""


@dataclass(frozen=True)
class Report:
    """A reported value and the range that the report leaves open."""

    value: float
    low: float
    high: float


def report_of(value: float, low: float, high: float) -> Report:
    """Make a report of its cells: no end given is a point, one end given is open."""
    if np.isnan(low) and np.isnan(high):
        return Report(value, value, value)
    return Report(
        value,
        -np.inf if np.isnan(low) else low,
        np.inf if np.isnan(high) else high,
    )


def with_never(values: Floats, never: float) -> Floats:
    """Give members in which the thing never happens the value that stands for it."""
    return np.where(np.isnan(values), never, values)


def percentile(values: Floats, value: float) -> float:
    """Rank a value among the members: half of the ties count as below [%]."""
    below = (values < value).mean() + 0.5 * (values == value).mean()
    return float(100 * below)


def gap(band: tuple[float, float], report: Report) -> float:
    """Measure how far band and reported range lie apart; 0 where they meet."""
    return max(0.0, report.low - band[1], band[0] - report.high)


def interval_score(values: Floats, report: Report) -> float:
    """Score the band of the members against a report, over the reported value [1]."""
    # of the reported range the point nearest to the band counts
    nearest = np.clip(np.median(values), report.low, report.high)
    score = scores.interval_score(values, nearest, LEVEL)
    return float(score) / abs(report.value)
