"""One limit for a whole answer: from the connection to the last byte of the content.

The limits of httpx hold for each wait alone, so that a server which sends a byte a
second, in its headers for one, would hold us for ever.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ssl import SSLContext


class TimeLimit:
    """The time that is left for an answer."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def restart(self) -> None:
        """Begin the time anew, for another answer."""
        self._end = time.monotonic() + self.seconds

    @property
    def is_over(self) -> bool:
        """Tell whether no time is left."""
        return time.monotonic() >= self._end

    def left_s(self, timeout: float | None) -> float:
        """Give how long the next wait may be [s]."""
        left = self._end - time.monotonic()
        if left <= 0:
            message = "the time for the whole answer is over"
            raise httpcore.ReadTimeout(message)
        return left if timeout is None else min(timeout, left)


def limit_answers(client: httpx.Client, limit: TimeLimit) -> None:
    """Let every wait of a client end with the time for the whole answer."""
    # httpx has no option for the layer below it; proxies have a transport of their own
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001
        if isinstance(transport, httpx.HTTPTransport):
            transport._pool._network_backend = _LimitedBackend(limit)  # noqa: SLF001


class _LimitedBackend(httpcore.SyncBackend):
    """Connect within the limit."""

    def __init__(self, limit: TimeLimit) -> None:
        self._limit = limit

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a server."""
        left_s = self._limit.left_s(timeout)
        stream = super().connect_tcp(host, port, left_s, local_address, socket_options)
        return _LimitedStream(stream, self._limit)


class _LimitedStream(httpcore.NetworkStream):
    """Read and write within the limit."""

    def __init__(self, stream: httpcore.NetworkStream, limit: TimeLimit) -> None:
        self._stream, self._limit = stream, limit

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Wait for the next bytes."""
        return self._stream.read(max_bytes, self._limit.left_s(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._stream.write(buffer, self._limit.left_s(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go over to an encrypted connection."""
        left_s = self._limit.left_s(timeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, left_s)
        return _LimitedStream(stream, self._limit)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the overridden method
        """Tell of the connection."""
        return self._stream.get_extra_info(info)
