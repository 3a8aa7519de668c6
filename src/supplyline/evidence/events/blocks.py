"""Rows as text, in blocks: what every container gives and every data set reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

MAX_COLUMNS: Final = 1_000
"""Most columns of a table."""
MAX_CELL_BYTES: Final = 131_072
"""Longest cell that is read [bytes]."""
BLOCK_ROWS: Final = 20_000
"""Rows of a block where the container does not set it."""

_NOT_NAME: Final = re.compile(r"[^0-9a-z#]+")


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that cannot be laid out in the columns of its table."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table."""

    columns: Mapping[str, pa.Array]
    lines: NDArray[np.int64]
    broken: list[Broken] = field(default_factory=list)


class Sheet(Protocol):
    """A table of a file."""

    @property
    def title(self) -> str:
        """Give the name of the sheet; empty where the file is one table."""

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of the columns, as `plain` makes them."""

    @property
    def is_headless(self) -> bool:
        """Tell whether no header stands above the rows."""

    @property
    def hints(self) -> tuple[str, ...]:
        """Give texts around the rows that may tell a release."""

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """Give the rows."""
        ...


def plain(name: object) -> str:
    """Make a name of a column comparable: lower case, only letters, digits and '#'."""
    return _NOT_NAME.sub("", str(name).lower())


def is_tag_row(cells: Sequence[str]) -> bool:
    """Tell whether a record is a second header of HXL tags."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)


def block_of(
    records: Sequence[Sequence[str]],
    lines: Sequence[int],
    places: Mapping[str, int],
    broken: list[Broken],
) -> Block:
    """Lay out records of equal length as a block."""
    columns = {
        name: pa.array([record[place] for record in records], pa.string())
        for name, place in places.items()
    }
    return Block(columns, np.asarray(lines, np.int64), broken)
