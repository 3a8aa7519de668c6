"""Case, parameters and length of a run to the flat arrays of the kernels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplyline.case.frames import Frames, rows
from supplyline.engine.draws import entity_key
from supplyline.engine.kernels.network import Corridor, Feed, Fleet, PathEntry
from supplyline.engine.kernels.parameters import FIELDS, RECORD
from supplyline.engine.kernels.records import fill, records
from supplyline.engine.kernels.threat import Truce

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.kernels.records import Records

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NONSTOP_MODES = ("sea", "pipeline")
"""Modes that are travelled day and night."""
GROUP_STREAMS = ("encounter", "outcome", "loss")


class Names(NamedTuple):
    """Names along the axes of the arrays."""

    places: tuple[str, ...]
    """Places with a depot."""
    products: tuple[str, ...]
    segments: tuple[str, ...]
    corridors: tuple[str, ...]
    fleets: tuple[str, ...]
    feeds: tuple[str, ...]
    """``corridor/place``, in the order of corridors and of places along each."""
    regions: tuple[str, ...]
    """Regions of a case with armed groups; none without."""
    groups: tuple[str, ...]
    """Armed groups."""
    attacks: tuple[str, ...]
    """Kinds of attack."""


def in_order(case: Case) -> Case:
    """Sort the corridors of a case by name, so that their rows' order says nothing."""
    corridors = case.corridors.sort_values("corridor", ignore_index=True)
    return replace(case, tables=Frames({**case.tables, "corridors": corridors}))


def names_of(case: Case) -> Names:
    """Name the axes of a case's arrays."""
    with_depot = set(case.depots["place"])
    fed = case.feeds.groupby("corridor")["place"].agg(list).to_dict()
    feeds = [
        f"{corridor}/{place}"
        for corridor, way in ways_of(case).items()
        for place in sorted(fed.get(corridor, []), key=way.places.index)
    ]
    return Names(
        tuple(place for place in case.places["place"] if place in with_depot),
        tuple(case.config.products),
        tuple(case.segments["segment"]),
        tuple(case.corridors["corridor"]),
        tuple(case.fleets["fleet"]),
        tuple(feeds),
        tuple(sorted(case.regions["region"])) if len(case.groups) else (),
        tuple(sorted(case.groups["group"])),
        tuple(sorted(case.attacks["attack"])),
    )


class Way(NamedTuple):
    """The way of a corridor, from its origin on."""

    segments: tuple[str, ...]
    places: tuple[str, ...]
    """One more than segments."""


def ways_of(case: Case) -> dict[str, Way]:
    """Follow every corridor from place to place."""
    ends = {row.segment: (row.from_place, row.to_place) for row in rows(case.segments)}
    steps = case.corridor_segments.sort_values(["corridor", "position"])
    by_corridor = steps.groupby("corridor")["segment"].agg(tuple)
    ways = {}
    for row in rows(case.corridors):
        places = [row.origin]
        for segment in by_corridor[row.corridor]:
            start, end = ends[segment]
            places.append(end if start == places[-1] else start)
        ways[row.corridor] = Way(by_corridor[row.corridor], tuple(places))
    return ways


def position_of(names: Sequence[str]) -> dict[str, int]:
    """Give each name its place in their order."""
    return {name: row for row, name in enumerate(names)}


def segment_exposure(case: Case) -> Floats:
    """Weigh each segment: effort in its region x exposure of the segment [1]."""
    effort = case.regions.set_index("region")["effort"]
    in_region = effort.reindex(case.segments["region"]).to_numpy()
    return np.asarray(in_region * case.segments["exposure"].to_numpy())


class Network(NamedTuple):
    """The parts of `world.Inputs` that lay out the roads."""

    corridors: Records
    path: Records
    feeds: Records
    fleets: Records


