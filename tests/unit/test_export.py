"""Accepted claims in the tables of a case, and back. All texts are made up."""

import shutil
import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from made_articles import SOURCE, made_article, made_candidates, put
from postgres import postgresql, store, store_address
from supplyline.case.case import load_case
from supplyline.case.fields import text_fault
from supplyline.errors import CaseError, EvidenceError, SupplylineWarning
from supplyline.evidence.desk.cells import from_cell, to_cell
from supplyline.evidence.desk.claim_export import TABLES, export_claims
from supplyline.evidence.desk.restore import import_claims
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.decisions import accepted, decide, decisions
from supplyline.evidence.store.documents import documents, put_document, sources

__all__ = ["postgresql", "store", "store_address"]

AWKWARD = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="=+-@'\",;\n\r\taé€ 1", max_size=12),
    st.sampled_from(["=1+1", "'=x", "''@", "-5", "a,b", 'say "no"', "two\nlines", "é"]),
)
MAYBE = st.none() | AWKWARD


def load(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        return load_case(folder)


def fresh(folder):
    return load(load("toy").save(folder))


def tables_of(folder):
    files = {name: Path(folder) / f"{name}.csv" for name in TABLES}
    return {name: file.read_bytes() for name, file in files.items() if file.exists()}


def accept(store, read):
    for candidate in read:
        decide(store, candidate.candidate, "accept", reviewer="Ada", credibility=2)


@pytest.fixture
def folder(tmp_path):
    return fresh(tmp_path / "case").folder


def test_accepted_claims_enter_the_tables(store, folder):
    _, read = put(store)
    relay, _ = put(store, "two", relay_of=documents(store)["sha256"][0])
    accept(store, read)
    told = [str(change) for change in export_claims(load(folder), store)]
    assert any(f"claims {read[0].candidate} added: 12 count" in line for line in told)
    case = load(folder)
    claim = case.claims.set_index("claim").loc[read[0].candidate]
    assert (claim["value"], claim["source"]) == (12, "herald")
    reading = case.readings.set_index("claim").loc[read[0].candidate]
    assert (reading["reviewer"], reading["credibility"]) == ("Ada", 2)
    assert relay.sha256 in set(case.documents["document"])
    assert export_claims(case, store) == ()


def test_a_claim_accepted_no_more_is_taken_out(store, folder):
    before = tables_of(folder)
    _, read = put(store)
    accept(store, read)
    export_claims(load(folder), store)
    for candidate in read:
        decide(store, candidate.candidate, "reject", reviewer="Ada")
    told = export_claims(load(folder), store)
    assert {(c.what, c.table) for c in told} == {
        ("removed", "claims"),
        ("removed", "readings"),
        ("removed", "documents"),
    }
    after = tables_of(folder)
    assert after["claims"] == before["claims"]


def test_rows_of_no_store_stay_as_they_are(store, folder):
    before = load(folder).claims
    _, read = put(store)
    accept(store, read)
    export_claims(load(folder), store)
    after = load(folder).claims
    assert after.head(len(before)).equals(before)
    assert len(after) == len(before) + 2


def test_what_begins_after_the_cut_off_is_held_back(store, folder):
    case = load(folder)
    late = date(case.config.cutoff.year + 1, 1, 1)
    _, read = put(store, start=late, end=late)
    accept(store, read)
    told = export_claims(case, store)
    assert [change.what for change in told] == ["held back", "held back"]
    assert "after the cut-off" in str(told[0])
    assert "documents" not in tables_of(folder)


def test_a_packaged_case_is_never_written(store):
    with pytest.raises(CaseError, match="supplyline new FOLDER --like toy"):
        export_claims(load("toy"), store)


def test_nothing_is_written_where_the_case_would_be_wrong(store, folder):
    _, read = put(store, area="nowhere")
    accept(store, read)
    before = tables_of(folder)
    with pytest.raises(CaseError, match="nowhere"):
        export_claims(load(folder), store)
    assert tables_of(folder) == before


def test_a_case_changed_since_it_was_read_is_not_written(store, folder):
    _, read = put(store)
    accept(store, read)
    case = load(folder)
    with (folder / "claims.csv").open("a") as file:
        file.write("\n")
    with pytest.raises(CaseError, match="changed since"):
        export_claims(case, store)


def test_export_import_export_gives_the_same_bytes(store, folder, tmp_path):
    first, one = put(store)
    _, two = put(store, "two", ("Here 5.", "There 77 and 8."), speaker="=a mayor")
    put(store, "three", ("Here 5.",), relay_of=first.sha256)
    accept(store, two[:2])
    changed = {"value": 14, "claim_note": "@note", "area": "country:YY"}
    decide(store, one[1].candidate, "correct", reviewer="Béa", changed=changed)
    export_claims(load(folder), store)
    with open_store(tmp_path / "other.sqlite") as other:
        assert import_claims(load(folder), other) == 3
        assert import_claims(load(folder), other) == 0
        assert export_claims(load(folder), other) == ()
        again = fresh(tmp_path / "again")
        export_claims(again, other)
        assert tables_of(again.folder) == tables_of(folder)
        assert list(decisions(other)["action"]) == ["correct", "accept", "accept"]
        # the text comes later, from the file itself
        put(other)
        assert documents(other)["is_read"].tolist() == [True, False, False]
        assert export_claims(load(folder), other) == ()


def test_what_the_store_decided_is_kept(store, folder):
    _, (one, two) = put(store)
    accept(store, [one, two])
    export_claims(load(folder), store)
    decide(store, one.candidate, "reject", reviewer="Ben")
    assert import_claims(load(folder), store) == 0
    assert list(accepted(store)["candidate"]) == [two.candidate]


def test_a_decision_of_the_case_corrects_what_the_store_has_read(
    store, folder, tmp_path
):
    _, (one, _) = put(store)
    decide(
        store, one.candidate, "correct", reviewer="Ben", changed={"value": 15, "low": 3}
    )
    export_claims(load(folder), store)
    with open_store(tmp_path / "other.sqlite") as other:
        put(other)
        assert import_claims(load(folder), other) == 1
        assert list(accepted(other)["value"]) == [15]
        assert export_claims(load(folder), other) == ()


def test_a_claim_of_another_source_than_its_document_is_refused(store, folder):
    _, read = put(store)
    accept(store, read)
    case = load(folder)
    known = case.sources["source"][0]
    export_claims(case, store)
    file = folder / "claims.csv"
    file.write_text(file.read_text().replace(",herald", f",{known}"))
    with pytest.raises(EvidenceError, match="as its document has"):
        import_claims(load(folder), store)


@given(text=AWKWARD)
def test_a_cell_is_harmless_and_read_back(text):
    cell = to_cell(text)
    assert cell == "" or text_fault(cell) is None
    assert to_cell(from_cell(cell)) == cell
    if cell and text_fault(text) is None:
        assert from_cell(cell) == text


def test_a_long_text_is_cut():
    assert len(to_cell("=" + "x" * 5000)) == 2000
    assert to_cell("-5") == "'-5"
    assert from_cell(to_cell("x" * 2000)) == "x" * 2000


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    return fresh(tmp_path_factory.mktemp("blank") / "case").folder


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    words=st.fixed_dictionaries(
        dict.fromkeys(("counted", "hedge", "speaker", "base"), MAYBE)
    ),
    number=st.floats(-1e15, 1e15) | st.integers(-(10**15), 10**15).map(float),
    title=AWKWARD,
    note=MAYBE,
    unit=AWKWARD.filter(
        lambda text: bool(to_cell(text)) and any(map(str.isalnum, text))
    ),
)
def test_awkward_text_comes_back_the_same(blank, words, number, title, note, unit):
    with TemporaryDirectory() as name:
        base = Path(name)
        shutil.copytree(blank, base / "one")
        shutil.copytree(blank, base / "two")
        article, original = made_article(title=title, publisher=words["base"])
        draft = replace(SOURCE, title=title, publisher=unit, note=note)
        read = [
            replace(candidate, **words, value=number, unit=unit)
            for candidate in made_candidates(article)
        ]
        with open_store(base / "a.sqlite") as a, open_store(base / "b.sqlite") as b:
            put_document(
                a,
                article,
                original,
                read,
                [],
                source=draft,
                relay_of=None,
                sketch=b"",
            )
            for candidate in read:
                decide(a, candidate.candidate, "accept", reviewer="Ada", note=note)
            export_claims(load(base / "one"), a)
            import_claims(load(base / "one"), b)
            export_claims(load(base / "two"), b)
            assert tables_of(base / "one") == tables_of(base / "two")
            back, was = accepted(b), accepted(a)
            assert list(back["value"]) == list(was["value"])
            assert set(sources(b)) == set(sources(a))
