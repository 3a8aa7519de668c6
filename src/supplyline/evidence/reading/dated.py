"""Statements whose number is a date: imposed, founded, ousted, withdrawn, postponed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.actors import ANY, ARMED, STATE, Cast
from supplyline.evidence.reading.cues import Happening, happenings

if TYPE_CHECKING:
    from supplyline.evidence.reading.sentence import Sentence
    from supplyline.evidence.reading.times import Time

_NEAR: Final = 75
_MONTHS: Final = 12
_RANGE_TO: Final = re.compile(r"\b(?:to|until|till|jusqu'en|jusqu'a|a|au|en)\s+$")
_SINCE: Final = re.compile(r"(?:since|depuis)\b")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that is a statement of its own."""

    time: Time
    value: float
    unit: str
    subject: str
    quantity: str
    actor: str | None


def find_dated(sentence: Sentence, cast: Cast) -> list[Dated]:
    """Find the dates of a sentence that are statements."""
    dates = []
    for time in sentence.times:
        stated = _value(time)
        if stated is None:
            continue
        happening = _happening(sentence, time)
        if happening is None:
            continue
        subject, actor = _subject(happening, sentence, time, cast)
        if subject is None:
            continue
        if time.is_since and not _is_open(happening):
            continue
        if time.is_until and not happening.quantity.startswith("elections_"):
            continue
        value, unit = stated
        dates.append(Dated(time, value, unit, subject, happening.quantity, actor))
    return dates


def _is_open(happening: Happening) -> bool:
    """Whether an act may be told with since."""
    patterns = (happening.verbs, happening.nouns)
    return any(pattern and pattern.search("since") for pattern in patterns)


def _value(time: Time) -> tuple[float, str] | None:
    """Give the number of a date by its precision; None for vague ones."""
    first, last = time.first, time.last
    if time.precision == "day" and first == last:
        return float(first.day), "day_of_month"
    if time.is_since and time.precision == "day":
        return float(first.day), "day_of_month"
    if time.precision == "month" or (
        (first.year, first.month) == (last.year, last.month) and not time.is_since
    ):
        return float(first.month), "month_of_year"
    if time.precision == "year":
        return float(first.year), "year"
    if time.is_since and time.precision in ("week", "span"):
        return float(first.month), "month_of_year"
    return None


def _happening(sentence: Sentence, time: Time) -> Happening | None:
    """Find the act that a time dates: its verb near, its object in the clause."""
    clause = sentence.clause(time.start, time.end)
    words = sentence.folded[clause[0] : clause[1]]
    best: tuple[int, Happening] | None = None
    for happening in happenings():
        if happening.nouns is not None and not happening.nouns.search(words):
            continue
        gap = _gap(happening, sentence, time, clause)
        if gap is None or gap > _NEAR or _is_other(happening, sentence, time):
            continue
        if time.is_until:
            gap = 0  # an end is told of the act that moves it, which comes first
        if best is None or gap < best[0]:
            best = (gap, happening)
    return None if best is None else best[1]


def _is_other(happening: Happening, sentence: Sentence, time: Time) -> bool:
    """Whether words near a time speak of another act."""
    if happening.excluded is None:
        return False
    segment = sentence.segment(time.start, time.end)
    first = max(segment[0], time.start - _NEAR)
    last = min(segment[1], time.end + _NEAR)
    return happening.excluded.search(sentence.folded, first, last) is not None


def _gap(
    happening: Happening, sentence: Sentence, time: Time, clause: tuple[int, int]
) -> int | None:
    """Give the distance from a time to the nearest verb of an act.

    No other time stands between them; a verb after the time counts as further away.
    """
    if happening.verbs is None:
        return None
    gaps = []
    for match in happening.verbs.finditer(sentence.folded, *clause):
        if match.start() < time.end and time.start < match.end():
            gaps.append(0)  # since, as a part of the time
            continue
        is_before = match.end() <= time.start
        low, high = (
            (match.end(), time.start) if is_before else (time.end, match.start())
        )
        between = [t for t in sentence.times if low <= t.start and t.end <= high]
        if between and not _RANGE_TO.search(sentence.folded[: time.start][-12:]):
            continue
        gaps.append(high - low if is_before else high - low + 15)
    return min(gaps) if gaps else None


def _subject(
    happening: Happening, sentence: Sentence, time: Time, cast: Cast
) -> tuple[str | None, str | None]:
    """Give the subject and the actor of an act."""
    if happening.subject != "actor":
        return happening.subject, cast.agent(sentence, time.start, time.end, ANY)
    # groups are founded; forces come, withdraw and end operations
    order = (ARMED, STATE) if happening.quantity == "year_founded" else (STATE, ARMED)
    for kinds in order:
        wanted = kinds - {"government"} if kinds is STATE else kinds
        actor = cast.agent(sentence, time.start, time.end, wanted)
        actor = actor or cast.recall(wanted)
        if actor is not None:
            return actor, actor
    return None, None
