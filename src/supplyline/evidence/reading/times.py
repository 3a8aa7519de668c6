"""Days, months, years and periods of a sentence, placed in the calendar.

A time that cannot be placed, because the day of the text is not known or because the
digits may be read in two ways, is left out: missing stays missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.calendar_spans import (
    Period,
    around,
    same_period_before,
    stepped,
)
from supplyline.evidence.reading.english_times import english_rules
from supplyline.evidence.reading.french_times import french_rules
from supplyline.evidence.reading.points import Anchor, Point, is_relative, place
from supplyline.evidence.reading.stretch_phrases import (
    english_stretches,
    french_stretches,
)
from supplyline.evidence.reading.time_patterns import shared_rules
from supplyline.evidence.reading.time_phrases import english_phrases, french_phrases
from supplyline.evidence.reading.years import bare_years

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from supplyline.evidence.reading.candidate import Precision
    from supplyline.evidence.reading.sentences import Span
    from supplyline.evidence.reading.time_patterns import Rule

__all__ = ["Anchor", "Time", "find_times", "taken_spans"]

_LOOK_BACK: Final = 32
_SINCE: Final = re.compile(
    r"(?:\bsince|\bstarting (?:in|on|from)|\bbeginning (?:in|on)|\bdepuis|\bdès|"
    r"\bà partir d[eu]|\bà compter d[eu]|\bà partir d')"
    r"(?: (?:the|at least|about|around|as early as|l[ea]s?|l'|au moins))?"
    r"['\u2019 ]{0,2}$",
    re.IGNORECASE,
)
_UNTIL: Final = re.compile(
    r"(?:\buntil|\btill?|\bup to|\bthrough|\bjusqu['\u2019](?:en|aux?|à)|"
    r"(?P<by>\bby|\bd['\u2019]ici))"
    r"(?: (?:at least|the|the end of|à|le|la|l'|au moins|la fin de))?['\u2019 ]{0,2}$",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"\b(?:before|prior to|avant)(?: (?:the|le|la|l['\u2019]))?[ ]?$", re.IGNORECASE
)
_SINCE_EVENT: Final = re.compile(
    r"\b(?:since|depuis)\b[^,.;:]{0,30}\b(?:beg[ai]n\w*|start\w*|impos\w+|announc\w+|"
    r"declar\w+|launch\w*|outbreak|onset|coup|debut|début|instaur\w+|annonc\w+|"
    r"déclar\w+|lancement|mise en place|putsch|entrée en vigueur|décret\w*|arriv\w+|"
    r"départ|retrait|withdrawal|departure|attack|attaque|"
    r"accord|agreement|deal|truce|trêve|ban|interdiction|fermeture|clos\w+|ouverture|"
    r"opening|prise|fall|chute|rupture)\b[^,.;:]{0,30},?\s(?:\w+\s)?"
    r"(?:in|on|en|le|du|de|au mois d[e'\u2019])[ ]?$",
    re.IGNORECASE,
)
"""Words between since and its time: since the blockade began in September."""
_LONG_LOOK_BACK: Final = 90
_BETWEEN: Final = re.compile(
    r"\b(?:between|from|entre|de|du|d['\u2019])(?: (?:the|le|la))?['\u2019 ]{0,2}$",
    re.IGNORECASE,
)
_BETWEEN_AND: Final = re.compile(r"(?:between|entre)\W", re.IGNORECASE)
_FROM_DAY: Final = re.compile(
    r"\b(?:between|from|entre|du) (?:the |le )?(\d{1,2})(?:st|nd|rd|th|er)? "
    r"(?:and|to|et|au)(?: the| le)? $",
    re.IGNORECASE,
)
_JOIN: Final = re.compile(
    r"\s?(?:to|until|till|through|and|à|au|et|jusqu['\u2019](?:en|à|au)|[-\u2013—])\s?"
    r"(?:the |le |la |l['\u2019]|early |late )?",
    re.IGNORECASE,
)
_JOINED: Final = frozenset({"calendar", "this", "last", "weekday", "day", "monthday"})
"""Kinds of points that may be an end of a stretch."""
_AND: Final = re.compile(r"\s?(?:and|et)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Time:
    """A period that a sentence names."""

    start: int
    end: int
    first: date
    last: date
    precision: Precision
    is_since: bool
    is_until: bool
    is_relative: bool
    is_by: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One or two points that make one time."""

    start: int
    end: int
    first: Point
    last: Point | None
    is_since: bool
    is_until: bool
    is_by: bool


