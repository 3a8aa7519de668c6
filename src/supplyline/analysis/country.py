"""Observation of the country: attacks, harm, money, control and rule.

As in `observation`, each measure gives one value per member over a window of days. What
is kept by week is taken from the weeks that lie wholly inside the window, and counts
are brought to its length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from supplyline.runs import Run

    Floats = NDArray[np.float64]
    Measure = Callable[[Run, pd.Timestamp, pd.Timestamp, str], Floats]

WEEK_DAYS: Final = 7
MONTH_DAYS: Final = 30.4
YEAR_DAYS: Final = 365.25
HELD: Final = 0.5
"""Share of a region from which on the state counts as holding it [1]."""


def days_between(start: pd.Timestamp, end: pd.Timestamp) -> int:
    """Count the days of a window, its first and last included [days]."""
    return (end - start).days + 1


def _daily(run: Run, name: str, start: pd.Timestamp, end: pd.Timestamp) -> Floats:
    """Read a daily series, shape (member, day, ...)."""
    series = run.daily[name].sel(day=slice(start, end))
    return np.asarray(series.transpose("member", "day", ...).to_numpy(), np.float64)


def _weekly(
    run: Run,
    name: str,
    axis: str,
    labels: Sequence[str],
    window: tuple[pd.Timestamp, pd.Timestamp],
) -> NDArray[Any]:
    """Read the weeks wholly inside a window, else those that meet it."""
    start, end = window
    weeks = pd.DatetimeIndex(run.weekly["week"].to_numpy())
    last = weeks + pd.Timedelta(days=WEEK_DAYS - 1)
    found = (weeks >= start) & (last <= end)
    if not found.any():
        found = (weeks <= end) & (last >= start)
    series = run.weekly[name].sel({axis: list(labels)})
    values = series.transpose("member", "week", axis).to_numpy()
    return np.asarray(values[:, found])


def _inside(run: Run) -> pd.DataFrame:
    """Give the regions of the country."""
    regions = run.case.regions
    return regions[~regions["is_boundary"]]


def _in_zone(run: Run, zone: str) -> list[str]:
    """Name the regions of a zone of the country, or of all of it."""
    inside = _inside(run)
    if not zone:
        return list(inside["region"])
    found = list(inside.loc[inside["zone"] == zone, "region"])
    if not found:
        known = ", ".join(sorted(set(inside["zone"].dropna())))
        message = f"zone is {zone!r}; expected one of {known}"
        raise ValueError(message)
    return found


def _group(run: Run, group: str) -> str:
    """Name a group: the one asked for, else the one that enforces the bans."""
    if not group:
        return run.interdictor
    groups = run.case.groups
    if group not in set(groups["group"]):
        known = ", ".join(groups["group"])
        message = f"group is {group!r}; expected one of {known}"
        raise ValueError(message)
    return group


def attacks(run: Run, start: pd.Timestamp, end: pd.Timestamp, zone: str) -> Floats:
    """Count the attacks of all groups in the country or a zone of it.

    Returns shape (member) [attacks].
    """
    labels = _in_zone(run, zone)
    values = _weekly(run, "region_attacks", "region", labels, (start, end))
    days = WEEK_DAYS * values.shape[1]
    total = values.sum(axis=(1, 2), dtype=np.float64)
    return np.asarray(total * days_between(start, end) / days)


def interdictor_attacks_per_month(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, zone: str
) -> Floats:
    """Count the attacks a month, in the country, of the group that enforces the bans.

    Returns shape (member) [attacks/month].
    """
    labels, name = _in_zone(run, zone), "region_attacks_interdictor"
    values = _weekly(run, name, "region", labels, (start, end))
    days = WEEK_DAYS * values.shape[1]
    total = values.sum(axis=(1, 2), dtype=np.float64)
    return np.asarray(total * MONTH_DAYS / days)


def attack_share(run: Run, start: pd.Timestamp, end: pd.Timestamp, zone: str) -> Floats:
    """Give the share of a zone in the country's attacks of the interdicting group.

    Returns shape (member), missing where there are no attacks [1].
    """
    if not zone:
        message = "attack_share needs a zone of regions.csv"
        raise ValueError(message)
    name, window = "region_attacks_interdictor", (start, end)
    part, whole = (
        _weekly(run, name, "region", labels, window).sum(axis=(1, 2), dtype=np.float64)
        for labels in (_in_zone(run, zone), _in_zone(run, ""))
    )
    out = np.full(len(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=out, where=whole > 0))


def operations(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Count the operations in which the state harms civilians.

    Returns shape (member) [operations].
    """
    return np.asarray(_daily(run, "harm_operations", start, end).sum(axis=1))


