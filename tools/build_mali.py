"""Write the tables of the packaged case Mali that follow from reference facts.

Run by hand from the repository, when the reference facts or the rules here change::

    python tools/build_mali.py [REFERENCE] [FOLDER]

REFERENCE (default ../shared/data/mali) holds the reference CSV files, FOLDER (default
src/supplyline/cases/mali) is the case. Written: places, regions, segments, corridors,
corridor_segments, depots, demand, presence, actors, control, revenue, events, observed,
claims, sources, names, people and market. Kept by hand in the case: case.toml,
fleets, feeds, seasons, measures, groups, relations, attacks, partners, params,
leader, aims, scorecard, targets and the scenarios; outline.json comes from
build_outlines.py.

The same reference gives the same bytes. Nothing is written unless all rows are valid,
and each file is written whole or not at all.
"""

from __future__ import annotations

import sys
from pathlib import Path

from case_folder import read_rows, write_tables
from mali import corridors, force, geography, names, record, use

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT.parent / "shared" / "data" / "mali"
CASE = ROOT / "src" / "supplyline" / "cases" / "mali"
FILES = (
    "actors",
    "control",
    "corridors",
    "figures",
    "incidents",
    "places",
    "revenue",
    "segments",
    "sources",
)


def build(reference_folder: Path, folder: Path) -> None:
    """Write the derived tables of the case.

    Parameters
    ----------
    reference_folder
        Folder of the reference CSV files.
    folder
        Folder of the case.
    """
    reference = {name: read_rows(reference_folder / f"{name}.csv") for name in FILES}
    write_tables(
        folder,
        {
            "places": geography.places(reference),
            "regions": geography.regions(reference),
            "segments": geography.segments(reference),
            "corridors": corridors.corridors(reference),
            "corridor_segments": corridors.corridor_segments(reference),
            "depots": use.depots(reference),
            "demand": use.demand(reference),
            "presence": force.presence(),
            "actors": record.renamed(reference, "actors"),
            "control": record.renamed(reference, "control"),
            "revenue": record.renamed(reference, "revenue"),
            "events": record.renamed(reference, "incidents"),
            "observed": record.observed(reference),
            "claims": record.renamed(reference, "figures"),
            "sources": record.sources(reference),
            "names": names.names(),
            "people": names.people(),
            "market": names.market(),
        },
    )


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:3]]
    build(*[*given, *(REFERENCE, CASE)[len(given) :]])
