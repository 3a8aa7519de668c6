"""One limit for a whole answer, however the server spreads it; on loopback."""

import contextlib
import socket
import threading
import time

import pytest

from supplyline.errors import DownloadError
from supplyline.evidence.downloads import fetch_page as pages
from supplyline.evidence.downloads.fetch_page import fetch_page
from supplyline.evidence.downloads.polite import Asker, Manners

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
DROPS = 300
"""Pieces of an answer; a server that is left early does not get through them."""

SLOW = {
    "headers": (OK, b"X-More: 1\r\n", b"Content-Length: 2\r\n\r\n{}"),
    "one long header": (OK + b"X-More: ", b"1", b"\r\nContent-Length: 2\r\n\r\n{}"),
    "status line": (b"HTTP/1.1 200 ", b"O", b"\r\nContent-Length: 2\r\n\r\n{}"),
    "early hints": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", OK + b"\r\n{}"),
    "chunk sizes": (OK + b"Transfer-Encoding: chunked\r\n\r\n1", b";a", b"\r\nx\r\n0"),
    "content": (OK + b"\r\n", b"word ", b"end"),
}


@contextlib.contextmanager
def serving(first, drop, last):
    """Serve one answer drop by drop; tell by an event whether all of it went out."""
    listener = socket.create_server(("127.0.0.1", 0))
    is_through = threading.Event()

    def serve():
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(first)
                for _ in range(DROPS):
                    connection.sendall(drop)
                    time.sleep(0.01)
                connection.sendall(last)
                is_through.set()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", is_through
    finally:
        listener.close()


@pytest.mark.parametrize("kind", SLOW)
def test_a_page_that_comes_in_drops_is_left(kind, monkeypatch):
    monkeypatch.setattr(pages, "MAX_SECONDS", 0.2)
    with serving(*SLOW[kind]) as (address, is_through):
        with pytest.raises(DownloadError, match=r"not whole within 0\.2 s"):
            fetch_page(f"{address}/page")
        assert not is_through.is_set()


@pytest.mark.parametrize("kind", SLOW)
def test_a_data_set_that_comes_in_drops_is_left(kind):
    manners = Manners(pause_s=0, attempts=1, answer_s=0.2)
    with serving(*SLOW[kind]) as (address, is_through):
        with (
            Asker(address, manners) as asker,
            pytest.raises(DownloadError, match="ReadTimeout"),
        ):
            asker.ask("/data")
        assert not is_through.is_set()
