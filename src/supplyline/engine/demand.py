"""Demand, stocks, loads and fleets of a case, by member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.kernels.depots import Depot
from supplyline.engine.kernels.records import records
from supplyline.tables.supply import DemandClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names, Network
    from supplyline.engine.draws import Luck
    from supplyline.engine.kernels.records import Records
    from supplyline.engine.kernels.world import Inputs

    Floats = NDArray[np.float64]

DEMAND_CLASSES: Final[tuple[str, ...]] = get_args(DemandClass)
"""Users, in order of priority."""
PUBLIC: Final = DEMAND_CLASSES.index("public")


def member_demand(case: Case, names: Names, draws: pd.DataFrame, luck: Luck) -> Floats:
    """Scale the demand table to each member's national demand and capital share.

    Essential users, power and industry keep the table's amounts; the public takes the
    rest of the drawn national demand, of which the capital takes its drawn share.

    Returns shape (member, place, product, class) [kl/day].
    """
    table = case.demand
    members = len(draws)
    demand = np.zeros(
        (members, len(names.places), len(names.products), len(DEMAND_CLASSES))
    )
    for row in rows(table):
        at = (
            slice(None),
            names.places.index(row.place),
            names.products.index(row.product),
            DEMAND_CLASSES.index(row.demand_class),
        )
        entity = f"{row.place}/{row.product}/{row.demand_class}"
        demand[at] = luck.between(
            row.demand_kl_per_day, row.demand_high_kl_per_day, "demand", entity
        )
    public = demand[..., PUBLIC].copy()
    of_public = public.reshape(members, -1).sum(axis=1)
    capital = names.places.index(case.config.capital)
    total = draws["national_demand_kl_per_day"].to_numpy()
    fixed = demand.reshape(members, -1).sum(axis=1) - of_public
    left = np.maximum(total - fixed, 0.0)
    share = draws["capital_demand_share"].to_numpy()
    in_capital = public[:, capital].sum(axis=1)
    elsewhere = of_public - in_capital
    share = np.where(elsewhere == 0.0, 1.0, share)
    scale = np.repeat(
        (left * (1.0 - share) / np.maximum(elsewhere, 1e-300))[:, np.newaxis],
        len(names.places),
        axis=1,
    )
    scale[:, capital] = left * share / np.maximum(in_capital, 1e-300)
    demand[..., PUBLIC] = public * scale[:, :, np.newaxis]
    return demand


def downstream(network: Network, own: Floats) -> Floats:
    """Add to each depot's demand that of the places fed from it [kl/day]."""
    total, added = own.copy(), own
    # A way from depot to depot has fewer legs than there are places.
    for _ in range(own.shape[1]):
        onward = np.zeros_like(own)
        for feed in network.feeds:
            source = network.corridors[feed.corridor].source
            if source >= 0:
                onward[:, source] += feed.share * added[:, feed.place]
        if not onward.any():
            break
        total += onward
        added = onward
    return total


def build_depots(
    case: Case, names: Names, network: Network, draws: pd.DataFrame, luck: Luck
) -> Records:
    """Compute demand, stocks and capacity of each depot for each member.

    Returns shape (member, place, product).
    """
    demand = member_demand(case, names, draws, luck)
    depots = records(Depot, len(draws), len(names.places), len(names.products))
    for rank, name in enumerate(DEMAND_CLASSES):
        depots[name] = demand[..., rank]
    depots["demand"] = downstream(network, demand.sum(axis=3))
    depots["public_demand"] = downstream(network, demand[..., PUBLIC])
    _set_targets(case, names, draws, depots)
    _set_initial(case, names, luck, depots)
    return depots


