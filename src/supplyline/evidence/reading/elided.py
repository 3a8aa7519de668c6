"""Units that a text leaves out: those of a table's head, a neighbour or a sum."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from supplyline.evidence.reading.cues import family
from supplyline.evidence.reading.number_words import value_of
from supplyline.evidence.reading.settings import headings_of
from supplyline.evidence.reading.units import is_money, with_rate
from supplyline.evidence.reading.words import phrases, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_ROW_WORDS: Final = 18
_LONG_GAP: Final = 90
_LEAD: Final = 44
_MILLION: Final = 1e6
_BRIEF: Final = 8
_ALIKE: Final = 20
_MEASURES: Final = frozenset(
    {"duration", "distance", "volume", "mass", "money", "money_per_volume", "power"}
)
_ROW_PER: Final = re.compile(
    r"[,(/]\s*(?:le |la |per |par |a |1 )?(?P<per>kg|kilo|litre|liter|l|tonne|ton|t|"
    r"gallon|barrel|baril)\b"
)
_PER: Final = {"kilo": "kg", "liter": "litre", "l": "litre", "ton": "tonne",
               "t": "tonne", "baril": "barrel"}  # fmt: skip
_SAME: Final = re.compile(
    r"\b(?:instead of|au lieu d[e']|contre|against|down from|up from|from|dont|"
    r"of which|is|are|was|were|est|etait|sont|now|takes?|took|prend|prenait|recu|"
    r"received|got|had|normal|usual|reached|atteint|atteignait|to|a|sur|normally|"
    r"before|avant|paye|paid)\W+(?:\w+\s+){0,2}$"
)
_SHARE: Final = re.compile(
    r"(?:[^,;\d]{0,20}[,;])?\s*(?:(?:in|en|au|to|a|from|contre|against|puis|then|et|and|after|apres)\s+)"
    r"(?:[\w']+\s+){0,3}"
)
_SUM: Final = re.compile(
    r"\b(?:co[su]t\w*|coute\w*|pa(?:y|ie|id)\w*|emprunt\w*|leve\w*|budg\w*|recett\w*|"
    r"promet\w*|promis\w*|manqu\w*|perte\w*|perd\w*|vers\w*|financ\w*|fund\w*|debt|"
    r"dette\w*|rais\w*|lend\w*|loans?|spen\w*|worth|revenu\w*|demand\w*|"
    r"deficit\w*|aide|aid|subsid\w*|subvention\w*|tax\w*|impots?|ransom|rancon\w*|"
    r"salair\w*|wages|amende\w*|fine[sd]?|compens\w*|indemni\w*|invest\w*|"
    r"loss(?:es)?|lost|owe[sd]?|arrier\w*|arrears|pledg\w*|factur\w*|tresor|treasury)\b"
)
_PARTICIPLE: Final = re.compile(
    r"(?:demande|recu|verse|debloque|requested|received)e?s?"
)
_PRONOUN: Final = re.compile(
    r"^\W*(?:[^,]{0,24},\s*)?(?:il|elle|ils|elles|it|they|we|nous|on|ce prix|celui)\b"
)


class _Head(NamedTuple):
    """What a heading says of the figures below it."""

    unit: str
    factor: float


@dataclass(slots=True)
class _Memory:
    """Units that a text has spoken of."""

    currency: str
    head: _Head | None = None
    last: Mention | None = None
    paragraph: int = -1


def with_elided_units(
    sentences: Sequence[Sentence], language: str, currency: str
) -> list[Sentence]:
    """Give bare numbers the units that the text leaves out.

    Parameters
    ----------
    sentences : sequence of Sentence
        Sentences of a text.
    language : str
        ISO 639 code.
    currency : str
        Currency of the case, for a sum of which no currency is named.

    Returns
    -------
    list of Sentence
        The same, with more units.
    """
    headings = headings_of(sentences)
    memory = _Memory(currency)
    found = []
    for index, sentence in enumerate(sentences):
        if index in headings:
            head = _head_of(sentence, language)
            if head is not None or not (sentence.times or ";" in _words(sentence)):
                memory.head = head
        if sentence.paragraph != memory.paragraph:
            memory.paragraph, memory.last = sentence.paragraph, None
            memory.currency = currency
        found.append(_filled(sentence, memory))
    return found


def _words(sentence: Sentence) -> str:
    """Give the folded words of a sentence."""
    return sentence.folded[sentence.span.start : sentence.span.end]


def _head_of(sentence: Sentence, language: str) -> _Head | None:
    """Read the unit of a table from its heading: prices (FCFA per litre)."""
    line = tokens(sentence.text, *sentence.span)
    unit, factor, rate = None, 1.0, None
    for index in range(len(line)):
        currency = phrases("currencies", language).at(line, index)
        per = phrases("rates", language).at(line, index)
        if currency is not None and unit is None:
            written = line[index].written
            unit = (
                currency[0]["code"] if written.isupper() or len(written) > 1 else None
            )
        elif per is not None and rate is None:
            rate = per[0]["per"]
        elif len(line[index].word) > 3:
            factor = value_of(line, index, "scale", language) or factor
    if unit is None:
        return None
    return _Head(unit if rate is None else with_rate(unit, rate), factor)


def _filled(sentence: Sentence, memory: _Memory) -> Sentence:
    """Fill in the units of one sentence and take note of them."""
    done: list[Mention] = []
    for mention in sentence.mentions:
        whole = mention
        if _is_bare(sentence, mention):
            whole = (
                _of_head(sentence, mention, memory)
                or _of_sum(sentence, mention, done, memory)
                or _of_neighbour(sentence, mention, done)
                or _of_sentence_before(sentence, mention, memory)
                or mention
            )
        done.append(whole)
        if family(whole.unit) in _MEASURES:
            memory.last = whole
        if whole.unit is not None and is_money(whole.unit[:3]):
            memory.currency = whole.unit[:3]
    return replace(sentence, mentions=done)


def _is_bare(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number stands without a unit and counts nothing."""
    if mention.unit != "count" or mention.noun_start is None:
        return mention.unit == "count"
    noun = sentence.folded[mention.noun_start : mention.noun_end]
    return _PARTICIPLE.fullmatch(noun) is not None


