"""A hazard in discrete time: the chance of an event in a month from a log-linear rate.

The rate per year of row i is exp(x_i'b); its chance of an event in t_i years at risk is
1 - exp(-t_i exp(x_i'b)). Newton steps with the expected information find the b that
maximises the likelihood less half the ridge times the squared coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

MOST_STEPS = 50
TOLERANCE = 1e-10
"""A Newton step this short changes no printed digit."""


class NoConvergenceError(RuntimeError):
    """The Newton steps did not settle."""


@dataclass(frozen=True)
class Fit:
    """Coefficients of a log rate per year with their covariance."""

    names: tuple[str, ...]
    value: np.ndarray
    covariance: np.ndarray
    clustered: np.ndarray
    rows: int
    events: int

    def rate(self, table: pd.DataFrame) -> np.ndarray:
        """Give the rate of each row [1/year].

        Parameters
        ----------
        table
            Leader-months.

        Returns
        -------
        numpy.ndarray
            Rate [1/year].
        """
        return np.exp(design(table, self.names) @ self.value)

    def chance(self, table: pd.DataFrame) -> np.ndarray:
        """Give each row's chance of an event in its time at risk.

        Parameters
        ----------
        table
            Leader-months.

        Returns
        -------
        numpy.ndarray
            Chance per row.
        """
        return -np.expm1(-self.rate(table) * table["risk_years"].to_numpy())


def design(table: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Lay out the covariates of a log rate.

    Parameters
    ----------
    table
        Leader-months.
    names
        Columns of the table, besides `intercept` and `log1p_...` of a column.

    Returns
    -------
    numpy.ndarray
        Rows by names.
    """
    columns = []
    for name in names:
        if name == "intercept":
            columns.append(np.ones(len(table)))
        elif name.startswith("log1p_"):
            columns.append(np.log1p(table[name.removeprefix("log1p_")].to_numpy()))
        else:
            columns.append(table[name].to_numpy(dtype=float))
    return np.column_stack(columns)


def fit(
    table: pd.DataFrame, event: str, names: Sequence[str], ridge: float = 0.0
) -> Fit:
    """Fit a log rate to events by maximum (penalised) likelihood.

    Parameters
    ----------
    table
        Leader-months with `risk_years` and `country`.
    event
        Column that tells whether the event happened in the row.
    names
        Covariates, the intercept first.
    ridge
        Weight of the squared coefficients; the intercept is left free.

    Returns
    -------
    Fit
        Coefficients, their covariance from the expected information, and the one that
        holds when rows of one country are not independent.

    Raises
    ------
    NoConvergenceError
        If the steps do not settle.
    """
    x = design(table, names)
    happened = table[event].to_numpy(dtype=float)
    time = table["risk_years"].to_numpy()
    penalty = np.full(len(names), ridge)
    penalty[0] = 0.0
    value = np.zeros(len(names))
    value[0] = np.log(happened.sum() / time.sum())
    for _ in range(MOST_STEPS):
        slope, weight = _slope_and_weight(x @ value, happened, time)
        inverse = np.linalg.inv((x.T * weight) @ x + np.diag(penalty))
        step = inverse @ (x.T @ slope - penalty * value)
        # a long first step can overshoot where events are few
        value = value + step * 2.0 / max(2.0, np.abs(step).max())
        if np.abs(step).max() < TOLERANCE:
            break
    else:
        message = f"{event}: no convergence in {MOST_STEPS} steps"
        raise NoConvergenceError(message)
    clustered = _clustered(inverse, x * slope[:, np.newaxis], table["country"])
    events = int(happened.sum())
    return Fit(tuple(names), value, inverse, clustered, len(table), events)


def _slope_and_weight(
    log_rate: np.ndarray, happened: np.ndarray, time: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Differentiate the log likelihood by the log rate; the weight is its information.

    With m = rate x time, an event adds m / (e^m - 1) and its absence -m.
    """
    mean = np.exp(log_rate) * time
    odds = mean / np.expm1(mean)
    return happened * odds - (1.0 - happened) * mean, odds * mean


def _clustered(
    inverse: np.ndarray, slopes: np.ndarray, country: pd.Series
) -> np.ndarray:
    """Widen the covariance by what rows of one country have in common."""
    codes, members = np.unique(country.to_numpy(), return_inverse=True)
    sums = np.zeros((len(codes), slopes.shape[1]))
    np.add.at(sums, members, slopes)
    few = len(codes) / (len(codes) - 1)
    return few * inverse @ (sums.T @ sums) @ inverse


def log_score(chance: np.ndarray, happened: np.ndarray) -> float:
    """Average the negative log of the chance given to what happened.

    Parameters
    ----------
    chance
        Chance of the event.
    happened
        Whether it happened.

    Returns
    -------
    float
        Mean log score [nats per row]; smaller is better.
    """
    told = np.where(happened, chance, 1.0 - chance)
    return float(-np.log(told).mean())
