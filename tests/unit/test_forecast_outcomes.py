"""Outcomes held against a published forecast: scores by hand, and what is refused."""

import json
import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import supplyline as sl
from supplyline.case import read
from supplyline.cli import app
from supplyline.forecasts.outcomes import kept_beside, summarise
from supplyline.forecasts.published import LEVELS, Basis, Forecast, Series, Value
from supplyline.forecasts.register import enter

ORIGIN = date(2024, 2, 29)
WEEKS = 3
ENDS = [ORIGIN + timedelta(days=7 * week) for week in range(1, WEEKS + 1)]
HORIZON = ENDS[-1]
QUANTILES = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 40.0)
HEAD = "series,label,start,end,value,source\n"


def series(name, said, **fields):
    fields = {"axis": "", "unit": "trucks", "span": "week"} | fields
    return Series(name=name, title=name, definition="All.", said=tuple(said), **fields)


def value(end, start=None, label="", **said):
    start = start or end - timedelta(days=6)
    return Value(label=label, title=label, start=start, end=end, **said)


@pytest.fixture(scope="module")
def forecast():
    """Give a forecast whose scores are known on paper."""
    since = ORIGIN + timedelta(days=1)
    lost = [value(end, never_share=0, quantiles=QUANTILES) for end in ENDS]
    short = [
        value(end, label=town, chance=chance)
        for town, chance in (("aby", 0.25), ("bex", 1.0))
        for end in ENDS
    ]
    low = [
        value(HORIZON, since, "petrol", never_share=0.4, quantiles=QUANTILES),
        value(HORIZON, since, "gas", never_share=1),
    ]
    return Forecast(
        case="toy",
        title="Toy",
        origin=ORIGIN,
        horizon=HORIZON,
        weeks=WEEKS,
        published_on=ORIGIN,
        run="0" * 12,
        request={},
        engine_sha256="0" * 64,
        basis=Basis(is_prior=True, text="Made up."),
        levels=LEVELS,
        series=(
            series("trucks_lost", lost),
            series("short_week", short, axis="place", unit="probability"),
            series("low_day", low, axis="product", unit="days", span="end"),
        ),
    )


@pytest.fixture
def file(forecast, tmp_path):
    return enter(tmp_path / "forecasts", forecast)


@pytest.fixture
def score(file, tmp_path):
    def scored(rows, **options):
        table = tmp_path / "observed.csv"
        table.write_text(HEAD + rows)
        return sl.score_forecast(file, table, **options)

    return scored


def row(name, seen, week=1, label="", source="office"):
    end = ENDS[week - 1]
    start = ORIGIN + timedelta(days=1) if name == "low_day" else end - timedelta(6)
    return f"{name},{label},{start},{end},{seen},{source}\n"


def by_hand(seen):
    """Give twice the mean cost of the quantiles, one by one."""
    costs = [
        level * (seen - q) if seen >= q else (1 - level) * (q - seen)
        for level, q in zip(LEVELS, QUANTILES, strict=True)
    ]
    return 2 * sum(costs) / len(costs)


@pytest.mark.parametrize(
    ("seen", "inside"),
    [
        (10, (1, 1, 1)),
        (5, (1, 1, 1)),
        (20, (1, 1, 1)),
        (25, (0, 1, 1)),
        (2, (0, 1, 1)),
        (35, (0, 0, 1)),
        (0, (0, 0, 0)),
        (1e6, (0, 0, 0)),
    ],
)
def test_a_number_is_scored_by_its_quantiles(score, seen, inside):
    [scored] = score(row("trucks_lost", seen)).to_dict("records")

    assert scored["crps"] == pytest.approx(by_hand(seen))
    assert (scored["in_50"], scored["in_80"], scored["in_90"]) == inside
    assert scored["median"] == 10
    assert np.isnan(scored["brier"])
    assert np.isnan(scored["chance"])


@pytest.mark.parametrize(
    ("label", "seen", "brier"),
    [("aby", 0, 0.0625), ("aby", 1, 0.5625), ("bex", 1, 0.0), ("bex", 0, 1.0)],
)
def test_a_chance_is_scored_by_its_square(score, label, seen, brier):
    [scored] = score(row("short_week", seen, label=label)).to_dict("records")

    assert scored["brier"] == pytest.approx(brier)
    assert np.isnan(scored["crps"])


