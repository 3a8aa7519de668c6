"""What speaks against the numbers of a text without a second source: every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.evidence.doubts.known import Doubt, Known
from supplyline.evidence.doubts.scene import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from supplyline.evidence.articles.article import Article
    from supplyline.evidence.doubts.scene import Scene
    from supplyline.evidence.reading.candidate import Candidate

__all__ = ["RULES", "Doubt", "Known", "find_doubts"]

RULES: Final[tuple[Callable[[Scene], Iterator[Doubt]], ...]] = ()
"""Every rule, in the order of the docs."""


def find_doubts(
    article: Article, candidates: Sequence[Candidate], known: Known
) -> tuple[Doubt, ...]:
    """Find what speaks against the candidates of a document.

    Parameters
    ----------
    article : Article
        The document.
    candidates : sequence of Candidate
        Numbers read from it.
    known : Known
        Tables it is held against.

    Returns
    -------
    tuple of Doubt
        Doubts in the order of the candidates, none of them twice.
    """
    scene = lay_out(article, candidates, known)
    order = {candidate.candidate: i for i, candidate in enumerate(candidates)}
    found = dict.fromkeys(doubt for rule in RULES for doubt in rule(scene))
    return tuple(sorted(found, key=lambda doubt: order[doubt.candidate]))
