"""Who acts: the actor named in the clause, or the one that a pronoun stands for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.cues import cue_pattern, fold
from supplyline.evidence.reading.naming import actors_of
from supplyline.evidence.reading.words import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from supplyline.evidence.reading.context import Context
    from supplyline.evidence.reading.naming import Hit
    from supplyline.evidence.reading.sentence import Sentence

ARMED: Final = frozenset({"armed_group", "militia", "rebel_group", "gang"})
"""Kinds of actors that fight the state or each other."""
MERCENARY: Final = frozenset({"private_military_company", "foreign_troops"})
FORCES: Final = frozenset({"state_force", "international_force", *MERCENARY})
STATE: Final = frozenset({*FORCES, "government", "foreign_state", "state_agency"})
"""Kinds of actors on the side of a state."""
ANY: Final = frozenset({*ARMED, *STATE})

_KINDS: Final = {
    "armed": ARMED,
    "mercenary": MERCENARY,
    "government": frozenset({"government"}),
    "force": frozenset({"state_force"}),
}
_PRONOUN: Final = re.compile(
    r"(?<!\w)(?:it|its|they|their|them|il|ils|elle|elles|leur|leurs|ses)(?!\w)"
)
_ASIDE: Final = re.compile(
    r"(?:unlike|against|contre|loss of|like|fight|fighting|combat|subdue|from|"
    r"contrairement a|than|about|with|by the name of|neighbouring|neighboring|"
    r"linked to|links to|affiliated with|supports?|ties to|target|targeting|lie a|"
    r"liee? a|attacks on|attaques contre|replaced by|sur)\s+(?:in\s+|with\s+|dans\s+)?"
    r"(?:the\s+|les?\s+|la\s+|l')?$"
)
_BY: Final = re.compile(r"\b(?:by|par)\s+(?:the\s+|les?\s+|la\s+|l'|des\s+)?$")
_ASIDE_LENGTH: Final = 28
_OPENING: Final = 30
_HOME: Final = ("the army", "army", "l'armee", "armed forces")


@dataclass(frozen=True, slots=True)
class Part:
    """An actor at one place of a sentence."""

    start: int
    end: int
    row: str
    kind: str
    is_aside: bool
    is_by: bool


@cache
def _roles() -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    """Give the kinds of actors that general words stand for."""
    words: dict[str, list[str]] = {}
    for row in table("roles"):
        words.setdefault(row["role"], []).append(fold(row["written"]))
    roles = []
    for role, cues in words.items():
        pattern = cue_pattern("|".join(sorted(cues, key=len, reverse=True)))
        if pattern is not None:
            roles.append((_KINDS[role], pattern))
    return tuple(roles)


@dataclass
class Cast:
    """The actors of a text, as far as it was read."""

    context: Context
    main: str | None = None
    army: str | None = None
    leading: str | None = None
    _last: dict[str, str] = field(default_factory=dict)
    _topic: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, context: Context, hits: Iterable[Hit]) -> Cast:
        """Look through all names of a text."""
        kinds = context.actor_kinds
        counts = Counter(row for _, row in actors_of(hits) if kinds.get(row) in ARMED)
        main = counts.most_common(1)[0][0] if counts else None
        folded = {fold(name): named for name, named in context.names.items()}
        army = next((folded[name].row for name in _HOME if name in folded), None)
        leading = next((row for row, kind in kinds.items() if kind in ARMED), None)
        return cls(context, main, army, leading)

    def parts(self, sentence: Sentence) -> list[Part]:
        """Give the actors of a sentence, general words resolved."""
        named = [
            self._part(sentence, hit.start, hit.end, row)
            for hit, row in actors_of(sentence.hits)
            if not hit.is_demonym or _is_whom(sentence, hit)
        ]
        taken = [(part.start, part.end) for part in named]
        general = [
            self._part(sentence, start, end, row)
            for start, end, row in self._general(sentence)
            if not any(start < b and a < end for a, b in taken)
        ]
        return sorted([*named, *general], key=lambda part: part.start)

    def remember(self, sentence: Sentence) -> None:
        """Take note of the actors of a sentence for those that follow."""
        parts = self.parts(sentence)
        for part in parts:
            self._last[part.kind] = part.row
        topic = [part.row for part in parts if not part.is_aside]
        first = sentence.span.start
        if topic and self._is_pronoun(sentence, first, first + _OPENING):
            topic = [*self._topic, *topic]  # it goes on about the same
        if topic:
            self._topic = topic

    def recall(self, kinds: frozenset[str]) -> str | None:
        """Give the actor that a pronoun stands for."""
        for row in self._topic:
            if self.context.actor_kinds.get(row) in kinds:
                return row
        return None

    def agent(
        self, sentence: Sentence, start: int, end: int, kinds: frozenset[str]
    ) -> str | None:
        """Give the actor of some kinds that a number belongs to."""
        parts = [part for part in self.parts(sentence) if part.kind in kinds]
        clause = sentence.clause(start, end)
        near = [p for p in parts if clause[0] <= p.start and p.end <= clause[1]]
        for group, first in ((near, clause[0]), (parts, sentence.span.start)):
            best = _nearest(group, start, end)
            if best is not None:
                return best
            if self._is_pronoun(sentence, first, start):
                recalled = self.recall(kinds)
                if recalled is not None:
                    return recalled
        return None

    def _is_pronoun(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether a pronoun stands before a number in its clause."""
        return _PRONOUN.search(sentence.folded, start, end) is not None

    def _part(self, sentence: Sentence, start: int, end: int, row: str) -> Part:
        """Describe an actor of a sentence."""
        before = sentence.folded[
            max(sentence.span.start, start - _ASIDE_LENGTH) : start
        ]
        kind = self.context.actor_kinds.get(row, "")
        is_aside = _ASIDE.search(before) is not None
        return Part(start, end, row, kind, is_aside, _BY.search(before) is not None)

    def _general(self, sentence: Sentence) -> Iterator[tuple[int, int, str]]:
        """Yield general words for actors with the row that is meant."""
        for kinds, pattern in _roles():
            for match in pattern.finditer(sentence.folded, *sentence.span):
                row = self._meant(kinds)
                if row is not None:
                    yield match.start(), match.end(), row

    def _meant(self, kinds: frozenset[str]) -> str | None:
        """Give the actor that a general word stands for."""
        for kind in kinds:
            if kind in self._last and kinds == ARMED:
                return self._last[kind]
        if kinds == ARMED:
            return self.main or self.leading
        if kinds == _KINDS["force"]:
            return self.army
        named = [r for k, r in self._last.items() if k in kinds]
        known = [r for r, k in self.context.actor_kinds.items() if k in kinds]
        return named[-1] if named else known[0] if len(known) == 1 else None


