"""Patterns of times that both languages share, and how they are put together."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from supplyline.evidence.reading.number_words import word_values
from supplyline.evidence.reading.points import Point
from supplyline.evidence.reading.words import table

if TYPE_CHECKING:
    from collections.abc import Callable

SPACE: Final = "[ \u00a0\u202f]{1,2}"
"""White space inside a time."""
DASH: Final = r"[ \u00a0]?[-\u2013—][ \u00a0]?"
"""A dash between two ends."""
YEAR: Final = r"(?P<y>(?:19|20)\d{2})(?![\d%]|[.,\u2019']\d)"
"""A year."""

Groups = dict[str, str]


class Rule(NamedTuple):
    """A pattern and what it says."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Point | None]


def point(match: re.Match[str], kind: str, **said: object) -> Point:
    """Make a point of a match; its group "time", if any, is its span."""
    whole = "time" if "time" in match.re.groupindex else 0
    return Point(match.start(whole), match.end(whole), kind, **said)  # type: ignore[arg-type]


def said(match: re.Match[str], name: str) -> str | None:
    """Give a group of a match that may not exist.

    Where a pattern stands twice in a rule, its groups are numbered: d, d_2.
    """
    names = match.re.groupindex
    for key in (name, f"{name}_2", f"{name}_3"):
        if key in names and match.group(key) is not None:
            return match.group(key)
    return None


def number(match: re.Match[str], name: str) -> int | None:
    """Give a group of digits as a number."""
    text = said(match, name)
    return int(text) if text and text.isdecimal() else None


@cache
def months(language: str) -> dict[str, int]:
    """Give the months of a language."""
    return {
        row["written"].lower().rstrip("."): int(row["month"])
        for row in table("months")
        if row["language"] == language
    }


@cache
def month_pattern(language: str, *, only_alone: bool = False) -> str:
    """Give the pattern of a month's name."""
    names = [
        row["written"]
        for row in table("months")
        if row["language"] == language and (row["alone"] == "yes" or not only_alone)
    ]
    both = {form for name in names for form in _forms(name, language)}
    short = {
        name
        for name in months(language)
        if any(other != name and other.startswith(name) for other in months(language))
    }
    ordered = sorted(both, key=len, reverse=True)
    inside = "|".join(
        re.escape(name) + (r"\.?" if name.rstrip(".").lower() in short else "")
        for name in ordered
    )
    return rf"(?P<m>{inside})(?![^\W\d_])"


def _forms(name: str, language: str) -> tuple[str, ...]:
    """Give the ways a month's name is capitalised."""
    if language == "fr":
        return name, name.capitalize()
    return name, name.upper()


@cache
def count_pattern(language: str) -> str:
    """Give the pattern of a small number in digits or words."""
    words = [
        word
        for word, kinds in word_values(language).items()
        if kinds.get("unit", 0) > 0 or kinds.get("ten", 0) > 0
    ]
    inside = "|".join(sorted(words, key=len, reverse=True))
    return (
        rf"(?P<n>\d{{1,3}}(?:[.,]\d)?|(?:{inside})(?:(?:-(?:et-)?| et )(?:{inside}))?)"
    )


_UNITS: Final = {
    "year": "year", "years": "year", "month": "month", "months": "month",
    "quarter": "quarter", "quarters": "quarter",
    "week": "week", "weeks": "week", "fortnight": "fortnight", "day": "day",
    "days": "day", "hours": "hour", "night": "day", "evening": "day",
    "an": "year", "ans": "year", "année": "year", "années": "year", "mois": "month",
    "semaine": "week", "semaines": "week", "jour": "day", "jours": "day",
    "heures": "hour", "trimestre": "quarter", "quinzaine": "fortnight",
    "soir": "day", "matin": "day", "nuit": "day", "période": "day",
    "veille": "day", "lendemain": "day", "surlendemain": "day",
}  # fmt: skip


def unit_of(match: re.Match[str]) -> str:
    """Give the unit of time of a match, in the singular and in English."""
    return _UNITS.get((said(match, "u") or "").lower(), "")


def count_of(match: re.Match[str], language: str) -> float:
    """Give the small number of a match."""
    text = said(match, "n")
    if not text:
        return 1.0
    if text[0].isdecimal():
        return float(text.replace(",", "."))
    values = word_values(language)
    text = text.lower()
    words = [text] if text in values else re.split(r"-(?:et-)?| et ", text)
    kinds = [values.get(word, {}) for word in words]
    return sum(kind.get("unit", kind.get("ten", 0.0)) for kind in kinds) or 1.0


