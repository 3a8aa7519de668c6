"""Maps of shortage now and on two days ahead: towns as pies, on the corridors.

The filled part of a pie is the share of the courses in which the town is in shortage on
that day, so the map is read without colour. Where towns stand close, an inset shows
them larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING, Final

from supplyline.analysis.members import number_of
from supplyline.language import _
from supplyline.report.labels import Label
from supplyline.report.maps import INK, PAPER, Frame, name_texts, outlines
from supplyline.report.panels import text
from supplyline.report.sentences import fill, plain
from supplyline.report.svg import frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from markupsafe import Markup

    from supplyline.case.case import Case
    from supplyline.quantities import Quantity
    from supplyline.report.towns import Town, Towns

_SHORT: Final = "#a3182b"
_WAY: Final = "#8b9aa3"
_RADIUS: Final = 5.0
_CAPITAL_RADIUS: Final = 7.0
_GAP: Final = 8.0
_MARGIN: Final = 4.0
_TITLE: Final = 18.0
_INSET_PART: Final = 0.34
"""Width and height of what an inset shows, over those of the map."""
_INSET_ZOOM: Final = 1.6
_LEAST_IN_INSET: Final = 4


@dataclass(frozen=True, slots=True)
class _Base:
    """What all maps of a page share: the land and the corridors, on one frame."""

    page: Frame
    where: dict[str, tuple[float, float]]
    """Longitude and latitude by place."""
    ways: tuple[tuple[str, str], ...]
    """Ends of the segments that corridors use."""
    land: str


def shortage_maps(
    case: Case,
    towns: Towns,
    days: Sequence[Quantity],
    *,
    name: str,
    width: float,
    across: int,
) -> Markup:
    """Draw a map for each day, so many across a page of a width."""
    size = (width - _GAP * (across - 1)) / across
    base = _base(case, towns, size)
    height = base.page.height + _TITLE
    parts = [f'<defs><g id="{name}-land">{base.land}</g></defs>']
    for number, day in enumerate(days):
        left = (number % across) * (size + _GAP)
        top = (number // across) * (height + _GAP)
        states = [town.states[number] for town in towns.rows]
        parts.append(
            f'<g transform="translate({left:.1f} {top:.1f})">'
            + text(0, 12, _heading(number, day), more=' font-weight="600"')
            + f'<g transform="translate(0 {_TITLE:.0f})">'
            + "".join(_map(base, towns, states, f"{name}-{number}", f"{name}-land"))
            + "</g></g>"
        )
    rows = -(-len(days) // across)
    box = f"0 0 {width:.0f} {rows * (height + _GAP) - _GAP:.0f}"
    title = _("Shortage in towns, now and later")
    words = _("The table of towns says the same.")
    return frame("".join(parts), box, name, title, words)


def _heading(number: int, day: Quantity) -> str:
    """Say which day a map shows."""
    message = _("On {day}") if number == 0 else _("{day}")
    return plain(fill(message, day=day))


def _base(case: Case, towns: Towns, width: float) -> _Base:
    """Lay the land and the corridors out around the towns."""
    spots = case.tables["places"].set_index("place")
    where = {
        str(place): (float(lon), float(lat))
        for place, lon, lat in zip(spots.index, spots["lon"], spots["lat"], strict=True)
    }
    own = [where[town.place] for town in towns.rows]
    lons, lats = ([pair[axis] for pair in own] for axis in (0, 1))
    page = Frame.around(lons, lats, width)
    ways = _ways(case)
    land = "".join(outlines(case, page)) + "".join(_lines(ways, where, page))
    return _Base(page, where, ways, land)


def _ways(case: Case) -> tuple[tuple[str, str], ...]:
    """List the ends of the segments that are part of a corridor."""
    segments: pd.DataFrame = case.tables["segments"]
    on_way = case.tables["corridor_segments"]["segment"]
    used = segments[segments["segment"].isin(on_way)]
    ends = zip(
        used["from_place"].astype(str), used["to_place"].astype(str), strict=True
    )
    return tuple(dict.fromkeys(ends))


def _lines(
    ways: Sequence[tuple[str, str]], where: dict[str, tuple[float, float]], page: Frame
) -> Iterator[str]:
    """Draw the corridors."""
    parts = []
    for start, end in ways:
        (x1, y1), (x2, y2) = page.at(*where[start]), page.at(*where[end])
        parts.append(f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}")
    yield f'<path d="{"".join(parts)}" fill="none" stroke="{_WAY}" stroke-width="1.2"/>'


def _map(
    base: _Base,
    towns: Towns,
    states: Sequence[Quantity | None],
    name: str,
    land: str,
) -> Iterator[str]:
    """Draw one day."""
    page = base.page
    yield _window(name, page.width, page.height)
    yield f'<g clip-path="url(#{name})"><use href="#{land}"/>'
    shown = list(zip(towns.rows, states, strict=True))
    area = _crowd(base, towns)
    within = [] if area is None else _within(base, towns, area)
    inside = {town.place for town in within}
    yield from _pies(base, page, [one for one in shown if one[0].place not in inside])
    if area is not None:
        crowded = [one for one in shown if one[0].place in inside]
        corner = _corner(base, area, towns)
        yield from _inset(base, crowded, area, corner, name)
    yield (
        f'</g><rect width="{page.width:.0f}" height="{page.height:.0f}" fill="none" '
        'stroke="#c9d1d6"/>'
    )


def _window(name: str, width: float, height: float) -> str:
    """Cut what is drawn to the map, on its ground."""
    size = f'width="{width:.0f}" height="{height:.0f}"'
    return (
        f'<clipPath id="{name}"><rect {size}/></clipPath><rect {size} fill="{PAPER}"/>'
    )


def _pies(
    base: _Base, page: Frame, shown: Sequence[tuple[Town, Quantity | None]]
) -> Iterator[str]:
    """Draw towns as pies, with the names that find room."""
    labels = []
    for town, state in shown:
        x, y = page.at(*base.where[town.place])
        radius = _CAPITAL_RADIUS if town.is_capital else _RADIUS
        yield _pie(x, y, radius, None if state is None else number_of(state))
        labels.append(Label(town.title, x, y, radius, 0 if town.is_capital else 3))
    yield from name_texts(labels, page)


def _pie(x: float, y: float, radius: float, share: float | None) -> str:
    """Draw a share as the filled part of a disc; a dash where it is not known."""
    ring = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="#fff" '
        f'stroke="{INK}" stroke-width="1"/>'
    )
    if share is None:
        return ring + f'<path d="M{x - 2:.1f} {y:.1f}h4" stroke="{INK}"/>'
    inner = radius - 0.5
    if share > 0.995:
        return (
            ring + f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{inner:g}" fill="{_SHORT}"/>'
        )
    if share < 0.005:
        return ring
    angle = 2 * pi * share
    end_x, end_y = x + inner * sin(angle), y - inner * cos(angle)
    large = int(share > 0.5)
    return ring + (
        f'<path d="M{x:.1f} {y:.1f}V{y - inner:.1f}A{inner:g} {inner:g} 0 {large} 1 '
        f'{end_x:.1f} {end_y:.1f}Z" fill="{_SHORT}"/>'
    )


def _crowd(base: _Base, towns: Towns) -> Frame | None:
    """Find the part of the map where most towns stand close; none where few do."""
    page = base.page
    wide, high = page.width * _INSET_PART, page.height * _INSET_PART
    best: tuple[int, float, float] | None = None
    for town in towns.rows:
        x, y = page.at(*base.where[town.place])
        left, top = x - wide / 2, y - high / 2
        count = sum(
            left <= px <= left + wide and top <= py <= top + high
            for px, py in (page.at(*base.where[one.place]) for one in towns.rows)
        )
        if best is None or count > best[0]:
            best = (count, left, top)
    if best is None or best[0] < _LEAST_IN_INSET:
        return None
    _count, left, top = best
    return Frame(
        page.west + left / page.x_scale,
        page.north - top / page.y_scale,
        page.x_scale * _INSET_ZOOM,
        page.y_scale * _INSET_ZOOM,
        wide * _INSET_ZOOM,
        high * _INSET_ZOOM,
    )


def _within(base: _Base, towns: Towns, area: Frame) -> list[Town]:
    """List the towns that an inset shows."""
    placed = [(town, area.at(*base.where[town.place])) for town in towns.rows]
    return [
        town
        for town, (x, y) in placed
        if 0 <= x <= area.width and 0 <= y <= area.height
    ]


def _corner(base: _Base, area: Frame, towns: Towns) -> tuple[float, float]:
    """Find the corner where an inset hides the fewest towns."""
    page = base.page
    spots = [page.at(*base.where[town.place]) for town in towns.rows]
    rights = (_MARGIN, page.width - area.width - _MARGIN)
    downs = (_MARGIN, page.height - area.height - _MARGIN)

    def hidden(corner: tuple[float, float]) -> int:
        left, top = corner
        return sum(
            left <= x <= left + area.width and top <= y <= top + area.height
            for x, y in spots
        )

    return min(((x, y) for y in downs for x in rights), key=hidden)


def _inset(
    base: _Base,
    shown: Sequence[tuple[Town, Quantity | None]],
    area: Frame,
    corner: tuple[float, float],
    name: str,
) -> Iterator[str]:
    """Draw the crowded part larger, in the corner with the fewest towns."""
    page = base.page
    left, top = page.at(area.west, area.north)
    wide, high = area.width / _INSET_ZOOM, area.height / _INSET_ZOOM
    yield (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high:.1f}" '
        f'fill="none" stroke="{INK}" stroke-width=".8" stroke-dasharray="3 2"/>'
    )
    lines = "".join(_lines(base.ways, base.where, area))
    yield (
        f'<g transform="translate({corner[0]:.1f} {corner[1]:.1f})">'
        + _window(f"{name}-inset", area.width, area.height)
        + f'<g clip-path="url(#{name}-inset)">{lines}'
    )
    yield from _pies(base, area, shown)
    yield (
        f'</g><rect width="{area.width:.1f}" height="{area.height:.1f}" fill="none" '
        f'stroke="{INK}" stroke-width=".8"/></g>'
    )
