"""Armed groups and regions of a case to the flat arrays of the kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.arrays import position_of, wanted_by_place, ways_of
from supplyline.engine.calendar import dated
from supplyline.engine.draws import entity_key
from supplyline.engine.kernels.depots import Place
from supplyline.engine.kernels.groups import (
    Attack,
    GroupAccount,
    GroupDay,
    GroupState,
    Presence,
    Region,
    RegionDay,
    Relation,
)
from supplyline.engine.kernels.records import records

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names
    from supplyline.engine.draws import Luck
    from supplyline.engine.kernels.records import Records
    from supplyline.engine.reuse import Maker

    Floats = NDArray[np.float64]

DAYS_OF_MONTH = 365.25 / 12
"""Mean length of a month [days]."""


class GroupArrays(NamedTuple):
    """The parts of `world.Inputs` of a case with armed groups; empty without."""

    regions: Records
    presence: Records
    relations: Records
    attacks: Records
    group_days: Records
    region_days: Records


def build_groups(
    case: Case, names: Names, seed: int, days: int, make: Maker
) -> GroupArrays:
    """Lay regions, groups and their days out in arrays of records."""
    return GroupArrays(
        regions=make(build_regions, case, names, seed),
        presence=build_presence(case, names, seed),
        relations=build_relations(case, names, seed),
        attacks=build_attacks(case, names),
        group_days=build_group_days(case, names, days),
        region_days=build_region_days(case, names, days),
    )


def build_regions(case: Case, names: Names, seed: int) -> Records:
    """Lay out the regions, shape (region,)."""
    made = records(Region, len(names.regions))
    if not names.regions:
        return made
    table = case.regions.set_index("region").loc[list(names.regions)]
    is_boundary = table["is_boundary"].to_numpy(bool)
    made.is_boundary = is_boundary
    for field, column in (
        ("population", "population"),
        ("state_control", "state_control_share"),
        ("soldiers_share", "soldiers_share"),
        ("gold_share", "gold_share"),
    ):
        # nothing is followed abroad, so that what is not known there is not read
        known = table[column].to_numpy(np.float64)
        made[field] = np.where(is_boundary, 0.0, known)
    made.gold_share = np.nan_to_num(made.gold_share)  # a country without gold
    homes = case.places.set_index("place")["region"].loc[list(names.places)]
    made.places = homes.value_counts().reindex(names.regions, fill_value=0).to_numpy()
    traffic = np.where(is_boundary, 0.0, region_traffic(case, names))
    made.trucks = traffic / max(traffic.max(), 1e-300)
    for number, region in enumerate(names.regions):
        made[number].operation = entity_key(seed, "operation", region)
        made[number].siege = entity_key(seed, "siege", region)
    return made


def build_places(case: Case, names: Names) -> Records:
    """Lay out the places with a depot, shape (place,)."""
    made = records(Place, len(names.places))
    home = case.places.set_index("place")["region"]
    region_row = position_of(names.regions)
    # regions are followed only where there are groups
    made.region = [region_row.get(home[place], 0) for place in names.places]
    return made


def region_traffic(case: Case, names: Names) -> Floats:
    """Sum the fuel that crosses each region in calm times.

    Returns shape (region,) [kl km/day].
    """
    region_row = position_of(names.regions)
    laid = {
        row.segment: (region_row[row.region], row.length_km)
        for row in rows(case.segments)
    }
    wanted = wanted_by_place(case)
    ways, gateways = ways_of(case), case.corridors.set_index("corridor")["gateway"]
    traffic = np.zeros(len(names.regions))
    for feed in rows(case.feeds):
        way = ways[feed.corridor]
        gate = way.places.index(gateways[feed.corridor])
        end = way.places.index(feed.place)
        amount = feed.share * float(wanted.get(feed.place, 0.0))
        for segment in way.segments[gate:end]:
            region, length_km = laid[segment]
            traffic[region] += amount * length_km
    return traffic


def build_presence(case: Case, names: Names, seed: int) -> Records:
    """Lay out where the groups are on the first day, shape (group, region)."""
    made = records(Presence, len(names.groups), len(names.regions))
    group_row, region_row = position_of(names.groups), position_of(names.regions)
    for group in names.groups:
        for region in names.regions:
            own = made[group_row[group], region_row[region]]
            own.attack = entity_key(seed, "attack", f"{group}/{region}")
    for row in rows(case.presence):
        own = made[group_row[row.group], region_row[row.region]]
        own.control, own.effort = row.control_share, row.attack_share
    return made


def build_relations(case: Case, names: Names, seed: int) -> Records:
    """Lay out the relations of groups, by name, shape (relation,)."""
    pairs = relation_pairs(case)
    group_row = position_of(names.groups)
    made = records(Relation, len(pairs))
    for number, (first, second) in enumerate(pairs):
        made[number].first = group_row[first]
        made[number].second = group_row[second]
        made[number].switch = entity_key(seed, "alliance", f"{first}/{second}")
    return made


def relation_pairs(case: Case) -> dict[tuple[str, str], float]:
    """Give the alliance of each pair of groups; pairs and their names in order."""
    table = case.relations
    pairs = {
        (min(row.group, row.other), max(row.group, row.other)): float(row.alliance)
        for row in rows(table)
    }
    return dict(sorted(pairs.items()))


def build_attacks(case: Case, names: Names) -> Records:
    """Lay out the kinds of attack, shape (attack,)."""
    made = records(Attack, len(names.attacks))
    table = case.attacks.set_index("attack").loc[list(names.attacks)]
    for field in made.dtype.names or ():
        made[field] = table[field].to_numpy(np.float64)
    return made


class GroupStarts(NamedTuple):
    """What groups start from, by member."""

    groups: Records
    """`GroupState`, shape (member, group)."""
    accounts: Records
    """`GroupAccount`, shape (member, group)."""
    alliances: Floats
    """Alliance of each pair [1], shape (member, relation)."""


def draw_groups(case: Case, names: Names, luck: Luck) -> GroupStarts:
    """Draw strength, cash and attacks of the groups within their reported ranges."""
    members = len(luck.members)
    groups = records(GroupState, members, len(names.groups))
    accounts = records(GroupAccount, members, len(names.groups))
    table = case.groups.set_index("group")
    for number, group in enumerate(names.groups):
        row: Any = table.loc[group]
        low, high = row.fighters_low, row.fighters_high
        fighters = luck.between(low, high, "fighters", group)
        cash = luck.between(row.cash_low_usd, row.cash_high_usd, "cash", group)
        low, high = row.attacks_low_per_month, row.attacks_high_per_month
        attacks = luck.between(low, high, "attacks", group)
        groups.fighters[:, number] = groups.first_fighters[:, number] = fighters
        groups.cash[:, number] = cash
        groups.attacks_per_day[:, number] = attacks / DAYS_OF_MONTH
        accounts.start[:, number] = fighters
        accounts.cash_start[:, number] = cash
    pairs = list(relation_pairs(case).values())
    alliances = np.tile(np.array(pairs, np.float64), (members, 1))
    return GroupStarts(groups, accounts, alliances)


def build_group_days(case: Case, names: Names, days: int) -> Records:
    """Spread the measures on groups over the days of a run, shape (day, group)."""
    made = records(GroupDay, days, len(names.groups))
    made.attack_factor = 1.0
    made.alliance = -1.0
    group_row = position_of(names.groups)
    for row, when in dated(case, days, {"group_factor", "alliance", "ransom"}):
        group = group_row[row.target]
        if row.kind == "group_factor":
            made["attack_factor"][when, group] *= row.value
        elif row.kind == "alliance":
            made["alliance"][when, group] = row.value
        elif when.start < days:
            made["ransom_usd"][when.start, group] += row.value
    return made


def build_region_days(case: Case, names: Names, days: int) -> Records:
    """Spread dated sieges over the days of a run, shape (day, region)."""
    made = records(RegionDay, days, len(names.regions))
    region_row = position_of(names.regions)
    for row, when in dated(case, days, {"siege"}):
        region = region_row[row.target]
        if not pd.isna(row.end):
            made.is_besieged[when, region] = 1
        elif when.start < days:
            made.is_siege_begun[when.start, region] = 1
    return made
