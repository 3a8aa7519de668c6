"""What the words of a time say, before they are placed in the calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.calendar_spans import (
    RECENT,
    Period,
    ago,
    before,
    day_of,
    month_of,
    months_of,
    past,
    same_period_before,
    week_of,
    weekday_of,
    year_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day a text speaks from."""

    published: date | None
    precision: str | None
    latest: date


@dataclass(frozen=True, slots=True)
class Point:
    """What the words of one time say."""

    start: int
    end: int
    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    last_year: int | None = None
    part: str | None = None
    shift: int | None = None
    amount: float = 0
    unit: str = ""


_LONG: Final = timedelta(days=183)
"""An end named without a year is rather the next one than one so far back."""


def is_relative(point: Point) -> bool:
    """Tell whether a time is counted from the day of the text."""
    if point.kind in ("calendar", "numbered"):
        return point.year is None
    return point.kind not in ("decade", "century", "clock")


def place(
    point: Point, anchor: Anchor, *, is_end: bool = False, is_by: bool = False
) -> Period | None:
    """Place a time in the calendar."""
    if point.kind == "calendar":
        is_end = is_end or point.unit == "next"
        past = _calendar(point, anchor, is_end=False)
        day = anchor.published
        is_by = is_by and point.unit != "next"
        if is_by and past is not None and day is not None and (day - past.last) < _LONG:
            return past
        return _calendar(point, anchor, is_end=is_end)
    if point.kind in _ABSOLUTE:
        return _ABSOLUTE[point.kind](point, anchor)
    if point.kind not in _RELATIVE or anchor.published is None:
        return None
    return _RELATIVE[point.kind](point, anchor, anchor.published)


def _year(point: Point, anchor: Anchor) -> int | None:
    """Give the year that a time names, outright or from the text's year."""
    if point.year is not None:
        return point.year
    if point.shift is None or anchor.published is None:
        return None
    return anchor.published.year + point.shift


def _calendar(point: Point, anchor: Anchor, *, is_end: bool) -> Period | None:
    """Place a day, month or year."""
    if point.month is None:
        return _years(point, anchor)
    year = _year(point, anchor)
    if year is None:
        year = _nearest_year(point, anchor, is_end=is_end)
    if year is None:
        return None
    if point.day is None:
        return month_of(year, point.month, point.part)
    first = day_of(year, point.month, point.day)
    if first is None or point.last_day is None:
        return first
    last = day_of(year, point.month, point.last_day)
    if last is None or last.last < first.first:
        return None
    return Period(first.first, last.last, "span")


def _years(point: Point, anchor: Anchor) -> Period | None:
    """Place a year, a part of one, or years joined by a dash."""
    year = _year(point, anchor)
    if year is None:
        return None
    if point.last_year is not None:
        return Period(date(year, 1, 1), date(point.last_year, 12, 31), "span")
    return year_of(year, point.part)


def _nearest_year(point: Point, anchor: Anchor, *, is_end: bool) -> int | None:
    """Find the year of a month or day that is named without one."""
    day = anchor.published
    if day is None or point.month is None:
        return None
    for year in (day.year + 1, day.year, day.year - 1):
        first = date(year, point.month, 1)
        if point.day is not None:
            only = day_of(year, point.month, point.day)
            if only is None:
                continue
            first = only.first
        if first <= day:
            last = month_of(year, point.month).last if point.day is None else first
            return year + 1 if is_end and last < day else year
    return day.year - 1 if point.day is None else None


def _numbered(point: Point, anchor: Anchor) -> Period | None:
    """Place a half, a quarter or the first months of a year."""
    year = _year(point, anchor)
    if year is None:
        return None
    period = _numbered_of(point, year)
    day = anchor.published
    is_guess = point.year is None and point.shift == 0 and day is not None
    if is_guess and day is not None and period.first > day:
        return _numbered_of(point, year - 1)  # in January, "the third quarter"
    return period


def _numbered_of(point: Point, year: int) -> Period:
    """Place a half, a quarter or the first months in a year."""
    number = int(point.amount)
    if point.unit == "half":
        return months_of(year, 6 * number - 5, 6 * number, "half_year")
    if point.unit == "quarter":
        return months_of(year, 3 * number - 2, 3 * number, "quarter")
    if number > 0:
        return months_of(year, 1, min(number, 12), "span")
    return months_of(year, max(13 + number, 1), 12, "span")


