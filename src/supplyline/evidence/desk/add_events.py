"""Take files of events into the store of a case, and tell what of them concerns it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from supplyline.errors import CaseError, EvidenceError, Problem, refuse_other
from supplyline.evidence.desk.actor_names import Unmapped, actor_names, unmapped
from supplyline.evidence.desk.effects import box_of, find_left_out, first_day
from supplyline.evidence.desk.inputs import find_inputs, listed
from supplyline.evidence.desk.occurrences import find_occurrences, read_reports
from supplyline.evidence.desk.rule_params import read_params
from supplyline.evidence.events.event_file import read_events
from supplyline.evidence.store.events import COUNTS, events_between, put_events

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from supplyline.case.case import Case
    from supplyline.evidence.events.event_file import EventFile
    from supplyline.evidence.store.connection import Store
    from supplyline.evidence.store.left_out import LeftOut

_SHOWN_LINES: Final = 12
_ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".json", ".parquet", ".zip", ".gz")
_RESULT_FIELDS: Final = (
    "in_area",
    "by_kind",
    "by_region",
    "twins",
    "own",
    "on_road",
    "road_km",
    "place_km",
    "withheld",
    "refused",
)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the rows of one file.

    Attributes
    ----------
    name : str
        Name of the file.
    data_set, layout, licence : str
        What it is.
    rows : int
        Rows of the file [1].
    counts : dict of str to int
        Rows by what became of them.
    problems : tuple of str
        Faults of rows that were not taken in.
    """

    name: str
    data_set: str
    layout: str
    licence: str
    rows: int
    counts: dict[str, int]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventsReport:
    """What files of events brought, and what of the store concerns the case.

    Attributes
    ----------
    case : str
        Name of the case.
    files : tuple of FileReport
        Files in the order given.
    in_area : int
        Events of the store in the area and period of the case [1].
    by_kind, by_region : dict of str to int
        The same by kind and by region [1].
    twins : int
        Events with witnesses in two data sets or more, or in one and the case [1].
    own : int
        Of these, events that the case has already [1].
    on_road : int
        Events put on a road [1].
    road_km : float or None
        Median distance of these from their road [km].
    place_km : float or None
        Median distance of all from the nearest place of the case [km].
    withheld : int
        Events whose licence forbids passing them on: counted only [1].
    unmapped : tuple of Unmapped
        Actors that name no row of the case, the most frequent first.
    left_out : LeftOut or None
        What of the store lies outside the days and the area of the case.
    refused : str or None
        Why the case's part could not be told.
    """

    case: str
    files: tuple[FileReport, ...]
    in_area: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    by_region: dict[str, int] = field(default_factory=dict)
    twins: int = 0
    own: int = 0
    on_road: int = 0
    road_km: float | None = None
    place_km: float | None = None
    withheld: int = 0
    unmapped: tuple[Unmapped, ...] = ()
    left_out: LeftOut | None = None
    refused: str | None = None

    def lines(self) -> list[str]:
        """Tell it in lines."""
        lines = [line for file in self.files for line in _file_lines(file)]
        if self.refused is not None:
            return [*lines, f"What concerns the case is not told: {self.refused}"]
        lines.append(
            f"{self.in_area:,} events of the store are of the case {self.case}"
        )
        for name, counts in (("kind", self.by_kind), ("region", self.by_region)):
            if counts:
                lines.append(f"  by {name}: {_counted(counts)}")
        if self.in_area:
            lines.append(
                f"  {self.twins:,} with two witnesses or more, {self.own:,} of"
            )
            lines[-1] += " them in the case already"
        lines.extend(self._detail_lines())
        if self.left_out is not None:
            lines.extend(self.left_out.lines(self.case))
        lines.extend(_unmapped_lines(self.unmapped))
        return lines

    def _detail_lines(self) -> Iterator[str]:
        """Tell where the events of the case lie, and what of them is withheld."""
        if self.road_km is not None:
            yield f"  {self.on_road:,} on a road, {self.road_km:.1f} km from it"
        if self.place_km is not None:
            yield f"  {self.place_km:.1f} km from the nearest place (median)"
        if self.withheld:
            yield f"  {self.withheld:,} may not be passed on: counted only"

    def result(self) -> dict[str, Any]:
        """Tell it as plain values."""
        return {
            "case": self.case,
            "files": [
                {
                    "name": file.name,
                    "data_set": file.data_set,
                    "layout": file.layout,
                    "licence": file.licence,
                    "rows": file.rows,
                    **file.counts,
                    "problems": list(file.problems),
                }
                for file in self.files
            ],
            **{name: getattr(self, name) for name in _RESULT_FIELDS},
            "left_out": None if self.left_out is None else self.left_out.result(),
            "unmapped": [
                {"name": one.name, "count": one.count, "nearest": one.nearest}
                for one in self.unmapped
            ],
        }


