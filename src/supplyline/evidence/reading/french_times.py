"""Patterns of times in French."""

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
    point,
    said,
    shift_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplyline.evidence.reading.points import Point

_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAY: Final = rf"(?:{'|'.join(_DAYS)})"
_DAY: Final = r"(?P<d>1er|\d{1,2})(?!\d)"
_DAY2: Final = r"(?P<d2>\d{1,2})(?![\d%])"
_UNITS: Final = r"(?P<u>ans?|années?|mois|semaines?|jours?|décennies?|siècles?)(?!\w)"
_UNIT_OF: Final = {
    "an": "year", "année": "year", "moi": "month", "semaine": "week",
    "jour": "day", "décennie": "decade", "trimestre": "quarter",
}  # fmt: skip
_THAT_YEAR: Final = (
    rf"(?P<shift>(?:de{SPACE})?(?:cette{SPACE}année|l['\u2019]année{SPACE}(?:dernière|"
    rf"passée|précédente|en{SPACE}cours)|l['\u2019]an{SPACE}(?:dernier|passé)|"
    rf"l['\u2019]année(?!{SPACE}\d)))"
)
_PART: Final = (
    rf"(?P<part>(?:(?:au|dès{SPACE}le|le){SPACE})?(?:début|milieu){SPACE}"
    rf"(?:du{SPACE}mois{SPACE})?(?:de{SPACE}|d['\u2019])?|"
    rf"(?:à{SPACE}la{SPACE}|la{SPACE})?fin{SPACE}(?:du{SPACE}mois{SPACE})?"
    rf"(?:de{SPACE}|d['\u2019])?|mi[- ]|courant{SPACE})"
)
_BEFORE_MONTH: Final = (
    "en|depuis|de|jusqu['\u2019]en|jusqu['\u2019]à|dès|entre|et|à|avant|après|"
    "courant|mois de|ce mois de|du mois de|pour|d['\u2019]ici"
)
_ORDER: Final = {
    "premier": 1, "1er": 1, "second": 2, "deuxième": 2, "2e": 2, "2ème": 2,
    "troisième": 3, "3e": 3, "3ème": 3, "quatrième": 4, "4e": 4, "4ème": 4,
    "dernier": -1,
}  # fmt: skip


def _rule(pattern: str, read: Callable[[re.Match[str]], Point | None]) -> Rule:
    """Compile a rule; capitals do not matter in French."""
    return Rule(re.compile(pattern, re.IGNORECASE), read)


@cache
def french_rules() -> tuple[Rule, ...]:
    """Give the rules of French times."""
    return (*_dates(), *_months(), *_parts_of_years(), *_relative(), *_clock())


def _calendar(match: re.Match[str]) -> Point | None:
    """Read a date."""
    return calendar_point(match, "fr")


def _coming(match: re.Match[str]) -> Point | None:
    """Read "en juin prochain": the one that lies ahead."""
    then = calendar_point(match, "fr")
    return None if then is None else replace(then, unit="next")


def _dates() -> tuple[Rule, ...]:
    """Give the rules of days."""
    month = month_pattern("fr")
    week = rf"(?:{_WEEKDAY}{SPACE})?"
    year = rf"(?:{SPACE}(?:{YEAR}|{_THAT_YEAR}|(?P<last>dernier)(?!\w)))?"
    list_of = rf"(?:,{SPACE}\d{{1,2}}){{0,5}}"
    joined = (
        rf"{list_of}(?:{DASH}|{SPACE}(?:au|et|à)(?:{SPACE}le)?{SPACE}"
        rf"(?:{_WEEKDAY}{SPACE})?)"
    )
    return (
        _rule(
            rf"(?<![\w.,/-])(?:le{SPACE})?{week}{_DAY}{SPACE}{month}{year}", _calendar
        ),
        _rule(
            rf"(?<![\w.,/-])(?:le{SPACE})?{week}{_DAY}{joined}{_DAY2}{SPACE}{month}{year}",
            _calendar,
        ),
        _rule(
            r"(?<![\w/.])(?P<d>\d{1,2})[/.](?P<mm>\d{1,2})[/.]"
            r"(?P<y>(?:19|20)\d{2})(?![\w/])",
            _numeric,
        ),
        *_bare_days(),
    )


