"""A scenario changes a copy of a case, and tells everything it cannot do at once."""

import json
import shutil
from datetime import date

import pytest

from supplyline.case.case import find_folder, load_case, packaged_cases
from supplyline.case.change import Change
from supplyline.case.scenario import Scenario, apply, find_scenario_problems
from supplyline.errors import ScenarioError
from supplyline.tables import TABLES

START = date(2024, 3, 4)


@pytest.fixture(scope="module")
def toy():
    return load_case("toy")


def asks(*changes, start=START):
    return Scenario("test", "Test", "What if?", start, changes)


def refused(case, *changes, start=START):
    with pytest.raises(ScenarioError) as caught:
        apply(case, asks(*changes, start=start))
    return [str(problem) for problem in caught.value.problems]


def test_set_changes_the_rows_that_are_meant(toy):
    changed = apply(toy, asks(Change("segments", {"mode": "rail"}, {"exposure": 9})))

    exposure = changed.segments.set_index("segment")["exposure"]
    assert exposure["B1"] == exposure["B2"] == 9
    assert exposure["A1"] == toy.segments.set_index("segment")["exposure"]["A1"]


def test_a_where_may_name_several_values_and_columns(toy):
    where = {"segment": ("A1", "B1", "C1"), "mode": "road"}
    changed = apply(toy, asks(Change("segments", where, {"exposure": 9})))
    assert list(changed.segments.query("exposure == 9")["segment"]) == ["A1", "C1"]


def test_a_where_may_be_a_number_or_a_day(toy):
    one = Change("measures", {"start": date(2024, 2, 14)}, {"note": "that one"})
    two = Change("depots", {"capacity_kl": 2500}, {"capacity_kl": 3000.5})
    changed = apply(toy, asks(one, two))
    assert list(changed.measures.query("note == 'that one'")["measure"]) == ["truce"]
    assert changed.depots["capacity_kl"].max() == 3000.5


def test_an_empty_text_empties_a_cell(toy):
    changed = apply(toy, asks(Change("measures", {"measure": "truce"}, {"end": ""})))
    assert changed.measures.set_index("measure")["end"].isna()["truce"]


def test_a_parameter_may_be_fixed(toy):
    fixed = {"distribution": "fixed", "a": 10}
    changed = apply(toy, asks(Change("params", {"param": "truck_kl"}, fixed)))
    row = changed.params.set_index("param").loc["truck_kl"]
    assert (row["distribution"], row["a"]) == ("fixed", 10)


def test_rows_are_added_and_removed(toy):
    new = {
        "measure": "second-truce",
        "kind": "truce",
        "start": date(2024, 3, 5),
        "source": "assumption",
    }
    add, drop = (
        Change("measures", add=(new,)),
        Change("measures", {"kind": "ban"}, remove=True),
    )
    changed = apply(toy, asks(add, drop))
    names = set(changed.measures["measure"])
    assert names == {*toy.measures["measure"], "second-truce"} - {"ban-road"}


def test_groups_partners_and_relations_are_changed_like_any_row(toy):
    truce = Change("relations", {"other": "rovers"}, {"alliance": 0.5})
    fewer = Change("groups", {"group": "raiders"}, {"fighters_high": 250})
    alone = Change("partners", {"partner": "legion"}, remove=True)
    changed = apply(toy, asks(truce, fewer, alone))

    assert list(changed.relations["alliance"]) == [0.5]
    assert changed.groups.set_index("group")["fighters_high"]["raiders"] == 250
    assert changed.partners.empty


def test_a_table_that_a_case_lacks_is_added(tmp_path):
    folder = shutil.copytree(find_folder("toy"), tmp_path / "case")
    (folder / "relations.csv").unlink()
    case = load_case(folder)
    row = {"group": "rovers", "other": "raiders", "alliance": 1, "source": "made-up"}

    changed = apply(case, asks(Change("relations", add=(row,))))

    assert "relations.csv" not in case.hashes
    again = load_case(changed.save(tmp_path / "changed"))
    assert list(again.relations["alliance"]) == [1]


@pytest.mark.parametrize(
    ("kind", "row", "told"),
    [
        ("group_factor", {"value": 2, "unit": "1"}, "target is empty"),
        ("group_factor", {"target": "raiders"}, "value is empty"),
        ("alliance", {"target": "rovers", "value": 1.5, "unit": "1"}, "from 0 to 1"),
        ("ransom", {"target": "lowland", "value": 1, "unit": "USD"}, "groups.csv"),
        ("siege", {"target": "raiders"}, "regions.csv"),
        ("siege", {"target": "upland", "value": 3, "unit": "1"}, "has no value"),
        ("deal", {"end": date(2024, 4, 1)}, "done on one day"),
        ("gold_price", {"target": "lowland", "value": 2, "unit": "1"}, "meets all"),
        ("coop_attempt", {}, "'coup_attempt'?"),
    ],
)
def test_a_measure_of_the_conflict_is_checked(toy, kind, row, told):
    new = {"measure": "x", "kind": kind, "start": START, "source": "assumption", **row}
    assert any(
        told in problem for problem in refused(toy, Change("measures", add=(new,)))
    )


