"""Words by which a page gives away what is not its article: tables beside the code."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

_LEXICON: Final = resources.files("supplyline.evidence.articles").joinpath("lexicon")
_TAIL_LENGTH: Final = 90
_CAPTION_LENGTH: Final = 300
_MARKS: Final = r"[\s|·•>»→…:.,!*\-\u2013\u2014]*"


def fold(text: str) -> str:
    """Write text in small letters without accents, apostrophes alike."""
    text = unicodedata.normalize(
        "NFD", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    return "".join(c for c in text if not unicodedata.combining(c)).casefold()


@cache
def read_lexicon(name: str) -> tuple[dict[str, str], ...]:
    """Read one table of the lexicon."""
    text = _LEXICON.joinpath(f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def phrases(kind: str, where: str) -> tuple[str, ...]:
    """List the phrases of one kind, longest first."""
    wanted = {
        row["phrase"]
        for row in read_lexicon("cues")
        if row["kind"] == kind and row["where"] == where
    }
    return tuple(sorted(wanted, key=lambda phrase: (-len(phrase), phrase)))


def is_whole(line: str, kind: str) -> bool:
    """Tell whether a line is nothing but cues of one kind."""
    return len(line) <= 120 and _whole(kind).fullmatch(line) is not None


def starts(line: str, kind: str) -> bool:
    """Tell whether a line begins with a cue, as a word of its own."""
    return _start(kind).match(line.lstrip("([*-•|> ")) is not None


def ends(line: str, kind: str) -> bool:
    """Tell whether a line ends with a cue."""
    return line.rstrip(" .)]").endswith(phrases(kind, "tail"))


def is_counter(line: str) -> bool:
    """Tell whether a line counts readers, or the minutes that reading takes."""
    return len(line) <= 60 and _counter().fullmatch(line) is not None


def is_credited(line: str) -> bool:
    """Tell whether a line holds the credit of a picture, such as 'AGENCY/Name'."""
    if len(line) <= _CAPTION_LENGTH and any(
        p in line for p in phrases("credit", "any")
    ):
        return True
    return _credit().search(line[-_TAIL_LENGTH:]) is not None


def count_appeals(line: str) -> int:
    """Count the different words by which a paragraph asks readers for something."""
    return len(set(_appeal().findall(line[:4000])))


def _alternatives(texts: tuple[str, ...]) -> str:
    """Write phrases as one pattern; one that can never match where there is none."""
    return "|".join(re.escape(phrase.strip()) for phrase in texts) or r"(?!)"


@cache
def _whole(kind: str) -> re.Pattern[str]:
    """Compile the pattern of a line that is nothing but cues."""
    return re.compile(
        f"{_MARKS}(?:(?:{_alternatives(phrases(kind, 'whole'))}){_MARKS}){{1,4}}"
    )


@cache
def _start(kind: str) -> re.Pattern[str]:
    """Compile the pattern of a line that begins with a cue."""
    # a phrase that ends in a letter is not the beginning of a longer word
    return re.compile(rf"(?:{_alternatives(phrases(kind, 'start'))})(?<!\w(?=\w))")


@cache
def _counter() -> re.Pattern[str]:
    """Compile the pattern of a line that counts readers."""
    counted = _alternatives(phrases("furniture", "counted"))
    return re.compile(
        rf"(?:[^\W\d]+\s){{0,3}}\d[\d.,]*\s?(?:{counted})\W*|\W*\d[\d.,]*\W*"
    )


@cache
def _credit() -> re.Pattern[str]:
    """Compile the pattern of a line that ends in a credit."""
    agency = _alternatives(phrases("agency", "tail"))
    owner = r"[^.!?]{0,40}"
    return re.compile(
        rf"(?<!\w)(?:{agency})\s?/\s?{owner}$"
        rf"|/\s?(?:{agency})\W{{0,3}}$"
        rf"|(?<!\w)via (?:{agency})\W{{0,3}}$"
        rf"|©{owner}$|\((?:{agency})\s?/[^)]{{0,40}}\)\W{{0,2}}$"
        # after a full stop it is the byline of a text, not the credit of a picture
        rf"|[^\s.!?»”\"]\s?\((?:{agency})\)\W{{0,2}}$"
    )


@cache
def _appeal() -> re.Pattern[str]:
    """Compile the pattern of the words by which readers are asked for something."""
    return re.compile(rf"(?<!\w)(?:{_alternatives(phrases('appeal', 'any'))})(?!\w)")
