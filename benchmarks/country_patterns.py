"""Set the country model of Mali against the patterns it must show; nothing is fitted.

    python benchmarks/country_patterns.py [MEMBERS]

Pulses and pauses, the shift to the southwest, the leader's survival of the first four
months, civilians harmed by the state, and the main group's revenue by stream. The shift
and the harm need a run that covers their period: it starts on 1 July 2024 with the
shares of attacks of mid-2024.
"""

from __future__ import annotations

import datetime as dt
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from mali import earlier

from supplyline.case.case import load_case
from supplyline.case.frames import Frames
from supplyline.engine.simulate import simulate
from supplyline.errors import SupplylineWarning

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.runs import Run

LEVELS = (0.1, 0.5, 0.9)
MAIN, ZONE, CAPITAL = "jnim", "southwest", "bamako"
BAN = pd.Timestamp("2025-09-03")
MANY = 7
"""Attacks of a day that make a coordinated offensive: seven bases on 1 July 2025."""
COUNTED = slice("2025-01-01", "2025-10-31")
"""Period of the claims on harm and on the share of the southwest."""


def from_mid_2024(case: Case) -> Case:
    """Start the case a year earlier, with the shares of attacks of that time."""
    start = dt.date.fromisoformat(earlier.START)
    config = case.config.model_copy(
        update={"start": start, "cutoff": dt.date(2025, 10, 31)}
    )
    rows = pd.DataFrame(list(earlier.presence()))
    shares = ["control_share", "attack_share"]
    rows[shares] = rows[shares].astype(float)
    return replace(
        case, config=config, tables=Frames({**case.tables, "presence": rows})
    )


def line(name: str, values: object, reported: str) -> None:
    """Print the tenth, middle and ninetieth hundredth of a number over members."""
    low, middle, high = np.quantile(np.asarray(values, np.float64), LEVELS)
    print(f"{name:<58}{low:>10,.3g}{middle:>10,.3g}{high:>10,.3g}   {reported}")


def zone_share(run: Run, when: slice) -> np.ndarray:
    """Share of the main group's attacks in the country that fall in the zone."""
    regions = run.case.regions.set_index("region")
    regions = regions.loc[run.weekly["region"].to_numpy()]
    weekly = run.weekly["region_attacks_interdictor"].sel(week=when).sum("week")
    counts = weekly.transpose("member", "region").to_numpy().astype(np.float64)
    inside = ~regions["is_boundary"].to_numpy(bool)
    there = (regions["zone"] == ZONE).to_numpy()
    return counts[:, there].sum(axis=1) / counts[:, inside].sum(axis=1)


def lulls(run: Run) -> np.ndarray:
    """Longest time without a truck lost under the ban [days]."""
    lost = run.daily["trucks_lost"].sel(day=slice(BAN, None))
    calm = lost.transpose("member", "day").to_numpy() == 0
    longest = np.zeros(len(calm))
    current = np.zeros(len(calm))
    for day in calm.T:
        current = np.where(day, current + 1, 0)
        longest = np.maximum(longest, current)
    return longest


def show_pulses(run: Run) -> None:
    """P5: pressure comes in pulses and pauses."""
    daily = run.daily["attacks_interdictor"].transpose("member", "day").to_numpy()
    weeks = daily[:, : daily.shape[1] // 7 * 7].reshape(len(daily), -1, 7).sum(axis=2)
    spread = weeks.var(axis=1) / weeks.mean(axis=1)
    line("P5 weekly attacks, variance over mean (Poisson: 1)", spread, "above 1")
    most = daily.max(axis=1)
    line("P5 most attacks in a day", most, "7 bases on 1 July 2025")
    print(
        f"{'P5 members with a day of 7 or more attacks':<58}{(most >= MANY).mean():.2f}"
    )
    line("P5 longest time without a truck lost [days]", lulls(run), "15 to 30 days")
    raids = run.weekly["region_attacks_interdictor"].sel(region=CAPITAL).sum("week")
    line("P5 attacks in the capital's region in the run", raids, "rare")


def show_leader(run: Run) -> None:
    """P7: no change of leader from day 0 to 120 in spite of all that."""
    when = slice(BAN, BAN + pd.Timedelta(days=120))
    success = run.params["coup_success_probability"].to_numpy()
    daily = run.daily.sel(day=when)
    hazard = sum(
        daily[f"hazard_{kind}"].sum("day").to_numpy()
        for kind in ("forced", "capture", "natural")
    )
    hazard = hazard + success * daily["hazard_attempt"].sum("day").to_numpy()
    kept = np.exp(-np.asarray(hazard, np.float64))
    line("P7 chance that the leader keeps power to day 120", kept, "kept it")
    print(f"{'   the same, mean over members':<58}{kept.mean():.3f}")


def show_revenue(run: Run) -> None:
    """Show the main group's revenue in a year by stream [million USD]."""
    weeks = run.weekly.sizes["week"]
    reported = {
        "gold": "up to 34 or 72-80, worth of all gold dug",
        "zakat": "no amount",
        "livestock": "0.77 or more in one territory",
        "protection": "no amount",
        "toll": "no amount",
        "loot": "no amount; about 2.5 on 28 October 2025",
        "ransom": "50 in October 2025",
    }
    total = 0.0
    for stream, said in reported.items():
        by_week = run.weekly[f"group_{stream}_usd"].sel(group=MAIN).sum("week")
        year = by_week.to_numpy().astype(np.float64) * 365 / 7 / weeks / 1e6
        total = total + year
        line(f"revenue from {stream} [million USD a year]", year, said)
    line("revenue in all [million USD a year]", total, "30 to 120; 100 in a title")


def main(members: int) -> None:
    """Print every pattern beside what is reported."""
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    print(f"{members:,} members; 10, 50 and 90 % of them, and what is reported\n")
    run = simulate(case, members=members, seed=1)
    show_pulses(run)
    show_leader(run)
    show_revenue(run)
    past = simulate(from_mid_2024(case), days=0, members=members, seed=1)
    for year, said in (("2024", "8 % in 2024"), ("2025", "close to 20 % in 2025")):
        when = slice(earlier.START if year == "2024" else "2025-01-01", f"{year}-12-31")
        line(f"P6 share of the southwest, {year}", zone_share(past, when), said)
    counted = past.daily.sel(day=COUNTED)
    line("operations that harmed civilians, 1 January to 31 October 2025",
         counted["harm_operations"].sum("day"), "239")  # fmt: skip
    line("civilians killed in them", counted["harm_killed"].sum("day"), "over 1,021")
    line("attacks of the main group in the country, first half of 2025",
         past.daily["attacks_interdictor"].sel(day=slice("2025-01-01", "2025-06-30"))
         .sum("day"), "280, disputed; about 375 by the level of 2023-24")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
