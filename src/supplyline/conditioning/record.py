"""The record of a conditioning: what it rests on, and how it was made."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from supplyline.conditioning.facts import read_facts
from supplyline.engine.sources import engine_sha256

if TYPE_CHECKING:
    import pandas as pd

    from supplyline.case.case import Case

SCHEMA: Final = 1


class Record(BaseModel):
    """What a conditioning rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = SCHEMA
    software: str
    """Version of supplyline."""
    case: str
    """Name of the case."""
    case_sha256: dict[str, str]
    """SHA-256 of each file of the case."""
    engine_sha256: str
    """SHA-256 of the source of the engine."""
    facts_sha256: str
    """SHA-256 of the facts of the case by the origin."""
    extra_facts: int
    """Facts beside those of the case."""
    origin: str
    """Day of the forecast."""
    steps: tuple[str, ...]
    """Days on which members were refreshed before it."""
    days: int
    """Days after the cut-off that were simulated."""
    seed: int
    pool: int
    members: int
    facts: int
    """Facts that members are weighed by."""
    nearest: int
    """Members weighed."""
    directions: int
    """Summaries."""
    effective: tuple[float, ...]
    """Effective members at each step, and at the origin."""
    farther_truths: float
    """Share of truths whose nearest members are farther than those of the facts."""
    inside: int
    """Those of them that lie inside the conditioned band."""
    checks: int
    """Facts that members are only checked against."""
    checks_inside: int
    truths: int
    """Truths of the gate."""
    step_truths: int
    """Truths that the refresh was tried on; 0 where there was none."""
    is_passed: bool
    """Whether the gate was passed."""
    minutes: float
    peak_memory_mb: float | None


def hash_facts(facts: pd.DataFrame) -> str:
    """Hash what a conditioning takes from facts."""
    # units are for print: values are those of the measure, whatever it is told in
    return hashlib.sha256(facts.drop(columns="unit").to_csv().encode()).hexdigest()


def differences(record: Record, case: Case) -> list[str]:
    """Say why a conditioning does not hold for a case as it is at hand."""
    told = []
    hashes = dict(case.hashes)
    if changed := sorted(
        name
        for name in {*hashes, *record.case_sha256}
        if hashes.get(name) != record.case_sha256.get(name)
    ):
        told.append(f"the case has changed since: {', '.join(changed)}")
    elif record.facts_sha256 != _facts_sha256(record, case):
        told.append("facts are read otherwise since")
    if record.engine_sha256 != engine_sha256():
        told.append("the engine has changed since")
    if not record.is_passed:
        told.append("it did not pass its gate")
    return told


def _facts_sha256(record: Record, case: Case) -> str:
    """Hash the facts of a case by the origin of a record."""
    return hash_facts(read_facts(case, date.fromisoformat(record.origin)))
