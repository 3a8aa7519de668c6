"""Control of regions and what people do: once a week.

Control follows force and support; grievance follows harm and shortage; people flee and
return; towns are put under siege; rival groups clash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.engine.kernels.effort import move_effort, overlap
from supplyline.engine.kernels.elementary import expm1, power
from supplyline.engine.kernels.force import garrison_force
from supplyline.engine.kernels.jit import kernel, part
from supplyline.engine.kernels.luck import (
    FIRST,
    SECOND,
    draw_hazard,
    lognormal,
    uniforms,
)
from supplyline.engine.kernels.money import contested_share
from supplyline.engine.kernels.rates import WEEK_DAYS, YEAR_DAYS
from supplyline.engine.kernels.threat import Posture, Talks

if TYPE_CHECKING:
    from supplyline.engine.kernels.groups import RegionState
    from supplyline.engine.kernels.parameters import Parameters
    from supplyline.engine.kernels.records import Records
    from supplyline.engine.kernels.world import Inputs, State


class ControlDay:
    """What clashes read of the calendar."""

    clash_factor: float
    """Factor on clashes of rivals [1]."""


class PeopleState:
    """The people of the country, and who holds them."""

    grievance: float
    """Grievance, mean over people [1]."""
    ground: float
    """Share of people outside the state's control [1]."""
    access: float
    """Share of people whom relief reaches [1]."""
    displaced: float
    """People away from home inside the country [persons]."""
    besieged: float
    """Regions with a town under siege."""
    abroad: float
    """People who fled abroad [persons]."""
    dead: float
    """Civilians killed so far [persons]."""


@part
def clash_pair(
    inputs: Inputs, state: State, m: int, relation: int, member: int, day: int
) -> None:
    """Let two groups fight where they are rivals, and rarely change their alliance."""
    # Both lose the same; deaths follow hostility and overlap.
    params, pair = inputs.params[m], inputs.relations[relation]
    week = day // 7
    # control.md, Rivals and allies: luck by week, as there is at most one change in
    # it.
    u, v, _, _ = uniforms(pair.switch, member, week, FIRST)
    if u < -expm1(-params.alliance_switch_per_year * WEEK_DAYS / YEAR_DAYS):
        state.alliances[m, relation] = 2.0 * v - 1.0
    hostility = max(0.0, -state.alliances[m, relation])
    met = overlap(inputs, state, m, relation)
    if hostility == 0.0 or met == 0.0 or state.overlaps[m, relation] == 0.0:
        return
    first, second = state.groups[m, pair.first], state.groups[m, pair.second]
    deaths = params.clash_deaths_per_day * WEEK_DAYS * hostility
    # Against the overlap of the start, on which the parameter rests.
    deaths *= met / state.overlaps[m, relation]
    deaths *= inputs.days[day].clash_factor
    for own in (first, second):
        # Rivals lose the same: who wins is not known, so neither is favoured.
        lost = min(own.fighters, deaths / 2.0)
        own.fighters -= lost
        own.week_killed += lost


@part
def move_control(inputs: Inputs, state: State, m: int, region: int, day: int) -> None:
    """Let control of a region follow force and support."""
    # Force and support count against the first day's, so that what held then stays
    # while nothing changes.
    params, nation = inputs.params[m], state.nation[m]
    area, home = inputs.regions[region], state.regions[m, region]
    first = nation.first_garrison_force
    force = garrison_force(nation, inputs.days[day], params)
    force = force / first if first > 0.0 else 1.0
    normal = params.grievance_normal
    # control.md, Control: people help who they trust; without support, control would
    # be soldiers counted.
    support = (1.0 - home.grievance) / (1.0 - normal)
    state_weight = area.state_control * force * power(support, params.support_exponent)
    anger = power(home.grievance / normal, params.support_exponent)
    left = 1.0 - area.state_control
    total = state_weight
    for group in range(state.groups.shape[1]):
        given = inputs.presence[group, region]
        own, place = state.groups[m, group], state.presence[m, group, region]
        left -= given.control
        place.aim = 0.0
        # A group that held nothing at the start aims at nothing: the ratio to its
        # start has no meaning there.
        if given.control > 0.0 and given.effort > 0.0 and own.first_fighters > 0.0:
            strength = own.fighters / own.first_fighters * place.effort / given.effort
            place.aim = given.control * strength * anger
        total += place.aim
    # What nobody held stays contested: without it a weak state would share out what
    # it never had.
    total += max(0.0, left)
    if total <= 0.0:
        return
    # Towns change hands at once, regions over months.
    pace = -expm1(-WEEK_DAYS / params.control_days)
    home.state_control += pace * (state_weight / total - home.state_control)
    for group in range(state.groups.shape[1]):
        place = state.presence[m, group, region]
        place.control += pace * (place.aim / total - place.control)


