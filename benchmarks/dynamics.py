"""How shortages of the capital come and go in a run of Mali.

A day is short when less than half of the diesel asked for in the capital is served. A
shortage is three short days or more, none of them followed by more than seven days
without one; it lasts from its first to its last short day and is cut off where the
forecast ends. The forecast is the run's days after the cut-off.

The path of the autumn: three short days in October, relief in November, three short
days in December. Relief has two readings of "near normal between 5 and 28 November":
some seven days in a row of November without a short day (loose), and no short day from
5 to 28 November (strict). Recovery after December: seven days in a row without a short
day, within 60 days. What lies between members is the variance of their means over that
of all weeks of all members.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supplyline.case.frames import Frames
from supplyline.engine.simulate import simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.runs import Run

    Floats = NDArray[np.float64]
    Days = NDArray[np.bool_]

SHORT_SHARE = 0.5
PART_DAYS, CALM_DAYS, SOON_DAYS = 3, 7, 60
BINS = {"0": (0, 0), "1-60": (1, 60), "61-120": (61, 120), "over 120": (121, 10_000)}
QUANTILES = (0.1, 0.5, 0.9)
CONVOY_SIZES = (30, 50, 82, 168, 300, 345, 350)
"""Reported sizes of convoys, October to December 2025 [trucks]."""
LARGE_LOSS = 20
"""Trucks lost that make a large loss, such as those of 14 September and 17 October."""
TWIN_DRAWS, TWIN_LIVES = 48, 24
"""Draws of the parameters, and lives lived with each."""


def series(run: Run, name: str, start: str = "", end: str = "") -> Floats:
    """Read a daily series, shape (member, day, ...)."""
    days = slice(start or None, end or None)
    values = run.daily[name].sel(day=days).transpose("member", "day", ...)
    return np.asarray(values.to_numpy(), np.float64)


def first_day_after(run: Run) -> str:
    """Name the first day of the forecast."""
    return str(pd.Timestamp(run.case.config.cutoff) + pd.Timedelta(days=1))


def short_days(run: Run, start: str, end: str = "") -> Days:
    """Tell the short days, shape (member, day); nothing asked for is not short."""
    served = series(run, "served_share", start, end)
    product = list(run.daily["product"].to_numpy()).index("diesel")
    return np.nan_to_num(served[:, :, product], nan=1.0) < SHORT_SHARE


def has_calm(short: Days) -> Days:
    """Tell members with seven days in a row without a short one."""
    windows = np.lib.stride_tricks.sliding_window_view(~short, CALM_DAYS, axis=1)
    return np.asarray(windows.all(axis=2).any(axis=1))


def shortages(short: Days) -> list[tuple[int, int]]:
    """Give first and last day of each shortage of one member."""
    days = np.flatnonzero(short)
    if not days.size:
        return []
    parts = np.split(days, np.flatnonzero(np.diff(days) > CALM_DAYS) + 1)
    return [(int(p[0]), int(p[-1])) for p in parts if len(p) >= PART_DAYS]


def lengths(short: Days) -> dict[str, float]:
    """Tell how long shortages and the times between them last."""
    spells = [shortages(row) for row in short]
    lasting = [end - start + 1 for each in spells for start, end in each]
    between = [
        later[0] - earlier[1] - 1
        for each in spells
        for earlier, later in pairwise(each)
    ]
    last = short.shape[1] - 1
    numbers = {
        "shortages a course": len(lasting) / len(spells),
        "courses with two shortages or more": float(
            np.mean([len(each) > 1 for each in spells])
        ),
        "share of shortages cut off by the end": float(
            np.mean([end == last for each in spells for _, end in each] or [np.nan])
        ),
    }
    for title, values in (("length of a shortage", lasting), ("time between", between)):
        for level in QUANTILES:
            value = np.quantile(values, level) if values else np.nan
            numbers[f"{title}, {level:.0%} [days]"] = float(value)
    return numbers


def changes(december: Days, after: Days) -> dict[str, float]:
    """Tell chances of onset and recovery by the state of the last month."""
    count = december.sum(axis=1)
    states = {
        "none": count == 0,
        "some": (count > 0) & (count < december.shape[1]),
        "all": count == december.shape[1],
    }
    soon = after[:, :SOON_DAYS]
    numbers = {}
    for name, is_it in states.items():
        numbers[f"share with {name} of December short"] = is_it.mean()
        numbers[f"chance of a short day in 60 days, {name}"] = soon[is_it].any(1).mean()
        numbers[f"chance of a calm week in 60 days, {name}"] = has_calm(
            soon[is_it]
        ).mean()
    return numbers


def autumn(run: Run) -> dict[str, float]:
    """Tell the chance of the reported path of the autumn, part by part."""
    october = short_days(run, "2025-10-01", "2025-10-31").sum(axis=1) >= PART_DAYS
    december = short_days(run, "2025-12-01", "2025-12-31").sum(axis=1) >= PART_DAYS
    relief = {
        "loose": has_calm(short_days(run, "2025-11-01", "2025-11-30")),
        "strict": ~short_days(run, "2025-11-05", "2025-11-28").any(axis=1),
    }
    whole = short_days(run, "2025-09-03", "2025-12-31").sum(axis=1)
    numbers = {
        "autumn: short in October": october.mean(),
        "mean short days, September to December": whole.mean(),
        "members without a short day, September to December": (whole == 0).mean(),
    }
    for name, november in relief.items():
        first_two = october & november
        numbers[f"autumn, {name}: short, then relieved"] = first_two.mean()
        numbers[f"autumn, {name}: whole path"] = (first_two & december).mean()
        numbers[f"autumn, {name}: third part after two"] = december[first_two].mean()
    return numbers


def share_between(weekly: Floats) -> float:
    """Give the variance of members' means over that of all weeks."""
    return float(weekly.mean(axis=1).var() / weekly.var())


