"""Patterns of times that name parts of months, numbered weeks, seasons and steps.

"Week 41", "the week ending 12 October", "the second half of September", "la première
quinzaine d'octobre", "last summer", "two days earlier", "la veille".
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.time_patterns import (
    SPACE,
    YEAR,
    Rule,
    calendar_point,
    count_of,
    count_pattern,
    month_pattern,
    number,
    part_of,
    point,
    said,
    unit_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplyline.evidence.reading.points import Point

    Read = Callable[[re.Match[str]], Point | None]

_ORDERS: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "final": -1,
    "première": 1, "premier": 1, "deuxième": 2, "seconde": 2,
    "1re": 1, "1ère": 1, "2e": 2, "2ème": 2, "3e": 3, "4e": 4,
    "troisième": 3, "quatrième": 4, "dernière": -1, "dernier": -1,
}  # fmt: skip
_SEASONS: Final = {
    "spring": 3, "printemps": 3, "summer": 6, "été": 6,
    "autumn": 9, "fall": 9, "automne": 9,
}  # fmt: skip
_DAYS_IN_WEEK: Final = 7
_HALF_MONTH: Final = 15
_FEW: Final = 3.0
_MOST_WEEKS: Final = 53


def _rule(pattern: str, read: Read) -> Rule:
    """Compile a rule; capitals do not matter."""
    return Rule(re.compile(pattern, re.IGNORECASE), read)


@cache
def english_phrases() -> tuple[Rule, ...]:
    """Give the English rules."""
    month = rf"{month_pattern('en')}(?:,?{SPACE}(?:of{SPACE})?{YEAR})?"
    day = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
    date = rf"(?:{day}{SPACE}{month}|{_renamed(month)}{SPACE}{_renamed(day)})"
    count = count_pattern("en")
    order = "first|second|third|fourth|last|final"
    return (
        _rule(
            rf"(?<!\w)(?:epi(?:demiological)?{SPACE})?(?:week|wk){SPACE}"
            rf"(?:no?\.?(?:{SPACE})?|#)?(?P<n>\d{{1,2}})(?![\d%.,]\d|\w)"
            rf"(?:(?:,|{SPACE}of|{SPACE}[-\u2013])?{SPACE}{YEAR})?",
            _week_number,
        ),
        _rule(
            rf"(?<!\w)(?:the{SPACE})?week{SPACE}(?:of|beginning|starting|commencing)"
            rf"{SPACE}(?:on{SPACE})?(?:the{SPACE})?{date}(?!\w|[-\u2013])",
            _week_of("en"),
        ),
        _rule(
            rf"(?<!\w)(?:the{SPACE}|in{SPACE})?(?:{count}[ -])?(?P<u>weeks?|months?|"
            rf"years?|quarters?|days?){SPACE}(?:ending|ended|to|through){SPACE}"
            rf"(?:on{SPACE}|in{SPACE}|the{SPACE}end{SPACE}of{SPACE})?"
            rf"(?:{date}|{_renamed(month, '3')})",
            _ending("en"),
        ),
        _rule(
            rf"(?<!\w)(?:the{SPACE})?(?P<o>{order}){SPACE}(?P<u>week|half|fortnight)"
            rf"{SPACE}of{SPACE}{month}",
            _in_month("en"),
        ),
        _rule(
            rf"(?<!\w)(?:the{SPACE})?(?P<o>first|last|final){SPACE}{count}{SPACE}"
            rf"(?P<u>days|weeks){SPACE}of{SPACE}{month}",
            _in_month("en"),
        ),
        _rule(
            rf"(?<!\w)(?:since{SPACE}|from{SPACE})?the{SPACE}(?:beginning|start){SPACE}"
            rf"of{SPACE}(?:the|this){SPACE}(?P<u>month|week|quarter)(?!\w)",
            _to_date,
        ),
        _rule(r"(?<!\w)(?P<u>year|month)[ -]to[ -]date(?!\w)", _to_date),
        _rule(
            rf"(?<!\w)(?:the{SPACE})?(?P<part>end|middle|mid|start|beginning|early|late)"
            rf"(?:{SPACE}(?:of|in){SPACE}the{SPACE}|-)(?P<u>month)(?!\w)",
            _part_of_this,
        ),
        _rule(r"(?<!\w)(?P<u>month|year)-end(?!\w)", _part_of_this),
        _rule(
            rf"(?<!\w)(?P<part>earlier|later|early|late){SPACE}in{SPACE}the{SPACE}"
            r"(?P<u>week|month|year)(?!\w)",
            _part_of_this,
        ),
        _rule(
            rf"(?<!\w)(?P<w>this|last|the)(?:{SPACE}past)?{SPACE}"
            rf"(?P<s>spring|summer|autumn)(?:{SPACE}(?:of{SPACE})?{YEAR})?(?!\w|-)",
            _season,
        ),
        _rule(
            rf"(?<!\w)(?:a{SPACE})(?P<u>fortnight){SPACE}ago(?!\w)",
            lambda match: point(match, "ago", amount=14, unit="day"),
        ),
        _rule(
            rf"(?<![\w.,])(?:{count}[ -]|an?{SPACE}|(?P<few>a{SPACE}few|several)"
            rf"{SPACE})"
            rf"(?P<u>years?|months?|weeks?|days?){SPACE}(?P<w>earlier|later|afterwards|"
            r"(?:before|after)(?!\w| the| that| an?))(?!\w)",
            _step("en"),
        ),
        _rule(
            rf"(?<!\w)the{SPACE}(?P<u>year|month|week|day|night|evening){SPACE}"
            rf"(?P<w>before|after)(?!{SPACE}(?:the|an?|he|she|it|they|last)(?!\w))(?!\w)",
            _step("en"),
        ),
        _rule(
            rf"(?<!\w)the{SPACE}(?P<w>previous|preceding|following){SPACE}"
            r"(?P<u>year|month|week|day|night)(?!\w)",
            _step("en"),
        ),
        _rule(
            rf"(?<!\w)(?:that|the{SPACE}same){SPACE}(?P<u>year|month|week|day|night|"
            rf"evening)(?!\w)(?!{SPACE}(?:last|the{SPACE}previous|a{SPACE}year|of))",
            lambda match: point(match, "that", unit=unit_of(match)),
        ),
        _rule(
            rf"(?<!\w)the{SPACE}same{SPACE}(?:(?:{count}{SPACE})?(?:days|weeks|months)|"
            rf"period|stretch)(?!\w)(?!{SPACE}(?:last|the{SPACE}previous|a{SPACE}year|of|in|"
            rf"during|{YEAR}))",
            lambda match: point(match, "that", unit="day"),
        ),
        _rule(
            rf"(?<!\w)(?:in|during|for|of|over){SPACE}(?P<time>the{SPACE}"
            rf"(?P<o>first|second|third|fourth){SPACE}(?P<u>quarter|half))(?!\w)"
            rf"(?!{SPACE}(?:of|in|this|last)(?!\w))",
            _half_or_quarter,
        ),
        _rule(
            rf"(?<!\w)(?:in|during|for|of|over){SPACE}(?P<time>the{SPACE}first{SPACE}"
            rf"{count}{SPACE}(?P<u>months|quarters))(?!{SPACE}(?:of|after|since)(?!\w))",
            _first_part("en"),
        ),
        _rule(
            rf"(?<!\w)(?:in|for|of|during|by|since|over|from|end|late|early){SPACE}"
            rf"(?P<time>(?P<w>[HQ])(?P<n>[1-4]))(?!\w)(?!{SPACE}(?:of{SPACE})?\d{{4}})",
            _lettered,
        ),
    )


@cache
def french_phrases() -> tuple[Rule, ...]:
    """Give the French rules."""
    month = rf"{month_pattern('fr')}(?:{SPACE}{YEAR})?"
    day = r"(?P<d>1er|\d{1,2})(?!\d)"
    date = rf"{day}{SPACE}{month}"
    count = count_pattern("fr")
    order = "|".join(
        sorted(
            (o for o in _ORDERS if o not in ("first", "last")), key=len, reverse=True
        )
    )
    of = rf"(?:{SPACE}(?:du{SPACE}mois{SPACE})?(?:de{SPACE}|d['\u2019]))"
    weekday = r"(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?"
    return (
        _rule(
            rf"(?<!\w)(?:(?:semaine|sem\.?)(?:{SPACE}épidémiologique)?{SPACE}(?:n°(?:{SPACE})?|n[o°]\.?"
            rf"{SPACE})?|S)(?P<n>\d{{1,2}})(?![\d%.,]\d|\w|°)"
            rf"(?:(?:,|{SPACE}de|{SPACE}[-\u2013])?{SPACE}{YEAR})?",
            _week_number,
        ),
        _rule(
            rf"(?<!\w)(?:la{SPACE})?semaine{SPACE}du{SPACE}{weekday}{date}"
            rf"(?!\w|[-\u2013]|{SPACE}au(?!\w))",
            _week_of("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:les{SPACE}|la{SPACE}|le{SPACE})?(?:{count}{SPACE})?(?P<u>semaines?|mois|"
            rf"trimestre){SPACE}(?:se{SPACE}terminant|achevée?s?|clos|terminée?s?|s['\u2019]achevant)"
            rf"{SPACE}(?:le{SPACE}|au{SPACE}|en{SPACE}|à{SPACE}fin{SPACE})(?:{date}|"
            rf"{_renamed(month, '3')})",
            _ending("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:(?:la|le|de{SPACE}la|dans{SPACE}la){SPACE})?(?P<o>{order}){SPACE}"
            rf"(?P<u>semaine|quinzaine|moitié){of}{month}",
            _in_month("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:les|des){SPACE}{count}{SPACE}(?P<o>premiers|premières|derniers|"
            rf"dernières){SPACE}(?P<u>jours|semaines){of}{month}",
            _in_month("fr"),
        ),
        _rule(
            rf"(?<!\w)depuis{SPACE}(?:le{SPACE})?début{SPACE}(?:du{SPACE}(?P<u>mois|trimestre)|"
            rf"de{SPACE}la{SPACE}(?P<u_2>semaine))(?!\w)(?!{SPACE}d)",
            _to_date,
        ),
        _rule(
            rf"(?<!\w)(?:à{SPACE}la{SPACE}|la{SPACE}|au{SPACE}|en{SPACE}|le{SPACE})?(?P<part>fin|début|"
            rf"milieu){SPACE}(?:(?:du|de){SPACE}(?P<u>mois|trimestre)|(?:de{SPACE}(?:la{SPACE})?)"
            rf"(?P<u_2>semaine)|(?:d['\u2019]|de{SPACE}l['\u2019])(?P<u_3>année))(?!\w)"
            rf"(?!{SPACE}(?:de(?!\w)|d['\u2019]|\d|derni|pass|préc|proch))",
            _part_of_this,
        ),
        _rule(
            rf"(?<!\w)(?P<w>cet|l['\u2019]|le|ce|au|en|à{SPACE}l['\u2019])(?:{SPACE})?"
            rf"(?P<s>été|automne|printemps)"
            rf"(?:{SPACE}(?:(?P<v>dernier|passé)|(?:de{SPACE})?{YEAR}))?(?!\w)",
            _season,
        ),
        _rule(
            rf"(?<!\w)(?:{count}|(?P<few>quelques|plusieurs)){SPACE}(?P<u>ans?|années?|mois|"
            rf"semaines?|jours?){SPACE}(?P<w>plus{SPACE}tôt|auparavant|plus{SPACE}tard|après)"
            rf"(?!\w)(?!{SPACE}(?:l[ea]s?|l['\u2019]|un))",
            _step("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:la|le){SPACE}(?P<w>(?P<u>veille|lendemain|surlendemain))(?!\w)"
            rf"(?!{SPACE}d)",
            _step("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:l['\u2019]|la{SPACE}|le{SPACE})(?P<u>année|semaine|mois|jour){SPACE}"
            rf"(?P<w>précédente?|d['\u2019]avant|suivante?|d['\u2019]après)(?!\w)",
            _step("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:(?:cette{SPACE}|ce{SPACE})(?P<u>année|mois|semaine|jour|soir|"
            rf"matin|nuit|période)-là|(?:la{SPACE}|le{SPACE})même{SPACE}(?P<u_2>année|mois|"
            rf"semaine|jour|soir|matin|nuit|période))(?!\w)"
            rf"(?!{SPACE}(?:de|l['\u2019])(?!\w))",
            lambda match: point(match, "that", unit=unit_of(match)),
        ),
        _rule(
            rf"(?<!\w)(?:les|des){SPACE}{count}{SPACE}premiers{SPACE}(?P<u>mois|trimestres)"
            rf"(?!{SPACE}(?:de(?!\w)|d['\u2019]))",
            _first_part("fr"),
        ),
        _rule(
            rf"(?<!\w)(?:au|en|du|le|pour{SPACE}le|fin){SPACE}(?P<time>(?P<w>[ST])(?P<n>[1-4]))"
            rf"(?!\w)(?!{SPACE}\d{{4}})",
            _lettered,
        ),
    )


def _renamed(pattern: str, mark: str = "2") -> str:
    """Rename the groups of a pattern, so that it can stand twice in a rule."""
    return re.sub(r"\(\?P<(\w+)>", rf"(?P<\1_{mark}>", pattern)


def _few(match: re.Match[str], language: str) -> float:
    """Give the count of a match, three for "a few"."""
    return _FEW if said(match, "few") else count_of(match, language)


def _week_number(match: re.Match[str]) -> Point | None:
    """Read "week 41"."""
    week = number(match, "n") or 0
    if not 1 <= week <= _MOST_WEEKS:
        return None
    return point(match, "week_number", year=number(match, "y"), amount=week)


def _week_of(language: str) -> Read:
    """Read "the week of 6 October": seven days from then."""

    def read(match: re.Match[str]) -> Point | None:
        day = calendar_point(match, language)
        return None if day is None else replace(day, kind="week_of")

    return read


def _ending(language: str) -> Read:
    """Read "the three months to September": so long, up to the end of a date."""

    def read(match: re.Match[str]) -> Point | None:
        day = calendar_point(match, language)
        if day is None:
            return None
        return replace(
            day, kind="ending", amount=count_of(match, language), unit=unit_of(match)
        )

    return read


def _in_month(language: str) -> Read:
    """Read "the second week of October" and "the first ten days of October"."""

    def read(match: re.Match[str]) -> Point | None:
        day = calendar_point(match, language)
        if day is None:
            return None
        order = (said(match, "o") or "").lower()
        is_last = order in ("last", "final") or order.startswith("derni")
        unit = (said(match, "u") or "").lower()
        length = _HALF_MONTH
        if unit in ("week", "semaine", "days", "jours", "weeks", "semaines"):
            length = 1 if unit in ("days", "jours") else _DAYS_IN_WEEK
        if said(match, "n"):
            length = int(length * count_of(match, language))
            place = -1 if is_last else 1
        else:
            place = -1 if is_last else _ORDERS[order]
        return replace(day, kind="in_month", amount=place, day=length)

    return read


def _to_date(match: re.Match[str]) -> Point | None:
    """Read "since the beginning of the month"."""
    return point(match, "to_date", unit=unit_of(match))


def _part_of_this(match: re.Match[str]) -> Point | None:
    """Read "the end of the month" and "early in the year"."""
    part = part_of(said(match, "part") or "end")
    unit = unit_of(match)
    # a week is too short to be parted
    return point(match, "this", unit=unit, part=None if unit == "week" else part)


def _season(match: re.Match[str]) -> Point | None:
    """Read "last summer" and "l'été 2024"."""
    words = {(said(match, w) or "").lower() for w in ("w", "v")}
    year = number(match, "y")
    is_last = bool(words & {"last", "dernier", "passé"})
    month = _SEASONS[(said(match, "s") or "").lower()]
    return point(match, "season", year=year, month=month, amount=-1 if is_last else 0)


_BACK: Final = ("earlier", "before", "previous", "preceding", "plus tôt", "auparavant")
_SAME_DAYS: Final = ("earlier", "later", "plus tôt", "plus tard", "auparavant")
_BACK_FRENCH: Final = ("veille", "précédent", "précédente", "d'avant", "d\u2019avant")


def _step(language: str) -> Read:
    """Read "two days earlier", "the following week", "la veille"."""

    def read(match: re.Match[str]) -> Point | None:
        word = " ".join((said(match, "w") or "").lower().split())
        sign = -1 if word in (*_BACK, *_BACK_FRENCH) else 1
        amount = 2.0 if word == "surlendemain" else _few(match, language)
        unit = unit_of(match)
        # "the previous year" is a whole year, "a year earlier" the same days of it
        part = None if word in _SAME_DAYS else "whole"
        return point(match, "step", amount=sign * amount, unit=unit, part=part)

    return read


def _half_or_quarter(match: re.Match[str]) -> Point | None:
    """Read "in the third quarter" of no year named."""
    order = _ORDERS[(said(match, "o") or "").lower()]
    unit = (said(match, "u") or "").lower()
    if unit == "half" and order > 2:
        return None
    return point(match, "numbered", shift=0, amount=order, unit=unit)


def _first_part(language: str) -> Read:
    """Read "in the first nine months" of no year named."""

    def read(match: re.Match[str]) -> Point | None:
        months = count_of(match, language)
        months *= 3 if (said(match, "u") or "").lower() in _QUARTERS else 1
        if not 1 <= months <= 12:
            return None
        return point(match, "numbered", shift=0, amount=months, unit="months")

    return read


_QUARTERS: Final = ("quarters", "trimestres")


def _lettered(match: re.Match[str]) -> Point | None:
    """Read "in Q3" and "au T3" of no year named."""
    unit = "half" if (said(match, "w") or "").upper() in "HS" else "quarter"
    amount = number(match, "n") or 0
    if unit == "half" and amount > 2:
        return None
    return point(match, "numbered", shift=0, amount=amount, unit=unit)
