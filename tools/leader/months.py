"""Leader-months with covariates and coup attempts, from REIGN, Powell-Thyne and UCDP.

A row is a leader and a month with a day of the leader in office. Covariates are those
known when the row begins: on the first of the month, or on the day the leader took
office. Coup attempts fall to the leader who was in office the day before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

DAYS_A_YEAR = 365.25
FIRST = "1950-01-01"
LAST = "2017-12-31"
"""REIGN begins in 1950; nothing after 2017 is used to fit or to test."""

SINCE_CAP_YEARS = 40.0
"""Longer calms say no more, and the record of attempts begins in 1945."""
ENTRY_DAYS = 31
"""A leader came by coup who took office this soon after a successful attempt."""
WAR_DEATHS = 25
"""Battle deaths in a calendar year from which UCDP counts a conflict."""
TREND_FROM = 1990
"""The fall in attempts is counted in decades from this year."""
ELECTED = ("presidential", "parliamentary")
"""Regime types of Geddes, Wright and Frantz, as REIGN continues them."""


@dataclass(frozen=True)
class Records:
    """The tables as published, dates parsed."""

    leaders: pd.DataFrame
    attempts: pd.DataFrame
    regimes: pd.DataFrame
    violence: pd.DataFrame


def to_gw(country: pd.Series, year: pd.Series) -> pd.Series:
    """Turn Correlates of War numbers into those of Gleditsch and Ward.

    Parameters
    ----------
    country
        Correlates of War number of the state.
    year
        Calendar year, as Serbia is a new state to one list only.

    Returns
    -------
    pandas.Series
        Gleditsch-Ward number.
    """
    renamed = {255: 260, 679: 678, 946: 970, 947: 973, 955: 972, 970: 971}
    number = country.replace(renamed)
    return number.mask((number == 345) & (year >= 2006), 340)


def read_records(folder: Path) -> Records:
    """Read the published tables.

    Parameters
    ----------
    folder
        Folder of the open data, with a folder per data set.

    Returns
    -------
    Records
        Tables with dates.
    """
    leaders = pd.read_csv(folder / "reign" / "leaderlist_to_2017.csv")
    leaders["start"] = _day(leaders["syear"], leaders["smonth"], leaders["sdate"])
    # the list gives the month of the end only
    month_end = _day(leaders["eyear"], leaders["emonth"], 1) + pd.offsets.MonthEnd(0)
    leaders["end"] = month_end.fillna(pd.Timestamp(LAST))
    # unknown careers are coded -99
    leaders["military_career"] = leaders["militarycareer"].clip(lower=0.0)
    born = leaders["birthyear"].where(leaders["birthyear"] > 0)
    leaders["birthyear"] = born.fillna(born.median())

    regimes = pd.read_csv(folder / "reign" / "regime_list_to_2017.csv")
    regimes["start"] = pd.to_datetime(regimes["start"].str[:10])
    regimes["elected"] = regimes["gwf_regimetype"].str.strip().isin(ELECTED)
    regimes = regimes.rename(columns={"cowcode": "country"})

    violence = pd.read_parquet(
        folder / "ucdp_country_year" / "organized_violence_cy_1989_2023.parquet"
    )
    return Records(leaders, _read_attempts(folder / "reign"), regimes, violence)


def _read_attempts(folder: Path) -> pd.DataFrame:
    """Join the dated attempts with the years of attempts before 1950."""
    dated = pd.read_csv(folder / "powell_thyne_coups_1950_2017.csv")
    dated["date"] = _day(dated["year"], dated["month"], dated["day"])
    dated["success"] = dated["coup"] == 2
    early = pd.read_csv(folder / "coup_attempt_country_year_1945_2017.csv")
    early = early[(early["cou.any"] == 1) & (early["year"] < 1950)]
    # the day is not given: the middle of the year is off by half a year at most
    middle = pd.DataFrame(
        {
            "ccode": early["ccode"],
            "date": _day(early["year"], 7, 1),
            "success": False,
        }
    )
    columns = ["ccode", "date", "success"]
    attempts = pd.concat([middle[columns], dated[columns]])
    attempts = attempts.rename(columns={"ccode": "country"})
    return attempts.sort_values(["country", "date"], ignore_index=True)


def leader_months(records: Records) -> pd.DataFrame:
    """Lay out all leader-months with covariates and attempts.

    Parameters
    ----------
    records
        Tables as published.

    Returns
    -------
    pandas.DataFrame
        A row per leader and month, in the order of country, start and month.
    """
    spells = _spells(records)
    known = ["leader", "came_by_coup", "military_career", "birthyear"]
    months = months_of(spells, known)
    months["age_years"] = months["year"] - months["birthyear"]
    months = _with_calm(months, records.attempts)
    months = _with_country(months, records)
    return _with_attempts(months, records.attempts)


def _spells(records: Records) -> pd.DataFrame:
    """Give each leader's time in office, and whether it began with a coup."""
    leaders = records.leaders.rename(columns={"ccode": "country"})
    leaders = leaders.sort_values(["country", "start", "end"], ignore_index=True)
    seizures = records.attempts[records.attempts["success"]]
    latest = pd.merge_asof(
        leaders[["start", "country"]].reset_index().sort_values("start"),
        seizures[["date", "country"]].sort_values("date"),
        left_on="start",
        right_on="date",
        by="country",
        tolerance=pd.Timedelta(days=ENTRY_DAYS),
    ).set_index("index")
    leaders["came_by_coup"] = latest["date"].notna().astype(float)
    leaders["spell"] = np.arange(len(leaders))
    return leaders


