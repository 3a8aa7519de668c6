"""Memory of this process: what it has taken, and what it may take, if the system tells.

Linux tells of its limits in files; elsewhere only the limit of the process is known.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, NamedTuple

BYTES_PER_MB: Final = 2**20
BYTES_PER_KB: Final = 1024
SYSTEM: Final = Path("/")
CONTAINER_LIMITS: Final = (
    "sys/fs/cgroup/memory.max",
    "sys/fs/cgroup/memory/memory.limit_in_bytes",
)
"""Files of the two versions of control groups; one without a limit says so in words."""


class Room(NamedTuple):
    """Memory that this process may have in all."""

    size: int
    """What it has and what it can still get [bytes]."""
    limit: str
    """What sets it, in words."""


def peak_memory_mb() -> float | None:
    """Give the most memory taken so far; None where the system does not tell [MB]."""
    try:
        import resource  # noqa: PLC0415 - Windows has no such module
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else BYTES_PER_KB) / BYTES_PER_MB


def find_room(system: Path = SYSTEM) -> Room | None:
    """Find the tightest limit of memory; None where the system tells of none."""
    own = _kilobytes(system / "proc/self/status")
    taken, mapped = own.get("VmRSS", 0), own.get("VmSize", 0)
    rooms = []
    if (limit := _process_limit()) is not None:
        rooms.append(Room(limit - mapped + taken, "the limit of this process (ulimit)"))
    limits = [_read(system / name).strip() for name in CONTAINER_LIMITS]
    rooms += [
        Room(int(text), "the limit of this container")
        for text in limits
        if text.isdecimal()
    ]
    machine = _kilobytes(system / "proc/meminfo")
    if (free := machine.get("MemAvailable")) is not None:
        rooms.append(Room(free + taken, "this machine"))
    return min(rooms, default=None)


def _process_limit() -> int | None:
    """Give the most memory that the process may map; None without such a limit."""
    try:
        import resource  # noqa: PLC0415 - Windows has no such module
    except ImportError:
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def _kilobytes(file: Path) -> dict[str, int]:
    """Read the sizes of a file of the kernel, as bytes."""
    rows = (line.split() for line in _read(file).splitlines())
    return {
        row[0].removesuffix(":"): int(row[1]) * BYTES_PER_KB
        for row in rows
        if row[2:] == ["kB"]
    }


def _read(file: Path) -> str:
    """Read a file of the kernel; empty where there is none."""
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
