"""Values by member, and as one number: a share or a middle with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import numpy as np

from supplyline.analysis.chunks import rows_of, values_of
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.runs import Run

    Floats = NDArray[np.float64]

NINE_IN_TEN: Final = 1.6448536269514722
"""Standard errors on both sides of a mean that hold nine in ten."""
LOW, HIGH = 0.05, 0.95
"""Quantiles that nine members in ten lie between."""


_USED: Final[WeakKeyDictionary[Run, list[tuple[int, str]]]] = WeakKeyDictionary()
"""Products used in each run: many ask for them, and all of an output tells them."""


def used_products(run: Run) -> list[tuple[int, str]]:
    """Give the products that are used in the capital or from there, by column."""
    if run not in _USED:
        cover = "days_of_supply"
        [rows] = rows_of(
            run,
            lambda part: {cover: np.isfinite(values_of(part.daily, cover)).all(axis=1)},
        )
        is_used = rows[cover].all(axis=0)
        names = [str(name) for name in run.daily["product"].to_numpy()]
        _USED[run] = [(int(one), names[one]) for one in np.flatnonzero(is_used)]
    return _USED[run]


def check_days(days: int, most: int, what: str) -> None:
    """Refuse a number of days that a run does not have."""
    if days not in range(1, most + 1):
        message = f"days is {days}; expected 1 to {most}, {what}"
        raise ValueError(message)


def basis_of(run: Run) -> str:
    """Say what the numbers of a run rest on."""
    return f"run {run.manifest.run}"


def number_of(quantity: Quantity) -> float:
    """Read a number that is known not to be a date."""
    value = quantity.value
    return float(value) if isinstance(value, int | float) else 0.0


def independent_members(run: Run) -> float:
    """Count the members that would tell as much if none shared its past with another.

    Members of a lineage that live on the past of one member count together: 1 over the
    sum of the squared shares of the pasts.
    """
    if run.lineage is None:
        return float(len(run.members))
    _, copies = np.unique(run.lineage.stretches[0].luck, return_counts=True)
    return float(copies.sum() ** 2 / (copies**2).sum())


def pasts_of(run: Run, members: int) -> NDArray[np.intp]:
    """Give the number of the past that each of the first members lives on."""
    if run.lineage is None:
        return np.arange(members)
    luck = run.lineage.stretches[0].luck[run.members.start :][:members]
    return np.asarray(np.unique(luck, return_inverse=True)[1], np.intp)


def share_of(
    count: float, total: int, basis: str, independent: float | None = None
) -> Quantity:
    """Tell in what share of the members something holds [probability].

    The interval is for as many `independent` members, all if not given.

    Notes
    -----
    The interval is that of Wilson: the shares from which the count found is within
    1.645 standard errors.

    References
    ----------
    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical
    inference, Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> print(share_of(10, 100, "run 3f9a1c2e77b0"))
    10 % (6.1 to 16)
    """
    share, number = count / total, total if independent is None else independent
    weight = NINE_IN_TEN**2 / number
    middle = (share + weight / 2) / (1 + weight)
    half = NINE_IN_TEN * np.sqrt(share * (1 - share) / number + weight / (4 * number))
    half = float(half) / (1 + weight)
    return Quantity(
        share,
        "probability",
        low=max(middle - half, 0.0),
        high=min(middle + half, 1.0),
        basis=basis,
    )


def spread(value: float, values: Floats, unit: str, basis: str) -> Quantity:
    """Tell a number of the ensemble with what nine members in ten have."""
    low, high = np.quantile(values, (LOW, HIGH))
    return Quantity(value, unit, low=float(low), high=float(high), basis=basis)


def median_of(values: Floats, unit: str, basis: str) -> Quantity | None:
    """Tell the median with what nine members in ten have."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return None
    return spread(float(np.median(finite)), finite, unit, basis)
