"""Who holds what, region by region, as the run has it: a map and its table."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.analysis.chunks import rows_of, values_of
from supplyline.analysis.members import basis_of
from supplyline.case.geography import unwrapped
from supplyline.quantities import Quantity
from supplyline.report.labels import Label
from supplyline.report.maps import INK, PAPER, Frame, name_texts, outlines
from supplyline.report.series import first_week_ahead, summary
from supplyline.report.svg import frame

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from markupsafe import Markup
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

HOLDERS: Final = (
    ("the state", "#0b5c8f"),
    ("the group that enforces the ban", "#c8641e"),
    ("others, or contested", "#d5d9dc"),
)
"""Who holds people's areas, and the colour."""
RECENT_WEEKS: Final = 8
"""Weeks before the cut-off over which attacks are averaged."""
_LEAST_RADIUS, _MOST_RADIUS = 0.011, 0.026


@dataclass(frozen=True, slots=True)
class Region:
    """One region of the country as the run has it."""

    title: str
    zone: str
    """Its name, and the part of the country it lies in; may be empty."""
    lon: float | None
    lat: float | None
    """Middle of its places [degrees]."""
    shares: tuple[float, float, float]
    """Mean share held by each of `HOLDERS` on the cut-off [1]."""
    attacks_per_week: float
    """Mean number of attacks a week before the cut-off [attacks/week]."""
    state: Quantity
    interdictor: Quantity
    recent: Quantity
    ahead: Quantity
    displaced: Quantity
    access: Quantity
    """Shares held on the cut-off, attacks a week before and after it, and people
    displaced since the start and share of people that relief reaches at the end.
    """


def regions_of(run: Run) -> tuple[Region, ...]:
    """Tell control and attacks by region."""
    if not run.has_country or not 0 < first_week_ahead(run) < run.weekly.sizes["week"]:
        return ()
    table = run.case.tables["regions"]
    rows = {str(row["region"]): row for row in table.to_dict("records")}
    names = [str(name) for name in run.weekly["region"].to_numpy()]
    [told] = rows_of(run, _told)
    regions = [
        _region(run, {key: every[:, spot] for key, every in told.items()}, rows[name])
        for spot, name in enumerate(names)
        if not rows[name]["is_boundary"]
    ]
    return tuple(sorted(regions, key=lambda region: -region.attacks_per_week))


def _told(run: Run) -> Rows:
    """Read what is told of all regions."""

    def take(name: str) -> NDArray[Any]:
        return values_of(run.weekly, f"region_{name}")

    ahead = first_week_ahead(run)
    attacks = take("attacks")
    recent = attacks[:, max(ahead - RECENT_WEEKS, 0) : ahead]
    return {
        "state": take("state_control_share")[:, ahead - 1],
        "interdictor": take("interdictor_control_share")[:, ahead - 1],
        "recent": recent.mean(axis=1, dtype=np.float64),
        "ahead": attacks[:, ahead:].mean(axis=1, dtype=np.float64),
        "displaced": take("displaced")[:, -1],
        "access": take("access_share")[:, -1],
    }


def _region(run: Run, told: Rows, row: Mapping[Hashable, Any]) -> Region:
    """Tell one region."""
    basis = basis_of(run)
    state, other, before = (told[key] for key in ("state", "interdictor", "recent"))
    held = float(state.mean()), float(other.mean())
    lon, lat = _middle(run, str(row["region"]))
    return Region(
        title=str(row["title"]),
        zone=row["zone"].replace("_", " ") if isinstance(row["zone"], str) else "",
        lon=lon,
        lat=lat,
        shares=(*held, max(1.0 - sum(held), 0.0)),
        attacks_per_week=float(before.mean()),
        state=summary(state, "share", basis),
        interdictor=summary(other, "share", basis),
        recent=summary(before, "1", basis, middle="mean"),
        ahead=summary(told["ahead"], "1", basis, middle="mean"),
        displaced=summary(told["displaced"], "1", basis),
        access=summary(told["access"], "share", basis),
    )


def _middle(run: Run, region: str) -> tuple[float | None, float | None]:
    """Find the middle of a region's places; none where it has no place."""
    places = run.case.tables["places"]
    own = places[places["region"] == region]
    if own.empty:
        return None, None
    lons = unwrapped(own["lon"].astype(float).tolist())
    return float(np.mean(lons)), float(own["lat"].astype(float).mean())


def control_map(
    run: Run, regions: tuple[Region, ...], *, name: str, width: float
) -> Markup | None:
    """Draw who holds each region, and how many attacks fall there."""
    drawn = [r for r in regions if r.lon is not None and r.lat is not None]
    if not drawn:
        return None
    page = Frame.around(*_ends(run), width)
    parts = [
        f'<rect width="{page.width:.0f}" height="{page.height:.0f}" fill="{PAPER}"/>',
        *outlines(run.case, page),
    ]
    most = max((r.attacks_per_week for r in drawn), default=0.0)
    labels = []
    for region in drawn:
        x, y = page.at(region.lon or 0.0, region.lat or 0.0)
        share = sqrt(region.attacks_per_week / most) if most else 0.0
        size = _LEAST_RADIUS + (_MOST_RADIUS - _LEAST_RADIUS) * share
        radius = max(size * width, 7.0)
        parts += _pie(x, y, radius, region.shares)
        labels.append(Label(region.title, x, y, radius, 2))
    parts += name_texts(labels, page)
    box = f"0 0 {page.width:.0f} {page.height:.0f}"
    title = f"Control by region, {run.case.config.title}"
    return frame("".join(parts), box, name, title, _describe(regions, basis_of(run)))


def _ends(run: Run) -> tuple[list[float], list[float]]:
    """Find longitudes and latitudes of all places in the regions of the run."""
    places = run.case.tables["places"]
    regions = run.case.tables["regions"]
    own = regions.loc[~regions["is_boundary"].astype(bool), "region"]
    inside = places[places["region"].isin(own)]
    return list(inside["lon"].astype(float)), list(inside["lat"].astype(float))


def _pie(
    x: float, y: float, radius: float, shares: tuple[float, float, float]
) -> Iterator[str]:
    """Draw shares as sectors from the top, clockwise."""
    where = f'cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"'
    start = 0.0
    for share, (_, colour) in zip(shares, HOLDERS, strict=True):
        end = min(start + share, 1.0)
        if end - start >= 0.999:
            yield f'<circle {where} fill="{colour}"/>'
        elif end > start:
            a, b = (2 * pi * turn for turn in (start, end))
            yield (
                f'<path d="M{x:.1f} {y:.1f}L{x + radius * sin(a):.1f} '
                f"{y - radius * cos(a):.1f}A{radius:.1f} {radius:.1f} 0 "
                f"{int(end - start > 0.5)} 1 {x + radius * sin(b):.1f} "
                f'{y - radius * cos(b):.1f}Z" fill="{colour}"/>'
            )
        start = end
    yield f'<circle {where} fill="none" stroke="{INK}" stroke-width="1"/>'


def _describe(regions: tuple[Region, ...], basis: str) -> str:
    """Say in words what the map shows."""
    parts = [
        f"{region.title}: {Quantity(region.shares[0], 'share', basis=basis).short} "
        "held by the state"
        for region in regions
    ]
    return f"Modelled, on the cut-off. {'; '.join(parts)}."
