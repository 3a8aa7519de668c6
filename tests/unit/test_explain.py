"""Questions as people write them, and what the verb says."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import supplyline as sl
from supplyline.analysis.explain import explain_all
from supplyline.analysis.questions import Question, read_question
from supplyline.cli import app


@pytest.fixture(scope="module")
def run():
    """A short run of the toy case."""
    return sl.simulate(sl.load_case("toy"), days=60, members=128, seed=2)


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    """Its folder."""
    return run.save(tmp_path_factory.mktemp("runs"))


def ask(*words):
    """Ask by the command line."""
    return CliRunner().invoke(app, ["explain", *map(str, words)])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("short kerosene highcourt", Question("short", "highcourt", "kerosene")),
        ("Highcourt KEROSENE Shortage", Question("short", "highcourt", "kerosene")),
        ("price of gas_oil in Highcourt",
         Question("price", "highcourt", "gas_oil")),
        ("price gas oil highcourt", Question("price", "highcourt", "gas_oil")),
        ("shórt  hîghcourt, kérosene", Question("short", "highcourt", "kerosene")),
        ("short", Question("short", "highcourt", "")),
        ("price", Question("price", "highcourt", "kerosene")),
        ("trucks lost", Question("losses")),
        ("unmet highcourt", Question("missing", "highcourt", "")),
    ],
)  # fmt: skip
def test_a_question_is_read_in_any_order(run, text, meant):
    assert read_question(run, text, 60) == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("shrt kerosene", "did you mean 'short'"),
        ("short kerosen highcort", "did you mean 'kerosene'"),
        ("short kerosen highcort", "did you mean 'highcourt'"),
        ("short price", "names short and price; expected one outcome"),
        ("kerosene", "expected one of short, price, missing, losses, leader in it"),
        ("losses highcourt", "names highcourt; losses is of the nation"),
        ("", "expected one of short"),
        ("leader", "about the leader; run .* follows none"),
    ],
)
def test_what_is_wrong_with_a_question_is_told_with_the_nearest_name(run, text, told):
    with pytest.raises(ValueError, match=told):
        read_question(run, text, 60)


def test_days_that_the_run_does_not_have_are_refused(run):
    with pytest.raises(ValueError, match="days is 61; expected 1 to 60"):
        run.explain("short", within=61)


def test_no_text_is_refused(run):
    with pytest.raises(TypeError, match="expected text"):
        run.explain(7)


@pytest.mark.parametrize("word", ["short", "price", "missing", "losses"])
def test_each_outcome_is_explained(run, word):
    told = run.explain(word)
    assert told.drivers == () or told.drivers[0].share.value > 0
    assert str(told.to_know()) in str(told)
    assert told._repr_html_().startswith("<p")
    table = told.table()
    assert len(table) == sum(len(driver.quarters) for driver in told.drivers)
    for name, rows in table.groupby("driver"):
        assert rows["members"].sum() == 128, name


def test_the_chance_is_that_of_a_count_by_hand(run):
    short = run.is_short.sel(place="highcourt", product="gas_oil").to_numpy()
    last = int((run.daily["part"] == "past").sum()) - 1
    on = short[:, 2:] & short[:, 1:-1] & short[:, :-2]
    ahead, now = on[:, last - 1 : last + 29].any(axis=1), on[:, last - 2]
    told = run.explain("short gas_oil highcourt", within=30)
    assert told.outcome.value == pytest.approx(ahead.mean())
    assert told.already.value == pytest.approx(now.mean())
    assert told.new.value == pytest.approx((ahead & ~now).mean())


def test_many_questions_tell_what_each_tells_alone(run):
    questions = [read_question(run, text, 60) for text in ("price", "losses", "short")]
    for question, told in zip(questions, explain_all(run, questions, 3), strict=True):
        assert told == explain_all(run, [question], 3)[0]


def test_the_verb_says_chance_drivers_and_what_to_know(folder):
    said = ask(folder, "losses", "--within", "30d")
    assert said.exit_code == 0
    assert said.stdout.startswith("Trucks lost over 30 days:")
    told = json.loads(ask(folder, "losses", "--within", "30d", "--json").stdout)
    assert told["outcome"]["unit"] == "trucks"
    assert ask(folder, "losses", "--quiet").stdout == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("toy", "short"), "toy is a case, and not a run folder"),
        (("nowhere", "short"), "nowhere"),
    ],
)
def test_what_is_no_run_folder_is_told(words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = ask(*words)
    assert said.exit_code == 2
    assert told in said.output


def test_a_case_folder_is_told(tmp_path):
    sl.load_case("toy").save(tmp_path / "mine")
    assert "is a case, and not a run folder" in ask(tmp_path / "mine", "short").output


def test_a_fault_of_the_question_ends_with_code_2(folder):
    said = ask(folder, "shrt")
    assert said.exit_code == 2
    assert "did you mean 'short'" in said.output


def test_why_and_explain_say_how_they_differ():
    assert "sources" in CliRunner().invoke(app, ["explain", "--help"]).output
    assert "explain" in CliRunner().invoke(app, ["why", "--help"]).output


def test_inputs_that_are_one_value_for_all_do_not_come_into_question(run):
    told = run.explain("short")
    varied = int((run.params.nunique() > 1).sum())
    fixed = int((run.params.nunique() == 1).sum())
    assert fixed > 0
    assert varied <= told.looked_at.value <= varied + 60
    assert np.isfinite(told.looked_at.value)
