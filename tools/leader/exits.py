"""Leader-months with the ways of leaving office other than coups, from Archigos.

Archigos has its own leaders and days, so its months stand apart from those of REIGN
and nothing has to be matched but the coups themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from leader.months import months_of, to_gw, war

if TYPE_CHECKING:
    from pathlib import Path

    from leader.months import Records

LAST_YEAR = 2015
"""Archigos 4.1 ends here."""
COUP_DAYS = 31
"""An irregular exit this near to a successful attempt is that coup."""
NATURAL = ("Natural Death", "Retired Due to Ill Health", "Suicide")
OUT_OF_RULE = ("Irregular", "Foreign")


def exit_months(folder: Path, records: Records) -> pd.DataFrame:
    """Lay out the leader-months of Archigos with the kind of exit.

    Parameters
    ----------
    folder
        Folder of the open data.
    records
        Tables of REIGN, Powell-Thyne and UCDP.

    Returns
    -------
    pandas.DataFrame
        A row per leader and month with flags `forced`, `capture` and `natural`.
    """
    spells = pd.read_csv(folder / "archigos" / "archigos_4_1_subset_1875_2015.csv")
    spells["country"] = spells["gwcode"].astype(int)
    spells["start"] = pd.to_datetime(spells["startdate"])
    spells["end"] = pd.to_datetime(spells["enddate"])
    spells["birthyear"] = spells["yrborn"].fillna(spells["yrborn"].median())
    spells["kind"] = exit_kinds(spells, records.attempts)
    spells = spells.sort_values(["country", "start", "end"], ignore_index=True)
    spells["spell"] = spells.index
    months = months_of(spells, ["leader", "birthyear", "end", "kind"])
    months["age_years"] = months["year"] - months["birthyear"]
    months["age_decades_over_60"] = (months["age_years"] - 60) / 10
    year_before = months["year"] - 1
    months["war"] = war(records.violence, months["country"], year_before)
    ends = months["end"]
    is_last = (ends.dt.year == months["year"]) & (ends.dt.month == months["month"])
    for kind in ("forced", "capture", "natural"):
        months[kind] = is_last & (months["kind"] == kind)
    return months[months["year"] <= LAST_YEAR].reset_index(drop=True)


def exit_kinds(spells: pd.DataFrame, attempts: pd.DataFrame) -> pd.Series:
    """Sort the exits so that none is counted twice and none is lost.

    Parameters
    ----------
    spells
        Times in office as Archigos codes them, with `country` and `end`.
    attempts
        Coup attempts; an irregular exit next to a successful one is a coup.

    Returns
    -------
    pandas.Series
        `coup`, `capture` (by rebels), `forced` (every other irregular exit), `natural`
        (death or illness) or `regular`.
    """
    seizures = attempts[attempts["success"]]
    seizures = pd.DataFrame(
        {
            "country": to_gw(seizures["country"], seizures["date"].dt.year),
            "seized": seizures["date"],
        }
    )
    nearest = pd.merge_asof(
        spells[["end", "country"]].reset_index().sort_values("end"),
        seizures.sort_values("seized"),
        left_on="end",
        right_on="seized",
        by="country",
        tolerance=pd.Timedelta(days=COUP_DAYS),
        direction="nearest",
    ).set_index("index")["seized"]
    kinds = pd.Series("regular", index=spells.index)
    kinds[spells["exit"].isin(OUT_OF_RULE)] = "forced"
    kinds[spells["exitcode"].str.startswith("Removed by Rebels")] = "capture"
    kinds[spells["exit"].isin(NATURAL)] = "natural"
    is_coup = nearest.notna().sort_index() & spells["exit"].isin(OUT_OF_RULE)
    kinds[is_coup] = "coup"
    return kinds
