"""Shortage: one definition for the capital and the towns, and what it comes to.

A place is short of a product on a day on which its public gets less than a share of
what it wants; it is in shortage on a day that is at least the third such day in a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.runs import Run

    Booleans = NDArray[np.bool_]

SHORTAGE_DAYS: Final = 3
"""Short days in a row that make a shortage, where the reader sets no other number."""
NEVER: Final = -1
"""First day of a shortage that never comes."""
_LATER: Final = np.iinfo(np.int64).max
"""A day later than all."""


def in_shortage(is_short: Booleans, days: int, axis: int = 1) -> Booleans:
    """Tell on which days a shortage is on: as many short days in a row lie behind."""
    short = np.moveaxis(is_short, axis, 0)
    on = short.copy()
    for back in range(1, days):
        on[back:] &= short[:-back]
        on[:back] = False
    return np.moveaxis(on, 0, axis)


def came_within(first_day: NDArray[np.int64], days: int) -> Booleans:
    """Tell by the first day of a shortage whether it comes in so many days."""
    return np.asarray((first_day != NEVER) & (first_day <= days))


def first_likely(first_day: NDArray[np.int64]) -> int | None:
    """Find the day by which more than half of the members saw a shortage."""
    came = np.sort(np.where(first_day == NEVER, _LATER, first_day))
    day = int(came[len(came) // 2])
    return None if day == _LATER else day


@dataclass(frozen=True, eq=False)
class Shortage:
    """On which days each place is in shortage, in some members of a run.

    Arrays have the axes ``member, place, product``.
    """

    days: Booleans
    """Whether a shortage is on; axes ``member, day, place, product``."""
    cutoff: int
    """Position of the last day known among the days; -1 where the run begins later."""

    @property
    def days_ahead(self) -> int:
        """Count the days after the cut-off."""
        return int(self.days.shape[1]) - self.cutoff - 1

    @cached_property
    def already(self) -> Booleans:
        """Whether a shortage is on at the cut-off."""
        if self.cutoff < 0:
            return np.zeros_like(self.days[:, 0])
        return np.asarray(self.days[:, self.cutoff])

    @cached_property
    def first_day(self) -> NDArray[np.int64]:
        """Days from the cut-off to the first one ahead in shortage; `NEVER` if none."""
        ahead = self.days[:, self.cutoff + 1 :]
        if not ahead.shape[1]:
            return np.full(self.already.shape, NEVER)
        return np.where(ahead.any(axis=1), ahead.argmax(axis=1) + 1, NEVER)

    def within(self, days: int) -> Booleans:
        """Tell whether a shortage is on at some time in the days after the cut-off."""
        return came_within(self.first_day, days)

    def on(self, day: int) -> Booleans:
        """Tell whether a shortage is on so many days after the cut-off."""
        return np.asarray(self.days[:, self.cutoff + day])


def shortage_in(run: Run, days: int = SHORTAGE_DAYS) -> Shortage:
    """Tell the shortages of a run, or of a chunk of one.

    It goes by the share below which the run counted its short days.
    """
    on = in_shortage(run.is_short.to_numpy(), days)
    known = pd.Timestamp(run.manifest.cutoff)
    last = int(run.daily.indexes["day"].searchsorted(known, side="right")) - 1
    return Shortage(on, last)
