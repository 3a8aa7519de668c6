"""Early signs of a future: a series, a threshold, and how often it is right.

Thresholds are chosen on the members of even number and scored on those of odd number,
so that a sign is not praised for what it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.analysis.course import OMENS, Course, CourseValue
from supplyline.analysis.members import basis_of, number_of
from supplyline.quantities import Quantity, round_figures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

AHEAD_DAYS: Final = 60
"""First days of the forecast in which a sign is looked for [days]."""
FEWEST: Final = 20
"""Fewest members of a future, and of the rest, in each half."""
USEFUL: Final = 0.2
"""Least share of hits beyond false alarms, on the scored half, for a sign [1]."""
MOST: Final = 4
"""Most signs told."""
_TRIED: Final = 40
_IS_OPEN: Final = "is_open"


@dataclass(frozen=True, slots=True)
class Sign:
    """A series with a threshold that announces a future.

    Attributes
    ----------
    name : str
        Short name of the series.
    title : str
        What to watch, over the first days of the forecast.
    days : int
        Those days [days].
    is_low : bool
        Whether the sign is a value below the threshold.
    threshold : Quantity
        The value that tells best, as printed.
    hits : Quantity
        Share of the members of the future that show the sign [probability].
    false_alarms : Quantity
        Share of all others that show it [probability].
    chance_with : Quantity
        Share of the members with the sign that come to the future [probability].
    chance_without : Quantity
        Share of those without it [probability].
    """

    name: str
    title: str
    days: int
    is_low: bool
    threshold: Quantity
    hits: Quantity
    false_alarms: Quantity
    chance_with: Quantity
    chance_without: Quantity

    @property
    def text(self) -> str:
        """The rule in words."""
        side = "below" if self.is_low else "at least"
        days = f"first {self.days} days"
        return f"{self.title} ({days}): {side} {self.threshold.short}"

    @property
    def skill(self) -> float:
        """Share of hits beyond false alarms; 0 tells nothing, 1 tells all [1]."""
        return number_of(self.hits) - number_of(self.false_alarms)


@dataclass(frozen=True, slots=True)
class Signs:
    """The early signs of one future.

    Attributes
    ----------
    name : str
        Short name of the future.
    days : int
        First days of the forecast looked at [days].
    members : int
        Members of the future whose leader is in power on the last of those days.
    note : str or None
        Why there are no signs; None where there are some.
    found : tuple of Sign
        Best first.
    """

    name: str
    days: int
    members: int
    note: str | None
    found: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Omens:
    """What is known of the members of a run after the first days of the forecast."""

    run: Run
    days: int
    values: Rows
    """Series by name, and whether the leader is in power, each of shape (member,)."""


def omens_of(course: Course) -> Rows:
    """Read what is watched for early signs, and whether the leader is in power."""
    values: Rows = {omen.name: omen.values(course) for omen in OMENS}
    return values | {_IS_OPEN: course.last("exit_kind") == 0}


def signs_of(omens: Omens, name: str, comes: Bools) -> Signs:
    """Find the early signs of a future."""
    is_open, days = omens.values[_IS_OPEN], omens.days
    halves = [is_open & (np.arange(len(is_open)) % 2 == half) for half in (0, 1)]
    count = int((comes & is_open).sum())
    least = min(int((half & kind).sum()) for half in halves for kind in (comes, ~comes))
    if least < FEWEST:
        others = int((~comes & is_open).sum())
        note = (
            f"{count:,} members with the leader in power after {days} days come to it "
            f"and {others:,} do not; too few on one side to look for signs"
        )
        return Signs(name, days, count, note, ())
    tried = [_sign(omen, omens, comes, (halves[0], halves[1])) for omen in OMENS]
    useful = [sign for sign in tried if sign is not None and sign.skill >= USEFUL]
    useful.sort(key=lambda sign: -sign.skill)
    silence = "no series tells these members from the others in time"
    return Signs(name, days, count, None if useful else silence, tuple(useful[:MOST]))


def _sign(
    omen: CourseValue, omens: Omens, comes: Bools, halves: tuple[Bools, Bools]
) -> Sign | None:
    """Choose the threshold on one half and score it on the other."""
    values, basis = omens.values[omen.name], basis_of(omens.run)
    even, odd = (half & np.isfinite(values) for half in halves)
    chosen = find_threshold(values[even], comes[even], _TRIED)
    if chosen is None:
        return None
    threshold, is_low = chosen
    came = comes[odd]
    shows = values[odd] < threshold if is_low else values[odd] >= threshold
    groups = (shows[came], shows[~came], came[shows], came[~shows])
    if any(group.size == 0 for group in groups):
        return None
    hits, alarms, with_it, without = (
        Quantity(float(group.mean()), "probability", basis=basis) for group in groups
    )
    said = Quantity(threshold, omen.unit(omens.run), basis=basis)
    told = (said, hits, alarms, with_it, without)
    return Sign(omen.name, omen.title, omens.days, is_low, *told)


def find_threshold(
    values: Floats, comes: Bools, tried_levels: int
) -> tuple[float, bool] | None:
    """Find the threshold, round as printed, with most hits beyond false alarms.

    Returns it, and whether the sign is a value below it; None where all are alike.
    """
    levels = np.quantile(values, np.linspace(0.02, 0.98, tried_levels))
    tried = np.unique([round_figures(float(level), 2) for level in levels])
    if len(tried) < 2:
        return None
    inside, outside = np.sort(values[comes]), np.sort(values[~comes])
    below_inside = np.searchsorted(inside, tried, side="left") / len(inside)
    below_outside = np.searchsorted(outside, tried, side="left") / len(outside)
    gain = below_inside - below_outside
    best = int(np.argmax(np.abs(gain)))
    return float(tried[best]), bool(gain[best] > 0)
