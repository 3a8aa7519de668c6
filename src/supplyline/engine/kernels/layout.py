"""What crosses into the kernels: records with named fields, in arrays.

A record is one thing (a corridor, a depot, a day) and reaches a kernel as one pointer.
Arrays of records carry their axes in the order written beside them. Inputs do not
change within a span of days; states do; outputs are kept.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Chances = Floats
    Word = np.uint64
    Records = np.recarray[Any, np.dtype[np.void]]

RING_DAYS = 64
"""Length of the rings that hold what is under way [days]."""
LONGEST_LEAD_DAYS = 60
"""Longest lead the rings can hold; longer ones are cut and counted [days]."""
MOST_CHANCES = 32
"""Most losses of a full group whose chances are worked out beforehand."""
LOG_ROWS = 400
"""Most encounters kept in the log of one member; later ones are counted only."""
UNDECIDED = 1e9
"""Day of an escort step that nobody has decided [day]."""


class Posture(IntEnum):
    """What the armed group is doing."""

    BUILD_UP = 0
    PRESSURE = 1
    PULSE = 2
    PAUSE = 3


class Key:
    """Key of the luck of one (seed, stream, entity)."""

    low: Word
    high: Word


class Country:
    """What holds for the whole case."""

    capital: int
    """Row of the capital among the places."""
    first_forecast_day: int
    """First day after the cut-off [day]."""
    is_truce_dated: int
    """1 where truces of the past are data, so that none is drawn there."""
    posture: Key
    """Luck of the interdictor's posture."""


class Corridor:
    """A corridor, from its gateway on."""

    is_import: int
    """1 for an import corridor, 0 for an internal one."""
    fleet: int
    """Fleet that works on it."""
    source: int
    """Place whose depots it draws on; -1 for imports."""
    abroad_h: float
    """Driving time from the origin to the gateway [h]."""
    queue_share: float
    """Share of the trucks that may wait at all gateways [1]."""
    first_entry: int
    """First of its path entries."""
    first_feed: int
    """First of its feeds."""
    end_feed: int
    """Behind the last of its feeds."""
    loading: Key
    """Luck of loading."""
    encounter: Key
    """Luck of its convoys: whom they meet."""
    outcome: Key
    """Luck of its convoys: what comes of it."""
    loss: Key
    """Luck of its convoys: what is lost."""


class PathEntry:
    """A segment on the way of one corridor."""

    segment: int
    """Segment."""
    exposure: float
    """Effort x exposure x length from the gateway to its end [100 km]."""


class Feed:
    """A corridor's service to one place on it."""

    corridor: int
    """Corridor."""
    is_import: int
    """1 on an import corridor, 0 on an internal one."""
    place: int
    """Place fed."""
    share: float
    """Share of the place's need asked of the corridor [1]."""
    entries: int
    """Path entries from the gateway to the place."""
    travel_h: float
    """Driving time from the gateway to the place [h]."""
    exposure: float
    """Effort x exposure x length from the gateway to the place [100 km]."""
    flow: Key
    """Luck of how many trucks leave."""
    encounter: Key
    """Luck of its groups: whom they meet."""
    outcome: Key
    """Luck of its groups: what comes of it."""
    loss: Key
    """Luck of its groups: what is lost."""


class Fleet:
    """A fleet."""

    strike: Key
    """Luck of refusals after a large loss."""


class Day:
    """What the calendar says of a day."""

    is_banned: int
    """1 while a ban holds on any corridor."""
    is_announced: int
    """1 on the first day of a ban on any corridor."""
    escort_factor: float
    """Factor on the escort packages [1]."""
    clearance_h: float
    """Time for clearance; negative where the parameter holds [h]."""
    rainy_share: float
    """Share of the day's month with the demand of the rains [1]."""


class CorridorDay:
    """What the calendar says of a corridor on a day."""

    open_share: float
    """Share of traffic let through by closures and rivers [1]."""
    is_banned: int
    """1 while a ban holds."""
    is_free: int
    """1 while passage is free by agreement."""
    is_escorted: int
    """1 where escorts may go."""
    toll_usd: float
    """Price of passage; 0 where none is offered [USD/truck]."""


class Depot:
    """Demand on one product at one place, and what its depot is for."""

    essential: float
    """Demand of army, hospitals and relief [kl/day]."""
    power: float
    """Demand of power plants [kl/day]."""
    industry: float
    """Demand of mines and factories [kl/day]."""
    public: float
    """Demand of the public [kl/day]."""
    demand: float
    """All demand, with that of places fed from here [kl/day]."""
    public_demand: float
    """The public's part of ``demand`` [kl/day]."""
    target: float
    """Stock aimed at [kl]."""
    capacity: float
    """Most the depot holds [kl]."""


class Truce:
    """A truce of the past, as data."""

    start: float
    """First day [day]."""
    end: float
    """Day after the last [day]."""


class FullGroup:
    """What holds for every full group of one member without escort."""

    trucks: float
    """Its trucks; 0 while nothing is worked out [trucks]."""
    size_factor: float
    """Factor of its size on encounters [1]."""
    break_probability: float
    """Chance that an encounter breaks it [1]."""
    most: int
    """Most trucks it can lose, or -1 if more than there is room for."""
    chances: Chances
    """Chance to lose no more than so many trucks [1]."""


