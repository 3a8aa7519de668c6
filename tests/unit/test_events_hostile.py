"""Files that are damaged, or made to do harm, end in a clear error or flagged rows."""

import gzip
import io
import json
import os
import struct
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

import made_event_files as made
from supplyline.errors import EvidenceError
from supplyline.evidence.events import containers
from supplyline.evidence.events.event_file import read_events
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.events import event_files, put_events

GED = made.LAYOUTS["ucdp-23.1"]


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def lying_zip():
    """Write a .zip that says its file is small."""
    content = zipped(("a.csv", GED.encode() + b"x" * 100_000))
    size = struct.pack("<L", len(GED) + 100_000)
    assert content.count(size) == 2
    return content.replace(size, struct.pack("<L", 5_000))


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed_part(content, name, change):
    """Change one part of a .zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = change(parts[name])
    return zipped(*parts.items())


def repacked(content, method):
    """Pack a .zip in another way."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(part, archive.read(part)) for part in archive.namelist()]
    return zipped(*parts, method=method)


def damaged_part(content):
    """Set bits in the middle of the packed rows of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo("xl/workbook.xml").header_offset
    start += 30 + len("xl/workbook.xml")
    return content[:start] + b"\xff" * 40 + content[start + 40 :]


def ged_rows():
    return [made.GED_241] + [
        [made.ged(number).get(name, "") for name in made.GED_241]
        for number in made.ROWS
    ]


def entity_bomb():
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    name = "xl/worksheets/sheet1.xml"
    return changed_part(workbook(ged_rows()), name, lambda part: bomb + part)


def parquet_bytes():
    columns = {
        name: [str(made.ged(number).get(name, "")) for number in made.ROWS]
        for name in made.GED_241
    }
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def nested_parquet():
    out = io.BytesIO()
    columns = {name: [[{"a": [1]}]] for name in made.GED_191}
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


HEAD, BODY = GED.split("\n", 1)
REFUSED = {
    "empty": b"",
    "space": b" \n\n ",
    "a byte-order mark": b"\xef\xbb\xbf",
    "UTF-16": GED.encode("utf-16"),
    "UTF-16 without a mark": GED.encode("utf-16-le"),
    "header in Latin-1": GED.replace("low", "l\xf6w").encode("latin-1"),
    "NULs": bytes(10_000),
    "prose": b"Dear reader,\nthis is no table.\n",
    "HTML": b"<html><body><table><tr><td>id</td></tr></table></body></html>",
    "truncated gzip": gzip.compress(GED.encode() * 50)[:-40],
    "broken gzip": gzip.compress(GED.encode())[:30] + b"xxxx",
    "gzip of nothing": gzip.compress(b""),
    "gzip in gzip": gzip.compress(gzip.compress(GED.encode())),
    "gzip bomb": gzip.compress(GED.encode() + bytes(80 * 1024**2)),
    "zip bomb": zipped(("a.csv", GED.encode() + bytes(80 * 1024**2))),
    "lying zip": lying_zip(),
    "zip in zip": zipped(("a.zip", zipped(("a.csv", GED)))),
    "gzip in zip": zipped(("a.csv.gz", gzip.compress(GED.encode()))),
    "two files": zipped(("a.csv", GED), ("b.csv", GED)),
    "no file": zipped(),
    "truncated zip": zipped(("a.csv", GED))[:-30],
    "10,000 columns": ",".join(f"c{at}" for at in range(10_000)).encode(),
    "column twice": made.text([*made.GED_241, "id"], map(made.ged, made.ROWS)).encode(),
    "unclosed quote": (GED + '"8,never closed\n' * 3).encode(),
    "unclosed quote at the end": (
        GED.replace("\n1,", '\n""1,') + '"'  # no plain way of quoting, so read exactly
    ).encode(),
    "long first line": b"x" * (2 * 1024**2),
    "JSON, nested": b"[" * 100_000,
    "JSON, nested values": b'{"a":' * 100_000,
    "JSON, nested in a record": b'{"data":[{"id":' + b"[" * 100_000 + b"]}]}",
    "JSON, truncated": json.dumps([made.ged(1), made.ged(2)]).encode()[:-9],
    "JSON, of numbers": b"[1, 2, 3]",
    "JSON, no records": b'{"data": []}',
    "JSON, in Latin-1": b'[{"id": "\xe9"}]',
    "Parquet, cut": parquet_bytes()[:-20],
    "Parquet, corrupt footer": parquet_bytes()[:-300] + b"\xff" * 292 + b"....PAR1",
    "Parquet, name only": b"PAR1",
    "Parquet, nested": nested_parquet(),
    "workbook, entities": entity_bomb(),
    "workbook, cut": workbook(ged_rows())[:-400],
    "workbook, damaged inside": damaged_part(workbook(ged_rows())),
    "workbook, packed as LZMA": repacked(workbook(ged_rows()), zipfile.ZIP_LZMA),
    "workbook, of prose": workbook([["Read me"], ["Nothing"]]),
    "old Excel": b"\xd0\xcf\x11\xe0" + bytes(100),
    "PDF": b"%PDF-1.7\n",
    "bzip2": b"BZh91AY&SY",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_and_nothing_is_written(tmp_path, name):
    path = tmp_path / "hostile"
    path.write_bytes(REFUSED[name])
    with open_store(tmp_path / "evidence.sqlite") as store:
        with pytest.raises(EvidenceError) as caught:
            put_events(store, read_events(path))
        assert event_files(store).empty
    told = str(caught.value)
    assert "hostile" in told
    assert len(told) < 10_000
    assert told.isprintable() or "\n" in told


def test_what_is_no_plain_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "pipe", tmp_path / "a\0b"):
        with pytest.raises(EvidenceError):
            read_events(path)
    with pytest.raises(EvidenceError, match="no plain file"):
        read_events(Path(os.devnull))


def test_a_path_inside_an_archive_is_only_a_name(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("../../escaped.csv", GED)))
    file = read_events(path)
    assert sum(batch.num_rows for batch in file.batches()) == 7
    assert not list(tmp_path.parent.glob("**/escaped.csv"))


def test_a_field_of_a_gigabyte_is_refused_in_bounded_memory(tmp_path):
    resource = pytest.importorskip("resource")
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(GED.encode() + b'8,"')
        file.truncate(1024**3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(EvidenceError, match="longer than 8 MiB"):
        read_events(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


def test_a_long_cell_is_flagged(tmp_path):
    path = tmp_path / "long.csv"
    rows = [made.ged(1, source_headline="x" * 200_000), made.ged(2)]
    path.write_text(made.text(made.GED_241, rows))
    (problem,) = read_events(path).problems
    assert "longer than" in problem.found


def flagged(tmp_path, content):
    path = tmp_path / "odd.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    file = read_events(path)
    sound = sum(batch.num_rows for batch in file.batches())
    assert sound + len(file.problems) == file.rows
    return sound, [(problem.line, problem.found) for problem in file.problems]


@pytest.mark.parametrize(("cell", "at"), [(b"XXX3", 4), (b"True", 2)])
def test_bytes_of_another_encoding_flag_their_row_only(tmp_path, cell, at):
    # the second cell is of a column that is not kept
    content = GED.encode().replace(cell, cell[:-1] + b"\xe9", 1)
    sound, ((line, found),) = flagged(tmp_path, content)
    assert (sound, line) == (6, at)
    assert "0xE9" in found


def test_rows_of_another_length_are_flagged(tmp_path):
    lines = GED.splitlines()
    lines[3] += ",more"
    lines[5] = "5,too,few"
    sound, found = flagged(tmp_path, "\n".join(lines))
    assert sound == 5
    assert [line for line, _ in found] == [4, 6]
    assert "has 50 cells" in found[0][1]


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n\n", "\n\r\n"])
def test_any_newlines_will_do(tmp_path, ending):
    assert flagged(tmp_path, GED.replace("\n", ending)) == (7, [])


def test_newlines_may_be_mixed(tmp_path):
    lines = GED.splitlines()
    ends = ["\n", "\r\n", "\r", "\n", "\r\n", "\r", "\n", ""]
    content = "".join(line + end for line, end in zip(lines, ends, strict=True))
    assert flagged(tmp_path, content) == (7, [])


def test_a_quote_inside_a_cell_loses_no_row(tmp_path):
    content = GED.replace("Strelsau town", 'Strelsau 5" town')
    assert flagged(tmp_path, content.replace('"Strelsau 5"" town"', 'Stre 5" t')) == (
        7,
        [],
    )
    lines = GED.splitlines()
    lines[2] = lines[2].replace("Strelsau town", 'Strelsau 5"')
    assert flagged(tmp_path, "\n".join(lines)) == (7, [])


def test_nul_and_control_characters_never_reach_the_store(tmp_path):
    path = tmp_path / "nul.csv"
    path.write_text(GED.replace("XXX3", "X\0X\x1b[31m\u202e3"))
    rows = [row for b in read_events(path).batches() for row in b.to_pylist()]
    assert rows[2]["actor2"] == "X X [31m 3"


def test_formulas_stay_text(tmp_path):
    path = tmp_path / "formula.csv"
    evil = '=HYPERLINK("http://x.example","y")'
    path.write_text(made.text(made.GED_241, [made.ged(1, side_b=evil)]))
    (row,) = [row for b in read_events(path).batches() for row in b.to_pylist()]
    assert row["actor2"] == evil
    path = tmp_path / "formula.xlsx"
    rows = ged_rows()
    rows[1][made.GED_241.index("best")] = "=1+1"
    path.write_bytes(workbook(rows))
    found = [row for b in read_events(path).batches() for row in b.to_pylist()]
    # never worked out: a formula whose result was not saved is empty
    assert found[0]["deaths"] is None


def test_a_workbook_may_claim_any_size(tmp_path):
    path = tmp_path / "large.xlsx"
    path.write_bytes(
        changed_part(
            workbook(ged_rows()),
            "xl/worksheets/sheet1.xml",
            lambda part: part.replace(b"A1:AW8", b"A1:XFD1048576"),
        )
    )
    assert b"XFD1048576" in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    assert sum(batch.num_rows for batch in read_events(path).batches()) == 7


def test_records_of_json_that_are_none_are_flagged(tmp_path):
    path = tmp_path / "odd.json"
    path.write_text(json.dumps([made.ged(1), 7, [made.ged(2)], None, made.ged(3)]))
    file = read_events(path)
    assert sum(batch.num_rows for batch in file.batches()) == 2
    assert [problem.line for problem in file.problems] == [2, 3, 4]


def test_the_bound_of_expansion_holds_in_the_stream(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "FREE_BYTES", 1000)
    monkeypatch.setattr(containers, "MAX_RATIO", 2)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress((GED * 20).encode()))
    with pytest.raises(EvidenceError, match="expands to more than"):
        read_events(path)
