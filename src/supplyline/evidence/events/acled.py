"""Read ACLED exports of 31 columns, older ones, and lists of deleted events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from supplyline.evidence.events.blocks import plain
from supplyline.evidence.events.event_columns import (
    EVENT_SCHEMA,
    MOST_DEATHS,
    MOST_VERSION,
    About,
    constant,
    kinds,
    refined,
)
from supplyline.evidence.events.lookups import actor_class, countries, precisions
from supplyline.evidence.events.pieces import (
    MAX_TEXT,
    Check,
    Piece,
    flagged_rows,
    mapped,
)

if TYPE_CHECKING:
    from datetime import date

KEYS: Final = ("event_id_cnty", "data_id")
"""Columns that name a row; the second in older files without the first."""
DAY: Final = "event_date"
"""Column of the newest day."""
FOR_EVER: Final = 2**62
"""Version of a deletion without a moment: no row comes back after it."""

_DAY_S: Final = 86_400
_TIMESTAMP_COLUMNS: Final = ("deleted_timestamp", "timestamp")


def identify(check: Check) -> pa.Array:
    """Read what names each row."""
    has_own = plain(KEYS[0]) in check.block.columns
    return check.identity(KEYS[0] if has_own else KEYS[1])


def version_of(newest: date | None) -> int:
    """Order exports without moments by their newest day."""
    if newest is None:
        return 0
    return max((newest.toordinal() - 719_163) * _DAY_S, 0)


def read(check: Check, about: About) -> Piece:
    """Read rows."""
    count = len(check)
    day = check.day("event_date")
    dates = {code: it.precision for code, it in precisions("acled", "date").items()}
    places = {code: it.km for code, it in precisions("acled", "place").items()}
    types, subtypes = check.text("event_type"), check.text("sub_event_type")
    deaths = check.number("fatalities", 0, MOST_DEATHS, is_whole=True)
    text = check.text("notes", MAX_TEXT)
    classes = mapped(
        check.raw("inter1"), lambda cell: actor_class("acled", cell), pa.string()
    )
    moment = check.number("timestamp", 0, MOST_VERSION)
    columns: dict[str, Any] = {
        "data_set": constant(about.data_set, count, pa.string()),
        "data_id": identify(check),
        "start": day,
        "end": day,
        "date_precision": check.lookup("time_precision", dates, pa.string()),
        "data_type": pc.coalesce(
            pc.binary_join_element_wise(types, subtypes, ": "), types
        ),
        "kind": refined(kinds("acled", types, subtypes, classes), text),
        "actor1": check.text("actor1"),
        "actor2": check.text("actor2"),
        "lat": check.number("latitude", -90, 90),
        "lon": check.number("longitude", -180, 180),
        "place_km": check.lookup("geo_precision", places, pa.float64()),
        "country": _countries(check),
        "admin1": check.text("admin1"),
        "admin2": check.text("admin2"),
        "place_name": check.text("location"),
        "deaths": deaths,
        # one estimate is given, and no range
        "deaths_low": constant(None, count, pa.int64()),
        "deaths_high": constant(None, count, pa.int64()),
        "text": text,
        "is_provisional": constant(about.is_candidate, count, pa.bool_()),
        "licence": constant(about.licence, count, pa.string()),
        "version": pc.floor(pc.fill_null(moment, float(about.version))),
    }
    return check.finish(EVENT_SCHEMA, columns, "data_id")


def read_deletions(check: Check) -> tuple[dict[str, int], pa.RecordBatch]:
    """Read which events were deleted, and when."""
    keys = check.identity("event_id_cnty")
    moments = [
        check.number(name, 0, MOST_VERSION)
        for name in _TIMESTAMP_COLUMNS
        if plain(name) in check.block.columns
    ]
    when = (
        pc.coalesce(*moments) if moments else constant(None, len(check), pa.float64())
    )
    schema = pa.schema([("line", pa.int64()), ("data_id", pa.string()),
                        ("when", pa.float64())])  # fmt: skip
    piece = check.finish(schema, {"data_id": keys, "when": when}, "data_id")
    versions: dict[str, int] = {}
    columns = (piece.rows.column(at).to_pylist() for at in (1, 2))
    for key, moment in zip(*columns, strict=True):
        latest = FOR_EVER if moment is None else int(moment)
        versions[key] = max(latest, versions.get(key, 0))
    return versions, piece.flagged


def no_rows() -> pa.RecordBatch:
    """Give no flagged rows."""
    return flagged_rows([])


def _countries(check: Check) -> pa.Array:
    """Find the country by its number, its three letters or its name."""
    return pc.coalesce(
        check.lookup("iso", countries("iso_numeric"), pa.string()),
        check.lookup("iso3", countries("iso3"), pa.string()),
        mapped(
            check.raw("country"),
            lambda cell: countries("title").get(cell.strip().lower()),
            pa.string(),
        ),
    )
