"""Numbers that belong together: pairs, parts of a whole, rates and times ago."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.cues import family
from supplyline.evidence.reading.listed import runs_of
from supplyline.evidence.reading.mentions import Mention, find_mentions
from supplyline.evidence.reading.sentences import Span
from supplyline.evidence.reading.units import is_money

if TYPE_CHECKING:
    from supplyline.evidence.reading.naming import Hit
    from supplyline.evidence.reading.sentence import Sentence
    from supplyline.evidence.reading.times import Time

_AND: Final = re.compile(
    r"\s*(?:,\s*(?:and\s+|et\s+)?|and\s+|et\s+)(?:about\s+|some\s+)?"
)
_PART: Final = re.compile(
    r".{0,60}?(?:\bincluding|\bamong (?:them|whom)|\bof (?:whom|them|which)|\bdont|"
    r"\bparmi (?:eux|elles|lesquels)|\by compris|\bnotamment).{0,25}"
)
_WORTH: Final = re.compile(
    r".{0,40}\b(?:worth|valued at|equivalent to|equal to|soit|d'une valeur de|evalue\w*"
    r" a|estime\w* a)\W*(?:about|around|some|environ|pres de|up to)?\W*"
)
_AGO: Final = re.compile(r"\b(?:ago|earlier|plus tot)\b")
_IL_Y_A: Final = re.compile(r"il y a\s+")
_LEVEL: Final = re.compile(
    r"\b(?:plateau\w*|averag\w+|hover\w*|stabili\w+|en moyenne)\b"
)
_RATE: Final = re.compile(r"_per_(?:day|week|month|year)$")
_LEAD: Final = 16
_WHOLES: Final = frozenset({2, 3, 4, 5, 10, 100})
_OUT_OF: Final = re.compile(
    r"\s*(?:\w+\s+){0,2}(?:out of|in every|sur)\s+(?:every\s+)?"
)
_TO: Final = re.compile(r"\s*(?:to|a|and|et|-|\u2013|ou|or)\s+(?:\w+\s+){0,2}")
_YEAR_DAYS: Final = 366


def row_of(sentence: Sentence, mention: Mention) -> list[Mention]:
    """Give the numbers that stand in a row with one: 127,000 and 70,000."""
    for run in _number_rows(sentence):
        if any(one.start == mention.start for one in run):
            return run
    return [mention]


def paired_place(sentence: Sentence, mention: Mention) -> Hit | None:
    """Give the place of a number where as many places as numbers stand in a row."""
    row = row_of(sentence, mention)
    if len(row) == 1:
        return None
    position = [one.start for one in row].index(mention.start)
    for places in runs_of(sentence, "place", "region", "country"):
        if len(places) == len(row):
            return places[position]
    return None


def _number_rows(sentence: Sentence) -> list[list[Mention]]:
    """Give the rows of numbers of one family joined by commas and and."""
    rows: list[list[Mention]] = []
    for mention in sentence.mentions:
        if rows and _is_next(sentence, rows[-1][-1], mention):
            rows[-1].append(mention)
        else:
            rows.append([mention])
    return rows


def _is_next(sentence: Sentence, one: Mention, other: Mention) -> bool:
    """Whether a number follows another of its family in a row."""
    if family(one.unit) != family(other.unit):
        return False
    end = max(one.end, one.noun_end or 0)
    gap = end, other.start - len(other.hedge or "")
    return _AND.match(sentence.folded, *gap) is not None and gap[1] - gap[0] < _LEAD


def whole_of(sentence: Sentence, mention: Mention) -> Mention | None:
    """Give the number that another one is a part of, as in: 25 people including 4."""
    if family(mention.unit) not in ("count", "percent"):
        return None
    earlier = [m for m in sentence.mentions if m.end <= mention.start]
    for whole in reversed(earlier):
        gap = sentence.folded[whole.end : mention.start]
        if family(whole.unit) == "count" and _PART.fullmatch(gap):
            return whole
    return None


def with_unit(sentence: Sentence, mention: Mention) -> Mention:
    """Give a bare number the unit of the one it leads to, as in: from 7 to 9 km."""
    if mention.unit != "count" or mention.noun_start is not None:
        return mention
    index = list(sentence.mentions).index(mention)
    following = sentence.mentions[index + 1 : index + 2]
    for other in following:
        gap = sentence.folded[mention.end : other.start]
        if _has_unit(other) and _TO.fullmatch(gap):
            return replace(mention, unit=other.unit)
    return mention


def with_ratio(sentence: Sentence, mention: Mention) -> Mention:
    """Turn so many out of ten into a percentage [percent]."""
    is_sum = is_money(mention.unit) or mention.unit == "count"
    if not is_sum or mention.value is None:
        return mention
    for other in sentence.mentions:
        if other.start < mention.end or other.value not in _WHOLES:
            continue
        gap = sentence.folded[mention.end : other.start]
        is_sum = mention.unit != "count"
        if is_sum and other.noun_start is not None and gap.strip() not in _OUT:
            continue  # six francs out of ten, but not six francs in ten towns
        is_bare = mention.noun_start is None
        if (_OUT_OF.fullmatch(gap) or (is_bare and gap == " in ")) and (
            mention.value < other.value
        ):
            share = round(100 * mention.value / other.value, 1)
            return replace(mention, kind="share", value=share, unit="percent")
    return mention


_OUT: Final = ("sur", "out of", "out of every")
_LEFT: Final = re.compile(r"(?:\bfrom|\bde|\bd')\s*$")
_REACHED: Final = re.compile(r"\s*(?:\w+\s+)?(?:to|a)\s+")


def is_left_behind(sentence: Sentence, mention: Mention) -> bool:
    """Whether a number is the first of a passage, as in: from 142 to 750."""
    lead = sentence.folded[max(sentence.span.start, mention.start - 8) : mention.start]
    if _LEFT.search(lead) is None:
        return False
    end = mention.end
    return any(
        _REACHED.fullmatch(sentence.folded[end : other.start]) is not None
        for other in sentence.mentions
        if other.start > end
    )


def _has_unit(mention: Mention) -> bool:
    """Whether a number has a unit that another one can share."""
    return family(mention.unit) not in ("count", "rank", "ratio", "percent", "other")


def with_rate(sentence: Sentence, mention: Mention, days: int | None) -> Mention:
    """Give a number the rate that its sentence implies.

    The value of goods that come each year is per year too; a level held over several
    years is per year.
    """
    if mention.unit is None or _RATE.search(mention.unit):
        return mention
    if family(mention.unit) == "money":
        earlier = [m for m in sentence.mentions if m.end <= mention.start]
        if earlier and _WORTH.fullmatch(
            sentence.folded[earlier[-1].end : mention.start]
        ):
            rate = _RATE.search(earlier[-1].unit or "")
            if rate is not None:
                return replace(mention, unit=mention.unit + rate.group())
    if mention.unit == "count" and days is not None and days > _YEAR_DAYS:
        segment = sentence.segment(mention.start, mention.end)
        if _LEVEL.search(sentence.folded, segment[0], mention.start):
            return replace(mention, unit="count_per_year")
    return mention


_LASTS: Final = re.compile(
    r"\b(?:will|would|could|can|may|might|to|not|should|stocks?|reserves?|supplies|"
    r"cuts|outages|blackouts|shortages?|trips?|journeys?|queues)\s+(?:now\s+|only\s+)?$"
)


def is_verb(sentence: Sentence, time: Time) -> bool:
    """Whether "last nine days" says how long something lasts, and names no time."""
    lead = sentence.folded[
        max(sentence.span.start, time.start - 2 * _LEAD) : time.start
    ]
    starts = sentence.folded.startswith("last ", time.start)
    return starts and _LASTS.search(lead) is not None


def number_of(text: str, time: Time, language: str) -> list[Mention]:
    """Read the number of what was taken for a time."""
    first = text.find(" ", time.start) + 1
    piece = text[first : time.end]
    mentions = find_mentions(piece, Span(0, len(piece)), language)
    return [moved(one, first) for one in mentions]


def moved(mention: Mention, by: int) -> Mention:
    """Move a number that was read in a piece of a text to its place in the whole."""
    return replace(
        mention,
        start=mention.start + by,
        end=mention.end + by,
        noun_start=None,
        noun_end=None,
    )


def time_ago(sentence: Sentence, time: Time, language: str) -> Mention | None:
    """Read the number inside a time such as: nearly 4 years ago."""
    words = sentence.folded[time.start : time.end]
    ago, before = _AGO.search(words), _IL_Y_A.search(words)
    if ago is None and before is None:
        return None
    first = max(sentence.span.start, time.start - _LEAD)
    last = time.end if ago is None else time.start + ago.start()
    if before is not None:
        first = time.start + before.end()
    piece = sentence.text[first:last]
    mentions = [
        one
        for one in find_mentions(piece, Span(0, len(piece)), language)
        if family(one.unit) == "duration"
    ]
    if not mentions:
        return None
    return moved(mentions[-1], first)