def weekly_imports(run: Run) -> Floats:
    """Sum the imports of each whole week of the forecast, shape (member, week)."""
    daily = series(run, "imports_kl", first_day_after(run)).sum(axis=2)
    weeks = daily.shape[1] // 7
    return np.asarray(daily[:, : 7 * weeks].reshape(len(daily), weeks, 7).sum(axis=2))


def variances(run: Run) -> dict[str, float]:
    """Tell how much of the spread of weekly imports lies between members."""
    imports = weekly_imports(run)
    coverage = run.params["customs_coverage"].to_numpy()[:, None]
    deviation = imports.std(axis=1) / imports.mean(axis=1)
    return {
        "weekly imports, share between members": share_between(imports),
        "weekly imports as customs count, share between": share_between(
            imports * coverage
        ),
        "weekly imports, deviation over mean within": float(np.nanmean(deviation)),
    }


def convoy_sizes(run: Run) -> dict[str, float]:
    """Rank reported convoys among all that left from October to December."""
    days = ("2025-10-10", "2025-12-18")
    convoys, trucks = (series(run, n, *days) for n in ("convoys", "trucks_escorted"))
    sizes = trucks[convoys > 0] / convoys[convoys > 0]
    return {
        f"percentile of a convoy of {size}": 100 * (sizes < size).mean()
        for size in CONVOY_SIZES
    }


def drivers_killed(run: Run) -> dict[str, float]:
    """Tell how many drivers encounters kill until the end of 2025."""
    lost = run.losses[run.losses["day"] < pd.Timestamp(first_day_after(run))]
    killed, trucks = lost["drivers_killed"], lost["trucks_lost"]
    most = killed.groupby(lost["member"]).max().reindex(run.params.index, fill_value=0)
    numbers = {
        f"most drivers killed in one encounter, {level:.0%}": most.quantile(level)
        for level in QUANTILES
    }
    large = killed[trucks >= LARGE_LOSS]
    numbers["drivers killed in losses of 20 trucks or more, mean"] = large.mean()
    numbers["such losses without a driver killed"] = (large == 0).mean()
    return numbers


def dynamics(run: Run) -> pd.Series[float]:
    """Gather all numbers of the dynamics."""
    after = short_days(run, first_day_after(run))
    count = after.sum(axis=1)
    numbers: dict[str, Any] = {
        f"courses with {name} short days": ((count >= low) & (count <= high)).mean()
        for name, (low, high) in BINS.items()
    }
    numbers["mean short days of the forecast"] = count.mean()
    numbers |= autumn(run)
    numbers |= changes(short_days(run, "2025-12-01", "2025-12-31"), after)
    numbers |= lengths(after)
    numbers |= variances(run)
    numbers |= convoy_sizes(run)
    numbers |= drivers_killed(run)
    return pd.Series(numbers, dtype=float)


def at_draw(case: Case, draw: pd.Series[float]) -> Case:
    """Fix every parameter of a case at one draw."""
    params = case.params
    params["distribution"], params["b"] = "fixed", np.nan
    params["a"] = params["param"].map(draw).astype(float)
    return replace(case, tables=Frames({**case.tables, "params": params}))


def twins(case: Case) -> pd.Series[float]:
    """Part the spread of parameters from luck: many lives with each draw of them.

    Dates that are drawn (truces, the escort step) count as luck.
    """
    draws = simulate(case, days=0, members=TWIN_DRAWS).params
    runs = [
        simulate(at_draw(case, draws.loc[member]), members=TWIN_LIVES, seed=1 + member)
        for member in draws.index
    ]
    weekly = np.array([weekly_imports(run) for run in runs])
    count = [short_days(run, first_day_after(run)).sum(axis=1) for run in runs]
    numbers = {"twins: weekly imports": weekly, "twins: short days": np.array(count)}
    return pd.Series({name: intraclass(values) for name, values in numbers.items()})


def intraclass(values: Floats) -> float:
    """Give the share of variance that lies between draws, shape (draw, life, ...)."""
    lives = values.shape[1]
    within = values.var(axis=1, ddof=1).mean()
    between = values.mean(axis=1).var(axis=0, ddof=1).mean() - within / lives
    return float(between / (between + within))
