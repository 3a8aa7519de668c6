"""Memory of an ensemble: estimated before it is simulated, refused where there is less.

The estimate is high rather than low; benchmarks/memory.py sets it beside what is taken.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from supplyline.engine.arrays import names_of
from supplyline.engine.block import new_outputs
from supplyline.engine.calendar import day_of
from supplyline.errors import MemoryLimitError
from supplyline.runs.memory import find_room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.case.case import Case
    from supplyline.runs import Arguments

FIXED_BYTES: Final = 600_000_000
"""Python, libraries, and the compiler, which gives back nothing it took."""
BYTES_PER_DRAW: Final = 32
"""A drawn parameter of a member: in its table, its record and what is made of it."""
LOSSES_BYTES: Final = 16_000
"""Encounters of a member that cost trucks: some 200 rows of 80 bytes."""
TABLES_AT_ONCE: Final = 2
"""Tables laid out at the same time while a run is saved, as `Run.save` does."""
GB: Final = 1e9


def member_bytes(case: Case, days: int) -> int:
    """Estimate what one member takes: its draws, its outputs, and those being saved."""
    last = day_of(case, case.config.cutoff) + 1 + days
    outputs = new_outputs(names_of(case), 1, last)._asdict().items()
    sizes: dict[str, int] = {name: array.nbytes for name, array in outputs}
    taken = sum(sizes.values()) + BYTES_PER_DRAW * len(case.params) + LOSSES_BYTES
    sizes["daily"] += sizes.pop("daily_country")  # one table of the run folder
    return taken + sum(sorted(sizes.values())[-TABLES_AT_ONCE:])


@contextmanager
def enough_memory(case: Case, arguments: Arguments) -> Iterator[None]:
    """Refuse an ensemble that the memory cannot hold, with what would fit."""
    each = member_bytes(case, arguments.days)
    needed = FIXED_BYTES + each * arguments.members
    what = f"{arguments.members:,} members need about {needed / GB:.1f} GB of memory"
    remedy = "choose fewer members or days"
    room = find_room()
    if room is not None and needed > room.size:
        fitting = max(0, room.size - FIXED_BYTES) // each
        message = (
            f"{what}; {room.limit} leaves {room.size / GB:.1f} GB, in which at most "
            f"{fitting:,} fit: {remedy}"
        )
        raise MemoryLimitError(message)
    try:
        yield
    except MemoryError as error:
        message = f"{what}, and there is not so much: {remedy}"
        raise MemoryLimitError(message) from error
