"""Claims that speak of the same thing: where they agree and where they do not.

Nothing is decided here. Claims that disagree are all kept and listed side by side.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pandas as pd
from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

COLUMNS: Final = (
    "subject",
    "quantity",
    "area",
    "unit",
    "claim",
    "low",
    "high",
    "source",
    "other_claim",
    "other_low",
    "other_high",
    "other_source",
    "start",
    "end",
    "agree",
)
"""Columns of `compare_claims`: two claims, and the days of which both speak."""

_ALIASES: Final = {
    "litre": "l",
    "m3": "kl",
    "litre_per_day": "l/day",
    "m3_per_day": "kl/day",
    "kl_per_day": "kl/day",
    "hour": "h",
    "hours": "h",
    "day": "days",
    "ratio": "share",
}
"""Unit as reported to the same unit of `supplyline.quantities`."""
_ROUNDING: Final = 1e-9
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_ALIKE: Final = 75
"""Likeness of two words from which one is taken for the other misspelt [percent]."""
_PER: Final = re.compile(r"_per_|/")
_RATE: Final = re.compile(r"(?P<what>.+?)(?:_per_|/)(?P<per>[^/]+)")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a unit measures, and its size."""

    what: str
    size: float


@dataclass(frozen=True, slots=True)
class _Range:
    """What one claim says: a range of a quantity over a period."""

    claim: str
    source: str
    low: float
    high: float
    unit: str
    start: pd.Timestamp
    end: pd.Timestamp


def compare_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """Set side by side all claims that speak of the same thing at the same time.

    Two claims are compared if subject, quantity and area are the same, their periods
    overlap, and their units are the same or convert into each other.
    """
    rows: list[tuple[object, ...]] = []
    for key, group in claims.groupby(["subject", "quantity", "area"], sort=False):
        if len(group) == 1:
            continue  # nothing to compare it with
        ranges = [said for said in map(_range, group.to_dict("records")) if said]
        rows.extend((*key, *pair) for pair in _pairs(ranges))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def find_contradictions(claims: pd.DataFrame) -> pd.DataFrame:
    """List the claims whose ranges do not meet, side by side."""
    pairs = compare_claims(claims)
    apart = pairs[~pairs["agree"].astype(bool)]
    return apart.drop(columns="agree").reset_index(drop=True)


@cache
def measure_of(unit: str) -> Measure:
    """Find what a unit measures.

    A unit of the table beside this module, an ISO 4217 code, or one unit per another.
    A unit that is not known measures nothing but itself.

    Examples
    --------
    >>> measure_of("tonne_per_year").what
    'mass/time'
    """
    known = _measures()
    if unit in known:
        return known[unit]
    if _CURRENCY.fullmatch(unit):
        return Measure(f"money:{unit}", 1.0)
    rate = _RATE.fullmatch(unit)
    if rate is None:
        return Measure(unit, 1.0)
    what, per = measure_of(rate["what"]), measure_of(rate["per"])
    return Measure(f"{what.what}/{per.what}", what.size / per.size)


def near_unit(unit: str) -> str | None:
    """Find the unit that an unknown one was meant to be, if one is written like it."""
    parts = _PER.split(unit)
    meant = [_near_part(part) for part in parts]
    if unit in _ALIASES or None in meant or meant == parts:
        return None
    return "_per_".join(str(part) for part in meant)


def _near_part(part: str) -> str | None:
    """Give a unit that converts as it is, another as the one it is written like."""
    known = {*_measures(), *_ALIASES}
    if part in known or _CURRENCY.fullmatch(part):
        return part
    near = process.extractOne(part, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return None if near is None else str(near[0])


@cache
def _measures() -> dict[str, Measure]:
    """Read the table of units."""
    path = files("supplyline.case") / "units.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["unit"]: Measure(row["measures"], float(row["size"])) for row in rows}


def _range(row: Mapping[Hashable, object]) -> _Range | None:
    """Give the range of a claim."""
    numbers = [
        float(number)
        for number in (row["value"], row["low"], row["high"])
        if isinstance(number, int | float) and number == number  # noqa: PLR0124 - NaN
    ]
    if not numbers:
        return None
    unit = str(row["unit"])
    return _Range(
        claim=str(row["claim"]),
        source=str(row["source"]),
        low=min(numbers),
        high=max(numbers),
        unit=_ALIASES.get(unit, unit),
        start=pd.Timestamp(str(row["start"])),
        end=pd.Timestamp(str(row["end"])),
    )


def _pairs(ranges: list[_Range]) -> Iterator[tuple[object, ...]]:
    """Give every pair with overlapping periods, in the unit of its first claim."""
    for one, said in combinations(ranges, 2):
        other = _to_unit(said, one.unit)
        start, end = max(one.start, said.start), min(one.end, said.end)
        if other is None or start > end:
            continue
        gap = max(one.low, other.low) - min(one.high, other.high)
        agree = gap <= _ROUNDING * max(abs(one.low), abs(other.low))
        first = (one.unit, one.claim, one.low, one.high, one.source)
        second = (other.claim, other.low, other.high, other.source)
        yield (*first, *second, start, end, agree)


def _to_unit(said: _Range, unit: str) -> _Range | None:
    """Give a range in another unit; None where the units do not convert."""
    if said.unit == unit:
        return said
    ours, theirs = measure_of(said.unit), measure_of(unit)
    if ours.what != theirs.what:
        return None
    size = ours.size / theirs.size
    return replace(said, low=said.low * size, high=said.high * size, unit=unit)
