"""Numbers that can be printed: value, interval, unit and basis together.

A number without a unit and a basis has no `Quantity`, and what has no `Quantity` has no
way into the brief. Units are converted here and nowhere else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

Origin = Literal["model", "source", "assumption", "case"]

ORIGINS: Final[dict[str, Origin]] = {
    "run": "model",
    "claim": "source",
    "source": "source",
    "param": "assumption",
    "assumption": "assumption",
    "case": "case",
}
"""First word of a basis to what stands behind the number."""

UNITS: Final[dict[str, tuple[str, float]]] = {
    "l": ("volume", 1.0),
    "kl": ("volume", 1e3),
    "Ml": ("volume", 1e6),
    "l/day": ("flow", 1.0),
    "kl/day": ("flow", 1e3),
    "Ml/day": ("flow", 1e6),
    "h": ("time", 1.0),
    "days": ("time", 24.0),
    "weeks": ("time", 168.0),
    "1": ("number", 1.0),
    "share": ("number", 1.0),
    "percent": ("number", 0.01),
}
"""Unit to what it measures and its size in the smallest unit of that kind."""

_SINGULAR: Final = {
    "days": "day",
    "weeks": "week",
    "trucks": "truck",
    "convoys": "convoy",
    "members": "member",
    "persons": "person",
    "places": "place",
    "segments": "segment",
    "corridors": "corridor",
    "sources": "source",
    "claims": "claim",
    "litres": "litre",
    "points": "point",
    "attacks": "attack",
    "operations": "operation",
    "hours": "hour",
    "tonnes": "tonne",
    "years": "year",
    "months": "month",
}
_PLURAL: Final = {one: many for many, one in _SINGULAR.items()}
_BARE: Final = ("1", "count", "date", "year")
_PER_CENT: Final = ("share", "probability")
_SMALL, _LARGE = 0.01, 0.99


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A word of likelihood and the probabilities it stands for.

    Attributes
    ----------
    word : str
        The word of Intelligence Community Directive 203.
    low : float
        Least probability [1].
    high : float
        Greatest probability, itself part of the next word [1].
    is_chance : bool
        Whether the word is said as "a chance that" and not as "it is ... that".
    """

    word: str
    low: float
    high: float
    is_chance: bool = False


LIKELIHOODS: Final = (
    Likelihood("almost no chance", 0.00, 0.05, is_chance=True),
    Likelihood("very unlikely", 0.05, 0.20),
    Likelihood("unlikely", 0.20, 0.45),
    Likelihood("roughly even chance", 0.45, 0.55, is_chance=True),
    Likelihood("likely", 0.55, 0.80),
    Likelihood("very likely", 0.80, 0.95),
    Likelihood("almost certain", 0.95, 1.00),
)
"""The seven words of ICD 203; its outer ranges (from 1, to 99 %) reach to 0 and 1."""


