"""What holds for a whole case, and whose luck is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.draws import entity_key
from supplyline.engine.kernels.layout import CaseFacts
from supplyline.engine.kernels.records import records
from supplyline.runs import SHORT_BELOW

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names
    from supplyline.engine.kernels.records import Records

STREAMS = {
    "posture": "interdictor",
    "diversion": "nation",
    "campaign": "interdictor",
    "ransom": "interdictor",
    "split": "interdictor",
    "talks": "nation",
    "protest": "nation",
    "attempt": "leader",
    "forced": "leader",
    "capture": "leader",
    "natural": "leader",
}
"""Streams of luck of the whole country, and whose luck it is."""
YEAR_DAYS = 365.25
"""Days of a year between two dates."""
NEVER_YEARS = 40.0
"""Years since an attempt where none is on record: the fitted rate falls no further."""


def build_facts(case: Case, names: Names, seed: int) -> Records:
    """Write what holds for the whole case, shape (1,)."""
    facts = records(CaseFacts, 1)
    facts.short_below = SHORT_BELOW
    for stream, entity in STREAMS.items():
        facts[0][stream] = entity_key(seed, stream, entity)
    is_main = case.groups.set_index("group")["is_interdictor"]
    facts.interdictor = next(
        (row for row, group in enumerate(names.groups) if is_main[group]), -1
    )
    is_ransom = case.measures["kind"] == "ransom"
    facts.is_ransom_dated = int(is_ransom.any())
    is_inside = ~case.regions["is_boundary"].to_numpy(bool)
    facts.population = case.regions["population"].to_numpy(float)[is_inside].sum()
    facts.capital = names.places.index(case.config.capital)
    facts.is_truce_dated = int((case.measures["kind"] == "truce").any())
    past = pd.Timestamp(case.config.cutoff) - pd.Timestamp(case.config.start)
    facts.first_forecast_day = past.days + 1
    _enter_leader(case, facts)
    facts.partner_most = most_partner_troops(case)
    return facts


def _enter_leader(case: Case, facts: Records) -> None:
    """Write how long the leader has ruled and since when nobody tried a coup."""
    start = pd.Timestamp(case.config.start)
    dated = case.leader[pd.to_datetime(case.leader["date"]) <= start]
    when = pd.to_datetime(dated["date"])
    attempts = when[dated["kind"].isin(["coup", "failed_coup"])]
    power = when[dated["kind"] == "took_power"]
    facts.since_attempt = NEVER_YEARS
    if len(attempts):
        facts.since_attempt = (start - attempts.max()).days / YEAR_DAYS
    if len(power):
        facts.tenure = (start - power.max()).days / YEAR_DAYS


def most_partner_troops(case: Case) -> float:
    """Find the most partner troops at any date, by the middle of their ranges."""
    changes = []
    for row in rows(case.partners):
        troops = (row.troops_low + row.troops_high) / 2
        changes.append((pd.Timestamp(row.start), troops))
        if not pd.isna(row.end):
            changes.append((pd.Timestamp(row.end) + pd.Timedelta(days=1), -troops))
    ordered = sorted(changes)
    return float(max(np.cumsum([step for _, step in ordered]), default=0.0))
