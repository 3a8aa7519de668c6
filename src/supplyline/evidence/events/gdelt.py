"""Read GDELT event exports, 2.0 (61 columns) and 1.0 (58 or 57)."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from supplyline.evidence.events.event_columns import (
    EVENT_SCHEMA,
    MOST_VERSION,
    About,
    constant,
    kinds,
)
from supplyline.evidence.events.lookups import countries, precisions
from supplyline.evidence.events.pieces import MAX_TEXT, Check, Piece

KEYS: Final = ("GLOBALEVENTID",)
"""Columns that name a row."""


def identify(check: Check) -> pa.Array:
    """Read what names each row."""
    return check.identity("GLOBALEVENTID")


def read(check: Check, about: About) -> Piece:
    """Read rows."""
    count = len(check)
    day = check.day("SQLDATE")
    code = check.text("EventCode")
    none = constant("", count, pa.string())
    nothing = constant(None, count, pa.int64())
    places = {key: it.km for key, it in precisions("gdelt", "place").items()}
    added = check.number("DATEADDED", 0, MOST_VERSION)
    columns: dict[str, Any] = {
        "data_set": constant(about.data_set, count, pa.string()),
        "data_id": identify(check),
        "start": day,
        "end": day,
        "date_precision": constant("day", count, pa.string()),
        "data_type": code,
        "kind": kinds("gdelt", code, none, none),
        "actor1": check.names("Actor1Name", "Actor1Code"),
        "actor2": check.names("Actor2Name", "Actor2Code"),
        "lat": check.number("ActionGeo_Lat", -90, 90),
        "lon": check.number("ActionGeo_Long", -180, 180),
        "place_km": check.lookup("ActionGeo_Type", places, pa.float64()),
        "country": check.lookup(
            "ActionGeo_CountryCode", countries("fips"), pa.string()
        ),
        "admin1": check.text("ActionGeo_ADM1Code"),
        "admin2": check.text("ActionGeo_ADM2Code"),
        "place_name": check.text("ActionGeo_FullName"),
        # deaths are not counted
        "deaths": nothing,
        "deaths_low": nothing,
        "deaths_high": nothing,
        "text": check.text("SOURCEURL", MAX_TEXT),
        "is_provisional": constant(about.is_candidate, count, pa.bool_()),
        "licence": constant(about.licence, count, pa.string()),
        "version": pc.floor(pc.fill_null(added, float(about.version))),
    }
    return check.finish(EVENT_SCHEMA, columns, "data_id")
