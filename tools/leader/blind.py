"""The test in years the fit has not seen, beside the published forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from leader import hazard
from leader.months import SINCE_CAP_YEARS, TREND_FROM
from leader.score import DRAWS, with_intervals

if TYPE_CHECKING:
    from pathlib import Path

FIT_FROM: Final = 1990
TEST_FROM: Final = 2011
TEST_TO: Final = 2017
ATTEMPT: Final = (
    "intercept",
    "log1p_since_years",
    "no_past_attempt",
    "log1p_tenure_years",
    "war",
    "africa",
    "decades",
)
"""Chosen on the years to 2010 alone (choice.py).

Without war it scores as well; a case at war must be told from one at peace.
"""
RIDGE: Final = 1.0
"""A coefficient of 1, a ratio of 2.7, is one standard deviation before any data."""
TENURE_EDGES_YEARS: Final = (0.0, 1.0, 2.0, 5.0, 10.0, np.inf)
MONTHS: Final = 12
JEFFREYS: Final = 0.5
"""What is added to both counts of a share."""

Tables = dict[str, dict[str, dict[str, list[float]]]]
"""Score with its interval, by name, forecaster and kind of row."""


def window(months: pd.DataFrame, last_year: int) -> pd.DataFrame:
    """Keep the rows a fit may see.

    Parameters
    ----------
    months
        Leader-months.
    last_year
        Last year of the fit.

    Returns
    -------
    pandas.DataFrame
        Rows of the window.
    """
    return months[months["year"].between(FIT_FROM, last_year)]


def held(table: pd.DataFrame, last_year: int) -> pd.DataFrame:
    """Hold the trend at the last year of the fit, as the fall may have ended.

    Parameters
    ----------
    table
        Leader-months.
    last_year
        Last year of the fit.

    Returns
    -------
    pandas.DataFrame
        Rows with `decades` no more than at that year.
    """
    most = (last_year - TREND_FROM) / 10
    return table.assign(decades=table["decades"].clip(upper=most))


def fit_attempts(months: pd.DataFrame, last_year: int) -> hazard.Fit:
    """Fit the rate of attempts to the years up to one.

    Parameters
    ----------
    months
        Leader-months.
    last_year
        Last year of the fit.

    Returns
    -------
    hazard.Fit
        Coefficients.
    """
    return hazard.fit(window(months, last_year), "attempt", ATTEMPT, RIDGE)


def success_share(months: pd.DataFrame, last_year: int) -> tuple[float, int, int]:
    """Count how often an attempt succeeds.

    Parameters
    ----------
    months
        Leader-months.
    last_year
        Last year of the fit.

    Returns
    -------
    tuple of float, int and int
        Share under Jeffreys' prior, leader-months with a success, with an attempt.
    """
    seen = window(months, last_year)
    successes, attempts = int(seen["success"].sum()), int(seen["attempt"].sum())
    return (successes + JEFFREYS) / (attempts + 2 * JEFFREYS), successes, attempts


def country_years(months: pd.DataFrame) -> pd.DataFrame:
    """Keep the leaders in office at the turn of each year, one a country.

    Parameters
    ----------
    months
        Leader-months.

    Returns
    -------
    pandas.DataFrame
        A row per country and year, with what was known when the year began.
    """
    began = pd.to_datetime(pd.DataFrame({"year": months["year"], "month": 1, "day": 1}))
    at_turn = (months["month"] == 1) & (months["origin"] < began)
    return months[at_turn].drop_duplicates(["country", "year"])


def year_ahead(model: hazard.Fit, rows: pd.DataFrame) -> np.ndarray:
    """Add up the rate over a year in which the leader stays and nobody tries.

    Parameters
    ----------
    model
        Coefficients.
    rows
        Country-years.

    Returns
    -------
    numpy.ndarray
        Expected number of attempts in the year.
    """
    total = np.zeros(len(rows))
    for month in range(MONTHS):
        later = month / MONTHS
        since = (rows["since_years"] + later).clip(upper=SINCE_CAP_YEARS)
        tenure = rows["tenure_years"] + later
        moved = rows.assign(since_years=since, tenure_years=tenure)
        total += model.rate(moved) / MONTHS
    return total


def tenure_base(months: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Give the past rate of attempts of leaders as long in office [1/year].

    Parameters
    ----------
    months
        Leader-months of the fit.
    rows
        Rows to be forecast.

    Returns
    -------
    numpy.ndarray
        Rate per row [1/year].
    """
    edges = list(TENURE_EDGES_YEARS)
    seen = pd.cut(months["tenure_years"], edges, labels=False)
    rate = (
        months.groupby(seen)["attempt"].sum() / months.groupby(seen)["risk_years"].sum()
    )
    return rate.to_numpy()[pd.cut(rows["tenure_years"], edges, labels=False)]


