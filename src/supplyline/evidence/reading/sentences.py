"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from supplyline.evidence.reading.words import table, word_list

if TYPE_CHECKING:
    from collections.abc import Iterator

_BREAK: Final = re.compile(r"\n")
_STOP: Final = re.compile(r"[.!?…]+")
_CLOSING: Final = "\"'”\u2019»)]*"
_OPENING: Final = "\"'“\u2018«([*"
LONGEST: Final = 800
"""Most characters of a sentence: what is longer is cut, so that no text takes long."""
_LONGEST_WORD: Final = 24
"""Characters looked at before a full stop: no abbreviation is longer."""


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """Find the sentences of a text.

    A line break ends a sentence, so that headings and bullets stand alone. A full stop
    ends one unless it closes an abbreviation or initial, or stands inside a number or
    an address.
    """
    spans: list[Span] = []
    start = 0
    for end in _line_ends(text):
        spans.extend(_sentences_of(text, start, end))
        start = end
    return spans


def _line_ends(text: str) -> list[int]:
    """Find the ends of lines, last one included."""
    return [*(match.end() for match in _BREAK.finditer(text)), len(text)]


def _sentences_of(text: str, start: int, end: int) -> list[Span]:
    """Split one line."""
    spans = []
    for stop in _STOP.finditer(text, start, end):
        if stop.start() < start:
            continue
        after = _after_closing(text, stop.end(), end)
        if _ends_sentence(text, stop.start(), stop.end(), after, end):
            spans.append(_trimmed(text, start, after))
            start = after
    spans.append(_trimmed(text, start, end))
    return [part for span in spans for part in _parts(text, span)]


def _parts(text: str, span: Span) -> Iterator[Span]:
    """Cut what is longer than any sentence, at white space where there is some."""
    start, end = span
    while end - start > LONGEST:
        space = max(text.rfind(mark, start, start + LONGEST) for mark in " \t")
        cut = space if space > start else start + LONGEST
        yield _trimmed(text, start, cut)
        start, _ = _trimmed(text, cut, end)
    if start < end:
        yield Span(start, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    """Leave out the white space around a stretch."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _after_closing(text: str, index: int, end: int) -> int:
    """Step over closing quotes and brackets, one space before a guillemet included."""
    while index < end:
        if text[index] in _CLOSING or (text[index] == "[" and _is_note(text, index)):
            index = text.find("]", index) + 1 if text[index] == "[" else index + 1
        elif text[index] in " \u00a0\u202f" and text[index + 1 : index + 2] == "»":
            index += 2
        else:
            break
    return index


def _is_note(text: str, index: int) -> bool:
    """Whether a footnote mark such as [12] stands there."""
    return re.match(r"\[\d{1,3}\]", text[index : index + 5]) is not None


def _ends_sentence(text: str, first: int, last: int, after: int, end: int) -> bool:
    """Whether the marks from first to last close a sentence."""
    if after >= end:
        return True
    if text[first] != ".":
        return text[after].isspace() and not _goes_on(text, after, end)
    if not text[after].isspace():
        return last - first == 1 and _is_missing_space(text, first, after, end)
    if last - first == 1 and _is_abbreviation(text, first, after, end):
        return False
    return not _goes_on(text, after, end)


def _goes_on(text: str, index: int, end: int) -> bool:
    """Whether the next word begins with a small letter, as inside a sentence."""
    following = _next_visible(text, index, end)
    return following.islower() or following in (",", ";")


def _next_visible(text: str, index: int, end: int) -> str:
    """Give the first letter, digit or mark after white space and opening quotes."""
    for place in range(index, min(end, index + 40)):
        if not text[place].isspace() and text[place] not in _OPENING:
            return text[place]
    return ""


def _is_missing_space(text: str, first: int, after: int, end: int) -> bool:
    """Whether a small letter, a full stop and a capitalised word touch each other."""
    before = text[first - 1 : first]
    following = text[after : min(end, after + 3)]
    if text[first + 1 : first + 2] in _CLOSING and after > first + 1:
        return following[:1].isupper()
    if not (before.islower() or before in (")", "”", "»", "%") or before.isdigit()):
        return False
    return _is_capitalised(following) and not _is_address(text, first, end)


def _is_capitalised(word: str) -> bool:
    """Whether a word begins with a capital followed by small letters."""
    return (
        len(word) >= 2
        and word[0].isupper()
        and (word[1].islower() or word[1] in " '\u2019")
    )


def _is_address(text: str, first: int, end: int) -> bool:
    """Whether the full stop stands inside a web or mail address."""
    stretch = text[max(0, first - 40) : min(end, first + 40)]
    middle = min(first, 40)
    left = stretch[:middle].split()
    right = stretch[middle:].split()
    word = (left[-1] if left else "") + (right[0] if right else "")
    return "://" in word or "@" in word or word.startswith("www.")


def _word_before(text: str, first: int) -> str:
    """Give the word that a full stop closes, inner full stops included."""
    stretch = text[max(0, first - _LONGEST_WORD) : first]
    parts = re.split(r"[\s\"'“\u2018«(\[\u2019-]", stretch)
    return parts[-1] if parts else ""


@cache
def _abbreviations() -> dict[str, str]:
    """Give abbreviations, lower case without their last full stop, with their kind."""
    return {
        row["written"].lower().removesuffix("."): row["followed_by"]
        for row in table("abbreviations")
    }


def _is_abbreviation(text: str, first: int, after: int, end: int) -> bool:
    """Whether a full stop closes an abbreviation, initial or number of a list."""
    word = _word_before(text, first)
    following = _next_visible(text, after, end)
    kind = _abbreviations().get(word.lower())
    if kind == "name":
        return not word.islower() or following.isupper()
    if kind == "number":
        return following.isdigit()
    if kind == "any":
        return not following.isupper() or word.lower() in ("e.g", "i.e", "p.ex", "vs")
    if len(word) == 1 and word.isupper():
        return (
            following.isupper()
            and _is_initial(text, first)
            and not _begins_sentence(text, after, end)
        )
    if re.fullmatch(r"([A-Za-z]\.)+[A-Za-z]", word):
        return not following.isupper() or not _begins_sentence(text, after, end)
    return _is_list_number(text, first, word)


def _is_initial(text: str, first: int) -> bool:
    """Whether a single capital follows a capitalised word or begins the text."""
    before = text[max(0, first - 30) : max(0, first - 1)].split()
    return not before or before[-1][:1].isupper() or before[-1][-1:] == "."


def _is_list_number(text: str, first: int, word: str) -> bool:
    """Whether the number before the full stop begins its line."""
    if not (word.isdigit() and len(word) <= 2):
        return False
    begin = first - len(word)
    line = text.rfind("\n", max(0, begin - 8), begin)
    lead = text[(line + 1) if line >= 0 else max(0, begin - 8) : begin]
    return lead.strip() == "" and (line >= 0 or begin <= 8)


def _begins_sentence(text: str, after: int, end: int) -> bool:
    """Whether the next word is one that begins sentences rather than names."""
    words = text[after : min(end, after + 30)].split()
    return bool(words) and words[0].strip(_OPENING).lower() in word_list("starters", "")
