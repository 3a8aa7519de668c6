"""The scoring of the reader: what a perfect, an empty and a wrong reader get."""

from __future__ import annotations

import csv
import html
import json
import re
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from supplyline.case.case import load_case
from supplyline.evidence.reading.candidate import Candidate

# tools are scripts, not a package
sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
judging = import_module("judge_reading")
scoring = import_module("score_reading")
FOLDERS = (scoring.FOLDER, scoring.FOLDER.with_name("articles_developed"))
DOCUMENTS = [d for folder in FOLDERS for d in judging.read_documents(folder)]
FIGURES = [f for folder in FOLDERS for f in judging.read_figures(folder)]
IN_SCOPE = sum(figure.is_in_scope for figure in FIGURES)
PATTERN = next(figure for figure in FIGURES if figure.is_in_scope)
SUBJECT_WORDS = """
    blockade regime abuses territory population insurgency partners terrorism losses
    convoy escort tanker supply_series supply_normal fuel_imports trade storage power
    price fuel_price distribution customs closure corridor rail macro kidnapping armies
    negotiation displacement aid
"""
UNIT_WORDS = """
    count count_per_day count_per_week count_per_month percent ratio rank year
    month_of_year day_of_month years months weeks days hour minute km km2 litre m3
    barrel barrel_per_day litre_per_day litre_per_week litre_per_month tonne kg persons
    head MW XOF USD EUR SDG XOF_per_litre USD_per_litre EUR_per_litre XOF_per_kg
    HTG_per_gallon XOF_per_year USD_per_year XOF_per_day XOF_per_week USD_per_day
    USD_per_ounce
"""


@cache
def text_of(name):
    """Text of a document as a reader without any sense of layout would have it."""
    path = next(f / name for f in FOLDERS if (f / name).exists())
    if path.suffix == ".pdf":
        pages = pypdfium2.PdfDocument(path)
        return "\n".join(page.get_textpage().get_text_range() for page in pages)
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".html":
        return text
    body = re.sub(r"(?s)<head>.*</head>", "", text)
    return html.unescape(re.sub(r"<[^>]+>", "\n", body))


def candidate_of(figure, at):
    return Candidate(
        candidate=figure.figure,
        span_start=at[0],
        span_end=at[1],
        sentence_start=at[0],
        sentence_end=at[1],
        kind="amount",
        value=figure.value,
        low=figure.low,
        high=figure.high,
        unit=figure.units[0],
        counted=None,
        subject=figure.subjects[0],
        quantity="made_up",
        area=figure.areas[0] if figure.areas else None,
        actor=None,
        start=figure.start,
        end=figure.end,
        precision="day",
        hedge=figure.hedge or None,
        speaker=figure.speaker or None,
        base=None,
        is_understood=True,
        reason=None,
    )


def readings_of(change=lambda candidate: candidate):
    """Return what a reader would say who agrees with the person who annotated."""
    found = {}
    for document in DOCUMENTS:
        text = text_of(document.name)
        candidates = tuple(
            change(candidate_of(figure, judging.locate(figure, text)))
            for figure in FIGURES
            if figure.document == document.name and figure.is_in_scope
        )
        found[document.name] = scoring.Reading(text, candidates)
    return found


def total_of(readings):
    return scoring.score(DOCUMENTS, FIGURES, readings).total.as_dict()


def test_a_perfect_reader_scores_one():
    result = scoring.score(DOCUMENTS, FIGURES, readings_of())
    total = result.total.as_dict()
    assert set(total["recall"].values()) == {1.0}
    assert set(total["of_all_four"].values()) == {1.0}
    assert total["precision"] == 1.0
    assert total["out_of_scope_accepted"] == 0
    assert total["located"] == total["figures"] == IN_SCOPE
    assert result.misses == []


def test_a_reader_that_finds_nothing_scores_nothing():
    nothing = {d.name: scoring.Reading(text_of(d.name), ()) for d in DOCUMENTS}
    total = total_of(nothing)
    assert set(total["recall"].values()) == {0.0}
    assert total["precision"] is None


def test_a_fault_is_told_and_counts_as_nothing_found():
    faults = {d.name: scoring.Reading("", (), "unreadable") for d in DOCUMENTS}
    result = scoring.score(DOCUMENTS, FIGURES, faults)
    assert result.total.as_dict()["recall"]["all_four"] == 0
    told = [line for line in result.misses if "not read: unreadable" in line]
    assert len(told) == len(DOCUMENTS)


