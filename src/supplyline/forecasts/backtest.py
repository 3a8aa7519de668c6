"""Backtest: forecasts from several origins, each of the case as it was known then.

docs/model/scores.md, Backtest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.conditioning.condition import condition
from supplyline.conditioning.facts import read_facts
from supplyline.engine.simulate import simulate
from supplyline.errors import refuse_other
from supplyline.forecasts.bootstrap import Skill, hardest, skill
from supplyline.forecasts.mixture import learned_shares, pooled_crps
from supplyline.forecasts.score import facts_after, score_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from supplyline.case.case import Case
    from supplyline.engine.executors import Executor
    from supplyline.runs import Run

    Forecaster = Callable[[Case, pd.Timestamp], Run]

TABLE_COLUMNS: Final = (
    "forecast", "against", "facts", "origins", "score", "rival_score", "skill", "low",
    "high",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts from several origins, scored.

    Attributes
    ----------
    case : str
        Name of the case.
    origins : tuple of pandas.Timestamp
        Days on which the forecasts were made.
    rows : pandas.DataFrame
        The rows of `score`, with the ``origin`` first.
    pairs : pandas.DataFrame
        One row for each origin, fact and rival: ``crps`` and ``rival_crps`` over the
        size of earlier values, ``distance`` of the two ensembles, ``lead`` in weeks,
        the day from which the outcome is ``known``, and ``mixture``, the CRPS of the
        mixture that past forecasts told to make on that origin.
    """

    case: str
    origins: tuple[pd.Timestamp, ...]
    rows: pd.DataFrame
    pairs: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Compare the model, and its mixture, with each rival.

        Returns
        -------
        pandas.DataFrame
            One row for each ``forecast`` (model, mixture) and rival (``against``): the
            number of ``facts`` and ``origins`` that both forecast, the mean ``score``
            and ``rival_score`` (CRPS, or Brier, over the size of earlier values), the
            ``skill`` with the ``low`` and ``high`` end of its 90 % interval.
        """
        lines = []
        for forecast, column in (("model", "crps"), ("mixture", "mixture")):
            known = self.pairs.dropna(subset=[column, "rival_crps"])
            for rival, part in known.groupby("rival", sort=False):
                told = _skill(part, column, f"{forecast}/{rival}")
                means = part[column].mean(), part["rival_crps"].mean()
                lines.append((forecast, rival, len(part), told.origins, *means, *told))
        columns = [*TABLE_COLUMNS, "of"]
        return pd.DataFrame(lines, columns=columns).drop(columns="of")

    def verdict(self) -> str:
        """Say whether anything beats the simple forecasts.

        Returns
        -------
        str
            One sentence.
        """
        line = hardest(self.table())
        if line is None:
            return "No fact has a past from which a rival could forecast it."
        best, rival, over = line.forecast, line.against, _over(line)
        if line.skill <= 0:
            return f"Nothing beats the {rival} here ({over})."
        if line.low > 0:
            least = f"the {rival} by the least ({over})"
            return f"The {best} beats every rival here, {least}."
        return f"The {best} scores best here, but not surely so: the {rival} ({over})."


def backtest(
    case: Case,
    origins: Iterable[date | str] | None = None,
    forecaster: Forecaster | None = None,
    *,
    members: int = 2000,
    seed: int = 1,
    executor: Executor | None = None,
) -> Backtest:
    """Forecast a case from several origins and score every fact that came after.

    Parameters
    ----------
    case : Case
        The case, with its facts.
    origins : iterable of date or str, optional
        Days on which a forecast is made; else the ends of months with facts before and
        after them.
    forecaster : callable, optional
        Gives the run of a case as it was known on an origin, called with the two; else
        the prior is simulated.
    members, seed, executor
        Of the runs of the prior; see `simulate`.

    Returns
    -------
    Backtest
        The scores.

    Raises
    ------
    ValueError
        If an origin is not within the case, or has no fact after it.
    """
    refuse_other("case", case, "Case", "load_case")
    facts = read_facts(case)
    days = _origins(case, facts, origins)
    last = facts["end"].max()

    def prior(known: Case, origin: pd.Timestamp) -> Run:
        # a week more, so that the last that a fact asks for is whole
        ahead = (last - origin).days + 7
        return simulate(
            known, days=ahead, members=members, seed=seed, executor=executor
        )

    make = prior if forecaster is None else forecaster
    scored = [score_facts(make(case.known_by(day.date()), day), facts) for day in days]
    rows = _with_origins(days, [each.rows for each in scored])
    pairs = _with_origins(days, [each.pairs for each in scored])
    return Backtest(case.name, tuple(days), rows, mixed(pairs))


def conditioned_on_facts(
    case: Case,
    pool: int,
    *,
    members: int = 2000,
    seed: int = 1,
    executor: Executor | None = None,
) -> Forecaster:
    """Give what forecasts the case from an origin, conditioned on the facts by then.

    Parameters
    ----------
    case : Case
        The case, with its facts.
    pool : int
        Members simulated on each origin; see `condition`.
    members, seed, executor
        See `condition`.

    Returns
    -------
    callable
        The ``forecaster`` of `backtest`.
    """
    last = read_facts(case)["end"].max()

    def forecaster(known: Case, origin: pd.Timestamp) -> Run:
        days = (last - origin).days + 7
        made = condition(
            known, pool=pool, members=members, seed=seed, days=days, executor=executor
        )
        return made.simulate(days=days, executor=executor)

    return forecaster


def _over(line: Any) -> str:  # noqa: ANN401 - a row of a table
    """Say what a skill is, and what it rests on."""
    rests = f"facts: {line.facts}, origins: {line.origins}"
    if np.isnan(line.low):
        return f"skill {line.skill:.2f}; {rests}, too few for an interval"
    return f"skill {line.skill:.2f}, 90 % {line.low:.2f} to {line.high:.2f}; {rests}"


def _with_origins(days: list[pd.Timestamp], parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Join the tables of all origins, each row with its own."""
    for day, part in zip(days, parts, strict=True):
        part.insert(0, "origin", day)
    return pd.concat(parts, ignore_index=True)


