"""Sentences made of words, of numbers with a basis, and of texts from the case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.language import _
from supplyline.quantities import Quantity, likelihood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.analysis.wording import Wording


@dataclass(frozen=True, slots=True)
class Said:
    """A text that comes from the case: shown as text, never read as HTML."""

    text: str


Sentence = tuple[str | Quantity | Said, ...]
"""Words, numbers and texts of the case in the order in which they are read."""


_GAP: Final = re.compile(r"\{(\w+)\}")


def fill(message: str, **parts: str | Quantity | Said | Sentence) -> Sentence:
    """Fill the gaps of a message, `{name}`, with numbers, texts and sentences."""
    filled: list[str | Quantity | Said] = []
    for position, text in enumerate(_GAP.split(message)):
        part = parts[text] if position % 2 else text
        filled += part if isinstance(part, tuple) else (part,)
    return tuple(part for part in filled if part)


def in_a_row(parts: Sequence[str | Quantity | Said | Sentence]) -> Sentence:
    """Name things one after the other, the last after an "and"."""
    if not parts:
        return ()
    row = fill("{only}", only=parts[0])
    if len(parts) == 1:
        return row
    for part in parts[1:-1]:
        row = fill(_("{first}, {next}"), first=row, next=part)
    return fill(_("{first} and {last}"), first=row, last=parts[-1])


def worded(wording: Wording) -> Sentence:
    """Make a sentence of what the analysis words, in the reader's language."""
    parts = {
        name: part
        if isinstance(part, Quantity)
        else Said(part)
        if isinstance(part, str)
        else worded(part)
        for name, part in wording.parts.items()
    }
    return fill(_(wording.message), **parts)


def opening(probability: Quantity) -> Sentence:
    """Begin a sentence with a word of likelihood and its number."""
    value = probability.value
    word = likelihood(float(value) if isinstance(value, int | float) else 0.0)
    if not word.is_chance:
        return (f"It is {word.word}, ", probability, ", that ")
    article = "a " if word.word.startswith("roughly") else ""
    return (f"There is {article}{word.word}, ", probability, ", that ")


def plain(sentence: Sentence) -> str:
    """Write a sentence without links."""
    return "".join(
        part.text
        if isinstance(part, Said)
        else part.short
        if isinstance(part, Quantity)
        else part
        for part in sentence
    )
