"""Every rule across the rows and tables of a case, in the order it is told.

A rule is a small function that yields one fault at a time; it lives with its subject.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from supplyline.case import (
    conflict,
    leader,
    measures,
    periods,
    priors,
    references,
    routes,
    stores,
    suspicions,
)

if TYPE_CHECKING:
    from supplyline.case.draft import Draft, Rule
    from supplyline.errors import Problem

_SUBJECTS: Final = (
    references,
    periods,
    stores,
    routes,
    conflict,
    measures,
    priors,
    leader,
)


def find_problems(draft: Draft) -> list[Problem]:
    """Find every fault between the rows and tables of a case."""
    rules: chain[Rule] = chain.from_iterable(subject.RULES for subject in _SUBJECTS)
    return [fault for rule in rules for fault in rule.faults(draft)]


def find_suspicions(draft: Draft) -> list[Problem]:
    """Find what is suspect but usable."""
    return [found for rule in suspicions.RULES for found in rule.faults(draft)]