def month_scores(months: pd.DataFrame, draws: int = DRAWS) -> Tables:
    """Score the chance of an attempt in each leader-month of the test.

    Parameters
    ----------
    months
        Leader-months.
    draws
        Draws of the bootstrap.

    Returns
    -------
    dict
        Scores of this model and of the base rate.
    """
    last_year = TEST_FROM - 1
    test = held(months[months["year"].between(TEST_FROM, TEST_TO)], last_year)
    ours = fit_attempts(months, last_year).chance(test)
    rate = tenure_base(window(months, last_year), test)
    base = -np.expm1(-rate * test["risk_years"].to_numpy())
    happened = test["attempt"].to_numpy(dtype=float)
    country = test["country"].to_numpy()
    bases = {"tenure_base": base}
    return {
        "leader_months_attempt": {
            name: with_intervals(chance, happened, bases, country, draws)
            for name, chance in {"ours": ours, **bases}.items()
        }
    }


def year_forecasts(months: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Set this model's chances of the year beside the published ones.

    Parameters
    ----------
    months
        Leader-months.
    folder
        Folder of the open data.

    Returns
    -------
    pandas.DataFrame
        A row per published country-year with the chances of every forecaster.
    """
    years = country_years(months)
    parts = []
    for year in range(TEST_FROM, TEST_TO + 1):
        now = years[years["year"] == year]
        part = now[["gw", "country", "year"]].copy()
        for name, last_year in (("ours", TEST_FROM - 1), ("refitted", year - 1)):
            model = fit_attempts(months, last_year)
            expected = year_ahead(model, held(now, last_year))
            share = success_share(months, last_year)[0]
            part[f"{name}_attempt"] = -np.expm1(-expected)
            part[f"{name}_coup"] = -np.expm1(-expected * share)
        seen = window(months, TEST_FROM - 1)
        rate, share = tenure_base(seen, now), success_share(months, TEST_FROM - 1)[0]
        part["tenure_base_attempt"] = -np.expm1(-rate)
        part["tenure_base_coup"] = -np.expm1(-rate * share)
        parts.append(part)
    published = pd.read_csv(
        folder / "coup_forecasts_beger" / "fcasts_test_2011_2017.csv"
    )
    wide = published.pivot_table(
        index=["gwcode", "for_year"], columns="outcome", values=["p", "observed"]
    )
    wide.columns = [f"{'published' if a == 'p' else a}_{b}" for a, b in wide.columns]
    wide = wide.reset_index().rename(columns={"gwcode": "gw", "for_year": "year"})
    return wide.merge(pd.concat(parts), on=["gw", "year"], how="left")


def year_scores(forecasts: pd.DataFrame, draws: int = DRAWS) -> Tables:
    """Score all forecasters on the same country-years.

    Parameters
    ----------
    forecasts
        Country-years with the chances of every forecaster.
    draws
        Draws of the bootstrap.

    Returns
    -------
    dict
        Scores by outcome and forecaster.
    """
    whole = forecasts.dropna()
    made: Tables = {}
    for outcome in ("attempt", "coup"):
        happened = whole[f"observed_{outcome}"].to_numpy(dtype=float)
        bases = {"tenure_base": whole[f"tenure_base_{outcome}"].to_numpy()}
        made[f"country_years_{outcome}"] = {
            name: with_intervals(
                whole[f"{name}_{outcome}"].to_numpy(),
                happened,
                bases,
                whole["gw"].to_numpy(),
                draws,
            )
            for name in ("ours", "refitted", "published", "tenure_base")
        }
    return made
