"""When a number holds: the time of its clause, its sentence, its paragraph, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from supplyline.evidence.reading.candidate import Precision
    from supplyline.evidence.reading.sentence import Sentence
    from supplyline.evidence.reading.times import Anchor, Time

_COMPARED: Final = re.compile(
    r"\b(?:than|compared (?:to|with)|versus|up from|down from|over the same|against|"
    r"par rapport a|contre|que|as in|from|the same|repetition of|as against|after)\s+"
    r"(?:[^\s,]+[\s']+){0,5}$"
)
_THE_SAME: Final = re.compile(
    r"(?:the\s+|la\s+)?(?:same|meme)\b|a year earlier|year-earlier"
)
_AGAINST: Final = re.compile(r"\b(?:than|as|what|compared|que|ce que|over)\b")
_OF: Final = re.compile(r"\b(?:of|de|du|des)\s+(?:the\s+)?$")
_NOW: Final = re.compile(
    r"\b(?:is|are|has|have|now|today|currently|consists?|accounts?|est|sont|"
    r"aujourd'hui|actuellement)\b"
)
_PAST: Final = re.compile(
    r"\b(?:was|were|had|did|took|left|went|began|fell|rose|came|made|lost|held|saw|"
    r"shot|hit|struck|blew|drove|fled|found|gave|got|kept|sent|set|spent|stood|stole|"
    r"brought|bought|caught|cut|fought|met|paid|ran|said|sold|spoke|sank|threw|broke|"
    r"built|became|won|told|burnt|heard|reached|put|beat|led|hung|knew|counted|"
    r"\w{3,}ed|ont|avait|avaient|etait|etaient|fut|furent|a \w+(?:e|i|u|is|it|ert)s?|"
    r"(?:est|sont|s'est|se sont) (?:\w+ment )?(?:arriv|part|repart|mort|tomb|entr|"
    r"sort|rentr|pass|ven|parven|deven|retomb|mont|descend|rest|effondr|enfui|"
    r"produi|derou|poursuiv|empar)\w*)\b"
)
_EARLIER: Final = re.compile(
    r"\b(?:had (?:\w+ ){0,2}\w+|(?:avait|avaient|s'etait|s'etaient)(?: \w+){0,2} "
    r"\w+(?:e|i|u|is|it)e?s?|(?:etait|etaient) (?:part|arriv|ven|entr|sort)\w+)\b"
)
"""What had happened before the act that is told."""
_BEFORE: Final = 60


@dataclass(frozen=True, slots=True)
class Period:
    """Days of which a number speaks.

    Attributes
    ----------
    start, end : datetime.date or None
        First and last day.
    precision : Precision
        How exact that is.
    """

    start: date | None
    end: date | None
    precision: Precision


def inferred(anchor: Anchor) -> Period:
    """Give the period of a statement without a time: the year up to its publication.

    Parameters
    ----------
    anchor : Anchor
        Day the text speaks from.

    Returns
    -------
    Period
        From 1 January to the day of publication.
    """
    day = anchor.published or anchor.latest
    return Period(date(day.year, 1, 1), day, "inferred")


def period_of(time: Time, anchor: Anchor) -> Period:
    """Give the period that a time names, open ends closed by the publication.

    Parameters
    ----------
    time : Time
        Time as written.
    anchor : Anchor
        Day the text speaks from.

    Returns
    -------
    Period
        Its days.
    """
    first, last = time.first, time.last
    day = anchor.published or anchor.latest
    if time.is_until and not time.is_by:
        first = min(first, day) if day < last else date(last.year, 1, 1)
    if time.is_since:
        last = max(time.first, day)
    return Period(first, last, time.precision)


def time_of(
    sentence: Sentence, start: int, end: int, *, is_comparison: bool = False
) -> Time | None:
    """Give the time that belongs to a number.

    Parameters
    ----------
    sentence : Sentence
        Sentence.
    start, end : int
        Characters of the number and what it counts.
    is_comparison : bool
        Whether it is a change or ratio, which holds for the later of two times.

    Returns
    -------
    Time or None
        The nearest of its segment, of its clause or of its sentence; times that it is
        compared with and times in brackets elsewhere are left out.
    """
    times = [time for time in sentence.times if not _is_apart(sentence, time, start)]
    plain = [t for t in times if not _is_compared(sentence, t)]
    if is_comparison:
        times = plain = [t for t in plain if not _is_against(sentence, t, end)]
    for scope in (sentence.segment(start, end), sentence.clause(start, end)):
        inside = [t for t in times if scope[0] <= t.start and t.end <= scope[1]]
        if inside:
            return _nearest(sentence, inside, start, end)
    free = [t for t in plain if not _is_taken(sentence, t, start)]
    near = free or [t for t in plain if not _is_parted(sentence, t, start)]
    return _nearest(sentence, near, start, end) if near else None


def is_event_time(sentence: Sentence, time: Time) -> bool:
    """Whether a time dates the act of a sentence, and not what had gone before it.

    Parameters
    ----------
    sentence : Sentence
        Sentence.
    time : Time
        Time in it.

    Returns
    -------
    bool
        Whether the verb of its clause is not in the pluperfect.
    """
    segment = sentence.clause(time.start, time.end)
    return _EARLIER.search(sentence.folded, *segment) is None


def _is_parted(sentence: Sentence, time: Time, start: int) -> bool:
    """Whether a semicolon parts a time from a number."""
    first, last = sorted((time.start, start))
    return ";" in sentence.folded[first:last]


def is_of_another(sentence: Sentence, time: Time, start: int, end: int) -> bool:
    """Whether a time belongs to another thing of the sentence: movements of the 2010s.

    Parameters
    ----------
    sentence : Sentence
        Sentence.
    time : Time
        Time in it.
    start, end : int
        Characters of a number and what it counts.

    Returns
    -------
    bool
        Whether it says little of when the number holds.
    """
    segment = sentence.segment(start, end)
    if segment[0] <= time.start and time.end <= segment[1]:
        return False
    before = sentence.folded[
        max(sentence.span.start, time.start - _BEFORE) : time.start
    ]
    return _OF.search(before) is not None


def main_time(sentence: Sentence) -> Time | None:
    """Give the time that a sentence leaves to the next one.

    Parameters
    ----------
    sentence : Sentence
        Sentence.

    Returns
    -------
    Time or None
        The first that nothing is compared with.
    """
    for time in sentence.times:
        if not _is_compared(sentence, time):
            return time
    return None


def _is_against(sentence: Sentence, time: Time, end: int) -> bool:
    """Whether a time after a ratio is the one it is counted against."""
    return _AGAINST.search(sentence.folded[end : max(end, time.start)]) is not None


def _is_taken(sentence: Sentence, time: Time, start: int) -> bool:
    """Whether the clause of a time holds a number of its own."""
    clause = sentence.clause(time.start, time.end)
    return any(
        clause[0] <= m.start < clause[1] and m.start != start for m in sentence.mentions
    )


def runs_on(sentence: Sentence) -> bool:
    """Whether a sentence tells of the past, so that an earlier time may hold.

    Parameters
    ----------
    sentence : Sentence
        Sentence.

    Returns
    -------
    bool
        Whether its verbs are in the past.
    """
    past = _PAST.search(sentence.folded, *sentence.span)
    if past is None:
        return False
    now = _NOW.search(sentence.folded, *sentence.span)
    return now is None or past.start() <= now.start()


def _nearest(sentence: Sentence, times: list[Time], start: int, end: int) -> Time:
    """Give the nearest time; after the number counts as nearer than before it."""

    def gap(time: Time) -> float:
        far = max(time.start - end, start - time.end, 0)
        worse = 200.0 * _is_compared(sentence, time)
        return worse + (far if time.start >= start else far * 1.2)

    return min(times, key=gap)


def _is_compared(sentence: Sentence, time: Time) -> bool:
    """Whether a time is the one that a number is compared with."""
    if _THE_SAME.match(sentence.folded, time.start):
        return True
    before = sentence.folded[
        max(sentence.span.start, time.start - _BEFORE) : time.start
    ]
    return _COMPARED.search(before) is not None


def _is_apart(sentence: Sentence, time: Time, start: int) -> bool:
    """Whether a time stands in brackets in which the number does not."""
    between = sorted((time.start, start))
    gap = sentence.text[between[0] : between[1]]
    opened = gap.count("(") != gap.count(")")
    if not opened:
        return False
    inside = sentence.text.rfind("(", sentence.span.start, time.start)
    closed = sentence.text.find(")", time.end, sentence.span.end)
    return inside >= 0 and closed >= 0 and not inside <= start <= closed
