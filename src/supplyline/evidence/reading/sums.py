"""Millions and milliards of which a text leaves out of what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.columns import Head, scaled, with_unit
from supplyline.evidence.reading.cues import family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_MILLION: Final = 1e6
_MILLIARD: Final = 1e9
_LARGE: Final = 1e5
_SMALL: Final = 1000
_LOOK_BACK: Final = 24
_LEAD: Final = 44
_KINDS: Final = frozenset({"volume", "mass", "money", "energy"})
_SUM: Final = re.compile(
    r"\b(?:co[su]t\w*|pa(?:y|ie|id)\w*|emprunt\w*|leve\w*|budg\w*|recett\w*|"
    r"promet\w*|promis\w*|manqu\w*|perte\w*|perd\w*|vers\w*|financ\w*|fund\w*|debt|"
    r"dette\w*|rais\w*|lend\w*|loans?|spen\w*|worth|revenu\w*|demand\w*|doit|doivent|"
    r"deficit\w*|aide|aid|subsid\w*|subvention\w*|tax\w*|impots?|ransom|rancon\w*|"
    r"salair\w*|wages|amende\w*|fine[sd]?|compens\w*|indemni\w*|invest\w*|offer|"
    r"loss(?:es)?|lost|owe[sd]?|arrier\w*|arrears|pledg\w*|factur\w*|tresor|treasury)\b"
)
_SCALE: Final = re.compile(r"(?<![a-z])(million|milliard|billion|trillion|bn|m)s?\b")
_FACTORS: Final = {
    "million": 1e6, "m": 1e6, "milliard": 1e9, "billion": 1e9, "bn": 1e9,
    "trillion": 1e12,
}  # fmt: skip
_AGAIN: Final = re.compile(
    r"\b(?:contre|against|from|than|que|en \w+|instead of|au lieu de|versus|vs)\s+$"
)


def of_sum(
    sentence: Sentence, mention: Mention, done: Sequence[Mention], currency: str
) -> Mention | None:
    """Give millions that are paid, lent or lost the currency named last."""
    if not _is_scaled(sentence, mention):
        return None
    has_money = any(family(one.unit).startswith("money") for one in done[-_LOOK_BACK:])
    large = [one for one in done[-_LOOK_BACK:] if _size(one) >= _LARGE]
    if large and not has_money and family(large[-1].unit) in ("volume", "mass"):
        return None  # of 2.4 million litres, 3.1 million were promised
    if not has_money and not _SUM.search(sentence.folded, *sentence.span):
        return None
    return with_unit(mention, currency)


def of_millions(
    sentence: Sentence, mention: Mention, earlier: Sequence[Mention], currency: str
) -> Mention | None:
    """Give millions the unit of the last ones told; milliards are else of money."""
    if not _is_scaled(sentence, mention):
        return None
    for other in reversed(earlier):
        if _size(other) < _LARGE or other.unit is None:
            continue
        base = other.unit.partition("_per_")[0]
        if family(base) in _KINDS:
            is_flow = family(base) != "money" and "_per_" not in (mention.unit or "")
            return with_unit(mention, other.unit if is_flow else base)
        if other.noun_start is not None:
            return mention
    written = sentence.text[mention.start : mention.end]
    is_spelled = sum(letter.isalpha() for letter in written) > 1  # not room 4B
    is_money = is_spelled and _size(mention) >= _MILLIARD
    return with_unit(mention, currency) if is_money else None


def of_scale(
    sentence: Sentence, mention: Mention, other: Mention, *, is_left: bool
) -> Mention | None:
    """Give a small number the scale and unit of the one before it."""
    first = max(sentence.span.start, mention.start - _LEAD)
    size = _size(mention)
    is_part = size != int(size)
    again = _AGAIN.search(sentence.folded[first : mention.start])
    is_sum = is_left and family(other.unit) == "money"
    if size >= _SMALL or not (is_part or again or is_sum):
        return None
    scale = _SCALE.search(sentence.folded[other.start : other.end])
    if scale is None or family(other.unit) not in _KINDS:
        return None
    return scaled(mention, Head(other.unit or "", _FACTORS[scale.group(1)]))


def _is_scaled(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number of a million and more is written with its scale."""
    written = sentence.text[mention.start : mention.end]
    return _size(mention) >= _MILLION and any(c.isalpha() for c in written)


def _size(mention: Mention) -> float:
    """Give the size of a number."""
    return mention.value or mention.high or mention.low or 0
