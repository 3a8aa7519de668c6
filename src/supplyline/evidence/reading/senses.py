"""Which senses of the lexicon fit a number, by the words that stand around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.cues import Sense, family, senses

if TYPE_CHECKING:
    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_HEAD: Final = re.compile(r"\s*(?:of|de|d'|des|du)\s+(?:\S+\s*){1,4}")
_NOUN_LENGTH: Final = 60
_LEAD: Final = 45
_TAIL: Final = 30
_GENERAL: Final = re.compile(
    r"people|persons?|personnes?|men|women|children|child|residents?|others?|hommes|"
    r"femmes|enfants|habitants?|inhabitants?|autres|lives|bodies|corps|of them|members"
)
_OF_THE: Final = re.compile(
    r"\b(?:of (?:the|its|these)|out of(?: the)?|sur (?:les|ces))\s*$"
)

_ELLIPSIS: Final = re.compile(
    r"\s*(?:were|was|are|is|have|had|others?|more|of (?:them|which|whom)|wounded|"
    r"injured|killed|dead|missing|burned|destroyed|arrived|reached|captured|ont|etaient|sont|"
    r"autres|blesse\w*|tue\w*|disparu\w*|detruit\w*|incendie\w*|dont|d'entre|survived|"
    r"escaped|later|last|this|in \d|en \d)\b"
)
_LABEL: Final = re.compile(r"([^:;.\d]{3,60})\s*:\s*(?:[+\-~<>]|[^\w\s])?\s*$")
_LED: Final = re.compile(r"([^:;.\d]{3,60})\s?:\s")
_HURT: Final = re.compile(
    r"\s*(?:were\s+|was\s+|ont ete\s+)?"
    r"(?:wounded|injured|killed|dead|blesse\w*|tue\w*|morts?)\b"
)
_THING: Final = re.compile(
    r"\b(?:vehicle|truck|tanker|lorr|camion|citerne|vehicule|house|maison|base|post)"
)
_OF_WHICH: Final = re.compile(
    r"\b(?:dont|of which|of whom|parmi lesquel\w*)\s+(?:\w+\s+){0,2}$"
)
_COMPARED: Final = re.compile(
    r"\b(?:against|contre|compared (?:with|to)|up from|down from|instead of|au lieu de|"
    r"par rapport a|versus|rather than|plutot que|from)\s+"
    r"(?:only|just|about|some|nearly|around|environ|pres de|quelque)?\s*$"
)
_OF_THEM: Final = re.compile(
    r"(?:of (?:them|these|those|which|whom|it)|d'entre (?:eux|elles)|"
    r"parmi (?:eux|elles)|de ceux-ci|de celles-ci)(?!\w)"
)
_OF_NEXT: Final = re.compile(
    r"\s*(?:out of|of|des|sur|d'entre|on)\s+(?:the\s+|its\s+|les\s+|ces\s+)?"
    r"(?:usual\s+|some\s+|more than\s+|about\s+|quelque\s+)?"
)
_BRIEF: Final = frozenset(
    {
        "dwell_time",
        "stock_days",
        "transit_days",
        "outage_hours",
        "queue_time",
        "clearance_time",
        "rail_time",
        "escort_wait",
    }
)
"""Quantities that last hours to months."""
_LONG: Final = frozenset(
    {"term_years", "insurgency_duration", "operation_duration_years", "prison_years"}
)
"""Quantities that last months to years."""
NOUN_WEIGHT: Final = 5.0
"""Weight of a cue among the counted words."""
GENERAL_WEIGHT: Final = 3.0
"""Weight of a counted word that fits many senses, such as people."""
CLAUSE_WEIGHT: Final = 2.0
"""Weight of a counted word that stands elsewhere in the clause."""
CONTEXT_WEIGHTS: Final = (3.5, 2.0, 1.0)
"""Weight of a cue in the segment, the clause and the sentence."""


EARLIER_WEIGHT: Final = -2.5
"""Weight of a cue that stands in the sentence before only."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """The words around a number, from the counted ones to the whole sentence."""

    counted: str
    lead: str
    tail: str
    taken: str
    before: str
    around: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Fit:
    """A sense that fits a number."""

    sense: Sense
    weight: float
    is_near: bool
    is_counted: bool
    is_of_others: bool


def scopes_of(sentence: Sentence, mention: Mention, column: str = "") -> Scopes:
    """Gather the words around a number."""
    folded, span = sentence.folded, sentence.span
    end = mention.noun_end or mention.end
    counted = ""
    if mention.noun_start is not None and mention.noun_end is not None:
        counted = folded[mention.noun_start : mention.noun_end]
    more = _HEAD.match(folded, end, min(span.end, end + _NOUN_LENGTH))
    if more is not None:
        counted += more.group()
    if _OF_THEM.match(counted.strip()):
        counted = ""  # what they are was named before
    counted = _of_others(sentence, mention) or counted or left_out(sentence, mention)
    segment = sentence.segment(mention.start, end)
    clause = sentence.clause(mention.start, end)
    lead = folded[max(segment[0], mention.start - _LEAD) : mention.start]
    if _OF_THE.search(lead):
        clause = span_ = segment  # what happened to a part is said of the part
    else:
        span_ = (span.start, span.end)
    label = column or _label(sentence, mention)
    if not counted and family(mention.unit) == "count":
        counted = label
    label = label or _led(sentence, mention)
    around = (
        f"{label} {folded[segment[0] : segment[1]]}",
        f"{label} {folded[clause[0] : clause[1]]}",
        folded[span_[0] : span_[1]],
    )
    before = folded[span_[0] : mention.start]
    tail = folded[end : min(segment[1], end + _TAIL)]
    taken = " ; ".join(
        folded[other.noun_start : other.noun_end]
        for other in sentence.mentions
        if other.noun_start is not None and other.start != mention.start
    )
    return Scopes(counted, lead, tail, taken, before, around)


def _label(sentence: Sentence, mention: Mention) -> str:
    """Give the words before a colon that a number follows: Attacks last week: 13."""
    match = _LABEL.search(sentence.folded, sentence.span.start, mention.start)
    return "" if match is None else match.group(1)


def _led(sentence: Sentence, mention: Mention) -> str:
    """Give the words before the first colon: on site: Syama 22 days, Loulo 35."""
    match = _LED.match(sentence.folded, sentence.span.start, mention.start)
    return "" if match is None else match.group(1)


def _of_others(sentence: Sentence, mention: Mention) -> str:
    """Give the words counted by the next number: 300 of the usual 700 tankers."""
    for other in sentence.mentions:
        gap = sentence.folded[mention.end : max(mention.end, other.start)]
        if other.noun_start and other.noun_end and _OF_NEXT.fullmatch(gap):
            return sentence.folded[other.noun_start : other.noun_end]
    return ""


def left_out(sentence: Sentence, mention: Mention) -> str:
    """Give the counted words left out, as in: 14 soldiers killed and 22 wounded."""
    following = sentence.folded[mention.end : mention.end + _LEAD]
    lead = sentence.folded[max(0, mention.start - _LEAD) : mention.start]
    is_count = family(mention.unit) == "count"
    is_verb = is_count and _ELLIPSIS.match(following)
    is_compared = is_count and mention.noun_start is None and _COMPARED.search(lead)
    if not is_verb and not is_compared and not _OF_WHICH.search(lead):
        return ""
    is_of_body = _HURT.match(following) is not None
    for other in reversed(sentence.mentions):
        if other.end <= mention.start and other.noun_start and other.noun_end:
            noun = sentence.folded[other.noun_start : other.noun_end]
            return "" if is_of_body and _THING.search(noun) else noun
    return ""


def fits_of(
    scopes: Scopes, unit: str | None, earlier: str, minimum: float = 3.0
) -> list[Fit]:
    """Choose the senses that fit a number, the best first."""
    weighed = [
        _fit(sense, weight, scopes)
        for sense in senses().get(family(unit), ())
        if _lasts(sense, unit)
        and (weight := _weight(sense, scopes, earlier)) is not None
        and weight >= minimum
    ]
    return sorted(weighed, key=lambda fit: -fit.weight)


def _lasts(sense: Sense, unit: str | None) -> bool:
    """Whether what a sense tells of can last as long as a unit of time."""
    if unit == "years":
        return sense.quantity not in _BRIEF
    return unit not in ("minute", "hour", "days", "weeks") or (
        sense.quantity not in _LONG
    )


def _fit(sense: Sense, weight: float, scopes: Scopes) -> Fit:
    """Say what a sense rests on."""
    is_counted = _is_counted(sense, scopes)
    beside = sense.context is not None and any(
        sense.context.search(words) for words in (scopes.lead, scopes.tail)
    )
    is_taken = sense.counted is not None and sense.counted.search(scopes.taken)
    is_other = bool(scopes.counted.strip()) or is_taken is not None
    is_of_others = is_other and not is_counted and not beside
    return Fit(sense, weight, _is_near(sense, scopes), is_counted, is_of_others)


def _is_counted(sense: Sense, scopes: Scopes) -> bool:
    """Whether a sense rests on the counted words."""
    pattern = sense.counted or sense.context
    return pattern is not None and pattern.search(scopes.counted) is not None


def _is_near(sense: Sense, scopes: Scopes) -> bool:
    """Whether a sense rests on the counted words or on the clause."""
    match = None if sense.counted is None else sense.counted.search(scopes.counted)
    if match is not None and not (sense.context and _GENERAL.fullmatch(match.group())):
        return True
    pattern = sense.context or sense.counted
    return pattern is None or any(
        pattern.search(words) for words in (scopes.counted, *scopes.around[:2])
    )


def _weight(sense: Sense, scopes: Scopes, earlier: str) -> float | None:
    """Weigh a sense; None where a cue is missing or speaks against it."""
    # what a ratio is of often stands in the part before it
    near = scopes.around[1 if sense.units in ("ratio", "volume") else 0]
    if sense.excluded is not None and sense.excluded.search(f"{near} {scopes.counted}"):
        return None
    weight = float(sense.priority)
    if sense.counted is not None:
        counted = _counted_weight(sense, scopes)
        if counted is None:
            return None
        weight += counted
    if sense.context is not None:
        context = _context_weight(sense, scopes, earlier)
        if context is None:
            return None
        weight += context
    return weight


def _counted_weight(sense: Sense, scopes: Scopes) -> float | None:
    """Weigh the counted words; elsewhere in the clause only for a bare number."""
    pattern = sense.counted
    if pattern is None:
        return 0.0
    match = pattern.search(scopes.counted)
    if match is not None:
        # what is counted stands first; what it is made of comes later
        is_general = _GENERAL.fullmatch(match.group()) is not None
        weight = GENERAL_WEIGHT if is_general else NOUN_WEIGHT
        return weight - min(match.start(), 40) / 20
    if scopes.counted:
        return None
    # a share must name its whole near by; a count may have named it before
    wide = 1 if sense.units == "percent" else 3
    weights = (CLAUSE_WEIGHT, 1.0, 0.5)[:wide]
    for scope, weight in zip(scopes.around, weights, strict=False):
        if pattern.search(scope) and pattern.search(scopes.before):
            return weight
    return None


def _context_weight(sense: Sense, scopes: Scopes, earlier: str) -> float | None:
    """Weigh the words around a number, the nearest scope counting most."""
    pattern = sense.context
    if pattern is None:
        return 0.0
    if sense.is_lead:
        return CONTEXT_WEIGHTS[0] if pattern.search(scopes.lead) else None
    if pattern.search(scopes.counted) or pattern.search(scopes.lead):
        return CONTEXT_WEIGHTS[0] + 0.5
    for scope, weight in zip(scopes.around, CONTEXT_WEIGHTS, strict=True):
        if pattern.search(scope):
            return weight
    is_counted = sense.counted is not None and sense.counted.search(scopes.counted)
    if not is_counted and sense.units != "ratio":
        return None
    return EARLIER_WEIGHT if pattern.search(earlier) else None
