"""Charts: fans of a series over members, the model hatched, the observed solid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from supplyline.report.panels import (
    HEIGHT,
    INK,
    WIDTH,
    Panel,
    days_of,
    forecast_ground,
    frame_lines,
    hatch,
    margin,
    month_axis,
    nice_step,
    path,
    ribbon,
    text,
    value_axis,
)
from supplyline.report.series import MEDIAN, Fan
from supplyline.report.svg import frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

BLUE: Final = "#0b5c8f"
ORANGE: Final = "#9a4a00"
GREEN: Final = "#0f6b57"
PURPLE: Final = "#6b3f86"
RED: Final = "#a3182b"
COLOURS: Final = (BLUE, ORANGE, GREEN, PURPLE)
"""Colours of products, told apart by colour-blind eyes and dark enough for text."""
PANEL_TOP: Final = 25.0
"""Room above the panel of a chart [px]."""
PANEL_HEIGHT: Final = 145.0
"""Height of the panel of a chart [px]."""
BOX: Final = f"0 0 {WIDTH:g} {HEIGHT:g}"

_BANDS: Final = ((1, 5, 0.26), (2, 4, 0.38))
"""Quantiles at the ends of the inner bands, and how dense they are."""
_EDGE: Final = 2.6
_COUNTED: Final = ("trucks", "attacks", "persons")


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart with the table under it."""

    name: str
    title: str
    svg: Markup
    fans: tuple[Fan, ...]
    heads: tuple[str, ...] = ("Value",)


def fan_chart(
    fan: Fan,
    *,
    colour: str,
    top: float | None = None,
    label: str | None = None,
    scale: float | None = None,
) -> Chart:
    """Draw one series as a fan."""
    factor = _scale(fan) if scale is None else scale
    ceiling = (common_top([fan]) if top is None else top) * factor
    panel, step = _panel(fan, ceiling, PANEL_TOP, PANEL_HEIGHT, 4)
    body = (
        f"{hatch(f'{fan.name}-hatch', colour)}"
        f"{_ground(panel, fan, step)}{_draw_fan(panel, fan, fan.name, colour, factor)}"
        f"{frame_lines(panel)}{month_axis(panel)}"
        f"{_heading(fan, label or fan.unit, panel.top - 8)}"
    )
    svg = frame(body, BOX, fan.name, fan.title, describe(fan))
    return Chart(fan.name, fan.title, svg, (fan,))


def pair_chart(
    name: str, title: str, upper: tuple[str, Fan, str], lower: tuple[str, Fan, str]
) -> Chart:
    """Draw two series one above the other, such as trucks through and trucks lost."""
    (head, above, label), (other_head, below, other_label) = upper, lower
    parts = []
    for fan, colour, words, start, tall, ticks in (
        (above, BLUE, label, PANEL_TOP, 75.0, 4),
        (below, RED, other_label, 126.0, 44.0, 2),
    ):
        panel, step = _panel(fan, common_top([fan]) * _scale(fan), start, tall, ticks)
        is_last = fan is below
        parts += [
            hatch(f"{fan.name}-hatch", colour),
            _ground(panel, fan, step),
            _draw_fan(panel, fan, fan.name, colour, _scale(fan)),
            frame_lines(panel),
            month_axis(panel, is_named=is_last),
            _heading(fan, words, panel.top - 8, note=not is_last),
        ]
    words = f"{head}: {describe(above)} {other_head}: {describe(below)}"
    svg = frame("".join(parts), BOX, name, title, words)
    return Chart(name, title, svg, (above, below), (head, other_head))


def common_top(fans: Sequence[Fan]) -> float:
    """Find the upper end of an axis that several charts share."""
    tops = [float(fan.quantiles[-1].max()) for fan in fans]
    seen = [
        float(max(_plain(o.quantity.value), _plain(o.quantity.high)))
        for fan in fans
        for o in fan.observed
    ]
    return max([*tops, *seen, 1e-9]) * 1.06


