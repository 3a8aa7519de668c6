"""Series of a run reduced to what a chart needs: quantiles over members by week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of
from supplyline.analysis.members import basis_of
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from supplyline.runs import Run

LEVELS: Final = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
"""Quantiles of a fan: the ends of its 90, 60 and 30 % bands and the median."""
MEDIAN: Final = 3
TABLE_STEP: Final = 4
"""Weeks between two rows of the table under a chart."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A reported value that a chart shows beside the model."""

    start: pd.Timestamp
    end: pd.Timestamp
    quantity: Quantity

    @property
    def days(self) -> tuple[Quantity, ...]:
        """First and last day counted; one where they are the same."""
        return tuple(
            Quantity(day.date(), "date", basis=self.quantity.basis)
            for day in dict.fromkeys((self.start, self.end))
        )


@dataclass(frozen=True, slots=True)
class Fan:
    """Quantiles of one series over the members of a run."""

    name: str
    """Short name, unique in the brief."""
    title: str
    """Name as printed."""
    unit: str
    """Unit."""
    times: NDArray[np.datetime64]
    """First day of each week."""
    quantiles: NDArray[np.float64]
    """Values, shape (level, week)."""
    forecast: pd.Timestamp
    """First day of the forecast."""
    observed: tuple[Observation, ...]
    """Reported values."""
    basis: str
    """Basis of the modelled numbers."""

    def at(self, week: int) -> Quantity:
        """Give the median of one week with its 90 % interval."""
        low, middle, high = self.quantiles[[0, MEDIAN, -1], week]
        return Quantity(
            float(middle), self.unit, low=float(low), high=float(high), basis=self.basis
        )

    def rows(self) -> list[tuple[Quantity, Quantity, bool]]:
        """List every fourth week for the table under the chart."""
        picks = sorted({*range(0, len(self.times), TABLE_STEP), len(self.times) - 1})
        return [
            (
                dated(self.times[week], self.basis),
                self.at(week),
                bool(pd.Timestamp(self.times[week]) >= self.forecast),
            )
            for week in picks
        ]


def dated(day: np.datetime64 | date | str, basis: str) -> Quantity:
    """Make a date printable."""
    return Quantity(pd.Timestamp(day).date(), "date", basis=basis)


def forecast_start(run: Run) -> pd.Timestamp:
    """Find the first day of the forecast."""
    return pd.Timestamp(run.manifest.cutoff) + pd.Timedelta(days=1)


def quantiles(
    values: NDArray[Any], levels: Sequence[float] = LEVELS
) -> NDArray[np.float64]:
    """Take quantiles over members by sorting once."""
    ordered = np.sort(values, axis=0)
    spots = np.asarray(levels) * (len(ordered) - 1)
    below = np.floor(spots).astype(int)
    above = np.minimum(below + 1, len(ordered) - 1)
    weight = (spots - below)[:, None]
    mixed = ordered[below] * (1 - weight) + ordered[above] * weight
    return np.asarray(mixed, dtype=np.float64)


def first_week_ahead(run: Run) -> int:
    """Find the first week that begins in the forecast."""
    weeks = run.weekly["week"].to_numpy()
    return int(np.searchsorted(weeks, forecast_start(run).to_datetime64()))


def by_week(run: Run, name: str, *, how: str = "sum") -> NDArray[np.float64]:
    """Gather a daily output into the weeks of the run."""
    days = values_of(run.daily, name).astype(np.float64)
    days = days.sum(axis=2) if days.ndim > 2 else days
    weeks = run.weekly["week"].to_numpy()
    starts = np.searchsorted(run.daily["day"].to_numpy(), weeks)
    ends = np.append(starts[1:], days.shape[1])
    if how == "last":
        return np.asarray(days[:, ends - 1])
    sums: NDArray[Any] = np.add.reduceat(days, starts, axis=1)
    return np.asarray(sums * (7 / (ends - starts)), dtype=np.float64)


def fan_of(
    run: Run,
    values: NDArray[Any],
    *,
    name: str,
    title: str,
    unit: str,
    observed: tuple[Observation, ...] = (),
) -> Fan:
    """Reduce values by member and week to a fan."""
    return Fan(
        name=name,
        title=title,
        unit=unit,
        times=run.weekly["week"].to_numpy(),
        quantiles=quantiles(values),
        forecast=forecast_start(run),
        observed=observed,
        basis=basis_of(run),
    )


def summary(
    values: NDArray[Any], unit: str, basis: str, *, middle: str = "median"
) -> Quantity:
    """Tell one number per member as its middle with the interval of nine in ten."""
    low, median, high = quantiles(values[:, None], (0.05, 0.5, 0.95))[:, 0]
    value = float(np.mean(values, dtype=np.float64)) if middle == "mean" else median
    return Quantity(float(value), unit, low=float(low), high=float(high), basis=basis)


def place_title(run: Run, place: str) -> str:
    """Name a place as printed."""
    places = run.case.tables["places"].set_index("place")["title"]
    return str(places.get(place, place))


def rounded(quantity: Quantity, decimals: int = 0) -> Quantity:
    """Print a number and its interval with so many decimals, small or large."""

    def cut(value: float | date | None) -> float | None:
        if not isinstance(value, int | float):
            return None
        return round(float(value), decimals) + 0.0  # no minus before a zero

    value = cut(quantity.value)
    return Quantity(
        0.0 if value is None else value,
        quantity.unit,
        low=cut(quantity.low),
        high=cut(quantity.high),
        basis=quantity.basis,
        digits=None,
    )
