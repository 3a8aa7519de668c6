"""The roads and what moves on them: corridors, feeds, fleets.

A corridor is what lies behind one gateway; a feed is its service to one place on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supplyline.engine.kernels.records import Key


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
    abroad_nonstop_h: float
    """Time on ways travelled day and night, besides [h]."""
    queue_share: float
    """Share of the trucks that may wait at all gateways [1]."""
    capacity_kl: float
    """Most that it carries; infinite where no limit is known [kl/day]."""
    terminal: int
    """Number of the place where it begins."""
    terminal_kl: float
    """Most that leaves that place; infinite where no limit is known [kl/day]."""
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
    nonstop_h: float
    """Time on ways travelled day and night, besides [h]."""
    last_entry: int
    """Path entry that ends at the place."""
    is_first: int
    """1 for the first of several feeds of its place."""
    next_feed: int
    """Next feed of its place; -1 for none."""
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
    pressure: Key
    """Luck of the effort against its corridors."""


class CorridorDay:
    """What the calendar says of a corridor on a day."""

    is_banned: int
    """1 while a ban holds."""
    banned_days: float
    """Days for which it has held before; 0 on its first and without one [days]."""
    is_free: int
    """1 while passage is free by agreement."""
    is_escort_ordered: int
    """1 while the state escorts there without a ban too."""
    is_escorted: int
    """1 where escorts may go."""
    toll_usd: float
    """Price of passage; 0 where none is offered [USD/truck]."""
    pass_kl: float
    """Let pass by agreement, whatever is closed [kl/day]."""


class CorridorState:
    """State of a corridor."""

    willingness: float
    """Share of operators who go [1]."""
    confidence: float
    """Part of those who would go that losses have left [1]."""
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
    left: float
    """Part of what is asked of it whose trucks have left for another way [1]."""
    escorted: float
    """Trucks under escort in a day, over some weeks [trucks/day]."""
    escorted_today: float
    """Trucks that left under escort today [trucks]."""
    is_free: int
    """1 while passage is free by an accord of the model's own."""
    talks_gap: float
    """Hazard left until talks of the corridor move [1]."""
    talks_count: int
    """Moves of its talks so far."""


class FeedState:
    """State of a feed."""

    passed: float
    """Share of what is asked of it that gets on its way [1]."""
    shift: float
    """What is asked of the corridor beyond the share [share of the place's need]."""
    aim: float
    """Where the shift is going [share of the place's need]."""
    room: float
    """What could be asked beyond the share [share of the place's need]."""
    left: float
    """Part of its share whose trucks have left for another way [1]."""


class FleetState:
    """State of a fleet."""

    idle: float
    """Empty trucks at the origin [trucks]."""
    lost: float
    """Trucks lost so far [trucks]."""
    strike_end: float
    """Day until which operators refuse [day]."""
    effort: float
    """Effort against its corridors, against that on all [1]."""
    daring: float
    """Share of its operators who drive under a ban, against that of all [1]."""
    effort_end: float
    """Day on which both move [day]."""
    effort_count: int
    """Moves so far, the counter of their luck."""
    start: float
    """Trucks of the fleet at the start [trucks]."""
