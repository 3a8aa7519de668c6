"""Small worlds for tests: the toy case with other rows, and its arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplyline.case.change import Change
from supplyline.case.scenario import Scenario, apply
from supplyline.engine.arrays import Names, parameter_records
from supplyline.engine.block import BlockResult, new_outputs, new_state
from supplyline.engine.draws import Luck, draw_parameters
from supplyline.engine.kernels.day import run_block
from supplyline.engine.tasks import simulate_members
from supplyline.engine.world import build_world, draw_span

if TYPE_CHECKING:
    from supplyline.engine.kernels.world import Inputs, Outputs, State


COUNTRY_MEASURES = (
    "offensive_factor", "harm_factor", "gold_price", "group_factor", "clash_factor",
    "alliance", "ransom", "deal", "coup_attempt", "purge", "party_ban",
    "election_postponed", "siege",
)  # fmt: skip
"""Measures that only a case with armed groups can take."""


def within(error, standard_error):
    """Say whether an error is under the bound: one false alarm in a million."""
    return bool(abs(error) < 4.9 * standard_error)


def changed(case, *changes):
    """Make changes to a case from its first day on."""
    return apply(case, asked(*changes, start=case.config.start))


def asked(*changes, start, name="made"):
    """Ask for changes from a day on."""
    return Scenario(name, name.title(), "What if?", start, changes)


def fixed(**values):
    """Fix parameters to one value in all members."""
    return tuple(
        Change("params", {"param": name}, {"distribution": "fixed", "a": a, "b": ""})
        for name, a in values.items()
    )


def without(*kinds):
    """Remove all measures of some kinds."""
    return Change("measures", {"kind": kinds}, remove=True)


def measure(kind, start, **cells):
    """Add a measure."""
    row = {"measure": f"{kind}-{start}", "kind": kind, "start": start}
    return Change("measures", add=({**row, "source": "assumption", **cells},))


def spare_way(corridor, capacity="", fleet="coast_trucks"):
    """Add a twin of the toy case's road to its capital, from the same border."""
    source = {"source": "assumption"}
    segment = f"{corridor}-1"
    ends = {"from_place": "crossing", "to_place": "highcourt"}
    way = {"mode": "road", "length_km": 200, "travel_h": 5, "surface": "paved"}
    return (
        Change(
            "segments",
            add=(
                {"segment": segment, **ends, **way, "region": "upland",
                 "exposure": 1.25, "tier": 1, **source},
            ),
        ),
        Change(
            "corridors",
            add=(
                {"corridor": corridor, "title": corridor, "kind": "import",
                 "fleet": fleet, "origin": "harbour", "gateway": "crossing",
                 "destination": "highcourt", "capacity_kl_per_day": capacity, **source},
            ),
        ),
        Change(
            "corridor_segments",
            add=tuple(
                {"corridor": corridor, "position": position, "segment": each}
                for position, each in enumerate(("A1", segment), start=1)
            ),
        ),
        Change(
            "feeds",
            add=({"place": "highcourt", "corridor": corridor, "share": 0, **source},),
        ),
    )  # fmt: skip


def ungrouped(case):
    """Take the armed groups out of a case, and all that only they give a meaning."""
    tables = {
        "groups": "group", "presence": "group", "relations": "group",
        "attacks": "attack", "partners": "partner", "aims": "aim",
    }  # fmt: skip
    cuts = [
        Change(table, {key: tuple(getattr(case, table)[key].unique())}, remove=True)
        for table, key in tables.items()
        if len(getattr(case, table))
    ]
    kinds = case.measures["kind"]
    given = tuple(kinds[kinds.isin(COUNTRY_MEASURES)].unique())
    return changed(case, *cuts, *([without(*given)] if given else []))


def params_of(case, **values):
    """Draw one member's parameters, and set some of them."""
    record = parameter_records(draw_parameters(case.params, Luck(1, range(1))))[0]
    for name, value in values.items():
        record[name] = value
    return record


def simulated(case, members, scenario=None, days=0, seed=7):
    """Simulate some members as a task does."""
    return simulate_members(build_world(case, scenario, days, seed), members)


def bytes_of(*results):
    """Give the bytes of all that members leave, those of several results joined."""
    names = [
        name
        for name in BlockResult._fields
        if name not in ("members", "lead_cuts", "losses")
    ]
    whole = {name: [getattr(each, name) for each in results] for name in names}
    whole["losses"] = [log for each in results for log in each.losses]
    for outputs in whole.pop("outputs"):
        for name, array in outputs._asdict().items():
            whole.setdefault(name, []).append(array)
    return {
        name: b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
        for name, arrays in whole.items()
    }


class Stage(NamedTuple):
    """Arrays of one block, as a kernel is given them."""

    names: Names
    inputs: Inputs
    state: State
    outputs: Outputs


def stage(case, members=1, days=0, seed=1):
    """Set the arrays of a block before its first day."""
    world = build_world(case, None, days, seed)
    span = draw_span(world.names, world.spans[0], Luck(seed, range(members)))
    outputs = new_outputs(world.names, members, world.end_day)
    return Stage(world.names, span.inputs, new_state(span), outputs)


def copied(made):
    """Copy a stage, so that a test may change what others start from."""
    parts = ((each, each._asdict()) for each in made[1:])
    copies = (
        type(each)(**{name: array.copy() for name, array in arrays.items()})
        for each, arrays in parts
    )
    return Stage(made.names, *copies)


def told(made, **values):
    """Set parameters in all members of a stage."""
    for name, value in values.items():
        made.inputs.params[name] = value
    return made


def played(made, first=0, end=None):
    """Let the members of a stage live its days."""
    days = made.outputs.daily.shape[1]
    end = days if end is None else end
    luck = np.arange(len(made.inputs.params))
    run_block(made.inputs, made.state, made.outputs, luck, first, end)
    return made


BOOKS = {
    "money": (
        "money_account",
        "cash_start gold zakat livestock protection toll loot ransom",
        "pay operations other_spending cash_end",
    ),
    "fighters": (
        "fighter_account", "start recruited", "killed deserted split_off end"
    ),
    "people": (
        "people_account", "residents_start deserted",
        "recruited civilians_killed residents_end displaced_end abroad_end",
    ),
    "soldiers": ("soldier_account", "start replaced", "killed end"),
}  # fmt: skip
"""Ledger of a country at war to its axis, what came, and what went or is left."""


def country_gaps(run):
    """Give what each ledger gained without account, relative to what came."""
    gaps = {}
    for name, (axis, came, went) in BOOKS.items():
        book = run.ledger[name]
        plus, minus = (
            book.sel({axis: side.split()}).sum(axis) for side in (came, went)
        )
        gaps[name] = float((abs(plus - minus) / abs(plus).clip(min=1.0)).max())
    return gaps
