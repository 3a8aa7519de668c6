"""Days, months, years and periods of a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from supplyline.evidence.reading.candidate import Precision
    from supplyline.evidence.reading.sentences import Span


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day a text speaks from.

    Attributes
    ----------
    published : datetime.date or None
        Day of publication, or the last day of its month or year.
    precision : str or None
        How exact that is: day, month, year or text.
    latest : datetime.date
        Last day that is believed.
    """

    published: date | None
    precision: str | None
    latest: date


@dataclass(frozen=True, slots=True)
class Time:
    """A period that a sentence names.

    Attributes
    ----------
    start, end : int
        Characters of the whole text.
    first, last : datetime.date
        First and last day.
    precision : Precision
        How exact that is.
    is_since, is_until : bool
        Whether it is open towards the day of the text, or said as an end.
    is_relative : bool
        Whether it is counted from the day of the text.
    """

    start: int
    end: int
    first: date
    last: date
    precision: Precision
    is_since: bool
    is_until: bool
    is_relative: bool
def find_times(text, span, language, anchor): return []
def taken_spans(text, span, language, anchor): return [(t.start,t.end) for t in find_times(text, span, language, anchor)]
