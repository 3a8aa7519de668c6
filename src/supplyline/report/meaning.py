"""What the leader's heat means for those who read the brief: protection and relief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.analysis.compare import STOCKOUT_SHARE
from supplyline.analysis.members import basis_of, values_of
from supplyline.quantities import Quantity
from supplyline.report.sentences import Said, Sentence
from supplyline.report.series import forecast_start, place_title, rounded, summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.analysis.heat import Heat
    from supplyline.runs import Run

    Values = NDArray[np.float64]

LEAST_COURSES: Final = 20
"""Members on each side without which the two sides are not compared."""
_NINE_IN_TEN: Final = 0.9
_NINETEEN_IN_TWENTY: Final = 0.95


@dataclass(frozen=True, slots=True)
class Meaning:
    """What it means for one kind of reader."""

    reader: str
    sentences: tuple[Sentence, ...]


def meanings(heat: Heat) -> tuple[Meaning, ...]:
    """Say what the leader's heat means, reader by reader."""
    ahead = _Ahead.of(heat.run)
    return (
        Meaning("Relief planner", _relief(ahead)),
        Meaning("Importer or insurer", _trade(ahead)),
        Meaning("Analyst", _analyst(heat)),
        Meaning("Resident or journalist", _resident(ahead)),
    )


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The forecast, and in which members the leader falls."""

    run: Run
    daily: Any
    is_fallen: NDArray[np.bool_]
    place: Said
    basis: str

    @classmethod
    def of(cls, run: Run) -> _Ahead:
        """Cut the forecast."""
        daily = run.daily.sel(day=slice(forecast_start(run), None))
        fallen = values_of(daily, "exit_kind")[:, -1] > 0
        place = Said(place_title(run, run.case.config.capital))
        return cls(run, daily, fallen, place, basis_of(run))

    def values(self, name: str) -> Values:
        """Read a series over the forecast."""
        return np.asarray(values_of(self.daily, name).astype(np.float64))

    def middle(self, values: Values, unit: str) -> Quantity:
        """Tell one number per member by its median and interval."""
        return summary(values, unit, self.basis)

    def whole(self, value: float, unit: str) -> Quantity:
        """Make one number of all members printable."""
        return Quantity(float(value), unit, basis=self.basis)

    def if_he_falls(self, what: str, values: Values, unit: str) -> Sentence:
        """Compare the members in which he falls with the others."""
        fallen, others = values[self.is_fallen], values[~self.is_fallen]
        if min(len(fallen), len(others)) < LEAST_COURSES:
            return (f"Too few courses differ in who rules to tell of {what}.",)
        return (
            f"In the courses in which he falls {what} comes to ",
            self.middle(fallen, unit), " at the median, in the others to ",
            self.middle(others, unit), ".",
        )  # fmt: skip


def _relief(ahead: _Ahead) -> tuple[Sentence, ...]:
    """Say what a relief planner can use."""
    now = values_of(ahead.run.daily, "displaced")
    last = int(ahead.run.daily.sizes["day"] - ahead.daily.sizes["day"]) - 1
    displaced = ahead.values("displaced")[:, -1]
    access = ahead.values("access_share")
    short = np.any(ahead.values("served_share") < STOCKOUT_SHARE, axis=2)
    stretch = float(np.quantile(longest(short), _NINE_IN_TEN))
    bridge: Sentence = (
        "In nine courses in ten no stretch of days with less than half of demand",
        " served in ", ahead.place, " lasts longer than ",
        ahead.whole(round(stretch), "days"), ": a reserve of that length bridges it.",
    )  # fmt: skip
    return (
        (
            "At the end of the forecast ", ahead.middle(displaced, "persons"),
            " have been displaced in the country since the start of the run, after ",
            ahead.middle(now[:, last].astype(np.float64), "persons"),
            " on the cut-off; relief then reaches ",
            ahead.middle(access[:, -1], "share"), " of the people.",
        ),
        bridge,
        ahead.if_he_falls(
            "the share of people that relief reaches at the end",
            access[:, -1], "share",
        ),
    )  # fmt: skip


def _trade(ahead: _Ahead) -> tuple[Sentence, ...]:
    """Say what an importer or insurer can use."""
    sent = ahead.values("trucks_sent").sum(axis=1)
    lost = ahead.values("trucks_lost").sum(axis=1)
    share = np.divide(lost, sent, out=np.zeros_like(lost), where=sent > 0)
    worst = float(np.quantile(lost, _NINETEEN_IN_TWENTY))
    waiting = ahead.values("trucks_waiting")[:, -1]
    return (
        (
            "Of the trucks sent over the forecast ", ahead.middle(share, "share"),
            " are lost; one course in twenty loses more than ",
            ahead.whole(worst, "trucks"), ".",
        ),
        ahead.if_he_falls("the share of trucks lost", share, "share"),
        (
            "At the end ", ahead.middle(waiting, "trucks"),
            " wait at the border: count the delay in, not only the loss.",
        ),
    )  # fmt: skip


def _analyst(heat: Heat) -> tuple[Sentence, ...]:
    """Say what an analyst can use."""
    basis = basis_of(heat.run)
    days = Quantity(float(heat.keeps_power_days), "days", basis=basis, digits=None)
    strongest = heat.sensitivity()[0]
    tenth = Quantity(0.1, "1", basis=basis)
    return (
        (
            "He is still in power ", days, " after the cut-off in ", heat.keeps_power,
            " of the courses.",
        ),
        (
            f"His hold answers most to this: {strongest.title}. A rise by ", tenth,
            ", on its scale from none to all, changes his heat by ",
            rounded(strongest.points, 1), ".",
        ),
        (
            "The drivers are weighed by prior ranges, set before the run:",
            " read their order, not their decimals.",
        ),
    )  # fmt: skip


def _resident(ahead: _Ahead) -> tuple[Sentence, ...]:
    """Say what a resident or journalist can use."""
    served = ahead.values("served_share").mean(axis=(1, 2))
    power = ahead.values("electricity_h").mean(axis=1)
    killed = ahead.values("civilians_killed").sum(axis=1)
    harmed = ahead.values("harm_killed").sum(axis=1)
    return (
        (
            "Over the forecast ", ahead.middle(served, "share"),
            " of the demand for fuel in ", ahead.place, " is served, and there are ",
            ahead.middle(power, "h"), " of electricity a day.",
        ),
        (
            "In the same time the run counts ", ahead.middle(killed, "persons"),
            " civilians killed by armed groups and ", ahead.middle(harmed, "persons"),
            " by the state and its partners.",
        ),
        (
            "The heat says how firm a hold on power is. It does not say",
            " whether that is good, who would follow, or on what day.",
        ),
    )  # fmt: skip


def longest(is_so: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count the longest stretch of days on which something is so."""
    most = np.zeros(len(is_so), dtype=np.int64)
    current = np.zeros(len(is_so), dtype=np.int64)
    for day in range(is_so.shape[1]):
        current = np.where(is_so[:, day], current + 1, 0)
        most = np.maximum(most, current)
    return most
