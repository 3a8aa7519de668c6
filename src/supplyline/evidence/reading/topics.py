"""What a passage is about, by its words: a proposal where no sense of a number fits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.cues import cue_pattern, family
from supplyline.evidence.reading.words import table

if TYPE_CHECKING:
    import re

    from supplyline.evidence.reading.senses import Scopes

SCOPE_WEIGHTS: Final = (4.0, 2.0, 1.5, 1.0)
"""Weight of a cue among the counted words, in the segment, clause and sentence."""
EARLIER_WEIGHT: Final = 0.8
"""Weight of a cue in the sentence before."""
HEADING_WEIGHT: Final = 1.0
"""Weight of a cue in the heading."""
TITLE_WEIGHT: Final = 0.5
"""Weight of a cue in the title."""
_AGAIN: Final = 0.3
_DEFAULTS: Final = {
    "distance": "corridor",
    "money_per_volume": "price",
    "power": "power",
    "energy": "power",
    "area": "territory",
    "money": "macro",
}


@dataclass(frozen=True, slots=True)
class Background:
    """The words that a sentence stands among."""

    earlier: str = ""
    heading: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Topic:
    """The cues of one subject."""

    subject: str
    units: frozenset[str]
    cues: re.Pattern[str]


@cache
def _topics() -> tuple[_Topic, ...]:
    """Read the cues of all subjects."""
    topics = []
    for row in table("topics"):
        cues = cue_pattern(row["cues"])
        if cues is not None:
            topics.append(_Topic(row["subject"], frozenset(row["units"].split()), cues))
    return tuple(topics)


def topics_of(
    scopes: Scopes, unit: str | None, background: Background
) -> dict[str, float]:
    """Weigh the subjects that a number may be about, by the words around it."""
    kind = family(unit) if unit is not None else "count"
    further = (background.earlier, background.heading, background.title)
    words = (scopes.counted, *scopes.around, *further)
    weights = (*SCOPE_WEIGHTS, EARLIER_WEIGHT, HEADING_WEIGHT, TITLE_WEIGHT)
    subjects: dict[str, float] = {}
    for topic in _topics():
        if kind not in topic.units:
            continue
        weight = sum(
            each * _strength(topic.cues, text)
            for each, text in zip(weights, words, strict=True)
        )
        if weight:
            subjects[topic.subject] = subjects.get(topic.subject, 0.0) + weight
    if kind in _DEFAULTS:
        subjects.setdefault(_DEFAULTS[kind], 0.1)
    return subjects


def _strength(cues: re.Pattern[str], text: str) -> float:
    """Give 1 where a cue stands in a text, and a little more for each further one."""
    different = len(set(cues.findall(text))) if text else 0
    return 1 + _AGAIN * min(different - 1, 2) if different else 0.0
