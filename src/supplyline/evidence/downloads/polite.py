"""Asking a server for data without being a burden: paced, patient and bounded."""

from __future__ import annotations

import email.utils
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

import httpx

from supplyline.errors import DownloadError, shown
from supplyline.evidence.downloads.time_limit import TimeLimit, limit_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

AGENT: Final = "supplyline"
"""How we name ourselves to a server."""
MOST_BYTES: Final = 200_000_000
"""Longest answer that is read [bytes]."""

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_BUSY: Final = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Manners:
    """How often a server is asked, and how patiently.

    Attributes
    ----------
    pause_s : float
        Least time between two requests [s].
    attempts : int
        Requests made before a page is given up.
    first_wait_s, longest_wait_s : float
        Wait after the first failure, doubled after each, and its bound [s].
    timeout_s, answer_s : float
        Time a server is waited for, and time for one answer as a whole [s].
    """

    pause_s: float = 0.5
    attempts: int = 6
    first_wait_s: float = 2.0
    longest_wait_s: float = 120.0
    timeout_s: float = 60.0
    answer_s: float = 600.0


class UnauthorisedError(DownloadError):
    """The server does not accept who asks."""


@dataclass(slots=True)
class Asker:
    """A paced client of one server; headers go to that server only."""

    address: str
    manners: Manners = field(default_factory=Manners)
    _sleep: Callable[[float], None] = time.sleep
    _limit: TimeLimit = field(init=False, repr=False)
    _client: httpx.Client = field(init=False, repr=False)
    _last: float = field(init=False, default=float("-inf"))

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            message = f"address is {shown(self.address)}; expected https"
            raise DownloadError(message)
        self._limit = TimeLimit(self.manners.answer_s)
        self._client = httpx.Client(
            headers={"User-Agent": AGENT},
            timeout=self.manners.timeout_s,
            follow_redirects=False,  # a redirect could carry the credentials away
        )
        limit_answers(self._client, self._limit)

    def __enter__(self) -> Self:
        """Use the client for a while."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close its connections."""
        self._client.close()

    def ask(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Ask for one answer in JSON, again where the server is busy."""
        url = self._on_server(path)
        wait_s, reason, attempt = self.manners.first_wait_s, "", 0
        for attempt in range(self.manners.attempts):
            if attempt:
                self._sleep(min(wait_s, self.manners.longest_wait_s))
                wait_s *= 2
            try:
                status, answered, body = self._send(url, params, headers, form)
            except httpx.HTTPError as error:
                reason = type(error).__name__
                continue
            if status not in _BUSY:
                return _read(status, body, urlsplit(url).path)
            reason = f"status {status}"
            asked_s = _asked_to_wait(answered)
            if asked_s > self.manners.longest_wait_s:
                break
            wait_s = max(wait_s, asked_s)
        raise DownloadError(_gave_up(urlsplit(url).hostname, attempt + 1, reason))

    def _on_server(self, path: str) -> str:
        """Give the whole address; refuse one on another server."""
        url = str(httpx.URL(self.address).join(path))
        mine, other = urlsplit(self.address), urlsplit(url)
        if (mine.scheme, mine.hostname, mine.port) != (
            other.scheme,
            other.hostname,
            other.port,
        ):
            message = f"the server points to {shown(url)}; expected {mine.hostname}"
            raise DownloadError(message)
        return url

    def _send(
        self,
        url: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        form: Mapping[str, str] | None,
    ) -> tuple[int, httpx.Headers, bytes]:
        """Send one request in its turn and read a bounded answer."""
        now = time.monotonic()
        self._sleep(max(0.0, self._last + self.manners.pause_s - now))
        self._last = time.monotonic()
        self._limit.restart()
        method = "GET" if form is None else "POST"
        body = bytearray()
        with self._client.stream(
            method, url, params=params, headers=headers, data=form
        ) as answer:
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    message = f"the answer is longer than {MOST_BYTES:,} bytes"
                    raise DownloadError(message)
            return answer.status_code, answer.headers, bytes(body)


def _gave_up(host: str | None, attempts: int, reason: str) -> str:
    """Say that a server stays busy, and that nothing is lost."""
    times = f"{attempts} attempt{'' if attempts == 1 else 's'}"
    return (
        f"{host} gave no answer in {times} (last: {reason}); repeat the command later: "
        "it goes on from here"
    )


def _read(status: int, body: bytes, path: str) -> dict[str, Any]:
    """Read an answer that is not to be asked for again."""
    if status in (401, 403):
        message = f"the server refuses the credentials (status {status})"
        raise UnauthorisedError(message)
    if status != httpx.codes.OK:
        message = f"the server answers {path} with status {status}; expected 200"
        raise DownloadError(message)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        message = f"the answer to {path} is not JSON"
        raise DownloadError(message) from error
    if not isinstance(answer, dict):
        message = f"the answer to {path} is no JSON object"
        raise DownloadError(message)
    return answer


def _asked_to_wait(headers: httpx.Headers) -> float:
    """Read how long the server asks us to wait [s]."""
    text = headers.get("Retry-After", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
