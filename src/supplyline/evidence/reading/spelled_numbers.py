"""Numbers in words: cardinals, dozens, multiples, ranks and articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.fraction_words import (
    read_every,
    read_fraction,
    read_half,
    read_part,
)
from supplyline.evidence.reading.number_words import (
    Numeral,
    read_cardinal,
    value_of,
)
from supplyline.evidence.reading.units import TIME_UNITS
from supplyline.evidence.reading.words import phrases, word_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplyline.evidence.reading.line import Line


_ONE: Final = {"en": frozenset({"one"}), "fr": frozenset({"un", "une"})}
_ARTICLES: Final = {"en": frozenset({"a", "an"}), "fr": frozenset({"un", "une"})}


def read_numeral(line: Line, index: int) -> Numeral | None:
    """Read the number in words that begins at a token."""
    if line.language not in _ONE or _is_inside_word(line, index):
        return None
    readers: tuple[Callable[[Line, int], Numeral | None], ...] = (
        read_part,
        read_half,
        _dozens,
        read_fraction,
        _multiple,
        _whole,
        _lasting,
        _cardinal,
        _ordinal,
        _both,
        _bare,
    )
    for read in readers:
        numeral = read(line, index)
        if numeral is not None and _is_free(line, numeral):
            return numeral
    return None


def _is_free(line: Line, numeral: Numeral) -> bool:
    """Whether no time takes its tokens."""
    return not any(place in line.taken for place in range(numeral.start, numeral.end))


def _is_inside_word(line: Line, index: int) -> bool:
    """Whether digits or an apostrophe touch the word, as in 10th or l'un."""
    return line.touches(index) and line.form(index - 1) == "d"


def _dozens(line: Line, index: int) -> Numeral | None:
    """Read "a dozen", "several dozen", "dozens", "une vingtaine", "des milliers"."""
    start, lead = _lead(line, index)
    place = start
    tokens, language = line.tokens, line.language
    vague = value_of(tokens, place, "vague", language)
    dozen = value_of(tokens, place, "dozen", language)
    hundreds = lead == "several" and _hundreds(line, place)
    if lead == "several" and (dozen or hundreds):
        vague = dozen or float(hundreds)
    if vague and lead != "one":
        value, after = _of_scale(line, vague, place + 1)
        return Numeral(index, after, None, 2 * value, "vague")
    if not dozen or not lead:
        return None
    if lead == "count":
        cardinal = read_cardinal(tokens, index, language)
        count = cardinal[0] if cardinal is not None else 1.0
        return Numeral(index, place + 1, count * dozen, None, "cardinal", None, dozen)
    value, after = _of_scale(line, dozen, place + 1)
    form = "cardinal" if language == "en" else "collective"
    return Numeral(index, after, value, None, form)


def _lead(line: Line, index: int) -> tuple[int, str]:
    """Read what stands before a dozen: an article, a count, several, or nothing."""
    word = line.word(index)
    if word in _ARTICLES[line.language]:
        if line.word(index + 1) in ("few", "couple"):
            of = line.word(index + 2) == "of"
            return index + 2 + of, "several"
        return index + 1, "one"
    if word in ("several", "many", "few", "plusieurs", "quelques", "des"):
        return index + 1, "several"
    cardinal = read_cardinal(line.tokens, index, line.language)
    if cardinal is not None:
        return cardinal[1], "count"
    return index, ""


def _hundreds(line: Line, index: int) -> float:
    """Give hundred, thousand, million after "several"; 0 where none stands there."""
    tokens, language = line.tokens, line.language
    scale = 0.0
    for kind in ("hundred", "thousand", "scale"):
        scale = scale or value_of(tokens, index, kind, language)
    return scale if len(line.word(index)) > 3 else 0.0


def _of_scale(line: Line, value: float, index: int) -> tuple[float, int]:
    """Read "of thousands" after "tens", "de milliers" after "dizaines"."""
    tokens, language = line.tokens, line.language
    if line.word(index) == "thousand" or line.word(index) == "million":
        return value * value_of(tokens, index, "scale", language), index + 1
    if line.word(index) not in ("of", "de"):
        return value, index
    more = value_of(tokens, index + 1, "vague", language) or value_of(
        tokens, index + 1, "scale", language
    )
    if more >= 1000 and len(line.word(index + 1)) > 3:
        return value * more, index + 2
    return value, index


def _multiple(line: Line, index: int) -> Numeral | None:
    """Read "double", "tripled", "twice", "ten times", "trois fois plus"."""
    often = _how_often(line, index)
    if often is not None:
        return often
    value = value_of(line.tokens, index, "multiple", line.language)
    if value:
        is_as = line.word(index + 1) == "as" and line.word(index + 2) in _MUCH
        after = index + 1 + 2 * is_as
        return Numeral(index, after, value, None, "multiple", "ratio")
    cardinal = read_cardinal(line.tokens, index, line.language)
    return None if cardinal is None else _times(line, index, *cardinal)


_MUCH: Final = ("many", "much")


def _times(line: Line, index: int, value: float, place: int) -> Numeral | None:
    """Read "fold" or "times" after a number."""
    after = _after_half(line, place)
    value += 0.5 * (after != place)
    after += line.word(after) == "-"
    if line.word(after) == "fold":
        return Numeral(index, after + 1, value, None, "multiple", "ratio")
    if line.word(after) not in ("times", "fois"):
        return None
    end = _after_half(line, after + 1)
    value += 0.5 * (end != after + 1)
    if not _is_compared(line, end):
        return None
    if value > 1 and line.word(end) in word_list("fewer", line.language):
        value, end = float(f"{1 / value:.12g}"), end + 1
    return Numeral(index, end, value, None, "multiple", "ratio")


