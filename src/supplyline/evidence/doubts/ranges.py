"""Numbers that cannot be: out of range, a thousand times off, in the future."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from supplyline.case.contradictions import measure_of
from supplyline.evidence.doubts.agreement import per_day
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.doubts.statement import (
    Statement,
    format_number,
    names_of,
    of_candidate,
    of_claim,
)
from supplyline.evidence.doubts.word_lists import rows, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.evidence.doubts.scene import Scene
    from supplyline.evidence.reading.candidate import Candidate

MAGNITUDE_FACTOR: Final = 100.0
"""Factor from every known value of a quantity from which its unit is doubted [1]."""
_NOT_BELOW_ZERO: Final = ("count", "volume", "mass", "length", "surface", "time")
_THOUSAND_APART: Final = 4.0  # so near to a power of 1000 that the unit explains it


def impossible_value(scene: Scene) -> Iterator[Doubt]:
    """Find numbers outside what their unit and quantity can hold."""
    for c in scene.candidates:
        if c.value is None or c.unit is None or c.kind in {"change", "share"}:
            continue
        text = _out_of_range(c, c.value, c.unit)
        if text is not None:
            yield Doubt(c.candidate, "impossible_value", text, ())


def other_magnitude(scene: Scene) -> Iterator[Doubt]:
    """Find numbers of another order than every known value of their quantity."""
    claims = scene.known.witnesses()
    names = names_of(claims)
    known = [
        said
        for row in claims.to_dict("records")
        if (said := of_claim(row, names)) is not None
    ]
    for c in scene.candidates:
        mine = of_candidate(c, "", names) if c.kind == "amount" else None
        if mine is None or mine.value <= 0 or mine.is_date:
            continue
        factors = [
            (factor, said)
            for said in known
            if said.key == mine.key
            and said.area == mine.area
            and (factor := _factor(mine, said)) is not None
        ]
        if not factors:
            continue
        nearest, said = min(factors, key=lambda pair: abs(math.log(pair[0])))
        is_count = measure_of(mine.unit).what == "count"
        # what is much smaller may be of a part, unless its unit explains it
        is_small = nearest <= 1 / MAGNITUDE_FACTOR and _hint(nearest) and not is_count
        if nearest < MAGNITUDE_FACTOR and not is_small:
            continue
        times = f"{format_number(max(nearest, 1 / nearest))} times"
        word = "more" if nearest > 1 else "less"
        text = f"{mine} is {times} {word} than {said} ({said.name}){_hint(nearest)}"
        yield Doubt(c.candidate, "other_magnitude", text, (said.name,))


def future_date(scene: Scene) -> Iterator[Doubt]:
    """Find periods after publication in sentences that do not look ahead."""
    said = scene.article.published
    if said is None:
        return
    for c in scene.candidates:
        passage = scene.home(c)
        late = c.start is not None and c.start > said + timedelta(days=1)
        if passage is None or not late or passage.says("ahead"):
            continue
        text = f"told on {said} as a fact of {c.start}"
        yield Doubt(c.candidate, "future_date", text, ())


def _out_of_range(c: Candidate, value: float, unit: str) -> str | None:
    """Say why a number cannot be; None where it can."""
    measure = measure_of(unit)
    if value < 0 and measure.what.split("/")[0] in _NOT_BELOW_ZERO:
        return f"{format_number(value)} {unit} is less than nothing"
    words = "_".join(tokens(c.quantity))
    for row in rows("plausible"):
        if "_".join(tokens(row["word"])) not in words:
            continue
        allowed = measure_of(row["unit"])
        if allowed.what != measure.what or (row["unit"] != unit and not row["word"]):
            continue
        size = measure.size / allowed.size
        if not float(row["low"]) <= value * size <= float(row["high"]):
            return (
                f"{format_number(value)} {unit} is outside "
                f"{format_number(float(row['low']))} to "
                f"{format_number(float(row['high']))} {row['unit']}: {row['basis']}"
            )
    return None


def _factor(mine: Statement, other: Statement) -> float | None:
    """Give the factor between two values, of sums also that between means per day.

    The one nearer to 1 counts, as a sum may be of another span than it seems.
    """
    measures = measure_of(mine.unit), measure_of(other.unit)
    factors = []
    if measures[0].what == measures[1].what:
        ours, theirs = (mine.value * measures[0].size, other.value * measures[1].size)
        factors.append((ours, theirs))
    rates = per_day(mine), per_day(other)
    if rates[0] is not None and rates[1] is not None and rates[0][1] == rates[1][1]:
        factors.append((rates[0][0].value, rates[1][0].value))
    quotients = [one / another for one, another in factors if one > 0 and another > 0]
    return min(quotients, key=lambda factor: abs(math.log(factor)), default=None)


def _hint(factor: float) -> str:
    """Say that a unit error is likely, near a power of a thousand."""
    power = round(math.log10(factor) / 3)
    if power and 1 / _THOUSAND_APART < factor / 1000.0**power < _THOUSAND_APART:
        return ": likely an error of the unit"
    return ""
