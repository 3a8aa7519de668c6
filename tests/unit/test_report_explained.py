"""What a chance hangs on, as the brief prints it."""

import pytest

import supplyline as sl
from supplyline.analysis.questions import read_question
from supplyline.report.explained import explained
from supplyline.report.pages import _environment
from supplyline.report.sentences import plain


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
    template = _environment().get_template("explained.html.j2")
    for entry in entries:
        html = template.module.explained(entry)
        assert "<p>" in html
        words = [
            part
            for sentence in (*entry.split, *entry.drivers, entry.to_know)
            for part in sentence
            if isinstance(part, str)
        ]
        assert not any(sign.isdigit() for word in words for sign in word), words
