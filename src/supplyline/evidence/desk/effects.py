"""Update a case by evidence: the changes proposed, and the folder written.

What evidence changed at the present cut-off is taken back first and made anew from all
evidence. So the same evidence twice changes nothing the second time, and evidence that
is gone leaves no trace. What an earlier cut-off brought stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.case.config import FILE, move_cutoff
from supplyline.case.frames import Frames
from supplyline.case.read import decode, read_bytes
from supplyline.errors import CaseError, Problem, shown
from supplyline.evidence.desk.actor_names import armed_groups
from supplyline.evidence.desk.event_rules import (
    data_set_source,
    efforts,
    hazards,
    incident_lead,
    incidents,
    name_of,
)
from supplyline.evidence.desk.observed import claims_added, observed, price_rows
from supplyline.evidence.desk.occurrences import (
    Occurrence,
    find_occurrences,
    read_reports,
)
from supplyline.evidence.desk.rule_params import NEEDS, read_params
from supplyline.evidence.desk.table_changes import (
    CUTOFF,
    NONE,
    Cells,
    TableChange,
    Tables,
    frame_of,
    make_changes,
    take_back,
    to_updates,
)
from supplyline.evidence.desk.writing import cells_of, write_changes
from supplyline.evidence.store.events import events_between, rows_of_kind
from supplyline.evidence.store.left_out import LeftOut, count_left_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.case.case import Case
    from supplyline.evidence.store.connection import Store

TOUCHED: Final = (
    "regions",
    "segments",
    "events",
    "observed",
    "claims",
    "witnesses",
    "hazards",
    "updates",
    "sources",
)
"""Tables that evidence may change."""
MARGIN: Final = 3.0
"""Events are looked for as far as this around the places of a case [degrees]."""


@dataclass(frozen=True, slots=True)
class UpdateProposal:
    """What evidence would change in a case."""

    changes: tuple[TableChange, ...]
    tables: Tables
    previous_cutoff: date
    cutoff: date
    refused: tuple[str, ...] = ()


def first_day(case: Case, cutoff: date | None = None) -> date:
    """Give the first day whose events are looked at."""
    params = case.tables["params"].set_index("param")["a"]
    days = float(params.get("evidence_window_days", 0.0))
    last = cutoff or case.config.cutoff
    return min(case.config.start, last - timedelta(days=int(days)))


def update_events(
    case: Case, store: Store, cutoff: date | None = None
) -> list[TableChange]:
    """Find what the evidence of a store changes in a case; nothing is written."""
    return list(propose_from(case, store, cutoff).changes)


def propose_from(
    case: Case, store: Store, cutoff: date | None = None
) -> UpdateProposal:
    """Find what the evidence of a store changes in a case; nothing is written."""
    last = cutoff or case.config.cutoff
    events = events_between(store, first_day(case, cutoff), last, box_of(case))
    return propose(case, events, rows_of_kind(store, "prices"), cutoff)


def find_left_out(
    case: Case, store: Store, cutoff: date | None = None
) -> LeftOut | None:
    """Count what of a store lies outside the days and the area of a case, if any."""
    if case.tables["places"].empty:
        return None
    days = first_day(case, cutoff), cutoff or case.config.cutoff
    return count_left_out(store, *days, box_of(case))


def box_of(case: Case) -> tuple[float, float, float, float]:
    """Give the box in which events are looked for: that of the places, and a margin."""
    lat, lon = case.tables["places"]["lat"], case.tables["places"]["lon"]
    return (
        max(float(lon.min()) - MARGIN, -180.0),
        max(float(lat.min()) - MARGIN, -90.0),
        min(float(lon.max()) + MARGIN, 180.0),
        min(float(lat.max()) + MARGIN, 90.0),
    )


def propose(
    case: Case,
    events: pd.DataFrame,
    prices: pd.DataFrame | None = None,
    cutoff: date | None = None,
) -> UpdateProposal:
    """Find what evidence changes in a case; nothing is written."""
    cutoff = _checked(case, cutoff)
    now = {name: cells_of(case, name) for name in TOUCHED}
    tables = take_back(now, cutoff)
    previous = _previous(case, now["updates"], cutoff)
    base = _as_case(case, tables)
    changes, hazard_rows, refused = _events(base, events, cutoff)
    changes += [*claims_added(base), *observed(base, cutoff)]
    if prices is not None and not prices.empty:
        new_prices = price_rows(base, prices, cutoff)
        changes += [*_price_sources(base, prices, new_prices, cutoff), *new_prices]
    made = make_changes(tables, changes)
    if hazard_rows is not None and (hazard_rows or _made_hazards(now["updates"])):
        made["hazards"] = hazard_rows
    moved = [] if cutoff == case.config.cutoff else [_move(case, cutoff)]
    made["updates"] += to_updates([*moved, *changes], previous, cutoff)
    made = _as_it_stood(now, made)
    return UpdateProposal((*moved, *changes), made, previous, cutoff, tuple(refused))


def apply(case: Case, proposal: UpdateProposal) -> Case:
    """Write the changes proposed into the folder of the case."""
    files = {}
    if proposal.cutoff != case.config.cutoff:
        content, _ = read_bytes(case.folder, FILE)
        text, _ = decode(content, FILE)
        files[FILE] = move_cutoff(text, proposal.cutoff).encode()
    now = {name: cells_of(case, name) for name in TOUCHED}
    news = {name: rows for name, rows in proposal.tables.items() if rows != now[name]}
    return write_changes(case, news, files)


def _checked(case: Case, cutoff: date | None) -> date:
    """Refuse to move the cut-off back."""
    if cutoff is None:
        return case.config.cutoff
    if cutoff < case.config.cutoff:
        expected = f"a day from the present cut-off, {case.config.cutoff}, on"
        problems = [Problem(FILE, None, "cutoff", shown(cutoff), expected)]
        raise CaseError(case.name, problems)
    return cutoff


def _previous(case: Case, updates: list[Cells], cutoff: date) -> date:
    """Give the cut-off before the present one, as far as updates.csv knows it."""
    if cutoff != case.config.cutoff:
        return case.config.cutoff
    said = [row["previous_cutoff"] for row in updates if row["cutoff"] == str(cutoff)]
    return date.fromisoformat(min(said)) if said else cutoff


def _as_case(case: Case, tables: Tables) -> Case:
    """Give the case with other rows in the tables touched."""
    frames = {name: frame_of(name, rows) for name, rows in tables.items()}
    return replace(case, tables=Frames({**case.tables, **frames}))


def _events(
    base: Case, events: pd.DataFrame, cutoff: date
) -> tuple[list[TableChange], list[Cells] | None, list[str]]:
    """Apply the rules about events; hazards are None where their rule is refused."""
    params: dict[str, dict[str, float]] = {}
    refused: list[str] = []
    for rule in NEEDS:
        try:
            params[rule] = read_params(base, rule)
        except CaseError as error:
            refused += [f"{rule}: {problem}" for problem in error.problems]
    if "incident" not in params:
        return [], None, refused
    shared = params["incident"]
    reports = read_reports(base, events, shared)
    reports = reports[reports["start"] <= pd.Timestamp(cutoff)].reset_index(drop=True)
    tables = base.tables
    occurrences = find_occurrences(
        tables["events"], tables["witnesses"], reports, tables["places"], shared
    )
    changes = incidents(base, occurrences, cutoff)
    counted = _countable(base, occurrences, shared["place_max_km"])
    names = _names(counted, cutoff)
    rows: list[Cells] | None = None
    if "effort" in params:
        first = _window(base, params["effort"], cutoff, "effort")
        changes += efforts(base, counted, names, params["effort"], first)
    if "hazard" in params:
        period = (_window(base, params["hazard"], cutoff, "hazard"), cutoff)
        exposures, rows = hazards(base, counted, names, params["hazard"], period)
        changes += exposures
    return changes, rows, refused


def _countable(
    base: Case, occurrences: Sequence[Occurrence], place_max_km: float
) -> list[Occurrence]:
    """Keep events of armed groups whose day and place are known well enough."""
    armed = armed_groups(base)
    kept = []
    for one in occurrences:
        lead = one.lead
        is_placed = lead.place_km <= place_max_km
        is_dated = lead.date_precision != "year" and not pd.isna(lead.start)
        if is_placed and is_dated and any(row.actor in armed for row in one.reports):
            kept.append(one)
    return kept


def _names(occurrences: Sequence[Occurrence], cutoff: date) -> dict[int, str]:
    """Give the rows of events.csv that events have, or get."""
    names = {}
    for position, one in enumerate(occurrences):
        if one.event is not None:
            names[position] = one.event
        elif incident_lead(one, cutoff) is not None:
            names[position] = name_of(one)
    return names


def _window(base: Case, params: dict[str, float], cutoff: date, rule: str) -> date:
    """Give the first day counted: nothing that an earlier cut-off has counted."""
    first = cutoff - timedelta(days=int(params["evidence_window_days"]) - 1)
    updates = base.tables["updates"]
    earlier = updates[updates["rule"] == rule]["cutoff"]
    if earlier.empty:
        return first
    return max(first, pd.Timestamp(earlier.max()).date() + timedelta(days=1))


def _made_hazards(updates: list[Cells]) -> bool:
    """Tell whether hazards.csv was made by its rule."""
    return any(row["rule"] == "hazard" for row in updates)


def _move(case: Case, cutoff: date) -> TableChange:
    """Describe the move of the cut-off."""
    before, after = str(case.config.cutoff), str(cutoff)
    return TableChange(FILE, CUTOFF, CUTOFF, before, after, CUTOFF, NONE)


def _price_sources(
    base: Case, prices: pd.DataFrame, changes: list[TableChange], cutoff: date
) -> list[TableChange]:
    """Give the rows of sources.csv that prices need."""
    if not changes:
        return []
    known = set(base.tables["sources"]["source"])
    cited = {str(name) for name in prices["data_set"]} - known
    return [data_set_source(name, cutoff, "price") for name in sorted(cited)]


def _as_it_stood(now: Tables, made: Tables) -> Tables:
    """Keep the order of a table in which no row has changed."""
    kept = {}
    for name, rows in made.items():
        both = [
            sorted(tuple(row.items()) for row in some) for some in (now[name], rows)
        ]
        kept[name] = now[name] if both[0] == both[1] else rows
    return kept
