"""The bare number: digits or words, with its scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from supplyline.evidence.reading.names import is_named_number
from supplyline.evidence.reading.number_words import (
    is_class,
    value_of,
)
from supplyline.evidence.reading.spelled_numbers import read_numeral
from supplyline.evidence.reading.words import word_list

if TYPE_CHECKING:
    from supplyline.evidence.reading.line import Line

_ORDINAL_ENDS: Final = {
    "en": frozenset({"st", "nd", "rd", "th"}),
    "fr": frozenset({"er", "ère", "ere", "e", "è", "ème", "eme", "ième", "nd", "nde"}),
}


class Core(NamedTuple):
    """A bare number.

    Attributes
    ----------
    start, end : int
        Tokens of the sentence.
    value, low : float or None
        Its value, or the least it can be.
    form : str
        "cardinal", "vague", "collective", "ordinal", "share" (fractions, in percent),
        "multiple", "unknown"; empty for a name that holds digits.
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


def read_core(line: Line, index: int) -> Core | None:
    """Read the number that begins at a token."""
    form = line.form(index)
    if form == "d":
        return _from_digits(line, index)
    if form == "w":
        numeral = read_numeral(line, index)
        return None if numeral is None else Core(*numeral)
    return None


def _from_digits(line: Line, index: int) -> Core:
    """Read a number that begins with digits."""
    if is_named_number(line, index):
        return Core(index, index + 1, None, None, "")
    value = line.values[index]
    if value is None:
        return Core(index, index + 1, None, None, "unknown")
    for read in (_fraction, _ordinal, _one_in, _times_as):
        core = read(line, index, value)
        if core is not None:
            return core
    end = index + 1
    part = value_of(line.tokens, end, "part", "")
    if part and line.form(end) == "w" and value == int(value):
        value, end = value + part, end + 1
    scale, end = _scale(line, end)
    if scale > 1:
        value = float(f"{value * scale:.15g}")
    return Core(index, end, value, None, "cardinal", None, scale)


def _fraction(line: Line, index: int, value: float) -> Core | None:
    """Read a fraction such as 2/3."""
    if line.word(index + 1) != "/" or line.form(index + 2) != "d":
        return None
    below = line.values[index + 2]
    if not below or not line.touches(index + 1) or not line.touches(index + 2):
        return None
    if line.word(index + 3) == "/" and line.form(index + 4) == "d":
        return Core(index, index + 5, None, None, "unknown")
    if value > below or below > 10:
        return Core(index, index + 3, None, None, "unknown")
    return Core(index, index + 3, _percent(value, below), None, "share", "percent")


def _percent(above: float, below: float) -> float:
    """Give a fraction in percent, to one digit after the point."""
    return round(100 * above / below, 1)


def _ordinal(line: Line, index: int, value: float) -> Core | None:
    """Read an ordinal such as 7th."""
    ends = _ORDINAL_ENDS.get(line.language, frozenset())
    if not line.touches(index + 1) or line.word(index + 1) not in ends:
        return None
    return Core(index, index + 2, value, None, "ordinal", "rank")


def _one_in(line: Line, index: int, value: float) -> Core | None:
    """Read "3 out of 4" and "1 in 5"."""
    place = index + 1
    if line.word(place) == "out" and line.word(place + 1) == "of":
        place += 2
    elif line.word(place) in ("in", "sur") and value <= 10:
        place += 1
    else:
        return None
    if line.form(place) != "d":
        return None
    below = line.values[place]
    if not below or value >= below or below > 1000:
        return None
    if line.word(index + 1) == "in" and (value != 1 or below > 100):
        return None
    return Core(index, place + 1, _percent(value, below), None, "share", "percent")


def _times_as(line: Line, index: int, value: float) -> Core | None:
    """Read "10 times more", "5x" and "trois fois plus"."""
    word = line.word(index + 1)
    if word == "x" and line.touches(index + 1):
        return Core(index, index + 2, value, None, "multiple", "ratio")
    if word == "fold" or (word == "-" and line.word(index + 2) == "fold"):
        end = index + 2 + (word == "-")
        return Core(index, end, value, None, "multiple", "ratio")
    if word not in ("times", "fois"):
        return None
    following = line.word(index + 2)
    if following in word_list("fewer", line.language) and value > 1:
        value = float(f"{1 / value:.12g}")
        return Core(index, index + 3, value, None, "multiple", "ratio")
    if following in word_list("comparing", line.language):
        return Core(index, index + 2, value, None, "multiple", "ratio")
    return None


def _scale(line: Line, index: int) -> tuple[float, int]:
    """Read the scale after digits: a word, or letters that touch them."""
    word = line.word(index)
    written = line.written(index)
    tokens, language = line.tokens, line.language
    if line.form(index) == "w":
        scale = value_of(tokens, index, "scale", language)
        if language == "fr" and not scale:
            scale = value_of(tokens, index, "thousand", language)
        if language == "en" and word == "hundred":
            scale = 100.0
        if language == "en" and is_class(tokens, index, "dozen", language):
            scale = value_of(tokens, index, "dozen", language)
        is_short = len(word) <= 2
        is_near = line.touches(index) or written[0].isupper()
        if scale and (not is_short or is_near) and _is_scale(line, index, word):
            return scale, index + 1 + (
                line.word(index + 1) == "." and word[0] == "m" and is_short
            )
    if word == "-" and len(line.word(index + 1)) > 3 and line.touches(index):
        scale = value_of(tokens, index + 1, "scale", language)
        if scale:
            return scale, index + 2
    return 1.0, index


def _is_scale(line: Line, index: int, word: str) -> bool:
    """Whether a short scale is not the beginning of a name such as 50 M. Keita."""
    return not (word == "m" and not line.touches(index) and line.word(index + 1) == ".")
