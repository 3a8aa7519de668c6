"""One kind of fault or warning does not drown the others; what is late is told so."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from broken_cases import add, cell, content
from supplyline import cli
from supplyline.case.case import find_folder
from supplyline.errors import CaseError, Problem, by_kind

SOURCE = {"title": "A report", "publisher": "A paper", "reliability": "B"}
LATE = "leave the row out, or move `cutoff` in case.toml"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_folder("toy"), tmp_path / "case")


def check(folder, *options):
    result = CliRunner().invoke(cli.app, ["check", str(folder), *options])
    assert "Traceback" not in result.output
    return result


def late_sources(folder):
    for day in range(10, 30):
        add("sources.csv", source=f"s{day}", date=f"2024-05-{day}", **SOURCE)(folder)


def far_events(folder):
    header, first, *_ = (folder / "events.csv").read_text().splitlines()
    rows = [first.replace("E1,", f"F{n},").replace("11.7", "15.5") for n in range(20)]
    (folder / "events.csv").write_text("\n".join([header, *rows, ""]))


def almost_units(folder):
    for number in range(20):
        claim = {"subject": "price", "quantity": "x", "area": "country:XA"}
        days = {"start": "2024-02-10", "end": "2024-02-10", "source": "made-up"}
        value = {"value": str(number), "unit": "litr"}
        add("claims.csv", claim=f"G{number}", **claim, **days, **value)(folder)


@pytest.mark.parametrize("many", [late_sources, far_events, almost_units])
def test_warnings_of_one_kind_are_counted(folder, many):
    many(folder)
    cell("segments.csv", "A1", "length_km", "50")(folder)

    lines = [n for n in check(folder).output.splitlines() if n.startswith("warning")]
    told = json.loads(check(folder, "--json").output)["warnings"]

    assert len(lines) == 6  # one speaks of the fleet of the toy case
    assert sum("and 17 more like this" in line for line in lines) == 1
    assert len(told) == 22
    assert sum("straight distance" in line for line in lines) == 1


def empty_titles(folder):
    header, *rows = (folder / "sources.csv").read_text().splitlines()
    more = [f"s{n},,p,2024,,A," for n in range(300)]
    (folder / "sources.csv").write_text("\n".join([header, *rows, *more, ""]))


def unknown_places(folder):
    for number in range(300):
        cells = {"product": "kerosene", "demand_class": "public", "source": "made-up"}
        place = f"place{number}"
        add("demand.csv", place=place, demand_kl_per_day="1", **cells)(folder)


def decimal_commas(folder):
    header, first, *_ = (folder / "events.csv").read_text().splitlines()
    rows = [first.replace("E1,", f"F{n},").replace("11.7", "x") for n in range(300)]
    (folder / "events.csv").write_text("\n".join([header, *rows, ""]))


@pytest.mark.parametrize("many", [empty_titles, unknown_places, decimal_commas])
def test_problems_of_one_kind_do_not_hide_another(folder, many):
    many(folder)
    cell("targets.csv", "first-shortage", "low", "soon")(folder)
    cell("scorecard.csv", "F1", "factor", "0")(folder)

    output = check(folder).output
    told = json.loads(check(folder, "--json").output.split("Error:")[0])["problems"]

    assert "low is 'soon'" in output
    assert "factor is '0'" in output
    assert "and 297 more like this" in output
    assert len(told) == 302


def test_a_few_problems_of_a_kind_are_all_written_out():
    problems = [Problem("f.csv", n, "x", f"'{n}'", "a word") for n in range(9)]
    other = Problem("f.csv", 4, "y", "'4'", "a word")

    lines = str(CaseError("f", [*problems, other])).splitlines()

    assert len(lines) == 11
    assert lines[-1] == "  f.csv:4: y is '4'; expected a word"


def test_a_name_near_by_makes_no_kind_of_its_own():
    texts = ["f: x is 'a'; expected b (did you mean 'ab'?)", "f: x is 'c'; expected b"]
    assert by_kind([*texts, *texts, *texts])[3:] == ["and 3 more like this"]


HAZARD = (
    "segment,start,encounters,hazard_low,hazard,hazard_high,basis\n"
    "A1,2024-03-04,1,0.1,0.2,0.3,E2\n"
)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (cell("events.csv", "E2", "date", "2024-03-02"), 2),
        (cell("leader.csv", "march", "date", "2024-03-02"), 2),
        (cell("control.csv", "K1", "date", "2024-03-02"), 2),
        (cell("observed.csv", "imports_volume_kl", "end", "2024-03-02"), 2),
        (cell("targets.csv", "first-shortage", "end", "2024-03-02"), 2),
        (content("hazards.csv", lambda _: HAZARD.encode(), None), 2),
        (cell("sources.csv", "made-up", "date", "2024-05"), 0),
    ],
)
def test_a_row_of_after_the_cut_off_is_told_with_the_remedy(folder, edit, code):
    (folder / "hazards.csv").write_text(HAZARD.splitlines()[0] + "\n")
    edit(folder)

    result = check(folder)

    assert result.exit_code == code
    assert f"the cut-off, 2024-02-29: {LATE}" in " ".join(result.output.split())


def test_a_source_without_a_day_is_not_late(folder):
    cell("sources.csv", "made-up", "date", "not stated")(folder)

    assert "cut-off" not in check(folder).output
