"""Which claims of other sources speak for a candidate, and which against it.

Two statements are compared if subject, quantity and place are the same and they speak
of the same time. A part is compared with its whole in one way only: it cannot be more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.case.contradictions import Measure, measure_of
from supplyline.evidence.doubts.statement import (
    Statement,
    is_flow,
    is_rate,
    names_of,
    of_candidate,
    of_claim,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from supplyline.evidence.reading.candidate import Candidate

COLUMNS: Final = ("candidate", "claim", "source", "agree", "why")
"""Columns of `compare_with_claims`."""
OPEN_FACTOR: Final = 2.0
"""Above this multiple of an open end, as in more than 50, nothing is concluded [1]."""
RATE_AGREES, RATE_CONTRADICTS = 1.25, 1.5
"""Factors between two mean rates over unlike periods: below, and above, which they
agree and contradict; nothing is concluded between [1]."""
PERIOD_DAYS: Final = 3
"""Most that both ends of two periods may differ to be the same period [days]."""

_HOURS_PER_DAY: Final = 24.0
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Whether two statements agree, and why."""

    agree: bool
    why: str


def compare_with_claims(
    candidates: Sequence[Candidate],
    claims: pd.DataFrame,
    own_source: str | None,
    relays: Mapping[str, str] | None = None,
    within: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Set every candidate beside the claims of other sources on the same thing."""
    relays, within = relays or {}, within or {}
    own = relays.get(own_source or "", own_source)
    names = names_of(claims)
    said = _by_topic(claims, relays, own)
    rows = [
        (mine.name, other.name, other.source, verdict.agree, verdict.why)
        for mine in (of_candidate(c, "", names) for c in candidates if c.is_understood)
        if mine is not None
        for other in said.get(mine.key, ())
        if (verdict := compare(mine, other, within)) is not None
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"agree": bool})


def count_witnesses(table: pd.DataFrame, candidate: str) -> tuple[int, int]:
    """Count the independent sources for and against a candidate.

    A source that agrees in one claim and not in another is counted as agreeing.
    """
    mine = table[table["candidate"] == candidate]
    agreeing = set(mine.loc[mine["agree"], "source"])
    return len(agreeing), len(set(mine["source"]) - agreeing)


def compare(
    mine: Statement, other: Statement, within: Mapping[str, str]
) -> _Verdict | None:
    """Compare two statements on the same subject and quantity."""
    ours, theirs = measure_of(mine.unit), measure_of(other.unit)
    if _currencies_differ(ours, theirs):
        return _compare_money(mine, other)
    if mine.area != other.area:
        return _compare_levels(mine, other, within)
    if mine.is_date and other.is_date:
        return _compare_dates(mine, other)
    if not _overlap(mine, other):
        return None
    if ours.what == theirs.what:
        return _compare_same_unit(mine, _converted(other, theirs, ours, mine.unit))
    return _compare_rates(mine, other)


def per_day(said: Statement) -> tuple[Statement, str] | None:
    """Give a statement as a mean rate per day."""
    measure = measure_of(said.unit)
    if is_rate(said.unit):
        size, what = measure.size * _HOURS_PER_DAY, measure.what.removesuffix("/time")
    elif is_flow(said.key[1]):
        size, what = measure.size / said.days, measure.what
    else:
        return None
    numbers = {name: getattr(said, name) * size for name in ("value", "low", "high")}
    return replace(said, **numbers), what


def _by_topic(
    claims: pd.DataFrame, relays: Mapping[str, str], own: str | None
) -> dict[tuple[str, str], list[Statement]]:
    """Gather the statements of other sources by subject and quantity."""
    gathered: dict[tuple[str, str], list[Statement]] = {}
    names = names_of(claims)
    for row in claims.to_dict("records"):
        said = of_claim(row, names)
        if said is None:
            continue
        source = relays.get(said.source, said.source)
        if source != own:
            gathered.setdefault(said.key, []).append(replace(said, source=source))
    return gathered


def _compare_dates(mine: Statement, other: Statement) -> _Verdict:
    """Compare two dates of the same thing: one may be told less exactly."""
    agree = _overlap(mine, other)
    word = "fits" if agree else "is another date than"
    return _Verdict(agree, f"{mine} {word} {other} of {other.name} ({other.source})")


def _compare_same_unit(mine: Statement, other: Statement) -> _Verdict | None:
    """Compare two ranges; sums over unlike periods as a part and its whole."""
    is_sum = is_flow(mine.key[1]) and not is_rate(mine.unit)
    if is_sum and mine.is_inferred:
        return _compare_undated(mine, other)
    if is_sum and not _same_period(mine, other):
        return _compare_periods(mine, other)
    return _compare_ranges(mine, other)


def _compare_undated(mine: Statement, other: Statement) -> _Verdict | None:
    """Compare a sum told without days: none were stated, so none are denied."""
    verdict = _compare_ranges(mine, other)
    is_plain = not _is_open(mine) and not _is_open(other)
    return verdict if verdict is not None and verdict.agree and is_plain else None


def _compare_ranges(mine: Statement, other: Statement) -> _Verdict | None:
    """Compare two ranges of one unit."""
    agree = _meet(mine, other)
    if agree and _is_beyond(mine, other):
        return None
    word = "agrees with" if agree else "contradicts"
    return _Verdict(agree, f"{mine} {word} {other} of {other.name} ({other.source})")


def _compare_periods(mine: Statement, other: Statement) -> _Verdict | None:
    """Compare sums over unlike periods: one inside the other cannot exceed it."""
    for part, whole in ((mine, other), (other, mine)):
        inside = whole.start <= part.start and part.end <= whole.end
        if inside and part.low > whole.high * (1 + _ROUNDING):
            why = f"{mine} against {other} of {other.name} ({other.source})"
            return _Verdict(agree=False, why=f"{why}: the part exceeds the whole")
    return None


def _compare_levels(
    mine: Statement, other: Statement, within: Mapping[str, str]
) -> _Verdict | None:
    """Compare a place with what contains it: its count cannot be more."""
    ours, theirs = measure_of(mine.unit), measure_of(other.unit)
    if ours.what != theirs.what or not _adds_up(ours):
        return None
    if mine.is_inferred and is_flow(mine.key[1]):
        return None
    said = _converted(other, theirs, ours, mine.unit)
    for part, whole in ((mine, said), (said, mine)):
        inside = whole.start <= part.start and part.end <= whole.end
        is_part = whole.area in _around(part.area, within)
        if inside and is_part and part.low > whole.high * (1 + _ROUNDING):
            why = (
                f"{mine} in {mine.area} against {other} in {other.area} of {other.name}"
            )
            return _Verdict(agree=False, why=f"{why}: the part exceeds the whole")
    return None


def _compare_money(mine: Statement, other: Statement) -> _Verdict | None:
    """Compare money in two currencies: the same number is one said wrongly."""
    is_same = abs(mine.value - other.value) <= _ROUNDING * abs(mine.value)
    if not is_same or not _overlap(mine, other):
        return None  # without an exchange rate nothing can be said
    why = f"{mine} against {other} of {other.name} ({other.source})"
    return _Verdict(agree=False, why=f"{why}: same number, other currency")


def _compare_rates(mine: Statement, other: Statement) -> _Verdict | None:
    """Compare an amount over a period with a rate, both per day."""
    ours, theirs = per_day(mine), per_day(other)
    if ours is None or theirs is None or ours[1] != theirs[1]:
        return None
    if mine.is_inferred and not is_rate(mine.unit):
        return None
    factor = gap(ours[0], theirs[0])
    if RATE_AGREES < factor <= RATE_CONTRADICTS:
        return None
    agree = factor <= RATE_AGREES
    word = "agrees with" if agree else "contradicts"
    rates = f"{ours[0].value:.3g} and {theirs[0].value:.3g} a day"
    why = f"{mine} {word} {other} of {other.name} ({other.source}): {rates}"
    return _Verdict(agree, why)


def gap(one: Statement, other: Statement) -> float:
    """Give the factor between two ranges; 1 where they meet [1]."""
    if _meet(one, other):
        return 1.0
    lower, higher = (one, other) if one.high < other.low else (other, one)
    return higher.low / lower.high if lower.high > 0 else float("inf")


def _converted(
    said: Statement, measure: Measure, wanted: Measure, unit: str
) -> Statement:
    """Give a statement in another unit of the same kind."""
    size = measure.size / wanted.size
    numbers = {name: getattr(said, name) * size for name in ("value", "low", "high")}
    return replace(said, unit=unit, **numbers)


def _meet(one: Statement, other: Statement) -> bool:
    """Tell whether two ranges have a point in common."""
    between = max(one.low, other.low) - min(one.high, other.high)
    return between <= _ROUNDING * max(abs(one.value), abs(other.value))


def _is_beyond(one: Statement, other: Statement) -> bool:
    """Tell whether ranges meet only far above or below an open end."""
    low, high = sorted((abs(one.value), abs(other.value)))
    return (_is_open(one) or _is_open(other)) and high > OPEN_FACTOR * low


def _is_open(said: Statement) -> bool:
    """Tell whether a range has no end on one side."""
    return said.low == float("-inf") or said.high == float("inf")


def _overlap(one: Statement, other: Statement) -> bool:
    """Tell whether two periods share a day."""
    return one.start <= other.end and other.start <= one.end


def _same_period(one: Statement, other: Statement) -> bool:
    """Tell whether two periods are the same but for a few days."""
    ends = (one.start - other.start, one.end - other.end)
    return all(abs(between.days) <= PERIOD_DAYS for between in ends)


def _adds_up(measure: Measure) -> bool:
    """Tell whether what is measured adds up over places."""
    what = measure.what.removesuffix("/time")
    return what in {"count", "volume", "mass"} or what.startswith("money")


def _currencies_differ(one: Measure, other: Measure) -> bool:
    """Tell whether two units differ in their currency only."""
    ours, theirs = one.what.partition("/"), other.what.partition("/")
    is_money = ours[0].startswith("money:") and theirs[0].startswith("money:")
    return is_money and ours[0] != theirs[0] and ours[2] == theirs[2]


def _around(area: str, within: Mapping[str, str]) -> set[str]:
    """Give the areas that contain an area."""
    areas: set[str] = set()
    while (area := within.get(area, "")) and area not in areas:
        areas.add(area)
    return areas
