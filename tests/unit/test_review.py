"""Review of candidates, without and with a terminal. All texts are made up."""

import json
import os
import subprocess
import sys
import warnings
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from made_articles import SOURCE, made_article, made_candidates, put
from postgres import postgresql, store, store_address
from supplyline.case.case import load_case
from supplyline.cli.review import review
from supplyline.errors import StoreError, SupplylineWarning
from supplyline.evidence.desk.review_session import Session, check_change, say_range
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.decisions import accepted, decide, decisions
from supplyline.evidence.store.documents import candidates, put_document

__all__ = ["postgresql", "store", "store_address"]


@pytest.fixture(scope="module")
def case():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        return load_case("toy")


def session_of(store, case, reviewer="Ada"):
    return Session(store, case, reviewer)


def test_a_session_goes_on_where_the_last_one_ended(store, case):
    _, (one, two) = put(store)
    first = session_of(store, case)
    item = first.next()
    assert (item.candidate, item.waiting) == (one, 2)
    first.accept(item, "seen")
    second = session_of(store, case, "Ben")
    item = second.next()
    assert item.candidate == two
    second.skip(item)
    assert second.next() is None
    assert session_of(store, case).next().candidate == two
    assert dict(first.done) == {"accept": 1}
    told = decisions(store)
    assert list(told["reviewer"]) == ["Ada", "Ben"]
    assert list(told["credibility"].isna()) == [False, True]


def test_what_another_reviewer_decided_is_not_shown(store, case):
    _, (one, two) = put(store)
    session = session_of(store, case)
    decide(store, one.candidate, "reject", reviewer="Ben")
    assert session.next().candidate == two


def test_a_correction_is_tried_before_it_is_kept(store, case):
    put(store, area=None)
    session = session_of(store, case)
    item = session.next()
    assert item.faults == {"area": "is missing"}
    assert item.credibility == 6
    with pytest.raises(StoreError, match="area is missing"):
        session.accept(item)
    with pytest.raises(StoreError, match=r"expected a row of places\.csv"):
        session.correct(item, {"area": "nowhere"})
    place = case.places["place"][0]
    session.correct(item, {"area": place})
    assert list(accepted(store)["area"]) == [place]
    assert accepted(store)["credibility"][0] == 3


def test_claims_of_others_and_doubts_are_shown(store, case):
    _, (one, _) = put(store, "one", ("In all 12 trucks, later 30.",))
    decide(store, one.candidate, "accept", reviewer="Ada")
    article, original = made_article("two", ("We counted 50 trucks.",))
    (other,) = made_candidates(article)
    doubt = Doubt(other.candidate, "rule", "fifty is too many", ())
    put_document(
        store,
        article,
        original,
        [other],
        [doubt],
        source=replace(SOURCE, source="gazette"),
        relay_of=None,
        sketch=b"",
    )
    item = session_of(store, case).item(other.candidate)
    assert [(o.claim, o.agrees) for o in item.others] == [(one.candidate, False)]
    assert item.statement.doubts == (doubt,)
    assert item.credibility == 4


@pytest.mark.parametrize(
    ("field", "text", "match"),
    [
        ("area", "country:mali", "two capital letters"),
        ("area", "zone:x", "area:NAME"),
        ("area", "region:nowhere", r"a row of regions\.csv"),
        ("actor", "nobody", r"a row of actors\.csv"),
        ("subject", "two words", "letters, digits"),
        ("value", "many", "expected a number"),
        ("start", "May", "a day such as"),
        ("colour", "red", "no field"),
    ],
)
def test_a_correction_that_cannot_be_is_told(case, field, text, match):
    with pytest.raises(StoreError, match=match):
        check_change(case, field, text)


def test_the_nearest_name_is_offered(case):
    place = case.places["place"][0]
    with pytest.raises(StoreError, match=f"did you mean '{place}'"):
        check_change(case, "area", place + "x")
    assert check_change(case, "area", place) == place
    assert check_change(case, "hedge", "") is None
    assert check_change(case, "value", "12.5") == 12.5


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((20, None, None), "20 count"),
        ((None, 18, 20), "18 to 20 count"),
        ((50, 50, None), "50 (50 to more) count"),
        ((None, None, None), "no number count"),
        ((0, None, None), "0 count"),
        ((2017, None, None), "2017 count"),
        ((12345, None, None), "12,345 count"),
        ((None, 0, 5), "0 to 5 count"),
    ],
)
def test_a_range_is_said_as_it_is(numbers, said):
    value, low, high = numbers
    claim = {"value": value, "low": low, "high": high, "unit": "count"}
    assert say_range(claim | {"start": None, "end": None}) == f"{said}, ?"


class Terminal:
    """The verb alone, with a store beside it."""

    def __init__(self, where):
        self.where = str(where)
        self.app = typer.Typer()
        self.app.command()(review)

    def __call__(self, *words, given="", user="Ada"):
        return CliRunner().invoke(
            self.app,
            ["toy", "--store", self.where, *words],
            input=given,
            env={"USER": user, "LOGNAME": user, "COLUMNS": "100"},
        )


