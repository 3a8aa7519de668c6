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
    with_unit,
)
from supplyline.evidence.reading.cues import family
from supplyline.evidence.reading.prices import (
    BY_MEASURE,
    asked_for,
    by_measure,
    fuel_priced,
    is_of_fuel,
    is_of_vessel,
    priced,
    with_measure,
)
from supplyline.evidence.reading.series import with_ratio
from supplyline.evidence.reading.settings import headings_of
from supplyline.evidence.reading.sums import of_millions, of_scale, of_sum
from supplyline.evidence.reading.units import is_money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_LEAD: Final = 44
_ALIKE: Final = 30
_ALIKE_TIME: Final = 20
_ALIKE_LATER: Final = 8
_SENTENCES: Final = 2
_BRIEF: Final = 30
_LOOK_BACK: Final = 24
_LONG: Final = 64
_FAR: Final = 240
_NEAR: Final = 6
_LEAST_SUM: Final = 50
_MAX_LITRE_PRICE: Final = 10_000
_RATES: Final = frozenset({"day", "week", "month", "year"})
_MEASURES: Final = frozenset(
    {"duration", "distance", "volume", "mass", "money", "money_per_volume", "power",
     "energy", "area", "percent"}
)  # fmt: skip
_PARTICIPLE: Final = re.compile(
    r"(?:demande|recu|verse|debloque|bloque|attendu|stocke|livre|prevu|requested|"
    r"received|needed|expected|planned|offered|sought|promised|promis|pledged)e?s?|next|[a-z]+ment|[a-z]+ly|arrieres?|dettes?|"
    r"impayes|arrears|debts?|pertes|losses|recettes|subventions"
)
_OWN: Final = re.compile(
    r"\s*(?:were|are|have|had|died|dead|killed|wounded|missing|injured|"
    r"stay\w*|will|ont|sont|etaient|etait|avaient|seraient|seront|restent|vivent|"
    r"others?|autres|d'entre|par (?:balle|un)|aux mains|in number|of (?:whom|them))\b"
)
_PART: Final = re.compile(
    r"\b(?:dont|of which|including|y compris|of the [^;]{0,40},|"
    r"sur les [^;]{0,40},|des [^;]{0,40},)\s*$"
)
_COUNTING: Final = re.compile(
    r"\b(?:nous (?:etions|sommes)|on (?:est|etait)|ils (?:etaient|sont)|they were|"
    r"we (?:are|were)|there (?:were|are)|compte[sr]?|comptait|recense\w*|denombr\w*|"
    r"signal\w*|tally is|past|livraison|edition|issue|divise par|divided by|"
    r"multiplie par|under|day|jour|numero|"
    r"number|rue|office|bureau|box|gate|room|annexe?|page|plate|numbered|stood at)\s+"
    r"(?:bien |about |some |que )?$|"
    r"(?:\+|\d|(?<!instead )\bof|depuis le|semaine du)\s*$"
)
_PERSON: Final = re.compile(r"\b(?:an?|une?|the|le|la) [\w-]+, $")
_NEXT: Final = re.compile(
    r"\s*(?:(?:out )?of|des|de ses|de leurs|sur|in)\s+(?:every\s+|the\s+|its\s+|"
    r"their\s+|les\s+|ses\s+)?$"
)
_BREAK: Final = re.compile(r"[;.:!?]")
_EQUAL: Final = re.compile(
    r"\b(?:c'etait|c'est|it was|it is|was|were|had been|etait|etaient|est|il en (?:a )?"
    r"fall\w+|held|hold|takes?|took|prend|prenait|prenaient|pesaient|contre|against|"
    r"pris|mis|tenu|dure|lasted|meet|"
    r"now|n'en|n'esperent plus que|il en faut)\s+(?:[\w']+\s+){0,2}$"
)
_JOINED: Final = re.compile(
    r"\b(?:and|et|to|a|contre|against|vs|then|puis)\s+(?:\w+\s+){0,2}$|"
    r", (?:\w+\s+){1,2}$"
)
_AHEAD: Final = re.compile(r"[^;.:!?()]{1,60}")
_ORDINAL_DAY: Final = re.compile(r"\b(?:day|jour)\s+\Z")
_IT: Final = re.compile(r"\b(?:il|elle|it|on|en|same|meme|celui)\b|\bs'|\bn'en\b")
_LAST: Final = re.compile(r"\s*[,.;!?»\"]|\s*$")
_MILLIONS: Final = re.compile(r"\b(?:millions|milliards?)$")
_CLOCK: Final = re.compile(r"\d+ ?h ?\d*")
_THING: Final = re.compile(r"(?<!\bit )(?<!\bil )\b(?:costs?|coute|coutent)\b")


