"""Forecast the closed terminal of Haiti from day 22, conditioned on outcomes by then.

    python benchmarks/haiti_forecast.py [--pool N] [--members N]

The case is `haiti` with what its scenario `varreux-closed` is told, the cut-off moved
to day 22 of the closure (4 October 2022). Outcomes are read of the reference facts
beside the checkout, as far as the case has a series for them: prices on the street by
litre, and stations of the capital, which were read off words and count as ranges. Those
that had ended by day 22 condition the members; those up to day 85 (6 December) are what
is scored, against the prior, which is told the same inputs, and the rivals. A value of
a week is taken as the mean of the seven days up to its date; ranges of a month are left
out. Loads of the terminal are scored as haiti.py reads them; nothing is known of them
before, so they have no rival.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd
from facts_2025 import changed
from haiti import CAPITAL, FACTS, GALLON_L, modelled, reported

from supplyline.analysis.scores import crps
from supplyline.case.case import load_case
from supplyline.case.change import Change
from supplyline.case.scenario_choice import choose_scenario
from supplyline.conditioning.condition import condition
from supplyline.engine.simulate import simulate
from supplyline.errors import SupplylineWarning
from supplyline.forecasts.rivals import RIVALS
from supplyline.forecasts.score import score, score_column

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.runs import Run

ORIGIN: Final = pd.Timestamp("2022-10-04")
LAST: Final = pd.Timestamp("2022-12-06")
CLOSED: Final = pd.Timestamp("2022-09-12")
BACK: Final = {"day": 0, "week": 6}
"""Days before its date that a value is also about."""
OF: Final = ("prior", "conditioned")
LOADS: Final = ("T006", "T007")


def outcomes(case: Case) -> pd.DataFrame:
    """Read outcomes of the closure in the columns of observed.csv, in order of time."""
    rows = pd.read_csv(FACTS / "observed.csv", parse_dates=["date"])
    capital = case.config.capital
    place = rows["place"].where(~rows["place"].isin(CAPITAL), capital)
    is_price = rows["series"] == "parallel_price"
    is_station = (rows["series"] == "stations_open_share") & (place == capital)
    is_taken = (is_price & place.isin(case.depots["place"])) | is_station
    is_taken &= (rows["role"] == "outcome") & rows["date_precision"].isin(list(BACK))
    is_taken &= rows["date"].between(CLOSED, LAST)
    litres = is_price.map({True: GALLON_L, False: 1.0})
    is_point = rows["low"] == rows["high"]
    back = pd.to_timedelta(rows["date_precision"].map(BACK), "D")
    taken = {
        "series": (place + "_" + rows["product"] + "_price").where(
            is_price, rows["series"]
        ),
        "start": rows["date"] - back,
        "end": rows["date"],
        "value": rows["value"] / litres,
        "low": (rows["low"] / litres).mask(is_point),
        "high": (rows["high"] / litres).mask(is_point),
        "unit": is_price.map({True: f"{case.config.currency}/l", False: "1"}),
        "claim": rows["observed_id"],
        "is_reading": is_station,
        "source": rows["source_id"],
    }
    return pd.DataFrame(taken)[is_taken].sort_values("end", kind="stable")


def case_on_day_22(case: Case) -> Case:
    """Tell the case the inputs of the closure and the sources, and move its cut-off."""
    sources = pd.read_csv(FACTS / "sources.csv", dtype=str).rename(
        columns={"source_id": "source", "url": "address"}
    )
    is_new = ~sources["source"].isin(case.sources["source"])
    columns = ["source", "title", "publisher", "date", "reliability"]
    added = sources.loc[is_new, columns].to_dict("records")
    changes = choose_scenario(case, "varreux-closed").change
    told = changed(case, (*changes, Change("sources", add=tuple(added))))
    config = told.config.model_copy(update={"cutoff": ORIGIN.date()})
    return replace(told, config=config)


def beside(runs: dict[str, Run], rows: pd.DataFrame) -> pd.DataFrame:
    """Set the scores of the runs beside those of rivals: CRPS, or Brier of a range."""
    scored = {
        name: score(run, observed=rows).set_index("fact") for name, run in runs.items()
    }
    own = scored["conditioned"]
    table = own[["title", "end", "form", "value", "q10", "median", "q90"]].copy()
    for name, each in scored.items():
        table[name] = each["crps"].fillna(each["brier"])
    return table.join(own[[score_column(rival) for rival in RIVALS]])


def score_loads(runs: dict[str, Run]) -> pd.DataFrame:
    """Score the trucks a day that left the terminal when it was open again."""
    came = reported()["value"][list(LOADS)]
    scores = {
        name: [float(crps(modelled(run)[fact], came[fact])) for fact in LOADS]
        for name, run in runs.items()
    }
    return pd.DataFrame({"value": came, **scores})


def main() -> None:
    """Print the tables, or say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pool", type=int, default=12_000)
    parser.add_argument("--members", type=int, default=2000)
    asked = parser.parse_args()
    if not FACTS.is_dir():
        sys.exit(f"the reference facts are not there: {FACTS}")
    warnings.simplefilter("ignore", SupplylineWarning)
    case = case_on_day_22(load_case("haiti"))
    # prices of towns are kept by whole weeks
    rows, days = outcomes(case), (LAST - ORIGIN).days + 7
    known = rows[rows["end"] <= ORIGIN]
    conditioned = condition(
        case, pool=asked.pool, members=asked.members, facts=known, days=days
    )
    print(conditioned)
    told = ["observed", *(f"{of}_{q}" for of in OF for q in ("q10", "q50", "q90"))]
    print(conditioned.facts[["title", *told]].round(2).to_string())
    runs = {
        "conditioned": conditioned.simulate(days=days),
        "prior": simulate(case, days=days, members=asked.members),
    }
    print(beside(runs, rows).to_string(float_format="%.4g"))
    print(score_loads(runs).to_string(float_format="%.4g"))


if __name__ == "__main__":
    main()