@pytest.mark.parametrize(
    ("wrong", "change"),
    [
        (
            "value",
            lambda c: replace(
                c,
                value=None if c.value is None else 2 * abs(c.value) + 1,
                low=None if c.low is None else 2 * abs(c.low) + 1,
            ),
        ),
        ("unit", lambda c: replace(c, unit="ounce")),
        ("subject", lambda c: replace(c, subject=None)),
        (
            "period",
            lambda c: replace(
                c,
                start=c.start - timedelta(days=2000),
                end=c.end - timedelta(days=2000),
            ),
        ),
        ("period", lambda c: replace(c, start=None, end=None)),
    ],
)
def test_a_reader_wrong_in_one_field_fails_there_only(wrong, change):
    total = total_of(readings_of(change))
    for name in scoring.FIELDS:
        assert total["recall"][name] == (0 if name == wrong else 1)
    assert total["recall"]["all_four"] == 0
    assert total["precision"] == (1 if wrong == "period" else 0)


def test_a_number_out_of_scope_that_is_accepted_is_counted():
    readings = readings_of()
    outside = [f for f in FIGURES if not f.is_in_scope and f.before and f.after]
    name = outside[0].document
    reading = readings[name]
    at = judging.locate(outside[0], reading.text)
    pattern = reading.candidates[0]
    wrong = replace(pattern, candidate="wrong", span_start=at[0], span_end=at[1])
    readings[name] = replace(reading, candidates=(*reading.candidates, wrong))
    total = total_of(readings)
    assert total["out_of_scope_accepted"] == 1
    assert total["precision"] == round(IN_SCOPE / (IN_SCOPE + 1), 4)
    # the same number left to a person costs nothing
    asked = replace(wrong, is_understood=False)
    readings[name] = replace(reading, candidates=(*reading.candidates, asked))
    assert total_of(readings)["out_of_scope_accepted"] == 0
    assert total_of(readings)["precision"] == 1


def test_an_understood_number_that_nobody_listed_is_wrong():
    readings = readings_of()
    name = DOCUMENTS[0].name
    reading = readings[name]
    end = len(reading.text) + 2
    extra = replace(
        reading.candidates[0], candidate="extra", span_start=end - 2, span_end=end
    )
    readings[name] = scoring.Reading(
        reading.text + "99", (*reading.candidates, extra), None
    )
    result = scoring.score(DOCUMENTS, FIGURES, readings)
    assert result.total.as_dict()["precision"] == round(IN_SCOPE / (IN_SCOPE + 1), 4)
    assert ["not listed" in line for line in result.misses] == [True]


def test_a_figure_that_the_text_lacks_is_found_by_value_and_unit_once():
    readings = {
        name: replace(reading, text="") for name, reading in readings_of().items()
    }
    total = total_of(readings)
    assert total["located"] == 0
    assert total["recall"]["value"] == 1


def figure_of(**fields):
    return replace(PATTERN, **fields)


def stub(**fields):
    return replace(candidate_of(PATTERN, (0, 1)), **fields)


@pytest.mark.parametrize(
    ("value", "found", "is_right"),
    [
        (66.666667, 66.7, True),
        (66.666667, 66.6666666, True),
        (66.666667, 66.0, False),
        (0.333333, 1 / 3, True),
        (0.333333, 0.3, False),
        (38.0, -38.0, True),
        (62.5, 62.54, False),
        (38.0, None, False),
    ],
)
def test_the_value_of_a_share(value, found, is_right):
    figure = figure_of(value=value, low=None, high=None, units=("percent",))
    assert judging.is_value_right(figure, stub(value=found)) is is_right


def test_a_range_is_its_two_ends():
    figure = figure_of(value=None, low=18.0, high=20.0, units=("count",))
    assert judging.is_value_right(figure, stub(value=None, low=18.0, high=20.0))
    assert not judging.is_value_right(figure, stub(value=None, low=18.0, high=None))
    assert not judging.is_value_right(figure, stub(value=19.0, low=None, high=None))


def test_the_sign_matters_outside_percentages():
    figure = figure_of(value=38.0, units=("count",))
    assert not judging.is_value_right(figure, stub(value=-38.0))


@pytest.mark.parametrize(
    ("is_stated", "first", "last", "is_right"),
    [
        (True, date(2025, 10, 1), date(2025, 10, 31), True),
        (True, date(2025, 10, 1), date(2025, 10, 16), True),
        (True, date(2025, 10, 1), date(2025, 10, 14), False),
        (True, date(2025, 1, 1), date(2025, 12, 31), False),
        (False, date(2025, 1, 1), date(2025, 12, 31), True),
        (False, date(2025, 10, 7), date(2025, 10, 7), True),
        (False, date(2025, 9, 30), date(2025, 10, 7), False),
        (False, date(2024, 10, 7), date(2024, 10, 7), False),
    ],
)
def test_the_period(is_stated, first, last, is_right):
    figure = figure_of(
        start=date(2025, 10, 1), end=date(2025, 10, 31), is_period_stated=is_stated
    )
    assert judging.is_period_right(figure, stub(start=first, end=last)) is is_right


