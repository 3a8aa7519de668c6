"""Rules about params.csv: all parameters, each with a prior that is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule, plain
from supplyline.case.parameters import KNOWN_PARAMETERS, REQUIRED_PARAMETERS, units
from supplyline.case.tables import Parameter
from supplyline.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    if row.b is None:
        return "b", f"a number, as the distribution is {family}"
    if family != "uniform" and row.a <= 0:
        return "a", f"a number more than 0, as the distribution is {family}"
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
        is_range = row.distribution in ("uniform", "log_uniform")
        base = 1.0 if row.distribution == "one_plus_lognormal" else 0.0
        values = (
            [("a", row.a + base), ("b", row.b)] if is_range else [("a", row.a + base)]
        )
        for field, value in values:
            if value is not None and not low <= value <= high:
                found = shown(getattr(row, field))
                expected = f"{row.param} from {low:g} to {high:g}"
                yield Problem("params.csv", line, field, found, expected)


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
