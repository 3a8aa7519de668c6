"""Rules about what corridors and terminals can carry."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule, plain
from supplyline.errors import Problem, shown
from supplyline.tables.supply import Corridor, Demand, Depot, Feed, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEAR: Final = 1.01
"""Ratio of what is usual to a capacity up to which nobody is told [1]."""


def _usual_flows(draft: Draft) -> dict[str, float]:
    """Sum what each corridor carries in normal times, for towns behind too [kl/day]."""
    own: dict[str, float] = defaultdict(float)
    for _, use in draft.table(Demand):
        own[use.place] += use.demand_kl_per_day
    corridors = {way.corridor: way for _, way in draft.table(Corridor)}
    feeds = [feed for _, feed in draft.table(Feed) if feed.corridor in corridors]
    needs = dict(own)
    # a chain of depots is no longer than there are places
    for _ in {feed.place for feed in feeds}:
        behind: dict[str, float] = defaultdict(float)
        for feed in feeds:
            way = corridors[feed.corridor]
            if way.kind == "internal":
                behind[way.origin] += feed.share * needs.get(feed.place, 0.0)
        needs = {place: own[place] + behind[place] for place in {*own, *behind}}
    flows: dict[str, float] = defaultdict(float)
    for feed in feeds:
        flows[feed.corridor] += feed.share * needs.get(feed.place, 0.0)
    return flows


def _narrow_ways(draft: Draft) -> Iterator[Problem]:
    """Find capacities below what is carried in normal times."""
    flows = _usual_flows(draft)
    leaving: dict[str, float] = defaultdict(float)
    known = []
    for line, way in draft.table(Corridor):
        flow = flows[way.corridor]
        leaving[way.origin] += flow
        known.append(("corridors.csv", line, way.capacity_kl_per_day, flow))
    for line, place in draft.table(Place):
        flow = leaving[place.place]
        known.append(("places.csv", line, place.capacity_kl_per_day, flow))
    for file, line, capacity, flow in known:
        if capacity is not None and flow > capacity * _NEAR:
            expected = f"at least {flow:,.0f}, what is asked of it in normal times"
            found = shown(plain(capacity))
            yield Problem(file, line, "capacity_kl_per_day", found, expected)


def _idle_terminals(draft: Draft) -> Iterator[Problem]:
    """Find capacities of places where no corridor begins, and which so limit none."""
    origins = {way.origin for _, way in draft.table(Corridor)}
    for line, place in draft.table(Place):
        if place.capacity_kl_per_day is not None and place.place not in origins:
            expected = "empty, as no corridor begins there: it is what leaves a place"
            found = shown(plain(place.capacity_kl_per_day))
            yield Problem("places.csv", line, "capacity_kl_per_day", found, expected)


def _imports_from_depots(draft: Draft) -> Iterator[Problem]:
    """Find import corridors that begin at a depot, and leave its stock as it is."""
    held = {row.place for _, row in draft.table(Depot)}
    for line, way in draft.table(Corridor):
        if way.kind == "import" and way.origin in held:
            found = f"{shown(way.kind)} from '{way.origin}'"
            expected = "internal, as a depot is there: an import does not draw on it"
            yield Problem("corridors.csv", line, "kind", found, expected)


def _mixed_terminals(draft: Draft) -> Iterator[Problem]:
    """Find terminals from which imports and traffic inside the country both leave."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for _, row in draft.table(Corridor):
        kinds[row.origin].add(row.kind)
    for line, place in draft.table(Place):
        if place.capacity_kl_per_day is not None and len(kinds[place.place]) > 1:
            expected = "empty, as import and internal corridors begin there"
            found = shown(plain(place.capacity_kl_per_day))
            yield Problem("places.csv", line, "capacity_kl_per_day", found, expected)


RULES: Final = (Rule(_mixed_terminals, (Corridor,)),)
"""Rules about terminals."""

SUSPICIONS: Final = (
    Rule(_narrow_ways, (Corridor, Feed, Demand)),
    Rule(_idle_terminals, (Corridor,)),
    Rule(_imports_from_depots, (Corridor, Depot)),
)
"""Rules about capacities whose breach leaves a case usable."""
