"""Whether a percentage is a share or a change, and of what."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.nouns import read_noun
from supplyline.evidence.reading.words import phrases, table

if TYPE_CHECKING:
    from supplyline.evidence.reading.candidate import Kind
    from supplyline.evidence.reading.line import Line

_LEVEL: Final = frozenset({"to", "at", "à", "au", "of", "only"})
_BY: Final = frozenset({"by", "+", "-", "\u2212", "up", "down", "another"})
_STEM: Final = 12


@cache
def _stems(language: str) -> frozenset[str]:
    """Give the beginnings of the words of change."""
    return frozenset(
        row["written"] for row in table("changes") if row["language"] == language
    )


def is_change_word(word: str, language: str) -> bool:
    """Tell whether a word speaks of a change, such as "rose" or "hausse"."""
    stems = _stems(language)
    if word in ("up", "down", "cut", "gain"):
        return word in stems
    return any(word[:length] in stems for length in range(3, min(len(word), _STEM) + 1))


def kind_of(line: Line, start: int, end: int, unit: str, *, near: int = 4) -> Kind:
    """Tell what kind of number stands there."""
    if unit != "percent":
        return "amount"
    if _is_points(line, end) or _changes_after(line, end):
        return "change"
    before = line.word(start - 1)
    if before in _LEVEL and not _is_change_noun(line, start - 1):
        return "share"
    if before in _BY:
        return "change"
    for place in range(start - 1, max(start - 1 - near, -1), -1):
        if line.form(place) == "p" and line.word(place) != "'":
            break
        if is_change_word(line.word(place), line.language):
            return "change"
    return "share"


def _is_points(line: Line, end: int) -> bool:
    """Whether the unit was percentage points."""
    return line.word(end - 1) in ("points", "point", "pourcentage")


def _is_change_noun(line: Line, index: int) -> bool:
    """Whether "of" follows a word of change, as in "a rise of 30 percent"."""
    return line.word(index) == "of" and is_change_word(
        line.word(index - 1), line.language
    )


def _changes_after(line: Line, end: int) -> bool:
    """Whether "increase", "higher" or "de plus" follows."""
    place = end
    if line.word(place) in ("de", "-"):
        place += 1
    if line.word(place) in ("more", "less", "fewer", "plus", "moins"):
        return True
    return is_change_word(line.word(place), line.language) and (
        line.language == "en" or line.word(place)[-1:] not in ("é", "r")
    )


def against_of(line: Line, index: int, kind: str) -> tuple[int, int] | None:
    """Find what a share, change or ratio is counted against."""
    if kind == "share":
        if line.word(index) in ("of", "de", "d", "des", "du"):
            return read_noun(line, index, longest=6)
        return None
    for place in range(index, min(index + 6, len(line.tokens))):
        if line.tokens[place].form == "p" and line.tokens[place].word not in "'-":
            break
        entry = phrases("bases", line.language).at(line.tokens, place)
        if entry is not None and place not in line.taken:
            return _stretch(line, entry[1])
    if kind == "ratio" and line.word(index) in ("the", "le", "la", "that", "its"):
        return read_noun(line, index + 1, longest=6)
    return None


def _stretch(line: Line, start: int) -> tuple[int, int] | None:
    """Give the words up to the next mark, eight at most, times included."""
    end = start
    while end < min(start + 8, len(line.tokens)):
        token = line.tokens[end]
        if token.form == "p" and token.word not in ("'", "-", "$", "€", "%"):
            break
        end += 1
    return (start, end) if end > start else None