def _of_head(sentence: Sentence, mention: Mention, memory: _Memory) -> Mention | None:
    """Give a figure of a row the unit of its table's heading."""
    words = _words(sentence)
    is_row = len(words.split()) <= _ROW_WORDS and not words.endswith((".", "!", "?"))
    if memory.head is None or not is_row:
        return None
    unit, factor = memory.head
    label = _ROW_PER.search(
        words[: sentence.mentions[0].start - sentence.span.start + 1]
    )
    if label is not None and is_money(unit):
        per = label["per"]
        unit = with_rate(unit, _PER.get(per, per))
    return _times(replace(mention, unit=unit), factor)


def _times(mention: Mention, factor: float) -> Mention:
    """Multiply a number by the scale of its table."""
    if factor == 1:
        return mention
    value, low, high = (
        None if number is None else float(f"{number * factor:.12g}")
        for number in (mention.value, mention.low, mention.high)
    )
    return replace(mention, value=value, low=low, high=high)


def _of_sum(
    sentence: Sentence, mention: Mention, done: Sequence[Mention], memory: _Memory
) -> Mention | None:
    """Give millions that are paid, lent or lost the currency named last."""
    number = mention.value or mention.low or mention.high or 0
    written = sentence.text[mention.start : mention.end]
    if number < _MILLION or not any(c.isalpha() for c in written):
        return None
    has_money = any(family(m.unit) == "money" for m in done)
    if not has_money and not _SUM.search(_words(sentence)):
        return None
    return replace(mention, unit=memory.currency)


def _of_neighbour(
    sentence: Sentence, mention: Mention, done: Sequence[Mention]
) -> Mention | None:
    """Give a number the unit of the one before it: 430 litres; the allowance is 100."""
    if not done:
        return None
    other = done[-1]
    gap = sentence.folded[other.end : mention.start]
    if other.unit == "percent" and mention.kind == "amount":
        is_same = _SHARE.fullmatch(gap) is not None
        return replace(mention, unit="percent", kind="share") if is_same else None
    is_rate = (other.unit or "").startswith("count_per_")
    if family(other.unit) not in _MEASURES and not is_rate:
        return None
    lead = sentence.folded[max(other.end, mention.start - _LEAD) : mention.start]
    if len(gap) > _LONG_GAP or _SAME.search(lead) is None:
        return None
    return replace(mention, unit=other.unit)


def _of_sentence_before(
    sentence: Sentence, mention: Mention, memory: _Memory
) -> Mention | None:
    """Give the only number of a sentence the unit of the sentence before it."""
    other = memory.last
    if other is None or len(sentence.mentions) > 1 or mention.value is None:
        return None
    if _PRONOUN.match(_words(sentence)) is None:
        return None
    size = other.value or other.high or 0
    is_alike = size / _ALIKE <= mention.value <= size * _ALIKE
    rest = sentence.folded[mention.end : sentence.span.end].split()
    return (
        replace(mention, unit=other.unit) if is_alike and len(rest) <= _BRIEF else None
    )
