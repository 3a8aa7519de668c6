"""Places and corridors with what a run says of them, as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import rows_of, values_of
from supplyline.case.corridors import walk
from supplyline.exports.quantiles import LEVELS, over_members
from supplyline.exports.tables import Column
from supplyline.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from supplyline.analysis.chunks import Rows
    from supplyline.case.case import Case
    from supplyline.exports.tables import Tidy
    from supplyline.runs import Run

_MIDDLE: Final = (0.05, 0.5, 0.95)
_HALF_TURN: Final = 180.0
_OF_CORRIDOR: Final = (
    "corridor", "title", "kind", "fleet", "origin", "gateway", "destination",
)  # fmt: skip
_OF_PLACE: Final = ("place", "title", "kind", "region", "population")


def write_geojson(run: Run, folder: Path, told: Mapping[str, str], towns: Tidy) -> None:
    """Write a file of places and one of corridors."""
    for name, features in (
        ("places", _places(run, towns.frame)),
        ("corridors", _corridors(run)),
    ):
        held = {
            "type": "FeatureCollection",
            "about": {**told, "units": _units(towns)},
            "features": list(features),
        }
        text = json.dumps(held, ensure_ascii=False, indent=1, allow_nan=False)
        (folder / f"{name}.geojson").write_text(f"{text}\n", encoding="utf-8")


def _units(towns: Tidy) -> dict[str, str]:
    """Tell the unit and meaning of each property that is a result."""
    columns = (*towns.columns[3:], *corridor_columns())
    told = {column.name: (column.meaning, column.unit) for column in columns}
    return {
        name: f"{meaning} [{unit}]" if unit else meaning
        for name, (meaning, unit) in told.items()
    }


def _places(run: Run, towns: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Give each place of the case; a result has its product before its name."""
    results = [name for name in towns if name not in ("place", "title", "product")]
    for row in run.case.tables["places"].to_dict("records"):
        properties = {name: _plain(row[name]) for name in _OF_PLACE}
        for town in towns[towns["place"] == row["place"]].to_dict("records"):
            for name in results:
                properties[f"{town['product']}_{name}"] = _plain(town[name])
        point = {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
        yield _feature(str(row["place"]), point, properties)


def corridor_columns() -> tuple[Column, ...]:
    """Tell the results of a corridor."""
    week = _("Trucks sent in a week ahead, mean of the courses.")
    lost = _("Trucks lost in a week ahead, mean of the courses.")
    share = _("Share of the trucks sent ahead that are lost, median of the courses.")
    least = _("Share of the trucks lost that 5 % of the courses lie below.")
    most = _("Share of the trucks lost that 95 % of the courses lie below.")
    return (
        Column("trucks_sent_per_week", "trucks/week", week),
        Column("trucks_lost_per_week", "trucks/week", lost),
        Column("loss_share", "1", share),
        Column("loss_share_q05", "1", least),
        Column("loss_share_q95", "1", most),
    )


def corridor_results(run: Run) -> pd.DataFrame:
    """Tell flows and losses of each corridor over the whole weeks ahead."""
    ahead = run.weekly.indexes["week"] > pd.Timestamp(run.manifest.cutoff)

    def read(part: Run) -> Rows:
        names = ("corridor_trucks_sent", "corridor_trucks_lost")
        return {
            name: values_of(part.weekly, name)[:, ahead].sum(axis=1, dtype=np.float64)
            for name in names
        }

    [rows] = rows_of(run, read)
    sent, lost = rows.values()
    out = np.full(sent.shape, np.nan)
    share = over_members(np.divide(lost, sent, out=out, where=sent > 0))
    low, middle, high = (share[LEVELS.index(level)] for level in _MIDDLE)
    weeks = max(int(ahead.sum()), 1)
    results = (sent.mean(axis=0) / weeks, lost.mean(axis=0) / weeks, middle, low, high)
    names = [column.name for column in corridor_columns()]
    frame = pd.DataFrame(dict(zip(names, results, strict=True)))
    return frame.set_index(run.weekly.indexes["corridor"])


def _corridors(run: Run) -> Iterator[dict[str, Any]]:
    """Give each corridor as a line through its places."""
    results, lines = corridor_results(run), dict(corridor_lines(run.case))
    for row in run.case.tables["corridors"].to_dict("records"):
        properties = {name: _plain(row.get(name)) for name in _OF_CORRIDOR}
        if row["corridor"] in results.index:
            told = results.loc[row["corridor"]].to_dict()
            properties |= {str(name): _plain(value) for name, value in told.items()}
        parts = lines[row["corridor"]]
        geometry: dict[str, Any] = {"type": "LineString", "coordinates": parts[0]}
        if len(parts) > 1:
            geometry = {"type": "MultiLineString", "coordinates": parts}
        yield _feature(str(row["corridor"]), geometry, properties)


def corridor_lines(case: Case) -> Iterator[tuple[str, list[list[list[float]]]]]:
    """Draw each corridor through its places, longitude first."""
    places = case.tables["places"].set_index("place")[["lon", "lat"]]
    segments = case.tables["segments"].set_index("segment")
    path = case.tables["corridor_segments"].sort_values(["corridor", "position"])
    for name, origin in case.tables["corridors"][["corridor", "origin"]].to_numpy():
        own = path.loc[path["corridor"] == name, "segment"]
        ends = segments.loc[own, ["from_place", "to_place"]].to_numpy().tolist()
        way = walk(origin, [(one, other) for one, other in ends]).places
        yield str(name), cut_line(places.loc[list(way)].to_numpy().tolist())


def cut_line(points: list[list[float]]) -> list[list[list[float]]]:
    """Cut a line where it crosses the half turn, as the RFC asks.

    Examples
    --------
    >>> cut_line([[179.0, 0.0], [-179.0, 2.0]])
    [[[179.0, 0.0], [180.0, 1.0]], [[-180.0, 1.0], [-179.0, 2.0]]]
    """
    parts = [[points[0]]]
    for point in points[1:]:
        before = parts[-1][-1]
        if abs(point[0] - before[0]) > _HALF_TURN:
            edge = _HALF_TURN if before[0] > 0 else -_HALF_TURN
            weight = (edge - before[0]) / (point[0] + 2 * edge - before[0])
            lat = before[1] + weight * (point[1] - before[1])
            parts[-1].append([edge, lat])
            parts.append([[-edge, lat]])
        parts[-1].append(point)
    return parts


def _feature(
    name: str, geometry: dict[str, Any], properties: dict[str, Any]
) -> dict[str, Any]:
    """Make a feature."""
    return {
        "type": "Feature",
        "id": name,
        "geometry": geometry,
        "properties": properties,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any column
    """Give a value that JSON holds; what is missing becomes null."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}")
    return value.item() if isinstance(value, np.generic) else value
