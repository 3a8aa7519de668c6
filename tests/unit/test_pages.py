"""One page fetched from a local server that misbehaves on purpose."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import SimpleNamespace

import pytest

from supplyline.errors import DownloadError
from supplyline.evidence.downloads import fetch_page as pages
from supplyline.evidence.downloads import time_limit
from supplyline.evidence.downloads.fetch_page import fetch_page

PAGE = b"<html><body><p>The convoy reached Korva.</p></body></html>"


class Server(BaseHTTPRequestHandler):
    seen: list[dict[str, str]] = []  # noqa: RUF012 - shared by all requests
    left = threading.Event()

    def do_GET(self):
        self.seen.append(dict(self.headers))
        name = self.path.partition("?")[0].strip("/").replace("-", "_")
        getattr(self, f"do_{name}", self.do_page)()

    def answer(self, body=PAGE, kind="text/html; charset=utf-8", status=200, **fields):
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def do_page(self):
        self.answer(Set_Cookie="id=7")

    def do_missing(self):
        self.answer(status=404)

    def do_picture(self):
        self.answer(b"\x89PNG", "image/png")

    def do_unnamed(self):
        self.answer(kind=None)

    def do_empty(self):
        self.answer(b"")

    def do_slow(self):
        self.left.wait()

    def do_dripping(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"drop ")
                time.sleep(0.001)
        except OSError:
            self.close_connection = True

    def do_endless(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"word " * 10_000)
        except OSError:
            self.close_connection = True

    def do_announced(self):
        self.answer(Content_Length=str(10**12))

    def do_bomb(self):
        self.answer(gzip.compress(b"0" * 30_000_000), Content_Encoding="gzip")

    def do_broken(self):
        self.answer(b"short", Content_Length="500")

    def do_loop(self):
        self.answer(b"", status=302, Location="/loop")

    def do_moved(self):
        self.answer(b"", status=301, Location="/page?x=1#part", Set_Cookie="id=8")

    def do_inwards(self):
        port = self.server.server_address[1]
        self.answer(b"", status=302, Location=f"http://127.0.0.2:{port}/page")

    def do_by_name(self):
        port = self.server.server_address[1]
        self.answer(b"", status=302, Location=f"http://localhost:{port}/page")

    def do_metadata(self):
        self.answer(b"", status=307, Location="http://169.254.169.254/latest")

    def do_mapped(self):
        self.answer(b"", status=302, Location="http://[::ffff:10.0.0.1]/")

    def do_file(self):
        self.answer(b"", status=302, Location="file:///etc/passwd")

    def do_nowhere(self):
        self.answer(b"", status=302)

    def log_message(self, *_):
        """Keep the output of the tests clean."""


@pytest.fixture(scope="module")
def server():
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()
    thread.join()


def test_page_is_fetched(server):
    assert fetch_page(f"{server}/page") == (PAGE, f"{server}/page")
    assert Server.seen[-1]["User-Agent"] == "supplyline"
    assert "Authorization" not in Server.seen[-1]


def test_redirect_is_followed_without_cookies(server):
    assert fetch_page(f"{server}/moved") == (PAGE, f"{server}/page?x=1")
    assert "Cookie" not in Server.seen[-1]


def test_page_of_no_named_kind_is_fetched(server):
    assert fetch_page(f"{server}/unnamed")[0] == PAGE


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("missing", "answers 404"),
        ("picture", "'image/png' is no page"),
        ("empty", "the page is empty"),
        ("announced", "longer than"),
        ("endless", "longer than"),
        ("bomb", "longer than"),
        ("broken", "could not be fetched"),
        ("loop", "more than 5 redirects"),
        ("inwards", "private network"),
        ("by-name", "private network"),
        ("metadata", "private network"),
        ("mapped", "private network"),
        ("file", "no address that begins with http"),
        ("nowhere", "leads nowhere"),
    ],
)
def test_fault_is_told(server, path, told):
    with pytest.raises(DownloadError, match=told) as error:
        fetch_page(f"{server}/{path}")
    assert "\n" not in str(error.value)


def test_slow_server_is_left(server, monkeypatch):
    monkeypatch.setattr(pages, "TIMEOUT_S", 0.2)
    with pytest.raises(DownloadError, match=r"no answer within 0\.2 s"):
        fetch_page(f"{server}/slow")
    Server.left.set()


def test_dripping_server_is_left_however_long_it_goes_on(server, monkeypatch):
    seconds = count()
    clock = SimpleNamespace(monotonic=lambda: float(next(seconds)))
    monkeypatch.setattr(time_limit, "time", clock)
    monkeypatch.setattr(pages, "MAX_SECONDS", 30.0)
    with pytest.raises(DownloadError, match="not whole within 30 s"):
        fetch_page(f"{server}/dripping")
    # nobody looks at the clock more than a few times after the end
    assert 30 <= next(seconds) <= 35


@pytest.mark.parametrize(
    "url",
    [
        "",
        "page.html",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "http://",
        "http://[",
        "http://example.org:port/",
        "javascript:alert(1)",
        "http:///path",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(DownloadError, match="no address"):
        fetch_page(url)


def test_password_in_an_address_is_refused_and_not_shown():
    with pytest.raises(DownloadError, match="leave it out") as error:
        fetch_page("https://me:secret@example.org/")
    assert "secret" not in str(error.value)


def test_name_that_leads_inwards_is_refused(monkeypatch):
    def look_up(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(DownloadError, match="private network"):
        fetch_page("http://news.example.org/")


def test_name_that_changes_between_look_ups_is_refused(server, monkeypatch):
    genuine = socket.getaddrinfo
    answers = iter(["93.184.215.14"])

    def look_up(_, port, *rest, **named):
        return genuine(next(answers, "127.0.0.1"), port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    port = server.rpartition(":")[2]
    with pytest.raises(DownloadError, match="private network"):
        fetch_page(f"http://news.example.org:{port}/page")


def test_unknown_host_is_told(monkeypatch):
    def look_up(*_, **__):
        raise socket.gaierror(-2, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(DownloadError, match="there is no host"):
        fetch_page("http://news.example.org/")


def test_server_that_is_down_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DownloadError, match="could not be fetched"):
        fetch_page(f"http://127.0.0.1:{port}/")
