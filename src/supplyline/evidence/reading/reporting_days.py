"""Times at which somebody speaks, and not at which what is told took place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.cues import speech

if TYPE_CHECKING:
    from supplyline.evidence.reading.sentence import Sentence
    from supplyline.evidence.reading.times import Time

_WORDS: Final = r"(?:[\w'.-]+\s+){0,2}"
_CLAIM: Final = (
    r"revendique\w*|s'en tenait|s'en tient|faisait|fait etat|decompte|bilan|communique|"
    r"a appris|claims?|claimed|toll|tally|statement|briefing|count|put out|spoke|"
    r"speaking|parlait|evoquait|interroge\w*|joint\w*|reached|contacted|"
    r"press conference|conference de presse|point de presse|published|publie\w*"
)
_BEFORE: Final = re.compile(rf"(?:{_CLAIM})[, ]\s*(?:(?:in a|a l'\w+|\w+)\s+){{0,2}}$")
_PART: Final = r"[\s,]*(?:night|morning|evening|soir|matin)?[\s,]*"
_AFTER: Final = re.compile(rf"{_PART}(?:{_CLAIM})\b")
_LEAD: Final = re.compile(rf",?\s+{_WORDS}|\s*")
_FOLLOW: Final = re.compile(_PART)
_REACH: Final = 40


def is_telling(sentence: Sentence, time: Time) -> bool:
    """Tell whether a time is one at which somebody speaks: said on Monday that ..."""
    if time.precision != "day" or time.first != time.last or time.is_since:
        return False
    low = max(sentence.span.start, time.start - _REACH)
    high = min(sentence.span.end, time.end + _REACH)
    lead = sentence.folded[low : time.start]
    if _BEFORE.search(lead) or _AFTER.match(sentence.folded, time.end, high):
        return True
    for form in ("verb", "weak"):
        for verb in speech(form).finditer(sentence.folded, low, high):
            if verb.end() <= time.start and _LEAD.fullmatch(
                sentence.folded, verb.end(), time.start
            ):
                return True
            if verb.start() >= time.end and _FOLLOW.fullmatch(
                sentence.folded, time.end, verb.start()
            ):
                return True
    return False
