"""What speaks against the numbers of a text without a second source: every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.evidence.doubts.census import old_count
from supplyline.evidence.doubts.control_holder import other_holder
from supplyline.evidence.doubts.known import Doubt, Known
from supplyline.evidence.doubts.market_prices import implied_price, product_differs
from supplyline.evidence.doubts.parts_of_whole import (
    change_differs,
    part_exceeds_whole,
    share_over_hundred,
    shares_exceed_whole,
)
from supplyline.evidence.doubts.party_life import (
    gone_yet_here,
    other_date,
    outside_life,
)
from supplyline.evidence.doubts.people import after_death, role_not_held, two_roles
from supplyline.evidence.doubts.ranges import (
    future_date,
    impossible_value,
    other_magnitude,
)
from supplyline.evidence.doubts.regional_share import share_of_regions
from supplyline.evidence.doubts.scene import lay_out
from supplyline.evidence.doubts.wrong_country import implied_base, same_number_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from supplyline.evidence.articles.article import Article
    from supplyline.evidence.doubts.scene import Scene
    from supplyline.evidence.reading.candidate import Candidate

__all__ = ["RULES", "Doubt", "Known", "find_doubts"]

RULES: Final[tuple[Callable[[Scene], Iterator[Doubt]], ...]] = (
    implied_price,
    product_differs,
    share_over_hundred,
    part_exceeds_whole,
    shares_exceed_whole,
    change_differs,
    share_of_regions,
    outside_life,
    other_date,
    gone_yet_here,
    after_death,
    role_not_held,
    two_roles,
    old_count,
    impossible_value,
    other_magnitude,
    future_date,
    other_holder,
    implied_base,
    same_number_elsewhere,
)
"""Every rule, in the order of the docs."""


def find_doubts(
    article: Article, candidates: Sequence[Candidate], known: Known
) -> tuple[Doubt, ...]:
    """Find what speaks against the candidates of a document."""
    scene = lay_out(article, candidates, known)
    order = {candidate.candidate: i for i, candidate in enumerate(candidates)}
    doubts = dict.fromkeys(doubt for rule in RULES for doubt in rule(scene))
    return tuple(sorted(doubts, key=lambda doubt: order[doubt.candidate]))
