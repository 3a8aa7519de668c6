"""Why an option makes an outcome worse: the change on the way that goes with it.

Two runs on the same luck differ in what happens between the option and the outcome:
trucks sent, lost, delivered, attacks, talks. Where the outcome is worse in most
courses, the change is named whose size over members tells the size of the harm, and
then the one behind it. It is put to the same test as an input of `screening`, and it
must go the way in which it can do harm: escorts that rise with a shortage answer it.
Where none passes, the model gives no reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of
from supplyline.analysis.members import share_of
from supplyline.analysis.screening import cut, screen
from supplyline.analysis.wording import Wording
from supplyline.case.lookup import titles_of
from supplyline.language import mark
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.case.case import Case
    from supplyline.runs import Run

    Floats = NDArray[np.float64]

_MOST_TRIED: Final = 3
_BOUND: Final = 4.9
"""Standard errors beyond which a mean change is none of luck."""


class Step(NamedTuple):
    """A number on the way from an option to its outcomes."""

    name: str
    label: str = ""
    """Place or corridor; empty for the nation."""


class _Kind(NamedTuple):
    """What a step is, and where it stands on the way."""

    title: str
    unit: str
    stage: int
    """What stands earlier may be the reason of what stands later."""
    is_mean: bool = False


_DAILY: Final = {
    "partner_troops": _Kind(mark("Troops of foreign partners"), "persons", 0, True),
    "escorts": _Kind(mark("Escort packages at work"), "packages", 1, True),
    "offensive_share": _Kind(
        mark("Effort of the army spent on offensives"), "share", 1, True
    ),
    "harm_operations": _Kind(
        mark("Operations in which the state harms civilians"), "operations", 1
    ),
    "trucks_sent": _Kind(mark("Trucks sent"), "trucks", 2),
    "trucks_escorted": _Kind(mark("Trucks sent under escort"), "trucks", 2),
    "attacks_interdictor": _Kind(
        mark("Attacks of the group that enforces the ban"), "attacks", 2
    ),
    "trucks_lost": _Kind(mark("Trucks lost"), "trucks", 3),
    "trucks_turned_back": _Kind(mark("Trucks turned back"), "trucks", 3),
    "soldiers_killed": _Kind(mark("Soldiers killed"), "persons", 3),
    "tolls_usd": _Kind(mark("Tolls paid"), "USD", 3),
    "trucks_delivered": _Kind(mark("Trucks delivered"), "trucks", 4),
    "public_served_share": _Kind(
        mark("Share served in the capital"), "share", 5, True
    ),
    "legitimacy": _Kind(
        mark("How far people accept the leader's rule"), "1", 6, True
    ),
    "cohesion": _Kind(
        mark("How far officers and elites stand together"), "1", 6, True
    ),
}  # fmt: skip
"""Daily outputs that are summed over the days compared, or averaged."""
_COUNTED: Final = {
    "pulse_days": ("posture", (2,)),
    "pause_days": ("posture", (3,)),
    "talks_days": ("talks", (1, 2, 3)),
}
"""Days counted on which a series has one of some stages."""
_LABELLED: Final = {
    "corridor_trucks_sent": ("corridor", 1.0),
    "delivered_kl": ("place", 1000.0),
}
"""Weekly outputs that are summed over the weeks compared, in the unit that is told."""
_DERIVED: Final = {
    "pulse_days": _Kind(mark("Days of a pulse of attacks"), "days", 1),
    "pause_days": _Kind(mark("Days on which the ban pauses"), "days", 1),
    "talks_days": _Kind(mark("Days of talks, truce or deal"), "days", 0),
}
_WEEKLY: Final = {
    "corridor_trucks_sent": _Kind(mark("Trucks sent by {corridor}"), "trucks", 2),
    "delivered_kl": _Kind(mark("Fuel that reaches {place}"), "litres", 4),
}
_KINDS: Final = _DAILY | _DERIVED | _WEEKLY
_LAST: Final = 7
_BY_RISING: Final = {
    "offensive_share", "harm_operations", "attacks_interdictor", "trucks_lost",
    "trucks_turned_back", "soldiers_killed", "tolls_usd", "pulse_days",
}  # fmt: skip
"""Steps that do harm by rising; others by falling."""
_ON_THE_ROAD: Final = {"trucks_sent", "trucks_escorted", "corridor_trucks_sent"}
_COUNTS_LOSSES: Final = {"trucks_lost", "interdictor_cash_usd"}
"""Outcomes that more trucks on the road make worse; fewer make all others worse."""
_STAGES: Final = {
    "attacks": 2,
    "trucks_lost": 3,
    "civilians_killed": 3,
    "interdictor_cash_usd": 4,
    "imports_kl": 4,
    "displaced": 4,
    "stockout_days": 5,
    "unmet_kl": 5,
    "price_per_l": 5,
    "days_of_supply": 5,
}
"""Outcome of a comparison to where it stands; others stand at the end."""

_RISES: Final = mark(
    "Traced over courses: {title}, up by {change} on average; the more, the worse."
)
_FALLS: Final = mark(
    "Traced over courses: {title}, down by {change} on average; the less, the worse."
)
_RISES_BEHIND: Final = mark("Behind that: {title}, up by {change} on average.")
_FALLS_BEHIND: Final = mark("Behind that: {title}, down by {change} on average.")
_NO_REASON: Final = mark(
    "The model gives no reason: nothing that the option changes on the way goes with "
    "it over courses."
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an outcome is worse in most courses.

    Attributes
    ----------
    steps : tuple of Wording
        One sentence for each change on the way, the last one first; or that the model
        gives no reason.
    is_known : bool
        Whether the model gives one.
    """

    steps: tuple[Wording, ...]
    is_known: bool

    def __str__(self) -> str:
        """Write the sentences."""
        return " ".join(map(str, self.steps))