class NationState:
    """State of one member's nation."""

    posture: int
    """Posture of the interdictor, a value of `Posture`."""
    posture_end: float
    """Day on which the posture ends [day]."""
    posture_count: int
    """Changes of posture so far, the name of their luck."""
    alarm_count: float
    """Days in a row with the capital's service under the alarm [days]."""
    escort_step_day: float
    """Day from which escorts grow; huge while not decided [day]."""
    escort_credit: float
    """Escort packages that are free, with parts of those on their way back [1]."""
    suspension_end: float
    """Day until which no convoy leaves [day]."""
    internal_traffic: float
    """Share of internal traffic that runs [1]."""
    lead_cuts: int
    """Leads cut at `LONGEST_LEAD_DAYS`."""
    log_rows: int
    """Encounters written to the log, or more than fit."""
    faulty_day: int
    """First day with a stock that cannot be; -1 while none [day]."""
    faulty_place: int
    """Place of that fault."""
    full_group: FullGroup
    """What is worked out beforehand."""


class CorridorState:
    """State of a corridor."""

    willingness: float
    """Share of operators who go [1]."""
    waiting: float
    """Loaded trucks at the gateway [trucks]."""
    sent_today: float
    """Trucks that left today [trucks]."""
    lost_today: float
    """Trucks lost today [trucks]."""
    harmed_today: float
    """Drivers abducted or killed today [persons]."""


class FleetState:
    """State of a fleet."""

    idle: float
    """Empty trucks at the origin [trucks]."""
    lost: float
    """Trucks lost so far [trucks]."""
    strike_end: float
    """Day until which operators refuse [day]."""
    start: float
    """Trucks of the fleet at the start [trucks]."""


class PlaceState:
    """State of a place."""

    served: float
    """Share of what the public wanted that it got [1]."""
    fear: float
    """Fear of shortage [1]."""
    need: float
    """Deliveries asked for today, all products [kl]."""


class DepotState:
    """State of one product at one place."""

    stock: float
    """Stock at the end of the day [kl]."""
    holdings: float
    """Private tanks and jerrycans [kl]."""
    multiple: float
    """Parallel over official price [1]."""
    need: float
    """Deliveries asked for today [kl]."""
    mix: float
    """Share of the product in loads for the place [1]."""


class Account:
    """Books of one product: what enters and leaves depots and internal roads [kl]."""

    stock_start: float
    internal_start: float
    imported: float
    informal: float
    sold: float
    sold_public: float
    refused: float
    internal_lost: float
    used: float
    holdings_start: float


_KINDS: dict[str, Any] = {
    "float": np.float64,
    "int": np.int64,
    "Word": np.uint64,
    "Kept": np.float32,
    "Chances": (np.float64, (MOST_CHANCES,)),
}
_PARTS = {"Key": Key, "FullGroup": FullGroup}


def record_type(kind: type) -> np.dtype[np.void]:
    """Return the record of a class of this module: its fields in their order.

    Parameters
    ----------
    kind : type
        Class whose annotations name the fields.

    Returns
    -------
    record : dtype
        Aligned as the compiler expects it.
    """
    fields = [(name, _field(str(text))) for name, text in kind.__annotations__.items()]
    return np.dtype((np.record, np.dtype(fields, align=True)))


def _field(text: str) -> Any:  # noqa: ANN401 - whatever numpy takes as a type
    return record_type(_PARTS[text]) if text in _PARTS else _KINDS[text]


def records(kind: type, *shape: int) -> Records:
    """Make an array of records, all zero.

    Parameters
    ----------
    kind : type
        Class of the records.
    *shape : int
        Length of each dimension.

    Returns
    -------
    made : array
        Array of records of the shape.
    """
    return np.zeros(shape, record_type(kind)).view(np.recarray)


class Inputs(NamedTuple):
    """What a span of days is given; shared by all members but for the last four."""

    country: Records
    """`Country`, shape (1,)."""
    corridors: Records
    """`Corridor`, shape (corridor,)."""
    path: Records
    """`PathEntry`, shape (path,): the entries of all corridors in order."""
    feeds: Records
    """`Feed`, shape (feed,), by corridor and along it."""
    fleets: Records
    """`Fleet`, shape (fleet,)."""
    days: Records
    """`Day`, shape (day,)."""
    corridor_days: Records
    """`CorridorDay`, shape (day, corridor)."""
    official_price: Floats
    """Official price [currency/l], shape (day, product)."""
    params: Records
    """`Parameters`, shape (member,)."""
    depots: Records
    """`Depot`, shape (member, place, product)."""
    truces: Records
    """`Truce`, shape (member, truce)."""
    load_kl: Floats
    """Load of one truck [kl], shape (member, fleet)."""


class State(NamedTuple):
    """State of a block of members."""

    nation: Records
    """`NationState`, shape (member,)."""
    corridors: Records
    """`CorridorState`, shape (member, corridor)."""
    fleets: Records
    """`FleetState`, shape (member, fleet)."""
    places: Records
    """`PlaceState`, shape (member, place)."""
    depots: Records
    """`DepotState`, shape (member, place, product)."""
    accounts: Records
    """`Account`, shape (member, product)."""
    returning: Floats
    """Trucks that will be idle on a day of the ring, shape (member, fleet, ring)."""
    arriving: Floats
    """Trucks that arrive on a day of the ring, shape (member, feed, product, ring)."""


class Outputs(NamedTuple):
    """What is kept of a block of members; the last week of each takes broken weeks."""

    daily: Records
    """`Daily`, shape (member, day)."""
    daily_products: Records
    """`DailyProduct`, shape (member, day, product)."""
    weekly_depots: Records
    """`WeeklyDepot`, shape (member, week + 1, place, product)."""
    weekly_places: Records
    """`WeeklyPlace`, shape (member, week + 1, place)."""
    weekly_corridors: Records
    """`WeeklyCorridor`, shape (member, week + 1, corridor)."""
    losses: Records
    """`Loss`, shape (member, row + 1); the last row takes what does not fit."""
