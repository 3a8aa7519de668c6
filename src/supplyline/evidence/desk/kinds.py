"""Kinds of event: what of them the case counts, and with which weight."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

_FILE: Final = resources.files("supplyline.evidence.desk").joinpath("kinds.csv")


@dataclass(frozen=True, slots=True)
class Kind:
    """What the rules do with events of one kind.

    Attributes
    ----------
    kind : str
        Kind, as in events.csv.
    family : str
        Attack, unrest or statement; two reports of one event are of one family.
    effort_weight : float
        Weight with which it counts for the effort of a region [1].
    is_encounter : bool
        Whether it is an attack on the road, which counts for the hazard of a segment.
    """

    kind: str
    family: str
    effort_weight: float
    is_encounter: bool


@cache
def kinds() -> dict[str, Kind]:
    """Give the kinds of event that the rules know."""
    rows = csv.DictReader(_FILE.read_text(encoding="utf-8").splitlines())
    return {
        row["kind"]: Kind(
            row["kind"],
            row["family"],
            float(row["effort_weight"]),
            row["is_encounter"] == "true",
        )
        for row in rows
    }
