"""The course of each member up to a horizon, and what is told of it in one number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from supplyline.runs import Run

    Floats = NDArray[np.float64]

WEEK: Final = 7
"""Days that thresholds on supply are averaged over [days]."""


@dataclass(frozen=True, eq=False)
class Course:
    """A run from the cut-off to a horizon."""

    run: Run
    cut: int
    stop: int

    @property
    def members(self) -> int:
        """Number of members."""
        return len(self.run.members)

    @cached_property
    def served(self) -> Floats:
        """Share served in the capital, mean of seven days.

        Returns shape (member, day), the last column the horizon [1].
        """
        values = self.days("public_served_share", past=True).astype(np.float64)
        total = np.cumsum(values, axis=1)
        sums = total[:, WEEK - 1 :].copy()
        sums[:, 1:] -= total[:, :-WEEK]
        return sums / WEEK

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """Name the regions of the country."""
        regions = self.run.case.regions
        return tuple(regions.loc[~regions["is_boundary"], "region"])

    def days(self, name: str, *, past: bool = False) -> NDArray[Any]:
        """Read a daily series up to the horizon.

        Returns shape (member, day) or (member, day, product).
        """
        first = 0 if past else self.cut
        return values_of(self.run.daily, name)[:, first : self.stop]

    def last(self, name: str) -> NDArray[Any]:
        """Read a daily series on the horizon, shape (member,)."""
        return self.days(name, past=True)[:, -1]

    def ends(
        self, name: str, axis: str, labels: Sequence[str]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Read a weekly series at the cut-off and at the horizon."""
        weeks = pd.DatetimeIndex(self.run.weekly["week"].to_numpy())
        first = pd.Timestamp(self.run.daily["day"].to_numpy()[0])
        done = (weeks - first).days + WEEK
        spots = self.run.weekly.indexes[axis].get_indexer(pd.Index(labels))
        values = values_of(self.run.weekly, name)[:, :, spots]
        before, after = (
            max(int(np.searchsorted(done, stop, side="right")) - 1, 0)
            for stop in (self.cut, self.stop)
        )
        return values[:, before], values[:, after]


def course_of(run: Run, end: pd.Timestamp, days: int | None = None) -> Course:
    """Look at a run from the cut-off to a horizon."""
    day = run.daily["day"].to_numpy()
    cutoff = pd.Timestamp(run.manifest.cutoff).to_datetime64()
    cut = int(np.searchsorted(day, cutoff, side="right"))
    stop = int(np.searchsorted(day, end.to_datetime64(), side="right"))
    return Course(run, cut, stop if days is None else min(stop, cut + days))


@dataclass(frozen=True, slots=True)
class CourseValue:
    """One number of a member's course."""

    name: str
    title: str
    series: str
    values: Callable[[Course], Floats]

    def unit(self, run: Run) -> str:
        """Give the unit."""
        if not self.series:
            return "share"
        data = run.daily if self.series in run.daily else run.weekly
        unit = str(data[self.series].attrs["units"])
        return "share" if unit == "1" else unit


def _sum(name: str) -> Callable[[Course], Floats]:
    return lambda course: course.days(name).sum(axis=1, dtype=np.float64)


def _mean(name: str) -> Callable[[Course], Floats]:
    return lambda course: course.days(name).mean(axis=1, dtype=np.float64)


def _end(name: str) -> Callable[[Course], Floats]:
    return lambda course: course.last(name).astype(np.float64)


def _price(course: Course) -> Floats:
    prices = course.days("price_per_l")[:, :, 0]
    return np.asarray(prices.mean(axis=1, dtype=np.float64))


def _worst_week(course: Course) -> Floats:
    length = course.stop - course.cut
    return np.asarray(course.served[:, -length:].min(axis=1))


def _strength(course: Course) -> Floats:
    before, after = course.ends("group_fighters", "group", (course.run.interdictor,))
    out = np.full(len(before), np.nan)
    np.divide(after[:, 0], before[:, 0], out=out, where=before[:, 0] > 0)
    return out


_SERVED: Final = CourseValue(
    "served_share",
    "Share of the capital's public demand served, mean",
    "public_served_share",
    _mean("public_served_share"),
)
_LOST: Final = CourseValue(
    "trucks_lost", "Trucks lost", "trucks_lost", _sum("trucks_lost")
)
_KILLED: Final = CourseValue(
    "soldiers_killed", "Soldiers killed", "soldiers_killed", _sum("soldiers_killed")
)
_CONTROL: Final = CourseValue(
    "state_control_share",
    "Share of people under the state's control, at the end",
    "state_control_share",
    _end("state_control_share"),
)
_LEGITIMACY: Final = CourseValue(
    "legitimacy",
    "Legitimacy of the leader, at the end",
    "legitimacy",
    _end("legitimacy"),
)
_STRENGTH: Final = CourseValue(
    "fighters_left",
    "Fighters of the group that enforces the ban, at the end against the cut-off",
    "",
    _strength,
)
_PRICE: Final = CourseValue(
    "price", "Parallel price of the first product in the capital, mean", "price_per_l",
    _price,
)  # fmt: skip

FEATURES: Final = (
    _SERVED,
    _PRICE,
    _LOST,
    CourseValue("attacks", "Attacks", "attacks", _sum("attacks")),
    _KILLED,
    _CONTROL,
    _STRENGTH,
    _LEGITIMACY,
    CourseValue(
        "displaced", "People displaced, at the end", "displaced", _end("displaced")
    ),
)
"""What is told of the members of a future."""

OMENS: Final = (
    _SERVED,
    CourseValue(
        "worst_week",
        "Least share of the capital's public demand served, mean of a week",
        "public_served_share",
        _worst_week,
    ),
    _PRICE,
    _LOST,
    CourseValue("convoys", "Escorted convoys", "convoys", _sum("convoys")),
    CourseValue("attacks", "Attacks", "attacks", _sum("attacks")),
    _KILLED,
    _CONTROL,
    _STRENGTH,
    _LEGITIMACY,
    CourseValue(
        "cohesion", "Cohesion of officers and elites, at the end", "cohesion",
        _end("cohesion"),
    ),
    CourseValue("protests", "Protests", "protests", _sum("protests")),
    CourseValue("fiscal", "Fiscal index, at the end", "fiscal", _end("fiscal")),
)  # fmt: skip
"""What is watched for early signs of a future."""
