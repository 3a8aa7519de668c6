"""Where things stand, corridor by corridor, and how sure the means are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of
from supplyline.analysis.compare import STOCKOUT_SHARE
from supplyline.analysis.members import basis_of, number_of, used_products
from supplyline.quantities import Quantity
from supplyline.report.indicators import AHEAD_DAYS, is_shortage
from supplyline.report.series import forecast_start, summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

_RECENT_WEEKS: Final = 8
_BY_PRODUCT: Final = {
    "days_of_supply": "Days of supply",
    "price_per_l": "Parallel price",
}
_OF_ALL: Final = {
    "stations_open_share": ("Stations open", "share"),
    "electricity_h": ("Electricity", "h/day"),
    "trucks_waiting": ("Trucks waiting at the border", "trucks"),
}
"""Outputs of the state on a day, as printed."""
_LOST: Final = "trucks_lost"


def read_standing(run: Run) -> Rows:
    """Read the state on the last day of the past, and the trucks lost up to it."""
    day = int(run.daily.indexes["day"].searchsorted(pd.Timestamp(run.manifest.cutoff)))
    rows = {
        name: values_of(run.daily, name)[:, day] for name in (*_BY_PRODUCT, *_OF_ALL)
    }
    return rows | {_LOST: values_of(run.daily, _LOST)[:, : day + 1].sum(axis=1)}


def standing(run: Run, read: Rows) -> list[tuple[str, str, Quantity]]:
    """Tell the modelled state on the last day of the past."""
    basis = basis_of(run)
    tiles: list[tuple[str, str, Quantity]] = []
    for name, title in _BY_PRODUCT.items():
        unit = str(run.daily[name].attrs["units"])
        for number, product in used_products(run):
            tiles.append((title, product, summary(read[name][:, number], unit, basis)))
    for name, (title, unit) in _OF_ALL.items():
        values = read[name]
        if np.isfinite(values).all():  # no plant and no line: no hours of electricity
            tiles.append((title, "", summary(values, unit, basis)))
    lost = summary(read[_LOST], "trucks", basis)
    tiles.append(("Trucks lost since the start", "", lost))
    return tiles


@dataclass(frozen=True, slots=True)
class CorridorRow:
    """One corridor in numbers."""

    title: str
    is_import: bool
    recent: Quantity
    ahead: Quantity
    lost: Quantity
    lost_ahead: Quantity


def corridor_rows(run: Run, read: Rows) -> list[CorridorRow]:
    """Tell flows and losses of every corridor."""
    basis = basis_of(run)
    weekly = run.weekly
    table = run.case.tables["corridors"].set_index("corridor")
    rows = []
    for number, name in enumerate(str(key) for key in weekly["corridor"].to_numpy()):
        recent, ahead, lost, lost_ahead = (
            summary(read[key][:, number], "1", basis, middle="mean")
            for key in ("recent", "ahead", "lost", "lost_ahead")
        )
        rows.append(
            CorridorRow(
                title=str(table.loc[name, "title"]),
                is_import=str(table.loc[name, "kind"]) == "import",
                recent=recent,
                ahead=ahead,
                lost=lost,
                lost_ahead=lost_ahead,
            )
        )
    return sorted(rows, key=lambda row: (not row.is_import, -number_of(row.ahead)))


def read_corridors(run: Run) -> Rows:
    """Average the trucks through, and add up those lost, before and ahead."""
    start = forecast_start(run).to_datetime64()
    is_ahead = run.weekly["week"].to_numpy() >= start
    past = np.flatnonzero(~is_ahead)
    through = values_of(run.weekly, "corridor_trucks_delivered")
    lost = values_of(run.weekly, "corridor_trucks_lost")
    return {
        "recent": _mean(through[:, past[-_RECENT_WEEKS:]]),
        "ahead": _mean(through[:, is_ahead]),
        "lost": lost[:, past].sum(axis=1),
        "lost_ahead": lost[:, is_ahead].sum(axis=1),
    }


def _mean(values: NDArray[Any]) -> NDArray[Any]:
    """Average over weeks; 0 where there are none."""
    return np.asarray(values.sum(axis=1) / max(values.shape[1], 1))


def accuracy(run: Run, read: Rows) -> list[tuple[str, Quantity, Quantity]]:
    """Tell the main numbers with their Monte Carlo standard error."""
    unit = str(run.daily["price_per_l"].attrs["units"])
    column, product = used_products(run)[0]
    numbers = (
        ("Chance of a shortage of any product", "probability", read["is_short"]),
        ("Days with a shortage of any product", "days", read["days_short"]),
        (f"Days of supply at the end, {product}", "days", read["cover"][:, column]),
        (f"Parallel price, {product}", unit, read["price"][:, column]),
        ("Trucks lost", "trucks", read["lost"]),
    )
    return [
        (name, *_mean_and_error(v, unit, basis_of(run))) for name, unit, v in numbers
    ]


def read_ahead(run: Run) -> Rows:
    """Reduce the days that judgements look at to the main numbers."""
    start = forecast_start(run)
    until = start + pd.Timedelta(days=AHEAD_DAYS - 1)
    days = run.daily.indexes["day"].slice_indexer(start, until)
    served = values_of(run.daily, "served_share")[:, days]
    price = values_of(run.daily, "price_per_l")[:, days]
    short = np.any(served < STOCKOUT_SHARE, axis=2)
    return {
        "is_short": is_shortage(short),
        "days_short": short.sum(axis=1),
        "cover": values_of(run.daily, "days_of_supply")[:, days][:, -1],
        "price": price.mean(axis=1, dtype=np.float64),
        "lost": values_of(run.daily, "trucks_lost")[:, days].sum(axis=1),
    }


def _mean_and_error(
    values: NDArray[Any], unit: str, basis: str
) -> tuple[Quantity, Quantity]:
    """Give the mean over members and its standard error."""
    numbers = values.astype(np.float64)
    spread = numbers.std(ddof=1) if numbers.size > 1 else 0.0
    error_unit = "share" if unit == "probability" else unit
    return (
        Quantity(float(numbers.mean()), unit, basis=basis),
        Quantity(float(spread / np.sqrt(numbers.size)), error_unit, basis=basis),
    )
