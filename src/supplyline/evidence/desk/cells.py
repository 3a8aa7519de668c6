"""Text from outside as a cell: harmless in a spreadsheet, and read back whole.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` would be run by a spreadsheet: it
is written with an apostrophe before it, as is one that begins with apostrophes and then
one of these. Reading takes that one apostrophe away again. Control characters, which a
case refuses, become spaces, and a text too long for a case is cut with an ellipsis.
"""

from __future__ import annotations

import re
from typing import Final

MOST_TEXT: Final = 2000
"""Longest text of a case [characters]."""

_CONTROL: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufeff]"
)
_FORMULA: Final = re.compile(r"'*[=+\-@]")
_QUOTED: Final = re.compile(r"'+[=+\-@]")


def to_cell(text: str | None) -> str:
    r"""Write text from outside as a cell.

    Examples
    --------
    >>> to_cell("=1+1")
    "'=1+1"
    >>> to_cell("a\tb")
    'a b'
    """
    if text is None:
        return ""
    plain = _CONTROL.sub(" ", text.replace("\r\n", "\n"))
    if not plain.strip():
        return ""
    cell = f"'{plain}" if _FORMULA.match(plain) else plain
    return cell if len(cell) <= MOST_TEXT else f"{cell[: MOST_TEXT - 1]}…"


def from_cell(cell: str | None) -> str | None:
    """Read a cell that was written by `to_cell`.

    Examples
    --------
    >>> from_cell("'=1+1")
    '=1+1'
    """
    if not cell:
        return None
    return cell[1:] if _QUOTED.match(cell) else cell
