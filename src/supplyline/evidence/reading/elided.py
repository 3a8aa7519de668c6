"""Units that a text leaves out: those of a table, a neighbour, a sum or a price."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.columns import (
    Head,
    cells_of,
    columns_of,
    head_of,
    is_rule,
    of_column,
    of_heading,
    of_label,
    scaled,
)
from supplyline.evidence.reading.cues import family
from supplyline.evidence.reading.prices import (
    asked_for,
    by_measure,
    fuel_priced,
    is_of_vessel,
    priced,
    with_measure,
)
from supplyline.evidence.reading.settings import headings_of
from supplyline.evidence.reading.units import is_money, with_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_LEAD: Final = 44
_MILLION: Final = 1e6
_ALIKE: Final = 30
_ALIKE_TIME: Final = 12
_ALIKE_LATER: Final = 8
_SENTENCES: Final = 2
_BRIEF: Final = 30
_HUNDRED: Final = 100
_RATES: Final = frozenset({"day", "week", "month", "year"})
_MEASURES: Final = frozenset(
    {"duration", "distance", "volume", "mass", "money", "money_per_volume", "power",
     "energy", "area", "percent"}
)  # fmt: skip
_SUM: Final = re.compile(
    r"\b(?:co[su]t\w*|coute\w*|pa(?:y|ie|id)\w*|emprunt\w*|leve\w*|budg\w*|recett\w*|"
    r"promet\w*|promis\w*|manqu\w*|perte\w*|perd\w*|vers\w*|financ\w*|fund\w*|debt|"
    r"dette\w*|rais\w*|lend\w*|loans?|spen\w*|worth|revenu\w*|demand\w*|doit|doivent|"
    r"deficit\w*|aide|aid|subsid\w*|subvention\w*|tax\w*|impots?|ransom|rancon\w*|"
    r"salair\w*|wages|amende\w*|fine[sd]?|compens\w*|indemni\w*|invest\w*|offer|"
    r"loss(?:es)?|lost|owe[sd]?|arrier\w*|arrears|pledg\w*|factur\w*|tresor|treasury)\b"
)
_PARTICIPLE: Final = re.compile(
    r"(?:demande|recu|verse|debloque|bloque|attendu|stocke|livre|prevu|requested|"
    r"received|needed|expected|planned)e?s?"
)
_OWN: Final = re.compile(
    r"\s*(?:were|was|are|is|have|had|has|did|died|dead|killed|wounded|missing|injured|"
    r"stay\w*|will|ont|sont|etaient|etait|avaient|seraient|seront|restent|vivent|"
    r"others?|autres|d'entre|par (?:balle|un)|aux mains|in number|of (?:whom|them))\b"
)
_PART: Final = re.compile(
    r"\b(?:dont|of which|including|y compris|of the [^;]{0,40},|des [^;]{0,40},)\s*$"
)
_COUNTING: Final = re.compile(
    r"\b(?:nous (?:etions|sommes)|on (?:est|etait)|ils (?:etaient|sont)|they were|"
    r"we (?:are|were)|there (?:were|are)|compte[sr]?|comptait|recense\w*|denombr\w*|"
    r"signal\w*|tally is|past|livraison|edition|issue|divise par|divided by|"
    r"multiplie par|under|day|jour|numero|"
    r"number|rue|room|annexe|annex|page|plate|numbered|stood at)\s+"
    r"(?:a |bien |about |some |que )?$|"
    r"(?:\+|\d|(?<!instead )\bof|depuis le|semaine du)\s*$"
)
_NEXT: Final = re.compile(
    r"\s*(?:(?:out )?of|des|de ses|de leurs|sur|in)\s+(?:every\s+|the\s+|its\s+|"
    r"their\s+|les\s+|ses\s+)?$"
)
_BREAK: Final = re.compile(r"[;.:!?]")
_EQUAL: Final = re.compile(
    r"\b(?:c'etait|c'est|it was|it is|was|were|had been|etait|etaient|est|il en (?:a )?"
    r"fall\w+|held|hold|takes?|took|prend|prenait|prenaient|pesaient|contre|against|"
    r"now|n'en|n'esperent plus que|il en faut)\s+(?:[\w']+\s+){0,2}$"
)
_CLOCK: Final = re.compile(r"\d+ ?h ?\d*")
_THING: Final = re.compile(r"(?<!\bit )(?<!\bil )\b(?:costs?|coute|coutent)\b")


@dataclass(slots=True)
class _Memory:
    """Units that a text has spoken of."""

    currency: str
    head: Head | None = None
    columns: tuple[Head | None, ...] = ()
    recent: list[list[Mention]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    asked: str | None = None
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
    currency = _main_currency(sentences, currency)
    memory = _Memory(currency)
    found = []
    for index, sentence in enumerate(sentences):
        if index in headings and not cells_of(sentence):
            head = head_of(sentence.text, *sentence.span, language)
            if head is not None or not (sentence.times or ";" in _words(sentence)):
                memory.head = head
        _take_columns(sentence, language, memory)
        if sentence.paragraph != memory.paragraph:
            memory.paragraph, memory.recent = sentence.paragraph, []
            memory.currency = currency
        found.append(_filled(sentence, language, memory))
    return found


def _main_currency(sentences: Sequence[Sentence], currency: str) -> str:
    """Give the currency of a text: that of the case, or else the one named most."""
    named = Counter(
        (mention.unit or "")[:3]
        for sentence in sentences
        for mention in sentence.mentions
        if is_money((mention.unit or "")[:3])
    )
    local = [code for code, _ in named.most_common() if code not in _WORLDWIDE]
    return currency if currency in named or not local else local[0]


_WORLDWIDE: Final = frozenset({"USD", "EUR"})


def _words(sentence: Sentence) -> str:
    """Give the folded words of a sentence."""
    return sentence.folded[sentence.span.start : sentence.span.end]


def _take_columns(sentence: Sentence, language: str, memory: _Memory) -> None:
    """Take note of the columns of a table, and forget them where it ends."""
    if is_rule(sentence):
        return
    if not cells_of(sentence):
        memory.columns = ()
    elif not memory.columns:
        memory.columns = columns_of(sentence, language, memory.head, memory.currency)


def _filled(sentence: Sentence, language: str, memory: _Memory) -> Sentence:
    """Fill in the units of one sentence and take note of them."""
    done: list[Mention] = []
    for mention in sentence.mentions:
        whole = _named(sentence, mention, memory)
        if _is_bare(sentence, whole):
            whole = _whole(sentence, language, whole, done, memory)
        whole = with_measure(sentence, whole, memory.asked)
        done.append(whole)
        if whole.unit is not None and is_money(whole.unit[:3]):
            memory.currency = whole.unit[:3]
            words = sentence.folded[mention.start : mention.end].split()
            memory.names[words[-1]] = memory.currency
    memory.recent = [*memory.recent, done][-_SENTENCES:]
    memory.asked = asked_for(_words(sentence)) or (memory.asked if done else None)
    return replace(sentence, mentions=done)


def _named(sentence: Sentence, mention: Mention, memory: _Memory) -> Mention:
    """Take "pounds" for the currency that was first named in full."""
    if mention.unit != "count" or mention.noun_start is None:
        return mention
    noun = sentence.folded[mention.noun_start : mention.noun_end].split()
    code = memory.names.get(noun[0]) if noun else None
    if code is None:
        return mention
    return replace(mention, unit=code, end=mention.noun_start + len(noun[0]))


def _whole(
    sentence: Sentence,
    language: str,
    mention: Mention,
    done: Sequence[Mention],
    memory: _Memory,
) -> Mention:
    """Give a bare number the unit of the first source that has one."""
    return (
        by_measure(mention, memory.currency)
        or of_column(sentence, mention, memory.columns)
        or of_heading(sentence, mention, memory.head)
        or of_label(sentence, mention, language)
        or (mention if memory.columns else None)
        or _of_sum(sentence, mention, done, memory)
        or fuel_priced(sentence, mention, memory.currency)
        or _of_scale(sentence, mention, done, memory)
        or _of_neighbour(sentence, mention, done, memory)
        or priced(sentence, mention, memory.currency)
        or mention
    )


def _is_bare(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number stands without a unit and counts nothing."""
    unit, _, rate = (mention.unit or "").partition("_per_")
    if unit != "count" or rate == "hour":
        return False
    if mention.noun_start is None or rate not in ("", *_RATES):
        return mention.noun_start is None
    noun = sentence.folded[mention.noun_start : mention.noun_end]
    return _PARTICIPLE.fullmatch(noun) is not None


