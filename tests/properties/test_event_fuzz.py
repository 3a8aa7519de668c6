"""Whatever is done to a file of events: a clear error, or every row accounted for.

SUPPLYLINE_FUZZ sets the number of examples; the files are small, valid and made up
before they are changed.
"""

import csv
import gzip
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import made_event_files as made
from supplyline.errors import EvidenceError
from supplyline.evidence.events.blocks import is_tag_row
from supplyline.evidence.events.delimited import DelimitedSheet
from supplyline.evidence.events.event_file import read_events
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.events import event_files, put_events

EXAMPLES = int(os.environ.get("SUPPLYLINE_FUZZ", "40"))
NASTY = [
    *(b"", b'"', b'""', b'"\n', b",", b"\t", b";", b"\n", b"\r", b"\r\n", b"\0", b"\\"),
    *(
        b"=1+1",
        b"-1",
        b"1e999",
        b"nan",
        b"inf",
        b"9" * 30,
        b"2024-02-30",
        b"31 Abc 2020",
    ),
    *(b"\xff", b"\xe9", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xc2\x85"),
    *(b"\xe2\x80\xae", b"[" * 50, b"{", b"}", b"]", b"null", b"true", b"#tag", b"|"),
    *(b"<script>", b"../..", b"x" * 3000, b"\x1b[31m", b"\x1f", "\u0661".encode()),
]


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(rows):
    out = io.BytesIO()
    columns = {name: [str(row.get(name, "")) for row in rows] for name in made.GED_241}
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def zipped(content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
    return out.getvalue()


GED = [made.ged(number) for number in made.ROWS]
FILES = {
    **{name: text.encode() for name, text in made.LAYOUTS.items()},
    "gzip": gzip.compress(made.LAYOUTS["acled"].encode()),
    "zip": zipped(made.LAYOUTS["wfp-2024"]),
    "json": json.dumps({"data": [made.acled(n) for n in made.ROWS]}).encode(),
    "json lines": "\n".join(json.dumps(row) for row in GED).encode(),
    "parquet": table(GED),
    "workbook": workbook([made.BOOK, *([made.book(n).get(name) for name in made.BOOK]
                                       for n in made.ROWS)]),
}  # fmt: skip


WAYS = ["put", "put", "put", "cut", "repeat", "bytes", "end"]


@st.composite
def changes(draw, content):
    """Change a file in a few places."""
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        to = min(len(content), at + draw(st.sampled_from([0, 0, 1, 1, 3, 20, 200])))
        how = draw(
            st.sampled_from(["put", "put", "put", "cut", "repeat", "bytes", "end"])
        )
        if how == "put":
            content = content[:at] + draw(st.sampled_from(NASTY)) + content[to:]
        elif how == "cut":
            content = content[:at] + content[to:]
        elif how == "repeat":
            content = (
                content[:to] + content[at:to] * draw(st.integers(1, 3)) + content[to:]
            )
        elif how == "bytes":
            content = content[:at] + draw(st.binary(max_size=8)) + content[to:]
        elif draw(st.integers(0, 5)) == 0:
            content = content[:at]
    return content


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("fuzz") / "evidence.sqlite"
    with open_store(path) as opened:
        yield opened


def law_of(name, examples=EXAMPLES):
    """Give a decorator that tries a law on changed files."""

    def decorate(law):
        skipped = [HealthCheck.too_slow, HealthCheck.data_too_large]
        chosen = settings(max_examples=examples, suppress_health_check=skipped)
        return chosen(given(content=changes(FILES[name]))(law))

    return decorate


def opened(content, folder):
    """Open a file; nothing where it is refused."""
    path = Path(folder) / "GEDEvent_v25_1.csv"
    path.write_bytes(content)
    try:
        return read_events(path)
    except EvidenceError:
        return None


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused_or_wholly_accounted_for(store, name):
    @law_of(name)
    def law(content):
        with tempfile.TemporaryDirectory() as folder:
            file = opened(content, folder)
            if file is None:
                return
            before = len(event_files(store))
            try:
                counts = put_events(store, file)
            except EvidenceError:  # damage that is met on the way
                assert len(event_files(store)) == before
                return
            if file.kind == "deletions":
                assert file.rows >= len(file.deletions) + counts["flagged"]
                return
            sound = sum(batch.num_rows for batch in file.batches())
            assert sum(counts.values()) == file.rows
            assert counts["flagged"] == file.rows - sound

    law()


def plain_count(content, file):
    """Count the records of a table of text in the plainest way."""
    (sheet, _), *_ = file._tables  # noqa: SLF001 - the test looks inside
    body = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    if sheet.is_headless:
        return sum(map(bool, body.replace("\r", "\n").split("\n")))
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=sheet.delimiter)
    records = [record for record in reader if record]
    while not any(records[0]):
        records.pop(0)
    return len(records) - 1 - int(len(records) > 1 and is_tag_row(records[1]))


@pytest.mark.parametrize("name", made.LAYOUTS)
def test_the_quick_way_and_the_exact_way_agree(monkeypatch, name):
    @law_of(name)
    def law(content):
        with tempfile.TemporaryDirectory() as folder, monkeypatch.context() as patch:
            file = opened(content, folder)
            if file is None or file.kind == "deletions":
                return
            assert file.rows == plain_count(content, file)
            quick = [piece for piece in file.pieces() if piece.rows.num_rows]
            flagged = file.problems
            patch.setattr(DelimitedSheet, "_arrow", lambda *_: None)
            exact = [piece for piece in file.pieces() if piece.rows.num_rows]
            assert [one.rows for one in quick] == [one.rows for one in exact]
            assert flagged == file.problems

    law()