def read_steps(run: Run, start: pd.Timestamp) -> Rows:
    """Reduce a chunk of a run to one number a member for each step on the way."""
    return dict(_steps(run, start))


def _steps(run: Run, start: pd.Timestamp) -> Iterator[tuple[Step, NDArray[Any]]]:
    days = run.daily.indexes["day"].slice_indexer(start)
    weeks = run.weekly.indexes["week"].slice_indexer(start)
    for name, kind in _DAILY.items():
        if name in run.daily:
            values = values_of(run.daily, name)[:, days]
            total = values.mean(axis=1) if kind.is_mean else values.sum(axis=1)
            yield Step(name), total
    for name, (series, stages) in _COUNTED.items():
        if series in run.daily:
            kept = np.isin(values_of(run.daily, series)[:, days], stages)
            yield Step(name), kept.sum(axis=1)
    for name, (axis, size) in _LABELLED.items():
        if name in run.weekly:
            total = size * values_of(run.weekly, name)[:, weeks].sum(axis=1)
            whole = total.sum(axis=2) if total.ndim > 2 else total
            for spot, label in enumerate(map(str, run.weekly[axis].to_numpy())):
                yield Step(name, label), whole[:, spot]


class Harm(NamedTuple):
    """An outcome, and how much worse an option makes it."""

    outcome: str
    place: str | None
    by: Floats
    """How much worse it is in each member; below 0 where it is better."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The steps of two runs on the same luck, by member."""

    first: Rows
    second: Rows
    pasts: NDArray[np.intp]
    """Number of the past that each member lives on."""
    case: Case
    basis: str


def trace(harms: Sequence[Harm], paths: Paths) -> list[Reason | None]:
    """Give the reason of each that is a harm in most courses, beyond luck."""
    alone = float(paths.pasts.max() + 1)
    worse = [_is_most(harm.by > 0, alone) for harm in harms]
    if not any(worse):
        return [None] * len(harms)
    changes = {
        step: np.asarray(paths.second[step], np.float64) - first
        for step, first in paths.first.items()
        if step in paths.second
    }
    tracing = _Tracing({s: c for s, c in changes.items() if _is_shift(c)}, paths)
    return [
        tracing.reason(harm) if is_worse else None
        for harm, is_worse in zip(harms, worse, strict=True)
    ]


def _is_most(chosen: NDArray[np.bool_], alone: float) -> bool:
    """Tell whether something holds in more than half of the courses, beyond luck."""
    share = share_of(float(chosen.sum()), len(chosen), "assumption", alone)
    return isinstance(share.low, float) and share.low > 0.5


def _is_shift(change: Floats) -> bool:
    """Tell whether a step changes on average, and not alike in all members."""
    error = change.std() / np.sqrt(len(change))
    return bool(error > 0 and abs(change.mean()) > _BOUND * error)


class _Tracing:
    """The changes between two runs on the same luck, and what goes with them."""

    def __init__(self, changes: Mapping[Step, Floats], paths: Paths) -> None:
        self._changes, self._paths, self._steps = changes, paths, list(changes)
        if changes:
            self._quarters = cut(np.stack(list(changes.values()), axis=1))

    def reason(self, harm: Harm) -> Reason:
        """Name the change that goes with a harm, and the one behind it."""
        stage = _STAGES.get(harm.outcome, _LAST)
        step = self._behind(harm, stage)
        if step is None:
            return Reason((Wording(_NO_REASON),), is_known=False)
        sentences = [self._words(step, _RISES, _FALLS)]
        change = self._changes[step]
        next_harm = Harm(step.name, None, change if change.mean() > 0 else -change)
        behind = self._behind(next_harm, _KINDS[step.name].stage)
        if behind is not None:
            sentences.append(self._words(behind, _RISES_BEHIND, _FALLS_BEHIND))
        return Reason(tuple(sentences), is_known=True)

    def _behind(self, harm: Harm, stage: int) -> Step | None:
        """Find the earlier change that tells most of a harm, and can do it."""
        asked = np.array(
            [
                _KINDS[step.name].stage < stage
                and (step.name != "delivered_kl" or step.label == harm.place)
                and self._changes[step].mean() * _harmful(step, harm.outcome) > 0
                for step in self._steps
            ],
            bool,
        )
        if not asked.any():
            return None
        ranks = np.asarray(pd.Series(harm.by).rank(), np.float64)
        named = screen(
            self._quarters, ranks[:, None], self._paths.pasts, asked[None], _MOST_TRIED
        )[0]
        for each in named:
            step = self._steps[each.column]
            slope = np.cov(self._quarters.codes[:, each.column], ranks)[0, 1]
            if slope * _harmful(step, harm.outcome) > 0:
                return step
        return None

    def _words(self, step: Step, rises: str, falls: str) -> Wording:
        """Say how a step changes."""
        kind, mean = _KINDS[step.name], float(self._changes[step].mean())
        axis = "corridor" if "{corridor}" in kind.title else "place"
        label = titles_of(self._paths.case, axis).get(step.label, step.label)
        title = Wording(kind.title, {axis: label} if step.label else {})
        change = Quantity(abs(mean), kind.unit, basis=self._paths.basis)
        return Wording(rises if mean > 0 else falls, {"title": title, "change": change})


def _harmful(step: Step, outcome: str) -> int:
    """Tell whether a step makes an outcome worse by rising, 1, or by falling, -1."""
    if step.name in _ON_THE_ROAD and outcome in _COUNTS_LOSSES:
        return 1
    return 1 if step.name in _BY_RISING else -1
