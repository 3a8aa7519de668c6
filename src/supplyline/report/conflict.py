"""The conflict in charts: attacks, control, harm, displacement, fighters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.analysis.chunks import Sums, rows_of, values_of
from supplyline.report.figures import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    Chart,
    common_top,
    fan_chart,
)
from supplyline.report.series import by_week, fan_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.report.series import Fan
    from supplyline.runs import Run

ZONES_SHOWN: Final = 4
"""Parts of the country with a chart of their own."""
GROUPS_SHOWN: Final = 3
"""Armed groups with charts of their own."""
WINDOW_WEEKS: Final = 8
"""Weeks over which the share of a zone is counted."""
_THOUSAND: Final = 1e-3
_COUNTED: Final = ("attacks", "civilians_killed", "harm_killed", "soldiers_killed")
_AT_END: Final = ("state_control_share", "displaced")
"""Daily outputs that are added up by week, and those told as they are at its end."""
_ABROAD, _FIGHTERS = "attacks abroad", "fighters"


def conflict_charts(run: Run) -> tuple[Chart, ...]:
    """Draw the charts of the conflict."""
    if not run.has_country:
        return ()
    [weeks] = rows_of(run, _weeks_of_nation)
    attacks = fan_of(
        run,
        weeks["attacks"],
        name="attacks",
        title="Attacks by armed groups, whole country",
        unit="attacks",
    )
    whole = [fan_chart(attacks, colour=ORANGE, label="attacks a week")]
    people = [*_people(run, weeks), *_harm(run, weeks)]
    del weeks  # many members make them large, and the next are read now
    sums = Sums()
    [regions] = rows_of(run, lambda part: _weeks_of_regions(part, sums))
    return (
        *whole,
        *_neighbours(run, regions),
        *_zones(run, regions, sums),
        *people,
        *_fighters(run, regions, sums),
    )


def _weeks_of_nation(run: Run) -> Rows:
    """Read the weeks of the nation, by member and week."""
    rows: Rows = {name: by_week(run, name) for name in _COUNTED}
    return rows | {name: by_week(run, name, how="last") for name in _AT_END}


def _weeks_of_regions(run: Run, sums: Sums) -> Rows:
    """Read attacks abroad and by zone, and fighters; add members to the sums."""
    regions = run.case.regions.set_index("region")["is_boundary"].astype(bool)
    abroad = np.flatnonzero(regions.loc[run.weekly["region"].to_numpy()])
    attacks = values_of(run.weekly, "region_attacks")[:, :, abroad]
    fighters = values_of(run.weekly, "group_fighters")
    sums.add(_FIGHTERS, fighters.sum(axis=1, dtype=np.float64))
    rows: Rows = {_ABROAD: attacks.sum(axis=2), _FIGHTERS: fighters}
    zones = zones_of(run)
    if zones:
        counts = values_of(run.weekly, "region_attacks_interdictor")
        inside = [spot for picks in zones.values() for spot in picks]
        total = _rolling(counts[:, :, inside].sum(axis=2, dtype=np.float64))
        for zone, picks in zones.items():
            part = _rolling(counts[:, :, picks].sum(axis=2, dtype=np.float64))
            sums.add(zone, part.sum(axis=1, keepdims=True))
            out = np.zeros_like(part)
            rows[zone] = np.divide(part, total, out=out, where=total > 0)
    return rows


def _neighbours(run: Run, weeks: Rows) -> list[Chart]:
    """Draw the attacks beyond the border, where the case has any there."""
    counts = weeks[_ABROAD]
    if not counts.any():
        return []
    fan = fan_of(
        run,
        counts,
        name="attacks-abroad",
        title="Attacks by armed groups, neighbouring countries",
        unit="attacks",
    )
    return [fan_chart(fan, colour=ORANGE, label="attacks a week")]


def group_titles(run: Run) -> dict[str, str]:
    """Name the armed groups as printed."""
    actors = run.case.tables["actors"]
    titles = dict(zip(actors["actor"], actors["title"], strict=True))
    groups = run.case.tables["groups"]
    pairs = zip(groups["group"], groups["actor"], strict=True)
    return {str(group): str(titles.get(actor, actor)) for group, actor in pairs}


def _zones(run: Run, weeks: Rows, sums: Sums) -> list[Chart]:
    """Draw what share of the interdictor's attacks falls in each zone."""
    zones = zones_of(run)
    if not zones:
        return []
    name = group_titles(run)[run.interdictor]
    fans = [
        (
            float(sums[zone][0]),
            fan_of(
                run,
                weeks[zone],
                name=f"zone-{number}",
                title=f"Share of attacks by {name}: {zone.replace('_', ' ')}",
                unit="share",
            ),
        )
        for number, zone in enumerate(zones)
    ]
    fans.sort(key=lambda pair: -pair[0])
    kept = [fan for _, fan in fans[:ZONES_SHOWN]]
    top = min(common_top(kept), 1.0)
    return [fan_chart(fan, colour=PURPLE, top=top) for fan in kept]


