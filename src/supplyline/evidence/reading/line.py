"""One sentence as the readers of numbers see it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from supplyline.evidence.reading.numbers import read_digits
from supplyline.evidence.reading.words import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.sentences import Span


@dataclass(frozen=True, slots=True)
class Line:
    """The words of one sentence, and which of them are taken by a time."""

    text: str
    tokens: list[Token]
    language: str
    taken: frozenset[int]
    values: dict[int, float | None]

    def word(self, index: int) -> str:
        """Give a word in lower case."""
        if 0 <= index < len(self.tokens) and index not in self.taken:
            return self.tokens[index].word
        return ""

    def written(self, index: int) -> str:
        """Give a word as it stands in the text."""
        return self.tokens[index].written if 0 <= index < len(self.tokens) else ""

    def form(self, index: int) -> str:
        """Give the form of a token."""
        if 0 <= index < len(self.tokens) and index not in self.taken:
            return self.tokens[index].form
        return ""

    def touches(self, index: int) -> bool:
        """Tell whether a token touches the one before it."""
        if not 0 < index < len(self.tokens):
            return False
        return self.tokens[index - 1].end == self.tokens[index].start


def read_line(
    text: str, span: Span, language: str, times: Sequence[tuple[int, int]]
) -> Line:
    """Part a sentence and mark what its times take."""
    parts: list[Token] = []
    values: dict[int, float | None] = {}
    for token in tokens(text, span.start, span.end):
        if token.form != "d":
            parts.append(token)
            continue
        for first, last in _cut(text, token, times):
            for part in read_digits(text, first, last, language):
                written = text[part.start : part.end]
                values[len(parts)] = part.value
                parts.append(Token(part.start, part.end, written, "d", written))
    taken = set()
    place = 0
    for index, token in enumerate(parts):
        while place < len(times) and times[place][1] <= token.start:
            place += 1
        if place < len(times) and times[place][0] < token.end:
            taken.add(index)
    return Line(text, parts, language, frozenset(taken), values)


def _cut(
    text: str, token: Token, times: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Cut a run of digits where a time ends or begins, as in "May 1 500 men"."""
    place = bisect_left(times, (token.start + 1, 0))
    cuts = {token.start, token.end}
    for first, last in times[max(place - 1, 0) : place + 1]:
        cuts.update(at for at in (first, last) if token.start < at < token.end)
    ends = sorted(cuts)
    pieces = []
    for first, last in pairwise(ends):
        digits = [at for at in range(first, last) if text[at].isdecimal()]
        if digits:
            pieces.append((digits[0], digits[-1] + 1))
    return pieces
