"""Every rule across the rows and tables of a case, in the order it is told.

A rule is a small function that yields one fault at a time; it lives with its subject.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case import (
    capacities,
    conflict,
    leader,
    measures,
    overruled,
    periods,
    priors,
    readiness,
    references,
    reported,
    routes,
    stores,
    suspicions,
)

if TYPE_CHECKING:
    from supplyline.case.draft import Draft
    from supplyline.errors import Problem


_OF_ROWS: Final = (*references.RULES, *periods.RULES)
_OF_RUNS: Final = (
    *readiness.RULES,
    *stores.RULES,
    *routes.RULES,
    *capacities.RULES,
    *conflict.RULES,
    *measures.RULES,
    *priors.RULES,
    *leader.RULES,
    *reported.RULES,
)


def find_problems(draft: Draft) -> list[Problem]:
    """Find everything that keeps a case from being run."""
    return [*find_faults(draft), *find_gaps(draft)]


def find_faults(draft: Draft) -> list[Problem]:
    """Find what is wrong with the rows that are there, for whatever they are used."""
    return [fault for rule in _OF_ROWS for fault in rule.faults(draft)]


def find_gaps(draft: Draft) -> list[Problem]:
    """Find what keeps a case from being run; evidence can be gathered without it."""
    return [gap for rule in _OF_RUNS for gap in rule.faults(draft)]


def find_suspicions(draft: Draft) -> list[Problem]:
    """Find what is suspect but usable."""
    rules = (
        *suspicions.RULES,
        *overruled.RULES,
        *capacities.SUSPICIONS,
        *priors.SUSPICIONS,
    )
    return [found for rule in rules for found in rule.faults(draft)]
