"""A sentence with all that was found in it, and the clauses it is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.naming import Hit
    from supplyline.evidence.reading.sentences import Span
    from supplyline.evidence.reading.times import Time

_STRONG: Final = re.compile(
    r"[;:\u2014]|\s[-\u2013]\s|(?<!\w)(?:whereas|while|tandis que|alors que|mais|but)"
    r"(?!\w)|\.\s"
)
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_WEAK: Final = re.compile(
    r",(?!\d)|(?<!\w)(?:and|which|who|whom|after|before|when|following|because|with|"
    r"et|qui|dont|apres|avant|lorsque|compared|contre)(?!\w)"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text and what stands in it."""

    text: str
    folded: str
    span: Span
    paragraph: int
    hits: Sequence[Hit]
    times: Sequence[Time]
    mentions: Sequence[Mention]

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Give the clause around a stretch, ended by strong breaks."""
        return self._around(self._strong, start, end)

    def segment(self, start: int, end: int) -> tuple[int, int]:
        """Give the smallest part around a stretch, ended by any break."""
        return self._around(self._weak, start, end)

    @cached_property
    def _strong(self) -> list[tuple[int, int]]:
        """Give the breaks between clauses, those inside numbers and times left out."""
        return self._breaks(_STRONG)

    @cached_property
    def _weak(self) -> list[tuple[int, int]]:
        """Give all breaks."""
        return sorted([*self._strong, *self._breaks(_WEAK)])

    def _breaks(self, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        """Give the breaks that a pattern finds outside numbers, times and names."""
        whole = [
            *((one.start, one.end) for one in self.mentions),
            *((one.start, one.end) for one in self.times),
            *((one.start, one.end) for one in self.hits),
        ]
        return [
            match.span()
            for match in pattern.finditer(self.folded, *self.span)
            if not any(
                start < match.end() and match.start() < end for start, end in whole
            )
        ]

    def _around(
        self, breaks: list[tuple[int, int]], start: int, end: int
    ) -> tuple[int, int]:
        """Give the stretch between the nearest breaks."""
        low, high = self.span
        for group in self._groups:
            if group[0] < start and end < group[1]:
                low, high = group[0] + 1, group[1] - 1
        outside = [b for b in breaks if low <= b[0] and b[1] <= high]
        if (low, high) == tuple(self.span):
            # what stands in brackets does not part what stands around it
            outside = [
                b for b in breaks if not any(g[0] < b[0] < g[1] for g in self._groups)
            ]
        first = max((b for _, b in outside if b <= start), default=low)
        last = min((a for a, _ in outside if a >= end), default=high)
        return first, last

    @cached_property
    def _groups(self) -> list[tuple[int, int]]:
        """Give the stretches in brackets."""
        return [g.span() for g in _BRACKETS.finditer(self.text, *self.span)]
