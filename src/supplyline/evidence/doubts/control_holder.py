"""Places said to be held by one party while another is known to hold them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from supplyline.evidence.doubts.known import Doubt, Known
    from supplyline.evidence.doubts.scene import Passage, Scene

HELD: Final = "controlled"
"""Status of control.csv that says who holds a place."""
_HOLDER_NEAR: Final = 60  # characters after a phrase in which the holder is named
_AREAS: Final = ("place", "region", "area")
_HOLDS: Final = re.compile(
    r"\s+(?:(?:now|still|also|fully|largely|already|currently)\s+)?"
    r"(?:(?:desormais|toujours|aussi|actuellement)\s+)?"
)
_PROPER: Final = re.compile(
    r"\s*(?:(?:the|a|an|les|la|le|des|du|l')\s*)?(?P<name>[A-ZÀ-Ý][\w'-]+)"
)


def other_holder(scene: Scene) -> Iterator[Doubt]:
    """Hold who is said to control a place against the last known holder."""
    said = scene.article.published or scene.known.cutoff
    held = _held(scene.known, said)
    sides = _sides(scene.known)
    for passage in scene.passages:
        if passage.says("gone"):
            continue
        for holder, areas in _holdings(scene, passage):
            inside = _inside(scene.known, areas)
            others = [
                row
                for row in held
                if row["area"] in inside and not _allied(holder, row["actor"], sides)
            ]
            if others:
                known = ", ".join(
                    f"{row['area']} by {row['actor']} since {row['date']:.10}"
                    for row in others
                )
                text = (
                    f"has {', '.join(sorted(areas))} held by {holder}; known: {known}"
                )
                against = tuple(f"control.csv {row['control']}" for row in others)
                yield from scene.doubt(passage, "other_holder", text, against)


def _holdings(scene: Scene, passage: Passage) -> Iterator[tuple[str, set[str]]]:
    """Give who is said to hold which areas in a sentence."""
    for row in passage.words("holds"):
        word = rf"(?<!\w){re.escape(row['word'])}(?!\w)"
        for match in re.finditer(word, passage.folded):
            at, end = match.start() + passage.start, match.end() + passage.start
            if row["kind"] == "after":
                holder, areas = _holder_after(scene, passage, at, end)
            else:
                holder, areas = _holder_before(passage, at, end)
            if holder is not None and areas:
                yield holder, areas


def _holder_after(
    scene: Scene, passage: Passage, at: int, end: int
) -> tuple[str | None, set[str]]:
    """Read an area, a phrase such as held by, and the holder."""
    near = [
        said for said in passage.named("actor") if 0 <= said.start - end <= _HOLDER_NEAR
    ]
    areas = {said.row for said in passage.named(*_AREAS) if said.end <= at}
    return near[0].row if near else _proper(scene, end), areas


def _holder_before(passage: Passage, at: int, end: int) -> tuple[str | None, set[str]]:
    """Read the holder, a verb such as controls, and an area."""
    near = [
        said
        for said in passage.named("actor")
        if _HOLDS.fullmatch(
            passage.folded, said.end - passage.start, at - passage.start
        )
    ]
    areas = {
        said.row
        for said in passage.named(*_AREAS)
        if 0 <= said.start - end <= _HOLDER_NEAR
    }
    return near[-1].row if near else None, areas


def _proper(scene: Scene, end: int) -> str | None:
    """Give the proper name that follows a phrase, where no actor of the case does."""
    match = _PROPER.match(scene.article.text, end)
    return None if match is None else match["name"]


def _held(known: Known, said: date) -> list[dict[str, str]]:
    """Give the last row of each area that says who holds it."""
    frame = known.witnesses("control")
    frame = frame[frame["date"] <= pd.Timestamp(said)]
    last = frame.sort_values("date", kind="stable").drop_duplicates("area", keep="last")
    return [
        {str(name): str(cell) for name, cell in row.items()}
        for row in last[last["status"] == HELD].to_dict("records")
    ]


def _inside(known: Known, areas: set[str]) -> set[str]:
    """Give the areas named and the places inside them."""
    regions, places = known.regions, known.places
    zones = set(regions.loc[regions["zone"].isin(areas), "region"])
    within = places.loc[places["region"].isin(areas | zones), "place"]
    every = areas | zones | set(within)
    return every | {f"region:{area}" for area in every} | {f"area:{a}" for a in areas}


def _sides(known: Known) -> dict[str, str]:
    """Give each party's allegiance."""
    pairs = zip(known.actors["actor"], known.actors["allegiance"], strict=True)
    return {str(who): str(whom) for who, whom in pairs if isinstance(whom, str)}


def _allied(one: str, other: str, sides: dict[str, str]) -> bool:
    """Tell whether two parties are one side."""
    ours, theirs = sides.get(one, one), sides.get(other, other)
    return one in {other, theirs} or ours in {other, theirs}
