"""What is known beforehand: the tables of a case that a text is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against one candidate."""

    candidate: str
    rule: str
    text: str
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Tables that a text is held against, with the columns of the case."""

    country: str
    cutoff: date
    own_source: str | None
    claims: pd.DataFrame
    actors: pd.DataFrame
    people: pd.DataFrame
    control: pd.DataFrame
    places: pd.DataFrame
    regions: pd.DataFrame
    market: pd.DataFrame
    names: pd.DataFrame

    def witnesses(self, table: str = "claims") -> pd.DataFrame:
        """Give the rows of a table that do not come from the text itself."""
        frame: pd.DataFrame = getattr(self, table)
        return frame[frame["source"] != self.own_source]
