"""Where a whole text is: the place of its title, or a country other than the case's."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.areas import area_named
from supplyline.evidence.reading.cues import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.context import Context
    from supplyline.evidence.reading.naming import Hit
    from supplyline.evidence.reading.sentence import Sentence

_PLACES: Final = (
    "port",
    "ports",
    "marche",
    "marches",
    "market",
    "ville",
    "hopital",
    "region",
    "cercle",
    "district",
    "people",
    "habitants",
    "streets",
    "rues",
    "gare",
    "town",
    "city",
)
"""Words that stand for the place whose name follows: the port of Kayes."""
_NEAR: Final = re.compile(
    r"\b(?:near|outside|pres d[eu']|to|vers|from|"
    + "".join(rf"(?<!\b{word} )" for word in _PLACES)
    + r"(?:de|of))\W*$"
)


def home_of(title: tuple[str, Sequence[Hit]], context: Context) -> str | None:
    """Give the place that a title says the whole text is about: Kayes stands still."""
    words, hits = title
    hits = [hit for hit in hits if not is_in_quote(words, hit.start)]
    rows = [(hit, row) for hit in hits if (row := hit.row("place"))]
    if len({row for _, row in rows}) != 1 or any(hit.row("country") for hit in hits):
        return None
    hit, row = rows[0]
    is_aside = _NEAR.search(fold(words[: hit.start])) is not None
    return None if is_aside or row == context.capital else row


def abroad_of(hits: Sequence[Hit], context: Context) -> str | None:
    """Give the country of a text that names nothing of the country of the case."""
    countries = Counter(row for hit in hits if (row := hit.row("country")))
    is_own = context.country in countries or any(
        hit.row("place", "region") for hit in hits
    )
    if is_own or not countries:
        return None
    return f"country:{countries.most_common(1)[0][0]}"


def areas_in(sentence: Sentence, context: Context) -> list[str]:
    """Give the places that a sentence names, its own country left out."""
    named = (area_named(sentence, hit, context) for hit in sentence.hits)
    own = f"country:{context.country}"
    return list(dict.fromkeys(area for area in named if area and area != own))


def is_in_quote(text: str, at: int) -> bool:
    """Tell whether a character of a text stands inside quotes."""
    lead = text[:at]
    is_open = lead.count("\u00ab") > lead.count("\u00bb")
    is_open |= lead.count("\u201c") > lead.count("\u201d")
    return is_open or lead.count('"') % 2 == 1
