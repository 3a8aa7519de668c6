"""The world of a block of members: what a span of days is given, changes and leaves.

Arrays of records carry their axes in the order written beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from supplyline.engine.kernels.records import Floats, Ints, Records


class Inputs(NamedTuple):
    """What a span of days is given; shared by all members but for the last five."""

    facts: Records
    """`CaseFacts`, shape (1,)."""
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
    open_level: Ints
    """Column of `levels` that says what a feed lets through, shape (day, feed)."""
    order_level: Ints
    """Column of `levels` that says what importers order at most, shape (day,
    product)."""
    official_price: Floats
    """Official price [currency/l], shape (day, product)."""
    ration: Floats
    """Most that is released of public demand [1], shape (day, product)."""
    place_days: Records
    """`PlaceDay`, shape (day, place)."""
    places: Records
    """`Place`, shape (place,)."""
    regions: Records
    """`Region`, shape (region,)."""
    presence: Records
    """`Presence`, shape (group, region)."""
    relations: Records
    """`Relation`, shape (relation,)."""
    attacks: Records
    """`Attack`, shape (attack,)."""
    group_days: Records
    """`GroupDay`, shape (day, group)."""
    region_days: Records
    """`RegionDay`, shape (day, region)."""
    params: Records
    """`Parameters`, shape (member,)."""
    depots: Records
    """`Depot`, shape (member, place, product)."""
    truces: Records
    """`Truce`, shape (member, truce)."""
    load_kl: Floats
    """Load of one truck [kl], shape (member, fleet)."""
    levels: Floats
    """Share of traffic let through by closures and rivers, or orders at most against
    demand [1], shape (member, level)."""


class State(NamedTuple):
    """State of a block of members."""

    nation: Records
    """`NationState`, shape (member,)."""
    corridors: Records
    """`CorridorState`, shape (member, corridor)."""
    fleets: Records
    """`FleetState`, shape (member, fleet)."""
    feeds: Records
    """`FeedState`, shape (member, feed)."""
    places: Records
    """`PlaceState`, shape (member, place)."""
    depots: Records
    """`DepotState`, shape (member, place, product)."""
    accounts: Records
    """`Account`, shape (member, product)."""
    returning: Floats
    """Trucks that will be idle on a day of the ring, shape (member, fleet, ring)."""
    arriving: Floats
    """Trucks that arrive on a day of the ring, shape (member, ring, feed, product);
    those of one day lie together."""
    due: Floats
    """Part of a truck that is due [trucks], shape (member, feed, product + 1).

    Of an internal feed by product; of an import feed the balance of its products, and
    last its own.
    """
    exposure: Floats
    """Effort x exposure from the gateway to the end of an entry [100 km], shape
    (member, path)."""
    groups: Records
    """`GroupState`, shape (member, group)."""
    group_accounts: Records
    """`GroupAccount`, shape (member, group)."""
    alliances: Floats
    """Alliance of two groups [1], shape (member, relation)."""
    overlaps: Floats
    """Fighters of two groups who faced each other on the first day, shape (member,
    relation)."""
    regions: Records
    """`RegionState`, shape (member, region)."""
    presence: Records
    """`PresenceState`, shape (member, group, region)."""
    losses: Records
    """`Loss`, the log of encounters that cost trucks, shape (member, row + 1); the last
    row takes what does not fit, and the block is simulated again with more room."""


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
    daily_country: Records
    """`DailyCountry`, shape (member, day); no day in a case without groups."""
    weekly_regions: Records
    """`WeeklyRegion`, shape (member, week + 1, region)."""
    weekly_groups: Records
    """`WeeklyGroup`, shape (member, week + 1, group)."""
    weekly_attacks: Floats
    """Attacks by kind, shape (member, week + 1, attack)."""
