"""Dates that a text states of itself, in figures or with the name of the month."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.articles import page_cues

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from supplyline.evidence.articles.article import DatePrecision

_FIRST_YEAR: Final = 1900
_YEAR: Final = r"(?P<{0}>(?:19|20)\d\d)"
_LINE_LENGTH: Final = 160
_LEAD_LENGTH: Final = 110
_OTHER_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Dated:
    """A date found in a text."""

    start: int
    end: int
    day: date
    precision: DatePrecision


def find_dates(text: str, *, day_first: bool | None = None) -> Iterator[Dated]:
    """Find the dates that hold a year."""
    for match in _pattern().finditer(text):
        day_and_precision = _read(match.groupdict(), day_first)
        if day_and_precision is not None:
            yield Dated(match.start(), match.end(), *day_and_precision)


def is_date_line(line: str) -> bool:
    """Tell whether a line is there for its date: few other words stand in it."""
    if len(line) > _LINE_LENGTH or not any(c.isdigit() for c in line):
        return False
    dates = list(find_dates(line, day_first=True))
    if not dates:
        return False
    is_cued = _is_cued(line)
    if all(one.precision == "year" for one in dates) and not is_cued:
        return False
    rest = line
    for one in reversed(dates):
        rest = rest[: one.start] + rest[one.end :]
    words = re.findall(r"[^\W\d_]{3,}", rest)
    return len(words) <= (_OTHER_WORDS if is_cued else 2)


def today() -> date:
    """Give the last day on which anything can have been published."""
    return datetime.now(tz=UTC).date()


def first_day(day: date, precision: DatePrecision | None) -> date:
    """Give the first day of the month or year that a day stands for."""
    if precision == "year":
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision == "month" else day


def find_dateline(
    lines: Iterable[str], latest: date, *, day_first: bool | None
) -> tuple[date, DatePrecision] | None:
    """Find the day on which a text says that it was published."""
    best: tuple[int, date, DatePrecision] | None = None
    for line in lines:
        for rank, one in _ranked(line, day_first):
            if one.day <= latest and (best is None or rank < best[0]):
                best = rank, one.day, one.precision
    return None if best is None else best[1:]


def latest_date(text: str, latest: date) -> date | None:
    """Find the latest date that a text names, not after a day."""
    days = []
    dates = list(find_dates(text))
    for one in dates:
        if one.day <= latest:
            days.append(one.day)
        elif _is_under_way(one, latest):
            days.append(latest)
    ends = [0, *(one.end for one in dates)]
    starts = [*(one.start for one in dates), len(text)]
    # a year inside a date is no year that stands by itself
    rest = " ".join(text[a:b] for a, b in zip(ends, starts, strict=True))
    days += [min(date(int(y), 12, 31), latest) for y in _bare_years(rest, latest)]
    return max(days, default=None)


def _ranked(line: str, day_first: bool | None) -> Iterator[tuple[int, Dated]]:  # noqa: FBT001 - passed on
    """Give the dates of a line by which it may tell its own day."""
    folded = page_cues.fold(line[:_LINE_LENGTH])
    if page_cues.starts(folded, "dateline") and (len(line) <= _LINE_LENGTH):
        # 'Published 3 November, updated 4 November': the first counts
        one = next(find_dates(line, day_first=day_first), None)
        if one is not None and one.start <= 60:
            yield 0, one
    elif page_cues.starts(folded, "updated") and len(line) <= _LINE_LENGTH:
        for one in find_dates(line, day_first=day_first):
            yield 4, one
    elif is_date_line(line):
        for one in find_dates(line, day_first=day_first):
            if one.precision != "year":
                yield 3, one
    else:
        yield from _of_agency(line, day_first)


def _of_agency(line: str, day_first: bool | None) -> Iterator[tuple[int, Dated]]:  # noqa: FBT001 - passed on
    """Find a date before the dash with which agency texts begin."""
    lead = line[:_LEAD_LENGTH]
    dash = re.search(r"\s[-\u2013\u2014]{1,2}\s|[)]\s?[-\u2013\u2014:.]", lead)
    if dash is None or not lead[:1].isupper():
        return
    for one in find_dates(lead[: dash.end()], day_first=day_first):
        if one.precision != "year":
            yield 1, one


def _is_cued(line: str) -> bool:
    """Tell whether a line says that it tells a day of publication."""
    folded = page_cues.fold(line)
    return page_cues.starts(folded, "dateline") or page_cues.starts(folded, "updated")


def _is_under_way(dated: Dated, latest: date) -> bool:
    """Tell whether the month or year of a date has begun on the last day believed."""
    if dated.precision == "month":
        return dated.day.replace(day=1) <= latest
    return dated.precision == "year" and dated.day.year <= latest.year


def _bare_years(text: str, latest: date) -> Iterator[str]:
    """Give the years that stand without a month."""
    for match in re.finditer(r"(?<![\w.,/-])(?:19|20)\d\d(?![\w/%]|[.,-]\d)", text):
        if int(match[0]) <= latest.year:
            yield match[0]


def _read(
    parts: dict[str, str | None],
    day_first: bool | None,  # noqa: FBT001 - passed on
) -> tuple[date, DatePrecision] | None:
    """Read what a pattern found as a date."""
    if parts["ya"]:
        return _dated(parts["ya"], parts["ma"], parts["da"])
    for year, month, day in (("yb", "mb", "db"), ("yc", "mc", "dc")):
        if parts[year]:
            number = _months()[page_cues.fold(parts[month] or "").rstrip(".")]
            return _dated(parts[year], str(number), parts[day])
    return _of_figures(parts, day_first)


def _of_figures(
    parts: dict[str, str | None],
    day_first: bool | None,  # noqa: FBT001 - passed on
) -> tuple[date, DatePrecision] | None:
    """Read a date such as 03/11/2025, where only one way of reading it is right."""
    one, two = int(parts["d1"] or 0), int(parts["d2"] or 0)
    if one == two or (one > 12 or day_first is True):
        return _dated(parts["yd"], str(two), str(one))
    if two > 12 or day_first is False:
        return _dated(parts["yd"], str(one), str(two))
    return None


def _dated(
    year: str | None, month: str | None, day: str | None
) -> tuple[date, DatePrecision] | None:
    """Make a date of its parts, the last day of what they name."""
    number = int(year or 0)
    if number < _FIRST_YEAR:
        return None
    try:
        if month is None:
            return date(number, 12, 31), "year"
        if day is None:
            last = calendar.monthrange(number, int(month))[1]
            return date(number, int(month), last), "month"
        return date(number, int(month), int(day)), "day"
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Give each month's number by its names."""
    return {
        page_cues.fold(row["name"]): int(row["month"])
        for row in page_cues.read_lexicon("months")
    }


@cache
def _pattern() -> re.Pattern[str]:
    """Compile the pattern of a date that holds a year."""
    written = {row["name"] for row in page_cues.read_lexicon("months")}
    names = "|".join(sorted(written, key=len, reverse=True))
    return re.compile(
        r"(?<![\w/.-])(?:"
        + _YEAR.format("ya")
        + r"-(?P<ma>0[1-9]|1[0-2])(?:-(?P<da>[0-3]\d))?(?=$|T\d|[^\w-])"
        + r"|(?:(?:[0-3]?\d\s?[-\u2013]\s?)?"
        + r"(?P<db>[0-3]?\d)(?:st|nd|rd|th|er|e)?\s(?:of\s)?)?"
        + rf"(?P<mb>{names})\.?,?\s"
        + _YEAR.format("yb")
        + r"(?!\w)"
        + rf"|(?P<mc>{names})\.?\s(?P<dc>[0-3]?\d)(?:st|nd|rd|th)?,?\s"
        + _YEAR.format("yc")
        + r"(?!\w)"
        + r"|(?P<d1>[0-3]?\d)[/.](?P<d2>[0-3]?\d)[/.]"
        + _YEAR.format("yd")
        + r"(?!\w)"
        + r")",
        re.IGNORECASE,
    )
