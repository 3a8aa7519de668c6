"""Numbers and what stands around them, read from the words of a sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supplyline.evidence.reading.cores import Core, read_core
from supplyline.evidence.reading.hedges import Hedge, hedge_after, hedge_before
from supplyline.evidence.reading.nouns import read_noun
from supplyline.evidence.reading.number_words import value_of
from supplyline.evidence.reading.shares import against_of, kind_of
from supplyline.evidence.reading.units import (
    TIME_UNITS,
    currency_after,
    currency_before,
    is_money,
    rate_after,
    rate_before,
    rate_beyond,
    unit_after,
    with_rate,
)
from supplyline.evidence.reading.words import phrases, word_list

if TYPE_CHECKING:
    from supplyline.evidence.reading.candidate import Kind
    from supplyline.evidence.reading.line import Line
    from supplyline.evidence.reading.units import Unit


@dataclass(frozen=True, slots=True)
class Draft:
    """A number as it is being read; places are tokens of the sentence."""

    start: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    kind: Kind
    form: str
    hedge: tuple[int, int] | None = None
    noun: tuple[int, int] | None = None
    against: tuple[int, int] | None = None


def read_amounts(line: Line) -> list[Draft]:
    """Read every number of a sentence."""
    drafts: list[Draft] = []
    index = 0
    while index < len(line.tokens):
        core = read_core(line, index)
        if core is None:
            index += 1
            continue
        if not core.form:  # a name
            index = core.end
            continue
        floor = drafts[-1].end if drafts else 0
        core = _with_lesser(line, core)
        draft = _with_unit(line, core, floor)
        draft = _with_other_end(line, draft, floor)
        draft = _finished(line, draft, floor)
        if drafts:
            draft = _with_rate_of(line, drafts[-1], draft)
        if drafts:
            _join_passage(line, drafts, draft)
        drafts.append(draft)
        index = draft.end
    return drafts


def _with_lesser(line: Line, core: Core) -> Core:
    """Add the millions of "26 milliards 700 millions" to its milliards."""
    # from 1,000 on an end is written out: from 900,000 to 1.2 million
    if core.form != "cardinal" or core.value is None or core.scale <= 1000:
        return core
    other = read_core(line, core.end)
    if other is None or other.form != "cardinal" or other.value is None:
        return core
    is_lesser = 1000 <= other.value < core.scale and core.value % core.scale == 0
    if not is_lesser:
        return core
    return core._replace(
        end=other.end, value=core.value + other.value, scale=other.scale
    )


def _with_rate_of(line: Line, before: Draft, draft: Draft) -> Draft:
    """Carry "a year" over to what it is worth: "5 tons a year, worth $3 million"."""
    rate = (before.unit or "").partition("_per_")[2]
    if rate not in _PERIODS or not is_money(draft.unit):
        return draft
    between = range(max(before.end, draft.start - 4), draft.start)
    worth = word_list("worth", "")
    if draft.start - before.end > 12 or not any(line.word(i) in worth for i in between):
        return draft
    return replace(draft, unit=with_rate(draft.unit or "", rate))


_PERIODS = frozenset({"day", "week", "month", "year"})


def _join_passage(line: Line, drafts: list[Draft], draft: Draft) -> None:
    """Give the first number of "from 142 to 750 attacks" what the second one counts."""
    before = drafts[-1]
    is_passage = draft.start == before.end + 1 and line.word(before.end) in ("to", "à")
    if not is_passage or before.form != "cardinal" or before.noun is not None:
        return
    if before.unit != "count" or draft.unit is None or draft.kind == "rank":
        return
    kind: Kind = "share" if draft.unit == "percent" else "amount"
    scale = _scale_in(line, draft)
    value = before.value
    if value is not None and before.end == before.start + 1 and value < 1000:
        value = _times(value, scale)
    drafts[-1] = replace(
        before, unit=draft.unit, noun=draft.noun, kind=kind, value=value
    )


def _scale_in(line: Line, draft: Draft) -> float:
    """Give the scale word of a number: 10 million."""
    for place in range(draft.start + 1, draft.end):
        scale = value_of(line.tokens, place, "scale", line.language)
        if scale and len(line.word(place)) > 3:
            return scale
    return 1.0


def _with_unit(line: Line, core: Core, floor: int) -> Draft:
    """Add the currency before or after a number, or its unit."""
    draft = _without_unit(core)
    if core.form not in ("cardinal", "vague", "collective", "share"):
        return draft
    before = currency_before(line, core.start)
    if before is not None and before.start >= floor:
        draft = replace(draft, start=before.start, unit=before.unit)
        again = currency_after(line, core.end)  # "$5 USD"
        if again is not None and again.unit == before.unit:
            draft = replace(draft, end=again.end)
        return draft
    unit = currency_after(line, core.end) or unit_after(line, core.end)
    if unit is None:
        return replace(draft, unit="years") if _is_age(line, core) else draft
    draft = _with_half(line, _scaled(draft, unit), unit)
    return _signed(line, draft) if draft.unit == "percent" else draft


def _signed(line: Line, draft: Draft) -> Draft:
    """Take the minus that touches a percentage and nothing before it."""
    sign = draft.start - 1
    is_minus = line.word(sign) in ("-", "\u2212", "\u2013") and line.touches(
        draft.start
    )
    if not is_minus or line.touches(sign) or draft.value is None:
        return draft
    return replace(draft, start=sign, value=-draft.value)


def _without_unit(core: Core) -> Draft:
    """Begin with the bare number."""
    return Draft(
        core.start, core.end, core.value, core.low, None, core.unit, "amount", core.form
    )


def _is_age(line: Line, core: Core) -> bool:
    """Whether a bare number is an age, as in "aged 43" and "A. Person, 43, says"."""
    if core.value is None or not 1 <= core.value <= 120 or core.end > core.start + 1:
        return False
    before = line.word(core.start - 1)
    if before in ("aged", "age", "âgé", "âgée"):
        return True
    return (
        before == ","
        and line.form(core.start) == "d"
        and line.word(core.end) in (",", ".")
        and line.written(core.start - 2)[:1].isupper()
        and line.form(core.start - 3) == "w"
        and line.written(core.start - 3)[:1].isupper()
    )


def _scaled(draft: Draft, unit: Unit) -> Draft:
    """Bring a number to the unit of the contract."""
    if unit.factor == 1:
        return replace(draft, end=unit.end, unit=unit.unit)
    return replace(
        draft,
        end=unit.end,
        unit=unit.unit,
        value=_times(draft.value, unit.factor),
        low=_times(draft.low, unit.factor),
        high=_times(draft.high, unit.factor),
    )


def _with_half(line: Line, draft: Draft, unit: Unit) -> Draft:
    """Add the rest of "quatre heures et demie" and "four tonnes and a half"."""
    more = _rest_after(line, draft.end)
    if more is None or draft.value is None:
        return draft
    part, last = more
    if part != _HALF and unit.unit not in TIME_UNITS:
        return draft
    return replace(draft, end=last, value=draft.value + part * unit.factor)


def _rest_after(line: Line, index: int) -> tuple[float, int] | None:
    """Read "et demie", "and a half", "et quart" or "moins le quart" after a unit."""
    first, second = line.word(index), line.word(index + 1)
    if first == "moins" and (second, line.word(index + 2)) == ("le", "quart"):
        return -_HALF / 2, index + 3
    if first not in ("et", "and"):
        return None
    place = index + 1 + (second in ("a", "un"))
    part = _RESTS.get(line.word(place))
    return None if part is None else (part, place + 1)


_HALF = 0.5
_RESTS = {"half": 0.5, "demi": 0.5, "demie": 0.5, "quart": 0.25, "quarter": 0.25}


def _times(value: float | None, factor: float) -> float | None:
    """Multiply, to twelve digits, so that 3 tenths stay 0.3."""
    return None if value is None else float(f"{value * factor:.12g}")


_RANGE_MARKS = frozenset({"-", "\u2013", "—", "\u2212"})
_CONNECTORS = {
    "en": {"to": "", "or": "", "and": "between"},
    "fr": {"à": "", "ou": "", "et": "entre"},
}
"""Words between two ends, and the word that must lead them."""


def _with_other_end(line: Line, draft: Draft, floor: int) -> Draft:
    """Join the second end of a range, as in "18 to 20" or "between 6 and 9"."""
    if draft.form != "cardinal" or draft.value is None:
        return draft
    after = _after_connector(line, draft, floor)
    if after is None:
        return draft
    core = read_core(line, after) or _after_sign(line, after)
    if core is None or core.form != "cardinal" or core.value is None:
        return draft
    other = _with_unit(line, core, draft.end)
    low = draft.value
    if (
        core.scale > 1 and low < core.value / core.scale and draft.unit is None
    ) or _inherits_scale(line, draft, core):
        low = low * core.scale
    if other.value is None or low >= other.value:
        return draft
    if draft.unit is not None and other.unit not in (None, draft.unit):
        return draft
    return replace(
        draft,
        end=other.end,
        value=None,
        low=low,
        high=other.value,
        unit=draft.unit or other.unit,
    )


def _after_sign(line: Line, index: int) -> Core | None:
    """Read the second end of "$24m to $30m", behind its own currency."""
    entry = phrases("currencies", line.language).at(line.tokens, index)
    return None if entry is None else read_core(line, entry[1])


def _inherits_scale(line: Line, draft: Draft, core: Core) -> bool:
    """Whether "$2-3 million" gives its scale to the first end too."""
    if draft.value is None or core.value is None:
        return False
    is_plain = line.form(draft.end - 1) == "d"
    return is_plain and core.scale > 1 and draft.value < core.value / core.scale


def _after_connector(line: Line, draft: Draft, floor: int) -> int | None:
    """Find where the second end of a range would begin."""
    place = draft.end
    word = line.word(place)
    if word in _RANGE_MARKS:
        return place + 1
    lead = _CONNECTORS.get(line.language, {}).get(word)
    if lead is None:
        return None
    before = _word_before(line, draft, floor)
    if lead and before != lead:
        return None
    is_passage = (word == "to" and before == "from") or (
        word == "à" and _is_passage(line, draft)
    )
    is_passage = is_passage and not _is_spread(line, draft)
    return None if is_passage else place + 1


def _is_spread(line: Line, draft: Draft) -> bool:
    """Whether "ranged from 4 to 6" and "oscille de 4 à 6" tell of a range."""
    words = (line.word(draft.start - 2), line.word(draft.start - 3))
    return any(word.startswith(_SPREADS) for word in words)


_SPREADS = ("rang", "vari", "oscill", "fluctu", "span", "anywhere", "allant")


def _word_before(line: Line, draft: Draft, floor: int) -> str:
    """Give the word before a number, its hedge stepped over."""
    hedge = hedge_before(line, draft.start)
    start = hedge.start if hedge is not None and hedge.start >= floor else draft.start
    return line.word(start - 1)


def _is_passage(line: Line, draft: Draft) -> bool:
    """Whether "de 142 à 750" tells of a change and not of a range."""
    return line.word(draft.start - 1) in ("de", "'") and (
        kind_of(line, draft.start - 1, draft.end, "percent", near=8) == "change"
    )


def _finished(line: Line, draft: Draft, floor: int) -> Draft:
    """Add hedge, noun, rate, kind and base."""
    if draft.form in ("ordinal", "multiple"):
        return _with_hedge(line, _with_against(line, draft), draft.end)
    draft, after = _with_noun(line, draft)
    rate = rate_after(line, draft.end) or rate_after(line, after)
    if rate is not None:
        per, start, end = rate
        unit = with_rate(draft.unit or "count", per)
        draft = replace(draft, unit=unit)
        if start == draft.end:
            draft = replace(draft, end=end)
        after = max(after, end)
    elif is_money(draft.unit):
        apart = rate_beyond(line, draft.end) or rate_before(line, draft.start, floor)
        if apart is not None:
            draft = replace(draft, unit=with_rate(draft.unit or "", apart))
    draft = _with_hedge(line, draft, after)
    if draft.value is None and draft.low is None:
        return replace(draft, kind="unknown", unit=draft.unit)
    return _with_against(line, replace(draft, unit=draft.unit or "count"))


def _with_noun(line: Line, draft: Draft) -> tuple[Draft, int]:
    """Add the counted words; for money and measures only those after "of"."""
    after = draft.end
    is_bare = draft.unit in (None, "count", "head")
    is_of = line.word(after) in ("of", "de", "d", "du", "des")
    is_joined = line.word(after) == "-"
    if not (is_bare or is_of or is_joined or draft.unit in _WITH_NOUN):
        return draft, after
    noun = read_noun(line, after)
    if noun is None:
        return draft, after
    return replace(draft, noun=noun), noun[1]


_WITH_NOUN = frozenset({"years", "months", "weeks", "days", "hour", "minute", "MW"})


def _multiplied(line: Line, index: int) -> tuple[int, int] | None:
    """Find what a multiple counts: "the number of attacks", "as many trucks"."""
    place = index
    while line.word(place) in word_list("multiplied", line.language):
        place += 1
    return read_noun(line, place) if place > index else None


def _with_hedge(line: Line, draft: Draft, after: int) -> Draft:
    """Add the hedge and the range it leaves open."""
    hedge = hedge_before(line, draft.start)
    if hedge is None:
        hedge = hedge_after(line, draft.end)
        if hedge is None and after != draft.end:
            hedge = hedge_after(line, after)
    if hedge is None and draft.form == "collective":
        # "une vingtaine" is about twenty
        hedge = Hedge(draft.start, draft.start + 2, "about", "before")
    return draft if hedge is None else _bounded(draft, hedge)


def _bounded(draft: Draft, hedge: Hedge) -> Draft:
    """Set the bound of a hedge on a single value."""
    draft = replace(draft, hedge=(hedge.start, hedge.end))
    if draft.value is None:
        return draft
    if hedge.bound == "low":
        return replace(draft, low=draft.value)
    if hedge.bound == "high":
        return replace(draft, high=draft.value)
    return draft


def _with_against(line: Line, draft: Draft) -> Draft:
    """Add the kind, and what a change, share or ratio is counted against."""
    start = draft.start if draft.hedge is None else min(draft.start, draft.hedge[0])
    if draft.form == "ordinal":
        return replace(draft, kind="rank", unit="rank", noun=read_noun(line, draft.end))
    if draft.form == "multiple":
        draft = replace(draft, kind="ratio", unit="ratio")
        draft = replace(draft, noun=_multiplied(line, draft.end))
        return replace(draft, against=against_of(line, draft.end, "ratio"))
    kind = kind_of(line, start, draft.end, draft.unit or "count")
    if draft.unit == "percent" and (draft.value or 0) < 0:
        kind = "change"
    draft = replace(draft, kind=kind)
    if kind in ("share", "change"):
        against = against_of(line, draft.end, kind)
        noun = draft.noun
        if kind == "share" and against is not None and noun is None:
            noun = against
        draft = replace(draft, against=against, noun=noun)
    return draft
