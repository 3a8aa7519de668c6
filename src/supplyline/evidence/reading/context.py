"""What a text is read against: its language and day, and the names of the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Named:
    """What a name of a text refers to.

    Attributes
    ----------
    kind : str
        One of actor, place, region, area, country and person.
    row : str
        Row of the table of the case; ISO 3166 code of a country.
    """

    kind: str
    row: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a text is read against.

    Attributes
    ----------
    country : str
        ISO 3166 code of the country of the case.
    capital : str
        Row of places.csv.
    currency : str
        ISO 4217 code of the currency of the case.
    cutoff : datetime.date
        Last day of the past of the case.
    names : mapping of str to Named
        Name as written to what it refers to: the titles of the case's actors, places
        and regions, its names.csv and people.csv. Capitals and accents do not matter.
    place_regions : mapping of str to str
        Row of places.csv to row of regions.csv.
    actor_kinds : mapping of str to str
        Row of actors.csv to its kind.
    """

    country: str
    capital: str
    currency: str
    cutoff: date
    names: Mapping[str, Named]
    place_regions: Mapping[str, str]
    actor_kinds: Mapping[str, str]
