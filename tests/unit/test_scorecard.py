"""Reported figures beside modelled ones, on runs made by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from made_regime import made_regime_run, with_rows
from made_runs import made_run
from supplyline.analysis.scorecard import COLUMNS, VERDICTS, scorecard

MEMBERS = 11


@pytest.fixture(scope="module")
def run(toy):
    return made_regime_run(toy, members=MEMBERS)


def claim(name, value, **cells):
    """Give a row of claims.csv."""
    row = {
        "claim": name, "subject": "war", "quantity": "deaths", "area": "country:XA",
        "value": value, "low": np.nan, "high": np.nan, "unit": "count",
        "start": pd.Timestamp("2024-01-01"), "end": pd.Timestamp("2024-02-29"),
        "note": None, "source": "made-up",
    }  # fmt: skip
    return row | cells


def entry(name, measure, **cells):
    """Give a row of scorecard.csv."""
    row = {
        "claim": name, "measure": measure, "argument": None, "start": pd.NaT,
        "end": pd.NaT, "factor": np.nan, "reason": None, "source": "made-up",
    }  # fmt: skip
    return row | cells


def told(run, claims, entries):
    """Score claims made by hand."""
    card = pd.DataFrame(entries, dtype=object)
    dates = dict.fromkeys(("start", "end"), "datetime64[us]")
    case = with_rows(
        run.case,
        claims=pd.DataFrame(claims),
        scorecard=card.astype(dates | {"factor": "float64"}),
    )
    return scorecard(replace(run, case=case)).set_index("claim", drop=False)


def with_daily(run, **values):
    """Give a run other daily series, the same every day, one value a member."""
    shape = run.daily["attacks"].shape
    series = {
        name: (("member", "day"), np.broadcast_to(np.array(v)[:, None], shape), {})
        for name, v in values.items()
    }
    return replace(run, daily=run.daily.assign(series))


def test_a_sum_is_counted_over_the_window(run):
    ramp = with_daily(run, harm_killed=np.arange(MEMBERS))

    found = told(
        ramp,
        [claim("A", 300), claim("B", 100), claim("C", 2e9, low=1e9, high=3e9)],
        [entry(name, "operation_deaths") for name in "ABC"],
    )

    # 60 days of 0 to 10 a day
    assert found.loc["A", ["p10", "p50", "p90"]].tolist() == [60, 300, 540]
    assert found["verdict"].tolist() == ["inside", "inside", "outside"]
    assert (found["pro_rata"] == 1).all()
    assert found.loc["A", "title"] == "Civilians killed by the state and its partners"


def test_a_window_that_reaches_back_is_scaled(run):
    ramp = with_daily(run, harm_operations=np.full(MEMBERS, 2.0))
    early = {"start": pd.Timestamp("2023-11-02"), "end": pd.Timestamp("2024-01-30")}

    found = told(
        ramp,
        [claim("A", 180, **early), claim("B", 2000, unit="persons", **early)],
        [entry("A", "operations"), entry("B", "partner_troops")],
    )

    # 30 days of 90 lie in the run
    assert found["pro_rata"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert found.loc["A", "p50"] == pytest.approx(180)
    assert found.loc["B", "p50"] == pytest.approx(2000)
    assert found.loc["A", "verdict"] == "inside"


def test_the_window_of_the_row_and_its_factor_count(run):
    ramp = with_daily(run, displaced=np.full(MEMBERS, 500.0))
    days = {"start": pd.Timestamp("2024-02-01"), "end": pd.Timestamp("2024-02-10")}

    found = told(
        ramp, [claim("A", 0.5)], [entry("A", "displaced", factor=0.001, **days)]
    )

    assert found.loc["A", ["start", "end"]].tolist() == list(days.values())
    assert found.loc["A", "p50"] == pytest.approx(0.5)


def test_more_than_is_open_upward(run):
    flat = with_daily(run, harm_killed=np.full(MEMBERS, 10.0))

    found = told(
        flat,
        [claim("A", 500, low=500), claim("B", 500), claim("C", 700, low=700)],
        [entry(name, "operation_deaths") for name in "ABC"],
    )

    assert (found["p50"] == 600).all()
    assert found["verdict"].tolist() == ["inside", "outside", "outside"]


def test_claims_without_a_counterpart_stay_with_the_reason(run):
    late = {"start": pd.Timestamp("2025-01-01"), "end": pd.Timestamp("2025-01-31")}
    nothing = with_daily(run, convoys=np.zeros(MEMBERS))

    found = told(
        nothing,
        [claim("A", 1), claim("B", 1, **late), claim("C", 1)],
        [
            entry("A", None, reason="not modelled"),
            entry("B", "operations"),
            entry("C", "convoy_size"),
        ],
    )

    assert (found["verdict"] == VERDICTS[2]).all()
    assert found["reason"].tolist() == [
        "not modelled",
        "the run does not reach these days",
        "it never happens in the run",
    ]
    assert found[["p10", "p50", "p90", "pro_rata"]].isna().all(axis=None)
    assert found.loc["A", "measure"] is None


def test_a_run_without_groups_has_no_counterpart(toy):
    plain = made_run(toy)
    found = told(
        plain,
        [claim("A", 1), claim("B", 1, unit="truck")],
        [entry("A", "operation_deaths"), entry("B", "trucks_lost")],
    )

    assert found.loc["A", "reason"] == "the run does not follow armed groups"
    assert found.loc["B", "verdict"] in VERDICTS[:2]


def test_claims_that_disagree_are_named(run):
    found = told(
        run,
        [claim("A", 300), claim("B", 900), claim("C", 5, quantity="births")],
        [entry(name, None, reason="not modelled") for name in "ABC"],
    )

    assert found["is_disputed"].tolist() == [True, True, False]
    assert found["contradicted_by"].tolist() == ["B", "A", None]
    assert found["grade"].tolist() == ["F"] * 3
    assert found.loc["A", "statement"].startswith("war, deaths, country:XA: 300 count")


@pytest.mark.parametrize(
    ("measure", "argument", "low", "high"),
    [
        ("attacks", None, 0, 1e4),
        ("attack_share", "south", 0, 1),
        ("interdictor_attacks_per_month", None, 0, 1e3),
        ("revenue", "gold", 5e6, 5e7),
        ("price_increase", None, -100, 1e6),
        ("state_land_share", None, 0, 1),
        ("partner_troops", None, 2000, 2000),
        ("displaced", None, 3e5, 6e5),
        ("fighters", "rovers", 3000, 9000),
        ("leader_in_power", None, 1, 1),
        ("coup_attempts", None, 0, 5),
        ("besieged_regions", None, 0, 2),
        ("electricity_h", None, 0, 24),
        ("price_multiple", None, 0, 1e4),
    ],
)
def test_every_measure_has_a_value(run, measure, argument, low, high):
    found = told(run, [claim("A", 1)], [entry("A", measure, argument=argument)])

    assert low <= found.loc["A", "p10"] <= found.loc["A", "p90"] <= high
    assert found.loc["A", "title"][0].isupper()


def test_the_month_of_the_first_ban_is_a_given(run):
    found = told(run, [claim("A", 1)], [entry("A", "first_ban_month")])
    month = run.case.measures.query("kind == 'ban'")["start"].min().month

    assert found.loc["A", ["p10", "p90"]].tolist() == [month, month]


@pytest.mark.parametrize(
    ("measure", "argument", "message"),
    [
        ("mood", None, "scorecard.csv, A: measure is 'mood'; expected one of customs"),
        ("attack_share", "moon", "zone is 'moon'; expected one of centre, south"),
        ("attack_share", None, "attack_share needs a zone"),
        ("revenue", "alms", "stream is 'alms'; expected one of gold"),
        ("fighters", "nobody", "group is 'nobody'; expected one of raiders, rovers"),
    ],
)
def test_an_unknown_measure_or_argument_is_told(run, measure, argument, message):
    with pytest.raises(ValueError, match=message):
        told(run, [claim("A", 1)], [entry("A", measure, argument=argument)])


def test_the_scorecard_of_the_toy_case_is_whole(run):
    found = scorecard(run)

    assert found["claim"].tolist() == run.case.scorecard["claim"].tolist()
    assert list(found) == list(COLUMNS)
    assert set(found["verdict"]) <= set(VERDICTS)
