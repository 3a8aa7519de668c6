"""Forecast Mali from three days of 2025 and score what came, against simple rivals.

    python benchmarks/origins.py [--members N] [--seed N] [--pool N] [--write FOLDER]

The backtest of docs/model/scores.md from 30 September, 31 October and 30 November 2025,
on the case as it was known on these days: the truce of November, told on 6 December, is
in none of the three, and the escort step, expected on 8 October, is not in the first.
It is forecast by the prior and, with a pool, by the ensemble that is conditioned on the
facts to that day. Priors and structure were chosen with all of 2025 in view; that
cannot be taken back. Rivals know every earlier value, though some were published later.
No mixture can be learned from so few rows: rehearsal.py learns one on truths that the
model made.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import pandas as pd

from supplyline.case.case import load_case
from supplyline.errors import SupplylineWarning
from supplyline.forecasts.backtest import Backtest, backtest, conditioned_on_facts

ORIGINS = ("2025-09-30", "2025-10-31", "2025-11-30")


def totals(scored: Backtest) -> pd.DataFrame:
    """Set the model against each rival on each origin, and on all of them."""
    pairs = scored.pairs
    parts = [*pairs.groupby("origin"), ("all", pairs)]
    lines = []
    for origin, of_origin in parts:
        day = origin if isinstance(origin, str) else f"{origin:%Y-%m-%d}"
        for rival, part in of_origin.groupby("rival", sort=False):
            wins = (part["crps"] < part["rival_crps"]).sum()
            ratio = part["crps"].mean() / part["rival_crps"].mean()
            lines.append((day, rival, len(part), ratio, wins))
    columns = ["origin", "against", "facts", "model over rival", "model wins"]
    return pd.DataFrame(lines, columns=columns)


def main() -> None:
    """Print every row, then what the model is against each rival."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--members", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--pool", type=int, help="members of the pool; none if not given"
    )
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    forecasts = {
        "prior": backtest(case, ORIGINS, members=given.members, seed=given.seed)
    }
    if given.pool is not None:
        forecaster = conditioned_on_facts(
            case, given.pool, members=given.members, seed=given.seed
        )
        forecasts["conditioned"] = backtest(case, ORIGINS, forecaster)
    for name, scored in forecasts.items():
        means = totals(scored)
        if given.write:
            given.write.mkdir(parents=True, exist_ok=True)
            for what, table in (("origins", scored.rows), ("totals", means)):
                file = given.write / f"{name}-{what}.csv"
                table.to_csv(file, index=False, float_format="%.4g")
        print(name)
        print(scored.rows.to_string(index=False, float_format="%.4g"))
        print(means.round(3).to_string(index=False))
        print(scored.verdict())


if __name__ == "__main__":
    main()
