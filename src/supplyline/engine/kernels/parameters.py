"""One member's parameters, as the kernels know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.case.parameters import ANY_CASE, WITH_GROUPS, names_in_scope

FIELDS: Final = names_in_scope(ANY_CASE, WITH_GROUPS)
"""Parameters the kernels read: rows of the table of parameters, in its order."""
RECORD: Final = np.dtype(
    (np.record, np.dtype([(name, np.float64) for name in FIELDS], align=True))
)
"""Their values for one member."""


class Parameters:
    """A record of `FIELDS`; units, bounds and meanings stand in the table."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> float: ...
