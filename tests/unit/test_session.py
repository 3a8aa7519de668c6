"""A session in Python takes what a user writes, or says what it expected."""

import pathlib
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

import supplyline as sl
from made_regime import made_regime_run, with_leader, with_rows
from supplyline.case.scenario import apply
from supplyline.runs.layout import PREFIXES

START = date(2024, 2, 5)
SCENARIO = """
title = "More trucks"
question = "What if more trucks come?"
start = 2024-02-05

[[change]]
table = "segments"
where = { segment = "A1" }
set = { exposure = 9 }
"""
CHANGE = {"table": "segments", "where": {"segment": "A1"}, "set": {"exposure": 9}}
QUICK = {"days": 1, "members": 2, "seed": 1}


@pytest.fixture(scope="module")
def run(toy):
    return sl.simulate(toy, days=10, members=3, seed=1)


@pytest.fixture(scope="module")
def plain(toy):
    """A run that follows no groups."""
    names = ("groups", "presence", "relations", "attacks", "partners", "control")
    made = made_regime_run(toy, members=3)
    weekly = made.weekly.drop_dims(["group", "region", "attack"])
    case = with_rows(toy, **{name: toy.tables[name].iloc[:0] for name in names})
    return replace(made, weekly=weekly, case=case)


@pytest.fixture(scope="module")
def pair(toy, run):
    return sl.compare(run, sl.simulate(toy, scenario=asks(change=[CHANGE]), like=run))


@pytest.fixture(scope="module")
def heat(toy):
    return sl.heat(made_regime_run(with_leader(toy), members=5))


def asks(**fields):
    plain = {"name": "test", "title": "Test", "question": "What if?", "start": START}
    return sl.Scenario(**plain | fields)


# tables of a run


@pytest.mark.parametrize(
    "name",
    [
        "corridors",
        "corridors.parquet",
        "losses",
        "params",
        "people_ledger",
        pathlib.Path("corridors.parquet"),
    ],
)
def test_a_table_is_called_by_its_name_or_its_file(run, name):
    table = str(name).removesuffix(".parquet")

    assert table in run.tables
    assert run.table(name).num_rows == run.table(table).num_rows


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("corridor", r"name is 'corridor'; expected one of depots, .*'corridors'\?"),
        ("loses.parquet", r"expected one of depots, .*mean 'losses'\?"),
        ("segments", "name is 'segments'; expected one of depots, places"),
        (3, "name is '3'; expected one of depots, places"),
    ],
)
def test_a_table_that_a_run_has_not_is_told(run, name, message):
    with pytest.raises(ValueError, match=message):
        run.table(name)


def test_a_table_of_groups_is_not_offered_where_there_are_none(plain):
    with pytest.raises(ValueError, match="name is 'regions'; expected one of") as told:
        plain.table("regions")

    assert "groups" not in str(told.value).split("expected")[1]


# series of a run


@pytest.mark.parametrize("axis", [*PREFIXES, "place"])
def test_every_output_that_a_message_lists_is_given(run, axis):
    label = str(run.weekly[axis].to_numpy()[-1])
    with pytest.raises(ValueError, match=f"with {axis}") as told:
        run.series("mood", **{axis: label})
    listed = str(told.value).partition("one of ")[2].partition(f" with {axis}")[0]

    for name in listed.split(", "):
        series = run.series(name, **{axis: label})
        assert series.dims[:2] == ("member", "week")
        assert axis not in series.dims


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("corridor_trucks_lost", {"corridor": "C-ROAD"}),
        ("region_attacks", {"region": "upland"}),
        ("group_cash_usd", {"group": "raiders"}),
        ("attack_attacks", {"attack": "mine"}),
    ],
)
def test_an_output_is_also_called_as_the_data_set_calls_it(run, name, asked):
    ((axis, label),) = asked.items()

    assert run.series(name, **asked).equals(run.weekly[name].sel({axis: label}))


