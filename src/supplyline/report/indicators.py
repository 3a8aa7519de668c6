"""What to watch: signs that tell courses with a coming shortage from those without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.analysis.chunks import values_of
from supplyline.analysis.compare import STOCKOUT_SHARE
from supplyline.analysis.members import basis_of, number_of, used_products
from supplyline.analysis.shortage import SHORTAGE_DAYS, in_shortage
from supplyline.analysis.signs import find_threshold
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

AHEAD_DAYS: Final = 60
"""How far ahead a judgement or a sign looks [days]."""
_BACK_DAYS: Final = 28
_CALM_DAYS: Final = 7
_LEAST_COURSES: Final = 40
_THRESHOLDS_TRIED: Final = 60
_BY_PRODUCT: Final = {
    "days_of_supply": "Days of supply in the capital",
    "price_per_l": "Parallel price in the capital",
}
_SUMS_BACK: Final = {
    "trucks_lost": ("Trucks lost in the last four weeks", "trucks"),
    "trucks_delivered": ("Trucks that arrived in the last four weeks", "trucks"),
    "convoys": ("Escorted convoys in the last four weeks", "convoys"),
}
_ON_DAY: Final = {"trucks_waiting": ("Trucks waiting at the border", "trucks")}
"""Outputs that may be a sign, with title and unit."""
_CALM, _SHORTAGE = "is_calm", "is_shortage"
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
    """Tell which members see a shortage; over fewer days all have to be short."""
    days = min(SHORTAGE_DAYS, max(short.shape[1], 1))
    return np.asarray(in_shortage(short, days).any(axis=1))


def indicators(run: Run, read: Rows) -> tuple[Indicator, ...]:
    """Find the thresholds that best announce a shortage in the capital.

    Courses are looked at from the cut-off and every 30 days later, where they are not
    short already and 60 days remain.
    """
    if not read:
        return ()
    is_calm = read[_CALM]
    came = [read[_SHORTAGE][calm, i] for i, calm in enumerate(is_calm.T)]
    shortage = np.concatenate(came)
    if min(int(shortage.sum()), int((~shortage).sum())) < _LEAST_COURSES:
        return ()
    signs = [
        _best(
            title,
            unit,
            np.concatenate([values[calm, i] for i, calm in enumerate(is_calm.T)]),
            shortage,
            run,
        )
        for title, unit, values in _signs(run, read)
    ]
    kept = [entry for entry in signs if entry is not None]
    return tuple(sorted(kept, key=lambda entry: -entry.skill))


def read_signs(run: Run) -> Rows:
    """Read what is seen from each day looked from, and what comes; none without one."""
    days = run.daily["day"].to_numpy()
    cut = int(np.searchsorted(days, np.datetime64(run.manifest.cutoff, "D")))
    origins = range(cut, len(days) - AHEAD_DAYS, 30)
    if not origins:
        return {}
    short = np.any(values_of(run.daily, "served_share") < STOCKOUT_SHARE, axis=2)

    def back(values: NDArray[Any], day: int, length: int) -> NDArray[Any]:
        return values[:, max(day - length + 1, 0) : day + 1]

    def from_each(look: Callable[[int], NDArray[Any]]) -> NDArray[Any]:
        return np.stack([look(day) for day in origins], axis=1)

    rows = {
        _CALM: from_each(lambda day: np.all(~back(short, day, _CALM_DAYS), axis=1)),
        _SHORTAGE: from_each(
            lambda day: is_shortage(short[:, day + 1 : day + 1 + AHEAD_DAYS])
        ),
    }
    for name in (*_BY_PRODUCT, *_ON_DAY):
        rows[name] = values_of(run.daily, name)[:, list(origins)]
    for name in _SUMS_BACK:
        values = values_of(run.daily, name)
        spans = [back(values, day, _BACK_DAYS).sum(axis=1) for day in origins]
        rows[name] = np.stack(spans, axis=1)
    return rows


def _signs(run: Run, read: Rows) -> Iterator[tuple[str, str, NDArray[Any]]]:
    """List the signs: title, unit, and values by member and day looked from."""
    for number, product in used_products(run):
        for name, title in _BY_PRODUCT.items():
            unit = str(run.daily[name].attrs["units"])
            yield f"{title}, {product}", unit, read[name][:, :, number]
    for name, (title, unit) in (_SUMS_BACK | _ON_DAY).items():
        yield title, unit, read[name]


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
