"""The table of parameters: what the engine and the rules of evidence ask for.

A parameter is one row of parameters.csv: its unit, what is possible at all, its general
prior, its submodel, its meaning and what the prior rests on. Checks, records of the
kernels, new cases and the reference are made from it. A case states what it knows
better in its params.csv.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY_CASE: Final = "any"
"""Scope of what every case needs."""
WITH_GROUPS: Final = "groups"
"""Scope of what a case with armed groups needs besides."""
RULES_OF_EVIDENCE: Final = "evidence"
"""Scope of what rules of evidence need and no simulation reads."""


@dataclass(frozen=True, slots=True)
class KnownParameter:
    """One row of the table of parameters."""

    scope: str
    """Who needs it: `ANY_CASE`, `WITH_GROUPS` or `RULES_OF_EVIDENCE`."""
    low: float
    """Least possible value; a bound is no prior."""
    high: float
    """Greatest possible value."""
    prior: Mapping[str, str]
    """The general prior, as the cells of a row of params.csv."""

    @property
    def unit(self) -> str:
        """Unit in which the engine takes it."""
        return self.prior["unit"]


def _known_parameter(row: dict[str, str]) -> KnownParameter:
    """Read a row; what the prior rests on becomes the note of an assumption."""
    scope, low, high = row.pop("scope"), float(row.pop("low")), float(row.pop("high"))
    prior = {**row, "note": row.pop("basis"), "source": "assumption"}
    del prior["basis"]
    return KnownParameter(scope, low, high, prior)


def _read_table() -> dict[str, KnownParameter]:
    """Read the table, in its order."""
    file = resources.files("supplyline.case").joinpath("parameters.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    return {row["param"]: _known_parameter(row) for row in csv.DictReader(lines)}


PARAMETERS: Final = _read_table()
"""Every parameter that params.csv may hold."""


def names_in_scope(*scopes: str) -> tuple[str, ...]:
    """Name the parameters of some scopes, in the order of the table."""
    return tuple(name for name, known in PARAMETERS.items() if known.scope in scopes)