def _around_date(point: Point, anchor: Anchor) -> Period | None:
    """Place what begins or ends at a date, or is a part of a month."""
    is_part = point.kind == "in_month"
    date_of = replace(point, day=None) if is_part else point
    known = _calendar(date_of, anchor, is_end=False)
    if known is None:
        return None
    if point.kind == "week_of":
        return Period(known.first, known.first + timedelta(days=6), "week")
    if point.kind == "ending":
        last = known.last
        next_day = last + timedelta(days=1)
        unit, amount = point.unit, point.amount
        if unit == "quarter":
            unit, amount = "month", 3 * amount
        return Period(before(next_day, amount, unit), last, "span")
    length, order = point.day or 1, int(point.amount)
    if order < 0:
        return Period(known.last - timedelta(days=length - 1), known.last, "span")
    first = known.first + timedelta(days=length * (order - 1))
    is_rest = length == _HALF and order > 1
    last = known.last if is_rest else first + timedelta(days=length - 1)
    return Period(first, min(last, known.last), "span")


_HALF: Final = 15


def _week_number(point: Point, _anchor: Anchor, day: date) -> Period | None:
    """Place "week 41": of the year named, else the last that has begun."""
    years = (day.year, day.year - 1) if point.year is None else (point.year,)
    for year in years:
        try:
            monday = date.fromisocalendar(year, int(point.amount), 1)
        except ValueError:
            continue
        if point.year is not None or monday <= day:
            return week_of(monday)
    return None


def _to_date(point: Point, anchor: Anchor, day: date) -> Period | None:
    """Place "since the beginning of the month"."""
    if point.unit == "year":
        return Period(date(day.year, 1, 1), day, "span")
    begun = _this(replace(point, part=None), anchor, day)
    return None if begun is None else Period(begun.first, day, "span")


def _season(point: Point, _anchor: Anchor, day: date) -> Period | None:
    """Place "last summer": the last that has begun, or of the year named."""
    month = point.month or 1
    year = point.year
    if year is None:
        year = day.year if (day.month, day.day) >= (month, 1) else day.year - 1
        is_running = point.amount < 0 and year == day.year and day.month < month + 3
        year -= is_running
    return months_of(year, month, month + 2, "span")


def _decade(point: Point, _anchor: Anchor) -> Period | None:
    """Place a decade or a part of one, or a century."""
    if point.year is None:
        return None
    if point.kind == "century":
        return Period(date(point.year, 1, 1), date(point.year + 99, 12, 31), "span")
    first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get(
        point.part or "", (0, 9)
    )
    return Period(
        date(point.year + first, 1, 1), date(point.year + last, 12, 31), "span"
    )


def _ago(point: Point, anchor: Anchor, day: date) -> Period | None:
    """Place "two weeks ago"."""
    if point.unit in ("day", "week") and anchor.precision != "day":
        return None
    if point.unit == "year" and point.amount == 1:
        return month_of(day.year - 1, day.month)  # a year ago: then, not all that year
    return ago(day, point.amount, point.unit)


def _past(point: Point, _anchor: Anchor, day: date) -> Period | None:
    """Place "over the past 12 months"."""
    return past(day, point.amount, point.unit)


def _recent(point: Point, _anchor: Anchor, day: date) -> Period | None:
    """Place "in recent years": wide, and inferred."""
    first = day - timedelta(days=RECENT.get(point.unit, RECENT["year"]))
    return Period(first, day, "inferred")


def _is_exact(point: Point, anchor: Anchor) -> bool:
    """Whether the day of the text is known well enough for a week, month or quarter."""
    if point.unit == "week":
        return anchor.precision == "day"
    return anchor.precision != "year"


def _quarter(year: int, number: int) -> Period:
    """Give a quarter of a year."""
    return months_of(year, 3 * number - 2, 3 * number, "quarter")


