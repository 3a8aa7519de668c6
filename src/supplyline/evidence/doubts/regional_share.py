"""Regions named with a share: what they hold of the country by known figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case.contradictions import measure_of
from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.doubts.scene import words_of
from supplyline.evidence.doubts.statement import bounds, format_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from supplyline.evidence.doubts.scene import Passage, Scene
    from supplyline.evidence.reading.candidate import Candidate

SHARE_FACTOR: Final = 1.25
"""Factor between a stated share and that of the regions named that is doubted [1]."""
_REGION: Final = "region:"


def share_of_regions(scene: Scene) -> Iterator[Doubt]:
    """Hold the share that named regions make up against their known sizes."""
    claims = scene.known.witnesses()
    of_regions = claims[claims["area"].astype(str).str.startswith(_REGION)]
    for passage in scene.passages:
        for candidate in passage.candidates:
            if candidate.unit != "percent" or candidate.value is None:
                continue
            measured = _extent(passage, candidate)
            named = _regions(scene, passage)
            if measured is None or not named or not passage.says("makes_up"):
                continue
            sizes = _sizes(of_regions, measured, named)
            if sizes is not None:
                yield from _compare(candidate, sorted(named), sizes)


def _compare(
    candidate: Candidate, named: list[str], sizes: pd.DataFrame
) -> Iterator[Doubt]:
    """Compare a stated share with the sum over the regions named."""
    inside = sizes[sizes["area"].isin([_REGION + region for region in named])]
    share = 100 * float(inside["value"].sum() / sizes["value"].sum())
    low, high = bounds(
        candidate.value, candidate.low, candidate.high, "percent", candidate.hedge
    )
    if low / SHARE_FACTOR <= share <= high * SHARE_FACTOR:
        return
    text = (
        f"{', '.join(named)} make up {format_number(share)} percent by the sizes "
        f"known, not {format_number(candidate.value or 0.0)}"
    )
    against = tuple(str(claim) for claim in inside["claim"])
    yield Doubt(candidate.candidate, "share_of_regions", text, against)


def _sizes(claims: pd.DataFrame, measured: str, named: set[str]) -> pd.DataFrame | None:
    """Find the newest set of sizes that knows every region named, and others."""
    fits = [measure_of(str(unit)).what == measured for unit in claims["unit"]]
    sizes = claims[fits].dropna(subset="value").sort_values("start", kind="stable")
    wanted = {_REGION + region for region in named}
    sets = [
        group.drop_duplicates("area", keep="last")
        for _, group in sizes.groupby("quantity", sort=False)
        if wanted < set(group["area"])
    ]
    return max(sets, key=lambda group: group["start"].max(), default=None)


def _extent(passage: Passage, candidate: Candidate) -> str | None:
    """Tell of what a share is: of land, or of people."""
    after = passage.folded[candidate.span_end - passage.start :]
    near = words_of(after)[:8]
    said = [row for row in passage.words("extents") if row["word"] in near]
    return (
        min(said, key=lambda row: near.index(row["word"]))["measures"] if said else None
    )


def _regions(scene: Scene, passage: Passage) -> set[str]:
    """Give the regions a sentence names, or points back to."""
    named = {said.row for said in passage.named("region")}
    before = scene.before(passage)
    first = " ".join(words_of(passage.folded)[:2])
    if not named and before is not None and passage.says("pointers", first):
        named = {said.row for said in before.named("region")}
    return named
