"""How closely a run keeps what it measures: counts exactly, the rest to three digits.

What further digits would say is noise: the inputs of a case have two. Noise cannot be
packed, and was half of a run folder. All that reads a run reads the same numbers,
whether it was just made or comes from its folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.engine.kernels.world import Outputs

BINARY_DIGITS: Final = 10
"""Digits of what is measured; it is kept to 1 part in 1,024 or closer."""
MOST_COUNTED: Final = np.float32(2**20)
"""Least whole number that is no count but a measure, and rounded as such."""
_NEAR: Final = 1 << 15
"""Numbers rounded at once: few enough to stay near the processor."""
_SPLIT: Final = np.float32(2 ** (24 - BINARY_DIGITS) + 1)


def round_measures(outputs: Outputs) -> None:
    """Round in place what is kept in single precision and is no count."""
    for array in outputs:
        if array.dtype.names and array.size:
            # where reshape would make a copy, this is refused
            values = np.frombuffer(array, np.float32)
            for first in range(0, values.size, _NEAR):
                _round(values[first : first + _NEAR])


def _round(values: NDArray[np.float32]) -> None:
    """Round to the nearest number with few binary digits, but for whole ones.

    Veltkamp's way: a large multiple is added and taken off again, and takes the digits
    along that have no room beside it.
    """
    wide = values * _SPLIT
    rounded = wide - (wide - values)
    is_count = (np.rint(values) == values) & (np.abs(values) < MOST_COUNTED)
    np.copyto(values, rounded, where=~is_count)
