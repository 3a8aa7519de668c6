"""What is told of an outcome: its chance, how much is so already, and what moves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.analysis.screening import QUARTERS
from supplyline.analysis.wording import Wording, listed
from supplyline.language import _, mark
from supplyline.notebook import as_html
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALIKE_TOLD: Final = 3
"""Most of what goes with a driver that is told."""
_SPLIT: Final = mark(
    "On {day}, the last day of the data, it is so already in {already} of the courses; "
    "in {new} it is not yet, and comes."
)
_NOW: Final = mark("On {day}, the last day of the data, it is {now}.")
_NONE: Final = mark(
    "Of {count} parameters and states known by then none moves it so much that it can "
    "be told from luck."
)
_ENTERS: Final = mark("Reports of it go into observed.csv as {series}.")
_ALIKE: Final = mark("Goes with it, and cannot be told from it: {titles}")


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the courses by one input, and what comes of them.

    Attributes
    ----------
    low : Quantity or Wording
        Least value of the input in it, or the word for it.
    high : Quantity or Wording
        Greatest value of the input in it, or the word for it.
    outcome : Quantity
        Chance in it, or median of the amount.
    members : Quantity
        Courses in it.
    """

    low: Quantity | Wording
    high: Quantity | Wording
    outcome: Quantity
    members: Quantity


@dataclass(frozen=True, slots=True)
class OutcomeDriver:
    """A parameter, or a state on the last day of the data, that moves an outcome.

    Attributes
    ----------
    name : str
        Parameter, or output of the run.
    title : Wording
        Name as printed.
    kind : str
        ``parameter`` or ``state``.
    share : Quantity
        Share of the variance over courses that it tells alone; of an amount, of the
        variance of its rank [share].
    quarters : tuple of Quarter
        From low to high; fewer than four where many courses have the same value.
    words : Wording
        The lowest and the highest quarter in words.
    alike : tuple of Wording
        Titles of what goes with it and cannot be told from it, the likest first.
    to_know : Wording
        What to know to be surer, and where it would come from.
    series : str
        Series of observed.csv that takes reports of it; empty where none does.
    """

    name: str
    title: Wording
    kind: str
    share: Quantity
    quarters: tuple[Quarter, ...]
    words: Wording
    alike: tuple[Wording, ...]
    to_know: Wording
    series: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a chance or an amount is what it is.

    Attributes
    ----------
    question : str
        What was asked.
    title : Wording
        The outcome, with its place and days.
    definition : Wording or None
        What counts as short, where that is asked.
    outcome : Quantity
        Chance with its 90 % interval, or median with what nine courses in ten have.
    already : Quantity or None
        Share of the courses in which it is so on the last day of the data; of a price
        its median on that day; None where there is no such thing.
    new : Quantity or None
        Share in which it is not so then, and comes; None of an amount.
    drivers : tuple of OutcomeDriver
        What moves it most, the strongest first; empty where nothing can be told from
        luck.
    looked_at : Quantity
        Parameters and states that came into question.
    day : Quantity
        Last day of the data.
    """

    question: str
    title: Wording
    definition: Wording | None
    outcome: Quantity
    already: Quantity | None
    new: Quantity | None
    drivers: tuple[OutcomeDriver, ...]
    looked_at: Quantity
    day: Quantity

    def __str__(self) -> str:
        """Write the explanation as lines."""
        about = [*self.split(), *([self.definition] if self.definition else [])]
        lines = [f"{self.title}: {self.outcome}", *map(str, about)]
        for driver in self.drivers:
            lines.append(f"{driver.share.short:>6}  {driver.words}")
            if driver.alike:
                lines.append(f"        {told_alike(driver)}")
        return "\n".join([*lines, str(self.to_know()), *map(str, self.enters_as())])

    def _repr_html_(self) -> str:
        """Show the drivers with the outcome by quarter."""
        columns = ("", _("share of variance"), _("low"), "", "", _("high"))
        rows = [
            (
                str(driver.title),
                driver.share.short,
                *_spaced([quarter.outcome.short for quarter in driver.quarters]),
            )
            for driver in self.drivers
        ]
        return as_html(f"{self.title}: {self.outcome}", columns, rows)

    def split(self) -> tuple[Wording, ...]:
        """Tell how much is so on the last day of the data.

        Returns
        -------
        wordings : tuple of Wording
            One sentence; none where there is no such thing.
        """
        if self.already is None:
            return ()
        if self.new is None:
            return (Wording(_NOW, {"day": self.day, "now": self.already}),)
        parts = {"day": self.day, "already": self.already, "new": self.new}
        return (Wording(_SPLIT, parts),)

    def to_know(self) -> Wording:
        """Tell what one would have to know to be surer.

        Returns
        -------
        wording : Wording
            The driver that tells most, and where a fact about it would come from; or
            that nothing can be told from luck.
        """
        if not self.drivers:
            return Wording(_NONE, {"count": self.looked_at})
        return self.drivers[0].to_know

    def enters_as(self) -> tuple[Wording, ...]:
        """Tell in which series reports of the strongest driver enter the case.

        Returns
        -------
        wordings : tuple of Wording
            One sentence; none where no series takes them.
        """
        if not self.drivers or not self.drivers[0].series:
            return ()
        return (Wording(_ENTERS, {"series": self.drivers[0].series}),)

    def table(self) -> pd.DataFrame:
        """Write the drivers as a table.

        Returns
        -------
        pandas.DataFrame
            One row for each quarter of each driver, the strongest first: ``driver``,
            ``title``, ``kind``, ``share`` [share], ``quarter``, ``low`` and ``high``
            (values of the driver) with their ``unit``, ``outcome``, ``outcome_unit``
            and ``members``.
        """
        rows = [
            {
                "driver": driver.name,
                "title": str(driver.title),
                "kind": driver.kind,
                "share": driver.share.value,
                "quarter": number,
                "low": _plain(quarter.low),
                "high": _plain(quarter.high),
                "unit": getattr(quarter.low, "unit", "words"),
                "outcome": quarter.outcome.value,
                "outcome_unit": quarter.outcome.unit,
                "members": int(quarter.members.value),  # type: ignore[arg-type]
            }
            for driver in self.drivers
            for number, quarter in enumerate(driver.quarters, 1)
        ]
        columns = ("driver", "title", "kind", "share", "quarter", "low", "high", "unit",
                   "outcome", "outcome_unit", "members")  # fmt: skip
        return pd.DataFrame(rows, columns=list(columns))


def told_alike(driver: OutcomeDriver) -> Wording:
    """Tell what goes with a driver."""
    return Wording(_ALIKE, {"titles": listed(driver.alike[:_ALIKE_TOLD])})


def _plain(end: Quantity | Wording) -> object:
    """Give the end of a quarter to a program."""
    return end.value if isinstance(end, Quantity) else str(end)


def _spaced(texts: Sequence[str]) -> tuple[str, ...]:
    """Set fewer than four quarters apart, low on the left and high on the right."""
    return (*texts[:-1], *[""] * (QUARTERS - len(texts)), *texts[-1:])
