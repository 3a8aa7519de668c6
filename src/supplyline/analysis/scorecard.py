"""The scorecard: what was reported, beside what a run gives for the same thing.

A claim that the model has no counterpart for stays in the list, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.country import (
    COUNTRY_MEASURES,
    days_between,
    first_ban_month,
    harm_deaths,
)
from supplyline.analysis.observation import MEASURES, official_price
from supplyline.case.frames import rows, to_cells
from supplyline.case.sentences import sentence
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from supplyline.runs import Run

    Floats = NDArray[np.float64]
    Measure = Callable[[Run, pd.Timestamp, pd.Timestamp, str], Floats]

VERDICTS: Final = ("inside", "outside", "no counterpart")
"""Whether the reported range meets the modelled 80 % band."""
COLUMNS: Final = (
    "claim", "statement", "low", "value", "high", "unit", "start", "end", "source",
    "grade", "is_disputed", "contradicted_by", "measure", "argument", "title",
    "pro_rata", "p10", "p50", "p90", "verdict", "reason",
)  # fmt: skip
"""Columns of the scorecard."""
_WORDS: Final = ("contradicted_by", "measure", "argument", "title", "reason")
"""Columns of text that may be missing; None there."""


def price_increase(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Give the highest weekly parallel price over the official one, less one.

    Returns shape (member) [%].
    """
    product = run.case.config.products[0]
    series = run.daily["price_per_l"].sel(product=product, day=slice(start, end))
    prices = series.transpose("member", "day").to_numpy().astype(np.float64)
    week = min(prices.shape[1], 7)
    windows = np.lib.stride_tricks.sliding_window_view(prices, week, axis=1)
    highest = windows.mean(axis=2).max(axis=1)
    return np.asarray(100 * (highest / official_price(run, product, start) - 1))


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the model counts, and whether it grows with the length of the window."""

    title: str
    is_sum: bool
    measure: Measure


def _level(title: str, name: str) -> _Counted:
    return _Counted(title, is_sum=False, measure=MEASURES[name])


def _sum(title: str, name: str) -> _Counted:
    return _Counted(title, is_sum=True, measure=MEASURES[name])


_MEASURED: Final = {
    "attacks": _sum("Attacks of all groups inside the country", "attacks"),
    "attack_share": _level(
        "Share of the zone in the attacks of the group that enforces the bans, inside "
        "the country",
        "attack_share",
    ),
    "interdictor_attacks_per_month": _level(
        "Attacks a month of the group that enforces the bans, inside the country",
        "interdictor_attacks_per_month",
    ),
    "operations": _sum(
        "Operations in which the state or a partner harms civilians", "operations"
    ),
    "operation_deaths": _Counted(
        "Civilians killed by the state and its partners",
        is_sum=True,
        measure=harm_deaths,
    ),
    "revenue": _level(
        "Income a year of the group that enforces the bans, from this stream", "revenue"
    ),
    "price_increase": _Counted(
        "Highest weekly parallel price of the first product in the capital, above the "
        "official one, in per cent",
        is_sum=False,
        measure=price_increase,
    ),
    "state_land_share": _level(
        "Share of people in regions of which the state holds half or more (a case has "
        "no areas, so people stand for land)",
        "state_land_share",
    ),
    "first_ban_month": _Counted(
        "Month of the first ban, a given of the case",
        is_sum=False,
        measure=first_ban_month,
    ),
    "partner_troops": _level("Foreign troops beside the army, mean", "partner_troops"),
    "displaced": _level("People displaced, mean", "displaced"),
    "fighters": _level("Fighters of the group, mean", "fighters"),
    "leader_in_power": _level(
        "Chance that the leader is in power on the last day", "leader_in_power"
    ),
    "coup_attempts": _sum("Attempted coups", "coup_attempts"),
    "besieged_regions": _level(
        "Regions with a town under siege, mean", "besieged_regions"
    ),
    "customs_volume_ml": _sum(
        "Imports that customs count, in million litres", "customs_volume_ml"
    ),
    "trucks_lost": _sum("Trucks lost", "trucks_lost"),
    "escorted_convoys": _sum("Escorted convoys that left", "escorted_convoys"),
    "convoy_size": _level("Trucks of an escorted convoy, mean", "convoy_size"),
    "electricity_h": _level(
        "Hours of electricity a day in the capital, mean", "electricity_h"
    ),
    "trucks_waiting": _level("Trucks waiting at the gateways, mean", "trucks_waiting"),
    "capital_stock_ml": _level(
        "Stock in the capital's depots in million litres, mean", "capital_stock_ml"
    ),
    "price_multiple": _level(
        "Parallel over official price of the first product, mean", "price_multiple"
    ),
}


def scorecard(run: Run) -> pd.DataFrame:
    """Set the claims of the case's scorecard beside what a run gives.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    pandas.DataFrame
        One row for each row of scorecard.csv: ``claim`` and its ``statement`` in words;
        the reported ``low``, ``value`` and ``high`` in its ``unit``; ``start`` and
        ``end`` of the window; ``source``, its ``grade`` and whether other claims
        disagree (``is_disputed``, ``contradicted_by``); the ``measure``, its
        ``argument`` and ``title``, what the model counts; ``pro_rata``, the share of
        the window's days that the run holds; the modelled ``p10``, ``p50`` and ``p90``
        in the claim's unit, counts brought to the whole window; the ``verdict`` and
        the ``reason`` where there is no counterpart.

    Raises
    ------
    ValueError
        If a row names an unknown measure or argument.
    """
    case = run.case
    claims = case.claims.set_index("claim", drop=False)
    cells = {row["claim"]: row for row in to_cells(case.claims, TABLES["claims"])}
    grades = case.sources.set_index("source")["reliability"]
    opposed = _opposed(case.contradictions())
    found = []
    for row in rows(case.scorecard):
        claim = claims.loc[row.claim]
        others = opposed.get(row.claim, ())
        start, end = (
            pd.Timestamp(claim[name] if pd.isna(asked) else asked)
            for name, asked in (("start", row.start), ("end", row.end))
        )
        entry = {
            "claim": row.claim,
            "statement": sentence("claims", row.claim, cells[row.claim]),
            **{name: claim[name] for name in ("low", "value", "high", "unit")},
            "start": start,
            "end": end,
            "source": claim["source"],
            "grade": grades[claim["source"]],
            "is_disputed": bool(others),
            "contradicted_by": ", ".join(others) or None,
            "measure": row.measure,
            "argument": row.argument,
        }
        found.append(entry | _modelled(run, row, claim, (start, end)))
    card = pd.DataFrame(found, columns=list(COLUMNS))
    for name in _WORDS:
        card[name] = card[name].astype(object).where(card[name].notna(), None)
    return card


def _opposed(contradictions: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Name for each claim those whose ranges do not meet its own."""
    pairs = contradictions[["claim", "other_claim"]]
    both = [
        *pairs.itertuples(index=False),
        *pairs.iloc[:, ::-1].itertuples(index=False),
    ]
    found: dict[str, list[str]] = {}
    for claim, other in both:
        found.setdefault(claim, []).append(other)
    return {claim: tuple(sorted(set(others))) for claim, others in found.items()}


