"""Corridors of Mali and the segments they run over."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from case_folder import Cells

    from mali.geography import Reference


@dataclass(frozen=True)
class Path:
    """What the reference leaves open on a corridor."""

    fleet: str
    gateway: str


PATHS = {
    "C-SN-N": Path("sn", "kidira"),
    "C-SN-S": Path("sn", "moussala"),
    "C-CI-E": Path("ci", "pogo"),
    "C-CI-T": Path("ci", "tengrela"),
    "C-CI-O": Path("ci", "minignan"),
    "C-GN": Path("gn", "siguiri"),
    "C-MR": Path("mr", "kobenni"),
    "C-NE-N": Path("ne", "niamey"),
    "C-NE-B": Path("ne", "niamey"),
    "C-TG": Path("tg_gh_bj", "faramana"),
    "C-GH": Path("tg_gh_bj", "bobo_dioulasso"),
    "C-BJ": Path("tg_gh_bj", "faramana"),
    "C-DZ": Path("dz", "bordj"),
    "C-MR-E": Path("mr", "fassala"),
    "R-DKR": Path("rail", "kidira"),
    "W-NIGER": Path("boats", "koulikoro"),
}
"""Fleet and gateway; internal roads use the domestic fleet and wait at the origin."""

CAPACITIES = {
    "C-NE-B": (190, "capacity of 4,000 kl in 21 days (F0224, F0223)"),
}
"""What a corridor could carry where a fact tells [kl/day], and by which."""

SENEGAL_TO_KAYES = "dakar;kaolack;tambacounda;kidira;diboli;ambidedi;kayes"
SENEGAL_TO_KENIEBA = "dakar;kaolack;tambacounda;kedougou;saraya;moussala;kenieba"
ABIDJAN_TO_ZEGOUA = (
    "abidjan;yamoussoukro;bouake;niakaramandougou;ferkessedougou;"
    "ouangolodougou;pogo;zegoua"
)
ADDED = (
    ("C-SN-SAD", "Dakar-Kayes-Sadiola mine", "sn", "kidira",
     f"{SENEGAL_TO_KAYES};sadiola"),
    ("C-SN-LOU", "Dakar-Kenieba-Loulo mine", "sn", "moussala",
     f"{SENEGAL_TO_KENIEBA};loulo"),
    ("C-SN-FEK", "Dakar-Kenieba-Fekola mine", "sn", "moussala",
     f"{SENEGAL_TO_KENIEBA};fekola"),
    ("C-CI-SYA", "Abidjan-Pogo-Kadiolo-Syama mine", "ci", "pogo",
     f"{ABIDJAN_TO_ZEGOUA};kadiolo;syama"),
    ("I-BKO-DIO", "Bamako-Fana-Dioila", "domestic", "bamako",
     "bamako;kassela;fana;dioila"),
    ("I-BKO-BDG", "Bamako-Sevare-Bandiagara", "domestic", "bamako",
     "bamako;kassela;fana;segou;bla;san;sevare;bandiagara"),
)  # fmt: skip
"""Corridors to mines and towns that the reference lists as places only."""


def corridor_note(row: dict[str, str]) -> str:
    """Return the remarks of the reference on a corridor in one line.

    Parameters
    ----------
    row
        Corridor of the reference.

    Returns
    -------
    str
        Remark.
    """
    low, high = row["reported_days_low"], row["reported_days_high"]
    days = low if low == high else f"{low} to {high}"
    reported = f"reported {days} days on the way" if low else ""
    _, capacity = CAPACITIES.get(row["corridor_id"], (None, ""))
    texts = (row["fuel_role"], row["status_2025"], reported, capacity)
    return "; ".join(text for text in texts if text)


def corridors(reference: Reference) -> Iterator[Cells]:
    """Yield the corridors of the reference, then those added for mines and towns.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of corridors.csv.
    """
    home = {row["place_id"] for row in reference["places"] if row["country"] == "ML"}
    for row in reference["corridors"]:
        path = PATHS.get(row["corridor_id"], Path("domestic", row["origin_id"]))
        yield {
            "corridor": row["corridor_id"],
            "title": row["name"],
            "kind": "internal" if row["origin_id"] in home else "import",
            "fleet": path.fleet,
            "origin": row["origin_id"],
            "gateway": path.gateway,
            "destination": row["destination_id"],
            "capacity_kl_per_day": CAPACITIES.get(row["corridor_id"], (None, ""))[0],
            "note": corridor_note(row),
            "source": row["source_id"],
        }
    for corridor, title, fleet, gateway, via in ADDED:
        stops = via.split(";")
        yield {
            "corridor": corridor,
            "title": title,
            "kind": "internal" if fleet == "domestic" else "import",
            "fleet": fleet,
            "origin": stops[0],
            "gateway": gateway,
            "destination": stops[-1],
            "capacity_kl_per_day": None,
            "note": "composed of known segments; the choice of way is assumed",
            "source": "assumption",
        }


def steps(
    corridor: str, mode: str, stops: Sequence[str], known: dict[tuple[str, ...], str]
) -> Iterator[Cells]:
    """Yield the segments of one corridor in order.

    Parameters
    ----------
    corridor
        Identifier of the corridor.
    mode
        How it is travelled.
    stops
        Places in order.
    known
        Mode and sorted ends to segment.

    Yields
    ------
    Cells
        One row of corridor_segments.csv.
    """
    for position, ends in enumerate(pairwise(stops), start=1):
        yield {
            "corridor": corridor,
            "position": position,
            "segment": known[mode, *sorted(ends)],
        }


def corridor_segments(reference: Reference) -> Iterator[Cells]:
    """Yield the segments of every corridor in order.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of corridor_segments.csv.
    """
    known = {
        (row["mode"], *sorted((row["from_id"], row["to_id"]))): row["segment_id"]
        for row in reference["segments"]
    }
    for row in reference["corridors"]:
        stops = row["via"].split(";")
        yield from steps(row["corridor_id"], row["mode"], stops, known)
    for corridor, _, _, _, via in ADDED:
        yield from steps(corridor, "road", via.split(";"), known)
