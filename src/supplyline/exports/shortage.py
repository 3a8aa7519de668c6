"""Shortage by town: by day, what it comes to, and by member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import Sums, chunks_of, rows_of, values_of
from supplyline.analysis.shortage import (
    NEVER,
    came_within,
    first_likely,
    shortage_in,
)
from supplyline.case.lookup import titles_of
from supplyline.exports.member_tables import MemberTable
from supplyline.exports.quantiles import LEVELS, over_members
from supplyline.exports.tables import (
    QUANTILES,
    Column,
    Tidy,
    label_columns,
    quantile_columns,
)
from supplyline.language import _
from supplyline.report.towns import (
    MISSING_WEEKS,
    TITLE_DAYS,
    town_reader,
    weeks_ahead,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

HORIZONS: Final = (30, 60, 90, 180)
"""Days after the cut-off for which chances are told [days]."""
SHORTAGE: Final = "shortage"
TOWNS: Final = "towns"
BY_MEMBER: Final = "shortage_members"
_MISSING: Final = tuple(f"missing_kl_{name}" for name in QUANTILES)


@dataclass(frozen=True, slots=True)
class Shortages:
    """Shortage of a run by place and product, over its courses."""

    daily: Tidy
    """Share of the courses by day."""
    towns: Tidy
    """Chances, stocks and litres missing by town."""
    by_member: MemberTable


def shortages_of(run: Run, days: int) -> Shortages:
    """Count the shortages of a run."""
    [rows] = rows_of(run, lambda part: _read(part, days))
    return Shortages(_daily(run, days), _towns(run, rows), _by_member(days))


def _read(run: Run, days: int) -> Rows:
    """Tell of each member what the towns of a brief are told by, by product too."""
    missing = values_of(run.weekly, "unmet_kl")[:, weeks_ahead(run)]
    rows = town_reader(days)(run)
    known = rows["cover"].shape[1] > 0
    none = np.full(rows["already"].shape, np.nan, np.float32)
    return {
        **rows,
        "cover": rows["cover"][:, 0] if known else none,
        "missing": np.asarray(np.nansum(missing, axis=1, dtype=np.float64)),
        "town_missing": rows["missing"],
    }


def _pairs(run: Run) -> pd.DataFrame:
    """Name places and products in the order of arrays, with titles."""
    axes = [run.weekly.indexes[axis] for axis in ("place", "product")]
    frame = pd.MultiIndex.from_product(axes).to_frame(index=False)
    titles = titles_of(run.case, "place")
    frame.insert(1, "title", [titles.get(each, each) for each in frame["place"]])
    return frame


def _daily(run: Run, days: int) -> Tidy:
    """Tell the share of the courses that are short, and in shortage, by day."""
    sums = Sums()
    for part in chunks_of(run):
        sums.add("short", part.is_short.to_numpy())
        sums.add("on", shortage_in(part, days).days)
    times = run.daily.indexes["day"]
    pairs, count = _pairs(run), len(run.members)
    frame = pairs.loc[np.tile(np.arange(len(pairs)), len(times))].reset_index(drop=True)
    frame.insert(0, "day", np.repeat(times.to_numpy(), len(pairs)))
    frame["short_share"] = sums["short"].reshape(-1) / count
    frame["in_shortage_share"] = sums["on"].reshape(-1) / count
    frame = frame.sort_values(["place", "product", "day"], kind="stable")
    columns = (
        *label_columns(("day", "place", "title", "product")),
        Column("short_share", "1", _("Share of the courses that are short that day.")),
        Column(
            "in_shortage_share",
            "1",
            _("Share of the courses that are in shortage that day."),
        ),
    )
    return Tidy(SHORTAGE, frame.reset_index(drop=True), columns)


def _towns(run: Run, rows: Rows) -> Tidy:
    """Tell what the shortages of each town come to, products one below the other."""
    frame, ahead = _pairs(run), run.manifest.arguments.days
    already, first = _flat(rows["already"]), _flat(rows["first_day"])
    people = run.case.tables["places"].set_index("place")["population"]
    frame["people"] = frame["place"].map(people)
    frame["already_share"] = already.mean(axis=0)
    for days in HORIZONS:
        within = came_within(first, days).mean(axis=0)
        frame[f"chance_{days}d_share"] = within if days <= ahead else np.nan
    likely = [_first_likely(run, spot) for spot in np.moveaxis(first, 1, 0)]
    frame["first_likely_day"] = pd.to_datetime(pd.Series(likely))
    cover = over_members(_flat(rows["cover"]))
    frame["days_of_supply"] = cover[LEVELS.index(0.5)]
    frame[list(_MISSING)] = over_members(_flat(rows["missing"])).T
    town = np.median(rows["town_missing"], axis=0)
    frame["town_missing_kl"] = np.repeat(town, rows["missing"].shape[2])
    bought = rows["is_bought"].any(axis=0).reshape(-1)
    return Tidy(TOWNS, frame[bought].reset_index(drop=True), _town_columns())


def _town_columns() -> tuple[Column, ...]:
    """Tell the columns of the table of towns."""
    missing = _("Wanted and not served in the {weeks} whole weeks ahead at most.")
    missing = missing.format(weeks=MISSING_WEEKS)
    within = _("Share of the courses in shortage on a day of the {days} ahead.")
    already = _("Share of the courses in shortage on the last day of the data.")
    likely = _("First day by which more than half of the courses were in shortage.")
    cover = _("Median of stock over demand at the end of the last whole week known.")
    town = _("All products together, median of the courses.")
    return (
        *label_columns(("place", "title", "product")),
        Column("people", "persons", _("People who live there.")),
        Column("already_share", "1", already),
        *(
            Column(f"chance_{days}d_share", "1", within.format(days=days))
            for days in HORIZONS
        ),
        Column("first_likely_day", "", likely),
        Column("days_of_supply", "days", cover),
        *(
            Column(name, "kl", f"{missing} {each.meaning}")
            for name, each in zip(_MISSING, quantile_columns("kl"), strict=True)
        ),
        Column("town_missing_kl", "kl", f"{missing} {town}"),
    )


def _flat(values: NDArray[Any]) -> NDArray[Any]:
    """Lay places and products in one axis behind members."""
    return values.reshape(len(values), -1)


def _first_likely(run: Run, first: NDArray[np.int64]) -> pd.Timestamp | None:
    """Date the day by which more than half of the courses were in shortage ahead."""
    day = first_likely(first)
    if day is None:
        return None
    return pd.Timestamp(run.manifest.cutoff) + pd.Timedelta(days=day)


def _by_member(days: int) -> MemberTable:
    """Tell shortages by member, from which every chance can be counted anew."""

    def rows(part: Run) -> pd.DataFrame:
        read, pairs = _read(part, days), _pairs(part)
        count = len(part.members)
        frame = pairs[["place", "product"]]
        frame = frame.loc[np.tile(np.arange(len(pairs)), count)].reset_index(drop=True)
        frame.insert(0, "member", np.repeat(np.array(part.members), len(pairs)))
        first = read["first_day"].reshape(-1)
        frame["is_already"] = read["already"].reshape(-1)
        frame["days_to_first"] = pd.array(first, "Int64")
        frame.loc[first == NEVER, "days_to_first"] = pd.NA
        frame["days_in_shortage"] = read["days_short"].reshape(-1)
        frame["days_of_supply"] = read["cover"].reshape(-1)
        frame["missing_kl"] = read["missing"].reshape(-1)
        return frame[np.tile(read["is_bought"].any(axis=0).reshape(-1), count)]

    already = _("Whether it is in shortage at the cut-off.")
    first = _("Days from the cut-off to the first one in shortage; empty if none.")
    spell = _("Days in shortage of the {days} after the cut-off.")
    cover = _("Stock over demand at the end of the last whole week known.")
    missing = _("Wanted and not served in the {weeks} whole weeks ahead at most.")
    columns = (
        *label_columns(("member", "place", "product")),
        Column("is_already", "1", already),
        Column("days_to_first", "days", first),
        Column("days_in_shortage", "days", spell.format(days=TITLE_DAYS)),
        Column("days_of_supply", "days", cover),
        Column("missing_kl", "kl", missing.format(weeks=MISSING_WEEKS)),
    )
    return MemberTable(BY_MEMBER, columns, rows)
