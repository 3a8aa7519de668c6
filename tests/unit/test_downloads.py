"""Downloads against a server that behaves as documented, faults included.

All rows, names and secrets are made up for these tests.
"""

import csv
import json
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from supplyline.cli.fetching import ucdp_number
from supplyline.errors import DownloadError
from supplyline.evidence.downloads import acled_download, credentials, ucdp_download
from supplyline.evidence.downloads.acled_download import AcledRequest, download_acled
from supplyline.evidence.downloads.credentials import Secret, find_secret
from supplyline.evidence.downloads.polite import Asker, Manners
from supplyline.evidence.downloads.ucdp_download import UcdpRequest, download_ucdp

QUICK = Manners(pause_s=0, attempts=4, first_wait_s=0.01, longest_wait_s=0.05)
TOKEN = Secret("made-up-token")
ROWS = 25
PAGE = 10


class Server(BaseHTTPRequestHandler):
    """UCDP and ACLED as their documentation has them."""

    def log_message(self, *_):
        pass

    def say(self, answer, status=200, **headers):
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.forms.append(parse_qs(form))
        right = parse_qs(form).get("password") == ["made-up-word"]
        if not right:
            self.say({"error": "invalid_grant"}, 401)
            return
        self.server.logins += 1
        self.say({"access_token": f"bearer-{self.server.logins}", "expires_in": 86400})

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: found[0] for name, found in parse_qs(parts.query).items()}
        self.server.asked.append((parts.path, query))
        for fault in self.server.faults:
            if fault(self, query):
                return
        if parts.path.startswith("/api/gedevents/"):
            self.ucdp(query)
        else:
            self.acled(query)

    def ucdp(self, query):
        if self.headers.get("x-ucdp-access-token") != TOKEN.word:
            self.say({"message": "no"}, 401)
            return
        page = int(query.get("page", 0))
        first = page * PAGE
        rows = [{"id": n, "best": n % 3, "where": None, "side_a": f"A, {n}"}
                for n in range(first, min(first + PAGE, ROWS))]  # fmt: skip
        more = first + PAGE < ROWS
        link = f"{self.server.address}/api/gedevents/25.1?page={page + 1}"
        self.say(
            {
                "TotalCount": ROWS,
                "TotalPages": -(-ROWS // PAGE),
                "NextPageUrl": link if more else None,
                "PreviousPageUrl": None,
                "Result": rows,
            }
        )

    def acled(self, query):
        if self.headers.get("Authorization") not in self.server.bearers():
            self.say({"message": "expired"}, 401)
            return
        first = (int(query["page"]) - 1) * PAGE
        rows = [{"event_id_cnty": f"XA{n}", "notes": "=1+1"}
                for n in range(first, min(first + PAGE, ROWS))]  # fmt: skip
        self.say({"status": 200, "success": True, "count": len(rows), "data": rows})


@contextmanager
def server(*faults):
    made = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    made.address = f"http://127.0.0.1:{made.server_port}"
    made.faults, made.asked, made.forms, made.logins = list(faults), [], [], 0
    made.retired = set()
    made.bearers = lambda: (
        {f"Bearer bearer-{n}" for n in range(1, made.logins + 1)} - made.retired
    )
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


def once(answer):
    """Make a fault that happens at the second request only."""
    seen = Counter()

    def fault(handler, _):
        seen["asked"] += 1
        if seen["asked"] != 2:
            return False
        answer(handler)
        return True

    return fault


def fetch_ucdp(made, target, **more):
    request = UcdpRequest("25.1", (432,), date(2025, 1, 1), date(2025, 12, 31))
    options = {"address": made.address, "manners": QUICK, **more}
    return download_ucdp(target, request, TOKEN, **options)


def fetch_acled(made, target, word="made-up-word", **request):
    account = Secret("someone@example.org"), Secret(word)
    options = {"address": made.address, "manners": QUICK}
    return download_acled(target, AcledRequest(**request), *account, **options)


def ids(path, column):
    with path.open(newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def test_all_pages_become_one_file(tmp_path):
    target, steps = tmp_path / "ged.csv", []
    with server() as made:
        count = fetch_ucdp(made, target, progress=lambda *step: steps.append(step))
    assert count == ROWS
    assert ids(target, "id") == [str(n) for n in range(ROWS)]
    assert ids(target, "side_a")[1] == "A, 1"
    assert set(ids(target, "where")) == {""}
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert list(tmp_path.iterdir()) == [target]
    first = made.asked[0][1]
    assert first["StartDate"] == "2025-01-01"
    assert first["Country"] == "432"


@pytest.mark.parametrize(
    "answer",
    [
        lambda handler: handler.say({}, 503),
        lambda handler: handler.say({}, 429, Retry_After="0"),
        lambda handler: handler.say({}, 500),
        lambda handler: handler.connection.close(),
    ],
    ids=["busy", "too many", "broken", "hangs up"],
)
def test_a_busy_server_is_asked_again(tmp_path, answer):
    with server(once(answer)) as made:
        assert fetch_ucdp(made, tmp_path / "ged.csv") == ROWS
    assert len(made.asked) == 4


def test_a_broken_download_goes_on_where_it_was(tmp_path):
    target = tmp_path / "ged.csv"

    def down(handler, query):
        if query.get("page") != "2":
            return False
        handler.say({}, 503)
        return True

    with server(down) as made:
        with pytest.raises(DownloadError, match="goes on from here"):
            fetch_ucdp(made, target)
        assert not target.exists()
        made.faults.clear()
        made.asked.clear()
        assert fetch_ucdp(made, target) == ROWS
        assert [query.get("page") for _, query in made.asked] == ["2"]
    assert ids(target, "id") == [str(n) for n in range(ROWS)]


def test_a_server_that_asks_for_a_long_wait_is_left_alone(tmp_path):
    def full(handler, _):
        handler.say({}, 429, Retry_After="3600")
        return True

    with server(full) as made:
        with pytest.raises(DownloadError, match="1 attempt "):
            fetch_ucdp(made, tmp_path / "ged.csv")
        assert len(made.asked) == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda h: h.say({}, 403), "refuses the credentials"),
        (lambda h: h.say({}, 404), "status 404"),
        (lambda h: h.say({}, 302, Location="http://127.0.0.1:1/"), "status 302"),
        (lambda h: h.say(b"<html>"), "is not JSON"),
        (lambda h: h.say(b"[" * 100_000), "is not JSON"),
        (lambda h: h.say([1]), "no JSON object"),
        (lambda h: h.say({"Result": 3}), "no rows under 'Result'"),
        (lambda h: h.say({"Result": [], "NextPageUrl": "http://127.0.0.2/x"}),
         "points to"),
    ],
    ids=["forbidden", "absent", "redirect", "html", "deep", "list", "no rows", "away"],
)  # fmt: skip
def test_what_cannot_be_used_is_told(tmp_path, answer, message):
    target = tmp_path / "ged.csv"
    with server(once(answer)) as made, pytest.raises(DownloadError, match=message):
        fetch_ucdp(made, target)
    assert not target.exists()


