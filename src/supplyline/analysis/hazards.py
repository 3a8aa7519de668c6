"""Hazards of losing power as a run keeps them, and the exact split of a change.

A hazard of one kind in one member is a product, so the change of its log is a sum over
covariates. The hazard of the ensemble is a sum of such products; logarithmic means
share its change out among them without a rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.analysis.chunks import rows_of, values_of
from supplyline.case.regime import COVARIATES, KINDS, RESPONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

HAZARDS: Final = tuple(f"hazard_{kind}" for kind in KINDS)
LEVELS: Final = tuple(f"covariate_{name}" for name in COVARIATES)
EXIT: Final = "exit_kind"
"""Daily outputs of the regime: hazards, covariates, and how rule ended."""


@dataclass(frozen=True, slots=True)
class Split:
    """The change of a log hazard, shared out.

    Attributes
    ----------
    total : float
        Log of the later over the earlier hazard of the ensemble.
    parts : array of float
        Share of each covariate, and last of the rates themselves; their sum is total.
    by_member : array of float
        The same within each member, shape (member, part).
    """

    total: float
    parts: Floats
    by_member: Floats


@dataclass(frozen=True, slots=True)
class Hazards:
    """Daily hazards of a run and what weighs on them.

    Attributes
    ----------
    run : Run
        The run.
    success : array of float
        Chance that an attempted coup ends the rule, shape (member,) [1].
    weights : array of float
        Log of the hazard ratio of each covariate for each kind, 0 where the kind does
        not respond, shape (member, kind, covariate).
    references : array of float
        Level of the covariate at which the base rate holds, shape (member, covariate).
    kept : dict
        Outputs on single days that were read already, by name and day.
    """

    run: Run
    success: Floats
    weights: Floats
    references: Floats
    kept: Rows

    def total(self) -> Floats:
        """Give the hazard that the rule ends, shape (member, day) [1/day]."""
        first, *rest = (values_of(self.run.daily, name) for name in HAZARDS)
        total = first.astype(np.float64) * self.success[:, np.newaxis]
        for hazard in rest:
            total += hazard
        return total

    def in_power(self) -> Bools:
        """Tell in which members the leader is in power, shape (member, day)."""
        return np.asarray(values_of(self.run.daily, EXIT) == 0)

    def in_power_on(self, day: int) -> Bools:
        """Tell in which members the leader is in power on a day, shape (member,)."""
        return np.asarray(self._day((EXIT,), day)[:, 0] == 0)

    def items(self, day: int) -> Floats:
        """Give the hazard of each kind on a day, shape (member, kind) [1/day]."""
        items = self._day(HAZARDS, day)
        items[:, KINDS.index("attempt")] *= self.success
        return items

    def levels(self, day: int) -> Floats:
        """Give the covariates on a day, shape (member, covariate) [1]."""
        return self._day(LEVELS, day)

    def change(self, first: int, last: int, members: Bools) -> Split:
        """Share out the change of the log hazard between two days."""
        before, after = (self.items(day)[members] for day in (first, last))
        moved = (self.levels(last) - self.levels(first))[members]
        terms = self.weights[members] * moved[:, np.newaxis, :]
        base = log_ratio(after, before) - terms.sum(axis=2)
        return split(before, after, np.concatenate([terms, base[..., None]], axis=2))

    def departure(self, day: int, members: Bools) -> Split:
        """Share out the log of the hazard over that with covariates at reference."""
        items = self.items(day)[members]
        moved = (self.levels(day) - self.references)[members]
        terms = self.weights[members] * moved[:, np.newaxis, :]
        calm = items * np.exp(-terms.sum(axis=2))
        none = np.zeros((*items.shape, 1))
        return split(calm, items, np.concatenate([terms, none], axis=2))

    def _day(self, names: Sequence[str], day: int) -> Floats:
        if (names[0], day) not in self.kept:
            [rows] = rows_of(self.run, lambda part: on_day(part, names, day))
            self.kept.update(rows)
        columns = [self.kept[name, day] for name in names]
        return np.stack(columns, axis=1).astype(np.float64)


def on_day(run: Run, names: Sequence[str], day: int) -> Rows:
    """Read daily outputs on one day."""
    return {(name, day): values_of(run.daily, name)[:, day] for name in names}


def read_hazards(run: Run) -> Hazards:
    """Take the hazards of a run with the parameters that weigh on them."""
    [rows] = rows_of(run, _weights)
    return Hazards(run, **rows, kept={})


def _weights(run: Run) -> Rows:
    """Take the parameters that weigh on the hazards."""
    params = run.params
    weights = np.zeros((len(params), len(KINDS), len(COVARIATES)))
    references = np.zeros((len(params), len(COVARIATES)))
    for column, name in enumerate(COVARIATES):
        log = np.log(params[f"hazard_ratio_{name}"].to_numpy(np.float64))
        for row, kind in enumerate(KINDS):
            if name in RESPONDS[kind]:
                weights[:, row, column] = log
        if f"reference_{name}" in params:
            references[:, column] = params[f"reference_{name}"].to_numpy(np.float64)
    success = params["coup_success_probability"].to_numpy(np.float64)
    return {"success": success, "weights": weights, "references": references}


def split(before: Floats, after: Floats, terms: Floats) -> Split:
    """Share out the log of a ratio of sums by logarithmic means.

    Notes
    -----
    With L(a, b) = (a - b) / (ln a - ln b), each item counts with the weight
    L(after, before) / L(sum of after, sum of before). Members are put together first
    and the ensemble from them, which gives the same parts.

    References
    ----------
    Ang, B. W. (2005), The LMDI approach to decomposition analysis: a practical guide,
    Energy Policy 33, 867-871.

    Examples
    --------
    >>> terms = np.log([[[2.0], [1.0]]])
    >>> parted = split(np.array([[1.0, 1.0]]), np.array([[2.0, 1.0]]), terms)
    >>> round(parted.total, 6), parted.parts.round(6).tolist()
    (0.405465, [0.405465])
    """
    sums = before.sum(axis=1), after.sum(axis=1)
    whole = log_mean(sums[1], sums[0])
    weights = log_mean(after, before) / whole[:, np.newaxis]
    by_member = np.einsum("mk,mkp->mp", weights, terms)
    ends = sums[0].mean(keepdims=True), sums[1].mean(keepdims=True)
    shares = whole / (len(whole) * log_mean(ends[1], ends[0]))
    return Split(float(log_ratio(ends[1], ends[0])[0]), shares @ by_member, by_member)


def log_ratio(after: Floats, before: Floats) -> Floats:
    """Give the log of a ratio; 0 where there was nothing before."""
    return np.asarray(np.log1p(_gain(after, before)))


def log_mean(after: Floats, before: Floats) -> Floats:
    """Give the logarithmic mean of two numbers, well behaved where they meet.

    Examples
    --------
    >>> log_mean(np.array([2.0, 3.0, 0.0]), np.array([1.0, 3.0, 0.0])).round(4).tolist()
    [1.4427, 3.0, 0.0]
    """
    gain = _gain(after, before)
    ratio = np.divide(gain, np.log1p(gain), out=np.ones_like(gain), where=gain != 0)
    return np.asarray(before * ratio)


def _gain(after: Floats, before: Floats) -> Floats:
    """Give the growth against the earlier number; 0 where that is 0."""
    out = np.zeros_like(after)
    return np.asarray(np.divide(after - before, before, out=out, where=before > 0))
