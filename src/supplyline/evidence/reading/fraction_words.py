"""Fractions in words: half, two thirds, one in five, a quarter of an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.number_words import (
    Numeral,
    read_cardinal,
    value_of,
)
from supplyline.evidence.reading.units import TIME_UNITS
from supplyline.evidence.reading.words import phrases, word_list

if TYPE_CHECKING:
    from supplyline.evidence.reading.line import Line

_ARTICLES: Final = {"en": frozenset({"a", "an"}), "fr": frozenset({"un", "une"})}


_ONE: Final = {"en": frozenset({"one"}), "fr": frozenset({"un", "une"})}


def read_part(line: Line, index: int) -> Numeral | None:
    """Read a sign such as two thirds in one character."""
    value = value_of(line.tokens, index, "part", line.language)
    if not value:
        return None
    return Numeral(index, index + 1, None, None, "share", "percent")._replace(
        value=round(100 * value, 1)
    )


def read_half(line: Line, index: int) -> Numeral | None:
    """Read "half" as a share, "half a million" and "half as many"."""
    if line.language != "en":
        return _moitie(line, index)
    after = index + 1 + (line.word(index) in ("a", "one"))
    is_half = line.word(after - 1) == "half" and line.word(index - 1) not in _NOT_HALF
    if not is_half or line.word(after) == "-":
        return None
    return _half_of(line, index, after)


def _half_of(line: Line, start: int, after: int) -> Numeral:
    """Tell what "half" is half of."""
    if line.word(after) == "as" and line.word(after + 1) in ("many", "much"):
        return Numeral(start, after + 2, 0.5, None, "multiple", "ratio")
    at = after + (line.word(after) in ("a", "an"))
    scale = value_of(line.tokens, at, "scale", "en") or value_of(
        line.tokens, at, "dozen", "en"
    )
    if scale and len(line.word(at)) > 3:
        return Numeral(start, at + 1, scale / 2, None, "cardinal", None, scale)
    if at > after and phrases("units", "en").at(line.tokens, at) is not None:
        return Numeral(start, at, 0.5, None, "cardinal")
    return Numeral(start, after, 50.0, None, "share", "percent")


_NOT_HALF: Final = frozenset({"first", "second", "latter", "other", "and"})


def _moitie(line: Line, index: int) -> Numeral | None:
    """Read "la moitié"."""
    if line.word(index) in _ARTICLES["fr"] and line.word(index + 1) in (
        "demi",
        "demie",
    ):
        at = index + 2 + (line.word(index + 2) == "-")
        if phrases("units", "fr").at(line.tokens, at) is not None:
            return Numeral(index, at, 0.5, None, "cardinal")
    if line.word(index) != "moitié":
        return None
    return Numeral(index, index + 1, 50.0, None, "share", "percent")


def read_fraction(line: Line, index: int) -> Numeral | None:
    """Read "two thirds", "a quarter", "un tiers", and "one in five"."""
    tokens, language = line.tokens, line.language
    if line.word(index) in _ARTICLES[language] or line.word(index) in _ONE[language]:
        above, after = 1.0, index + 1
    else:
        cardinal = read_cardinal(tokens, index, language)
        if cardinal is None:
            if language == "fr" and line.word(index) in ("tiers", "quart"):
                above, after = 1.0, index
            else:
                return None
        else:
            above, after = cardinal
    out = _out_of(line, index, above, after)
    if out is not None:
        return out
    at = after + (line.word(after) == "-")
    below = value_of(tokens, at, "fraction", language)
    if not below or above >= below or not _is_fraction(line, index, at):
        return None
    if (end := _of_unit(line, at + 1)) is not None:
        return Numeral(index, end, above / below, None, "cardinal")
    return Numeral(
        index, at + 1, round(100 * above / below, 1), None, "share", "percent"
    )


def _of_unit(line: Line, index: int) -> int | None:
    """Find the unit of "a quarter of an hour" and "trois quarts d'heure"."""
    lead = (line.word(index), line.word(index + 1))
    if lead not in (("d", "'"), ("of", "a"), ("of", "an")):
        return None
    place = index + 2
    entry = phrases("units", line.language).at(line.tokens, place)
    is_measure = entry is not None and entry[0]["unit"] not in ("years", "percent")
    return place if is_measure else None


def _is_fraction(line: Line, index: int, at: int) -> bool:
    """Whether "a third" is a fraction and not a rank, "a quarter" not three months."""
    word = line.word(at)
    if word in ("tiers", "quart", "quarts", "quarters", "thirds", "half"):
        return not (
            word == "quart"
            and line.word(at + 1) == "de"
            and line.word(at + 2) == "finale"
        )
    if word.endswith("s") and word != "tiers":
        return True
    following = line.word(at + 1)
    if line.word(index) == "one" or word == "quarter":
        return following not in ("final", "ago", "earlier") and line.form(at + 1) != "d"
    if line.form(at + 1) != "w":
        return line.form(at + 1) != "d"
    if following in ("compared", "from", "than") or (
        line.language == "fr" and following in word_list("noun_ends", "fr")
    ):
        return True
    return following in ("of", "de", "des", "du", "d", "by", "and", "more") or (
        following in word_list("fewer", line.language)
    )


def _out_of(line: Line, index: int, above: float, after: int) -> Numeral | None:
    """Read "three out of four", "one in five", "un sur cinq"."""
    place = _whole_at(line, index, above, after)
    if place is None:
        return None
    has_noun = line.word(after) not in ("in", "out", "sur")
    below: float | None
    if line.form(place) == "d":
        below, end = line.values[place], place + 1
    else:
        cardinal = read_cardinal(line.tokens, place, line.language)
        if cardinal is None:
            return None
        below, end = cardinal
    if not below or above >= below or below > 1000:
        return None
    if above != 1 and below not in _WHOLES:
        return None  # seven mills of eighteen
    if has_noun and _counts(line, end):
        return None
    return Numeral(index, end, round(100 * above / below, 1), None, "share", "percent")


_WHOLES: Final = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 100, 1000})
"""Numbers out of which so many are told as a share."""


def _whole_at(line: Line, index: int, above: float, after: int) -> int | None:
    """Find the number out of which another one is told."""
    if line.word(after) == "out" and line.word(after + 1) == "of":
        return after + 2
    among = _among(line, index, after) if above == 1 else None
    if among is None and line.word(after) == "sur" and line.language == "fr":
        return after + 1
    return among


def _among(line: Line, index: int, after: int) -> int | None:
    """Find the number behind "one household in", "one in every", "un habitant sur"."""
    is_english = line.language == "en"
    if is_english and line.word(index) != "one":
        return None
    inner = ("in", "out") if is_english else ("sur",)
    stops = word_list("noun_ends", line.language)
    for place in range(after, min(after + 4, len(line.tokens))):
        word = line.word(place)
        if word in inner:
            below = place + 1 + (line.word(place + 1) == "of")
            return below + (line.word(below) == "every")
        if line.form(place) != "w" or word in stops:
            return None
    return None


def _counts(line: Line, index: int) -> bool:
    """Whether a plural noun follows, as in: one accord on three points."""
    word = line.word(index)
    if line.form(index) != "w" or word in word_list("noun_ends", line.language):
        return False
    return len(word) > 3 and word[-1] in "sx"


def read_every(line: Line, index: int, value: float) -> Numeral | None:
    """Read "every second house" as half of them; "every second day" tells how often."""
    entry = phrases("units", "en").at(line.tokens, index + 1)
    if entry is not None and entry[0]["unit"] in TIME_UNITS:
        return None
    share = round(100 / value, 1)
    return Numeral(index - 1, index + 1, share, None, "share", "percent")