def build_network(case: Case, names: Names, seed: int) -> Network:
    """Lay the corridors, their segments and feeds out in arrays of records."""
    place_row, segment_row = position_of(names.places), position_of(names.segments)
    fleet_row = position_of(names.fleets)
    segments = case.segments
    is_nonstop = segments["mode"].isin(NONSTOP_MODES).to_numpy()
    travel_h = segments["travel_h"].where(~is_nonstop, 0.0).to_numpy()
    nonstop_h = segments["travel_h"].where(is_nonstop, 0.0).to_numpy()
    exposed = segment_exposure(case) * segments["length_km"].to_numpy() / 100
    # regions are followed only where there are groups
    region_row = position_of(names.regions)
    within = [region_row.get(region, 0) for region in segments["region"]]
    shares = case.feeds.set_index(["corridor", "place"])["share"]
    ways = ways_of(case)
    queue_shares = _queue_shares(case, names)
    limits = case.corridors["capacity_kl_per_day"].fillna(np.inf)
    terminals = position_of(case.places["place"].tolist())
    of_place = case.places.set_index("place")["capacity_kl_per_day"].fillna(np.inf)
    first, after = _chain_feeds(names)
    corridors = records(Corridor, len(names.corridors))
    feeds = records(Feed, len(names.feeds))
    path: list[tuple[int, int, float]] = []
    for number, row in enumerate(rows(case.corridors)):
        stops = ways[row.corridor].places
        order = [segment_row[segment] for segment in ways[row.corridor].segments]
        gate = stops.index(row.gateway)
        inland = order[gate:]
        hours, nonstop = np.cumsum(travel_h[inland]), np.cumsum(nonstop_h[inland])
        fed = [
            f
            for f, feed in enumerate(names.feeds)
            if feed.split("/")[0] == row.corridor
        ]
        is_import = row.kind == "import"
        convoy = f"{row.corridor}/convoy"
        first_entry = len(path)
        fill(
            corridors[number],
            is_import=int(is_import),
            fleet=fleet_row[row.fleet],
            source=-1 if is_import else place_row[row.origin],
            abroad_h=float(travel_h[order[:gate]].sum()),
            abroad_nonstop_h=float(nonstop_h[order[:gate]].sum()),
            queue_share=queue_shares[number],
            capacity_kl=limits[number],
            terminal=terminals[row.origin],
            terminal_kl=of_place[row.origin],
            first_entry=first_entry,
            end_entry=first_entry + len(inland),
            first_feed=fed[0] if fed else 0,
            end_feed=fed[-1] + 1 if fed else 0,
            loading=entity_key(seed, "loading", row.corridor),
            talks=entity_key(seed, "talks", row.corridor),
            **{each: entity_key(seed, each, convoy) for each in GROUP_STREAMS},
        )
        path += [(each, within[each], exposed[each]) for each in inland]
        for feed in fed:
            name = names.feeds[feed]
            place = name.split("/")[1]
            entries = stops.index(place) - gate
            fill(
                feeds[feed],
                corridor=number,
                is_import=int(is_import),
                place=place_row[place],
                share=float(shares.loc[(row.corridor, place)]),
                entries=entries,
                travel_h=hours[entries - 1],
                nonstop_h=nonstop[entries - 1],
                last_entry=first_entry + entries - 1,
                is_first=int(first[feed]),
                next_feed=after[feed],
                flow=entity_key(seed, "flow", name),
                **{each: entity_key(seed, each, name) for each in GROUP_STREAMS},
            )
    entries_of_path = records(PathEntry, len(path))
    entries_of_path.segment = [segment for segment, _, _ in path]
    entries_of_path.region = [region for _, region, _ in path]
    entries_of_path.exposure = [exposure for _, _, exposure in path]
    return Network(
        corridors=corridors,
        path=entries_of_path,
        feeds=feeds,
        fleets=_build_fleets(names, seed),
    )


def _chain_feeds(names: Names) -> tuple[NDArray[np.bool_], Ints]:
    """Tell the first of several feeds of a place, and which follows on which.

    Returns two arrays of shape (feed,); -1 follows on the last.
    """
    following = np.full(len(names.feeds), -1)
    last: dict[str, int] = {}
    for number, name in enumerate(names.feeds):
        place = name.split("/")[1]
        if place in last:
            following[last[place]] = number
        last[place] = number
    is_followed = following >= 0
    is_later = np.isin(np.arange(len(names.feeds)), following[is_followed])
    return is_followed & ~is_later, following


def _build_fleets(names: Names, seed: int) -> Records:
    """Lay out the fleets, shape (fleet,)."""
    fleets = records(Fleet, len(names.fleets))
    for number, fleet in enumerate(names.fleets):
        streams = ("strike", "pressure")
        fill(
            fleets[number], **{each: entity_key(seed, each, fleet) for each in streams}
        )
    return fleets


def wanted_by_place(case: Case) -> pd.Series:
    """Sum the demand of each place, from the middle of each range [kl/day]."""
    low = case.demand["demand_kl_per_day"]
    high = case.demand["demand_high_kl_per_day"].fillna(low)
    return ((low + high) / 2).groupby(case.demand["place"]).sum()


def _queue_shares(case: Case, names: Names) -> Floats:
    """Share the room at the gateways among import corridors by what is asked."""
    is_import = (case.corridors["kind"] == "import").to_numpy()
    wanted = wanted_by_place(case)
    asked = case.feeds["share"] * case.feeds["place"].map(wanted).fillna(0.0)
    by_corridor = asked.groupby(case.feeds["corridor"]).sum()
    amounts = by_corridor.reindex(names.corridors).fillna(0.0).to_numpy() * is_import
    return np.asarray(amounts / max(amounts.sum(), 1e-300))


def parameter_records(draws: pd.DataFrame) -> Records:
    """Turn drawn parameters into one record for each member, shape (member).

    What a case does not need, and no kernel reads, is no number.
    """
    made = np.zeros(len(draws), RECORD).view(np.recarray)
    for name in FIELDS:
        made[name] = draws[name].to_numpy() if name in draws else np.nan
    return made


def build_truces(starts: Floats, ends: Floats) -> Records:
    """Join the days of dated truces, shape (member, truce)."""
    truces = records(Truce, *starts.shape)
    truces.start, truces.end = starts, ends
    return truces
