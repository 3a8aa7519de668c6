"""Every number of a sentence, with its unit, its hedge and what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.amounts import Draft, read_amounts
from supplyline.evidence.reading.line import read_line
from supplyline.evidence.reading.times import Anchor, taken_spans

if TYPE_CHECKING:
    from supplyline.evidence.reading.candidate import Kind
    from supplyline.evidence.reading.line import Line
    from supplyline.evidence.reading.sentences import Span

_ANY_DAY: Final = Anchor(date(2000, 12, 31), "day", date(2100, 12, 31))


@dataclass(frozen=True, slots=True)
class Mention:
    """One number of a sentence."""

    start: int
    end: int
    kind: Kind
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    hedge: str | None
    noun_start: int | None
    noun_end: int | None
    base: str | None


def find_mentions(
    text: str, span: Span, language: str, anchor: Anchor | None = None
) -> list[Mention]:
    """Find every number of a sentence that is not part of a time."""
    times = taken_spans(text, span, language, _ANY_DAY if anchor is None else anchor)
    line = read_line(text, span, language, times)
    return [_mention(line, draft) for draft in read_amounts(line)]


def _mention(line: Line, draft: Draft) -> Mention:
    """Turn what was read, in tokens, into characters of the text."""
    tokens = line.tokens
    noun = draft.noun
    return Mention(
        start=tokens[draft.start].start,
        end=tokens[draft.end - 1].end,
        kind=draft.kind,
        value=draft.value,
        low=draft.low,
        high=draft.high,
        unit=draft.unit,
        hedge=_words(line, draft.hedge),
        noun_start=None if noun is None else tokens[noun[0]].start,
        noun_end=None if noun is None else tokens[noun[1] - 1].end,
        base=_words(line, draft.against),
    )


def _words(line: Line, span: tuple[int, int] | None) -> str | None:
    """Give the text of a stretch of tokens, white space made plain."""
    if span is None:
        return None
    first, last = line.tokens[span[0]].start, line.tokens[span[1] - 1].end
    return " ".join(line.text[first:last].split())
