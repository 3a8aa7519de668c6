"""What a claim or candidate states: a range over a period, in a plain unit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.case.contradictions import measure_of
from supplyline.evidence.doubts.word_lists import fold, rows, tokens
from supplyline.evidence.reading.words import table

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from supplyline.evidence.reading.candidate import Candidate

ROUNDED_SHARE: Final = 0.05
"""Most that a rounded figure is taken to differ from what was counted [1]."""
HEDGED_SHARE: Final = 0.10
"""Most that a figure said to be near is taken to differ from what was counted [1]."""
_EXACT_BELOW: Final = 1_000  # a count below it is taken as counted, not rounded
_DATES: Final = re.compile(r"year|month_of_year|day_of_[a-z]+|date")
_OF_DATES: Final = re.compile(
    r"(?<!_per)(?:_announced)?_(?:month|day|year|date)(?:_of_[a-z]+)?$"
)
_DAY: Final = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Statement:
    """A range of one quantity over a period.

    Attributes
    ----------
    name, source : str
        Row of claims.csv, or identifier of the candidate; who says so.
    key : tuple of str
        Subject and quantity, synonyms taken together.
    area : str
        Place.
    value : float
        Number as stated [unit of the statement].
    low, high : float
        Range that it leaves open [unit of the statement]; infinite where it is open.
    unit : str
        Unit as stated.
    start, end : datetime.date
        First and last day.
    is_inferred : bool
        Whether the period is not stated but taken from the text's own day.
    """

    name: str
    source: str
    key: tuple[str, str]
    area: str
    value: float
    low: float
    high: float
    unit: str
    start: date
    end: date
    is_inferred: bool = False

    @property
    def days(self) -> int:
        """Count the days of the period [days]."""
        return (self.end - self.start).days + 1

    @property
    def is_date(self) -> bool:
        """Tell whether the period itself is what is stated."""
        return _DATES.fullmatch(self.unit) is not None

    def __str__(self) -> str:
        """Write the number with its unit and period."""
        period = f"{self.start}" if self.days == 1 else f"{self.start} to {self.end}"
        return (
            period
            if self.is_date
            else f"{format_number(self.value)} {self.unit} ({period})"
        )


def format_number(value: float) -> str:
    """Write a number with thousands parted and at most four digits after the point.

    Examples
    --------
    >>> format_number(46896.5517), format_number(0.25)
    ('46,897', '0.25')
    """
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def of_candidate(
    candidate: Candidate, source: str, names: frozenset[str] = frozenset()
) -> Statement | None:
    """Give what a candidate states."""
    c = candidate
    numbers = [n for n in (c.value, c.low, c.high) if n is not None]
    known = (c.subject, c.quantity, c.area, c.unit, c.start, c.end)
    if not numbers or any(part is None for part in known):
        return None
    low, high = bounds(c.value, c.low, c.high, str(c.unit), c.hedge)
    key = topic(str(c.subject), str(c.quantity), names)
    value = c.value if c.value is not None else sum(numbers) / len(numbers)
    start, end = c.start or date.min, c.end or date.max
    return Statement(
        c.candidate,
        source,
        key,
        str(c.area),
        value,
        low,
        high,
        str(c.unit),
        start,
        end,
        c.precision == "inferred",
    )


def of_claim(
    row: Mapping[Hashable, object], names: frozenset[str] = frozenset()
) -> Statement | None:
    """Give what a row of claims.csv states."""
    value, low, high = (_number(row[name]) for name in ("value", "low", "high"))
    numbers = [number for number in (value, low, high) if number is not None]
    if not numbers:
        return None
    unit = str(row["unit"])
    least, most = bounds(value, low, high, unit, None)
    return Statement(
        name=str(row["claim"]),
        source=str(row["source"]),
        key=topic(str(row["subject"]), str(row["quantity"]), names),
        area=str(row["area"]),
        value=value if value is not None else sum(numbers) / len(numbers),
        low=least,
        high=most,
        unit=unit,
        start=pd.Timestamp(str(row["start"])).date(),
        end=pd.Timestamp(str(row["end"])).date(),
    )


def bounds(
    value: float | None,
    low: float | None,
    high: float | None,
    unit: str,
    hedge: str | None,
) -> tuple[float, float]:
    """Give the range that a stated figure leaves open [unit].

    An exact count is taken as it is; a rounded one may differ by half of its last
    digit that is not 0, at most 5 per cent; one said to be near by 10 per cent. A low
    end without a high one is open above, and the reverse.

    Examples
    --------
    >>> bounds(47, None, None, "count", None)
    (47, 47)
    >>> bounds(50, 50, None, "count", "more than")
    (50, inf)
    """
    if low is not None and high is not None:
        return low, high
    stated = next(number for number in (value, low, high) if number is not None)
    if low is None and high is None:
        spread = _spread(stated, unit, is_hedged=hedge is not None)
        return stated - spread, stated + spread
    if low is not None:
        return low, math.inf
    top = stated if high is None else high
    if hedge is not None and _is_near(hedge):
        return top - HEDGED_SHARE * abs(top), top
    return -math.inf, top


def topic(
    subject: str, quantity: str, names: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """Give subject and quantity with synonyms taken together.

    Examples
    --------
    >>> topic("fuel_price", "street_price_petrol")
    ('price', 'street_price_petrol')
    """
    words = [word for word in quantity.split("_") if word not in names]
    bare = _OF_DATES.sub("", "_".join(words)) or quantity
    same = _synonyms()
    return (
        same.get(("subject", subject), subject),
        same.get(("quantity", bare), bare),
    )


def names_of(claims: pd.DataFrame) -> frozenset[str]:
    """Give the names of areas that a quantity may carry, as in killed_springfield."""
    areas = {str(area).rpartition(":")[2] for area in claims["area"]}
    return frozenset(areas) | _countries()


def is_flow(quantity: str) -> bool:
    """Tell whether a quantity adds up over days, as attacks do and troops do not."""
    return not _flows().isdisjoint(tokens(quantity))


def is_rate(unit: str) -> bool:
    """Tell whether a unit is an amount per time."""
    return measure_of(unit).what.endswith("/time")


def _spread(value: float, unit: str, *, is_hedged: bool) -> float:
    """Give what a figure may differ from what was counted."""
    if is_hedged:
        return HEDGED_SHARE * abs(value)
    if _DATES.fullmatch(unit) or unit == "rank" or value == 0:
        return 0
    is_counted = measure_of(unit).what == "count"
    if is_counted and abs(value) < _EXACT_BELOW:
        return 0
    return min(_last_digit(value) / 2, ROUNDED_SHARE * abs(value))


def _last_digit(value: float) -> float:
    """Give the place of the last digit that is not 0, such as 10 for 750."""
    mantissa, exponent = f"{value:.12e}".split("e")
    digits = mantissa.rstrip("0").rstrip(".").lstrip("-").replace(".", "")
    return float(10.0 ** (int(exponent) - len(digits) + 1))


def _is_near(hedge: str) -> bool:
    """Tell whether a hedge says that the figure is nearly reached."""
    said = fold(hedge)
    return any(row["word"] in said for row in rows("near"))


def _number(cell: object) -> float | None:
    """Read a cell of a frame."""
    if isinstance(cell, int | float) and not math.isnan(cell):
        return float(cell)
    return None


@cache
def _countries() -> frozenset[str]:
    """Give the names of countries that are one word."""
    names = (row["name"] for row in table("countries") if row["form"] == "name")
    return frozenset(fold(name) for name in names if name.isalpha())


@cache
def _synonyms() -> dict[tuple[str, str], str]:
    """Read the synonyms of subjects and quantities."""
    return {(row["kind"], row["name"]): row["same_as"] for row in rows("synonyms")}


@cache
def _flows() -> frozenset[str]:
    """Read the words of flows."""
    return frozenset(row["word"] for row in rows("flows"))
