"""Names of a text: actors, places, regions and people of the case, countries, areas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.context import Context, Named
from supplyline.evidence.reading.cues import fold
from supplyline.evidence.reading.words import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD: Final = re.compile(r"[^\W_]+")
_JOINTS: Final = frozenset(" -'.,\u2010")
_LONGEST_JOINT: Final = 2

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A name that stands in a text."""

    start: int
    end: int
    named: tuple[Named, ...]
    is_demonym: bool = False

    def row(self, *kinds: str) -> str | None:
        """Give the row it refers to, of the first kind that it can be."""
        for kind in kinds:
            for named in self.named:
                if named.kind == kind:
                    return named.row
        return None


def words_of(name: str) -> Key:
    """Part a name into folded words."""
    return tuple(_WORD.findall(fold(name)))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a name refers to, and whether a text writes it with a capital."""

    named: tuple[Named, ...]
    is_proper: bool
    is_demonym: bool


class Gazetteer:
    """All names a text may use, of the case and of the world."""

    def __init__(self, context: Context) -> None:
        self._entries: dict[Key, _Entry] = {}
        self._longest: dict[str, int] = {}
        self._states = _states_of(context)
        for name, named in context.names.items():
            self._add(name, (named,), is_proper=name[:1].isupper(), is_demonym=False)
        for key, (code, is_proper, is_demonym) in _countries().items():
            both = (Named("country", code), *self._actors_of(code))
            self._merge(key, both, is_proper=is_proper, is_demonym=is_demonym)
        for key, area in _areas().items():
            self._merge(key, (Named("area", area),), is_proper=False, is_demonym=False)

    def state(self, code: str) -> str | None:
        """Give the actor that stands for a country."""
        return self._states.get(code)

    def find(self, text: str, start: int, end: int) -> list[Hit]:
        """Find names, longest first, whole words only."""
        folded = fold(text[start:end])
        words = list(_WORD.finditer(folded))
        hits, index = [], 0
        while index < len(words):
            length = self._match(folded, text[start:end], words, index)
            if length:
                key = tuple(word.group() for word in words[index : index + length])
                entry = self._entries[key]
                first, last = words[index].start(), words[index + length - 1].end()
                hits.append(
                    Hit(start + first, start + last, entry.named, entry.is_demonym)
                )
            index += max(1, length)
        return hits

    def _match(
        self, folded: str, written: str, match: list[re.Match[str]], index: int
    ) -> int:
        """Give the number of words of the longest name that begins here."""
        longest = self._longest.get(match[index].group(), 0)
        for length in range(min(longest, len(match) - index), 0, -1):
            words = match[index : index + length]
            entry = self._entries.get(tuple(word.group() for word in words))
            if entry is None or folded.startswith("$", words[-1].end()):
                continue
            if not _is_joined(folded, words):
                continue
            if not entry.is_proper or written[words[0].start()].isupper():
                return length
        return 0

    def _actors_of(self, code: str) -> Iterator[Named]:
        """Give the actor that stands for a country, if the case has one."""
        if code in self._states:
            yield Named("actor", self._states[code])

    def _add(
        self, name: str, named: tuple[Named, ...], *, is_proper: bool, is_demonym: bool
    ) -> None:
        """Add a name of the case."""
        self._merge(words_of(name), named, is_proper=is_proper, is_demonym=is_demonym)

    def _merge(
        self, key: Key, named: tuple[Named, ...], *, is_proper: bool, is_demonym: bool
    ) -> None:
        """Add what a name may refer to after what is known of it."""
        if not key:
            return
        old = self._entries.get(key)
        kept = () if old is None else old.named
        new = tuple(one for one in named if one not in kept)
        proper = is_proper if old is None else old.is_proper
        demonym = is_demonym if old is None else old.is_demonym or is_demonym
        self._entries[key] = _Entry((*kept, *new), proper, demonym)
        self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))


def _is_joined(folded: str, words: list[re.Match[str]]) -> bool:
    """Whether only spaces, hyphens and apostrophes part the words of a name."""
    gaps = (folded[left.end() : right.start()] for left, right in pairwise(words))
    return all(len(gap) <= _LONGEST_JOINT and set(gap) <= _JOINTS for gap in gaps)


def _states_of(context: Context) -> dict[str, str]:
    """Give the actor that bears the name of a country, by code."""
    countries = _countries()
    return {
        countries[key][0]: named.row
        for name, named in context.names.items()
        if named.kind == "actor"
        and (key := words_of(name)) in countries
        and not countries[key][2]
    }


@cache
def _countries() -> dict[Key, tuple[str, bool, bool]]:
    """Read the countries: code, whether written with a capital, whether a demonym."""
    return {
        words_of(row["name"]): (
            row["country"],
            row["name"][:1].isupper(),
            row["form"] == "demonym",
        )
        for row in table("countries")
    }


@cache
def _areas() -> dict[Key, str]:
    """Read the words for parts of a country and of the world."""
    return {words_of(row["written"]): row["area"] for row in table("areas")}


def actors_of(hits: Iterable[Hit]) -> list[tuple[Hit, str]]:
    """Give the names that are actors, with their rows."""
    return [(hit, row) for hit in hits if (row := hit.row("actor")) is not None]