def _of_sum(
    sentence: Sentence, mention: Mention, done: Sequence[Mention], memory: _Memory
) -> Mention | None:
    """Give millions that are paid, lent or lost the currency named last."""
    number = mention.value or mention.low or mention.high or 0
    written = sentence.text[mention.start : mention.end]
    if number < _MILLION or not any(c.isalpha() for c in written):
        return None
    has_money = any(family(m.unit).startswith("money") for m in done)
    if not has_money and not _SUM.search(_words(sentence)):
        return None
    return _with(mention, memory.currency)


def _of_scale(
    sentence: Sentence, mention: Mention, done: Sequence[Mention], memory: _Memory
) -> Mention | None:
    """Give a number the scale of the one before it: 9.8 billion here, 2.1 there."""
    earlier = [one for before in (*memory.recent, done) for one in before]
    lead = sentence.folded[
        max(sentence.span.start, mention.start - _LEAD) : mention.start
    ]
    size = mention.value or mention.high or mention.low or 0
    is_likely = size != int(size) or _AGAIN.search(lead) is not None
    if (
        not earlier
        or not is_likely
        or size >= _SMALL
        or _counts_itself(sentence, mention)
    ):
        return None
    other = earlier[-1]
    scale = _SCALE.search(sentence.folded[other.start : other.end])
    if scale is None or family(other.unit) not in _MEASURES:
        return None
    word = scale.group(1)
    factor = _MILLIARD if word == "milliard" else _FACTORS[word[:4]]
    whole = scaled(mention, Head(other.unit or "", factor))
    return whole if _is_alike(other, whole, _ALIKE_LATER) else None


