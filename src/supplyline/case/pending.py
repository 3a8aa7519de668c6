"""A set of changed tables on its way into a case folder: whole, or not at all.

The set is kept whole beside the tables before the first of them is replaced. So a write
that was cut short can be finished by whoever comes next, a reader too.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

PENDING: Final = ".pending-changes"
"""Folder inside a case folder that holds a whole set on its way."""


def finish_changes(folder: str | Path) -> bool:
    """Finish a set of tables whose writing was cut short."""
    folder = Path(folder)
    pending = folder / PENDING
    try:
        if not stat.S_ISDIR(pending.lstat().st_mode):
            return False
    except FileNotFoundError:
        return False
    with suppress(FileNotFoundError):  # another process finishes it too
        for path in sorted(pending.iterdir()):
            path.replace(folder / path.name)
    sync(folder)
    with suppress(FileNotFoundError):
        pending.rmdir()
    sync(folder)
    return True


def sync(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
