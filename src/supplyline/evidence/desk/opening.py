"""Open the evidence of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.errors import refuse_other
from supplyline.evidence.desk.store_place import place_of_store
from supplyline.evidence.store.connection import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from supplyline.case.case import Case


def open_evidence(
    case: Case,
    where: str | Path | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Store:
    """Open the evidence store of a case; make it where there is none.

    Parameters
    ----------
    case : Case
        The case.
    where : str or pathlib.Path, optional
        SQLite file or ``postgresql://`` URL; if not given, ``evidence.sqlite`` in the
        case folder, or ``NAME-evidence.sqlite`` here for a packaged case.
    on_wait : callable, optional
        Takes a line of text when another process holds up this one for 2 s.

    Returns
    -------
    Store
        The store; use it as a context manager, or close it.

    Raises
    ------
    StoreError
        If it cannot be opened.
    """
    refuse_other("case", case, "Case", "load_case")
    return open_store(place_of_store(case) if where is None else where, on_wait)