_WHOM: Final = re.compile(
    r"\s*(?:troops?|forces?|soldiers?|army|military|mercenar\w+|fighters?|"
    r"instructors?|paramilitar\w+|contractors?|peacekeepers?|operation|mission)(?!\w)"
)
_ARTICLE: Final = re.compile(
    r"(?:\bthe|\bles|troupes|forces|soldats|armee|militaires|mercenaires"
    r"|instructeurs|paramilitaires)\s+$"
)


def _is_whom(sentence: Sentence, hit: Hit) -> bool:
    """Whether the adjective of a country stands for its forces."""
    if _WHOM.match(sentence.folded, hit.end, sentence.span.end):
        return True
    before = sentence.folded[max(sentence.span.start, hit.start - 14) : hit.start]
    following = sentence.folded[hit.end : hit.end + 2].strip()
    return _ARTICLE.search(before) is not None and not following[:1].isalpha()


def _nearest(parts: list[Part], start: int, end: int) -> str | None:
    """Give the nearest actor that acts: right after by, else before, else after."""
    acting = [part for part in parts if not part.is_aside]
    inside = [p.row for p in acting if start <= p.start and p.end <= end]
    before = [part for part in acting if part.end <= start]
    after = [part for part in acting if part.start >= end]
    if inside:
        return inside[0]
    if after and after[0].is_by:
        return after[0].row
    if before:
        return before[-1].row
    return after[0].row if after else None
