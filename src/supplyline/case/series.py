"""Series by name: those of a run that a row may ask for, those that were observed.

A daily series of the country is one field of a record here; the kernels fill it.
"""

from __future__ import annotations

from dataclasses import dataclass
from inspect import get_annotations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    Kept = float  # the kernels keep it in single precision


class Daily:
    """Record of a day of every run: the country, and its capital."""

    trucks_sent: Kept
    trucks_escorted: Kept
    trucks_lost: Kept
    trucks_turned_back: Kept
    trucks_delivered: Kept
    trucks_waiting: Kept
    convoys: Kept
    drivers_abducted: Kept
    drivers_killed: Kept
    tolls_usd: Kept
    posture: Kept
    escorts: Kept
    stations_open_share: Kept
    queue_h: Kept
    electricity_h: Kept
    fear: Kept
    public_served_share: Kept


class DailyCountry:
    """Record of a day of a run of a case with armed groups."""

    attacks: Kept
    attacks_interdictor: Kept
    soldiers_killed: Kept
    civilians_killed: Kept
    harm_operations: Kept
    harm_killed: Kept
    fighters_killed: Kept
    abducted: Kept
    morale: Kept
    offensive_share: Kept
    escort_share: Kept
    partner_troops: Kept
    legitimacy: Kept
    cohesion: Kept
    fiscal: Kept
    protests: Kept
    repression: Kept
    talks: Kept
    grievance: Kept
    state_control_share: Kept
    access_share: Kept
    displaced: Kept
    towns_besieged: Kept
    years_since_attempt: Kept
    attempts: Kept
    exit_kind: Kept
    covariate_shortage: Kept
    covariate_losses: Kept
    covariate_ground: Kept
    covariate_cohesion: Kept
    covariate_legitimacy: Kept
    covariate_protest: Kept
    covariate_arrears: Kept
    covariate_price: Kept
    covariate_partner: Kept
    hazard_attempt: Kept
    hazard_forced: Kept
    hazard_capture: Kept
    hazard_natural: Kept


SUPPLY_SERIES: Final = tuple(get_annotations(Daily))
"""Series of every run."""
COUNTRY_SERIES: Final = tuple(get_annotations(DailyCountry))
"""Series of a run of a case with armed groups."""
NATIONAL_SERIES: Final = SUPPLY_SERIES + COUNTRY_SERIES
"""All of them."""


def run_series(*, has_groups: bool) -> tuple[str, ...]:
    """Name the daily national series of a run with or without armed groups."""
    return NATIONAL_SERIES if has_groups else SUPPLY_SERIES


@dataclass(frozen=True, slots=True)
class ObservedSeries:
    """A series that observed.csv may hold.

    PLACE, PRODUCT and CURRENCY in names and units stand for those of the case.
    """

    name: str
    units: tuple[str, ...]
    meaning: str
    measure: str | None
    """What of a run it is set against; none where no run gives it, only the case."""


_PRICE_UNITS: Final = ("CURRENCY_per_litre", "CURRENCY/l")
_COUNT_UNITS: Final = ("count", "trucks")
_SHARE_UNITS: Final = ("1", "share")
_VOLUME_UNITS: Final = ("million l", "Ml")

OBSERVED_SERIES: Final = (
    ObservedSeries(
        "PLACE_PRODUCT_price",
        _PRICE_UNITS,
        "Parallel price in a place; drawn for the capital.",
        "street_price_PLACE_PRODUCT",
    ),
    ObservedSeries("official_PRODUCT_price", _PRICE_UNITS, "Official price.", None),
    ObservedSeries(
        "customs_volume_ml",
        _VOLUME_UNITS,
        "Imports by customs; drawn.",
        "customs_volume_ml",
    ),
    ObservedSeries("imports_volume_kl", ("kl",), "Imports.", "imports_volume_kl"),
    ObservedSeries(
        "stations_open_share",
        _SHARE_UNITS,
        "Stations open in the capital; drawn.",
        "stations_open_share",
    ),
    ObservedSeries(
        "electricity_h",
        ("h/day",),
        "Electricity a day in the capital; drawn.",
        "electricity_h",
    ),
    ObservedSeries(
        "trucks_waiting",
        _COUNT_UNITS,
        "Trucks at the border; drawn.",
        "trucks_waiting",
    ),
    ObservedSeries(
        "trucks_lost_cumulative",
        _COUNT_UNITS,
        "Trucks lost since the start of the case; drawn.",
        "trucks_lost",
    ),
    ObservedSeries(
        "capital_stock_ml",
        _VOLUME_UNITS,
        "Stock in the capital.",
        "capital_stock_ml",
    ),
    ObservedSeries(
        "supply_share",
        _SHARE_UNITS,
        "Supply against ordinary days.",
        "supply_share",
    ),
    ObservedSeries(
        "convoy_trucks", _COUNT_UNITS, "Trucks of a convoy.", "convoy_trucks"
    ),
    ObservedSeries(
        "escorted_convoys",
        ("count_per_month",),
        "Convoys with an escort.",
        "escorted_convoys",
    ),
    ObservedSeries(
        "clearance_h", ("hour", "h"), "Time a truck takes at the border.", None
    ),
)
"""All that observed.csv may hold."""


def observed_series(
    places: Iterable[str], products: Iterable[str], currency: str
) -> dict[str, ObservedSeries]:
    """Name the series that observed.csv of a case may hold, with its own names in."""
    places, products = list(places), list(products)
    known = {}
    for series in OBSERVED_SERIES:
        for place in places if "PLACE" in series.name else [""]:
            for product in products if "PRODUCT" in series.name else [""]:
                words = {"PLACE": place, "PRODUCT": product, "CURRENCY": currency}
                name, measure, *units = (
                    _filled(text, words)
                    for text in (series.name, series.measure or "", *series.units)
                )
                known[name] = ObservedSeries(
                    name, tuple(units), series.meaning, measure or None
                )
    return known


def _filled(text: str, words: dict[str, str]) -> str:
    """Put names of a case where a text has words for them."""
    for word, name in words.items():
        text = text.replace(word, name)
    return text
