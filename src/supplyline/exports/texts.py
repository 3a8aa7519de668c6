"""Texts that no spreadsheet takes for a formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

_FORMULA: Final = ("=", "+", "-", "@")
_SPACES: Final = re.compile(r"\s+")
_CONTROL: Final = re.compile("[\x00-\x1f]")
QUOTE: Final = "'"
"""What makes a text of a cell that would be a formula."""


def guarded(text: str) -> str:
    """Write a text on one line, so that no spreadsheet runs it."""
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _SPACES.sub(" ", text).strip())
    return f"{QUOTE}{text}" if text.startswith(_FORMULA) else text


def with_guarded_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Guard every text of a frame; numbers, days and missing cells stay."""
    guarded_columns = {
        name: [guarded(cell) if isinstance(cell, str) else cell for cell in column]
        for name, column in frame.items()
        if column.dtype.kind not in "biufM"
    }
    return frame.assign(**{str(name): each for name, each in guarded_columns.items()})
