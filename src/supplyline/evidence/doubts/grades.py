"""Admiralty grades: of the information, 1 to 6, apart from the source, A to F."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.evidence.doubts.word_lists import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from supplyline.evidence.doubts.known import Doubt
    from supplyline.evidence.reading.candidate import Candidate

GRADES: Final = {
    1: "confirmed by other sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "cannot be judged",
}
"""Admiralty grades of information."""
IMPOSSIBLE: Final = ("impossible_value", "part_exceeds_whole", "share_over_hundred")
"""Rules whose doubts say that a number cannot be."""
NOT_GRADED: Final = "F"
"""Grade of a source that nobody has graded."""


def credibility(
    candidate: Candidate,
    agreeing: int,
    contradicting: int,
    doubts: Sequence[Doubt],
) -> int:
    """Grade what a candidate states by what speaks for and against it.

    The first that applies: 6 where it is not understood or has no place or period; 5
    where it cannot be, or two sources contradict it and none agrees; 4 where there is
    a doubt, or as many sources contradict as agree; 1 with two that agree and none
    that contradicts; 2 with more that agree than contradict; 3 where it stands alone.
    """
    missing = (candidate.area, candidate.start, candidate.end)
    if not candidate.is_understood or any(part is None for part in missing):
        return 6
    rules = {
        doubt.rule
        for doubt in doubts
        if doubt.candidate == candidate.candidate and not doubt.rule.endswith("_near")
    }
    if not rules.isdisjoint(IMPOSSIBLE) or (contradicting >= 2 and not agreeing):
        return 5
    if rules or (contradicting and contradicting >= agreeing):
        return 4
    if agreeing >= 2 and not contradicting:
        return 1
    return 2 if agreeing else 3


def draft_reliability(publisher: str | None, sources: pd.DataFrame) -> str:
    """Draft the grade of a source before anybody grades it."""
    if not publisher:
        return NOT_GRADED
    asked = fold(publisher).strip()
    same = [fold(str(name)).strip() == asked for name in sources["publisher"]]
    counts = sources.loc[same, "reliability"].value_counts()
    if counts.empty:
        return NOT_GRADED
    return str(max(counts.index[counts == counts.max()]))
