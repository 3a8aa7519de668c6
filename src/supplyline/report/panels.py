"""Panels of a chart: axes, bands and lines, written as SVG.

Drawn here and not with a plotting library: a brief holds some forty charts, and drawn
this way all of them take less time than two did before.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

INK: Final = "#1d2327"
GREY: Final = "#5b646b"
WIDTH: Final = 324.0
"""Width of every chart [px of its view box]."""
HEIGHT: Final = 194.0
"""Height of a chart [px of its view box]."""
SHADE: Final = "#eef0ea"
"""Ground of the forecast."""
_GRID: Final = "#d5d9dc"
_LETTER: Final = 6.2
_SIZE: Final = 10
_NAMES: Final = 4
_MOST_TICKS: Final = 40


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle of a chart with its two scales."""

    left: float
    top: float
    width: float
    height: float
    """Where it lies [px]."""
    first: float
    last: float
    """Ends of the axis of time, or of the bars [days since 1970, or places]."""
    floor: float
    ceiling: float
    """Ends of the axis of values."""

    @property
    def bottom(self) -> float:
        """Lower edge [px]."""
        return self.top + self.height

    @property
    def right(self) -> float:
        """Right edge [px]."""
        return self.left + self.width

    def x(self, value: Any) -> Any:  # noqa: ANN401 - a number or an array
        """Place a value of the horizontal axis [px]."""
        span = self.last - self.first or 1.0
        return self.left + (np.asarray(value) - self.first) / span * self.width

    def y(self, value: Any) -> Any:  # noqa: ANN401 - a number or an array
        """Place a value of the vertical axis; what lies outside stays at the edge."""
        span = self.ceiling - self.floor or 1.0
        share = np.clip((np.asarray(value) - self.floor) / span, 0.0, 1.0)
        return self.bottom - share * self.height


def days_of(times: Any) -> Any:  # noqa: ANN401 - a time or an array
    """Count days from 1970, which is what the axis carries."""
    return np.asarray(times, dtype="datetime64[D]").astype(float)


def path(xs: NDArray[Any], ys: NDArray[Any]) -> str:
    """Write points as a path, each as the step from the last; a gap where one lacks."""
    words: list[str] = []
    last: tuple[int, int] | None = None
    word = ""
    # steps between whole tenths of a px add up exactly, and take half the signs
    points = np.round(np.stack([xs, ys], axis=1) * 10)
    for x, y in points.tolist():
        if y != y:  # noqa: PLR0124 - not a number
            last, word = None, ""
            continue
        here = int(x), int(y)
        if last is None:
            words.append(f"M{here[0] / 10:g} {here[1] / 10:g}")
            word = "l"
        elif here != last:
            words.append(_step(here[0] - last[0], here[1] - last[1], word))
            word = ""
        last = here
    return "".join(words)


def _step(across: int, down: int, word: str) -> str:
    """Write a step in tenths of a px, as short as it is read."""
    first, second = _tenths(across), _tenths(down)
    before = word or ("" if first.startswith("-") else " ")
    return f"{before}{first}{'' if second.startswith('-') else ' '}{second}"


def _tenths(count: int) -> str:
    """Write tenths of a px without a zero before the point."""
    return (
        f"{count / 10:g}".replace("0.", ".") if abs(count) < 10 else f"{count / 10:g}"
    )


def ribbon(panel: Panel, xs: Any, low: Any, high: Any) -> str:  # noqa: ANN401 - arrays
    """Write the outline of what lies between two curves."""
    x = panel.x(xs)
    return path(
        np.concatenate([x, x[::-1]]),
        np.concatenate([panel.y(high), panel.y(low)[::-1]]),
    )


