"""Small charts of forecast series: before the facts, hollow, and after, filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.analysis.forecast_series import forecast_series
from supplyline.analysis.members import basis_of
from supplyline.quantities import Quantity
from supplyline.report.figures import BLUE, BOX, PANEL_HEIGHT, PANEL_TOP
from supplyline.report.panels import (
    GREY,
    WIDTH,
    Panel,
    days_of,
    frame_lines,
    margin,
    month_axis,
    nice_step,
    path,
    ribbon,
    text,
    value_axis,
)
from supplyline.report.series import TABLE_STEP, dated
from supplyline.report.svg import frame

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from supplyline.analysis.forecast_series import ForecastSeries
    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.runs import Run

CHARTS_SHOWN: Final = 4
"""Series drawn: those of which the facts tell most."""
_EDGE: Final = 2.6
_TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Outlook:
    """A series before the facts and after, with the table under its chart."""

    name: str
    title: str
    svg: Markup
    rows: tuple[tuple[Quantity, Quantity, Quantity], ...]
    """Last day of a week, the number before and after."""


def draw_outlooks(run: Run, told: Conditioned) -> tuple[Outlook, ...]:
    """Draw the weekly series of which the facts tell most; of towns, the capital."""
    known = {
        (series.name, next(iter(series.labels))): series
        for series in forecast_series(run.case)
        if series.span == "week" and series.axis in ("", "place")
    }
    keys = zip(
        *map(told.forecasts.index.get_level_values, ("series", "label")), strict=True
    )
    own = told.forecasts[[key in known for key in keys]]
    grouped = own.groupby(level=["series", "label"], sort=False)
    parts = {(str(name), str(label)): part for (name, label), part in grouped}
    most = sorted(parts, key=lambda key: -parts[key]["share"].mean())[:CHARTS_SHOWN]
    return tuple(
        _draw(known[key], parts[key].droplevel(["series", "label"]), basis_of(run))
        for key in most
    )


def _draw(series: ForecastSeries, table: pd.DataFrame, basis: str) -> Outlook:
    """Draw one series."""
    name = f"outlook-{series.name}"
    place = next(iter(series.labels.values()))
    title = f"{series.title}, {place}" if place else series.title
    scale = 100.0 if series.is_chance else 1.0
    bands = {
        which: _levels(table, which, is_chance=series.is_chance) * scale
        for which in ("prior", "conditioned")
    }
    panel, step = _panel(table.index.to_numpy(), bands)
    unit = "per cent of courses" if series.is_chance else series.unit
    body = (
        f"{value_axis(panel, step)}{_curves(panel, table.index.to_numpy(), bands)}"
        f"{frame_lines(panel)}{month_axis(panel)}{text(0, panel.top - 8, unit)}"
    )
    rows = _rows(series, table, basis)
    words = (
        f"Before the facts {rows[0][1]} in the first week and {rows[-1][1]} in the "
        f"last; after them {rows[0][2]} and {rows[-1][2]}."
    )
    return Outlook(name, title, frame(body, BOX, name, title, words), rows)


def _levels(table: pd.DataFrame, which: str, *, is_chance: bool) -> Any:  # noqa: ANN401 - an array
    """Give low end, middle and high end, shape (level, week); of a chance itself."""
    names = ("mean", "mean", "mean") if is_chance else ("q10", "q50", "q90")
    return table[[f"{which}_{name}" for name in names]].to_numpy(np.float64).T


def _panel(times: Any, bands: dict[str, Any]) -> tuple[Panel, float]:  # noqa: ANN401 - arrays
    """Lay out the panel and the step of its values."""
    top = max(float(np.nanmax(levels)) for levels in bands.values())
    ceiling = max(top, 1e-9) * 1.06
    step = nice_step(ceiling, _TICKS)
    left, days = margin(ceiling, step), days_of(times)
    width = WIDTH - left - _EDGE
    first, last = float(days[0]), float(days[-1])
    return Panel(left, PANEL_TOP, width, PANEL_HEIGHT, first, last, 0.0, ceiling), step


def _curves(panel: Panel, times: Any, bands: dict[str, Any]) -> str:  # noqa: ANN401 - arrays
    """Draw the band after the facts, the ends of that before, and both middles."""
    x = days_of(times)
    before, after = bands["prior"], bands["conditioned"]
    edges = "".join(
        f'<path d="{path(panel.x(x), panel.y(before[level]))}" fill="none" '
        f'stroke="{GREY}" stroke-width="{wide}"{dash}/>'
        for level, wide, dash in (
            (0, 0.9, ' stroke-dasharray="2 2"'),
            (2, 0.9, ' stroke-dasharray="2 2"'),
            (1, 1.4, ""),
        )
    )
    return (
        f'<path d="{ribbon(panel, x, after[0], after[2])}" fill="{BLUE}" '
        f'fill-opacity=".22"/>{edges}'
        f'<path d="{path(panel.x(x), panel.y(after[1]))}" fill="none" '
        f'stroke="{BLUE}" stroke-width="1.8" stroke-dasharray="7 2.2"/>'
    )


def _rows(
    series: ForecastSeries, table: pd.DataFrame, basis: str
) -> tuple[tuple[Quantity, Quantity, Quantity], ...]:
    """List every fourth week for the table under the chart."""
    before, after = (
        _levels(table, which, is_chance=series.is_chance)
        for which in ("prior", "conditioned")
    )
    picks = sorted({*range(0, len(table), TABLE_STEP), len(table) - 1})

    def number(levels: Any, week: int) -> Quantity:  # noqa: ANN401 - an array
        low, middle, high = levels[:, week]
        if series.is_chance:
            return Quantity(float(middle), "probability", basis=basis)
        return Quantity(
            float(middle), series.unit, low=float(low), high=float(high), basis=basis
        )

    return tuple(
        (
            dated(table.index[week], basis),
            number(before, week),
            number(after, week),
        )
        for week in picks
    )
