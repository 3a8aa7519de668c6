"""Distances on the sphere, and longitudes as one stretch."""

from __future__ import annotations

from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

EARTH_RADIUS_KM: Final = 6_371.0
"""Mean radius of the Earth [km]."""
FULL_CIRCLE: Final = 360.0
"""Degrees of a full circle."""


def great_circle_km(
    from_lat: float, from_lon: float, to_lat: float, to_lon: float
) -> float:
    """Measure the shortest way between two points on the sphere [km].

    Examples
    --------
    >>> round(great_circle_km(14.68, -17.43, 12.64, -8.0))
    1044
    """
    north = sin(radians(to_lat - from_lat) / 2) ** 2
    east = sin(radians(to_lon - from_lon) / 2) ** 2
    part = north + cos(radians(from_lat)) * cos(radians(to_lat)) * east
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(part, 1.0)))


def unwrapped(lons: Sequence[float]) -> list[float]:
    """Count longitudes on beyond 180 where their shortest stretch crosses it [degrees].

    Examples
    --------
    >>> unwrapped([179.5, -179.5, 178.0])
    [179.5, 180.5, 178.0]
    """
    ordered = sorted(lons)
    if len(ordered) < 2:
        return list(lons)
    around = ordered[0] + FULL_CIRCLE - ordered[-1]
    gaps = [after - before for before, after in pairwise(ordered)]
    widest = max(gaps)
    if widest <= around:
        return list(lons)
    west = ordered[gaps.index(widest) + 1]
    return [lon if lon >= west else lon + FULL_CIRCLE for lon in lons]
