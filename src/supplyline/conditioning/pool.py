"""Pools: members simulated to be conditioned on, with what is kept of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.forecast_series import forecast_values
from supplyline.conditioning.facts import fact_values
from supplyline.engine.summaries import simulate_summaries

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.engine.executors import Executor
    from supplyline.engine.summaries import Summaries
    from supplyline.runs import Lineage

    Floats = NDArray[np.float64]
    Progress = Callable[[int, int], None]


class Setting(NamedTuple):
    """What all pools of a conditioning have in common."""

    case: Case
    facts: pd.DataFrame
    origin: date
    """Day of the forecast: the facts are no later."""
    days: int
    """Days after the cut-off."""
    seed: int
    executor: Executor | None
    progress: Progress | None


@dataclass(frozen=True, eq=False)
class Pool:
    """Members, with what reports would say of them and what became of them."""

    reports: pd.DataFrame
    """A column for each fact."""
    forecasts: pd.DataFrame
    """A column for each series, label and date."""
    drawn: pd.DataFrame
    """Parameters, and what else is drawn once for a member, where members differ."""
    params: tuple[str, ...]
    """Those of the columns of `drawn` that are parameters."""
    ancestors: NDArray[np.int64]
    """Which members share a past: those with the same number."""
    lineage: Lineage | None
    """None where each lives on its own luck."""

    @property
    def members(self) -> int:
        """Count the members."""
        return len(self.reports)


def simulate_pool(setting: Setting, members: int) -> Pool:
    """Simulate members of the prior."""
    summaries = _simulate(setting, members, None)
    reports, forecasts = _values(summaries)
    params, latent = (_varied(frame) for frame in (summaries.params, summaries.latent))
    return Pool(
        reports,
        forecasts,
        pd.concat([params, latent], axis="columns").astype(np.float32),
        tuple(map(str, params.columns)),
        np.arange(members),
        None,
    )


def simulate_stage(
    setting: Setting, before: Pool, chosen: NDArray[np.int64], lineage: Lineage
) -> Pool:
    """Simulate chosen members of a pool that live on from a refresh."""
    summaries = _simulate(setting, None, lineage)
    reports, forecasts = _values(summaries)
    # what was reported before the refresh is past: moved parameters do not change it
    last = setting.case.config.start + timedelta(lineage.stretches[-1].first_day - 1)
    past = setting.facts.index[setting.facts["end"] <= pd.Timestamp(last)]
    reports[past] = before.reports[past].to_numpy()[chosen]
    drawn = pd.concat([summaries.params, summaries.latent], axis="columns")
    return Pool(
        reports,
        forecasts,
        drawn[before.drawn.columns].astype(np.float32),
        before.params,
        before.ancestors[chosen],
        lineage,
    )


def _simulate(
    setting: Setting, members: int | None, lineage: Lineage | None
) -> Summaries:
    """Simulate members, and keep what is asked of them."""
    return simulate_summaries(
        setting.case,
        {
            "reports": partial(fact_values, facts=setting.facts),
            "forecasts": partial(forecast_values, origin=setting.origin),
        },
        members=members,
        seed=setting.seed,
        days=setting.days,
        lineage=lineage,
        executor=setting.executor,
        progress=setting.progress,
    )


def _values(summaries: Summaries) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the reports and the forecasts of members."""
    values = summaries.values  # noqa: PD011 - of summaries, and not of pandas
    return values["reports"], values["forecasts"]


def _varied(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the columns in which members do not differ."""
    values = frame.to_numpy(np.float64)
    is_varied = values.min(axis=0) < values.max(axis=0)
    return pd.DataFrame(frame[frame.columns[is_varied]])
