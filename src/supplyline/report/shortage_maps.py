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
    from supplyline.report.labels import Box
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
_INSET_ZOOMS: Final = (1.8, 1.6, 1.45, 1.3)
"""How much larger an inset shows it: the most that hides no other town."""
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
    inset = _inset_of(base, towns)
    height = base.page.height + _TITLE
    parts = [f'<defs><g id="{name}-land">{base.land}</g></defs>']
    for number, day in enumerate(days):
        left = (number % across) * (size + _GAP)
        top = (number // across) * (height + _GAP)
        shown = [(town, town.states[number]) for town in towns.rows]
        parts.append(
            f'<g transform="translate({left:.1f} {top:.1f})">'
            + text(0, 12, _heading(number, day), more=' font-weight="600"')
            + f'<g transform="translate(0 {_TITLE:.0f})">'
            + "".join(_map(base, shown, inset, (f"{name}-{number}", f"{name}-land")))
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
    shown: Sequence[tuple[Town, Quantity | None]],
    inset: _Inset | None,
    names: tuple[str, str],
) -> Iterator[str]:
    """Draw one day, by its own name and that of the land."""
    page, (name, land) = base.page, names
    yield _window(name, page.width, page.height)
    yield f'<g clip-path="url(#{name})"><use href="#{land}"/>'
    if inset is None:
        yield from _pies(base, page, shown)
    else:
        inside = set(_within(base, [town for town, _state in shown], inset.area))
        outside = [one for one in shown if one[0].place not in inside]
        yield from _pies(base, page, outside, (inset.box,))
        crowded = [one for one in shown if one[0].place in inside]
        yield from _draw_inset(base, crowded, inset, name)
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
    base: _Base,
    page: Frame,
    shown: Sequence[tuple[Town, Quantity | None]],
    covered: Sequence[Box] = (),
) -> Iterator[str]:
    """Draw towns as pies, with the names that find room."""
    labels = []
    for town, state in shown:
        x, y = page.at(*base.where[town.place])
        radius = _CAPITAL_RADIUS if town.is_capital else _RADIUS
        yield _pie(x, y, radius, None if state is None else number_of(state))
        labels.append(Label(town.title, x, y, radius, 0 if town.is_capital else 3))
    yield from name_texts(labels, page, covered)


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


@dataclass(frozen=True, slots=True)
class _Inset:
    """A part of the map shown larger in one of its corners."""

    area: Frame
    """What it shows, on a page of its own."""
    left: float
    top: float
    """Upper left corner on the map [px]."""

    @property
    def box(self) -> Box:
        """Left, top, right and lower edge on the map [px]."""
        right, bottom = self.left + self.area.width, self.top + self.area.height
        return self.left, self.top, right, bottom


def _inset_of(base: _Base, towns: Towns) -> _Inset | None:
    """Choose what an inset shows and where it hides no town; none where it cannot."""
    crowd = _crowd(base, towns)
    if crowd is None:
        return None
    for zoom in _INSET_ZOOMS:
        area = _enlarged(base.page, *crowd, zoom)
        inside = set(_within(base, towns.rows, area))
        spots = [
            base.page.at(*base.where[town.place])
            for town in towns.rows
            if town.place not in inside
        ]
        for inset in _corners(base.page, area):
            left, top, right, bottom = inset.box
            if not any(
                left - _CAPITAL_RADIUS <= x <= right + _CAPITAL_RADIUS
                and top - _CAPITAL_RADIUS <= y <= bottom + _CAPITAL_RADIUS
                for x, y in spots
            ):
                return inset
    return None


def _crowd(base: _Base, towns: Towns) -> tuple[float, float] | None:
    """Find the upper left corner of the part where most towns stand close [px]."""
    page = base.page
    wide, high = page.width * _INSET_PART, page.height * _INSET_PART
    spots = [page.at(*base.where[town.place]) for town in towns.rows]

    def inside(corner: tuple[float, float]) -> int:
        left, top = corner
        return sum(
            left <= x <= left + wide and top <= y <= top + high for x, y in spots
        )

    corners = [(x - wide / 2, y - high / 2) for x, y in spots]
    best = max(corners, key=inside, default=None)
    return best if best is not None and inside(best) >= _LEAST_IN_INSET else None


def _enlarged(page: Frame, left: float, top: float, zoom: float) -> Frame:
    """Lay a part of a map out on a page of its own, enlarged."""
    return Frame(
        page.west + left / page.x_scale,
        page.north - top / page.y_scale,
        page.x_scale * zoom,
        page.y_scale * zoom,
        page.width * _INSET_PART * zoom,
        page.height * _INSET_PART * zoom,
    )


def _corners(page: Frame, area: Frame) -> Iterator[_Inset]:
    """Offer the corners of a map."""
    for top in (_MARGIN, page.height - area.height - _MARGIN):
        for left in (_MARGIN, page.width - area.width - _MARGIN):
            yield _Inset(area, left, top)


def _within(base: _Base, towns: Sequence[Town], area: Frame) -> list[str]:
    """List the towns that an inset shows."""
    placed = [(town.place, area.at(*base.where[town.place])) for town in towns]
    return [
        place
        for place, (x, y) in placed
        if 0 <= x <= area.width and 0 <= y <= area.height
    ]


def _draw_inset(
    base: _Base,
    shown: Sequence[tuple[Town, Quantity | None]],
    inset: _Inset,
    name: str,
) -> Iterator[str]:
    """Draw what the inset shows, and where on the map that lies."""
    page, area = base.page, inset.area
    left, top = page.at(area.west, area.north)
    wide, high = page.width * _INSET_PART, page.height * _INSET_PART
    lines = "".join(_lines(base.ways, base.where, area))
    yield (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high:.1f}" '
        f'fill="none" stroke="{INK}" stroke-width=".8" stroke-dasharray="3 2"/>'
        f'<g transform="translate({inset.left:.1f} {inset.top:.1f})">'
        + _window(f"{name}-inset", area.width, area.height)
        + f'<g clip-path="url(#{name}-inset)">{lines}'
    )
    yield from _pies(base, area, shown)
    yield (
        f'</g><rect width="{area.width:.1f}" height="{area.height:.1f}" fill="none" '
        f'stroke="{INK}" stroke-width=".8"/></g>'
    )