@pytest.mark.parametrize(
    ("name", "asked", "message"),
    [
        ("fear", {"corridor": "C-ROAD"}, "'fear' goes without an axis"),
        ("region_attacks", {"place": "farfield"}, "'region_attacks' goes with region"),
        ("cash_usd", {}, "'cash_usd' goes with group"),
        ("delivered_kl", {}, "'delivered_kl' goes with place"),
        ("trucks_lots", {}, r"expected one of trucks_sent, .*mean 'trucks_lost'\?"),
        ("trucks_lost", {"product": "kerosene"}, "trucks_lost is not kept by product"),
        ("stock_kl", {"product": "kerosine"}, r"mean 'kerosene'\?"),
    ],
)
def test_an_output_asked_for_in_the_wrong_way_is_told(run, name, asked, message):
    with pytest.raises(ValueError, match=message):
        run.series(name, **asked)


def test_what_the_capital_has_by_week_only_is_weekly(run):
    delivered = run.series("delivered_kl", place=run.case.config.capital)

    assert delivered.dims == ("member", "week", "product")


# titles


@pytest.mark.parametrize(
    ("axis", "name", "title"),
    [
        ("place", "stock_kl", "Farfield"),
        ("place", "stock_kl", "  FARFIELD "),
        ("corridor", "trucks_lost", None),
        ("region", "attacks", None),
        ("group", "fighters", None),
    ],
)
def test_a_title_stands_for_its_identifier(run, axis, name, title):
    label = str(run.weekly[axis].to_numpy()[-1])
    title = title or sl_titles(run.case, axis)[label]

    assert title != label
    assert run.series(name, **{axis: title}).equals(run.series(name, **{axis: label}))


def sl_titles(case, axis):
    if axis == "group":
        actors = case.actors.set_index("actor")["title"]
        return case.groups.set_index("group")["actor"].map(actors).to_dict()
    return case.tables[f"{axis}s"].set_index(axis)["title"].to_dict()


def test_titles_stand_wherever_a_place_is_asked_for(run, pair):
    days = run.days_of_supply("Highcourt", "gas_oil")

    assert days.equals(run.days_of_supply("highcourt", "gas_oil"))
    assert pair.stockout_days("Farfield") == pair.stockout_days("farfield")
    assert pair.find("unmet_kl", "Highcourt", "gas_oil").place == "highcourt"


def test_a_title_is_the_same_however_its_accents_are_stored(run):
    places = run.case.places
    case = with_rows(
        run.case,
        places=places.assign(title=places["title"].replace("Farfield", "S\u00e9gou")),
    )
    named = replace(run, case=case)

    stored = named.series("stock_kl", place="Se\u0301gou")

    assert stored.equals(run.series("stock_kl", place="farfield"))


def test_a_title_of_several_is_told(run):
    twins = run.case.places.assign(title="Newtown")
    both = replace(run, case=with_rows(run.case, places=twins))

    with pytest.raises(ValueError, match=r"the title of several: .*farfield"):
        both.series("stock_kl", place="Newtown")
    assert both.series("stock_kl", place="farfield").sizes["member"] == 3


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda pair: pair.find("stockout_day"), r"mean 'stockout_days'\?"),
        (lambda pair: pair.stockout_days("Farfeld"), r"mean 'farfield'\?"),
        (lambda pair: pair.find("stockout_days"), "place is empty; expected one of"),
        (lambda pair: pair.stockout_days("highcourt", "tea"), "product is 'tea'"),
        (lambda pair: pair.find("unmet_kl", "highcourt"), "product is empty"),
        (lambda pair: pair.find("unmet_kl", 7, "gas_oil"), "place is '7'"),
    ],
)
def test_a_difference_that_is_not_there_is_told(pair, ask, message):
    with pytest.raises(ValueError, match=message):
        ask(pair)


# days


@pytest.mark.parametrize(
    "start",
    [
        "2024-02-05",
        " 2024-02-05 ",
        "2024-02-05T00:00:00",
        date(2024, 2, 5),
        datetime(2024, 2, 5, 13, 30, tzinfo=UTC),
        pd.Timestamp("2024-02-05"),
        np.datetime64("2024-02-05"),
    ],
)
def test_a_day_may_be_text_a_date_or_a_time_stamp(toy, heat, start):
    scenario = asks(start=start, change=(CHANGE,))

    assert scenario == asks(change=(CHANGE,))
    assert type(scenario.start) is date
    assert apply(toy, scenario).segments.set_index("segment")["exposure"]["A1"] == 9
    assert heat.value(start) == heat.value(START)


