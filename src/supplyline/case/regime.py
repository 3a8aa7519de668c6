"""The form of the regime's hazards: covariates, drivers, and what bears on what.

Weights are parameters of the case; this is the structure that they weigh.
"""

from __future__ import annotations

from typing import Final

COVARIATES: Final = (
    "shortage",
    "losses",
    "ground",
    "cohesion",
    "legitimacy",
    "protest",
    "arrears",
    "price",
    "partner",
)
"""What moves the hazards, each from 0 (calm) to 1 (as bad as can be)."""

MEANINGS: Final = {
    "shortage": "share of demand not served in the capital, over a month",
    "losses": "soldiers killed in 90 days, against full losses",
    "ground": "share of people outside the state's control",
    "cohesion": "loss of cohesion among officers and elites",
    "legitimacy": "loss of legitimacy",
    "protest": "protests a week, against full protest",
    "arrears": "fall of the fiscal index",
    "price": "parallel over usual price, against the full multiple",
    "partner": "foreign troops missing: 1 less the root of their share of the most",
}
"""Covariate to what it measures."""

DRIVERS: Final = {
    "supply": ("shortage",),
    "security": ("losses", "ground"),
    "elites": ("cohesion",),
    "street": ("legitimacy", "protest"),
    "money": ("arrears", "price"),
    "partners": ("partner",),
}
"""Driver to its covariates; the time since the last attempt counts with the elites."""

BASE_DRIVER: Final = "elites"
"""Driver that the fitted rate's own change counts with."""

KINDS: Final = ("attempt", "forced", "capture", "natural")
"""Ways in which rule may end; an attempted coup ends it only where it succeeds."""

RESPONDS: Final = {
    "attempt": COVARIATES,
    "forced": ("shortage", "ground", "legitimacy", "protest", "arrears", "price"),
    "capture": ("shortage", "losses", "ground", "partner"),
    "natural": (),
}
"""Kind of hazard to the covariates that move it."""

EXITS: Final = ("none", "coup", "forced exit", "capture", "natural end")
"""How rule ended, by the number that a run keeps."""

TALKS: Final = ("none", "talks", "truce", "deal")
"""Stage of national talks, by the number that a run keeps."""
