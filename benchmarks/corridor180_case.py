"""What the SimPy and Mesa forms of corridor180 read of the tables of the case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from supplyline.case.case import Case

PRODUCTS = ("diesel", "petrol")
CLASSES = ("essential", "power", "industry", "public")


@dataclass(frozen=True)
class Route:
    """A corridor of the case."""

    fleet: int
    share: float
    travel_h: float
    exposure: tuple[float, ...]
    """Effort x exposure x length of each segment [100 km]."""
    room_share: float
    """Share of the room at all gateways [1]."""


@dataclass(frozen=True)
class Definition:
    """What the forms read of the case."""

    params: Mapping[str, float]
    routes: tuple[Route, ...]
    fleets: tuple[float, ...]
    """Trucks of each fleet."""
    demand: tuple[tuple[float, ...], ...]
    """By product and class [kl/day]."""
    stock: tuple[float, ...]
    capacity: tuple[float, ...]
    rain: tuple[float, ...]
    """Share of each day's month with the demand of the rains [1]."""
    ban_day: int
    escort_day: int
    days: int

    def but(self, **params: float) -> Definition:
        """Return a definition with other parameters."""
        return replace(self, params={**self.params, **params})


def read(case: Case, days: int) -> Definition:
    """Take what the forms need from the tables of the case.

    Parameters
    ----------
    case : Case
        The case corridor180.
    days : int
        Days to be lived, from the start of the case [days].

    Returns
    -------
    definition : Definition
        Numbers of the case.
    """
    if set(case.params["distribution"]) != {"fixed"}:
        message = "the forms read fixed parameters only"
        raise ValueError(message)
    params = dict(zip(case.params["param"], case.params["a"], strict=True))
    fleets = list(case.fleets["fleet"])
    effort = dict(zip(case.regions["region"], case.regions["effort"], strict=True))
    segments = {row.segment: row for row in case.segments.itertuples()}
    shares = dict(zip(case.feeds["corridor"], case.feeds["share"], strict=True))
    steps = case.corridor_segments.sort_values("position")
    routes = []
    for row in case.corridors.itertuples():
        names = steps.loc[steps["corridor"] == row.corridor, "segment"]
        way = [segments[name] for name in names]
        exposure = [effort[s.region] * s.exposure * s.length_km / 100 for s in way]
        routes.append(
            Route(
                fleets.index(row.fleet),
                shares[row.corridor],
                float(sum(s.travel_h for s in way)),
                tuple(exposure),
                shares[row.corridor] / sum(shares.values()),
            )
        )
    amounts = {(r.product, r.demand_class): r for r in case.demand.itertuples()}
    depots = case.depots.set_index("product")
    first = np.datetime64(case.config.start)
    dates = dict(zip(case.measures["kind"], case.measures["start"], strict=True))
    start = {kind: np.datetime64(date, "D") for kind, date in dates.items()}
    rain = dict(zip(case.seasons["month"], case.seasons["rainy_share"], strict=True))
    months = [int(str(first + day)[5:7]) for day in range(days)]
    return Definition(
        params,
        tuple(routes),
        tuple(case.fleets["trucks"]),
        tuple(
            tuple(_amount(amounts.get((product, rank))) for rank in CLASSES)
            for product in PRODUCTS
        ),
        tuple(depots.loc[list(PRODUCTS), "target_kl"]),
        tuple(depots.loc[list(PRODUCTS), "capacity_kl"]),
        tuple(rain[month] for month in months),
        int((start["ban"] - first).astype(int)),
        int((start["escort_step"] - first).astype(int)),
        days,
    )


def _amount(row: Any) -> float:  # noqa: ANN401 - a row of demand.csv
    return 0.0 if row is None else float(row.demand_kl_per_day)
