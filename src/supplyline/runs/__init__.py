"""Runs: an ensemble with its manifest, in memory and on disk.

A run folder outlives the code that made it: a manifest in JSON, tables in Parquet, and
the case as it was. A reader of results needs no engine.
"""

from supplyline.runs.folder import load_run, verify
from supplyline.runs.layout import (
    FIGHTER_ACCOUNTS,
    FUEL_ACCOUNTS,
    MONEY_ACCOUNTS,
    PEOPLE_ACCOUNTS,
    SOLDIER_ACCOUNTS,
    TRUCK_ACCOUNTS,
    describe,
    with_part,
)
from supplyline.runs.lineage import Lineage, Stretch, fresh_luck
from supplyline.runs.manifest import (
    MANIFEST,
    SHORT_BELOW,
    Arguments,
    Manifest,
    Request,
    manifest_of,
    read_manifest,
    request_of,
)
from supplyline.runs.run import Run

__all__ = [
    "FIGHTER_ACCOUNTS",
    "FUEL_ACCOUNTS",
    "MANIFEST",
    "MONEY_ACCOUNTS",
    "PEOPLE_ACCOUNTS",
    "SHORT_BELOW",
    "SOLDIER_ACCOUNTS",
    "TRUCK_ACCOUNTS",
    "Arguments",
    "Lineage",
    "Manifest",
    "Request",
    "Run",
    "Stretch",
    "describe",
    "fresh_luck",
    "load_run",
    "manifest_of",
    "read_manifest",
    "request_of",
    "verify",
    "with_part",
]
