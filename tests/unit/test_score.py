"""What a run forecast of later facts: what is scored, against what, from which past."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

import supplyline as sl
from supplyline.analysis import scores
from supplyline.analysis.measures import MEASURES
from supplyline.conditioning.facts import fact_values, observed_values, read_facts
from supplyline.forecasts.rivals import RIVALS, Past, forecast
from supplyline.forecasts.score import COUNTS, score_column, score_facts, skill_column

CUTOFF = pd.Timestamp("2024-02-29")
COLUMNS = [
    "series", "start", "end", "value", "low", "high", "unit", "claim", "use",
    "same_as", "is_reading", "note", "source",
]  # fmt: skip


def rows_of(*given):
    """Make rows of observed.csv: series, unit, first day, last day, value, and more."""
    table = []
    for number, (series, unit, start, end, value, *more) in enumerate(given):
        row = dict.fromkeys(COLUMNS)
        row |= {"series": series, "unit": unit, "start": start, "end": end}
        row |= {"value": value, "claim": f"N{number}", "use": "condition"}
        row |= {"is_reading": "false", "source": "made-up"} | dict(*more)
        table.append(row)
    return pd.DataFrame(table, columns=COLUMNS)


LATER = rows_of(
    ("imports_volume_kl", "kl", "2024-03-01", "2024-03-10", 700),
    ("trucks_lost_cumulative", "count", "2024-01-01", "2024-03-20", 12),
    ("trucks_waiting", "count", "2024-03-05", "2024-03-05", 40, {"low": 30}),
    ("highcourt_kerosene_price", "XXX/l", "2024-03-15", "2024-03-15", 5),
)


@pytest.fixture(scope="module")
def run():
    return sl.simulate(sl.load_case("toy"), days=30, members=96, seed=3)


def later_facts(case):
    """Read the facts of a case with those that came later."""
    config = case.config.model_copy(update={"cutoff": date(2024, 4, 1)})
    return read_facts(replace(case, config=config), extra=LATER)


@pytest.fixture(scope="module")
def scored(run):
    return sl.score(run, LATER).set_index("fact")


def test_facts_after_the_cutoff_are_scored(scored):
    assert list(scored.index) == ["N0", "N1", "N2", "N3"]
    assert list(scored["form"]) == ["number", "number", "yes", "number"]
    assert scored.loc["N0", "lead_days"] == 5.5
    # a running count has half of the days that are to come as its lead
    assert scored.loc["N1", "lead_days"] == 10.5


def test_what_a_report_would_say_is_scored(run, scored):
    facts = later_facts(run.case).loc[["N0", "N2"]]
    values, seen = fact_values(run, facts), observed_values(facts)

    volume, waiting = values["N0"].to_numpy(), values["N2"].to_numpy()
    row = scored.loc["N0"]
    assert row["crps"] == pytest.approx(scores.crps(volume, seen["N0"]))
    assert row["interval_score"] == scores.interval_score(volume, seen["N0"], 0.8)
    assert row["median"] == np.quantile(volume, 0.5, method="inverted_cdf")
    assert row["is_inside"] == (row["q10"] <= 700 <= row["q90"])
    assert scored.loc["N2", "brier"] == pytest.approx((1 - waiting.mean()) ** 2)


def test_a_form_has_only_the_scores_that_it_can(scored):
    of_numbers = ["crps", "interval_score", "place", "is_inside"]
    assert scored.loc["N2", of_numbers].isna().all()
    assert scored.loc[["N0", "N1", "N3"], of_numbers].notna().all(axis=None)
    assert list(scored["brier"].notna()) == [False, False, True, False]
    assert scored["ignorance"].notna().all()


def test_rivals_know_the_series_of_a_fact_before_the_cutoff(scored):
    # 2100 kl in 20 days and 900 in 21, by the days of the fact
    past = Past(np.array([-49.5, -29.0]), 10 * np.array([2100 / 20, 900 / 21]), least=0)
    for name, values in forecast(past, 5.5, is_count=False).items():
        theirs = float(scores.crps(values, 700.0))
        row = scored.loc["N0"]
        assert row[score_column(name)] == pytest.approx(theirs)
        assert row[skill_column(name)] == pytest.approx(1 - row["crps"] / theirs)
    assert np.isnan(scored.loc["N0", "poisson_law"])


def test_of_a_series_with_one_value_the_rivals_without_a_spread_are_missing(scored):
    row = scored.loc["N3"]
    assert row["climatology"] == pytest.approx(0.8)
    for name in ("last_value", "random_walk", "mean", "poisson_law"):
        assert np.isnan(row[name])


@pytest.mark.parametrize(
    ("more", "climatology"),
    [
        # told in a range about a number: the number is a past value
        ({"is_reading": "true", "low": 20, "high": 60}, 15),
        # of "more than 30" there is none
        ({"low": 30}, np.nan),
    ],
)
def test_a_past_that_was_told_as_a_range(run, more, climatology):
    before = ("trucks_waiting", "count", "2024-02-01", "2024-02-01", 40, more)
    after = ("trucks_waiting", "count", "2024-03-05", "2024-03-05", 55)

    row = sl.score(run, rows_of(before, after)).iloc[0]

    assert row["climatology"] == pytest.approx(climatology, nan_ok=True)


def test_of_a_series_without_a_past_every_rival_is_missing(scored):
    assert scored.loc["N2", [score_column(name) for name in RIVALS]].isna().all()


FIRST = ("imports_volume_kl", "kl", "2024-03-01", "2024-03-10", 700)


@pytest.mark.parametrize("value", [1, 50_000])
def test_what_comes_later_changes_no_earlier_score(run, scored, value):
    later = ("imports_volume_kl", "kl", "2024-03-11", "2024-03-20", value)

    row = sl.score(run, rows_of(FIRST, later)).set_index("fact").loc["N0"]

    pd.testing.assert_series_equal(row, scored.loc["N0"], check_dtype=False)


def test_a_past_that_knew_the_future_would_be_seen(run, scored):
    earlier = ("imports_volume_kl", "kl", "2024-02-11", "2024-02-20", 50_000)

    row = sl.score(run, rows_of(FIRST, earlier)).set_index("fact").loc["N0"]

    assert row["climatology"] != scored.loc["N0", "climatology"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("electricity_h", "h/day", "2024-02-20", "2024-03-10", 9), "begins before"),
        (("electricity_h", "h/day", "2024-02-01", "2024-02-29", 9), "ends before"),
        ((*FIRST, {"use": "given"}), "is a given"),
        ((*FIRST, {"use": "check", "note": "told elsewhere"}), "only checks"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_facts_that_are_not_scored(run, row, why):
    assert sl.score(run, rows_of(row)).empty, why


def test_facts_after_the_end_of_the_run_are_left_out_with_a_word(run):
    beyond = ("electricity_h", "h/day", "2024-03-20", "2024-04-10", 9)

    with pytest.warns(sl.SupplylineWarning, match="run ends on 2024-03-30: N1"):
        table = sl.score(run, rows_of(FIRST, beyond))

    assert list(table["fact"]) == ["N0"]


def test_a_town_is_scored_as_far_as_weeks_are_whole(run):
    # the run has 90 days: the last whole week ends on 24 March 2024
    rows = [
        ("farfield_kerosene_price", "XXX/l", day, day, 5)
        for day in ("2024-03-24", "2024-03-25", "2024-03-30")
    ]

    with pytest.warns(sl.SupplylineWarning, match="run ends on 2024-03-30: N1, N2"):
        table = sl.score(run, rows_of(*rows))

    assert list(table["fact"]) == ["N0"]
    assert (table["never_share"] == 0).all()
    assert (table["median"] > 0).all()


def test_a_day_that_never_comes_counts_as_late_as_the_window_ends(run):
    facts = later_facts(run.case).loc[["N0"]]
    day = facts.assign(
        measure="first_shortage_day", form="number", value=3.0, kind="given"
    )
    served = run.daily.assign(
        public_served_share=run.daily["public_served_share"] * 0 + 1
    )

    [row] = score_facts(replace(run, daily=served), day).rows.to_dict("records")

    assert row["never_share"] == 1
    assert row["median"] == 10
    assert row["crps"] == pytest.approx(7)


def test_what_is_not_a_run_is_refused():
    with pytest.raises(TypeError, match="Run"):
        sl.score(sl.load_case("toy"))


def test_counts_are_measures():
    assert set(COUNTS) <= set(MEASURES)


@pytest.mark.parametrize("factor", [1, 1000])
def test_pairs_do_not_depend_on_the_unit(run, factor):
    """Skill over series of different units rests on the size of their past."""
    facts = later_facts(run.case).loc[["F1", "F2", "N0"]]
    given = facts.assign(value=facts["value"] * factor)

    pairs = score_facts(run, given).pairs

    rivals = score_facts(run, facts).pairs["rival_crps"]
    np.testing.assert_allclose(pairs["rival_crps"], rivals)
    assert set(pairs["lead"]) == {1}
