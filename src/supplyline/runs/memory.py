"""Memory that this process has taken, as far as the system tells it."""

from __future__ import annotations

import sys

BYTES_PER_MB = 2**20


def peak_memory_mb() -> float | None:
    """Give the most memory taken so far; None where the system does not tell [MB]."""
    try:
        import resource  # noqa: PLC0415 - Windows has no such module
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / BYTES_PER_MB
