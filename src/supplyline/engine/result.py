"""From the arrays of the blocks to a labelled run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from supplyline.engine.kernels.ahead import code_origin
from supplyline.runs import (
    FIGHTER_ACCOUNTS,
    FUEL_ACCOUNTS,
    MONEY_ACCOUNTS,
    PEOPLE_ACCOUNTS,
    SOLDIER_ACCOUNTS,
    TRUCK_ACCOUNTS,
    Run,
    describe,
    manifest_of,
    with_part,
)
from supplyline.runs.layout import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names
    from supplyline.engine.block import BlockResult
    from supplyline.engine.kernels.records import Records
    from supplyline.engine.kernels.world import Outputs
    from supplyline.runs import Request
    from supplyline.runs.lineage import Lineage

    Labels = dict[str, tuple[tuple[str, ...], NDArray[Any]]]


def build_run(
    case: Case,
    request: Request,
    names: Names,
    draws: pd.DataFrame,
    whole: BlockResult,
    elapsed_s: float,
    lineage: Lineage | None,
) -> Run:
    """Label what an ensemble leaves."""
    start = pd.Timestamp(case.config.start)
    cutoff = pd.Timestamp(case.config.cutoff)
    outputs = whole.outputs
    axes = _axes(names, whole)
    days = pd.date_range(start, periods=outputs.daily.shape[1])
    weeks = days[6::7] - pd.Timedelta(days=6)
    by_day = xr.Dataset(_by_day(names, outputs), axes["daily"] | {"day": days})
    by_week = xr.Dataset(_by_week(names, outputs), axes["weekly"] | {"week": weeks})
    ledger = xr.Dataset(_books(names, whole), axes["ledger"])
    for data in (by_day, by_week, ledger):
        describe(data, case.config.currency)
    cuts = warnings_of(whole.lead_cuts)
    manifest = manifest_of(request, case, elapsed_s, cuts, code_origin())
    losses = _losses(names, whole, start)
    return Run(
        manifest,
        case,
        with_part(by_day, "day", cutoff),
        with_part(by_week, "week", cutoff),
        losses,
        draws,
        ledger,
        lineage,
    )


def _axes(names: Names, whole: BlockResult) -> dict[str, dict[str, Any]]:
    """Name what stands along each axis of each part, but for the days and weeks.

    All at once: to add an axis later, xarray sets all outputs against each other.
    """
    daily: dict[str, Any] = {
        "member": np.asarray(whole.members),
        "product": list(names.products),
    }
    weekly = daily | {"place": list(names.places), "corridor": list(names.corridors)}
    ledger = daily | {
        "fuel_account": list(FUEL_ACCOUNTS),
        "truck_account": list(TRUCK_ACCOUNTS),
        "fleet": list(names.fleets),
    }
    if names.groups:
        groups = {"group": list(names.groups)}
        weekly |= groups | {"region": list(names.regions)}
        weekly |= {"attack": list(names.attacks)}
        ledger |= groups | _ACCOUNTS
    return {"daily": daily, "weekly": weekly, "ledger": ledger}


_ACCOUNTS: Final = {
    "money_account": list(MONEY_ACCOUNTS),
    "fighter_account": list(FIGHTER_ACCOUNTS),
    "people_account": list(PEOPLE_ACCOUNTS),
    "soldier_account": list(SOLDIER_ACCOUNTS),
}
"""Accounts of a country with armed groups, by axis."""


def _by_day(names: Names, outputs: Outputs) -> Labels:
    """Name the daily arrays: of the nation and by product."""
    labels = _named(outputs.daily, ("day",))
    labels |= _named(outputs.daily_products, ("day", "product"))
    if names.groups:
        labels |= _named(outputs.daily_country, ("day",))
    return labels


def _by_week(names: Names, outputs: Outputs) -> Labels:
    """Name the weekly arrays, without the broken week at the end."""

    def whole(field: str, *axes: str, prefix: str = "") -> Labels:
        values = getattr(outputs, field)[:, :-1]
        return _named(values, ("week", *axes), prefix)

    labels = whole("weekly_places", "place")
    labels |= whole("weekly_depots", "place", "product")
    labels |= whole("weekly_corridors", "corridor", prefix=PREFIXES["corridor"])
    if names.groups:
        labels |= whole("weekly_regions", "region", prefix=PREFIXES["region"])
        labels |= whole("weekly_groups", "group", prefix=PREFIXES["group"])
        by_attack = ("member", "week", "attack")
        name = f"{PREFIXES['attack']}attacks"
        labels[name] = (by_attack, outputs.weekly_attacks[:, :-1].astype(np.float32))
    return labels


def _books(names: Names, whole: BlockResult) -> Labels:
    """Name the accounts."""
    axes: dict[str, tuple[str, ...]] = {
        "ledger": ("fuel_kl", "fuel_account", "product"),
        "trucks": ("trucks", "truck_account", "fleet"),
    }
    if names.groups:
        axes |= {
            "money": ("money", "money_account", "group"),
            "fighters": ("fighters", "fighter_account", "group"),
            "people": ("people", "people_account"),
            "soldiers": ("soldiers", "soldier_account"),
        }
    return {
        name: (("member", *dims), getattr(whole, field))
        for field, (name, *dims) in axes.items()
    }


def _named(values: Records, dims: tuple[str, ...], prefix: str = "") -> Labels:
    return {
        prefix + name: (("member", *dims), values[name])
        for name in values.dtype.names or ()
    }


def warnings_of(lead_cuts: int) -> list[str]:
    """Tell what was cut: leads longer than the rings."""
    return [f"{lead_cuts:,.0f} lead times were cut at 60 days"] if lead_cuts else []


_DAY_US: Final = 86_400_000_000
"""A day [microseconds]."""


def _losses(names: Names, whole: BlockResult, start: pd.Timestamp) -> pd.DataFrame:
    """Label the log of encounters that cost trucks."""
    members = np.asarray(whole.members, dtype=np.int32)

    def column(name: str, kind: type = np.int32) -> NDArray[Any]:
        """Lay the blocks' columns together, once: a dangerous country's are long."""
        parts = [log[name] for log in whole.losses]
        return np.concatenate(parts, dtype=kind, casting="unsafe")

    def labelled(name: str, labels: Sequence[str]) -> Any:  # noqa: ANN401 - untyped in pandas
        """Lay a column of codes together as pandas keeps them."""
        codes = column(name, np.min_scalar_type(-len(labels)).type)
        return pd.Categorical.from_codes(codes, pd.Index(labels))

    counts = (
        "trucks",
        "trucks_lost",
        "trucks_looted",
        "drivers_abducted",
        "drivers_killed",
    )
    day_us = column("day", np.int64)
    day_us *= _DAY_US  # in place, as each further column is memory to be cleared
    day_us += np.datetime64(start, "us").astype(np.int64)
    return pd.DataFrame(
        {
            "member": np.repeat(members, whole.log_rows),
            "day": day_us.view("datetime64[us]"),
            "corridor": labelled("corridor", names.corridors),
            "segment": labelled("segment", names.segments),
            **{name: column(name) for name in counts},
            "is_escorted": column("is_escorted", np.bool_),
            "is_turned_back": column("is_turned_back", np.bool_),
        },
        copy=False,
    )