def harm_operations_per_day(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str
) -> Floats:
    """Average the operations in which the state harms civilians.

    Returns shape (member) [1/day].
    """
    return np.asarray(_daily(run, "harm_operations", start, end).mean(axis=1))


def harm_deaths(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Count the civilians killed by the state and its partners.

    Returns shape (member) [persons].
    """
    return np.asarray(_daily(run, "harm_killed", start, end).sum(axis=1))


def revenue(run: Run, start: pd.Timestamp, end: pd.Timestamp, stream: str) -> Floats:
    """Give what the group that enforces the bans earns by one stream in a year.

    Returns shape (member) [USD/year].
    """
    streams = ("gold", "zakat", "livestock", "protection", "toll", "loot", "ransom")
    if stream not in streams:
        message = f"stream is {stream!r}; expected one of {', '.join(streams)}"
        raise ValueError(message)
    labels, name = [_group(run, "")], f"group_{stream}_usd"
    values = _weekly(run, name, "group", labels, (start, end))
    mean = values.mean(axis=(1, 2), dtype=np.float64)
    return np.asarray(mean * YEAR_DAYS / WEEK_DAYS)


def fighters(run: Run, start: pd.Timestamp, end: pd.Timestamp, group: str) -> Floats:
    """Average the fighters of a group, shape (member) [persons]."""
    labels = [_group(run, group)]
    values = _weekly(run, "group_fighters", "group", labels, (start, end))
    return np.asarray(values.mean(axis=(1, 2), dtype=np.float64))


def state_land_share(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str
) -> Floats:
    """Give the share of people in regions of which the state holds half or more.

    Returns shape (member) [1].

    Notes
    -----
    A case has no areas of regions, so people stand for land.
    """
    inside = _inside(run)
    people = inside["population"].to_numpy(np.float64)
    labels, name = list(inside["region"]), "region_state_control_share"
    held = _weekly(run, name, "region", labels, (start, end)) >= HELD
    share = held.mean(axis=1) @ np.nan_to_num(people)
    return np.asarray(share / np.nansum(people))


def besieged_regions(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str
) -> Floats:
    """Average the number of regions with a town under siege, shape (member) [1]."""
    labels = _in_zone(run, "")
    values = _weekly(run, "region_is_besieged", "region", labels, (start, end)) > 0
    return np.asarray(values.sum(axis=2).mean(axis=1))


def partner_troops(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Average the foreign troops beside the army, shape (member) [persons]."""
    return np.asarray(_daily(run, "partner_troops", start, end).mean(axis=1))


def displaced(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Average the people displaced, shape (member) [persons]."""
    return np.asarray(_daily(run, "displaced", start, end).mean(axis=1))


def coup_attempts(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Count the attempted coups, shape (member) [attempts]."""
    return np.asarray(_daily(run, "attempts", start, end).sum(axis=1))


def leader_in_power(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Give the chance that the leader is in power on the last day.

    Returns shape (member), the same in all [1].
    """
    kept = (_daily(run, "exit_kind", start, end)[:, -1] == 0).mean()
    return np.full(run.daily.sizes["member"], kept)


def first_ban_month(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Give the month in which the first ban of the case takes effect.

    Returns shape (member), 1 to 12, the same in all; missing without a ban [1].
    """
    del start, end
    measures = run.case.measures
    bans = measures.loc[measures["kind"] == "ban", "start"]
    month = np.nan if bans.empty else float(bans.min().month)
    return np.full(run.daily.sizes["member"], month)


def zones_of(run: Run) -> list[str]:
    """Name the zones of the country."""
    return sorted(set(_inside(run)["zone"].dropna()))


BY_ZONE: Final[dict[str, Measure]] = {
    function.__name__: function
    for function in (attack_share, attacks, interdictor_attacks_per_month)
}
"""Measures of the country or a zone of it."""

COUNTRY_MEASURES: Final[dict[str, Measure]] = BY_ZONE | {
    function.__name__: function
    for function in (
        harm_operations_per_day, harm_deaths, operations, revenue, fighters,
        state_land_share, besieged_regions, partner_troops, displaced, coup_attempts,
        leader_in_power,
    )
}  # fmt: skip
"""Measures of a run that follows armed groups."""
