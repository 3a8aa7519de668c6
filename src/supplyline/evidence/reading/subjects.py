"""Who a number is about: the actor or place to which its sense belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.actors import ANY, ARMED, FORCES, STATE, Cast
from supplyline.evidence.reading.naming import actors_of
from supplyline.evidence.reading.senses import left_out

if TYPE_CHECKING:
    from supplyline.evidence.reading.cues import Sense
    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_NEAR: Final = 45
_SOLDIERS: Final = re.compile(
    r"\b(?:soldier\w*|troop\w*|soldat\w*|militaire\w*|servicem\w+|gendarme\w*|"
    r"security force\w*|garde\w*|guards?|polic\w+|officers?|elements|"
    r"garrisons?|garnisons?|recruits?|recrues?)\b"
)
_PEACE: Final = re.compile(r"\b(?:peacekeeper\w*|casques? bleus?)\b")
_HIRED: Final = re.compile(r"\b(?:mercenar\w+|mercenaire\w*|contractor\w*)\b")

_FROM_AIR: Final = re.compile(
    r"\b(?:(?:drone|air)\s*-?strikes?|frappes?|bombardements? aeriens?|air raids?)\b"
)
_TRIED: Final = re.compile(
    r"\b(?:soldier|soldiers|gendarme|officer|policeman|militaire|soldat|policier)\b.*"
    r"\b(?:sentenced|given|jailed|convicted|condamne|ecope|proces|tried|charged|inculpe)"
)
_LOST: Final = re.compile(
    r"\s*(?:has|have|had|ont|avait|avaient|a)?\s*(?:also|deja|already|aussi)?\s*"
    r"(?:lost|perdu|deplore|mourned|buried)\s+(?:\S+\s+){0,3}$"
)
_OWN_RANKS: Final = re.compile(
    r"\b(?:own losses|(?:ses|leurs) (?:propres )?pertes|(?:in|among) (?:its|their) "
    r"(?:own )?ranks|dans (?:ses|leurs) rangs|dans la troupe|of (?:its|their) own men|"
    r"des siens|des leurs|de ses hommes)\b"
)
_RANSOM: Final = re.compile(r"\b(?:ransom|rancon|hostage|otage|kidnap|ravisseur)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a number is about."""

    subject: str
    quantity: str
    actor: str | None


def meaning_of(
    sense: Sense, sentence: Sentence, mention: Mention, cast: Cast
) -> Meaning | None:
    """Name the subject of a number: fixed, or the actor or place it belongs to."""
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
            named = _victim(sentence, span, cast, left_out(sentence, mention))
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
    actor = cast.agent(sentence, *span, wanted) or cast.recall(ARMED) or cast.main
    return (actor or "insurgency", actor)


def _force(sentence: Sentence, span: Span, cast: Cast) -> Who | None:
    """Give the actor whose troops are counted."""
    own = _counted_actor(sentence, span)
    actor = own or cast.agent(sentence, *span, STATE - {"government"})
    if actor is None:
        lead = sentence.folded[sentence.span.start : span[1] + _NEAR]
        actor = cast.recall(FORCES) or (
            cast.army if _SOLDIERS.search(lead) else cast.recall(STATE)
        )
    return None if actor is None else (actor, actor)


def _victim(sentence: Sentence, span: Span, cast: Cast, elided: str) -> Who | None:
    """Give the actor whose people are lost."""
    own = (
        _counted_actor(sentence, span)
        or _loser(sentence, span, cast)
        or _ranks(sentence, span, cast)
    )
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
        foreign = foreign or _abroad(sentence, span, cast)
        if foreign is not None:
            return foreign
        return (cast.army, cast.army) if cast.army else ("armies", None)
    armed = cast.agent(sentence, *span, ARMED) or cast.recall(ARMED) or cast.main
    return (armed or "insurgency", armed)


def _loser(sentence: Sentence, span: Span, cast: Cast) -> str | None:
    """Give the actor that is said to have lost so many."""
    for part in cast.parts(sentence):
        if part.end <= span[0] and _LOST.fullmatch(sentence.folded, part.end, span[0]):
            return part.row
    return None


def _ranks(sentence: Sentence, span: Span, cast: Cast) -> str | None:
    """Give the actor in whose own ranks people were lost."""
    if _OWN_RANKS.search(sentence.folded[slice(*sentence.clause(*span))]) is None:
        return None
    return cast.agent(sentence, *span, STATE) or cast.agent(sentence, *span, ARMED)


def _harming(sentence: Sentence, span: Span, cast: Cast) -> Who | None:
    """Give abuses where state forces harm civilians, else the armed group."""
    actor = cast.agent(sentence, *span, ARMED | FORCES | {"government"})
    words = sentence.folded[slice(*sentence.clause(*span))]
    if actor is None and _FROM_AIR.search(words):
        actor = cast.army  # only the state flies
    if actor is None and _TRIED.search(words):
        return "abuses", None
    actor = actor or cast.recall(ARMED)
    if actor is None:
        return "losses", None
    armed = cast.context.actor_kinds.get(actor) in ARMED
    return (actor if armed else "abuses", actor)


def _earning(sentence: Sentence, span: Span, cast: Cast) -> Who | None:
    """Give the income of an armed group."""
    actor = cast.agent(sentence, *span, ARMED) or cast.recall(ARMED) or cast.main
    if actor is not None:
        return f"{actor}_revenue", actor
    words = sentence.folded[sentence.span.start : sentence.span.end]
    if _RANSOM.search(words):
        return "kidnapping", None
    return (f"{cast.leading}_revenue", None) if cast.leading else None


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


def _abroad(sentence: Sentence, span: Span, cast: Cast) -> Who | None:
    """Give the army of the only country that a clause names, if it is another one."""
    clause = sentence.clause(*span)
    home = cast.context.country
    named = [hit for hit in sentence.hits if clause[0] <= hit.start < clause[1]]
    codes = {code for hit in named if (code := hit.row("country"))}
    is_home = any(hit.row("actor") == cast.army for hit in named)
    if not codes or home in codes or is_home:
        return None
    actors = [row for hit in named if hit.row("country") and (row := hit.row("actor"))]
    return (actors[0] if len(codes) == 1 and actors else "armies", None)


def _place(sentence: Sentence, start: int) -> str | None:
    """Give the place before a number, else the first of the sentence."""
    places = [(hit, row) for hit in sentence.hits if (row := hit.row("place"))]
    before = [row for hit, row in places if hit.end <= start]
    if before:
        return before[0]
    return places[0][1] if places else None
