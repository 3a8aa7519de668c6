"""Read UCDP Georeferenced Event Data: yearly and candidate releases, and HDX files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from supplyline.evidence.events.event_columns import (
    EVENT_SCHEMA,
    MOST_DEATHS,
    About,
    constant,
    kinds,
    refined,
)
from supplyline.evidence.events.lookups import actor_class, countries, precisions
from supplyline.evidence.events.pieces import MAX_TEXT, Check, Piece, mapped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

KEYS: Final = ("id",)
"""Columns that name a row."""
DAY: Final = "date_end"
"""Column of the newest day."""

_RELEASE: Final = re.compile(
    r"(?:ged|gedevent[a-z]*|gedevents/)[-_ ]?v?(\d{2})[._]?(\d{1,2})"
    r"(?:[._](\d{1,2}))?(?:[._](\d{1,2}))?(?!\d)",
    re.IGNORECASE,
)
_CLEAR: Final = "clear"


def identify(check: Check) -> pa.Array:
    """Read what names each row."""
    return check.identity("id")


def release_of(hints: Iterable[str]) -> tuple[int, ...] | None:
    """Find the release in the name of a file or an address of the API."""
    for hint in hints:
        if match := _RELEASE.search(hint):
            return tuple(int(part) for part in match.groups() if part)
    return None


def version_of(release: tuple[int, ...] | None, newest: date | None) -> int:
    """Order releases by a number."""
    if release is None:
        if newest is None:
            return 0
        # a release reaches to the end of the year before it
        year, month = newest.year - 2000, newest.month
        release = (max(year + 1, 0), 0) if month == 12 else (max(year, 0), 0, month)
    parts = (*release, 0, 0, 0)[:4]
    return sum(part * 1_000 ** (3 - at) for at, part in enumerate(parts))


def read(check: Check, about: About) -> Piece:
    """Read rows."""
    count = len(check)
    columns: dict[str, Any] = {
        "data_set": constant(about.data_set, count, pa.string()),
        "data_id": identify(check),
        "start": check.day("date_start"),
        "end": check.day("date_end"),
        "data_type": check.text("type_of_violence"),
        "actor1": check.text("side_a"),
        "actor2": check.text("side_b"),
        "lat": check.number("latitude", -90, 90),
        "lon": check.number("longitude", -180, 180),
        "country": _countries(check),
        "admin1": check.text("adm_1"),
        "admin2": check.text("adm_2"),
        "place_name": check.text("where_coordinates"),
        "licence": constant(about.licence, count, pa.string()),
        "version": constant(about.version, count, pa.int64()),
    }
    dates = {code: it.precision for code, it in precisions("ucdp", "date").items()}
    places = {code: it.km for code, it in precisions("ucdp", "place").items()}
    columns["date_precision"] = check.lookup("date_prec", dates, pa.string())
    columns["place_km"] = check.lookup("where_prec", places, pa.float64())
    for name, column in (
        ("deaths", "best"),
        ("deaths_low", "low"),
        ("deaths_high", "high"),
    ):
        columns[name] = check.number(column, 0, MOST_DEATHS, is_whole=True)
    _check_order(check, columns["start"], columns["end"])
    columns["text"] = pc.coalesce(
        check.text("source_headline", MAX_TEXT), check.text("source_article", MAX_TEXT)
    )
    classes = mapped(
        columns["actor1"], lambda name: actor_class("ucdp", name), pa.string()
    )
    none = constant("", count, pa.string())
    kind = kinds("ucdp", columns["data_type"], none, classes)
    columns["kind"] = refined(kind, columns["text"])
    columns["is_provisional"] = mapped(
        check.raw("code_status"),
        lambda cell: about.is_candidate or cell.strip().lower() not in ("", _CLEAR),
        pa.bool_(),
    )
    return check.finish(EVENT_SCHEMA, columns, "data_id")


def _countries(check: Check) -> pa.Array:
    """Find the country by its number, its three letters or its name."""
    title = check.raw("country")
    return pc.coalesce(
        check.lookup("country_id", countries("gleditsch_ward"), pa.string()),
        check.lookup("iso3", countries("iso3"), pa.string()),
        mapped(
            title,
            lambda cell: countries("title").get(cell.strip().lower()),
            pa.string(),
        ),
    )


def _check_order(check: Check, start: pa.Array, end: pa.Array) -> None:
    """Flag events that end before they begin."""
    wrong = pc.fill_null(pc.less(end, start), False).to_numpy(zero_copy_only=False)
    check.flag(wrong.astype(np.bool_), "date_end", "before date_start")
