"""A scenario of the reader's own: closures and escorts as the command line has them."""

from datetime import date

import pytest
from typer.testing import CliRunner

import supplyline as sl
from supplyline.case.own_scenario import own_scenario
from supplyline.cli import app
from supplyline.errors import ScenarioError


@pytest.mark.parametrize(
    ("asked", "corridors"),
    [
        ("C-ROAD", ("C-ROAD",)),
        ("c-road", ("C-ROAD",)),
        ("Millford", ("C-ROAD",)),
        ("harbour", ("C-ROAD", "C-RAIL")),
        ("by rail", ("C-RAIL",)),
        ("Millford road", ("C-ROAD",)),
        ("the harbour road", ("C-ROAD",)),
        ("harbour rail", ("C-RAIL",)),
    ],
)
def test_a_closure_finds_corridors_by_name_place_or_words(toy, asked, corridors):
    made, closures = own_scenario(toy, [f"{asked}:2024-03-04:30"], None)
    assert closures[0].corridors == corridors
    rows = made.change[0].add
    assert [row["target"] for row in rows] == list(corridors)
    assert {row["end"] for row in rows} == {date(2024, 4, 2)}


def test_the_name_tells_what_is_closed(toy):
    made, _ = own_scenario(toy, ["millford:2024-03-04:30"], 2.0)
    assert made.name == "close-millford-2024-03-04-30d-escorts-x2"


def test_a_closure_told_twice_is_one(toy):
    once, _ = own_scenario(toy, ["millford:2024-03-04:30"], None)
    twice, shut = own_scenario(toy, ["millford:2024-03-04:30"] * 2, None)
    assert twice == once
    assert len(shut) == 1


@pytest.mark.parametrize("count", [2, 9, 40])
def test_many_closures_have_a_name_that_a_folder_may_have(toy, count):
    asked = [f"millford:2024-03-04:{days}" for days in range(1, count + 1)]
    made, shut = own_scenario(toy, asked, 2.0)
    assert len(shut) == count
    assert len(made.name) <= 140
    assert made.name.startswith("close-millford-2024-03-04-1d-")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("milford:2024-03-04:30", "did you mean"),
        ("millford:2024-02-30:30", "'2024-02-30'; expected a day"),
        ("millford:2023-12-31:30", "from the start of the case"),
        ("millford:9999-12-30:30", "from the start of the case"),
        ("millford:9999-12-31:30", "expected a day"),
        ("millford:20240304:30", "'20240304'; expected a day"),
        ("millford:2024-W10-1:30", "expected a day"),
        ("millford:2024-03-04:0", "'0'; expected days from 1"),
        ("millford:2024-03-04", "expected CORRIDOR:START:DAYS"),
    ],
)
def test_a_fault_of_a_closure_is_told(toy, asked, told):
    with pytest.raises(ScenarioError, match=told):
        own_scenario(toy, [asked], None)


def test_all_faults_are_told_at_once(toy):
    with pytest.raises(ScenarioError) as caught:
        own_scenario(toy, ["nowhere:soon:many", "x"], -1.0)
    assert len(caught.value.problems) == 5


def test_simulate_runs_the_baseline_a_named_one_and_ones_own(tmp_path):
    words = ["simulate", "toy", "-o", str(tmp_path), "--members", "8", "--days", "8"]
    words += ["--scenario", "no-escorts", "--close", "millford:2024-03-04:3"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    names = {each.name.rsplit("-", 1)[0] for each in tmp_path.iterdir()}
    assert len(names) == 3
    runs = [sl.load_run(each) for each in tmp_path.iterdir()]
    assert {run.manifest.scenario for run in runs} >= {"close-millford-2024-03-04-3d"}
