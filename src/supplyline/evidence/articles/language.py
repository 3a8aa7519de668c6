"""The language of a text, where that can be told."""

from __future__ import annotations

from functools import cache
from typing import Final

from py3langid.langid import (  # type: ignore[import-untyped]
    MODEL_FILE,
    LanguageIdentifier,
)

from supplyline.evidence.articles.page_cues import read_lexicon

_SAMPLE: Final = 20_000
_MIN_LETTERS: Final = 30
_MIN_CHANCE: Final = 0.9


def find_language(text: str, declared: str | None = None) -> str | None:
    """Tell the language of a text."""
    known = _codes()
    sample = text[:_SAMPLE]
    if sum(1 for c in sample if c.isalpha()) >= _MIN_LETTERS:
        code, chance = _identifier().classify(sample)
        if chance >= _MIN_CHANCE:
            return str(code)
    return declared if declared in known else None


@cache
def _codes() -> frozenset[str]:
    """List the languages told apart."""
    return frozenset(row["language"] for row in read_lexicon("languages"))


@cache
def _identifier() -> LanguageIdentifier:
    """Load the model once, for the languages of the lexicon."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(_codes()))
    return identifier
