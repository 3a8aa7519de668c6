"""Parameters that are given in the place of drawn ones: what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supplyline.case.parameters import PARAMETERS
from supplyline.errors import shown, unknown_text

if TYPE_CHECKING:
    from collections.abc import Collection


def params_faults(
    params: pd.DataFrame, members: range, known: Collection[str], name: str = "params"
) -> list[str]:
    """Tell of columns that are not known or cannot be, and of another index."""
    columns = params.columns.unique()
    faults = [_column_fault(params, column, known, name) for column in columns]
    if not params.index.equals(pd.RangeIndex(members)):
        given = f"{len(params):,} rows"
        if len(params) == len(members):
            first, last = params.index[[0, -1]].tolist()
            given += f" from {first!r} to {last!r}"
        expected = f"the members as index, {members.start:,} to {members.stop - 1:,}"
        faults.append(f"{name} has {given}; expected {expected}, in this order")
    return [fault for fault in faults if fault is not None]


def _column_fault(
    params: pd.DataFrame, column: object, known: Collection[str], name: str
) -> str | None:
    """Tell what is wrong with a column of given parameters."""
    if column not in known:
        expected = "a parameter of the case"
        return unknown_text(f"column of {name}", column, known, expected)
    given = params[column]
    if given.ndim > 1:
        return f"{name} has the column {shown(column)} twice; expected it once"
    if not pd.api.types.is_numeric_dtype(given):
        return f"{name}[{column!r}] holds {given.dtype}; expected numbers"
    values = given.to_numpy(np.float64)
    bounds = PARAMETERS[str(column)]
    is_wrong = ~((values >= bounds.low) & (values <= bounds.high))
    if not is_wrong.any():
        return None
    first = int(np.argmax(is_wrong))
    where = f"of member {params.index[first]}"
    if (count := int(is_wrong.sum())) > 1:
        where += f" and {count - 1:,} more"
    expected = f"{bounds.low:g} to {bounds.high:g}"
    return f"{name}[{column!r}] {where} is {values[first]:g}; expected {expected}"
