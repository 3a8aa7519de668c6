"""Summaries: what each member of a large ensemble comes to, without the ensemble."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from supplyline.case.scenario_choice import choose_scenario
from supplyline.engine.arguments import (
    read_arguments,
    read_members,
    refuse_params,
    refuse_together,
)
from supplyline.engine.executors import chosen
from supplyline.engine.result import build_run
from supplyline.engine.tasks import TASK_MEMBERS, cut, cut_tasks, simulate_members
from supplyline.engine.world import build_world, draw_span, draw_world_params
from supplyline.errors import EngineError, refuse_other, shown, told_range
from supplyline.notebook import as_html
from supplyline.runs import Arguments, request_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.engine.executors import Executor
    from supplyline.engine.world import World
    from supplyline.runs import Lineage, Request, Run

    Summary = Callable[[Run], Any]


@dataclass(frozen=True, eq=False, repr=False)
class Summaries:
    """What each member of an ensemble comes to.

    Attributes
    ----------
    name : str
        Name of the request, as that of a run.
    members : range
        Members, each by its number.
    values : dict
        Name of a summary to its values, one row for each member: an array, Series,
        DataFrame or DataArray, as its function gives.
    """

    name: str
    members: range
    values: dict[str, Any]
    _world: World

    def __repr__(self) -> str:
        """Name the request, the members and the summaries."""
        names = ", ".join(self.values)
        first, last = self.members[0], self.members[-1]
        return f"<Summaries of {self.name}: members {first:,} to {last:,}; {names}>"

    def _repr_html_(self) -> str:
        """Show the summaries with the shape of their values."""
        rows = [
            (name, type(values).__name__, " x ".join(map(str, np.shape(values))))
            for name, values in self.values.items()
        ]
        return as_html(repr(self).strip("<>"), ("summary", "kind", "shape"), rows)

    @cached_property
    def params(self) -> pd.DataFrame:
        """Parameters of each member, given or drawn.

        They are drawn again when they are first asked for.

        Returns
        -------
        params : DataFrame
            One column for each parameter, index ``member``.
        """
        return draw_world_params(self._world, self.members)

    @cached_property
    def latent(self) -> pd.DataFrame:
        """What else is drawn for each member: all that is uncertain in the tables.

        They are drawn again when they are first asked for.

        Returns
        -------
        latent : DataFrame
            One column for each value, index ``member``: first the stream of its luck,
            then whose it is, as ``initial/DEPOT`` for a stock on the first day or
            ``measure/MEASURE`` for the day of the run on which a measure begins.
            What a scenario draws otherwise stands beside it, with its first day.
        """
        tasks = cut(self.members, TASK_MEMBERS)
        latent = pd.concat([_latent(self._world, task) for task in tasks])
        pairs = [(name, str(name).partition(SINCE)[0]) for name in latent]
        same = [
            name
            for name, base in pairs
            if name != base and base in latent and latent[name].equals(latent[base])
        ]
        return latent.drop(columns=same)


SINCE = " since day "
"""What parts the name of a value from the first day of its scenario."""


def _latent(world: World, members: range) -> pd.DataFrame:
    """Draw what is uncertain in the tables, in each span of days."""
    columns: dict[str, NDArray[np.float64]] = {}
    case = None
    for span in world.spans:
        if span.case is not case:  # else only luck or parameters are others from here
            drawn = draw_span(world.names, span, world.luck(members)).drawn
            since = "" if case is None else f"{SINCE}{span.first_day}"
            columns |= {f"{name}{since}": values for name, values in drawn.items()}
        case = span.case
    return pd.DataFrame(columns, index=pd.RangeIndex(members, name="member"))


class _Work(NamedTuple):
    """What all tasks share."""

    case: Case
    request: Request
    world: World
    summaries: dict[str, Summary]


def simulate_summaries(  # noqa: PLR0913 - every argument is one the user names
    case: Case,
    summaries: Mapping[str, Summary],
    *,
    members: int | range | None = None,
    seed: int | None = None,
    days: int | None = None,
    scenario: str | Path | Scenario | None = None,
    params: pd.DataFrame | None = None,
    lineage: Lineage | None = None,
    short_below: float | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Summaries:
    """Simulate an ensemble of any size, and keep only what its members come to.

    Members are simulated some at a time; the summaries of each are taken and its
    outputs are let go. So memory is bounded, and nothing is written to disk.

    Parameters
    ----------
    case : Case
        The case.
    summaries : mapping of str to callable
        Name to a function of a `Run` that gives one row for each of its members, by
        itself and by no other member: an array, a Series or DataFrame with the members
        as index, or a DataArray with ``member`` first. The run has some members of the
        ensemble only.
    members : int or range, optional
        How many members, from 0 on, or which; 2,000, or those of ``params``, if not
        given.
    seed : int, optional
        Seed of all luck, 1 if not given.
    days : int, optional
        Days after the cut-off; the case's own number if not given [days].
    scenario : str, Path or Scenario, optional
        Changes made from the scenario's start on, as in `simulate`. A parameter that it
        sets is no longer the given one from there on.
    params : DataFrame, optional
        Values of some parameters in the place of drawn ones; a row for each member,
        with the members as index.
    lineage : Lineage, optional
        Whose luck each member lives on, and with which parameters, as in `simulate`;
        in the place of ``members`` and ``params``.
    short_below : float, optional
        Share below which a place is short on a day, as in `simulate` [1].
    executor : Executor, optional
        Where members are simulated: `threads` or `processes`; a thread for each core
        if not given. The result does not depend on it.
    progress : callable, optional
        Called with members done and members in all.

    Returns
    -------
    summaries : Summaries
        Values of the summaries by member, with the parameters behind them.

    Raises
    ------
    ValueError
        If an argument is out of its bounds, or ``params`` has what the case has not.
    TypeError
        If a summary cannot be sent to the processes of the executor.
    ScenarioError
        If the scenario is unknown, cannot be read or cannot be applied to the case.
    EngineError
        If a state is reached that cannot be, or a summary fails or gives no row for
        each member.

    Examples
    --------
    >>> import supplyline as sl
    >>> def lost(run):
    ...     return run.daily["trucks_lost"].sum("day")
    >>> toy = sl.load_case("toy")
    >>> made = sl.simulate_summaries(toy, {"lost": lost}, members=128, days=10)
    >>> made.values["lost"].sizes["member"]
    128
    """
    refuse_other("case", case, "Case", "load_case")
    case.refuse_unfinished()
    functions = _read_summaries(summaries)
    if lineage is not None:
        refuse_together("lineage", members=members, params=params)
    one = 1 if lineage is None else None
    few = read_arguments(
        case, days, one, seed, lineage=lineage, short_below=short_below
    )
    members = members if lineage is None else len(lineage)
    whole = read_members(members, params)
    if params is not None:
        refuse_params(params, case, whole)
    changes = None if scenario is None else choose_scenario(case, scenario)
    world = build_world(
        case, changes, few.days, few.seed, params, lineage, few.short_below
    )
    request = request_of(case, changes, _of_members(few, whole))
    work = _Work(case, request, world, functions)
    parts: dict[int, dict[str, Any]] = {}
    done = 0
    with chosen(executor) as workers:
        [tasks] = cut_tasks([whole], workers.workers)
        for task, values in workers.map(_summarise, work, tasks):
            parts[task.start] = values
            done += len(task)
            if progress is not None:
                progress(done, len(whole))
    values = {
        name: _join(name, {task: parts[task.start][name] for task in tasks})
        for name in functions
    }
    return Summaries(request.run, whole, values, world)


def _read_summaries(summaries: Mapping[str, Summary]) -> dict[str, Summary]:
    """Refuse what are no functions by name."""
    given: object = summaries
    if not isinstance(given, Mapping):
        message = (
            f"summaries is {shown(summaries)}; expected a dict of names and functions "
            "of a Run"
        )
        raise TypeError(message)
    functions: dict[str, Any] = dict(summaries)
    wrong = [name for name, function in functions.items() if not callable(function)]
    if wrong or not functions:
        told = f"has no function as {', '.join(wrong)}" if wrong else "is empty"
        message = f"summaries {told}; expected names of functions of a Run"
        raise ValueError(message)
    return functions


def _of_members(arguments: Arguments, members: range) -> Arguments:
    """Put other members in the place of those of arguments."""
    own = {"members": len(members), "first": members.start}
    return arguments.model_copy(update=own)


def _summarise(work: _Work, members: range) -> dict[str, Any]:
    """Simulate some members, and give what each comes to."""
    started = time.perf_counter()
    request, world = work.request, work.world
    own = request.model_copy(
        update={"arguments": _of_members(request.arguments, members)}
    )
    result = simulate_members(world, members)
    draws = draw_world_params(world, members)
    took_s = time.perf_counter() - started
    run = build_run(work.case, own, world.names, draws, result, took_s, world.lineage)
    return {
        name: _checked(name, function(run), members)
        for name, function in work.summaries.items()
    }


def _checked(name: str, values: Any, members: range) -> Any:  # noqa: ANN401 - of any kind
    """Refuse what is not one row for each member; let go of what it was cut from."""
    if not isinstance(values, pd.Series | pd.DataFrame | xr.DataArray | xr.Dataset):
        values = np.asarray(values)
    kind = type(values).__name__
    rows = f"a row for each of {len(members):,} members"
    if isinstance(values, xr.Dataset):
        given, expected = "of several arrays", "one DataArray"
    elif np.shape(values)[:1] != (len(members),):
        given, expected = f"of shape {np.shape(values)}", rows
    elif isinstance(values, xr.DataArray) and values.dims[0] != "member":
        given, expected = f"with {values.dims[0]!r} first", f"'member' first, {rows}"
    elif isinstance(values, pd.Series | pd.DataFrame) and not values.index.equals(
        pd.RangeIndex(members)
    ):
        given = f"of shape {np.shape(values)} with another index"
        expected = f"the members as index, {told_range(members)}, in this order"
    else:
        return values.copy()
    message = f"summary {name!r} gives {kind} {given}; expected {expected}"
    raise ValueError(message)


def _join(name: str, parts: Mapping[range, Any]) -> Any:  # noqa: ANN401 - of any kind
    """Join the values of some members after the other, if they are of one form."""
    (first, values), *others = parts.items()
    form = _form(values)
    for members, other in others:
        if _form(other) != form:
            message = (
                f"summary {name!r} gives {shown(form)} for members "
                f"{told_range(first)}, and {shown(_form(other))} for members "
                f"{told_range(members)}; expected the same form for all"
            )
            raise EngineError(message)
    if isinstance(values, pd.Series | pd.DataFrame):
        return pd.concat(list(parts.values()))
    if isinstance(values, xr.DataArray):
        return xr.concat(list(parts.values()), "member")
    return np.concatenate(list(parts.values()))


def _form(values: Any) -> str:  # noqa: ANN401 - of any kind
    """Tell kind, shape and labels of the values of a member."""
    labels: list[Any] = []
    if isinstance(values, pd.DataFrame):
        labels = list(values.columns)
    elif isinstance(values, xr.DataArray):
        labels = [(dim, *values[dim].to_numpy()) for dim in values.dims[1:]]
    shape = ("n", *np.shape(values)[1:])
    return " ".join([type(values).__name__, *map(str, (shape, *labels))])
