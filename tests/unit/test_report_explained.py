"""What a chance hangs on, as the brief prints it."""

from dataclasses import replace

import pytest

import supplyline as sl
from supplyline.analysis.chunks import rows_of
from supplyline.analysis.questions import read_question
from supplyline.report.explained import explained, hangs_on
from supplyline.report.sentences import plain
from supplyline.report.towns import town_reader, towns_of


@pytest.fixture(scope="module")
def run():
    return sl.simulate(sl.load_case("toy"), days=60, members=400, seed=3)


@pytest.fixture(scope="module")
def entries(run):
    questions = [read_question(run, text, 60) for text in ("losses", "price", "short")]
    return explained(run, questions, 3)


def test_a_page_says_what_explain_says(run, entries):
    for entry in entries:
        told = run.explain(entry.question)
        assert plain(entry.to_know) == str(told.to_know())
        assert len(entry.drivers) == min(len(told.drivers), 3)
        for sentence, driver in zip(entry.drivers, told.drivers, strict=False):
            assert plain(sentence).startswith(str(driver.words))


def test_something_is_named_and_something_is_not(entries):
    named = [bool(entry.drivers) for entry in entries]
    assert any(named)
    assert not all(named)


def test_every_number_of_the_block_is_a_quantity(entries):
    words = [
        part
        for entry in entries
        for sentence in (*entry.split, *entry.drivers, entry.to_know)
        for part in sentence
        if isinstance(part, str)
    ]
    assert not any(sign.isdigit() for word in words for sign in word), words


def test_the_brief_says_it_of_the_capital_and_folds_the_other_towns(run):
    html = sl.brief(run).html
    shown = html[html.index('id="hangs-on"') :].split("</div>")[0]
    bare = shown.replace("<bdi>", "").replace("</bdi>", "")
    assert "Highcourt is short of" in bare
    folded = html[html.index('id="towns-hang-on"') :].split("</details>")[0]
    towns = towns_of(run, rows_of(run, town_reader())[0])
    assert folded.count("<h3>") == len(towns.rows) - 1


def test_without_a_town_nothing_is_explained(run):
    towns = towns_of(run, rows_of(run, town_reader())[0])
    assert hangs_on(run, replace(towns, rows=()), 3) is None