@pytest.mark.parametrize(
    ("label", "seen", "brier", "crps"),
    [
        ("petrol", "", 0.36, np.nan),
        ("petrol", 10, 0.16, by_hand(10)),
        ("gas", "", 0.0, np.nan),
        ("gas", 10, 1.0, np.nan),
    ],
)
def test_a_day_that_may_never_come_is_scored_as_a_chance_and_as_a_day(
    score, label, seen, brier, crps
):
    scored = score(row("low_day", seen, week=WEEKS, label=label)).iloc[0]

    assert scored["brier"] == pytest.approx(brier)
    assert scored["crps"] == pytest.approx(crps, nan_ok=True)


def test_scores_are_averaged_by_series(score):
    rows = [row("trucks_lost", seen, week) for week, seen in ((1, 0), (2, 10), (3, 30))]
    rows += [row("short_week", 1, week, label="aby") for week in (1, 2)]
    summary = summarise(score("".join(rows)))

    assert summary["outcomes"].to_dict() == {"trucks_lost": 3, "short_week": 2}
    lost, short = summary.loc["trucks_lost"], summary.loc["short_week"]
    assert lost["crps"] == pytest.approx(np.mean([by_hand(x) for x in (0, 10, 30)]))
    assert lost["in_80"] == pytest.approx(2 / 3)
    assert short["brier"] == pytest.approx(0.5625)
    assert np.isnan(short["in_80"])


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        (row("truck_lost", 1), r"series is 'truck_lost'.*did you mean 'trucks_lost'"),
        (row("trucks_lost", 1, label="aby"), "label is 'aby'; expected an empty cell"),
        (
            row("short_week", 1, label="aby2"),
            "label is 'aby2'; expected one of aby, be",
        ),
        (row("short_week", 1), "label is empty; expected one of aby, bex"),
        (
            row("short_week", 0.5, label="aby"),
            "value is '0.5'; expected 1 for yes or 0",
        ),
        (row("short_week", "", label="aby"), "value is empty; expected 1 for yes"),
        (row("short_week", "yes", label="aby"), "value is 'yes'; expected a number"),
        (row("trucks_lost", -1), "value is '-1'; expected a number of at least 0"),
        (row("trucks_lost", ""), "value is empty; expected a number of at least 0"),
        (row("trucks_lost", "nan"), "value is 'nan'; expected a number"),
        (row("trucks_lost", "1e999"), "value is '1e999'; expected a number"),
        (row("trucks_lost", "1,5"), "has 7 cells"),
        (row("trucks_lost", 1, source=""), "source is empty"),
        (row("trucks_lost", 1, source="=cmd()"), "spreadsheet would run"),
        (row("trucks_lost", 1, source="\x1b[2J"), "without control characters"),
        (
            row("low_day", 22, WEEKS, "gas"),
            "value is '22'; expected a day from 1 to 21",
        ),
        (row("low_day", 0, WEEKS, "gas"), "value is '0'; expected a day from 1 to 21"),
        (2 * row("trucks_lost", 1), "same series and window as line 2"),
        (
            "trucks_lost,,2024-03-02,2024-03-08,1,x\n",
            "a window that was published, such as 2024-03-01 to 2024-03-07",
        ),
        (
            "trucks_lost,,2024-03-01,2024-03-31,1,x\n",
            "such as 2024-03-15 to 2024-03-21",
        ),
        ("trucks_lost,,1.3.2024,7.3.2024,1,x\n", "expected days such as"),
        ("", "has no rows"),
    ],
)
def test_an_outcome_that_cannot_be_is_told(score, rows, match):
    with pytest.raises(sl.ForecastError, match=match):
        score(rows)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "is empty"),
        (b"series,label\n", "has no column 'start'"),
        (HEAD.replace("value", "valeu").encode(), "unknown column 'valeu'"),
        (HEAD.replace(",", ";").encode(), "parted by ';'"),
        (HEAD.encode("utf-16"), "UTF-16"),
        (HEAD.encode() + b"a,\xff,,,,\n", "not UTF-8"),
        (HEAD.encode() + b'"a\n', "not closed"),
        (HEAD.encode() + b"\0", "NUL"),
        (HEAD.encode() + b"a" * 200_000, "characters|cell"),
    ],
)
def test_a_file_that_is_no_table_is_told(file, tmp_path, content, match):
    table = tmp_path / "observed.csv"
    table.write_bytes(content)

    with pytest.raises(sl.ForecastError, match=match):
        sl.score_forecast(file, table)


