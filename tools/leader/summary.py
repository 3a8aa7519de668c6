"""What is kept of the fit: coefficients, base rates, the reference class."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from leader import hazard
from leader.blind import ATTEMPT, FIT_FROM, RIDGE, TEST_TO, fit_attempts, success_share
from leader.exits import LAST_YEAR
from leader.months import DAYS_A_YEAR, SINCE_CAP_YEARS, TREND_FROM, WAR_DEATHS

if TYPE_CHECKING:
    from collections.abc import Mapping

OTHER: Final = {
    "forced": ("intercept", "log1p_tenure_years", "war"),
    "capture": ("intercept", "war"),
    "natural": ("intercept", "age_decades_over_60"),
}
"""Few events allow few covariates; death comes with age, not with time in office."""
KEEP_DAYS: Final = 180
CALM_EDGES_YEARS: Final = (0, 1, 2, 3, 5, 10, 20, SINCE_CAP_YEARS + 1)
DIGITS: Final = 9
OTHER_TEST_FROM: Final = 2011

DEFINITIONS: Final = {
    "log1p_since_years": "log(1 + years since the country's last coup attempt), the "
    f"years at most {SINCE_CAP_YEARS:g}; that many where none is on record since 1945",
    "no_past_attempt": "1 if no coup attempt is on record since 1945, else 0",
    "log1p_tenure_years": "log(1 + years since the leader took office)",
    "war": f"1 if UCDP counts {WAR_DEATHS} or more battle deaths of state-based "
    "conflict in the country in the calendar year before, else 0",
    "africa": "1 if the country is in Africa (Correlates of War 402-626 and 651)",
    "decades": f"(year - {TREND_FROM}) / 10, held at the last year of the fit",
    "age_decades_over_60": "(calendar year - year of birth - 60) / 10",
}
SOURCES: Final = (
    (
        "Bell, Besaw & Frank (2021), Rulers, Elections and Irregular Governance "
        "(REIGN), One Earth Future, release of March 2021, leaders to 2017-12"
    ),
    (
        "Powell & Thyne (2011), Journal of Peace Research 48(2), list V2019.04.22, "
        "attempts to 2017-12; country-years 1945-1949 from the Early Warning Project"
    ),
    (
        "Goemans, Gleditsch & Chiozza (2009), Journal of Peace Research 46(2), "
        "Archigos 4.1, exits to 2015-12"
    ),
    (
        "Davies, Pettersson, Sollenberg & Oeberg (2025), Journal of Peace Research, "
        "UCDP Organized Violence country-year 25.1 (CC BY 4.0), deaths to 2016"
    ),
    (
        "Beger (2020), yearly coup forecasts 2011-2017, "
        "github.com/andybega/forecaster2 (CC BY 4.0), for comparison only"
    ),
)


def fit_others(months: pd.DataFrame, last_year: int) -> dict[str, hazard.Fit]:
    """Fit the rates of the other ways out.

    Parameters
    ----------
    months
        Leader-months of Archigos.
    last_year
        Last year of the fit.

    Returns
    -------
    dict of str to hazard.Fit
        Coefficients by kind.
    """
    seen = months[months["year"].between(FIT_FROM, last_year)]
    return {kind: hazard.fit(seen, kind, x, RIDGE) for kind, x in OTHER.items()}


def coefficients(model: hazard.Fit) -> dict[str, object]:
    """Write out a fit.

    Parameters
    ----------
    model
        Coefficients.

    Returns
    -------
    dict
        Names, values, standard errors and covariance.
    """
    clustered = np.sqrt(np.diag(model.clustered))
    alone = np.sqrt(np.diag(model.covariance))
    return {
        "leader_months": model.rows,
        "events": model.events,
        "names": list(model.names),
        "value": _rounded(model.value),
        "standard_error": _rounded(clustered),
        "standard_error_if_independent": _rounded(alone),
        "covariance": [_rounded(row) for row in model.clustered],
    }


def base_rates(months: pd.DataFrame) -> list[dict[str, float | int | str]]:
    """Count attempts in Africa by the years since the last one.

    Parameters
    ----------
    months
        Leader-months.

    Returns
    -------
    list of dict
        A row per class of years.
    """
    seen = months["year"].between(FIT_FROM, TEST_TO) & (months["africa"] == 1)
    africa = months[seen]
    edges = list(CALM_EDGES_YEARS)
    labels = [f"{low:g}-{high:g}" for low, high in itertools.pairwise(edges)]
    labels[-1] = f"{edges[-2]:g} or more"
    kind = pd.cut(africa["since_years"], edges, labels=labels, right=False)
    kind = kind.astype(str).mask(africa["no_past_attempt"] == 1, "none on record")
    rows: list[dict[str, float | int | str]] = []
    for label in (*labels, "none on record"):
        part = africa[kind == label]
        years = float(part["risk_years"].sum())
        attempts, successes = int(part["attempt"].sum()), int(part["success"].sum())
        rows.append(
            {
                "years_since_attempt": label,
                "leader_years": round(years, 1),
                "attempts": attempts,
                "successes": successes,
                "attempts_per_year": round(attempts / years, 4),
                "successes_per_year": round(successes / years, 4),
            }
        )
    return rows


def keep_chances(
    months: pd.DataFrame,
    attempts: hazard.Fit,
    others: Mapping[str, hazard.Fit],
    share: float,
) -> np.ndarray:
    """Give each leader-month's chance that the leader keeps power for 180 days.

    Parameters
    ----------
    months
        Leader-months.
    attempts
        Rate of attempts.
    others
        Rates of the other ways out.
    share
        Share of attempts that succeed.

    Returns
    -------
    numpy.ndarray
        Chance per row, the rates held for 180 days.
    """
    aged = months.assign(age_decades_over_60=(months["age_years"] - 60) / 10)
    rate = attempts.rate(aged) * share
    for model in others.values():
        rate = rate + model.rate(aged)
    return np.exp(-rate * KEEP_DAYS / DAYS_A_YEAR)


def expected_and_observed(exits: pd.DataFrame) -> dict[str, list[float]]:
    """Set the other ways out of the years after 2010 against a fit to those before.

    Parameters
    ----------
    exits
        Leader-months of Archigos.

    Returns
    -------
    dict of str to list of float
        Expected and observed number by kind.
    """
    later = exits[exits["year"] >= OTHER_TEST_FROM]
    return {
        kind: [round(float(model.chance(later).sum()), 2), int(later[kind].sum())]
        for kind, model in fit_others(exits, OTHER_TEST_FROM - 1).items()
    }


def summary(months: pd.DataFrame, exits: pd.DataFrame) -> dict[str, object]:
    """Collect what the package and its pages use, but for the scores.

    Parameters
    ----------
    months
        Leader-months of REIGN.
    exits
        Leader-months of Archigos.

    Returns
    -------
    dict
        Ready for JSON.
    """
    attempts = fit_attempts(months, TEST_TO)
    others = fit_others(exits, LAST_YEAR)
    share, successes, tried = success_share(months, TEST_TO)
    kept = keep_chances(
        months[months["year"].between(FIT_FROM, TEST_TO)], attempts, others, share
    )
    quantiles = np.quantile(kept, np.linspace(0, 1, 101))
    used = {name for names in (ATTEMPT, *OTHER.values()) for name in names}
    return {
        "title": "Base hazard of a leader losing power, all countries",
        "form": "rate per year = exp(sum of value x covariate); intercept is 1",
        "fit_window": {
            "attempt": f"{FIT_FROM}-01 to {TEST_TO}-12",
            "other": f"{FIT_FROM}-01 to {LAST_YEAR}-12",
        },
        "ridge": RIDGE,
        "decades_held": (TEST_TO - TREND_FROM) / 10,
        "since_cap_years": SINCE_CAP_YEARS,
        "definitions": {k: v for k, v in DEFINITIONS.items() if k in used},
        "kinds": {
            "attempt": coefficients(attempts),
            **{kind: coefficients(model) for kind, model in others.items()},
        },
        "success": {
            "share": round(share, DIGITS),
            "successes": successes,
            "attempts": tried,
        },
        "base_rates_africa": base_rates(months),
        "others_2011_2015_expected_observed": expected_and_observed(exits),
        "keep_days": KEEP_DAYS,
        "reference_leader_months": len(kept),
        "reference_quantiles": _rounded(quantiles),
        "sources": list(SOURCES),
    }


def _rounded(values: np.ndarray) -> list[float]:
    """Round to digits that a rerun on another machine repeats."""
    return [round(float(value), DIGITS) for value in values]
