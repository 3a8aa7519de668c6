"""Set the facts of Mali in 2025 against the prior: many draws, none fitted.

    python benchmarks/prior_predictive.py [DRAWS]

Two forms: as the case is, with the escort step and the truce of the past dated; and
with both left to the model's own rules. Members are made in runs of 5,000 with
different seeds, so that memory stays small.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supplyline.analysis.targets import check_values, joint_share, target_values
from supplyline.case.case import load_case
from supplyline.case.frames import Frames
from supplyline.engine.simulate import simulate
from supplyline.errors import SupplylineWarning

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.runs import Run

DATED = ("truce", "escort_step")
RUN_MEMBERS = 5000
SHORT_SHARE, SHORT_DAYS = 0.5, 3


def undated(case: Case) -> Case:
    """Leave the truce and the escort step to the model's own rules."""
    measures = case.measures
    kept = measures[~measures["kind"].isin(DATED)].reset_index(drop=True)
    return replace(case, tables=Frames({**case.tables, "measures": kept}))


def first_short(run: Run, product: str, start: str) -> np.ndarray:
    """Find the first day on which a product of the capital is short for days."""
    served = run.daily["served_share"].sel(product=product, day=slice(start, None))
    short = served.transpose("member", "day").to_numpy() < SHORT_SHARE
    windows = np.lib.stride_tricks.sliding_window_view(short, SHORT_DAYS, axis=1)
    hits = windows.all(axis=2)
    return np.where(hits.any(axis=1), hits.argmax(axis=1), np.nan)


def order_of_products(run: Run) -> pd.DataFrame:
    """Say which product is short first in autumn, and which in December."""
    first, second = run.case.config.products
    rows = {}
    for name, start in (("ban", "2025-09-03"), ("december", "2025-11-28")):
        one, other = first_short(run, first, start), first_short(run, second, start)
        both = np.isfinite(one) | np.isfinite(other)
        lead = np.nan_to_num(other, nan=1e6) - np.nan_to_num(one, nan=1e6)
        rows[name] = {
            "short": both,
            f"{first}_first": both & (lead > 0),
            f"{second}_first": both & (lead < 0),
        }
    return pd.concat({name: pd.DataFrame(row) for name, row in rows.items()}, axis=1)


def main(draws: int) -> None:
    """Print one table for each form."""
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    for name, form in (("dated", case), ("not dated", undated(case))):
        values, orders = [], []
        for seed in range(1, 1 + max(1, draws // RUN_MEMBERS)):
            members = min(draws, RUN_MEMBERS)
            run = simulate(form, days=0, members=members, seed=seed)
            values.append(target_values(run))
            orders.append(order_of_products(run))
        joined = pd.concat(values, ignore_index=True)
        checks = check_values(case.targets, joined)
        columns = [
            "target", "value", "low", "high", "share_inside", "percentile",
            "never_share", "q10", "median", "q90",
        ]  # fmt: skip
        print(f"\n{name}: {len(joined):,} draws")
        print(checks[columns].round(3).to_string(index=False))
        main_share = joint_share(case.targets, joined)
        print(f"all main facts at once: {main_share:.4f}")
        print(
            f"product of their shares: {checks[checks.is_main].share_inside.prod():.4f}"
        )
        print(pd.concat(orders).mean().round(3).to_string())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
