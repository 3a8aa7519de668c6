"""The world of a run: all that does not depend on the member, and what members draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplyline.case.scenario import apply
from supplyline.engine.arrays import (
    Names,
    Network,
    build_network,
    build_truces,
    in_order,
    names_of,
    parameter_records,
)
from supplyline.engine.calendar import (
    build_calendar,
    day_of,
    drawn_escort_step,
    drawn_truces,
)
from supplyline.engine.demand import build_depots, build_loads, fleet_trucks
from supplyline.engine.draws import Luck, draw_parameters
from supplyline.engine.facts import build_facts
from supplyline.engine.groups import (
    GroupStarts,
    build_groups,
    build_places,
    draw_groups,
)
from supplyline.engine.kernels.world import Inputs
from supplyline.engine.openings import Openings, build_openings, draw_levels
from supplyline.engine.prices import enter_prices, enter_usual_ways
from supplyline.engine.reuse import make_anew
from supplyline.runs import SHORT_BELOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.engine.kernels.records import Records
    from supplyline.engine.reuse import Maker
    from supplyline.runs.lineage import Lineage

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Span(NamedTuple):
    """A span of days with the same case, parameters and luck."""

    case: Case
    network: Network
    shared: dict[str, Any]
    """Field of `Inputs` that all members share, to its array."""
    openings: Openings
    given: pd.DataFrame | None
    """Parameters that are not drawn here, by member."""
    first_day: int
    end_day: int
    luck: Ints | None = None
    """Number of the member whose luck each lives on; None for their own."""


class World(NamedTuple):
    """What a run is made of before any member is drawn."""

    case: Case
    """The case before any scenario."""
    given: pd.DataFrame | None
    """Parameters that are not drawn, by member; those that hold at the end."""
    seed: int
    names: Names
    spans: tuple[Span, ...]
    lineage: Lineage | None = None

    @property
    def end_day(self) -> int:
        """Day after the last."""
        return self.spans[-1].end_day

    def luck(self, members: range) -> Luck:
        """Give the luck with which is drawn what is drawn once for a member."""
        return Luck(self.seed, members, self.lineage)


class MemberSpan(NamedTuple):
    """What some members are given for a span of days."""

    inputs: Inputs
    trucks: Floats
    """Trucks of each fleet, shape (member, fleet)."""
    escort_step: Floats
    """Dated escort step of each member [day]."""
    groups: GroupStarts
    """What armed groups start from."""
    drawn: dict[str, Floats]
    """What is drawn beside the parameters: stream and entity to values."""
    members: range
    luck: Ints
    """Number of the member whose luck each lives on, shape (member)."""
    first_day: int
    end_day: int


def build_world(
    case: Case,
    scenario: Scenario | None,
    days: int,
    seed: int,
    given: pd.DataFrame | None = None,
    lineage: Lineage | None = None,
    short_below: float = SHORT_BELOW,
) -> World:
    """Build each span of days: of the case, then of the case a scenario changed.

    A lineage cuts them further.
    """
    case = in_order(case)
    names = names_of(case)
    end = day_after(case, days)
    switch, changed = end, case
    if scenario is not None:
        switch = switch_day(case, scenario, end)
        changed = change_case(case, names, scenario)
    spans = [build_span(case, names, seed, slice(0, switch), end, given)]
    if scenario is not None:
        own = build_span(changed, names, seed, slice(switch, end), end, given)
        spans.append(own)
    spans = [counting_short(span, short_below) for span in spans]
    used = [span for span in spans if span.first_day < span.end_day]
    cut = tuple(part for span in used for part in by_stretch(span, case, lineage))
    given = given_at_end(lineage, end) if given is None else given
    return World(case, given, seed, names, cut, lineage)


def counting_short(span: Span, below: float) -> Span:
    """Count a day as short below a share of what the public wants."""
    facts = span.shared["facts"].copy()
    facts.short_below = below
    return span._replace(shared={**span.shared, "facts": facts})


def given_at_end(lineage: Lineage | None, end: int) -> pd.DataFrame | None:
    """Give the parameters that hold on the last day in the place of drawn ones."""
    return None if lineage is None else lineage.params_in(lineage.position(end - 1))


def by_stretch(span: Span, case: Case, lineage: Lineage | None) -> Iterator[Span]:
    """Cut a span of days where the luck or the parameters of members change.

    `case` is the one before any scenario.
    """
    if lineage is None:
        yield span._replace(given=still_given(span.given, case, span.case))
        return
    last_day = span.end_day - 1  # before the first day where the span has none
    first = lineage.position(min(span.first_day, last_day))
    last = lineage.position(last_day)
    for position in range(first, last + 1):
        stretch = lineage.stretches[position]
        end = span.end_day
        if position < last:
            end = lineage.stretches[position + 1].first_day
        yield span._replace(
            given=still_given(lineage.params_in(position), case, span.case),
            first_day=max(stretch.first_day, span.first_day),
            end_day=end,
            luck=stretch.luck,
        )


def day_after(case: Case, days: int) -> int:
    """Give the day after the last of a run that goes some days past the cut-off."""
    return day_of(case, case.config.cutoff) + 1 + days


def switch_day(case: Case, scenario: Scenario, end: int) -> int:
    """Give the day of a run on which a scenario begins."""
    return min(max(day_of(case, scenario.start), 0), end)


def change_case(
    case: Case, names: Names, scenario: Scenario, make: Maker = make_anew
) -> Case:
    """Apply a scenario; one that changes the axes of the arrays is refused."""
    changed = apply(case, scenario)
    if make(names_of, changed) != names:
        message = (
            f"scenario {scenario.name!r} adds or removes places, corridors or feeds; "
            "change shares or measures instead"
        )
        raise ValueError(message)
    return changed


def still_given(
    given: pd.DataFrame | None, case: Case, changed: Case
) -> pd.DataFrame | None:
    """Leave out given parameters that a scenario sets anew: from there on it holds."""
    if given is None or case is changed:
        return given
    columns = ["distribution", "a", "b"]
    before, after = (
        each.params.set_index("param")[columns].T for each in (case, changed)
    )
    return given[[name for name in given if before[name].equals(after[name])]]


def build_span(
    case: Case,
    names: Names,
    seed: int,
    span: slice,
    days: int,
    given: pd.DataFrame | None,
    make: Maker = make_anew,
) -> Span:
    """Build what all members share in a span of days."""
    network, places = make(_lay_out, case, names, seed)
    openings = make(build_openings, case, names, days)
    shared = {
        "facts": make(build_facts, case, names, seed),
        **network._asdict(),
        **make(build_calendar, case, names, days)._asdict(),
        "open_level": openings.open_level,
        "order_level": openings.order_level,
        "places": places,
        **build_groups(case, names, seed, days, make)._asdict(),
    }
    return Span(case, network, shared, openings, given, span.start, span.stop)


def _lay_out(case: Case, names: Names, seed: int) -> tuple[Network, Records]:
    """Lay out the roads, and the places with what these bring them as a rule."""
    network = build_network(case, names, seed)
    places = build_places(case, names)
    enter_usual_ways(network, places)
    return network, places


def draw_world_params(world: World, members: range) -> pd.DataFrame:
    """Give the parameters of some members, drawn or given."""
    return draw_parameters(world.case.params, world.luck(members), world.given)


def draw_spans(
    names: Names, spans: Sequence[Span], luck: Luck, make: Maker = make_anew
) -> list[MemberSpan]:
    """Draw what some members are given in spans; once where only their luck changes."""
    drawn: list[MemberSpan] = []
    for number, span in enumerate(spans):
        before = spans[number - 1] if number else None
        if before and before.case is span.case and before.given is span.given:
            drawn.append(on_days(span, drawn[-1]))
        else:
            drawn.append(draw_span(names, span, luck, make))
    return drawn


def on_days(span: Span, drawn: MemberSpan) -> MemberSpan:
    """Take what is drawn to the days of another span, and to its luck."""
    return drawn._replace(
        luck=lived_luck(span, drawn.members),
        first_day=span.first_day,
        end_day=span.end_day,
    )


def draw_span(
    names: Names, span: Span, luck: Luck, make: Maker = make_anew
) -> MemberSpan:
    """Draw what some members are given for a span of days.

    What is shared is copied, so that threads share no memory.
    """
    case, network = span.case, span.network
    if span.given is None:
        chosen = luck.seed, luck.members, luck.lineage
        draws, params = make(_draw_params, case, *chosen)
    else:
        draws = draw_parameters(case.params, luck, span.given)
        params = parameter_records(draws)
    depots = build_depots(case, names, network, draws, luck)
    enter_prices(case, names, network, draws, luck, depots)
    inputs = Inputs(
        **{name: array.copy() for name, array in span.shared.items()},
        params=params,
        depots=depots,
        truces=build_truces(*drawn_truces(case, luck)),
        load_kl=build_loads(case, names, draws),
        levels=draw_levels(span.openings, luck),
    )
    return MemberSpan(
        inputs,
        fleet_trucks(case, inputs, draws),
        drawn_escort_step(case, luck),
        draw_groups(case, names, luck),
        luck.drawn,
        luck.members,
        lived_luck(span, luck.members),
        span.first_day,
        span.end_day,
    )


def lived_luck(span: Span, members: range) -> Ints:
    """Tell the numbers of those whose luck some members live on in a span of days."""
    if span.luck is None:
        return np.arange(members.start, members.stop)
    # the kernels take an array that may be written to, and that nobody else has
    return span.luck[members.start : members.stop].copy()


def _draw_params(
    case: Case, seed: int, members: range, lineage: Lineage | None
) -> tuple[pd.DataFrame, Records]:
    """Draw the parameters of some members, as a table and as the kernels read them."""
    draws = draw_parameters(case.params, Luck(seed, members, lineage))
    return draws, parameter_records(draws)


def span_of(span: MemberSpan, members: range) -> MemberSpan:
    """Give a block of members its part."""
    first = span.members.start
    rows = slice(members.start - first, members.stop - first)
    own: Any = {name: getattr(span.inputs, name)[rows] for name in BY_MEMBER}
    groups: Any = (array[rows] for array in span.groups)
    return span._replace(
        inputs=span.inputs._replace(**own),
        trucks=span.trucks[rows],
        escort_step=span.escort_step[rows],
        groups=GroupStarts(*groups),
        members=members,
        luck=span.luck[rows],
    )


BY_MEMBER = ("params", "depots", "truces", "load_kl", "levels")
"""Fields of `Inputs` that are drawn."""
