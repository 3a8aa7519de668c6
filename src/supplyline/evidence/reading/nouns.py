"""What a number counts: the words after it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.words import table, word_list

if TYPE_CHECKING:
    from supplyline.evidence.reading.line import Line

_LINKS: Final = {
    "en": frozenset({"of"}),
    "fr": frozenset({"de", "d", "des", "du"}),
}
_LONGEST: Final = 5


@cache
def plural_words(language: str) -> frozenset[str]:
    """Give plural nouns that do not end like one, such as people."""
    return frozenset(
        row["written"] for row in table("plurals") if row["language"] == language
    )


def read_noun(
    line: Line, index: int, *, longest: int = _LONGEST
) -> tuple[int, int] | None:
    """Find the words that a number counts."""
    if line.language not in _LINKS:
        return None
    start = _after_link(line, index)
    if line.word(start) == "-" and line.touches(start):
        start += 1
    ends = word_list("noun_ends", line.language)
    place = start
    last = start
    words = 0
    while words < longest and line.form(place) == "w" and line.word(place) not in ends:
        words += 1
        place = _after_word(line, place)
        last = place
        if line.word(place) == "-" and line.touches(place) and line.touches(place + 1):
            place += line.form(place + 1) == "w"
        elif (
            _is_plural(line, place - 1) and not _goes_on(line, place)
        ) or _is_participle(line, place):
            break
    return (start, last) if last > start else None


def _after_link(line: Line, index: int) -> int:
    """Step over "of the" and its like."""
    place = index
    if line.word(place) in _LINKS.get(line.language, ()):
        place += 1
        if line.word(place) == "'":
            place += 1
        determiners = word_list("determiners", line.language)
        for _ in range(2):
            if line.word(place) in determiners:
                place += 1
                if line.word(place) == "'":
                    place += 1
    return place


def _after_word(line: Line, place: int) -> int:
    """Step over a word and the mark of possession after it."""
    if line.word(place + 1) == "'" and line.touches(place + 1):
        if line.word(place + 2) == "s" and line.touches(place + 2):
            return place + 3
        if line.language == "en" and not line.touches(place + 2):
            return place + 2
    return place + 1


def _is_participle(line: Line, index: int) -> bool:
    """Whether "occurring", "carrying" and the like end the noun."""
    word = line.word(index)
    return (
        line.language == "en"
        and len(word) > 5
        and word.endswith("ing")
        and (
            line.form(index + 1) != "w"
            or line.word(index + 1) in word_list("noun_ends", "en")
        )
    )


def _is_plural(line: Line, index: int) -> bool:
    """Whether a word looks like a plural noun."""
    word = line.word(index)
    if line.written(index)[:1].isupper() and line.language == "fr":
        return False
    if word in plural_words(line.language):
        return True
    if line.language == "fr":
        return len(word) > 3 and word[-1] in "sx"
    return len(word) > 3 and word[-1] == "s" and word[-2:] not in ("ss", "us", "is")


def _goes_on(line: Line, index: int) -> bool:
    """Whether the noun goes on after a plural, as in "jobs lost" or "civils tués"."""
    word = line.word(index)
    if line.form(index) != "w" or word in word_list("noun_ends", line.language):
        return False
    if line.language == "fr":
        return _is_plural(line, index) or word.endswith(("é", "ée"))
    return _is_plural(line, index)
