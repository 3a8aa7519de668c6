"""Words that code compares with are closed sets: one misspelt is told with its kin."""

import csv
import json
import shutil
import warnings
from importlib import resources
from typing import get_args

import pytest
from typer.testing import CliRunner

from broken_cases import add, cell, content
from supplyline import cli
from supplyline.case.case import find_folder, load_case
from supplyline.case.series import OBSERVED_SERIES, observed_series
from supplyline.errors import CaseError
from supplyline.evidence.desk.kinds import kinds
from supplyline.evidence.desk.table_changes import CLAIM, CUTOFF, RULES
from supplyline.evidence.doubts.control_holder import HELD
from supplyline.evidence.reading.actors import ANY
from supplyline.evidence.reading.candidate import Precision
from supplyline.tables.words import (
    ActorKind,
    EventKind,
    HoldStatus,
    PeriodPrecision,
    UpdateRule,
)

UPDATE = {
    "update": "U1",
    "previous_cutoff": "2024-02-01",
    "cutoff": "2024-02-29",
    "table": "segments",
    "row": "A1",
    "field": "exposure",
    "rule": "hazard",
    "basis": "E2",
}
OBSERVED, TARGETS, MEASURES = "observed.csv", "targets.csv", "measures.csv"


def updated(**cells):
    """Write updates.csv with one row."""

    def edit(folder):
        (folder / "updates.csv").write_text(
            "update,previous_cutoff,cutoff,table,row,field,before,after,rule,basis\n"
        )
        return add("updates.csv", **(UPDATE | cells))(folder)

    return edit


def toml(old, new):
    return content(
        "case.toml", lambda text: text.replace(old.encode(), new.encode()), None
    )


MISSPELT = {
    "event kind": (cell("events.csv", "E2", "kind", "convoy_atack"), "'convoy_attack'"),
    "event kind in capitals": (cell("events.csv", "E2", "kind", "Riot"), "'riot'"),
    "event kind of a data set": (
        cell("events.csv", "E2", "kind", "Battles"),
        "'battle'",
    ),
    "event kind in the plural": (
        cell("events.csv", "E1", "kind", "kidnappings"),
        "'kidnapping'",
    ),
    "actor kind": (
        cell("actors.csv", "raiders", "kind", "armed_grup"),
        "'armed_group'",
    ),
    "actor kind with a blank": (
        cell("actors.csv", "raiders", "kind", "armed-group"),
        "'armed_group'",
    ),
    "hold": (cell("control.csv", "K1", "status", "controled"), "'controlled'"),
    "hold in another word": (
        cell("control.csv", "K2", "status", "contest"),
        "contested",
    ),
    "series": (
        cell(OBSERVED, "imports_volume_kl", "series", "imports_kl"),
        "imports_vol",
    ),
    "series of a place nobody knows": (
        cell(OBSERVED, "highcourt_kerosene_price", "series", "hghcourt_kerosene_price"),
        "'highcourt_kerosene_price'",
    ),
    "series of a product nobody knows": (
        cell(OBSERVED, "highcourt_kerosene_price", "series", "highcourt_kerosin_price"),
        "'highcourt_kerosene_price'",
    ),
    "series that a chart would draw": (
        cell(OBSERVED, "imports_volume_kl", "series", "truck_waiting"),
        "'trucks_waiting'",
    ),
    "unit of a series": (
        cell(OBSERVED, "imports_volume_kl", "unit", "million l"),
        "expected kl, as the series is 'imports_volume_kl'",
    ),
    "currency of a series": (
        cell(OBSERVED, "highcourt_kerosene_price", "unit", "XOF/l"),
        "XXX_per_litre or XXX/l",
    ),
    "unit of a clearance": (
        cell(MEASURES, "clearance-12h", "unit", "days"),
        "h or hour",
    ),
    "unit of a price": (
        cell(MEASURES, "price-kerosene", "unit", "XXX/m3"),
        "'XXX/l'",
    ),
    "language": (toml('language = "en"', 'language = "fr"'), "expected en"),
    "language spelt out": (toml('language = "en"', 'language = "english"'), "'en'"),
    "measure of a target": (
        cell(TARGETS, "imports-after-ban", "measure", "custom_volume_ml"),
        "'customs_volume_ml'",
    ),
    "place of a measure": (
        cell(TARGETS, "first-shortage", "measure", "first_shortage_day_highcort"),
        "first_shortage_day",
    ),
    "measure of the scorecard": (
        cell("scorecard.csv", "F1", "measure", "trucks_los"),
        "'trucks_lost'",
    ),
    "argument of a measure without": (
        cell("scorecard.csv", "F1", "argument", "highcourt"),
        "expected empty, as the measure is",
    ),
    "table of an update": (updated(table="segment"), "'segments'"),
    "field of an update": (updated(field="exposur"), "'exposure'"),
    "rule of an update": (updated(rule="hazards"), "'hazard'"),
    "key of case.toml": (toml("cutoff =", "cut_off ="), "'cutoff'"),
}


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_folder("toy"), tmp_path / "case")


