"""Dated measures on groups, regions, the state and its partners, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.arrays import position_of
from supplyline.engine.calendar import day_of
from supplyline.engine.kernels.country_layout import (
    GroupDay,
    RegionDay,
)
from supplyline.engine.kernels.layout import records

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names
    from supplyline.engine.kernels.layout import Records

    Floats = NDArray[np.float64]


CHANGE_DAYS = 30
"""Days after a partner comes or goes in which the change counts as under way."""


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


def dated(case: Case, days: int, kinds: set[str]) -> list[tuple[Any, slice]]:
    """Give the measures of some kinds with the days on which they hold.

    Where the first day is uncertain, the middle of its range is taken.
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
    """Enter acts of the state and its partners in the calendar."""
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
    """Find the most partner troops at any date, by the middle of their ranges."""
    changes = []
    for row in rows(case.partners):
        troops = (row.troops_low + row.troops_high) / 2
        changes.append((pd.Timestamp(row.start), troops))
        if not pd.isna(row.end):
            changes.append((pd.Timestamp(row.end) + pd.Timedelta(days=1), -troops))
    ordered = sorted(changes)
    return float(max(np.cumsum([step for _, step in ordered]), default=0.0))
