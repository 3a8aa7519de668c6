"""Put events on the map of a case: nearest segment, nearest place and its region.

A segment is the great circle between its two places. Distances are exact on the sphere;
of two that are equal to the millimetre the first by name is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.case.geography import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

COLUMNS: Final = ("segment", "segment_km", "place", "distance_km", "region")
"""Columns of `snap_events`."""
ROAD: Final = "road"
"""Mode of the segments on which attacks on the road are put."""

_CHUNK: Final = 4_096
_KM_DIGITS: Final = 6


def snap_events(
    events: pd.DataFrame,
    places: pd.DataFrame,
    segments: pd.DataFrame,
    limit_km: float,
    modes: tuple[str, ...] = (ROAD,),
) -> pd.DataFrame:
    """Find the nearest segment, the nearest place and the region of events."""
    towns = places.sort_values("place", ignore_index=True)
    ways = segments[segments["mode"].isin(modes)].sort_values(
        "segment", ignore_index=True
    )
    nearest, km = _nearest(events, _towns(towns))
    way, way_km = _nearest(events, _arcs(towns, ways))
    within = events["place_km"].fillna(0.0).to_numpy(np.float64) + limit_km
    is_near = np.isfinite(way_km) & (way_km <= within)
    columns = {
        "segment": _pick(ways, "segment", np.where(is_near, way, -1)),
        "segment_km": np.where(is_near, way_km, np.nan),
        "place": _pick(towns, "place", nearest),
        "distance_km": np.where(nearest >= 0, km, np.nan),
        "region": _pick(towns, "region", nearest),
    }
    return pd.DataFrame(columns, index=events.index, columns=list(COLUMNS))


def vectors(lat: Floats, lon: Floats) -> Floats:
    """Turn points on the sphere into unit vectors."""
    north, east = np.radians(lat), np.radians(lon)
    return np.stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)],
        axis=-1,
    )


def _towns(places: pd.DataFrame) -> tuple[Floats, Floats]:
    """Give places as arcs without length."""
    ends = vectors(places["lat"].to_numpy(), places["lon"].to_numpy())
    return ends, ends


def _arcs(places: pd.DataFrame, segments: pd.DataFrame) -> tuple[Floats, Floats]:
    """Give the two ends of each segment."""
    ends, _ = _towns(places)
    row = pd.Index(places["place"])
    start = ends[row.get_indexer(pd.Index(segments["from_place"]))]
    return start, ends[row.get_indexer(pd.Index(segments["to_place"]))]


def _nearest(
    events: pd.DataFrame, arcs: tuple[Floats, Floats]
) -> tuple[NDArray[np.int64], Floats]:
    """Find the nearest arc of each event and its distance; -1 where there is none."""
    lat, lon = (events[name].to_numpy(np.float64) for name in ("lat", "lon"))
    index = np.full(len(events), -1, dtype=np.int64)
    km = np.full(len(events), np.nan)
    known = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    if not len(arcs[0]):
        return index, km
    points = vectors(lat[known], lon[known])
    for first in range(0, len(known), _CHUNK):
        rows = known[first : first + _CHUNK]
        away = np.round(_distances(points[first : first + _CHUNK], *arcs), _KM_DIGITS)
        index[rows] = away.argmin(axis=1)
        km[rows] = away.min(axis=1)
    return index, km


def _distances(points: Floats, start: Floats, end: Floats) -> Floats:
    """Measure from each point to each arc [km]."""
    normal = np.cross(start, end)
    size = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = np.divide(normal, size, out=np.zeros_like(normal), where=size > 0)
    is_beside = (points @ np.cross(normal, start).T >= 0) & (
        points @ np.cross(end, normal).T >= 0
    )
    across = np.arcsin(np.minimum(np.abs(points @ normal.T), 1.0))
    ends = np.minimum(_angles(points, start), _angles(points, end))
    return np.asarray(
        np.where(is_beside & (size.T > 0), across, ends) * EARTH_RADIUS_KM
    )


def _angles(points: Floats, others: Floats) -> Floats:
    """Measure from each point to each other; the chord is exact for small angles."""
    square = np.maximum(2.0 - 2.0 * (points @ others.T), 0.0)
    rough = 2.0 * np.arcsin(np.minimum(np.sqrt(square) / 2.0, 1.0))
    row, column = np.nonzero(rough < 1e-3)  # where the difference loses its digits
    gap = np.linalg.norm(points[row] - others[column], axis=1)
    rough[row, column] = 2.0 * np.arcsin(gap / 2.0)
    return np.asarray(rough)


def _pick(table: pd.DataFrame, column: str, index: Any) -> NDArray[np.object_]:  # noqa: ANN401 - an array
    """Take the names at positions; None at -1."""
    names = np.append(table[column].to_numpy(object), [None])
    return np.asarray(names[index], dtype=object)
