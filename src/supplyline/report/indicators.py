"""What to watch: signs that tell courses with a coming shortage from those without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.analysis.compare import STOCKOUT_SHARE
from supplyline.analysis.members import basis_of, number_of, used_products, values_of
from supplyline.analysis.signs import find_threshold
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from supplyline.runs import Run

AHEAD_DAYS: Final = 60
"""How far ahead a judgement or a sign looks [days]."""
SHORTAGE_DAYS: Final = 3
"""Days in a row with less than half of demand served that make a shortage."""
_BACK_DAYS: Final = 28
_CALM_DAYS: Final = 7
_LEAST_COURSES: Final = 40
_THRESHOLDS_TRIED: Final = 60
USEFUL_SKILL: Final = 0.2
"""Least share of hits beyond false alarms for a sign to be worth watching [1]."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A sign with its threshold."""

    title: str
    is_low_bad: bool
    threshold: Quantity
    chance_with: Quantity
    chance_without: Quantity
    hits: Quantity
    false_alarms: Quantity

    @property
    def skill(self) -> float:
        """Give the hits beyond false alarms [1]; 0 tells nothing, 1 tells all."""
        return number_of(self.hits) - number_of(self.false_alarms)

    @property
    def is_useful(self) -> bool:
        """Whether the sign is worth watching."""
        return self.skill >= USEFUL_SKILL


def is_shortage(short: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which members see a shortage."""
    if short.shape[1] < SHORTAGE_DAYS:
        return np.asarray(short.all(axis=1))
    run = short[:, : short.shape[1] - SHORTAGE_DAYS + 1].copy()
    for shift in range(1, SHORTAGE_DAYS):
        run &= short[:, shift : short.shape[1] - SHORTAGE_DAYS + 1 + shift]
    return np.asarray(run.any(axis=1))


def indicators(run: Run) -> tuple[Indicator, ...]:
    """Find the thresholds that best announce a shortage in the capital.

    Courses are looked at from the cut-off and every 30 days later, where they are not
    short already and 60 days remain.
    """
    short = np.any(values_of(run.daily, "served_share") < STOCKOUT_SHARE, axis=2)
    days = run.daily["day"].to_numpy()
    cut = int(np.searchsorted(days, np.datetime64(run.manifest.cutoff, "D")))
    origins = range(cut, len(days) - AHEAD_DAYS, 30)
    rows, came = [], []
    for origin in origins:
        is_calm = ~short[:, max(origin - _CALM_DAYS + 1, 0) : origin + 1].any(axis=1)
        ahead = short[:, origin + 1 : origin + 1 + AHEAD_DAYS]
        rows.append((origin, is_calm))
        came.append(is_shortage(ahead)[is_calm])
    shortage = np.concatenate(came) if came else np.zeros(0, dtype=bool)
    if min(int(shortage.sum()), int((~shortage).sum())) < _LEAST_COURSES:
        return ()
    signs = [
        _best(
            title,
            unit,
            np.concatenate([take(o)[calm] for o, calm in rows]),
            shortage,
            run,
        )
        for title, unit, take in _signs(run)
    ]
    kept = [entry for entry in signs if entry is not None]
    return tuple(sorted(kept, key=lambda entry: -entry.skill))


def _signs(run: Run) -> Iterator[tuple[str, str, Any]]:
    """List the signs: title, unit, and a function of the day looked from."""

    def sum_back(name: str) -> Any:  # noqa: ANN401 - a cell, a row or an array
        values = values_of(run.daily, name)
        return lambda day: values[:, max(day - _BACK_DAYS + 1, 0) : day + 1].sum(axis=1)

    def on_day(values: NDArray[Any]) -> Any:  # noqa: ANN401 - a cell, a row or an array
        return lambda day: values[:, day]

    for number, product in used_products(run):
        cover = values_of(run.daily, "days_of_supply")[:, :, number]
        yield f"Days of supply in the capital, {product}", "days", on_day(cover)
        price = values_of(run.daily, "price_per_l")[:, :, number]
        unit = str(run.daily["price_per_l"].attrs["units"])
        yield f"Parallel price in the capital, {product}", unit, on_day(price)
    yield "Trucks lost in the last four weeks", "trucks", sum_back("trucks_lost")
    yield (
        "Trucks that arrived in the last four weeks",
        "trucks",
        sum_back("trucks_delivered"),
    )
    yield "Escorted convoys in the last four weeks", "convoys", sum_back("convoys")
    yield (
        "Trucks waiting at the border",
        "trucks",
        on_day(values_of(run.daily, "trucks_waiting")),
    )


def _best(
    title: str, unit: str, values: NDArray[Any], shortage: NDArray[np.bool_], run: Run
) -> Indicator | None:
    """Choose the threshold that best announces a shortage, and count how it does."""
    chosen = find_threshold(values, shortage, _THRESHOLDS_TRIED)
    if chosen is None:
        return None
    threshold, is_low_bad = chosen
    sign = values < threshold if is_low_bad else values >= threshold
    if not 0 < sign.sum() < len(sign):
        return None
    basis = basis_of(run)

    def share(value: float) -> Quantity:
        return Quantity(float(value), "probability", basis=basis)

    return Indicator(
        title=title,
        is_low_bad=is_low_bad,
        threshold=Quantity(threshold, unit, basis=basis),
        chance_with=share(shortage[sign].mean()),
        chance_without=share(shortage[~sign].mean()),
        hits=share(sign[shortage].mean()),
        false_alarms=share(sign[~shortage].mean()),
    )
