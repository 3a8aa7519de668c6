"""Hold the closed terminal of Haiti against what was reported afterwards.

    python benchmarks/haiti.py [--members N] [--ablation]

The case `haiti` knows nothing later than the day before the closure; its scenario
`varreux-closed` is told the days of the closure and the official prices, and nothing
else. What came of it is read here from the reference facts beside the checkout, and
only to be held against the run, by the rules of scores.py. Scored is the reported value
as a point; whether the band meets the range that the reports leave stands beside it.
Prices are set against what the press would quote of the modelled ones (observation.md);
loads were counted by the terminal and are taken as they are.

How each fact is read off a run:

T001
    First day of the closure on which under one in twenty of the capital's stations is
    open; 57, the length of the closure, where that day never comes.
T002, T003, T004
    The dearest week from the closure to the day pumps opened, in the capital: over
    the first week of the run (July), and over the old official price; that of Les
    Cayes over it.
T005, price
    Price in the capital on 6 December: over the official one, and a gallon of it.
T006, T007
    Trucks a day that leave the terminal in the week of the first truck, and in the
    third and fourth week.

With --ablation the table is made again with each mechanism off that moves it: those of
ablation.py that do, and what only this case has.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ablation import MECHANISMS
from facts_2025 import changed
from scores import BAND, gap, interval_score, percentile, report_of

from supplyline.analysis.reports import Told, as_reported
from supplyline.case.case import load_case
from supplyline.case.change import Change
from supplyline.engine.simulate import simulate
from supplyline.errors import SupplylineWarning

if TYPE_CHECKING:
    import xarray as xr
    from scores import Floats

    from supplyline.case.case import Case
    from supplyline.runs import Run

FACTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "haiti"
CLOSED, FIRST_TRUCK, PUMPS_OPEN = "2022-09-12", "2022-11-08", "2022-11-12"
LAST_PRICE = "2022-12-06"
CAPITAL = ("pap", "petion_ville")
"""The capital and the suburb where that price was quoted."""
GALLON_L = 3.785411784
OLD_PRICE, NEW_PRICE = 250 / GALLON_L, 570 / GALLON_L
"""Official prices of petrol before and after 14 September [HTG/l]."""
TARGETS = [f"T{number:03}" for number in range(1, 8)]
NO_CAPACITY = {"capacity_kl_per_day": ""}
WITHOUT = {
    **{
        name: MECHANISMS[name]
        for name in (
            "usual street price",
            "price with distance",
            "rush of stations",
        )
    },
    "ways round": (
        Change("corridors", set=NO_CAPACITY),
        Change("places", set=NO_CAPACITY),
    ),
    "want of money": (Change("measures", {"kind": "supply_limit"}, remove=True),),
    "ranges of stocks": (Change("depots", set={"initial_high_kl": ""}),),
}
"""What is off, and by which changes."""


def reported() -> pd.DataFrame:
    """Read what was reported: value and range, by target."""
    targets = pd.read_csv(FACTS / "targets.csv").set_index("target_id")
    rows = pd.read_csv(FACTS / "observed.csv")
    is_street = (rows["series"] == "parallel_price") & (rows["product"] == "petrol")
    is_last = rows["place"].isin(CAPITAL) & (rows["date"] == LAST_PRICE)
    prices = rows[is_street & is_last].assign(target_id="price").set_index("target_id")
    columns = ["value", "low", "high"]
    return pd.concat([targets.loc[TARGETS, columns], prices[columns]])


def modelled(run: Run) -> pd.DataFrame:
    """Read what would be reported off a run, one row for each member."""
    weekly = run.weekly["price_per_l"].sel(product="petrol")
    peaks = weekly.sel(week=slice(CLOSED, PUMPS_OPEN)).max("week")
    july = quoted(run, "july", weekly.sel(place="pap").isel(week=0))
    peak = quoted(run, "peak", peaks.sel(place="pap"))
    away = quoted(run, "peak-cayes", peaks.sel(place="cayes"))
    daily = run.daily["price_per_l"].sel(product="petrol")
    last = quoted(run, "last", daily.sel(day=LAST_PRICE))
    corridors = run.case.corridors
    ways = list(corridors[corridors["origin"] == "varreux"]["corridor"])
    loads = run.weekly["corridor_trucks_sent"].sel(corridor=ways).sum("corridor") / 7
    weeks = pd.date_range(FIRST_TRUCK, periods=4, freq="7D")
    values = {
        "T001": closing_day(run),
        "T002": peak / july,
        "T003": peak / OLD_PRICE,
        "T004": away / peak,
        "T005": last / NEW_PRICE,
        "T006": loads.sel(week=weeks[0]),
        "T007": loads.sel(week=weeks[2:]).mean("week"),
        "price": last * GALLON_L,
    }
    return pd.DataFrame({name: np.asarray(of) for name, of in values.items()})


def quoted(run: Run, row: str, prices: xr.DataArray) -> Floats:
    """Give what the press would quote of each member's price [HTG/l]."""
    told = Told(row, pd.Timestamp(LAST_PRICE))
    return as_reported(run, "street_price", told, prices.to_numpy())


