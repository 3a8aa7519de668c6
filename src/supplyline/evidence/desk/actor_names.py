"""Actors as data sets name them to rows of actors.csv: never guessed."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from supplyline.case.case import Case

_MIN_LIKENESS: Final = 65
_MAX_NAME_LENGTH: Final = 200

ARMED_GROUP: Final = "armed_group"
"""Kind, in actors.csv, of the actors whose attacks count for hazard and effort."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A name of a data set that names no row of the case.

    Attributes
    ----------
    name : str
        Name as written.
    count : int
        Number of events with it [1].
    nearest : str or None
        The nearest name that the case knows, for a person to judge.
    """

    name: str
    count: int
    nearest: str | None


def folded(name: str) -> str:
    """Write a name without capitals, accents and marks.

    Examples
    --------
    >>> folded("Forces armées du X")
    'forces armees du x'
    """
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(
        c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)
    )
    return " ".join(letters.casefold().split())


def actor_names(case: Case) -> dict[str, str]:
    """Gather the names under which the case knows its actors."""
    actors = case.tables["actors"]
    names = case.tables["names"]
    spoken = names[names["kind"] == "actor"]
    rows = _unambiguous(zip(actors["title"], actors["actor"], strict=True))
    rows.update({folded(actor): actor for actor in actors["actor"]})
    rows.update(_unambiguous(zip(spoken["name"], spoken["row"], strict=True)))
    rows.pop("", None)
    return rows


def map_actors(events: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Map the two actors of events to rows of actors.csv."""
    table = {
        name: names.get(folded(str(name)))
        for column in ("actor1", "actor2")
        for name in events[column].dropna().unique()
    }
    first, second = (
        [None if pd.isna(name) else table[name] for name in events[column]]
        for column in ("actor1", "actor2")
    )
    sets = [
        frozenset(row for row in pair if row is not None)
        for pair in zip(first, second, strict=True)
    ]
    return pd.DataFrame(
        {
            "row1": pd.Series(first, index=events.index, dtype=object),
            "row2": pd.Series(second, index=events.index, dtype=object),
            "actors": pd.Series(sets, index=events.index, dtype=object),
        }
    )


def unmapped(events: pd.DataFrame, names: Mapping[str, str]) -> tuple[Unmapped, ...]:
    """List the actors that name no row of the case."""
    counts: Counter[str] = Counter()
    for column in ("actor1", "actor2"):
        counts.update(str(name) for name in events[column].dropna())
    missing = [(name, n) for name, n in counts.items() if folded(name) not in names]
    missing.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        Unmapped(name, count, _nearest(folded(name), names)) for name, count in missing
    )


def _nearest(name: str, names: Mapping[str, str]) -> str | None:
    """Find the known name most like another as a whole, if one is near."""
    match = process.extractOne(
        name[:_MAX_NAME_LENGTH],
        list(names),
        scorer=fuzz.token_sort_ratio,
        score_cutoff=_MIN_LIKENESS,
    )
    return None if match is None else str(match[0])


def armed_groups(case: Case) -> frozenset[str]:
    """Name the actors whose attacks count for hazard and effort."""
    actors = case.tables["actors"]
    armed = actors[actors["kind"] == ARMED_GROUP]["actor"]
    return frozenset([*case.tables["groups"]["actor"], *armed])


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keep names that name one row only."""
    rows: dict[str, set[str]] = {}
    for name, row in pairs:
        rows.setdefault(folded(str(name)), set()).add(str(row))
    return {name: next(iter(some)) for name, some in rows.items() if len(some) == 1}