@kernel
def moved_grievance(
    home: RegionState, price: float, access: float, params: Parameters
) -> float:
    """Move grievance of a region by a week."""
    people = max(home.residents, 1.0)
    # control.md, Grievance: per 100,000 people, so that the same dead weigh more in a
    # small region.
    rise = params.grievance_harm_per_100k * home.week_harm / people * 1e5
    rise += params.grievance_shortage_per_week * (1.0 - home.served)
    rise += params.grievance_price_per_week * price
    rise -= params.grievance_relief_per_week * access
    fade = params.grievance_fade_per_week * (params.grievance_normal - home.grievance)
    # What rises takes a part of what is left, so that no month of harm leaves the
    # scale.
    rise *= 1.0 - home.grievance if rise > 0.0 else home.grievance
    # Never 0 or 1: support is a power of it, and of 1 less it.
    return min(0.99, max(0.01, home.grievance + rise + fade))


@kernel
def relief_access(
    home: RegionState, contested: float, is_besieged: bool, params: Parameters
) -> float:
    """Return the share of a region's people whom relief reaches [1]."""
    # control.md, Sieges and relief: relief goes where the state is, half-way where
    # nobody is, not to towns under siege.
    open_share = home.state_control + params.contested_access * contested
    return open_share * (1.0 - params.siege_reach) if is_besieged else open_share


@part
def besiege_town(
    inputs: Inputs, state: State, m: int, region: int, member: int, day: int
) -> bool:
    """Begin and end sieges of towns in a region."""
    params, home = inputs.params[m], state.regions[m, region]
    nation, luck = state.nation[m], inputs.regions[region].siege
    is_begun = False
    # Settled once a week: a siege that began on any of its days counts.
    for past in range(max(0, day - 6), day + 1):
        is_begun = is_begun or inputs.region_days[past, region].is_siege_begun == 1
    if home.siege_end <= day and not is_begun:
        main = inputs.facts[0].interdictor
        held = state.presence[m, main, region].control
        # No siege begins in a pause, truce or deal (control.md, Sieges and relief),
        # though one that holds goes on.
        may = nation.posture != Posture.PAUSE and nation.talks < Talks.TRUCE
        rate = params.siege_per_year * held if may else 0.0
        home.siege_gap -= rate * WEEK_DAYS / YEAR_DAYS
        is_begun = home.siege_gap <= 0.0
        if is_begun:
            u, _, _, _ = uniforms(luck, member, home.sieges + 1, FIRST)
            home.siege_gap = draw_hazard(u)
    if is_begun:
        home.sieges += 1
        u, v, _, _ = uniforms(luck, member, home.sieges, SECOND)
        home.siege_end = day + lognormal(u, v, params.siege_days, params.siege_sd_log)
    # A deal ends sieges; dated ones are data and end on their day.
    if nation.talks == Talks.DEAL:
        home.siege_end = 0.0
    is_dated = inputs.region_days[day, region].is_besieged == 1
    return bool(home.siege_end > day or is_dated)


