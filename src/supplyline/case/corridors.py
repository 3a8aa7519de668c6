"""The way a corridor takes: its places and segments in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Way:
    """Places passed from the origin on."""

    places: tuple[str, ...]
    break_at: int | None


def walk(origin: str, ends: Sequence[tuple[str, str]]) -> Way:
    """Follow segments from an origin, each in whichever direction goes on.

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
