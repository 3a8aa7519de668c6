"""What frames a sentence: its heading, the words that lead in to it, its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.columns import cells_of
from supplyline.evidence.reading.topics import Background

if TYPE_CHECKING:
    from supplyline.evidence.reading.mentions import Mention
    from supplyline.evidence.reading.sentence import Sentence

_HEADING: Final = 90
_BYLINE: Final = 30
_ENDS: Final = (".", "!", ",", ";", "\u201d", "\u00bb")
_LEADS_IN: Final = re.compile(r"[:?]\W*$")
_ITEM: Final = re.compile(r"\s*(?:[-*\u2022\u2013\u2014\u00b7]|\(?[a-z0-9]{1,2}[.)])\s")


@dataclass
class Framing:
    """The words that a sentence stands among, and the columns of its table."""

    background: Background = field(default_factory=Background)
    _lead: str = ""
    _columns: tuple[str, ...] = ()

    def turn(self) -> None:
        """Begin a new paragraph: a question or what led in to a list still holds."""
        heading, title = self.background.heading, self.background.title
        self.background = Background(self._lead, heading, title)

    def remember(self, sentence: Sentence) -> bool:
        """Take note of a sentence that was read."""
        words = sentence.folded[sentence.span.start : sentence.span.end].strip()
        heading, title = self.background.heading, self.background.title
        cells = cells_of(sentence)
        if not cells:
            self._columns = ()
        elif not sentence.mentions:
            self._columns = tuple(sentence.folded[slice(*cell)] for cell in cells)
        if cells:
            return False
        if is_heading(sentence, words):
            self._lead = ""
            self.background = Background(heading=words, title=title or words)
            return True
        if _LEADS_IN.search(words):
            self._lead = words
        elif _ITEM.match(words) is None and len(words) > _BYLINE:
            self._lead = ""
        self.background = Background(words, heading, title)
        return False

    def column(self, sentence: Sentence, mention: Mention) -> tuple[int, str] | None:
        """Give the column of a number in a row of a table."""
        cells = cells_of(sentence)
        for index, (first, last) in enumerate(cells):
            if first <= mention.start < last and len(cells) == len(self._columns):
                words = dict.fromkeys(
                    (self._columns[0].strip(), self._columns[index].strip())
                )
                return index, " ".join(words)
        return None


def is_heading(sentence: Sentence, words: str) -> bool:
    """Whether a sentence is the heading of what follows."""
    if words.startswith("#"):
        return True
    is_short = len(words) <= _HEADING and words[-1:] not in _ENDS
    stands_alone = sentence.text[sentence.span.end : sentence.span.end + 2].strip(" ")
    return is_short and stands_alone[:1] in ("", "\n") and not sentence.mentions
