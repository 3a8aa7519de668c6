"""Populations told as of today that are an old count, or twice or half of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.case.contradictions import measure_of
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.doubts.statement import format_number
from supplyline.evidence.doubts.word_lists import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.evidence.doubts.scene import Scene
    from supplyline.evidence.reading.candidate import Candidate

OLD_YEARS: Final = 5
"""Age from which a count is old [years]."""
SAME_SHARE: Final = 0.01
"""Most by which a figure differs from the count that it repeats [1]."""
MULTIPLE_SHARE: Final = 0.05
"""Most by which a figure differs from twice or half a count [1]."""
_COUNTED: Final = re.compile(
    r"(?:census|count|recensement)\D{0,12}((?:18|19|20)\d\d)"
    r"|((?:18|19|20)\d\d)\D{0,12}(?:census|count|recensement)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Count:
    """A population once counted."""

    persons: float
    year: int
    row: str


def old_count(scene: Scene) -> Iterator[Doubt]:
    """Hold populations against counts that are older than five years."""
    for c in scene.candidates:
        is_population = "population" in tokens(c.quantity) or c.subject == "population"
        is_number = c.value is not None and measure_of(c.unit or "").what == "count"
        if not is_population or not is_number or c.area is None:
            continue
        stated = c.start if c.precision != "inferred" else None
        year = (stated or scene.article.published or scene.known.cutoff).year
        for count in _counts(scene, c.area):
            if year - count.year > OLD_YEARS:
                yield from _compare(c, count, year)


def _compare(candidate: Candidate, count: _Count, year: int) -> Iterator[Doubt]:
    """Compare a population with one old count."""
    persons = candidate.value or 0.0
    for factor, word, share in (
        (1.0, "equals", SAME_SHARE),
        (2.0, "is twice", MULTIPLE_SHARE),
        (0.5, "is half", MULTIPLE_SHARE),
    ):
        wanted = factor * count.persons
        if abs(persons - wanted) <= share * wanted:
            text = (
                f"{format_number(persons)} for {year} {word} "
                f"the {format_number(count.persons)} counted in {count.year}"
            )
            yield Doubt(candidate.candidate, "old_count", text, (count.row,))


def _counts(scene: Scene, area: str) -> Iterator[_Count]:
    """Give the populations counted in a place, with their years."""
    row = area.removeprefix("region:")
    places = scene.known.witnesses("places")
    for place in places[places["place"] == row].to_dict("records"):
        year = _year(place["note"])
        if year is not None and not pd.isna(place["population"]):
            name = f"places.csv {row}"
            yield _Count(float(place["population"]), year, name)
    claims = scene.known.witnesses()
    for claim in claims[claims["area"].isin([area, row])].to_dict("records"):
        if "population" in tokens(str(claim["quantity"])) and claim["value"] > 0:
            year = pd.Timestamp(claim["start"]).year
            yield _Count(float(claim["value"]), year, str(claim["claim"]))


def _year(note: object) -> int | None:
    """Read the year of the census from a note."""
    match = _COUNTED.search(note) if isinstance(note, str) else None
    return None if match is None else int(match[1] or match[2])
