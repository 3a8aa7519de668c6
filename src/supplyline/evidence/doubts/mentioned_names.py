"""Find the names of a case's tables in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.evidence.doubts.word_lists import fold
from supplyline.evidence.reading.words import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from supplyline.evidence.doubts.known import Known

_ASIDE: Final = re.compile(r"\(([^)]*)\)")
_PARTS: Final = re.compile(r"[,;/]")
_MIN_LETTERS: Final = 2
_CASES: Final[dict[str, Callable[[str], bool]]] = {
    "small": lambda _: True,
    "capitals": str.isupper,  # a short form is no common word
    "capital": lambda written: written != written.lower(),
}
_NAMED: Final = (("actors", "actor"), ("places", "place"), ("regions", "region"))


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A name where it stands in a text."""

    kind: str
    row: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NameBook:
    """All names of a case, ready to be found."""

    rows: dict[str, tuple[tuple[str, str, str], ...]]
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, known: Known) -> NameBook:
        """Gather the names of the tables."""
        gathered: dict[str, dict[tuple[str, str, str], None]] = {}
        for name, kind, row in _names(known):
            folded = " ".join(fold(name).split())
            if len(folded) >= _MIN_LETTERS:
                gathered.setdefault(folded, {})[kind, row, _case(name)] = None
        longest = sorted(gathered, key=len, reverse=True)
        if not longest:
            return cls({}, None)
        any_of = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest)
        pattern = re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])")
        return cls({name: tuple(rows) for name, rows in gathered.items()}, pattern)

    def find(self, text: str, start: int, end: int) -> Iterator[Mentioned]:
        """Find the names in a stretch of a text."""
        if self.pattern is None:
            return
        folded = fold(text[start:end])
        for match in self.pattern.finditer(folded):
            written = text[start + match.start() : start + match.end()]
            name = " ".join(match.group().split())
            for kind, row, case in self.rows[name]:
                if _CASES[case](written):
                    at = start + match.start()
                    yield Mentioned(kind, row, at, at + len(written))


def _case(name: str) -> str:
    """Tell how a name is written."""
    if name == name.lower():
        return "small"
    return "capitals" if name.isupper() else "capital"


def _names(known: Known) -> Iterator[tuple[str, str, str]]:
    """Give every name with what it stands for."""
    for name_of, kind in _NAMED:
        frame = getattr(known, name_of)
        for row, title in zip(frame[kind], frame["title"], strict=True):
            yield from ((name, kind, str(row)) for name in _spellings(str(title)))
    for row in known.names.itertuples():
        yield str(row.name), str(row.kind), str(row.row)
    for words in table("areas"):
        yield words["written"], "area", words["area"]
    for row in known.people.itertuples():
        for name in str(row.name).split(";"):
            yield name.strip(), "person", str(row.person)
            if " " in name.strip():
                yield name.split()[-1], "person", str(row.person)


def _spellings(title: str) -> Iterator[str]:
    """Give a title without its brackets, and the short forms inside them."""
    yield _ASIDE.sub("", title).strip()
    for aside in _ASIDE.findall(title):
        for part in _PARTS.split(aside):
            if part.strip().isupper() or "-" in part:
                yield part.strip()
