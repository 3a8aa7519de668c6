"""When a number holds: the time of its clause, its sentence, its paragraph, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.reporting_days import is_telling

if TYPE_CHECKING:
    from supplyline.evidence.reading.candidate import Precision
    from supplyline.evidence.reading.sentence import Sentence
    from supplyline.evidence.reading.times import Anchor, Time

_COMPARED: Final = re.compile(
    r"\b(?:than|compared (?:to|with)|versus|up from|down from|over the same|against|"
    r"(?:son|sa|its|their|le|the) (?:prix|price|level|niveau|cout) (?:de|du|of|in|en)|"
    r"par rapport a|contre|from|the same|repetition of|as against|after|"
    r"(?:times|fois) (?:as \w+ as |more than )?(?:the|le|la|celui|celle|what|ce))\s+"
    r"(?:(?:[^\s,]|,(?=\d))+[\s']+){0,5}$|"
    r"(?:\b(?:as in|above|below|au-dessus d[eu]|(?:up|down|rise|fall|increase|drop|"
    r"gain|decline|per ?cent) on)|% on)\s+(?:the\s+)?$|"
    r"\b(?:plus|moins|autant|fois|meilleur\w*|pire|davantage|mieux|superieur\w*)\b"
    r"[^.;:]{0,30}\b(?:qu'|que\s+)(?:(?:en|au|a|aux|il y a)\s+)?(?:[\w']+\s+){0,4}$|"
    r"\b(?:the first|la premiere|le premier|une premiere|record|(?:\w+est|most \w+|"
    r"plus \w+|plus \w+ niveau|worst|unseen|jamais vue?)(?: \w+){0,2})\s+"
    r"(?:since|depuis)\s+(?:the\s+|le\s+|la\s+)?$"
)
_WEAK: Final = re.compile(r"(?:from|after|against|contre)\b")
_THE_SAME: Final = re.compile(
    r"(?:the\s+|la\s+)?(?:same|meme)\b|year-earlier|"
    r"(?:\w+\s+)?\w+\s+(?:earlier|before|plus tot|auparavant)\b"
)
_AGAINST: Final = re.compile(
    r"\b(?:than|as|what|compared|que|qu'\w+|ce que|over|the (?:number|figure|level)|"
    r"(?:le|du) (?:nombre|niveau|prix|chiffre)|its (?:price|level)|"
    r"son (?:prix|niveau))\b"
)
_FROM: Final = re.compile(r"\bfrom (?:the )?$")
_NOW: Final = re.compile(
    r"\b(?:is|are|has|have|now|today|currently|consists?|accounts?|est|sont|"
    r"aujourd'hui|actuellement)\b"
)
_PAST: Final = re.compile(
    r"\b(?:was|were|had|did|took|left|went|began|fell|rose|came|made|lost|held|saw|"
    r"shot|hit|struck|blew|drove|fled|found|gave|got|kept|sent|set|spent|stood|stole|"
    r"brought|bought|caught|cut|fought|met|paid|ran|said|sold|spoke|sank|threw|broke|"
    r"built|became|won|told|burnt|heard|put|beat|led|hung|knew|"
    r"\w{3,}ed|ont|avait|avaient|etait|etaient|fut|furent|a \w+(?:e|i|u|is|it|ert)s?|"
    r"(?:est|sont|s'est|se sont) (?:\w+ment )?(?:arriv|part|repart|mort|tomb|entr|"
    r"sort|rentr|pass|ven|parven|deven|retomb|mont|descend|rest|effondr|enfui|"
    r"produi|derou|poursuiv|empar)\w*)\b"
)
_IMPERFECT: Final = re.compile(
    r"\b(?!(?:re(?:tr)?|attr|extr|portr|parf|souh|forf|bienf)ait\b)\w{3,}(?:ait|aient)\b"
)
_EARLIER: Final = re.compile(
    r"\b(?:had (?:\w+ ){0,2}\w+|(?:avait|avaient|s'etait|s'etaient)(?: \w+){0,2} "
    r"\w+(?:e|i|u|is|it)e?s?|(?:etait|etaient) (?:part|arriv|ven|entr|sort)\w+)\b"
)
"""What had happened before the act that is told."""
_BEFORE: Final = 60


@dataclass(frozen=True, slots=True)
class Period:
    """Days of which a number speaks."""

    start: date | None
    end: date | None
    precision: Precision


def inferred(anchor: Anchor) -> Period:
    """Give the period of a statement without a time: the year up to its publication."""
    day = anchor.published or anchor.latest
    return Period(date(day.year, 1, 1), day, "inferred")


def period_of(time: Time, anchor: Anchor) -> Period:
    """Give the period that a time names, open ends closed by the publication."""
    first, last = time.first, time.last
    day = anchor.published or anchor.latest
    if time.is_until and not time.is_by:
        first = min(first, day) if day < last else date(last.year, 1, 1)
    if time.is_since:
        last = max(time.first, day)
    return Period(first, last, time.precision)


def time_of(
    sentence: Sentence,
    start: int,
    end: int,
    *,
    is_comparison: bool = False,
    day: date | None = None,
) -> Time | None:
    """Give the time that belongs to a number."""
    beside = [
        t for t in sentence.times if _BRACKET.fullmatch(_between(sentence, t, start))
    ]
    if beside:
        return beside[-1]
    times = [
        time
        for time in sentence.times
        if not _is_apart(sentence, time, start)
        and not _is_ahead(time, day)
        and not _is_opening(sentence, time, start)
    ]
    plain = [t for t in times if not _is_compared(sentence, t)]
    acts = [t for t in plain if not is_telling(sentence, t)]
    if acts:
        times = [t for t in times if t in acts or t not in plain]
        plain = acts
    if is_comparison:
        times = plain = [t for t in plain if not _is_against(sentence, t, end)]
    times = [t for t in times if not _is_of_base(sentence, t, start)]
    plain = [t for t in plain if not _is_of_base(sentence, t, start)]
    for scope in (sentence.segment(start, end), sentence.clause(start, end)):
        inside = [t for t in times if scope[0] <= t.start and t.end <= scope[1]]
        own = [t for t in inside if not _leads_on(sentence, t, end)]
        if own or inside:
            return _nearest(own or inside, start, end)
    free = [t for t in plain if not _is_taken(sentence, t, start)]
    is_past = _past_in(sentence, *sentence.clause(start, end)) is not None
    near = [
        time
        for time in free or plain
        if (is_past and time.start < start) or not _is_parted(sentence, time, start)
    ]
    near = near or _in_brackets(sentence)
    return _nearest(near, start, end) if near else None


_BRACKET: Final = re.compile(r"\s?\(\s?(?:with |soit )?")


def _between(sentence: Sentence, time: Time, start: int) -> str:
    """Give the words between a time and a number behind it: in 2024 (104,500)."""
    return sentence.folded[time.end : start] if time.end <= start else ""


def _in_brackets(sentence: Sentence) -> list[Time]:
    """Give the only time of a line of one number, though it stands in brackets."""
    is_lone = len(sentence.times) == 1 and len(sentence.mentions) == 1
    words = sentence.text[sentence.span.start : sentence.span.end].rstrip(". ")
    return list(sentence.times) if is_lone and words.endswith(")") else []


_OPENING: Final = re.compile(
    r"\W*(?:parti|arrive|venu|sorti|cree|fonde|lance|ouvert|founded|born|created|"
    r"launched|opened|having|after (?:leaving|\w+ing))e?s?\b"
)


def _is_opening(sentence: Sentence, time: Time, start: int) -> bool:
    """Whether a time dates what opens a sentence: having left in May, they lost six."""
    segment = sentence.segment(time.start, time.end)
    is_first = segment[0] == sentence.span.start and start >= segment[1]
    return is_first and _OPENING.match(sentence.folded, segment[0]) is not None


def _is_ahead(time: Time, day: date | None) -> bool:
    """Whether a time is an end that lies ahead, as in a pass until December."""
    is_end = time.is_until and not time.is_by
    return day is not None and is_end and time.last > day


def _is_of_base(sentence: Sentence, time: Time, start: int) -> bool:
    """Whether a time is that of what a number is compared with, and not its own.

    Such a time belongs to the number that stands just before it, behind the word that
    compares: 310, up from 280 in May.
    """
    word = _comparing(sentence, time)
    if word is None:
        return False
    if start < word:
        return True
    later = [m for m in sentence.mentions if start < m.start < time.start]
    return start > time.start or bool(later)


def _comparing(sentence: Sentence, time: Time) -> int | None:
    """Give where the word stands that makes a time one that is compared with."""
    first = max(sentence.span.start, time.start - _BEFORE)
    match = _COMPARED.search(sentence.folded[first : time.start])
    if match is None:
        return None
    word = first + match.start()
    if time.precision == "day" and match.group().startswith("%"):
        return None  # 9.8% on 5 November
    # "from Mali in May" compares nothing, "from 280 in May" does
    is_weak = _WEAK.match(match.group()) is not None
    counted = any(word < m.start < time.start for m in sentence.mentions)
    return word if counted or not is_weak else None


def _leads_on(sentence: Sentence, time: Time, end: int) -> bool:
    """Whether a time after a number begins a part of its own: and, in 2026, nine."""
    if time.start < end:
        return False
    segment = sentence.segment(time.start, time.end)
    if segment[0] < end:
        return False
    before = [m for m in sentence.mentions if segment[0] <= m.start < time.start]
    after = [m for m in sentence.mentions if m.start >= time.end]
    clause = sentence.clause(time.start, time.end)
    return not before and any(m.start < clause[1] for m in after)


def _past_in(sentence: Sentence, first: int, last: int) -> re.Match[str] | None:
    """Find a verb in the past: "a coûté", and not "à peine"."""
    return next(
        (
            match
            for match in _PAST.finditer(sentence.folded, first, last)
            if sentence.text[match.start()] not in "\u00e0\u00c0"
        ),
        None,
    )


def tells_back(sentence: Sentence) -> bool:
    """Whether a sentence tells what had happened before."""
    return _EARLIER.search(sentence.folded, *sentence.span) is not None


def tells_act(sentence: Sentence, time: Time) -> bool:
    """Tell whether the clause of a time tells an act, not what went on."""
    clause = sentence.clause(time.start, time.end)
    return _past_in(sentence, *clause) is not None


def is_event_time(sentence: Sentence, time: Time) -> bool:
    """Whether a time dates the act of a sentence, and not what had gone before it."""
    part = sentence.segment(time.start, time.end)
    if _past_in(sentence, *part) is None:
        part = sentence.clause(time.start, time.end)
    return _EARLIER.search(sentence.folded, *part) is None


def _is_parted(sentence: Sentence, time: Time, start: int) -> bool:
    """Whether a semicolon parts a time from a number."""
    first, last = sorted((time.start, start))
    return ";" in sentence.folded[first:last]


def main_time(sentence: Sentence) -> Time | None:
    """Give the time that a sentence leaves to the next one."""
    times = [time for time in sentence.times if not _is_compared(sentence, time)]
    acts = [time for time in times if not is_telling(sentence, time)]
    return next(iter(acts or times), None)


def _is_against(sentence: Sentence, time: Time, end: int) -> bool:
    """Whether a time after a ratio is the one it is counted against."""
    words = sentence.folded[end : max(end, time.start)]
    is_from = time.precision != "span" and _FROM.search(words) is not None
    return is_from or _AGAINST.search(words) is not None


def _is_taken(sentence: Sentence, time: Time, start: int) -> bool:
    """Whether the clause of a time holds a number of its own."""
    clause = sentence.clause(time.start, time.end)
    return any(
        clause[0] <= m.start < clause[1] and m.start != start for m in sentence.mentions
    )


def runs_on(sentence: Sentence) -> bool:
    """Whether a sentence tells of the past, so that an earlier time may hold."""
    past = _past_in(sentence, *sentence.span)
    past = past or _IMPERFECT.search(sentence.folded, *sentence.span)
    if past is None:
        return False
    now = _NOW.search(sentence.folded, *sentence.span)
    return now is None or past.start() <= now.start()


def _nearest(times: list[Time], start: int, end: int) -> Time:
    """Give the nearest time; after the number counts as nearer than before it."""

    def gap(time: Time) -> float:
        far = max(time.start - end, start - time.end, 0)
        return far if time.start >= start else far * 1.2

    return min(times, key=gap)


def _is_compared(sentence: Sentence, time: Time) -> bool:
    """Whether a time is the one that a number is compared with."""
    if _THE_SAME.match(sentence.folded, time.start):
        return True
    return _comparing(sentence, time) is not None


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
