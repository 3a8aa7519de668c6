"""Every kind of broken case is told with its file, line and field."""

import shutil
import tracemalloc

import pytest

from broken_cases import BROKEN, cell, content
from supplyline.case.case import find_folder, load_case
from supplyline.errors import CaseError, Problem


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_folder("toy"), tmp_path / "case")


def problems_of(folder):
    with pytest.raises(CaseError) as caught:
        load_case(folder)
    return caught.value.problems


def test_there_are_many_kinds():
    assert len({broken.kind for broken in BROKEN}) == len(BROKEN) >= 100


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.kind)
def test_a_fault_is_told_where_it_stands(folder, broken):
    line = broken.edit(folder)

    problems = problems_of(folder)

    at = [p for p in problems if (p.file, p.line) == (broken.file, line)]
    told = [p for p in at if p.field == broken.field and broken.part in str(p)]
    assert told, [str(problem) for problem in problems]


def test_one_fault_is_told_once(folder):
    cell("segments.csv", "A1", "length_km", "-3")(folder)

    assert [str(problem) for problem in problems_of(folder)] == [
        "segments.csv:2: length_km is '-3'; expected a number more than 0"
    ]


def test_all_faults_are_told_together_in_order(folder):
    cell("corridor_segments.csv", "C-ROAD/1", "segment", "A11")(folder)
    cell("segments.csv", "A1", "mode", "raod")(folder)
    cell("places.csv", "harbour", "lat", "north")(folder)

    told = [(p.file, p.line, p.field) for p in problems_of(folder)]

    assert told == [
        ("places.csv", 2, "lat"),
        ("segments.csv", 2, "mode"),
        ("corridor_segments.csv", 2, "segment"),
    ]


def test_many_problems_are_counted_and_not_all_written_out(folder):
    header, *_ = (folder / "sources.csv").read_text().splitlines()
    lines = [header, *(f"s{n},,p,2024,,A," for n in range(900))]
    (folder / "sources.csv").write_text("\n".join(lines))

    with pytest.raises(CaseError) as caught:
        load_case(folder)

    message = str(caught.value)
    count = len(caught.value.problems)
    assert message.startswith(f"{count:,} problems in")
    assert message.count("title is empty") == 3
    assert "\n  and 897 more like this" in message


def test_a_file_of_faults_is_not_read_to_its_end(folder):
    header, *_ = (folder / "sources.csv").read_text().splitlines()
    lines = [header, *("a,,,,,," for _ in range(5000))]
    (folder / "sources.csv").write_text("\n".join(lines))

    problems = [p for p in problems_of(folder) if p.file == "sources.csv"]

    assert len(problems) < 1100
    assert "as far as this file was read" in str(problems[-1])


def test_a_cell_of_10_mb_takes_bounded_memory(folder):
    cell("places.csv", "harbour", "note", "x" * 10_000_000)(folder)
    tracemalloc.start()
    try:
        assert max(len(str(problem)) for problem in problems_of(folder)) < 300
        assert tracemalloc.get_traced_memory()[1] < 150e6
    finally:
        tracemalloc.stop()


def test_line_ends_of_windows_are_read(folder):
    for path in folder.glob("*.csv"):
        content(path.name, lambda b: b.replace(b"\n", b"\r\n"), None)(folder)

    assert load_case(folder).places.equals(load_case("toy").places)


def test_html_in_a_title_stays_text(folder):
    cell("places.csv", "harbour", "title", "<script>alert(1)</script>")(folder)

    assert load_case(folder).places["title"][0] == "<script>alert(1)</script>"


@pytest.mark.parametrize("name", ["mail", "no/such/folder", "a\0b"])
def test_a_case_that_does_not_exist_is_told(name):
    with pytest.raises(CaseError, match="expected a case folder, or one of"):
        load_case(name)


def test_a_name_near_by_is_told_without_what_cannot_be_printed():
    near = Problem.unknown("f.csv", 2, "x", "coast_trucks", ["\ufeffcoast_trucks"], "y")

    assert str(near).endswith("(did you mean '\N{REPLACEMENT CHARACTER}coast_trucks'?)")
    assert str(near).isprintable()
