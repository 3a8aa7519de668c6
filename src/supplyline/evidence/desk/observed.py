"""How accepted claims and market prices lengthen the observed series of a case."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from supplyline.case.frames import rows, write_cell
from supplyline.evidence.desk.actor_names import folded
from supplyline.evidence.desk.table_changes import CLAIM, TableChange, added

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from supplyline.case.case import Case

SAME: Final = ("subject", "quantity", "area", "unit")
"""What a claim shares with those that feed a series, to be taken into it."""

_ROUNDING: Final = 1e-3
_PRICE_UNITS: Final = ("{}_per_litre", "{}/l")
_LITRE: Final = frozenset({"l", "litre", "litres", "1 l", "liter"})


def claims_added(case: Case) -> list[TableChange]:
    """Tell which claims a person accepted since the last cut-off."""
    updates = case.tables["updates"]
    told = set(updates[updates["rule"] == CLAIM]["row"])
    accepted = set(case.tables["readings"]["claim"]) - told
    return [
        TableChange("claims", str(claim), None, None, None, CLAIM, str(claim))
        for claim in sorted(accepted)
    ]


def observed(case: Case, cutoff: date) -> list[TableChange]:
    """Take accepted claims into the series that their like feed already."""
    claims = case.tables["claims"]
    series = case.tables["observed"]
    fed = _fed(claims, series)
    used = set(series["claim"])
    changes = []
    for row in rows(_accepted(case)):
        fed_by = fed.get(tuple(str(getattr(row, name)) for name in SAME))
        is_late = pd.Timestamp(row.end).date() > cutoff
        if fed_by is None or is_late or pd.isna(row.value) or row.claim in used:
            continue
        name, unit, ratio = fed_by
        cells = {
            "series": name,
            "start": f"{pd.Timestamp(row.start):%Y-%m-%d}",
            "end": f"{pd.Timestamp(row.end):%Y-%m-%d}",
            **{end: _scaled(getattr(row, end), ratio) for end in _ENDS},
            "unit": unit,
            "claim": str(row.claim),
            "source": str(row.source),
        }
        changes.append(added("observed", cells, "observed", str(row.claim)))
    return changes


_ENDS: Final = ("value", "low", "high")


def price_rows(case: Case, prices: pd.DataFrame, cutoff: date) -> list[TableChange]:
    """Take prices of a fuel in a market of the case into its price series.

    A series is one of prices of a product in a place if a claim that feeds it is of
    that area and in the currency of the case per litre, and its quantity or the name of
    the series names the product.
    """
    markets = _places(case)
    series_of = _price_series(case)
    known = set(case.tables["observed"][["series", "start"]].apply(_key, axis=1))
    changes: list[TableChange] = []
    ordered = prices.sort_values(["date", "market", "commodity"])
    for row in rows(ordered):
        place = markets.get(folded(str(row.market)))
        words = set(folded(str(row.commodity)).split())
        products = [one for one in case.config.products if set(one.split("_")) <= words]
        series = series_of.get((place, products[0])) if len(products) == 1 else None
        day = pd.Timestamp(row.date)
        is_fit = (
            folded(str(row.unit)) in _LITRE and row.currency == case.config.currency
        )
        if series is None or not is_fit or day.date() > cutoff or pd.isna(row.price):
            continue
        if (key := f"{series[0]} {day:%Y-%m-%d}") not in known:
            known.add(key)
            changes.extend(_price(row, series, f"{day:%Y-%m-%d}"))
    return changes


def _price(row: Any, series: tuple[str, str, Any], day: str) -> Iterator[TableChange]:  # noqa: ANN401 - a row of a frame
    """Write one price as a claim and a row of its series."""
    name, unit, like = series
    what = f"{row.data_set}\n{name}\n{day}"
    claim = f"P-{sha256(what.encode()).hexdigest()[:10]}"
    value = write_cell(float(row.price))
    shared = {"start": day, "end": day, "value": value, "low": "", "high": ""}
    cells = {
        "claim": claim,
        "subject": str(like.subject),
        "quantity": str(like.quantity),
        "area": str(like.area),
        "unit": str(like.unit),
        "note": "price of a market, from a data set",
        "source": str(row.data_set),
        **shared,
    }
    yield added("claims", cells, "price", claim)
    taken = {**shared, "series": name, "unit": unit, "claim": claim}
    yield added("observed", {**taken, "source": str(row.data_set)}, "price", claim)


def _accepted(case: Case) -> pd.DataFrame:
    """Give the claims that a person accepted, without those of relays."""
    tables = case.tables
    documents, readings = tables["documents"], tables["readings"]
    relays = set(documents[documents["relay_of"].notna()]["document"])
    own = readings[~readings["document"].isin(relays)]
    claims = tables["claims"]
    return claims[claims["claim"].isin(own["claim"])].sort_values("claim")


def _fed(
    claims: pd.DataFrame, series: pd.DataFrame
) -> dict[tuple[str, ...], tuple[str, str, float]]:
    """Find the one series that claims of a kind feed, its unit and ratio to them."""
    both = series.merge(claims, on="claim", suffixes=("_taken", ""))
    series_of = {}
    for key, some in both.groupby(list(SAME)):
        ratios = (some["value_taken"] / some["value"]).dropna()
        is_one = len(some[["series", "unit_taken"]].drop_duplicates()) == 1
        if not is_one or ratios.empty:
            continue
        middle = float(ratios.median())
        if ((ratios / middle - 1).abs() <= _ROUNDING).all():
            first = some.iloc[0]
            ratio = 1.0 if abs(middle - 1) <= _ROUNDING else middle
            cells = tuple(str(part) for part in key)
            series_of[cells] = (str(first["series"]), str(first["unit_taken"]), ratio)
    return series_of


def _price_series(case: Case) -> dict[tuple[str | None, str], tuple[str, str, Any]]:
    """Find the price series of each place and product."""
    units = [form.format(case.config.currency) for form in _PRICE_UNITS]
    places = set(case.tables["places"]["place"])
    claims = case.tables["claims"].set_index("claim", drop=False)
    series_of: dict[tuple[str | None, str], tuple[str, str, Any]] = {}
    for row in rows(case.tables["observed"]):
        like = claims.loc[row.claim]
        if like.unit not in units or like.area not in places or row.unit not in units:
            continue
        words = {*str(like.quantity).split("_"), *str(row.series).split("_")}
        for product in case.config.products:
            if set(product.split("_")) <= words:
                key = (str(like.area), product)
                series_of.setdefault(key, (str(row.series), str(row.unit), like))
    return series_of


def _places(case: Case) -> dict[str, str]:
    """Give the names of the places of a case."""
    places, names = case.tables["places"], case.tables["names"]
    place_of = {
        folded(str(title)): str(place)
        for title, place in zip(places["title"], places["place"], strict=True)
    }
    spoken = names[names["kind"] == "place"]
    for name, row in zip(spoken["name"], spoken["row"], strict=True):
        place_of[folded(str(name))] = str(row)
    return place_of


def _scaled(number: Any, ratio: float) -> str:  # noqa: ANN401 - a cell
    """Write a number of a claim in the unit of its series."""
    return "" if pd.isna(number) else write_cell(float(f"{number * ratio:.12g}"))


def _key(row: Any) -> str:  # noqa: ANN401 - a row of a frame
    """Name a row of a series by its first day."""
    return f"{row['series']} {row['start']:%Y-%m-%d}"
