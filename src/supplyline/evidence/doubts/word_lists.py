"""Word lists beside this package: words of languages, never of one country."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read a word list."""
    path = files("supplyline.evidence.doubts") / "lexicon" / f"{name}.csv"
    return tuple(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def fold(text: str) -> str:
    """Take capitals and accents off a text; every character keeps its position.

    Examples
    --------
    >>> fold("Ségou")
    'segou'
    """
    return "".join(_plain(character) for character in text)


@cache
def _plain(character: str) -> str:
    """Give the plain small letter of one character."""
    if character in "’‘`´":  # noqa: RUF001 - apostrophes as texts write them
        return "'"
    if character in "‐‑–—":  # noqa: RUF001 - likewise hyphens
        return "-"
    small = unicodedata.normalize("NFKD", character)[0].casefold()
    return small if len(small) == 1 else character


def tokens(name: str | None) -> tuple[str, ...]:
    """Split the name of a quantity into its words, plurals without their s.

    Examples
    --------
    >>> tokens("attacks_count")
    ('attack', 'count')
    """
    words = (name or "").casefold().split("_")
    return tuple(w[:-1] if w.endswith("s") and len(w) > 3 else w for w in words if w)
