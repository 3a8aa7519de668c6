"""What a caller chooses: days, members, seed and parameters, each in its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.case.given_params import params_faults
from supplyline.errors import by_kind, refuse_other, unknown_text
from supplyline.runs import SHORT_BELOW, Arguments

if TYPE_CHECKING:
    import pandas as pd

    from supplyline.case.case import Case
    from supplyline.runs import Lineage, Run

MOST_MEMBERS: Final = 1_000_000
LAST_MEMBER: Final = 2**31 - 1
"""Members are numbered up to here, in logs too."""


def read_arguments(
    case: Case,
    days: int | None,
    members: int | None,
    seed: int | None,
    like: Run | None = None,
    lineage: Lineage | None = None,
    short_below: float | None = None,
) -> Arguments:
    """Read what a caller chose of one run, or takes from another."""
    if like is not None:
        refuse_together(
            "like",
            days=days,
            members=members,
            seed=seed,
            lineage=lineage,
            short_below=short_below,
        )
        return like.manifest.arguments
    if lineage is not None:
        refuse_together("lineage", members=members)
        refuse_lineage(lineage, case)
        members = len(lineage)
    days = case.config.forecast_days if days is None else days
    members = 2000 if members is None else members
    seed = 1 if seed is None else seed
    refuse_outside("days", days, 0, 3650)
    refuse_outside("members", members, 1, MOST_MEMBERS)
    refuse_outside("seed", seed, 0, 2**63 - 1)
    below = SHORT_BELOW if short_below is None else short_below
    if not 0 < below <= 1:
        message = f"short_below is {short_below}; expected more than 0 and at most 1"
        raise ValueError(message)
    return Arguments(
        days=int(days),
        members=int(members),
        seed=int(seed),
        lineage=None if lineage is None else lineage.sha256,
        short_below=float(below),
    )


def refuse_together(name: str, **others: object) -> None:
    """Refuse arguments that another one decides."""
    if clash := [other for other, value in others.items() if value is not None]:
        message = f"{', '.join(clash)} cannot be given together with {name}"
        raise ValueError(message)


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
    if faults := params_faults(params, members, case.params["param"].tolist()):
        raise ValueError("\n".join(by_kind(faults)))


def refuse_lineage(lineage: Lineage, case: Case) -> None:
    """Refuse a lineage with parameters that the case has not."""
    refuse_other("lineage", lineage, "Lineage", "Lineage.load")
    known = case.params["param"].tolist()
    faults = [
        unknown_text(f"column of stretches[{position}].params", name, known)
        for position, stretch in enumerate(lineage.stretches)
        for name in (() if stretch.params is None else stretch.params)
        if name not in known
    ]
    if faults:
        raise ValueError("\n".join(by_kind(faults)))
