"""The words of a sentence, and the tables of words that stand beside the code."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"(?P<d>\d+(?:[.,'\u2019 \u00a0\u202f]\d+)*)|(?P<w>[^\W\d_]+)|(?P<p>[^\w\s]|_)"
)


class Token(NamedTuple):
    """A run of digits, a word or a mark."""

    start: int
    end: int
    word: str
    form: str
    written: str


def tokens(text: str, start: int, end: int) -> list[Token]:
    """Part a stretch of text into words, runs of digits and marks."""
    return [
        Token(
            match.start(),
            match.end(),
            match.group().lower().replace("\u2019", "'"),
            match.lastgroup or "p",
            match.group(),
        )
        for match in _TOKEN.finditer(text, start, end)
    ]


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Read a table of words that ships beside the code."""
    folder = resources.files("supplyline.evidence.reading").joinpath("lexicon")
    text = folder.joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


Phrase = tuple[str, ...]


@cache
def phrase(written: str) -> Phrase:
    """Part a written form of a table the way a text is parted."""
    return tuple(token.word for token in tokens(written, 0, len(written)))


class Phrases:
    """Phrases of a table, found at a place of a sentence."""

    def __init__(self, rows: dict[Phrase, dict[str, str]]) -> None:
        self._rows = rows
        self._longest: dict[str, int] = {}
        self._longest_last: dict[str, int] = {}
        for key in rows:
            first, last = key[0], key[-1]
            self._longest[first] = max(self._longest.get(first, 0), len(key))
            self._longest_last[last] = max(self._longest_last.get(last, 0), len(key))

    def at(self, words: list[Token], index: int) -> tuple[dict[str, str], int] | None:
        """Find the longest phrase that begins at a token."""
        if not 0 <= index < len(words):
            return None
        for length in range(self._longest.get(words[index].word, 0), 0, -1):
            key = tuple(token.word for token in words[index : index + length])
            if key in self._rows:
                return self._rows[key], index + len(key)
        return None

    def before(
        self, words: list[Token], index: int
    ) -> tuple[dict[str, str], int] | None:
        """Find the longest phrase that ends just before a token."""
        if not 0 < index <= len(words):
            return None
        for length in range(self._longest_last.get(words[index - 1].word, 0), 0, -1):
            if length > index:
                continue
            key = tuple(token.word for token in words[index - length : index])
            if key in self._rows:
                return self._rows[key], index - length
        return None


@cache
def phrases(name: str, language: str) -> Phrases:
    """Give the phrases of a table in one language."""
    return Phrases(
        {
            phrase(row["written"]): row
            for row in table(name)
            if row["language"] in ("", language)
        }
    )


@cache
def word_list(name: str, language: str) -> frozenset[str]:
    """Give a list of words."""
    return frozenset(
        word
        for row in table("word_lists")
        if row["list"] == name and row["language"] in ("", language)
        for word in row["words"].split()
    )
