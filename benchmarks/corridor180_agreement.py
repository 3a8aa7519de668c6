"""corridor180 through the public API, and how far two forms of it are apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.runs import Run

    Floats = NDArray[np.float64]

LARGEST_Z = 3.5
"""Most that two forms of the same law may differ, in standard errors."""


def outputs_of(run: Run) -> Floats:
    """Return the outputs of `corridor180_rules.OUTPUTS`, shape (member, output).

    Parameters
    ----------
    run : Run
        A run of the case; the official price is 1.

    Returns
    -------
    outputs : array
        One row for each member.
    """
    daily = run.daily
    days = daily.sizes["day"]
    demand = run.case.demand.query("demand_class == 'public'")["demand_kl_per_day"]
    multiple = daily["price_per_l"].sel(product="diesel")
    stock_days = daily["days_of_supply"].sel(product="diesel")
    columns = [
        daily["imports_kl"].sum(("day", "product")) / days,
        daily["trucks_sent"].sum("day"),
        daily["trucks_lost"].sum("day"),
        daily["trucks_turned_back"].sum("day"),
        multiple.mean("day"),
        multiple.max("day"),
        stock_days.min("day"),
        daily["unmet_kl"].sum(("day", "product")) / (demand.sum() * days),
    ]
    return np.stack([column.to_numpy() for column in columns], axis=1, dtype=np.float64)


def scores(ours: Floats, theirs: Floats) -> Floats:
    """Return the difference of means over its standard error, for each output."""
    variance = ours.var(axis=0, ddof=1) / len(ours)
    variance += theirs.var(axis=0, ddof=1) / len(theirs)
    return np.asarray((ours.mean(axis=0) - theirs.mean(axis=0)) / np.sqrt(variance))


def with_params(case: Case, **values: float) -> Case:
    """Return the case with other values of some parameters."""
    params = case.params
    for name, value in values.items():
        params.loc[params["param"] == name, "a"] = value
    return replace(case, tables={**case.tables, "params": params})


def with_stock(case: Case, days: float) -> Case:
    """Return the case with another stock at the start [days of demand]."""
    depots = case.depots
    demand = case.demand.groupby("product")["demand_kl_per_day"].sum()
    depots["target_kl"] = days * depots["product"].map(demand).astype(float)
    return replace(case, tables={**case.tables, "depots": depots})


def cut(case: Case, parts: int) -> Case:
    """Return the case with each segment cut in parts, in its order of travel."""
    segments, steps = case.segments, case.corridor_segments
    way = segments.loc[segments.index.repeat(parts)].reset_index(drop=True)
    part = np.tile(np.arange(parts), len(segments))
    names = way["segment"] + "." + pd.Series(part).astype(str)
    middles = way["segment"] + ".m" + pd.Series(part).astype(str)
    starts, ends = way["from_place"].copy(), way["to_place"].copy()
    starts[part > 0] = middles.shift()[part > 0]
    ends[part < parts - 1] = middles[part < parts - 1]
    way = way.assign(segment=names, from_place=starts, to_place=ends)
    way["length_km"] /= parts
    way["travel_h"] /= parts
    rows = []
    ends_of = segments.set_index("segment")[["from_place", "to_place"]]
    origins = case.corridors.set_index("corridor")["origin"]
    for corridor, group in steps.sort_values("position").groupby("corridor"):
        at, position = origins[corridor], 0
        for segment in group["segment"]:
            start, end = ends_of.loc[segment]
            order = range(parts) if start == at else range(parts - 1, -1, -1)
            at = end if start == at else start
            for number in order:
                position += 1
                rows.append((corridor, position, f"{segment}.{number}"))
    longer = pd.DataFrame(rows, columns=list(steps.columns))
    tables = {**case.tables, "segments": way, "corridor_segments": longer}
    return replace(case, tables=tables)
