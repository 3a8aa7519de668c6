"""What a number of members is worth: Monte Carlo error of the brief's main numbers.

    python benchmarks/accuracy.py

One pool of 10,000 members is drawn anew, with replacement, at each size; printed is the
standard deviation of each number over the draws, beside the number itself.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supplyline.case.case import load_case
from supplyline.engine.simulate import simulate
from supplyline.errors import SupplylineWarning

if TYPE_CHECKING:
    from supplyline.runs import Run

POOL = 10_000
SIZES = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
DRAWS = 200
AHEAD_DAYS = 60
OPTION = "truce-all-corridors"


def forecast(run: Run, name: str, product: str | None = None) -> np.ndarray:
    """Give an output of the capital over the forecast, shape (member, day)."""
    series = run.series(name, product=product)
    ahead = series.sel(day=series["part"] == "forecast")
    return ahead.transpose("member", "day").to_numpy()


def short_days(run: Run) -> np.ndarray:
    """Count the days with less than half served, shape (member,)."""
    return (forecast(run, "public_served_share") < 0.5).sum(axis=1)


def numbers(base: Run, option: Run) -> dict[str, tuple[np.ndarray, str]]:
    """Give the values by member and how they are summed up."""
    product = base.case.config.products[0]
    return {
        "chance of a short day": (short_days(base) > 0, "mean"),
        f"days of supply, day {AHEAD_DAYS}": (
            forecast(base, "days_of_supply", product)[:, -1],
            "median",
        ),
        "trucks lost": (forecast(base, "trucks_lost").sum(axis=1), "median"),
        "mean parallel price": (
            forecast(base, "price_per_l", product).mean(axis=1),
            "mean",
        ),
        f"short days, {OPTION} less baseline": (
            short_days(option) - short_days(base),
            "mean",
        ),
    }


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    base = simulate(case, days=AHEAD_DAYS, members=POOL)
    option = simulate(case, scenario=OPTION, like=base)
    generator = np.random.default_rng(1)
    rows = {}
    for name, (values, how) in numbers(base, option).items():
        summed = getattr(np, how)
        row = {"number": f"{summed(values):.3g}"}
        for size in SIZES:
            drawn = generator.integers(0, POOL, (DRAWS, size))
            row[f"{size:,}"] = f"{summed(values[drawn], axis=1).std():.2g}"
        rows[name] = row
    print(pd.DataFrame(rows).T.to_string())


if __name__ == "__main__":
    main()
