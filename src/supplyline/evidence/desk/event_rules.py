"""How events change a case: incidents, effort of regions, hazard of segments.

Each rule is a pure function of tables and occurrences; docs/evidence/effects.md has
their equations.
"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from supplyline.case.fields import text_fault
from supplyline.case.frames import rows, write_cell
from supplyline.evidence.desk.kinds import kinds
from supplyline.evidence.desk.occurrences import Occurrence, telling_kind
from supplyline.evidence.desk.snapping import ROAD
from supplyline.evidence.desk.table_changes import Cells, TableChange, added, basis_of
from supplyline.evidence.events.lookups import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from supplyline.case.case import Case

LOW, HIGH = 0.1, 0.9
"""Quantiles kept as low and high end of a hazard [1]."""

_WEEK: Final = timedelta(days=7)
_EFFORT_DIGITS: Final = 4
_EXPOSURE_DIGITS: Final = 6
_MOST_TARGET: Final = 200
_PRECISIONS: Final = ("day", "week", "month")


def incidents(
    case: Case, occurrences: Sequence[Occurrence], cutoff: date
) -> list[TableChange]:
    """Make rows of events.csv, witnesses.csv and sources.csv of what happened.

    Nothing of a report that may not be passed on stands in any of them.
    """
    titles = dict(
        zip(*(case.tables["actors"][c] for c in ("actor", "title")), strict=True)
    )
    towns = dict(
        zip(*(case.tables["places"][c] for c in ("place", "title")), strict=True)
    )
    known = set(case.tables["sources"]["source"])
    events: list[TableChange] = []
    seen: list[TableChange] = []
    cited: set[str] = set()
    for one in occurrences:
        lead = incident_lead(one, cutoff)
        if lead is None and one.event is None:
            continue
        name = one.event or name_of(one)
        if lead is not None and one.event is None:
            cells = _incident(one, lead, titles, towns)
            events.append(added("events", cells, "incident", _reports(one)))
            cited.add(cells["source"])
        seen.extend(_witnesses(one, name))
    sources = [
        data_set_source(name, cutoff, "incident") for name in sorted(cited - known)
    ]
    return [*sources, *events, *seen]


def incident_lead(one: Occurrence, cutoff: date) -> Any | None:  # noqa: ANN401 - a row
    """Choose the report from which a row of events.csv is written."""
    for row in one.open_reports:
        is_known = isinstance(row.actor, str) and row.kind in kinds()
        is_dated = row.date_precision in _PRECISIONS and not pd.isna(row.start)
        if is_known and is_dated and pd.Timestamp(row.start).date() <= cutoff:
            return row
    return None


def name_of(one: Occurrence) -> str:
    """Name an event after the first of its reports that may be passed on."""
    first = min(f"{row.data_set}/{row.data_id}" for row in one.open_reports)
    return f"EV-{sha256(first.encode()).hexdigest()[:10]}"


def efforts(
    case: Case,
    occurrences: Sequence[Occurrence],
    names: Mapping[int, str],
    params: Mapping[str, float],
    first: date,
) -> list[TableChange]:
    """Move the effort in each region by the attacks counted there."""
    regions = case.tables["regions"].set_index("region")
    home: Any = regions[~regions["is_boundary"]]["effort"]
    known = kinds()
    counted: dict[str, float] = dict.fromkeys(home.index, 0.0)
    basis: dict[str, list[int]] = {}
    for position, one in enumerate(occurrences):
        weight = known[one.kind].effort_weight if one.kind in known else 0.0
        region = one.lead.region
        if one.event is None and one.day >= first and weight and region in counted:
            counted[region] += weight
            basis.setdefault(region, []).append(position)
    total, present = sum(counted.values()), float(home.sum())
    if not total or not present:
        return []
    prior, expected = params["effort_prior_events"], total / present
    weights: Any = pd.Series(counted)
    moved = (prior * home + weights) / (prior + expected)
    moved *= _same_where_fuel_travels(case, home, moved)
    moved = moved.clip(lower=params["effort_floor"]).round(_EFFORT_DIGITS)
    everything = sorted(chain.from_iterable(basis.values()))
    return [
        TableChange(
            "regions",
            str(region),
            "effort",
            write_cell(float(before)),
            write_cell(float(moved[region])),
            "effort",
            basis_names(occurrences, names, basis.get(region, everything)),
        )
        for region, before in home.items()
        if float(moved[region]) != round(float(before), _EFFORT_DIGITS)
    ]


def hazards(
    case: Case,
    occurrences: Sequence[Occurrence],
    names: Mapping[int, str],
    params: Mapping[str, float],
    period: tuple[date, date],
) -> tuple[list[TableChange], list[Cells]]:
    """Count encounters by segment and week, and move the exposure of segments."""
    counts, basis = _encounters(occurrences, period)
    if not counts:
        return [], []
    counted = sorted(chain.from_iterable(basis.values()))
    whole = basis_names(occurrences, names, counted)
    weeks = _weeks(*period)
    days = f"{weeks[0]} to {period[1]}"
    roads = case.tables["segments"]
    roads = roads[roads["mode"] == ROAD].sort_values("segment", ignore_index=True)
    changes = [TableChange("hazards", days, None, None, None, "hazard", whole)]
    hazard_rows: list[Cells] = []
    for _, some in roads.groupby("region"):
        count = np.array(
            [[counts.get((s, week), 0) for week in weeks] for s in some["segment"]]
        )
        load = (some["exposure"] * some["length_km"]).to_numpy(np.float64)
        if not count.sum() or not load.sum():
            continue
        prior = count.sum() / len(weeks) * load / load.sum()
        cited = [
            [p for week in weeks for p in basis.get((segment, week), [])]
            for segment in some["segment"]
        ]
        shown = [basis_names(occurrences, names, positions) for positions in cited]
        everything = sorted(chain.from_iterable(cited))
        every = basis_names(occurrences, names, everything)
        weight = params["hazard_prior_weeks"]
        after = (weight * prior + count.sum(axis=1)) / (weight + len(weeks))
        exposure = np.round(
            after / some["length_km"] * load.sum() / prior.sum(), _EXPOSURE_DIGITS
        )
        changes.extend(_exposures(some, exposure, shown, every))
        for segment, mean, line in zip(some["segment"], prior, count, strict=True):
            told = [
                basis_names(occurrences, names, basis.get((segment, week), []))
                for week in weeks
            ]
            hazard_rows.extend(_hazard_rows(segment, weeks, line, weight, mean, told))
    return changes, hazard_rows


def basis_names(
    occurrences: Sequence[Occurrence],
    names: Mapping[int, str],
    positions: Sequence[int],
) -> str:
    """Write the events counted: by name, or by number where they are withheld."""
    said = [names[p] for p in positions if p in names]
    # an open report without a row of events.csv is told by its data set
    unnamed = [p for p in positions if p not in names]
    is_open = [p for p in unnamed if occurrences[p].open_reports]
    said += [name_of(occurrences[p]) for p in is_open]
    return basis_of(said, len(unnamed) - len(is_open))


def _encounters(
    occurrences: Sequence[Occurrence], period: tuple[date, date]
) -> tuple[dict[tuple[str, date], int], dict[tuple[str, date], list[int]]]:
    """Count attacks on the road by segment and Monday of the week."""
    known = kinds()
    counts: dict[tuple[str, date], int] = {}
    basis: dict[tuple[str, date], list[int]] = {}
    for position, one in enumerate(occurrences):
        segment, day = one.lead.segment, one.day
        is_encounter = one.kind in known and known[one.kind].is_encounter
        if is_encounter and segment is not None and period[0] <= day <= period[1]:
            key = (str(segment), day - timedelta(days=day.weekday()))
            counts[key] = counts.get(key, 0) + 1
            basis.setdefault(key, []).append(position)
    return counts, basis


def _weeks(first: date, last: date) -> list[date]:
    """List the Mondays of the weeks between two days."""
    monday = first - timedelta(days=first.weekday())
    return [monday + n * _WEEK for n in range((last - monday).days // 7 + 1)]


def _exposures(
    roads: pd.DataFrame, exposure: pd.Series[Any], shown: list[str], every: str
) -> Iterator[TableChange]:
    """Give the exposures of a region that change."""
    for row, value, basis in zip(rows(roads), exposure, shown, strict=True):
        if float(value) != round(float(row.exposure), _EXPOSURE_DIGITS):
            before, after = write_cell(float(row.exposure)), write_cell(float(value))
            said = every if basis == "none" else basis
            yield TableChange(
                "segments", str(row.segment), "exposure", before, after, "hazard", said
            )


def _hazard_rows(
    segment: str,
    weeks: list[date],
    counts: Any,  # noqa: ANN401 - an array
    weight: float,
    prior: float,
    told: list[str],
) -> Iterator[Cells]:
    """Write the hazard of one segment in each week."""
    shape, rate = np.maximum(weight * prior + counts, 1e-12), weight + 1.0
    low, high = (stats.gamma.ppf(q, shape, scale=1.0 / rate) for q in (LOW, HIGH))
    for week, count, ends, basis in zip(
        weeks, counts, zip(low, shape / rate, high, strict=True), told, strict=True
    ):
        numbers = [write_cell(float(f"{end:.6g}")) for end in ends]
        yield {
            "segment": segment,
            "start": str(week),
            "encounters": str(int(count)),
            "hazard_low": numbers[0],
            "hazard": numbers[1],
            "hazard_high": numbers[2],
            "basis": basis,
        }


def _same_where_fuel_travels(
    case: Case, before: pd.Series[Any], after: pd.Series[Any]
) -> float:
    """Give the factor that keeps the mean effort along import roads as it was."""
    tables = case.tables
    table = tables["corridors"]
    ways = set(table[table["kind"] == "import"]["corridor"])
    steps = tables["corridor_segments"]
    used = set(steps[steps["corridor"].isin(ways)]["segment"])
    roads = tables["segments"]
    roads = roads[
        roads["segment"].isin(used)
        & (roads["mode"] == ROAD)
        & roads["region"].isin(before.index)
    ]
    load = roads["length_km"] * roads["exposure"]
    means = [float((load * roads["region"].map(e)).sum()) for e in (before, after)]
    return means[0] / means[1] if all(means) else 1.0


def _incident(
    one: Occurrence,
    lead: Any,  # noqa: ANN401 - a row of a frame
    titles: Mapping[str, str],
    towns: Mapping[str, str],
) -> Cells:
    """Write a row of events.csv from the reports that may be passed on."""
    told = one.open_reports
    kind = telling_kind([row.kind for row in told])
    low = [row.deaths_low for row in told if not pd.isna(row.deaths_low)]
    high = [row.deaths_high for row in told if not pd.isna(row.deaths_high)]
    sets = sorted({str(row.data_set) for row in told})
    words = kind.replace("_", " ").capitalize()
    place, actor = towns[lead.place], titles[lead.actor]
    return {
        "event": name_of(one),
        "date": f"{pd.Timestamp(lead.start):%Y-%m-%d}",
        "date_precision": str(lead.date_precision),
        "kind": kind,
        "actor": str(lead.actor),
        "target": _target(lead),
        "place": str(lead.place),
        "lat": write_cell(float(lead.lat)),
        "lon": write_cell(float(lead.lon)),
        "corridor": "",
        "trucks_lost_low": "",
        "trucks_lost_high": "",
        "deaths_low": write_cell(float(min(low))) if low else "",
        "deaths_high": write_cell(float(max(high))) if high else "",
        "summary": f"{words} near {place} ({actor}), as told by {', '.join(sets)}.",
        "source": str(lead.data_set),
    }


def _target(lead: Any) -> str:  # noqa: ANN401 - a row of a frame
    """Name the other side as the data set does."""
    other = lead.actor2 if lead.row1 == lead.actor else lead.actor1
    text = " ".join(str(other).split())[:_MOST_TARGET] if isinstance(other, str) else ""
    return "not stated" if not text or text_fault(text) is not None else text


def _witnesses(one: Occurrence, event: str) -> Iterator[TableChange]:
    """Give the reports of an event that may be passed on and are new to the case."""
    for row in one.open_reports:
        if row.is_known:
            continue
        cells = {
            "data_set": str(row.data_set),
            "data_id": str(row.data_id),
            "event": event,
            "segment": write_cell(row.segment),
            "segment_km": write_cell(round(float(row.segment_km), 1)),
            "region": write_cell(row.region),
            "lat": write_cell(float(row.lat)),
            "lon": write_cell(float(row.lon)),
            "is_provisional": write_cell(bool(row.is_provisional)),
            "licence": str(row.licence),
        }
        yield added("witnesses", cells, "incident", event)


def data_set_source(data_set: str, cutoff: date, rule: str) -> TableChange:
    """Write the row of sources.csv of a data set; a person grades it."""
    terms = [row for row in rows_of("licences") if row["data_set"] == data_set]
    cells = {
        "source": data_set,
        "title": f"Data set {data_set}",
        "publisher": terms[0]["holder"] if terms else data_set,
        "date": f"{cutoff:%Y}",
        "address": terms[0]["terms"] if terms else "",
        "reliability": "F",
        "note": "not graded yet; added with what was taken from it",
    }
    return added("sources", cells, rule, data_set)


def _reports(one: Occurrence) -> str:
    """Name the reports of an event that may be passed on."""
    told = (f"{row.data_set}/{row.data_id}" for row in one.open_reports)
    return basis_of("".join(name.split()) for name in told)