@dataclass(slots=True)
class _Memory:
    """Units that a text has spoken of."""

    currency: str
    head: Head | None = None
    columns: tuple[Head | None, ...] = ()
    told: list[list[Mention]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    asked: str | None = None
    paragraph: int = -1

    @property
    def recent(self) -> list[Mention]:
        """Numbers of the last sentences of the paragraph."""
        return [one for before in self.told[-_SENTENCES:] for one in before]


def with_elided_units(
    sentences: Sequence[Sentence], language: str, currency: str
) -> list[Sentence]:
    """Give bare numbers the units that the text leaves out."""
    headings = headings_of(sentences)
    currency = _main_currency(sentences, currency)
    memory = _Memory(currency)
    filled = []
    for index, sentence in enumerate(sentences):
        if index in headings and not cells_of(sentence):
            head = head_of(sentence.text, *sentence.span, language)
            if head is not None or not (sentence.times or ";" in _words(sentence)):
                memory.head = head
        _take_columns(sentence, language, memory)
        if sentence.paragraph != memory.paragraph:
            memory.paragraph, memory.told = sentence.paragraph, []
            memory.currency = currency
        filled.append(_fill_units(sentence, language, memory))
    return filled


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


def _fill_units(sentence: Sentence, language: str, memory: _Memory) -> Sentence:
    """Fill in the units of one sentence and take note of them."""
    done: list[Mention] = []
    for mention in sentence.mentions:
        whole = with_ratio(sentence, _unit_from_name(sentence, mention, memory))
        if _is_bare(sentence, whole):
            whole = _unit_from_context(sentence, language, whole, done, memory)
        whole = with_measure(sentence, whole, memory.asked, done)
        done.append(_with_rate(sentence, whole, done, memory))
        if whole.unit is not None and is_money(whole.unit[:3]):
            memory.currency = whole.unit[:3]
            words = sentence.folded[mention.start : mention.end].split()
            memory.names[words[-1]] = memory.currency
    done = _unit_from_next(sentence, done)
    memory.told = [*memory.told, done[-_LOOK_BACK:]][-_LOOK_BACK:]
    memory.asked = asked_for(_words(sentence)) or (memory.asked if done else None)
    return replace(sentence, mentions=done)


def _unit_from_next(sentence: Sentence, done: Sequence[Mention]) -> list[Mention]:
    """Give bare numbers the unit of the next one: 350 in June, it now fetches 600 F."""
    mentions = list(done)
    is_row = bool(cells_of(sentence))
    for index in range(len(mentions) - 2, -1, -1):
        one, other = mentions[index], mentions[index + 1]
        if not _is_bare(sentence, one) or not is_money((other.unit or "")[:3]):
            continue
        size = one.value or 0
        is_like = size >= _LEAST_SUM and _is_alike(other, one, _NEAR)
        is_gap = _AHEAD.fullmatch(sentence.folded[one.end : other.start]) is not None
        if (is_row and size == 0) or (
            is_like and is_gap and not _counts_itself(sentence, one)
        ):
            mentions[index] = with_unit(one, other.unit or "")
    return mentions


def _with_rate(
    sentence: Sentence, mention: Mention, done: Sequence[Mention], memory: _Memory
) -> Mention:
    """Give a sum the measure of the one before it: the gallon is 570; it was 400."""
    if (
        not is_money(mention.unit)
        or (mention.value or mention.high or 0) > _MAX_LITRE_PRICE
    ):
        return mention
    first = max(sentence.span.start, mention.start - 2 * _LEAD)
    lead = _BREAK.split(sentence.folded[first : mention.start])[-1]
    if is_of_vessel(lead) or (_IT.search(lead) is None and not is_of_fuel(lead)):
        return mention
    for other in reversed([*memory.recent, *done[-_LOOK_BACK:]]):
        base, _, rate = (other.unit or "").partition("_per_")
        if is_money(base):
            is_same = base == mention.unit and rate in BY_MEASURE
            is_like = is_same and _is_alike(other, mention, _NEAR)
            return replace(mention, unit=other.unit) if is_like else mention
    return mention


def _unit_from_name(sentence: Sentence, mention: Mention, memory: _Memory) -> Mention:
    """Take "pounds" for the currency first named in full, and "day 57" for days."""
    if mention.unit != "count":
        return mention
    first = max(sentence.span.start, mention.start - _LEAD)
    if _ORDINAL_DAY.search(sentence.folded, first, mention.start):
        return replace(mention, unit="days", noun_start=None, noun_end=None)
    if mention.noun_start is None:
        return mention
    noun = sentence.folded[mention.noun_start : mention.noun_end].split()
    is_share = noun == ["points"] and any(
        one.unit == "percent" for one in sentence.mentions
    )
    if is_share:
        return replace(mention, unit="percent", kind="change")
    code = memory.names.get(noun[0]) if noun else None
    if code is None:
        return mention
    return replace(mention, unit=code, end=mention.noun_start + len(noun[0]))


def _unit_from_context(
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
        or of_sum(sentence, mention, done, memory.currency)
        or of_millions(
            sentence,
            mention,
            [*(one for before in memory.told for one in before), *done[-_LOOK_BACK:]],
            memory.currency,
        )
        or _of_fuel(sentence, mention, done, memory)
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
    # French puts "de" between millions and what they count
    is_apart = bool(_MILLIONS.search(sentence.folded, mention.start, mention.end)) and (
        sentence.folded[mention.end : mention.noun_start] == " "
    )
    return is_apart or _PARTICIPLE.fullmatch(noun) is not None


def _of_scale(
    sentence: Sentence, mention: Mention, done: Sequence[Mention], memory: _Memory
) -> Mention | None:
    """Give a number the scale of the one before it: 9.8 billion here, 2.1 there."""
    earlier = [*memory.recent, *done[-1:]]
    if not earlier or _counts_itself(sentence, mention):
        return None
    rest = sentence.folded[mention.end : mention.end + _LEAD]
    is_left = bool(done) and _LAST.match(rest) is not None
    whole = of_scale(sentence, mention, earlier[-1], is_left=is_left)
    is_like = whole is not None and _is_alike(earlier[-1], whole, _ALIKE_LATER)
    return whole if is_like else None


def _of_fuel(
    sentence: Sentence, mention: Mention, done: Sequence[Mention], memory: _Memory
) -> Mention | None:
    """Give a number behind petrol the price of a litre, where nothing is counted."""
    is_counted = any(
        family(one.unit) == "count"
        and one.noun_start is not None
        and _is_alike(one, mention, _ALIKE_LATER)
        for one in done[-_LOOK_BACK:]
    )
    if is_counted or _counts_itself(sentence, mention):
        return None
    return fuel_priced(sentence, mention, memory.currency)


def _of_neighbour(
    sentence: Sentence, mention: Mention, done: Sequence[Mention], memory: _Memory
) -> Mention | None:
    """Give a number the unit of the one it is told beside: 430 litres; now it is 100.

    The nearest number before it that is of its size decides: where that one counts
    things, this one counts them too, and nothing is filled in.
    """
    if _counts_itself(sentence, mention):
        return mention
    for other in reversed(done[-_LOOK_BACK:]):
        is_bare = other.unit == "count" and other.noun_start is None
        if is_bare and _is_alike(other, mention, _ALIKE_LATER):
            return None  # it goes with one that has no unit itself
        if not is_bare and _is_alike(other, mention, _ALIKE):
            return _beside(sentence, mention, other, is_here=True)
    if any(one.noun_start is not None for one in done):
        return None
    for other in reversed(memory.recent):
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
        return with_unit(mention, unit) if is_rate else mention
    if cells_of(sentence) and not is_money(base):
        return mention  # the next cell of a row is another thing
    if not _is_beside(sentence, mention, other, is_here=is_here):
        return None
    start = max(sentence.span.start, mention.start - _FAR)
    lead = sentence.folded[start : mention.start]
    if unit == "percent":
        mention = _of_hundred(sentence, mention, other)
    is_other_thing = is_of_vessel(lead) or _THING.search(lead) is not None
    if is_money(base) and not is_here and (rate in _RATES or is_other_thing):
        unit = base  # what is earned each month is not owed each month
    return with_unit(mention, unit)


def _of_hundred(sentence: Sentence, mention: Mention, other: Mention) -> Mention:
    """Turn the seven of "three in ten, before it had been seven" into a percentage."""
    whole = _OUT_OF.search(sentence.folded, other.start, other.end + _OUT_REACH)
    factor = 1.0 if whole is None else _WHOLES[whole.group(1)]
    return scaled(mention, Head("percent", factor))


_OUT_REACH: Final = 24
_WHOLES: Final = {
    "five": 20.0, "cinq": 20.0, "5": 20.0, "ten": 10.0, "dix": 10.0, "10": 10.0,
}  # fmt: skip
_OUT_OF: Final = re.compile(
    r"\b(?:in|out of|sur)\s+(?:every\s+)?(five|cinq|5|ten|dix|10)\b"
)


def _counts_itself(sentence: Sentence, mention: Mention) -> bool:
    """Whether the words beside a number show that it counts people or things."""
    first = max(sentence.span.start, mention.start - _LEAD)
    lead = sentence.folded[first : mention.start]
    end = max(mention.end, mention.noun_end or 0)
    rest = sentence.folded[end : min(end + _LEAD, sentence.span.end)]
    if _PART.search(lead):
        return False
    is_age = (
        (mention.value or 0) < 100
        and rest.startswith(",")
        and _PERSON.search(lead) is not None
    )
    if is_age or _OWN.match(rest) or _COUNTING.search(lead):
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
    if other.unit == "percent" and (two > 100 or mention.kind != "amount"):
        return False
    if is_money((other.unit or "")[:3]) and most == _ALIKE_LATER:
        most = _ALIKE
    if family(other.unit) == "duration":
        most = _ALIKE_TIME
    return one / most <= two <= one * most


def _is_beside(
    sentence: Sentence, mention: Mention, other: Mention, *, is_here: bool
) -> bool:
    """Whether a number is told in the manner of an earlier one."""
    first = other.end if is_here else sentence.span.start
    gap = sentence.folded[max(first, mention.start - _FAR) : mention.start]
    lead = _BREAK.split(gap)[-1]
    if _PART.search(gap):
        return True
    if family(other.unit) in ("percent", "duration", "distance"):
        if _CLOCK.fullmatch(sentence.folded[other.start : other.end]):
            return False
        is_brief = is_here and (
            len(lead) <= _BRIEF
            or (len(lead) <= _LONG and _JOINED.search(lead) is not None)
        )
        return is_brief or _EQUAL.search(lead) is not None
    return len(lead) <= 2 * _LEAD