_SMALL: Final = 1000
_SCALE: Final = re.compile(r"\b(million|milliard|billion|trillion|bn|m)s?\b")
_MILLIARD: Final = 1e9
_FACTORS: Final = {"mill": 1e6, "m": 1e6, "bill": 1e9, "bn": 1e9, "tril": 1e12}
_AGAIN: Final = re.compile(
    r"\b(?:contre|against|from|than|que|en \w+|instead of|au lieu de|versus|vs)\s+$"
)


def _with(mention: Mention, unit: str) -> Mention:
    """Give a number a unit, its own rate kept."""
    rate = (mention.unit or "").partition("_per_")[2]
    if rate:
        unit = with_rate(unit.partition("_per_")[0], rate)
    kind = "share" if unit == "percent" and mention.kind == "amount" else mention.kind
    return replace(mention, unit=unit, kind=kind)


def _of_neighbour(
    sentence: Sentence, mention: Mention, done: Sequence[Mention], memory: _Memory
) -> Mention | None:
    """Give a number the unit of the one it is told beside: 430 litres; now it is 100.

    The nearest number before it that is of its size decides: where that one counts
    things, this one counts them too, and nothing is filled in.
    """
    if _counts_itself(sentence, mention):
        return mention
    for other in reversed(done):
        if other.unit == "count" and other.noun_start is None:
            continue  # without a unit itself
        if _is_alike(other, mention, _ALIKE):
            return _beside(sentence, mention, other, is_here=True)
    if any(one.noun_start is not None for one in done):
        return None
    earlier = [one for before in memory.recent for one in before]
    for other in reversed(earlier):
        if _is_alike(other, mention, _ALIKE_LATER):
            return _beside(sentence, mention, other, is_here=False)
    return None


def _beside(
    sentence: Sentence, mention: Mention, other: Mention, *, is_here: bool
) -> Mention | None:
    """Give a number the unit of another one; itself where that one counts things."""
    unit = other.unit or ""
    base, _, rate = unit.partition("_per_")
    if family(unit) not in _MEASURES and unit != "head":
        is_rate = rate in _RATES and is_here
        return _with(mention, unit) if is_rate else mention
    if not _is_beside(sentence, mention, other, is_here=is_here):
        return None
    lead = sentence.folded[sentence.span.start : mention.start]
    is_other_thing = is_of_vessel(lead) or _THING.search(lead) is not None
    if is_money(base) and not is_here and (rate in _RATES or is_other_thing):
        unit = base  # what is earned each month is not owed each month
    return _with(mention, unit)


def _counts_itself(sentence: Sentence, mention: Mention) -> bool:
    """Whether the words beside a number show that it counts people or things."""
    first = max(sentence.span.start, mention.start - _LEAD)
    lead = sentence.folded[first : mention.start]
    end = max(mention.end, mention.noun_end or 0)
    rest = sentence.folded[end : sentence.span.end]
    if _PART.search(lead):
        return False
    if _OWN.match(rest) or _COUNTING.search(lead):
        return True
    following = [m for m in sentence.mentions if m.start >= mention.end][:1]
    return any(
        _NEXT.fullmatch(sentence.folded[mention.end : other.start]) is not None
        and family(other.unit) == "count"
        for other in following
    )


def _is_alike(other: Mention, mention: Mention, most: float) -> bool:
    """Whether two numbers are near enough in size to be of one unit."""
    one = other.value or other.high or other.low or 0
    two = mention.value or mention.high or mention.low or 0
    if other.unit == "percent" and (two > _HUNDRED or mention.kind != "amount"):
        return False
    if is_money((other.unit or "")[:3]):
        most = _ALIKE
    if family(other.unit) == "duration":
        most = min(most, _ALIKE_TIME)
    return one / most <= two <= one * most


def _is_beside(
    sentence: Sentence, mention: Mention, other: Mention, *, is_here: bool
) -> bool:
    """Whether a number is told in the manner of an earlier one."""
    first = other.end if is_here else sentence.span.start
    gap = sentence.folded[first : mention.start]
    lead = _BREAK.split(gap)[-1]
    if _PART.search(gap):
        return True
    if family(other.unit) in ("percent", "duration", "distance"):
        if _CLOCK.fullmatch(sentence.folded[other.start : other.end]):
            return False
        is_brief = is_here and len(lead) <= _BRIEF
        return is_brief or _EQUAL.search(lead) is not None
    return len(lead) <= 2 * _LEAD
