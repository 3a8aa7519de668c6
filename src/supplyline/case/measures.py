"""Rules about measures: a target of the right kind, and the value it needs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, get_args

from supplyline.case.draft import Draft, Rule, plain
from supplyline.errors import Problem, shown
from supplyline.tables.conflict import Group
from supplyline.tables.supply import (
    ConflictMeasure,
    Corridor,
    Depot,
    Measure,
    Place,
    Region,
    Segment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_CORRIDOR_MEASURES: Final = (
    "ban",
    "escort",
    "escort_suspension",
    "toll",
    "free_passage",
)
_PRODUCT_MEASURES: Final = ("official_price", "supply_limit", "ration")
_PLACE_MEASURES: Final = ("power_priority", "grid_h")
_CLOSABLE: Final = ("corridors", "segments", "places")
"""Tables whose rows a closure may name."""
_AIMED_MEASURES: Final = {
    "group_factor": "groups",
    "alliance": "groups",
    "ransom": "groups",
    "siege": "regions",
    "humanitarian_pass": "corridors",
}
"""Measures that must name a row of a table."""
_FACTOR_UNITS: Final = ("1",)
_VALUE_UNITS: Final[dict[str, tuple[str, ...]]] = {
    "clearance": ("h", "hour"),
    "official_price": ("CURRENCY/l", "CURRENCY_per_litre"),
    "toll": ("USD", "USD/truck", "USD_per_truck"),
    "escort_factor": _FACTOR_UNITS,
    "offensive_factor": _FACTOR_UNITS,
    "harm_factor": _FACTOR_UNITS,
    "gold_price": _FACTOR_UNITS,
    "group_factor": _FACTOR_UNITS,
    "clash_factor": _FACTOR_UNITS,
    "alliance": _FACTOR_UNITS,
    "ration": _FACTOR_UNITS,
    "power_priority": _FACTOR_UNITS,
    "grid_h": ("h", "h/day"),
    "supply_limit": _FACTOR_UNITS,
    "humanitarian_pass": ("kl/day",),
    "closure": _FACTOR_UNITS,
    "ransom": ("USD",),
}
"""Measures with a value, and the units in which the engine takes it."""
_MAY_LACK_VALUE: Final = ("closure",)
"""Measures whose value may be left out."""
_RANGED: Final = ("closure", "supply_limit")
"""Measures whose value may be a range."""
_SHARES: Final = ("alliance", "closure")
"""Measures whose value is at most 1."""
_ONE_DAY_MEASURES: Final = ("ransom", "deal", "coup_attempt", "purge")


def _measure_targets(draft: Draft) -> Iterator[Problem]:
    """Find measures whose target does not exist or is of the wrong kind."""
    for line, row in draft.table(Measure):
        if row.target is None:
            if row.kind in _AIMED_MEASURES:
                expected = f"a row of {_AIMED_MEASURES[row.kind]}.csv"
                yield Problem("measures.csv", line, "target", "empty", expected)
            continue
        known, expected = _targets(draft, row)
        if row.target not in known:
            yield Problem.unknown(
                "measures.csv", line, "target", row.target, known, expected
            )


def _targets(draft: Draft, row: Measure) -> tuple[frozenset[str], str]:
    """Give the targets that a measure may have, and say so in words."""
    if row.kind in _AIMED_MEASURES:
        table = _AIMED_MEASURES[row.kind]
        return draft.tables[table].keys, f"a row of {table}.csv"
    if row.kind in _CORRIDOR_MEASURES:
        known = draft.tables["corridors"].keys
        return known, "a row of corridors.csv, or empty for all"
    if row.kind in _PLACE_MEASURES:
        known = frozenset(depot.place for _, depot in draft.table(Depot))
        return known, "a place of depots.csv, or empty for all"
    if row.kind == "closure":
        known = frozenset().union(*(draft.tables[name].keys for name in _CLOSABLE))
        files = ", ".join(f"{name}.csv" for name in _CLOSABLE[:-1])
        expected = f"a row of {files} or {_CLOSABLE[-1]}.csv"
        return known, f"{expected}, or empty for all import corridors"
    if row.kind in _PRODUCT_MEASURES:
        products = draft.config.products if draft.config else [str(row.target)]
        return frozenset(products), "a product of case.toml, or empty for all"
    return frozenset(), f"empty, as a measure '{row.kind}' meets all"


def _measure_values(draft: Draft) -> Iterator[Problem]:
    """Find measures without the value they need, or with one that means nothing."""
    for line, row in draft.table(Measure):
        if row.kind in _VALUE_UNITS:
            yield from _value_problem(draft, line, row)
        elif row.value is not None:
            expected = f"empty, as a measure '{row.kind}' has no value"
            yield Problem("measures.csv", line, "value", shown(row.value), expected)


def _value_problem(draft: Draft, line: int | None, row: Measure) -> Iterator[Problem]:
    """Tell of a value that is missing, or in another unit than the engine takes."""
    file, as_it_is = "measures.csv", f"as the measure is '{row.kind}'"
    if row.value is None:
        if row.kind not in _MAY_LACK_VALUE or row.value_high is not None:
            yield Problem(file, line, "value", "empty", f"a number, {as_it_is}")
        return
    currency = draft.config.currency if draft.config else ""
    known = [u.replace("CURRENCY", currency) for u in _VALUE_UNITS[row.kind]]
    if row.unit is None:
        yield Problem(file, line, "unit", "empty", f"{known[0]}, {as_it_is}")
    elif row.unit not in known and currency:
        expected = f"{' or '.join(known)}, {as_it_is}"
        yield Problem.unknown(file, line, "unit", row.unit, known, expected)


def _shares(draft: Draft) -> Iterator[Problem]:
    """Find alliances that are more than full, and closures that open more than all."""
    for line, row in draft.table(Measure):
        for field in ("value", "value_high"):
            value = getattr(row, field)
            if row.kind in _SHARES and value is not None and value > 1:
                found, expected = shown(plain(value)), "a number from 0 to 1"
                yield Problem("measures.csv", line, field, found, expected)


def _ranges(draft: Draft) -> Iterator[Problem]:
    """Find ranges of a value that is taken as it is."""
    for line, row in draft.table(Measure):
        if row.value_high is not None and row.kind not in _RANGED:
            expected = f"empty, as the value of a measure '{row.kind}' is no range"
            found = shown(plain(row.value_high))
            yield Problem("measures.csv", line, "value_high", found, expected)


def _shared_names(draft: Draft) -> Iterator[Problem]:
    """Find closures of a name that rows of several tables have."""
    for line, row in draft.table(Measure):
        if row.kind == "closure" and row.target is not None:
            having = [n for n in _CLOSABLE if row.target in draft.tables[n].keys]
            if len(having) > 1:
                found = f"{shown(row.target)}, a row of {' and of '.join(having)}"
                expected = "a name that one row has"
                yield Problem("measures.csv", line, "target", found, expected)


def _long_days(draft: Draft) -> Iterator[Problem]:
    """Find days with more electricity than they have hours."""
    for line, row in draft.table(Measure):
        if row.kind == "grid_h" and row.value is not None and row.value > 24:
            found, expected = shown(plain(row.value)), "hours of a day, at most 24"
            yield Problem("measures.csv", line, "value", found, expected)


def _one_day(draft: Draft) -> Iterator[Problem]:
    """Find acts of one day that are given a last day."""
    for line, row in draft.table(Measure):
        if row.kind in _ONE_DAY_MEASURES and row.end is not None:
            expected = f"empty, as a measure '{row.kind}' is done on one day"
            yield Problem("measures.csv", line, "end", shown(row.end), expected)


def _without_groups(draft: Draft) -> Iterator[Problem]:
    """Find measures of the conflict in a case that has none."""
    if draft.table(Group).rows:
        return
    for line, row in draft.table(Measure):
        if row.kind in get_args(ConflictMeasure):
            expected = "another kind, as groups.csv has no rows"
            yield Problem("measures.csv", line, "kind", shown(row.kind), expected)


def _unpriced_products(draft: Draft) -> Iterator[Problem]:
    """Find products without an official price, from the first day on."""
    if draft.config is None:
        return
    prices = [row for _, row in draft.table(Measure) if row.kind == "official_price"]
    for product in draft.config.products:
        own = [row for row in prices if row.target in {None, product}]
        day = _day_without(own, draft.config.start)
        if day is not None:
            found = f"has no official_price of '{product}' in force on {day}"
            expected = "one that starts by then; the last has no end"
            yield Problem("measures.csv", None, None, found, expected)


def _day_without(measures: list[Measure], start: date) -> date | None:
    """Find the first day, from a day on, on which none of some measures holds."""
    day = start
    for row in sorted(measures, key=lambda each: each.start):
        if row.start <= day:
            if row.end is None:
                return None
            day = max(day, row.end + timedelta(days=1))
    return day


RULES: Final = (
    Rule(_measure_targets, (Corridor, Segment, Place, Depot, Region, Group)),
    Rule(_measure_values),
    Rule(_shares),
    Rule(_ranges),
    Rule(_shared_names),
    Rule(_long_days),
    Rule(_one_day),
    Rule(_without_groups, (Group,)),
    Rule(_unpriced_products, (Measure,)),
)
"""Rules about measures."""
