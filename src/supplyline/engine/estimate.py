"""What an ensemble takes of memory and disk: estimated before it is simulated.

Where there is less, it is refused. The estimate is high rather than low;
benchmarks/memory.py sets it beside what is taken.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from supplyline.engine.arrays import names_of
from supplyline.engine.block import new_outputs
from supplyline.engine.calendar import day_of
from supplyline.errors import MemoryLimitError, OutputError
from supplyline.runs.folder import HELD_BYTES
from supplyline.runs.memory import find_room
from supplyline.runs.parts import PART_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from supplyline.case.case import Case
    from supplyline.runs import Arguments

FIXED_BYTES: Final = 600_000_000
"""Python, libraries, and the compiler, which gives back nothing it took."""
BYTES_PER_DRAW: Final = 32
"""A drawn parameter of a member: in its table, its record and what is made of it."""
LOSSES_BYTES: Final = 16_000
"""Encounters of a member that cost trucks: some 200 rows of 80 bytes."""
GIVEN_LOSSES_BYTES: Final = 250_000
"""The same where no group bounds the attacks: some 3,400 rows in corridor180."""
PARTS_UNDER_WAY: Final = 4
"""Parts in memory: gathered, waiting to be written, written, and laid out for it."""
DISK_SHARE: Final = 0.25
"""Bytes on disk for each byte of outputs in memory."""
DISK_SHARE_OF_LOSSES: Final = 0.1


def size_text(size: float) -> str:
    """Tell a size: in gigabytes, or in megabytes where it is less than one."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def _fitting_text(fitting: int) -> str:
    return f"at most {fitting:,} fit" if fitting else "none fits"


def output_bytes(case: Case, days: int) -> int:
    """Tell what the outputs of one member take in memory."""
    last = day_of(case, case.config.cutoff) + 1 + days
    return sum(array.nbytes for array in new_outputs(names_of(case), 1, last))


def member_bytes(case: Case, days: int) -> int:
    """Estimate what one member takes: its outputs, its draws and its losses."""
    draws = BYTES_PER_DRAW * len(case.params)
    return output_bytes(case, days) + draws + _losses_bytes(case)


def _losses_bytes(case: Case) -> int:
    return GIVEN_LOSSES_BYTES if case.groups.empty else LOSSES_BYTES


def is_held(case: Case, arguments: Arguments) -> bool:
    """Tell whether a run is held in memory though it lies in a folder."""
    held = output_bytes(case, arguments.days) * arguments.members <= HELD_BYTES
    room = find_room()
    return held and (room is None or _held_bytes(case, arguments) <= room.size)


def _held_bytes(case: Case, arguments: Arguments) -> int:
    return FIXED_BYTES + member_bytes(case, arguments.days) * arguments.members


def memory_in_folder(case: Case, arguments: Arguments, workers: int) -> int:
    """Estimate the memory of a run whose parts are written as they end."""
    parts = PARTS_UNDER_WAY + workers
    members = min(arguments.members, PART_MEMBERS * parts)
    return FIXED_BYTES + member_bytes(case, arguments.days) * members


def disk_in_folder(case: Case, arguments: Arguments) -> int:
    """Estimate what a run takes on disk."""
    outputs = DISK_SHARE * output_bytes(case, arguments.days)
    losses = DISK_SHARE_OF_LOSSES * _losses_bytes(case)
    return int((outputs + losses + 8 * len(case.params)) * arguments.members)


@contextmanager
def enough_memory(
    case: Case, arguments: Arguments, workers: int | None = None
) -> Iterator[None]:
    """Refuse an ensemble that the memory cannot hold, with what would fit.

    With a number of workers it is one whose parts are written as they end.
    """
    each = member_bytes(case, arguments.days)
    if workers is None:
        needed = _held_bytes(case, arguments)
        remedy = "choose fewer members or days, or a folder to write them to"
    else:
        needed = memory_in_folder(case, arguments, workers)
        remedy = "choose fewer members or days, or fewer workers"
    what = f"{arguments.members:,} members need about {size_text(needed)} of memory"
    room = find_room()
    if room is not None and needed > room.size:
        fitting = max(0, room.size - FIXED_BYTES) // each
        message = (
            f"{what}; {room.limit} leaves {size_text(room.size)}, in which "
            f"{_fitting_text(fitting)}: {remedy}"
        )
        raise MemoryLimitError(message)
    try:
        yield
    except MemoryError as error:
        message = f"{what}, and there is not so much: {remedy}"
        raise MemoryLimitError(message) from error


def refuse_full_disk(
    case: Case, arguments: Arguments, folder: Path, done: int = 0
) -> None:
    """Refuse an ensemble that the disk cannot hold, of which some members are done."""
    needed = disk_in_folder(case, arguments)
    each = needed // arguments.members
    free = shutil.disk_usage(folder).free
    if each * (arguments.members - done) > free:
        fitting = _fitting_text(done + free // each)
        message = (
            f"{arguments.members:,} members need about {size_text(needed)} in "
            f"{folder}; {size_text(free)} are free there, in which {fitting}: choose "
            "fewer members or days, or another folder"
        )
        raise OutputError(message)
