"""Documents and decisions on SQLite and PostgreSQL. All texts are made up."""

import json
import sqlite3
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DatabaseError

from made_articles import SOURCE, made_article, made_candidates, put
from postgres import postgresql, store, store_address
from supplyline.errors import StoreError
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.decisions import accepted, decide, decisions, pending
from supplyline.evidence.store.documents import (
    candidates,
    document_candidates,
    document_original,
    document_text,
    documents,
    put_document,
    sketches,
    sources,
)
from supplyline.evidence.store.schema import DECISIONS, STORE
from supplyline.evidence.store.statements import find_statement

__all__ = ["postgresql", "store", "store_address"]


def decide_all(store, read, action="accept"):
    for candidate in read:
        decide(store, candidate.candidate, action, reviewer="Ada")


def test_a_document_comes_back_as_it_was_put_in(store):
    article, read = put(store)
    row = documents(store).iloc[0]
    assert row["sha256"] == article.sha256
    assert row["published"].date() == article.published
    assert row["is_read"]
    assert document_text(store, article.sha256) == article.text
    original = document_original(store, article.sha256)
    assert original == made_article("one", article.text.split("\n\n"))[1]
    assert document_candidates(store, article.sha256) == tuple(read)
    assert sketches(store) == {article.sha256: article.text.encode()[:8]}
    assert sources(store) == {"herald": SOURCE}


def test_putting_it_in_again_changes_nothing(store):
    article, original = made_article()
    read = made_candidates(article)
    doubts = [Doubt(read[0].candidate, "old_census", "seen before", ("F0001",))]

    def again():
        return put_document(
            store,
            article,
            original,
            read,
            doubts,
            source=SOURCE,
            relay_of=None,
            sketch=b"",
        )

    assert again()
    before = candidates(store)
    assert not again()
    assert candidates(store).equals(before)
    assert find_statement(store, read[0].candidate).doubts == tuple(doubts)


def test_bytes_of_another_document_are_refused(store):
    article, _ = made_article()
    with pytest.raises(StoreError, match="not those that were read"):
        put_document(
            store, article, b"x", [], [], source=SOURCE, relay_of=None, sketch=b""
        )
    assert documents(store).empty


def test_a_document_is_put_in_whole_or_not_at_all(store):
    article, original = made_article()
    bad = [replace(made_candidates(article)[0], unit=object())]
    with pytest.raises(Exception, match=r"."):
        put_document(
            store, article, original, bad, [], source=SOURCE, relay_of=None, sketch=b""
        )
    assert documents(store).empty
    assert sources(store) == {}


def test_text_that_no_database_keeps_is_replaced_at_the_same_length(store):
    article, original = made_article("odd", ("A\0B \ud800 12 trucks",), title="T\0")
    assert put_document(
        store,
        article,
        original,
        made_candidates(article),
        [],
        source=SOURCE,
        relay_of=None,
        sketch=b"",
    )
    assert len(document_text(store, article.sha256)) == len(article.text)


def test_a_relay_is_linked_and_waits_for_nobody(store):
    first, read = put(store, "one", ("Alba got 12 trucks.", "Then 30 came."))
    relay, again = put(
        store,
        "two",
        ("Alba got 12 trucks.", "In all 30 came.", "Now 77 wait."),
        relay_of=first.sha256,
    )
    found = candidates(store, document=relay.sha256)
    assert list(found["repeats"]) == [read[0].candidate, read[1].candidate, None]
    assert list(found["status"]) == ["repeated", "repeated", "pending"]
    assert again[2].candidate in set(pending(store)["candidate"])
    assert again[0].candidate not in set(pending(store)["candidate"])
    assert find_statement(store, read[0].candidate).repeated_by == (relay.sha256,)
    with pytest.raises(StoreError, match="repeats"):
        decide(store, again[0].candidate, "accept", reviewer="Ada")
    third, _ = put(store, "three", ("Alba got 12 trucks.",), relay_of=relay.sha256)
    rows = documents(store).set_index("sha256")
    assert rows.loc[third.sha256, "relay_of"] == first.sha256


def test_a_relay_of_nothing_is_refused(store):
    with pytest.raises(StoreError, match="could be repeated"):
        put(store, relay_of="0" * 64)


def test_the_queue_begins_with_what_is_understood_and_beyond_doubt(store):
    article, original = made_article("q", ("We saw 1, 2, 3 and 4 of them.",))
    one, two, three, four = made_candidates(article)
    three = replace(three, is_understood=False, unit=None)
    doubts = [Doubt(one.candidate, "rule", "text", ())]
    put_document(
        store,
        article,
        original,
        [one, two, three, four],
        doubts,
        source=SOURCE,
        relay_of=None,
        sketch=b"",
    )
    order = [two, four, one, three]
    assert list(pending(store)["candidate"]) == [c.candidate for c in order]
    decide(store, two.candidate, "skip", reviewer="Ada")
    order = [four, one, three, two]
    assert list(pending(store)["candidate"]) == [c.candidate for c in order]
    decide(store, one.candidate, "reject", reviewer="Ada")
    assert list(candidates(store, "rejected")["candidate"]) == [one.candidate]
    assert len(pending(store)) == 3


def test_the_last_decision_that_is_no_skip_holds(store):
    _, (one, two) = put(store)
    decide(store, one.candidate, "accept", reviewer="Ada")
    changed = {"value": "14", "start": "2024-01-02", "claim_note": "by hand"}
    decide(
        store, one.candidate, "correct", reviewer="Ben", changed=changed, note="typo"
    )
    decide(store, one.candidate, "skip", reviewer="Ada")
    row = accepted(store).iloc[0]
    assert row["value"] == 14
    assert row["start"].date() == date(2024, 1, 2)
    assert (row["decision"], row["reviewer"]) == ("correct", "Ben")
    assert (row["note"], row["claim_note"]) == ("typo", "by hand")
    history = decisions(store, one.candidate)
    assert list(history["action"]) == ["accept", "correct", "skip"]
    assert json.loads(history["changed"][1])["value"] == 14
    decide(store, one.candidate, "reject", reviewer="Ada")
    assert accepted(store).empty
    assert list(pending(store)["candidate"]) == [two.candidate]