@pytest.mark.parametrize(
    "start",
    ["05/02/2024", "2024-13-01", "soon", "", None, 2024, pd.NaT, ["2024-02-05"]],
)
def test_what_is_no_day_is_told(heat, start):
    with pytest.raises(sl.ScenarioError, match=r"start is .*a day such as 2026-01-05"):
        asks(start=start)
    if start is not None:
        with pytest.raises(ValueError, match=r"day is .*a day such as 2026-01-05"):
            heat.value(start)


@pytest.mark.parametrize("days", [0, 0.5, "30", 10**6])
def test_days_that_a_run_has_not_are_told(heat, days):
    with pytest.raises(ValueError, match=f"days is {days}; expected 1 to"):
        heat.trend(days=days)
    with pytest.raises(ValueError, match=f"days is {days}; expected 1 to"):
        sl.futures(heat.run, days=days)


# changes


@pytest.mark.parametrize(
    "change",
    [
        CHANGE,
        [CHANGE],
        (sl.Change(**CHANGE),) if hasattr(sl, "Change") else None,
        {"table": "segments", "where": {"segment": ["A1"]}, "set": {"exposure": 9}},
        {**CHANGE, "where": {"segment": pd.Series(["A1"])}},
        {**CHANGE, "set": {"exposure": np.float64(9)}},
        {**CHANGE, "set": {"exposure": np.int64(9)}},
    ],
)
def test_a_change_may_be_a_dict_or_a_change_alone_or_in_a_list(toy, change):
    scenario = asks(change=change)

    assert apply(toy, scenario).segments.set_index("segment")["exposure"]["A1"] == 9
    assert sl.Scenario.from_json(scenario.resolve()) == scenario


def test_a_row_to_add_may_stand_alone_and_hold_time_stamps(toy):
    row = {"measure": "m", "kind": "truce", "start": pd.Timestamp(START), "source": "x"}
    add = {"table": "measures", "add": {**row, "source": "assumption"}}

    changed = apply(toy, asks(change=add))

    assert changed.measures.set_index("measure")["start"]["m"] == pd.Timestamp(START)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({**CHANGE, "were": {}}, r"key is 'were'; expected one of .*mean 'where'\?"),
        ({"set": {"exposure": 9}}, "table is empty; expected a table of the case"),
        ("segments", "change is 'segments'; expected changes, each a Change or a dict"),
        ([CHANGE, 7], "change 2: is '7'; expected a change"),
        (None, "change is empty; expected changes"),
    ],
)
def test_a_change_that_is_none_is_told(change, message):
    with pytest.raises(sl.ScenarioError, match=message):
        asks(change=change)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"table": "segment"}, r"table is 'segment'.*mean 'segments'\?"),
        ({"where": "A1"}, "where is 'A1'; expected a table of columns and values"),
        ({"add": "A1", "set": {}, "where": {}}, "add is 'A1'; expected a list of rows"),
        ({"set": {"exposer": 9}}, r"set column is 'exposer'.*mean 'exposure'\?"),
    ],
)
def test_a_change_of_a_wrong_form_is_told_when_it_is_made(toy, part, message):
    with pytest.raises(sl.ScenarioError, match=message):
        apply(toy, asks(change={**CHANGE, **part}))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": "a/b"}, "name is 'a/b'; expected a name that a folder may have"),
        ({"name": ""}, "name is empty; expected a name that a folder may have"),
        ({"title": 3}, "title is '3'; expected text"),
        ({"question": None, "start": "x"}, "2 problems"),
    ],
)
def test_every_fault_of_a_scenario_is_told_at_once(fields, message):
    with pytest.raises(sl.ScenarioError, match=message):
        asks(**fields)


