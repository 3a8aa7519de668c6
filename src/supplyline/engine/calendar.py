"""Dated measures and seasons of a case, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.kernels.depots import PlaceDay
from supplyline.engine.kernels.layout import Day
from supplyline.engine.kernels.network import CorridorDay
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.threat import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from typing import Any

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names
    from supplyline.engine.draws import Luck
    from supplyline.engine.kernels.records import Records

    Floats = NDArray[np.float64]


def day_of(case: Case, when: date | pd.Timestamp) -> int:
    """Count the days from the case's start to a date [days]."""
    return int((pd.Timestamp(when) - pd.Timestamp(case.config.start)).days)


class CalendarArrays(NamedTuple):
    """The parts of `world.Inputs` that go by the day."""

    days: Records
    corridor_days: Records
    official_price: Floats
    ration: Floats
    place_days: Records


def build_calendar(case: Case, names: Names, days: int) -> CalendarArrays:
    """Spread the measures and seasons over the days of a run."""
    month = pd.date_range(case.config.start, periods=days).month
    season = case.seasons.set_index("month").reindex(month)
    is_import = (case.corridors["kind"] == "import").to_numpy()
    calendar = CalendarArrays(
        days=records(Day, days),
        corridor_days=records(CorridorDay, days, len(names.corridors)),
        official_price=np.full((days, len(names.products)), np.nan),
        ration=np.full((days, len(names.products)), NO_RATION),
        place_days=records(PlaceDay, days, len(names.places)),
    )
    calendar.place_days.power_priority = 1.0
    calendar.place_days.grid_h = -1.0
    calendar.days.power_factor = season["power_factor"].fillna(1.0).to_numpy()
    calendar.days.escort_factor = 1.0
    calendar.days.clearance_h = -1.0
    calendar.days.rainy_share = season["rainy_share"].to_numpy()
    by_corridor = calendar.corridor_days
    by_corridor.is_escorted = is_import[np.newaxis]
    for row, when in _dated(case, days):
        _enter(calendar, names, row, when, is_import)
    is_due = (by_corridor.is_banned == 1) | (by_corridor.is_escort_ordered == 1)
    by_corridor.is_escorted[~is_due] = 0
    by_corridor.banned_days = _banned_days(case, names, by_corridor.is_banned)
    calendar.days.is_banned = by_corridor.is_banned.max(axis=1)
    calendar.days.is_escort_due = is_due.any(axis=1)
    started = np.diff(by_corridor.is_banned, axis=0, prepend=0) > 0
    calendar.days.is_announced = started.any(axis=1)
    enter_state(case, calendar.days)
    return calendar


def _banned_days(case: Case, names: Names, is_banned: NDArray[np.int64]) -> Floats:
    """Count for how long bans have held, those before the first day too [days]."""
    is_import = (case.corridors["kind"] == "import").to_numpy()
    age = np.full(len(names.corridors), -1.0)
    for row in rows(case.measures[case.measures["kind"] == "ban"]):
        days = -first_day(case, row)
        if days > 0 and (pd.isna(row.end) or day_of(case, row.end) >= 0):
            is_meant = np.array(names.corridors) == row.target
            where = is_import if pd.isna(row.target) else is_meant
            age[where] = np.maximum(age[where], days - 1.0)
    held = np.zeros(is_banned.shape)
    for day, banned in enumerate(is_banned):
        age = np.where(banned == 1, age + 1.0, -1.0)
        held[day] = np.maximum(age, 0.0)
    return held


def first_day(case: Case, row: Any) -> int:  # noqa: ANN401 - a row of measures.csv
    """Give the first day of a measure; where it is uncertain, the middle [day]."""
    first = day_of(case, row.start)
    if pd.isna(row.start_latest):
        return first
    return (first + day_of(case, row.start_latest)) // 2


def _dated(case: Case, days: int) -> Iterator[tuple[Any, slice]]:
    """Give each measure with the days on which it holds; what is entered last holds.

    By date, and of one day what is for all before what is for one.
    """
    order = ["start", "target", "measure"]
    for row in rows(case.measures.sort_values(order, na_position="first")):
        first = min(max(first_day(case, row), 0), days)
        end = days if pd.isna(row.end) else min(max(day_of(case, row.end) + 1, 0), days)
        yield row, slice(first, end)


