"""Names of series: those of a run that a row may ask for, those that were observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.case.regime import COVARIATES, KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

SUPPLY_SERIES: Final = (
    "trucks_sent",
    "trucks_escorted",
    "trucks_lost",
    "trucks_turned_back",
    "trucks_delivered",
    "trucks_waiting",
    "convoys",
    "drivers_abducted",
    "drivers_killed",
    "tolls_usd",
    "posture",
    "escorts",
    "stations_open_share",
    "queue_h",
    "electricity_h",
    "fear",
    "public_served_share",
)
"""Series of every run: the country, and its capital."""

COUNTRY_SERIES: Final = (
    "attacks",
    "attacks_interdictor",
    "soldiers_killed",
    "civilians_killed",
    "harm_operations",
    "harm_killed",
    "fighters_killed",
    "abducted",
    "morale",
    "offensive_share",
    "escort_share",
    "partner_troops",
    "legitimacy",
    "cohesion",
    "fiscal",
    "protests",
    "repression",
    "talks",
    "grievance",
    "state_control_share",
    "access_share",
    "displaced",
    "towns_besieged",
    "years_since_attempt",
    "attempts",
    "exit_kind",
    *(f"covariate_{name}" for name in COVARIATES),
    *(f"hazard_{kind}" for kind in KINDS),
)
"""Series of a run of a case with armed groups."""

NATIONAL_SERIES: Final = SUPPLY_SERIES + COUNTRY_SERIES
"""All of them."""


def run_series(*, has_groups: bool) -> tuple[str, ...]:
    """Name the daily national series of a run with or without armed groups."""
    return NATIONAL_SERIES if has_groups else SUPPLY_SERIES


@dataclass(frozen=True, slots=True)
class ObservedSeries:
    """A series that observed.csv may hold.

    PLACE, PRODUCT and CURRENCY in name and units stand for those of the case.
    """

    name: str
    units: tuple[str, ...]
    meaning: str


_PRICE_UNITS: Final = ("CURRENCY_per_litre", "CURRENCY/l")
_COUNT_UNITS: Final = ("count", "trucks")
_SHARE_UNITS: Final = ("1", "share")
_VOLUME_UNITS: Final = ("million l", "Ml")

OBSERVED_SERIES: Final = (
    ObservedSeries(
        "PLACE_PRODUCT_price",
        _PRICE_UNITS,
        "Parallel price in a place; drawn for the capital.",
    ),
    ObservedSeries("official_PRODUCT_price", _PRICE_UNITS, "Official price."),
    ObservedSeries("customs_volume_ml", _VOLUME_UNITS, "Imports by customs; drawn."),
    ObservedSeries("imports_volume_kl", ("kl",), "Imports."),
    ObservedSeries(
        "stations_open_share", _SHARE_UNITS, "Stations open in the capital; drawn."
    ),
    ObservedSeries(
        "electricity_h", ("h/day",), "Electricity a day in the capital; drawn."
    ),
    ObservedSeries("trucks_waiting", _COUNT_UNITS, "Trucks at the border; drawn."),
    ObservedSeries(
        "trucks_lost_cumulative",
        _COUNT_UNITS,
        "Trucks lost since the start of the case; drawn.",
    ),
    ObservedSeries("capital_stock_ml", _VOLUME_UNITS, "Stock in the capital."),
    ObservedSeries("supply_share", _SHARE_UNITS, "Supply against ordinary days."),
    ObservedSeries("convoy_trucks", _COUNT_UNITS, "Trucks of a convoy."),
    ObservedSeries("escorted_convoys", ("count_per_month",), "Convoys with an escort."),
    ObservedSeries("clearance_h", ("hour", "h"), "Time a truck takes at the border."),
)
"""All that observed.csv may hold."""


def observed_units(
    places: Iterable[str], products: Iterable[str], currency: str
) -> dict[str, tuple[str, ...]]:
    """Name the series that observed.csv of a case may hold, each with its units."""
    places, products = list(places), list(products)
    units = {}
    for series in OBSERVED_SERIES:
        for place in places if "PLACE" in series.name else [""]:
            for product in products if "PRODUCT" in series.name else [""]:
                name = series.name.replace("PLACE", place).replace("PRODUCT", product)
                written = (unit.replace("CURRENCY", currency) for unit in series.units)
                units[name] = tuple(written)
    return units
