"""Every table of a case: field, type, unit, range and meaning, declared once.

The checks of `load_case`, the templates of ``supplyline new`` and the reference pages
are generated from these classes. A docstring under a field is its meaning; its unit
stands in brackets at the end.
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
Mode = Literal["road", "river", "rail", "pipeline"]
DemandClass = Literal["essential", "power", "industry", "public"]
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


class Place(Row):
    """A town, border post, port, depot, base or mine."""

    key: ClassVar = ("place",)
    place: Identifier
    """Identifier."""
    title: Text
    """Name as printed."""
    kind: Literal["port", "depot", "border", "city", "town", "mine", "factory", "base"]
    """What it is."""
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    """ISO 3166 code of its country."""
    region: Identifier
    """Row of regions.csv."""
    lat: Latitude
    """Latitude [degrees north]."""
    lon: Longitude
    """Longitude [degrees east]."""
    population: Positive | None
    """People living there [persons]."""
    tier: Annotated[int, Field(ge=1, le=2)]
    """1 where a corridor passes, 2 for detail [1]."""
    coordinate_error_km: NotNegative
    """Likely error of the coordinates [km]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Region(Row):
    """An admin-1 area, or a neighbouring country: the unit of violence and control."""

    key: ClassVar = ("region",)
    region: Identifier
    """Identifier."""
    title: Text
    """Name as printed."""
    population: Positive | None
    """People living there [persons]."""
    is_boundary: bool
    """Whether it lies outside the country of the case."""
    effort: NotNegative
    """Effort of the armed group against roads, 1 on average where fuel travels [1]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Segment(Row):
    """A stretch of one mode between two places: the unit of hazard."""

    key: ClassVar = ("segment",)
    segment: Identifier
    """Identifier."""
    from_place: Identifier
    """Row of places.csv where it begins."""
    to_place: Identifier
    """Row of places.csv where it ends."""
    mode: Mode
    """How it is travelled."""
    length_km: Positive
    """Length along the way [km]."""
    travel_h: Positive | None
    """Time of a loaded truck that moves, without queues, halts or checks [h]."""
    surface: Text
    """State of the way."""
    region: Identifier
    """Row of regions.csv in which it counts."""
    exposure: NotNegative
    """Exposure to encounters against the mean of its region [1]."""
    tier: Annotated[int, Field(ge=1, le=2)]
    """1 where a corridor passes, 2 for detail [1]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Fleet(Row):
    """Trucks, wagons or boats that work from one origin."""

    key: ClassVar = ("fleet",)
    fleet: Identifier
    """Identifier."""
    title: Text
    """Name as printed."""
    mode: Mode
    """How it travels."""
    load_kl: Positive | None
    """Load of one unit; empty means the parameter truck_kl [kl]."""
    trucks: Positive | None
    """Units of the fleet; empty means the parameter fleet_margin times its need."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Corridor(Row):
    """An ordered list of segments from an origin to a destination."""

    key: ClassVar = ("corridor",)
    corridor: Identifier
    """Identifier."""
    title: Text
    """Name as printed."""
    kind: Literal["import", "internal"]
    """Import from abroad, or distribution from a depot of the country."""
    fleet: Identifier
    """Row of fleets.csv that works on it."""
    origin: Identifier
    """Row of places.csv where loading takes place."""
    gateway: Identifier
    """Place on the corridor where loaded trucks wait for passage."""
    destination: Identifier
    """Row of places.csv where it ends."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class CorridorSegment(Row):
    """One segment of a corridor, in its order."""

    key: ClassVar = ("corridor", "position")
    corridor: Identifier
    """Row of corridors.csv."""
    position: Annotated[int, Field(ge=1)]
    """Order along the corridor, from 1 [1]."""
    segment: Identifier
    """Row of segments.csv."""


class Feed(Row):
    """How much of a place's need comes by a corridor."""

    key: ClassVar = ("place", "corridor")
    place: Identifier
    """Row of places.csv with a depot, on the corridor."""
    corridor: Identifier
    """Row of corridors.csv."""
    share: Share
    """Share of the place's need asked of this corridor [1]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Depot(Row):
    """Storage of one product at one place."""

    key: ClassVar = ("depot",)
    depot: Identifier
    """Identifier."""
    place: Identifier
    """Row of places.csv."""
    product: Identifier
    """Product of case.toml."""
    capacity_kl: Positive | None
    """Most that is held; empty means no limit known [kl]."""
    initial_kl: NotNegative | None
    """Stock at the start; empty means days of supply from the parameters [kl]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Demand(Row):
    """What one class of users wants of one product at one place."""

    key: ClassVar = ("place", "product", "demand_class")
    place: Identifier
    """Row of places.csv with a depot of the product."""
    product: Identifier
    """Product of case.toml."""
    demand_class: DemandClass
    """Users, in order of priority."""
    demand_kl_per_day: NotNegative
    """Amount wanted at the reference price [kl/day]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Season(Row):
    """What a month of the year does to travel and demand."""

    key: ClassVar = ("month",)
    month: Annotated[int, Field(ge=1, le=12)]
    """Month of the year."""
    rainy_share: Share
    """Share of the month with the demand of the rains [1]."""
    river_open_share: Share
    """Share of the month in which the river carries loads [1]."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Measure(Row):
    """A dated act: a ban, truce, escort step, closure, price or toll."""

    key: ClassVar = ("measure",)
    measure: Identifier
    """Identifier."""
    kind: Literal[
        "ban",
        "truce",
        "escort_step",
        "escort_suspension",
        "escort_factor",
        "clearance",
        "official_price",
        "toll",
        "free_passage",
        "closure",
    ]
    """What is done."""
    target: Identifier | None
    """Corridor (ban, escort_suspension, toll, free_passage, closure) or product
    (official_price); empty means all, for a ban all import corridors."""
    start: date
    """First day."""
    start_latest: date | None
    """Latest first day, where it is uncertain: drawn uniformly by member."""
    end: date | None
    """Last day; empty means it stays."""
    value: NotNegative | None
    """Hours (clearance), price per litre (official_price), USD per truck (toll),
    factor on escort packages (escort_factor)."""
    unit: Text | None
    """Unit of the value."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Parameter(Row):
    """An uncertain number with its prior."""

    key: ClassVar = ("param",)
    param: Identifier
    """Name, as the engine knows it."""
    submodel: Identifier
    """Submodel that uses it."""
    distribution: Literal[
        "fixed", "uniform", "log_uniform", "lognormal", "one_plus_lognormal"
    ]
    """Family of the prior."""
    a: float
    """Value (fixed), low end (uniform, log_uniform) or median (lognormal)."""
    b: float | None
    """High end (uniform, log_uniform) or standard deviation of the log (lognormal)."""
    unit: Text
    """Unit; 1 for a pure number."""
    meaning: Text
    """What it is."""
    note: Text | None
    """How the source leads to the prior."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


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


TABLES: dict[str, type[Row]] = {
    "places": Place,
    "regions": Region,
    "segments": Segment,
    "fleets": Fleet,
    "corridors": Corridor,
    "corridor_segments": CorridorSegment,
    "feeds": Feed,
    "depots": Depot,
    "demand": Demand,
    "seasons": Season,
    "measures": Measure,
    "params": Parameter,
    "actors": Actor,
    "control": Control,
    "revenue": Revenue,
    "events": Event,
    "observed": Observed,
    "targets": Target,
    "claims": Claim,
    "sources": Source,
}
"""Table name (the file without its ending) to row model, in the order of reading."""
