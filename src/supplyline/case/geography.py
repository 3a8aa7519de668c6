"""Distances on the sphere."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_KM: Final = 6_371.0
"""Mean radius of the Earth [km]."""


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
