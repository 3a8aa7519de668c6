"""Sentences with named gaps, and amounts in the units that people read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from supplyline.language import _, mark
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    Part = "str | Quantity | Wording"


@dataclass(frozen=True, slots=True)
class Wording:
    """A message of the catalogue and what fills its gaps; translated when printed."""

    message: str
    parts: Mapping[str, str | Quantity | Wording] = field(default_factory=dict)
    """Texts of the case, numbers, and wordings, by the name of their gap."""

    def __str__(self) -> str:
        """Write it in the reader's language."""
        texts = {
            name: part.short if isinstance(part, Quantity) else str(part)
            for name, part in self.parts.items()
        }
        return _(self.message).format(**texts)


def as_said(text: str) -> Wording:
    """Word a text of the case, which no catalogue holds."""
    return Wording("{text}", {"text": text})


def listed(wordings: tuple[Wording, ...]) -> Wording:
    """Put wordings in a row; each is a name and no part of a sentence."""
    gaps = "; ".join(f"{{w{number}}}" for number in range(len(wordings)))
    return Wording(gaps, {f"w{n}": wording for n, wording in enumerate(wordings)})


_READ: Final[dict[str, tuple[str, float]]] = {
    "day": ("days", 1),
    "h": ("hours", 1),
    "truck": ("trucks", 1),
    "package": (mark("packages"), 1),
    "attack": ("attacks", 1),
    "person": ("persons", 1),
    "kl": ("litres", 1000),
    "kl/day": (mark("litres a day"), 1000),
    "h/day": (mark("hours a day"), 1),
    "1/day": (mark("a day"), 1),
    "1/week": (mark("a week"), 1),
    "1/year": (mark("a year"), 1),
    "1/truck": (mark("per truck"), 1),
    "1/100 km": (mark("per 100 km"), 1),
}
"""Unit of a parameter or an output to the one that is read, and how many make one."""
COUNTED: Final = ("trucks", "packages", "attacks", "persons", "convoys", "places")
"""Units of what is few or many, where others are low or high."""


def read_amount(value: float, unit: str, name: str, basis: str) -> Quantity:
    """Give an amount in the unit in which people read it."""
    read, size = _READ.get(unit, (unit, 1))
    if unit == "1" and name.endswith(("_share", "_probability", "_coverage")):
        read = "share"
    if unit.endswith("/l"):
        read = unit.replace("/l", " a litre")
    return Quantity(float(value) * size, read, basis=basis)
