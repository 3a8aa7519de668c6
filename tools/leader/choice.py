"""The choice of window, trend and covariates, on the years to 2010 alone.

    python tools/leader/choice.py [FOLDER]

Each form is fitted to the years before 1996, 1998, ... 2008 and scored on the five
years that follow; and to nine tenths of the countries, scored on the others.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tools"))

from leader import hazard  # noqa: E402 - found through the line above
from leader.blind import RIDGE, held  # noqa: E402
from leader.months import leader_months, read_records  # noqa: E402

OPEN_DATA = ROOT.parent / "shared" / "data" / "open"
LAST_YEAR = 2010
ORIGINS = range(1996, 2010, 2)
AHEAD_YEARS = 5
SCORED_FROM = 1990
FOLDS = 10
SEED = 2010
PER_MANY = 1_000
CALM = ("intercept", "log1p_since_years", "no_past_attempt", "log1p_tenure_years")
MORE = (
    (),
    ("africa",),
    ("war",),
    ("elected",),
    ("war", "africa"),
    ("elected", "africa"),
    ("elected", "war", "africa"),
    ("war", "africa", "came_by_coup"),
    ("war", "africa", "military_career"),
    ("war", "africa", "came_by_coup", "military_career"),
    ("elected", "war", "africa", "came_by_coup", "military_career"),
)
TRENDS = {
    1950: ((), ("before_1990",), ("before_1990", "decades")),
    1970: ((), ("before_1990",), ("before_1990", "decades")),
    1990: ((), ("decades",)),
}


def forward(months: pd.DataFrame, names: tuple[str, ...], start: int) -> float:
    """Score a form on years after its fit.

    Parameters
    ----------
    months
        Leader-months.
    names
        Covariates.
    start
        First year of the fit.

    Returns
    -------
    float
        Mean log score [nats per thousand leader-months].
    """
    found = []
    for origin in ORIGINS:
        past = months[months["year"].between(start, origin - 1)]
        ahead = months[months["year"].between(origin, origin + AHEAD_YEARS - 1)]
        model = hazard.fit(past, "attempt", names, RIDGE)
        chance = model.chance(held(ahead, origin - 1))
        found.append(hazard.log_score(chance, ahead["attempt"].to_numpy()))
    return PER_MANY * float(np.mean(found))


def across(months: pd.DataFrame, names: tuple[str, ...], start: int) -> float:
    """Score a form on countries that its fit has not seen.

    Parameters
    ----------
    months
        Leader-months.
    names
        Covariates.
    start
        First year of the fit.

    Returns
    -------
    float
        Mean log score [nats per thousand leader-months].
    """
    countries = months["country"].unique()
    order = np.random.default_rng(SEED).permutation(len(countries))
    fold = months["country"].map(dict(zip(countries, order % FOLDS, strict=True)))
    total = rows = 0.0
    for left_out in range(FOLDS):
        kept = months[(fold != left_out) & (months["year"] >= start)]
        other = months[(fold == left_out) & (months["year"] >= SCORED_FROM)]
        chance = hazard.fit(kept, "attempt", names, RIDGE).chance(other)
        total += len(other) * hazard.log_score(chance, other["attempt"].to_numpy())
        rows += len(other)
    return PER_MANY * total / rows


def compare(months: pd.DataFrame) -> pd.DataFrame:
    """Score all forms in both ways.

    Parameters
    ----------
    months
        Leader-months.

    Returns
    -------
    pandas.DataFrame
        A row per form; smaller scores are better.
    """
    seen = months[months["year"] <= LAST_YEAR]
    rows = []
    for start, trends in TRENDS.items():
        for trend in trends:
            for more in MORE:
                names = (*CALM, *more, *trend)
                scored = forward(seen, names, start), across(seen, names, start)
                rows.append((start, " ".join(trend), " ".join(more), *scored))
    columns = ["from", "trend", "covariates", "later years", "other countries"]
    return pd.DataFrame(rows, columns=columns)


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else OPEN_DATA
    print(compare(leader_months(read_records(given))).to_string())
