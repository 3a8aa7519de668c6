"""Rules about params.csv: all parameters, each with a prior that is one."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule, plain
from supplyline.case.parameters import (
    COUNTRY_PARAMETERS,
    KNOWN_PARAMETERS,
    REQUIRED_PARAMETERS,
    units,
)
from supplyline.errors import Problem, shown
from supplyline.tables.conflict import Group
from supplyline.tables.supply import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

_HALF_NORMAL_MEDIAN: Final = 0.674489750196082
"""Median of the size of a standard normal [1]."""
_MOST_LOG: Final = 700.0
"""Largest log of a number that a float can hold, about [1]."""


def _unknown_parameters(draft: Draft) -> Iterator[Problem]:
    """Find parameters the engine does not know."""
    for line, row in draft.table(Parameter):
        if row.param not in KNOWN_PARAMETERS:
            yield Problem.unknown(
                "params.csv",
                line,
                "param",
                row.param,
                KNOWN_PARAMETERS,
                "a parameter of the engine",
            )


def _missing_parameters(draft: Draft) -> Iterator[Problem]:
    """Find parameters the engine needs and the case does not give."""
    table = draft.table(Parameter)
    if not table.rows and not table.is_whole:
        return
    for name in REQUIRED_PARAMETERS:
        if name not in table.keys:
            yield Problem(table.file, None, None, f"has no row '{name}'", "one row")
    if not draft.table(Group).rows:
        return
    for name in COUNTRY_PARAMETERS:
        if name not in table.keys:
            found, expected = f"has no row '{name}'", "one row, as groups.csv has rows"
            yield Problem(table.file, None, None, found, expected)


def _impossible_priors(draft: Draft) -> Iterator[Problem]:
    """Find priors that are no distribution."""
    for line, row in draft.table(Parameter):
        if (fault := _prior_fault(row)) is not None:
            field, expected = fault
            found = shown(getattr(row, field))
            yield Problem("params.csv", line, field, found, expected)


def _prior_fault(row: Parameter) -> tuple[str, str] | None:
    """Tell which number of a prior is wrong and what was expected."""
    family = row.distribution
    if family == "fixed":
        return None
    if family != "uniform" and row.a <= 0:
        return "a", f"a number more than 0, as the distribution is {family}"
    if family == "exp_half_normal":
        fault = "b", f"empty, as the distribution is {family}"
        return None if row.b is None else fault
    return _second_fault(row)


def _second_fault(row: Parameter) -> tuple[str, str] | None:
    """Tell what is wrong with the second number of a prior that has two."""
    family = row.distribution
    if row.b is None:
        return "b", f"a number, as the distribution is {family}"
    if family in ("uniform", "log_uniform") and row.b <= row.a:
        return "b", f"more than a, which is {plain(row.a)}"
    if row.b <= 0 and family != "uniform":
        return "b", f"a number more than 0, as the distribution is {family}"
    return None


def _priors_out_of_bounds(draft: Draft) -> Iterator[Problem]:
    """Find priors that reach values that are physically impossible."""
    for line, row in draft.table(Parameter):
        if row.param not in KNOWN_PARAMETERS or row.distribution == "beta":
            continue
        low, high = KNOWN_PARAMETERS[row.param]
        for field, value in _extremes(row).items():
            if value is not None and not low <= value <= high:
                found = shown(getattr(row, field))
                expected = f"{row.param} from {low:g} to {high:g}"
                yield Problem("params.csv", line, field, found, expected)


def _extremes(row: Parameter) -> dict[str, float | None]:
    """Give the ends of a prior that has ends, the median of one that has none."""
    if row.distribution in ("uniform", "log_uniform"):
        return {"a": row.a, "b": row.b}
    if row.distribution == "exp_half_normal":
        return {"a": exp(min(_HALF_NORMAL_MEDIAN * row.a, _MOST_LOG))}
    return {"a": row.a + (1.0 if row.distribution == "one_plus_lognormal" else 0.0)}


def _wrong_units(draft: Draft) -> Iterator[Problem]:
    """Find priors in another unit than the engine takes."""
    for line, row in draft.table(Parameter):
        unit = units().get(row.param, row.unit)
        if row.unit != unit:
            expected = f"'{unit}', the unit of {row.param}"
            yield Problem("params.csv", line, "unit", shown(row.unit), expected)


RULES: Final = (
    Rule(_unknown_parameters),
    Rule(_missing_parameters),
    Rule(_impossible_priors),
    Rule(_priors_out_of_bounds),
    Rule(_wrong_units),
)
"""Rules about parameters."""
