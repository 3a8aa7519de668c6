"""Where things stand, corridor by corridor, and how sure the means are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.compare import STOCKOUT_SHARE
from supplyline.analysis.members import basis_of, number_of, used_products, values_of
from supplyline.quantities import Quantity
from supplyline.report.indicators import AHEAD_DAYS, is_shortage
from supplyline.report.series import forecast_start, summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.runs import Run

_RECENT_WEEKS: Final = 8


def standing(run: Run) -> list[tuple[str, str, Quantity]]:
    """Tell the modelled state on the last day of the past."""
    cutoff = pd.Timestamp(run.manifest.cutoff)
    day = run.daily.sel(day=[cutoff])
    basis = basis_of(run)
    tiles: list[tuple[str, str, Quantity]] = []
    for name, title in (
        ("days_of_supply", "Days of supply"),
        ("price_per_l", "Parallel price"),
    ):
        unit = str(run.daily[name].attrs["units"])
        for number, product in used_products(run):
            values = values_of(day, name)[:, 0, number]
            tiles.append((title, product, summary(values, unit, basis)))
    for name, title, unit in (
        ("stations_open_share", "Stations open", "share"),
        ("electricity_h", "Electricity", "h/day"),
        ("trucks_waiting", "Trucks waiting at the border", "trucks"),
    ):
        values = values_of(day, name)[:, 0]
        if np.isfinite(values).all():  # no plant and no line: no hours of electricity
            tiles.append((title, "", summary(values, unit, basis)))
    lost = values_of(run.daily.sel(day=slice(None, cutoff)), "trucks_lost").sum(axis=1)
    tiles.append(("Trucks lost since the start", "", summary(lost, "trucks", basis)))
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


def corridor_rows(run: Run) -> list[CorridorRow]:
    """Tell flows and losses of every corridor."""
    basis = basis_of(run)
    weekly = run.weekly
    is_ahead = weekly["week"].to_numpy() >= forecast_start(run).to_datetime64()
    past = np.flatnonzero(~is_ahead)
    through = values_of(weekly, "corridor_trucks_delivered")
    lost = values_of(weekly, "corridor_trucks_lost")
    table = run.case.tables["corridors"].set_index("corridor")
    rows = []
    for number, name in enumerate(str(key) for key in weekly["corridor"].to_numpy()):
        flows, losses = through[:, :, number], lost[:, :, number]
        rows.append(
            CorridorRow(
                title=str(table.loc[name, "title"]),
                is_import=str(table.loc[name, "kind"]) == "import",
                recent=_mean(flows[:, past[-_RECENT_WEEKS:]], "1", basis),
                ahead=_mean(flows[:, is_ahead], "1", basis),
                lost=summary(losses[:, past].sum(axis=1), "1", basis, middle="mean"),
                lost_ahead=summary(
                    losses[:, is_ahead].sum(axis=1), "1", basis, middle="mean"
                ),
            )
        )
    return sorted(rows, key=lambda row: (not row.is_import, -number_of(row.ahead)))


def _mean(values: NDArray[Any], unit: str, basis: str) -> Quantity:
    """Average over weeks, then over members with the interval of nine in ten."""
    if values.shape[1] == 0:
        return Quantity(0.0, unit, basis=basis)
    return summary(values.mean(axis=1), unit, basis, middle="mean")


def accuracy(run: Run) -> list[tuple[str, Quantity, Quantity]]:
    """Tell the main numbers with their Monte Carlo standard error."""
    start = forecast_start(run)
    until = start + pd.Timedelta(days=AHEAD_DAYS - 1)
    ahead = run.daily.sel(day=slice(start, until))
    short = np.any(values_of(ahead, "served_share") < STOCKOUT_SHARE, axis=2)
    unit = str(run.daily["price_per_l"].attrs["units"])
    column, product = used_products(run)[0]
    numbers = (
        ("Chance of a shortage of any product", "probability", is_shortage(short)),
        ("Days with a shortage of any product", "days", short.sum(axis=1)),
        (
            f"Days of supply at the end, {product}",
            "days",
            values_of(ahead, "days_of_supply")[:, -1, column],
        ),
        (
            f"Parallel price, {product}",
            unit,
            values_of(ahead, "price_per_l")[:, :, column].mean(axis=1),
        ),
        ("Trucks lost", "trucks", values_of(ahead, "trucks_lost").sum(axis=1)),
    )
    return [
        (name, *_mean_and_error(v, unit, basis_of(run))) for name, unit, v in numbers
    ]


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
