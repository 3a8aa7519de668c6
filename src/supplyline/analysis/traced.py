"""Why an option makes an outcome worse: the change on the way that goes with it.

Two runs on the same luck differ in what happens between the option and the outcome:
trucks sent, lost, delivered, attacks, talks. Where the outcome is worse in most courses,
the change is named whose size over members tells the size of the harm, and then the one
behind it. It is put to the same test as an input of `screening`; where none passes it,
the model gives no reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of
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
_PULSE, _PAUSE, _TALKS = 2, 3, 1


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
        mark("How far people accept the leader's rule, 0 to 1"), "1", 6, True
    ),
    "cohesion": _Kind(
        mark("How far officers and elites stand together, 0 to 1"), "1", 6, True
    ),
}  # fmt: skip
"""Daily outputs that are summed over the days compared, or averaged."""
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
    "Traced over courses: {title} rises, on average by {change}; the more it does, the "
    "worse it is."
)
_FALLS: Final = mark(
    "Traced over courses: {title} falls, on average by {change}; the more it does, the "
    "worse it is."
)
_RISES_BEHIND: Final = mark("Behind that: {title} rises, on average by {change}.")
_FALLS_BEHIND: Final = mark("Behind that: {title} falls, on average by {change}.")
_NO_REASON: Final = mark(
    "The model gives no reason: nothing that the option changes on the way goes with it "
    "over courses."
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
            yield Step(name), values.mean(axis=1) if kind.is_mean else values.sum(axis=1)
    posture = values_of(run.daily, "posture")[:, days]
    yield Step("pulse_days"), (posture == _PULSE).sum(axis=1)
    yield Step("pause_days"), (posture == _PAUSE).sum(axis=1)
    if "talks" in run.daily:
        stage = values_of(run.daily, "talks")[:, days]
        yield Step("talks_days"), (stage >= _TALKS).sum(axis=1)
    sent = values_of(run.weekly, "corridor_trucks_sent")[:, weeks].sum(axis=1)
    for spot, corridor in enumerate(map(str, run.weekly["corridor"].to_numpy())):
        yield Step("corridor_trucks_sent", corridor), sent[:, spot]
    arrived = 1000 * values_of(run.weekly, "delivered_kl")[:, weeks].sum(axis=(1, 3))
    for spot, place in enumerate(map(str, run.weekly["place"].to_numpy())):
        yield Step("delivered_kl", place), arrived[:, spot]


class Harm(NamedTuple):
    """An outcome that an option makes worse in most courses."""

    outcome: str
    place: str | None
    by: Floats
    """How much worse it is in each member."""


def trace(
    harms: Sequence[Harm], steps: tuple[Rows, Rows], pasts: NDArray[np.intp], case: Case,
    basis: str,
) -> list[Reason]:  # fmt: skip
    """Give the reason of each harm from the steps of both runs."""
    if not harms:
        return []
    first, second = steps
    changes = {
        step: np.asarray(second[step], np.float64) - first[step]
        for step in first
        if step in second and np.ptp(second[step] - first[step])
    }
    tracing = _Tracing(changes, pasts, case, basis)
    return [tracing.reason(harm) for harm in harms]


class _Tracing:
    """The changes between two runs on the same luck, and what goes with them."""

    def __init__(
        self, changes: Mapping[Step, Floats], pasts: NDArray[np.intp], case: Case,
        basis: str,
    ) -> None:  # fmt: skip
        self._changes, self._pasts = changes, pasts
        self._case, self._basis = case, basis
        self._steps = list(changes)
        if changes:
            self._quarters = cut(np.stack(list(changes.values()), axis=1))

    def reason(self, harm: Harm) -> Reason:
        """Name the change that goes with a harm, and the one behind it."""
        stage = _STAGES.get(harm.outcome, _LAST)
        step = self._behind(harm.by, stage, harm.place)
        if step is None:
            return Reason((Wording(_NO_REASON),), is_known=False)
        sentences = [self._words(step, _RISES, _FALLS)]
        change = self._changes[step]
        more = change if change.mean() > 0 else -change
        behind = self._behind(more, _KINDS[step.name].stage, None)
        if behind is not None:
            sentences.append(self._words(behind, _RISES_BEHIND, _FALLS_BEHIND))
        return Reason(tuple(sentences), is_known=True)

    def _behind(self, harm: Floats, stage: int, place: str | None) -> Step | None:
        """Find the earlier change that tells most of a harm, and tends to it."""
        asked = np.array(
            [
                _KINDS[step.name].stage < stage
                and (step.name != "delivered_kl" or step.label == place)
                for step in self._steps
            ],
            bool,
        )
        if not asked.any():
            return None
        ranks = pd.Series(harm).rank().to_numpy(np.float64)
        named = screen(
            self._quarters, ranks[:, None], self._pasts, asked[None], _MOST_TRIED
        )[0]
        for each in named:
            step = self._steps[each.column]
            change = self._changes[step]
            slope = np.cov(self._quarters.codes[:, each.column], ranks)[0, 1]
            if slope * change.mean() > 0:
                return step
        return None

    def _words(self, step: Step, rises: str, falls: str) -> Wording:
        """Say how a step changes."""
        kind, mean = _KINDS[step.name], float(self._changes[step].mean())
        axis = "corridor" if "{corridor}" in kind.title else "place"
        label = titles_of(self._case, axis).get(step.label, step.label)
        title = Wording(kind.title, {axis: label} if step.label else {})
        change = Quantity(abs(mean), kind.unit, basis=self._basis)
        return Wording(rises if mean > 0 else falls, {"title": title, "change": change})