def _bare_days() -> tuple[Rule, ...]:
    """Give the rules of days without a month: le 9, depuis le 1er du mois, lundi 15."""
    ends = (
        r"(?!,\s*(?:rue|avenue|boulevard)\b)(?=\s*(?:[,;:)\u00bb!?]|\.(?!\d)|$)|"
        rf"{SPACE}(?:au|aux|dans|avec|à|en|et|sur|pour|par|près|chez|dernier|courant|"
        rf"matin|soir|où|vers|mais|puis|il|elle|on|ils|elles|les?|la|un|une|des)(?!\w))"
    )
    month = rf"{SPACE}(?:du{SPACE}mois|de{SPACE}ce{SPACE}mois)(?!\w)"
    return (
        _rule(
            rf"(?<!\w)(?:le|du|au){SPACE}(?P<time>{_DAY}(?:{month}|{ends}))", _bare_day
        ),
        _rule(
            rf"(?<!\w)(?P<time>(?:le{SPACE})?{_WEEKDAY}{SPACE}{_DAY}(?:{month}|{ends}))",
            _bare_day,
        ),
    )


def _bare_day(match: re.Match[str]) -> Point | None:
    """Read a day without its month."""
    digits = match.group("d")
    day = 1 if digits.lower() == "1er" else int(digits)
    return point(match, "monthday", day=day) if 1 <= day <= 31 else None


def _numeric(match: re.Match[str]) -> Point | None:
    """Read 05/01/2025: day before month."""
    day, month = int(match.group("d")), int(match.group("mm"))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = int(match.group("y"))
    return point(match, "calendar", year=year, month=month, day=day)


def _months() -> tuple[Rule, ...]:
    """Give the rules of months."""
    month = month_pattern("fr")
    alone = month_pattern("fr", only_alone=True)
    year = rf"{SPACE}(?:de{SPACE})?(?:{YEAR}|{_THAT_YEAR})"
    last = rf"(?:{SPACE}(?:dernier|passé)(?!\w))?"
    part = rf"(?:{_PART})?"
    return (
        _rule(rf"(?<!\w){part}{month}{year}", _calendar),
        _rule(rf"(?<!\w){part}{alone}(?!\w){last}", _calendar),
        _rule(rf"(?<!\w){month}(?={DASH}{month.replace('?P<m>', '?:')})", _calendar),
        _rule(rf"(?<!\w){_PART}{month}(?!\w){last}", _calendar),
        _rule(rf"(?<!\w)(?:en{SPACE})?{month}{SPACE}prochain(?!\w)", _coming),
        _rule(
            rf"(?<!\w)(?:{_BEFORE_MONTH}){SPACE}(?P<time>(?!sept\.?(?!\w)){month}(?!\w){last})",
            _calendar,
        ),
    )


def _parts_of_years() -> tuple[Rule, ...]:
    """Give the rules of halves, quarters, decades and parts of years."""
    order = "|".join(sorted(map(re.escape, _ORDER), key=len, reverse=True))
    of_year = (
        rf"(?:{SPACE}(?:de{SPACE}(?:l['\u2019]année{SPACE})?|en{SPACE})?{YEAR}|"
        rf"{SPACE}{_THAT_YEAR})"
    )
    return (
        _rule(
            rf"(?<!\w)(?:(?:le|au|du){SPACE})?(?P<o>{order}){SPACE}"
            rf"(?P<u>semestre|trimestre)(?:{of_year})?(?!\w)",
            _ordered,
        ),
        _rule(
            rf"(?<!\w)(?:les|des){SPACE}{count_pattern('fr')}{SPACE}(?P<o>premiers|derniers)"
            rf"{SPACE}mois{of_year}",
            _first_months,
        ),
        _rule(
            rf"(?<!\w)(?:les{SPACE}|des{SPACE})?années{SPACE}(?P<y>(?:(?:1[5-9]|20)\d0)|"
            r"[3-9]0)(?!\d)",
            _decade,
        ),
        _rule(
            rf"(?<!\w){_PART}(?:l['\u2019]année{SPACE}|l['\u2019]an{SPACE})?(?:{YEAR}|{_THAT_YEAR})",
            _calendar,
        ),
        _rule(
            r"(?<!\w)(?P<n>\d{1,2})(?:e|ème)[ \u00a0]siècle",
            century,
        ),
    )


