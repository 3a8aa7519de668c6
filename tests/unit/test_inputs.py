"""What a user names to be read: each fault is told, and the rest is read."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

import supplyline as sl
from made_events import EVENTS
from supplyline.cli import app
from supplyline.errors import EvidenceError
from supplyline.evidence.desk.add_documents import SUFFIXES
from supplyline.evidence.desk.inputs import find_inputs
from supplyline.evidence.store.documents import documents

PAGE = "<html><body><p>On 3 February 2024 12 trucks came to Alba.</p></body></html>"


class Missing(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(404)

    def log_message(self, *_):
        """Keep the output of the tests clean."""


@pytest.fixture(scope="module")
def address():
    running = ThreadingHTTPServer(("127.0.0.1", 0), Missing)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "good.html"
    path.write_text(PAGE)
    return path


def add(tmp_path, *inputs):
    """Add inputs to a store; give what was read, and the faults told."""
    with sl.open_evidence(sl.load_case("toy"), tmp_path / "e.sqlite") as store:
        try:
            sl.add_documents(sl.load_case("toy"), list(map(str, inputs)), store)
        except EvidenceError as error:
            return list(documents(store)["name"]), list(map(str, error.problems))
        return list(documents(store)["name"]), []


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{address}/gone", "the server answers 404"),
        ("http://127.0.0.1:1/page", "could not be fetched"),
        ("https://", "is no address"),
        ("nowhere.html", "does not exist"),
        ("/dev/null", "is no file"),
        ("{empty}", "holds nothing to read"),
        # from Python 3.14 on, what no file can be called is not there
        ("x" * 300, "File name too long|does not exist"),
        ("a\0b", "does not exist"),
        ("", "FILE: is empty"),
        ("  ", "FILE: is empty"),
    ],
)
def test_one_input_that_fails_does_not_hold_up_the_rest(
    tmp_path, page, address, bad, reason
):
    (tmp_path / "empty").mkdir()
    bad = bad.format(address=address, empty=tmp_path / "empty")
    read, faults = add(tmp_path, bad, page)
    assert read == ["good.html"]
    (fault,) = faults
    assert re.search(reason, fault)


def test_the_command_reads_the_rest_and_ends_with_2(tmp_path, page, address):
    store = str(tmp_path / "e.sqlite")
    words = ["evidence", "add", "toy", f"{address}/gone", str(page), "--store", store]
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert [each["name"] for each in told["documents"]] == ["good.html"]
    assert "404" in told["problems"][0]


@pytest.mark.parametrize("form", [str, Path, lambda page: [page], lambda page: (page,)])
def test_one_input_may_stand_alone(tmp_path, page, form):
    case = sl.load_case("toy")
    with sl.open_evidence(case, tmp_path / "e.sqlite") as store:
        (added,) = sl.add_documents(case, form(page), store)
        with pytest.raises(EvidenceError, match=f"problems in {page}"):
            sl.add_events(case, form(page), store)
    assert added.name == str(page)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda case: sl.add_documents(case, "a.txt", "e.sqlite"), "store is 'e.sq"),
        (lambda case: sl.add_events(case, "a.csv", "e.sqlite"), "store is 'e.sqlite'"),
        (lambda _: sl.add_documents("toy", "a.txt", None), "case is 'toy'; expected a"),
        (lambda _: sl.pending("e.sqlite"), "store is 'e.sqlite'; expected a Store"),
        (lambda _: sl.decide("e", "C", "skip", reviewer="A"), "store is 'e'; expected"),
        (lambda case: sl.export_evidence(case, "e"), "store is 'e'; expected a Store"),
        (lambda case: sl.import_claims(case, None), "store is empty; expected a Store"),
        (lambda _: sl.open_evidence("toy"), "case is 'toy'; expected a Case"),
        (lambda _: sl.why("toy", "F1"), "case is 'toy'; expected a Case"),
        (lambda case: sl.why(case, 3), "identifier is '3'; expected text"),
        (lambda case: sl.why(case, None), "identifier is empty; expected text"),
    ],
)
def test_what_is_no_case_store_or_key_is_told(ask, told):
    with pytest.raises(TypeError, match=told):
        ask(sl.load_case("toy"))


@pytest.mark.parametrize("command", ["add", "events"])
def test_an_empty_name_is_not_the_present_folder(page, command, monkeypatch):
    monkeypatch.chdir(page.parent)
    words = ["evidence", command, "toy", "", "--store", "e.sqlite"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "is empty" in result.stderr


@pytest.mark.parametrize(
    ("link", "target", "reason"),
    [
        ("link.html", "outside/secret.html", "out of the folder"),
        ("deep/link.html", "outside/secret.html", "out of the folder"),
        ("deep/folder", "outside", "out of the folder"),
        ("link.html", "nothing.html", "out of the folder"),
        ("link.html", "folder/nothing.html", "leads nowhere"),
    ],
)
def test_a_link_out_of_a_folder_is_told_and_not_followed(
    tmp_path, link, target, reason
):
    for name in ("folder/deep", "outside"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "outside/secret.html").write_text(PAGE)
    (tmp_path / "folder/own.html").write_text(PAGE)
    (tmp_path / "folder" / link).symlink_to(tmp_path / target)
    names, faults = find_inputs([str(tmp_path / "folder")], "**/*", SUFFIXES)
    assert names == [str(tmp_path / "folder/own.html")]
    (fault,) = faults
    assert reason in str(fault)
    assert link in str(fault)


def test_a_link_inside_a_folder_and_one_that_is_named_are_followed(tmp_path, page):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "own.html").write_text(PAGE)
    (folder / "again.html").symlink_to(folder / "own.html")
    (tmp_path / "named.html").symlink_to(page)
    inputs = [str(folder), str(tmp_path / "named.html")]
    names, faults = find_inputs(inputs, "**/*", SUFFIXES)
    assert [name.rpartition("/")[2] for name in names] == [
        "again.html",
        "own.html",
        "named.html",
    ]
    assert faults == []


def test_events_of_a_link_out_of_a_folder_are_not_taken_in(tmp_path):
    folder, outside = tmp_path / "folder", tmp_path / "events.csv"
    folder.mkdir()
    EVENTS.to_csv(outside)
    (folder / "events.csv").symlink_to(outside)
    case = sl.load_case("toy")
    with (
        sl.open_evidence(case, tmp_path / "e.sqlite") as store,
        pytest.raises(EvidenceError, match="out of the folder"),
    ):
        sl.add_events(case, [folder], store)
