"""Patterns of stretches of time up to the day of the text.

"The past 48 hours", "les dix derniers jours", "for 22 days", "depuis trois semaines".
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.time_patterns import (
    SPACE,
    Rule,
    count_of,
    count_pattern,
    point,
    said,
    unit_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplyline.evidence.reading.points import Point

    Read = Callable[[re.Match[str]], Point | None]

_HOURS_IN_DAY: Final = 24


def _rule(pattern: str, read: Read) -> Rule:
    """Compile a rule; capitals do not matter."""
    return Rule(re.compile(pattern, re.IGNORECASE), read)


@cache
def english_stretches() -> tuple[Rule, ...]:
    """Give the English rules."""
    count = count_pattern("en")
    return (
        _rule(
            rf"(?<!\w)(?:the{SPACE})?(?:past|last|previous){SPACE}{count}[ -]"
            r"(?P<u>hours)(?!\w)",
            _hours("en"),
        ),
        _rule(
            rf"(?<!\w)(?:has|have|had|hasn['\u2019]t|haven['\u2019]t|been)(?!\w)[^.;:]{{0,60}}?"
            rf"(?<!\w)(?P<time>for{SPACE}(?:more{SPACE}than{SPACE}|over{SPACE}|nearly{SPACE}|"
            rf"almost{SPACE}|about{SPACE})?{count}{SPACE}(?P<u>days|weeks|months|years))(?!\w)",
            _lasting("en"),
        ),
        _rule(
            rf"(?<!\w)(?:(?:the|this){SPACE})?(?:past|last){SPACE}(?P<u>fortnight|week)"
            r"(?!\w)",
            _past_week,
        ),
    )


@cache
def french_stretches() -> tuple[Rule, ...]:
    """Give the French rules."""
    count = count_pattern("fr")
    return (
        _rule(
            rf"(?<!\w)(?:les|des|ces){SPACE}(?:(?:derni(?:ères|ers)|passées){SPACE}{count}|{_renamed(count)}"
            rf"{SPACE}dernières){SPACE}(?P<u>heures)(?!\w)",
            _hours("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:depuis|voilà|voici|(?:ça|cela){SPACE}fait){SPACE}(?:plus{SPACE}de{SPACE}|"
            rf"près{SPACE}de{SPACE}|environ{SPACE}|bientôt{SPACE}|déjà{SPACE})?{count}{SPACE}"
            rf"(?P<u>jours?|semaines?|mois|ans?|années?)(?!\w)"
            rf"(?:{SPACE}qu(?:e(?!\w)|['\u2019]))?",
            _lasting("fr"),
        ),
        _rule(
            rf"(?<!\w)il{SPACE}y{SPACE}a{SPACE}(?:environ{SPACE}|près{SPACE}d['\u2019])?une{SPACE}"
            rf"(?P<n>dizaine|quinzaine|vingtaine|trentaine){SPACE}de{SPACE}(?P<u>jours)(?!\w)",
            _dozen_days_ago,
        ),
        _rule(
            rf"(?<!\w)(?:les|ces|des|aux){SPACE}derni(?:ers|ères){SPACE}{count}{SPACE}"
            r"(?P<u>jours|semaines|mois|ans|années)(?!\w)",
            _past("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:les|ces|des){SPACE}{count}{SPACE}(?P<u>jours|semaines|mois|ans|"
            rf"années){SPACE}(?:écoulée?s|passée?s)(?!\w)",
            _past("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:la|le|l['\u2019]|du|au)(?:{SPACE})?(?P<u>semaine|mois|année|trimestre|quinzaine)"
            rf"{SPACE}(?:qui{SPACE}vient{SPACE}de{SPACE}s['\u2019]écouler|écoulée?)(?!\w)",
            _past_week,
        ),
    )


def _renamed(pattern: str, mark: str = "2") -> str:
    """Rename the groups of a pattern, so that it can stand twice in a rule."""
    return re.sub(r"\(\?P<(\w+)>", rf"(?P<\1_{mark}>", pattern)


def _hours(language: str) -> Read:
    """Read "the past 48 hours": the days they reach back to."""

    def read(match: re.Match[str]) -> Point | None:
        days = int(-(-count_of(match, language) // _HOURS_IN_DAY)) + 1
        return point(match, "past", amount=days, unit="day")

    return read


def _past(language: str) -> Read:
    """Read "les derniers dix jours"."""

    def read(match: re.Match[str]) -> Point | None:
        amount = count_of(match, language)
        return point(match, "past", amount=amount, unit=unit_of(match))

    return read


def _lasting(language: str) -> Read:
    """Read "for 22 days" and "depuis trois semaines": so long, up to the text."""

    def read(match: re.Match[str]) -> Point | None:
        is_ago = match.group().lower().startswith(("voil", "voic"))
        if is_ago and not re.search(r"\squ\S{1,2}$", match.group()):
            return None
        return point(
            match, "for", amount=count_of(match, language), unit=unit_of(match)
        )

    return read


def _past_week(match: re.Match[str]) -> Point | None:
    """Read "the past week" and "le mois écoulé"."""
    unit = unit_of(match)
    if unit == "fortnight":
        return point(match, "past", amount=2, unit="week")
    if unit == "quarter":
        return point(match, "last", unit=unit)
    return point(match, "past", amount=1, unit=unit)


def _dozen_days_ago(match: re.Match[str]) -> Point | None:
    """Read "il y a une dizaine de jours"."""
    days = {"dizaine": 10, "quinzaine": 15, "vingtaine": 20, "trentaine": 30}
    return point(
        match, "ago", amount=days[(said(match, "n") or "").lower()], unit="day"
    )
