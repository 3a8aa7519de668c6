"""A case saved by a spreadsheet is read, or one line a file says what to change."""

import re
import shutil

import pytest

from supplyline.case.case import find_folder, load_case
from supplyline.case.frames import to_cells
from supplyline.errors import CaseError
from supplyline.evidence.desk.writing import cells_of
from supplyline.tables import TABLES

BOM = b"\xef\xbb\xbf"


def each_line(change):
    """Change every line of a text; no cell of the toy case holds a line end."""
    return lambda text: b"\n".join(change(line) for line in text.splitlines()) + b"\n"


def without_last_empty(line):
    return re.sub(rb",$", b"", line)


READ = {
    "byte-order mark": lambda text: BOM + text,
    "CSV UTF-8 of Excel": lambda text: BOM + text.replace(b"\n", b"\r\n"),
    "line ends of an old Mac": lambda text: text.replace(b"\n", b"\r"),
    "empty columns at the end": each_line(lambda line: line + b",,,"),
    "empty rows at the end": lambda text: text + (b"," * 11 + b"\n") * 40,
    "blank cells at the end": lambda text: text + b" , , \n\n",
    "empty columns and rows, all by Excel": lambda text: (
        BOM + each_line(lambda line: line + b",,")(text + b",\n,,\n")
    ),
    "no empty cell at the end": each_line(without_last_empty),
    "no line end at the end": lambda text: text.rstrip(b"\n"),
    "line that names the comma": lambda text: b"sep=,\r\n" + text,
}
SEMICOLONS = each_line(lambda line: line.replace(b",", b";"))
TOLD = {
    "semicolons": (SEMICOLONS, "cells parted by commas: save it as 'CSV UTF-8'"),
    "semicolons, named": (
        lambda text: b"sep=;\n" + SEMICOLONS(text),
        "cells parted by commas: save it as",
    ),
    "semicolons behind a mark": (lambda text: BOM + SEMICOLONS(text), "by commas"),
    "tabs": (each_line(lambda line: line.replace(b",", b"\t")), "by commas"),
    "UTF-16": (lambda text: text.decode().encode("utf-16"), "save it as 'CSV UTF-8'"),
    "Unicode text of Excel": (
        lambda text: text.decode().replace(",", "\t").encode("utf-16"),
        "save it as 'CSV UTF-8'",
    ),
    "UTF-16 without a mark": (
        lambda text: text.decode().encode("utf-16-le"),
        "save it as 'CSV UTF-8'",
    ),
    "cp1252": (
        lambda text: text.replace(b"up for", "up for\u00e9".encode("cp1252")),
        "save it as 'CSV UTF-8'",
    ),
}


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_folder("toy"), tmp_path / "case")


def save_all(folder, change):
    for path in folder.glob("*.csv"):
        path.write_bytes(change(path.read_bytes()))


def problems_of(folder):
    with pytest.raises(CaseError) as caught:
        load_case(folder)
    return caught.value.problems


@pytest.mark.parametrize("name", READ)
def test_what_a_spreadsheet_adds_or_leaves_out_is_read(folder, name):
    save_all(folder, READ[name])

    case, toy = load_case(folder), load_case("toy")

    assert all(case.tables[table].equals(toy.tables[table]) for table in TABLES)
    assert cells_of(case, "names") == to_cells(toy.names, TABLES["names"])
    assert cells_of(case, "regions") == cells_of(toy, "regions")


@pytest.mark.parametrize("name", TOLD)
def test_what_cannot_be_read_is_told_once_a_file(folder, name):
    change, remedy = TOLD[name]
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    save_all(folder, change)
    changed = [file for file in before if (folder / file).read_bytes() != before[file]]

    problems = problems_of(folder)

    told = [problem.file for problem in problems if problem.file in changed]
    assert len(told) == len(set(told))
    assert {*told} == {p.file for p in problems if remedy in str(p)}
    assert len(problems) == len(told)


def with_commas(text):
    return re.sub(rb"(?<=,)(-?\d+)\.(\d+)(?=,)", rb'"\1,\2"', text)


def with_days(text):
    return re.sub(rb"(\d{4})-(\d\d)-(\d\d)(?=[,\n])", rb"\3/\2/\1", text)


@pytest.mark.parametrize(
    ("change", "file", "remedy"),
    [
        (with_commas, "events.csv", "'.' as the decimal sign"),
        (with_commas, "segments.csv", "'.' as the decimal sign"),
        (with_days, "events.csv", "the format YYYY-MM-DD"),
        (with_days, "measures.csv", "the format YYYY-MM-DD"),
    ],
)
def test_cells_written_another_way_are_told_once_a_file(folder, change, file, remedy):
    path = folder / file
    path.write_bytes(change(path.read_bytes()))

    problems = problems_of(folder)

    assert [problem.file for problem in problems] == [file]
    assert remedy in str(problems[0])
    assert "other cells are written so" in str(problems[0])


def test_a_row_between_others_is_still_told_if_it_is_empty(folder):
    path = folder / "places.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n,,,\n", 2))

    assert [(p.line, p.found) for p in problems_of(folder)] == [
        (2, "has empty cells only"),
        (4, "has empty cells only"),
    ]


def test_a_cell_beyond_the_columns_is_still_told(folder):
    path = folder / "places.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\n") + b",x\n")

    assert "cells; expected" in str(problems_of(folder)[0])