def _decade(match: re.Match[str]) -> Point | None:
    """Read "les années 2010" and "les années 90"."""
    year = int(match.group("y"))
    return point(match, "decade", year=year + 1900 if year < 100 else year)


def _ordered(match: re.Match[str]) -> Point | None:
    """Read "premier semestre 2025"."""
    unit = "half" if match.group("u").lower() == "semestre" else "quarter"
    amount = _ORDER[match.group("o").lower()]
    if amount < 0:
        if number(match, "y") is None:
            return point(match, "last", unit=unit)
        amount = 2 if unit == "half" else 4
    if unit == "half" and amount > 2:
        return None
    year = number(match, "y")
    shift = shift_of(said(match, "shift"))
    return point(
        match,
        "numbered",
        year=year,
        shift=0 if shift is None and year is None else shift,
        amount=amount,
        unit=unit,
    )


def _first_months(match: re.Match[str]) -> Point | None:
    """Read "les six premiers mois de l'année"."""
    months = count_of(match, "fr")
    if not 1 <= months <= 12:
        return None
    sign = 1 if match.group("o").lower() == "premiers" else -1
    return point(
        match,
        "numbered",
        year=number(match, "y"),
        shift=shift_of(said(match, "shift")),
        amount=sign * months,
        unit="months",
    )


def _unit(match: re.Match[str]) -> str:
    """Give the unit of time of a match."""
    return _UNIT_OF.get(match.group("u").lower().removesuffix("s"), "")


def _relative() -> tuple[Rule, ...]:
    """Give the rules of times counted from the day of the text."""
    count = count_pattern("fr")
    return (
        _rule(
            rf"(?<!\w)(?:il{SPACE}y{SPACE}a|voilà|voici){SPACE}(?:de{SPACE}cela{SPACE})?(?:(?:près|plus|"
            rf"moins){SPACE}(?:de{SPACE}|d['\u2019])|environ{SPACE}|presque{SPACE}|à{SPACE}peine"
            rf"{SPACE})?(?:{count}|quelques|plusieurs){SPACE}{_UNITS}",
            _ago,
        ),
        _rule(
            rf"(?<!\w)(?:ces|les|des){SPACE}(?:{count}{SPACE}|quelques{SPACE})derni(?:ers|ères)"
            rf"{SPACE}{_UNITS}",
            _past,
        ),
        _rule(
            rf"(?<!\w)(?:ces|les|des){SPACE}(?:toutes{SPACE})?derni(?:ers|ères){SPACE}{_UNITS}",
            lambda match: point(match, "recent", unit=_unit(match)),
        ),
        _rule(
            rf"(?<!\w)(?P<w>cette|l['\u2019]|la|ce|le)[ \u00a0\u202f]{{0,2}}"
            rf"(?P<u>année|an|semaine|mois|trimestre)(?:{SPACE}|-)(?P<v>dernière|dernier|passée|passé|précédente|"
            rf"précédent|prochaine|prochain|ci|en{SPACE}cours)(?!\w)",
            _this,
        ),
        _rule(
            rf"(?<!\w)(?P<w>cette|ce){SPACE}(?P<u>année|semaine|mois|trimestre)(?!\w)",
            _this,
        ),
        _rule(
            r"(?<!\w)(?P<w>aujourd['\u2019]hui|avant-hier|hier|après-demain|demain|ce{SPACE}matin|ce{SPACE}soir)"
            r"(?!\w)".replace("{SPACE}", SPACE),
            _day,
        ),
        _rule(
            rf"(?<!\w)(?:ce|le){SPACE}week-end(?:{SPACE}dernier)?(?!\w|{SPACE}d)",
            lambda match: point(match, "weekend"),
        ),
        _rule(
            rf"(?<!\w)(?:le{SPACE}|ce{SPACE})?(?P<n>{_WEEKDAY})"
            rf"(?:{SPACE}(?P<w>dernier|passé|prochain|matin|soir))?(?!\w)",
            _weekday,
        ),
        _rule(
            rf"(?<!\w)l['\u2019](?:an|année){SPACE}(?:derni(?:er|ère)|passée?),?{SPACE}à{SPACE}"
            rf"(?:la{SPACE}même|pareille|cette){SPACE}(?:époque|date|période)(?!\w)",
            _same,
        ),
        _rule(
            rf"(?<!\w)(?:(?:la|le|à{SPACE}la|au){SPACE}même{SPACE}(?:période|mois|date|semaine|"
            rf"époque)|(?:à{SPACE})?pareille{SPACE}(?:époque|date|période)){SPACE}"
            rf"(?:de{SPACE}|d['\u2019]|en{SPACE})?(?:{YEAR}|l['\u2019](?:année|an){SPACE}(?:dernière|dernier|passée|passé|"
            rf"précédente)|un{SPACE}an{SPACE}(?:plus{SPACE}tôt|auparavant))",
            _same,
        ),
    )


