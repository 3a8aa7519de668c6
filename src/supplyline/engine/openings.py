"""What closures, rivers and want of money leave of traffic, by day and member."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from supplyline.engine.arrays import ways_of
from supplyline.engine.calendar import dated

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names
    from supplyline.engine.draws import Luck

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Openings(NamedTuple):
    """What says what may pass: by day, and whence the levels of a member come."""

    open_level: Ints
    """As in `world.Inputs`."""
    order_level: Ints
    """As in `world.Inputs`."""
    levels: tuple[Level, ...]
    """Columns of `world.Inputs.levels`."""
    measures: tuple[Value, ...]
    """Values that they rest on."""


class Level(NamedTuple):
    """One column of levels: what is left in a state of rivers and measures."""

    river: float | None
    """Share that rivers let through; None for a limit on orders [1]."""
    measures: tuple[str, ...]
    """Measures in force."""


class Value(NamedTuple):
    """The value of a measure; drawn for each member where it has a range."""

    measure: str
    low: float
    high: float


class _Measure(NamedTuple):
    """A dated measure."""

    when: slice
    value: Value
    meets: frozenset[str]
    """Feeds that a closure meets, or products whose orders are limited."""


class _Route(NamedTuple):
    """The way of a feed, from the origin to the place it serves."""

    feed: str
    targets: frozenset[str]
    """Corridor, segments and places by which a closure meets it."""
    is_import: bool
    is_river: bool


def build_openings(case: Case, names: Names, days: int) -> Openings:
    """Work out what lets each feed through, and what importers can pay for.

    Members share the days; what is drawn for them stands in a few columns.
    """
    levels: dict[Level, int] = {}
    routes = _routes(case, names)
    months = pd.date_range(case.config.start, periods=days).month.to_numpy()
    river_open = case.seasons.set_index("month")["river_open_share"]
    closures = _closures(case, routes, days)
    limits = _limits(case, names, days)
    open_level = np.zeros((days, len(routes)), np.int64)
    order_level = np.zeros((days, len(names.products)), np.int64)
    for when in _stretches([*closures, *limits], months):
        month = months[when.start]
        for feed, route in enumerate(routes):
            river = float(river_open[month]) if route.is_river else 1.0
            level = Level(river, _in_force(closures, route.feed, when))
            open_level[when, feed] = levels.setdefault(level, len(levels))
        for column, product in enumerate(names.products):
            level = Level(None, _in_force(limits, product, when))
            order_level[when, column] = levels.setdefault(level, len(levels))
    columns = tuple(levels) or (Level(1.0, ()),)
    values = tuple(each.value for each in (*closures, *limits))
    return Openings(open_level, order_level, columns, values)


def draw_levels(openings: Openings, luck: Luck) -> Floats:
    """Draw the measures' values and what they leave, shape (member, level) [1]."""
    drawn = {
        each.measure: luck.between(each.low, each.high, "measure value", each.measure)
        for each in openings.measures
    }
    made = np.ones((len(luck.members), len(openings.levels)))
    for column, level in enumerate(openings.levels):
        own = [drawn[measure] for measure in level.measures]
        if level.river is None:
            made[:, column] = np.inf
            for most in own:
                made[:, column] = np.minimum(made[:, column], most)
        else:
            made[:, column] = level.river
            for share in own:
                made[:, column] *= share
    return made


def _routes(case: Case, names: Names) -> list[_Route]:
    """Follow every feed from the origin of its corridor to its place."""
    ways = ways_of(case)
    modes = dict(zip(case.segments["segment"], case.segments["mode"], strict=True))
    kinds = dict(zip(case.corridors["corridor"], case.corridors["kind"], strict=True))
    routes = []
    for feed in names.feeds:
        corridor, place = feed.split("/")
        end = ways[corridor].places.index(place)
        segments = ways[corridor].segments[:end]
        passed = ways[corridor].places[: end + 1]
        targets = frozenset({corridor, *segments, *passed})
        is_river = any(modes[segment] == "river" for segment in segments)
        routes.append(_Route(feed, targets, kinds[corridor] == "import", is_river))
    return routes


def _closures(case: Case, routes: list[_Route], days: int) -> list[_Measure]:
    """Give the closures, by name, with the feeds that each meets."""
    closures = []
    for row, when in dated(case, days, {"closure"}):
        met = [
            route.feed
            for route in routes
            if (route.is_import if pd.isna(row.target) else row.target in route.targets)
        ]
        closures.append(_Measure(when, _value(row, 0.0), frozenset(met)))
    return sorted(closures, key=lambda each: each.value.measure)


def _limits(case: Case, names: Names, days: int) -> list[_Measure]:
    """Give the limits on what importers order, with the products they are on."""
    return [
        _Measure(
            when,
            _value(row, 1.0),
            frozenset(names.products if pd.isna(row.target) else [row.target]),
        )
        for row, when in dated(case, days, {"supply_limit"})
    ]


def _value(row: Any, empty: float) -> Value:  # noqa: ANN401 - a row of measures.csv
    """Read the value of a measure, or what an empty cell means."""
    low = empty if pd.isna(row.value) else row.value
    return Value(row.measure, float(low), float(row.value_high))


def _stretches(measures: Iterable[_Measure], months: NDArray[Any]) -> list[slice]:
    """Cut the days where a measure begins or ends, or a month does."""
    days = len(months)
    turns = {0, days, *(np.flatnonzero(np.diff(months)) + 1).tolist()}
    turns |= {day for each in measures for day in (each.when.start, each.when.stop)}
    return [slice(*pair) for pair in pairwise(sorted(turns))]


def _in_force(
    measures: Iterable[_Measure], met: str, stretch: slice
) -> tuple[str, ...]:
    """Name the measures that meet something throughout a stretch of days."""
    return tuple(
        each.value.measure
        for each in measures
        if met in each.meets and each.when.start <= stretch.start < each.when.stop
    )
