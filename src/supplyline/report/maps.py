"""The map: corridors by flow and risk, places, and who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import cos, radians
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import Sums, chunks_of, values_of
from supplyline.analysis.members import basis_of
from supplyline.case.geography import FULL_CIRCLE, unwrapped
from supplyline.quantities import Quantity
from supplyline.report.labels import Label, place_labels
from supplyline.report.panels import path
from supplyline.report.series import forecast_start
from supplyline.report.svg import frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.report.labels import Box
    from supplyline.runs import Run

RISKS: Final = (
    ("low", 0.0, "#3f6f8c", ""),
    ("middle", 0.001, "#a85400", "7 3"),
    ("high", 0.003, "#a3182b", "2.5 2.5"),
)
"""Class of risk, least share of passing trucks lost [1], colour and dash."""

_HELD_BY_STATE: Final = ("controlled",)
PAPER: Final = "#fbfaf7"
_LAND: Final = "#f1efe8"
_HOME: Final = "#fffefb"
_COAST: Final = "#aab2b5"
HALO: Final = "#ffffff"
INK: Final = "#1d2327"
_SENT, _LOST = "sent", "lost"
_LEAST_WIDTH, _MOST_WIDTH = 1.2, 8.0
_LEAST_STEP: Final = 2.0
"""Least distance between two points of an outline [px]."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What passes one segment and what is lost on it, over the forecast."""

    segment: str
    """Row of segments.csv."""
    trucks_per_week: float
    """Mean number of trucks sent over it, all corridors [trucks/week]."""
    loss_share: float
    """Share of them lost on it [1]."""

    @property
    def risk(self) -> int:
        """Class of risk, as a row of `RISKS`."""
        return sum(self.loss_share >= least for _, least, _, _ in RISKS) - 1


def passages(run: Run) -> dict[str, Passage]:
    """Sum flows and losses by segment; a segment that corridors share counts once."""
    weeks = run.weekly.indexes["week"].slice_indexer(forecast_start(run))
    count = (weeks.stop - weeks.start) * len(run.members)
    sums = Sums()
    for part in chunks_of(run):
        _add_passages(part, weeks, sums)
    names = [str(name) for name in run.weekly["corridor"].to_numpy()]
    by_corridor = pd.Series(sums[_SENT] / max(count, 1), index=names)
    rows = run.case.tables["corridor_segments"]
    rows = rows.drop_duplicates(["corridor", "segment"])
    flow = rows["corridor"].map(by_corridor).fillna(0.0).groupby(rows["segment"]).sum()
    segments = list(run.case.tables["segments"]["segment"])
    lost = pd.Series(sums[_LOST] / max(count, 1), index=segments)
    return {
        str(segment): Passage(
            str(segment),
            float(trucks),
            float(lost.get(segment, 0.0) / trucks) if trucks > 0 else 0.0,
        )
        for segment, trucks in flow.items()
    }


def _add_passages(run: Run, weeks: slice, sums: Sums) -> None:
    """Add up the trucks sent by corridor, and those lost by segment."""
    sent = values_of(run.weekly, "corridor_trucks_sent")[:, weeks]
    sums.add(_SENT, sent.sum(axis=1, dtype=np.float64))
    losses = run.losses[run.losses["day"] >= forecast_start(run)]
    lost = losses.groupby("segment", observed=True)["trucks_lost"].sum()
    by_segment = lost.reindex(list(run.case.tables["segments"]["segment"]))
    sums.add(_LOST, by_segment.fillna(0).to_numpy()[np.newaxis])


def riskiest(
    run: Run, through: Mapping[str, Passage], count: int
) -> list[tuple[str, Quantity, Quantity]]:
    """List the segments on which most trucks are lost, for the table under the map."""
    basis = basis_of(run)
    titles = run.case.tables["places"].set_index("place")["title"]
    segments = run.case.tables["segments"].set_index("segment")
    ranked = sorted(through.values(), key=lambda p: -p.trucks_per_week * p.loss_share)
    return [
        (
            " – ".join(  # noqa: RUF001 - from one place to another
                str(titles.get(segments.loc[p.segment, end], end))
                for end in ("from_place", "to_place")
            ),
            Quantity(p.trucks_per_week, "1", basis=basis),
            Quantity(p.loss_share, "share", basis=basis),
        )
        for p in ranked[:count]
    ]


