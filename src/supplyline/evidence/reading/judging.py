"""What a number is about, and whether that is sure enough to go without a person."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.actors import ANY, Cast
from supplyline.evidence.reading.cues import Sense, cue_pattern, family, happenings
from supplyline.evidence.reading.framing import Framing
from supplyline.evidence.reading.ignored_numbers import is_mere, is_trivia, is_vessel
from supplyline.evidence.reading.senses import Fit, Scopes, fits_of, scopes_of
from supplyline.evidence.reading.series import row_of
from supplyline.evidence.reading.subjects import Meaning, meaning_of
from supplyline.evidence.reading.topics import topics_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.evidence.reading.dated import Dated
    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_LEAST: Final = 3.0
_LEAST_ONE: Final = 9.0
"""Weight that "one" and "a" need: they are articles more often than numbers."""
_ONE: Final = cue_pattern("one|un|une|a|an")
_TOPIC_SHARE: Final = 0.15
"""How much of the weight of a subject's words is added to that of a sense."""
_MARGIN: Final = 0.5
"""How far the runner-up of another subject must be behind."""
_OUTWEIGHED: Final = 0.0
_KIN: Final = (
    frozenset({"actor", "victim", "harm", "force", "abuses", "insurgency", "armies"}),
    frozenset({"price", "macro"}),
    frozenset({"convoy", "escort", "losses", "tanker"}),
    frozenset({"supply_series", "supply_normal", "fuel_imports"}),
    frozenset({"corridor", "place", "trade"}),
    frozenset({"actor_revenue", "kidnapping"}),
)
"""Subjects whose words are much the same."""
_SURE_OF_NOUN: Final = 9.5
_BROAD: Final = 1
"""Priority of senses so broad that their words alone do not make them sure."""
_SURE: Final = 8.0
"""Weight that a sense needs to be sure."""
_SAME_SENTENCE: Final = 4.0
_SAME_PARAGRAPH: Final = 2.0
_SAME_TEXT: Final = 0.5
"""Weight of the subject of the number before, where the words do not tell."""
_THEME: Final = 4.0
"""Weight of a subject that all numbers so far were about."""

_RIGHTS: Final = re.compile(
    r"\b(?:violations?|human rights|droits (?:humains|de l'homme)|abuses?|exactions?|"
    r"protection (?:monitor|report|cluster)|drones?|frappes?|air ?strikes?|monitors)\b"
)

_RATE: Final = r"(?:(?:a|per|par) \w+\s*)?"
_JOINS: Final = re.compile(rf"\s*{_RATE}(?:,|\(|,? or|,? soit)\s*(?:about|environ)?\s*")
_CHANGES: Final = re.compile(
    rf"\s*{_RATE}[,(]?\s*(?:or |soit )?(?:[+\-\u2212\u2013]|(?:up|down)(?: by)?|"
    r"a (?:rise|fall|drop|jump) of|"
    r"(?:en|une|un) (?:hausse|baisse|recul|bond|chute|repli) de)\s*"
)
_MORE: Final = re.compile(
    r"\s*(?:more|less|higher|lower|fewer|dearer|above|below|de plus|de moins|on the|"
    r"year on year|y/y|w/w|sur un an|en un|par rapport)(?!\w)"
)
_FOLLOWING: Final = 16
_VERB: Final = 20

NO_UNIT: Final = "its unit is not known"
NO_SENSE: Final = "no sense of the lexicon fits these words"
VESSEL: Final = "it is the size of a bag or can"
NO_NEW: Final = "it stands for what was named before"
NO_SUBJECT: Final = "nobody it could be about is named"
FAR: Final = "its sense rests on words that stand far from it"
CLOSE: Final = "another sense fits its words nearly as well"
WEAK: Final = "few of its words speak for this sense"
TRIVIA: Final = "it may be an age, a time of day or how many people spoke"
ADVERBIAL: Final = "the date may only tell when something else was"
UNNAMED: Final = "the sentence does not name who did it"
NOUN: Final = "what is counted is not a word of its sense"
CARRIED: Final = "its sense is taken from the number before it"

_YIELDING: Final = {WEAK: 4.0, FAR: 1.5}
"""Doubts with which a sense yields to words for another subject; its weight then."""


