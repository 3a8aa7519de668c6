"""Values by member, and as one number: a share or a middle with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.quantities import Quantity

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from supplyline.runs import Run

    Floats = NDArray[np.float64]

NINE_IN_TEN: Final = 1.6448536269514722
"""Standard errors on both sides of a mean that hold nine in ten."""
LOW, HIGH = 0.05, 0.95
"""Quantiles that nine members in ten lie between."""


def values_of(data: xr.Dataset, name: str) -> NDArray[Any]:
    """Read a variable with its axes in a known order."""
    order = (
        "member", "day", "week", "place", "corridor", "region", "group", "product",
    )  # fmt: skip
    array = data[name]
    return np.asarray(
        array.transpose(*(dim for dim in order if dim in array.dims)).to_numpy()
    )


def used_products(run: Run) -> list[tuple[int, str]]:
    """Give the products that are used in the capital or from there, by column."""
    used = np.isfinite(values_of(run.daily, "days_of_supply")).all(axis=(0, 1))
    names = [str(name) for name in run.daily["product"].to_numpy()]
    return [(int(column), names[column]) for column in np.flatnonzero(used)]


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


def share_of(count: float, total: int, basis: str) -> Quantity:
    """Tell in what share of the members something holds [probability].

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
    share, weight = count / total, NINE_IN_TEN**2 / total
    middle = (share + weight / 2) / (1 + weight)
    half = NINE_IN_TEN * np.sqrt(share * (1 - share) / total + weight / (4 * total))
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
