"""What a number is about: the sense of the lexicon that fits its words best."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.actors import ANY, ARMED, FORCES, STATE, Cast
from supplyline.evidence.reading.cues import Sense, family, senses
from supplyline.evidence.reading.naming import actors_of

if TYPE_CHECKING:
    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_HEAD: Final = re.compile(r"\s*(?:of|de|d'|des|du)\s+(?:\S+\s*){1,4}")
_NOUN_LENGTH: Final = 60
_LEAD: Final = 45
_SOLDIERS: Final = re.compile(
    r"\b(?:soldier\w*|troop\w*|soldat\w*|militaire\w*|servicem\w+|gendarme\w*|"
    r"security force\w*|garde\w*|guards?|polic\w+|officers?)\b"
)
_PEACE: Final = re.compile(r"\b(?:peacekeeper\w*|casques? bleus?)\b")
_HIRED: Final = re.compile(r"\b(?:mercenar\w+|mercenaire\w*|contractor\w*)\b")

_GENERAL: Final = re.compile(
    r"people|persons?|personnes?|men|women|children|child|residents?|others?|hommes|"
    r"femmes|enfants|habitants?|inhabitants?|autres|lives|bodies|corps|of them|members"
)
_OF_THE: Final = re.compile(r"\b(?:of (?:the|its|these)|out of(?: the)?|sur (?:les|ces))\s*$")
_MERE: Final = re.compile(r"\b(?:the|these|those|both|les|ces|between)\s+$")

_ELLIPSIS: Final = re.compile(
    r"\s*(?:were|was|are|is|have|had|others?|more|of (?:them|which|whom)|wounded|injured|"
    r"killed|dead|missing|burned|destroyed|arrived|reached|captured|ont|etaient|sont|"
    r"autres|blesse\w*|tue\w*|disparu\w*|detruit\w*|incendie\w*|dont|d'entre|survived|"
    r"escaped|later|last|this|in \d|en \d)\b"
)
_RANSOM: Final = re.compile(r"\b(?:ransom|rancon|hostage|otage|kidnap|ravisseur)")

NOUN_WEIGHT: Final = 5.0
"""Weight of a cue among the counted words."""
GENERAL_WEIGHT: Final = 3.0
"""Weight of a counted word that fits many senses, such as people."""
CLAUSE_WEIGHT: Final = 2.0
"""Weight of a counted word that stands elsewhere in the clause."""
CONTEXT_WEIGHTS: Final = (3.5, 2.0, 1.0)
"""Weight of a cue in the segment, the clause and the sentence."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number is about.

    Attributes
    ----------
    subject, quantity : str
        Words of claims.csv.
    actor : str or None
        Row of actors.csv.
    """

    subject: str
    quantity: str
    actor: str | None


@dataclass(frozen=True, slots=True)
class Scopes:
    """The words around a number, from the counted ones to the whole sentence.

    Attributes
    ----------
    counted : str
        Words counted, folded; empty where none follows the number.
    lead : str
        Words just before the number.
    around : tuple of str
        Segment, clause and sentence, folded.
    """

    counted: str
    lead: str
    around: tuple[str, str, str]


def scopes_of(sentence: Sentence, mention: Mention) -> Scopes:
    """Gather the words around a number.

    Parameters
    ----------
    sentence : Sentence
        Sentence.
    mention : Mention
        Number in it.

    Returns
    -------
    Scopes
        Folded words.
    """
    folded, span = sentence.folded, sentence.span
    end = mention.noun_end or mention.end
    counted = ""
    if mention.noun_start is not None and mention.noun_end is not None:
        counted = folded[mention.noun_start : mention.noun_end]
    more = _HEAD.match(folded, end, min(span.end, end + _NOUN_LENGTH))
    if more is not None:
        counted += more.group()
    counted = counted or _elided(sentence, mention)
    segment = sentence.segment(mention.start, end)
    clause = sentence.clause(mention.start, end)
    lead = folded[max(segment[0], mention.start - _LEAD) : mention.start]
    if _OF_THE.search(lead):
        clause = span_ = segment  # what happened to a part is said of the part
    else:
        span_ = (span.start, span.end)
    around = (
        folded[segment[0] : segment[1]],
        folded[clause[0] : clause[1]],
        folded[span_[0] : span_[1]],
    )
    return Scopes(counted, lead, around)


def _elided(sentence: Sentence, mention: Mention) -> str:
    """Give the counted words left out, as in: 14 soldiers were killed and 22 wounded."""
    following = sentence.folded[mention.end : mention.end + _LEAD]
    if family(mention.unit) != "count" or not _ELLIPSIS.match(following):
        return ""
    for other in reversed(sentence.mentions):
        if other.end <= mention.start and other.noun_start and other.noun_end:
            return sentence.folded[other.noun_start : other.noun_end]
    return ""


def senses_of(
    scopes: Scopes, unit: str | None, earlier: str, minimum: float = 3.0
) -> list[Sense]:
    """Choose the senses that fit a number, the best first.

    Parameters
    ----------
    scopes : Scopes
        Words around it.
    unit : str or None
        Unit of the number.
    earlier : str
        Folded sentence before it in the paragraph; counts little.
    minimum : float
        Least weight of a sense that is taken.

    Returns
    -------
    list of Sense
        Those that fit; in the order of the table among equals.
    """
    weighed = [
        (weight, sense)
        for sense in senses().get(family(unit), ())
        if (weight := _weight(sense, scopes, earlier)) is not None
        and weight >= minimum
    ]
    return [sense for _, sense in sorted(weighed, key=lambda pair: -pair[0])]


def _weight(sense: Sense, scopes: Scopes, earlier: str) -> float | None:
    """Weigh a sense; None where a cue is missing or speaks against it."""
    # what a ratio is of often stands in the part before it
    near = scopes.around[1 if sense.units == "ratio" else 0]
    if sense.excluded is not None and sense.excluded.search(f"{near} {scopes.counted}"):
        return None
    weight = float(sense.priority)
    if sense.counted is not None:
        counted = _counted_weight(sense.counted, scopes)
        if counted is None:
            return None
        weight += counted
    if sense.context is not None:
        context = _context_weight(sense.context, scopes, earlier)
        if context is None:
            return None
        weight += context
    return weight


def _counted_weight(pattern: re.Pattern[str], scopes: Scopes) -> float | None:
    """Weigh the counted words; elsewhere in the clause only for a bare number."""
    found = pattern.search(scopes.counted)
    if found is not None:
        # what is counted stands first; what it is made of comes later
        is_general = _GENERAL.fullmatch(found.group()) is not None
        weight = GENERAL_WEIGHT if is_general else NOUN_WEIGHT
        return weight - min(found.start(), 40) / 20
    if scopes.counted:
        return None
    for scope, weight in zip(scopes.around, (CLAUSE_WEIGHT, 1.0, 0.5), strict=True):
        if pattern.search(scope):
            return weight
    return None


_VESSEL: Final = re.compile(
    r"\b(?:bidons?|jerr[yi]cans?|bottles?|bouteilles?|futs?|sacs?|bags?|drums?|cans?|"
    r"barrels?|sachets?|cartons?)\s+(?:of|de|d')\s*$"
)
_VESSEL_AFTER: Final = re.compile(
    r"[\s-]*(?:bags?|bottles?|jerr[yi]cans?|cans?|drums?|barrels?|containers?|sacks?)\b"
)


def is_vessel(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number is the size of a bag or can, as in: a 50-kilo bag.

    Parameters
    ----------
    sentence : Sentence
        Sentence.
    mention : Mention
        Number in it.

    Returns
    -------
    bool
        Whether it says how much a vessel holds.
    """
    if family(mention.unit) not in ("volume", "mass"):
        return False
    lead = sentence.folded[max(0, mention.start - 20) : mention.start]
    return bool(
        _VESSEL.search(lead) or _VESSEL_AFTER.match(sentence.folded, mention.end)
    )


