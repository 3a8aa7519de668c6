"""The day loop compiled before anybody calls it: the types of its arrays are known."""
# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np

from supplyline.case.series import Daily, DailyCountry
from supplyline.engine.kernels.code_cache import (
    COMPILED,
    ShippedCode,
    code_folder_name,
)
from supplyline.engine.kernels.day import run_block
from supplyline.engine.kernels.depots import (
    Account,
    Depot,
    DepotState,
    Place,
    PlaceDay,
    PlaceState,
)
from supplyline.engine.kernels.groups import (
    Attack,
    GroupAccount,
    GroupDay,
    GroupState,
    Presence,
    PresenceState,
    Region,
    RegionDay,
    RegionState,
    Relation,
)
from supplyline.engine.kernels.layout import CaseFacts, Day, NationState
from supplyline.engine.kernels.network import (
    Corridor,
    CorridorDay,
    CorridorState,
    Feed,
    FeedState,
    Fleet,
    FleetState,
    PathEntry,
)
from supplyline.engine.kernels.outputs import (
    DailyProduct,
    Loss,
    WeeklyCorridor,
    WeeklyDepot,
    WeeklyGroup,
    WeeklyPlace,
    WeeklyRegion,
)
from supplyline.engine.kernels.parameters import RECORD
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.threat import Truce
from supplyline.engine.kernels.world import Inputs, Outputs, State

if TYPE_CHECKING:
    from pathlib import Path

COMPILE_S: Final = "about 20 s"
"""What a machine of 2025 takes."""


def _no_inputs() -> Inputs:
    """Make the inputs of no member on no day."""
    return Inputs(
        facts=records(CaseFacts, 0),
        corridors=records(Corridor, 0),
        path=records(PathEntry, 0),
        feeds=records(Feed, 0),
        fleets=records(Fleet, 0),
        days=records(Day, 0),
        corridor_days=records(CorridorDay, 0, 0),
        open_level=np.zeros((0, 0), np.int64),
        order_level=np.zeros((0, 0), np.int64),
        official_price=np.zeros((0, 0)),
        ration=np.zeros((0, 0)),
        place_days=records(PlaceDay, 0, 0),
        places=records(Place, 0),
        regions=records(Region, 0),
        presence=records(Presence, 0, 0),
        relations=records(Relation, 0),
        attacks=records(Attack, 0),
        group_days=records(GroupDay, 0, 0),
        region_days=records(RegionDay, 0, 0),
        params=np.zeros(0, RECORD).view(np.recarray),
        depots=records(Depot, 0, 0, 0),
        truces=records(Truce, 0, 0),
        load_kl=np.zeros((0, 0)),
        levels=np.zeros((0, 0)),
    )


def _no_state() -> State:
    """Make the state of no member."""
    return State(
        nation=records(NationState, 0),
        corridors=records(CorridorState, 0, 0),
        fleets=records(FleetState, 0, 0),
        feeds=records(FeedState, 0, 0),
        places=records(PlaceState, 0, 0),
        depots=records(DepotState, 0, 0, 0),
        accounts=records(Account, 0, 0),
        returning=np.zeros((0, 0, 0)),
        arriving=np.zeros((0, 0, 0, 0)),
        due=np.zeros((0, 0, 0)),
        exposure=np.zeros((0, 0)),
        groups=records(GroupState, 0, 0),
        group_accounts=records(GroupAccount, 0, 0),
        alliances=np.zeros((0, 0)),
        overlaps=np.zeros((0, 0)),
        regions=records(RegionState, 0, 0),
        presence=records(PresenceState, 0, 0, 0),
        losses=records(Loss, 0, 0),
    )


def _no_outputs() -> Outputs:
    """Make the outputs of no member."""
    return Outputs(
        daily=records(Daily, 0, 0),
        daily_products=records(DailyProduct, 0, 0, 0),
        weekly_depots=records(WeeklyDepot, 0, 0, 0, 0),
        weekly_places=records(WeeklyPlace, 0, 0, 0),
        weekly_corridors=records(WeeklyCorridor, 0, 0, 0),
        daily_country=records(DailyCountry, 0, 0),
        weekly_regions=records(WeeklyRegion, 0, 0, 0),
        weekly_groups=records(WeeklyGroup, 0, 0, 0),
        weekly_attacks=np.zeros((0, 0, 0)),
    )


def block_types() -> tuple[Any, ...]:
    """Give the types with which `run_block` is called."""
    arguments = (_no_inputs(), _no_state(), _no_outputs(), np.zeros(0, np.int64), 0, 0)
    return tuple(numba.typeof(argument) for argument in arguments)


def compile_ahead() -> None:
    """Take the code of the day loop from the disk, or compile it."""
    if hasattr(run_block, "compile"):  # numba can be told not to compile
        run_block.compile(block_types())


def is_compiling() -> bool:
    """Whether the day loop is being compiled at this moment."""
    counter = getattr(run_block, "is_compiling", False)
    return bool(counter) and code_origin() == COMPILED


def code_origin() -> str:
    """Say where the code of the day loop is from."""
    return getattr(run_block, "origin", "not compiled") or "on the workers"


def write_code(folder: Path) -> None:
    """Compile the day loop into a folder that a wheel will hold."""
    loop: Any = run_block
    loop.use(ShippedCode(loop.py_func, folder / code_folder_name()))
    compile_ahead()
