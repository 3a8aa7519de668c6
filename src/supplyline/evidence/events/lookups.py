"""The mapping tables of event data: kinds, actors, precision, countries, licences.

They are CSV files in the folder ``mapping`` beside this module, so that a mapping is
changed without changing code.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

CountryCode = Literal["iso3", "iso_numeric", "gleditsch_ward", "fips", "title"]

OTHER: Final = "other"
"""Kind of an event whose type no table knows."""


@dataclass(frozen=True, slots=True)
class Licence:
    """The terms under which a data set may be used."""

    licence: str
    may_be_passed_on: bool
    holder: str
    terms: str


@dataclass(frozen=True, slots=True)
class Precision:
    """What a code of precision means.

    Attributes
    ----------
    precision : str or None
        Day, week, month or year; None for places.
    km : float or None
        Radius of uncertainty [km]; None for dates.
    """

    precision: str | None
    km: float | None


@cache
def rows_of(table: str) -> tuple[dict[str, str], ...]:
    """Read one mapping table."""
    path = files("supplyline.evidence.events").joinpath("mapping", f"{table}.csv")
    return tuple(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def licence_of(data_set: str) -> Licence:
    """Find the licence of a data set."""
    row = next(row for row in rows_of("licences") if row["data_set"] == data_set)
    may = row["may_be_passed_on"] == "true"
    return Licence(row["licence"], may, row["holder"], row["terms"])


@cache
def may_be_passed_on(licence: str) -> bool:
    """Tell whether rows under a licence may stand in what is given to others."""
    known = [row for row in rows_of("licences") if row["licence"] == licence]
    return bool(known) and all(row["may_be_passed_on"] == "true" for row in known)


@cache
def precisions(data_set: str, field: Literal["date", "place"]) -> dict[str, Precision]:
    """Give the codes of precision of a data set."""
    return {
        row["code"]: Precision(
            row["precision"] or None, float(row["km"]) if row["km"] else None
        )
        for row in rows_of("precision")
        if (row["data_set"], row["field"]) == (data_set, field)
    }


@cache
def countries(code: CountryCode) -> dict[str, str]:
    """Give the ISO 3166 two-letter code of each country by another code of it."""
    codes = {}
    for row in rows_of("countries"):
        parts = row[code].split(";")
        if code == "title":
            parts = [row[code].lower(), *row["also"].lower().split(";")]
        codes.update({part: row["iso2"] for part in parts if part})
    return codes


@cache
def actor_class(data_set: str, text: str) -> str:
    """Tell the class of an actor from its name or code."""
    for row in rows_of("actor_classes"):
        if row["data_set"] != data_set:
            continue
        is_same = text.strip().lower() == row["text"].lower()
        starts = row["match"] == "starts" and text.startswith(row["text"])
        if is_same or starts:
            return row["actor_class"]
    return ""


@cache
def _kinds(data_set: str) -> dict[tuple[str, str, str], str]:
    """Give the rows of kinds.csv of a data set."""
    return {
        (row["type"].lower(), row["subtype"].lower(), row["actor_class"]): row["kind"]
        for row in rows_of("kinds")
        if row["data_set"] == data_set
    }


def kind_of(data_set: str, what: str, subtype: str, of_actor: str) -> str:
    """Map a data set's own type to a kind of event."""
    known = _kinds(data_set)
    what, subtype = what.strip().lower(), subtype.strip().lower()
    types = [what]
    if what.isdigit():
        types = [what[:length] for length in range(len(what), 0, -1)]
    for name in types:
        for key in (
            (name, subtype, of_actor),
            (name, subtype, ""),
            (name, "", of_actor),
            (name, "", ""),
        ):
            if key in known:
                return known[key]
    return OTHER


@cache
def refinements() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """Give the words of a text that make a kind more exact."""
    words_of: dict[str, tuple[set[str], list[str]]] = {}
    for row in rows_of("refinements"):
        kinds, words = words_of.setdefault(row["refined"], (set(), []))
        kinds.add(row["kind"])
        if row["word"] not in words:
            words.append(row["word"])
    return {
        refined: (frozenset(kinds), tuple(words))
        for refined, (kinds, words) in words_of.items()
    }
