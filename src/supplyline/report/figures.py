"""Charts: fans of a series over members, the model hatched, the observed solid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from supplyline.report.series import MEDIAN, Fan
from supplyline.report.svg import figure_svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup
    from matplotlib.axes import Axes

INK: Final = "#1d2327"
GREY: Final = "#5b646b"
BLUE: Final = "#0b5c8f"
ORANGE: Final = "#9a4a00"
GREEN: Final = "#0f6b57"
PURPLE: Final = "#6b3f86"
RED: Final = "#a3182b"
COLOURS: Final = (BLUE, ORANGE, GREEN, PURPLE)
"""Colours of products, told apart by colour-blind eyes and dark enough for text."""

_STYLE: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "supplyline",
    "font.size": 10,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "hatch.linewidth": 0.45,
    "axes.linewidth": 0.6,
    "axes.edgecolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "path.simplify": True,
}
_BANDS: Final = ((0, 6, 0.16), (1, 5, 0.26), (2, 4, 0.38))
_SIZE: Final = (4.5, 2.7)
_INCH: Final = 72


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart with the table under it.

    Attributes
    ----------
    name : str
        Short name, unique in the brief.
    title : str
        What is shown.
    svg : markupsafe.Markup
        The drawing.
    fans : tuple of Fan
        What is drawn; the table is written from it.
    """

    name: str
    title: str
    svg: Markup
    fans: tuple[Fan, ...]


def fan_chart(
    fan: Fan, *, colour: str, top: float | None = None, label: str | None = None
) -> Chart:
    """Draw one series as a fan.

    Parameters
    ----------
    fan : Fan
        The series.
    colour : str
        Colour of the bands.
    top : float or None
        Upper end of the axis; None fits it to the bands.
    label : str or None
        Unit as printed on the axis; None takes the unit of the series.

    Returns
    -------
    Chart
        The chart.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE)
        axes = figure.add_axes((0.12, 0.125, 0.872, 0.745))
        _draw_fan(axes, fan, colour)
        _dress(axes, [fan], label or fan.unit, top)
        svg = figure_svg(figure, fan.name, fan.title, describe(fan))
    return Chart(fan.name, fan.title, svg, (fan,))


def passage_chart(name: str, title: str, through: Fan, lost: Fan) -> Chart:
    """Draw trucks through and, below, trucks lost of one corridor.

    Parameters
    ----------
    name : str
        Short name, unique in the brief.
    title : str
        Name of the corridor.
    through : Fan
        Trucks that arrived, by week.
    lost : Fan
        Trucks lost, by week.

    Returns
    -------
    Chart
        The chart.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE)
        upper = figure.add_axes((0.12, 0.485, 0.872, 0.385))
        lower = figure.add_axes((0.12, 0.125, 0.872, 0.225))
        _draw_fan(upper, through, BLUE)
        _dress(upper, [through], "trucks through, per week", None)
        upper.tick_params(labelbottom=False)
        _draw_fan(lower, lost, RED)
        _dress(lower, [lost], "trucks lost, per week", None, ticks=2, note=False)
        words = f"Through: {describe(through)} Lost: {describe(lost)}"
        svg = figure_svg(figure, name, title, words)
    return Chart(name, title, svg, (through, lost))


def common_top(fans: Sequence[Fan]) -> float:
    """Find the upper end of an axis that several charts share.

    Parameters
    ----------
    fans : sequence of Fan
        Series of the same unit.

    Returns
    -------
    float
        Upper end.
    """
    tops = [float(fan.quantiles[-1].max()) for fan in fans]
    seen = [
        float(max(_plain(o.quantity.value), _plain(o.quantity.high)))
        for fan in fans
        for o in fan.observed
    ]
    return max([*tops, *seen, 1e-9]) * 1.06


def describe(fan: Fan) -> str:
    """Say in words what a fan shows.

    Parameters
    ----------
    fan : Fan
        The series.

    Returns
    -------
    str
        Two or three sentences.
    """
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