def find_times(
    text: str, span: Span, language: str, anchor: Anchor, known: Time | None = None
) -> list[Time]:
    """Find the times of a sentence."""
    times: list[Time] = []
    for stretch in _stretches(text, span, language):
        period = _period(stretch, anchor, times or ([known] if known else []))
        if period is None:
            continue
        if stretch.is_since:
            last = anchor.published or anchor.latest
            if period.first <= last:
                period = period._replace(last=last)
        elif _is_before(text, span, stretch):
            period = _up_to(period, anchor.published or anchor.latest)
        end = stretch.last if stretch.last is not None else stretch.first
        times.append(
            Time(
                start=stretch.start,
                end=stretch.end,
                first=period.first,
                last=period.last,
                precision=period.precision,
                is_since=stretch.is_since,
                is_until=stretch.is_until,
                is_relative=is_relative(end),
                is_by=stretch.is_by,
            )
        )
    return times


def _is_before(text: str, span: Span, stretch: _Stretch) -> bool:
    """Whether a time is the end of what is told, as in: before September."""
    lead = text[max(span.start, stretch.start - _LOOK_BACK) : stretch.start]
    return stretch.last is None and _BEFORE.search(lead) is not None


def _up_to(period: Period, day: date) -> Period:
    """Give the part of a year up to a time, or the days from the text to its end."""
    if period.last > day:
        is_year = period.precision == "year"
        return period if is_year else Period(day, period.last, "span")
    last = period.first - timedelta(days=1)
    return Period(last.replace(month=1, day=1), last, "span")


def taken_spans(
    text: str, span: Span, language: str, anchor: Anchor
) -> list[tuple[int, int]]:
    """Find the characters whose numbers belong to a time."""
    spans = []
    for stretch in _stretches(text, span, language):
        if stretch.first.kind in ("ago", "step", "for"):
            continue
        is_clock = stretch.first.kind == "clock"
        if is_clock or _period(stretch, anchor, []) is not None:
            spans.append((stretch.start, stretch.end))
    return spans


@cache
def _rules(language: str) -> tuple[Rule, ...]:
    """Give the rules of a language."""
    rules = shared_rules()
    if language == "en":
        return (*rules, *english_rules(), *english_phrases(), *english_stretches())
    if language == "fr":
        return (*rules, *french_rules(), *french_phrases(), *french_stretches())
    return rules


def _points(text: str, span: Span, language: str) -> list[Point]:
    """Find the points of a sentence; the longest of those that overlap."""
    read = (
        rule.read(match)
        for rule in _rules(language)
        for match in rule.pattern.finditer(text, span.start, span.end)
    )
    points = [point for point in read if point is not None]
    points.extend(bare_years(text, span, language))
    points.sort(key=lambda point: (point.start, -point.end))
    kept: list[Point] = []
    for point in points:
        if not kept or point.start >= kept[-1].end:
            kept.append(point)
        elif point.end - point.start > kept[-1].end - kept[-1].start:
            kept[-1] = point
    return kept


def _stretches(text: str, span: Span, language: str) -> list[_Stretch]:
    """Join the points that are the two ends of one time."""
    points = _points(text, span, language)
    stretches: list[_Stretch] = []
    index = 0
    while index < len(points):
        point = points[index]
        lead = text[max(span.start, point.start - _LOOK_BACK) : point.start]
        start = point.start
        days = _FROM_DAY.search(lead)
        if days is not None and point.day is not None and point.last_day is None:
            first_day = int(days.group(1))
            if 1 <= first_day < point.day:
                start = point.start - len(lead) + days.start(1)
                point = replace(point, day=first_day, last_day=point.day)
        other = points[index + 1] if index + 1 < len(points) else None
        is_joined = other is not None and _are_joined(text, lead, point, other)
        last = other if is_joined else None
        until = _UNTIL.search(lead)
        stretches.append(
            _Stretch(
                start,
                point.end if last is None else last.end,
                point,
                last,
                is_since=last is None and _is_start(text, span, point, lead),
                is_until=last is None and until is not None,
                is_by=last is None and until is not None and bool(until["by"]),
            )
        )
        index += 2 if is_joined else 1
    return stretches


def _is_start(text: str, span: Span, point: Point, lead: str) -> bool:
    """Whether a time is said as the beginning of a stretch that runs on."""
    if _SINCE.search(lead) is not None:
        return True
    first = max(span.start, point.start - _LONG_LOOK_BACK)
    return _SINCE_EVENT.search(text[first : point.start]) is not None


