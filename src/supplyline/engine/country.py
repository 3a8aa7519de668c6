"""Armed groups, regions and the regime of a case to the flat arrays of the kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.arrays import DAYS_OF_MONTH, entity_key, position_of, ways_of
from supplyline.engine.calendar import day_of
from supplyline.engine.draws import member_uniforms
from supplyline.engine.kernels.country_layout import (
    Attack,
    GroupAccount,
    GroupDay,
    GroupState,
    Presence,
    Region,
    RegionDay,
    Relation,
)
from supplyline.engine.kernels.country_parameters import CountryParameters
from supplyline.engine.kernels.layout import Place, records

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names
    from supplyline.engine.kernels.layout import Records

    Floats = NDArray[np.float64]

YEAR_DAYS = 365.25
"""Days of a year between two dates."""
NEVER_YEARS = 40.0
"""Years since an attempt where none is on record: the fitted rate falls no further."""
CHANGE_DAYS = 30
"""Days after a partner comes or goes in which the change counts as under way."""


class CountryArrays(NamedTuple):
    """The parts of `world.Inputs` of a case with armed groups; empty without."""

    regions: Records
    presence: Records
    relations: Records
    attacks: Records
    group_days: Records
    region_days: Records
    country_params: Records


def build_country(
    case: Case, names: Names, seed: int, days: int, draws: pd.DataFrame
) -> CountryArrays:
    """Lay regions, groups and their days out in arrays of records.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    seed : int
        Seed of the run, for the keys of the luck.
    days : int
        Length of the run, past and forecast.
    draws : DataFrame
        Parameters, index member.

    Returns
    -------
    country : CountryArrays
        Arrays of records.
    """
    return CountryArrays(
        build_regions(case, names, seed),
        build_presence(case, names, seed),
        build_relations(case, names, seed),
        build_attacks(case, names),
        build_group_days(case, names, days),
        build_region_days(case, names, days),
        country_parameters(names, draws),
    )


def country_parameters(names: Names, draws: pd.DataFrame) -> Records:
    """Turn drawn parameters of the country into one record for each member.

    Parameters
    ----------
    names : Names
        Names along the axes.
    draws : DataFrame
        One row for each member, one column for each parameter.

    Returns
    -------
    made : array of CountryParameters
        Shape (member,); all zero, and read by nobody, without armed groups.
    """
    made = records(CountryParameters, len(draws))
    if names.groups:
        for name in made.dtype.names or ():
            made[name] = draws[name].to_numpy()
    return made


def build_regions(case: Case, names: Names, seed: int) -> Records:
    """Lay out the regions.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    seed : int
        Seed of the run.

    Returns
    -------
    regions : array of Region
        Shape (region,).
    """
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
    """Lay out the places with a depot.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.

    Returns
    -------
    places : array of Place
        Shape (place,).
    """
    made = records(Place, len(names.places))
    home = case.places.set_index("place")["region"]
    region_row = position_of(names.regions)
    # regions are followed only where there are groups
    made.region = [region_row.get(home[place], 0) for place in names.places]
    return made


def region_traffic(case: Case, names: Names) -> Floats:
    """Sum the fuel that crosses each region in calm times.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.

    Returns
    -------
    traffic : array
        Shape (region,) [kl km/day].
    """
    region_row = position_of(names.regions)
    segments = case.segments.set_index("segment")
    wanted = case.demand.groupby("place")["demand_kl_per_day"].sum()
    ways, gateways = ways_of(case), case.corridors.set_index("corridor")["gateway"]
    traffic = np.zeros(len(names.regions))
    for feed in rows(case.feeds):
        way = ways[feed.corridor]
        gate = way.places.index(gateways[feed.corridor])
        end = way.places.index(feed.place)
        amount = feed.share * float(wanted.get(feed.place, 0.0))
        for segment in way.segments[gate:end]:
            region = region_row[segments.loc[segment, "region"]]
            traffic[region] += amount * float(segments.loc[segment, "length_km"])
    return traffic


def build_presence(case: Case, names: Names, seed: int) -> Records:
    """Lay out where the groups are on the first day.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    seed : int
        Seed of the run.

    Returns
    -------
    presence : array of Presence
        Shape (group, region).
    """
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
    """Lay out the relations of groups, by name.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    seed : int
        Seed of the run.

    Returns
    -------
    relations : array of Relation
        Shape (relation,).
    """
    pairs = relation_pairs(case)
    group_row = position_of(names.groups)
    made = records(Relation, len(pairs))
    for number, (first, second) in enumerate(pairs):
        made[number].first = group_row[first]
        made[number].second = group_row[second]
        made[number].switch = entity_key(seed, "alliance", f"{first}/{second}")
    return made


def relation_pairs(case: Case) -> dict[tuple[str, str], float]:
    """Give the alliance of each pair of groups; pairs and their names in order.

    Parameters
    ----------
    case : Case
        The case.

    Returns
    -------
    pairs : dict
        Two groups to their alliance [1].
    """
    table = case.relations
    pairs = {
        (min(row.group, row.other), max(row.group, row.other)): float(row.alliance)
        for row in rows(table)
    }
    return dict(sorted(pairs.items()))


def build_attacks(case: Case, names: Names) -> Records:
    """Lay out the kinds of attack.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.

    Returns
    -------
    attacks : array of Attack
        Shape (attack,).
    """
    made = records(Attack, len(names.attacks))
    table = case.attacks.set_index("attack").loc[list(names.attacks)]
    for field in made.dtype.names or ():
        made[field] = table[field].to_numpy(np.float64)
    return made


def build_group_days(case: Case, names: Names, days: int) -> Records:
    """Spread the measures on groups over the days of a run.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    days : int
        Length of the run, past and forecast.

    Returns
    -------
    group_days : array of GroupDay
        Shape (day, group).
    """
    made = records(GroupDay, days, len(names.groups))
    made.attack_factor = 1.0
    made.alliance = -1.0
    group_row = position_of(names.groups)
    for row, when in dated(case, days, {"group_factor", "alliance", "ransom"}):
        group = group_row[row.target]
        if row.kind == "group_factor":
            made.attack_factor[when, group] *= row.value
        elif row.kind == "alliance":
            made.alliance[when, group] = row.value
        elif when.start < days:
            made.ransom_usd[when.start, group] += row.value
    return made


def build_region_days(case: Case, names: Names, days: int) -> Records:
    """Spread dated sieges over the days of a run.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    days : int
        Length of the run, past and forecast.

    Returns
    -------
    region_days : array of RegionDay
        Shape (day, region).
    """
    made = records(RegionDay, days, len(names.regions))
    region_row = position_of(names.regions)
    for row, when in dated(case, days, {"siege"}):
        region = region_row[row.target]
        if not pd.isna(row.end):
            made.is_besieged[when, region] = 1
        elif when.start < days:
            made.is_siege_begun[when.start, region] = 1
    return made


def dated(case: Case, days: int, kinds: set[str]) -> list[tuple[Any, slice]]:
    """Give the measures of some kinds with the days on which they hold.

    Where the first day is uncertain, the middle of its range is taken.

    Parameters
    ----------
    case : Case
        The case.
    days : int
        Length of the run [days].
    kinds : set of str
        Kinds of measure.

    Returns
    -------
    found : list of tuple
        Row of measures.csv and its days; a measure that ended before the first day has
        none.
    """
    found = []
    table = case.measures[case.measures["kind"].isin(kinds)]
    for row in rows(table.sort_values(["start", "measure"])):
        first = day_of(case, row.start)
        if not pd.isna(row.start_latest):
            first = (first + day_of(case, row.start_latest)) // 2
        end = days if pd.isna(row.end) else day_of(case, row.end) + 1
        if end > 0:
            when = slice(min(max(first, 0), days), min(max(end, 0), days))
            found.append((row, when))
    return found


def enter_state(case: Case, calendar_days: Records) -> None:
    """Enter acts of the state and its partners in the calendar.

    Parameters
    ----------
    case : Case
        The case.
    calendar_days : array of Day
        Changed, shape (day,).
    """
    days = calendar_days.size
    factors = ("offensive_factor", "harm_factor", "gold_price", "clash_factor")
    for name in factors:
        calendar_days[name] = 1.0
    flags = {
        "deal": "is_deal",
        "party_ban": "is_party_ban",
        "election_postponed": "is_election_postponed",
    }
    moments = {"coup_attempt": "is_attempt", "purge": "is_purge"}
    for row, when in dated(case, days, {*factors, *flags, *moments}):
        if row.kind in factors:
            calendar_days[row.kind][when] *= row.value
        elif row.kind in flags:
            calendar_days[flags[row.kind]][when] = 1
        elif when.start < days and day_of(case, row.start) >= 0:
            calendar_days[moments[row.kind]][when.start] = 1
    _enter_partners(case, calendar_days)


def _enter_partners(case: Case, calendar_days: Records) -> None:
    """Sum partner troops by day; their shares and factors are means by troops."""
    days = calendar_days.size
    weights = np.zeros(days)
    means = {
        "partner_offensive": "offensive_share",
        "partner_escort": "escort_share",
        "partner_harm": "harm_factor",
        "partner_attrition": "attrition_factor",
    }
    for row in rows(case.partners):
        first = day_of(case, row.start)
        end = days if pd.isna(row.end) else day_of(case, row.end) + 1
        when = slice(min(max(first, 0), days), min(max(end, 0), days))
        troops = (row.troops_low + row.troops_high) / 2
        weights[when] += troops
        calendar_days.partner_low[when] += row.troops_low
        calendar_days.partner_high[when] += row.troops_high
        for field, column in means.items():
            calendar_days[field][when] += troops * getattr(row, column)
        for moment in (first, end) if end < days else (first,):
            change = slice(min(max(moment, 0), days), max(moment + CHANGE_DAYS, 0))
            calendar_days.is_partner_changing[change] = 1
    for field in means:
        calendar_days[field] /= np.where(weights > 0, weights, 1.0)


def most_partner_troops(case: Case) -> float:
    """Find the most partner troops at any date, by the middle of their ranges.

    Parameters
    ----------
    case : Case
        The case.

    Returns
    -------
    troops : float
        0 without partners [persons].
    """
    changes = []
    for row in rows(case.partners):
        troops = (row.troops_low + row.troops_high) / 2
        changes.append((pd.Timestamp(row.start), troops))
        if not pd.isna(row.end):
            changes.append((pd.Timestamp(row.end) + pd.Timedelta(days=1), -troops))
    ordered = sorted(changes)
    return float(max(np.cumsum([step for _, step in ordered]), default=0.0))


def enter_leader(case: Case, country: Records) -> None:
    """Write how long the leader has ruled and since when nobody tried a coup.

    Parameters
    ----------
    case : Case
        The case.
    country : array of Country
        Changed, shape (1,).
    """
    start = pd.Timestamp(case.config.start)
    facts = case.leader[pd.to_datetime(case.leader["date"]) <= start]
    when = pd.to_datetime(facts["date"])
    attempts = when[facts["kind"].isin(["coup", "failed_coup"])]
    power = when[facts["kind"] == "took_power"]
    country.since_attempt = NEVER_YEARS
    if len(attempts):
        country.since_attempt = (start - attempts.max()).days / YEAR_DAYS
    if len(power):
        country.tenure = (start - power.max()).days / YEAR_DAYS


class GroupStarts(NamedTuple):
    """What groups start from, by member."""

    groups: Records
    """`GroupState`, shape (member, group)."""
    accounts: Records
    """`GroupAccount`, shape (member, group)."""
    alliances: Floats
    """Alliance of each pair [1], shape (member, relation)."""


def draw_groups(case: Case, names: Names, seed: int, members: int) -> GroupStarts:
    """Draw strength, cash and attacks of the groups within their reported ranges.

    Parameters
    ----------
    case : Case
        The case.
    names : Names
        Names along the axes.
    seed, members : int
        Seed and number of members.

    Returns
    -------
    starts : GroupStarts
        States on the first day.
    """
    groups = records(GroupState, members, len(names.groups))
    accounts = records(GroupAccount, members, len(names.groups))
    table = case.groups.set_index("group")
    for number, group in enumerate(names.groups):
        row = table.loc[group]

        luck = {
            what: member_uniforms(seed, what, group, members)
            for what in ("fighters", "cash", "attacks")
        }
        fighters = _between(row.fighters_low, row.fighters_high, luck["fighters"])
        cash = _between(row.cash_low_usd, row.cash_high_usd, luck["cash"])
        low, high = row.attacks_low_per_month, row.attacks_high_per_month
        attacks = _between(low, high, luck["attacks"])
        groups.fighters[:, number] = groups.first_fighters[:, number] = fighters
        groups.cash[:, number] = cash
        groups.attacks_per_day[:, number] = attacks / DAYS_OF_MONTH
        accounts.start[:, number] = fighters
        accounts.cash_start[:, number] = cash
    pairs = list(relation_pairs(case).values())
    alliances = np.tile(np.array(pairs, np.float64), (members, 1))
    return GroupStarts(groups, accounts, alliances)


def _between(low: float, high: float, u: Floats) -> Floats:
    """Take a point between two ends by a uniform."""
    return np.asarray(low + (high - low) * u)
