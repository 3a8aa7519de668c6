"""Windows on a run: days that a measure looks at, at one place or in the country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.runs import Run

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """Days of a run, first and last included, at one place or in the country."""

    run: Run
    start: pd.Timestamp
    end: pd.Timestamp
    label: str = ""
    """Place, zone, group or stream; empty for the capital or the country."""

    @property
    def days(self) -> int:
        """Count the days."""
        return (self.end - self.start).days + 1

    def daily(self, name: str) -> Floats:
        """Read a daily series, shape (member, day, ...)."""
        days = self.run.daily.indexes["day"].slice_indexer(self.start, self.end)
        return np.asarray(values_of(self.run.daily, name)[:, days], np.float64)

    def sum(self, name: str) -> Floats:
        """Add up a daily series over the days, shape (member)."""
        return np.asarray(self.daily(name).sum(axis=1))

    def mean(self, name: str) -> Floats:
        """Average a daily series over the days, shape (member)."""
        return np.asarray(self.daily(name).mean(axis=1))

    def at_place(self, name: str) -> Floats:
        """Read a series: the capital's by day, another place's by the weeks met."""
        if not self.label:
            return self.daily(name)
        spot = self.run.weekly.indexes["place"].get_loc(self.label)
        values = values_of(self.run.weekly, name)[:, self.weeks_met, spot]
        return np.asarray(values, np.float64)

    @property
    def weeks_met(self) -> slice:
        """Find the weeks that meet the window; a run keeps whole weeks only."""
        weeks = self.run.weekly.indexes["week"]
        met = weeks.slice_indexer(self.start - pd.Timedelta(days=6), self.end)
        if met.start == met.stop:
            raise self._without_week()
        return met

    def by_week(self, name: str, axis: str, labels: list[str]) -> NDArray[Any]:
        """Read the weeks wholly inside, else those met, shape (member, week, label)."""
        first = pd.DatetimeIndex(self.run.weekly["week"].to_numpy())
        last = first + pd.Timedelta(days=6)
        is_inside = (first >= self.start) & (last <= self.end)
        if not is_inside.any():
            is_inside = (first <= self.end) & (last >= self.start)
        if not is_inside.any():
            raise self._without_week()
        spots = self.run.weekly.indexes[axis].get_indexer(pd.Index(labels))
        values = values_of(self.run.weekly, name)[:, :, spots]
        return np.asarray(values[:, is_inside])

    def _without_week(self) -> ValueError:
        """Tell of days of which the run has no week: it keeps whole weeks only."""
        days = f"{self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}"
        return ValueError(
            f"the run keeps no week with a day from {days}; "
            "expected one that goes on for a week"
        )

    def by_region(self, name: str) -> NDArray[Any]:
        """Read a weekly series of the zone's regions, or of all of the country's."""
        return self.by_week(name, "region", regions_of(self.run, self.label))

    def by_group(self, name: str, group: str = "") -> Floats:
        """Average a weekly series of a group, else of the interdictor."""
        values = self.by_week(name, "group", [group or self.run.interdictor])
        return np.asarray(values.mean(axis=(1, 2), dtype=np.float64))


def regions_of(run: Run, zone: str = "") -> list[str]:
    """Name the regions of the country, or of one zone of it."""
    regions = inside_of(run.case)
    is_meant = (regions["zone"] == zone) | (zone == "")
    return list(regions.loc[is_meant, "region"])


def inside_of(case: Case) -> pd.DataFrame:
    """Give the regions that are not beyond the border."""
    regions = case.regions
    return regions[~regions["is_boundary"]]
