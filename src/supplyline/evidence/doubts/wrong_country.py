"""Numbers that known counts make unlikely: one they imply, or one of elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from supplyline.evidence.doubts.agreement import gap, per_day
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.doubts.statement import (
    Statement,
    format_number,
    names_of,
    of_candidate,
    of_claim,
)
from supplyline.evidence.doubts.word_lists import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from supplyline.evidence.doubts.known import Known
    from supplyline.evidence.doubts.scene import Passage, Scene
    from supplyline.evidence.reading.candidate import Candidate

BASE_FACTOR: Final = 1.5
"""Factor between an implied earlier rate and a known one that is doubted [1]."""
DISTINCT_FROM: Final = 20
"""Least number whose repetition elsewhere is no chance [unit of the number]."""
_PERIOD_DAYS: Final = 31
_COUNTRY: Final = "country:"


def implied_base(scene: Scene) -> Iterator[Doubt]:
    """Hold the count a year before, as a ratio implies it, against known counts."""
    known, names = _known(scene)
    for passage in scene.passages:
        factor = _yearly_factor(passage)
        if factor is None:
            continue
        by, times = factor
        for c in passage.candidates:
            mine = of_candidate(c, "", names) if c.kind == "amount" else None
            if mine is None or c.actor != by.actor:
                continue
            numbers = {n: getattr(mine, n) / times for n in ("value", "low", "high")}
            start, end = _year_before(mine.start), _year_before(mine.end)
            before = replace(mine, **numbers, start=start, end=end)
            yield from _against(c, by, before, known)


def same_number_elsewhere(scene: Scene) -> Iterator[Doubt]:
    """Find numbers known of another country: they may be given to the wrong one."""
    known, names = _known(scene)
    for c in scene.candidates:
        mine = of_candidate(c, "", names) if c.kind == "amount" else None
        if mine is None or mine.is_date or mine.value < DISTINCT_FROM:
            continue
        home = _country(scene.known, mine.area)
        for said in known:
            there = _country(scene.known, said.area)
            is_same = said.key == mine.key and said.value == mine.value
            if not is_same or said.unit != mine.unit or not _one_period(mine, said):
                continue
            if home is None or there is None or home == there:
                continue
            text = (
                f"{mine} in {mine.area} is what {said.name} ({said.source}) gives for "
                f"{said.area}"
            )
            yield Doubt(c.candidate, "same_number_elsewhere", text, (said.name,))


def _against(
    c: Candidate, by: Candidate, before: Statement, known: list[Statement]
) -> Iterator[Doubt]:
    """Compare an implied earlier count with the known ones of that time."""
    rate = per_day(before)
    if rate is None:
        return
    for said in known:
        theirs = per_day(said) if _speaks_of(said, before) else None
        if theirs is None or theirs[1] != rate[1]:
            continue
        factor = gap(rate[0], theirs[0])
        if factor > BASE_FACTOR:
            text = (
                f"{format_number(c.value or 0.0)} implies {before}, "
                f"{rate[0].value:.3g} a day; "
                f"{said} ({said.name}) is {theirs[0].value:.3g} a day"
            )
            against = (said.name, by.candidate)
            yield Doubt(c.candidate, "implied_base", text, against)


def _speaks_of(said: Statement, before: Statement) -> bool:
    """Tell whether a claim is of the same thing at the earlier time."""
    overlaps = said.start <= before.end and before.start <= said.end
    return said.key == before.key and said.area == before.area and overlaps


def _yearly_factor(passage: Passage) -> tuple[Candidate, float] | None:
    """Find the factor to the same time of the year before that a sentence states."""
    for c in passage.candidates:
        if c.value is None or c.kind not in {"ratio", "change"}:
            continue
        base = fold(f"{c.base or ''} {(c.quantity or '').replace('_', ' ')}")
        if not passage.says("earlier", base) and not passage.says("earlier"):
            continue
        times = c.value if c.unit == "ratio" else 1 + c.value / 100
        if c.unit in {"ratio", "percent"} and times > 0:
            return c, times
    return None


def _known(scene: Scene) -> tuple[list[Statement], frozenset[str]]:
    """Give what other sources state, and the names of areas in it."""
    claims = scene.known.witnesses()
    names = names_of(claims)
    said = [of_claim(row, names) for row in claims.to_dict("records")]
    return [statement for statement in said if statement is not None], names


def _one_period(one: Statement, other: Statement) -> bool:
    """Tell whether two periods are the same but for a month."""
    ends = (one.start - other.start, one.end - other.end)
    return all(abs(between.days) <= _PERIOD_DAYS for between in ends)


def _year_before(day: date) -> date:
    """Give the same day of the year before."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _country(known: Known, area: str) -> str | None:
    """Give the country of an area; None where it spans several."""
    if area.startswith(_COUNTRY):
        return area.removeprefix(_COUNTRY)
    row = area.removeprefix("region:")
    place = known.places.loc[known.places["place"] == row, "country"]
    if not place.empty:
        return str(place.iloc[0])
    region = known.regions[known.regions["region"] == row]
    inside = not region.empty and not bool(region["is_boundary"].iloc[0])
    return known.country if inside else None
