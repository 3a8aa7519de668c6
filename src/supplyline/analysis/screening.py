"""Which inputs move an outcome: shares of variance by quarter, each put to a test.

The members of a run are cut into quarters by an input. How far the means of the
quarters lie apart is the share of the outcome's variance that the input tells alone,
its first-order index. Chance makes quarters differ too: what it makes is taken off, and
an input is named only where the difference is far beyond it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Codes = NDArray[np.uint8]

QUARTERS: Final = 4
ERROR: Final = 1e-6
"""Chance that one explanation names any input that does nothing.

A brief asks about fifty questions: one brief in twenty thousand names a wrong input.
"""
_LIKE: Final = 0.5
"""Correlation of quarters from which on two inputs cannot be told apart."""
_FINE: Final = 16
"""Parts by which what a named input tells is taken out of an outcome."""
_ROWS: Final = 8192
"""Members summed at once, so that little stands in memory."""


class Quarters(NamedTuple):
    """Inputs cut into quarters of the members, worked out once for all outcomes."""

    values: Singles
    """Shape (member, input)."""
    codes: Codes
    """Quarter of each member, 0 the lowest; shape (member, input)."""
    counts: Floats
    """Members in each quarter; shape (input, quarter)."""
    standard: Singles
    """Quarters less their mean, over the root of their sum of squares."""

    @property
    def filled(self) -> Floats:
        """Count the quarters of each input that hold members."""
        return np.asarray((self.counts > 0).sum(axis=1), np.float64)

    def only(self, columns: NDArray[np.intp]) -> Quarters:
        """Take some of the inputs."""
        values, codes, counts, standard = self
        return Quarters(
            values[:, columns], codes[:, columns], counts[columns], standard[:, columns]
        )

    def likeness(self, column: int) -> Floats:
        """Correlate the quarters of one input with those of all."""
        return np.asarray(self.standard[:, column] @ self.standard, np.float64)


def cut(values: NDArray[Any]) -> Quarters:
    """Cut inputs into quarters; none may be missing or the same for all members."""
    kept = np.asarray(values, np.float32)
    ordered = np.sort(kept, axis=0)
    members = len(kept)
    codes = np.zeros(kept.shape, np.uint8)
    for part in range(1, QUARTERS):
        codes += kept > ordered[(part * members) // QUARTERS - 1]
    # many equal values leave quarters empty; few values are taken one by one
    few = 1 + (np.diff(ordered, axis=0) != 0).sum(axis=0) <= QUARTERS
    for column in np.flatnonzero(few):
        codes[:, column] = np.unique(kept[:, column], return_inverse=True)[1]
    for column in np.flatnonzero(codes.max(axis=0) == 0):
        codes[:, column] = kept[:, column] == ordered[-1, column]
    counts = np.stack([(codes == part).sum(axis=0) for part in range(QUARTERS)], axis=1)
    standard = codes.astype(np.float32)
    standard -= standard.mean(axis=0)
    standard /= np.sqrt((standard**2).sum(axis=0))
    return Quarters(kept, codes, counts.astype(np.float64), standard)


def independent(values: Floats, pasts: NDArray[Any]) -> Floats:
    """Count the members that would tell as much of each outcome if none shared a past.

    Members with one past share all inputs, and what is new in each is luck. The ratio
    is that of the sum of squares of single members to that of whole pasts.
    """
    off = values - values.mean(axis=0)
    count = int(pasts.max()) + 1
    sums = np.stack([np.bincount(pasts, column, count) for column in off.T], axis=1)
    alone, together = (off**2).sum(axis=0), (sums**2).sum(axis=0)
    told = np.full(values.shape[1], float(len(values)))
    np.divide(len(values) * alone, together, out=told, where=together > 0)
    return np.asarray(np.minimum(told, len(values)), np.float64)


class Named(NamedTuple):
    """An input that moves an outcome."""

    column: int
    share: float
    """Share of the outcome's variance that it tells alone, chance taken off [1]."""
    alike: tuple[int, ...]
    """Inputs that go with it, the likest first, and move the outcome too."""