@dataclass(frozen=True, slots=True)
class Frame:
    """From longitude and latitude to the page."""

    west: float
    north: float
    """Upper left corner [degrees]."""
    x_scale: float
    y_scale: float
    """Points of the page for one degree."""
    width: float
    height: float
    """Size of the page."""

    @classmethod
    def around(cls, lon: Any, lat: Any, width: float) -> Frame:  # noqa: ANN401 - a cell, a row or an array
        """Fit a page of one width around points."""
        lon = np.asarray(unwrapped([float(value) for value in lon]))
        pad = 0.05 * max(float(np.ptp(lon)), float(np.ptp(lat)), 0.5)
        west, east = float(np.min(lon)) - pad, float(np.max(lon)) + pad
        south, north = float(np.min(lat)) - pad, float(np.max(lat)) + pad
        shrink = max(cos(radians((south + north) / 2)), 0.05)
        scale = width / (east - west)
        height = min(max((north - south) / shrink * scale, 0.4 * width), 1.3 * width)
        return cls(west, north, scale, height / (north - south), width, height)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Place a point, on the turn around the Earth that is nearest the page [px]."""
        lon = lon + self.turn(lon)
        return (lon - self.west) * self.x_scale, (self.north - lat) * self.y_scale

    def turn(self, lon: float) -> float:
        """Find the full turns that bring a longitude nearest to the page [degrees]."""
        middle = self.west + self.width / self.x_scale / 2
        return FULL_CIRCLE * round((middle - lon) / FULL_CIRCLE)


def draw_map(
    case: Case, through: Mapping[str, Passage], *, name: str, width: float
) -> Markup:
    """Draw the map."""
    spots = case.tables["places"].set_index("place")
    used = _used_places(case)
    page = Frame.around(spots.loc[used, "lon"], spots.loc[used, "lat"], width)
    parts = [
        f'<rect width="{page.width:.0f}" height="{page.height:.0f}" fill="{PAPER}"/>',
        *outlines(case, page),
        *_lines(case, through, spots, page),
        *_marks(case, spots, page),
    ]
    box = f"0 0 {page.width:.0f} {page.height:.0f}"
    title = f"Map of {case.config.title}"
    return frame("".join(parts), box, name, title, _describe(case, through))


def _used_places(case: Case) -> list[str]:
    """List the places that matter: on a corridor or with a depot."""
    rows = case.tables["corridor_segments"]
    segments = case.tables["segments"].set_index("segment")
    on_way = segments[segments.index.isin(rows["segment"])]
    depots = case.tables["depots"]["place"]
    ends = {*on_way["from_place"], *on_way["to_place"], *depots, case.config.capital}
    return sorted(str(place) for place in ends)


def outlines(case: Case, page: Frame) -> Iterator[str]:
    """Draw the land; the country of the case lighter and with a stronger border."""
    features = (case.outline or {}).get("features", [])
    own = case.config.country
    for feature in sorted(features, key=lambda f: _country(f) == own):
        is_home = _country(feature) == own
        path = "".join(_ring(ring, page) for ring in _rings(feature.get("geometry")))
        if path:
            fill, line, size = (
                (_HOME, "#7d878c", 1.4) if is_home else (_LAND, _COAST, 0.7)
            )
            yield (
                f'<path d="{path}" fill="{fill}" stroke="{line}" '
                f'stroke-width="{size}" stroke-linejoin="round" fill-rule="evenodd"/>'
            )


def _country(feature: Mapping[str, Any]) -> str:
    """Read the country code of an outline."""
    return str((feature.get("properties") or {}).get("country", ""))


def _rings(geometry: Mapping[str, Any] | None) -> Iterator[list[list[float]]]:
    """Walk through the rings of a polygon or of several."""
    if geometry is None:
        return
    coordinates = geometry.get("coordinates", [])
    if geometry.get("type") == "Polygon":
        yield from coordinates
    elif geometry.get("type") == "MultiPolygon":
        for polygon in coordinates:
            yield from polygon


def _ring(ring: list[list[float]], page: Frame) -> str:
    """Draw one ring, moved as a whole so that no side of it crosses the page."""
    lons = np.unwrap([point[0] for point in ring], period=FULL_CIRCLE)
    turn = page.turn(float(lons.min() + lons.max()) / 2)
    lats = np.array([point[1] for point in ring])
    xs = (lons + turn - page.west) * page.x_scale
    ys = (page.north - lats) * page.y_scale
    kept = _thinned(xs, ys)
    return f"{path(xs[kept], ys[kept])}Z"


def _thinned(xs: NDArray[Any], ys: NDArray[Any]) -> list[int]:
    """Keep the points of an outline that lie apart; nobody sees closer ones."""
    kept = [0]
    for number in range(1, len(xs)):
        last = kept[-1]
        if max(abs(xs[number] - xs[last]), abs(ys[number] - ys[last])) >= _LEAST_STEP:
            kept.append(number)
    return kept


def _where(spots: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Look up longitude and latitude by place."""
    pairs = zip(spots["lon"].astype(float), spots["lat"].astype(float), strict=True)
    return dict(zip(spots.index.astype(str), pairs, strict=True))


