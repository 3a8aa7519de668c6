"""Ways round: how operators find another way to a place when theirs carries less.

A place asks a share of its need of each of its corridors (`network.Feed`). What is not
let through on one is asked of others that pass more, as far as they have room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplyline.engine.kernels.elementary import expm1
from supplyline.engine.kernels.jit import kernel, part

if TYPE_CHECKING:
    from supplyline.engine.kernels.network import Corridor, CorridorState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Records
    from supplyline.engine.kernels.world import Inputs, State

_ABOVE_ALL = 2.0
"""More than any share that passes."""
_WEEK_DAYS = 7.0
"""Days from one look for ways to the next."""


@kernel
def reroute_pace(days: float, params: Parameters) -> float:
    """Return the part of the way to its aim that a shift goes in some days [1]."""
    return -expm1(-days / params.reroute_days)


@part
def amount_asked(
    feeds: Records, ways: Records, places: Records, m: int, first: int, end: int
) -> float:
    """Return what the places on a corridor ask of it today [kl]."""
    amount = 0.0
    for feed in range(first, end):
        share = feeds[feed].share + ways[m, feed].shift
        amount += share * places[m, feeds[feed].place].need
    return amount


@part
def amount_let_through(
    inputs: Inputs, state: State, m: int, corridor: int, day: int
) -> tuple[float, float, int]:
    """Return what is asked, what closures let pass of it [kl], the last open feed."""
    way = inputs.corridors[corridor]
    asked, passing, last = 0.0, 0.0, -1
    for feed in range(way.first_feed, way.end_feed):
        service = inputs.feeds[feed]
        share = service.share + state.feeds[m, feed].shift
        open_share = inputs.levels[m, inputs.open_level[day, feed]]
        wanted = share * state.places[m, service.place].need
        asked += wanted
        passing += wanted * open_share
        if open_share > 0.0:
            last = feed
    return asked, passing, last


@part
def amount_of_way(inputs: Inputs, state: State, m: int, way: Corridor) -> float:
    """Return what is asked of a corridor today [kl]."""
    return amount_asked(
        inputs.feeds, state.feeds, state.places, m, way.first_feed, way.end_feed
    )


@part
def amount_leaving(inputs: Inputs, state: State, m: int, way: Corridor) -> float:
    """Return what is asked of all corridors that begin where one does [kl]."""
    total = 0.0
    for corridor in range(inputs.corridors.size):
        other = inputs.corridors[corridor]
        if other.terminal == way.terminal:
            total += min(amount_of_way(inputs, state, m, other), other.capacity_kl)
    return total


@part
def let_through(
    inputs: Inputs, state: State, m: int, way: Corridor, asked: float
) -> float:
    """Return what an import corridor can carry against what is asked of it [1]."""
    # supply.md, Ways round: what is above the capacity is not loaded, so no queue grows
    # of trucks that the road could never take.
    limit = way.capacity_kl / asked if asked > 0.0 else np.inf
    if way.terminal_kl < np.inf:
        total = amount_leaving(inputs, state, m, way)
        if total > 0.0:
            limit = min(limit, min(1.0, limit) * way.terminal_kl / total)
    return limit


@kernel
def agreed_share(pass_kl: float, asked_kl: float) -> float:
    """Return the share of what is asked of a corridor that passes by agreement [1]."""
    return min(1.0, pass_kl / asked_kl) if asked_kl > 0.0 else 0.0


@kernel
def count_escorted(own: CorridorState, pace: float) -> None:
    """Count what left under escort yesterday into the mean of some weeks."""
    # supply.md, Ways round: convoys come in lumps, so they are counted over weeks; who
    # dares is known at once.
    own.escorted += pace * (own.escorted_today - own.escorted)
    own.escorted_today = 0.0


@part
def note_passed(
    inputs: Inputs,
    state: State,
    m: int,
    corridor: int,
    day: int,
    dared: float,
    agreed: float,
    asked: float,
    through: float,
) -> None:
    """Note the share of what is asked of import feeds that gets on its way."""
    own, way = state.corridors[m, corridor], inputs.corridors[corridor]
    escorted = own.escorted / asked if asked > 0.0 else 0.0
    for feed in range(way.first_feed, way.end_feed):
        open_share = inputs.levels[m, inputs.open_level[day, feed]]
        passed = max(dared * open_share, agreed) * through
        if open_share > 0.0:
            passed += escorted
        state.feeds[m, feed].passed = min(1.0, passed)


@part
def amount_passing(
    inputs: Inputs, state: State, m: int, terminal: int, but: int
) -> float:
    """Return what gets on its way by all corridors of a terminal but one [kl/day]."""
    total = 0.0
    for feed in range(inputs.feeds.size):
        service, own = inputs.feeds[feed], state.feeds[m, feed]
        corridor = service.corridor
        if corridor != but and inputs.corridors[corridor].terminal == terminal:
            asked = (service.share + own.shift) * state.places[m, service.place].need
            total += asked * own.passed
    return total


@part
def room_on_way(inputs: Inputs, state: State, m: int, feed: int) -> float:
    """Return what a feed could carry beyond its share [kl/day]."""
    service = inputs.feeds[feed]
    way = inputs.corridors[service.corridor]
    spare_share = inputs.params[m].spare_way_share
    is_known = min(way.capacity_kl, way.terminal_kl) < np.inf
    if spare_share == 0.0 and not is_known:
        return 0.0
    # What this place itself has shifted leaves its room as it is.
    own = state.feeds[m, feed].shift * state.places[m, service.place].need
    others = amount_of_way(inputs, state, m, way) - own
    if not is_known:
        usual = 0.0
        for each in range(way.first_feed, way.end_feed):
            other = inputs.feeds[each]
            usual += other.share * state.places[m, other.place].need
        return float(max(0.0, (1.0 + spare_share) * usual - others))
    room = way.capacity_kl - others
    if way.terminal_kl < np.inf:
        # What a shut gate holds back takes no room of those whose way is open.
        elsewhere = amount_passing(inputs, state, m, way.terminal, service.corridor)
        room = min(room, way.terminal_kl - elsewhere - others)
    return float(max(0.0, room))


@part
def share_left(inputs: Inputs, state: State, m: int, way: Corridor) -> float:
    """Return the part of what is asked of a corridor that left for other ways [1]."""
    left = 0.0
    usual = 0.0
    for feed in range(way.first_feed, way.end_feed):
        service = inputs.feeds[feed]
        amount = service.share * state.places[m, service.place].need
        usual += amount
        left += amount * state.feeds[m, feed].left
    return left / usual if left > 0.0 else 0.0


@part
def best_way(inputs: Inputs, state: State, m: int, first: int, below: float) -> float:
    """Return the greatest share passed, below a bound and with room; 0 for none."""
    best = 0.0
    feed = first
    while feed >= 0:
        passed = state.feeds[m, feed].passed
        if state.feeds[m, feed].room > 0.0 and best < passed < below:
            best = passed
        feed = inputs.feeds[feed].next_feed
    return best


@part
def aim_shifts(inputs: Inputs, state: State, m: int, first: int) -> tuple[float, float]:
    """Share what does not pass among the ways of a place that pass more.

    Returns the share that passes on the best, and the part that found a way.
    """
    # supply.md, Ways round: the best way first, up to its room; more room on any way
    # then never carries less.
    moved = 0.0
    most = 0.0
    best = best_way(inputs, state, m, first, _ABOVE_ALL)
    top = best
    while best > 0.0:
        wish = -moved
        room = 0.0
        feed = first
        while feed >= 0:
            service = inputs.feeds[feed]
            passed = state.feeds[m, feed].passed
            if passed < best:
                wish += service.share * (1.0 - passed / best)
            elif passed == best:
                room += state.feeds[m, feed].room
            feed = service.next_feed
        most = max(most, wish)
        taken = min(room, wish)
        if taken <= 0.0:
            break
        feed = first
        while feed >= 0:
            service = inputs.feeds[feed]
            if state.feeds[m, feed].passed == best:
                own = state.feeds[m, feed]
                own.aim = own.room * taken / room
            feed = service.next_feed
        moved += taken
        best = best_way(inputs, state, m, first, best)
    return top, moved / most if most > 0.0 else 0.0


@kernel
def find_ways(inputs: Inputs, state: State, m: int) -> None:
    """Let operators shift towards the ways of a place that pass more, once a week.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block; shifts of feeds are changed.
    m : int
        Position of the member in the block.
    """
    pace = reroute_pace(_WEEK_DAYS, inputs.params[m])
    for place in range(state.depots.shape[1]):
        for product in range(state.depots.shape[2]):
            state.depots[m, place, product].spare_need = 0.0
    for first in range(inputs.feeds.size):
        service = inputs.feeds[first]
        need = state.places[m, service.place].need
        # Who has one way only has no choice; who asks for nothing makes none.
        if service.is_first == 0 or need <= 0.0:
            continue
        feed = first
        while feed >= 0:
            own = state.feeds[m, feed]
            own.room = room_on_way(inputs, state, m, feed) / need
            own.aim = 0.0
            feed = inputs.feeds[feed].next_feed
        top, found = aim_shifts(inputs, state, m, first)
        feed = first
        while feed >= 0:
            service, own = inputs.feeds[feed], state.feeds[m, feed]
            # supply.md, Ways round: a way is found, and left again, over weeks.
            own.shift += pace * (own.aim - own.shift)
            passed = state.feeds[m, feed].passed
            left = found * (1.0 - passed / top) if passed < top else 0.0
            own.left += pace * (left - own.left)
            source = inputs.corridors[service.corridor].source
            if source >= 0 and own.shift > 0.0:
                for product in range(state.depots.shape[2]):
                    asked = own.shift * state.depots[m, service.place, product].need
                    state.depots[m, source, product].spare_need += asked
            feed = service.next_feed
    for corridor in range(inputs.corridors.size):
        way = inputs.corridors[corridor]
        state.corridors[m, corridor].left = share_left(inputs, state, m, way)


@part
def note_cover(inputs: Inputs, state: State, m: int) -> None:
    """Note what the ways of each place let through today.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block; places are changed.
    m : int
        Position of the member in the block.
    """
    # Feeds in their order, and not place by place: this is done every day.
    for place in range(state.places.shape[1]):
        state.places[m, place].covered = 0.0
    for feed in range(inputs.feeds.size):
        service, own = inputs.feeds[feed], state.feeds[m, feed]
        town = state.places[m, service.place]
        town.covered += (service.share + own.shift) * own.passed
    for place in range(state.places.shape[1]):
        town, fed_share = state.places[m, place], inputs.places[place].fed_share
        # A place that no way feeds waits for none.
        town.covered = min(1.0, town.covered / fed_share) if fed_share > 0.0 else 1.0
