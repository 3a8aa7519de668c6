"""Summaries that other processes can be sent."""

from __future__ import annotations

import numpy as np
import pandas as pd

import supplyline as sl
from supplyline.analysis.hazards import read_hazards


def lost(run):
    """Trucks lost, an array of xarray."""
    return run.daily["trucks_lost"].sum("day")


def stock(run):
    """Stock of the capital by day and product, an array of three axes."""
    return run.daily["stock_kl"].to_numpy()


def log_rows(run):
    """Encounters that cost trucks, from the log by member."""
    counts = run.losses["member"].value_counts(sort=False)
    return counts.reindex(run.params.index, fill_value=0)


def keep_share(run):
    """Chance to keep power for 180 days by the hazards of the last day."""
    hazards = read_hazards(run)
    items = hazards.items(run.daily.sizes["day"] - 1)
    return pd.Series(np.exp(-180 * items.sum(axis=1)), run.params.index)


def heat_chance(run):
    """Chance behind the leader's heat on the last day, where he is in power."""
    hazards, last = sl.heat(run).hazards, run.daily.sizes["day"] - 1
    chance = np.exp(-180 * hazards.items(last).sum(axis=1))
    return np.where(hazards.in_power_on(last), chance, np.nan)


def first_rows(run):
    """Give too few rows."""
    return run.params.iloc[:1]


def unnumbered(run):
    """Give a row for each member, but not by its number."""
    return run.params.reset_index(drop=True) + 0


def sorted_by_loss(run):
    """Give members in another order."""
    return lost(run).to_series().sort_values()


def total(run):
    """Give one number for all."""
    return float(lost(run).sum())


def whole_table(run):
    """Give several arrays at once."""
    return run.daily[["trucks_lost"]].sum("day")


def members_last(run):
    """Give members as the second axis, as many as the first has entries."""
    stock = run.daily["stock_kl"].isel(day=-1).transpose("product", "member")
    return stock.isel(product=[0] * len(run.members))


def wider_later(run):
    """Give one column of the first members, and two of others."""
    return np.zeros((len(run.members), 1 + (run.members.start > 0)))


def array_first(run):
    """Give an array of the first members, and a Series of others."""
    values = run.params["truck_kl"]
    return values if run.members.start else values.to_numpy()


def other_column_later(run):
    """Give a column whose name depends on the members."""
    name = "late" if run.members.start else "early"
    return run.params[["truck_kl"]].set_axis([name], axis="columns")


def other_days_later(run):
    """Give days that depend on the members."""
    first = int(run.members.start > 0)
    return lost_by_day(run).isel(day=slice(first, first + 2))


def failing(run):
    """Fail."""
    return run.daily["no_such_output"]


def lost_by_day(run):
    """Trucks lost each day."""
    return run.daily["trucks_lost"]
