"""What closures, rivers and want of money leave of traffic, by day and member."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from supplyline.engine.arrays import ways_of
from supplyline.engine.calendar import dated
from supplyline.engine.draws import drawn_between

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from typing import Any

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class OpeningArrays(NamedTuple):
    """The parts of `world.Inputs` that say what may pass."""

    open_level: Ints
    order_level: Ints
    levels: Floats


class _Measure(NamedTuple):
    """A dated measure, and its value for each member."""

    name: str
    when: slice
    drawn: Floats
    meets: frozenset[str]
    """Feeds that a closure meets, or products whose orders are limited."""


class _Route(NamedTuple):
    """The way of a feed, from the origin to the place it serves."""

    feed: str
    targets: frozenset[str]
    """Corridor, segments and places by which a closure meets it."""
    is_import: bool
    is_river: bool


class _Levels:
    """Values by member, one column for each set of causes."""

    def __init__(self) -> None:
        self.columns: dict[Hashable, Floats] = {}
        self._numbers: dict[Hashable, int] = {}

    def number(self, causes: Hashable, values: Callable[[], Floats]) -> int:
        """Give the column of a set of causes; it is worked out once."""
        if causes not in self._numbers:
            self._numbers[causes] = len(self._numbers)
            self.columns[causes] = values()
        return self._numbers[causes]


def build_openings(
    case: Case, names: Names, seed: int, members: int, days: int
) -> OpeningArrays:
    """Work out what each feed lets through, and what importers can pay for.

    Members share the days; what is drawn for them stands in a few columns.
    """
    levels = _Levels()
    routes = _routes(case, names)
    months = pd.date_range(case.config.start, periods=days).month.to_numpy()
    river_open = case.seasons.set_index("month")["river_open_share"]
    closures = _closures(case, routes, seed, members, days)
    limits = _limits(case, names, seed, members, days)
    open_level = np.zeros((days, len(routes)), np.int64)
    order_level = np.zeros((days, len(names.products)), np.int64)
    for when in _stretches([*closures, *limits], months):
        month = months[when.start]
        for feed, route in enumerate(routes):
            river = float(river_open[month]) if route.is_river else 1.0
            shut = _in_force(closures, route.feed, when)
            causes = ("open", river, *(each.name for each in shut))

            def passed(shut: list[_Measure] = shut, river: float = river) -> Floats:
                share = np.full(members, river)
                for each in shut:
                    share *= each.drawn
                return share

            open_level[when, feed] = levels.number(causes, passed)
        for column, product in enumerate(names.products):
            held = _in_force(limits, product, when)
            causes = ("orders", *(each.name for each in held))

            def most(held: list[_Measure] = held) -> Floats:
                bounds = [np.full(members, np.inf), *(each.drawn for each in held)]
                return np.asarray(np.min(bounds, axis=0))

            order_level[when, column] = levels.number(causes, most)
    columns = list(levels.columns.values()) or [np.ones(members)]
    return OpeningArrays(open_level, order_level, np.stack(columns, axis=1))


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


def _closures(
    case: Case, routes: list[_Route], seed: int, members: int, days: int
) -> list[_Measure]:
    """Give the closures, by name, with the feeds that each meets."""
    closures = []
    for row, when in dated(case, days, {"closure"}):
        met = [
            route.feed
            for route in routes
            if (route.is_import if pd.isna(row.target) else row.target in route.targets)
        ]
        values = _drawn(row, 0.0, seed, members)
        closures.append(_Measure(row.measure, when, values, frozenset(met)))
    return sorted(closures, key=lambda each: each.name)


def _limits(
    case: Case, names: Names, seed: int, members: int, days: int
) -> list[_Measure]:
    """Give the limits on what importers order, with the products they are on."""
    return [
        _Measure(
            row.measure,
            when,
            _drawn(row, 1.0, seed, members),
            frozenset(names.products if pd.isna(row.target) else [row.target]),
        )
        for row, when in dated(case, days, {"supply_limit"})
    ]


def _drawn(
    row: Any,  # noqa: ANN401 - a row of measures.csv
    empty: float,
    seed: int,
    members: int,
) -> Floats:
    """Draw the value of a measure for each member, evenly over its range."""
    low = empty if pd.isna(row.value) else row.value
    name = row.measure
    return drawn_between(low, row.value_high, seed, "measure value", name, members)


def _stretches(measures: Iterable[_Measure], months: NDArray[Any]) -> list[slice]:
    """Cut the days where a measure begins or ends, or a month does."""
    days = len(months)
    turns = {0, days, *(np.flatnonzero(np.diff(months)) + 1).tolist()}
    turns |= {day for each in measures for day in (each.when.start, each.when.stop)}
    return [slice(*pair) for pair in pairwise(sorted(turns))]


def _in_force(measures: Iterable[_Measure], met: str, stretch: slice) -> list[_Measure]:
    """Give the measures that meet something throughout a stretch of days."""
    return [
        each
        for each in measures
        if met in each.meets and each.when.start <= stretch.start < each.when.stop
    ]
