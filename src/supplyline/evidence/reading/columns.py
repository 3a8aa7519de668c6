"""Units that a table says once, in its heading, its columns or the label of a row."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from supplyline.evidence.reading.number_words import value_of
from supplyline.evidence.reading.units import is_money, with_rate
from supplyline.evidence.reading.words import phrases, tokens

if TYPE_CHECKING:
    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence
    from supplyline.evidence.reading.words import Token

CELL: Final = re.compile(r"\s[;|]\s")
"""What parts the cells of a row."""

_ROW_WORDS: Final = 18
_LONGEST: Final = 1000
_LEAST_CELLS: Final = 2
_LINE: Final = re.compile(r"[-\s;|:]+")
_ROW_PER: Final = re.compile(
    r"[,(/]\s*(?:le |la |per |par |a |1 )?(?P<per>kg|kilo|litre|liter|l|tonne|ton|t|"
    r"gallon|barrel|baril)\b"
)
_ONE_OF: Final = re.compile(r", ?(?:le |the |per |par )?(?:litre|liter|tonne|kilo)\s*$")
_PER: Final = {"kilo": "kg", "liter": "litre", "l": "litre", "ton": "tonne",
               "t": "tonne", "baril": "barrel"}  # fmt: skip


class Head(NamedTuple):
    """What a heading or a cell says of the figures below or beside it."""

    unit: str
    factor: float


def head_of(text: str, start: int, end: int, language: str) -> Head | None:
    """Read the unit of a heading or cell: prices (FCFA per litre)."""
    line = tokens(text, start, end)
    unit, factor, rate = None, 1.0, None
    for index in range(len(line)):
        currency = phrases("currencies", language).at(line, index)
        per = phrases("rates", language).at(line, index)
        if currency is not None and unit is None:
            written = line[index].written
            is_code = written.isupper() or len(written) > 1
            unit = currency[0]["code"] if is_code else None
        elif per is not None and rate is None:
            rate = per[0]["per"]
        elif len(line[index].word) > 3:
            factor = value_of(line, index, "scale", language) or factor
    if unit is None:
        return None
    return Head(unit if rate is None else with_rate(unit, rate), factor)


def columns_of(
    sentence: Sentence, language: str, above: Head | None, currency: str
) -> tuple[Head | None, ...]:
    """Read the units of the columns of a table from its first row."""
    cells = cells_of(sentence)
    if len(cells) < _LEAST_CELLS or sentence.mentions:
        return ()
    words = [sentence.folded[slice(*cell)] for cell in cells]
    if above is None and any(_ONE_OF.search(word) for word in words):
        # a litre of this and a kilo of that: their prices
        return tuple(_price_of(word, currency) for word in words)
    columns = [_column(sentence, cell, language, above) for cell in cells]
    if columns[0] is not None and not any(columns[1:]):
        columns = [columns[0]] * len(cells)  # the title of the table, above its labels
    return tuple(columns) if any(columns) else ()


def _price_of(label: str, currency: str) -> Head | None:
    """Read the column of a table of prices: sorghum, kg; sheep, head."""
    if _ONE_OF.search(label) is None and "," not in label:
        return None
    per = _ROW_PER.search(label)
    if per is None:
        return Head(currency, 1.0)
    return Head(with_rate(currency, _PER.get(per["per"], per["per"])), 1.0)


def _column(
    sentence: Sentence, cell: tuple[int, int], language: str, above: Head | None
) -> Head | None:
    """Read the unit of one column; a column of things counts them."""
    money = head_of(sentence.text, *cell, language)
    if money is not None:
        return money
    words = sentence.folded[slice(*cell)]
    if above is not None and is_money(above.unit):
        per = _ROW_PER.search(words)
        if per is None:
            return None
        unit = with_rate(above.unit, _PER.get(per["per"], per["per"]))
        return Head(unit, above.factor)
    line = tokens(sentence.text, *cell)
    for index in range(len(line)):
        measure = _measure(line, index, language)
        if measure is not None:
            return measure
    return None


def _measure(line: list[Token], index: int, language: str) -> Head | None:
    """Read a unit of measure that stands alone in a cell, such as "(tonnes)"."""
    entry = phrases("units", language).at(line, index)
    if entry is None or (len(line[index].word) == 1 and line[index].word.isalpha()):
        return None
    return Head(entry[0]["unit"], float(entry[0]["factor"]))


def cells_of(sentence: Sentence) -> list[tuple[int, int]]:
    """Part a row at its bars or semicolons."""
    text, span = sentence.text, sentence.span
    if span.end - span.start > _LONGEST:
        return []
    if text[span.end - 1] in ".!?" or _LINE.fullmatch(text, *span):
        return []
    marks = [match.span() for match in CELL.finditer(text, *span)]
    starts = [span.start, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), span.end]
    return list(zip(starts, ends, strict=True)) if marks else []


def is_rule(sentence: Sentence) -> bool:
    """Tell whether a line only parts the head of a table from its rows."""
    return _LINE.fullmatch(sentence.text, *sentence.span) is not None


def of_column(
    sentence: Sentence, mention: Mention, columns: tuple[Head | None, ...]
) -> Mention | None:
    """Give a figure the unit of its column."""
    cells = cells_of(sentence)
    if not columns or len(cells) != len(columns):
        return None
    for (first, last), head in zip(cells, columns, strict=True):
        if head is not None and first <= mention.start < last:
            return scaled(mention, head)
    return None


def of_label(sentence: Sentence, mention: Mention, language: str) -> Mention | None:
    """Give the first figure of a row the unit of its label: petrol (litres); 41,300."""
    cells = cells_of(sentence)
    if len(cells) < _LEAST_CELLS or not cells[1][0] <= mention.start < cells[1][1]:
        return None
    match = re.search(r"[(,]([^()]*)\)?\s*$", sentence.text[slice(*cells[0])])
    if match is None:
        return None
    line = tokens(match.group(1), 0, len(match.group(1)))
    head = _measure(line, 0, language) if line else None
    return None if head is None else scaled(mention, head)


def of_heading(
    sentence: Sentence, mention: Mention, head: Head | None
) -> Mention | None:
    """Give a figure of a row the unit of its table's heading."""
    if head is None or sentence.span.end - sentence.span.start > _LONGEST:
        return None
    words = sentence.folded[sentence.span.start : sentence.span.end]
    is_row = len(words.split()) <= _ROW_WORDS and not words.endswith((".", "!", "?"))
    if not is_row:
        return None
    unit, factor = head
    first = sentence.mentions[0].start - sentence.span.start
    label = _ROW_PER.search(words[: first + 1])
    if label is not None and is_money(unit):
        unit = with_rate(unit, _PER.get(label["per"], label["per"]))
    return scaled(mention, Head(unit, factor))


def scaled(mention: Mention, head: Head) -> Mention:
    """Give a figure the unit of a head, and its scale."""
    value, low, high = (
        None if number is None else float(f"{number * head.factor:.12g}")
        for number in (mention.value, mention.low, mention.high)
    )
    kind = "share" if head.unit == "percent" else mention.kind
    return replace(mention, unit=head.unit, kind=kind, value=value, low=low, high=high)


def with_unit(mention: Mention, unit: str) -> Mention:
    """Give a bare number a unit, its own rate kept."""
    rate = (mention.unit or "").partition("_per_")[2]
    if rate:
        unit = with_rate(unit.partition("_per_")[0], rate)
    is_share = unit == "percent" and mention.kind == "amount"
    return replace(mention, unit=unit, kind="share" if is_share else mention.kind)
