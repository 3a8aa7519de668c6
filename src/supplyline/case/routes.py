"""Rules about corridors: an unbroken way, and depots where they load and unload."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from supplyline.case.corridors import walk
from supplyline.case.draft import Draft, Rule
from supplyline.errors import Problem, shown
from supplyline.tables.supply import (
    Corridor,
    CorridorSegment,
    Depot,
    Feed,
    Fleet,
    Place,
    Segment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUNDING: Final = 1e-6

Steps = list[tuple[int | None, CorridorSegment]]


def _steps(draft: Draft) -> dict[str, Steps]:
    """Give the rows of each corridor in the order of their position."""
    steps: dict[str, Steps] = defaultdict(list)
    for line, row in draft.table(CorridorSegment):
        steps[row.corridor].append((line, row))
    for rows in steps.values():
        rows.sort(key=lambda step: step[1].position)
    return steps


def _ways(draft: Draft) -> dict[str, tuple[str, ...]]:
    """Give the places of each corridor that exists and is unbroken."""
    ends = {
        row.segment: (row.from_place, row.to_place) for _, row in draft.table(Segment)
    }
    steps = _steps(draft)
    ways = {}
    for _, row in draft.table(Corridor):
        rows = steps.get(row.corridor, [])
        if rows and all(step.segment in ends for _, step in rows):
            way = walk(row.origin, [ends[step.segment] for _, step in rows])
            if way.break_at is None:
                ways[row.corridor] = way.places
    return ways


def _no_segments(draft: Draft) -> Iterator[Problem]:
    """Find corridors without segments."""
    steps = _steps(draft)
    for line, row in draft.table(Corridor):
        if row.corridor not in steps:
            found = shown(row.corridor)
            expected = "a corridor with rows in corridor_segments.csv"
            yield Problem("corridors.csv", line, "corridor", found, expected)


def _gaps(draft: Draft) -> Iterator[Problem]:
    """Find positions that are left out."""
    for corridor, rows in _steps(draft).items():
        positions = sorted({step.position for _, step in rows})
        wanted = range(1, len(positions) + 1)
        for position, expected in zip(positions, wanted, strict=True):
            if position != expected:
                line = next(line for line, step in rows if step.position == position)
                should = f"{expected}, the next on '{corridor}'"
                file = "corridor_segments.csv"
                yield Problem(file, line, "position", shown(position), should)
                break


def _breaks(draft: Draft) -> Iterator[Problem]:
    """Find segments that do not begin where the last one ended."""
    ends = {
        row.segment: (row.from_place, row.to_place) for _, row in draft.table(Segment)
    }
    steps = _steps(draft)
    for _, corridor in draft.table(Corridor):
        rows = steps.get(corridor.corridor, [])
        is_known = corridor.origin in draft.table(Place).keys
        if not is_known or not all(step.segment in ends for _, step in rows):
            continue
        way = walk(corridor.origin, [ends[step.segment] for _, step in rows])
        if way.break_at is not None:
            line, step = rows[way.break_at]
            expected = f"a segment that begins or ends at '{way.places[-1]}'"
            file = "corridor_segments.csv"
            yield Problem(file, line, "segment", shown(step.segment), expected)


def _loops(draft: Draft) -> Iterator[Problem]:
    """Find corridors that pass a place twice."""
    steps = _steps(draft)
    for corridor, places in _ways(draft).items():
        for index, place in enumerate(places):
            if place in places[:index]:
                line, step = steps[corridor][index - 1]
                found = f"{shown(step.segment)}, which leads to '{place}' again"
                file = "corridor_segments.csv"
                yield Problem(file, line, "segment", found, "a way without a loop")
                break


def _wrong_ends(draft: Draft) -> Iterator[Problem]:
    """Find corridors that end elsewhere, or whose gateway is not before the end."""
    ways = _ways(draft)
    for line, row in draft.table(Corridor):
        places = ways.get(row.corridor)
        if places is None:
            continue
        if places[-1] != row.destination:
            expected = f"'{places[-1]}', where the last segment ends"
            found = shown(row.destination)
            yield Problem("corridors.csv", line, "destination", found, expected)
        if row.gateway not in places[:-1]:
            yield Problem.unknown(
                "corridors.csv",
                line,
                "gateway",
                row.gateway,
                places[:-1],
                "a place of the corridor before its end",
            )


def _wrong_modes(draft: Draft) -> Iterator[Problem]:
    """Find corridors whose fleet travels none of their segments."""
    fleets = {row.fleet: row.mode for _, row in draft.table(Fleet)}
    modes = {row.segment: row.mode for _, row in draft.table(Segment)}
    steps = _steps(draft)
    for line, row in draft.table(Corridor):
        used = [modes.get(step.segment) for _, step in steps.get(row.corridor, [])]
        if row.fleet not in fleets or not used or None in used:
            continue
        if fleets[row.fleet] not in used:
            ways = " or ".join(sorted({str(mode) for mode in used}))
            found = f"{shown(row.fleet)} of mode {fleets[row.fleet]}"
            expected = f"a fleet of mode {ways}, as the segments of the corridor"
            yield Problem("corridors.csv", line, "fleet", found, expected)


def _untimed(draft: Draft) -> Iterator[Problem]:
    """Find segments of corridors without a travel time."""
    used = {row.segment: row.corridor for _, row in draft.table(CorridorSegment)}
    for line, row in draft.table(Segment):
        if row.travel_h is None and row.segment in used:
            expected = f"a number more than 0, as it is part of '{used[row.segment]}'"
            yield Problem("segments.csv", line, "travel_h", "empty", expected)


def _segment_to_itself(draft: Draft) -> Iterator[Problem]:
    """Find segments that end where they begin."""
    for line, row in draft.table(Segment):
        if row.from_place == row.to_place:
            expected = "another place than from_place"
            yield Problem(
                "segments.csv", line, "to_place", shown(row.to_place), expected
            )


def _misplaced_feeds(draft: Draft) -> Iterator[Problem]:
    """Find feeds of places the corridor does not reach after its gateway."""
    ways = _ways(draft)
    known = draft.table(Place).keys
    gateways = {row.corridor: row.gateway for _, row in draft.table(Corridor)}
    for line, row in draft.table(Feed):
        places = ways.get(row.corridor, ())
        gateway = gateways.get(row.corridor)
        if gateway not in places:
            continue
        after = places[places.index(gateway) + 1 :]
        if row.place in known and row.place not in after:
            expected = f"a place of '{row.corridor}' after its gateway '{gateway}'"
            yield Problem.unknown(
                "feeds.csv", line, "place", row.place, after, expected
            )


def _feeds_without_depot(draft: Draft) -> Iterator[Problem]:
    """Find feeds of places without a depot."""
    held = {row.place for _, row in draft.table(Depot)}
    known = draft.table(Place).keys
    for line, row in draft.table(Feed):
        if row.place in known and row.place not in held:
            expected = "a place with a row in depots.csv"
            yield Problem.unknown("feeds.csv", line, "place", row.place, held, expected)


def _feed_sums(draft: Draft) -> Iterator[Problem]:
    """Find places whose shares sum to nothing or to more than all."""
    sums: dict[str, float] = defaultdict(float)
    last: dict[str, int | None] = {}
    for line, row in draft.table(Feed):
        sums[row.place] += row.share
        last[row.place] = line
    for place, total in sums.items():
        if not 0 < total <= 1 + _ROUNDING:
            found = f"part of a sum of {total:.4g} for '{place}'"
            expected = "shares of a place that sum to more than 0 and at most 1"
            yield Problem("feeds.csv", last[place], "share", found, expected)


def _empty_origins(draft: Draft) -> Iterator[Problem]:
    """Find internal corridors that begin where nothing is stored."""
    held = {row.place for _, row in draft.table(Depot)}
    known = draft.table(Place).keys
    for line, row in draft.table(Corridor):
        if row.kind == "internal" and row.origin in known and row.origin not in held:
            expected = "a place with a row in depots.csv, as the corridor is internal"
            yield Problem.unknown(
                "corridors.csv", line, "origin", row.origin, held, expected
            )


_WAY: Final = (Place, Segment, Corridor, CorridorSegment)

RULES: Final = (
    Rule(_segment_to_itself),
    Rule(_no_segments, (Corridor, CorridorSegment)),
    Rule(_gaps, (CorridorSegment,)),
    Rule(_breaks, _WAY),
    Rule(_loops, _WAY),
    Rule(_wrong_ends, _WAY),
    Rule(_wrong_modes, (*_WAY, Fleet)),
    Rule(_untimed),
    Rule(_misplaced_feeds, (*_WAY, Feed)),
    Rule(_feeds_without_depot, (Place, Depot)),
    Rule(_feed_sums, (Feed,)),
    Rule(_empty_origins, (Place, Depot)),
)
"""Rules about corridors and feeds."""
