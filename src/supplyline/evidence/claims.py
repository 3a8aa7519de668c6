"""Claims that speak of the same thing: where they agree and where they do not.

Nothing is decided here. Claims that disagree are all kept and listed side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.quantities import UNITS, convert

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

    Parameters
    ----------
    claims : pandas.DataFrame
        Table of claims: columns ``claim``, ``subject``, ``quantity``, ``area``,
        ``value``, ``low``, ``high``, ``unit``, ``start``, ``end`` and ``source``.

    Returns
    -------
    pandas.DataFrame
        One row for each pair: subject, quantity, area, the unit of the first, the range
        and source of both, the days of which both speak, and whether the ranges meet.
    """
    rows: list[tuple[object, ...]] = []
    for key, group in claims.groupby(["subject", "quantity", "area"], sort=False):
        if len(group) == 1:
            continue  # nothing to compare it with
        ranges = [said for said in map(_range, group.to_dict("records")) if said]
        rows.extend((*key, *pair) for pair in _pairs(ranges))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def find_contradictions(claims: pd.DataFrame) -> pd.DataFrame:
    """List the claims whose ranges do not meet, side by side.

    Parameters
    ----------
    claims : pandas.DataFrame
        Table of claims, as for `compare_claims`.

    Returns
    -------
    pandas.DataFrame
        Rows of `compare_claims` that do not agree, without the column ``agree``.
    """
    pairs = compare_claims(claims)
    apart = pairs[~pairs["agree"].astype(bool)]
    return apart.drop(columns="agree").reset_index(drop=True)


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
    units = [UNITS.get(name, (name, 1.0)) for name in (said.unit, unit)]
    if units[0][0] != units[1][0]:
        return None
    low, high = (convert(number, said.unit, unit) for number in (said.low, said.high))
    return replace(said, low=low, high=high, unit=unit)
