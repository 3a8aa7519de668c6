"""Outcomes of the closed terminal in the columns of observed.csv, of made rows."""

import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest

import supplyline as sl
from supplyline.conditioning.facts import read_facts
from supplyline.errors import SupplylineWarning

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import haiti_forecast

HEADER = (
    "observed_id,role,series,product,place,date,date_precision,value,low,high,source_id"
)
PRICE, STATIONS = "outcome,parallel_price,petrol", "outcome,stations_open_share,fuel"
ROWS = {
    "point": f"{PRICE},cayes,2022-09-26,day,378.5411784,378.5411784,378.5411784",
    "suburb": f"{PRICE},petion_ville,2022-12-06,day,1450,1400,1500",
    "week": f"{PRICE},pap,2022-10-04,week,3500,3000,3500",
    "next day": f"{PRICE},pap,2022-10-05,day,3500,3000,3500",
    "shut": f"{STATIONS},pap,2022-09-19,day,0,0,0.05",
    "month": f"{PRICE},pap,2022-11-01,month,3000,2500,5000",
    "year before": f"{STATIONS},pap,2021-10-26,day,0.2,0.05,0.45",
    "too late": f"{PRICE},pap,2022-12-09,day,1375,1000,1750",
    "no depot": f"{PRICE},leogane,2022-09-26,day,2000,2000,",
    "input": f"input{PRICE.removeprefix('outcome')},pap,2022-09-26,day,1500,,",
    "other stations": f"{STATIONS},cayes,2022-11-12,day,0,0,0",
}
TAKEN = ["shut", "point", "week", "next day", "suburb"]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("haiti")
    lines = [f"{name.replace(' ', '-')},{row},made-page" for name, row in ROWS.items()]
    (folder / "observed.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    (folder / "sources.csv").write_text(
        "source_id,title,publisher,date,url,reliability,note\n"
        "made-page,A made page,Nobody,2022-10,,B,\n"
    )
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        patch.setattr(haiti_forecast, "FACTS", folder)
        yield haiti_forecast.case_on_day_22(sl.load_case("haiti"))


@pytest.fixture(scope="module")
def outcomes(case):
    return haiti_forecast.outcomes(case).set_index("claim", drop=False)


def test_only_outcomes_of_the_closure_that_a_run_can_give_are_taken(outcomes):
    assert list(outcomes.index) == [name.replace(" ", "-") for name in TAKEN]


def test_prices_are_by_litre_and_a_point_has_no_range(outcomes):
    point = outcomes.loc["point"]
    assert (point["series"], point["unit"]) == ("cayes_petrol_price", "HTG/l")
    assert point["value"] == pytest.approx(100)
    assert pd.isna(point["low"])
    assert pd.isna(point["high"])
    assert outcomes.loc["suburb", "series"] == "pap_petrol_price"


def test_a_week_ends_on_its_date(outcomes):
    week = outcomes.loc["week"]
    assert (week["start"], week["end"]) == tuple(
        map(pd.Timestamp, ("2022-09-28", "2022-10-04"))
    )


def test_the_case_takes_what_was_known_on_day_22_and_nothing_later(case, outcomes):
    known = outcomes[outcomes["end"] <= haiti_forecast.ORIGIN]
    facts = read_facts(case, extra=known).loc[known.index]
    assert list(facts.index) == ["shut", "point", "week"]
    assert facts["form"].tolist() == ["yes", "number", "number"]
    assert set(facts["use"]) == {"condition"}
    with pytest.raises(sl.CaseError, match="up to the cut-off, 2022-10-04"):
        read_facts(case, extra=outcomes)
