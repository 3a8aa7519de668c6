"""A text laid out for the rules: its sentences, whom each names, and its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from supplyline.errors import shown
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.doubts.mentioned_names import Mentioned, NameBook
from supplyline.evidence.doubts.word_lists import fold, rows
from supplyline.evidence.reading.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from supplyline.evidence.articles.article import Article
    from supplyline.evidence.doubts.known import Known
    from supplyline.evidence.reading.candidate import Candidate

_QUOTED_LENGTH: Final = 50  # characters of a sentence that are quoted
_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence."""

    start: int
    end: int
    language: str
    folded: str
    paragraph: int
    candidates: tuple[Candidate, ...]
    mentions: tuple[Mentioned, ...]

    def named(self, *kinds: str) -> list[Mentioned]:
        """Give the names of some kinds."""
        return [said for said in self.mentions if said.kind in kinds]

    def words(self, word_list: str) -> list[dict[str, str]]:
        """Give the rows of a word list in the language of the text."""
        asked = self.language[:2]
        return [row for row in rows(word_list) if asked in {"", row["language"]}]

    def says(self, word_list: str, within: str | None = None) -> str | None:
        """Find the first entry of a word list in the sentence."""
        text = self.folded if within is None else within
        for row in self.words(word_list):
            if re.search(rf"(?<!\w){re.escape(row['word'])}(?!\w)", text):
                return row["word"]
        return None

    def stated_dates(self) -> list[tuple[date, date]]:
        """Give the periods that the sentence itself states."""
        return [
            (c.start, c.end)
            for c in self.candidates
            if c.start is not None and c.end is not None and c.precision != "inferred"
        ]


@dataclass(frozen=True, slots=True)
class Scene:
    """One text and what it is held against."""

    article: Article
    candidates: tuple[Candidate, ...]
    known: Known
    passages: tuple[Passage, ...]
    _homes: dict[str, Passage] = field(default_factory=dict)

    def home(self, candidate: Candidate) -> Passage | None:
        """Give the sentence of a candidate."""
        return self._homes.get(candidate.candidate)

    def before(self, passage: Passage) -> Passage | None:
        """Give the sentence before, of the same paragraph."""
        earlier = [
            other
            for other in self.passages
            if other.paragraph == passage.paragraph and other.end <= passage.start
        ]
        return earlier[-1] if earlier else None

    def doubt(
        self, passage: Passage, rule: str, text: str, against: tuple[str, ...]
    ) -> Iterator[Doubt]:
        """Make a doubt about a sentence: of its own candidate, or of the nearest."""
        bearer = self.bearer(passage)
        if bearer is not None:
            candidate, is_own = bearer
            name = rule if is_own else f"{rule}_near"
            if not is_own:
                start = self.article.text[
                    passage.start : passage.start + _QUOTED_LENGTH
                ]
                text = f"{text}, in the sentence that begins {shown(start)}"
            yield Doubt(candidate.candidate, name, text, against)

    def bearer(self, passage: Passage) -> tuple[Candidate, bool] | None:
        """Find the candidate that bears a doubt about a sentence."""
        if passage.candidates:
            return passage.candidates[0], True
        if not self.candidates:
            return None
        nearest = min(
            self.candidates,
            key=lambda c: max(passage.start - c.span_end, c.span_start - passage.end),
        )
        return nearest, False


def lay_out(article: Article, candidates: Sequence[Candidate], known: Known) -> Scene:
    """Lay out a text for the rules."""
    book = NameBook.of(known)
    text = fold(article.text)
    passages = []
    language = article.language or ""
    paragraph, here = 0, 0
    for start, end in split_sentences(article.text):
        paragraph += "\n" in text[here:start]
        here = end
        inside = tuple(c for c in candidates if start <= c.span_start < end)
        mentions = tuple(book.find(article.text, start, end))
        passages.append(
            Passage(start, end, language, text[start:end], paragraph, inside, mentions)
        )
    homes = {c.candidate: passage for passage in passages for c in passage.candidates}
    return Scene(article, tuple(candidates), known, tuple(passages), homes)


def words_of(text: str) -> list[str]:
    """Split a folded text into words."""
    return _WORD.findall(text)
