"""Backtest: origins, what is known on each, mixtures, and the verdict."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import supplyline as sl
from supplyline.case.frames import Frames
from supplyline.cli import app
from supplyline.forecasts.backtest import Backtest, backtest, mixed
from supplyline.forecasts.bootstrap import hardest
from supplyline.forecasts.mixture import LEAST_FORECASTS, learned_shares, pooled_crps

ORIGINS = ("2025-09-30", "2025-10-31", "2025-11-30")


@pytest.fixture(scope="module")
def mali():
    return sl.load_case("mali")


@pytest.fixture(scope="module")
def scored(mali):
    return sl.backtest(mali, ORIGINS, members=64)


def test_every_row_lies_after_its_origin(scored):
    assert scored.origins == tuple(map(pd.Timestamp, ORIGINS))
    assert (scored.rows["end"] > scored.rows["origin"]).all()
    assert set(scored.rows["origin"]) == set(scored.origins)


def test_the_forecaster_is_given_the_case_as_it_was_known(mali):
    asked = []

    def forecaster(case, origin):
        asked.append((case, origin))
        ahead = (pd.Timestamp("2025-12-31") - origin).days
        return sl.simulate(case, days=ahead, members=16, seed=1)

    made = backtest(mali, ORIGINS[1:], forecaster)

    assert [origin for _, origin in asked] == list(made.origins)
    for case, origin in asked:
        assert pd.Timestamp(case.config.cutoff) == origin
        assert (case.measures["start"] <= origin).all()
        assert (case.observed["end"] <= origin).all()
    # begun by the last origin, but told only in December
    assert "truce-november" not in set(asked[-1][0].measures["measure"])


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("toy", "2024-01-31"),
        ("toy", "2024-02-20"),
        ("haiti", "2022-08-01"),
        ("corridor180", "2024-01-06"),
    ],
)
def test_prices_from_the_first_day_on_are_known_though_told_of_later(name, day):
    case = sl.load_case(name)

    measures = case.known_by(pd.Timestamp(day).date()).measures

    priced = measures[measures["kind"] == "official_price"]
    for product in case.config.products:
        assert (priced["target"].isna() | (priced["target"] == product)).any()
    began_later = measures["start"] > pd.Timestamp(case.config.start)
    later = case.measures["start"] > pd.Timestamp(case.config.start)
    assert began_later.sum() < later.sum()


def test_a_case_that_would_have_been_without_a_price_is_refused():
    toy = sl.load_case("toy")
    measures = toy.measures
    is_price = measures["kind"] == "official_price"
    first = measures[is_price].assign(end=pd.Timestamp("2024-01-10"))
    second = measures[is_price].assign(
        start=pd.Timestamp("2024-01-11"), measure=lambda table: table["measure"] + "-2"
    )
    changed = pd.concat([measures[~is_price], first, second], ignore_index=True)
    case = replace(toy, tables=Frames({**toy.tables, "measures": changed}))

    with pytest.raises(sl.CaseError, match="has no official_price of 'kerosene'"):
        case.known_by(date(2024, 1, 31))


def test_the_prior_is_forecast_where_nothing_else_is_given(mali, scored):
    def forecaster(case, origin):
        ahead = (pd.Timestamp("2026-01-07") - origin).days
        return sl.simulate(case, days=ahead, members=64, seed=1)

    given = backtest(mali, ORIGINS, forecaster)

    pd.testing.assert_frame_equal(given.rows, scored.rows)


def test_without_origins_the_ends_of_months_with_a_past_are_taken(mali):
    made = sl.backtest(mali, members=16)
    assert made.origins == tuple(map(pd.Timestamp, ("2025-08-31", *ORIGINS)))


def test_the_last_week_of_a_town_is_whole():
    scored = sl.backtest(sl.load_case("haiti"), ["2022-08-31"], members=16)
    rows = scored.rows.set_index("fact")
    assert rows.loc["street-cap-september", "never_share"] == 0
    assert rows.loc["street-cap-september", "median"] > 0


@pytest.mark.parametrize("day", ["2024-01-01", "2025-12-31", "2031-01-01"])
def test_an_origin_with_nothing_to_forecast_is_refused(mali, day):
    with pytest.raises(ValueError, match=f"origin is {day}; expected a day from"):
        sl.backtest(mali, [ORIGINS[0], day])


def test_a_case_without_facts_before_and_after_an_end_of_month_is_told():
    case = sl.load_case("corridor180")
    with pytest.raises(ValueError, match="corridor180 has no end of a month"):
        sl.backtest(case)


def test_the_table_compares_what_both_forecast(scored):
    table = scored.table().set_index("against")
    part = scored.pairs[scored.pairs["rival"] == "climatology"]
    means = part[["crps", "rival_crps"]].mean()

    line = table.loc["climatology"]
    assert line["facts"] == len(part)
    assert line["skill"] == pytest.approx(1 - means["crps"] / means["rival_crps"])
    assert np.isnan(line["low"])


def pairs(origins=30, gain=0.3, seed=1):
    """Make weekly forecasts of one fact each, one week ahead."""
    rng = np.random.default_rng(seed)
    rival = rng.exponential(size=origins)
    days = pd.date_range("2025-01-01", periods=origins, freq="7D")
    return pd.DataFrame(
        {
            "origin": days,
            "fact": [f"F{number}" for number in range(origins)],
            "known": days + pd.Timedelta(days=7),
            "lead": 1,
            "rival": "last value",
            "crps": rival * (1 - gain) + 0.05 * rng.exponential(size=origins),
            "rival_crps": rival,
            "distance": 0.2,
        }
    )


def made(table):
    days = tuple(table["origin"].unique())
    return Backtest("made", days, pd.DataFrame(), mixed(table))


def test_mixtures_are_learned_from_what_was_known_on_each_origin():
    table = pairs(gain=0)
    mixture = mixed(table)["mixture"]

    assert mixture[:LEAST_FORECASTS].isna().all()
    assert mixture[LEAST_FORECASTS:].notna().all()
    for number in (LEAST_FORECASTS, 20):
        row = table.iloc[[number]]
        share = learned_shares(table[:number], row["origin"].iloc[0])[1]
        expected = pooled_crps(row, share.weight).iloc[0]
        assert mixture[number] == pytest.approx(expected)


def test_a_mixture_does_not_change_with_what_came_later():
    table = pairs(gain=0)
    changed = table.copy()
    changed.loc[20:, "crps"] *= 50

    before, after = (mixed(each)["mixture"] for each in (table, changed))

    pd.testing.assert_series_equal(before[:20], after[:20])
    assert not before[21:].equals(after[21:])


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (-9, "Nothing beats the last value here (skill -"),
        (0.9, "beats every rival here, the last value by the least (skill 0."),
    ],
)
def test_the_verdict(gain, words):
    # where the two forecasts are the same, no mixture is better
    assert words in made(pairs(gain=gain).assign(distance=0.0)).verdict()


def test_a_mixture_may_be_what_beats_the_rivals():
    table = pairs(gain=0).assign(distance=1.0)
    verdict = made(table).verdict()
    assert verdict.startswith("The mixture beats every rival here")
    assert "90 %" in verdict


@pytest.mark.parametrize("origins", [2, 6, 9])
def test_better_without_an_interval_is_not_surely_better(origins):
    verdict = made(pairs(origins=origins, gain=0.9)).verdict()
    assert verdict.startswith("The model scores best here, but not surely so: the last")
    assert "too few for an interval" in verdict


def test_better_with_an_interval_around_0_is_not_surely_better():
    table = pairs(gain=0).assign(distance=0.0)
    table["crps"] = table["rival_crps"] * np.where(np.arange(30) % 2, 1.5, 0.48)
    line = hardest(made(table).table())
    assert line.low < 0 < line.skill
    assert "not surely so" in made(table).verdict()


def test_without_a_past_there_is_no_rival():
    verdict = made(pairs().assign(rival_crps=np.nan)).verdict()
    assert verdict == "No fact has a past from which a rival could forecast it."


def call(*arguments):
    wide = {"COLUMNS": "120"}  # of a terminal, so that no cell goes on below
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=wide)


SMALL = (
    "backtest",
    "mali",
    "--members",
    64,
    "--from",
    ORIGINS[0],
    "--from",
    ORIGINS[2],
)


def test_the_verb_tells_rows_skill_and_verdict(mali):
    told = call(*SMALL)

    assert told.exit_code == 0, told.output
    assert "2025-09-30  electricity-october" in told.stdout
    assert "model     climatology" in told.stdout
    assert told.stdout.count("10 % quantile  90 % quantile") == 1
    assert "90 % interval of skill" in told.stdout
    for word in ("CRPS", "Brier's", "Lower is better", "Skill: share"):
        assert word in told.stdout
    scored = sl.backtest(mali, [ORIGINS[0], ORIGINS[2]], members=64)
    assert scored.verdict() in told.stdout


@pytest.mark.parametrize(
    "line",
    [
        "losses Trucks lost by the end of February truck 2024-02-29 10",
        "F2 Imports by customs, in kilolitres kl 2024-02-10 900",
        "F5 Parallel price, mean: kerosene, Highcourt XXX/l 2024-02-10 4.2",
    ],
)
def test_a_fact_is_told_by_what_it_is(line):
    told = call("backtest", "toy", "--members", 64)

    assert told.exit_code == 0, told.output
    assert line in " ".join(told.stdout.split())


def test_the_verb_gives_a_program_the_same(mali):
    told = json.loads(call(*SMALL, "--json").stdout)
    scored = sl.backtest(mali, [ORIGINS[0], ORIGINS[2]], members=64)

    assert told["origins"] == [ORIGINS[0], ORIGINS[2]]
    assert told["verdict"] == scored.verdict()
    assert len(told["rows"]) == len(scored.rows)
    first = scored.rows.iloc[0]
    assert told["rows"][0]["title"] == first["title"]
    assert told["rows"][0]["unit"] == first["unit"]
    assert told["rows"][0]["end"] == f"{scored.rows['end'].iloc[0]:%Y-%m-%d}"
    assert told["table"][0]["skill"] == scored.table()["skill"].iloc[0]


def test_the_verb_refuses_an_origin_that_cannot_be():
    told = call("backtest", "toy", "--from", "2031-01-01")

    assert told.exit_code == 2
    assert "Error: origin is 2031-01-01; expected a day from 2024-01-01" in told.output
