"""The model beside reported facts, ready to be printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.quantities import Quantity
from supplyline.report.evidence import WORD
from supplyline.report.marks import percentile_mark

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping
    from datetime import date

    from markupsafe import Markup

    from supplyline.case.case import Case

    Record = Mapping[Hashable, object]

_DAY_AFTER: Final = re.compile(r"^days? after (\d{4}-\d{2}-\d{2})$")


@dataclass(frozen=True, slots=True)
class Check:
    """A reported fact beside what the model says of it."""

    title: str
    note: str
    reported: Quantity | None
    window: tuple[Quantity, Quantity]
    modelled: Quantity | None
    inside: Quantity
    never: Quantity | None
    mark: Markup | None
    percentile: Quantity | None
    is_main: bool


def checks_of(
    case: Case, table: pd.DataFrame | None, run_basis: str
) -> tuple[tuple[Check, ...], list[str]]:
    """Make the check against reported facts printable."""
    if table is None or table.empty:
        return (), []
    known = {str(name) for name in case.tables["claims"]["claim"]}
    printed, used = [], []
    for row in table.to_dict("records"):
        claim = claim_of(row, known)
        used += [claim] if claim else []
        printed.append(_check(row, basis_of_fact(row, claim), run_basis))
    return tuple(sorted(printed, key=lambda entry: not entry.is_main)), used


def claim_of(row: Record, known: Collection[str]) -> str | None:
    """Find the claim that a fact names: as its own, or first in its note."""
    words = WORD.findall(f"{_text(row, 'claim')} {_text(row, 'note')}")
    return next((word for word in words if word in known), None)


def basis_of_fact(row: Record, claim: str | None) -> str:
    """Tell what a fact rests on: the claim its note names, or its source."""
    if claim is not None:
        return f"claim {claim}"
    source = _text(row, "source")
    return "assumption" if source in ("", "assumption") else f"source {source}"


def _check(row: Record, basis: str, run_basis: str) -> Check:
    """Make one check printable."""
    unit = _text(row, "unit")
    value, low, high = (_number(row, name) for name in ("value", "low", "high"))
    ends = (low if low is not None else 0.0, high if high is not None else 0.0)
    middle, q10, q90 = (_number(row, name) for name in ("median", "q10", "q90"))
    percentile = _number(row, "percentile")
    never = _number(row, "never_share")
    is_main = bool(row["is_main"])
    return Check(
        title=_text(row, "title"),
        note=_text(row, "note"),
        reported=None if value is None else amount(value, ends, unit, basis),
        window=(
            amount(ends[0], None, unit, basis),
            amount(ends[1], None, unit, basis),
        ),
        modelled=None
        if middle is None or q10 is None or q90 is None
        else amount(middle, (q10, q90), unit, run_basis),
        inside=Quantity(_number(row, "share_inside") or 0.0, "share", basis=run_basis),
        never=None if never is None else Quantity(never, "share", basis=run_basis),
        mark=None
        if percentile is None
        else percentile_mark(percentile / 100, is_main=is_main),
        percentile=None
        if percentile is None
        else Quantity(percentile, "percent", basis=run_basis),
        is_main=is_main,
    )


def amount(
    value: float, ends: tuple[float, float] | None, unit: str, basis: str
) -> Quantity:
    """Make a number printable; days counted from a date become dates."""
    low, high = ends if ends is not None else (None, None)
    start = _DAY_AFTER.match(unit)
    if start is None:
        return Quantity(value, unit, low=low, high=high, basis=basis)
    origin = pd.Timestamp(start[1])

    def day(number: float) -> date:
        return (origin + pd.Timedelta(days=round(number))).date()

    first, last = (None, None) if ends is None else (day(ends[0]), day(ends[1]))
    return Quantity(day(value), "date", low=first, high=last, basis=basis)


def _number(row: Record, name: str) -> float | None:
    """Read a number; a missing cell or column is none."""
    cell = row.get(name)
    return float(cell) if isinstance(cell, int | float) and not pd.isna(cell) else None


def _text(row: Record, name: str) -> str:
    """Read a text; a missing cell or column is empty."""
    cell = row.get(name)
    return cell if isinstance(cell, str) else ""
