"""Row models of evidence: sources, claims, events, and who is spoken of.

A docstring under a field is its meaning; its unit stands in brackets at the end.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Identifier = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Grade = Literal["A", "B", "C", "D", "E", "F"]
Precision = Literal["day", "week", "month"]


class Row(BaseModel):
    """One row of a table."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )
    key: ClassVar[tuple[str, ...]]
    optional: ClassVar[bool] = False


class Actor(Row):
    """An organised party."""

    key: ClassVar = ("actor",)
    actor: Identifier
    """Identifier."""
    title: Text
    """Name as printed."""
    kind: Identifier
    """What it is."""
    allegiance: Text | None
    """Whom it follows."""
    strength_low: NotNegative | None
    """Least strength reported [persons]."""
    strength_high: NotNegative | None
    """Most strength reported [persons]."""
    active_from: Text | None
    """Year or month in which it began."""
    active_to: Text | None
    """Year, month or day in which it ended."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Control(Row):
    """Who holds, claims, blockades or attacks what, by date."""

    key: ClassVar = ("control",)
    control: Identifier
    """Identifier."""
    area: Text
    """Place, or a word such as area:north."""
    actor: Identifier
    """Row of actors.csv."""
    status: Identifier
    """Kind of hold."""
    share: Share | None
    """Share held; its base is in the note [1]."""
    date: date
    """Day of the statement."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Revenue(Row):
    """What an actor earns, by stream."""

    key: ClassVar = ("revenue",)
    revenue: Identifier
    """Identifier."""
    actor: Identifier
    """Row of actors.csv."""
    stream: Identifier
    """Where the money comes from."""
    amount_low: NotNegative | None
    """Least amount reported [currency or unit of the row]."""
    amount_high: NotNegative | None
    """Most amount reported [currency or unit of the row]."""
    currency: Text
    """Currency, or unit of goods."""
    period: Text
    """Year, month or day meant."""
    basis: Identifier
    """What the amount is counted on."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Event(Row):
    """A dated, placed occurrence."""

    key: ClassVar = ("event",)
    event: Identifier
    """Identifier."""
    date: date
    """Day, or a day inside the week or month."""
    date_precision: Precision
    """How exact the date is."""
    kind: Identifier
    """What happened."""
    actor: Identifier
    """Row of actors.csv."""
    target: Text
    """What it was done to."""
    place: Identifier
    """Nearest row of places.csv."""
    lat: Latitude
    """Latitude of the event [degrees north]."""
    lon: Longitude
    """Longitude of the event [degrees east]."""
    corridor: Identifier | None
    """Row of corridors.csv."""
    trucks_lost_low: NotNegative | None
    """Least number of trucks lost [trucks]."""
    trucks_lost_high: NotNegative | None
    """Most trucks lost [trucks]."""
    deaths_low: NotNegative | None
    """Least number of deaths, all sides [persons]."""
    deaths_high: NotNegative | None
    """Most deaths, all sides [persons]."""
    summary: Text
    """What is reported."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Observed(Row):
    """One value of a measured series."""

    key: ClassVar = ("series", "start", "claim")
    series: Identifier
    """Name of the series."""
    start: date
    """First day counted."""
    end: date
    """Last day counted."""
    value: float
    """Value."""
    low: float | None
    """Low end."""
    high: float | None
    """High end."""
    unit: Text
    """Unit."""
    claim: Identifier
    """Row of claims.csv it was taken from."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Target(Row):
    """A fact of the past that the model is checked against."""

    key: ClassVar = ("target",)
    target: Identifier
    """Identifier."""
    title: Text
    """Name as printed."""
    measure: Identifier
    """Function of a run that gives the modelled value."""
    value: float | None
    """Value reported."""
    low: float
    """Low end of the window."""
    high: float
    """High end of the window."""
    unit: Text
    """Unit."""
    start: date
    """First day looked at."""
    end: date
    """Last day looked at."""
    is_main: bool
    """Whether it is one of the main facts that are counted jointly."""
    note: Text | None
    """How the window was set."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Claim(Row):
    """One statement of one number by one source."""

    key: ClassVar = ("claim",)
    claim: Identifier
    """Identifier."""
    subject: Identifier
    """What it is about."""
    quantity: Identifier
    """What is counted."""
    area: Text
    """Place, or a word such as country:XX, region:name or area:name."""
    value: float | None
    """Value as reported."""
    low: float | None
    """Low end."""
    high: float | None
    """High end."""
    unit: Text
    """Unit as reported."""
    start: date
    """First day it speaks of."""
    end: date
    """Last day it speaks of."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv."""


class Source(Row):
    """A publication or data set."""

    key: ClassVar = ("source",)
    source: Identifier
    """Identifier."""
    title: Text
    """Title."""
    publisher: Text
    """Who published it."""
    date: Text
    """Year, month or day of publication."""
    address: Text | None
    """Address of the page."""
    reliability: Grade
    """Admiralty grade, A (reliable) to F (cannot be judged)."""
    note: Text | None
    """Reason of the grade."""