def test_data_that_change_meanwhile_are_told(tmp_path):
    def fewer(handler, query):
        if query.get("page") != "2":
            return False
        handler.say({"TotalCount": ROWS, "NextPageUrl": None, "Result": []})
        return True

    with (
        server(fewer) as made,
        pytest.raises(DownloadError, match="20 rows came of 25"),
    ):
        fetch_ucdp(made, tmp_path / "ged.csv")


def test_a_file_that_exists_is_never_overwritten(tmp_path):
    target = tmp_path / "ged.csv"
    target.write_text("mine")
    with server() as made, pytest.raises(DownloadError, match="expected a new file"):
        fetch_ucdp(made, target)
    assert target.read_text() == "mine"
    assert made.asked == []


def test_a_version_is_checked_before_anyone_is_asked(tmp_path):
    with pytest.raises(DownloadError, match=r"expected such as 25\.1"):
        download_ucdp(tmp_path / "x.csv", UcdpRequest("../25"), TOKEN)


def test_acled_events_come_after_a_login(tmp_path):
    target = tmp_path / "acled.csv"
    with server() as made:
        span = {"first": date(2025, 9, 1), "last": date(2025, 12, 31)}
        assert fetch_acled(made, target, countries=("Mali", "Niger"), **span) == ROWS
    assert ids(target, "event_id_cnty") == [f"XA{n}" for n in range(ROWS)]
    assert ids(target, "notes")[0] == "=1+1"
    path, query = made.asked[0]
    assert path == "/api/acled/read"
    assert query["country"] == "Mali:OR:country=Niger"
    assert query["event_date"] == "2025-09-01|2025-12-31"
    assert made.forms[0]["client_id"] == ["acled"]
    assert made.logins == 1


