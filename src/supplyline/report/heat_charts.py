"""The leader's heat drawn by day, and by month since he took power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.heat import COLD, HOT, STEP_DAYS
from supplyline.analysis.members import basis_of
from supplyline.quantities import Quantity
from supplyline.report.figures import BLUE, RED
from supplyline.report.panels import (
    GREY,
    INK,
    Panel,
    days_of,
    frame_lines,
    month_axis,
    path,
    text,
    value_axis,
)
from supplyline.report.series import dated, forecast_start, rounded
from supplyline.report.svg import frame

if TYPE_CHECKING:
    from markupsafe import Markup

    from supplyline.analysis.heat import Heat

    Row = tuple[Quantity, Quantity, str]

GROUNDS: Final = (
    ("cold", 0.0, COLD, "#dbe7f0"),
    ("mild", COLD, HOT, "#f7f6f1"),
    ("hot", HOT, 100.0, "#f6e3cf"),
)
"""Band of the heat, its ends [points] and the ground it is drawn on."""
_SCALE_STEP: Final = 25.0
_HEIGHT: Final = 150.0
_WIDTH: Final = 400.0
_BOX: Final = f"0 0 {_WIDTH:g} 200"


def draw_heat(heat: Heat) -> tuple[Markup, tuple[Row, ...]]:
    """Draw the heat by day, with what nine members in ten have every 30 days."""
    run, basis = heat.run, basis_of(heat.run)
    days = pd.DatetimeIndex(heat.daily["day"].to_numpy())
    values = heat.daily["heat"].to_numpy().astype(np.float64)
    cut = len(days[days < forecast_start(run)]) - 1
    picks = range(cut % STEP_DAYS, len(days), STEP_DAYS)
    rows = [
        (
            dated(days[spot], basis),
            rounded(heat.value(days[spot])),
            heat.band(days[spot]),
        )
        for spot in picks
        if np.isfinite(values[spot])
    ]
    panel = _panel(days)
    parts = _ground(panel)
    parts.append(_forecast(panel, forecast_start(run)))
    for day, value, _ in rows:
        x = float(panel.x(days_of(day.value)))
        if value.low is not None and value.high is not None:
            low, high = (float(panel.y(end)) for end in (value.low, value.high))
            parts.append(
                f'<path d="M{x:.1f} {low:.1f}V{high:.1f}M{x - 3:.1f} {low:.1f}h6'
                f'M{x - 3:.1f} {high:.1f}h6" stroke="{BLUE}" fill="none"/>'
            )
    parts.append(_line(panel, days, values, BLUE))
    parts += [frame_lines(panel), month_axis(panel), text(0, 17, "points of 100")]
    title = "The leader's heat by day"
    words = "; ".join(f"{day}: {value}, {band}" for day, value, band in rows)
    svg = frame("".join(parts), _BOX, "heat-chart", title, f"Modelled. {words}.")
    return svg, tuple(rows)


def draw_history(heat: Heat) -> tuple[Markup | None, tuple[Row, ...]]:
    """Draw the heat by month since the leader took power, from base rates alone."""
    kinds = heat.run.case.tables["leader"]["kind"]
    if "took_power" not in set(kinds):
        return None, ()
    table = heat.history()
    if len(table) < 2:
        return None, ()
    basis = basis_of(heat.run)
    months = pd.DatetimeIndex(table["month"])
    values = table["heat"].to_numpy(np.float64)
    panel = _panel(months)
    parts = _ground(panel)
    facts = [_words(cell) for cell in table["facts"]]
    for month, value, words in zip(months, values, facts, strict=True):
        if words and np.isfinite(value):
            x, y = float(panel.x(days_of(month))), float(panel.y(value))
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="#fff" '
                f'stroke="{INK}" stroke-width="1.4"/>'
            )
    own = table["run_heat"].to_numpy(np.float64)
    parts.insert(1, _line(panel, months, values, GREY))
    parts.append(_line(panel, months, own, RED))
    parts += [frame_lines(panel), month_axis(panel), text(0, 17, "points of 100")]
    rows = tuple(
        (
            dated(month, basis),
            rounded(Quantity(float(value), "points", basis=basis)),
            words,
        )
        for month, value, words in zip(months, values, facts, strict=True)
        if words and np.isfinite(value)
    )
    title = "The leader's heat by month"
    first, last = (
        Quantity(float(values[spot]), "points", basis=basis).short for spot in (0, -1)
    )
    words = f"Base rates alone: {first} in the first month, {last} in the last."
    return frame("".join(parts), _BOX, "heat-history", title, words), rows


def _panel(days: pd.DatetimeIndex) -> Panel:
    """Lay out the panel of a wide chart."""
    first, last = (float(days_of(days[spot].to_datetime64())) for spot in (0, -1))
    return Panel(26.0, 25.0, _WIDTH - 29.0, _HEIGHT, first, last, 0.0, 100.0)


def _ground(panel: Panel) -> list[str]:
    """Draw the bands of the heat with their names, and the scale."""
    parts = []
    for name, low, high, colour in GROUNDS:
        bottom, top = (float(panel.y(end)) for end in (low, high))
        parts.append(
            f'<rect x="{panel.left:.1f}" y="{top:.1f}" width="{panel.width:.1f}" '
            f'height="{bottom - top:.1f}" fill="{colour}"/>'
        )
        parts.append(text(panel.left + 4, top + 12, name))
    return ["".join(parts) + value_axis(panel, _SCALE_STEP)]


def _forecast(panel: Panel, start: pd.Timestamp) -> str:
    """Draw the line at which the forecast begins."""
    cut = float(days_of(start.to_datetime64()))
    if not panel.first < cut < panel.last:
        return ""
    x = float(panel.x(cut))
    begins = f"forecast from {start.day} {start:%b %Y}"
    return (
        f'<path d="M{x:.1f} {panel.top:.1f}V{panel.bottom:.1f}" stroke="{INK}" '
        f'stroke-width=".9"/>{text(panel.right, 17, begins, "end")}'
    )


def _line(panel: Panel, times: pd.DatetimeIndex, values: Any, colour: str) -> str:  # noqa: ANN401 - an array
    """Draw a modelled line."""
    xs, ys = panel.x(days_of(times.to_numpy())), panel.y(values)
    return (
        f'<path d="{path(xs, ys)}" fill="none" stroke="{colour}" stroke-width="1.6" '
        'stroke-dasharray="7 2.2"/>'
    )


def _words(cell: object) -> str:
    """Read a text cell; missing is empty."""
    return cell if isinstance(cell, str) else ""