def is_mere(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number stands for things named before, as in: between the two.

    Parameters
    ----------
    sentence : Sentence
        Sentence.
    mention : Mention
        Number in it.

    Returns
    -------
    bool
        Whether it counts nothing new.
    """
    lead = sentence.folded[max(0, mention.start - 12) : mention.start]
    return mention.noun_start is None and _MERE.search(lead) is not None


def _context_weight(
    pattern: re.Pattern[str], scopes: Scopes, earlier: str
) -> float | None:
    """Weigh the words around a number, the nearest scope counting most."""
    if pattern.search(scopes.counted) or pattern.search(scopes.lead):
        return CONTEXT_WEIGHTS[0] + 0.5
    for scope, weight in zip(scopes.around, CONTEXT_WEIGHTS, strict=True):
        if pattern.search(scope):
            return weight
    return 0.3 if pattern.search(earlier) else None


def meaning_of(
    sense: Sense, sentence: Sentence, mention: Mention, cast: Cast
) -> Meaning | None:
    """Name the subject of a number: fixed, or the actor or place it belongs to.

    Parameters
    ----------
    sense : Sense
        Sense chosen.
    sentence : Sentence
        Sentence.
    mention : Mention
        Number in it.
    cast : Cast
        Actors of the text so far.

    Returns
    -------
    Meaning or None
        None where the sense needs an actor and none is known.
    """
    span = (mention.start, mention.noun_end or mention.end)
    ways = {
        "actor": _acting,
        "force": _force,
        "victim": _acting,
        "harm": _harming,
        "actor_revenue": _earning,
    }
    if sense.subject in ways:
        if sense.subject == "victim":
            named = _victim(sentence, span, cast, _elided(sentence, mention))
        else:
            named = ways[sense.subject](sentence, span, cast)
        if named is None:
            return None
        return Meaning(named[0], sense.quantity, named[1])
    actor = cast.agent(sentence, *span, ANY)
    if sense.subject == "place":
        place = _place(sentence, span[0])
        return Meaning(place or "macro", sense.quantity, actor)
    return Meaning(sense.subject, sense.quantity, actor)


Span = tuple[int, int]
Who = tuple[str, str | None]


def _acting(sentence: Sentence, span: Span, cast: Cast) -> Who | None:
    """Give the actor of an attack: an armed group before others; else the war."""
    clause = sentence.clause(*span)
    inside = [
        part
        for part in cast.parts(sentence)
        if clause[0] <= part.start < clause[1] and not part.is_aside
    ]
    kinds = {part.kind for part in inside}
    wanted = ARMED if kinds & ARMED or not kinds & FORCES else FORCES
    actor = cast.agent(sentence, *span, wanted) or cast.recall(ARMED)
    return (actor or "insurgency", actor)


def _force(sentence: Sentence, span: Span, cast: Cast) -> Who | None:
    """Give the actor whose troops are counted."""
    own = _counted_actor(sentence, span)
    actor = own or cast.agent(sentence, *span, STATE - {"government"})
    if actor is None:
        lead = sentence.folded[sentence.span.start : span[1] + _LEAD]
        actor = cast.recall(FORCES) or (
            cast.army if _SOLDIERS.search(lead) else cast.recall(STATE)
        )
    return None if actor is None else (actor, actor)


def _victim(
    sentence: Sentence, span: Span, cast: Cast, elided: str
) -> Who | None:
    """Give the actor whose people are lost."""
    own = _counted_actor(sentence, span)
    if own is not None:
        return own, own
    counted = f"{elided} {sentence.folded[span[0] : span[1] + 12]}"
    kinds = cast.context.actor_kinds
    if _PEACE.search(counted):
        peace = next((r for r, k in kinds.items() if k == "international_force"), None)
        return None if peace is None else (peace, peace)
    if _HIRED.search(counted):
        hired = cast.agent(sentence, *span, FORCES - {"state_force"})
        return None if hired is None else (hired, hired)
    if _SOLDIERS.search(counted):
        foreign = _foreign(sentence, span, cast)
        if foreign is not None:
            return foreign
        return (cast.army, cast.army) if cast.army else ("armies", None)
    armed = cast.agent(sentence, *span, ARMED) or cast.recall(ARMED)
    return (armed or "insurgency", armed)


def _harming(sentence: Sentence, span: Span, cast: Cast) -> Who | None:
    """Give abuses where state forces harm civilians, else the armed group."""
    actor = cast.agent(sentence, *span, ARMED | FORCES | {"government"})
    if actor is None:
        return "insurgency", None
    armed = cast.context.actor_kinds.get(actor) in ARMED
    return (actor if armed else "abuses", actor)


def _earning(sentence: Sentence, span: Span, cast: Cast) -> Who | None:
    """Give the income of an armed group."""
    actor = cast.agent(sentence, *span, ARMED) or cast.recall(ARMED) or cast.main
    if actor is not None:
        return f"{actor}_revenue", actor
    words = sentence.folded[sentence.span.start : sentence.span.end]
    return ("kidnapping", None) if _RANSOM.search(words) else None


def _counted_actor(sentence: Sentence, span: Span) -> str | None:
    """Give the actor named among the counted words, or right before or after them."""
    kinds = [
        (hit, row)
        for hit, row in actors_of(sentence.hits)
        if span[0] <= hit.start and hit.end <= span[1] + 1
    ]
    if kinds:
        return kinds[0][1]
    near = [
        row
        for hit, row in actors_of(sentence.hits)
        if span[1] <= hit.start <= span[1] + 12
        and re.fullmatch(
            r"\s*(?:of|de|du|from|des)?\s*(?:the|la|le|l')?\s*",
            sentence.folded[span[1] : hit.start],
        )
    ]
    return near[0] if near else None


def _foreign(sentence: Sentence, span: Span, cast: Cast) -> Who | None:
    """Give the army of another country, where the counted words name one."""
    for hit in sentence.hits:
        code = hit.row("country")
        if span[0] <= hit.start <= span[1] + 2 and code not in (
            None,
            cast.context.country,
        ):
            return (hit.row("actor") or "armies", hit.row("actor"))
    return None


def _place(sentence: Sentence, start: int) -> str | None:
    """Give the place before a number, else the first of the sentence."""
    places = [(hit, row) for hit in sentence.hits if (row := hit.row("place"))]
    before = [row for hit, row in places if hit.end <= start]
    if before:
        return before[0]
    return places[0][1] if places else None