def check(folder):
    return CliRunner().invoke(cli.app, ["check", str(folder)])


@pytest.mark.parametrize("name", MISSPELT)
def test_a_word_nobody_knows_is_told_with_the_nearest(folder, name):
    edit, part = MISSPELT[name]
    edit(folder)

    result = check(folder)

    assert result.exit_code == 2
    assert part in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("unit", "near"),
    [
        ("klitre", "litre"),
        ("litr", "litre"),
        ("XXX_per_litr", "XXX_per_litre"),
        ("tone", "tonne"),
        ("day_of_june", None),
        ("truck", None),
    ],
)
def test_a_unit_of_a_claim_that_almost_converts_is_a_warning(folder, unit, near):
    cell("claims.csv", "F5", "unit", unit)(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = load_case(folder).warnings

    assert [f"'{near}'?" in text for text in told] == ([True] if near else [])


def warned(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_case(folder).warnings


@pytest.mark.parametrize(
    ("file", "key", "field", "word", "near"),
    [
        ("claims.csv", "F4", "quantity", "truck_lost", "trucks_lost"),
        ("claims.csv", "F3", "quantity", "trucks_lsot", "trucks_lost"),
        ("claims.csv", "F2", "quantity", "imports_volumes", "imports_volume"),
        ("claims.csv", "F4", "subject", "lossess", "losses"),
        ("regions.csv", "upland", "zone", "sauth", "south"),
        ("market.csv", "2024", "good", "glod", "gold"),
        ("claims.csv", "F4", "quantity", "trucks_burned", None),
        ("claims.csv", "F4", "quantity", "trucks_lost_2", None),
    ],
)
def test_a_free_word_almost_like_another_is_a_warning(
    folder, file, key, field, word, near
):
    path = folder / file
    row = next(line for line in path.read_text().splitlines() if key in line)
    at = path.read_text().splitlines()[0].split(",").index(field)
    cells = row.split(",")
    cells[at] = word
    path.write_text(path.read_text().replace(row, ",".join(cells)))

    told = [text for text in warned(folder) if "one word for one thing" in text]

    assert len(told) == (near is not None)
    assert all(word in text and str(near) in text for text in told)


@pytest.mark.parametrize(
    ("share", "told"), [("0.3", "0.5"), ("0.7", "0.9"), ("0", "0.2")]
)
def test_a_place_asked_for_less_than_its_need_is_a_warning(folder, share, told):
    path = folder / "feeds.csv"
    path.write_text(path.read_text().replace("C-ROAD,0.8", f"C-ROAD,{share}", 1))

    assert [
        f"share is {told} in all for 'highcourt'" in text for text in warned(folder)
    ]


def test_the_command_lists_what_check_accepts(folder):
    asked = ["show", str(folder), "series"]
    listed = CliRunner().invoke(cli.app, asked).output
    rows = json.loads(CliRunner().invoke(cli.app, [*asked, "--json"]).output)["rows"]

    own = [row for row in rows if row["file"] == OBSERVED]
    units = {row["series"]: row["unit"] for row in own}
    for series in OBSERVED_SERIES:
        assert units[series.name] == " or ".join(series.units)
        assert series.name in listed
    assert "state_control_share" in listed


def test_every_series_of_the_list_is_taken(folder):
    with (folder / OBSERVED).open(encoding="utf-8", newline="") as file:
        header, first, *_ = csv.reader(file)
    rows = [
        [name, *first[1:6], series.units[0], first[7], "", *first[9:]]
        for name, series in observed_series(["highcourt"], ["gas_oil"], "XXX").items()
    ]
    with (folder / OBSERVED).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])

    assert len(load_case(folder).observed) == len(rows)


def test_the_words_of_the_tables_are_those_of_the_code():
    mapped = resources.files("supplyline.evidence.events").joinpath("mapping/kinds.csv")
    rows = csv.DictReader(mapped.read_text(encoding="utf-8").splitlines())

    assert {*kinds(), *(row["kind"] for row in rows)} <= set(get_args(EventKind))
    assert set(get_args(ActorKind)) >= ANY
    assert HELD in get_args(HoldStatus)
    assert set(get_args(UpdateRule)) == {*RULES, CLAIM, CUTOFF}
    assert get_args(PeriodPrecision) == get_args(Precision)


def test_a_case_is_refused_from_python_too(folder):
    cell("events.csv", "E2", "kind", "convoy_atack")(folder)

    with pytest.raises(CaseError, match="did you mean 'convoy_attack'"):
        load_case(folder)
