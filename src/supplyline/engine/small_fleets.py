"""Fleets of the table that are too small for their roads, told before a run.

A member begins with roads full of a steady flow. A fleet with fewer trucks than that
has none idle at the start, and those on the road count all the same: it is enlarged
(docs/model/start.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.engine.demand import steady_need
from supplyline.engine.draws import Luck, draw_parameters
from supplyline.engine.world import build_world, draw_span
from supplyline.errors import Problem

if TYPE_CHECKING:
    from supplyline.case.case import Case

_MEMBERS: Final = 64
"""Members whose needs are looked at."""


def small_fleets(case: Case) -> list[str]:
    """Tell of each fleet whose trucks are fewer than its roads hold at the start."""
    known = case.fleets["trucks"]
    if known.isna().all():
        return []
    world = build_world(case, None, days=0, seed=1)
    luck = Luck(world.seed, range(_MEMBERS))
    inputs = draw_span(world.names, world.spans[0], luck).inputs
    need = steady_need(inputs, draw_parameters(case.params, luck))
    told = []
    for line, name, trucks in zip(
        case.lines["fleets"], case.fleets["fleet"], known, strict=True
    ):
        low, middle, high = np.quantile(
            need[:, world.names.fleets.index(name)], (0, 0.5, 1)
        )
        if pd.isna(trucks) or trucks >= middle:
            continue
        expected = (
            f"about {middle:,.0f} or more ({low:,.0f} to {high:,.0f} over members), as "
            "a steady flow keeps them busy: a run begins with those it needs"
        )
        found = f"{trucks:,.0f} of '{name}'"
        told.append(str(Problem("fleets.csv", line, "trucks", found, expected)))
    return told
