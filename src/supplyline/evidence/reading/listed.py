"""Lists that a text counts without a number: imports from A, B, C and D are banned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.cues import cue_pattern

if TYPE_CHECKING:
    from supplyline.evidence.reading.naming import Hit
    from supplyline.evidence.reading.sentence import Sentence

_JOINT: Final = re.compile(
    r"\s*(?:,\s*(?:and\s+|et\s+)?|and\s+|et\s+)(?:from\s+|in\s+|the\s+|le\s+|la\s+|l'|"
    r"les\s+|du\s+|de\s+|d'|of\s+)*"
)
_LEAST: Final = 3
_BANS: Final = cue_pattern(
    "ban|bans|banned|banning|blockad*|embargo*|interdi*|prohibit*|block|blocks|blocked"
)
_GOODS: Final = cue_pattern(
    "import*|fuel|trade|goods|border*|frontier*|carburant|marchandise*|trucks|camions|"
    "shipments|hydrocarb*"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list whose members are counted."""

    start: int
    end: int
    count: int
    members: tuple[Hit, ...]


def find_lists(sentence: Sentence) -> list[Listed]:
    """Find lists of countries that are banned or blockaded."""
    lists = []
    for run in runs_of(sentence, "country"):
        listed = Listed(run[0].start, run[-1].end, len(run), tuple(run))
        if listed.count >= _LEAST and _is_banned(sentence, listed):
            lists.append(listed)
    return lists


def runs_of(sentence: Sentence, *kinds: str) -> list[list[Hit]]:
    """Find names that stand in a row, joined by commas and and."""
    runs: list[list[Hit]] = []
    for hit in sentence.hits:
        if hit.is_demonym or hit.row(*kinds) is None:
            continue
        if runs and _JOINT.fullmatch(sentence.folded, runs[-1][-1].end, hit.start):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return [run for run in runs if len(run) > 1]


def _is_banned(sentence: Sentence, listed: Listed) -> bool:
    """Whether the clause says that goods from the members are banned."""
    clause = sentence.clause(listed.start, listed.end)
    if any(
        clause[0] <= m.start <= clause[1]
        and m.unit == "count"
        and m.value == listed.count
        for m in sentence.mentions
    ):
        return False  # the text gives the number itself
    return all(
        pattern is not None and pattern.search(sentence.folded, *clause)
        for pattern in (_BANS, _GOODS)
    )