def closing_day(run: Run) -> Floats:
    """Find the day of the closure on which pumps are closed, shape (member)."""
    days = slice(CLOSED, pd.Timestamp(FIRST_TRUCK) - pd.Timedelta(days=1))
    stations = run.daily["stations_open_share"].sel(day=days)
    is_closed = stations.transpose("member", "day").to_numpy() < 0.05
    first = is_closed.argmax(axis=1)
    return np.asarray(np.where(is_closed.any(axis=1), first, is_closed.shape[1]))


def table(reports: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Set each reported value against the members."""
    rows = {}
    for name, value, low, high in reports.itertuples():
        of_members = members[name].to_numpy(float)
        point = report_of(value, np.nan, np.nan)
        ends = np.quantile(of_members, BAND)
        rows[name] = {
            "reported": value,
            "10 %": ends[0],
            "50 %": np.median(of_members),
            "90 %": ends[1],
            "percentile": percentile(of_members, value),
            "inside": gap(ends, point) == 0,
            "meets range": gap(ends, report_of(value, low, high)) == 0,
            "score": interval_score(of_members, point),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def peak_factor(run: Run, reports: pd.DataFrame) -> float:
    """Give how far the middle of the modelled peaks lies from the reported one [1]."""
    weekly = run.weekly["price_per_l"].sel(product="petrol", place="pap")
    peak = float(weekly.sel(week=slice(CLOSED, PUMPS_OPEN)).max("week").median())
    told = OLD_PRICE * reports["value"].to_numpy(float)[TARGETS.index("T003")]
    return float(max(peak / told, told / peak))


def play(case: Case, members: int) -> Run:
    """Close the terminal."""
    return simulate(case, scenario="varreux-closed", members=members)


def summary(run: Run, reports: pd.DataFrame) -> pd.Series[float]:
    """Give the middle of each fact, and the sums over the targets."""
    checks = table(reports, modelled(run))
    scored = checks.loc[TARGETS]
    sums = {
        "inside": scored["inside"].sum(),
        "range met": scored["meets range"].sum(),
        "peak within a factor": peak_factor(run, reports),
        "sum of interval scores": scored["score"].sum(),
    }
    return pd.concat([checks["50 %"], pd.Series(sums)]).astype(float)


def main() -> None:
    """Print the table, or say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--members", type=int, default=2000)
    parser.add_argument("--ablation", action="store_true")
    asked = parser.parse_args()
    if not FACTS.is_dir():
        sys.exit(f"the reference facts are not there: {FACTS}")
    warnings.simplefilter("ignore", SupplylineWarning)
    case, reports = load_case("haiti"), reported()
    run = play(case, asked.members)
    print(table(reports, modelled(run)).round(2).to_string())
    columns = {"as it is": summary(run, reports)}
    for name, changes in WITHOUT.items() if asked.ablation else ():
        without = play(changed(case, changes), asked.members)
        columns[f"without {name}"] = summary(without, reports)
    print(pd.DataFrame(columns).round(2).T.to_string())


if __name__ == "__main__":
    main()