def _this(point: Point, anchor: Anchor, day: date) -> Period | None:
    """Place "this year", up to the end of the month of the text."""
    if point.unit == "year":
        so_far = Period(
            date(day.year, 1, 1), month_of(day.year, day.month).last, "year"
        )
        return so_far if point.part is None else year_of(day.year, point.part)
    if point.unit == "decade":
        return Period(date(day.year - day.year % 10, 1, 1), day, "span")
    if not _is_exact(point, anchor):
        return None
    if point.unit == "week":
        return Period(week_of(day).first, day, "week")
    if point.unit == "quarter":
        return _quarter(day.year, (day.month + 2) // 3)
    return month_of(day.year, day.month, point.part)


def _last(point: Point, anchor: Anchor, day: date) -> Period | None:
    """Place "last year", "the previous month"."""
    if point.unit == "year":
        return year_of(day.year - 1, point.part)
    if point.unit == "decade":
        return past(day, 1, "decade")
    if not _is_exact(point, anchor):
        return None
    if point.unit == "week":
        return ago(day, 1, "week")
    if point.unit == "quarter":
        number = (day.month + 2) // 3 - 1
        return _quarter(day.year, number) if number else _quarter(day.year - 1, 4)
    then = before(day, 1, "month")
    return month_of(then.year, then.month, point.part)


def _next(point: Point, anchor: Anchor, day: date) -> Period | None:
    """Place "next year"."""
    if point.unit == "year":
        return year_of(day.year + 1, point.part)
    if point.unit == "week":
        if anchor.precision != "day":
            return None
        return week_of(day + timedelta(days=7))
    if point.unit == "quarter" and anchor.precision != "year":
        number = (day.month + 2) // 3
        return _quarter(day.year + number // 4, number % 4 + 1)
    if point.unit != "month" or anchor.precision == "year":
        return None
    return month_of(day.year + day.month // 12, day.month % 12 + 1, point.part)


def _day(point: Point, anchor: Anchor, day: date) -> Period | None:
    """Place "today" and "yesterday"."""
    if anchor.precision != "day":
        return None
    then = day + timedelta(days=int(point.amount))
    return Period(then, then, "day")


def _weekday(point: Point, anchor: Anchor, day: date) -> Period | None:
    """Place "on Friday"."""
    if anchor.precision != "day":
        return None
    return weekday_of(
        day,
        int(point.amount),
        is_before=point.unit == "last",
        is_after=point.unit == "next",
    )


def _weekend(_point: Point, anchor: Anchor, day: date) -> Period | None:
    """Place "over the weekend": the last Saturday and Sunday that have begun."""
    if anchor.precision != "day":
        return None
    saturday = weekday_of(day, 5, is_before=False, is_after=False).first
    return Period(saturday, saturday + timedelta(days=1), "span")


def _same(point: Point, _anchor: Anchor, day: date) -> Period | None:
    """Place "the same period last year" where the sentence names no other period."""
    month = month_of(day.year, day.month)
    year = Period(date(day.year, 1, 1), month.last, "span")
    year = month if point.unit == "month" else year
    return same_period_before(year, day.year - (point.year or day.year - 1))


def _monthday(point: Point, anchor: Anchor, day: date) -> Period | None:
    """Place "on the 9th": the last that has begun."""
    if anchor.precision != "day" or point.day is None:
        return None
    then = month_of(day.year, day.month)
    for _ in range(_MONTHS_BACK):
        only = day_of(then.first.year, then.first.month, point.day)
        if only is not None and only.first <= day:
            return only
        then = month_of(*_month_before(then.first))
    return None


def _month_before(day: date) -> tuple[int, int]:
    """Give the year and month before those of a day."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.year, last.month


_MONTHS_BACK: Final = 3
_ABSOLUTE: Final[dict[str, Callable[[Point, Anchor], Period | None]]] = {
    "numbered": _numbered,
    "decade": _decade,
    "century": _decade,
    "week_of": _around_date,
    "ending": _around_date,
    "in_month": _around_date,
}
_RELATIVE: Final[dict[str, Callable[[Point, Anchor, date], Period | None]]] = {
    "ago": _ago,
    "past": _past,
    "recent": _recent,
    "this": _this,
    "last": _last,
    "next": _next,
    "day": _day,
    "weekday": _weekday,
    "same": _same,
    "weekend": _weekend,
    "week_number": _week_number,
    "to_date": _to_date,
    "season": _season,
    "monthday": _monthday,
    "for": _past,
}
