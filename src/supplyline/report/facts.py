"""Facts that courses are held against, before and after they were chosen by them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

import pandas as pd

from supplyline.analysis.members import basis_of
from supplyline.case.frames import rows
from supplyline.quantities import Quantity
from supplyline.report.checks import amount, basis_of_fact, claim_of
from supplyline.report.marks import percentile_mark
from supplyline.report.series import dated

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping

    from markupsafe import Markup

    from supplyline.case.case import Case
    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.report.sentences import Sentence
    from supplyline.runs import Run

    Cells = Mapping[Hashable, Any]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact beside what courses would have reported of it."""

    claim: str | None
    """The claim that it is, where it is one."""
    title: str
    days: tuple[Quantity, ...]
    grade: str
    is_reading: bool
    is_used: bool
    """Whether courses are chosen by it."""
    reason: str
    """Why they are not; empty where they are."""
    reported: Sentence
    prior: Sentence
    told: Sentence
    mark: Markup | None
    is_inside: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts, by their use."""

    by_name: Mapping[str, FactRow]
    counts: Mapping[str, Quantity]
    """Facts used, those of them inside and missed, checks, those of them inside."""

    @property
    def outside(self) -> list[FactRow]:
        """Facts that the courses were chosen by and do not tell."""
        return [row for row in self._used if not row.is_inside]

    @property
    def inside(self) -> list[FactRow]:
        """Facts that the courses were chosen by and tell."""
        return [row for row in self._used if row.is_inside]

    @property
    def checks(self) -> list[FactRow]:
        """Facts that the courses are only held against."""
        return [row for row in self.by_name.values() if not row.is_used]

    @property
    def _used(self) -> list[FactRow]:
        return [row for row in self.by_name.values() if row.is_used]

    def claims(self) -> list[str]:
        """List the claims shown."""
        return [row.claim for row in self.by_name.values() if row.claim is not None]


def facts_of(run: Run, told: Conditioned) -> Facts:
    """Make the facts of a conditioned ensemble printable."""
    basis, record = basis_of(run), told.record
    cells = _cells_of(run.case)
    claims = {str(name) for name in run.case.tables["claims"]["claim"]}
    table = told.facts.sort_values("start", kind="stable").reset_index()
    printed = {
        str(fact.fact): _row(fact, cells.get(str(fact.fact)), claims, basis)
        for fact in rows(table)
    }
    counts = {
        "used": record.facts,
        "inside": record.inside,
        "missed": record.facts - record.inside,
        "checks": record.checks,
        "checks_inside": record.checks_inside,
    }
    shown = {
        name: Quantity(float(count), "1", basis=basis, digits=None)
        for name, count in counts.items()
    }
    return Facts(printed, shown)


def _cells_of(case: Case) -> dict[str, Cells]:
    """Find the row of each fact of a case."""
    observed = case.tables["observed"]
    again = observed.groupby("claim").cumcount()
    names = (
        observed["claim"]
        .astype(str)
        .where(
            again == 0, observed["claim"].astype(str) + "." + (again + 1).astype(str)
        )
    )
    targets = case.tables["targets"]
    return {
        **dict(zip(targets["target"], targets.to_dict("records"), strict=True)),
        **dict(zip(names, observed.to_dict("records"), strict=True)),
    }


def _row(
    fact: Any,  # noqa: ANN401 - a row of a table
    cells: Cells | None,
    claims: Collection[str],
    basis: str,
) -> FactRow:
    """Make one fact printable."""
    is_number = fact.form == "number"
    claim, own, unit = None, "assumption", None
    if cells is not None:
        claim, unit = claim_of(cells, claims), str(cells["unit"])
        own = basis_of_fact(cells, claim)
    return FactRow(
        claim=claim,
        title=str(fact.title),
        days=tuple(dated(day, own) for day in dict.fromkeys((fact.start, fact.end))),
        grade=fact.grade if isinstance(fact.grade, str) else "",
        is_reading=bool(fact.is_reading),
        is_used=fact.use == "condition",
        reason=fact.reason if isinstance(fact.reason, str) else "",
        reported=_reported(cells, unit, own),
        prior=_modelled(fact, "prior", unit, basis),
        told=_modelled(fact, "conditioned", unit, basis),
        mark=percentile_mark(fact.conditioned_place, is_main=not fact.is_reading)
        if is_number
        else None,
        is_inside=bool(fact.is_inside),
    )


def _reported(cells: Cells | None, unit: str | None, basis: str) -> Sentence:
    """Say what was reported: a number, or what it lies above, below or between."""
    if cells is None or unit is None:
        return ("given beside the case",)
    value, low, high = (_number(cells[name]) for name in ("value", "low", "high"))
    if low is not None and high is not None:
        if value is not None:
            return (amount(value, (low, high), unit, basis),)
        return (amount(low, None, unit, basis), " to ", amount(high, None, unit, basis))
    if low is not None:
        return ("at least ", amount(low, None, unit, basis))
    if high is not None:
        return ("at most ", amount(high, None, unit, basis))
    return () if value is None else (amount(value, None, unit, basis),)


def _modelled(fact: Any, which: str, unit: str | None, basis: str) -> Sentence:  # noqa: ANN401 - a row of a table
    """Say what courses would have reported."""
    low, middle, high, mean = (
        float(getattr(fact, f"{which}_{name}"))
        for name in ("q10", "q50", "q90", "mean")
    )
    if fact.form != "number":
        return (Quantity(mean, "share", basis=basis), " would say so")
    if unit is None:
        return ()
    if not isfinite(middle):
        return ("never in half of them or more",)
    if isfinite(low) and isfinite(high):
        return (amount(middle, (low, high), unit, basis),)
    return (amount(middle, None, unit, basis), ", never in some")


def _number(cell: object) -> float | None:
    """Read a number; a missing cell is none."""
    return float(cell) if isinstance(cell, int | float) and not pd.isna(cell) else None