def likelihood(probability: float) -> Likelihood:
    """Find the word of likelihood for a probability.

    Parameters
    ----------
    probability : float
        Probability [1].

    Returns
    -------
    Likelihood
        The word and its range.

    Raises
    ------
    ValueError
        If the probability is not between 0 and 1.

    Examples
    --------
    >>> likelihood(0.64).word
    'likely'
    """
    if not 0 <= probability <= 1:
        message = f"probability is {probability}; expected 0 to 1"
        raise ValueError(message)
    return next(
        (word for word in LIKELIHOODS if word.low <= probability < word.high),
        LIKELIHOODS[-1],
    )


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, its interval and what it rests on.

    Attributes
    ----------
    value : float or datetime.date
        The number; a date where the unit is "date".
    unit : str
        Unit; "1" for a pure number, "share" and "probability" are printed in per cent.
    low : float, datetime.date or None
        Low end of the interval.
    high : float, datetime.date or None
        High end of the interval.
    basis : str
        What it rests on: "run ID", "claim ID", "source ID", "param NAME", "case NAME"
        or "assumption".
    digits : int or None
        Significant figures printed; None prints the number as it stands.

    Raises
    ------
    ValueError
        If the number is not finite, the interval has one end, or the basis is none of
        the kinds above.

    Examples
    --------
    >>> print(Quantity(12.3, "days", low=8.1, high=17.0, basis="run 3f9a1c2e77b0"))
    12 days (8.1 to 17)
    >>> print(Quantity(0.64, "probability", basis="run 3f9a1c2e77b0"))
    64 %
    """

    value: float | date
    unit: str
    low: float | date | None = None
    high: float | date | None = None
    basis: str = field(kw_only=True)
    digits: int | None = 2

    def __post_init__(self) -> None:
        if not self.unit:
            message = "unit is empty; expected a unit, or '1' for a pure number"
            raise ValueError(message)
        if self.basis.split(" ", 1)[0] not in ORIGINS:
            message = f"basis is '{self.basis}'; expected one of {', '.join(ORIGINS)}"
            raise ValueError(message)
        if (self.low is None) != (self.high is None):
            message = "an interval needs both its ends"
            raise ValueError(message)
        for number in (self.value, self.low, self.high):
            _check(number, self.unit)

    def __str__(self) -> str:
        """Write the number, its unit and its interval."""
        return " ".join(part for part in (self.short, self.interval) if part)

    @property
    def origin(self) -> Origin:
        """What stands behind the number: model, source, assumption or case.

        Returns
        -------
        origin : Origin
            Marked in the report.
        """
        return ORIGINS[self.basis.split(" ", 1)[0]]

    @property
    def reference(self) -> str:
        """Name of the claim, run, source or parameter it rests on; may be empty.

        Returns
        -------
        reference : str
            What follows the first word of the basis.
        """
        return self.basis.partition(" ")[2]

    @property
    def number(self) -> str:
        """The number alone, without unit.

        Returns
        -------
        number : str
            Rounded to the digits that count.
        """
        return _write(self.value, self.unit, self.digits)

    @property
    def short(self) -> str:
        """The number with its unit, without interval.

        Returns
        -------
        short : str
            Ready to print.
        """
        if self.unit in (*_PER_CENT, "percent"):
            return f"{self.number} %"
        if self.unit in _BARE:
            return self.number
        is_one = self.number in ("1", "-1")
        unit = (_SINGULAR if is_one else _PLURAL).get(self.unit, self.unit)
        words = unit.removeprefix("count_").replace("_", " ")
        return f"{self.number} {words}"

    @property
    def interval(self) -> str:
        """The interval in brackets; empty where there is none.

        Returns
        -------
        interval : str
            Low and high, rounded like the number.
        """
        if self.low is None or self.high is None:
            return ""
        low = _write(self.low, self.unit, self.digits)
        high = _write(self.high, self.unit, self.digits)
        return f"({low} to {high})"

    def to(self, unit: str) -> Quantity:
        """Convert to another unit of the same kind.

        Parameters
        ----------
        unit : str
            Unit wanted, one of `UNITS`.

        Returns
        -------
        Quantity
            The same amount in the unit wanted.

        Raises
        ------
        ValueError
            If the units do not measure the same.

        Examples
        --------
        >>> print(Quantity(5_500, "kl", basis="assumption").to("Ml"))
        5.5 Ml
        """
        if isinstance(self.value, date):
            message = f"a date has no unit to convert to {unit}"
            raise ValueError(message)  # noqa: TRY004 - a wrong value of a right type
        return replace(
            self,
            value=convert(self.value, self.unit, unit),
            low=None
            if self.low is None
            else convert(_float(self.low), self.unit, unit),
            high=None
            if self.high is None
            else convert(_float(self.high), self.unit, unit),
            unit=unit,
        )


def convert(value: float, unit: str, wanted: str) -> float:
    """Convert a number from one unit to another.

    Parameters
    ----------
    value : float
        Number in `unit`.
    unit : str
        Its unit, one of `UNITS`.
    wanted : str
        Unit wanted, of the same kind.

    Returns
    -------
    float
        Number in the unit wanted.

    Raises
    ------
    ValueError
        If a unit is unknown, or the two do not measure the same.

    Examples
    --------
    >>> convert(1.5, "days", "h")
    36.0
    """
    for name in (unit, wanted):
        if name not in UNITS:
            message = f"unit is '{name}'; expected one of {', '.join(UNITS)}"
            raise ValueError(message)
    (kind, size), (kind_wanted, size_wanted) = UNITS[unit], UNITS[wanted]
    if kind != kind_wanted:
        message = f"{unit} measures {kind}; {wanted} measures {kind_wanted}"
        raise ValueError(message)
    return value * size / size_wanted


def round_figures(value: float, digits: int) -> float:
    """Round to significant figures.

    Parameters
    ----------
    value : float
        Number.
    digits : int
        Significant figures kept.

    Returns
    -------
    float
        The rounded number.

    Examples
    --------
    >>> round_figures(0.012345, 2)
    0.012
    """
    return float(f"{value:.{digits - 1}e}") if value else 0.0


def write_date(day: date) -> str:
    """Write a date as it is read: 3 September 2025.

    Parameters
    ----------
    day : datetime.date
        Date.

    Returns
    -------
    str
        The date in words.

    Examples
    --------
    >>> write_date(date(2025, 9, 3))
    '3 September 2025'
    """
    return f"{day.day} {day:%B} {day.year}"


def _check(number: float | date | None, unit: str) -> None:
    """Refuse numbers that are not finite and dates that are not dates."""
    if number is None:
        return
    if isinstance(number, date) != (unit == "date"):
        message = f"value is {number!r} with unit {unit}; a date has the unit 'date'"
        raise ValueError(message)
    if not isinstance(number, date) and not math.isfinite(number):
        message = f"value is {number}; expected a finite number"
        raise ValueError(message)


def _float(number: float | date) -> float:
    """Narrow a number that is known not to be a date."""
    if isinstance(number, date):
        message = f"{number} is a date; expected a number"
        raise TypeError(message)
    return number


def _write(number: float | date, unit: str, digits: int | None) -> str:
    """Write a number with thousands separators."""
    if isinstance(number, date):
        return write_date(number)
    if unit == "probability" and number < _SMALL:
        return "under 1"
    if unit == "probability" and number > _LARGE:
        return "over 99"
    if unit == "year":
        return f"{number:g}"
    if unit in _PER_CENT:
        number = number * 100
    if digits is None:
        text = f"{number:,.10f}"
    else:
        rounded = round_figures(number, digits)
        size = math.floor(math.log10(abs(rounded))) if rounded else 0
        text = f"{rounded:,.{max(digits - 1 - size, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
