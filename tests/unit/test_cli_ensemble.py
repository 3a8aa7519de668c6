"""Verbs that rest on the conditioned ensemble of a case, or say why they do not."""

import json
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

import supplyline as sl
from made_conditioned import made_conditioned
from supplyline.cli import app
from supplyline.runs import Lineage, Stretch

MEMBERS = 32
DAYS = ["--days", "10"]
PRIOR = ["--members", str(MEMBERS), *DAYS]


def call(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def case(tmp_path, monkeypatch):
    """Toy in a folder of its own, with a conditioned ensemble."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(sl.load_case("toy").folder, tmp_path / "land")
    case = sl.load_case("land")
    made_conditioned(case, MEMBERS, seed=3).save()
    return case


def brief(*options):
    return call("brief", "land", "--no-scenarios", *options, *DAYS)


def run_of(result):
    """Read the run that a verb says it made."""
    assert result.exit_code == 0, result.output
    return sl.load_run(json.loads(result.stdout)["run"])


def test_the_brief_rests_on_the_ensemble(case):
    result = brief()
    assert result.exit_code == 0
    assert f"rests on   6 facts to {case.config.cutoff}" in result.stdout
    page = (case.folder.parent / "land-brief.html").exists()
    name = next(case.folder.parent.glob("*-brief.html"))
    assert "What was learned" in name.read_text()
    run = run_of(brief("--json"))
    conditioned = sl.load_conditioned(case)
    assert run.lineage == conditioned.lineage
    assert run.manifest.seed == 3
    assert page or name.name == "toy-brief.html"


def test_fewer_members_are_the_first(case):
    run = run_of(brief("--json", "--members", 8))
    assert run.lineage == sl.load_conditioned(case).lineage.of(np.arange(8))


def test_options_live_on_the_same_luck(case):
    result = call("brief", "land", "--json", *DAYS)
    told = json.loads(result.stdout)
    assert told["rests_on"] == "facts"
    assert told["options"]
    page = next(case.folder.parent.glob("*-brief.html")).read_text()
    assert 'id="options"' in page


@pytest.mark.usefixtures("case")
def test_simulate_gives_the_run_of_the_brief():
    made = run_of(brief("--json"))
    again = call("simulate", "land", "--conditioned", "-o", "runs", *DAYS)
    assert "kept" in again.stdout
    assert made.manifest.name in again.stdout
    changed = call(
        "simulate", "land", "--conditioned", "-o", "runs", *DAYS, "--json",
        "--scenario", "no-escorts",
    )  # fmt: skip
    compared = sl.compare(made, run_of(changed))
    assert compared.members == MEMBERS


@pytest.mark.usefixtures("case")
def test_simulate_gives_the_prior_if_nothing_is_said():
    run = run_of(call("simulate", "land", "--json", *PRIOR))
    assert run.lineage is None
    with pytest.raises(ValueError, match="do not share their luck"):
        sl.compare(run, run_of(brief("--json")))


def forget(case):
    shutil.rmtree(case.folder / "conditioned")


def cut(case):
    (case.folder / "conditioned" / "facts.csv").unlink()


def alter(case):
    path = case.folder / "conditioned" / "without.csv"
    path.write_text(path.read_text().replace("0.3", "0.9"))


def spoil(case):
    (case.folder / "conditioned" / "report.json").write_text("{")


def change(case):
    path = case.folder / "places.csv"
    path.write_text(path.read_text().replace("Highcourt", "Lowcourt"))


def fail(case):
    made_conditioned(case, MEMBERS, is_passed=False).save()


def age(case):
    made_conditioned(case, MEMBERS, engine_sha256="0" * 64).save()


def reread(case):
    made_conditioned(case, MEMBERS, facts_sha256="0" * 64).save()


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (forget, "the case has no conditioned ensemble"),
        (cut, "files of its conditioned ensemble are missing or altered"),
        (alter, "files of its conditioned ensemble are missing or altered"),
        (spoil, "files of its conditioned ensemble are missing or altered"),
        (change, "does not hold: the case has changed since: places.csv"),
        (fail, "does not hold: it did not pass its gate"),
        (age, "does not hold: the engine has changed since"),
        (reread, "does not hold: facts are read otherwise since"),
    ],
)
def test_what_does_not_hold_is_told_and_the_prior_taken(case, fault, why):
    fault(case)
    result = brief("--members", MEMBERS)
    assert result.exit_code == 0
    assert why in result.stdout
    assert "supplyline condition land makes one that holds" in result.stdout
    page = next(case.folder.parent.glob("*-brief.html")).read_text()
    assert why in page
    assert str(case.folder) not in page
    assert run_of(brief("--members", MEMBERS, "--json")).lineage is None
    refused = call("simulate", "land", "--conditioned", *DAYS)
    assert refused.exit_code == 2
    assert why in refused.stderr
    assert "supplyline condition land" in refused.stderr


def test_the_prior_is_taken_where_it_is_asked_for(case):
    result = brief("--prior", "--members", MEMBERS)
    assert result.exit_code == 0
    assert "rests on" not in result.stdout
    page = next(case.folder.parent.glob("*-brief.html")).read_text()
    assert "none was held against what was reported." in page.replace("\n", " ")


@pytest.mark.parametrize(
    ("options", "command"),
    [
        (["--members", MEMBERS + 1], f"condition land --members {MEMBERS + 1}"),
        (["--members", 5000], "condition land --members 5000"),
        (["--seed", 1], "condition land --seed 1"),
        (["--seed", 4, "--members", 8], "condition land --seed 4"),
    ],
)
@pytest.mark.parametrize("verb", [["brief"], ["simulate", "--conditioned"]])
@pytest.mark.usefixtures("case")
def test_what_the_ensemble_cannot_give_is_refused(verb, options, command):
    result = call(verb[0], "land", *verb[1:], *options, *DAYS)
    assert result.exit_code == 2
    text = " ".join(result.stderr.replace("│", " ").split())
    assert command in text
    assert not list(sl.load_case("land").folder.parent.glob("runs/*"))


def test_scores_kept_with_the_ensemble_are_printed(case):
    file = case.folder / "conditioned" / "backtest.csv"
    file.write_text(
        "forecast,against,facts,origins,score,rival_score,skill,low,high\n"
        "model,last value,9,3,0.5,0.4,-0.25,,\n"
    )
    assert brief().exit_code == 0
    page = next(case.folder.parent.glob("*-brief.html")).read_text()
    assert "Nothing beats the <bdi>" in page
    file.write_text("forecast,against\nmodel,mean\n")
    result = brief()
    assert result.exit_code == 2
    assert "backtest.csv" in result.stderr
    assert "rival_score" in result.stderr


def test_published_forecasts_of_the_case_are_listed(case):
    made = call("simulate", "land", "-o", "runs", "--days", "40", "--members", "16")
    assert made.exit_code == 0
    [folder] = (case.folder.parent / "runs").iterdir()
    published = call("forecast", "publish", folder, "--prior", "--weeks", "4")
    assert published.exit_code == 0, published.output
    assert brief().exit_code == 0
    page = next(case.folder.parent.glob("*-brief.html")).read_text()
    assert "Published forecasts" in page


def test_a_lineage_of_fewer_members_is_compared_with_one_of_more(toy):
    lineage = Lineage((Stretch(0, np.arange(5, 21)),))
    base = sl.simulate(toy, days=8, lineage=lineage)
    fewer = sl.simulate(toy, days=8, lineage=lineage.of(np.arange(4)))
    assert sl.compare(base, fewer).members == 4
    for other in ([6, 5, 7, 8], [5, 6, 7, 9]):
        run = sl.simulate(toy, days=8, lineage=Lineage((Stretch(0, np.array(other)),)))
        with pytest.raises(ValueError, match="do not share their luck: lineage"):
            sl.compare(base, run)
