"""What evidence changed in the case at its present cut-off, for the brief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from supplyline.analysis.members import number_of
from supplyline.case.frames import rows
from supplyline.quantities import Quantity
from supplyline.report.series import dated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from supplyline.case.case import Case
    from supplyline.report.evidence import Claim

_LETHAL_SHOWN: Final = 12
_OTHERS_SHOWN: Final = 200
_VALUES_SHOWN: Final = 12
_CITED_SHOWN: Final = 8
_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Cited:
    """One thing on which a change rests."""

    text: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that was added."""

    anchor: str
    name: str
    kind: str
    actor: str
    place: str
    region: str
    source: str
    date: Quantity
    deaths: tuple[Quantity, ...]
    witnesses: Quantity


@dataclass(frozen=True, slots=True)
class Group:
    """Events of one kind in one region."""

    region: str
    kind: str
    count: Quantity
    deaths: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class NewValue:
    """A value that changed, or was added to a series."""

    title: str
    what: str
    before: Quantity | None
    after: Quantity | None
    rule: str
    basis: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that evidence changed at the present cut-off."""

    since: Quantity | None
    count: Quantity
    groups: tuple[Group, ...]
    lethal: tuple[NewEvent, ...]
    others: tuple[NewEvent, ...]
    unlisted: Quantity | None
    claims: tuple[Claim, ...]
    figures: tuple[NewValue, ...]
    more_figures: tuple[NewValue, ...]

    def claims_cited(self) -> list[str]:
        """Name the claims that were added, and what values cite."""
        values = (*self.figures, *self.more_figures)
        cited = [one.text for value in values for one in value.basis]
        return [*(claim.name for claim in self.claims), *cited]


def changes_of(case: Case, claims: Iterable[Claim]) -> Changes | None:
    """Gather what evidence changed at the present cut-off of a case."""
    updates = case.tables["updates"]
    cutoff = pd.Timestamp(case.config.cutoff)
    updates = updates[updates["cutoff"] == cutoff]
    if updates.empty:
        return None
    first = updates["previous_cutoff"].min()
    names = {str(row.row) for row in rows(updates) if row.table == "claims"}
    events = _events(case, updates)
    listed = events[: _LETHAL_SHOWN + _OTHERS_SHOWN]
    anchors = {event.name: event.anchor for event in listed}
    known = list(claims)
    anchors.update({claim.name: claim.anchor for claim in known})
    values = _values(case, updates, anchors)
    return Changes(
        since=dated(first, f"case {case.name}") if first < cutoff else None,
        count=_count(case, len(events)),
        groups=_groups(case, events),
        lethal=tuple(listed[:_LETHAL_SHOWN]),
        others=tuple(listed[_LETHAL_SHOWN:]),
        unlisted=_count(case, len(events) - len(listed))
        if len(events) > len(listed)
        else None,
        claims=tuple(claim for claim in known if claim.name in names),
        figures=tuple(values[:_VALUES_SHOWN]),
        more_figures=tuple(values[_VALUES_SHOWN:]),
    )


def _events(case: Case, updates: pd.DataFrame) -> list[NewEvent]:
    """List the events added, the most lethal first."""
    names = set(updates[(updates["table"] == "events")]["row"])
    tables = case.tables
    events = tables["events"]
    seen = tables["witnesses"]["event"].value_counts().to_dict()
    regions = dict(
        zip(*(tables["places"][c] for c in ("place", "region")), strict=True)
    )
    titles = {name: _titles(case, name) for name in ("places", "actors", "regions")}
    added = events[events["event"].isin(names)]
    most = added[["deaths_low", "deaths_high"]].max(axis=1).fillna(-1.0)
    added = added.assign(most=most).sort_values(
        ["most", "date", "event"], ascending=[False, True, True]
    )
    return [
        NewEvent(
            anchor=f"event-{row.event}",
            name=str(row.event),
            kind=_words(row.kind),
            actor=titles["actors"].get(row.actor, str(row.actor)),
            place=titles["places"].get(row.place, str(row.place)),
            region=titles["regions"].get(regions.get(row.place), ""),
            source=str(row.source),
            date=dated(row.date, f"case {case.name}"),
            deaths=_range(row.deaths_low, row.deaths_high, _basis(case, row.source)),
            witnesses=_count(case, int(seen.get(row.event, 0))),
        )
        for row in rows(added)
    ]


def _groups(case: Case, events: list[NewEvent]) -> tuple[Group, ...]:
    """Count events by region and kind, the most lethal first."""
    by_kind: dict[tuple[str, str], list[NewEvent]] = {}
    for event in events:
        by_kind.setdefault((event.region, event.kind), []).append(event)
    basis = f"case {case.name}"
    ordered = []
    for (region, kind), some in by_kind.items():
        with_deaths = [event.deaths for event in some if event.deaths]
        low = sum(number_of(deaths[0]) for deaths in with_deaths)
        high = sum(number_of(deaths[-1]) for deaths in with_deaths)
        deaths = _range(low, high, basis) if with_deaths else ()
        group = Group(region, kind, _count(case, len(some)), deaths)
        ordered.append(((-high, -len(some), region, kind), group))
    return tuple(group for _, group in sorted(ordered, key=lambda pair: pair[0]))


def _values(
    case: Case, updates: pd.DataFrame, anchors: Mapping[str, str]
) -> list[NewValue]:
    """List the values changed and added, the largest changes first in each rule."""
    ranked: list[tuple[tuple[Any, ...], NewValue]] = []
    observed = {
        f"{row.series}, {row.start:%Y-%m-%d}, {row.claim}": row
        for row in rows(case.tables["observed"])
    }
    for row in rows(updates):
        if row.table == "observed" and row.row in observed:
            value = _added(row, observed[row.row], anchors)
            ranked.append(((row.rule, 0.0, row.row), value))
        elif isinstance(row.field, str) and (row.table, row.field) in _COLUMNS:
            value = _changed(case, row, anchors)
            ranked.append(((row.rule, -_size(value), row.row), value))
    return [value for _, value in sorted(ranked, key=lambda pair: pair[0])]


_COLUMNS: Final = {
    ("regions", "effort"): "effort against roads",
    ("segments", "exposure"): "exposure to encounters",
}
"""Table and column to words for what changed."""


def _changed(case: Case, row: Any, anchors: Mapping[str, str]) -> NewValue:  # noqa: ANN401 - a row of a frame
    """Make a changed value printable."""
    basis = f"case {case.name}"
    before, after = (
        None
        if text is None
        else Quantity(float(text), "1", basis=basis, digits=_DIGITS)
        for text in (row.before, row.after)
    )
    title = _row_title(case, str(row.table), str(row.row))
    what = _COLUMNS[row.table, row.field]
    cited = _cited(str(row.basis), anchors)
    return NewValue(title, what, before, after, str(row.rule), cited)


def _added(
    row: Any,  # noqa: ANN401 - a row of a frame
    value: Any,  # noqa: ANN401 - a row of a frame
    anchors: Mapping[str, str],
) -> NewValue:
    """Make a value added to a series printable."""
    shown = Quantity(
        float(value.value), str(value.unit), basis=f"claim {value.claim}", digits=None
    )
    ends = [f"{day:%Y-%m-%d}" for day in (value.start, value.end)]
    days = ends[0] if ends[0] == ends[1] else " to ".join(ends)
    title = f"{_words(value.series)}, {days}"
    cited = _cited(str(row.basis), anchors)
    return NewValue(title, "value of a series", None, shown, str(row.rule), cited)


def _cited(basis: str, anchors: Mapping[str, str]) -> tuple[Cited, ...]:
    """Link what a change rests on, as far as it stands in the brief."""
    parts = basis.split()
    shown = [part for part in parts if part in anchors][:_CITED_SHOWN]
    rest = [part for part in parts if part not in shown]
    counted = sum(int(part[1:]) for part in rest if part[1:].isdigit())
    held = [part.partition(":")[2] for part in rest if part.startswith("withheld:")]
    plain = [part for part in rest if not part[1:].isdigit() and ":" not in part]
    others = len(plain) + counted - plain.count("none")
    cited = [Cited(part, anchors[part]) for part in shown]
    if others:
        cited.append(Cited(f"{others:,} {'others' if shown else 'events'}", None))
    cited.extend(Cited(f"{count} that may not be shown", None) for count in held)
    return tuple(cited)


def _row_title(case: Case, table: str, row: str) -> str:
    """Name a row as a reader knows it."""
    if table == "segments":
        places = _titles(case, "places")
        segments = case.tables["segments"].set_index("segment")
        if row in segments.index:
            ends = segments.loc[row, ["from_place", "to_place"]]
            return " to ".join(places.get(end, str(end)) for end in ends)
    return _titles(case, table).get(row, row) if table == "regions" else row


def _titles(case: Case, table: str) -> dict[Any, str]:
    """Give the titles of the rows of a table."""
    frame = case.tables[table]
    names = frame[table.removesuffix("s")]
    return {name: str(title) for name, title in zip(names, frame["title"], strict=True)}


def _size(value: NewValue) -> float:
    """Measure a change against the larger of its two values."""
    ends = [number_of(one) for one in (value.before, value.after) if one is not None]
    if len(ends) < 2 or not any(ends):
        return 1.0
    return abs(ends[1] - ends[0]) / max(abs(end) for end in ends)


def _range(low: Any, high: Any, basis: str) -> tuple[Quantity, ...]:  # noqa: ANN401 - a cell
    """Make deaths printable: one number, or two ends."""
    ends = {float(end) for end in (low, high) if not pd.isna(end)}
    return tuple(Quantity(end, "1", basis=basis, digits=None) for end in sorted(ends))


def _basis(case: Case, source: object) -> str:
    """Name the source of an event as a basis."""
    known = set(case.tables["sources"]["source"])
    return f"source {source}" if source in known else "assumption"


def _count(case: Case, count: int) -> Quantity:
    """Make a number of rows printable."""
    return Quantity(float(count), "1", basis=f"case {case.name}", digits=None)


def _words(name: object) -> str:
    """Read an identifier as words."""
    return str(name).replace("_", " ")