def test_a_login_that_runs_out_is_renewed(tmp_path):
    def retire(handler, query):
        if query.get("page") == "2" and handler.server.logins == 1:
            handler.server.retired.add("Bearer bearer-1")
        return False

    with server(retire) as made:
        assert fetch_acled(made, tmp_path / "acled.csv") == ROWS
    assert made.logins == 2


def test_a_wrong_password_is_told_without_being_shown(tmp_path):
    with server() as made, pytest.raises(DownloadError) as caught:
        fetch_acled(made, tmp_path / "acled.csv", word="wrong-word")
    assert "refuses the credentials" in str(caught.value)
    assert "wrong-word" not in str(caught.value)


def test_deletions_have_an_endpoint_of_their_own(tmp_path):
    with server() as made:
        fetch_acled(made, tmp_path / "d.csv", is_deletions=True, changed_since=17)
    path, query = made.asked[0]
    assert path == "/api/deleted/read"
    assert query["deleted_timestamp"] == "17"
    assert query["deleted_timestamp_where"] == ">="


def test_a_server_that_gives_one_page_for_ever_is_told(tmp_path):
    def same(handler, _):
        handler.say({"success": True, "data": [{"event_id_cnty": "XA1"}]})
        return True

    with server(same) as made, pytest.raises(DownloadError, match="same page again"):
        fetch_acled(made, tmp_path / "acled.csv")


def test_no_file_holds_a_secret(tmp_path):
    def down(handler, query):
        if query.get("page") != "3":
            return False
        handler.say({}, 503)
        return True

    with server(down) as made, pytest.raises(DownloadError):
        fetch_acled(made, tmp_path / "acled.csv")
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not any(b"made-up-word" in path.read_bytes() for path in kept)
    assert not any(b"bearer-" in path.read_bytes() for path in kept)


def test_a_secret_is_not_shown():
    secret = Secret("made-up-word")
    assert "made-up-word" not in f"{secret} {secret!r}"


def test_a_secret_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv(ucdp_download.TOKEN, "made-up-word")
    assert find_secret(ucdp_download.TOKEN).word == "made-up-word"


def test_a_secret_comes_from_the_keyring(monkeypatch):
    monkeypatch.delenv(acled_download.PASSWORD, raising=False)
    monkeypatch.setattr(
        credentials, "_from_keyring", {acled_download.PASSWORD: "kept"}.get
    )
    assert find_secret(acled_download.PASSWORD).word == "kept"


def test_a_secret_that_is_nowhere_is_told(monkeypatch):
    monkeypatch.delenv(acled_download.USER, raising=False)
    monkeypatch.setattr(credentials, "_from_keyring", lambda _: None)
    with pytest.raises(DownloadError, match="ACLED_USERNAME is not set"):
        find_secret(acled_download.USER)


def test_a_secret_that_no_header_carries_is_refused(monkeypatch):
    monkeypatch.setenv(ucdp_download.TOKEN, "made-up\nword")
    with pytest.raises(DownloadError, match="no header can carry"):
        find_secret(ucdp_download.TOKEN)


@pytest.mark.parametrize("address", ["http://example.org", "ftp://127.0.0.9", "x"])
def test_credentials_go_over_https_only(address):
    with pytest.raises(DownloadError, match="expected https"):
        Asker(address)


def test_requests_are_paced():
    waits = []
    with server() as made:
        manners = Manners(pause_s=5, attempts=1)
        with Asker(made.address, manners, _sleep=waits.append) as asker:
            for _ in range(3):
                asker.ask("/api/gedevents/25.1",
                          headers={"x-ucdp-access-token": TOKEN.word})  # fmt: skip
    assert waits[0] == 0
    assert all(4 < wait <= 5 for wait in waits[1:])


def test_an_answer_without_end_is_cut(monkeypatch):
    monkeypatch.setattr("supplyline.evidence.downloads.polite.MOST_BYTES", 10)
    told = pytest.raises(DownloadError, match="longer than 10 bytes")
    with server() as made, Asker(made.address, QUICK) as asker, told:
        asker.ask("/api/gedevents/25.1", headers={"x-ucdp-access-token": TOKEN.word})


@pytest.mark.parametrize(
    ("country", "number"),
    [("Mali", 432), ("ML", 432), ("mli", 432), ("432", 432), ("Ivory Coast", 437)],
)
def test_a_country_of_ucdp_has_many_names(country, number):
    assert ucdp_number(country) == number


def test_an_unknown_country_is_refused_with_the_nearest_name():
    with pytest.raises(DownloadError, match="did you mean 'mali'"):
        ucdp_number("Malli")
