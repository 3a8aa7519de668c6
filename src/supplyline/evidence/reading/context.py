"""What a text is read against: its language and day, and the names of the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Named:
    """What a name of a text refers to."""

    kind: str
    row: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a text is read against."""

    country: str
    capital: str
    currency: str
    cutoff: date
    names: Mapping[str, Named]
    place_regions: Mapping[str, str]
    actor_kinds: Mapping[str, str]
