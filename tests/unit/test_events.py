"""Event files of every data set and container are read; all data are made up."""

import csv
import gzip
import io
import json
import zipfile
from datetime import date
from typing import get_args

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

import made_event_files as made
from supplyline.errors import EvidenceError
from supplyline.evidence.events import lookups, ucdp
from supplyline.evidence.events.event_file import (
    AGGREGATE_COLUMNS,
    EVENT_COLUMNS,
    PRICE_COLUMNS,
    read_events,
)
from supplyline.tables.words import EventKind

COLUMNS = {
    "events": EVENT_COLUMNS,
    "aggregates": AGGREGATE_COLUMNS,
    "prices": PRICE_COLUMNS,
}


def written(folder, content, name="table.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows_of(path, data_set=None):
    file = read_events(path, data_set)
    return [row for batch in file.batches() for row in batch.to_pylist()]


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, records in sheets:
        sheet = book.create_sheet(title)
        for record in records:
            sheet.append(record)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def records_of(layout):
    return list(csv.reader(io.StringIO(made.LAYOUTS[layout])))


@pytest.mark.parametrize("layout", made.LAYOUTS)
def test_a_layout_is_known_by_its_content(tmp_path, layout):
    file = read_events(written(tmp_path, made.LAYOUTS[layout], "anything"))
    assert file.layout == layout
    if file.kind == "deletions":
        assert file.deletions == {"RUR3": 1_700_000_000}
        return
    assert file.rows == 7
    assert sum(batch.num_rows for batch in file.batches()) == 7
    assert file.problems == ()
    for batch in file.batches():
        assert tuple(batch.schema.names) == COLUMNS[file.kind]
    licences = {row["licence"] for row in rows_of(file.path)}
    assert licences == {lookups.licence_of(file.data_set).licence} == {file.licence}


@pytest.mark.parametrize("layout", ["ucdp-23.1", "acled", "hapi-conflict", "wfp-2024"])
@pytest.mark.parametrize("form", ["tsv", "semicolon", "gz", "zip", "json", "lines"])
def test_a_container_changes_no_row(tmp_path, layout, form):
    plain = made.LAYOUTS[layout]
    header, *records = records_of(layout)
    body = [one for one in records if not any(cell.startswith("#") for cell in one)]
    dicts = [dict(zip(header, record, strict=True)) for record in body]
    content = {
        "tsv": lambda: made.text(header, dicts, "\t"),
        "semicolon": lambda: made.text(header, dicts, ";"),
        "gz": lambda: gzip.compress(plain.encode()),
        "zip": lambda: zipped("inner.csv", plain),
        "json": lambda: json.dumps({"status": 200, "data": dicts}),
        "lines": lambda: "\n".join(map(json.dumps, dicts)),
    }[form]()
    expected = rows_of(written(tmp_path, plain, "plain.csv"))
    found = rows_of(written(tmp_path, content, "packed"))
    assert len(found) == 7
    for one, other in zip(found, expected, strict=True):
        assert {**one, "line": 0} == {**other, "line": 0}


@pytest.mark.parametrize("packing", ["plain", "gz", "zip"])
@pytest.mark.parametrize("form", ["parquet", "workbook"])
def test_binary_containers_are_read_packed_and_plain(tmp_path, form, packing):
    header, *records = records_of("ucdp-23.1")
    if form == "parquet":
        table = pa.table(
            {name: [row[at] for row in records] for at, name in enumerate(header)}
        )
        out = io.BytesIO()
        parquet.write_table(table, out)
        content = out.getvalue()
    else:
        content = workbook(("Notes", [["Read me"]]), ("Data", [header, *records]))
    packed = {
        "plain": lambda: content,
        "gz": lambda: gzip.compress(content),
        "zip": lambda: zipped("inner", content),
    }[packing]()
    expected = rows_of(written(tmp_path, made.LAYOUTS["ucdp-23.1"]))
    found = rows_of(written(tmp_path, packed, "packed"))
    for one, other in zip(found, expected, strict=True):
        assert {**one, "line": 0} == {**other, "line": 0}


def test_types_of_parquet_become_the_same_rows(tmp_path):
    rows = [made.ged(number) for number in made.ROWS]
    columns = {name: [row.get(name) for row in rows] for name in made.GED_191}
    columns["date_start"] = columns["date_end"] = [date(2024, 3, 4)] * 7
    columns["active_year"] = [True] * 7
    columns["best"] = pa.array([1.0, None, 3.0, 4.0, 5.0, 6.0, 7.0])
    path = tmp_path / "t.parquet"
    parquet.write_table(pa.table(columns), path)
    found = rows_of(path)
    assert [row["deaths"] for row in found] == [1, None, 3, 4, 5, 6, 7]
    assert found[0]["start"] == date(2024, 3, 4)


def test_a_row_of_ucdp_is_read(tmp_path):
    row = rows_of(written(tmp_path, made.LAYOUTS["ucdp-23.1"]))[0]
    assert row == {
        "data_set": "ucdp",
        "data_id": "1",
        "line": 2,
        "start": date(2024, 3, 4),
        "end": date(2024, 3, 5),
        "date_precision": "day",
        "data_type": "1",
        "kind": "battle",
        "actor1": "Government of Ruritania",
        "actor2": "XXX1",
        "lat": 12.5,
        "lon": -7.25,
        "place_km": 25.0,
        "country": "ML",
        "admin1": "Middle",
        "admin2": None,
        "place_name": "Strelsau town",
        "deaths": 4,
        "deaths_low": 1,
        "deaths_high": 10,
        "text": "A made-up headline, with a comma",
        "is_provisional": False,
        "licence": "CC-BY-4.0",
        "version": ucdp.version_of(None, date(2024, 3, 5)),
    }


def test_a_row_of_acled_is_read(tmp_path):
    row = rows_of(written(tmp_path, made.LAYOUTS["acled"]))[1]
    assert row["start"] == row["end"] == date(2020, 7, 31)
    assert (row["date_precision"], row["place_km"]) == ("week", 5.0)
    assert row["data_type"] == "Battles: Armed clash"
    assert (row["country"], row["deaths"], row["licence"]) == ("ML", 2, "acled-terms")
    assert row["version"] == 1_600_000_002


def test_a_row_of_gdelt_is_read_in_every_version(tmp_path):
    for width in (61, 58, 57):
        content = "".join(made.gdelt(number, width) for number in made.ROWS)
        row = rows_of(written(tmp_path, content))[2]
        assert row["start"] == date(2024, 3, 4)
        assert (row["country"], row["kind"]) == ("ML", "battle")
        assert (row["lat"], row["lon"]) == (12.65, -8.0)
        assert (row["text"] is None) == (width == 57)
        assert row["version"] == 20240304001500


def test_a_price_and_an_aggregate_are_read(tmp_path):
    price = rows_of(written(tmp_path, made.LAYOUTS["wfp-2024"], "prices_mli.csv"))[0]
    assert (price["price"], price["country"]) == (701.0, "ML")
    assert price["line"] == 3
    aggregate = rows_of(written(tmp_path, made.LAYOUTS["hapi-conflict"]))[2]
    assert (aggregate["events"], aggregate["deaths"]) == (3, 6)
    assert aggregate["end"] == date(2024, 3, 31)


def test_sheets_of_the_workbook_are_read_together(tmp_path):
    rows = [[made.book(n).get(name) for name in made.BOOK] for n in made.ROWS]
    more = [[made.book(n, Country="Ruritania", ISO3="").get(name)
             for name in made.BOOK] for n in made.ROWS]  # fmt: skip
    content = workbook(
        ("TOU", [["Terms of use"], ["They are made up"]]),
        ("HRP_1", [made.BOOK, *rows]),
        ("HRP_2", [made.BOOK, *more]),
    )
    path = written(tmp_path, content, "political_violence_events.xlsx")
    file = read_events(path)
    found = rows_of(path)
    assert (file.layout, file.rows, len(found)) == ("acled-hdx", 14, 14)
    assert {row["event_type"] for row in found} == {"political_violence"}
    assert found[0]["end"] == date(2024, 3, 31)


def test_the_header_may_be_written_otherwise(tmp_path):
    header = [name.upper().replace("_", " ") for name in reversed(made.GED_241)]
    rows = [
        {name.upper().replace("_", " "): cell for name, cell in made.ged(n).items()}
        for n in made.ROWS
    ]
    found = rows_of(written(tmp_path, "\ufeff" + made.text(header, rows)))
    expected = rows_of(written(tmp_path, made.LAYOUTS["ucdp-23.1"]))
    assert found == expected


def test_provisional_rows_are_marked(tmp_path):
    rows = [made.ged(1), made.ged(2, code_status="Check dates"), made.ged(3)]
    content = made.text(made.GED_241, rows)
    found = rows_of(written(tmp_path, content, "GEDEvent_v25_1.csv"))
    assert [row["is_provisional"] for row in found] == [False, True, False]
    found = rows_of(written(tmp_path, content, "GEDEvent_v25_0_6.csv"))
    assert all(row["is_provisional"] for row in found)


@pytest.mark.parametrize(
    ("hint", "release"),
    [
        ("GEDEvent_v23_1.csv", (23, 1)),
        ("ged191.csv", (19, 1)),
        ("ged251-csv.zip", (25, 1)),
        ("GEDEvent_v25_0_10.csv", (25, 0, 10)),
        ("GEDEvent_v25_01_25_09.csv", (25, 1, 25, 9)),
        ("https://example.org/api/gedevents/25.0.6?pagesize=1000", (25, 0, 6)),
        ("hdx_conflict_data_MLI.csv", None),
    ],
)
def test_a_release_is_found_in_a_name(hint, release):
    assert ucdp.release_of([hint]) == release


def test_releases_are_in_order():
    order = [(23, 1), (24, 0, 1), (24, 0, 12), (24, 1), (25, 0, 2), (25, 1)]
    versions = [ucdp.version_of(release, None) for release in order]
    assert versions == sorted(versions)
    unnamed = ucdp.version_of(None, date(2024, 12, 30))
    assert versions[3] < unnamed < versions[5]


FAULTS = {
    "date_start": ("2024-02-31", "not a possible date"),
    "date_end": ("2023-01-01", "before date_start"),
    "best": ("many", "not a number"),
    "low": ("-1", "outside 0 to 10,000,000"),
    "high": ("2.5", "not a whole number"),
    "latitude": ("91", "outside -90 to 90"),
    "longitude": ("nan", "outside -180 to 180"),
    "id": ("", "missing"),
}


@pytest.mark.parametrize("column", FAULTS)
def test_a_faulty_row_is_flagged_and_kept_out(tmp_path, column):
    cell, reason = FAULTS[column]
    rows = [made.ged(1), made.ged(2, **{column: cell}), made.ged(3)]
    file = read_events(written(tmp_path, made.text(made.GED_241, rows)))
    assert [row["data_id"] for row in rows_of(file.path)] == ["1", "3"]
    (problem,) = file.problems
    assert (problem.line, problem.field) == (3, column)
    assert reason in problem.found
    (flagged,) = [row for p in file.pieces() for row in p.flagged.to_pylist()]
    assert json.loads(flagged["record"])["sideb"] == "XXX2"


def test_of_rows_with_one_identifier_the_last_is_kept(tmp_path):
    rows = [made.ged(1, best=1), made.ged(2), made.ged(1, best=5)]
    file = read_events(written(tmp_path, made.text(made.GED_241, rows)))
    assert [row["deaths"] for row in rows_of(file.path)] == [5, 5]
    (problem,) = file.problems
    assert problem.line == 2
    assert "line 4" in problem.found


def test_lines_are_those_of_the_file(tmp_path):
    rows = [made.ged(n, source_article="one\ntwo\nthree") for n in made.ROWS]
    content = made.text(made.GED_241, rows)
    found = rows_of(written(tmp_path, content))
    lines = content.split("\n")
    assert [row["line"] for row in found] == [2 + 3 * at for at in range(7)]
    assert all(lines[row["line"] - 1].startswith(row["data_id"]) for row in found)


def test_kinds_follow_the_tables():
    kind = lookups.kind_of
    assert kind("ucdp", "3", "", "state") == "abuse"
    assert kind("ucdp", "3", "", "") == "town_attack"
    assert kind("gdelt", "1451", "", "") == "riot"
    assert kind("gdelt", "0231", "", "") == "other"
    assert kind("acled", "Explosions/Remote violence", "Air/drone strike", "") == (
        "airstrike_operation"
    )
    assert kind("acled", "Unheard of", "", "") == "other"


def test_words_of_a_text_make_a_kind_more_exact(tmp_path):
    rows = [
        made.acled(1, notes="Militants attacked a fuel convoy of 20 trucks."),
        made.acled(2, notes="An ambush on the road."),
    ]
    found = rows_of(written(tmp_path, made.text(made.ACLED, rows)))
    assert [row["kind"] for row in found] == ["convoy_attack", "road_attack"]


KINDS = set(get_args(EventKind))


def test_the_mapping_tables_are_sound():
    assert {row["kind"] for row in lookups.rows_of("kinds")} <= KINDS
    for row in lookups.rows_of("refinements"):
        assert {row["kind"], row["refined"]} <= KINDS
    for row in lookups.rows_of("precision"):
        assert bool(row["km"]) == (row["field"] == "place")
    for code in ("iso3", "iso_numeric", "gleditsch_ward", "fips", "title"):
        cells = [
            part
            for row in lookups.rows_of("countries")
            for part in row[code].split(";")
            if part
        ]
        assert len(cells) == len(set(cells)), code
    assert not lookups.may_be_passed_on("acled-terms")
    assert not lookups.may_be_passed_on("unheard of")
    assert lookups.may_be_passed_on("CC-BY-4.0")


def test_an_unknown_layout_is_told_by_what_it_lacks(tmp_path):
    header = [name for name in made.GED_241 if name != "best"] + ["bestt"]
    path = written(tmp_path, made.text(header, map(made.ged, made.ROWS)))
    with pytest.raises(EvidenceError) as caught:
        read_events(path)
    (told,) = [p for p in caught.value.problems if "'best' of ucdp-23.1" in p.found]
    assert told.nearest == "bestt"


def test_another_data_set_than_expected_is_told(tmp_path):
    path = written(tmp_path, made.LAYOUTS["ucdp-23.1"])
    with pytest.raises(EvidenceError, match="no known layout"):
        read_events(path, "acled")
    with pytest.raises(EvidenceError, match="did you mean 'acled'"):
        read_events(path, "acledd")
