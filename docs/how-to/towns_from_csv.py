"""Make the table of towns of a brief anew from exported files: no supplyline in it.

Usage: python towns_from_csv.py FOLDER, where FOLDER is what
``supplyline export RUN -o FOLDER --members`` wrote.
"""

import sys
from pathlib import Path

import pandas as pd

HORIZONS = (30, 60, 90, 180)


def towns(folder: Path) -> pd.DataFrame:
    """Count chances over courses; one row for each town and product."""
    about = pd.read_csv(folder / "about.csv", index_col="name")["value"]
    cutoff, last = (pd.Timestamp(about[day]) for day in ("cutoff", "last_day"))
    members = pd.read_csv(folder / "shortage_members.csv")
    rows = []
    for (place, product), town in members.groupby(["place", "product"], sort=False):
        first, count = town["days_to_first"], len(town)
        row = {"place": place, "product": product}
        row["already_share"] = town["is_already"].sum() / count
        for days in HORIZONS:
            is_simulated = cutoff + pd.Timedelta(days=days) <= last
            chance = (first <= days).sum() / count if is_simulated else None
            row[f"chance_{days}d_share"] = chance
        by_day = first.value_counts().sort_index().cumsum() / count
        likely = by_day[by_day > 0.5].index
        row["first_likely_day"] = (
            cutoff + pd.Timedelta(days=likely[0]) if len(likely) else pd.NaT
        )
        row["days_of_supply"] = town["days_of_supply"].median()
        row["unmet_kl_mean"] = town["unmet_kl"].mean()
        rows.append(row)
    return pd.DataFrame(rows)


if __name__ == "__main__":
    print(towns(Path(sys.argv[1])).to_string(index=False))
