"""The verb that shows what a case or a run holds."""

import json

import pytest
from typer.testing import CliRunner

import supplyline as sl
from supplyline.case.case import load_case, packaged_cases
from supplyline.case.listing import listings, row_titles
from supplyline.case.lookup import named_by
from supplyline.cli import app
from supplyline.runs.listing import outputs


@pytest.fixture(scope="module")
def run_folder(toy, tmp_path_factory):
    return sl.simulate(toy, days=7, members=4, seed=1).save(
        tmp_path_factory.mktemp("r")
    )


def show(*words):
    result = CliRunner().invoke(app, ["show", *map(str, words)])
    assert result.exit_code == 0, result.output
    return result.stdout


def shown_rows(*words):
    return json.loads(show(*words, "--json"))["rows"]


def test_without_a_table_all_are_told_with_their_counts(toy):
    told = json.loads(show("toy", "--json"))["tables"]

    assert told["places"] == len(toy.places)
    assert told["scenarios"] == len(toy.scenarios())
    assert {"params", "series", "facts", "sources"} <= set(told)


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
@pytest.mark.parametrize("name", packaged_cases())
def test_every_table_of_every_case_is_shown_and_fits(name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for listing in listings(load_case(name)):
        lines = show(name, listing.name).splitlines()
        table = [line for line in lines[1:] if not line.startswith("Left out")]
        assert max(map(len, table)) <= 80
        assert listing.meaning.keys() >= set(listing.frame.columns), listing.name


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
@pytest.mark.parametrize(
    "words",
    [
        "segou",
        "SEGOU",
        "Ségou",
        "se\u0301gou",
        "  segou ",
        "ségou bamako",
        "bamako segou",
    ],
)
def test_a_search_takes_no_notice_of_accents_capitals_and_order(words):
    found = [row["corridor"] for row in shown_rows("mali", "corridors", *words.split())]

    expected = {"C-NE-N", "C-NE-B", "I-BKO-GAO", "I-BKO-MOPTI", "I-TBK"}
    assert set(found) in (expected, expected - {"I-TBK"})


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
@pytest.mark.parametrize("word", ["tombuctu", "Tombouctu", "tombuctou"])
def test_a_name_near_by_is_shown_and_said(word):
    told = json.loads(show("mali", "places", word, "--json"))

    assert told["near"].casefold() == "tombouctou"
    assert "tombouctou" in [row["place"] for row in told["rows"]]
    assert "near by: " in show("mali", "places", word)


def test_what_is_nothing_like_any_row_shows_none():
    assert shown_rows("toy", "places", "qqqqqqqq") == []


def test_a_single_row_is_told_with_what_its_fields_mean(toy):
    corridor = toy.corridors["corridor"].iloc[0]

    told = show("toy", "corridors", corridor)

    assert "Row of sources.csv, or 'assumption'." in " ".join(told.split())


@pytest.mark.parametrize("word", ["corridor", "place", "Params", "scenario"])
def test_a_misspelt_table_is_refused_with_the_one_meant(word):
    result = CliRunner().invoke(app, ["show", "toy", word])

    assert result.exit_code == 2
    assert "did you mean" in result.stderr


def test_a_word_that_is_no_table_is_looked_for_in_all(toy):
    place = str(toy.places["place"].iloc[0])

    told = json.loads(show("toy", place, "--json"))["tables"]

    assert told["places"] >= 1
    assert "seasons" not in told


def test_numbers_are_numbers_and_days_are_texts_to_a_program():
    [row, *_] = shown_rows("toy", "measures")

    assert row["start"][:2] == "20"
    assert isinstance(shown_rows("toy", "segments")[0]["length_km"], float)


def test_a_run_tells_its_outputs_with_units_and_dims(run_folder):
    rows = {row["output"]: row for row in shown_rows(run_folder, "depots")}

    assert rows["stock_kl"]["unit"] == "kl"
    assert "place" in rows["stock_kl"]["by"]
    assert rows["delivered_kl"]["taken"] == "sum of the week"


def test_every_output_of_a_run_has_a_meaning(run_folder):
    run = sl.load_run(run_folder)
    held = {str(name) for data in (run.daily, run.weekly, run.ledger) for name in data}

    assert held == {name for _, name in outputs()}
    assert all(output.meaning and output.taken for output in outputs().values())


def test_quiet_says_nothing():
    assert show("toy", "places", "--quiet") == ""


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
def test_a_row_is_found_by_another_name_of_what_it_names():
    found = [row["segment"] for row in shown_rows("mali", "segments", "timbuktu")]

    assert found


def test_titles_are_those_of_rows(toy):
    titles = row_titles(toy)

    assert set(toy.places["place"]) <= set(titles)


@pytest.mark.parametrize(
    "text", ["segou ville", "SÉGOU VILLE", "Se\u0301gou  ville", " ségou ville "]
)
def test_a_title_is_known_without_its_accents(text):
    assert named_by(text, ["x", "y"], {"x": "Ségou Ville", "y": "Sikasso"}) == ["x"]


def test_titles_that_differ_in_accents_alone_are_both_offered():
    assert named_by("segou", ["x", "y"], {"x": "Ségou", "y": "Segou"}) == ["x", "y"]
