"""Amounts of demand.csv that a drawn parameter overrules: told with both numbers.

The public's rows of demand.csv say how it is parted; how much it wants in all follows
from national_demand_kl_per_day and capital_demand_share (docs/model/supply.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule
from supplyline.errors import Problem
from supplyline.tables.supply import Demand, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

NATIONAL: Final = "national_demand_kl_per_day"
CAPITAL: Final = "capital_demand_share"
_NINETIETH: Final = 1.2815515655446004
"""Ninetieth percentile of a standard normal [1]."""
_NEAR: Final = 1.1
"""Ratio up to which an amount is taken for the end of the range it lies beyond [1]."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Where a prior lies: its ends, or the middle 80 % of one without ends."""

    low: float
    median: float
    high: float

    def holds(self, value: float) -> bool:
        """Tell whether a value is in the range, or so near that nobody would see."""
        return self.low / _NEAR <= value <= self.high * _NEAR

    def __str__(self) -> str:
        """Write it in words."""
        if self.low == self.high:
            return f"{self.median:,.4g}"
        return f"{self.low:,.4g} to {self.high:,.4g}, median {self.median:,.4g}"


def _drawn(draft: Draft, param: str) -> _Drawn | None:
    """Say where the prior of a parameter lies; None of a family without a plain one."""
    row = next((row for _, row in draft.table(Parameter) if row.param == param), None)
    if row is None or (row.b is None and row.distribution != "fixed"):
        return None
    a, b = row.a, row.a if row.b is None else row.b
    match row.distribution:
        case "fixed":
            return _Drawn(a, a, a)
        case "uniform":
            return _Drawn(a, (a + b) / 2, b)
        case "log_uniform":
            return _Drawn(a, sqrt(a * b), b)
        case "lognormal":
            spread = exp(_NINETIETH * b)
            return _Drawn(a / spread, a, a * spread)
    return None


def _wanted(draft: Draft) -> tuple[float, float, float]:
    """Sum demand.csv, at the middle of its ranges: fixed, in the capital, elsewhere."""
    fixed = capital = elsewhere = 0.0
    for _, row in draft.table(Demand):
        low, high = row.demand_kl_per_day, row.demand_high_kl_per_day
        wanted = low if high is None else (low + high) / 2
        if row.demand_class != "public":
            fixed += wanted
        elif draft.config and row.place == draft.config.capital:
            capital += wanted
        else:
            elsewhere += wanted
    return fixed, capital, elsewhere


def _told(found: str, expected: str) -> Problem:
    """Tell of demand.csv as a whole."""
    return Problem("demand.csv", None, None, found, expected)


def _national(draft: Draft) -> Iterator[Problem]:
    """Find a sum of all demand that no member simulates."""
    fixed, capital, elsewhere = _wanted(draft)
    drawn = _drawn(draft, NATIONAL)
    total = fixed + capital + elsewhere
    if drawn is None or drawn.holds(total):
        return
    found = f"wants {total:,.4g} kl a day in all"
    used = f"{NATIONAL} of params.csv ({drawn})"
    if capital + elsewhere == 0.0:
        yield _told(f"{found}, none of it the public's", f"about {used}, which is lost")
    else:
        yield _told(found, f"about {used}, to which the public's rows are scaled")


def _fixed(draft: Draft) -> Iterator[Problem]:
    """Find fixed demand that leaves the public nothing in some members."""
    fixed, capital, elsewhere = _wanted(draft)
    drawn = _drawn(draft, NATIONAL)
    if drawn is None or capital + elsewhere == 0.0 or fixed < drawn.low:
        return
    found = f"wants {fixed:,.4g} kl a day for other users than the public"
    expected = f"less than {NATIONAL} of params.csv ({drawn})"
    yield _told(found, f"{expected}: where that is not more, the public wants 0")


def _capital(draft: Draft) -> Iterator[Problem]:
    """Find a part of the capital in the public's demand that no member simulates."""
    _, capital, elsewhere = _wanted(draft)
    drawn = _drawn(draft, CAPITAL)
    if drawn is None or capital + elsewhere == 0.0:
        return
    share = capital / (capital + elsewhere)
    found = f"gives the capital {share:.2f} of the public's demand"
    used = f"{CAPITAL} of params.csv ({drawn})"
    if elsewhere == 0.0 and drawn.low < 1.0:
        yield _told(found, f"about {used}, which is not used")
    elif capital == 0.0 and drawn.high > 0.0:
        yield _told(found, f"about {used}: that part of the demand is lost")
    elif elsewhere > 0.0 and not drawn.holds(share):
        yield _told(found, f"about {used}, which is used")


_READ: Final = (Demand, Parameter)

RULES: Final = (
    Rule(_national, _READ),
    Rule(_fixed, _READ),
    Rule(_capital, _READ),
)
"""Rules about demand that parameters overrule; a case is usable all the same."""