@dataclass
class Judge:
    """Decides what numbers are about, sentence after sentence."""

    cast: Cast
    framing: Framing = field(default_factory=Framing)
    _last: tuple[Sentence, Meaning] | None = None
    _told: Counter[str] = field(default_factory=Counter)
    _actors: dict[str, str | None] = field(default_factory=dict)
    _columns: dict[int, Meaning] = field(default_factory=dict)
    _before: tuple[Mention, Meaning, str | None] | None = None

    def turn(self) -> None:
        """Begin a new paragraph."""
        self.framing.turn()

    def remember(self, sentence: Sentence) -> None:
        """Take note of a sentence that was read."""
        if self.framing.remember(sentence):
            self._last = None
            self._columns.clear()

    def meaning(
        self, sentence: Sentence, mention: Mention, whole: Mention | None
    ) -> tuple[Meaning | None, str | None]:
        """Find what a number is about, and why that is not sure."""
        meaning, reason = self._change(sentence, mention)
        if meaning is None:
            meaning, reason = self._judged(sentence, mention, whole)
        flaw = _flaw(sentence, mention)
        if meaning is not None and flaw is None:
            self._last = (sentence, meaning)
            self._told[meaning.subject] += 1
            self._actors[meaning.subject] = meaning.actor
            column = self.framing.column(sentence, mention)
            if column is not None:
                self._columns[column[0]] = meaning
            self._before = (mention, meaning, reason)
        return meaning, flaw or reason

    def _change(
        self, sentence: Sentence, mention: Mention
    ) -> tuple[Meaning | None, str | None]:
        """Take a change beside a number for one of the same: 900 tonnes, up 6%."""
        if self._before is None or family(mention.unit) not in ("percent", "ratio"):
            return None, None
        before, meaning, reason = self._before
        end = before.noun_end or before.end
        if end > mention.start or family(before.unit) in ("percent", "ratio"):
            return None, None
        gap = sentence.folded[end : mention.start]
        following = sentence.folded[mention.end : mention.end + _FOLLOWING]
        if _CHANGES.fullmatch(gap) or (
            _JOINS.fullmatch(gap) and _MORE.match(following)
        ):
            quantity = f"{meaning.quantity}_change" if meaning.quantity else ""
            return replace(meaning, quantity=quantity), reason
        return None, None

    def _judged(
        self, sentence: Sentence, mention: Mention, whole: Mention | None
    ) -> tuple[Meaning | None, str | None]:
        """Find what a number is about, by its senses, else by the topic."""
        scopes = self._scopes(sentence, mention)
        topics = topics_of(scopes, mention.unit, self.framing.background)
        fits = self._fitting(sentence, mention, whole)
        ranked = sorted(fits, key=lambda fit: -fit.weight - _support(fit.sense, topics))
        for place, fit in enumerate(ranked):
            meaning = meaning_of(fit.sense, sentence, mention, self.cast)
            if meaning is not None:
                doubt = _doubt(fit, ranked[place + 1 :], topics)
                if self._is_unnamed(fit.sense, sentence, mention):
                    return self._suffered(meaning, fit.sense, scopes), doubt or UNNAMED
                if doubt not in _YIELDING:
                    return meaning, doubt
                return self._proposed(sentence, mention, topics, doubt, meaning)
        reason = NO_SUBJECT if fits else NO_SENSE
        return self._proposed(sentence, mention, topics, reason)

    def _is_unnamed(self, sense: Sense, sentence: Sentence, mention: Mention) -> bool:
        """Whether harm was done by someone whom the sentence does not name."""
        if sense.subject != "harm":
            return False
        return self.cast.agent(sentence, mention.start, mention.end, ANY) is None

    def _suffered(self, meaning: Meaning, sense: Sense, scopes: Scopes) -> Meaning:
        """Count people harmed by someone unnamed among losses or abuses."""
        words = (*scopes.around, self.framing.background.heading)
        is_abuse = "abuses" in (meaning.subject, sense.quantity.removesuffix("_count"))
        is_abuse = is_abuse or any(map(_RIGHTS.search, words))
        return replace(meaning, subject="abuses" if is_abuse else "losses")

    def _proposed(
        self,
        sentence: Sentence,
        mention: Mention,
        topics: dict[str, float],
        reason: str,
        sensed: Meaning | None = None,
    ) -> tuple[Meaning | None, str | None]:
        """Propose a subject for a number that no sense fits, or one in doubt."""
        weights: dict[str, tuple[float, Meaning, str]] = {}
        for subject in sorted(topics, key=lambda subject: -topics[subject]):
            sense = Sense("", subject, "", None, None, None, False, 0)
            meaning = meaning_of(sense, sentence, mention, self.cast)
            if meaning is not None and meaning.subject not in weights:
                weights[meaning.subject] = (topics[subject], meaning, reason)
        if sensed is not None:
            weight = weights.get(sensed.subject, (0.0,))[0]
            weights[sensed.subject] = (weight + _YIELDING[reason], sensed, reason)
        for meaning, bonus in self._earlier(sentence, mention):
            weight = weights.get(meaning.subject, (0.0,))[0]
            weights[meaning.subject] = (weight + bonus, meaning, CARRIED)
        for meaning, bonus in self._themes():
            known = weights.get(meaning.subject, (0.0, meaning, CARRIED))
            weights[meaning.subject] = (known[0] + bonus, known[1], known[2])
        best = max(weights.values(), key=lambda one: one[0], default=None)
        return (None, reason) if best is None else best[1:]

    def _earlier(
        self, sentence: Sentence, mention: Mention
    ) -> Iterator[tuple[Meaning, float]]:
        """Yield what the number before was about, and the weight of going on."""
        column = self.framing.column(sentence, mention)
        if column is not None:
            if column[0] in self._columns:
                yield self._columns[column[0]], _SAME_SENTENCE
            return
        if self._last is None:
            return
        before, meaning = self._last
        if before.span.start == sentence.span.start:
            yield meaning, _SAME_SENTENCE
        elif before.paragraph == sentence.paragraph:
            yield meaning, _SAME_PARAGRAPH
        else:
            yield meaning, _SAME_TEXT

    def _themes(self) -> Iterator[tuple[Meaning, float]]:
        """Yield what the text told of so far, and the weight of going on about it."""
        for subject, count in self._told.items():
            share = count / self._told.total()
            yield Meaning(subject, "", self._actors[subject]), _THEME * share

    def _scopes(self, sentence: Sentence, mention: Mention) -> Scopes:
        """Gather the words around a number, those above its column among them."""
        column = self.framing.column(sentence, mention)
        return scopes_of(sentence, mention, "" if column is None else column[1])

    def _fitting(
        self, sentence: Sentence, mention: Mention, whole: Mention | None
    ) -> list[Fit]:
        """Choose the senses of a number, or those of its whole or of its row."""
        for other in (mention, whole, row_of(sentence, mention)[0]):
            if other is not None and (fits := self._fits(sentence, other)):
                return fits
        return []

    def _fits(self, sentence: Sentence, mention: Mention) -> list[Fit]:
        """Choose the senses of a number, the best first."""
        scopes = self._scopes(sentence, mention)
        word = sentence.folded[mention.start : mention.end].split(" ")[0]
        is_one = _ONE is not None and _ONE.fullmatch(word) is not None
        least = _LEAST_ONE if is_one and family(mention.unit) == "count" else _LEAST
        return fits_of(scopes, mention.unit, self.framing.background.earlier, least)


