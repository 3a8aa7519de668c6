"""Where the evidence store of a case is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from supplyline.case.case import packaged_cases

if TYPE_CHECKING:
    from supplyline.case.case import Case

STORE: Final = "evidence.sqlite"
"""Name of the store in a case folder."""


def is_packaged(case: Case) -> bool:
    """Tell whether a case comes with the package, and so cannot be written to."""
    return case.folder in packaged_cases().values()


def place_of_store(case: Case) -> Path:
    """Say where the evidence store of a case is, unless another is named.

    Examples
    --------
    >>> import supplyline as sl
    >>> place_of_store(sl.load_case("toy")).name
    'toy-evidence.sqlite'
    """
    if is_packaged(case):
        return Path(f"{case.name}-{STORE}")
    return case.folder / STORE