@part
def displace_people(inputs: Inputs, state: State, m: int) -> None:
    """Let people flee violence and shortage to where the state holds, and return."""
    # A share flees abroad and does not return within a run.
    params, nation = inputs.params[m], state.nation[m]
    safe = fled = hosted = away = 0.0
    for region in range(state.regions.shape[1]):
        home = state.regions[m, region]
        if inputs.regions[region].is_boundary == 1:
            continue
        violence = params.displaced_per_death * home.week_deaths
        dearth = params.displacement_shortage_per_week * (1.0 - home.served)
        # control.md, Flight and return: nobody leaves twice.
        leaving = min(home.residents, violence + dearth * home.residents)
        abroad = params.displaced_abroad_share * leaving
        home.residents -= leaving
        nation.abroad += abroad
        home.away += leaving - abroad
        fled += leaving - abroad
        safe += home.state_control * home.residents
    for region in range(state.regions.shape[1]):
        home = state.regions[m, region]
        if inputs.regions[region].is_boundary == 0 and safe > 0.0:
            # Hosts are chosen by safety and size; by size alone people would flee
            # into the war.
            home.displaced += fled * home.state_control * home.residents / safe
        hosted += home.displaced
        away += home.away
    if safe <= 0.0:  # nowhere to go: they stay
        for region in range(state.regions.shape[1]):
            home = state.regions[m, region]
            home.residents += home.away * fled / away if away > 0.0 else 0.0
            home.away -= home.away * fled / away if away > 0.0 else 0.0
        away -= fled
    if hosted <= 0.0 or away <= 0.0:
        return
    returning = params.return_per_week * hosted
    for region in range(state.regions.shape[1]):
        home = state.regions[m, region]
        # Everybody returns to where he came from: the books of people close by
        # region.
        back = returning * home.away / away
        home.displaced -= returning * home.displaced / hosted
        home.away -= back
        home.residents += back


@kernel
def clash_groups(inputs: Inputs, state: State, m: int, member: int, day: int) -> None:
    """Let rival groups fight for a week.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    m : int
        Position of the member in the block.
    member, day : int
        Number of the member: counter of the generator; last day of the week.
    """
    for relation in range(state.alliances.shape[1]):
        clash_pair(inputs, state, m, relation, member, day)


@kernel
def settle_regions(
    inputs: Inputs, state: State, regions: Records, m: int, member: int, day: int
) -> None:
    """Settle a week of every region: effort, control, grievance, people, sieges.

    Parameters
    ----------
    inputs, state : named tuple
        Arrays of the block.
    regions : array of WeeklyRegion
        Weeks of regions, changed, shape (member, week, region).
    m : int
        Position of the member in the block.
    member, day : int
        Number of the member: counter of the generator; last day of the week.
    """
    params, nation = inputs.params[m], state.nation[m]
    main = inputs.facts[0].interdictor
    for group in range(state.groups.shape[1]):
        move_effort(inputs, state, m, group)
    # schedule.md, The week: people move on the service and the dead of the week that
    # ends, before control moves.
    displace_people(inputs, state, m)
    people = grievance = held = reached = displaced = besieged = 0.0
    for region in range(state.regions.shape[1]):
        area, home = inputs.regions[region], state.regions[m, region]
        if area.is_boundary == 1:
            continue
        move_control(inputs, state, m, region, day)
        contested = contested_share(state, m, region)
        is_besieged = besiege_town(inputs, state, m, region, member, day)
        access = relief_access(home, contested, is_besieged, params)
        home.grievance = moved_grievance(home, nation.now.price, access, params)
        there = home.residents + home.displaced
        home.people_factor = there / area.population
        people += there
        grievance += there * home.grievance
        held += there * home.state_control
        reached += there * access
        displaced += home.displaced
        besieged += 1.0 if is_besieged else 0.0
        weekly = regions[m, day // 7, region]
        weekly.state_control_share = home.state_control
        weekly.interdictor_control_share = state.presence[m, main, region].control
        weekly.grievance = home.grievance
        weekly.displaced = home.displaced
        weekly.access_share = access
        weekly.is_besieged = 1.0 if is_besieged else 0.0
        home.week_deaths = 0.0
        home.week_harm = 0.0
    nation.displaced = displaced
    nation.besieged = besieged
    if people > 0.0:
        nation.grievance = grievance / people
        nation.ground = 1.0 - held / people
        nation.access = reached / people


@part
def serve_regions(inputs: Inputs, state: State, m: int) -> None:
    """Carry the share served from places to regions, and people back to places."""
    # A region without a depot fares as the mean of all places.
    places = state.places.shape[1]
    for region in range(state.regions.shape[1]):
        state.regions[m, region].served = 0.0
    mean = 0.0
    for place in range(places):
        town, region = state.places[m, place], inputs.places[place].region
        mean += town.served / places
        home = state.regions[m, region]
        home.served += town.served / inputs.regions[region].places
        town.people = home.people_factor
    for region in range(state.regions.shape[1]):
        if inputs.regions[region].places == 0:
            state.regions[m, region].served = mean
