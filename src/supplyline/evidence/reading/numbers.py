"""Numbers written in digits, with the separators of both languages."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_SPACES: Final = " \u00a0\u202f"
_APOSTROPHES: Final = "'\u2019"
_MOST_DIGITS: Final = 15
_PIECE: Final = re.compile(r"\d+(?:[.,'\u2019]\d+)*")


class Digits(NamedTuple):
    """One number written in digits."""

    start: int
    end: int
    value: float | None
    is_plain: bool


def read_digits(text: str, start: int, end: int, language: str) -> list[Digits]:
    """Read a run of digits with separators inside, as one number or as several."""
    pieces = [match.span() for match in _PIECE.finditer(text, start, end)]
    if len(pieces) >= 4 and all(
        last - first in (2, 3) and text[first:last].isdecimal()
        for first, last in pieces[1:]
    ):
        groups = [last - first for first, last in pieces]
        if 2 in groups[1:]:  # pairs of digits: a phone number
            return [Digits(start, end, None, is_plain=False)]
    digits: list[Digits] = []
    index = 0
    while index < len(pieces):
        first, last, after = _spaced_thousands(text, pieces, index)
        digits.extend(_read_piece(text, first, last, language))
        index = after
    return digits


def _spaced_thousands(
    text: str, pieces: list[tuple[int, int]], index: int
) -> tuple[int, int, int]:
    """Join pieces parted by single spaces where they are groups of three digits."""
    first, last = pieces[index]
    after = index + 1
    head = text[first : min(last, first + 4)]
    if last - first > 3 or not head.isdecimal() or head[0] == "0":
        return first, last, after
    while after < len(pieces):
        begin, end = pieces[after]
        if not text[begin : min(begin + 3, end)].isdecimal() or end - begin < 3:
            break
        tail = text[begin + 3 : min(begin + 4, end)]
        if tail and (tail not in ".," or _PIECE.fullmatch(text, begin, end) is None):
            break
        last = end
        after += 1
        if tail:
            break
    return first, last, after


def _read_piece(text: str, start: int, end: int, language: str) -> list[Digits]:
    """Read digits with full stops, commas or apostrophes inside."""
    written = text[start:end]
    bare = written
    for space in _SPACES:
        bare = bare.replace(space, "")
    if bare.isdecimal():
        is_plain = len(bare) == len(written)
        return [Digits(start, end, _value(bare, ""), is_plain)]
    marks = {mark for mark in ".,'\u2019" if mark in bare}
    if len(bare) > 40 and len(marks) == 1:
        return _apart(text, start, end)
    whole, decimals = _parts(bare, marks, language)
    if whole is not None:
        return [Digits(start, end, _value(whole, decimals), is_plain=False)]
    if _is_list(bare):
        return _apart(text, start, end)
    return [Digits(start, end, None, is_plain=False)]


def _apart(text: str, start: int, end: int) -> list[Digits]:
    """Read every run of digits as a number of its own."""
    return [
        Digits(match.start(), match.end(), _value(match.group(), ""), is_plain=True)
        for match in re.compile(r"\d+").finditer(text, start, end)
    ]


def _is_list(bare: str) -> bool:
    """Whether commas part whole numbers, as in 1,2,3."""
    return "." not in bare and "'" not in bare and "\u2019" not in bare


def _value(whole: str, decimals: str) -> float | None:
    """Give the value; None beyond what a double holds exactly."""
    if len(whole) > _MOST_DIGITS or len(decimals) > _MOST_DIGITS:
        return None
    return float(f"{int(whole)}.{decimals or '0'}") if decimals else float(int(whole))


def _parts(bare: str, marks: set[str], language: str) -> tuple[str | None, str]:
    """Tell the whole digits from the decimals; None where neither reading holds."""
    if marks & set(_APOSTROPHES):
        return _with_apostrophes(bare)
    if marks == {",", "."}:
        return _two_marks(bare)
    mark = marks.pop()
    groups = bare.split(mark)
    is_thousands = 1 <= len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])
    if len(groups) > 2:
        return ("".join(groups), "") if is_thousands else (None, "")
    if not is_thousands or groups[0].startswith("0"):
        return groups[0], groups[1]
    thousands = {"fr": ".", "en": ","}.get(language)
    if thousands is None:
        return None, ""
    return ("".join(groups), "") if mark == thousands else (groups[0], groups[1])


def _with_apostrophes(bare: str) -> tuple[str | None, str]:
    """Read a number whose thousands are parted by apostrophes."""
    if re.fullmatch(r"\d{1,3}(['\u2019]\d{3})+([.,]\d+)?", bare) is None:
        return None, ""
    cut = re.split(r"[.,]", bare.replace("'", "").replace("\u2019", ""))
    return cut[0], cut[1] if len(cut) == 2 else ""


def _two_marks(bare: str) -> tuple[str | None, str]:
    """Read a number with both marks: the last one is the decimal mark."""
    mark, other = (".", ",") if bare.rfind(".") > bare.rfind(",") else (",", ".")
    whole, _, decimals = bare.rpartition(mark)
    pattern = rf"\d{{1,3}}({re.escape(other)}\d{{3}})+"
    if re.fullmatch(pattern, whole) is None:
        return None, ""
    return whole.replace(other, ""), decimals
