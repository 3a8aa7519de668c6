"""Rules about measures: a target of the right kind, and the value it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule
from supplyline.case.tables import Corridor, Measure
from supplyline.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_CORRIDOR_MEASURES: Final = (
    "ban",
    "escort_suspension",
    "toll",
    "free_passage",
    "closure",
)
_VALUE_MEASURES: Final = ("clearance", "official_price", "toll", "escort_factor")


def _measure_targets(draft: Draft) -> Iterator[Problem]:
    """Find measures whose target does not exist or is of the wrong kind."""
    corridors = draft.tables["corridors"].keys
    for line, row in draft.table(Measure):
        if row.target is None:
            continue
        if row.kind in _CORRIDOR_MEASURES:
            known, expected = corridors, "a row of corridors.csv, or empty for all"
        elif row.kind == "official_price":
            known = frozenset(draft.config.products if draft.config else [row.target])
            expected = "a product of case.toml, or empty for all"
        else:
            known, expected = frozenset(), f"empty, as a measure '{row.kind}' meets all"
        if row.target not in known:
            yield Problem.unknown(
                "measures.csv", line, "target", row.target, known, expected
            )


def _measure_values(draft: Draft) -> Iterator[Problem]:
    """Find measures without the value they need, or with one that means nothing."""
    for line, row in draft.table(Measure):
        if row.kind in _VALUE_MEASURES:
            if row.value is None:
                expected = f"a number, as the measure is '{row.kind}'"
                yield Problem("measures.csv", line, "value", "empty", expected)
            elif row.unit is None:
                yield Problem(
                    "measures.csv", line, "unit", "empty", "the unit of value"
                )
        elif row.value is not None:
            expected = f"empty, as a measure '{row.kind}' has no value"
            yield Problem("measures.csv", line, "value", shown(row.value), expected)


def _unpriced_products(draft: Draft) -> Iterator[Problem]:
    """Find products without an official price on the first day."""
    if draft.config is None:
        return
    start = draft.config.start
    priced = {
        row.target
        for _, row in draft.table(Measure)
        if row.kind == "official_price"
        and row.start <= start
        and (row.end is None or row.end >= start)
    }
    for product in draft.config.products:
        if product not in priced and None not in priced:
            found = f"has no official_price of '{product}' in force on {start}"
            yield Problem("measures.csv", None, None, found, "one that starts by then")


RULES: Final = (
    Rule(_measure_targets, (Corridor,)),
    Rule(_measure_values),
    Rule(_unpriced_products, (Measure,)),
)
"""Rules about measures."""
