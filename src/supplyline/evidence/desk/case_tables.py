"""Take from a case what its documents are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.evidence.doubts.known import Known

if TYPE_CHECKING:
    from supplyline.case.case import Case


def known_of(case: Case, own_source: str | None = None) -> Known:
    """Give the tables of a case that a document is held against."""
    return Known(
        country=case.config.country,
        cutoff=case.config.cutoff,
        own_source=own_source,
        claims=case.tables["claims"],
        actors=case.tables["actors"],
        people=case.tables["people"],
        control=case.tables["control"],
        places=case.tables["places"],
        regions=case.tables["regions"],
        market=case.tables["market"],
        names=case.tables["names"],
    )


def areas_within(case: Case) -> dict[str, str]:
    """Give each area with the area that contains it."""
    country = f"country:{case.config.country}"
    regions, places = case.tables["regions"], case.tables["places"]
    inside = regions[~regions["is_boundary"].astype(bool)]
    within = {f"region:{row}": country for row in inside["region"]}
    at_home = places[places["country"] == case.config.country]
    pairs = zip(at_home["place"], at_home["region"], strict=True)
    return within | {str(place): f"region:{region}" for place, region in pairs}
