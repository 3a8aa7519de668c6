"""From the arrays of the blocks to a labelled run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from supplyline.engine.kernels.layout import LOG_ROWS
from supplyline.runs import (
    FUEL_ACCOUNTS,
    TRUCK_ACCOUNTS,
    Run,
    describe,
    manifest_of,
    with_part,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.arrays import Names
    from supplyline.engine.block import BlockResult
    from supplyline.engine.kernels.layout import Records
    from supplyline.runs import Request

    Labels = dict[str, tuple[tuple[str, ...], NDArray[np.float32]]]


def build_run(
    case: Case,
    request: Request,
    names: Names,
    draws: pd.DataFrame,
    blocks: Sequence[BlockResult],
    elapsed_s: float,
) -> Run:
    """Join the blocks of an ensemble and label them.

    Parameters
    ----------
    case : Case
        The case.
    request : Request
        What was asked for.
    names : Names
        Names along the axes.
    draws : DataFrame
        Parameters, index member.
    blocks : sequence of BlockResult
        Results in the order of members.
    elapsed_s : float
        Time of the simulation [s].

    Returns
    -------
    run : Run
        The run.
    """
    start = pd.Timestamp(case.config.start)
    daily = _joined(blocks, "daily")
    weekly_places = _joined(blocks, "weekly_places")[:, :-1]
    day = pd.date_range(start, periods=daily.shape[1], name="day")
    week = pd.date_range(start, periods=weekly_places.shape[1], freq="7D", name="week")
    cutoff = pd.Timestamp(case.config.cutoff)
    common = {
        "member": np.arange(request.arguments.members),
        "product": list(names.products),
    }
    by_day = xr.Dataset(
        _named(daily, ("day",))
        | _named(_joined(blocks, "daily_products"), ("day", "product")),
        coords=common | {"day": day},
    )
    by_week = xr.Dataset(
        _named(weekly_places, ("week", "place"))
        | _named(_joined(blocks, "weekly_depots")[:, :-1], ("week", "place", "product"))
        | _named(
            _joined(blocks, "weekly_corridors")[:, :-1],
            ("week", "corridor"),
            prefix="corridor_",
        ),
        coords=common
        | {
            "week": week,
            "place": list(names.places),
            "corridor": list(names.corridors),
        },
    )
    ledger = xr.Dataset(
        {
            "fuel_kl": (
                ("member", "fuel_account", "product"),
                np.concatenate([block.ledger for block in blocks]),
            ),
            "trucks": (
                ("member", "truck_account", "fleet"),
                np.concatenate([block.trucks for block in blocks]),
            ),
        },
        coords=common
        | {
            "fuel_account": list(FUEL_ACCOUNTS),
            "truck_account": list(TRUCK_ACCOUNTS),
            "fleet": list(names.fleets),
        },
    )
    for data in (by_day, by_week, ledger):
        describe(data, case.config.currency)
    manifest = manifest_of(request, case, elapsed_s, _warnings(blocks))
    losses = _losses(names, blocks, start)
    return Run(
        manifest,
        case,
        with_part(by_day, "day", cutoff),
        with_part(by_week, "week", cutoff),
        losses,
        draws,
        ledger,
    )


def _joined(blocks: Sequence[BlockResult], field: str) -> Any:  # noqa: ANN401 - records
    parts = [getattr(block.outputs, field) for block in blocks]
    return np.concatenate(parts).view(np.recarray)


def _named(values: Records, dims: tuple[str, ...], prefix: str = "") -> Labels:
    return {
        prefix + name: (("member", *dims), values[name])
        for name in values.dtype.names or ()
    }


def _warnings(blocks: Sequence[BlockResult]) -> list[str]:
    """Tell what was cut: leads longer than the rings, logs longer than their room."""
    found = []
    cuts = sum(block.lead_cuts for block in blocks)
    if cuts:
        found.append(f"{cuts:,.0f} lead times were cut at 60 days")
    dropped = sum(
        int(np.maximum(block.log_rows - LOG_ROWS, 0).sum()) for block in blocks
    )
    if dropped:
        found.append(f"{dropped:,} encounters did not fit the log of losses")
    return found


def _losses(
    names: Names, blocks: Sequence[BlockResult], start: pd.Timestamp
) -> pd.DataFrame:
    """Label the log of encounters that cost trucks."""
    log = _joined(blocks, "losses")
    rows = np.concatenate([np.minimum(block.log_rows, LOG_ROWS) for block in blocks])
    counts = (
        "trucks",
        "trucks_lost",
        "trucks_looted",
        "drivers_abducted",
        "drivers_killed",
    )
    return pd.DataFrame(
        {
            "member": np.repeat(np.arange(rows.size, dtype=np.int32), rows),
            "day": start + pd.to_timedelta(log["day"], unit="D"),
            "corridor": _labelled(log["corridor"], names.corridors),
            "segment": _labelled(log["segment"], names.segments),
            **{name: log[name].astype(np.int32) for name in counts},
            "is_escorted": log["is_escorted"] > 0,
            "is_turned_back": log["is_turned_back"] > 0,
        }
    )


def _labelled(codes: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 - untyped in pandas
    return pd.Categorical.from_codes(codes.astype(int), pd.Index(names))
