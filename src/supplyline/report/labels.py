"""Names on a map, placed so that none covers another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Box = tuple[float, float, float, float]

SIZES: Final = (14.0, 12.0, 11.0, 10.5)
"""Size of the letters by rank."""
_LETTER: Final = 0.63
_BOLD: Final = 1.15
_LINE: Final = 1.2
_UNNAMED_RANK: Final = 9
_SIDES: Final = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))


@dataclass(frozen=True, slots=True)
class Label:
    """A name that wants a place beside its point."""

    text: str
    x: float
    y: float
    radius: float
    rank: int


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A name with its place."""

    label: Label
    x: float
    y: float
    anchor: str
    size: float
    box: tuple[float, float, float, float]


def place_labels(
    labels: Sequence[Label], width: float, height: float, covered: Sequence[Box] = ()
) -> list[PlacedLabel]:
    """Place names in order of rank; a name that finds no free room is left out.

    No name stands on what is covered.
    """
    marks = [
        (m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius)
        for m in labels
        if m.rank < _UNNAMED_RANK
    ]
    taken: list[Box] = list(covered)
    placed = []
    for label in sorted(labels, key=lambda entry: (entry.rank, entry.text)):
        if label.rank >= _UNNAMED_RANK:
            continue
        inside = [c for c in _candidates(label) if _is_inside(c.box, width, height)]
        free = [c for c in inside if not _hits(c.box, taken)]
        clear = [c for c in free if not _hits(c.box, marks)]
        best = clear or (free if label.rank == 0 else [])
        if best:
            taken.append(best[0].box)
            placed.append(best[0])
    return placed


def _is_inside(box: Box, width: float, height: float) -> bool:
    """Tell whether a box lies on the page."""
    left, top, right, bottom = box
    return left >= 2 and top >= 2 and right <= width - 2 and bottom <= height - 2


def _candidates(label: Label) -> Iterable[PlacedLabel]:
    """Offer the eight places around a point, best first."""
    size = SIZES[min(label.rank, len(SIZES) - 1)]
    length = _LETTER * size * len(label.text) * (_BOLD if label.rank == 0 else 1.0)
    height = _LINE * size
    gap = label.radius + 3
    for side, rise in _SIDES:
        x = label.x + side * (gap if rise == 0 else gap * 0.6)
        left = x - (0, length / 2, length)[1 - side]
        top = (
            label.y
            - height / 2
            + rise * (height / 2 + gap * (1.0 if side == 0 else 0.7))
        )
        anchor = ("end", "middle", "start")[side + 1]
        box = (left, top, left + length, top + height)
        yield PlacedLabel(label, x, top + 0.95 * size, anchor, size, box)


def _hits(box: Box, others: Iterable[Box]) -> bool:
    """Tell whether a box overlaps any other."""
    left, top, right, bottom = box
    return any(
        left < other[2] and right > other[0] and top < other[3] and bottom > other[1]
        for other in others
    )