def _modelled(
    run: Run,
    row: Any,  # noqa: ANN401 - a row of a table
    claim: pd.Series[Any],
    window: tuple[pd.Timestamp, pd.Timestamp],
) -> dict[str, object]:
    """Give what the run has beside a claim, or why it has nothing."""
    nothing: dict[str, object] = {
        "title": None,
        "pro_rata": np.nan,
        **dict.fromkeys(("p10", "p50", "p90"), np.nan),
        "verdict": VERDICTS[2],
    }
    if row.measure is None:
        return nothing | {"reason": row.reason}
    if row.measure not in _MEASURED:
        known = ", ".join(_MEASURED)
        message = f"scorecard.csv, {row.claim}: measure is {row.measure!r}; "
        raise ValueError(message + f"expected one of {known}")
    counted = _MEASURED[row.measure]
    needs_country = row.measure in {*COUNTRY_MEASURES, "operation_deaths"}
    if needs_country and not run.has_country:
        return nothing | {"reason": "the run does not follow armed groups"}
    day = pd.DatetimeIndex(run.daily["day"].to_numpy())
    start, end = max(window[0], day[0]), min(window[1], day[-1])
    if start > end:
        return nothing | {"reason": "the run does not reach these days"}
    share = days_between(start, end) / days_between(*window)
    values = counted.measure(run, start, end, row.argument or "")
    values = values[np.isfinite(values)]
    if values.size == 0:
        return nothing | {"reason": "it never happens in the run"}
    scale = (1.0 if pd.isna(row.factor) else row.factor) / (
        share if counted.is_sum else 1.0
    )
    low, middle, high = (
        float(scale * value) for value in np.quantile(values, (0.1, 0.5, 0.9))
    )
    least, most = _reported(claim)
    is_inside = least <= high and low <= most
    return {
        "title": counted.title,
        "pro_rata": share,
        "p10": low,
        "p50": middle,
        "p90": high,
        "verdict": VERDICTS[0] if is_inside else VERDICTS[1],
        "reason": None,
    }


def _reported(claim: pd.Series[Any]) -> tuple[float, float]:
    """Give the reported range; a low end without a high one means "at least"."""
    ends = [float(claim[name]) for name in ("low", "value", "high")]
    known = [end for end in ends if not np.isnan(end)]
    is_open = not np.isnan(ends[0]) and np.isnan(ends[2]) and ends[1] == ends[0]
    return min(known), np.inf if is_open else max(known)
