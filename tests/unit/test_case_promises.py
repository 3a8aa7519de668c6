"""What the reference says of a field, the checks do; a fault contradicts nobody."""

import shutil

import pytest

from broken_cases import add, cell, content, read, write
from supplyline.case.case import find_folder, load_case, packaged_cases
from supplyline.case.fields import forms
from supplyline.case.meanings import meanings
from supplyline.errors import CaseError
from supplyline.tables import TABLES
from supplyline.tables.supply import Fleet, Segment

TOY = find_folder("toy")


def filled():
    """Give each field that may be empty and is not so in all rows of the toy case."""
    for table, model in TABLES.items():
        if not (TOY / f"{table}.csv").exists():
            continue
        header, *rows = read(TOY, f"{table}.csv")
        for field, form in forms(model).items():
            if form.may_be_empty and any(row[header.index(field)] for row in rows):
                yield table, field


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(TOY, tmp_path / "case")


def problems_of(folder):
    try:
        load_case(folder)
    except CaseError as error:
        return error.problems
    return ()


@pytest.mark.parametrize(("table", "field"), list(filled()))
def test_a_field_that_may_be_empty_may_be_so_or_says_where_not(folder, table, field):
    file = f"{table}.csv"
    header, *rows = read(folder, file)
    at = header.index(field)
    write(folder, file, [header, *([*row[:at], "", *row[at + 1 :]] for row in rows)])

    told = [p for p in problems_of(folder) if (p.file, p.field) == (file, field)]

    meaning = meanings(TABLES[table])[field]
    assert not told or "Needed" in meaning, meaning


@pytest.mark.parametrize("mode", forms(Fleet)["mode"].choices)
def test_every_mode_of_a_fleet_can_be_used(folder, mode):
    for file in ("fleets.csv", "segments.csv"):
        content(file, lambda b: b.replace(b",road,", f",{mode},".encode()), 1)(folder)

    assert problems_of(folder) == ()


@pytest.mark.parametrize("mode", forms(Segment)["mode"].choices)
def test_every_mode_of_a_segment_can_be_noted(folder, mode):
    cells = {"from_place": "harbour", "to_place": "crossing", "region": "coast"}
    more = {"surface": mode, "exposure": "0", "tier": "2", "source": "assumption"}
    add("segments.csv", segment="Z1", mode=mode, length_km="900", **cells, **more)(
        folder
    )

    assert problems_of(folder) == ()


@pytest.mark.parametrize("mode", forms(Segment)["mode"].choices)
def test_a_fleet_may_travel_every_mode_of_a_segment(folder, mode):
    for file in ("segments.csv", "fleets.csv"):
        content(file, lambda b: b.replace(b",road,", f",{mode},".encode()), 1)(folder)

    assert problems_of(folder) == ()


@pytest.mark.parametrize("mode", forms(Segment)["mode"].choices)
def test_a_corridor_may_mix_modes(folder, mode):
    cell("segments.csv", "A1", "mode", mode)(folder)

    assert problems_of(folder) == ()


@pytest.mark.parametrize("name", ["_hidden", ".dot", "-dash"])
def test_an_identifier_says_how_it_begins(folder, name):
    cell("places.csv", "harbour", "place", name)(folder)

    told = [str(problem) for problem in problems_of(folder)]

    is_formula = name.startswith("-")
    assert is_formula or any("a letter or digit first" in text for text in told)


def test_too_many_products_are_told_with_the_limit(folder):
    many = ", ".join(f'"p{n}"' for n in range(21))
    old = b'products = ["kerosene", "gas_oil"]'
    content("case.toml", lambda b: b.replace(old, f"products = [{many}]".encode()), 1)(
        folder
    )

    assert "a list of 1 to 20 identifiers" in str(problems_of(folder)[0])


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
def test_the_packaged_cases_keep_their_pipelines():
    modes = {name: load_case(name).segments["mode"] for name in packaged_cases()}
    assert "pipeline" in set(modes["mali"])
