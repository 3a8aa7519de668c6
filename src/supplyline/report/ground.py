"""What a run rests on: reported facts by a conditioned ensemble, or prior ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplyline.analysis.members import basis_of
from supplyline.errors import ConditioningError, refuse_other
from supplyline.quantities import Quantity
from supplyline.report.sentences import Said, Sentence
from supplyline.report.series import dated

if TYPE_CHECKING:
    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.runs import Lineage, Run


@dataclass(frozen=True, slots=True)
class Ground:
    """What a run rests on, as all sections tell it."""

    conditioned: Conditioned | None
    """The ensemble whose members the run follows; None where it rests on the prior."""
    line: Sentence
    """One line for the top of the page."""
    trial: Sentence = ()
    """How the method did where the truth was known."""


def ground_of(run: Run, told: Conditioned | str | None) -> Ground:
    """Say what a run rests on, and refuse an ensemble that it does not follow."""
    if told is None or isinstance(told, str):
        return Ground(None, _prior_line(run, told or ""))
    refuse_other("conditioned", told, "Conditioned", "load_conditioned")
    # a run that was read has a copy of the case, of which nothing is worked out yet
    is_same = dict(told.case.hashes) == dict(run.case.hashes)
    if reasons := told.differences(told.case if is_same else run.case):
        raise ConditioningError(
            "\n".join(f"{run.case.name}: {each}" for each in reasons)
        )
    if not _follows(run, told.lineage):
        message = (
            "base does not follow the members of conditioned; "
            "expected a run that conditioned.simulate() gives"
        )
        raise ValueError(message)
    return Ground(told, _line(told, basis_of(run)), _trial(told, basis_of(run)))


def _follows(run: Run, lineage: Lineage) -> bool:
    """Whether the members of a run are those of a lineage."""
    if run.lineage is None or run.members.stop > len(lineage):
        return False
    members = np.asarray(run.members)
    return run.lineage.of(members) == lineage.of(members)


def _prior_line(run: Run, why: str) -> Sentence:
    """Say that no fact was used, and why."""
    if run.lineage is not None:
        return (
            "The courses live on luck chosen beforehand; by what they were chosen",
            " is not known to this brief.",
        )
    line: Sentence = (
        "The courses are drawn from prior ranges; none was held against what was",
        " reported",
    )
    return (*line, ": ", Said(why), ".") if why else (*line, ".")


def _line(told: Conditioned, basis: str) -> Sentence:
    """Say how many facts were used, and what the courses are worth."""
    record = told.record
    return (
        "The courses are chosen by ", _count(record.facts, basis, "facts"),
        " reported up to ", dated(record.origin, basis), ", and tell as much as ",
        Quantity(told.effective, "1", basis=basis), " independent ones.",
    )  # fmt: skip


def _trial(told: Conditioned, basis: str) -> Sentence:
    """Say how often truths that were made up lay where they were told to lie."""
    # a refresh is tried on few truths, whose shares tell little one by one
    held = told.gate.loc[told.gate["truths"] == told.record.truths, "coverage_90"]
    low, high = (
        Quantity(float(end), "share", basis=basis) for end in (held.min(), held.max())
    )
    return (
        "The gate is passed: of ", _count(told.record.truths, basis),
        " made-up truths, intervals meant to hold ",
        Quantity(0.9, "share", basis=basis), " held ", low, " to ", high, ".",
    )  # fmt: skip


def _count(number: int, basis: str, unit: str = "1") -> Quantity:
    """Give a count as it stands."""
    return Quantity(float(number), unit, basis=basis, digits=None)
