"""Actors, control, revenue, events, claims, sources and measured series of Mali."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from case_folder import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from case_folder import Cells

    from mali.geography import Reference

CUTOFF = "2025-12-31"
MILLION = 1e6

RENAMED = {
    "actors": {"actor_id": "actor", "name": "title", "source_id": "source"},
    "control": {"control_id": "control", "place": "area", "source_id": "source"},
    "revenue": {"revenue_id": "revenue", "source_id": "source"},
    "incidents": {
        "incident_id": "event",
        "tankers_destroyed_low": "trucks_lost_low",
        "tankers_destroyed_high": "trucks_lost_high",
        "source_id": "source",
    },
    "figures": {
        "figure_id": "claim",
        "place": "area",
        "period_start": "start",
        "period_end": "end",
        "source_id": "source",
    },
    "sources": {"source_id": "source", "url": "address"},
}
"""Columns of the reference whose name differs in the case."""

UNNAMED = {"revenue": {"period": "unnamed"}}
"""Text for what a source leaves open, where the case needs a text."""

USES = Path(__file__).with_name("observed_uses.csv")
"""What each claim is used for, as judged by hand."""
SERIES = {
    "customs_volume_ml": (("F0085", "F0086", "F0087"), MILLION, "million l"),
    "escorted_convoys": (("F0088", "F0089"), 1.0, ""),
    "supply_share": (("F0309", "F0310", "F0311"), 100.0, "1"),
    "bamako_petrol_price": (
        ("F0167", "F0166", "F0165", "F0168", "F0169", "F0170"),
        1.0,
        "",
    ),
    "mopti_petrol_price": (("F0175",), 1.0, ""),
    "official_petrol_price": (("F0158", "F0160", "F0163", "F0164"), 1.0, ""),
    "official_diesel_price": (("F0159", "F0161"), 1.0, ""),
    "electricity_h": (("F0155", "F0154"), 1.0, "h/day"),
    "trucks_lost_cumulative": (("F0185", "F0188", "F0189"), 1.0, ""),
    "trucks_waiting": (("F0123",), 1.0, ""),
    "capital_stock_ml": (("F0147",), MILLION, "million l"),
    "convoy_trucks": (
        ("F0202", "F0203", "F0204", "F0205", "F0206", "F0207", "F0208", "F0210"),
        1.0,
        "",
    ),
    "clearance_h": (("F0131", "F0132"), 1.0, ""),
}
"""Series to its claims, divisor of their unit, and unit where it changes."""


def renamed(reference: Reference, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a reference file under the columns of the case.

    Parameters
    ----------
    reference
        Reference files.
    name
        File without its ending.

    Yields
    ------
    dict
        One row.
    """
    unnamed = UNNAMED.get(name, {})
    for row in reference[name]:
        yield {
            RENAMED[name].get(key, key): plain(text) or unnamed.get(key, "")
            for key, text in row.items()
        }


LEADER_HAZARD: Final[Cells] = {
    "source": "leader-hazard",
    "title": "Rates at which leaders lose power, 1990 to 2017, fitted in this package "
    "on REIGN, Powell and Thyne, Archigos and UCDP",
    "publisher": "Supplyline",
    "date": "2017-12",
    "address": "",
    "reliability": "B",
    "note": "case/leader_hazard.json holds coefficients and origin; "
    "docs/model/leader.md how it did in years it had not seen",
}
"""Source of the base rates of the regime's hazards, computed and not read."""


def sources(reference: Reference) -> Iterator[Cells]:
    """Yield the sources, titles of pages printed after the cut-off left out.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of sources.csv.
    """
    for row in renamed(reference, "sources"):
        if row["date"] > CUTOFF:
            row["title"] = "Title left out: printed later, cited for facts of 2025"
        yield row
    yield LEADER_HAZARD


def plain(text: str) -> str:
    """Return text that no spreadsheet takes for a formula.

    Parameters
    ----------
    text
        Cell of the reference.

    Returns
    -------
    str
        The same, a leading plus sign as a word.

    Examples
    --------
    >>> plain("+15 % on 2014")
    'plus 15 % on 2014'
    """
    return "plus " + text[1:] if text.startswith("+") else text


def observed(reference: Reference) -> Iterator[Cells]:
    """Yield the measured series, each value taken from its claim.

    Parameters
    ----------
    reference
        Reference files.

    Yields
    ------
    Cells
        One row of observed.csv.
    """
    claims = {row["figure_id"]: row for row in reference["figures"]}
    uses = {row["claim"]: row for row in read_rows(USES)}
    for series, (names, divisor, unit) in SERIES.items():
        for name in names:
            row = claims[name]
            ends = {
                column: float(row[column]) / divisor if row[column] else ""
                for column in ("value", "low", "high")
            }
            yield {
                "series": series,
                "start": row["period_start"],
                "end": row["period_end"],
                **ends,
                "unit": unit or row["unit"],
                **uses[name],
                "is_reading": uses[name]["is_reading"] == "true",
                "source": row["source_id"],
            }
