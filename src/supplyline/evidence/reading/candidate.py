"""A candidate claim: one number as one text states it, before a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

Kind = Literal["amount", "change", "share", "ratio", "rank", "date", "unknown"]
Precision = Literal[
    "day", "week", "month", "quarter", "half_year", "year", "span", "inferred"
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One number as one text states it."""

    candidate: str
    span_start: int
    span_end: int
    sentence_start: int
    sentence_end: int
    kind: Kind
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    counted: str | None
    subject: str | None
    quantity: str | None
    area: str | None
    actor: str | None
    start: date | None
    end: date | None
    precision: Precision | None
    hedge: str | None
    speaker: str | None
    base: str | None
    is_understood: bool
    reason: str | None
