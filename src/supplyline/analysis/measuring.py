"""Measuring: how a measure is asked of a run, and entered under its name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from supplyline.analysis.chunks import rows_of
from supplyline.analysis.reports import Told, as_reported
from supplyline.analysis.windows import Window, inside_of
from supplyline.errors import unknown_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.runs import Run

    Floats = NDArray[np.float64]

Axis = Literal["", "place", "place and product", "zone", "group", "stream"]
STREAMS: Final = ("gold", "zakat", "livestock", "protection", "toll", "loot", "ransom")
"""Incomes of an armed group."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A function of a window, and how its value is asked for and told."""

    function: Callable[[Window], Floats]
    title: str
    """What it counts, as printed."""
    axis: Axis
    """What a label behind its name is one of; empty where it takes none."""
    needs_label: bool
    is_sum: bool
    """Whether it grows with the length of the window, or is a share of what does."""
    is_chance: bool
    """Whether it is told as its mean over members, the same in all."""
    needs_groups: bool
    """Whether the run has to follow armed groups."""
    least_days: int
    """Fewest days that it can be told of, where no label stands behind it [days]."""

    def too_short(self, days: int, label: str = "") -> str | None:
        """Say what length is expected of a window that has too few days."""
        if label or days >= self.least_days:
            return None
        name = self.function.__name__
        return f"{self.least_days} days or more, as the measure is '{name}'"

    def over(
        self, run: Run, start: pd.Timestamp, end: pd.Timestamp, label: str = ""
    ) -> Floats:
        """Give one value per member, or refuse a label or run that cannot be."""
        return measured(run, [Asked("", self, start, end, label)], told=False)[""]

    def refuse(self, window: Window) -> None:
        """Refuse a window, label or run that cannot be."""
        name, label, case = self.function.__name__, window.label, window.run.case
        if self.needs_groups and not window.run.has_country:
            message = f"{name} needs a run that follows armed groups"
            raise ValueError(message)
        known = labels_of(case, self.axis)
        if self.needs_label and not label:
            message = f"{name} needs a {self.axis}, one of {', '.join(known)}"
            raise ValueError(message)
        if label and label not in known:
            raise ValueError(unknown_text(self.axis or "argument", label, known))
        if expected := self.too_short(window.days, label):
            message = f"the window has {max(window.days, 0)} days; expected {expected}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure that is asked of a run, for the report that a row stands for."""

    row: str
    measure: Measure
    start: pd.Timestamp
    end: pd.Timestamp
    label: str = ""
    grade: str | None = None
    """Grade of the source, A to F."""
    range_sd: float = 0.0
    """Spread that the report's own range leaves; `reports.range_sd`."""

    @property
    def days(self) -> int:
        """Count the days."""
        return (self.end - self.start).days + 1

    def window(self, run: Run) -> Window:
        """Open the window on a run."""
        return Window(run, self.start, self.end, self.label)

    def reported(self, run: Run, values: Floats) -> Floats:
        """Give what the report would say in each member."""
        days = self.days if self.measure.is_sum else None
        name = self.measure.function.__name__
        told = Told(self.row, self.end, days, self.grade, self.range_sd)
        return as_reported(run, name, told, values)


def measured(run: Run, asked: Iterable[Asked], *, told: bool) -> dict[str, Floats]:
    """Give each measure in every member, by row: the truth, or what would be told."""
    every = tuple(asked)
    values = of_members(run, every, told=told)
    for one in every:
        if one.measure.is_chance:
            values[one.row][:] = values[one.row].mean()
    return values


def of_members(run: Run, asked: Iterable[Asked], *, told: bool) -> dict[str, Floats]:
    """Give each measure as `measured` does, each member without regard to the rest."""
    every = tuple(asked)
    for one in every:
        one.measure.refuse(one.window(run))

    def rows(part: Run) -> dict[str, Floats]:
        part = replace(part, params=part.params)  # read once, not for each report
        values = {one.row: one.measure.function(one.window(part)) for one in every}
        if told:
            return {one.row: one.reported(part, values[one.row]) for one in every}
        return values

    [values] = rows_of(run, rows)
    return values


ENTERED: Final[dict[str, Measure]] = {}
"""Measures by name, as far as their module was read."""


def measure(
    title: str,
    axis: Axis = "",
    *,
    needs_label: bool = False,
    is_sum: bool = False,
    is_chance: bool = False,
    needs_groups: bool = False,
    least_days: int = 1,
) -> Callable[[Callable[[Window], Floats]], Callable[[Window], Floats]]:
    """Enter a function in `ENTERED` under its own name."""

    def enter(function: Callable[[Window], Floats]) -> Callable[[Window], Floats]:
        ENTERED[function.__name__] = Measure(
            function,
            title,
            axis,
            needs_label,
            is_sum,
            is_chance,
            needs_groups,
            least_days,
        )
        return function

    return enter


def labels_of(case: Case, axis: Axis) -> list[str]:
    """Name what may stand behind a measure of an axis."""
    match axis:
        case "place":
            stored = set(case.depots["place"])
            return [str(place) for place in case.places["place"] if place in stored]
        case "place and product":
            pairs = places_and_products(case)
            return list(pairs)
        case "zone":
            return sorted(set(inside_of(case)["zone"].dropna()))
        case "group":
            return list(case.groups["group"])
        case "stream":
            return list(STREAMS)
    return []


def places_and_products(case: Case) -> dict[str, tuple[str, int]]:
    """Name each product in each place, as place and position of the product."""
    return {
        f"{place}_{product}": (place, position)
        for place in labels_of(case, "place")
        for position, product in enumerate(case.config.products)
    }