def _are_joined(text: str, lead: str, first: Point, last: Point) -> bool:
    """Whether two points are the ends of one time, as in "from May to July 2025"."""
    if first.kind not in _JOINED or last.kind not in _JOINED:
        return False
    between = text[first.end : last.start]
    if len(between) > 20 or _JOIN.fullmatch(between) is None:
        return False
    if _AND.match(between):
        # on Saturday and Sunday; between May and July
        is_between = _BETWEEN_AND.search(lead[-20:]) is not None
        is_both = first.kind == last.kind == "weekday" or _are_months(lead, first, last)
        return is_between or is_both
    is_dash = between.strip() in ("-", "\u2013", "—") and len(between) <= 3
    are_days = first.day is not None and None not in (last.day, last.month)
    are_days |= first.day is last.day is None and None not in (first.month, last.month)
    is_led = _BETWEEN.search(lead) is not None
    if "monthday" in (first.kind, last.kind) and not is_led:
        return False
    return is_led or is_dash or are_days or _is_since(lead, between)


def _are_months(lead: str, first: Point, last: Point) -> bool:
    """Whether two months that follow each other are one time: in May and June."""
    is_led = _DURING.search(lead) is not None
    is_plain = {first.day, last.day, first.part, last.part} == {None}
    return is_led and is_plain and (last.month or 0) - (first.month or 0) == 1


_DURING: Final = re.compile(
    r"\b(?:in|during|over|throughout|en|durant|pendant|sur)[ ]$", re.IGNORECASE
)


def _is_since(lead: str, between: str) -> bool:
    """Whether "depuis mai jusqu'à juillet" joins its ends."""
    return _SINCE.search(lead) is not None and between.strip() not in ("and", "et")


def _period(stretch: _Stretch, anchor: Anchor, before: Sequence[Time]) -> Period | None:
    """Place a time, its two ends helping each other to a year."""
    first, last = stretch.first, stretch.last
    if last is None:
        return _placed(stretch, anchor, before)
    if first.kind == "calendar" and first.year is None and first.shift is None:
        first = _with_year_of(first, last)
    end = place(last, anchor)
    if end is not None and first.kind == last.kind == "monthday":
        first = _in_month_of(first, end.first)
    begin = place(first, anchor)
    if begin is None or end is None:
        return None
    if begin.first > end.last and first.kind == last.kind == "weekday":
        begin = Period(begin.first - timedelta(days=7), begin.last, "day")
    if begin.first > end.last and last.kind == "calendar" and last.year is None:
        end = _after(begin, last, anchor)
    if end is None or begin.first > end.last:
        return None
    return Period(begin.first, end.last, "span")


def _after(begin: Period, last: Point, anchor: Anchor) -> Period | None:
    """Place the end of a stretch behind its beginning."""
    end = place(replace(last, year=begin.first.year), anchor)
    if end is not None and begin.first > end.last:
        end = place(replace(last, year=begin.first.year + 1), anchor)
    return end


def _in_month_of(point: Point, last: date) -> Point:
    """Give the first day of a stretch the month of its last, or the one before."""
    if (point.day or 0) > last.day:
        last = last.replace(day=1) - timedelta(days=1)
    return replace(point, kind="calendar", year=last.year, month=last.month)


def _placed(stretch: _Stretch, anchor: Anchor, before: Sequence[Time]) -> Period | None:
    """Place a time of one point."""
    point = stretch.first
    if point.kind == "same" and before:
        known = before[-1]
        years = 1 if point.year is None else known.first.year - point.year
        if years > 0:
            whole = Period(known.first, known.last, known.precision)
            return same_period_before(whole, years)
    if point.kind == "monthday" and before and before[-1].precision == "month":
        month = before[-1].first
        point = replace(point, kind="calendar", year=month.year, month=month.month)
    if point.kind in ("step", "that"):
        return _counted_from(point, anchor, before)
    return place(point, anchor, is_end=stretch.is_until, is_by=stretch.is_by)


def _counted_from(
    point: Point, anchor: Anchor, before: Sequence[Time]
) -> Period | None:
    """Place "two days earlier" and "that year" from the time named before."""
    if before:
        known = Period(before[-1].first, before[-1].last, before[-1].precision)
        if point.kind == "that":
            return around(known, point.unit)
        is_whole = point.part == "whole"
        return stepped(known, int(point.amount), point.unit, is_whole=is_whole)
    if point.kind == "step" and point.amount == -1 and point.unit != "day":
        return place(replace(point, kind="last", part=None), anchor)
    return None


def _with_year_of(first: Point, last: Point) -> Point:
    """Give the first end the year of the last, or the year before."""
    if last.year is None:
        return replace(first, shift=last.shift)
    year = last.year
    if last.month is not None and first.month is not None and first.month > last.month:
        year -= 1
    return replace(first, year=year)
