"""The reader figure by figure: no candidate of a developed article changes unseen.

Of the two articles the project began with no sentence may stand here: their words are
hashed.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import fields
from hashlib import blake2b
from importlib import import_module
from pathlib import Path

import pytest

from supplyline.case.case import load_case
from supplyline.evidence.articles.page import StatedMetadata, read_article
from supplyline.evidence.desk.case_names import context_of
from supplyline.evidence.reading.candidate import Candidate
from supplyline.evidence.reading.read import read_candidates

HERE = Path(__file__).parent
HOUSE = HERE.parents[1]
# tools are scripts, not a package
sys.path.insert(0, str(HOUSE / "tools"))
scoring = import_module("score_reading")
DEVELOPED = HOUSE / "tests" / "articles_developed"
SEEDS = HOUSE.parent / "shared" / "articles"
NAMES = [field.name for field in fields(Candidate)]
FIELDS = [*NAMES[5:], *NAMES[:5]]
"""Fields of a candidate, its number and its place in the text last."""
WORDS = ("phrase", "counted", "hedge", "speaker", "base")
"""Fields that hold words of the article."""
COLUMNS = ["document", "phrase", *FIELDS]


def plain(value):
    """Write a field as a cell of a table, white space made plain."""
    if isinstance(value, float):
        return f"{value:.12g}"
    return "" if value is None else " ".join(str(value).split())


def candidate_row(document, text, candidate):
    """Lay one candidate out as a row."""
    phrase = text[candidate.span_start : candidate.span_end]
    cells = {name: plain(getattr(candidate, name)) for name in FIELDS}
    return {"document": document, "phrase": plain(phrase), **cells}


def without_words(row):
    """Put a hash in the place of the words of an article."""
    words = "\0".join(row[name] for name in WORDS)
    digest = blake2b(words.encode(), digest_size=6).hexdigest()
    return {**row, **dict.fromkeys(WORDS, ""), "phrase": digest}


def developed_rows(names=None):
    """Read the articles the reader was developed on, all or those named."""
    documents = [
        document
        for document in scoring.read_documents(DEVELOPED)
        if names is None or document.name in names
    ]
    readings = scoring.read_all(DEVELOPED, documents)
    return [
        candidate_row(name, reading.text, candidate)
        for name, reading in readings.items()
        for candidate in reading.candidates
    ]


def seed_rows():
    """Read the articles the project began with."""
    context = context_of(load_case("mali"))
    rows = []
    for path in sorted(SEEDS.glob("*.txt")):
        told = StatedMetadata(published=scoring.LATEST, published_precision="month")
        article = read_article(path.read_bytes(), path.name, told, scoring.LATEST)
        rows += [
            without_words(candidate_row(path.name, article.text, candidate))
            for candidate in read_candidates(article, context)
        ]
    return rows


def changes(kept, rows):
    """Name each figure that is read otherwise, with the fields that differ."""

    def place(row):
        return row["document"], row["span_start"], row["span_end"], row["kind"]

    before = {place(row): row for row in kept}
    after = {place(row): row for row in rows}
    told = []
    for where in sorted({*before, *after}):
        old, new = before.get(where), after.get(where)
        if old is None or new is None:
            row, word = (new, "new") if old is None else (old, "gone")
            told.append(f"{row['document']} {row['phrase']!r}: {word}")
        elif old != new:
            names = [name for name in COLUMNS if old[name] != new[name]]
            told.append(
                f"{new['document']} {new['phrase']!r}: "
                + ", ".join(f"{name} {old[name]!r} -> {new[name]!r}" for name in names)
            )
    return told


def read_rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept_rows():
    """Give the rows kept of the developed articles, by document."""
    kept = {}
    for row in read_rows(HERE / "reading.csv"):
        kept.setdefault(row["document"], []).append(row)
    return kept


def write_rows(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.filterwarnings("ignore::supplyline.errors.SupplylineWarning")
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("reading", developed_rows),
        pytest.param(
            "reading_seeds",
            seed_rows,
            marks=pytest.mark.skipif(
                not SEEDS.is_dir(), reason="the seed articles are not here"
            ),
        ),
    ],
)
def test_every_figure_is_read_as_kept(name, read, request):
    rows = read()
    golden = HERE / f"{name}.csv"
    if request.config.getoption("--update-golden"):
        write_rows(golden, rows)

    kept = read_rows(golden)

    assert changes(kept, rows) == []
    assert kept == rows


def test_a_change_names_the_figure():
    kept = read_rows(HERE / "reading.csv")
    other = [{**kept[0], "unit": "ounce"}, *kept[2:], {**kept[1], "span_end": "0"}]

    told = changes(kept, other)

    assert [line.rpartition(": ")[2] for line in told if ": unit" in line] == [
        f"unit {kept[0]['unit']!r} -> 'ounce'"
    ]
    assert sorted(line.split()[-1] for line in told if ": unit" not in line) == [
        "gone",
        "new",
    ]
