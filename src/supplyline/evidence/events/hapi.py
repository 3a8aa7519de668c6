"""Read monthly aggregates of conflict events: HDX HAPI, and ACLED's workbook on HDX."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from supplyline.evidence.events.event_columns import (
    AGGREGATE_SCHEMA,
    MOST_DEATHS,
    About,
    constant,
)
from supplyline.evidence.events.lookups import countries
from supplyline.evidence.events.pieces import Check, Piece, mapped

KEYS: Final = (
    "location_code", "admin1_code", "admin1_name", "provider_admin1_name",
    "admin2_code", "admin2_name", "provider_admin2_name", "admin_level", "event_type",
    "reference_period_start", "reference_period_end",
)  # fmt: skip
"""Columns that name a row of HAPI."""
BOOK_KEYS: Final = (
    "ISO3", "Country", "Admin1", "Admin1 Pcode", "Admin2", "Admin2 Pcode", "Year",
    "Month",
)  # fmt: skip
"""Columns that name a row of the workbook."""
DAY: Final = "reference_period_end"
"""Column of the newest day."""
TYPES: Final = ("political_violence", "civilian_targeting", "demonstration")
"""Types of events that aggregates are made of."""

_MONTHS: Final = {name.lower(): at for at, name in enumerate(calendar.month_name) if at}


def identify(check: Check) -> pa.Array:
    """Read what names each row of HAPI."""
    check.identity("location_code")
    return joined(check, KEYS)


def identify_book(check: Check) -> pa.Array:
    """Read what names each row of the workbook."""
    check.identity("Country")
    return joined(check, BOOK_KEYS)


def joined(check: Check, names: tuple[str, ...]) -> pa.Array:
    """Join cells to a name of the row."""
    cells = [pc.fill_null(check.text(name, 200), "") for name in names]
    # a bar inside a cell would make two rows look the same
    cells = [pc.replace_substring(cell, "|", "/") for cell in cells]
    return pc.binary_join_element_wise(*cells, "|")


def read(check: Check, about: About) -> Piece:
    """Read rows of HAPI."""
    start = check.day("reference_period_start")
    end = check.day("reference_period_end")
    wrong = pc.fill_null(pc.less(end, start), False).to_numpy(zero_copy_only=False)
    check.flag(wrong.astype(np.bool_), "reference_period_end", "before the start")
    reported = check.text("error")
    told = pc.is_valid(reported).to_numpy(zero_copy_only=False)
    check.flag(told, "error", "the data set itself reports an error")
    columns = {
        **_shared(check, about, "events", "fatalities"),
        "data_id": identify(check),
        "start": start,
        "end": end,
        "country": check.lookup("location_code", countries("iso3"), pa.string()),
        "admin_level": check.number("admin_level", 0, 9, is_whole=True),
        "admin1": check.names("admin1_name", "provider_admin1_name"),
        "admin1_code": check.text("admin1_code"),
        "admin2": check.names("admin2_name", "provider_admin2_name"),
        "admin2_code": check.text("admin2_code"),
        "event_type": check.text("event_type"),
    }
    return check.finish(AGGREGATE_SCHEMA, columns, "data_id")


def read_book(check: Check, about: About) -> Piece:
    """Read rows of a sheet of the workbook."""
    count = len(check)
    months = pc.binary_join_element_wise(check.raw("Year"), check.raw("Month"), "\x1f")
    start = mapped(months, lambda cell: _month(cell, is_end=False), pa.date32())
    end = mapped(months, lambda cell: _month(cell, is_end=True), pa.date32())
    wrong = pc.is_null(start).to_numpy(zero_copy_only=False)
    check.flag(wrong, "Month", "no possible month")
    levels = [pc.is_valid(check.text(name)) for name in ("Admin1", "Admin2")]
    level = pc.add(*[level.cast(pa.int64()) for level in levels])
    key = identify_book(check)
    kind = constant(about.event_type or "", count, pa.string())
    columns = {
        **_shared(check, about, "Events", "Fatalities"),
        "data_id": pc.binary_join_element_wise(kind, key, "|"),
        "start": start,
        "end": end,
        "country": pc.coalesce(
            check.lookup("ISO3", countries("iso3"), pa.string()),
            mapped(
                check.raw("Country"),
                lambda cell: countries("title").get(cell.strip().lower()),
                pa.string(),
            ),
        ),
        "admin_level": level,
        "admin1": check.text("Admin1"),
        "admin1_code": check.text("Admin1 Pcode"),
        "admin2": check.text("Admin2"),
        "admin2_code": check.text("Admin2 Pcode"),
        "event_type": constant(about.event_type, count, pa.string()),
    }
    return check.finish(AGGREGATE_SCHEMA, columns, "data_id")


def _shared(check: Check, about: About, events: str, deaths: str) -> dict[str, Any]:
    """Read what both layouts have."""
    count = len(check)
    return {
        "data_set": constant(about.data_set, count, pa.string()),
        "events": check.number(events, 0, MOST_DEATHS, is_whole=True),
        "deaths": check.number(deaths, 0, MOST_DEATHS, is_whole=True),
        "licence": constant(about.licence, count, pa.string()),
        "version": constant(about.version, count, pa.int64()),
    }


def _month(cell: str, *, is_end: bool) -> date | None:
    """Read a year and a month, as a number or an English name."""
    year, _, month = (part.strip() for part in cell.partition("\x1f"))
    at = _MONTHS.get(month.lower())
    if at is None and month.isascii() and month.isdigit() and len(month) <= 2:
        at = int(month)
    if at is None or not 1 <= at <= 12:
        return None
    if not (year.isascii() and year.isdigit() and 1800 <= int(year[:9]) <= 2100):
        return None
    last = calendar.monthrange(int(year), at)[1] if is_end else 1
    return date(int(year), at, last)
