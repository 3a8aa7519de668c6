"""Which charts a brief holds, and which reported values stand beside the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import Sums, rows_of, values_of
from supplyline.analysis.members import used_products
from supplyline.quantities import Quantity
from supplyline.report.figures import (
    BLUE,
    COLOURS,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    Chart,
    common_top,
    fan_chart,
    pair_chart,
)
from supplyline.report.series import (
    Observation,
    by_week,
    fan_of,
    place_title,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from supplyline.analysis.chunks import Rows
    from supplyline.report.series import Fan
    from supplyline.runs import Run

CORRIDORS_SHOWN: Final = 8
"""Corridors with a chart of their own; the first chart holds all of them."""
_PASSAGE: Final = ("corridor_trucks_delivered", "corridor_trucks_lost")


@dataclass(frozen=True, slots=True)
class Charts:
    """All charts of a brief."""

    supply: tuple[Chart, ...]
    corridors: tuple[Chart, ...]
    left_out: int

    def claims(self) -> list[str]:
        """List the claims drawn."""
        return [
            entry.quantity.reference
            for chart in (*self.supply, *self.corridors)
            for fan in chart.fans
            for entry in fan.observed
        ]


def draw_charts(run: Run) -> Charts:
    """Draw every chart of a brief."""
    table = run.case.tables["corridors"]
    imports = [str(name) for name in table.loc[table["kind"] == "import", "corridor"]]
    supply, together, busiest = _first_charts(run, imports)
    corridors = (together, *_alone(run, busiest))
    return Charts(supply, corridors, len(imports) - len(busiest))


def _first_charts(
    run: Run, imports: list[str]
) -> tuple[tuple[Chart, ...], Chart, list[str]]:
    """Draw supply and all import corridors together, and name the busiest of them."""
    sums = Sums()
    [capital, nation, passing] = rows_of(
        run,
        _weeks_of_capital,
        _weeks_of_nation,
        lambda part: _weeks_of_imports(part, imports, sums),
    )
    supply = (
        *_by_product(run, capital),
        *_capital(run, capital),
        *_nation(run, nation),
    )
    together = _passage(run, passing, "corridor-all", "All import corridors")
    flow = sums["corridor_trucks_delivered"]
    order = np.argsort(-flow, kind="stable")[:CORRIDORS_SHOWN]
    return supply, together, [imports[int(spot)] for spot in order]


def _weeks_of_capital(run: Run) -> Rows:
    """Read the weeks of the capital, by member, week and product."""
    names = ["days_of_supply", "price_per_l", "stations_open_share", "electricity_h"]
    # cut first: of a saved run no other place is read
    capital = run.weekly[names].sel(place=run.case.config.capital)
    return {name: values_of(capital, name) for name in names}


def _weeks_of_nation(run: Run) -> Rows:
    """Read the weeks of the nation, by member and week."""
    waiting, lost = (
        values_of(run.weekly, f"corridor_trucks_{name}").sum(axis=2)
        for name in ("waiting", "lost")
    )
    imports = by_week(run, "imports_kl") / 1e3
    return {"imports": imports, "waiting": waiting, "lost": lost.cumsum(axis=1)}


def _weeks_of_imports(run: Run, corridors: list[str], sums: Sums) -> Rows:
    """Add up trucks through and lost over corridors; add members to the sums."""
    weeks = _weeks_of_corridors(run, corridors)
    for key, values in weeks.items():
        sums.add(key, values.sum(axis=1))
    return {key: values.sum(axis=2) for key, values in weeks.items()}


def _weeks_of_corridors(run: Run, corridors: list[str]) -> Rows:
    """Read trucks through and lost, by member, week and corridor."""
    spots = run.weekly.indexes["corridor"].get_indexer(pd.Index(corridors))
    return {key: values_of(run.weekly, key)[:, :, spots] for key in _PASSAGE}


def observations(
    run: Run, series: str, unit: str, scale: float
) -> tuple[Observation, ...]:
    """Read the reported values of one series."""
    rows = run.case.tables["observed"]
    rows = rows[rows["series"] == series]
    first, last = (pd.Timestamp(run.daily["day"].to_numpy()[i]) for i in (0, -1))
    kept = []
    for row in rows.to_dict("records"):
        start, end = max(pd.Timestamp(row["start"]), first), pd.Timestamp(row["end"])
        if end < first or start > last or pd.isna(row["value"]):
            continue
        kept.append(Observation(start, end, _reported(row, unit, scale)))
    return tuple(kept)


def _reported(row: Mapping[Hashable, Any], unit: str, scale: float) -> Quantity:
    """Turn a row of observed.csv into a number of the chart."""
    value = float(row["value"])
    low = value if pd.isna(row["low"]) else float(row["low"])
    high = value if pd.isna(row["high"]) else float(row["high"])
    is_exact = low == high
    return Quantity(
        value * scale,
        unit,
        low=None if is_exact else low * scale,
        high=None if is_exact else high * scale,
        basis=f"claim {row['claim']}",
    )


def _by_product(run: Run, weeks: Rows) -> list[Chart]:
    """Draw days of supply and price for each product, on common axes."""
    capital = run.case.config.capital
    place = place_title(run, capital)
    unit = str(run.weekly["price_per_l"].attrs["units"])
    covers: list[Fan] = []
    prices: list[Fan] = []
    for number, (column, product) in enumerate(used_products(run)):
        covers.append(
            fan_of(
                run,
                weeks["days_of_supply"][:, :, column],
                name=f"days-{number}",
                title=f"Days of supply, {product}, {place}",
                unit="days",
            )
        )
        prices.append(
            fan_of(
                run,
                weeks["price_per_l"][:, :, column],
                name=f"price-{number}",
                title=f"Parallel price, {product}, {place}",
                unit=unit,
                observed=observations(run, f"{capital}_{product}_price", unit, 1.0),
            )
        )
    charts = []
    for fans in (covers, prices):
        top = common_top(fans)
        charts += [
            fan_chart(fan, colour=COLOURS[number % len(COLOURS)], top=top)
            for number, fan in enumerate(fans)
        ]
    return charts


def _capital(run: Run, weeks: Rows) -> list[Chart]:
    """Draw stations open and electricity in the capital."""
    capital = run.case.config.capital
    place = place_title(run, capital)
    open_share = fan_of(
        run,
        weeks["stations_open_share"],
        name="stations",
        title=f"Stations open, {place}",
        unit="share",
        observed=observations(run, "stations_open_share", "share", 1.0),
    )
    power = fan_of(
        run,
        weeks["electricity_h"],
        name="electricity",
        title=f"Electricity, hours a day, {place}",
        unit="h/day",
        observed=observations(run, "electricity_h", "h/day", 1.0),
    )
    charts = [fan_chart(open_share, colour=GREEN, top=1.02)]
    if np.isfinite(power.quantiles).all():  # else there is no plant, and no line
        charts.append(fan_chart(power, colour=PURPLE, label="hours a day"))
    return charts


def _nation(run: Run, weeks: Rows) -> list[Chart]:
    """Draw imports, trucks waiting and trucks lost so far."""
    volumes = [
        Observation(o.start, o.end, _per_week(o))
        for o in observations(run, "customs_volume_ml", "Ml/week", 1.0)
    ]
    arrived = fan_of(
        run,
        weeks["imports"],
        name="imports",
        title="Imports that arrived, all products",
        unit="Ml/week",
        observed=tuple(volumes),
    )
    waiting = fan_of(
        run,
        weeks["waiting"],
        name="waiting",
        title="Trucks waiting at the border",
        unit="trucks",
        observed=observations(run, "trucks_waiting", "trucks", 1.0),
    )
    lost = fan_of(
        run,
        weeks["lost"],
        name="lost",
        title="Trucks lost since the start, all corridors",
        unit="trucks",
        observed=tuple(
            Observation(o.end, o.end, o.quantity)
            for o in observations(run, "trucks_lost_cumulative", "trucks", 1.0)
        ),
    )
    return [
        fan_chart(arrived, colour=BLUE, label="million litres a week"),
        fan_chart(waiting, colour=ORANGE),
        fan_chart(lost, colour=RED),
    ]


def _per_week(entry: Observation) -> Quantity:
    """Spread a volume evenly over its days and count a week of it."""
    weeks = ((entry.end - entry.start).days + 1) / 7
    value = entry.quantity.value
    amount = value if isinstance(value, int | float) else 0.0
    return Quantity(amount / weeks, "Ml/week", basis=entry.quantity.basis)


def _alone(run: Run, corridors: list[str]) -> list[Chart]:
    """Draw trucks through and lost for each corridor."""
    table = run.case.tables["corridors"]
    titles = dict(zip(table["corridor"], table["title"], strict=True))
    [weeks] = rows_of(run, lambda part: _weeks_of_corridors(part, corridors))
    charts = []
    for number, name in enumerate(corridors):
        own = {key: weeks[key][:, :, number] for key in _PASSAGE}
        charts.append(_passage(run, own, f"corridor-{number}", str(titles[name])))
    return charts


def _passage(run: Run, weeks: Rows, name: str, title: str) -> Chart:
    """Draw one corridor."""
    through, lost = (
        fan_of(run, weeks[key], name=f"{name}-{key}", title=title, unit="trucks")
        for key in _PASSAGE
    )
    return pair_chart(
        name,
        title,
        ("Through", through, "trucks through, per week"),
        ("Lost", lost, "trucks lost, per week"),
    )
