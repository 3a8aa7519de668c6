"""Who says so, where it is not the publisher: quotes and attributions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.cues import speech

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.evidence.reading.sentence import Sentence

_LONGEST: Final = 90
_TITLE: Final = (
    r"(?:[A-Z\u00c0-\u00dc][\w\u2019'.&-]*|(?:of|de|du|des|for|the|la|le|and|et|ag|al|"
    r"el|bin|ben|ould|d'|l')(?=\s))"
)
_NAME: Final = re.compile(
    rf"(?:[Tt]he\s+|[Aa]n?\s+|[Uu]ne?\s+|[Ll]es?\s+|[Ll]a\s+|[Ll][\u2019'])?"
    rf"(?:[a-z\u00e0-\u00ff-]+\s+){{0,4}}?"
    rf"[A-Z\u00c0-\u00dc][\w\u2019'.&-]*(?:\s+{_TITLE})*"
)
_PLAIN: Final = re.compile(
    r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Uu]ne?|[Ll]es?|[Ll]a|[Ss]everal|[Dd]es|[Ll]ocal|[Tt]wo|"
    r"[Rr]esidents|[Oo]fficials|[Ww]itnesses|[Aa]uthorities)\b[\w\s\u2019'-]{0,50}"
)
_END: Final = re.compile(
    r"[,;:\u2014\u2013()\u201c\u201d\"\u00ab\u00bb\n]|\.\s|\s-\s|$"
)
_VERB_END: Final = re.compile(r"\s(?:that|que|qu)\b")
_PRONOUNS: Final = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "who",
        "which",
        "that",
        "this",
        "il",
        "elle",
        "ils",
        "elles",
        "qui",
        "on",
        "ce",
    ]
)
_QUOTES: Final = re.compile(
    r"\u201c[^\u201d]*\u201d?|\u00ab[^\u00bb]*\u00bb?|\"[^\"]*\"?"
)
_PARTICIPLE: Final = re.compile(r"(?:^|\s)(?:a|ont|avait|avaient|has|have|had|est)\s+$")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody who speaks in a stretch of a text.

    Attributes
    ----------
    start, end : int
        Characters that he answers for.
    speaker : str
        Name as written.
    """

    start: int
    end: int
    speaker: str


def attributions(text: str, sentences: Sequence[Sentence]) -> list[Attribution]:
    """Find who speaks where in a text.

    A quote that goes on over several sentences belongs to the speaker named in or next
    to any of them.

    Parameters
    ----------
    text : str
        The whole text.
    sentences : sequence of Sentence
        Its sentences.

    Returns
    -------
    list of Attribution
        In the order of the sentences; the quotes last.
    """
    found = []
    for sentence in sentences:
        speaker = speaker_of(sentence)
        if speaker:
            found.append(Attribution(*sentence.span, speaker))
    return [*found, *_quoted(text, found)]


def _quoted(text: str, found: Sequence[Attribution]) -> list[Attribution]:
    """Let the speakers of sentences answer for the whole of a quote."""
    spoken = []
    for quote in _QUOTES.finditer(text):
        if "\n\n" in quote.group() or len(quote.group()) < _LONGEST // 4:
            continue
        touching = [
            one
            for one in found
            if one.start < quote.end() + 2 and quote.start() - 2 < one.end
        ]
        # a sentence that holds part of the quote tells better than one next to it
        touching.sort(key=lambda one: -_shared(one, quote))
        if touching:
            spoken.append(Attribution(*quote.span(), touching[0].speaker))
    return spoken


def _shared(one: Attribution, quote: re.Match[str]) -> bool:
    """Whether the sentence of a speaker holds part of a quote."""
    return one.start < quote.end() and quote.start() < one.end


def speaker_of(sentence: Sentence) -> str | None:
    """Find the speaker named in a sentence.

    Parameters
    ----------
    sentence : Sentence
        Sentence.

    Returns
    -------
    str or None
        Name as written, or None where nobody is named.
    """
    for lead in speech("lead").finditer(sentence.folded, *sentence.span):
        name = _stretch(sentence, lead.end())
        if name and not _is_number(name):
            return name
    for verb in speech("verb").finditer(sentence.folded, *sentence.span):
        name = _before(sentence, verb.start()) or _after(sentence, verb.end())
        if name:
            return name
    return None


def _stretch(sentence: Sentence, start: int) -> str | None:
    """Give the words after a lead, up to the next mark."""
    end = _END.search(sentence.text, start, sentence.span.end)
    stop = sentence.span.end if end is None else end.start()
    words = sentence.text[start : min(stop, start + _LONGEST)].strip(" .,\u2019'")
    verb = _VERB_END.search(words)
    return (words if verb is None else words[: verb.start()]) or None


def _is_number(name: str) -> bool:
    """Whether a stretch begins with a number rather than with a name."""
    return name[:1].isdigit()


def _before(sentence: Sentence, start: int) -> str | None:
    """Give the name that ends just before a verb of saying."""
    first = max(sentence.span.start, start - 2 * _LONGEST)
    lead = sentence.text[first:start].rstrip()
    auxiliary = _PARTICIPLE.search(sentence.folded[first:start])
    if auxiliary is not None:
        lead = lead[: auxiliary.start()].rstrip()
    if lead.endswith(","):
        # an apposition stands between: said Name, a researcher, told ...
        parts = lead[:-1].rsplit(",", 1)
        lead = parts[0] if len(parts) > 1 else lead[:-1]
    piece = re.split(r"[,;:\u2014\u201c\u201d\"\u00ab\u00bb.]\s?", lead)[-1].strip()
    return _name_in(piece)


def _after(sentence: Sentence, end: int) -> str | None:
    """Give the name that begins just after a verb of saying, as in: said Name."""
    close = sentence.text[max(sentence.span.start, end - 22) : end]
    if not re.search(r"[,\u201d\"\u00bb]\s*(?:a-t-il\s+|a\s+)?[\w-]+$", close):
        return None
    piece = _stretch(sentence, end)
    return None if piece is None else _name_in(piece)


def _name_in(piece: str) -> str | None:
    """Give a stretch as a speaker's name, if it looks like one."""
    if not piece or piece.lower() in _PRONOUNS or len(piece) > _LONGEST:
        return None
    for pattern in (_NAME, _PLAIN):
        match = pattern.fullmatch(piece)
        if match and not any(character.isdigit() for character in piece):
            return piece
    return None
