"""Copies of a case that have a name of their own, by the last day they know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from supplyline.case.case import write_folder
from supplyline.case.config import FILE, rename

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from supplyline.case.case import Case

_DAY: Final = re.compile(r"-\d{4}-\d{2}-\d{2}$", re.ASCII)


def dated_name(name: str, day: date) -> str:
    """Name a copy by the last day it knows, in place of the day in a name before.

    Examples
    --------
    >>> from datetime import date
    >>> dated_name("mali-2025-11-30", date(2025, 12, 7))
    'mali-2025-12-07'
    """
    return f"{_DAY.sub('', name)}-{day}"


def write_copy(
    case: Case, folder: Path, name: str, others: Mapping[str, bytes] | None = None
) -> Path:
    """Write a case under another name, and other files beside it, whole or not."""
    files = dict(case._files)  # noqa: SLF001 - a case made from a case
    files[FILE] = rename(files[FILE].decode(), name).encode()
    return write_folder(folder, {**files, **(others or {})})