@pytest.mark.parametrize(
    ("subjects", "units", "areas", "found", "is_right"),
    [
        (("price",), ("XOF_per_litre",), ("bamako",), "fuel_price", True),
        (("corridor",), ("km",), ("kayes",), "kayes", True),
        (("kayes",), ("km",), ("kayes",), "corridor", True),
        (("corridor",), ("count",), ("kayes",), "kayes", False),
        (("corridor",), ("km",), ("kayes",), "gao", False),
        (("displacement",), ("count",), ("country:ML",), "aid", False),
        (("losses", "convoy"), ("count",), ("diema",), "convoy", True),
    ],
)
def test_the_subject(subjects, units, areas, found, is_right):
    figure = figure_of(subjects=subjects, units=units, areas=areas)
    candidate = stub(subject=found, area="bamako")
    assert judging.is_subject_right(figure, candidate) is is_right


@pytest.mark.parametrize(
    ("said", "read", "is_right"),
    [
        ("the army", "The army's spokesman", True),
        ("a driver", "un chauffeur", False),
        ("a driver", None, False),
        ("the mayor", "the union", False),
    ],
)
def test_the_speaker(said, read, is_right):
    figure = figure_of(speaker=said)
    assert judging.is_speaker_right(figure, stub(speaker=read)) is is_right


def test_a_number_is_found_by_the_words_beside_it():
    text = "Page 3. The army\nlost **3** men and\n\n3 trucks.  It gave 13 names."
    figure = figure_of(phrase="3", before="The army lost ", after=" men and")
    first, last = judging.locate(figure, text)
    assert (text[first:last], first) == ("3", text.index("**3") + 2)
    # what stands beside it further off may be gone from the text
    figure = figure_of(phrase="3", before="menu Gaza ", after=" trucks. It gave")
    assert judging.locate(figure, text) is None
    figure = figure_of(phrase="13", before="", after="")
    assert judging.locate(figure, text) == (text.index("13"), text.index("13") + 2)
    assert judging.locate(figure_of(phrase="3", before="", after=""), text) is None
    assert judging.locate(figure_of(phrase="+", before="", after=""), text) is None


def test_the_command_prints_the_score(capsys):
    def read(folder, documents):
        assert folder == scoring.FOLDER
        assert len(documents) == 20
        return readings_of(lambda c: replace(c, unit="ounce"))

    scoring.main(["--json"], read)
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"total", "languages", "styles"}
    assert set(printed["languages"]) == {"en", "fr"}
    assert printed["total"]["recall"]["unit"] == 0
    scoring.main(["--misses"], read)
    lines = capsys.readouterr().out.splitlines()
    held_back = judging.read_figures(scoring.FOLDER)
    assert sum("unit wrong" in line for line in lines) == sum(
        figure.is_in_scope for figure in held_back
    )


def test_the_annotations_speak_the_words_of_the_case():
    case = load_case("mali")
    places = set(case.places["place"])
    actors = set(case.actors["actor"])
    subjects = (
        set(SUBJECT_WORDS.split()) | places | actors | {f"{a}_revenue" for a in actors}
    )
    for figure in FIGURES:
        if not figure.is_in_scope:
            continue
        assert set(figure.subjects) <= subjects, figure.figure
        assert set(figure.units) <= set(UNIT_WORDS.split()), figure.figure
        assert all(
            area in places or area.startswith(("country:", "region:", "area:"))
            for area in figure.areas
        ), figure.figure
        assert figure.start <= figure.end, figure.figure
        assert figure.value is not None or figure.low < figure.high, figure.figure
        assert figure.low is None or figure.value in {None, figure.low}
        assert figure.high is None or figure.value in {None, figure.high}


def test_the_set_is_large_and_of_many_kinds():
    assert len({f.figure for f in FIGURES}) == len(FIGURES)
    assert {f.document for f in FIGURES} == {d.name for d in DOCUMENTS}
    assert min(Counter(f.document for f in FIGURES).values()) >= 10
    assert sum(d.language == "fr" for d in DOCUMENTS) >= 8
    assert {d.name.rsplit(".")[-1] for d in DOCUMENTS} == {"html", "txt", "md", "pdf"}
    assert len({d.style for d in DOCUMENTS}) >= 16
    assert all(d.published <= scoring.LATEST for d in DOCUMENTS)
    with (FOLDERS[1] / "documents.csv").open(encoding="utf-8") as file:
        relays = [r["relay_of"] for r in csv.DictReader(file) if r["relay_of"]]
    assert len(relays) == 2
    assert set(relays) <= {d.name for d in DOCUMENTS}


@pytest.mark.parametrize("name", [document.name for document in DOCUMENTS])
def test_every_figure_stands_in_its_text_in_the_order_listed(name):
    text = text_of(name)
    spans = [judging.locate(f, text) for f in FIGURES if f.document == name]
    assert None not in spans
    for before, after in pairwise(spans):
        assert before[0] < before[1] <= after[0]
