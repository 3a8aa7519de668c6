"""Units, currencies and rates, beside a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from supplyline.evidence.reading.words import phrases, word_list

if TYPE_CHECKING:
    from supplyline.evidence.reading.line import Line

TIME_UNITS: Final = frozenset({"years", "months", "weeks", "days", "hour", "minute"})
"""Units of time."""


class Unit(NamedTuple):
    """A unit beside a number."""

    start: int
    end: int
    unit: str
    factor: float


def _is_free(line: Line, start: int, end: int) -> bool:
    """Whether no time takes the tokens."""
    return not any(place in line.taken for place in range(start, end))


def _is_written_so(line: Line, start: int, end: int, written: str) -> bool:
    """Whether a code stands in capitals, so that "mad" is no currency."""
    if len(written) > 3 or not written.isupper() or written == "CFA":
        return True
    return all(line.written(place).isupper() for place in range(start, end))


def currency_before(line: Line, index: int) -> Unit | None:
    """Find a currency that stands just before a number."""
    entry = phrases("currencies", line.language).before(line.tokens, index)
    if entry is None:
        return None
    row, start = entry
    written = row["written"]
    if written.islower() or not _is_free(line, start, index):
        return None
    if not _is_written_so(line, start, index, written) and written.isalpha():
        return None
    return Unit(start, index, row["code"], 1.0)


def currency_after(line: Line, index: int) -> Unit | None:
    """Find a currency that stands just after a number."""
    start = _after_of(line, index)
    entry = phrases("currencies", line.language).at(line.tokens, start)
    if entry is None:
        return None
    row, end = entry
    if not _is_free(line, start, end):
        return None
    if not _is_written_so(line, start, end, row["written"]):
        return None
    if line.form(end) == "d" and row["written"] == "$" and line.touches(end):
        return None  # the sign belongs to the next number
    return Unit(start, end, row["code"], 1.0)


def _after_of(line: Line, index: int) -> int:
    """Step over "of", "de" or "d'", as in "millions de litres"."""
    if line.word(index) in ("of", "de"):
        return index + 1
    if line.word(index) == "d" and line.word(index + 1) == "'":
        return index + 2
    return index


def unit_after(line: Line, index: int) -> Unit | None:
    """Find a unit of measure that stands just after a number."""
    start = index
    if line.word(start) in word_list("more_of", line.language):
        later = phrases("units", line.language).at(line.tokens, start + 1)
        start += later is not None and later[0]["unit"] in TIME_UNITS
    if line.word(start) == "-" and line.touches(start) and line.touches(start + 1):
        start += 1
    elif line.word(start) in ("of", "de", "d"):
        start = _after_of(line, index)
    entry = phrases("units", line.language).at(line.tokens, start)
    if entry is None:
        return None
    row, end = entry
    if not _is_free(line, start, end) or not _is_unit(line, start, end, row["unit"]):
        return None
    return Unit(start, end, row["unit"], float(row["factor"]))


def _is_unit(line: Line, start: int, end: int, unit: str) -> bool:
    """Whether the word is a unit here, and not an ordinal, a name or an initial."""
    written = line.written(start)
    if written in ("T", "L", "H") or (written == "second" and start + 1 != end):
        return False
    return not (
        len(written) == 1
        and end == start + 1
        and written.isalpha()
        and (line.word(end) in (".", "'") and line.touches(end) and unit != "tonne")
    )


def rate_after(line: Line, index: int) -> tuple[str, int, int] | None:
    """Find a rate, such as "a day" or "le litre", just after a number or its noun."""
    entry = phrases("rates", line.language).at(line.tokens, index)
    if entry is None:
        return None
    row, end = entry
    is_time = line.word(end) in word_list("steps", line.language)
    if is_time or not _is_free(line, index, end):
        return None
    return row["per"], index, end


def rate_beyond(line: Line, index: int) -> str | None:
    """Find the rate after a bracket, as in "1,500 francs ($2.65) per liter"."""
    place = index
    if line.word(place) == "(":
        reach = range(place + 1, min(place + 9, len(line.tokens)))
        place = next((at for at in reach if line.word(at) == ")"), index)
    if line.word(place) != ")":
        return None
    rate = rate_after(line, place + 1)
    return None if rate is None else rate[0]


def rate_before(line: Line, index: int, floor: int) -> str | None:
    """Find the measure that a price is for and that stands before it."""
    for place in range(index - 1, max(index - 12, -1), -1):
        if line.form(place) == "p" and line.word(place) not in ("'", "-", "(", ")"):
            return None
        rate = rate_after(line, place)
        if rate is not None and rate[2] <= index and rate[0] in _MEASURES:
            is_own = rate[2] > floor or line.word(index - 1) in _COMPARED
            return rate[0] if is_own else None
    return None


_COMPARED: Final = frozenset(
    {"from", "to", "against", "contre", "à", "of", "and", "et", "or", "ou"}
)
_MEASURES: Final = frozenset({"litre", "kg", "gallon", "barrel", "tonne", "ounce"})


def is_money(unit: str | None) -> bool:
    """Tell whether a unit is a currency."""
    return unit is not None and len(unit) == 3 and unit.isupper()


def with_rate(unit: str, per: str) -> str:
    """Join a unit and what it is per."""
    if unit in TIME_UNITS or unit in ("percent", "ratio", "rank") or "_per_" in unit:
        return unit
    return f"{unit}_per_{per}"