def _same(match: re.Match[str]) -> Point | None:
    """Read "la même période de l'an dernier", "à pareille époque l'an passé"."""
    words = match.group().lower()
    is_month = any(word in words for word in ("mois", "date", "époque"))
    unit = "month" if is_month else ""
    return point(match, "same", year=number(match, "y"), shift=-1, unit=unit)


def _ago(match: re.Match[str]) -> Point | None:
    """Read "il y a deux ans"."""
    unit = _unit(match)
    words = match.group().lower()
    amount = (
        3.0 if ("quelques" in words or "plusieurs" in words) else count_of(match, "fr")
    )
    return point(match, "ago", amount=amount, unit=unit) if unit else None


def _past(match: re.Match[str]) -> Point | None:
    """Read "ces douze derniers mois"."""
    unit = _unit(match)
    amount = 3.0 if "quelques" in match.group().lower() else count_of(match, "fr")
    return point(match, "past", amount=amount, unit=unit) if unit else None


def _this(match: re.Match[str]) -> Point | None:
    """Read "cette année", "l'an dernier", "le mois prochain"."""
    unit = _UNIT_OF.get(match.group("u").lower().removesuffix("s"), "")
    word = (said(match, "v") or "").lower()
    kind = "this"
    if word.startswith(("dern", "pass", "préc")):
        kind = "last"
    elif word.startswith("proch"):
        kind = "next"
    return point(match, kind, unit=unit)


def _day(match: re.Match[str]) -> Point | None:
    """Read "hier"."""
    days = {"hier": -1, "avant-hier": -2, "demain": 1, "après-demain": 2}
    return point(match, "day", amount=days.get(match.group("w").lower(), 0), unit="day")


def _weekday(match: re.Match[str]) -> Point | None:
    """Read "vendredi dernier"."""
    words = {"dernier": "last", "passé": "last", "prochain": "next"}
    unit = words.get((said(match, "w") or "").lower(), "")
    return point(
        match, "weekday", amount=_DAYS.index(match.group("n").lower()), unit=unit
    )


def _clock() -> tuple[Rule, ...]:
    """Give the rules of times of day."""
    return (
        _rule(
            r"(?<![\w.,])\d{1,2}[ ]?h(?:eures?)?[ ]?\d{2}(?!\d)",
            lambda match: point(match, "clock"),
        ),
        _rule(
            rf"(?<!\w)vers{SPACE}(?P<time>\d{{1,2}}[ ]?h(?:eures?)?)(?!\w)",
            lambda match: point(match, "clock"),
        ),
    )
