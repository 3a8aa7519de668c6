"""Rules about params.csv: known parameters, each with a prior that is one.

A case that lacks the row of a parameter takes the general prior of the table of
parameters, so that a parameter more breaks no case; the row says so, and is told.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule, plain
from supplyline.case.fields import read_row
from supplyline.case.parameters import (
    ANY_CASE,
    PARAMETERS,
    WITH_GROUPS,
    names_in_scope,
)
from supplyline.errors import Problem, shown
from supplyline.tables.conflict import Group
from supplyline.tables.supply import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.case.read import Table

_DEFAULT: Final = "packaged default"
"""How the note of a row begins that the case does not state."""
_EXAMPLE: Final = "set it for the country"
"""What the table says of a prior that is one country's number."""
_HALF_NORMAL_MEDIAN: Final = 0.674489750196082
"""Median of the size of a standard normal [1]."""
_MOST_LOG: Final = 700.0
"""Largest log of a number that a float can hold, about [1]."""


def with_defaults(params: Table[Parameter], *, has_groups: bool) -> Table[Parameter]:
    """Add the general prior of each parameter that is needed and not given."""
    if not params.rows and not params.is_whole:  # told as a fault of the file
        return params
    needed = _needed(has_groups=has_groups)
    missing = [name for name in needed if name not in params.keys]
    rows = [_default(name) for name in missing]
    return replace(
        params,
        rows=(*params.rows, *rows),
        lines=(*params.lines, *(None for _ in rows)),
        keys=params.keys.union(missing),
    )


def _needed(*, has_groups: bool) -> tuple[str, ...]:
    """Name the parameters that a case needs."""
    return names_in_scope(ANY_CASE, *([WITH_GROUPS] if has_groups else []))


def _default(name: str) -> Parameter:
    """Make the row of params.csv that stands for one that is missing."""
    prior = PARAMETERS[name].prior
    note = ": ".join(filter(None, (_DEFAULT, prior["note"])))
    row, faults = read_row(Parameter, {**prior, "note": note}, "parameters.csv", None)
    if row is None:
        message = f"the table of parameters is unsound: {faults[0]}"
        raise ValueError(message)
    return row


def is_default(note: str | None) -> bool:
    """Tell by its note whether a row is one the case does not state."""
    return (note or "").startswith(_DEFAULT)


def _examples_taken(draft: Draft) -> Iterator[Problem]:
    """Find parameters of a country for which a case takes another country's number."""
    taken = [row for _, row in draft.table(Parameter) if is_default(row.note)]
    names = [row.param for row in taken if _EXAMPLE in str(row.note)]
    if names:
        count = f"{len(names)} parameter{'' if len(names) == 1 else 's'}"
        found = f"has no row for {count}: {', '.join(names)}"
        expected = "a row for each, as the default is another country's number"
        yield Problem("params.csv", None, None, found, expected)


def _unknown_parameters(draft: Draft) -> Iterator[Problem]:
    """Find parameters the engine does not know."""
    for line, row in draft.table(Parameter):
        if row.param not in PARAMETERS:
            expected = "a parameter of the engine"
            yield Problem.unknown(
                "params.csv", line, "param", row.param, PARAMETERS, expected
            )


def _removed_parameters(draft: Draft) -> Iterator[Problem]:
    """Find parameters that a scenario takes away."""
    table = draft.table(Parameter)
    if not table.rows and not table.is_whole:
        return
    for name in _needed(has_groups=bool(draft.table(Group).rows)):
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
        known = PARAMETERS.get(row.param)
        if known is None or row.distribution == "beta":
            continue
        for field, value in _extremes(row).items():
            if value is not None and not known.low <= value <= known.high:
                found = shown(getattr(row, field))
                expected = f"{row.param} from {known.low:g} to {known.high:g}"
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
        known = PARAMETERS.get(row.param)
        if known is not None and row.unit != known.unit:
            expected = f"'{known.unit}', the unit of {row.param}"
            yield Problem("params.csv", line, "unit", shown(row.unit), expected)


RULES: Final = (
    Rule(_unknown_parameters),
    Rule(_removed_parameters),
    Rule(_impossible_priors),
    Rule(_priors_out_of_bounds),
    Rule(_wrong_units),
)
"""Rules about parameters."""

SUSPICIONS: Final = (Rule(_examples_taken),)
"""What is told of a usable params.csv."""
