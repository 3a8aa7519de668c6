"""What armed groups live on: streams of money by month, drawn and told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import Sums, rows_of, values_of
from supplyline.analysis.members import basis_of
from supplyline.report.conflict import GROUPS_SHOWN, group_titles
from supplyline.report.figures import BOX, PANEL_HEIGHT, PANEL_TOP
from supplyline.report.panels import (
    WIDTH,
    Panel,
    bars,
    forecast_ground,
    frame_lines,
    margin,
    names_axis,
    nice_step,
    text,
    value_axis,
)
from supplyline.report.series import first_week_ahead, forecast_start, summary
from supplyline.report.svg import frame

if TYPE_CHECKING:
    from markupsafe import Markup
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.quantities import Quantity
    from supplyline.runs import Run

    Floats = NDArray[np.float64]

STREAMS: Final = {
    "gold": ("gold", "#b8860b"),
    "zakat": ("levies on households", "#0b5c8f"),
    "livestock": ("livestock", "#7a4a9c"),
    "protection": ("protection money", "#2f8f76"),
    "toll": ("tolls on convoys", "#d9702b"),
    "loot": ("looted cargo", "#8c1c2b"),
    "ransom": ("ransoms", "#5b646b"),
}
"""Stream to its name as printed and its colour."""
_MONTH_WEEKS: Final = 365.25 / 12 / 7
_YEAR_WEEKS: Final = 365.25 / 7
_MILLION: Final = 1e-6
_UNIT: Final = "million USD a year"
_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class StreamRow:
    """One stream of one group."""

    title: str
    colour: str
    past: Quantity
    ahead: Quantity


@dataclass(frozen=True, slots=True)
class GroupMoney:
    """What one group takes in."""

    name: str
    title: str
    svg: Markup
    rows: tuple[StreamRow, ...]


def group_money(run: Run) -> tuple[GroupMoney, ...]:
    """Draw and tell the revenue of the groups that take in most."""
    ahead = first_week_ahead(run) if run.has_country else 0
    if not 0 < ahead < run.weekly.sizes["week"]:
        return ()
    sums = Sums()
    [rates] = rows_of(run, lambda part: _rates(part, ahead, sums))
    members = len(run.members)
    means = {stream: sums[stream] / members for stream in STREAMS}
    total = sum(mean.mean(axis=0) for mean in means.values())
    names = [str(name) for name in run.weekly["group"].to_numpy()]
    titles = group_titles(run)
    order = np.argsort(-np.asarray(total), kind="stable")[:GROUPS_SHOWN]
    return tuple(
        _group(
            run,
            f"money-{number}",
            titles.get(names[spot], names[spot]),
            {key: rate[:, spot] for key, rate in rates.items()},
            {stream: mean[:, spot] for stream, mean in means.items()},
        )
        for number, spot in enumerate(order)
    )


def _rates(run: Run, ahead: int, sums: Sums) -> Rows:
    """Average each stream over the weeks before and ahead; add it up over members."""
    rates: Rows = {}
    flows = {
        stream: values_of(run.weekly, f"group_{stream}_usd") * _MILLION
        for stream in STREAMS
    }
    for stream, flow in flows.items():
        sums.add(stream, flow)
    for stream, flow in (flows | {_ALL: np.sum(list(flows.values()), axis=0)}).items():
        for when, weeks in (("past", slice(ahead)), ("ahead", slice(ahead, None))):
            mean = flow[:, weeks].mean(axis=1, dtype=np.float64)
            rates[stream, when] = mean * _YEAR_WEEKS
    return rates


def _group(
    run: Run, name: str, title: str, rates: Rows, means: dict[str, Floats]
) -> GroupMoney:
    """Draw and tell one group."""
    basis = basis_of(run)

    def row(title: str, colour: str, stream: str) -> StreamRow:
        past, ahead = (
            summary(rates[stream, when], _UNIT, basis, middle="mean")
            for when in ("past", "ahead")
        )
        return StreamRow(title, colour, past, ahead)

    rows = [
        row(words, colour, stream)
        for stream, (words, colour) in STREAMS.items()
        if means[stream].any()
    ]
    rows.append(row("all streams", "", _ALL))
    return GroupMoney(name, title, _stack(run, name, title, means), tuple(rows))


def _stack(run: Run, name: str, title: str, flows: dict[str, Floats]) -> Markup:
    """Draw the mean of each stream by month, one on the other."""
    months = pd.DatetimeIndex(run.weekly["week"].to_numpy()).to_period("M")
    codes, distinct = pd.factorize(months)
    weeks = np.bincount(codes)
    means = {
        stream: np.bincount(codes, flow) / weeks * _MONTH_WEEKS
        for stream, flow in flows.items()
    }
    ceiling = max(float(np.sum(list(means.values()), axis=0).max()) * 1.06, 1e-9)
    step = nice_step(ceiling, 4)
    left = margin(ceiling, step)
    count = float(len(distinct))
    panel = Panel(
        left, PANEL_TOP, WIDTH - left - 2.6, PANEL_HEIGHT, 0.0, count, 0.0, ceiling
    )
    cut = float(np.sum(distinct < forecast_start(run).to_period("M")))
    parts = [forecast_ground(panel, cut), value_axis(panel, step)]
    below = np.zeros(len(distinct))
    for stream, (_, colour) in STREAMS.items():
        above = below + means[stream]
        parts.append(bars(panel, range(len(distinct)), below, above, colour))
        below = above
    words, years = [], set()
    for month in distinct:
        words.append(f"{month:%b}" if month.year in years else f"{month:%b %Y}")
        years.add(month.year)
    parts += [
        frame_lines(panel),
        names_axis(panel, words),
        text(0, PANEL_TOP - 8, "million USD a month"),
    ]
    told = ", ".join(words for words, _ in STREAMS.values())
    description = f"Mean over courses by month, stacked: {told}. The table has them."
    return frame("".join(parts), BOX, name, f"Revenue: {title}", description)