def months_of(spells: pd.DataFrame, known: list[str]) -> pd.DataFrame:
    """Repeat each spell for its months, with the time at risk in each.

    Parameters
    ----------
    spells
        Times in office with `spell`, `country`, `start` and `end`.
    known
        Columns of the spells to carry along.

    Returns
    -------
    pandas.DataFrame
        A row per spell and month, `origin` being the day at whose end it begins.
    """
    kept = spells[spells["end"] >= FIRST]
    first = _month_number(kept["start"].clip(lower=pd.Timestamp(FIRST)))
    last = _month_number(kept["end"].clip(upper=pd.Timestamp(LAST)))
    counts = (last - first + 1).to_numpy()
    steps = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    columns = ["spell", "country", "start", *known]
    months = kept.loc[kept.index.repeat(counts), columns].reset_index(drop=True)
    number = np.repeat(first.to_numpy(), counts) + steps
    months["year"], months["month"] = number // 12, number % 12 + 1
    opening = _day(months["year"], months["month"], 1)
    closing = opening + pd.offsets.MonthEnd(0)
    # a row begins at the end of this day
    months["origin"] = (opening - pd.Timedelta(days=1)).clip(lower=months["start"])
    # the day of an exit would tell of the exit, so the last month counts in full
    days = (closing - months["origin"]).dt.days.clip(lower=1)
    months["risk_years"] = days / DAYS_A_YEAR
    tenure = (months["origin"] - months["start"]).dt.days / DAYS_A_YEAR
    months["tenure_years"] = tenure + months["risk_years"] / 2
    return months


def _with_calm(months: pd.DataFrame, attempts: pd.DataFrame) -> pd.DataFrame:
    """Add the years since the country's last attempt, and whether there was none."""
    last = pd.merge_asof(
        months[["origin", "country"]].reset_index().sort_values("origin"),
        attempts[["date", "country"]].sort_values("date"),
        left_on="origin",
        right_on="date",
        by="country",
    ).set_index("index")["date"]
    months["no_past_attempt"] = last.isna().astype(float).sort_index()
    calm = (months["origin"] - last).dt.days / DAYS_A_YEAR + months["risk_years"] / 2
    months["since_years"] = calm.fillna(SINCE_CAP_YEARS).clip(upper=SINCE_CAP_YEARS)
    return months


def _with_country(months: pd.DataFrame, records: Records) -> pd.DataFrame:
    """Add what is known of the country: war, kind of regime, continent, period."""
    months["gw"] = to_gw(months["country"], months["year"])
    year_before = months["year"] - 1
    gw_before = to_gw(months["country"], year_before)
    months["war"] = war(records.violence, gw_before, year_before)
    regime = pd.merge_asof(
        months[["origin", "country"]].reset_index().sort_values("origin"),
        records.regimes[["start", "country", "elected"]].sort_values("start"),
        left_on="origin",
        right_on="start",
        by="country",
    ).set_index("index")["elected"]
    months["elected"] = (regime == True).astype(float).sort_index()  # noqa: E712
    is_african = months["country"].between(402, 626) | (months["country"] == 651)
    months["africa"] = is_african.astype(float)
    months["before_1990"] = (months["year"] < TREND_FROM).astype(float)
    months["decades"] = (months["year"] - TREND_FROM).clip(lower=0) / 10
    return months


def war(violence: pd.DataFrame, gw: pd.Series, year: pd.Series) -> np.ndarray:
    """Tell where battle deaths of a calendar year made it a year of war.

    Parameters
    ----------
    violence
        Country-years of UCDP.
    gw
        Gleditsch-Ward number.
    year
        Calendar year; 0 is given before 1989, where there are no data.

    Returns
    -------
    numpy.ndarray
        1 where there was war, else 0.
    """
    deaths = violence.set_index(["country_id_cy", "year_cy"])["sb_total_deaths_best_cy"]
    found = deaths.reindex(pd.MultiIndex.from_arrays([gw, year])).fillna(0)
    return (found.to_numpy() >= WAR_DEATHS).astype(float)


def _with_attempts(months: pd.DataFrame, attempts: pd.DataFrame) -> pd.DataFrame:
    """Mark the leader-months with an attempt, and those with a successful one."""
    days = attempts[attempts["date"] >= FIRST].reset_index(drop=True)
    days["eve"] = days["date"] - pd.Timedelta(days=1)
    starts = months.drop_duplicates("spell")[["spell", "country", "start"]]
    holder = pd.merge_asof(
        days.sort_values("eve"),
        starts.sort_values("start"),
        left_on="eve",
        right_on="start",
        by="country",
    )
    holder["year"], holder["month"] = holder["date"].dt.year, holder["date"].dt.month
    keys = ["spell", "year", "month"]
    held = holder.dropna(subset="spell").groupby(keys)["success"].max()
    found = held.reindex(pd.MultiIndex.from_frame(months[keys]))
    months["attempt"] = found.notna().to_numpy()
    months["success"] = (found == True).to_numpy()  # noqa: E712
    return months


def _day(year: pd.Series, month: pd.Series | int, day: pd.Series | int) -> pd.Series:
    """Make dates of years, months and days."""
    return pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}))


def _month_number(dates: pd.Series) -> pd.Series:
    """Count months, so that differences are whole."""
    return dates.dt.year * 12 + dates.dt.month - 1
