"""Row models of reported facts: sources, claims, events, series and targets."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from supplyline.tables.row import (
    Grade,
    Identifier,
    Latitude,
    Longitude,
    NotNegative,
    Precision,
    Row,
    Text,
)
from supplyline.tables.words import EventKind

Use = Literal["condition", "check", "given"]
"""What a fact is for: to choose members by, to be looked at only, or already put in."""


class Event(Row):
    """A dated, placed occurrence."""

    key: ClassVar = ("event",)
    event: Identifier
    """Identifier."""
    date: date
    """Day, or a day inside the week or month."""
    date_precision: Precision
    """How exact the date is."""
    kind: EventKind
    """What happened; by it an event counts for the effort and hazard of its road."""
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
    """Name of the series, one of those that `supplyline show CASE series` lists."""
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
    """Unit, one of those of the series."""
    claim: Identifier
    """Row of claims.csv it was taken from."""
    use: Use | None
    """Whether members are chosen by it, it only checks, or the case has it as given."""
    same_as: Identifier | None
    """Target or claim that it repeats, so that it only checks."""
    is_reading: bool | None
    """Whether words were told and no figure, so that the ends are our reading."""
    note: Text | None
    """Remark; why it only checks."""
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
    use: Use | None
    """Whether members are chosen by it, it only checks, or the case has it as given."""
    same_as: Identifier | None
    """Target or claim that it repeats, so that it only checks."""
    is_reading: bool | None
    """Whether words were told and no figure, so that the ends are our reading."""
    note: Text | None
    """How the window was set; why it only checks."""
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
