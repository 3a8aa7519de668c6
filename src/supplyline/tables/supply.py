"""Row models of places, routes, fleets, depots, demand, measures and parameters."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from supplyline.tables.row import (
    Identifier,
    Latitude,
    Longitude,
    NotNegative,
    Positive,
    Row,
    Share,
    Text,
)

Mode = Literal["road", "river", "rail", "sea", "pipeline"]
"""How a stretch of way is travelled."""
DemandClass = Literal["essential", "power", "industry", "public"]
"""Users, in order of priority."""
SupplyMeasure = Literal[
    "ban",
    "truce",
    "escort",
    "escort_step",
    "escort_suspension",
    "escort_factor",
    "clearance",
    "official_price",
    "toll",
    "free_passage",
    "closure",
    "ration",
    "power_priority",
    "grid_h",
    "supply_limit",
    "humanitarian_pass",
]
"""What may be done in any case."""
ConflictMeasure = Literal[
    "offensive_factor",
    "harm_factor",
    "gold_price",
    "group_factor",
    "clash_factor",
    "alliance",
    "ransom",
    "deal",
    "coup_attempt",
    "purge",
    "party_ban",
    "election_postponed",
    "siege",
]
"""What meets armed groups, the army or the leader."""


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
    capacity_kl_per_day: Positive | None
    """Most that leaves it by the corridors that begin there, as through a terminal;
    empty means no limit known [kl/day]."""
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
    """People living there. Needed inside the country where groups.csv has rows
    [persons]."""
    is_boundary: bool
    """Whether it lies outside the country of the case."""
    effort: NotNegative
    """Effort of the armed group against roads, 1 on average where fuel travels [1]."""
    zone: Identifier | None
    """Part of the country it belongs to, such as north, centre or capital. Needed
    inside the country where groups.csv has rows."""
    state_control_share: Share | None
    """Share of the region that the state holds at the start. Needed inside the country
    where groups.csv has rows [1]."""
    soldiers_share: Share | None
    """Share of the army stationed there; the regions sum to 1. Needed inside the
    country where groups.csv has rows [1]."""
    gold_share: Share | None
    """Share of the country's artisanal gold dug there; the regions sum to 1. Needed
    inside the country where another region has one [1]."""
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
    """Time of a loaded truck that moves, without queues, halts or checks. Needed where
    a corridor uses the segment [h]."""
    surface: Text
    """State of the way; a remark."""
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
    """Trucks, wagons, boats or batches of a pipeline that work from one origin."""

    key: ClassVar = ("fleet",)
    fleet: Identifier
    """Identifier."""
    title: Text
    """Name as printed."""
    mode: Mode
    """How it travels; each of its corridors has a segment of this mode."""
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
    capacity_kl_per_day: Positive | None
    """Most that it carries. Where it is more than what is usual, the rest is room for
    what other corridors do not let through; empty means no limit known, and room by
    spare_way_share [kl/day]."""
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
    """Share of the place's need asked of this corridor in normal times; 0 for a spare
    way [1]."""
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
    target_kl: NotNegative | None
    """Stock aimed at; empty means days of supply from the parameters [kl]."""
    initial_kl: NotNegative | None
    """Stock on the first day; empty means the stock aimed at [kl]."""
    initial_high_kl: NotNegative | None
    """High end of the stock on the first day, where it is uncertain: drawn uniformly by
    member [kl]."""
    production_kl_per_day: NotNegative | None
    """Amount made there in a day, by a refinery or a plant; empty means none
    [kl/day]."""
    street_price: Positive | None
    """Usual price on the street where it lies above the official one; empty means the
    official one [currency/l]."""
    street_price_high: Positive | None
    """High end of that price, where it is uncertain: drawn uniformly by member, from
    street_price on [currency/l]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class SmallFlow(Row):
    """What motorbikes, boats and kin bring, whatever the roads let through."""

    key: ClassVar = ("place", "product")
    optional: ClassVar = True
    place: Identifier
    """Row of places.csv with a depot of the product."""
    product: Identifier | None
    """Product of case.toml; empty for all together, shared by what the public uses."""
    most_kl_per_day: NotNegative
    """Most that comes in a day [kl/day]."""
    price_multiple: Annotated[float, Field(gt=1)]
    """Price over the usual one at which the most comes [1]."""
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
    demand_high_kl_per_day: NotNegative | None
    """High end of the amount, where it is uncertain: drawn uniformly by member
    [kl/day]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Season(Row):
    """What a month of the year does to travel and demand; each month has a row."""

    key: ClassVar = ("month",)
    month: Annotated[int, Field(ge=1, le=12)]
    """Month of the year."""
    rainy_share: Share
    """Share of the month with the demand of the rains [1]."""
    river_open_share: Share
    """Share of the month in which the river carries loads [1]."""
    power_factor: NotNegative | None
    """Factor of the month on what power plants need, more than 1 where it is hot and
    dams are low; empty means 1 [1]."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Measure(Row):
    """A dated act: a ban, truce, escort step, closure, price or toll."""

    key: ClassVar = ("measure",)
    measure: Identifier
    """Identifier."""
    kind: Literal[SupplyMeasure, ConflictMeasure]
    """What is done; what meets armed groups, the army or the leader only where
    groups.csv has rows."""
    target: Identifier | None
    """Corridor (ban, escort, escort_suspension, toll, free_passage), corridor, segment
    or place (closure), product (official_price, supply_limit, ration) or place with a
    depot (power_priority, grid_h), empty for all, for a ban or closure all import
    corridors. Needed where it is a corridor (humanitarian_pass), group (group_factor,
    alliance, ransom) or region (siege); empty for other kinds."""
    start: date
    """First day."""
    start_latest: date | None
    """Latest first day, where it is uncertain: drawn uniformly by member for a truce or
    escort_step, the middle of the range for the others."""
    end: date | None
    """Last day; empty means it stays, for a siege until an accord ends it. What is done
    on one day (ransom, deal, coup_attempt, purge) has none."""
    value: NotNegative | None
    """Needed where the kind has one: hours (clearance), price per litre
    (official_price), USD per truck (toll), USD (ransom); hours of electricity without
    diesel (grid_h); most that is released of public demand (ration); share of demand
    that importers can pay for (supply_limit); kl a day (humanitarian_pass); factor on
    escort packages (escort_factor), what power plants may buy (power_priority), the
    offensive share of the army (offensive_factor), harm by its operations
    (harm_factor), the price of gold (gold_price), attacks of the group (group_factor)
    or clashes of groups (clash_factor); alliance of the group with the one that
    enforces the bans, from 0 to 1 (alliance). May be given: share of traffic left open,
    from 0 to 1, 0 where empty (closure)."""
    value_high: NotNegative | None
    """High end of the value, where it is uncertain: drawn uniformly by member (closure,
    supply_limit)."""
    unit: Text | None
    """Unit of the value. Needed where there is a value: h (clearance, grid_h), kl/day
    (humanitarian_pass), currency of the case per litre (official_price), USD (toll,
    ransom), 1 (the others)."""
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
    """Submodel that uses it; a remark."""
    distribution: Literal[
        "fixed",
        "uniform",
        "log_uniform",
        "lognormal",
        "one_plus_lognormal",
        "beta",
        "exp_half_normal",
    ]
    """Family of the prior."""
    a: float
    """Value (fixed), low end (uniform, log_uniform), median (lognormal), median of what
    is added to 1 (one_plus_lognormal), first shape (beta) or standard deviation of the
    normal whose size is the log (exp_half_normal)."""
    b: float | None
    """Needed where the family has a second number: high end (uniform, log_uniform),
    standard deviation of the log (lognormal, one_plus_lognormal) or second shape
    (beta); empty for the others."""
    unit: Text
    """Unit; 1 for a pure number."""
    meaning: Text
    """What it is; a remark."""
    note: Text | None
    """How the source leads to the prior."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""
