"""Whether a time beside a number says when that number holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from supplyline.evidence.reading.sentence import Sentence
    from supplyline.evidence.reading.times import Time

_OF: Final = re.compile(r"\b(?:of|de|du|des)\s+(?:the\s+)?$")
_BEFORE: Final = 60
_SHORT: Final = 8
_WHEN: Final = re.compile(r",?\s*(?:when|lorsque|quand|lorsqu'|date a laquelle)\b")
_BASELINE: Final = re.compile(
    r"\b(?:before (?:the|it|all this)|prior to the|avant (?:la|le|l')) ?(?:crisis|"
    r"blockade|embargo|siege|war|attacks?|crise|blocus|guerre|attaques?|penurie|shortages?)\b"
)


def is_when(sentence: Sentence, time: Time, start: int) -> bool:
    """Tell whether a number is of a stretch's beginning: since July, when 22 died."""
    is_after = time.is_since and start > time.end
    return is_after and _WHEN.match(sentence.folded, time.end) is not None


def is_before_all(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a number is what was before the crisis, of which no day is named."""
    part = sentence.segment(start, end)
    # "before" parts a sentence, and yet belongs to the number it follows
    match = _BASELINE.search(sentence.folded, end, sentence.clause(start, end)[1])
    if match is None or match.start() > part[1] + _SHORT:
        return False
    return not any(part[0] <= t.start < part[1] for t in sentence.times)


def is_of_another(sentence: Sentence, time: Time, start: int, end: int) -> bool:
    """Tell whether a time belongs to another thing: movements of the 2010s."""
    segment = sentence.segment(start, end)
    if segment[0] <= time.start and time.end <= segment[1]:
        return False
    before = sentence.folded[
        max(sentence.span.start, time.start - _BEFORE) : time.start
    ]
    return _OF.search(before) is not None


_NOW: Final = re.compile(
    r"\b(?:n'|ne )(?:[\w']+ ){1,3}(?:plus |guere )?qu(?:e |')|\b(?:no longer|desormais|"
    r"now|currently|nowadays|a present|maintenant|actuellement|these days)\b"
)
_WAS: Final = re.compile(
    r"\b(?:was|were|had|did|until now|till now|\w{3,}(?:ait|aient)|"
    r"(?:n'|ne )?(?:a|ont)(?: \w+)? \w+(?:e|i|u|is|it)e?s?)\b"
)


def is_of_now(sentence: Sentence, time: Time, start: int, end: int) -> bool:
    """Tell whether a number holds now beside an earlier time in its sentence."""
    part = sentence.segment(start, end)
    if part[0] <= time.start < part[1] and start > time.start:
        return False
    lead = sentence.folded[part[0] : start]
    return _NOW.search(lead) is not None and _WAS.search(lead) is None


_SINCE_THEN: Final = re.compile(r"\b(?:(?:ever )?since then|depuis lors)\b")


def is_since_then(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a number counts from the time told before: since then."""
    part = sentence.segment(start, end)
    return _SINCE_THEN.search(sentence.folded, *part) is not None
