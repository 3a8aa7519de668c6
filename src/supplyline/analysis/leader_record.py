"""The leader's record: his heat since he took power, and how near he is to his aims."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import rows_of, values_of
from supplyline.analysis.members import basis_of, median_of, number_of
from supplyline.case.frames import rows
from supplyline.case.leader_hazard import DAYS_A_YEAR, leader_hazard

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.quantities import Quantity
    from supplyline.runs import Run

    Floats = NDArray[np.float64]
    Days = NDArray[np.datetime64]

ATTEMPTS: Final = ("coup", "failed_coup")
"""Kinds of fact that are an attempted coup; a plot that was stopped is none."""
_OTHERS: Final = (
    "forced_exit_per_year", "capture_per_year", "natural_exit_per_year",
)  # fmt: skip
_RATES: Final = (
    "attempt_per_year", "attempt_since_exponent", "attempt_tenure_exponent",
    "coup_success_probability", *_OTHERS,
)  # fmt: skip
"""Parameters of the base rates: of attempts, and of other ends."""
MEAN_DAYS: Final = 30
"""Days that a series is averaged over where it shows an aim [days]."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What the leader says he wants, and how near he is to it."""

    aim: str
    title: str
    series: str
    better: str
    now: Quantity
    before: Quantity
    ahead: Quantity
    is_nearer_now: bool | None
    is_nearer_ahead: bool | None
    source: str


def aims_of(run: Run, now: int, back: int) -> tuple[Aim, ...]:
    """Tell how near the leader is to each aim."""
    ends, aims = (now, now - back, run.daily.sizes["day"] - 1), []
    [means] = rows_of(run, lambda part: _means_up_to(part, ends))
    for row in rows(run.case.aims):
        unit = str(run.daily[row.series].attrs["units"])
        here, before, ahead = (
            median_of(means[row.series, end], unit, basis_of(run)) for end in ends
        )
        if here is None or before is None or ahead is None:
            continue
        aims.append(
            Aim(
                row.aim,
                row.title,
                row.series,
                row.better,
                here,
                before,
                ahead,
                _is_nearer(before, here, row.better),
                _is_nearer(here, ahead, row.better),
                row.source,
            )
        )
    return tuple(aims)


def _means_up_to(run: Run, ends: Iterable[int]) -> Rows:
    """Average the series of all aims over the days up to each end."""
    means: Rows = {}
    for series, end in product(set(run.case.aims["series"]), ends):
        days = slice(max(end - MEAN_DAYS + 1, 0), end + 1)
        window = values_of(run.daily, series)[:, days]
        means[series, end] = window.mean(axis=1, dtype=np.float64)
    return means


def _is_nearer(before: Quantity, after: Quantity, better: str) -> bool | None:
    """Tell whether a change serves an aim."""
    one, other = number_of(before), number_of(after)
    if one == other:
        return None
    return (other > one) == (better == "higher")


def history_of(run: Run, heat: xr.DataArray) -> pd.DataFrame:
    """Give the heat of the leader's whole rule by month."""
    facts = run.case.leader.sort_values("date", kind="stable")
    power = facts.loc[facts["kind"] == "took_power", "date"]
    if power.empty:
        message = f"leader.csv of case {run.case.name} has no row of kind took_power"
        raise ValueError(message)
    start, cutoff = pd.Timestamp(power.iloc[0]), pd.Timestamp(run.manifest.cutoff)
    months = pd.period_range(start, cutoff, freq="M")
    # a month is told at its end, the last one at the cut-off
    ends = np.minimum(
        months.to_timestamp(how="end").normalize().to_numpy(), cutoff.to_datetime64()
    )
    tenure = (ends - start.to_datetime64()) / np.timedelta64(1, "D") / DAYS_A_YEAR
    since = _years_since_attempt(facts, ends)
    [rates] = rows_of(run, _rates)
    s6 = base_keep_chance(pd.DataFrame(rates), since, tenure)
    return pd.DataFrame(
        {
            "month": months.to_timestamp(),
            "heat": leader_hazard().percentile(s6),
            "s6": s6,
            "years_in_power": tenure,
            "years_since_attempt": since,
            "run_heat": _monthly(heat, months),
            "facts": _facts_of(facts, months),
        }
    )


def _years_since_attempt(facts: pd.DataFrame, ends: Days) -> Floats:
    """Count the years since the last attempt dated up to each day.

    Where none is on record the calm is as long as the longest that counts.
    """
    attempts = facts.loc[facts["kind"].isin(ATTEMPTS), "date"].to_numpy()
    known = np.searchsorted(attempts, ends.astype(attempts.dtype), side="right")
    years = np.full(len(ends), leader_hazard().since_cap_years)
    is_known = known > 0
    calm = ends[is_known] - attempts[known[is_known] - 1]
    years[is_known] = calm / np.timedelta64(1, "D") / DAYS_A_YEAR
    return years


def _rates(run: Run) -> Rows:
    """Read the parameters behind the base rates."""
    params = run.params
    return {name: params[name].to_numpy(np.float64) for name in _RATES}


def base_keep_chance(params: pd.DataFrame, since: Floats, tenure: Floats) -> Floats:
    """Give the chance to keep power by the base rates alone [1]."""
    middle = params.median()
    attempts = (
        middle["attempt_per_year"]
        * (1 + since) ** -middle["attempt_since_exponent"]
        * (1 + tenure) ** -middle["attempt_tenure_exponent"]
    )
    rate = attempts * middle["coup_success_probability"] + middle[list(_OTHERS)].sum()
    return np.asarray(np.exp(-rate * leader_hazard().keep_days / DAYS_A_YEAR))


def _monthly(heat: xr.DataArray, months: pd.PeriodIndex) -> Floats:
    """Average the run's heat over each month, up to the cut-off."""
    days = pd.DatetimeIndex(heat["day"].to_numpy())
    past = heat["part"].to_numpy() == "past"
    series = pd.Series(heat.to_numpy()[past], index=days[past].to_period("M"))
    means = series.groupby(level=0).mean().reindex(months)
    return means.to_numpy(np.float64)


def _facts_of(facts: pd.DataFrame, months: pd.PeriodIndex) -> list[str]:
    """Name the facts of each month."""
    titles = facts.groupby(facts["date"].dt.to_period("M"))["title"].agg("; ".join)
    return [str(titles.get(month, "")) for month in months]
