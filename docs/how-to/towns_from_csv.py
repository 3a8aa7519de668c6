"""Make the brief's table of towns anew from exported files: no supplyline in it.

Usage: python towns_from_csv.py FOLDER, where FOLDER is what
``supplyline export RUN -o FOLDER`` wrote.
"""

import sys
from pathlib import Path

import pandas as pd

HORIZONS = (30, 60, 180)
RANKED_BY = 60


def towns(folder: Path) -> pd.DataFrame:
    """Give one row for each town, by the product it is most often short of."""
    about = pd.read_csv(folder / "about.csv", index_col="name")["value"]
    cutoff, last = (pd.Timestamp(about[day]) for day in ("cutoff", "last_day"))
    ahead = (last - cutoff).days
    members = pd.read_csv(folder / "shortage_members.csv")
    known = pd.read_csv(folder / "towns.csv").drop_duplicates("place")
    known = known.set_index("place")[["title", "people"]]
    rows = []
    for place, town in members.groupby("place", sort=False):
        missing = town.groupby("member")["missing_kl"].sum().median() / 1000
        about_town = {**known.loc[place], "missing_million_l": missing}
        products = [
            {"product": product, **about_town, **chances(courses, cutoff, ahead)}
            for product, courses in town.groupby("product", sort=False)
        ]
        rows.append(max(products, key=severity))
    rows.sort(key=lambda row: (*(-part for part in severity(row)), row["title"]))
    return pd.DataFrame(rows)


def chances(courses: pd.DataFrame, cutoff: pd.Timestamp, ahead: int) -> dict:
    """Count over the courses of one town and product."""
    first, count = courses["days_to_first"], len(courses)
    by_day = first.value_counts().sort_index().cumsum() / count
    likely = by_day[by_day > 0.5].index
    row = {
        "already": courses["is_already"].sum() / count,
        "ranked_by": (first <= min(RANKED_BY, ahead)).sum() / count,
        "days_in_shortage": courses["days_in_shortage"].mean(),
        "days_of_supply": courses["days_of_supply"].median(),
        "first_likely": cutoff + pd.Timedelta(days=likely[0]) if len(likely) else None,
    }
    for days in HORIZONS:
        chance = (first <= days).sum() / count
        row[f"chance_{days}d"] = chance if days <= ahead else None
    return row


def severity(row: dict) -> tuple:
    """Measure how bad it is: chance, days in shortage, share that are in one now."""
    return row["ranked_by"], row["days_in_shortage"], row["already"]


if __name__ == "__main__":
    print(towns(Path(sys.argv[1])).to_string(index=False))
