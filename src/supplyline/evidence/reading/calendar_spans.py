"""First and last days of months, years, parts of them, and of what is counted back."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from supplyline.evidence.reading.candidate import Precision

RECENT: Final = {"year": 5 * 365, "month": 183, "week": 42, "day": 14}
"""How far back "recent" years, months, weeks and days reach [days]."""
_WEEK: Final = 7
_EARLIEST: Final = 1000
_LATEST: Final = 3000


class Period(NamedTuple):
    """A stretch of days."""

    first: date
    last: date
    precision: Precision


def day_of(year: int, month: int, day: int) -> Period | None:
    """Give one day."""
    if not (_EARLIEST <= year <= _LATEST and 1 <= month <= 12):
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    only = date(year, month, day)
    return Period(only, only, "day")


def month_of(year: int, month: int, part: str | None = None) -> Period:
    """Give a month, or its first, second or last ten days."""
    last = calendar.monthrange(year, month)[1]
    ends = {"early": (1, 10), "mid": (11, 20), "late": (21, last)}
    ends["end"] = ends["late"]
    first_day, last_day = ends.get(part or "", (1, last))
    return Period(
        date(year, month, first_day),
        date(year, month, last_day),
        "span" if part in ends else "month",
    )


def months_of(year: int, first: int, last: int, precision: Precision) -> Period:
    """Give whole months of one year."""
    days = calendar.monthrange(year, last)[1]
    return Period(date(year, first, 1), date(year, last, days), precision)


def year_of(year: int, part: str | None = None) -> Period:
    """Give a year, or its first, second or last four months."""
    parts = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "end": (12, 12)}
    if part in parts:
        return months_of(year, *parts[part], "span")
    return months_of(year, 1, 12, "year")


def before(day: date, amount: float, unit: str) -> date:
    """Count back from a day."""
    if unit in ("day", "week"):
        days = amount * (7 if unit == "week" else 1)
        return day - timedelta(days=min(int(days), day.toordinal() - 366))
    months = int(amount * {"month": 1, "year": 12, "decade": 120}[unit])
    index = max(day.year * 12 + day.month - 1 - months, 12)
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def ago(day: date, amount: float, unit: str) -> Period:
    """Give the day, week, month or year that lies so far back."""
    then = before(day, amount, unit)
    if unit == "day":
        return Period(then, then, "day")
    if unit == "week":
        return week_of(then)
    if unit == "month":
        return month_of(then.year, then.month)
    return year_of(then.year)


def past(day: date, amount: float, unit: str) -> Period:
    """Give the stretch of so many days, weeks, months or years up to a day."""
    return Period(before(day, amount, unit) + timedelta(days=1), day, "span")


def week_of(day: date) -> Period:
    """Give the week of a day, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6), "week")


def weekday_of(day: date, weekday: int, *, is_before: bool, is_after: bool) -> Period:
    """Give the nearest such weekday."""
    back = (day.weekday() - weekday) % 7
    if is_after:
        then = day + timedelta(days=(7 - back) or 7)
    else:
        then = day - timedelta(days=back or (7 if is_before else 0))
    return Period(then, then, "day")


def same_period_before(period: Period, years: int = 1) -> Period:
    """Give the same days of an earlier year."""
    first = before(period.first, years, "year")
    last = before(period.last, years, "year")
    if period.last.day == calendar.monthrange(period.last.year, period.last.month)[1]:
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return Period(first, last, period.precision)


def stepped(known: Period, amount: int, unit: str, *, is_whole: bool) -> Period:
    """Give what lies some units before or after a period."""
    if unit == "day":
        then = before(known.first if amount < 0 else known.last, -amount, "day")
        return Period(then, then, "day")
    back = before(known.first, -amount, unit)
    if unit == "month":
        return month_of(back.year, back.month)
    length = (known.last - known.first).days + 1
    if unit == "week":
        last = before(known.last, -amount, "week")
        is_week = length == 1 or is_whole
        return week_of(back) if is_week else Period(back, last, known.precision)
    if is_whole or known.precision == "year":
        return year_of(back.year)
    is_short = length <= _WEEK
    return (
        month_of(back.year, back.month)
        if is_short
        else same_period_before(known, -amount)
    )


def around(known: Period, unit: str) -> Period:
    """Give the day, week, month or year that a period lies in."""
    first = known.first
    if unit == "year":
        return year_of(first.year)
    if unit == "month":
        return month_of(first.year, first.month)
    return week_of(first) if unit == "week" else known
