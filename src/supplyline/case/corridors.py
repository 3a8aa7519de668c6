"""The way a corridor takes: its places and segments in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Way:
    """Places passed from the origin on.

    Attributes
    ----------
    places : tuple of str
        Places in order; the first is the origin.
    break_at : int or None
        Index of the first segment that does not go on from the place reached; None
        where all do.
    """

    places: tuple[str, ...]
    break_at: int | None


def walk(origin: str, ends: Sequence[tuple[str, str]]) -> Way:
    """Follow segments from an origin, each in whichever direction goes on.

    Parameters
    ----------
    origin : str
        Place of departure.
    ends : sequence of (str, str)
        The two places of each segment, in the order of the corridor.

    Returns
    -------
    Way
        Places passed, and where the way breaks, if it does.

    Examples
    --------
    >>> walk("a", [("a", "b"), ("c", "b")]).places
    ('a', 'b', 'c')
    """
    places = [origin]
    for index, (one, other) in enumerate(ends):
        if places[-1] not in (one, other):
            return Way(tuple(places), index)
        places.append(other if places[-1] == one else one)
    return Way(tuple(places), None)
