"""Where a number belongs: the place named with it, or else the country of the case."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.listed import runs_of

if TYPE_CHECKING:
    from supplyline.evidence.reading.context import Context
    from supplyline.evidence.reading.naming import Hit
    from supplyline.evidence.reading.sentence import Sentence

_IN: Final = re.compile(
    r"(?:\b(?:in|into|near|at|around|outside|inside|within|across|throughout|reached|"
    r"between|of|dans|en|a|au|aux|de|du|pres|autour|vers|entering|city|town|village|"
    r"ville|region)\s+(?:the\s+|la\s+|le\s+|les\s+|l')?(?:\w+\s+){0,2}|\bd'|\bl')$"
)
_REGION_AFTER: Final = re.compile(r"\s*(?:'s\s+)?(?:region|province|area)\b")
_REGION_BEFORE: Final = re.compile(
    r"\b(?:regions?|areas?|provinces?)\s+(?:of|de|d'|du)\s*"
    r"(?:(?:\w+)(?:,| and| et)\s+)*$"
)
_CAPITAL: Final = re.compile(r"\b(?:the capital|la capitale|capital city)\b")
_WHOLE: Final = re.compile(
    r"\s+(?:of\s+the\s+country|du\s+pays|of\s+mali|part|parts|regions?|areas?|"
    r"territor\w+|provinces?)\b"
)
_THE: Final = re.compile(r"\b(?:the|in|far|le|dans le|au|du|country's|into)\s+$")
_OUTLET: Final = re.compile(
    r"\s(?:Wire|News|Tribune|Times|Post|Herald|Infos?|Presse|Press|Radio|Hebdo|Media|TV|"
    r"Institute|Institut|Observatory|Monitor|Watch|Group|Research|Review|Journal)\b"
)
"""Words behind a part of the world that make it the name of an outlet or institute."""
_OWN_SENSE: Final = frozenset({"sahel", "west_africa", "borders"})
_BEFORE: Final = 32


def area_of(
    sentence: Sentence, start: int, end: int, context: Context, last: str | None
) -> str:
    """Give the area of a number."""
    segment, clause = sentence.segment(start, end), sentence.clause(start, end)
    best: tuple[float, str] | None = None
    apart = _apart(sentence)
    for hit in sentence.hits:
        area = area_named(sentence, hit, context)
        if area is None or hit in apart:
            continue
        weight = _weight(sentence, hit, area, (segment, clause), (start, end))
        if best is None or weight > best[0]:
            best = (weight, area)
    if best is not None:
        return best[1]
    if _CAPITAL.search(sentence.folded, *clause):
        return context.capital
    return last or f"country:{context.country}"


_LEADING: Final = re.compile(r"(?:in|at|near|a|en|au|aux|dans|pres de|around)?\s*")
_ROUTE: Final = re.compile(r"\s?[-\u2013/]\s?|\s+(?:to|a|et|and|vers)\s+")
_FROM_AFAR: Final = re.compile(
    r"\b(?:joint\w*|reached|contacted|interroge\w*|phoned|rencontre\w*)\s+(?:by phone |"
    r"par telephone )?(?:a|in|at|au|from|depuis|de)\s+$|\b(?:partis?|parties?|venus?|"
    r"venues?|come|coming|came|arrives?|sent)\s+(?:de|d'|from)\s*$|"
    r"\b(?:vers|towards?|direction(?: de)?|en direction de)\s+$"
)
"""Words before a place where somebody speaks, or where something comes from."""
_ROUTE_LEAD: Final = re.compile(
    r"\b(?:from|de|d'|entre|between|axe|route|corridor|road|trajet|ligne|rn\d+)\s*$"
)


def label_of(sentence: Sentence) -> Hit | None:
    """Give the place that a sentence is headed by, as in: Kayes: prices rose."""
    for hit in sentence.hits:
        lead = sentence.folded[sentence.span.start : hit.start]
        mark = sentence.text[hit.end : hit.end + 2].strip()[:1]
        if _LEADING.fullmatch(lead) is None:
            return None
        if mark in (",", ":") and hit.row("place", "region", "country"):
            return hit
    return None


def _apart(sentence: Sentence) -> list[Hit]:
    """Give names that place no number: countries in a list, and both ends of a road."""
    hits = [hit for run in runs_of(sentence, "country") if len(run) > 1 for hit in run]
    places = [hit for hit in sentence.hits if hit.row("place", "region")]
    for one, other in pairwise(places):
        gap = sentence.folded[one.end : other.start]
        lead = sentence.folded[max(sentence.span.start, one.start - 12) : one.start]
        is_dash = gap.strip() in ("-", "\u2013")
        if is_dash or (_ROUTE.fullmatch(gap) and _ROUTE_LEAD.search(lead)):
            hits += [one, other]
    hits += [hit for hit in places if _is_far(sentence, hit)]
    return hits


def _is_far(sentence: Sentence, hit: Hit) -> bool:
    """Whether a place is only where a witness speaks, or where something comes from."""
    first = max(sentence.span.start, hit.start - _BEFORE)
    is_first = hit.start - sentence.span.start < _START  # from Kayes, to Kayes: ...
    return not is_first and bool(_FROM_AFAR.search(sentence.folded[first : hit.start]))


_START: Final = 8


def area_named(sentence: Sentence, hit: Hit, context: Context) -> str | None:
    """Give the area that a name stands for."""
    place, region = hit.row("place"), hit.row("region")
    country, area = hit.row("country"), hit.row("area")
    if country is not None:
        return None if hit.is_demonym else f"country:{country}"
    if area is not None:
        return f"area:{area}" if _is_area(sentence, hit, area) else None
    row = _region_row(place, region, context)
    if row is not None and _is_region(sentence, hit):
        return f"region:{row}"
    if place is not None:
        return place
    return None if region is None else f"region:{region}"


def _region_row(place: str | None, region: str | None, context: Context) -> str | None:
    """Give the region of a name: its own, or the one called like the place."""
    if region is not None:
        return region
    return place if place in set(context.place_regions.values()) else None


def _is_region(sentence: Sentence, hit: Hit) -> bool:
    """Whether the words around a name make it a region."""
    before = sentence.folded[max(sentence.span.start, hit.start - _BEFORE) : hit.start]
    return bool(
        _REGION_AFTER.match(sentence.folded, hit.end, sentence.span.end)
        or _REGION_BEFORE.search(before)
    )


def _is_area(sentence: Sentence, hit: Hit, area: str) -> bool:
    """Whether a word such as south stands for a part of the country."""
    if _OUTLET.match(sentence.text, hit.end, sentence.span.end):
        return False
    if area in _OWN_SENSE:
        return True
    if area in ("world", "africa"):
        return False
    after = sentence.folded[hit.end : hit.end + 1]
    if after == " " and any(
        other.start == hit.end + 1 and other.row("country", "region", "place")
        for other in sentence.hits
    ):
        return True
    if _WHOLE.match(sentence.folded, hit.end, sentence.span.end):
        return True
    before = sentence.folded[max(sentence.span.start, hit.start - _BEFORE) : hit.start]
    alone = re.match(
        r"\s*(?:[,.;)]|$|of\b|du\b|de\b|and\b|et\b|\u2014)",
        sentence.folded[hit.end : hit.end + 6],
    )
    return bool(alone and _THE.search(before))


def _weight(
    sentence: Sentence,
    hit: Hit,
    area: str,
    scopes: tuple[tuple[int, int], tuple[int, int]],
    span: tuple[int, int],
) -> float:
    """Weigh how closely a name belongs to a number."""
    before = sentence.folded[max(sentence.span.start, hit.start - _BEFORE) : hit.start]
    weight = 2.0 if _IN.search(before) else 0.0
    for scope, worth in zip(scopes, (1.5, 1.0), strict=True):
        weight += worth * (scope[0] <= hit.start and hit.end <= scope[1])
    if hit is label_of(sentence):
        weight += 2.5  # the sentence is about it: Kayes, a town of ...
    weight += 0.3 * (not area.startswith("country:"))
    gap = max(hit.start - span[1], span[0] - hit.end, 0)
    return weight - gap / 100