def text(x: float, y: float, words: str, anchor: str = "start", more: str = "") -> str:
    """Write a text of a drawing."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{_SIZE}" fill="{INK}" '
        f'text-anchor="{anchor}"{more}>{escape(words)}</text>'
    )


def nice_step(ceiling: float, ticks: int) -> float:
    """Choose a round step that gives about so many ticks."""
    raw = max(ceiling, 1e-9) / ticks
    size = 10.0 ** np.floor(np.log10(raw))
    return float(next(s * size for s in (1, 2, 2.5, 5, 10) if s * size >= raw * 0.999))


def margin(ceiling: float, step: float) -> float:
    """Find the room that the numbers of an axis need [px]."""
    longest = max(len(_write(value)) for value in np.arange(0, ceiling, step))
    return max(26.0, longest * _LETTER + 9.0)


def value_axis(panel: Panel, step: float) -> str:
    """Draw the lines of the values with their numbers."""
    values = np.arange(panel.floor, panel.ceiling + step * 1e-6, step)
    heights = [float(panel.y(value)) for value in values]
    lines = "".join(f"M{panel.left:.1f} {y:.1f}H{panel.right:.1f}" for y in heights)
    numbers = "".join(
        text(panel.left - 5, y + 3.5, _write(float(value)), "end")
        for y, value in zip(heights, values, strict=True)
    )
    return f'<path d="{lines}" stroke="{_GRID}" stroke-width=".5"/>{numbers}'


def frame_lines(panel: Panel) -> str:
    """Draw the two axes."""
    return (
        f'<path d="M{panel.left:.1f} {panel.top:.1f}V{panel.bottom:.1f}'
        f'H{panel.right:.1f}" fill="none" stroke="{GREY}" stroke-width=".6"/>'
    )


def month_axis(panel: Panel, *, is_named: bool = True) -> str:
    """Put a tick at every month, a name at about four, the year where it begins."""
    first, last = (
        pd.Timestamp(int(day), unit="D") for day in (panel.first, panel.last)
    )
    months = pd.date_range(first, last, freq="MS")
    every = max(1, -(-len(months) // _NAMES))
    names, ticks, years = [], [], set()
    for position, month in enumerate(months):
        x = float(panel.x(days_of(month.to_datetime64())))
        ticks.append(f"M{x:.1f} {panel.bottom:.1f}v2.5")
        if is_named and position % every == 0:
            name = f"{month:%b}" if month.year in years else f"{month:%b %Y}"
            years.add(month.year)
            names.append(_under(panel, x, name))
    if len(months) > _MOST_TICKS:
        ticks = []
    drawn = f'<path d="{"".join(ticks)}" stroke="{GREY}" stroke-width=".6"/>'
    return (drawn if ticks else "") + "".join(names)


def _under(panel: Panel, x: float, name: str) -> str:
    """Write a name under the axis, inside the drawing."""
    half = len(name) * _LETTER / 2
    if x + half > panel.right:
        return text(panel.right, panel.bottom + 15, name, "end")
    return text(max(x, half + 2), panel.bottom + 15, name, "middle")


def names_axis(panel: Panel, names: Sequence[str]) -> str:
    """Write the names of bars under the axis, about four of them."""
    every = max(1, -(-len(names) // _NAMES))
    return "".join(
        _under(panel, float(panel.x(number + 0.5)), name)
        for number, name in enumerate(names)
        if number % every == 0
    )


def hatch(name: str, colour: str) -> str:
    """Define the hatching of what is modelled."""
    return (
        f'<defs><pattern id="{name}" width="6" height="6" '
        f'patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="{colour}" '
        f'fill-opacity=".16"/><path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" '
        f'stroke="{colour}" stroke-width=".45"/></pattern></defs>'
    )


def forecast_ground(panel: Panel, cut: float) -> str:
    """Shade the forecast and draw the line where it begins."""
    if not panel.first < cut < panel.last:
        return ""
    x = float(panel.x(cut))
    return (
        f'<rect x="{x:.1f}" y="{panel.top:.1f}" width="{panel.right - x:.1f}" '
        f'height="{panel.height:.1f}" fill="{SHADE}"/>'
        f'<path d="M{x:.1f} {panel.top:.1f}V{panel.bottom:.1f}" '
        f'stroke="{INK}" stroke-width=".9"/>'
    )


def bars(
    panel: Panel,
    places: Iterable[float],
    low: Iterable[float],
    high: Iterable[float],
    fill: str,
) -> str:
    """Draw upright bars between two values."""
    words = []
    for place, start, end in zip(places, low, high, strict=True):
        left, right = (float(panel.x(place + side)) for side in (0.12, 0.88))
        lower, upper = (float(panel.y(value)) for value in (start, end))
        if lower - upper > 0.05:
            words.append(
                f"M{left:.1f} {lower:.1f}V{upper:.1f}H{right:.1f}V{lower:.1f}Z"
            )
    return f'<path d="{"".join(words)}" fill="{fill}"/>' if words else ""


def _write(value: float) -> str:
    """Write the number of a tick."""
    return f"{value:,.10g}"