def test_a_file_that_is_absent_a_folder_a_link_or_too_large_is_told(
    file, tmp_path, monkeypatch
):
    for name, match in (("absent.csv", "is missing"), (".", "no plain file")):
        with pytest.raises(sl.ForecastError, match=match):
            sl.score_forecast(file, tmp_path / name)
    (tmp_path / "link.csv").symlink_to(file)
    with pytest.raises(sl.ForecastError, match="is a link"):
        sl.score_forecast(file, tmp_path / "link.csv")
    monkeypatch.setattr(read, "MAX_FILE_BYTES", file.stat().st_size)
    (tmp_path / "large.csv").write_bytes(b"a" * (file.stat().st_size + 1))
    with pytest.raises(sl.ForecastError, match="large"):
        sl.score_forecast(file, tmp_path / "large.csv")


def test_all_faults_are_told_at_once(score):
    rows = row("trucks_lost", -1) + row("lost", 1) + row("trucks_lost", 1, source="")

    with pytest.raises(sl.ForecastError, match="3 problems"):
        score(rows)


def test_a_forecast_that_was_altered_is_not_scored(file, tmp_path):
    table = tmp_path / "observed.csv"
    table.write_text(HEAD + row("trucks_lost", 1))
    file.write_text(file.read_text().replace("40.0", "41.0"))

    with pytest.raises(sl.ForecastError, match="does not tell"):
        sl.score_forecast(file, table)


def test_kept_outcomes_are_scored_in_the_list(score, file):
    rows = row("trucks_lost", 10) + row("trucks_lost", 35, week=2)
    rows += row("short_week", 1, label="aby")
    assert not kept_beside(file).exists()
    scores = score(rows, keep=True)

    pd.testing.assert_frame_equal(sl.score_forecast(file), scores)
    [listed] = sl.read_forecasts(file.parent).to_dict("records")
    assert (listed["outcomes"], listed["windows"]) == (3, 11)
    assert (listed["in_80"], listed["in_90"]) == (0.5, 1.0)
    assert listed["brier"] == pytest.approx(0.5625)


def test_outcomes_with_faults_are_not_kept(score, file):
    with pytest.raises(sl.ForecastError):
        score(row("trucks_lost", -1), keep=True)
    assert not kept_beside(file).exists()


def test_kept_outcomes_with_faults_are_told_by_the_list(file):
    kept_beside(file).write_text(HEAD + row("lost", 1))

    with pytest.raises(sl.ForecastError, match=r"observed\.csv:2: series is 'lost'"):
        sl.read_forecasts(file.parent)


def call(*arguments):
    wide = {"COLUMNS": "120"}  # of a terminal, so that no cell goes on below
    done = CliRunner().invoke(app, ["forecast", *map(str, arguments)], env=wide)
    return done.exit_code, done.output


def test_the_verbs_publish_score_list_and_verify(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    few = ("--weeks", 2)

    code, said = call("publish", "toy", *few)
    assert (code, "--prior" in said) == (2, True)
    assert not any(tmp_path.iterdir())
    code, said = call("publish", "toy", *few, "--prior", "--json")
    published = json.loads(said)
    assert code == 0
    run = next((tmp_path / "runs").iterdir())
    assert call("publish", run, "--weeks", 9, "--prior")[0] == 2
    assert call("publish", run, "--weeks", 1, "--prior")[0] == 0

    file = tmp_path / published["file"]
    weeks = json.loads(file.read_text())["series"][1]["said"]
    lines = [f"trucks_received,,{w['start']},{w['end']},9,x\n" for w in weeks]
    (tmp_path / "observed.csv").write_text(HEAD + "".join(lines))
    code, said = call("score", file, "observed.csv", "--keep")
    assert code == 0
    assert f"trucks_received         {weeks[0]['end']}  9 " in said
    told = r"^trucks_received  Tankers received in a week +trucks +2 .*$"
    [line] = re.findall(told, said, re.MULTILINE)
    assert re.search(r"( {2,}(0|50|100) %){3}$", line)
    code, said = call("list")
    assert said.splitlines()[1].endswith(" %")
    assert (code, "2 of " in said, "prior" in said) == (0, True, True)
    assert call("verify", "--entry", published["entry"])[0] == 0
    assert call("verify", "--entry", "0" * 64)[0] == 2
    file.write_bytes(file.read_bytes().replace(b"toy", b"tow", 1))
    code, said = call("verify")
    assert (code, file.name in said) == (2, True)
    assert call("publish", run, "--weeks", 2, "--prior")[0] == 2
