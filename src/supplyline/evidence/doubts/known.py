"""What is known beforehand: the tables of a case that a text is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against one candidate.

    Attributes
    ----------
    candidate : str
        Identifier of the candidate.
    rule : str
        Rule that found it, as in the docs; a name that ends in ``_near`` speaks of the
        text beside the candidate and not of its number.
    text : str
        One sentence, with both numbers.
    against : tuple of str
        Claims, other candidates, or rows such as "people.csv smith/president".
    """

    candidate: str
    rule: str
    text: str
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Tables that a text is held against, with the columns of the case.

    Attributes
    ----------
    country : str
        ISO 3166 code of the country.
    cutoff : datetime.date
        Last day of which the tables speak.
    own_source : str or None
        Source of the text; its rows are no witnesses.
    claims, actors, people, control, places, regions, market, names : pandas.DataFrame
        Tables of the case.
    """

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
        """Give the rows of a table that do not come from the text itself.

        Parameters
        ----------
        table : str
            Name of a table with a column ``source``.

        Returns
        -------
        pandas.DataFrame
            Rows of other sources.
        """
        frame: pd.DataFrame = getattr(self, table)
        return frame[frame["source"] != self.own_source]
