"""Sentences made of words, of numbers with a basis, and of texts from the case."""

from __future__ import annotations

from dataclasses import dataclass

from supplyline.quantities import Quantity, likelihood


@dataclass(frozen=True, slots=True)
class Said:
    """A text that comes from the case: shown as text, never read as HTML.

    Attributes
    ----------
    text : str
        The text.
    """

    text: str


Sentence = tuple[str | Quantity | Said, ...]
"""Words, numbers and texts of the case in the order in which they are read."""


def opening(probability: Quantity) -> Sentence:
    """Begin a sentence with a word of likelihood and its number.

    Parameters
    ----------
    probability : Quantity
        The probability, with the interval of its Monte Carlo error.

    Returns
    -------
    Sentence
        "It is likely, 64 %, that", or "There is almost no chance, 2 %, that".
    """
    value = probability.value
    word = likelihood(float(value) if isinstance(value, int | float) else 0.0)
    if not word.is_chance:
        return (f"It is {word.word}, ", probability, ", that ")
    article = "a " if word.word.startswith("roughly") else ""
    return (f"There is {article}{word.word}, ", probability, ", that ")


def plain(sentence: Sentence) -> str:
    """Write a sentence without links.

    Parameters
    ----------
    sentence : Sentence
        The sentence.

    Returns
    -------
    str
        Its text.
    """
    return "".join(
        part.text
        if isinstance(part, Said)
        else part.short
        if isinstance(part, Quantity)
        else part
        for part in sentence
    )