@pytest.mark.parametrize(
    ("title", "place"), [("Farfield", "farfield"), ("farfield", "farfield")]
)
def test_a_change_names_a_place_by_title(toy, title, place):
    bigger = {
        "table": "depots",
        "where": {"place": title},
        "set": {"capacity_kl": 7777},
    }
    renamed = {"table": "places", "where": {"place": title}, "set": {"title": "Mill"}}

    changed = apply(toy, asks(change=[bigger, renamed]))

    assert set(changed.depots.query("capacity_kl == 7777")["place"]) == {place}
    assert changed.places.set_index("place")["title"][place] == "Mill"


@pytest.mark.parametrize(
    ("where", "table", "row"),
    [
        ({"place": "Farfield"}, "depots", "farfield-kerosene"),
        ({"target_kl": 40}, "depots", "farfield-kerosene"),
        ({"is_boundary": False}, "regions", "upland"),
        ({"start": pd.Timestamp("2024-02-14")}, "measures", "truce"),
    ],
)
def test_a_row_names_the_scenarios_that_change_it(toy, where, table, row):
    change = {"table": table, "where": where, "set": {"source": "assumption"}}
    case = replace(toy, _scenarios={"test": asks(change=change)})

    traces = [trace for trace in sl.why(case, row) if trace.table == table]

    assert [trace.scenarios for trace in traces] == [("test",)]


# scenario files


@pytest.mark.parametrize("as_given", [str, pathlib.Path])
@pytest.mark.parametrize("name", ["trucks.toml", "TRUCKS.TOML", "more trucks.toml"])
def test_a_scenario_file_is_taken(toy, tmp_path, as_given, name):
    path = tmp_path / name
    path.write_text(SCENARIO, encoding="utf-8")

    run = sl.simulate(toy, scenario=as_given(path), **QUICK)

    assert run.manifest.scenario == path.stem
    assert run.manifest.request.scenario["title"] == "More trucks"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "cannot be read: No such file or directory"),
        (lambda path: path.mkdir(), "cannot be read: Is a directory"),
        (lambda path: path.write_text("title = 3"), r"trucks.toml:1: title is '3'"),
        (lambda path: path.write_bytes(b"\xff"), "trucks.toml.*UTF-8"),
    ],
)
def test_a_scenario_file_that_cannot_be_read_is_told(toy, tmp_path, make, message):
    path = tmp_path / "trucks.toml"
    make(path)

    with pytest.raises(sl.ScenarioError, match=message):
        sl.simulate(toy, scenario=path, **QUICK)


@pytest.mark.parametrize("scenario", ["no-bann", 7, {"name": "x"}, "nul\0.toml"])
def test_a_scenario_that_is_none_is_told(toy, scenario):
    with pytest.raises(sl.ScenarioError):
        sl.simulate(toy, scenario=scenario, **QUICK)


# cases, tables of a case, and arguments of a run


@pytest.mark.parametrize("name", ["toy", pathlib.Path("toy")])
def test_a_packaged_case_is_called_by_text_or_path(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert sl.load_case(name).name == "toy"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Toy", r"Toy: is no case; expected a case folder, .*mean 'toy'\?"),
        ("", "empty: is no case; expected a case folder"),
        (None, "None: is no case; expected a case folder"),
        (7, "7: is no case; expected a case folder"),
    ],
)
def test_what_is_no_case_is_told(name, message):
    with pytest.raises(sl.CaseError, match=message):
        sl.load_case(name)


def test_a_table_that_a_case_has_not_is_told(toy):
    with pytest.raises(KeyError, match=r"table is 'place'.*mean 'places'\?"):
        toy.tables["place"]
    assert "place" not in toy.tables
    assert toy.tables.get("place") is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"days": "2"}, "days is 2; expected 0 to 3,650"),
        ({"days": 2.5}, "days is 2.5; expected 0 to 3,650"),
        ({"members": "many"}, "members is many; expected 1 to 1,000,000"),
        ({"seed": 1.0}, "seed is 1.0; expected 0 to"),
    ],
)
def test_an_argument_out_of_its_bounds_is_told(toy, arguments, message):
    with pytest.raises(ValueError, match=message) as told:
        sl.simulate(toy, **{**QUICK, **arguments})

    assert "\n" not in str(told.value)


