"""Patterns of times in English."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.time_patterns import (
    DASH,
    SPACE,
    YEAR,
    Rule,
    calendar_point,
    century,
    count_of,
    count_pattern,
    month_pattern,
    number,
    part_of,
    point,
    said,
    shift_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplyline.evidence.reading.points import Point

_DAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_WEEKDAY: Final = rf"(?:{'|'.join(name.capitalize() for name in _DAYS)})"
_DAY: Final = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_DAY2: Final = r"(?P<d2>\d{1,2})(?:st|nd|rd|th)?(?![\d%])"
_UNITS: Final = r"(?P<u>years?|months?|weeks?|days?|decades?|quarters?|hours?)(?!\w)"
_THAT_YEAR: Final = (
    rf"(?P<shift>(?:of{SPACE})?(?:this|last|next|the{SPACE}previous|"
    rf"the{SPACE}same){SPACE}year)"
)
_PART: Final = (
    rf"(?P<part>(?:[Ee]arly|[Mm]id|[Ll]ate)(?:[- ](?:in{SPACE})?)|"
    rf"(?:[Tt]he{SPACE})?(?:very{SPACE})?(?:beginning|start|middle|end){SPACE}of{SPACE}|"
    rf"(?:[Ee]nd|[Mm]id)-)"
)
_ORDER: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_BEFORE_MONTH: Final = (
    "in|since|until|till|by|during|of|from|through|between|and|to|before|after|for|"
    "this|last|next|past|every|each|mid|early|late|In|Since|Until|By|During|From|"
    "Between|Before|After|Last|This|Early|Late"
)


def _rule(
    pattern: str, read: Callable[[re.Match[str]], Point | None], flags: int = 0
) -> Rule:
    """Compile a rule."""
    return Rule(re.compile(pattern, flags), read)


@cache
def english_rules() -> tuple[Rule, ...]:
    """Give the rules of English times."""
    return (*_dates(), *_months(), *_parts_of_years(), *_relative())


def _calendar(match: re.Match[str]) -> Point | None:
    """Read a date."""
    return calendar_point(match, "en")


def _coming(match: re.Match[str]) -> Point | None:
    """Read "next June": the one that lies ahead."""
    then = calendar_point(match, "en")
    return None if then is None else replace(then, unit="next")


def _dates() -> tuple[Rule, ...]:
    """Give the rules of days."""
    month = month_pattern("en")
    week = rf"(?:{_WEEKDAY},?{SPACE}(?:the{SPACE})?)?"
    year = rf"(?:,?{SPACE}(?:{YEAR}|{_THAT_YEAR}))?"
    return (
        _rule(
            rf"(?<![\w.,/-]){week}{_DAY}{SPACE}(?:of{SPACE})?{month}{year}", _calendar
        ),
        _rule(
            rf"(?<![\w.,/-]){_DAY}(?:,{SPACE}\d{{1,2}}){{0,5}},?"
            rf"(?:{DASH}|{SPACE}(?:to|and|through){SPACE}){_DAY2}{SPACE}"
            rf"(?:of{SPACE})?{month}{year}",
            _calendar,
        ),
        _rule(
            rf"(?<!\w){week}{month}{SPACE}(?:the{SPACE})?{_DAY}"
            rf"(?![,.]?\d|%|[ ]?percent|:){year}",
            _calendar,
        ),
        _rule(
            rf"(?<!\w){month}{SPACE}{_DAY}(?:{DASH}|{SPACE}(?:to|and){SPACE}){_DAY2}"
            rf"(?![,.]?\d|:){year}",
            _calendar,
        ),
        _rule(
            r"(?<![\w/.])(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.]"
            r"(?P<y>(?:19|20)\d{2})(?![\w/])",
            _numeric,
        ),
        _rule(
            rf"(?<!\w)(?:on|since|until|till|from|by|before|after|to|between|and|"
            rf"(?:night|evening|morning|afternoon|hours|attack){SPACE}of){SPACE}"
            rf"(?P<time>the{SPACE}{_ORDINAL}{_OF_MONTH}?)(?={_GOES_ON})",
            _bare_day,
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w){_WEEKDAY},?{SPACE}(?:the{SPACE})?{_ORDINAL}{_OF_MONTH}?"
            rf"(?={_GOES_ON})",
            _bare_day,
        ),
    )


_ORDINAL: Final = r"(?P<d>\d{1,2})(?:st|nd|rd|th)"
_OF_MONTH: Final = rf"(?:{SPACE}of{SPACE}(?:the|this){SPACE}month)"
_GOES_ON: Final = (
    r"\s*(?:[,;:)\u201d\"!?\u2014]|\.(?!\d)|$)|\s(?:and|to|with|in|at|when|but|there|"
    r"they|he|she|it|we|the|only|for|near|from|by|after|before|a|an|as|or|through)\b"
)


def _bare_day(match: re.Match[str]) -> Point | None:
    """Read a day without its month: on the 2nd, Friday the 3rd."""
    day = int(match.group("d"))
    return point(match, "monthday", day=day) if 1 <= day <= 31 else None


def _numeric(match: re.Match[str]) -> Point | None:
    """Read 31/12/2025 and 12/31/2025; not 05/01/2025, which may be either."""
    first, second = int(match.group("a")), int(match.group("b"))
    if first == second or (first > 12 >= second):
        day, month = first, second
    elif second > 12 >= first:
        day, month = second, first
    else:
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = int(match.group("y"))
    return point(match, "calendar", year=year, month=month, day=day)


def _months() -> tuple[Rule, ...]:
    """Give the rules of months."""
    month = month_pattern("en")
    alone = month_pattern("en", only_alone=True)
    year = rf"(?:,?{SPACE}(?:of{SPACE})?{YEAR}|{SPACE}{_THAT_YEAR})"
    part = rf"(?:{_PART})?"
    lead = rf"(?:[Ee]arlier{SPACE}|[Ll]ater{SPACE})?"
    return (
        _rule(rf"(?<!\w){part}{month}{year}", _calendar),
        _rule(rf"(?<!\w){part}{alone}(?!\w)", _calendar),
        _rule(rf"(?<!\w){month}(?={DASH}{month.replace('?P<m>', '?:')})", _calendar),
        _rule(rf"(?<!\w){_PART}{month}(?!\w)", _calendar),
        _rule(rf"(?<!\w)(?:{_BEFORE_MONTH}){SPACE}(?P<time>{month})(?!\w)", _calendar),
        _rule(
            rf"(?<!\w){lead}(?:[Tt]his|[Ll]ast)(?:{SPACE}past)?{SPACE}{month}(?!\w)",
            _calendar,
        ),
        _rule(rf"(?<!\w)(?:[Nn]ext|[Tt]his{SPACE}coming){SPACE}{month}(?!\w)", _coming),
    )


def _parts_of_years() -> tuple[Rule, ...]:
    """Give the rules of halves, quarters, decades and parts of years."""
    of_year = (
        rf"(?:{SPACE}(?:of|in){SPACE}(?:{YEAR}|(?P<shift>this{SPACE}year|"
        rf"last{SPACE}year|the{SPACE}(?:current{SPACE}|same{SPACE}|previous{SPACE})?"
        rf"year))|{SPACE}(?P<shift2>this{SPACE}year|last{SPACE}year))"
    )
    return (
        _rule(
            rf"(?<!\w)(?:[Tt]he{SPACE})?(?P<o>first|second|third|fourth|last|final)"
            rf"(?:{SPACE}|-)(?P<u>half|quarter){of_year}",
            _ordered,
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w)(?:the{SPACE})?(?P<o>first|last|final){SPACE}"
            rf"{count_pattern('en')}{SPACE}months{of_year}",
            _first_months,
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w)(?:the{SPACE})?(?:(?P<part>early|mid|late)[- ])?"
            rf"(?P<y>(?:1[5-9]|20)\d0)['\u2019]?s(?!\w)",
            lambda match: point(
                match,
                "decade",
                year=number(match, "y"),
                part=part_of(said(match, "part")),
            ),
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w){_PART}(?:{YEAR}|(?P<shift>this{SPACE}year|last{SPACE}year|"
            rf"next{SPACE}year|the{SPACE}year))",
            _calendar_or_year,
        ),
        _rule(
            r"(?<!\w)(?P<n>\d{1,2})(?:st|nd|rd|th)[ -]century",
            century,
        ),
    )


def _calendar_or_year(match: re.Match[str]) -> Point | None:
    """Read a part of a year."""
    return calendar_point(match, "en")


def _ordered(match: re.Match[str]) -> Point | None:
    """Read "the first half of 2025"."""
    unit = match.group("u").lower()
    order = match.group("o").lower()
    number_of = _ORDER.get(order, -1)
    if number_of < 0:
        number_of = 2 if unit == "half" else 4
    if unit == "half" and number_of > 2:
        return None
    shift = said(match, "shift") or said(match, "shift2")
    return point(
        match,
        "numbered",
        year=number(match, "y"),
        shift=shift_of(shift),
        amount=number_of,
        unit=unit,
    )


def _first_months(match: re.Match[str]) -> Point | None:
    """Read "the first six months of the year"."""
    months = count_of(match, "en")
    sign = 1 if match.group("o").lower() == "first" else -1
    shift = said(match, "shift") or said(match, "shift2")
    if not 1 <= months <= 12:
        return None
    return point(
        match,
        "numbered",
        year=number(match, "y"),
        shift=shift_of(shift),
        amount=sign * months,
        unit="months",
    )


def _unit(match: re.Match[str]) -> str:
    """Give the unit of time of a match, in the singular."""
    return match.group("u").lower().removesuffix("s")


def _relative() -> tuple[Rule, ...]:
    """Give the rules of times counted from the day of the text."""
    count = count_pattern("en")
    return (
        _rule(
            rf"(?<![\w.,])(?:{count}(?:[ -])|an?{SPACE}|a{SPACE}few{SPACE}|"
            rf"several{SPACE}|a{SPACE}couple{SPACE}of{SPACE})(?:full{SPACE})?{_UNITS}"
            rf"(?:{SPACE}and{SPACE}a{SPACE}half)?{SPACE}ago(?!\w)",
            _ago,
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w)(?:the{SPACE}|these{SPACE}|its{SPACE})?(?:past|last|previous)"
            rf"{SPACE}(?:{count}(?:{SPACE}|-)|few{SPACE}|several{SPACE}|couple{SPACE}of"
            rf"{SPACE})(?:full{SPACE})?{_UNITS}",
            _past,
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w)(?:over|during|in|for|within|throughout){SPACE}(?:much{SPACE}of"
            rf"{SPACE})?(?P<time>the{SPACE}(?:past|last){SPACE}{_UNITS})",
            _past,
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w)(?:(?:the|these){SPACE})?(?:most{SPACE})?recent{SPACE}{_UNITS}",
            lambda match: point(match, "recent", unit=_unit(match)),
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w)(?:(?P<part>early|mid|late|earlier|later)[- ])?"
            rf"(?P<w>this|last|next|the{SPACE}(?:current|next|past)){SPACE}(?P<u>year|month|week|quarter|decade)(?!\w)",
            _this,
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w)(?:the{SPACE})?(?P<w>today|tonight|day{SPACE}before{SPACE}yesterday|"
            rf"yesterday|day{SPACE}after{SPACE}tomorrow|tomorrow|overnight|"
            rf"this{SPACE}(?:morning|evening|afternoon)|last{SPACE}night)(?!\w)",
            _day,
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w)(?:(?:last|this|the){SPACE})weekend(?!\w|{SPACE}of(?!\w))",
            lambda match: point(match, "weekend"),
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<!\w)(?:(?P<w>[Ll]ast|[Tt]his|[Nn]ext){SPACE})?(?P<n>{_WEEKDAY})"
            rf"(?:{SPACE}(?:morning|evening|night|afternoon))?(?!\w)",
            _weekday,
        ),
        _rule(
            rf"(?<!\w)(?:this{SPACE}time{SPACE}last{SPACE}year|"
            rf"last{SPACE}year{SPACE}at{SPACE}this{SPACE}time|(?:the{SPACE})?"
            rf"(?:same|corresponding|equivalent){SPACE}(?:{count}[- ]month{SPACE})?"
            rf"(?:period|weeks?|days?|date|months?|time|half|quarter|stretch)"
            rf"{SPACE}(?:(?:of|in|during){SPACE})?"
            rf"(?:the{SPACE})?(?:last{SPACE}year|previous{SPACE}year|a{SPACE}year"
            rf"{SPACE}(?:earlier|ago|before)|year{SPACE}before|{YEAR}))",
            _same,
            re.IGNORECASE,
        ),
        _rule(
            r"(?<![\w.,:])\d{1,2}(?:[.:]\d{2})?[ ]?[ap]\.?m(?!\w)\.?"
            r"(?:[ ](?:GMT|UTC))?",
            lambda match: point(match, "clock"),
            re.IGNORECASE,
        ),
        _rule(
            rf"(?<![\w.,:])\d{{1,2}}{SPACE}o['\u2019]clock",
            lambda match: point(match, "clock"),
        ),
    )


def _same(match: re.Match[str]) -> Point | None:
    """Read "the same period of last year", "this time last year"."""
    words = match.group().lower()
    unit = "month" if " time" in words or "month " in words else ""
    return point(match, "same", year=number(match, "y"), shift=-1, unit=unit)


def _ago(match: re.Match[str]) -> Point | None:
    """Read "two weeks ago"."""
    words = match.group().lower()
    amount = 3.0 if ("few" in words or "several" in words) else count_of(match, "en")
    if "couple" in words:
        amount = 2.0
    if "half" in words:
        amount += 0.5
    unit = _unit(match)
    if unit in ("quarter", "hour"):
        return None
    return point(match, "ago", amount=amount, unit=unit)


def _past(match: re.Match[str]) -> Point | None:
    """Read "over the past 12 months"."""
    words = match.group().lower()
    amount = 3.0 if ("few" in words or "several" in words) else count_of(match, "en")
    unit = _unit(match)
    if unit in ("quarter", "hour"):
        return None
    return point(match, "past", amount=amount, unit=unit)


def _this(match: re.Match[str]) -> Point | None:
    """Read "this year", "late last year", "the previous month"."""
    word = match.group("w").lower().split()[-1]
    kinds = {"this": "this", "current": "this", "next": "next", "following": "next"}
    unit = match.group("u").lower()
    part = said(match, "part")
    part = (
        None if part is None or part.lower() in ("earlier", "later") else part.lower()
    )
    return point(match, kinds.get(word, "last"), unit=unit, part=part)


def _day(match: re.Match[str]) -> Point | None:
    """Read "yesterday"."""
    word = match.group("w").lower()
    days = {"yesterday": -1, "tomorrow": 1, "overnight": -1}
    shift = -1 if word.startswith("last") else days.get(word.split()[-1], 0)
    if word.startswith("day"):
        shift *= 2
    return point(match, "day", amount=shift, unit="day")


def _weekday(match: re.Match[str]) -> Point | None:
    """Read "last Friday"."""
    unit = (said(match, "w") or "").lower()
    amount = _DAYS.index(match.group("n").lower())
    return point(match, "weekday", amount=amount, unit=unit)
