"""Usual prices on the street, and where fuel gets dear with the distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supplyline.case.frames import rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names, Network
    from supplyline.engine.draws import Luck
    from supplyline.engine.kernels.records import Records

    Floats = NDArray[np.float64]


def enter_prices(
    case: Case,
    names: Names,
    network: Network,
    draws: pd.DataFrame,
    luck: Luck,
    depots: Records,
) -> None:
    """Write what the street of each depot asks, and what comes to it besides."""
    backstop = draws["backstop_multiple"].to_numpy()[:, np.newaxis]
    rise = draws["backstop_rise_per_h"].to_numpy()[:, np.newaxis]
    hours = inland_hours(network, depots.production[0].any(axis=1))
    depots.backstop = (backstop + (backstop - 1) * rise * hours)[:, :, np.newaxis]
    depots.made_share = np.divide(
        np.minimum(depots.production, depots.demand), depots.demand,
        out=np.zeros_like(depots.demand), where=depots.demand > 0,
    )  # fmt: skip
    share = draws["informal_share"].to_numpy()
    depots.informal_share = share[:, np.newaxis, np.newaxis]
    for row in rows(case.small_flows):
        _enter_small_flow(row, names, depots)
    for row in rows(case.depots[case.depots["street_price"].notna()]):
        place = names.places.index(row.place)
        product = names.products.index(row.product)
        price = luck.between(
            row.street_price, row.street_price_high, "street_price", row.depot
        )
        depots.street_price[:, place, product] = price


def _enter_small_flow(
    row: Any,  # noqa: ANN401 - a row of small_flows.csv
    names: Names,
    depots: Records,
) -> None:
    """Put the flow that a case knows of in the place of what parameters say."""
    products = slice(None)
    if not pd.isna(row.product):
        product = names.products.index(row.product)
        products = slice(product, product + 1)
    own: Any = depots[:, names.places.index(row.place), products]
    used = own.public.sum(axis=1, keepdims=True)
    own.informal_kl = row.most_kl_per_day * own.public / np.maximum(used, 1e-300)
    own.informal_share = 0.0
    own.backstop = row.price_multiple


def enter_usual_ways(network: Network, places: Records) -> None:
    """Write how much of each place's need its feeds bring as a rule.

    In the order of feeds, as the kernels sum: in calm times both sums are the same.
    """
    np.add.at(places.fed_share, network.feeds.place, network.feeds.share)


def inland_hours(network: Network, is_making: NDArray[np.bool_]) -> Floats:
    """Count the hours to each place from the nearest that imports or makes fuel [h]."""
    hours = np.where(is_making, 0.0, np.inf)
    used = network.feeds[network.feeds.share > 0]
    hours[used.place[used.is_import == 1]] = 0.0
    inland = used[used.is_import == 0]
    source = network.corridors.source[inland.corridor]
    for _ in hours:  # a way on from depot to depot has fewer legs than that
        way_h = inland.travel_h + inland.nonstop_h
        np.minimum.at(hours, inland.place, hours[source] + way_h)
    # a place that no fuel reaches has no way to be far on
    return np.where(np.isinf(hours), 0.0, hours)
