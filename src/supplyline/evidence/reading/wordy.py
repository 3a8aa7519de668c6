"""Numbers in words: cardinals, dozens, fractions, multiples, ranks, articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from supplyline.evidence.reading.number_words import read_cardinal, value_of
from supplyline.evidence.reading.units import TIME_UNITS
from supplyline.evidence.reading.words import phrases, word_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplyline.evidence.reading.line import Line


class Wordy(NamedTuple):
    """A number in words; fields as those of a core.

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


_ONE: Final = {"en": frozenset({"one"}), "fr": frozenset({"un", "une"})}
_ARTICLES: Final = {"en": frozenset({"a", "an"}), "fr": frozenset({"un", "une"})}


def read_wordy(line: Line, index: int) -> Wordy | None:
    """Read the number in words that begins at a token.

    Parameters
    ----------
    line : Line
        Words of the sentence.
    index : int
        Token.

    Returns
    -------
    Wordy or None
        The number; None where none begins.
    """
    if line.language not in _ONE or _is_inside_word(line, index):
        return None
    readers: tuple[Callable[[Line, int], Wordy | None], ...] = (
        _part,
        _half,
        _dozens,
        _fraction,
        _multiple,
        _whole,
        _lasting,
        _cardinal,
        _ordinal,
        _both,
        _bare,
    )
    for read in readers:
        found = read(line, index)
        if found is not None and _is_free(line, found):
            return found
    return None


def _is_free(line: Line, found: Wordy) -> bool:
    """Whether no time takes its tokens."""
    return not any(place in line.taken for place in range(found.start, found.end))


def _is_inside_word(line: Line, index: int) -> bool:
    """Whether digits or an apostrophe touch the word, as in 10th or l'un."""
    return line.touches(index) and line.form(index - 1) == "d"


def _part(line: Line, index: int) -> Wordy | None:
    """Read a sign such as two thirds in one character."""
    value = value_of(line.tokens, index, "part", line.language)
    if not value:
        return None
    return Wordy(index, index + 1, None, None, "share", "percent")._replace(
        value=round(100 * value, 1)
    )


def _half(line: Line, index: int) -> Wordy | None:
    """Read "half" as a share, "half a million" and "half as many"."""
    if line.language != "en":
        return _moitie(line, index)
    after = index + 1 + (line.word(index) in ("a", "one"))
    is_half = line.word(after - 1) == "half" and line.word(index - 1) not in _NOT_HALF
    if not is_half or line.word(after) == "-":
        return None
    return _half_of(line, index, after)


def _half_of(line: Line, start: int, after: int) -> Wordy:
    """Tell what "half" is half of."""
    if line.word(after) == "as" and line.word(after + 1) in ("many", "much"):
        return Wordy(start, after + 2, 0.5, None, "multiple", "ratio")
    at = after + (line.word(after) in ("a", "an"))
    scale = value_of(line.tokens, at, "scale", "en") or value_of(
        line.tokens, at, "dozen", "en"
    )
    if scale and len(line.word(at)) > 3:
        return Wordy(start, at + 1, scale / 2, None, "cardinal", None, scale)
    if at > after and phrases("units", "en").at(line.tokens, at) is not None:
        return Wordy(start, at, 0.5, None, "cardinal")
    return Wordy(start, after, 50.0, None, "share", "percent")


_NOT_HALF: Final = frozenset({"first", "second", "latter", "other", "and"})


def _moitie(line: Line, index: int) -> Wordy | None:
    """Read "la moitié"."""
    if line.word(index) in _ARTICLES["fr"] and line.word(index + 1) in (
        "demi",
        "demie",
    ):
        at = index + 2 + (line.word(index + 2) == "-")
        if phrases("units", "fr").at(line.tokens, at) is not None:
            return Wordy(index, at, 0.5, None, "cardinal")
    if line.word(index) != "moitié":
        return None
    return Wordy(index, index + 1, 50.0, None, "share", "percent")


def _dozens(line: Line, index: int) -> Wordy | None:
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
        return Wordy(index, after, None, 2 * value, "vague")
    if not dozen or not lead:
        return None
    if lead == "count":
        cardinal = read_cardinal(tokens, index, language)
        count = cardinal[0] if cardinal is not None else 1.0
        return Wordy(index, place + 1, count * dozen, None, "cardinal", None, dozen)
    value, after = _of_scale(line, dozen, place + 1)
    form = "cardinal" if language == "en" else "collective"
    return Wordy(index, after, value, None, form)


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


def _fraction(line: Line, index: int) -> Wordy | None:
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
    return Wordy(index, at + 1, round(100 * above / below, 1), None, "share", "percent")


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
    return following in ("of", "de", "des", "du", "d", "by", "and", "more") or (
        following in word_list("fewer", line.language)
    )


