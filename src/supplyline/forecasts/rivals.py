"""Rivals: simple forecasts of a series from its own earlier values.

Each gives the quantiles of its law as an ensemble, so that nothing is drawn. Where
there are too few values to know a spread, the forecast is missing: none is made up. The
rules are those of docs/model/scores.md, Rivals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.engine.quantiles import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RIVAL_MEMBERS: Final = 1000
"""Members of a rival's ensemble: as many as the VIEWS challenge asks for."""
NEAR_LEAD: Final = 1 / 3
"""Part of a lead by which the span of a past change may differ from it: weeks and
months keep their own, and the months of a year count as alike."""
LAST_VALUES: Final = 12
"""Values that conflictology takes: the months of a year, as in the VIEWS challenge."""
_FAR: Final = 12.0
"""Standard deviations about its mean over which a Poisson law is summed."""


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier values of a series, oldest first, as they are known on the origin."""

    days: Floats
    """Day of each value, counted from the origin: 0 or less [days]."""
    values: Floats
    least: float = -np.inf
    """Least value that can be: 0 of a count, an amount or a price."""
    most: float = np.inf
    """Most that can be: 1 of a share of a whole."""

    def __post_init__(self) -> None:
        """Refuse what is not known yet, or not in order."""
        if self.days.shape != self.values.shape:
            message = f"{len(self.days)} days and {len(self.values)} values"
            raise ValueError(message)
        if not (np.isfinite(self.days).all() and np.isfinite(self.values).all()):
            message = "days and values of the past have to be numbers"
            raise ValueError(message)
        if (self.days > 0).any() or (np.diff(self.days) < 0).any():
            message = "days of the past have to be 0 or less, oldest first"
            raise ValueError(message)


def last_value(past: Past, lead: float, members: int) -> Floats | None:
    """Add past changes over such a lead to the last value, up and down alike."""
    if not len(past.values):
        return None
    ahead = lead - past.days[-1]
    changes = _changes(past, ahead)
    if not len(changes):
        return None
    around = np.concatenate([changes, -changes])
    return np.asarray(past.values[-1] + _spread(around, members))


def random_walk(past: Past, lead: float, members: int) -> Floats | None:
    """Walk on from the last value: the variance of a day is that of past steps."""
    spans, steps = np.diff(past.days), np.diff(past.values)
    is_step = spans > 0
    if not is_step.any():
        return None
    daily = np.mean(steps[is_step] ** 2 / spans[is_step])
    deviation = np.sqrt(daily * (lead - past.days[-1]))
    return np.asarray(past.values[-1] + deviation * _normals(members))


def mean(past: Past, lead: float, members: int) -> Floats | None:
    """Spread as the past does about its mean, whose own error is added."""
    del lead  # it knows no time
    count = len(past.values)
    if count < 2:
        return None
    deviation = past.values.std(ddof=1) * np.sqrt(1 + 1 / count)
    return np.asarray(past.values.mean() + deviation * _normals(members))


def climatology(past: Past, lead: float, members: int) -> Floats | None:
    """Take every earlier value for as likely."""
    del lead
    return _spread(past.values, members) if len(past.values) else None


def conflictology(past: Past, lead: float, members: int) -> Floats | None:
    """Take each of the last twelve values for as likely."""
    del lead
    last = past.values[-LAST_VALUES:]
    return _spread(last, members) if len(last) else None


def poisson_law(past: Past, lead: float, members: int) -> Floats | None:
    """Count as a Poisson law whose mean is the last value."""
    del lead
    if not len(past.values) or past.values[-1] < 0:
        return None
    expected = past.values[-1]
    if expected == 0:
        return np.zeros(members)
    reach = _FAR * (1 + np.sqrt(expected))
    count = np.arange(max(np.floor(expected - reach), 0), expected + reach)
    # each chance is that of the count before, times the mean over the count
    steps = np.log(expected / np.maximum(count, 1))
    logs = np.cumsum(np.where(count == count[0], 0, steps))
    chances = np.cumsum(np.exp(logs - logs.max()))
    spots = np.searchsorted(chances / chances[-1], _levels(members))
    return np.asarray(count[spots])


RIVALS: Final[dict[str, Callable[[Past, float, int], Floats | None]]] = {
    "last value": last_value,
    "random walk": random_walk,
    "mean": mean,
    "climatology": climatology,
    "conflictology": conflictology,
    "Poisson law": poisson_law,
}
"""Every rival by its name."""
OF_COUNTS: Final = ("Poisson law",)
"""Rivals that only forecast what is counted."""


def forecast(
    past: Past, lead: float, *, is_count: bool, members: int = RIVAL_MEMBERS
) -> dict[str, Floats]:
    """Give the ensembles of all rivals that the past is enough for, some days ahead."""
    if lead < 0:
        message = f"the lead is {lead:g} days; expected 0 or more"
        raise ValueError(message)
    ensembles = {}
    for name, rival in RIVALS.items():
        if is_count or name not in OF_COUNTS:
            values = rival(past, lead, members)
            if values is not None:
                ensembles[name] = np.clip(values, past.least, past.most)
    return ensembles


def _changes(past: Past, lead: float) -> Floats:
    """List past changes, of each value to the one nearest to a lead later."""
    spans = past.days - past.days[:, np.newaxis]
    off = np.where(spans > 0, np.abs(spans - lead), np.inf)
    later = off.argmin(axis=1)
    first = np.arange(len(later))
    is_near = off[first, later] <= NEAR_LEAD * lead
    return np.asarray((past.values[later] - past.values)[is_near])


def _levels(members: int) -> Floats:
    """Place the members evenly among the quantiles."""
    return np.asarray((np.arange(members) + 0.5) / members)


def _normals(members: int) -> Floats:
    """Give the quantiles of a standard normal."""
    return normal_quantile(_levels(members))


def _spread(values: Floats, members: int) -> Floats:
    """Give values, each as likely, as an ensemble."""
    return np.asarray(np.quantile(values, _levels(members), method="inverted_cdf"))
