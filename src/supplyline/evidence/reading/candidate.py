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
    """One number as one text states it.

    Attributes
    ----------
    candidate : str
        Identifier, a pure function of the document's SHA-256, the span and the value.
    span_start, span_end : int
        Characters of the number in the article's own text.
    sentence_start, sentence_end : int
        Characters of its sentence.
    kind : Kind
        What kind of number it is; "unknown" where it is a number but not understood.
    value, low, high : float or None
        Value as stated; the range that a hedge or two ends leave open.
    unit : str or None
        Unit in the words of claims.csv, such as count, percent or XOF_per_litre.
    counted : str or None
        What is counted, in the words of the text.
    subject, quantity : str or None
        What it is about and what is counted, in the words of claims.csv; a proposal
        where it is not understood.
    area : str or None
        Row of places.csv, or a word such as country:XX, region:name or area:name.
    actor : str or None
        Row of actors.csv that acts.
    start, end : datetime.date or None
        First and last day it speaks of.
    precision : Precision or None
        How exact that is; "inferred" where the sentence states no period of its own.
    hedge : str or None
        Word that makes the number less than exact, such as "more than".
    speaker : str or None
        Who says so, where it is not the publisher.
    base : str or None
        What a change, share or ratio is counted against.
    is_understood : bool
        Whether value, unit, subject and quantity were found and are beyond doubt; else
        a person reads it.
    reason : str or None
        Why it was not understood.
    """

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