@pytest.fixture
def where(tmp_path):
    return tmp_path / "evidence.sqlite"


@pytest.fixture
def terminal(where):
    return Terminal(where)


def told(where):
    with open_store(where) as store:
        return decisions(store)


def test_lines_of_a_pipe_decide(where, terminal):
    with open_store(where) as store:
        put(store, "one", ("First 12 came.", "Then 30 more.", "And 7.", "And 8."))
    done = terminal(given="x\na by hand\nr\ns\nq\n")
    assert done.exit_code == 0, done.output
    assert "«12»" in done.output
    assert "1 accept, 1 reject, 1 skip" in done.output
    history = told(where)
    assert list(history["action"]) == ["accept", "reject", "skip"]
    assert (history["note"][0], history["reviewer"][0]) == ("by hand", "Ada")


def test_a_pipe_that_ends_ends_the_review(where, terminal):
    with open_store(where) as store:
        put(store)
    done = terminal(given="a\nc\nvalue\n")
    assert done.exit_code == 0, done.output
    assert list(told(where)["action"]) == ["accept"]
    done = terminal(given="")
    assert done.exit_code == 0
    assert "Nothing decided." in done.output


def test_fields_are_corrected_one_by_one(where, terminal):
    with open_store(where) as store:
        put(store, "one", ("First 12 came.",), area=None)
    lines = ["a", "c", "are", "area", "nowhere", "area", "country:YY", "", "y"]
    done = terminal(given="\n".join(lines) + "\n")
    assert done.exit_code == 0, done.output
    for words in (
        "cannot become a claim",
        "did you mean area?",
        "places.csv",
        "New to",
    ):
        assert words in done.output
    assert "Nothing waits for a decision." in done.output
    assert json.loads(told(where)["changed"][0]) == {"area": "country:YY"}


def test_a_correction_can_be_left(where, terminal):
    with open_store(where) as store:
        put(store, "one", ("First 12 came.",))
    done = terminal(given="c\n\nc\nvalue\n13\n\nn\nq\n")
    assert done.exit_code == 0, done.output
    assert told(where).empty


def test_ids_are_decided_without_asking(where, terminal):
    with open_store(where) as store:
        _, (one, two) = put(store)
    done = terminal("--accept", one.candidate, "--reject", two.candidate, "--json")
    assert json.loads(done.output)["decided"] == {"accept": 1, "reject": 1}
    both = terminal("--accept", one.candidate, "--reject", one.candidate)
    assert isinstance(both.exception, StoreError)
    assert isinstance(terminal("--accept", "none").exception, StoreError)


def test_json_lists_what_waits(where, terminal):
    with open_store(where) as store:
        put(store)
    listed = json.loads(terminal("--json").output)["pending"]
    assert [row["value"] for row in listed] == [12, 30]
    assert listed[0]["sentence"] == "one: 12 trucks came, then 30 more."


def test_a_name_is_asked_for_where_none_is_known(where, terminal):
    with open_store(where) as store:
        put(store)
    assert isinstance(terminal(user="").exception, StoreError)
    terminal(given="Cy\na\nq\n", user="")
    assert list(told(where)["reviewer"]) == ["Cy"]
    terminal("--reviewer", "Dee", given="a\n", user="")
    assert list(told(where)["reviewer"]) == ["Cy", "Dee"]


def test_text_from_outside_commands_no_terminal(where, terminal):
    with open_store(where) as store:
        put(
            store,
            "odd",
            ("\x1b[2J[bold]Now 12 \x07 came.",),
            speaker="\x1b]0;title\x07[red]",
            reason="[/x]",
        )
    done = terminal(given="q\n")
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.output
    assert "\x07" not in done.output
    assert "[bold]Now" in done.output


def test_a_broken_off_review_keeps_what_was_decided(where, terminal, monkeypatch):
    with open_store(where) as store:
        put(store)
    answers = iter(["a"])

    def answer(_):
        try:
            return next(answers)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("supplyline.cli.review._ask", answer)
    done = terminal()
    assert done.exit_code == 0, done.output
    with open_store(where) as store:
        assert list(candidates(store)["status"]) == ["accepted", "pending"]


@pytest.mark.parametrize("options", ["", "--reviewer Ada"])
def test_a_closed_standard_input_is_as_an_empty_one(where, options):
    with open_store(where) as store:
        put(store)
    command = f"{sys.executable} -m supplyline evidence review toy --store {where}"
    environment = {**os.environ, "USER": "", "LOGNAME": ""}
    closed, empty = (
        subprocess.run(  # noqa: S603 - our own command
            ["/bin/sh", "-c", f"{command} {options} {given}"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for given in ("<&-", "</dev/null")
    )
    assert (closed.returncode, closed.stdout, closed.stderr) == (
        empty.returncode,
        empty.stdout,
        empty.stderr,
    )
    assert "Traceback" not in closed.stderr
