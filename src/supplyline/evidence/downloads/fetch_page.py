"""One page fetched on command, politely and with care for where it leads."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

import httpx

from supplyline.errors import DownloadError, shown
from supplyline.evidence.downloads.time_limit import TimeLimit, limit_answers

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_BYTES: Final = 20 * 1024 * 1024
"""Longest page that is fetched [bytes]."""
MAX_REDIRECTS: Final = 5
"""Redirects that are followed."""
TIMEOUT_S: Final = 20.0
"""Time that connecting, or waiting for the next bytes, may take [s]."""
MAX_SECONDS: Final = 60.0
"""Time that a page may take as a whole [s]."""

_AGENT: Final = "supplyline"
_TYPES: Final = (
    "text/html",
    "text/plain",
    "text/markdown",
    "text/x-markdown",
    "application/xhtml+xml",
    "application/pdf",
)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


def fetch_page(url: str) -> tuple[bytes, str]:
    """Fetch one page or file.

    An address inside the network of this machine is refused, also behind a redirect,
    unless it is the host that the caller named.
    """
    named = _host(url)
    limit = TimeLimit(MAX_SECONDS)
    # neither proxies nor passwords of the environment, no cookies from hop to hop
    with httpx.Client(
        timeout=TIMEOUT_S,
        follow_redirects=False,
        trust_env=False,
        headers={
            "User-Agent": _AGENT,
            "Accept": ", ".join(_TYPES),
            "Accept-Encoding": "gzip, deflate",
        },
    ) as client:
        limit_answers(client, limit)
        for _ in range(MAX_REDIRECTS + 1):
            is_named = _check_host(url, named)
            client.cookies.clear()
            answer = _fetch_once(client, url, limit, is_named=is_named)
            if isinstance(answer, bytes):
                return answer, url
            url = answer
    message = f"{shown(url)}: more than {MAX_REDIRECTS} redirects"
    raise DownloadError(message)


def _fetch_once(
    client: httpx.Client, url: str, limit: TimeLimit, *, is_named: bool
) -> bytes | str:
    """Fetch what stands at an address: its content, or the address it leads to."""
    try:
        with client.stream("GET", url) as response:
            if not is_named:
                _check_peer(response, url)
            if response.status_code in _REDIRECTS:
                return _next_address(response, url)
            _check(response, url)
            return _read(response, url)
    except httpx.TimeoutException:
        reason = f"no answer within {TIMEOUT_S:g} s"
        if limit.is_over:
            reason = f"not whole within {limit.seconds:g} s"
        message = f"{shown(url)}: {reason}"
    except httpx.InvalidURL:
        message = f"{shown(url)} is no address"
    except httpx.HTTPError as error:
        message = f"{shown(url)}: {_reason(error)}"
    raise DownloadError(message)


def _next_address(response: httpx.Response, url: str) -> str:
    """Read where a redirect leads."""
    target = response.headers.get("location", "")
    if not target:
        message = f"{shown(url)}: a redirect that leads nowhere"
        raise DownloadError(message)
    try:
        return str(httpx.URL(url).join(target).copy_with(fragment=None))
    except httpx.InvalidURL:
        message = f"{shown(url)}: a redirect to {shown(target)}, which is no address"
        raise DownloadError(message) from None


def _check(response: httpx.Response, url: str) -> None:
    """Refuse errors, other kinds of content, and what says that it is too long."""
    if response.status_code != httpx.codes.OK:
        phrase = response.reason_phrase
        message = f"{shown(url)}: the server answers {response.status_code} {phrase}"
        raise DownloadError(message.strip())
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind not in _TYPES:
        message = f"{shown(url)}: {shown(kind)} is no page, text or PDF"
        raise DownloadError(message)
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length[:18]) > MAX_BYTES:
        raise _too_long(url)


def _read(response: httpx.Response, url: str) -> bytes:
    """Read the content piece by piece, within its bounds."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MAX_BYTES:
            raise _too_long(url)
        parts.append(part)
    if not size:
        message = f"{shown(url)}: the page is empty"
        raise DownloadError(message)
    return b"".join(parts)


def _too_long(url: str) -> DownloadError:
    """Tell that a page is too long."""
    return DownloadError(f"{shown(url)}: longer than {MAX_BYTES:,} bytes")


def _host(url: str) -> str:
    """Read the host of an address, and refuse what is no address of the web."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host = None
        parts = None
    if parts is None or not host or parts.scheme.lower() not in {"http", "https"}:
        message = f"{shown(url)} is no address that begins with http:// or https://"
        raise DownloadError(message)
    if parts.username is not None or parts.password is not None:
        # the address itself is not shown: it holds a password
        message = f"the address of {shown(host)} holds a name or password: leave it out"
        raise DownloadError(message)
    return host.lower()


def _check_host(url: str, named: str) -> bool:
    """Refuse a host inside the network of this machine, unless the user named it."""
    host = _host(url)
    if host == named and _is_literal_or_local(host):
        return True
    for address in _addresses(host, url):
        _check_address(address, url)
    return False


def _check_peer(response: httpx.Response, url: str) -> None:
    """Refuse an answer from a private address: a name may change between look-ups."""
    stream = response.extensions.get("network_stream")
    peer = None if stream is None else stream.get_extra_info("server_addr")
    if peer is not None:
        _check_address(_address(str(peer[0])), url)


def _check_address(address: Address, url: str) -> None:
    """Refuse an address inside the network of this machine."""
    if not address.is_global or address.is_multicast:
        message = f"{shown(url)}: leads into a private network ({address}): refused"
        raise DownloadError(message)


def _address(text: str) -> Address:
    """Read an address; one of the old kind inside one of the new is the old one."""
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _is_literal_or_local(host: str) -> bool:
    """Tell whether a host is written as an address, or as this machine."""
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _addresses(host: str, url: str) -> list[Address]:
    """Look up every address of a host."""
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        message = f"{shown(url)}: there is no host {shown(host)}"
        raise DownloadError(message) from None
    return [_address(str(entry[4][0])) for entry in entries]


def _reason(error: httpx.HTTPError) -> str:
    """Say why a page could not be fetched, in one line."""
    text = shown(str(error)) if str(error) else type(error).__name__
    return f"could not be fetched ({text})"
