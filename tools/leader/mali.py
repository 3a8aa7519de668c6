"""How firm the hold of Mali's leader was, month by month, by the base covariates alone.

    python tools/leader/mali.py

Two forms of his time in office: from the first coup, or from the second, in which he
took the presidency himself. Covariates are those known when the month began; nothing
later than 2025-12 enters, and the fit ends in 2017-12.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from supplyline.case.leader_hazard import DAYS_A_YEAR, LeaderHazard, leader_hazard

FIRST_COUP, SECOND_COUP = pd.Timestamp("2020-08-18"), pd.Timestamp("2021-05-24")
"""Claim F0020 counts the two and the actor table has their months; days are common
knowledge, as the lists of leaders and coups read here end in 2017."""
BORN_YEAR = 1983
"""Year of birth of General Goita, as commonly given; death of age stays rare."""
LAST_MONTH = "2025-12"
WAR = 1.0
"""UCDP: over 25 battle deaths in every year from 2012 to 2023; 2024 taken as such."""


def history(hazard: LeaderHazard, took_power: pd.Timestamp) -> pd.DataFrame:
    """Lay out rates, chance to keep power and heat at the start of each month.

    Parameters
    ----------
    hazard
        The fitted hazard.
    took_power
        Day from which time in office counts.

    Returns
    -------
    pandas.DataFrame
        A row per month.
    """
    months = pd.date_range(took_power + pd.offsets.MonthBegin(1), LAST_MONTH, freq="MS")
    last = np.where(months > SECOND_COUP, SECOND_COUP, FIRST_COUP)
    since = (months - pd.DatetimeIndex(last)).days.to_numpy() / DAYS_A_YEAR
    tenure = (months - took_power).days.to_numpy() / DAYS_A_YEAR
    known = {
        "war": WAR,
        "africa": 1.0,
        "no_past_attempt": 0.0,
        "age_years": months.year.to_numpy() - BORN_YEAR,
    }
    kept = hazard.keep_chance(since, tenure, known)
    return pd.DataFrame(
        {
            "month": months.strftime("%Y-%m"),
            "since_years": since,
            "tenure_years": tenure,
            "attempt_rate": hazard.attempt_rate(since, tenure, known),
            **hazard.other_rates(tenure, known),
            "keep_chance": kept,
            "heat": hazard.percentile(kept),
        }
    )


if __name__ == "__main__":
    fitted = leader_hazard()
    for began in (FIRST_COUP, SECOND_COUP):
        print(f"time in office from {began:%Y-%m-%d}")
        print(history(fitted, began).round(4).to_string(index=False))
