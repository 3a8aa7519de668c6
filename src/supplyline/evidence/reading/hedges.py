"""Words that make a number less than exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from supplyline.evidence.reading.words import phrases

if TYPE_CHECKING:
    from supplyline.evidence.reading.line import Line


class Hedge(NamedTuple):
    """A hedge of one number."""

    start: int
    end: int
    bound: str
    side: str


def hedge_before(line: Line, index: int) -> Hedge | None:
    """Find the hedge that stands just before a number."""
    hedge = _before(line, index)
    if hedge is None:
        return None
    more = _before(line, hedge.start)
    if more is None:
        return hedge
    bound = hedge.bound if hedge.bound in ("low", "high") else more.bound
    if bound == "report":
        bound = hedge.bound
    return Hedge(more.start, hedge.end, bound, "before")


def _before(line: Line, index: int) -> Hedge | None:
    """Find one hedge before a token."""
    entry = phrases("hedges", line.language).before(line.tokens, index)
    if entry is None or entry[0]["side"] == "after":
        return None
    row, start = entry
    if any(place in line.taken for place in range(start, index)):
        return None
    return Hedge(start, index, row["bound"], row["side"])


def hedge_after(line: Line, index: int) -> Hedge | None:
    """Find the hedge that stands just after a number or what it counts."""
    index += line.word(index) == ","
    for place in range(index, min(index + 3, len(line.tokens))):
        entry = phrases("hedges_after", line.language).at(line.tokens, place)
        if entry is None:
            continue
        row, end = entry
        if row["side"] == "after" and place == index and not _leads_on(line, end):
            return Hedge(place, end, row["bound"], "after")
        if row["side"] == "verb":
            return Hedge(place, end, row["bound"], "verb")
    return None


def _leads_on(line: Line, index: int) -> bool:
    """Whether another number follows, so that the hedge is that number's."""
    return line.form(index) == "d"
