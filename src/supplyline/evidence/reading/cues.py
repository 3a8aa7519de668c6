"""Lexicons of meaning: what is counted, what happens, who speaks, which area.

A cue is one or several words; a star stands for any further letters. Cues are folded:
lower case, without accents. ``{name}`` stands for a row of cue_groups.csv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final
from unicodedata import normalize

from supplyline.evidence.reading.words import table

_APOSTROPHES: Final = "\u2019\u2018\u02bc`"
_SPACES: Final = "\u00a0\u202f\u2009\u2007"
_HYPHENS: Final = "\u2010\u2011"
_GROUP: Final = re.compile(r"\{(\w+)\}")


def fold(text: str) -> str:
    """Take away capitals and accents, so that each character keeps its place."""
    return "".join(map(_folded, text))


@cache
def _folded(character: str) -> str:
    """Fold one character."""
    if character in _APOSTROPHES:
        return "'"
    if character in _SPACES:
        return " "
    if character in _HYPHENS:
        return "-"
    return normalize("NFD", character)[0].lower()[0]


@cache
def cue_pattern(cues: str) -> re.Pattern[str] | None:
    """Give the pattern of cues parted by bars."""
    if not cues:
        return None
    words = (re.escape(cue.strip()) for cue in cues.split("|"))
    parts = "|".join(word.replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"(?<!\w)(?:{parts})(?!\w)")


@cache
def _groups() -> dict[str, str]:
    """Give the cues that many senses share, by name."""
    return {row["group"]: row["cues"] for row in table("cue_groups")}


def _cues(cell: str) -> re.Pattern[str] | None:
    """Give the pattern of a cell, its groups written out."""
    return cue_pattern(_GROUP.sub(lambda match: _groups()[match.group(1)], cell))


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a number can mean."""

    quantity: str
    subject: str
    units: str
    counted: re.Pattern[str] | None
    context: re.Pattern[str] | None
    excluded: re.Pattern[str] | None
    is_lead: bool
    priority: int


@cache
def senses() -> dict[str, tuple[Sense, ...]]:
    """Read what numbers can mean."""
    by_units: dict[str, list[Sense]] = {}
    for row in table("quantities"):
        sense = Sense(
            row["quantity"],
            row["subject"],
            row["units"],
            _cues(row["counted"]),
            _cues(row["context"].removeprefix("<")),
            _cues(row["excluded"]),
            row["context"].startswith("<"),
            int(row["priority"]),
        )
        by_units.setdefault(sense.units, []).append(sense)
    return {units: tuple(rows) for units, rows in by_units.items()}


@dataclass(frozen=True, slots=True)
class Happening:
    """A kind of act whose date is a statement of its own."""

    quantity: str
    subject: str
    verbs: re.Pattern[str] | None
    nouns: re.Pattern[str] | None
    excluded: re.Pattern[str] | None


@cache
def happenings() -> tuple[Happening, ...]:
    """Read the acts whose date is a statement."""
    return tuple(
        Happening(
            row["quantity"],
            row["subject"],
            _cues(row["verbs"]),
            _cues(row["nouns"]),
            _cues(row["excluded"]),
        )
        for row in table("statements")
    )


@cache
def speech(form: str) -> re.Pattern[str]:
    """Give the words that lead to a speaker."""
    cues = [fold(row["written"]) for row in table("speech") if row["form"] == form]
    return cue_pattern("|".join(cues)) or re.compile("(?!)")


_MONEY: Final = re.compile(r"[A-Z]{3}(?:_per_(?:year|month|week|day))?")
_MONEY_RATE: Final = re.compile(r"[A-Z]{3}_per_(?:litre|gallon|barrel|m3)")
_FAMILIES: Final = {
    "percent": "percent",
    "ratio": "ratio",
    "rank": "rank",
    "head": "head",
    "MW": "power",
    "kW": "power",
    "GW": "power",
    "MWh": "energy",
    "GWh": "energy",
    "kWh": "energy",
    **dict.fromkeys(
        ("years", "months", "weeks", "days", "hour", "hours", "minute"), "duration"
    ),
    **dict.fromkeys(("km", "mile", "metre"), "distance"),
    **dict.fromkeys(("km2", "hectare", "mile2", "acre"), "area"),
    **dict.fromkeys(("litre", "m3", "gallon", "barrel"), "volume"),
    **dict.fromkeys(("tonne", "kg", "ounce", "gram"), "mass"),
}


def family(unit: str | None) -> str:
    """Give the family of a unit.

    Examples
    --------
    >>> [family(unit) for unit in ("litre_per_day", "XOF_per_litre", "EUR", None)]
    ['volume', 'money_per_volume', 'money', 'count']
    """
    if unit is None or unit.startswith("count"):
        return "count"
    if _MONEY_RATE.fullmatch(unit):
        return "money_per_volume"
    if _MONEY.fullmatch(unit):
        return "money"
    if unit[:3].isupper() and unit[3:4] == "_":
        return "money"
    return _FAMILIES.get(unit.split("_per_")[0], "other")
