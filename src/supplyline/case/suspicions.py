"""What is suspect but usable: a person should look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA

from supplyline.case.contradictions import near_unit
from supplyline.case.draft import Draft, Rule, plain
from supplyline.case.geography import great_circle_km
from supplyline.case.periods import up_to
from supplyline.errors import Problem, shown
from supplyline.tables.conflict import Revenue
from supplyline.tables.evidence import Document, MarketPrice
from supplyline.tables.facts import Claim, Event, Source
from supplyline.tables.supply import (
    Corridor,
    CorridorSegment,
    Demand,
    Depot,
    Feed,
    Measure,
    Place,
    Region,
    Segment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

FAR_KM: Final = 100.0
"""Distance between an event and its place that is reported [km]."""
STRAIGHT_TOLERANCE: Final = 1.02
"""Great circle over length of a segment that is reported [1]."""
SHARE_TOLERANCE: Final = 0.01
"""Share of a place's need that may lack a feed unreported [1]."""
MOST_WANTED: Final = 2.0
"""Demand of a day and as much again for tanks: more is never wanted [1]."""
_LIMITS: Final = ("ration", "supply_limit")
"""Measures whose value is the most share of demand that is sold or ordered."""
SHORTEST_WORD: Final = 4
"""Letters of a word that another may be a slip of."""
_FREE_WORDS: Final = (
    (Claim, "subject"),
    (Claim, "quantity"),
    (Region, "zone"),
    (Revenue, "stream"),
    (MarketPrice, "good"),
)
"""Fields whose words no table lists, by which rows are brought together."""


def _shorter_than_straight(draft: Draft) -> Iterator[Problem]:
    """Find segments shorter than the great circle between their ends."""
    at = {row.place: (row.lat, row.lon) for _, row in draft.table(Place)}
    for line, row in draft.table(Segment):
        straight = great_circle_km(*at[row.from_place], *at[row.to_place])
        if straight > row.length_km * STRAIGHT_TOLERANCE:
            expected = f"at least the straight distance, {straight:.0f} km"
            found = shown(plain(row.length_km))
            yield Problem("segments.csv", line, "length_km", found, expected)


def _far_events(draft: Draft) -> Iterator[Problem]:
    """Find events far from the place they are filed under."""
    at = {row.place: (row.lat, row.lon) for _, row in draft.table(Place)}
    for line, row in draft.table(Event):
        apart = great_circle_km(*at[row.place], row.lat, row.lon)
        if apart > FAR_KM:
            found = f"{shown(row.place)}, {apart:.0f} km from the event"
            yield Problem("events.csv", line, "place", found, f"within {FAR_KM:.0f} km")


def _idle_closures(draft: Draft) -> Iterator[Problem]:
    """Find closures of segments and places that no corridor passes."""
    used = {row.segment for _, row in draft.table(CorridorSegment)}
    passed = {*used, *draft.table(Corridor).keys}
    for _, way in draft.table(Segment):
        if way.segment in used:
            passed |= {way.from_place, way.to_place}
    for line, row in draft.table(Measure):
        if row.kind == "closure" and row.target not in {None, *passed}:
            found, expected = shown(row.target), "one on the way of a corridor"
            yield Problem("measures.csv", line, "target", found, expected)


def _limitless(draft: Draft) -> Iterator[Problem]:
    """Find limits that limit nothing, such as shares written in percent."""
    for line, row in draft.table(Measure):
        for field in ("value", "value_high"):
            value = getattr(row, field)
            if row.kind in _LIMITS and value is not None and value > MOST_WANTED:
                expected = "a share of demand, such as 0.5; this limits nothing"
                yield Problem(
                    "measures.csv", line, field, shown(plain(value)), expected
                )


def _low_street_prices(draft: Draft) -> Iterator[Problem]:
    """Find street prices below the official one of the first day."""
    if draft.config is None:
        return
    start = draft.config.start
    official: dict[str | None, float] = {}
    for _, price in sorted(draft.table(Measure), key=lambda entry: entry[1].start):
        is_asked = price.start <= start and (price.end is None or price.end >= start)
        if price.kind == "official_price" and is_asked and price.value is not None:
            official[price.target] = price.value
    for line, row in draft.table(Depot):
        least = official.get(row.product, official.get(None, 0.0))
        for field in ("street_price", "street_price_high"):
            asked = getattr(row, field)
            if asked is not None and asked < least:
                expected = f"at least the official price, {least:g}, or empty"
                found = shown(plain(asked))
                yield Problem("depots.csv", line, field, found, expected)