def screen(
    quarters: Quarters, outcomes: Floats, pasts: NDArray[Any],
    asked: NDArray[np.bool_], most: int,
) -> list[list[Named]]:  # fmt: skip
    """Name the inputs that move each of many outcomes, the strongest first.

    `outcomes` has the shape (member, outcome); `asked`, of the shape (outcome, input),
    tells which inputs come into question. After each that is named, what it tells is
    taken out, and what goes with it no longer comes into question.
    """
    columns = np.flatnonzero(asked.any(axis=0))
    quarters, asked = quarters.only(columns), asked[:, columns]
    rest = outcomes - outcomes.mean(axis=0)
    named: list[list[Named]] = [[] for _ in range(outcomes.shape[1])]
    alone, freedom = independent(rest, pasts), quarters.filled - 1
    level = ERROR / np.maximum(most * asked.sum(axis=1), 1)[:, None]
    sums = _sums(quarters, rest)
    told = _told(quarters, sums, rest)
    shares = _less_chance(told, alone, quarters.filled)
    is_chance = np.all((outcomes == 0) | (outcomes == 1), axis=0)[:, None]
    ratio = _likelihood_ratio(quarters, sums, outcomes.mean(axis=0))
    surprise = np.where(is_chance, ratio, told * len(rest))
    moves = asked & (
        _chance_of(surprise * (alone / len(rest))[:, None], freedom) < level
    )
    left = moves.copy()
    while left.any() and max(map(len, named)) < most:
        for row in np.flatnonzero(left.any(axis=1)):
            column = int(np.argmax(np.where(left[row], told[row], -1)))
            like = np.abs(quarters.likeness(column))
            also = moves[row] & (like >= _LIKE)
            also[column] = False
            likest = sorted(np.flatnonzero(also), key=lambda one: -like[one])
            share = float(shares[row, column])
            others = tuple(int(columns[one]) for one in likest)
            named[row].append(Named(int(columns[column]), share, others))
            left[row] &= like < _LIKE
            _take_out(quarters.values[:, column], rest[:, row])
        told = _told(quarters, _sums(quarters, rest), rest)
        taken = np.array([1 + (_FINE - 1) * len(each) for each in named])
        statistic = told * (independent(rest, pasts) - taken)[:, None]
        left &= _chance_of(statistic, freedom) < level
    return [sorted(each, key=lambda entry: -entry.share) for each in named]


def _sums(quarters: Quarters, rest: Floats) -> Floats:
    """Add up outcomes within quarters; shape (quarter, input, outcome)."""
    sums = np.zeros((QUARTERS, quarters.codes.shape[1], rest.shape[1]))
    for first in range(0, len(rest), _ROWS):
        rows = slice(first, first + _ROWS)
        # sums of a few thousand numbers: single precision is enough
        own = rest[rows].astype(np.float32)
        for part in range(QUARTERS):
            sums[part] += (quarters.codes[rows] == part).astype(np.float32).T @ own
    return sums


def _told(quarters: Quarters, sums: Floats, rest: Floats) -> Floats:
    """Give the share of variance between quarters; shape (outcome, input)."""
    total = (rest**2).sum(axis=0)
    counts = np.maximum(quarters.counts.T[:, :, None], 1)
    between = np.asarray((sums**2 / counts).sum(axis=0).T, np.float64)
    told: Floats = np.zeros_like(between)
    np.divide(between, total[:, None], out=told, where=total[:, None] > 0)
    return told


def _likelihood_ratio(quarters: Quarters, sums: Floats, chance: Floats) -> Floats:
    """Hold the chances of quarters against one chance; shape (outcome, input).

    Where few courses go another way than most, this stays true in the far tail; the
    sum of squares does not.
    """
    counts = np.maximum(quarters.counts.T[:, :, None], 1)
    own = np.clip(sums / counts + chance, 0, 1)
    total = np.zeros(sums.shape[1:])
    for part, whole in ((own, chance), (1 - own, 1 - chance)):
        log = np.zeros_like(part)
        np.log(part / np.maximum(whole, 1e-12), out=log, where=part > 0)
        total += (quarters.counts.T[:, :, None] * part * log).sum(axis=0)
    return np.asarray(2 * total.T, np.float64)


def _less_chance(told: Floats, alone: Floats, filled: Floats) -> Floats:
    """Take off a share what chance alone would tell: the adjusted share of variance."""
    left = np.maximum(alone[:, None] - filled, 1)
    return np.asarray(1 - (1 - told) * (alone[:, None] - 1) / left)


def _chance_of(statistic: Floats, freedom: Floats) -> Floats:
    """Give the chance of a chi-squared number this large, of 1 to 3 degrees."""
    half = np.maximum(statistic, 0) / 2
    tail = np.vectorize(math.erfc, otypes=[float])(np.sqrt(half))
    three = tail + 2 * np.sqrt(half / math.pi) * np.exp(-half)
    two = np.exp(-half)
    degree = np.broadcast_to(freedom, half.shape)
    cases = [degree == 1, degree == 2, degree == 3]
    return np.asarray(np.select(cases, [tail, two, three], 1.0), np.float64)


def _take_out(values: Singles, rest: Floats) -> None:
    """Take out of an outcome what one input tells, by small parts of its range."""
    # what is equal is in one part
    position = np.searchsorted(np.sort(values), values)
    part = position * _FINE // len(values)
    counts = np.maximum(np.bincount(part, minlength=_FINE), 1)
    rest -= (np.bincount(part, rest, _FINE) / counts)[part]
