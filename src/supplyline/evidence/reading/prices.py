"""Prices of which a text leaves out the currency, or what they are paid for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.units import is_money, with_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

BY_MEASURE: Final = frozenset({"litre", "kg", "gallon", "barrel", "tonne", "ounce"})
"""What prices are told by."""

_MEASURE: Final = re.compile(
    r"\b(?:(?:a|per|the|one|each|every|same|le|chaque|un|par|du|au|ce|meme|1)\s+|l')"
    r"(?P<per>lit(?:re|er)|kilo(?:gramm?e?)?|kg|gallon)s?\b(?!\s+et\s+demi)"
)
_MEASURE_AFTER: Final = re.compile(
    r"(?:\s*|[^\d,]{0,40}\b(?:on|sur|for|pour)\s+)" + _MEASURE.pattern
)
_PER: Final = {"liter": "litre", "kilo": "kg", "kilogramme": "kg", "kilogram": "kg"}
_PRODUCT: Final = re.compile(
    r"\b(?:petrol|gasoline|diesel|essence|gasoil|gazole|super|supercarburant)\b"
)
_AFTER: Final = re.compile(
    r"\s*(?:l'|le |la |les |of |for )?(?:" + _PRODUCT.pattern + ")"
)
_VESSEL: Final = re.compile(
    r"\b(?:barrel|baril|jerr[yi]can|bidon|bottle|bouteille|(?<!from a )drum|"
    r"fut|sac|sack|bag|plein|tank|tonne|ton|place|seat|course|camion|truck|tanker|citerne|"
    r"bonbonne|cylinder|queue|file|convoi|convoy|column|colonne|station|stock|line|"
    r"trajet|trip|passage|billet|ticket)s?\b"
)
_PRICE: Final = re.compile(
    r"\b(?:cost\w*|cout\w*|vaut|valait|valent|vend\w*|revend\w*|achet\w*|achat|pay\w*|"
    r"paie\w*|paid|sells?|sold|buys?|bought|fetch\w*|asks?|asked|demand\w*|charg\w*|"
    r"fine[sd]?|amende\w*|prix|prices?|tarif\w*|fares?|fee|rates?|affich\w*|factur\w*|gagn\w*|earn\w*|"
    r"salair\w*|salary|wages?|pay|paye|dette|debt|owes?|doit|gliss\w*|bribe\w*|"
    r"goes for|go for|handed|hands|prenai\w*|prend|prelev\w*|reclam\w*|ced\w*|"
    r"negoci\w*|trait\w*|toll|peage|osent|debute|percoit)\b"
)
_AT: Final = re.compile(r"\b(?:a|at)\s+$")
_VESSEL_AT: Final = re.compile(r"(?:\b(?:a|at|pour|for)|[,:])\s+$")
_OF: Final = re.compile(
    r"(?<!price )(?<!prices )(?<!prix )(?<!cost )(?<!tarif )(?<!fine )(?<!amende )"
    r"(?<!toll )(?<!fare )(?<!salaire )(?<!dette )\b(?:de|des|of)\s+$"
)
_EACH: Final = re.compile(
    r"\s*(?:a chaque fois|chaque fois|each|apiece|piece|chacun\w*|l'unite|la piece)\b"
)
_ROUND: Final = 5
_LEAST: Final = 50
_LEAST_VESSEL: Final = 500
_LITRE_MONEY: Final = "XOF"
_LITRE_BOUNDS: Final = (200, 10_000)
_LEAD: Final = 70
_BREAK: Final = re.compile(r"[;.!?]")


def asked_for(words: str) -> str | None:
    """Give the measure whose price a question asks, such as a litre of petrol."""
    if not words.rstrip(" *").endswith("?"):
        return None
    match = _MEASURE.search(words)
    return None if match is None else _PER.get(match["per"], match["per"])


def is_of_vessel(words: str) -> bool:
    """Tell whether a price is that of a drum, a sack or a trip, and of no measure."""
    return _VESSEL.search(words) is not None


def is_of_fuel(words: str) -> bool:
    """Tell whether a fuel is named before a price."""
    return _PRODUCT.search(words) is not None


def with_measure(
    sentence: Sentence,
    mention: Mention,
    asked: str | None = None,
    done: Sequence[Mention] = (),
) -> Mention:
    """Give a sum what it is paid for: the kilo of onions fetches 600 francs."""
    if not is_money(mention.unit) or _size(mention) >= _LITRE_BOUNDS[1]:
        return mention
    lead, rest = _around(sentence, mention)
    if _VESSEL.search(lead):
        return mention
    measures = list(_MEASURE.finditer(lead))
    after = _MEASURE_AFTER.match(_BREAK.split(rest)[0])
    is_at_litre = _AT.search(lead) and any(one.unit == "litre" for one in done[-2:])
    is_product = mention.unit == _LITRE_MONEY and _PRODUCT.search(lead) is not None
    if after is not None:
        per = after["per"]
    elif measures:
        per = measures[-1]["per"]
    elif asked is not None:
        per = asked
    elif is_at_litre or (is_product and _is_litre(mention)):
        per = "litre"
    else:
        return mention
    return replace(mention, unit=with_rate(mention.unit or "", _PER.get(per, per)))


def fuel_priced(sentence: Sentence, mention: Mention, currency: str) -> Mention | None:
    """Give a bare number that follows a fuel the price of a litre."""
    if not _is_round(mention) or not _is_litre(mention):
        return None
    lead, rest = _around(sentence, mention)
    if _VESSEL.search(lead) or mention.unit != "count":
        return None
    is_before = _PRODUCT.search(lead) is not None and _ENDS.match(rest) is not None
    is_after = _AFTER.match(rest) is not None and _PRICE.search(lead) is not None
    if not is_before and not is_after:
        return None
    return replace(mention, unit=with_rate(currency, "litre"))


def by_measure(mention: Mention, currency: str) -> Mention | None:
    """Give a bare number by the litre or kilo the currency spoken of."""
    rate = (mention.unit or "").partition("_per_")[2]
    if rate not in BY_MEASURE:
        return None
    return replace(mention, unit=with_rate(currency, rate))


def priced(sentence: Sentence, mention: Mention, currency: str) -> Mention | None:
    """Give a bare number that a clause calls a price the currency spoken of."""
    lead, rest = _around(sentence, mention)
    is_price = _PRICE.search(lead) is not None and _ENDS.match(rest) is not None
    is_price = is_price and _OF.search(lead) is None
    is_price = is_price or _EACH.match(rest) is not None
    if _VESSEL.search(lead) and _VESSEL_AT.search(lead) and _ENDS.match(rest):
        is_price = is_price or _size(mention) >= _LEAST_VESSEL
    if not _is_round(mention) or not is_price:
        return None
    per = _MEASURE.search(lead)
    unit = currency
    if per is not None and not _VESSEL.search(lead):
        unit = with_rate(unit, _PER.get(per["per"], per["per"]))
    return replace(mention, unit=unit)


def _around(sentence: Sentence, mention: Mention) -> tuple[str, str]:
    """Give the words of the clause before a number, and those after it."""
    first = max(sentence.span.start, mention.start - _LEAD)
    lead = _BREAK.split(sentence.folded[first : mention.start])[-1]
    last = min(sentence.span.end, mention.end + _LEAD)
    return lead, sentence.folded[mention.end : last]


def _size(mention: Mention) -> float:
    """Give the size of a number."""
    return mention.value or mention.high or mention.low or 0


def _is_round(mention: Mention) -> bool:
    """Whether a number is as round as prices are."""
    size = _size(mention)
    return size >= _LEAST and size % _ROUND == 0


def _is_litre(mention: Mention) -> bool:
    """Whether a number can be the price of a litre in francs."""
    return _LITRE_BOUNDS[0] <= _size(mention) <= _LITRE_BOUNDS[1]


_ENDS: Final = re.compile(
    r"\s*(?:$|[,;.:!?)(»\"-]|(?:in|en|at|a|le|la|les|for|pour|par|on|to|de|by|from|"
    r"and|et|per|when|quand|more|last|hier|today|this|ce|un|une|is|was|now|est)\b|l')"
)
"""What may follow a number that counts no thing."""