def zones_of(run: Run) -> dict[str, list[int]]:
    """Find the regions of each zone inside the country."""
    table: pd.DataFrame = run.case.tables["regions"].set_index("region")
    zones: dict[str, list[int]] = {}
    for spot, region in enumerate(str(r) for r in run.weekly["region"].to_numpy()):
        zone = table["zone"].get(region)
        is_inside = not table["is_boundary"].get(region, default=False)
        if is_inside and isinstance(zone, str) and zone:
            zones.setdefault(zone, []).append(spot)
    return zones


def _rolling(values: NDArray[Any]) -> NDArray[np.float64]:
    """Add up the last weeks; at the start, those there are."""
    sums = np.cumsum(values, axis=1, dtype=np.float64)
    sums[:, WINDOW_WEEKS:] = sums[:, WINDOW_WEEKS:] - sums[:, :-WINDOW_WEEKS]
    return np.asarray(sums)


def _people(run: Run, weeks: Rows) -> list[Chart]:
    """Draw state control and displacement."""
    control = fan_of(
        run,
        weeks["state_control_share"],
        name="state-control",
        title="People in areas that the state controls",
        unit="share",
    )
    displaced = fan_of(
        run,
        weeks["displaced"],
        name="displaced",
        title="People displaced since the start, in the country",
        unit="persons",
    )
    return [
        fan_chart(control, colour=GREEN, top=1.02),
        fan_chart(displaced, colour=BLUE, label="thousand persons", scale=_THOUSAND),
    ]


def _harm(run: Run, weeks: Rows) -> list[Chart]:
    """Draw who is killed, civilians on a common axis."""

    def fan(name: str, title: str) -> Fan:
        key = name.replace("_", "-")
        return fan_of(run, weeks[name], name=key, title=title, unit="persons")

    civilians = [
        fan("civilians_killed", "Civilians killed by armed groups"),
        fan("harm_killed", "Civilians killed by the state and partners"),
    ]
    top = common_top(civilians)
    soldiers = fan("soldiers_killed", "Soldiers killed")
    return [
        *(
            fan_chart(one, colour=RED, top=top, label="persons a week")
            for one in civilians
        ),
        fan_chart(soldiers, colour=ORANGE, label="persons a week"),
    ]


def _fighters(run: Run, weeks: Rows, sums: Sums) -> list[Chart]:
    """Draw the strength of the largest groups."""
    titles = group_titles(run)
    names = [str(name) for name in run.weekly["group"].to_numpy()]
    order = np.argsort(-sums[_FIGHTERS], kind="stable")[:GROUPS_SHOWN]
    charts = []
    for number, spot in enumerate(order):
        title = f"Fighters: {titles.get(names[spot], names[spot])}"
        fan = fan_of(
            run,
            weeks[_FIGHTERS][:, :, spot],
            name=f"fighters-{number}",
            title=title,
            unit="persons",
        )
        charts.append(fan_chart(fan, colour=BLUE, label="persons"))
    return charts