NO_RATION = 1e9
"""Ration where none holds: more than anybody wants [1]."""
PLACE_FIELDS = ("power_priority", "grid_h")
"""Kinds of measure that set the field of their name of a place's day."""
CHANGE_DAYS = 30
"""Days after a partner comes or goes in which the change counts as under way."""
CORRIDOR_FIELDS = {
    "ban": "is_banned",
    "escort": "is_escort_ordered",
    "escort_suspension": "is_escorted",
    "free_passage": "is_free",
    "toll": "toll_usd",
    "humanitarian_pass": "pass_kl",
}
"""Kind of measure to the field of the corridor's day that it sets."""
CORRIDOR_VALUES = {"ban": 1, "escort": 1, "free_passage": 1, "escort_suspension": 0}
"""What it sets, where the measure itself has no value."""


def _enter(
    calendar: CalendarArrays,
    names: Names,
    row: Any,  # noqa: ANN401 - a row of measures.csv
    when: slice,
    is_import: NDArray[np.bool_],
) -> None:
    """Enter one measure in the calendar."""
    if row.kind in CORRIDOR_FIELDS:
        is_meant = np.array(names.corridors) == row.target
        where = np.flatnonzero(is_import if pd.isna(row.target) else is_meant)
        field = calendar.corridor_days[CORRIDOR_FIELDS[row.kind]]
        field[when, where] = CORRIDOR_VALUES.get(row.kind, row.value)
    elif row.kind == "escort_factor":
        calendar.days.escort_factor[when] *= row.value
    elif row.kind == "clearance":
        calendar.days.clearance_h[when] = row.value
    elif row.kind in PLACE_FIELDS:
        is_place = _meant(names.places, row.target)
        calendar.place_days[row.kind][when, is_place] = row.value
    elif row.kind == "official_price":
        calendar.official_price[when, _meant(names.products, row.target)] = row.value
    elif row.kind == "ration":
        calendar.ration[when, _meant(names.products, row.target)] = row.value


def _meant(names: Sequence[str], target: Any) -> NDArray[np.bool_]:  # noqa: ANN401 - a cell
    """Tell which names a measure is about: all where it has no target."""
    return np.array([pd.isna(target) or name == target for name in names])


def dated(case: Case, days: int, kinds: set[str]) -> list[tuple[Any, slice]]:
    """Give the measures of some kinds with the days on which they hold."""
    measures = []
    table = case.measures[case.measures["kind"].isin(kinds)]
    for row in rows(table.sort_values(["start", "measure"])):
        first = first_day(case, row)
        end = days if pd.isna(row.end) else day_of(case, row.end) + 1
        if end > 0:
            when = slice(min(max(first, 0), days), min(max(end, 0), days))
            measures.append((row, when))
    return measures


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


def drawn_starts(case: Case, kind: str, luck: Luck) -> Floats:
    """Draw the first day of each measure of a kind, where it is uncertain.

    Returns shape (member, measure) [day].
    """
    dated = case.measures[case.measures["kind"] == kind]
    starts = np.zeros((len(luck.members), len(dated)))
    for column, row in enumerate(rows(dated)):
        first = day_of(case, row.start)
        latest = first if pd.isna(row.start_latest) else day_of(case, row.start_latest)
        starts[:, column] = luck.day_between(first, latest, "measure", row.measure)
    return starts


def drawn_truces(case: Case, luck: Luck) -> tuple[Floats, Floats]:
    """Draw the dated truces: first day and day after, shape (member, truce) [day]."""
    truces = case.measures[case.measures["kind"] == "truce"]
    starts = drawn_starts(case, "truce", luck)
    ends = [NEVER if pd.isna(e) else day_of(case, e) + 1.0 for e in truces["end"]]
    return starts, np.repeat(np.array(ends)[np.newaxis], len(starts), axis=0)


def drawn_escort_step(case: Case, luck: Luck) -> Floats:
    """Draw the day from which escorts grow; `NEVER` where the case dates none.

    Returns shape (member) [day].
    """
    starts = drawn_starts(case, "escort_step", luck)
    if starts.shape[1] == 0:
        return np.full(len(starts), NEVER)
    return np.asarray(starts.min(axis=1))
