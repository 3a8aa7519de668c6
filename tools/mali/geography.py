"""Places, regions and segments of Mali."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mali import force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from case_folder import Cells

Reference = dict[str, list[dict[str, str]]]
"""Reference files by name, each a list of rows as text."""

COUNTRIES = {
    "SN": ("senegal", "Senegal", 0.0),
    "CI": ("cote_divoire", "Cote d'Ivoire", 0.0),
    "GN": ("guinea", "Guinea", 0.0),
    "MR": ("mauritania", "Mauritania", 0.0),
    "NE": ("niger", "Niger", 0.3),
    "BF": ("burkina_faso", "Burkina Faso", 0.5),
    "TG": ("togo", "Togo", 0.0),
    "GH": ("ghana", "Ghana", 0.0),
    "BJ": ("benin", "Benin", 0.0),
    "DZ": ("algeria", "Algeria", 0.0),
}
"""Country code to boundary region, title and effort of the armed group."""

EFFORT_KINDS = {
    "convoy_attack": 3,
    "road_attack": 1,
    "kidnapping": 1,
    "base_attack": 1,
    "town_attack": 1,
    "blockade_declaration": 1,
}
EFFORT_START = "2025-07-01"
EFFORT_END = "2025-12-31"
EFFORT_FLOOR = 0.1
EFFORT_NOTE = (
    "effort: events of the armed group from 2025-07-01 to 2025-12-31 by region of the "
    "nearest place (convoy attack counts 3; road, base or town attack, kidnapping and "
    "blockade declaration 1; E082, a threat to all drivers, not counted), divided by "
    "their mean over the kilometres of the four main fuel corridors in Mali, where the "
    "reference encounter rate was counted; at least 0.1"
)
MAIN_CORRIDORS = ("C-SN-N", "C-SN-S", "C-CI-E", "C-CI-T")
NATIONWIDE_EVENTS = frozenset({"E082"})

EXPOSURE = {
    "S129": (25.0, "besieged road to Boni"),
    "S130": (15.0, "besieged road to Boni"),
    "S131": (5.0, "end of the besieged stretch of RN16"),
    "S121": (20.0, "Farabougou under siege"),
    "S122": (15.0, "besieged stretch between Diabaly and Nampala"),
    "S123": (15.0, "besieged stretch between Nampala and Lere"),
    "S124": (15.0, "Lere and Soumpi attacked and besieged"),
    "S125": (5.0, "end of the besieged stretch at Soumpi"),
    "S040": (10.0, "Lere besieged"),
    "S055": (1.5, "among the most dangerous, afp-2025-11-11"),
    "S056": (1.5, "among the most dangerous, afp-2025-11-11"),
    "S061": (1.5, "among the most dangerous, afp-2025-11-11"),
    "S014": (0.5, "inside the ring of bases around the capital"),
    "S046": (0.5, "inside the ring of bases around the capital"),
    "S066": (0.5, "inside the ring of bases around the capital"),
    "S086": (0.5, "inside the ring of bases around the capital"),
    "S105": (0.5, "inside the ring of bases around the capital"),
    "S106": (0.5, "inside the ring of bases around the capital"),
}
"""Exposure that differs from 1 on Malian roads, with its reason."""

EXPOSURE_BOUNDARY = 0.2
EXPOSURE_WATER_RAIL = 0.5
FOREIGN_REGION = {"S100": "togo", "S101": "ghana", "S102": "benin"}
"""Long segments that lie mostly outside the country of their first place."""


def slug(text: str) -> str:
    """Return a name as an identifier.

    Parameters
    ----------
    text
        Name as printed.

    Returns
    -------
    str
        Small letters and underscores.

    Examples
    --------
    >>> slug("Tombouctou Nord")
    'tombouctou_nord'
    """
    return text.lower().replace(" ", "_")


def region_of(place: dict[str, str]) -> str:
    """Return the region of a place: admin-1 in Mali, else its country.

    Parameters
    ----------
    place
        Row of the reference.

    Returns
    -------
    str
        Identifier of the region.
    """
    if place["country"] == "ML":
        return slug(place["admin1"])
    return COUNTRIES[place["country"]][0]


def places(reference: Reference) -> Iterator[Cells]:
    """Yield every place of the reference.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of places.csv.
    """
    for row in reference["places"]:
        yield {
            "place": row["place_id"],
            "title": row["name"],
            "kind": row["kind"],
            "country": row["country"],
            "region": region_of(row),
            "lat": row["lat"],
            "lon": row["lon"],
            "population": row["population"],
            "capacity_kl_per_day": None,
            "tier": row["tier"],
            "coordinate_error_km": row["coord_err_km"],
            "note": row["note"],
            "source": "gk-geo",
        }


def attack_weights(reference: Reference) -> dict[str, int]:
    """Return the weighted number of attacks by Malian region.

    Parameters
    ----------
    reference
        Reference files.

    Returns
    -------
    dict
        Region to sum of weights.
    """
    regions = {row["place_id"]: region_of(row) for row in reference["places"]}
    home = {region_of(row) for row in reference["places"] if row["country"] == "ML"}
    weights = dict.fromkeys(home, 0)
    for event in reference["incidents"]:
        if event["incident_id"] in NATIONWIDE_EVENTS:
            continue
        if EFFORT_START <= event["date"] <= EFFORT_END:
            region = regions[event["place"]]
            weights[region] += EFFORT_KINDS.get(event["kind"], 0)
    return weights


def efforts(reference: Reference) -> dict[str, float]:
    """Return the effort of the armed group by Malian region.

    Parameters
    ----------
    reference
        Reference files.

    Returns
    -------
    dict
        Region to effort, 1 on average along the main fuel corridors [1].
    """
    weights = attack_weights(reference)
    found = {row["place_id"]: row for row in reference["places"]}
    roads = {
        frozenset((row["from_id"], row["to_id"])): float(row["length_km"])
        for row in reference["segments"]
        if row["mode"] == "road"
    }
    travelled = weighted = 0.0
    for row in reference["corridors"]:
        if row["corridor_id"] not in MAIN_CORRIDORS:
            continue
        for ends in pairwise(row["via"].split(";")):
            home = [
                region_of(found[end]) for end in ends if found[end]["country"] == "ML"
            ]
            if home:
                length_km = roads[frozenset(ends)]
                travelled += length_km
                weighted += length_km * max(weights[region] for region in home)
    mean = weighted / travelled
    return {
        region: max(EFFORT_FLOOR, round(weight / mean, 2))
        for region, weight in weights.items()
    }


def regions(reference: Reference) -> Iterator[Cells]:
    """Yield the Malian regions in the order of the census, then the neighbours.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of regions.csv.
    """
    effort = efforts(reference)
    titles = {
        region_of(row): row["admin1"]
        for row in reference["places"]
        if row["country"] == "ML"
    }
    for row in reference["figures"]:
        if row["quantity"] != "region_population":
            continue
        region = row["place"].removeprefix("region:")
        yield {
            "region": region,
            "title": titles[region],
            "population": row["value"],
            "is_boundary": False,
            "effort": effort[region],
            **force.region_columns(region),
            "note": (
                f"population {row['figure_id']}; {EFFORT_NOTE}; "
                f"{force.region_note(region)}"
            ),
            "source": "assumption",
        }
    for region, title, value in COUNTRIES.values():
        yield {
            "region": region,
            "title": title,
            "population": "",
            "is_boundary": True,
            "effort": value,
            **force.region_columns(region),
            "note": (
                "effort against fuel for Mali on the part outside Mali; "
                f"{force.region_note(region)}"
            ),
            "source": "assumption",
        }


def segment_region(row: dict[str, str], reference: Reference) -> str:
    """Return the region in which a segment counts.

    The Malian end decides; between two Malian ends the one with more effort, and the
    first if equal; between two foreign ends the first.

    Parameters
    ----------
    row
        Segment of the reference.
    reference
        Reference files.

    Returns
    -------
    str
        Identifier of the region.
    """
    if row["segment_id"] in FOREIGN_REGION:
        return FOREIGN_REGION[row["segment_id"]]
    found = {place["place_id"]: place for place in reference["places"]}
    ends = [found[row["from_id"]], found[row["to_id"]]]
    home = [region_of(end) for end in ends if end["country"] == "ML"]
    if not home:
        return region_of(ends[0])
    effort = efforts(reference)
    return max(home, key=lambda region: effort[region])


def exposure(row: dict[str, str], region: str) -> tuple[float, str]:
    """Return the exposure of a segment and its reason.

    Parameters
    ----------
    row
        Segment of the reference.
    region
        Region in which it counts.

    Returns
    -------
    tuple of float and str
        Exposure [1] and reason, empty for 1.
    """
    if row["segment_id"] in EXPOSURE:
        return EXPOSURE[row["segment_id"]]
    if row["mode"] in ("river", "rail"):
        return EXPOSURE_WATER_RAIL, "off the roads"
    if region in {name for name, _, _ in COUNTRIES.values()}:
        return EXPOSURE_BOUNDARY, "outside Mali"
    return 1.0, ""


def segments(reference: Reference) -> Iterator[Cells]:
    """Yield every segment of the reference.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of segments.csv.
    """
    for row in reference["segments"]:
        region = segment_region(row, reference)
        value, reason = exposure(row, region)
        remark = f"exposure assumed: {reason}" if reason else ""
        yield {
            "segment": row["segment_id"],
            "from_place": row["from_id"],
            "to_place": row["to_id"],
            "mode": row["mode"],
            "length_km": row["length_km"],
            "travel_h": row["hours"],
            "surface": row["surface"],
            "region": region,
            "exposure": value,
            "tier": row["tier"],
            "note": "; ".join(text for text in (row["note"], remark) if text),
            "source": row["source_id"],
        }
