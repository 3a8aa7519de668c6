"""Stretches of time over which a change is told: up 12 percent in a week."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.calendar_spans import before, past
from supplyline.evidence.reading.periods import Period

if TYPE_CHECKING:
    from datetime import date

    from supplyline.evidence.reading.sentence import Sentence

_WINDOW: Final = re.compile(
    r"\b(?:in|over|within|inside|en|sur|dans)\s+(?:(?:the space of|l'espace d[e'])\s*)?"
    r"(?:(?:just|only|barely|less than|under|about|a peine|moins d[e']|seulement)\s*)?"
    r"(?P<n>an?|one|a single|the|un|une|la|le|two|three|four|six|deux|trois|quatre|six|"
    r"\d{1,2})\s+(?P<u>years?|months?|weeks?|fortnights?|days?|ans?|annees?|mois|"
    r"semaines?|jours?)\b(?!\s+(?:ago|earlier|later|of|or|plus tot|plus tard|dern|pass|"
    r"prec|proch|de |d'))|"
    r"\b(?P<u2>year|month|week|day)[- ]on[- ](?:year|month|week|day)\b|"
    r"\ben (?:glissement|rythme|variation) (?P<u3>annuel|mensuel|hebdomadaire)\w*|"
    r"\bd'une? (?P<u4>annee|mois|semaine|jour) (?:sur|a) l'autre\b"
)
_NUMBERS: Final = {
    "two": 2, "deux": 2, "three": 3, "trois": 3, "four": 4, "quatre": 4, "six": 6,
}  # fmt: skip
_STEMS: Final = {
    "year": "year", "an": "year", "month": "month", "moi": "month", "mensuel": "month",
    "week": "week", "semaine": "week", "hebdomadaire": "week", "fortnight": "fortnight",
    "day": "day", "jour": "day", "annee": "year", "annuel": "year",
}  # fmt: skip


def window_of(
    sentence: Sentence, start: int, end: int, last: date, *, is_base: bool = False
) -> Period | None:
    """Give the stretch over which a change is told: up 12 percent in a week."""
    match = _WINDOW.search(sentence.folded, *sentence.clause(start, end))
    if match is None:
        return None
    groups = match.groupdict()
    word = next(w for key in ("u", "u2", "u3", "u4") if (w := groups[key]))
    unit = _STEMS.get(word) or _STEMS[word.removesuffix("s")]
    written = groups["n"] or ""
    amount = int(written) if written.isdecimal() else _NUMBERS.get(written, 1)
    if unit == "fortnight":
        unit, amount = "week", 2 * amount
    if is_base:
        last = before(last, amount, unit)
    first, last, _ = past(last, amount, unit)
    return Period(first, last, "span")