def _days(times: Any) -> Any:  # noqa: ANN401 - a cell, a row or an array
    """Count days from 1970, which is what the axis carries."""
    return np.asarray(times, dtype="datetime64[D]").astype(float)


def _draw_fan(axes: Axes, fan: Fan, colour: str) -> None:
    """Draw bands, median and reported values."""
    x = _days(fan.times)
    y = fan.quantiles * _scale(fan)
    for low, high, alpha in _BANDS:
        axes.fill_between(x, y[low], y[high], color=colour, alpha=alpha, linewidth=0)
    hatched = axes.fill_between(x, y[0], y[-1], facecolor="none", linewidth=0)
    hatched.set_hatch("////")
    hatched.set_edgecolor(colour)
    axes.plot(x, y[MEDIAN], color=colour, linewidth=1.5, dashes=(5, 1.5))
    for entry in fan.observed:
        first, last = _days(entry.start), _days(entry.end)
        value = _plain(entry.quantity.value) * _scale(fan)
        middle = (first + last) / 2
        if entry.quantity.low is not None:
            ends = [_plain(entry.quantity.low), _plain(entry.quantity.high)]
            axes.plot(
                [middle] * 2, np.array(ends) * _scale(fan), color=INK, linewidth=1
            )
        axes.plot([first, last + 1], [value] * 2, color=INK, linewidth=2.2)
        axes.plot([middle], [value], "o", color=INK, markersize=3.2)


def _dress(
    axes: Axes,
    fans: Sequence[Fan],
    label: str,
    top: float | None,
    *,
    ticks: int = 4,
    note: bool = True,
) -> None:
    """Set ends, ticks, the shade of the forecast and its label."""
    fan = fans[0]
    ceiling = (common_top(fans) if top is None else top) * _scale(fan)
    if fan.unit == "trucks":
        ceiling = max(ceiling, 1.06)
    first, last = _days(fan.times[0]), _days(fan.times[-1])
    axes.set_xlim(first, last)
    step = max(_nice_step(ceiling, ticks), 1.0 if fan.unit == "trucks" else 0.0)
    axes.set_ylim(0, ceiling)
    values = np.arange(0, ceiling + step * 1e-6, step)
    axes.set_yticks(values, [f"{value:,.10g}" for value in values])
    axes.tick_params(length=2.5, width=0.6, pad=2)
    axes.grid(visible=True, axis="y", color="#d5d9dc", linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    _month_ticks(axes, fan)
    cut = _days(fan.forecast.to_datetime64())
    if first < cut < last:
        axes.axvspan(cut, last, color="#eef0ea", zorder=-2, linewidth=0)
        axes.axvline(cut, color=INK, linewidth=0.9)
    word = "per cent" if fan.unit == "share" else label
    axes.text(0, 1.035, word, transform=axes.transAxes, color=INK, ha="left")
    if note and first < cut < last:
        axes.text(
            1, 1.035, f"forecast from {fan.forecast.day} {fan.forecast:%b %Y}",
            transform=axes.transAxes, color=INK, ha="right",
        )  # fmt: skip


def _nice_step(ceiling: float, ticks: int) -> float:
    """Choose a round step that gives about so many ticks."""
    raw = max(ceiling, 1e-9) / ticks
    size = 10.0 ** np.floor(np.log10(raw))
    return float(next(s * size for s in (1, 2, 2.5, 5, 10) if s * size >= raw * 0.999))


def _month_ticks(axes: Axes, fan: Fan) -> None:
    """Put a tick at every month, a name at about four, the year where it begins."""
    months = pd.date_range(fan.times[0], fan.times[-1], freq="MS")
    every = max(1, -(-len(months) // 4))
    names, years = [], set()
    for position, month in enumerate(months):
        name = ""
        if position % every == 0:
            name = f"{month:%b}" if month.year in years else f"{month:%b %Y}"
            years.add(month.year)
        names.append(name)
    axes.set_xticks(_days(months.to_numpy()), names)
    labels = axes.get_xticklabels()
    if labels and len(months) and (months[0] - pd.Timestamp(fan.times[0])).days < 14:
        labels[0].set_horizontalalignment("left")