def _set_targets(
    case: Case, names: Names, draws: pd.DataFrame, depots: Records
) -> None:
    """Write the stock aimed at and the capacity of each depot [kl].

    The capital holds the nation's days of supply, less what industry holds itself. A
    depot holds a truck's load at least: with less it would run dry between two trucks.
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
    load_kl = _largest_load(case, names, draws)[:, :, np.newaxis]
    wished = np.maximum(wished, np.where(depots.demand > 0.0, load_kl, 0.0))
    for row in rows(case.depots):
        at = (
            slice(None),
            names.places.index(row.place),
            names.products.index(row.product),
        )
        capacity = np.inf if pd.isna(row.capacity_kl) else row.capacity_kl
        target = wished[at] if pd.isna(row.target_kl) else row.target_kl
        depots.capacity[at] = capacity
        depots.production[at] = np.nan_to_num(row.production_kl_per_day)
        depots.target[at] = np.minimum(target, capacity)


def _set_initial(case: Case, names: Names, luck: Luck, depots: Records) -> None:
    """Write the stock of the first day: what is stated, else what is aimed at [kl]."""
    depots.initial[:] = depots.target
    for row in rows(case.depots[case.depots["initial_kl"].notna()]):
        at = (
            slice(None),
            names.places.index(row.place),
            names.products.index(row.product),
        )
        stock = luck.between(row.initial_kl, row.initial_high_kl, "initial", row.depot)
        depots.initial[at] = np.minimum(stock, depots.capacity[at])


def _largest_load(case: Case, names: Names, draws: pd.DataFrame) -> Floats:
    """Give the largest load that comes to each place, shape (member, place) [kl]."""
    fleet_of = case.corridors.set_index("corridor")["fleet"]
    load_kl = build_loads(case, names, draws)
    largest = np.zeros((len(draws), len(names.places)))
    for row in rows(case.feeds):
        place = names.places.index(row.place)
        fleet = names.fleets.index(fleet_of[row.corridor])
        largest[:, place] = np.maximum(largest[:, place], load_kl[:, fleet])
    return largest


def build_loads(case: Case, names: Names, draws: pd.DataFrame) -> Floats:
    """Give the load of one truck of each fleet, shape (member, fleet) [kl]."""
    load_kl = np.repeat(
        draws["truck_kl"].to_numpy()[:, np.newaxis], len(names.fleets), 1
    )
    for fleet, known in enumerate(case.fleets["load_kl"]):
        if not pd.isna(known):
            load_kl[:, fleet] = known
    return load_kl


def fleet_trucks(case: Case, inputs: Inputs, draws: pd.DataFrame) -> Floats:
    """Size the fleets: the table's trucks, or a margin over what keeps them busy."""
    margin = draws["fleet_margin"].to_numpy()[:, np.newaxis]
    need = np.maximum(steady_need(inputs, draws), spare_need(inputs, draws))
    trucks: Floats = np.ceil(need * margin)
    for fleet, known in enumerate(case.fleets["trucks"]):
        if not pd.isna(known):
            trucks[:, fleet] = known
    return trucks


def steady_need(inputs: Inputs, draws: pd.DataFrame) -> Floats:
    """Count the trucks that a steady flow keeps busy, shape (member, fleet)."""
    need: Floats = np.zeros_like(inputs.load_kl)
    for feed in inputs.feeds:
        fleet = inputs.corridors[feed.corridor].fleet
        place = inputs.depots[:, feed.place]
        lacking = np.maximum(place["demand"] - place["production"], 0.0)
        wanted = lacking.sum(axis=1)
        flow = feed.share * wanted / inputs.load_kl[:, fleet]
        need[:, fleet] += flow * _days_busy(inputs, feed, draws)
    return need


def spare_need(inputs: Inputs, draws: pd.DataFrame) -> Floats:
    """Count the trucks that the largest spare way of a fleet would keep busy.

    Returns shape (member, fleet).
    """
    need: Floats = np.zeros_like(inputs.load_kl)
    for corridor in inputs.corridors:
        feeds = inputs.feeds[corridor.first_feed : corridor.end_feed]
        is_spare = feeds.size > 0 and not feeds["share"].any()
        if is_spare and np.isfinite(corridor.capacity_kl):
            fleet = corridor.fleet
            flow = corridor.capacity_kl / inputs.load_kl[:, fleet]
            busy = flow * _days_busy(inputs, feeds[-1], draws)
            need[:, fleet] = np.maximum(need[:, fleet], busy)
    return need


def _days_busy(inputs: Inputs, feed: np.record, draws: pd.DataFrame) -> Floats:
    """Count the days that a truck is busy with one load, shape (member)."""
    corridor = inputs.corridors[feed.corridor]
    pace = draws["driving_h_per_day"].to_numpy()
    clearance_h = draws["clearance_h"].to_numpy() if corridor.is_import else 0.0
    out = feed.travel_h / pace + (clearance_h + feed.nonstop_h) / 24
    home = (feed.travel_h + 2 * corridor.abroad_h) / pace
    home = home + (feed.nonstop_h + 2 * corridor.abroad_nonstop_h) / 24
    home = home + draws["loading_days"].to_numpy()
    return np.asarray(np.maximum(out, 1) + np.maximum(home, 1) + 1)