def _out_of(line: Line, index: int, above: float, after: int) -> Wordy | None:
    """Read "three out of four", "one in five", "un sur cinq"."""
    if line.word(after) == "out" and line.word(after + 1) == "of":
        place = after + 2
    elif above == 1 and (among := _among(line, index, after)) is not None:
        place = among
    elif line.word(after) == "sur" and line.language == "fr":
        place = after + 1
    else:
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
    if has_noun and _counts(line, end):
        return None
    return Wordy(index, end, round(100 * above / below, 1), None, "share", "percent")


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


def _multiple(line: Line, index: int) -> Wordy | None:
    """Read "double", "tripled", "twice", "ten times", "trois fois plus"."""
    tokens, language = line.tokens, line.language
    value = value_of(tokens, index, "multiple", language)
    if value:
        after = index + 1
        if line.word(after) == "as" and line.word(after + 1) in ("many", "much"):
            after += 2
        return Wordy(index, after, value, None, "multiple", "ratio")
    cardinal = read_cardinal(tokens, index, language)
    if cardinal is None:
        return None
    value = cardinal[0]
    after = _after_half(line, cardinal[1])
    value += 0.5 * (after != cardinal[1])
    after += line.word(after) == "-"
    if line.word(after) == "fold":
        return Wordy(index, after + 1, value, None, "multiple", "ratio")
    if line.word(after) not in ("times", "fois"):
        return None
    end = _after_half(line, after + 1)
    value += 0.5 * (end != after + 1)
    if not _is_compared(line, end):
        return None
    if value > 1 and line.word(end) in word_list("fewer", line.language):
        value, end = float(f"{1 / value:.12g}"), end + 1
    return Wordy(index, end, value, None, "multiple", "ratio")


def _is_compared(line: Line, index: int) -> bool:
    """Whether "times" multiplies: more, as many, the, higher follow."""
    return line.word(index) in word_list("comparing", line.language)


def _whole(line: Line, index: int) -> Wordy | None:
    """Read "a whole truck", "a single", "un seul", "un camion entier"."""
    if line.word(index) not in _ARTICLES[line.language]:
        return None
    if line.word(index + 1) in word_list("whole", line.language):
        return Wordy(index, index + 2, 1.0, None, "cardinal")
    if line.language == "fr" and line.word(index + 2) in ("entier", "entière"):
        return Wordy(index, index + 1, 1.0, None, "cardinal")
    return None


def _lasting(line: Line, index: int) -> Wordy | None:
    """Read the article of "took a year", "for a month", "pendant un an"."""
    language = line.language
    if line.word(index) not in _ARTICLES[language]:
        return None
    found = phrases("units", language).at(line.tokens, index + 1)
    before = line.word(index - 1)
    if before == "'":
        before = line.word(index - 2)
    if found is None or found[0]["unit"] not in TIME_UNITS:
        return None
    if before not in word_list("lasting", language):
        return None
    return Wordy(index, index + 1, 1.0, None, "cardinal")


def _cardinal(line: Line, index: int) -> Wordy | None:
    """Read a cardinal; "one" and "un" only where they count."""
    language = line.language
    found = read_cardinal(line.tokens, index, language)
    if found is None:
        return None
    value, end = found
    if line.word(index) == "neuf" and _is_new(line, index):
        return None
    is_one = end == index + 1 and line.word(index) in _ONE[language]
    if is_one and not _is_one(line, index):
        return None
    after_half = _after_half(line, end)
    if after_half != end:
        value, end = value + 0.5, after_half
    scale = value_of(line.tokens, end, "scale", language)
    if value != int(value) and scale and len(line.word(end)) > 3:
        return Wordy(index, end + 1, value * scale, None, "cardinal", None, scale)
    return Wordy(index, end, value, None, "cardinal", None, _last_scale(line, end))


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


def _ordinal(line: Line, index: int) -> Wordy | None:
    """Read a rank: "second-largest", "third", "deuxième", not "Second World War"."""
    tokens, language = line.tokens, line.language
    value = value_of(tokens, index, "ordinal", language)
    if not value:
        return None
    is_name = line.written(index)[:1].isupper() and index > 0
    if is_name or line.written(index + 1)[:1].isupper():
        return None
    return Wordy(index, index + 1, value, None, "ordinal", "rank")


def _bare(line: Line, index: int) -> Wordy | None:
    """Read a scale that stands alone, as in "the million people"."""
    tokens, language = line.tokens, line.language
    for kind in ("hundred", "scale", "dozen"):
        value = value_of(tokens, index, kind, language)
        if value and len(line.word(index)) > 3 and line.word(index) != "score":
            return Wordy(index, index + 1, value, None, "cardinal", None, value)
    return None


def _both(line: Line, index: int) -> Wordy | None:
    """Read "both" before a noun; "both … and" names two things and counts none."""
    value = value_of(line.tokens, index, "both", line.language)
    if not value or line.word(index + 1) in ("in", "of"):
        return None
    reach = range(index + 1, min(index + 8, len(line.tokens)))
    if any(line.word(place) == "and" for place in reach):
        return None
    return Wordy(index, index + 1, value, None, "cardinal")
