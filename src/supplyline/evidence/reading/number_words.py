"""Numbers written in words, English and French."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from supplyline.evidence.reading.words import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.words import Token

_ARTICLES: Final = {"en": ("a", "an"), "fr": ("un", "une")}


class Numeral(NamedTuple):
    """A number in words; before it is joined to a unit.

    Attributes
    ----------
    start, end : int
        Tokens of the sentence.
    value, low : float or None
        Its value, or the least it can be.
    form : str
        "cardinal", "vague", "collective", "ordinal", "share" or "multiple".
    unit : str or None
        Unit that goes with the form.
    scale : float
        Scale word that it ends with [1].
    """

    start: int
    end: int
    value: float | None
    low: float | None
    form: str
    unit: str | None = None
    scale: float = 1.0


@cache
def word_values(language: str) -> dict[str, dict[str, float]]:
    """Give the number words of a language."""
    values: dict[str, dict[str, float]] = {}
    for row in table("number_words"):
        if row["language"] in ("", language):
            values.setdefault(row["written"], {})[row["class"]] = float(row["value"])
    return values


def value_of(tokens: Sequence[Token], index: int, kind: str, language: str) -> float:
    """Give the value of a word as one class of number word."""
    if not 0 <= index < len(tokens):
        return 0.0
    return word_values(language).get(tokens[index].word, {}).get(kind, 0.0)


def is_class(tokens: Sequence[Token], index: int, kind: str, language: str) -> bool:
    """Tell whether a word is of a class of number words."""
    if not 0 <= index < len(tokens):
        return False
    return kind in word_values(language).get(tokens[index].word, {})


def word_at(tokens: Sequence[Token], index: int) -> str:
    """Give a word of the sentence."""
    return tokens[index].word if 0 <= index < len(tokens) else ""


def read_cardinal(
    tokens: Sequence[Token], index: int, language: str
) -> tuple[float, int] | None:
    """Read a number spelled out, such as "two hundred and forty"."""
    if language not in _ARTICLES:
        return None
    if is_class(tokens, index, "unit", language) and (
        value_of(tokens, index, "unit", language) == 0
    ):
        return 0.0, index + 1
    total = 0.0
    place = index
    smallest = float("inf")
    while True:
        step = _part(tokens, place, smallest, language, is_first=place == index)
        if step is None:
            break
        value, smallest, place = step
        total += value
        if smallest <= 1:
            break
    return (total, place) if place > index else None


def _part(
    tokens: Sequence[Token],
    place: int,
    smallest: float,
    language: str,
    *,
    is_first: bool,
) -> tuple[float, float, int] | None:
    """Read the next part below a scale: its value, its scale and what follows."""
    begin = place if is_first else _joined(tokens, place, language)
    small = _below_thousand(tokens, begin, language)
    value, after = small if small is not None else (1.0, begin)
    scale_at = after + (word_at(tokens, after) == "-" and small is not None)
    scale = _scale(tokens, scale_at, language, is_bare=small is None)
    if scale and scale < smallest:
        return value * scale, scale, scale_at + 1
    if small is None or smallest <= 1:
        return None
    return value, 1.0, after


def _scale(
    tokens: Sequence[Token], index: int, language: str, *, is_bare: bool
) -> float:
    """Give the scale of a word, such as thousand; 0 where it is none."""
    if language == "fr" and is_class(tokens, index, "thousand", language):
        return 1000.0
    scale = value_of(tokens, index, "scale", language)
    if is_bare or len(word_at(tokens, index)) <= 3:
        return 0.0
    return scale


def _joined(tokens: Sequence[Token], index: int, language: str) -> int:
    """Step over a hyphen, or the "and" of a longer number."""
    word = word_at(tokens, index)
    if word == "-":
        return index + 1
    if language == "en" and word == "and":
        return index + 1
    return index


def _below_thousand(
    tokens: Sequence[Token], index: int, language: str
) -> tuple[float, int] | None:
    """Read a number below a thousand."""
    small = _below_hundred(tokens, index, language)
    if small is None and language == "en" and word_at(tokens, index) in ("a", "an"):
        after = index + 1
        if is_class(tokens, after, "hundred", language):
            small = (1.0, after)
        elif value_of(tokens, after, "scale", language) and (
            len(word_at(tokens, after)) > 3
        ):
            return 1.0, after
        else:
            return None
    count, after = small if small is not None else (1.0, index)
    hundred = after + (word_at(tokens, after) == "-" and small is not None)
    if not is_class(tokens, hundred, "hundred", language):
        return small
    if small is None and language == "en":
        return None
    rest_at = _joined(tokens, hundred + 1, language)
    rest = _below_hundred(tokens, rest_at, language)
    if rest is None or rest[0] == 0:
        return count * 100, hundred + 1
    return count * 100 + rest[0], rest[1]


def _below_hundred(
    tokens: Sequence[Token], index: int, language: str
) -> tuple[float, int] | None:
    """Read a number below a hundred."""
    if language == "fr":
        return _french_below_hundred(tokens, index)
    ten = value_of(tokens, index, "ten", language)
    if ten:
        after = index + 1 + (word_at(tokens, index + 1) == "-")
        unit = value_of(tokens, after, "unit", language)
        return (ten + unit, after + 1) if 1 <= unit <= 9 else (ten, index + 1)
    if value_of(tokens, index, "unit", language):
        return value_of(tokens, index, "unit", language), index + 1
    return None


def _french_below_hundred(
    tokens: Sequence[Token], index: int
) -> tuple[float, int] | None:
    """Read a French number below a hundred, the twenties of eighty included."""
    ten = value_of(tokens, index, "ten", "fr")
    after = index + 1
    if value_of(tokens, index, "unit", "fr") == 4:
        vingt = after + (word_at(tokens, after) == "-")
        if word_at(tokens, vingt) in ("vingt", "vingts"):
            ten, after = 80.0, vingt + 1
    if ten:
        return _french_rest(tokens, ten, after)
    unit = value_of(tokens, index, "unit", "fr")
    if unit == 10:
        more = after + (word_at(tokens, after) == "-")
        if value_of(tokens, more, "unit", "fr") in (7.0, 8.0, 9.0):
            return 10 + value_of(tokens, more, "unit", "fr"), more + 1
    return (unit, after) if unit else None


def _french_rest(tokens: Sequence[Token], ten: float, after: int) -> tuple[float, int]:
    """Add what follows a ten: "et un", "deux", or up to nineteen after 60 and 80."""
    at = after
    if word_at(tokens, at) == "-":
        at += 1
    is_joined = word_at(tokens, at) == "et"
    if is_joined:
        at += 1 + (word_at(tokens, at + 1) == "-")
    unit = value_of(tokens, at, "unit", "fr")
    most = 19 if ten in (60.0, 80.0) else 9
    if not 1 <= unit <= most or (is_joined and unit not in (1.0, 11.0)):
        return ten, after
    if unit == 10:
        teen = _french_below_hundred(tokens, at)
        if teen is not None:
            return ten + teen[0], teen[1]
    return ten + unit, at + 1