def doubt_of_date(sentence: Sentence, dated: Dated) -> str | None:
    """Tell why a date may not be a statement of its own."""
    clause = sentence.clause(dated.time.start, dated.time.end)
    first = max(clause[0], dated.time.start - _VERB)
    if not dated.time.is_since and any(
        act.quantity == dated.quantity
        and act.verbs is not None
        and act.verbs.search(sentence.folded, first, dated.time.start)
        for act in happenings()
    ):
        return None
    if any(
        clause[0] <= one.start < clause[1]
        and not dated.time.start <= one.start < dated.time.end
        for one in sentence.mentions
    ):
        return ADVERBIAL
    return None


def _support(sense: Sense, topics: dict[str, float]) -> float:
    """Give the weight that the words for a subject add to a sense of it."""
    return _TOPIC_SHARE * topics.get(sense.subject, 0.0)


def _doubt(fit: Fit, others: list[Fit], topics: dict[str, float]) -> str | None:
    """Tell why a sense is not sure: its words are far, or another one is close."""
    if not fit.is_near:
        return FAR
    if fit.sense.units == "count" and fit.is_of_others:
        return NOUN
    if _is_weak(fit, topics):
        return WEAK
    weight = fit.weight + _support(fit.sense, topics)
    for other in others:
        if other.is_near and other.sense.subject != fit.sense.subject:
            behind = weight - other.weight - _support(other.sense, topics)
            if behind < _MARGIN:
                return CLOSE
    return None


def _is_weak(fit: Fit, topics: dict[str, float]) -> bool:
    """Whether few words speak for a sense, or more for another subject."""
    is_loose_rank = fit.sense.units == "rank" and not fit.is_counted
    is_broad = fit.sense.priority <= _BROAD and fit.sense.counted is None
    if is_loose_rank or is_broad:
        return True
    is_plain = fit.sense.context is None or not fit.is_counted
    is_light = fit.weight < (_SURE_OF_NOUN if fit.is_counted else _SURE)
    return is_plain and is_light and _is_outweighed(fit.sense.subject, topics)


def _is_outweighed(subject: str, topics: dict[str, float]) -> bool:
    """Whether the words around a number speak more for a subject of another kind."""
    kin = next((group for group in _KIN if subject in group), frozenset({subject}))
    own = max((topics.get(one, 0.0) for one in kin), default=0.0)
    return max(topics.values(), default=0.0) > own + _OUTWEIGHED


def _flaw(sentence: Sentence, mention: Mention) -> str | None:
    """Tell why a number states nothing, whatever its words."""
    if mention.unit is None or family(mention.unit) == "other":
        return NO_UNIT
    if mention.value is None and mention.low is None and mention.high is None:
        return NO_SENSE
    if is_mere(sentence, mention):
        return NO_NEW
    if is_trivia(sentence, mention):
        return TRIVIA
    return VESSEL if is_vessel(sentence, mention) else None