def _late_sources(draft: Draft) -> Iterator[Problem]:
    """Find what was published after the cut-off: it may know what came next."""
    if draft.config is None:
        return
    cutoff = draft.config.cutoff
    sources, documents = draft.table(Source), draft.table(Document)
    dated = [
        *((sources.file, line, "date", row.date) for line, row in sources),
        *(
            (documents.file, line, "published", str(row.published or ""))
            for line, row in documents
        ),
    ]
    for file, line, field, day in dated:
        if day > str(cutoff) and day[:1].isdigit():
            yield Problem(file, line, field, shown(day), up_to(cutoff))


def _unfed_places(draft: Draft) -> Iterator[Problem]:
    """Find places with demand that no corridor feeds."""
    fed = {row.place for _, row in draft.tables["feeds"]}
    told = set()
    for line, row in draft.table(Demand):
        if row.place not in fed and row.place not in told:
            told.add(row.place)
            expected = "a place of feeds.csv, or its stock only falls"
            yield Problem("demand.csv", line, "place", shown(row.place), expected)


def _unknown_units(draft: Draft) -> Iterator[Problem]:
    """Find units of claims that are written like one that converts, and are not it."""
    for line, row in draft.table(Claim):
        if (near := near_unit(row.unit)) is not None:
            expected = "a unit that converts; else no claim disagrees with it"
            found = shown(row.unit)
            yield Problem("claims.csv", line, "unit", found, expected, near)


def _absent_columns(draft: Draft) -> Iterator[Problem]:
    """Find columns that a file with rows does not have."""
    for table in draft.tables.values():
        for name in table.absent if table.rows else ():
            found = f"has no column '{name}'"
            yield Problem(table.file, None, None, found, "one, or its cells are empty")


def _partly_fed_places(draft: Draft) -> Iterator[Problem]:
    """Find places whose corridors are asked for less than they need."""
    shares: dict[str, float] = {}
    first_line: dict[str, int | None] = {}
    for line, row in draft.table(Feed):
        shares[row.place] = shares.get(row.place, 0.0) + row.share
        first_line.setdefault(row.place, line)
    for place, share in shares.items():
        if share < 1 - SHARE_TOLERANCE:
            found = f"{share:.3g} in all for {shown(place)}"
            expected = "1, the whole of its need, or its stock falls"
            yield Problem("feeds.csv", first_line[place], "share", found, expected)


def _near_words(draft: Draft) -> Iterator[Problem]:
    """Find free words one slip of the pen from another of their column."""
    for kind, field in _FREE_WORDS:
        lines: dict[str, list[int | None]] = {}
        for line, row in draft.table(kind):
            lines.setdefault(str(getattr(row, field)), []).append(line)
        # the rarer of two is the slip; of two alike, the later
        often = sorted(lines, key=lambda word: -len(lines[word]))
        for word, near in _slips(often):
            file, line = draft.table(kind).file, lines[word][0]
            expected = "one word for one thing: rows of two words are never compared"
            yield Problem(file, line, field, shown(word), expected, near)


def _slips(words: list[str]) -> Iterator[tuple[str, str]]:
    """Pair words with an earlier one that has a letter more, less, other or swapped."""
    # two such words have a spelling in common once each may leave a letter out; so
    # thousands of words need no comparison of each with each
    earlier: dict[str, str] = {}
    for word in words:
        if len(word) < SHORTEST_WORD:
            continue
        spellings = [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]
        for near in dict.fromkeys(
            earlier.get(spelling, word) for spelling in spellings
        ):
            if OSA.distance(word, near) == 1 and _letters(word) != _letters(near):
                yield word, near
                break
        for spelling in spellings:
            earlier.setdefault(spelling, word)


def _letters(word: str) -> str:
    """Keep what tells words apart that are numbered."""
    return "".join(sign for sign in word if not sign.isdigit())


RULES: Final = (
    Rule(_absent_columns),
    Rule(_shorter_than_straight),
    Rule(_far_events),
    Rule(_idle_closures),
    Rule(_limitless),
    Rule(_low_street_prices),
    Rule(_late_sources),
    Rule(_unfed_places),
    Rule(_unknown_units),
    Rule(_partly_fed_places),
    Rule(_near_words),
)
"""Rules whose breach leaves a case usable."""
