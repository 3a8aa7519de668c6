"""Parts and wholes inside one text: what exceeds its whole, or does not add up."""

from __future__ import annotations

import re
from itertools import combinations, groupby, pairwise
from typing import TYPE_CHECKING, Final

from supplyline.case.contradictions import measure_of
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.doubts.scene import words_of
from supplyline.evidence.doubts.statement import bounds, format_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.evidence.doubts.scene import Passage, Scene
    from supplyline.evidence.reading.candidate import Candidate

SUM_OVER: Final = 101.0
"""Sum of rounded shares beyond which they do not make one whole [percent]."""
CHANGE_FACTOR: Final = 1.25
"""Factor between a stated and an implied change that is doubted [1]."""
_BEFORE_PART: Final = 3  # words between "including" and the number of the part
_FROM: Final = re.compile(r"(?<!\w)(?:from|de|up from|down from|depuis)\s+\S{0,12}\s*$")
_TO: Final = re.compile(r"(?<!\w)(?:to|a|at)(?!\w)")


def share_over_hundred(scene: Scene) -> Iterator[Doubt]:
    """Find shares of more than the whole, or less than nothing."""
    for candidate in scene.candidates:
        if candidate.kind != "share" or candidate.value is None:
            continue
        measure = measure_of(candidate.unit or "")
        if measure.what == "number" and not 0 <= candidate.value * measure.size <= 1:
            share = _format_amount(candidate)
            text = f"a share of {share} is not between 0 and 100 percent"
            yield Doubt(candidate.candidate, "share_over_hundred", text, ())


def part_exceeds_whole(scene: Scene) -> Iterator[Doubt]:
    """Find parts that are said to be included in less."""
    for passage in scene.passages:
        counted = [c for c in passage.candidates if _is_amount(c)]
        for whole, part in pairwise(counted):
            between = _text(passage, whole.span_end, part.span_start)
            phrase = passage.says("including", between)
            near = "" if phrase is None else between.rpartition(phrase)[2]
            is_part = phrase is not None and len(words_of(near)) <= _BEFORE_PART
            if not is_part or not _is_one_measure(whole, part):
                continue
            most = whole.high if whole.high is not None else whole.value
            is_open = whole.low is not None and whole.high is None
            if is_open or _size(part, part.value) <= _size(whole, most):
                continue
            text = (
                f"{_format_amount(part)} cannot be included in {_format_amount(whole)}"
            )
            against = (whole.candidate,)
            yield Doubt(part.candidate, "part_exceeds_whole", text, against)


def shares_exceed_whole(scene: Scene) -> Iterator[Doubt]:
    """Find shares of one whole, in one sentence, that sum to more than it."""
    for passage in scene.passages:
        shares = [c for c in passage.candidates if _is_share(c)]
        is_divided = passage.says("rest") is not None
        for _, group in groupby(shares, key=_whole):
            parts = list(group)
            is_one = is_divided or parts[0].base is not None
            if len(parts) < 2 or not is_one or _is_nested(passage, parts):
                continue
            total = sum(c.value or 0.0 for c in parts)
            if total > SUM_OVER:
                stated = " and ".join(format_number(c.value or 0.0) for c in parts)
                sum_of = format_number(total)
                text = f"{stated} percent of one whole sum to {sum_of} percent"
                against = tuple(c.candidate for c in parts[:-1])
                yield Doubt(parts[-1].candidate, "shares_exceed_whole", text, against)


def change_differs(scene: Scene) -> Iterator[Doubt]:
    """Hold a stated change against the two values it leads from and to."""
    for passage in scene.passages:
        changes = [c for c in passage.candidates if c.kind == "change" and c.value]
        pairs = [
            pair
            for pair in combinations(
                [c for c in passage.candidates if _is_amount(c)], 2
            )
            if _is_course(passage, *pair)
        ]
        if len(changes) != 1 or len(pairs) != 1 or changes[0].unit != "percent":
            continue
        (change,), ((first, last),) = changes, pairs
        before, after = _size(first, first.value), _size(last, last.value)
        implied = 100 * (after / before - 1) if before else float("inf")
        low, high = bounds(
            change.value, change.low, change.high, "percent", change.hedge
        )
        if _is_near(abs(implied), low, high):
            continue
        text = (
            f"{_format_amount(first)} to {_format_amount(last)} is a change of "
            f"{format_number(implied)} percent, "
            f"not {format_number(change.value or 0.0)}"
        )
        against = (first.candidate, last.candidate)
        yield Doubt(change.candidate, "change_differs", text, against)


def _is_near(implied: float, low: float, high: float) -> bool:
    """Tell whether an implied change lies at a stated range."""
    return low / CHANGE_FACTOR - 1 <= implied <= high * CHANGE_FACTOR + 1


def _is_course(passage: Passage, first: Candidate, last: Candidate) -> bool:
    """Tell whether a sentence leads from one value to another."""
    before = _text(passage, passage.start, first.span_start)
    between = _text(passage, first.span_end, last.span_start)
    leads = _FROM.search(before) is not None and _TO.search(between) is not None
    return leads and _is_one_measure(first, last)


def _is_nested(passage: Passage, parts: list[Candidate]) -> bool:
    """Tell whether one of the shares is said to lie inside another."""
    return any(
        passage.says("including", _text(passage, one.span_end, other.span_start))
        for one, other in pairwise(parts)
    )


def _text(passage: Passage, start: int, end: int) -> str:
    """Give a stretch of a sentence, folded."""
    return passage.folded[max(start - passage.start, 0) : max(end - passage.start, 0)]


def _whole(candidate: Candidate) -> tuple[object, ...]:
    """Give what makes two shares parts of the same whole."""
    c = candidate
    return c.subject, c.quantity, c.base, c.start, c.end


def _is_amount(candidate: Candidate) -> bool:
    """Tell whether a candidate is an amount with a number."""
    return candidate.kind in {"amount", "unknown"} and candidate.value is not None


def _is_share(candidate: Candidate) -> bool:
    """Tell whether a candidate is a share in per cent."""
    c = candidate
    return c.kind == "share" and c.value is not None and c.unit == "percent"


def _is_one_measure(one: Candidate, other: Candidate) -> bool:
    """Tell whether the units of two numbers measure the same."""
    return measure_of(one.unit or "").what == measure_of(other.unit or "?").what


def _size(candidate: Candidate, number: float | None) -> float:
    """Give a number in the smallest unit of its kind."""
    return (number or 0.0) * measure_of(candidate.unit or "").size


def _format_amount(candidate: Candidate) -> str:
    """Write a number with its unit."""
    return f"{format_number(candidate.value or 0.0)} {candidate.unit}"