def describe(fan: Fan) -> str:
    """Say in words what a fan shows."""
    is_past = fan.times < fan.forecast.to_datetime64()
    split = max(int(is_past.sum()) - 1, 0)
    last = len(fan.times) - 1
    words = (
        f"Modelled median with 90 % interval: {fan.at(0)} at the start, "
        f"{fan.at(split)} in the last week of the past, {fan.at(last)} at the end."
    )
    if fan.observed:
        words += f" {len(fan.observed)} reported values are drawn."
    return words


def _plain(value: Any) -> float:  # noqa: ANN401 - a cell, a row or an array
    """Read a number; what is none counts as zero."""
    return float(value) if isinstance(value, int | float) else 0.0


def _scale(fan: Fan) -> float:
    """Factor from the stored unit to the axis."""
    return 100.0 if fan.unit == "share" else 1.0


def _panel(
    fan: Fan, ceiling: float, top: float, height: float, ticks: int
) -> tuple[Panel, float]:
    """Lay out a panel and the step of its values."""
    is_counted = fan.unit in _COUNTED and ceiling < 4
    ceiling = max(ceiling, 1.06) if is_counted else ceiling
    step = max(nice_step(ceiling, ticks), 1.0 if is_counted else 0.0)
    left = margin(ceiling, step)
    first, last = days_of(fan.times[0]), days_of(fan.times[-1])
    width = WIDTH - left - _EDGE
    return Panel(left, top, width, height, first, last, 0.0, ceiling), step


def _ground(panel: Panel, fan: Fan, step: float) -> str:
    """Draw what lies behind the curves."""
    cut = days_of(fan.forecast.to_datetime64())
    return forecast_ground(panel, cut) + value_axis(panel, step)


def _draw_fan(panel: Panel, fan: Fan, name: str, colour: str, scale: float) -> str:
    """Draw bands, median and reported values."""
    x = days_of(fan.times)
    y = fan.quantiles * scale
    parts = [
        f'<path d="{ribbon(panel, x, y[low], y[high])}" fill="{colour}" '
        f'fill-opacity="{alpha}"/>'
        for low, high, alpha in _BANDS
    ]
    # the hatching of the widest band has its shade too: its outline is written once
    parts.append(
        f'<path d="{ribbon(panel, x, y[0], y[-1])}" fill="url(#{name}-hatch)"/>'
        f'<path d="{path(panel.x(x), panel.y(y[MEDIAN]))}" fill="none" '
        f'stroke="{colour}" stroke-width="1.5" stroke-dasharray="7 2.2"/>'
    )
    for entry in fan.observed:
        first = max(float(days_of(entry.start)), panel.first)
        last = min(float(days_of(entry.end)) + 1, panel.last)
        value = float(panel.y(_plain(entry.quantity.value) * scale))
        left, right = float(panel.x(first)), float(panel.x(last))
        middle = (left + right) / 2
        if entry.quantity.low is not None:
            ends = (_plain(entry.quantity.low), _plain(entry.quantity.high))
            a, b = (float(panel.y(end * scale)) for end in ends)
            parts.append(f'<path d="M{middle:.1f} {a:.1f}V{b:.1f}" stroke="{INK}"/>')
        parts.append(
            f'<path d="M{left:.1f} {value:.1f}H{right:.1f}" stroke="{INK}" '
            f'stroke-width="2.2"/>'
            f'<circle cx="{middle:.1f}" cy="{value:.1f}" r="1.9" fill="{INK}"/>'
        )
    return "".join(parts)


def _heading(fan: Fan, label: str, y: float, *, note: bool = True) -> str:
    """Write the unit over the panel, and when the forecast begins."""
    words = text(0, y, "per cent" if fan.unit == "share" else label)
    first, last = days_of(fan.times[0]), days_of(fan.times[-1])
    if not (note and first < days_of(fan.forecast.to_datetime64()) < last):
        return words
    begins = f"forecast from {fan.forecast.day} {fan.forecast:%b %Y}"
    return words + text(WIDTH - _EDGE, y, begins, "end")