def mixed(pairs: pd.DataFrame) -> pd.DataFrame:
    """Add the CRPS of the mixture that was learned by each origin."""
    mixture = pd.Series(np.nan, index=pairs.index)
    for origin, part in pairs.groupby("origin"):
        for lead, share in learned_shares(pairs, pd.Timestamp(str(origin))).items():
            mine = part[(part["lead"] == lead) & (part["rival"] == share.rival)]
            pooled = pooled_crps(mine, share.weight).set_axis(mine["fact"])
            is_told = (pairs["origin"] == origin) & (pairs["lead"] == lead)
            mixture[is_told] = pairs.loc[is_told, "fact"].map(pooled)
    return pairs.assign(mixture=mixture)


def _origins(
    case: Case, facts: pd.DataFrame, given: Iterable[date | str] | None
) -> list[pd.Timestamp]:
    """Give the origins in the order of time, or refuse those that cannot be."""
    start, end = pd.Timestamp(case.config.start), pd.Timestamp(case.config.cutoff)
    if given is None:
        months = pd.date_range(start, end, freq="ME")
        days = [
            day
            for day in months
            if (facts["end"] <= day).any() and len(facts_after(case, facts, day))
        ]
        if not days:
            message = f"{case.name} has no end of a month with facts before and after"
            raise ValueError(message)
        return days
    days = sorted({pd.Timestamp(day) for day in given})
    for day in days:
        if not start <= day <= end or not len(facts_after(case, facts, day)):
            message = (
                f"origin is {day:%Y-%m-%d}; expected a day from {start:%Y-%m-%d} to "
                f"{end:%Y-%m-%d} with a fact after it, the last of which ends on "
                f"{facts['end'].max():%Y-%m-%d}"
            )
            raise ValueError(message)
    return days


def _skill(part: pd.DataFrame, column: str, name: str) -> Skill:
    """Tell the skill over origins, whose forecasts overlap over the mean lead."""
    own, other = (
        part.pivot_table(values, "origin", "fact", sort=True).to_numpy()
        for values in (column, "rival_crps")
    )
    return skill(own, other, name=name, overlap=_overlap(part))


def _overlap(part: pd.DataFrame) -> int:
    """Count the origins within the mean lead."""
    days = pd.DatetimeIndex(part["origin"].unique()).sort_values()
    if len(days) < 2:
        return 1
    spacing = (days[-1] - days[0]).days / (len(days) - 1)
    return int(np.ceil(7 * float(part["lead"].mean()) / spacing))
