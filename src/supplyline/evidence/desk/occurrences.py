"""What happened, as far as is known: reports of data sets joined with the case's own.

An occurrence is one event with all who witness it. Reports whose licence forbids
passing them on are counted, but nothing of them is kept in a case: neither place nor
text nor identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from supplyline.case.fields import text_fault
from supplyline.evidence.desk.actor_names import actor_names, armed_groups, map_actors
from supplyline.evidence.desk.kinds import kinds
from supplyline.evidence.desk.matching import Limits, match_events
from supplyline.evidence.desk.snapping import snap_events
from supplyline.evidence.events.lookups import may_be_passed_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from supplyline.case.case import Case

OWN: Final = "case"
"""Data set of the events that stand in events.csv already."""
OWN_PLACE_KM: Final = 10.0
"""Least uncertainty of the place of an event of the case [km]."""
FAR_KM: Final = 100.0
"""Farthest from a place of the country that an event without a country may lie [km]."""

_UNCERTAIN_DAYS: Final = {"week": 6, "month": 30}
_FIELDS: Final = (
    "data_set", "data_id", "start", "end", "date_precision", "kind", "actor1", "actor2",
    "lat", "lon", "place_km", "country", "deaths", "deaths_low", "deaths_high",
    "is_provisional", "licence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Tell of one event and of who witnesses it."""

    event: str | None
    reports: tuple[Any, ...]
    own: Any | None = None

    @property
    def open_reports(self) -> tuple[Any, ...]:
        """All reports that may be passed on."""
        return tuple(row for row in self.reports if row.is_open)

    @property
    def lead(self) -> Any:  # noqa: ANN401 - a row of a frame
        """The report that is most exact."""
        return self.reports[0]

    @property
    def day(self) -> date:
        """First day of the most exact report."""
        return pd.Timestamp(self.lead.start).date()

    @property
    def kind(self) -> str:
        """Kind that says most."""
        said = [*self.reports, *([] if self.own is None else [self.own])]
        return telling_kind([row.kind for row in said])


def telling_kind(said: list[str]) -> str:
    """Choose the kind that says most: that of the greatest weight, else the first."""
    known = kinds()
    weights = [
        (known[kind].effort_weight, known[kind].is_encounter)
        if kind in known
        else (-1,)
        for kind in said
    ]
    return said[weights.index(max(weights))]


def read_reports(
    case: Case, events: pd.DataFrame, params: Mapping[str, float]
) -> pd.DataFrame:
    """Make the events of data sets ready: actors mapped, put on the map of the case."""
    rows = events[list(_FIELDS)].copy()
    rows["data_id"] = rows["data_id"].astype(str)
    rows = rows.sort_values(["data_set", "data_id"], ignore_index=True)
    for name in ("lat", "lon", "place_km", "deaths", "deaths_low", "deaths_high"):
        rows[name] = pd.to_numeric(rows[name]).astype("float64")
    for name in ("start", "end"):
        rows[name] = pd.to_datetime(rows[name])
    for end in ("deaths_low", "deaths_high"):
        rows[end] = rows[end].fillna(rows["deaths"])
    # some data sets give a low end above the high end
    ends = rows[["deaths_low", "deaths_high"]]
    rows["deaths_low"], rows["deaths_high"] = ends.min(axis=1), ends.max(axis=1)
    rows["end"] = rows["end"].fillna(rows["start"])
    rows = rows.join(map_actors(rows, actor_names(case)))
    rows["actor"] = _who_acted(case, rows)
    rows = rows.join(
        snap_events(
            rows, case.tables["places"], case.tables["segments"], params["snap_km"]
        )
    )
    is_open = rows["licence"].map(lambda one: may_be_passed_on(str(one))).astype(bool)
    # an identifier that no table may hold is counted only
    is_plain = rows["data_id"].map(lambda one: text_fault(one) is None).astype(bool)
    rows["is_open"] = is_open & is_plain
    return rows[_is_in_area(case, rows)].reset_index(drop=True)


