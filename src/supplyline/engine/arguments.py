"""What a caller chooses: days, members, seed and parameters, each in its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.case.parameters import PARAMETERS
from supplyline.errors import by_kind, refuse_other, shown, unknown_text
from supplyline.runs import Arguments

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.runs import Run

MOST_MEMBERS: Final = 1_000_000
LAST_MEMBER: Final = 2**31 - 1
"""Members are numbered up to here, in logs too."""


def read_arguments(
    case: Case,
    days: int | None,
    members: int | None,
    seed: int | None,
    like: Run | None = None,
) -> Arguments:
    """Read what a caller chose of one run, or takes from another."""
    if like is not None:
        given = {"days": days, "members": members, "seed": seed}
        clash = [name for name, value in given.items() if value is not None]
        if clash:
            message = f"{', '.join(clash)} cannot be given together with like"
            raise ValueError(message)
        return like.manifest.arguments
    days = case.config.forecast_days if days is None else days
    members = 2000 if members is None else members
    seed = 1 if seed is None else seed
    refuse_outside("days", days, 0, 3650)
    refuse_outside("members", members, 1, MOST_MEMBERS)
    refuse_outside("seed", seed, 0, 2**63 - 1)
    return Arguments(days=int(days), members=int(members), seed=int(seed))


def refuse_outside(name: str, value: object, low: int, high: int) -> None:
    """Refuse what is no whole number in its bounds."""
    if not isinstance(value, int | np.integer) or not low <= value <= high:
        message = f"{name} is {value}; expected {low:,} to {high:,}"
        raise ValueError(message)


def read_members(members: int | range | None, params: pd.DataFrame | None) -> range:
    """Read which members a caller wants: those asked for, or those of parameters."""
    if params is not None:
        refuse_other("params", params, "DataFrame", "pandas")
        if len(params) == 0:
            message = "params is empty; expected a row for each member"
            raise ValueError(message)
    if members is None:
        members = 2000 if params is None else len(params)
    if not isinstance(members, range):
        refuse_outside("members", members, 1, LAST_MEMBER)
        return range(int(members))
    if members.step != 1 or not 0 <= members.start < members.stop <= LAST_MEMBER:
        expected = f"range(first, stop) with 0 <= first < stop <= {LAST_MEMBER:,}"
        message = f"members is {members}; expected {expected}"
        raise ValueError(message)
    return members


def refuse_params(params: pd.DataFrame, case: Case, members: range) -> None:
    """Refuse given parameters that the case has not, or that cannot be."""
    faults = [_column_fault(params, name, case) for name in params.columns.unique()]
    if not params.index.equals(pd.RangeIndex(members)):
        given = f"{len(params):,} rows"
        if len(params) == len(members):
            first, last = params.index[[0, -1]].tolist()
            given += f" from {first!r} to {last!r}"
        expected = f"the members as index, {members.start:,} to {members.stop - 1:,}"
        faults.append(f"params has {given}; expected {expected}, in this order")
    told = [fault for fault in faults if fault is not None]
    if told:
        raise ValueError("\n".join(by_kind(told)))


def _column_fault(params: pd.DataFrame, name: object, case: Case) -> str | None:
    """Tell what is wrong with a column of given parameters."""
    known = case.params["param"].tolist()
    if name not in known:
        return unknown_text("column of params", name, known, "a parameter of the case")
    column = params[name]
    if column.ndim > 1:
        return f"params has the column {shown(name)} twice; expected it once"
    if not pd.api.types.is_numeric_dtype(column):
        return f"params[{name!r}] holds {column.dtype}; expected numbers"
    values = column.to_numpy(np.float64)
    bounds = PARAMETERS[str(name)]
    is_wrong = ~((values >= bounds.low) & (values <= bounds.high))
    if not is_wrong.any():
        return None
    first = int(np.argmax(is_wrong))
    where = f"of member {params.index[first]}"
    if (count := int(is_wrong.sum())) > 1:
        where += f" and {count - 1:,} more"
    expected = f"{bounds.low:g} to {bounds.high:g}"
    return f"params[{name!r}] {where} is {values[first]:g}; expected {expected}"