def add_events(
    case: Case,
    paths: str | Path | Sequence[str | Path],
    store: Store,
    data_set: str | None = None,
) -> EventsReport:
    """Take files of events into a store, and tell what of it concerns a case.

    Every file is looked at before the first is taken in; each is then taken in whole or
    not at all. The case is not changed.

    Parameters
    ----------
    case : Case
        The case.
    paths : str, pathlib.Path or sequence of them
        Files, and folders of files.
    store : Store
        The store.
    data_set : str or None
        Data set, where the files do not tell it.

    Returns
    -------
    EventsReport
        What the files brought and what concerns the case.

    Raises
    ------
    EvidenceError
        If a file cannot be read; the faults of all files are listed.
    StoreError
        If the store cannot be written.
    """
    refuse_other("case", case, "Case", "load_case")
    refuse_other("store", store, "Store", "open_evidence")
    files = _opened(listed(paths), data_set)
    reports = [_put(store, file) for file in files]
    if case.tables["places"].empty:
        reason = "places.csv has no rows, so that no event can be placed"
        return EventsReport(case.name, tuple(reports), refused=reason)
    left_out = find_left_out(case, store)
    events = events_between(store, first_day(case), case.config.cutoff, box_of(case))
    return replace(report_on(case, events, reports), left_out=left_out)


def report_on(
    case: Case, events: pd.DataFrame, files: Sequence[FileReport] = ()
) -> EventsReport:
    """Tell what of the events of a store concerns a case."""
    try:
        params = read_params(case, "incident")
    except CaseError as error:
        return EventsReport(case.name, tuple(files), refused=str(error))
    tables = case.tables
    reports = read_reports(case, events, params)
    occurrences = find_occurrences(
        tables["events"], tables["witnesses"], reports, tables["places"], params
    )
    both = [one for one in occurrences if one.event is not None or len(one.reports) > 1]
    roads = reports["segment_km"].dropna()
    return EventsReport(
        case=case.name,
        files=tuple(files),
        in_area=len(reports),
        by_kind=_counts(reports["kind"]),
        by_region=_counts(reports["region"]),
        twins=len(both),
        own=sum(one.event is not None for one in both),
        on_road=len(roads),
        road_km=_median(roads),
        place_km=_median(reports["distance_km"]),
        withheld=int((~reports["is_open"].astype(bool)).sum()),
        unmapped=unmapped(reports, actor_names(case)),
    )


def _opened(paths: Sequence[str], data_set: str | None) -> list[EventFile]:
    """Look at every file; tell the faults of all of them at once."""
    files: list[EventFile] = []
    names, problems = find_inputs(paths, "*", _ENDINGS)
    for name in names:
        try:
            files.append(read_events(Path(name), data_set))
        except EvidenceError as error:
            problems.extend(error.problems)
    if not paths:
        problems.append(Problem("FILE", None, None, "no file is given", "one or more"))
    if problems:
        subject = "the files" if len(paths) != 1 else paths[0]
        raise EvidenceError(subject, problems)
    return files


def _put(store: Store, file: EventFile) -> FileReport:
    """Take one file in."""
    counts = put_events(store, file)
    problems = tuple(str(one) for one in file.problems) if counts["flagged"] else ()
    return FileReport(
        name=file.path.name,
        data_set=file.data_set,
        layout=file.layout,
        licence=file.licence,
        rows=file.rows,
        counts={name: counts[name] for name in COUNTS},
        problems=problems,
    )


def _file_lines(file: FileReport) -> list[str]:
    """Tell of one file."""
    counts = {name: count for name, count in file.counts.items() if count}
    said = _counted(counts) if counts else "nothing new"
    head = (
        f"{file.name}: {file.rows:,} rows of {file.data_set} ({file.licence}): {said}"
    )
    more = len(file.problems) - _SHOWN_LINES
    rest = [f"  and {more:,} more"] if more > 0 else []
    return [head, *(f"  {one}" for one in file.problems[:_SHOWN_LINES]), *rest]


def _unmapped_lines(names: Sequence[Unmapped]) -> list[str]:
    """Tell of actors that the case does not know."""
    if not names:
        return []
    lines = [f"{len(names):,} actors name no row of actors.csv; see names.csv:"]
    for one in names[:_SHOWN_LINES]:
        near = "" if one.nearest is None else f" (did you mean '{one.nearest}'?)"
        lines.append(f"  {one.count:,} times '{one.name}'{near}")
    if len(names) > _SHOWN_LINES:
        lines.append(f"  and {len(names) - _SHOWN_LINES:,} more (--json lists all)")
    return lines


def _counts(names: pd.Series[Any]) -> dict[str, int]:
    """Count names, the most frequent first."""
    counts = names.astype(str).value_counts()
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return {str(name): int(count) for name, count in ordered}


def _counted(counts: dict[str, int]) -> str:
    """Write counts in a line."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _median(numbers: pd.Series[Any]) -> float | None:
    """Give the median; None of nothing."""
    return float(numbers.median()) if numbers.notna().any() else None
