"""Bare years: whether four digits are a year or a count."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.points import Point
from supplyline.evidence.reading.time_patterns import YEAR
from supplyline.evidence.reading.words import table, word_list

if TYPE_CHECKING:
    from supplyline.evidence.reading.sentences import Span

_YEAR: Final = re.compile(rf"(?<![\w$€£.,'\u2019/+-]){YEAR}(?![\w%°]|-\w|/)")
_MID_YEAR: Final = re.compile(rf"(?<=-){YEAR}(?![\w%°]|-\w|/)")
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)['\u2019]?[ \u00a0\u202f(\"“«]{0,3}$")
_NEXT_WORD: Final = re.compile(r"[ \u00a0\u202f]{0,2}([^\W\d_]+|[$€£%])")


@cache
def _units(language: str) -> frozenset[str]:
    """Give the first words of units, currencies and scales."""
    words = {"hundred", "thousand", "percent", "per", "pour"}
    for name in ("units", "currencies"):
        words.update(
            row["written"].lower().split()[0]
            for row in table(name)
            if row["language"] in ("", language)
        )
    words.update(
        row["written"]
        for row in table("number_words")
        if row["class"] in ("scale", "thousand", "hundred")
    )
    return frozenset(words - {"cubic", "square", "head", "a", "t", "l"})


def bare_years(text: str, span: Span, language: str) -> list[Point]:
    """Find the years of a sentence that stand alone."""
    points = [
        Point(match.start(), match.end(), "calendar", year=int(match.group("y")))
        for match in _YEAR.finditer(text, span.start, span.end)
        if _is_year(text, span, match, language)
    ]
    points.extend(
        Point(match.start(), match.end(), "calendar", year=int(match.group("y")))
        for match in _MID_YEAR.finditer(text, span.start, span.end)
        if text[max(span.start, match.start() - 5) : match.start()]
        .lower()
        .endswith(
            ("mid-", "pre-", "post-", "mi-", "late-", "early-", "après-", "avant-")
        )
    )
    return points


def _is_year(text: str, span: Span, match: re.Match[str], language: str) -> bool:
    """Whether the words around four digits make them a year."""
    lead = _LAST_WORD.search(text, max(span.start, match.start() - 24), match.start())
    before = lead.group(1) if lead is not None else ""
    follow = _NEXT_WORD.match(text, match.end(), min(span.end, match.end() + 24))
    after = follow.group(1) if follow is not None else ""
    if before.lower() in word_list("before_count", "") or after.lower() in _units(
        language
    ):
        return False
    if _is_code(text, span, match, before):
        return False
    if language not in ("en", "fr"):
        return before != "" and not before.isupper()
    if not _is_counted(after, language):
        return True
    year = int(match.group("y"))
    return before.lower() in word_list("before_year", "") and (
        year % 100 != 0 or before.lower() == "the"
    )


def _is_code(text: str, span: Span, match: re.Match[str], before: str) -> bool:
    """Whether a currency or the name of a numbered thing stands just before."""
    near = text[max(span.start, match.start() - 4) : match.start()].rstrip()
    if near.endswith(("$", "€", "£", "#", "°")):
        return True
    codes = {row["code"] for row in table("currencies")} | {"FCFA", "CFA", "F"}
    if before in codes:
        return True
    numbered = {row["written"] for row in table("numbered")}
    return before[:1].isupper() and before.lower() in numbered - {
        "agenda", "vision", "top", "operation", "opération",
    }  # fmt: skip


def _is_counted(word: str, language: str) -> bool:
    """Whether a word looks like a plural noun that the digits count."""
    if not word.islower() or word in word_list("not_counted", "") or len(word) < 4:
        return word in ("men", "gens")
    plurals = {
        row["written"] for row in table("plurals") if row["language"] == language
    }
    if word in plurals:
        return True
    if language == "fr":
        return word[-1] in "sx" and word not in ("sous", "plus", "dans")
    return word[-1] == "s" and word[-2:] not in ("ss", "us", "is", "as")
