"""What crosses into the kernels: records with named fields, in arrays.

A record is one thing (a corridor, a depot, a day) and reaches a kernel as one pointer.
Arrays of records carry their axes in the order written beside them. Inputs do not
change within a span of days; states do; outputs are kept.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from supplyline.engine.kernels.country_layout import Covariates

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
NEVER = 1e9
"""Day of what nobody has decided: an escort step, the end of a siege [day]."""


class Posture(IntEnum):
    """What the armed group is doing."""

    BUILD_UP = 0
    PRESSURE = 1
    PULSE = 2
    PAUSE = 3


class Talks(IntEnum):
    """Stage of national talks."""

    NONE = 0
    TALKS = 1
    TRUCE = 2
    DEAL = 3


class Exit(IntEnum):
    """How the leader's rule ended."""

    NONE = 0
    COUP = 1
    FORCED = 2
    CAPTURE = 3
    NATURAL = 4


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
    interdictor: int
    """Group that enforces the bans; -1 in a case without groups."""
    is_ransom_dated: int
    """1 where ransoms of the past are data, so that none is drawn there."""
    population: float
    """People of the country [persons]."""
    partner_most: float
    """Most partner troops at any date [persons]."""
    since_attempt: float
    """Time since the last coup attempt on the first day [years]."""
    tenure: float
    """Time since the leader took power on the first day [years]."""
    campaign: Key
    """Luck of coordinated offensives."""
    ransom: Key
    """Luck of large ransoms."""
    split: Key
    """Luck of a split of the interdictor."""
    talks: Key
    """Luck of national talks."""
    protest: Key
    """Luck of protests."""
    attempt: Key
    """Luck of coup attempts."""
    forced: Key
    """Luck of a forced exit."""
    capture: Key
    """Luck of a capture of the capital."""
    natural: Key
    """Luck of a natural end."""


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
    end_entry: int
    """One past its last path entry."""
    first_feed: int
    """First of its feeds."""
    end_feed: int
    """One past its last feed."""
    loading: Key
    """Luck of loading."""
    talks: Key
    """Luck of its own talks."""
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
    region: int
    """Region it counts in."""
    exposure: float
    """Effort x exposure x length of the segment [100 km]."""


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
    last_entry: int
    """Path entry that ends at the place."""
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
    offensive_factor: float
    """Factor on the state's operations [1]."""
    harm_factor: float
    """Factor on the harm they do to civilians [1]."""
    gold_price: float
    """Price of gold against the first day's [1]."""
    clash_factor: float
    """Factor on clashes of rivals [1]."""
    is_deal: int
    """1 while a dated national deal holds."""
    is_attempt: int
    """1 on the day of a dated coup attempt."""
    is_purge: int
    """1 on the day of a purge."""
    is_party_ban: int
    """1 while parties are banned."""
    is_election_postponed: int
    """1 while a due election is put off."""
    partner_low: float
    """Least reported number of partner troops [persons]."""
    partner_high: float
    """Most reported number of partner troops [persons]."""
    partner_offensive: float
    """Share of the partners' effort on offensive operations [1]."""
    partner_escort: float
    """Share of the partners' effort on escorts [1]."""
    partner_harm: float
    """Harm of the partners' operations against the mean of the year counted [1]."""
    partner_attrition: float
    """Losses of groups by the partners' operations, against those without [1]."""
    is_partner_changing: int
    """1 in the month after a partner comes or goes."""


class Place:
    """A place with a depot."""

    region: int
    """Region it lies in."""


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
    """Changes of posture so far, the counter of their luck."""
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
    talks: int
    """Stage of national talks, a value of `Talks`."""
    quality: float
    """Quality of the interdictor against the first day's [1]."""
    escort_force: float
    """Force for escorts against the first day's [1]."""
    pay_cover: float
    """Share of the interdictor's pay reserve that is held [1]."""
    tolls_since: float
    """Tolls paid and not yet booked [USD]."""
    looted_since: float
    """Trucks looted and not yet booked [trucks]."""


class CorridorState:
    """State of a corridor."""

    willingness: float
    """Share of operators who go [1]."""
    waiting: float
    """Loaded trucks at the gateway [trucks]."""
    due: float
    """Part of a truck that is due to be loaded [trucks]."""
    sent_today: float
    """Trucks that left today [trucks]."""
    lost_today: float
    """Trucks lost today [trucks]."""
    harmed_today: float
    """Drivers abducted or killed today [persons]."""
    is_free: int
    """1 while passage is free by an accord of the model's own."""
    talks_gap: float
    """Hazard left until talks of the corridor move [1]."""
    talks_count: int
    """Moves of its talks so far."""


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
    people: float
    """People of its region against the first day's [1]."""


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
_PARTS = {"Key": Key, "FullGroup": FullGroup, "Covariates": Covariates}


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