def test_every_kind_of_measure_can_be_taken(toy):
    added = {
        "offensive_factor": {"value": 2, "unit": "1"},
        "harm_factor": {"value": 0.5, "unit": "1"},
        "gold_price": {"value": 2, "unit": "1"},
        "clash_factor": {"value": 2, "unit": "1"},
        "alliance": {"target": "rovers", "value": 0.5, "unit": "1"},
        "ransom": {"target": "raiders", "value": 5000, "unit": "USD"},
        "deal": {},
        "coup_attempt": {},
        "purge": {},
        "election_postponed": {"end": date(2024, 4, 1)},
        "siege": {"target": "lowland", "end": date(2024, 4, 1)},
    }
    frame = {"start": START, "source": "assumption"}
    rows = tuple(
        {"measure": f"new-{kind}", "kind": kind, **frame, **row}
        for kind, row in added.items()
    )
    changed = apply(toy, asks(Change("measures", add=rows)))
    assert set(added) <= set(changed.measures["kind"])


def test_the_case_stays_as_it_is(toy):
    before = {name: toy.tables[name] for name in TABLES}
    changed = apply(toy, asks(Change("segments", {}, {"exposure": 9})))

    assert all(toy.tables[name].equals(before[name]) for name in TABLES)
    differ = {file for file in toy.hashes if toy.hashes[file] != changed.hashes[file]}
    assert differ == {"segments.csv"}


def test_a_changed_case_can_be_saved(toy, tmp_path):
    changed = apply(toy, asks(Change("segments", {}, {"exposure": 9})))
    again = load_case(changed.save(tmp_path / "changed"))
    assert again.hashes == changed.hashes
    assert set(again.segments["exposure"]) == {9.0}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change("segmets", set={"exposure": 1}), "did you mean 'segments'?"),
        (Change("segments", set={"expsure": 1}), "did you mean 'exposure'?"),
        (Change("segments", {"mod": "road"}, {"exposure": 1}), "where column is 'mod'"),
        (Change("segments", {"mode": "raod"}, {"exposure": 1}), "'road'?"),
        (
            Change("segments", {"segment": "A1", "mode": "rail"}, {"exposure": 1}),
            "no row",
        ),
        (Change("segments", {}, {"length_km": -3}), "a number more than 0"),
        (Change("segments", {}, {"length_km": float("nan")}), "length_km"),
        (Change("segments", {}, {"mode": "raod"}), "did you mean 'road'?"),
        (Change("segments", {}, {"segment": "X"}), "no change of a key"),
        (Change("segments", {}, {"surface": "=1+1"}), "a spreadsheet would run"),
        (Change("segments"), "one of set, add, remove"),
        (Change("segments", remove=True), "the rows that are removed"),
        (Change("segments", {"segment": "A2"}, remove=True), "a row of segments.csv"),
        (Change("segments", {}, {"mode": "river"}), "of mode river"),
        (Change("feeds", {"corridor": "C-RAIL"}, {"share": 0.9}), "a sum of 1.7"),
        (Change("measures", add=({"measure": "x"},)), "kind is empty"),
        (Change("groups", {"group": "raidrs"}, {"note": "x"}), "'raiders'?"),
        (Change("groups", {"group": "rovers"}, remove=True), "a row of groups.csv"),
        (Change("presence", {}, {"attack_share": 0.4}), "a sum of 0.8 for 'raiders'"),
        (Change("attacks", {"attack": "mine"}, {"share": 2}), "from 0 to 1"),
        (Change("partners", {}, {"end": date(2023, 1, 1)}), "at least start"),
        (Change("leader", {"kind": "took_power"}, remove=True), "'took_power'"),
        (Change("aims", {}, {"series": "atacks"}), "'attacks'?"),
        (Change("scorecard", {"claim": "F1"}, {"reason": "x"}), "empty, as the"),
        (
            Change("params", {"param": "quota_min_share"}, {"a": 2}),
            "quota_min_share from 0 to 1",
        ),
    ],
)
def test_what_cannot_be_done_is_told(toy, change, told):
    assert any(told in problem for problem in refused(toy, change))


def test_everything_is_told_at_once(toy):
    problems = refused(
        toy,
        Change("segmets", set={"exposure": 1}),
        Change("places", {}, {"lat": 99}),
        start=date(2020, 1, 1),
    )
    assert len(problems) >= 3
    assert "change 1" in problems[1]
    assert "change 2" in problems[2]


def test_a_scenario_survives_json(toy):
    scenario = toy.scenarios()["no-escorts"]
    content = json.loads(json.dumps(scenario.resolve(), allow_nan=False))

    assert Scenario.from_json(content).resolve() == scenario.resolve()
    rebuilt = apply(toy, Scenario.from_json(content))
    assert rebuilt.hashes == apply(toy, scenario).hashes


@pytest.mark.filterwarnings("ignore::supplyline.errors.SupplylineWarning")
@pytest.mark.parametrize("name", sorted(packaged_cases()))
def test_every_packaged_scenario_can_be_applied(name):
    assert find_scenario_problems(load_case(name)) == []


def test_a_scenario_that_breaks_a_rule_is_found_by_trying(tmp_path):
    folder = shutil.copytree(find_folder("toy"), tmp_path / "case")
    (folder / "scenarios" / "bad.toml").write_text(
        'title = "Bad"\nquestion = "What?"\nstart = 2024-03-04\n[[change]]\n'
        'table = "segments"\nwhere = { segment = "A2" }\nremove = true\n'
    )
    problems = find_scenario_problems(load_case(folder))
    assert any("a row of segments.csv" in str(problem) for problem in problems)
