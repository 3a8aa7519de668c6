"""Words that code compares with: one closed set for each kind of field.

What nothing compares with is free text, and its meaning says that it is a remark.
"""

from __future__ import annotations

from typing import Literal

EventKind = Literal[
    "convoy_attack",
    "road_attack",
    "base_attack",
    "town_attack",
    "kidnapping",
    "blockade_declaration",
    "battle",
    "industry_attack",
    "abuse",
    "airstrike_operation",
    "explosion",
    "protest",
    "riot",
    "convoy_arrival",
    "shortage",
    "negotiation",
    "gov_measure",
    "foreign_measure",
    "regime_event",
    "political_event",
    "other",
]
"""What happened; rules of evidence say what each counts for."""

ActorKind = Literal[
    "armed_group",
    "militia",
    "rebel_group",
    "gang",
    "state_force",
    "international_force",
    "private_military_company",
    "foreign_troops",
    "government",
    "state_agency",
    "foreign_state",
    "international_organisation",
    "political",
    "company",
    "state_company",
    "foreign_state_company",
    "importer_association",
    "union",
    "other",
]
"""What an actor is; texts and event data are read by it."""

HoldStatus = Literal[
    "controlled",
    "claimed",
    "contested",
    "blockaded",
    "attacked",
    "overrun",
    "lost_by_state",
    "share_of_violence",
]
"""How an area is held; 'controlled' alone means that the actor holds it."""

UpdateRule = Literal[
    "claim", "cutoff", "incident", "effort", "hazard", "observed", "price"
]
"""Rule by which evidence changes a case."""

PeriodPrecision = Literal[
    "day", "week", "month", "quarter", "half_year", "year", "span", "inferred"
]
"""How exactly a text states a period; 'inferred' where it states none."""
