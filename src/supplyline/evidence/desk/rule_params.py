"""Parameters of the rules of evidence: rows of params.csv that a case may lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case.frames import rows
from supplyline.errors import CaseError, Problem

if TYPE_CHECKING:
    from supplyline.case.case import Case

NEEDS: Final = {
    "incident": ("match_km", "match_days", "place_max_km", "snap_km"),
    "effort": ("evidence_window_days", "effort_prior_events", "effort_floor"),
    "hazard": ("evidence_window_days", "hazard_prior_weeks"),
}
"""Rule to the rows of params.csv that it needs."""


def read_params(case: Case, rule: str) -> dict[str, float]:
    """Give the parameters that a rule needs."""
    given = {row.param: row for row in rows(case.tables["params"])}
    problems = []
    for name in NEEDS[rule]:
        row = given.get(name)
        if row is None:
            fault, expected = f"has no row '{name}'", f"one row, as rule '{rule}' asks"
            problems.append(Problem("params.csv", None, None, fault, expected))
        elif row.distribution != "fixed":
            fault = f"is {row.distribution} for {name}"
            problem = Problem("params.csv", None, "distribution", fault, "fixed")
            problems.append(problem)
    if problems:
        raise CaseError(case.name, problems)
    return {name: float(given[name].a) for name in NEEDS[rule]}
