"""Write outline.json of a case: country outlines around its places.

Run by hand with the file countries-50m.json of the npm package world-atlas (Natural
Earth, public domain)::

    npm pack world-atlas && tar xzf world-atlas-2.0.2.tgz
    python tools/build_outlines.py package/countries-50m.json [CASE_FOLDER]

Countries are cut to a box around the country and its places, thinned to about one
kilometre and rounded to 0.01 degrees. The same input gives the same bytes.
"""

from __future__ import annotations

import json
import sys
import tomllib
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from case_folder import read_rows, write_text
from shapely import MultiPoint, MultiPolygon, Polygon, box, make_valid, set_precision
from shapely.geometry import mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

CASE = Path(__file__).resolve().parents[1] / "src" / "supplyline" / "cases" / "mali"
MARGIN = 1.0
"""Room around the places and the country [degrees]."""
GRID = 0.01
"""Grid to which points are rounded [degrees]."""
CODES = {
    "012": "DZ",
    "204": "BJ",
    "270": "GM",
    "288": "GH",
    "324": "GN",
    "384": "CI",
    "430": "LR",
    "434": "LY",
    "466": "ML",
    "478": "MR",
    "504": "MA",
    "562": "NE",
    "566": "NG",
    "624": "GW",
    "686": "SN",
    "694": "SL",
    "732": "EH",
    "768": "TG",
    "854": "BF",
}
"""Number of a country in ISO 3166 to its two letters."""

Topology = dict[str, Any]
Ring = list[tuple[float, float]]


def decode_arcs(topology: Topology) -> list[Ring]:
    """Return the arcs of a TopoJSON topology in degrees.

    Parameters
    ----------
    topology
        Quantised topology.

    Returns
    -------
    list of list of tuple
        Points of each arc, longitude first.
    """
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        lons = accumulate(step[0] for step in arc)
        lats = accumulate(step[1] for step in arc)
        arcs.append(
            [
                (lon * scale[0] + shift[0], lat * scale[1] + shift[1])
                for lon, lat in zip(lons, lats, strict=True)
            ]
        )
    return arcs


def ring(indices: list[int], arcs: list[Ring]) -> Ring:
    """Return the points of a ring; a negative index means the arc in reverse.

    Parameters
    ----------
    indices
        Arcs in order.
    arcs
        Points of all arcs.

    Returns
    -------
    list of tuple
        Closed ring.
    """
    points: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def shape(item: Topology, arcs: list[Ring]) -> BaseGeometry:
    """Return the area of a country.

    Parameters
    ----------
    item
        Polygon or multipolygon of a topology.
    arcs
        Points of all arcs.

    Returns
    -------
    BaseGeometry
        Valid area.
    """
    parts = [item["arcs"]] if item["type"] == "Polygon" else item["arcs"]
    polygons = []
    for rings in parts:
        outer, *holes = [ring(indices, arcs) for indices in rings]
        polygons.append(Polygon(outer, holes))
    return make_valid(MultiPolygon(polygons))


def countries(topology: Topology) -> dict[str, tuple[str, BaseGeometry]]:
    """Return the name and area of each country of `CODES`, in order of its code.

    Parameters
    ----------
    topology
        Countries of the world.

    Returns
    -------
    dict
        Code to name and area.
    """
    arcs = decode_arcs(topology)
    return dict(
        sorted(
            (CODES[item["id"]], (item["properties"]["name"], shape(item, arcs)))
            for item in topology["objects"]["countries"]["geometries"]
            if item.get("id") in CODES
        )
    )


def features(
    areas: dict[str, tuple[str, BaseGeometry]], frame: BaseGeometry
) -> Iterator[dict[str, Any]]:
    """Yield the countries inside a box.

    Parameters
    ----------
    areas
        Code to name and area.
    frame
        Box to cut to.

    Yields
    ------
    dict
        GeoJSON feature with the code and name of the country.
    """
    for code, (name, whole) in areas.items():
        area = set_precision(whole.intersection(frame).simplify(GRID), GRID)
        if area.is_empty:
            continue
        geometry = mapping(area)
        yield {
            "type": "Feature",
            "properties": {"country": code, "name": name},
            "geometry": {
                "type": geometry["type"],
                "coordinates": rounded(geometry["coordinates"]),
            },
        }


def rounded(coordinates: Any) -> Any:  # noqa: ANN401 - nested to any depth
    """Return coordinates with two decimals.

    Parameters
    ----------
    coordinates
        Numbers in nested tuples.

    Returns
    -------
    Any
        The same in lists.

    Examples
    --------
    >>> rounded(((1.23456, 2.0),))
    [[1.23, 2.0]]
    """
    if isinstance(coordinates, float):
        return round(coordinates, 2)
    return [rounded(inner) for inner in coordinates]


def build(atlas: Path, folder: Path) -> None:
    """Write outline.json of a case.

    Parameters
    ----------
    atlas
        File countries-50m.json of world-atlas.
    folder
        Folder of the case.
    """
    areas = countries(json.loads(atlas.read_text(encoding="utf-8")))
    config = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    places = MultiPoint(
        [
            (float(row["lon"]), float(row["lat"]))
            for row in read_rows(folder / "places.csv")
        ]
    )
    _, home = areas[config["country"]]
    frame = box(*places.union(home).buffer(MARGIN).bounds)
    outline = {"type": "FeatureCollection", "features": [*features(areas, frame)]}
    text = json.dumps(outline, separators=(",", ":"))
    write_text(folder / "outline.json", text + "\n")


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:3]]
    build(given[0], given[1] if len(given) > 1 else CASE)