def test_what_lacks_a_field_is_accepted_only_with_it(store):
    _, (one, _) = put(store, area=None, start=None, value=None)
    with pytest.raises(StoreError, match=r"area is missing; start is missing; value"):
        decide(store, one.candidate, "accept", reviewer="Ada")
    with pytest.raises(StoreError, match="start is missing"):
        decide(
            store, one.candidate, "correct", reviewer="Ada", changed={"area": "alba"}
        )
    changed = {"area": "alba", "start": date(2024, 1, 1), "low": 3}
    decide(store, one.candidate, "correct", reviewer="Ada", changed=changed)
    assert list(accepted(store)["area"]) == ["alba"]


@pytest.mark.parametrize(
    ("action", "told", "match"),
    [
        ("accpt", {}, "nobody can 'accpt'"),
        ("accept", {"reviewer": "  "}, "name of its reviewer"),
        ("accept", {"changed": {"value": 1}}, "only a correction"),
        ("correct", {}, "only a correction"),
        ("correct", {"changed": {"valeu": 1}}, "did you mean value"),
        ("correct", {"changed": {"value": "many", "start": "May"}}, "value .* start"),
        ("correct", {"changed": {"low": 9, "high": 2}}, "more than high"),
        ("correct", {"changed": {"end": "2023-12-01"}}, "after end"),
        ("correct", {"changed": {"value": "nan"}}, "expected a number"),
        ("correct", {"changed": {"subject": "two words"}}, "subject cannot be"),
        ("correct", {"changed": {"area": "\n"}}, "expected text"),
    ],
)
def test_what_cannot_be_decided_is_told(store, action, told, match):
    _, (one, _) = put(store)
    with pytest.raises(StoreError, match=match):
        decide(store, one.candidate, action, **{"reviewer": "Ada", **told})
    assert decisions(store).empty


def test_an_unknown_candidate_or_state_is_told(store):
    with pytest.raises(StoreError, match="no candidate 'x'"):
        decide(store, "x", "accept", reviewer="Ada")
    with pytest.raises(StoreError, match="expected pending"):
        candidates(store, "lost")
    with pytest.raises(StoreError, match="no document"):
        document_text(store, "x")
    assert find_statement(store, "x") is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET reviewer = 'Eve'",
        "DELETE FROM decisions",
        "INSERT OR REPLACE INTO decisions SELECT * FROM decisions",
        "TRUNCATE decisions",
    ],
)
def test_the_database_itself_keeps_decisions(store, statement):
    if ("REPLACE" in statement) > store.is_sqlite:
        pytest.skip("SQLite only")
    if ("TRUNCATE" in statement) and store.is_sqlite:
        pytest.skip("PostgreSQL only")
    _, read = put(store)
    decide_all(store, read)
    before = decisions(store)
    with (
        store.engine.connect() as connection,
        pytest.raises(DatabaseError, match="kept as they were made"),
        connection.begin(),
    ):
        connection.execute(text(statement))
    assert decisions(store).equals(before)


def test_a_statement_is_the_sentence_around_the_number(store):
    sentences = ("First 3 came.", "Then 45 more came to Alba.")
    _, (_, two) = put(store, "s", sentences)
    found = find_statement(store, two.candidate)
    assert (found.before, found.number, found.after) == (
        "Then ",
        "45",
        " more came to Alba.",
    )
    assert found.sentence == sentences[1]
    assert found.document["title"] == "Title of s"


def test_the_store_is_opened_again_and_a_newer_one_is_refused(store, store_address):
    put(store)
    store.close()
    with open_store(store_address) as again:
        assert len(documents(again)) == 1
        with again.writing() as connection:
            connection.execute(update(STORE).values(schema=99))
    with pytest.raises(StoreError, match="version 99"):
        open_store(store_address)


def test_a_failed_block_leaves_nothing(store):
    def fail():
        with store.writing() as connection:
            connection.execute(update(STORE).values(schema=7))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with store.reading() as connection:
        assert connection.scalar(select(STORE.c.schema)) == 1


def test_a_reader_sees_one_state(store):
    _, read = put(store)
    with store.reading() as connection:
        decide_all(store, read)
        assert connection.execute(select(DECISIONS)).all() == []
    assert len(decisions(store)) == 2


def test_something_else_is_refused(tmp_path):
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="something else"):
        open_store(other)
    plain = tmp_path / "plain"
    plain.write_text("no database " * 1000)
    with pytest.raises(StoreError, match="not a database"):
        open_store(plain)
    with pytest.raises(StoreError, match="give a file in a folder"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match="no name of a file"):
        open_store("a\0b")
    with pytest.raises(StoreError, match="'mysql'"):
        open_store("mysql://a:b@c/d")


def test_a_password_is_never_told():
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://ann:swordfish@127.0.0.1:1/none?connect_timeout=2")
    assert "swordfish" not in str(caught.value)


def test_an_unknown_action_is_refused_by_the_database(store):
    _, (one, _) = put(store)
    row = {"candidate": one.candidate, "action": "guess", "changed": "{}"}
    row |= {"reviewer": "Ada", "decided": "now"}
    with (
        pytest.raises(DatabaseError),
        store.writing() as connection,
    ):
        connection.execute(insert(DECISIONS).values(row))
