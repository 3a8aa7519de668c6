"""The one plain form in which events, aggregates and prices are handed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from supplyline.evidence.events.lookups import OTHER, kind_of, refinements
from supplyline.evidence.events.pieces import mapped

if TYPE_CHECKING:
    from datetime import date

EVENT_SCHEMA: Final = pa.schema(
    [
        ("data_set", pa.string()),
        ("data_id", pa.string()),
        ("line", pa.int64()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("date_precision", pa.string()),
        ("data_type", pa.string()),
        ("kind", pa.string()),
        ("actor1", pa.string()),
        ("actor2", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("place_km", pa.float64()),
        ("country", pa.string()),
        ("admin1", pa.string()),
        ("admin2", pa.string()),
        ("place_name", pa.string()),
        ("deaths", pa.int64()),
        ("deaths_low", pa.int64()),
        ("deaths_high", pa.int64()),
        ("text", pa.string()),
        ("is_provisional", pa.bool_()),
        ("licence", pa.string()),
        ("version", pa.int64()),
    ]
)
"""One event a row; version orders the states of one row, the newest is the largest."""
EVENT_COLUMNS: Final = tuple(EVENT_SCHEMA.names)
"""Names of the columns of events."""

AGGREGATE_SCHEMA: Final = pa.schema(
    [
        ("data_set", pa.string()),
        ("data_id", pa.string()),
        ("line", pa.int64()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("country", pa.string()),
        ("admin_level", pa.int64()),
        ("admin1", pa.string()),
        ("admin1_code", pa.string()),
        ("admin2", pa.string()),
        ("admin2_code", pa.string()),
        ("event_type", pa.string()),
        ("events", pa.int64()),
        ("deaths", pa.int64()),
        ("licence", pa.string()),
        ("version", pa.int64()),
    ]
)
"""Events and deaths of one type, area and month a row."""
AGGREGATE_COLUMNS: Final = tuple(AGGREGATE_SCHEMA.names)
"""Names of the columns of aggregates."""

PRICE_SCHEMA: Final = pa.schema(
    [
        ("data_set", pa.string()),
        ("data_id", pa.string()),
        ("line", pa.int64()),
        ("date", pa.date32()),
        ("country", pa.string()),
        ("admin1", pa.string()),
        ("admin2", pa.string()),
        ("market", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("category", pa.string()),
        ("commodity", pa.string()),
        ("unit", pa.string()),
        ("price_flag", pa.string()),
        ("price_type", pa.string()),
        ("currency", pa.string()),
        ("price", pa.float64()),
        ("price_usd", pa.float64()),
        ("licence", pa.string()),
        ("version", pa.int64()),
    ]
)
"""One price of one good in one market a row."""
PRICE_COLUMNS: Final = tuple(PRICE_SCHEMA.names)
"""Names of the columns of prices."""

MOST_DEATHS: Final = 10_000_000
"""Most deaths that one row can tell of [persons]."""
MOST_VERSION: Final = 10**17
"""Largest version of a row."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a file besides its rows."""

    data_set: str
    licence: str
    version: int
    is_candidate: bool
    country: str | None = None
    event_type: str | None = None


def constant(value: object, count: int, kind: pa.DataType) -> pa.Array:
    """Repeat one value."""
    return pa.repeat(pa.scalar(value, kind), count)


def kinds(
    data_set: str, types: pa.Array, subtypes: pa.Array, classes: pa.Array
) -> pa.Array:
    """Map the types of a data set to kinds of events."""
    parts = [pc.fill_null(array, "") for array in (types, subtypes, classes)]
    joined = pc.binary_join_element_wise(*parts, "\x1f")
    return mapped(joined, lambda cell: _kind(data_set, cell), pa.string())


def _kind(data_set: str, cell: str) -> str:
    """Map one joined type; what holds the joint itself is no known type."""
    parts = cell.split("\x1f")
    return kind_of(data_set, *parts) if len(parts) == 3 else OTHER


def refined(kinds: pa.Array, text: pa.Array) -> pa.Array:
    """Make kinds more exact where a text holds the words of a mapping table."""
    done = np.zeros(len(kinds), bool)
    for kind, (sources, words) in refinements().items():
        may = pc.is_in(kinds, pa.array(sorted(sources)))
        pattern = "|".join(word.replace(" ", "[ -]") for word in words)
        holds = pc.match_substring_regex(text, rf"\b(?:{pattern})", ignore_case=True)
        change = pc.fill_null(pc.and_(may, holds), False)
        change = change.to_numpy(zero_copy_only=False) & ~done
        if change.any():
            done |= change
            kinds = pc.if_else(pa.array(change), pa.scalar(kind), kinds)
    return kinds


def serial(day: date) -> int:
    """Write a day as a number that orders days."""
    return day.year * 10_000 + day.month * 100 + day.day
