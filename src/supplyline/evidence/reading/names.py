"""Names that hold digits, and numbers that only number something."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from supplyline.evidence.reading.number_words import value_of
from supplyline.evidence.reading.words import phrases, table

if TYPE_CHECKING:
    from supplyline.evidence.reading.line import Line


@cache
def _numbered(language: str) -> frozenset[str]:
    """Give the words that a number after them only numbers, such as "Article"."""
    return frozenset(
        row["written"] for row in table("numbered") if row["language"] in ("", language)
    )


def is_named_number(line: Line, index: int) -> bool:
    """Tell whether digits belong to a name or only number something."""
    is_plain = line.written(index).isdecimal()  # no name holds 1,500
    return (
        (is_plain and _is_in_word(line, index))
        or (is_plain and _is_after_hyphen(line, index))
        or (is_plain and _has_letters_after(line, index))
        or _is_numbered(line, index)
        or _is_list_mark(line, index)
        or _is_capitalised_ordinal(line, index)
    )


def _is_money(line: Line, index: int) -> bool:
    """Whether the tokens just before are a currency."""
    return phrases("currencies", line.language).before(line.tokens, index) is not None


def _is_in_word(line: Line, index: int) -> bool:
    """Whether letters touch the digits from the left, and are no currency."""
    if not line.touches(index):
        return False
    before = line.tokens[index - 1]
    if before.form == "w":
        return not _is_money(line, index) and _is_short_name(line, index)
    return before.word == "_"


def _is_short_name(line: Line, index: int) -> bool:
    """Whether the letters are a name's, and no word that lost its space."""
    before = line.tokens[index - 1]
    is_word = before.word.isalpha()  # and no raised footnote mark
    return is_word and (len(before.word) <= 3 or before.written[0].isupper())


def _is_after_hyphen(line: Line, index: int) -> bool:
    """Whether a capitalised word and a hyphen touch the digits, as in Covid-19."""
    if line.word(index - 1) not in ("-", "\u2013") or not line.touches(index):
        return False
    before = line.written(index - 2)
    return (
        line.touches(index - 1)
        and line.form(index - 2) == "w"
        and before[:1].isupper()
        and (len(before) <= 5 or before.isupper())
        and not _is_money(line, index - 1)
    )


def _has_letters_after(line: Line, index: int) -> bool:
    """Whether letters that are no unit, scale or ending touch the digits."""
    after = index + 1
    if not line.touches(after) or line.form(after) != "w":
        return False
    language = line.language
    word = line.word(after)
    if not word.isalpha():  # a raised footnote mark
        return False
    if word == "x":
        return line.touches(after + 1) and line.form(after + 1) == "d"
    if word in (
        "st",
        "nd",
        "rd",
        "th",
        "er",
        "ère",
        "e",
        "ème",
        "eme",
        "è",
        "nde",
    ):
        return False
    if value_of(line.tokens, after, "scale", language) or value_of(
        line.tokens, after, "part", language
    ):
        return False
    return (
        len(word) <= 2
        and phrases("units", language).at(line.tokens, after) is None
        and phrases("currencies", language).at(line.tokens, after) is None
    )


def _is_numbered(line: Line, index: int) -> bool:
    """Whether a word such as Article or Resolution, or a sign, numbers it."""
    before = line.word(index - 1)
    if before in ("°", "º", "#"):
        return True
    if before == ".":
        return line.word(index - 2) in ("no", "nos", "art", "p", "pp", "vol", "fig")
    if before not in _numbered(line.language):
        return False
    return line.written(index - 1)[0].isupper() or before in ("resolution", "page")


def _is_list_mark(line: Line, index: int) -> bool:
    """Whether the number opens a line as "1." or "(2)", or is a footnote mark."""
    if (
        line.word(index - 1) == "["
        and line.word(index + 1) == "]"
        and line.touches(index)
    ):
        return True
    is_small = len(line.written(index)) <= 2
    if index == 0 and is_small and line.touches(1):
        return line.word(1) == ")" or (line.word(1) == "." and not line.touches(2))
    return index == 1 and is_small and line.word(0) == "(" and line.word(2) == ")"


def _is_capitalised_ordinal(line: Line, index: int) -> bool:
    """Whether an ordinal belongs to a name, as in "7th Region"."""
    if not line.touches(index + 1) or line.form(index + 1) != "w":
        return False
    if line.word(index + 1) not in ("st", "nd", "rd", "th", "e", "er", "ème", "è"):
        return False
    return line.written(index + 2)[:1].isupper()
