"""Numbers that state nothing: ages, times of day, bags, how many people spoke."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.cues import family
from supplyline.evidence.reading.series import row_of

if TYPE_CHECKING:
    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_MERE: Final = re.compile(r"\b(?:the|these|those|both|les|ces|between)\s+$")
_FEW: Final = 10
_VESSEL: Final = re.compile(
    r"\b(?:bidons?|jerr[yi]cans?|bottles?|bouteilles?|futs?|sacs?|bags?|drums?|cans?|"
    r"barrels?|sachets?|cartons?)\s+(?:of|de|d')\s*$"
)
_VESSEL_AFTER: Final = re.compile(
    r"[\s-]*(?:bags?|bottles?|jerr[yi]cans?|cans?|drums?|barrels?|containers?|sacks?)\b"
)


def is_vessel(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number is the size of a bag or can, as in: a 50-kilo bag."""
    if family(mention.unit) not in ("volume", "mass"):
        return False
    lead = sentence.folded[max(0, mention.start - 20) : mention.start]
    return bool(
        _VESSEL.search(lead) or _VESSEL_AFTER.match(sentence.folded, mention.end)
    )


def is_mere(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number stands for things named before, as in: between the two."""
    lead = sentence.folded[max(0, mention.start - 12) : mention.start]
    is_bare = mention.noun_start is None and mention.unit == "count"
    is_few = mention.value is not None and mention.value <= _FEW
    return is_bare and is_few and _MERE.search(lead) is not None


_SPEAKERS: Final = re.compile(
    r"(?:\w+ )?(?:sources?|witness(?:es)?|temoins?|proches|relatives|officials|"
    r"responsables|interlocuteurs|questions?|reasons?|raisons?|experts?)(?!\w)"
)
_OFTEN: Final = re.compile(
    r"\b(?:days?|weeks?|months?|nights?|jours?|semaines?|mois|nuits?)(?!\w)"
)
_IN: Final = re.compile(r"\s*(?:\w+\s+){0,2}(?:in|out of|in every|sur)\s+(?:every\s+)?")
_WHOLES: Final = frozenset({2, 3, 4, 5, 10, 100})
_SPEAK: Final = re.compile(
    r"\s*(?:told|said|says?|recalled|interroges|interviewed|surveyed|"
    r"ont (?:dit|indique|confie|affirme|declare|raconte))(?!\w)"
)
_AGED: Final = re.compile(
    r"(?:\b(?:man|woman|boy|girl|mother|father|widow|teacher|driver|trader) of\s+|"
    r"\baged?\s+(?:of\s+)?|\bages? de\s+|\bagee?s? de\s+|\bunder(?: the age of)?\s+|"
    r"\bmoins de\s+)$"
)
_BY_COMMA: Final = re.compile(r"[^\W\d]\.?\s*,\s*$")
_COMMA: Final = re.compile(r"\s*[,.]")
_HOURS: Final = re.compile(
    r"\b(?:open|clos|start|beg[aiu]n|left|arriv|ouvr|ouvert|ferm|commenc|parti|depart)\w*"
    r"\s+(?:at|before|after|by|a|avant|apres|vers)\s+$"
)
_TO_HOUR: Final = re.compile(
    r"\s*(?:(?:a|et|jusqu'a|to|until|and)\s+\d+\s*(?:heures|h|hours)\b|"
    r"du (?:matin|soir))"
)
_FROM_HOUR: Final = re.compile(
    r"\b(?:de|entre|from|between|des)\s+\d+\s*(?:heures|h)?(?:\s*\d\d)?\s+"
    r"(?:a|et|to|and)\s+$"
)
_AGES: Final = (5, 99)
_HOURS_IN_DAY: Final = 24


def is_trivia(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number is likely an age, a time of day, a vote or how many spoke."""
    value = mention.value
    if mention.unit == "percent":
        last = mention.noun_end or mention.end
        return _OFTEN.search(sentence.folded, mention.start, last) is not None
    if _is_whole(sentence, mention):
        return True
    if value is None or family(mention.unit) not in ("count", "duration"):
        return False
    folded = sentence.folded
    lead = folded[max(sentence.span.start, mention.start - 30) : mention.start]
    if mention.noun_start is not None and mention.noun_end is not None:
        speak = _SPEAKERS.match(folded, mention.noun_start) is not None
        return speak or _SPEAK.match(folded, mention.noun_end) is not None
    if _AGES[0] <= value <= _AGES[1]:
        is_aside = _BY_COMMA.search(lead) and _COMMA.match(folded, mention.end)
        if _AGED.search(lead) or (is_aside and len(row_of(sentence, mention)) == 1):
            return True
    is_of_day = _HOURS.search(lead) is not None or _is_clock(sentence, mention)
    return value <= _HOURS_IN_DAY and is_of_day


def _is_clock(sentence: Sentence, mention: Mention) -> bool:
    """Whether hours are those of a clock: de 20 heures a 5 heures; six heures, ..."""
    if mention.unit != "hour":
        return False
    before = sentence.folded[sentence.span.start : mention.start]
    after = sentence.folded[mention.end : sentence.span.end]
    is_first = not before.strip(" -\u2013\u2014*\u2022\u00ab") and after.startswith(",")
    return (
        is_first
        or _TO_HOUR.match(after) is not None
        or _FROM_HOUR.search(before) is not None
    )


def _is_whole(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number is the ten of nine out of ten."""
    if mention.value not in _WHOLES:
        return False
    return any(
        other.value is not None
        and other.end <= mention.start
        and _IN.fullmatch(sentence.folded, other.end, mention.start)
        for other in sentence.mentions
    )
