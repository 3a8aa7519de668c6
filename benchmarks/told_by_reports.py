"""Tell how much more would be known of weekly customs volumes by more reports.

    python benchmarks/told_by_reports.py [--members N]

What customs will report 1, 2, 4 and 8 weeks after week 16 of the run of Mali is
regressed on reports of each of the weeks before, of more and more series, with their
errors: the share of the variance (of normal scores) that is told, out of fold. Beside
it the middle 80 % of a normal forecast by that much, over the prior's.
"""

# ruff: noqa: PD011 - Summaries have values too

from __future__ import annotations

import argparse
import warnings
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from rehearsal import LEADS, SEED, WEEK, customs, days_for, last_days

from supplyline.case.case import load_case
from supplyline.conditioning.facts import fact_values, read_facts
from supplyline.conditioning.features import fit_features
from supplyline.conditioning.learned import add_up, learn, split_folds
from supplyline.engine.summaries import simulate_summaries
from supplyline.errors import SupplylineWarning

ORIGIN: Final = 16
"""Weeks that are reported."""
REPORTED: Final = {
    "customs_volume_ml": "million l",
    "escorted_convoys": "count_per_month",
    "trucks_waiting": "count",
    "trucks_lost_cumulative": "count",
    "capital_stock_ml": "million l",
    "stations_open_share": "1",
    "bamako_petrol_price": "XOF/l",
}
"""Series, in the order in which they are added, with their units."""
SOURCE: Final = "customs-2025-11-24"


def weekly_rows(weeks: pd.DatetimeIndex) -> pd.DataFrame:
    """Lay out a row of observed.csv for each series and week; the value is not used."""
    return pd.DataFrame(
        [
            {
                "series": series,
                "start": end - pd.Timedelta(days=WEEK - 1),
                "end": end,
                "value": 0.5,
                "unit": unit,
                "claim": f"{series}-{end:%Y-%m-%d}",
                "source": SOURCE,
            }
            for series, unit in REPORTED.items()
            for end in weeks
        ]
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--members", type=int, default=3_000)
    asked = parser.parse_args()
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    weekly = weekly_rows(last_days(case, ORIGIN))
    facts = read_facts(case, extra=weekly).loc[weekly["claim"]]
    made = simulate_summaries(
        case,
        {"reports": partial(fact_values, facts=facts), "customs": customs},
        members=asked.members,
        days=max(1, days_for(case, ORIGIN + LEADS[-1])),
        seed=SEED,
    )
    to_come = [ORIGIN + lead - 1 for lead in LEADS]
    outcomes = made.values["customs"][:, to_come]
    reports = made.values["reports"].to_numpy(np.float64)
    folds = split_folds(np.arange(asked.members))
    lines = {}
    for number, series in enumerate(REPORTED, start=1):
        known = reports[:, : number * ORIGIN]
        features = fit_features(known).transform(known)
        moments = add_up(features, outcomes, folds)
        shares = learn(moments, np.ones(len(moments.column))).shares
        lines[f"and {series}" if number > 1 else series] = {
            **{f"told, {lead} weeks": shares[k] for k, lead in enumerate(LEADS)},
            **{
                f"width, {lead} weeks": np.sqrt(1.0 - shares[k])
                for k, lead in enumerate(LEADS)
            },
        }
    print(pd.DataFrame(lines).T.round(2).to_string())


if __name__ == "__main__":
    main()
