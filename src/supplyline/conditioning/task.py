"""Tasks: what a conditioning is asked to do, and by which facts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from supplyline.conditioning.pool import Setting


class Task(NamedTuple):
    """What a conditioning is asked to do."""

    setting: Setting
    reported: pd.Series[float]
    """What was reported of each fact."""
    pool: int
    members: int
    began: float
    tell: Callable[[str, str], None] | None

    def used(self, since: date, until: date) -> tuple[str, ...]:
        """Name the facts after one day, and by another, that members are weighed by."""
        facts = self.setting.facts
        is_between = facts["end"].between(
            pd.Timestamp(since), pd.Timestamp(until), inclusive="right"
        )
        return tuple(facts.index[is_between & (facts["use"] == "condition")])

    @property
    def start(self) -> date:
        """Give the first day of the case."""
        return self.setting.case.config.start

    def day_after(self, day: date) -> int:
        """Give the day of the run that comes after a day."""
        return (day - self.start).days + 1

    def say(self, step: str, text: str) -> None:
        """Tell what came of a step, and the time so far."""
        if self.tell is not None:
            self.tell(step, f"{text}, {self.minutes:.1f} minutes")

    @property
    def minutes(self) -> float:
        """Time so far."""
        return (time.perf_counter() - self.began) / 60
