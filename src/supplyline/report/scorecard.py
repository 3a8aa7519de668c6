"""The scorecard of reported figures: what sources say beside what the model gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from supplyline.analysis.members import basis_of
from supplyline.analysis.scorecard import VERDICTS, scorecard
from supplyline.quantities import Quantity
from supplyline.report.evidence import WORD

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from supplyline.report.evidence import Claim
    from supplyline.runs import Run

    Record = Mapping[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """One reported figure beside the model."""

    claim: str
    statement: str
    about: str
    grade: str
    reported: Quantity | None
    disputes: tuple[str, ...]
    counted: str
    modelled: Quantity | None
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The scorecard with its counts."""

    scores: tuple[Score, ...]
    counts: tuple[tuple[str, Quantity], ...]
    total: Quantity

    def claims(self) -> list[str]:
        """List the claims shown."""
        shown = {name for score in self.scores for name in score.disputes}
        return [*(score.claim for score in self.scores), *sorted(shown)]


def scorecard_of(run: Run, claims: Iterable[Claim]) -> Scorecard | None:
    """Hold the reported figures against the run."""
    if run.case.tables["scorecard"].empty:
        return None
    table = scorecard(run)
    basis = basis_of(run)
    known = {claim.name: claim for claim in claims}
    rows = [_score(row, known, basis) for row in table.to_dict("records")]
    scores = tuple(sorted(rows, key=lambda score: VERDICTS.index(score.verdict)))
    numbers = Counter(score.verdict for score in scores)

    def count(number: int) -> Quantity:
        return Quantity(float(number), "1", basis=basis, digits=None)

    counts = tuple((verdict, count(numbers[verdict])) for verdict in VERDICTS)
    return Scorecard(scores, counts, count(len(scores)))


def _score(row: Record, known: Mapping[str, Claim], basis: str) -> Score:
    """Make one row printable."""
    name, unit = str(row["claim"]), str(row["unit"])
    claim = known[name]
    middle, low, high = (_number(row, key) for key in ("p50", "p10", "p90"))
    others = WORD.findall(_text(row, "contradicted_by"))
    return Score(
        claim=name,
        statement=claim.quantity,
        about=f"{claim.subject}, {claim.area}",
        grade=_text(row, "grade"),
        reported=_reported(row, unit, f"claim {name}"),
        disputes=tuple(other for other in others if other in known),
        counted=_text(row, "title"),
        modelled=_amount(middle, (low, high), unit, basis, 2),
        verdict=str(row["verdict"]),
        reason=_text(row, "reason"),
    )


def _reported(row: Record, unit: str, basis: str) -> Quantity | None:
    """Read a value as reported; the middle of its range where only that is given."""
    value, low, high = (_number(row, name) for name in ("value", "low", "high"))
    if value is None and low is not None and high is not None:
        value = (low + high) / 2
    value = next((v for v in (value, low, high) if v is not None), None)
    return _amount(value, (low, high), unit, basis, None)


def _amount(
    value: float | None,
    ends: tuple[float | None, float | None],
    unit: str,
    basis: str,
    digits: int | None,
) -> Quantity | None:
    """Make a number printable; none stays none."""
    low, high = ends
    if value is None:
        return None
    has_ends = low is not None and high is not None and low != high
    return Quantity(
        value,
        unit,
        low=low if has_ends else None,
        high=high if has_ends else None,
        basis=basis,
        digits=digits,
    )


def _number(row: Record, name: str) -> float | None:
    """Read a number; a missing cell is none."""
    cell = row[name]
    return float(cell) if isinstance(cell, int | float) and not pd.isna(cell) else None


def _text(row: Record, name: str) -> str:
    """Read a text; a missing cell is empty."""
    cell = row[name]
    return cell if isinstance(cell, str) else ""