def find_occurrences(
    own: pd.DataFrame,
    witnesses: pd.DataFrame,
    reports: pd.DataFrame,
    places: pd.DataFrame,
    params: Mapping[str, float],
) -> list[Occurrence]:
    """Join reports with each other and with the events of the case."""
    names = reports["data_set"].astype(str) + "/" + reports["data_id"]
    linked = {
        f"{row.data_set}/{row.data_id}": str(row.event)
        for row in witnesses.itertuples()
    }
    known = names.map(linked)
    free = reports[known.isna()]
    both = pd.concat([free, _own_reports(own, places)], ignore_index=True)
    limits = Limits(params["match_km"], params["match_days"], params["place_max_km"])
    groups = match_events(both, limits)["group"]
    mine = both["data_set"] == OWN
    events = dict(zip(groups[mine], both["data_id"][mine], strict=True))
    groups = groups.map(lambda one: f"{OWN}/{events[one]}" if one in events else one)
    matched = pd.Series(groups[~mine].to_numpy(object), index=free.index, dtype=object)
    group_of = known.map(lambda event: f"{OWN}/{event}", na_action="ignore")
    group_of = group_of.astype(object).where(known.notna(), matched)
    rows_of_own = {str(row.event): row for row in own.itertuples(index=False)}
    known_reports = reports.assign(is_known=known.notna())
    return list(_occurrences(known_reports, group_of, rows_of_own))


def _occurrences(
    reports: pd.DataFrame,
    group_of: pd.Series[Any],
    rows_of_own: Mapping[str, Any],
) -> Iterator[Occurrence]:
    """Gather the reports of each event, the most exact first."""
    ordered = reports.assign(group=group_of).sort_values(
        ["place_km", "deaths_low", "data_set", "data_id"],
        key=lambda column: column.isna() if column.name == "deaths_low" else column,
        na_position="last",
    )
    gathered: dict[str, list[Any]] = {}
    for row in ordered.itertuples(index=False):
        gathered.setdefault(str(row.group), []).append(row)
    for group in sorted(gathered):
        is_own = group.startswith(f"{OWN}/")
        event = group.removeprefix(f"{OWN}/") if is_own else None
        own = None if event is None else rows_of_own.get(event)
        yield Occurrence(event, tuple(gathered[group]), own)


def _own_reports(own: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Lay out the events of the case as reports of a data set of its own."""
    error = dict(zip(places["place"], places["coordinate_error_km"], strict=True))
    start = pd.to_datetime(own["date"])
    spread = own["date_precision"].map(_UNCERTAIN_DAYS).fillna(0).astype("int64")
    slack = pd.to_timedelta(spread, unit="D")
    return pd.DataFrame(
        {
            "data_set": OWN,
            "data_id": own["event"].astype(str),
            "kind": own["kind"],
            "start": start - slack / 2,
            "end": start + slack / 2,
            "lat": own["lat"],
            "lon": own["lon"],
            "place_km": own["place"].map(error).fillna(0.0).clip(lower=OWN_PLACE_KM),
            "deaths_low": own["deaths_low"],
            "deaths_high": own["deaths_high"],
            "actors": pd.Series(
                [frozenset({str(actor)}) for actor in own["actor"]],
                index=own.index,
                dtype=object,
            ),
        }
    )


def _who_acted(case: Case, rows: pd.DataFrame) -> list[str | None]:
    """Name the actor of each report: an armed group, else the first that is known."""
    armed = armed_groups(case)
    acted = []
    for pair in zip(rows["row1"], rows["row2"], strict=True):
        known = [actor for actor in pair if isinstance(actor, str)]
        groups = [actor for actor in known if actor in armed]
        acted.append(next(iter([*groups, *known]), None))
    return acted


def _is_in_area(case: Case, rows: pd.DataFrame) -> pd.Series[bool]:
    """Tell which reports are of the country, or near a road of the case."""
    places = case.tables["places"].set_index("place")["country"]
    is_here = rows["country"] == case.config.country
    is_near = rows["place"].map(places) == case.config.country
    is_near &= rows["distance_km"] <= rows["place_km"].fillna(0.0) + FAR_KM
    unsaid = rows["country"].isna() & is_near
    return (is_here | unsaid | rows["segment"].notna()) & rows["region"].notna()
