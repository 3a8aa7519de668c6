"""Observation: what of a run a reported fact is set against, one value per member.

A member in which the thing never happens has no value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supplyline.analysis.country import BY_ZONE, COUNTRY_MEASURES, zones_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from supplyline.runs import Run

    Floats = NDArray[np.float64]
    Measure = Callable[[Run, pd.Timestamp, pd.Timestamp, str], Floats]

SHORT_SHARE = 0.5
"""Share served below which the public of a place is short [1]."""
SHORT_DAYS = 3
"""Days in a row that make a shortage [days]."""
RELIEF_FROM, RELIEF_TO = 0.55, 0.8
"""Weekly share served that relief starts below and ends above [1]."""
KNOWN_ATTACK_TRUCKS = 5
"""Least loss of a day that counts as a known attack [trucks]."""


def _window(run: Run, name: str, start: pd.Timestamp, end: pd.Timestamp) -> Floats:
    series = run.daily[name].sel(day=slice(start, end))
    return np.asarray(series.transpose("member", "day", ...).to_numpy(), np.float64)


def _weeks(
    run: Run, name: str, place: str, start: pd.Timestamp, end: pd.Timestamp
) -> Floats:
    first = start - pd.Timedelta(days=6)
    series = run.weekly[name].sel(place=place, week=slice(first, end))
    return np.asarray(series.transpose("member", "week", ...).to_numpy(), np.float64)


def _first(hits: NDArray[np.bool_]) -> Floats:
    """Give the first position that is hit in each row; missing where there is none."""
    return np.where(hits.any(axis=1), hits.argmax(axis=1), np.nan)


def _weekly_mean(values: Floats) -> Floats:
    windows = np.lib.stride_tricks.sliding_window_view(values, 7, axis=1)
    return np.asarray(windows.mean(axis=2))


def customs_volume_ml(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str
) -> Floats:
    """Sum the imports that customs count [million l].

    Returns shape (member) [million l].
    """
    volume = _window(run, "imports_kl", start, end).sum(axis=(1, 2))
    return np.asarray(volume * run.params["customs_coverage"].to_numpy() / 1000)


def first_shortage_day(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, place: str
) -> Floats:
    """Find the first of three days with less than half served [days after the start].

    Away from the capital, where weeks are kept: the middle of the first such week.

    Returns shape (member), missing where there is none [days after the start].
    """
    if place:
        weekly = _weeks(run, "public_served_share", place, start, end)
        weeks = run.weekly["week"].sel(week=slice(start - pd.Timedelta(days=6), end))
        offset = (pd.Timestamp(weeks.to_numpy()[0]) - start).days + 3
        return offset + 7 * _first(np.asarray(weekly < SHORT_SHARE))
    short = _window(run, "public_served_share", start, end) < SHORT_SHARE
    windows = np.lib.stride_tricks.sliding_window_view(short, SHORT_DAYS, axis=1)
    return _first(np.asarray(windows.all(axis=2)))


def price_multiple(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, place: str
) -> Floats:
    """Average the parallel over the official price of the first product [1].

    Returns shape (member) [1].
    """
    product = run.case.config.products[0]
    if place:
        prices = _weeks(run, "price_per_l", place, start, end)[:, :, 0]
    else:
        prices = _window(run, "price_per_l", start, end)[:, :, 0]
    return np.asarray(prices.mean(axis=1) / official_price(run, product, start))


def official_price(run: Run, product: str, when: pd.Timestamp) -> float:
    """Give the official price of a product on a day [currency/l]."""
    measures = run.case.measures
    is_meant = measures["target"].isna() | (measures["target"] == product)
    prices = measures[(measures["kind"] == "official_price") & is_meant]
    prices = prices[prices["start"] <= when].sort_values("start")
    return float(prices["value"].iloc[-1])


def trucks_lost(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Sum the trucks lost [trucks], shape (member) [trucks]."""
    return np.asarray(_window(run, "trucks_lost", start, end).sum(axis=1))


def relief_day(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Find the day on which a week is well served after a week that was not.

    Returns shape (member), missing where there is none [days after the start].
    """
    weekly = _weekly_mean(_window(run, "public_served_share", start, end))
    was_short = np.maximum.accumulate(weekly < RELIEF_FROM, axis=1)
    return np.asarray(_first(was_short & (weekly > RELIEF_TO)) + 6)


def lull_days(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Measure the longest run of days without a known attack [days].

    Returns shape (member) [days].
    """
    calm = _window(run, "trucks_lost", start, end) < KNOWN_ATTACK_TRUCKS
    longest = np.zeros(len(calm))
    current = np.zeros(len(calm))
    for day in range(calm.shape[1]):
        current = np.where(calm[:, day], current + 1, 0)
        longest = np.maximum(longest, current)
    return longest


def escorted_convoys(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str
) -> Floats:
    """Count the escorted convoys that left, shape (member) [convoys]."""
    return np.asarray(_window(run, "convoys", start, end).sum(axis=1))


def convoy_size(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Average the trucks of an escorted convoy; missing where none left [trucks].

    Returns shape (member) [trucks].
    """
    trucks = _window(run, "trucks_escorted", start, end).sum(axis=1)
    convoys = _window(run, "convoys", start, end).sum(axis=1)
    out = np.full(len(trucks), np.nan)
    return np.asarray(np.divide(trucks, convoys, out=out, where=convoys > 0))


def electricity_h(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Average the hours of electricity in the capital [h/day].

    Returns shape (member) [h/day].
    """
    return np.asarray(_window(run, "electricity_h", start, end).mean(axis=1))


def worst_week_served_share(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str
) -> Floats:
    """Find the least weekly share that the capital's public got [1].

    Returns shape (member) [1].
    """
    served = _window(run, "public_served_share", start, end)
    return np.asarray(_weekly_mean(served).min(axis=1))


def trucks_waiting(run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str) -> Floats:
    """Average the loaded trucks at the gateways [trucks].

    Returns shape (member) [trucks].
    """
    return np.asarray(_window(run, "trucks_waiting", start, end).mean(axis=1))


def capital_stock_ml(
    run: Run, start: pd.Timestamp, end: pd.Timestamp, _: str
) -> Floats:
    """Average the stock in the capital's depots [million l].

    Returns shape (member) [million l].
    """
    return np.asarray(
        _window(run, "stock_kl", start, end).sum(axis=2).mean(axis=1) / 1000
    )


MEASURES: dict[str, Measure] = {
    function.__name__: function
    for function in (
        customs_volume_ml, first_shortage_day, price_multiple, trucks_lost, relief_day,
        lull_days, escorted_convoys, convoy_size, electricity_h,
        worst_week_served_share, trucks_waiting, capital_stock_ml,
    )
} | COUNTRY_MEASURES  # fmt: skip
"""Measures that targets.csv may name; a place is added behind an underscore, and a zone
where the measure is of one."""


def find_measure(run: Run, name: str) -> tuple[Measure, str]:
    """Find the function and the place or zone that a target names."""
    if name in MEASURES:
        return MEASURES[name], ""
    places = [str(place) for place in run.weekly["place"].to_numpy()]
    for known, function in MEASURES.items():
        place = name.removeprefix(f"{known}_")
        parts = zones_of(run) if known in BY_ZONE else places
        if place != name and place in parts:
            return function, place
    known = ", ".join(MEASURES)
    message = f"measure is {name!r}; expected one of {known}, or with a place or zone"
    raise ValueError(message)
