"""Case, parameters and length of a run to the flat arrays of the kernels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from supplyline.case.frames import Frames, rows
from supplyline.engine.draws import key
from supplyline.engine.kernels.layout import (
    Corridor,
    Country,
    Depot,
    Feed,
    Fleet,
    PathEntry,
    Truce,
    records,
)
from supplyline.engine.kernels.parameters import Parameters
from supplyline.engine.kernels.world import Inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.kernels.layout import Records

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DEMAND_CLASSES = ("essential", "power", "industry", "public")
GROUP_STREAMS = ("encounter", "outcome", "loss")
COUNTRY_STREAMS = {
    "posture": "interdictor",
    "campaign": "interdictor",
    "ransom": "interdictor",
    "split": "interdictor",
    "talks": "nation",
    "protest": "nation",
    "attempt": "leader",
    "forced": "leader",
    "capture": "leader",
    "natural": "leader",
}
"""Streams of luck of the whole country, and whose luck it is."""
DAYS_OF_MONTH = 365.25 / 12
"""Mean length of a month [days]."""
PUBLIC = DEMAND_CLASSES.index("public")
INDUSTRY = DEMAND_CLASSES.index("industry")


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
    """Sort the corridors of a case by name, so that their rows' order says nothing.

    Parameters
    ----------
    case : Case
        The case.

    Returns
    -------
    ordered : Case
        The same case; what is served first is decided by name.
    """
    corridors = case.corridors.sort_values("corridor", ignore_index=True)
    return replace(case, tables=Frames({**case.tables, "corridors": corridors}))


def names_of(case: Case) -> Names:
    """Name the axes of a case's arrays.

    Parameters
    ----------
    case : Case
        The case.

    Returns
    -------
    names : Names
        Names along the axes.
    """
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
        tuple(case.attacks["attack"]),
    )


class Way(NamedTuple):
    """The way of a corridor, from its origin on."""

    segments: tuple[str, ...]
    places: tuple[str, ...]
    """One more than segments."""


def ways_of(case: Case) -> dict[str, Way]:
    """Follow every corridor from place to place.

    Parameters
    ----------
    case : Case
        The case.

    Returns
    -------
    ways : dict
        Corridor to way.
    """
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
    """Number names in their order.

    Parameters
    ----------
    names : sequence of str
        Names along an axis.

    Returns
    -------
    position : dict
        Name to its place on the axis.
    """
    return {name: row for row, name in enumerate(names)}


def segment_exposure(case: Case) -> Floats:
    """Weigh each segment: effort in its region x exposure of the segment.

    Parameters
    ----------
    case : Case
        The case.

    Returns
    -------
    exposure : array
        Factor on the reference encounter rate, shape (segment,) [1].
    """
    effort = case.regions.set_index("region")["effort"]
    in_region = effort.reindex(case.segments["region"]).to_numpy()
    return np.asarray(in_region * case.segments["exposure"].to_numpy())


class Network(NamedTuple):
    """The parts of `world.Inputs` that lay out the country."""

    country: Records
    corridors: Records
    path: Records
    feeds: Records
    fleets: Records


def build_network(case: Case, names: Names, seed: int) -> Network:
    """Lay the corridors, their segments and feeds out in arrays of records.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    seed : int
        Seed of the run, for the keys of the luck.

    Returns
    -------
    network : Network
        Arrays of records.
    """
    place_row, segment_row = position_of(names.places), position_of(names.segments)
    fleet_row = position_of(names.fleets)
    segments = case.segments
    travel_h = segments["travel_h"].to_numpy()
    exposed = segment_exposure(case) * segments["length_km"].to_numpy() / 100
    # regions are followed only where there are groups
    region_row = position_of(names.regions)
    within = [region_row.get(region, 0) for region in segments["region"]]
    shares = case.feeds.set_index(["corridor", "place"])["share"]
    ways = ways_of(case)
    queue_shares = _queue_shares(case, names)
    corridors = records(Corridor, len(names.corridors))
    feeds = records(Feed, len(names.feeds))
    path: list[tuple[int, int, float]] = []
    for number, row in enumerate(rows(case.corridors)):
        stops = ways[row.corridor].places
        order = [segment_row[segment] for segment in ways[row.corridor].segments]
        gate = stops.index(row.gateway)
        inland = order[gate:]
        hours = np.cumsum(travel_h[inland])
        fed = [
            f
            for f, feed in enumerate(names.feeds)
            if feed.split("/")[0] == row.corridor
        ]
        is_import = row.kind == "import"
        corridors[number] = (
            int(is_import),
            fleet_row[row.fleet],
            -1 if is_import else place_row[row.origin],
            float(travel_h[order[:gate]].sum()),
            queue_shares[number],
            len(path),
            len(path) + len(inland),
            fed[0] if fed else 0,
            fed[-1] + 1 if fed else 0,
            entity_key(seed, "loading", row.corridor),
            entity_key(seed, "talks", row.corridor),
            *(
                entity_key(seed, stream, f"{row.corridor}/convoy")
                for stream in GROUP_STREAMS
            ),
        )
        first_entry = len(path)
        path += [(each, within[each], exposed[each]) for each in inland]
        for feed in fed:
            place = names.feeds[feed].split("/")[1]
            entries = stops.index(place) - gate
            share = float(shares.loc[(row.corridor, place)])
            feeds[feed] = (
                number, int(is_import), place_row[place], share, entries,
                hours[entries - 1], first_entry + entries - 1,
                entity_key(seed, "flow", names.feeds[feed]),
                *(entity_key(seed, stream, names.feeds[feed]) for stream in GROUP_STREAMS),
            )  # fmt: skip
    fleets = records(Fleet, len(names.fleets))
    for number, fleet in enumerate(names.fleets):
        fleets[number] = (entity_key(seed, "strike", fleet),)
    country = records(Country, 1)
    for stream, entity in COUNTRY_STREAMS.items():
        country[0][stream] = entity_key(seed, stream, entity)
    is_main = case.groups.set_index("group")["is_interdictor"]
    country.interdictor = next(
        (row for row, group in enumerate(names.groups) if is_main[group]), -1
    )
    is_ransom = case.measures["kind"] == "ransom"
    country.is_ransom_dated = int(is_ransom.any())
    is_inside = ~case.regions["is_boundary"].to_numpy(bool)
    country.population = case.regions["population"].to_numpy(float)[is_inside].sum()
    country.capital = place_row[case.config.capital]
    country.is_truce_dated = int((case.measures["kind"] == "truce").any())
    past = pd.Timestamp(case.config.cutoff) - pd.Timestamp(case.config.start)
    country.first_forecast_day = past.days + 1
    entries_of_path = records(PathEntry, len(path))
    entries_of_path.segment = [segment for segment, _, _ in path]
    entries_of_path.region = [region for _, region, _ in path]
    entries_of_path.exposure = [exposure for _, _, exposure in path]
    return Network(country, corridors, entries_of_path, feeds, fleets)


def _rows(column: pd.Series, names: Sequence[str]) -> Ints:
    row = position_of(names)
    return np.array([row[name] for name in column], np.int64)


def _queue_shares(case: Case, names: Names) -> Floats:
    """Share the room at the gateways among import corridors by what is asked."""
    is_import = (case.corridors["kind"] == "import").to_numpy()
    wanted = case.demand.groupby("place")["demand_kl_per_day"].sum()
    asked = case.feeds["share"] * case.feeds["place"].map(wanted).fillna(0.0)
    by_corridor = asked.groupby(case.feeds["corridor"]).sum()
    amounts = by_corridor.reindex(names.corridors).fillna(0.0).to_numpy() * is_import
    return np.asarray(amounts / max(amounts.sum(), 1e-300))


def parameter_records(draws: pd.DataFrame) -> Records:
    """Turn drawn parameters into one record for each member.

    Parameters
    ----------
    draws : DataFrame
        One row for each member, one column for each parameter.

    Returns
    -------
    made : array of Parameters
        Shape (member).
    """
    made = records(Parameters, len(draws))
    for name in made.dtype.names or ():
        made[name] = draws[name].to_numpy()
    return made


def member_demand(case: Case, names: Names, draws: pd.DataFrame) -> Floats:
    """Scale the demand table to each member's national demand and capital share.

    Essential users, power and industry keep the table's amounts; the public takes the
    rest of the drawn national demand, of which the capital takes its drawn share.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    draws : DataFrame
        Parameters, index member.

    Returns
    -------
    demand : array
        Shape (member, place, product, class) [kl/day].
    """
    table = case.demand
    at = np.zeros((len(names.places), len(names.products), len(DEMAND_CLASSES)))
    places = _rows(table["place"], names.places)
    products = _rows(table["product"], names.products)
    ranks = _rows(table["demand_class"], DEMAND_CLASSES)
    at[places, products, ranks] = table["demand_kl_per_day"].to_numpy()
    demand = np.repeat(at[np.newaxis], len(draws), axis=0)
    public = at[:, :, PUBLIC]
    capital = names.places.index(case.config.capital)
    total = draws["national_demand_kl_per_day"].to_numpy()
    left = np.maximum(total - (at.sum() - public.sum()), 0.0)
    share = draws["capital_demand_share"].to_numpy()
    in_capital, elsewhere = public[capital].sum(), public.sum() - public[capital].sum()
    if elsewhere == 0.0:
        share = np.ones_like(share)
    scale = np.repeat(
        (left * (1.0 - share) / max(elsewhere, 1e-300))[:, np.newaxis],
        len(names.places),
        axis=1,
    )
    scale[:, capital] = left * share / max(in_capital, 1e-300)
    demand[..., PUBLIC] = public * scale[:, :, np.newaxis]
    return demand


def downstream(network: Network, own: Floats) -> Floats:
    """Add to each depot's demand that of the places fed from it.

    Parameters
    ----------
    network : Network
        Feeds and the depots internal corridors draw on.
    own : array
        Demand of each place itself, shape (member, place, product) [kl/day].

    Returns
    -------
    demand : array
        Same shape [kl/day].
    """
    places = own.shape[1]
    fed_from = np.zeros((places, places))
    for feed in network.feeds:
        source = network.corridors[feed.corridor].source
        if source >= 0:
            fed_from[source, feed.place] += feed.share
    reach = np.linalg.inv(np.eye(places) - fed_from)
    return np.asarray(np.einsum("sp,mpg->msg", reach, own))


def build_depots(
    case: Case, names: Names, network: Network, draws: pd.DataFrame
) -> Records:
    """Compute demand, stock aimed at and capacity of each depot for each member.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    network : Network
        Network of the case.
    draws : DataFrame
        Parameters, index member.

    Returns
    -------
    depots : array of Depot
        Shape (member, place, product).
    """
    demand = member_demand(case, names, draws)
    depots = records(Depot, len(draws), len(names.places), len(names.products))
    for rank, name in enumerate(DEMAND_CLASSES):
        depots[name] = demand[..., rank]
    depots["demand"] = downstream(network, demand.sum(axis=3))
    depots["public_demand"] = downstream(network, demand[..., PUBLIC])
    _set_targets(case, names, draws, depots)
    return depots


def _set_targets(
    case: Case, names: Names, draws: pd.DataFrame, depots: Records
) -> None:
    """Write the stock aimed at and the capacity of each depot [kl].

    The capital holds the nation's days of supply, less what industry holds itself.
    """
    capital = names.places.index(case.config.capital)
    own = depots.essential + depots.power + depots.industry + depots.public
    is_industrial = depots.industry.sum(axis=2) > 0.5 * own.sum(axis=2)
    regional = draws["regional_stock_days"].to_numpy()[:, np.newaxis]
    industrial = draws["industry_stock_days"].to_numpy()[:, np.newaxis]
    days = np.where(is_industrial, industrial, regional)
    wished = days[:, :, np.newaxis] * depots.demand
    held_by_industry = (wished * is_industrial[:, :, np.newaxis]).sum(axis=1)
    national = draws["capital_stock_days"].to_numpy()[:, np.newaxis] * own.sum(axis=1)
    wished[:, capital] = np.maximum(national - held_by_industry, 0.0)
    for row in rows(case.depots):
        at = (
            slice(None),
            names.places.index(row.place),
            names.products.index(row.product),
        )
        capacity = np.inf if pd.isna(row.capacity_kl) else row.capacity_kl
        initial = wished[at] if pd.isna(row.initial_kl) else row.initial_kl
        depots.capacity[at] = capacity
        depots.target[at] = np.minimum(initial, capacity)


def build_loads(case: Case, names: Names, draws: pd.DataFrame) -> Floats:
    """Give the load of one truck of each fleet, shape (member, fleet) [kl].

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Order of the case's entities.
    draws : DataFrame
        Drawn parameters, one row for each member.

    Returns
    -------
    load_kl : array of float
        Shape (member, fleet) [kl].
    """
    load_kl = np.repeat(
        draws["truck_kl"].to_numpy()[:, np.newaxis], len(names.fleets), 1
    )
    for fleet, known in enumerate(case.fleets["load_kl"]):
        if not pd.isna(known):
            load_kl[:, fleet] = known
    return load_kl


def build_truces(starts: Floats, ends: Floats) -> Records:
    """Join the days of dated truces, shape (member, truce).

    Parameters
    ----------
    starts, ends : array of float
        First day and day after, shape (member, truce) [day].

    Returns
    -------
    truces : array of Truce
        Shape (member, truce).
    """
    truces = records(Truce, *starts.shape)
    truces.start, truces.end = starts, ends
    return truces


def fleet_trucks(case: Case, inputs: Inputs, draws: pd.DataFrame) -> Floats:
    """Size the fleets: the table's trucks, or a margin over the steady need.

    Parameters
    ----------
    case : Case
        The case.
    inputs : Inputs
        Network, depots and loads.
    draws : DataFrame
        Parameters, index member.

    Returns
    -------
    trucks : array
        Whole trucks, shape (member, fleet).
    """
    need = np.zeros_like(inputs.load_kl)
    pace = draws["driving_h_per_day"].to_numpy()
    for feed in inputs.feeds:
        corridor = inputs.corridors[feed.corridor]
        wanted = inputs.depots.demand[:, feed.place].sum(axis=1)
        flow = feed.share * wanted / inputs.load_kl[:, corridor.fleet]
        clearance_h = draws["clearance_h"].to_numpy() if corridor.is_import else 0.0
        out = feed.travel_h / pace + clearance_h / 24
        home = (feed.travel_h + 2 * corridor.abroad_h) / pace
        home = home + draws["loading_days"].to_numpy()
        need[:, corridor.fleet] += flow * (np.maximum(out, 1) + np.maximum(home, 1) + 1)
    trucks: Floats = np.ceil(need * draws["fleet_margin"].to_numpy()[:, np.newaxis])
    for fleet, known in enumerate(case.fleets["trucks"]):
        if not pd.isna(known):
            trucks[:, fleet] = known
    return trucks


def entity_key(seed: int, stream: str, entity: str) -> tuple[int, int]:
    """Turn the name of a stream into the two words that a record keeps.

    Parameters
    ----------
    seed : int
        Seed of the run.
    stream, entity : str
        What the luck is for, and whose it is.

    Returns
    -------
    low, high : int
        The words.
    """
    low, high = key(seed, stream, entity)
    return int(low), int(high)
