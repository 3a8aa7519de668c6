"""What the leader's heat means for those who read the brief: protection and relief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.analysis.chunks import values_of
from supplyline.analysis.compare import STOCKOUT_SHARE
from supplyline.analysis.members import basis_of
from supplyline.quantities import Quantity
from supplyline.report.sentences import Said, Sentence
from supplyline.report.series import forecast_start, place_title, rounded, summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
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


def meanings(heat: Heat, read: Rows) -> tuple[Meaning, ...]:
    """Say what the leader's heat means, reader by reader."""
    ahead = _Ahead.of(heat.run, read)
    return (
        Meaning("Relief planner", _relief(ahead)),
        Meaning("Importer or insurer", _trade(ahead)),
        Meaning("Analyst", _analyst(heat)),
        Meaning("Resident or journalist", _resident(ahead)),
    )


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The forecast, and in which members the leader falls."""

    rows: Rows
    is_fallen: NDArray[np.bool_]
    place: Said
    basis: str

    @classmethod
    def of(cls, run: Run, rows: Rows) -> _Ahead:
        """Cut the forecast."""
        place = Said(place_title(run, run.case.config.capital))
        return cls(rows, rows["exit_kind"] > 0, place, basis_of(run))

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


def read_forecast(run: Run) -> Rows:
    """Reduce the forecast of a run with a regime to one number each."""
    first = int(run.daily.indexes["day"].searchsorted(forecast_start(run)))

    def ends(name: str) -> Values:
        return values_of(run.daily, name)[:, -1].astype(np.float64)

    def days(name: str) -> Values:
        return values_of(run.daily, name)[:, first:].astype(np.float64)

    served = days("served_share")
    lost, sent = (days(name).sum(axis=1) for name in ("trucks_lost", "trucks_sent"))
    return {
        "exit_kind": ends("exit_kind"),
        "displaced": ends("displaced"),
        "displaced_before": values_of(run.daily, "displaced")[:, first - 1].astype(
            np.float64
        ),
        "access": ends("access_share"),
        "longest": longest(np.any(served < STOCKOUT_SHARE, axis=2)),
        "lost": lost,
        "lost_share": np.divide(lost, sent, out=np.zeros_like(lost), where=sent > 0),
        "waiting": ends("trucks_waiting"),
        "served": served.mean(axis=(1, 2)),
        "power": days("electricity_h").mean(axis=1),
        "killed": days("civilians_killed").sum(axis=1),
        "harmed": days("harm_killed").sum(axis=1),
    }


def _relief(ahead: _Ahead) -> tuple[Sentence, ...]:
    """Say what a relief planner can use."""
    rows = ahead.rows
    stretch = float(np.quantile(rows["longest"], _NINE_IN_TEN))
    bridge: Sentence = (
        "In nine courses in ten no stretch of days with less than half of demand",
        " served in ", ahead.place, " lasts longer than ",
        ahead.whole(round(stretch), "days"), ": a reserve of that length bridges it.",
    )  # fmt: skip
    return (
        (
            "At the end of the forecast ", ahead.middle(rows["displaced"], "persons"),
            " have been displaced in the country since the start of the run, after ",
            ahead.middle(rows["displaced_before"], "persons"),
            " on the cut-off; relief then reaches ",
            ahead.middle(rows["access"], "share"), " of the people.",
        ),
        bridge,
        ahead.if_he_falls(
            "the share of people that relief reaches at the end",
            rows["access"], "share",
        ),
    )  # fmt: skip


def _trade(ahead: _Ahead) -> tuple[Sentence, ...]:
    """Say what an importer or insurer can use."""
    share, waiting = (ahead.rows[name] for name in ("lost_share", "waiting"))
    worst = float(np.quantile(ahead.rows["lost"], _NINETEEN_IN_TWENTY))
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
            "The drivers are weighed by ranges set before the run",
            "" if heat.run.lineage is None else ", which the facts hardly narrow",
            ": read their order, not their decimals.",
        ),
    )  # fmt: skip


def _resident(ahead: _Ahead) -> tuple[Sentence, ...]:
    """Say what a resident or journalist can use."""
    names = ("served", "power", "killed", "harmed")
    served, power, killed, harmed = (ahead.rows[name] for name in names)
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