def calendar_point(match: re.Match[str], language: str) -> Point | None:
    """Read a date from the groups d, d2, m, y, part and shift."""
    name = (said(match, "m") or "").lower().rstrip(".")
    day = number(match, "d")
    if day is None and (said(match, "d") or "").lower() == "1er":
        day = 1
    last = number(match, "d2")
    if day is not None and not 1 <= day <= 31:
        return None
    return point(
        match,
        "calendar",
        year=number(match, "y"),
        month=months(language).get(name),
        day=day,
        last_day=last,
        part=part_of(said(match, "part")),
        shift=shift_of(said(match, "shift")),
    )


_PARTS: Final = {
    "early": ("early", "beginning", "start", "début", "first", "commencement"),
    "mid": ("mid", "middle", "mi", "milieu"),
    "late": ("late", "last"),
    "end": ("end", "fin"),
}


def part_of(text: str | None) -> str | None:
    """Tell which part of a month or year words name."""
    words = re.findall(r"[^\W\d_]+", (text or "").lower())
    for part, names in _PARTS.items():
        if any(word in names for word in words):
            return part
    return None


_LAST_YEAR: Final = ("last", "previous", "dernier", "dernière", "passé", "passée")


def shift_of(text: str | None) -> int | None:
    """Tell which year words such as "of last year" name."""
    if not text:
        return None
    words = re.findall(r"[^\W\d_]+", text.lower())
    if any(word in _LAST_YEAR for word in words):
        return -1
    return 1 if "next" in words or "prochaine" in words else 0


def years_joined(match: re.Match[str]) -> Point | None:
    """Read years joined by a dash, as in 2023-24."""
    first = int(match.group("y"))
    text = match.group("y2")
    last = int(text) if len(text) == 4 else first - first % 100 + int(text)
    if not first < last <= first + 60:
        return None
    return point(match, "calendar", year=first, last_year=last)


def century(match: re.Match[str]) -> Point | None:
    """Read "the 19th century"."""
    order = int(match.group("n"))
    if not 1 <= order <= 21:
        return None
    return point(match, "century", year=100 * order - 99)


@cache
def shared_rules() -> tuple[Rule, ...]:
    """Give the rules of both languages: ISO dates, joined years, clock, H1 and Q3."""
    return (
        Rule(
            re.compile(
                r"(?<![\w-])(?P<y>(?:19|20)\d{2})-(?P<mm>\d{2})-(?P<d>\d{2})(?![\d-])"
            ),
            _iso,
        ),
        Rule(
            re.compile(
                r"(?<![\w$€£.,-])(?P<y>(?:19|20)\d{2})(?:[-\u2013—]|[ ][-\u2013—][ ]|/)"
                r"(?P<y2>(?:19|20)\d{2}|\d{2})(?![\w%-]|[.,]\d|/)"
            ),
            years_joined,
        ),
        Rule(
            re.compile(
                rf"(?<!\w)(?P<w>[HSQT])(?P<n>[1-4]){SPACE}(?:of{SPACE}|de{SPACE})?{YEAR}"
            ),
            _lettered,
        ),
        Rule(
            re.compile(rf"(?<!\w){YEAR}{SPACE}(?P<w>[HSQT])(?P<n>[1-4])(?!\w)"),
            _lettered,
        ),
        Rule(
            re.compile(
                r"(?<![\w.,:])\d{1,2}:\d{2}(?::\d{2})?(?!\d)"
                r"(?:[ ]?(?:[ap]\.?m\b\.?|GMT|UTC))?"
            ),
            lambda match: point(match, "clock"),
        ),
    )


def _iso(match: re.Match[str]) -> Point | None:
    """Read 2025-09-03."""
    month, day = int(match.group("mm")), int(match.group("d"))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = int(match.group("y"))
    return point(match, "calendar", year=year, month=month, day=day)


def _lettered(match: re.Match[str]) -> Point | None:
    """Read H1 2025 and Q3 2025, S1 and T3 in French."""
    unit = "half" if match.group("w") in "HS" else "quarter"
    amount = int(match.group("n"))
    if unit == "half" and amount > 2:
        return None
    return point(match, "numbered", year=number(match, "y"), amount=amount, unit=unit)
