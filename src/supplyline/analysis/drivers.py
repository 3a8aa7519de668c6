"""Drivers: named causes with their signed parts in a hazard or in its change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.analysis.members import number_of, spread
from supplyline.case.regime import BASE_DRIVER, COVARIATES, DRIVERS, MEANINGS
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from supplyline.analysis.hazards import Split

SURVIVORS: Final = "survivors"
CALM: Final = "calm"
TITLES: Final = {
    "supply": "Fuel supply",
    "security": "Security",
    "elites": "Officers and elites",
    "street": "The street",
    "money": "Money and prices",
    "partners": "Foreign partners",
    SURVIVORS: "Members in which the leader fell no longer count",
}
"""Driver to its name as printed."""
_CALM_TITLE: Final = "time since the last coup attempt, and in office"


@dataclass(frozen=True, slots=True)
class Part:
    """One covariate's part in the hazard or in its change.

    Attributes
    ----------
    name : str
        Covariate, or ``calm`` for the base rates.
    title : str
        What it measures.
    contribution : Quantity
        Added to the log of the hazard; more than 0 is more danger [1].
    """

    name: str
    title: str
    contribution: Quantity


@dataclass(frozen=True, slots=True)
class Driver:
    """A named cause with its signed part in the hazard or in its change.

    Attributes
    ----------
    name : str
        ``supply``, ``security``, ``elites``, ``street``, ``money`` or ``partners``; and
        ``survivors`` where the leader fell in some members between two days.
    title : str
        Name as printed.
    contribution : Quantity
        Added to the log of the hazard; more than 0 is more danger [1].
    parts : tuple of Part
        The same by covariate.
    """

    name: str
    title: str
    contribution: Quantity
    parts: tuple[Part, ...]

    @property
    def factor(self) -> Quantity:
        """What the driver multiplies the hazard by [1]."""
        said = self.contribution
        low, high = (None if v is None else _exp(v) for v in (said.low, said.high))
        return Quantity(_exp(said.value), "1", low=low, high=high, basis=said.basis)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What a covariate would do to the hazard and the heat.

    Attributes
    ----------
    name : str
        Covariate.
    title : str
        What it measures.
    driver : str
        Driver that it counts with.
    elasticity : Quantity
        Derivative of the log of the hazard by the covariate [1].
    points : Quantity
        Change of heat if the covariate rises by 0.1 in every member [points].
    """

    name: str
    title: str
    driver: str
    elasticity: Quantity
    points: Quantity


def drivers_of(split: Split, selection: float | None, basis: str) -> tuple[Driver, ...]:
    """Put the parts of covariates together to drivers."""
    titles = [*((name, MEANINGS[name]) for name in COVARIATES), (CALM, _CALM_TITLE)]
    entries = []
    for driver, names in DRIVERS.items():
        wanted = (*names, CALM) if driver == BASE_DRIVER else names
        spots = [i for i, (name, _) in enumerate(titles) if name in wanted]
        parts = tuple(
            Part(
                *titles[spot],
                spread(split.parts[spot], split.by_member[:, spot], "1", basis),
            )
            for spot in spots
        )
        own = split.by_member[:, spots].sum(axis=1)
        said = spread(float(split.parts[spots].sum()), own, "1", basis)
        entries.append(Driver(driver, TITLES[driver], said, parts))
    if selection is not None:
        said = Quantity(selection, "1", basis=basis)
        entries.append(Driver(SURVIVORS, TITLES[SURVIVORS], said, ()))
    return tuple(sorted(entries, key=lambda d: -abs(number_of(d.contribution))))


def _exp(value: Any) -> float:  # noqa: ANN401 - never a date here
    return float(np.exp(value))