@pytest.mark.parametrize("make", [sl.threads, sl.processes])
@pytest.mark.parametrize("workers", [-2, 0, 1025, "2", 1.5])
def test_a_number_of_workers_that_cannot_be_is_told(make, workers):
    text = rf"^{make.__name__} is {workers}; expected 1 to 1,024$"
    with pytest.raises(ValueError, match=text):
        make(workers)


@pytest.mark.parametrize("executor", [2, "processes", sl.threads])
def test_what_is_no_executor_is_told(toy, executor):
    with pytest.raises(
        TypeError, match="expected an Executor, as threads or processes"
    ):
        sl.simulate(toy, **QUICK, executor=executor)


@pytest.mark.parametrize("name", ["toy", pathlib.Path("runs/toy")])
@pytest.mark.parametrize(
    ("verb", "argument", "noun"),
    [
        (sl.simulate, "case", "Case, as load_case"),
        (sl.heat, "run", "Run, as load_run"),
        (sl.futures, "run", "Run, as load_run"),
        (sl.scorecard, "run", "Run, as load_run"),
        (sl.check_targets, "run", "Run, as load_run"),
        (sl.brief, "base", "Run, as load_run"),
        (lambda name: sl.compare(name, name), "base", "Run, as load_run"),
    ],
)
def test_a_name_where_a_noun_is_asked_for_is_told(verb, argument, noun, name):
    with pytest.raises(TypeError, match=f"{argument} is '.*toy'; expected a {noun} "):
        verb(name)


@pytest.mark.parametrize(
    ("ask", "argument", "noun"),
    [
        (lambda case, run: sl.compare(run, case), "alternative", "Run"),
        (lambda case, _: sl.heat(case), "run", "Run"),
        (lambda case, _: sl.futures(case), "run", "Run"),
        (lambda case, _: sl.scorecard(case), "run", "Run"),
        (lambda case, _: sl.check_targets(case), "run", "Run"),
        (lambda case, _: sl.brief(case), "base", "Run"),
        (lambda _, run: sl.brief(run, [run]), "alternative", "Run"),
        (lambda case, _: sl.simulate(case, like=case), "like", "Run"),
        (lambda _, run: sl.simulate(run), "case", "Case"),
    ],
)
def test_another_noun_than_the_one_asked_for_is_told(toy, run, ask, argument, noun):
    with pytest.raises(TypeError, match=f"^{argument} is .*; expected a {noun}, as"):
        ask(toy, run)


def test_a_brief_is_named_and_not_written_out_where_it_stands_alone():
    assert repr(sl.Brief("A title", "<p>" * 9)) == (
        "Brief(title='A title', leader=None, left_out=())"
    )


def test_numbers_of_numpy_and_a_folder_as_text_are_taken(toy, tmp_path):
    numbers = {name: np.int64(value) for name, value in QUICK.items()}

    run = sl.simulate(toy, **numbers, folder=str(tmp_path))

    assert run.manifest.run == sl.simulate(toy, **QUICK).manifest.run


# what a notebook shows


HOSTILE = '<script>alert("x")</script>&<img src=x onerror=y>'


def nouns(case, heat, pair):
    run = replace(heat.run, case=case)
    entry = replace(pair.differences[0], title=HOSTILE, place=HOSTILE, product=HOSTILE)
    odd = replace(
        pair, title=HOSTILE, differences=(entry, *pair.differences), case=case
    )
    return {
        "Case": case,
        "Run": replace(
            run, manifest=run.manifest.model_copy(update={"warnings": (HOSTILE,)})
        ),
        "Comparison": odd,
        "Heat": replace(heat, leader=HOSTILE),
        "Futures": sl.futures(run),
    }


@pytest.mark.parametrize("noun", ["Case", "Run", "Comparison", "Heat", "Futures"])
def test_a_notebook_shows_a_noun_as_a_table_with_all_text_escaped(
    toy, heat, pair, noun
):
    config = toy.config.model_copy(update={"name": HOSTILE})
    places = toy.places.assign(title=HOSTILE)
    shown = nouns(replace(with_rows(toy, places=places), config=config), heat, pair)

    page = shown[noun]._repr_html_()

    assert "<table" in page
    assert "<script" not in page
    assert "<img" not in page
    assert noun == "Futures" or "&lt;script&gt;" in page
