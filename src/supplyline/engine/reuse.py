"""Parts of a world made once for several versions of a case.

A scenario changes a table or two; what was made of the other tables holds for it too.
What a part was made of is noted while it is made, so nobody has to keep a list of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from supplyline.case.frames import file_of

if TYPE_CHECKING:
    import pandas as pd

    from supplyline.case.case import Case

Part = TypeVar("Part")
Maker = Callable[..., Any]
"""Calls a function with a case and further arguments, or gives what it gave before."""


def make_anew(make: Callable[..., Part], case: Case, *arguments: object) -> Part:
    """Make a part of a case."""
    return make(case, *arguments)


class Reuse:
    """Parts that were made, each with the tables it was made of.

    A part may be made of others by the same maker. Nobody changes a part that is made.
    """

    def __init__(self) -> None:
        self._made: dict[Hashable, list[tuple[dict[str, str | None], Any]]] = {}

    def __call__(
        self, make: Callable[..., Part], case: Case, *arguments: Hashable
    ) -> Part:
        """Give a part, made anew where a table it was made of is another."""
        known = self._made.setdefault((make, arguments), [])
        for digests, part in known:
            if digests == _digests(case, digests):
                _note(case, digests)
                return part  # type: ignore[no-any-return]
        noted = _Noted(case.tables)
        part = make(replace(case, tables=noted), *arguments)
        known.append((_digests(case, noted.names), part))
        _note(case, noted.names)
        return part


class _Noted(Mapping[str, "pd.DataFrame"]):
    """Tables of a case, and the names of those that were looked at."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Give a table, and note that it was looked at."""
        self.names.add(name)
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        """Give the names of the tables."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self._tables)


def _digests(case: Case, names: Iterable[str]) -> dict[str, str | None]:
    """Tell the tables of a case by the hashes of their files; absent ones are None."""
    return {name: case.hashes.get(file_of(name)) for name in names}


def _note(case: Case, names: Iterable[str]) -> None:
    """Note what a part was made of for the part that it goes into."""
    if isinstance(case.tables, _Noted):
        case.tables.names.update(names)
