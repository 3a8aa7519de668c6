"""Switch each mechanism of Mali off by its neutral values, and make all tables again.

    python benchmarks/ablation.py [--members N] [--seed N] [--write FOLDER] [NAME ...]

One column for each mechanism of `MECHANISMS` (or for those that are named), beside the
model as it is. A mechanism is off when its parameters stand at their neutral values for
all members, or its rows and columns are taken out of the case. Rows: the sums, the
dynamics and the located attacks of facts_2025.py, the forecasts of origins.py, and the
interval score of each fact.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from facts_2025 import changed, fix, score_facts, summary
from origins import ORIGINS, totals

from supplyline.case.case import load_case
from supplyline.case.change import Change
from supplyline.engine.simulate import simulate
from supplyline.errors import SupplylineWarning
from supplyline.forecasts.backtest import backtest

if TYPE_CHECKING:
    from supplyline.case.case import Case

MECHANISMS: dict[str, tuple[Change, ...]] = {
    "answer of escorts": (fix("escort_answer_rise=0"), fix("escort_answer_fall=0")),
    "escorts sent elsewhere": (fix("escort_diverted_share=0"),),
    "stock left low": (fix("restock_ban_share=1"),),
    "pulse after a pause": (fix("pause_pulse_probability=0"),),
    "escorts tied by a pulse": (fix("pulse_escort_share=1"),),
    "willingness in a pulse": (fix("pulse_willingness_share=1"),),
    "pressure by fleet": (
        fix("fleet_effort_sd_log=0"),
        fix("fleet_daring_sd_log=0"),
        fix("effort_answer=0"),
    ),
    "answer of pauses": (fix("pause_answer_share=0"),),
    "spread of convoys": (fix("convoy_cap_sd_log=0"),),
    "usual street price": (
        Change("depots", set={"street_price": "", "street_price_high": ""}),
    ),
    "price with distance": (fix("backstop_rise_per_h=0"),),
    "rush of stations": (fix("station_rush=1"),),
    "season of power": (Change("seasons", set={"power_factor": 1}),),
    "power lives on what passes": (fix("power_flow_share=0"),),
    "return after a ban": (fix("ban_return_per_day=0"),),
    "ways round": (
        fix("spare_way_share=0"),
        Change("corridors", set={"capacity_kl_per_day": ""}),
    ),
    "shared fate of drivers": (fix("driver_shared_fate=0"),),
}
"""What is off, and by which neutral values."""


def all_numbers(case: Case, members: int, seed: int) -> pd.Series[float]:
    """Make every table of a case, as one column."""
    run = simulate(case, members=members, seed=seed)
    table = score_facts(run)
    forecasts = totals(backtest(case, ORIGINS, members=members, seed=seed))
    over = forecasts.set_index(["origin", "against"])["model over rival"]
    over.index = [f"CRPS over {other}, {origin}" for origin, other in over.index]
    scores = table.set_index("fact")["score"].add_prefix("interval score, ")
    return pd.concat([summary(run, table), over, scores])


def main() -> None:
    """Print one column for each mechanism."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--members", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    columns = {"as it is": all_numbers(case, asked.members, asked.seed)}
    for name in asked.names or MECHANISMS:
        without = changed(case, MECHANISMS[name])
        columns[f"without {name}"] = all_numbers(without, asked.members, asked.seed)
    # biggest segments differ, so a row may be missing in a column
    table = pd.DataFrame(columns).reindex(columns["as it is"].index)
    if asked.write:
        asked.write.mkdir(parents=True, exist_ok=True)
        table.to_csv(asked.write / "ablation.csv", float_format="%.4g")
    print(table.round(3).to_string())


if __name__ == "__main__":
    main()