def _lines(
    case: Case, through: Mapping[str, Passage], spots: pd.DataFrame, page: Frame
) -> Iterator[str]:
    """Draw segments: those off every corridor as hairlines, riskiest last."""
    segments = case.tables["segments"]
    where = _where(spots)
    most = max((p.trucks_per_week for p in through.values()), default=0.0)

    def order(row: Any) -> tuple[int, float]:  # noqa: ANN401 - a cell, a row or an array
        p = through.get(str(row.segment))
        return (-1, 0.0) if p is None else (p.risk, p.trucks_per_week)

    idle = []
    used = []
    for row in sorted(segments.itertuples(), key=order):
        (x1, y1), (x2, y2) = (
            page.at(*where[str(p)]) for p in (row.from_place, row.to_place)
        )
        drawn = f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}"
        p = through.get(str(row.segment))
        if p is None:
            idle.append(drawn)
            continue
        _, _, colour, dash = RISKS[p.risk]
        share = (p.trucks_per_week / most) ** 0.5 if most else 0.0
        size = _LEAST_WIDTH + (_MOST_WIDTH - _LEAST_WIDTH) * share
        end = f' stroke-dasharray="{dash}"' if dash else ' stroke-linecap="round"'
        used.append(
            f'<path d="{drawn}" stroke="{colour}" stroke-width="{size:.1f}"{end}/>'
        )
    yield f'<path d="{"".join(idle)}" stroke="#c3c9cc" stroke-width=".6"/>'
    yield from used


def held(case: Case) -> pd.DataFrame:
    """List the latest word on who holds each area, no later than the cut-off."""
    rows = case.tables["control"]
    if rows.empty:
        return rows
    known = rows[pd.to_datetime(rows["date"]) <= pd.Timestamp(case.config.cutoff)]
    return known.sort_values("date").drop_duplicates(["area", "actor"], keep="last")


def _marks(case: Case, spots: pd.DataFrame, page: Frame) -> Iterator[str]:
    """Draw places, their hold and their names."""
    capital = case.config.capital
    depots = {str(place) for place in case.tables["depots"]["place"]}
    corridors = case.tables["corridors"]
    ports = {str(place) for place in corridors["origin"]}
    gates = {str(place) for place in corridors["gateway"]}
    titles = spots["title"].to_dict()
    where = _where(spots)
    labels = []
    for place in _used_places(case):
        x, y = page.at(*where[place])
        rank = 0 if place == capital else 1 if place in depots else 2
        rank = (
            rank if place in ports | depots | {capital} else 3 if place in gates else 9
        )
        size = (5.5, 4.0, 3.4, 2.6)[rank] if rank < 9 else 1.5
        fill = INK if rank < 2 else "#ffffff" if rank < 9 else "#5b646b"
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{fill}" '
            f'stroke="{INK}" stroke-width="{1.2 if rank < 9 else 0}"/>'
        )
        labels.append(Label(str(titles[place]), x, y, size, rank))
    yield from _holds(case, spots, page)
    yield from name_texts(labels, page)


def name_texts(
    labels: Sequence[Label], page: Frame, covered: Sequence[Box] = ()
) -> Iterator[str]:
    """Write the names that find room beside what is covered."""
    for placed in place_labels(labels, page.width, page.height, covered):
        weight = "700" if placed.label.rank == 0 else "400"
        text = escape(placed.label.text)
        common = (
            f'x="{placed.x:.1f}" y="{placed.y:.1f}" font-size="{placed.size:g}" '
            f'font-weight="{weight}" text-anchor="{placed.anchor}"'
        )
        yield (
            f'<text {common} fill="none" stroke="{HALO}" stroke-width="3" '
            f'stroke-linejoin="round" aria-hidden="true">{text}</text>'
            f'<text {common} fill="{INK}">{text}</text>'
        )


def _holds(case: Case, spots: pd.DataFrame, page: Frame) -> Iterator[str]:
    """Draw a square where hold is reported, a diamond where it is disputed."""
    latest = held(case)
    if latest.empty:
        return
    where = _where(spots)
    for row in latest.drop_duplicates("area", keep="last").itertuples():
        if str(row.area) not in where:
            continue
        x, y = page.at(*where[str(row.area)])
        turn = 0 if row.status in _HELD_BY_STATE else 45
        colour = "#0f6b57" if turn == 0 else "#6b3f86"
        yield (
            f'<rect x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" fill="none" '
            f'stroke="{colour}" stroke-width="1.8" '
            f'transform="rotate({turn} {x:.1f} {y:.1f})"/>'
        )


def _describe(case: Case, through: Mapping[str, Passage]) -> str:
    """Say in words what the map shows."""
    counts = [sum(p.risk == risk for p in through.values()) for risk in range(3)]
    return (
        f"Places and corridors of {case.config.title}. Modelled risk by segment: "
        f"{counts[2]} high, {counts[1]} middle, {counts[0]} low. "
        "The table under the map lists the segments with most losses."
    )
