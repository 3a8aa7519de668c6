"""The command line: output, files, errors and exit codes."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import supplyline as sl
from supplyline.cli import app

SMALL = ["--members", "64", "--days", "10"]


def call(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    assert call("simulate", "toy", "-o", folder, *SMALL).exit_code == 0
    changed = call("simulate", "toy", "-o", folder, *SMALL, "--scenario", "no-escorts")
    assert changed.exit_code == 0
    return {path.name.rsplit("-", 1)[0]: path for path in folder.iterdir()}


def test_version():
    assert call("--version").stdout == f"supplyline {sl.__version__}\n"


def test_python_runs_it_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "supplyline", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"supplyline {sl.__version__}\n"


def test_help_is_quick_because_nothing_heavy_is_loaded():
    code = (
        "import sys; from supplyline.cli import app; "
        "app(['--help'], standalone_mode=False); "
        "print(*{name.partition('.')[0] for name in sys.modules}); "
        "print(*(name for name in sys.modules if name.startswith('supplyline.')))"
    )
    # apart from what the environment loads into every Python that starts in it
    none = [sys.executable, "-c", "import sys; print(*sys.modules)"]
    environment = subprocess.run(  # noqa: S603 - our own interpreter
        none, capture_output=True, text=True, check=True
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    packages, ours = (set(line.split()) for line in done.stdout.splitlines()[-2:])
    known = {*sys.stdlib_module_names, *environment.stdout.split(), "supplyline"}
    assert "Commands" in done.stdout
    others = {name for name in packages - known if "cython" not in name}
    assert others <= {"typer", "shellingham", "annotated_doc", "rapidfuzz"}
    assert {name.split(".")[1] for name in ours} == {"cli", "errors", "language"}


def test_a_verb_does_not_search_all_that_is_loaded_for_garbage():
    code = (
        "import gc\n"
        "from supplyline.cli import app\n"
        "app(['check', 'toy'], standalone_mode=False)\n"
        "print('whole searches:', gc.get_stats()[2]['collections'])"
    )
    before = "import supplyline.cli, gc; print(gc.get_stats()[2]['collections'])"

    done, start = (
        subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", each], capture_output=True, text=True, check=True
        ).stdout.split()
        for each in (code, before)
    )

    assert done[-1] == start[-1]


def test_check_prints_what_the_case_holds():
    result = call("check", "toy")
    assert result.exit_code == 0
    assert "toy is sound." in result.stdout
    assert json.loads(call("check", "toy", "--json").stdout)["problems"] == []
    assert call("check", "toy", "--quiet").output == ""


def test_check_lists_problems_as_json_too(tmp_path):
    folder = shutil.copytree(sl.load_case("toy").folder, tmp_path / "case")
    (folder / "depots.csv").unlink()
    result = call("check", folder, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"][0]["file"] == "depots.csv"
    assert "depots.csv" in result.stderr


def test_new_refuses_a_folder_in_use(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    result = call("new", tmp_path)
    assert result.exit_code == 2
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_new_cuts_a_case_back_under_a_name_of_its_own(tmp_path):
    result = call("new", tmp_path / "cut", "--like", "toy", "--known-by", "2024-02-05")
    cut, toy = sl.load_case(tmp_path / "cut"), sl.load_case("toy")

    assert result.exit_code == 0
    assert (cut.name, str(cut.config.cutoff)) == ("toy-2024-02-05", "2024-02-05")
    assert (cut.events["date"] <= "2024-02-05").all()
    assert len(cut.events) < len(toy.events)
    assert cut.config.forecast_days == toy.config.forecast_days
    told = set(cut.hashes.items()) ^ set(toy.known_by(cut.config.cutoff).hashes.items())
    assert {file for file, _ in told} == {"case.toml"}


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--known-by", "2024-02-10"), "expected --like CASE too"),
        (("--like", "toy", "--known-by", "2023-12-31"), "a day from the start of toy"),
        (("--like", "toy", "--known-by", "2024-03-01"), "to its cut-off, 2024-02-29"),
        (("--like", "toy", "--known-by", "yesterday"), "does not match the format"),
        (("--like", "maly", "--known-by", "2024-02-10"), "is no case"),
    ],
)
def test_new_says_why_it_cannot_cut_a_case_back(tmp_path, options, text):
    result = call("new", tmp_path / "cut", *options)
    assert result.exit_code == 2
    assert text in " ".join(result.stderr.split())
    assert not (tmp_path / "cut").exists()


def test_simulate_writes_a_run_once(tmp_path):
    first = call("simulate", "toy", "-o", tmp_path, *SMALL)
    again = call("simulate", "toy", "-o", tmp_path, *SMALL)
    assert first.exit_code == again.exit_code == 0
    assert "kept" in again.stdout
    assert len(list(tmp_path.iterdir())) == 1


def test_simulate_makes_an_altered_run_again(tmp_path):
    call("simulate", "toy", "-o", tmp_path, *SMALL)
    (folder,) = tmp_path.iterdir()
    (folder / "nation" / "0000000-0000064.parquet").write_bytes(b"spoilt")
    again = call("simulate", "toy", "-o", tmp_path, *SMALL)
    assert again.exit_code == 0
    assert "nation/0000000-0000064.parquet" in again.stderr
    assert call("verify", folder).exit_code == 0


def test_simulate_reads_a_scenario_from_a_file(tmp_path):
    scenarios = sl.load_case("toy").folder / "scenarios"
    shutil.copy(scenarios / "no-escorts.toml", tmp_path / "mine.toml")
    result = call(
        "simulate", "toy", "-o", tmp_path / "runs", *SMALL,
        "--scenario", tmp_path / "mine.toml", "--json",
    )  # fmt: skip
    assert result.exit_code == 0
    assert "toy-mine-" in json.loads(result.stdout)["run"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["check", "toyy"], "did you mean 'toy'?"),
        (["simulate", "toy", "--scenario", "no-escort"], "did you mean 'no-escorts'?"),
        (["simulate", "toy", "--scenario", "absent.toml"], "absent.toml"),
        (["simulate", "toy", "--members", "0"], "--members"),
        (["simulate", "toy", "--days", "x"], "--days"),
        (["simulate", "toy", "--seed", "-1"], "--seed"),
        (["brief", "toy", "-o", "brief.txt"], "brief.txt"),
        (["brief", "toy", "-o", "absent/brief.html"], "does not exist"),
        (["verify", "absent"], "not a run folder"),
        (["compare", "absent", "absent"], "not a run folder"),
        (["why", "toy", "absent-id"], "absent-id"),
        (["absent"], "absent"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_without_traceback(here, arguments, part):
    result = call(*arguments)
    assert result.exit_code == 2
    assert part in result.stderr
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)
    assert not list(here.glob("*.html"))


def test_compare_prints_paired_differences(runs, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    pair = runs["toy-baseline"], runs["toy-no-escorts"]
    result = call("compare", *pair)
    assert result.exit_code == 0
    assert "Trucks lost" in result.stdout
    rows = json.loads(call("compare", *pair, "--json").stdout)["differences"]
    assert {"outcome", "place", "difference", "low", "high"} <= rows[0].keys()


def test_compare_refuses_other_luck(runs, tmp_path):
    call("simulate", "toy", "-o", tmp_path, *SMALL, "--seed", "2")
    result = call("compare", runs["toy-baseline"], next(tmp_path.iterdir()))
    assert result.exit_code == 2
    assert "seed" in result.stderr


def test_verify_by_hash_and_by_rerun(runs):
    assert "Unaltered" in call("verify", runs["toy-baseline"]).stdout
    result = call("verify", runs["toy-no-escorts"], "--rerun")
    assert result.exit_code == 0
    assert "Identical" in result.stdout


def test_why_tells_sentence_source_and_use():
    claim = sl.load_case("toy").claims["claim"].iloc[0]
    result = call("why", "toy", claim)
    assert result.exit_code == 0
    assert "claims.csv:" in result.stdout
    assert "grade" in result.stdout
    found, *_ = json.loads(call("why", "toy", claim, "--json").stdout)
    assert found["source"]["reliability"]


@pytest.fixture(scope="module")
def led(tmp_path_factory):
    """Copy the toy case and let somebody lead it."""
    folder = shutil.copytree(
        sl.load_case("toy").folder, tmp_path_factory.mktemp("led") / "case"
    )
    config = folder / "case.toml"
    lines = config.read_text().splitlines()
    kept = [line for line in lines if not line.startswith("leader")]
    config.write_text("\n".join([*kept, 'leader = "Colonel Toy"', ""]))
    return folder


def test_why_tells_of_a_run(tmp_path):
    simulated = ["simulate", "toy", "--members", "64", "--days", "10"]
    told = json.loads(call(*simulated, "-o", str(tmp_path), "--json").stdout)
    run = told["manifest"]["run"]

    said = call("why", "toy", run, "--runs", str(tmp_path)).stdout

    assert f"supplyline verify {told['run']} --rerun" in said
    assert "64 members, 10 days, seed 1" in said
    name = Path(told["run"]).name
    found = json.loads(
        call("why", "toy", name, "--runs", str(tmp_path), "--json").stdout
    )
    assert found["manifest"]["run"] == run


def test_heat_tells_why_what_and_where_to(led, tmp_path):
    options = ["--members", "64", "--days", "20"]
    assert call("simulate", led, "-o", tmp_path, *options).exit_code == 0
    (folder,) = tmp_path.iterdir()
    result = call("heat", folder)
    assert result.exit_code == 0, result.output
    assert re.match(
        r"Leader: \d+ of 100, (cold|mild|hot), (warming|cooling|steady)", result.stdout
    )
    assert "percentile of a chance among all leader-months" in " ".join(
        result.stdout.split()
    )
    told = json.loads(call("heat", folder, "--json").stdout)
    assert told["leader"] == "Colonel Toy"
    assert sum(one["members"] for one in told["futures"]) == 64
    assert {one["name"] for one in told["levels"]} >= {"supply", "security"}
    assert told["heat"]["low"] <= told["heat"]["high"]
    assert 0 <= told["keeps_power"]["value"] <= 1
    assert call("heat", folder, "--quiet").output == ""


def test_heat_needs_a_leader(tmp_path):
    options = ["--members", "8", "--days", "20"]
    call("simulate", "corridor180", "-o", tmp_path, *options)
    (folder,) = tmp_path.iterdir()
    result = call("heat", folder)
    assert result.exit_code == 2
    assert "leader" in result.stderr


def test_the_main_job_ends_with_the_leader_in_one_line(led, here):
    result = call("brief", led, "--members", "32", "--days", "20", "--no-scenarios")
    assert result.exit_code == 0, result.output
    assert "\nLeader: " in result.stdout
    assert 'id="leader"' in (here / "toy-brief.html").read_text()


def test_control_characters_do_not_reach_the_terminal():
    result = call("check", "\x1b[31mred")
    assert result.exit_code == 2
    assert "\x1b" not in result.output


def test_brief_writes_a_page_and_keeps_the_run(here):
    result = call("brief", "toy", *SMALL, "--members", "64")
    assert result.exit_code == 0, result.output
    assert (here / "toy-brief.html").read_text().startswith("<!doctype html")
    (kept,) = (here / "runs").iterdir()
    assert kept.name.startswith("toy-baseline-")
    assert "kept" in call("brief", "toy", *SMALL).stdout


def test_brief_speaks_json_only_when_asked(here):
    result = call("brief", "toy", *SMALL, "--no-scenarios", "--json")
    told = json.loads(result.stdout)
    assert told["options"] == []
    assert (here / told["files"][0]).is_file()


def test_fault_of_ours_ends_with_1(monkeypatch):
    def broken(_name, **_):
        message = "a fault of ours"
        raise RuntimeError(message)

    monkeypatch.setattr("supplyline.case.case.load_case", broken)
    result = call("check", "toy")
    assert result.exit_code == 1
    assert isinstance(result.exception, RuntimeError)