_OFTEN: Final = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
_PAUSES: Final = frozenset({",", ".", ";", ")"})


def _how_often(line: Line, index: int) -> Numeral | None:
    """Read "once a week" and "asked twice", but not "twice the price"."""
    word, after = line.word(index), line.word(index + 1)
    if word not in _OFTEN or line.language != "en":
        return None
    is_rate = phrases("rates", "en").at(line.tokens, index + 1) is not None
    if is_rate or (word != "once" and after in _PAUSES):
        return Numeral(index, index + 1, _OFTEN[word], None, "cardinal")
    return None


def _is_compared(line: Line, index: int) -> bool:
    """Whether "times" multiplies: more, as many, the, higher follow."""
    return line.word(index) in word_list("comparing", line.language)


def _whole(line: Line, index: int) -> Numeral | None:
    """Read "a whole truck", "a single", "un seul", "un camion entier"."""
    if line.word(index) not in _ARTICLES[line.language]:
        return None
    if line.word(index + 1) in word_list("whole", line.language):
        return Numeral(index, index + 2, 1.0, None, "cardinal")
    if line.language == "fr" and line.word(index + 2) in ("entier", "entière"):
        return Numeral(index, index + 1, 1.0, None, "cardinal")
    return None


def _lasting(line: Line, index: int) -> Numeral | None:
    """Read the article of "took a year", "for a month", "pendant un an"."""
    language = line.language
    if line.word(index) not in _ARTICLES[language]:
        return None
    entry = phrases("units", language).at(line.tokens, index + 1)
    if entry is not None and _after_half(line, entry[1]) != entry[1]:
        return Numeral(index, index + 1, 1.0, None, "cardinal")  # un litre et demi
    before = line.word(index - 1)
    if before == "'":
        before = line.word(index - 2)
    if entry is None or entry[0]["unit"] not in TIME_UNITS:
        return None
    if before not in word_list("lasting", language):
        return None
    return Numeral(index, index + 1, 1.0, None, "cardinal")


def _cardinal(line: Line, index: int) -> Numeral | None:
    """Read a cardinal; "one" and "un" only where they count."""
    language = line.language
    cardinal = read_cardinal(line.tokens, index, language)
    if cardinal is None:
        return None
    value, end = cardinal
    if line.word(index) == "neuf" and _is_new(line, index):
        return None
    is_one = end == index + 1 and line.word(index) in _ONE[language]
    after_half = _after_half(line, end)
    if is_one and after_half == end and not _is_one(line, index):
        return None
    if after_half != end:
        value, end = value + 0.5, after_half
    scale = value_of(line.tokens, end, "scale", language)
    if value != int(value) and scale and len(line.word(end)) > 3:
        return Numeral(index, end + 1, value * scale, None, "cardinal", None, scale)
    return Numeral(index, end, value, None, "cardinal", None, _last_scale(line, end))


def _is_new(line: Line, index: int) -> bool:
    """Whether "neuf" means new: a noun before it and none after."""
    ends = word_list("noun_ends", "fr")
    is_after_noun = line.form(index - 1) == "w" and line.word(index - 1) not in ends
    return is_after_noun and (
        line.form(index + 1) != "w" or line.word(index + 1) in ends
    )


def _after_half(line: Line, index: int) -> int:
    """Step over "and a half" and "et demi"."""
    if line.word(index) == "et" and line.word(index + 1) in ("demi", "demie"):
        return index + 2
    if line.word(index) == "and":
        half = index + 1 + (line.word(index + 1) == "a")
        if line.word(half) == "half":
            return half + 1
    return index


def _last_scale(line: Line, end: int) -> float:
    """Give the scale word that a cardinal ends with."""
    tokens, language = line.tokens, line.language
    for kind in ("scale", "thousand", "hundred"):
        scale = value_of(tokens, end - 1, kind, language)
        if scale:
            return scale
    return 1.0


def _is_one(line: Line, index: int) -> bool:
    """Whether "one" counts, and does not stand for somebody or something."""
    if line.language == "fr":
        return False
    before, after = line.word(index - 1), line.word(index + 1)
    if before == "-" or before in word_list("not_one_before", line.language):
        return False
    if after in word_list("not_one_after", line.language):
        return False
    return line.form(index + 1) in ("w", "d") or after == "-"


def _ordinal(line: Line, index: int) -> Numeral | None:
    """Read a rank: "second-largest", "third", "deuxième", not "Second World War"."""
    tokens, language = line.tokens, line.language
    value = value_of(tokens, index, "ordinal", language)
    if not value:
        return None
    if line.word(index - 1) == "every" and language == "en":
        return read_every(line, index, value)
    is_name = line.written(index)[:1].isupper() and index > 0
    if is_name or line.written(index + 1)[:1].isupper():
        return None
    return Numeral(index, index + 1, value, None, "ordinal", "rank")


def _bare(line: Line, index: int) -> Numeral | None:
    """Read a scale that stands alone, as in "the million people"."""
    tokens, language = line.tokens, line.language
    for kind in ("hundred", "scale", "dozen"):
        value = value_of(tokens, index, kind, language)
        if value and len(line.word(index)) > 3 and line.word(index) != "score":
            return Numeral(index, index + 1, value, None, "cardinal", None, value)
    return None


def _both(line: Line, index: int) -> Numeral | None:
    """Read "both" before a noun; "both … and" names two things and counts none."""
    value = value_of(line.tokens, index, "both", line.language)
    if not value or line.word(index + 1) in ("in", "of"):
        return None
    reach = range(index + 1, min(index + 8, len(line.tokens)))
    if any(line.word(place) == "and" for place in reach):
        return None
    return Numeral(index, index + 1, value, None, "cardinal")
