"""Read market prices of the World Food Programme, as HDX gives them."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from supplyline.evidence.events.blocks import plain
from supplyline.evidence.events.event_columns import PRICE_SCHEMA, About, constant
from supplyline.evidence.events.hapi import joined
from supplyline.evidence.events.lookups import countries
from supplyline.evidence.events.pieces import Check, Piece, mapped

KEYS: Final = (
    "countryiso3", "country", "date", "admin1", "admname", "market", "mktname",
    "market_id", "mktid", "commodity", "cmname", "commodity_id", "cmid", "unit",
    "priceflag", "pricetype", "ptid", "currency",
)  # fmt: skip
"""Columns that name a row, of both layouts."""
DAY: Final = "date"
"""Column of the newest day."""

_MAX_PRICE: Final = 1e12


def identify(check: Check) -> pa.Array:
    """Read what names each row."""
    is_new = plain("market") in check.block.columns
    check.identity("market" if is_new else "mktname")
    check.identity("commodity" if is_new else "cmname")
    return joined(
        check, tuple(name for name in KEYS if plain(name) in check.block.columns)
    )


def read(check: Check, about: About) -> Piece:
    """Read rows."""
    count = len(check)
    key = identify(check)
    if about.country is not None:
        mine = constant(about.country, count, pa.string())
        key = pc.binary_join_element_wise(mine, key, "|")
    price = check.number("price", 0, _MAX_PRICE)
    absent = pc.is_null(price).to_numpy(zero_copy_only=False)
    check.flag(absent, "price", "missing")
    columns: dict[str, Any] = {
        "data_set": constant(about.data_set, count, pa.string()),
        "data_id": key,
        "date": check.day("date"),
        "country": pc.coalesce(
            check.lookup("countryiso3", countries("iso3"), pa.string()),
            mapped(
                check.raw("country"),
                lambda cell: countries("title").get(cell.strip().lower()),
                pa.string(),
            ),
            constant(about.country, count, pa.string()),
        ),
        "admin1": check.names("admin1", "admname"),
        "admin2": check.text("admin2"),
        "market": check.names("market", "mktname"),
        "lat": check.number("latitude", -90, 90),
        "lon": check.number("longitude", -180, 180),
        "category": check.text("category"),
        "commodity": check.names("commodity", "cmname"),
        "unit": check.text("unit"),
        "price_flag": check.text("priceflag"),
        "price_type": check.names("pricetype", "ptid"),
        "currency": check.text("currency"),
        "price": price,
        "price_usd": check.number("usdprice", 0, _MAX_PRICE),
        "licence": constant(about.licence, count, pa.string()),
        "version": constant(about.version, count, pa.int64()),
    }
    return check.finish(PRICE_SCHEMA, columns, "data_id")
