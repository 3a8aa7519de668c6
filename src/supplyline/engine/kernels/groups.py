"""Armed groups, the regions they are in, and the kinds of their attacks.

Records that several submodels of a case with armed groups share; a case without has
none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supplyline.engine.kernels.records import Key


class Region:
    """A region."""

    is_boundary: int
    """1 outside the country."""
    population: float
    """People on the first day; 0 where it is not known [persons]."""
    state_control: float
    """Share the state holds on the first day [1]."""
    soldiers_share: float
    """Share of the army stationed there [1]."""
    gold_share: float
    """Share of the country's artisanal gold [1]."""
    places: int
    """Places with a depot."""
    trucks: float
    """Truck traffic in calm times, against the busiest region [1]."""
    operation: Key
    """Luck of the state's operations."""
    siege: Key
    """Luck of sieges."""


class Presence:
    """A group in a region on the first day."""

    control: float
    """Share of the region it holds [1]."""
    effort: float
    """Share of the group's attacks that fall there [1]."""
    attack: Key
    """Luck of its attacks."""


class Relation:
    """Two groups."""

    first: int
    """Group."""
    second: int
    """The other group."""
    switch: Key
    """Luck of a change of alliance."""


class Attack:
    """A kind of attack: how often, and what it does on average."""

    share: float
    """Share of attacks in ordinary days [1]."""
    pulse_share: float
    """Share of attacks that open a pulse [1]."""
    soldiers_killed: float
    """Soldiers killed [persons]."""
    civilians_killed: float
    """Civilians killed [persons]."""
    fighters_killed: float
    """Fighters of the group killed [persons]."""
    abducted: float
    """People abducted [persons]."""
    materiel: float
    """Material captured [unit]."""
    overrun_probability: float
    """Chance that the place falls [1]."""


class GroupDay:
    """What the calendar says of a group on a day."""

    attack_factor: float
    """Factor on its attacks [1]."""
    alliance: float
    """Alliance with the interdictor; negative where the model's own holds [1]."""
    ransom_usd: float
    """Ransom paid today [USD]."""


class RegionDay:
    """What the calendar says of a region on a day."""

    is_besieged: int
    """1 while a dated siege holds."""
    is_siege_begun: int
    """1 on the first day of a siege whose end is not dated."""


class GroupState:
    """State of a group."""

    fighters: float
    """Fighters [persons]."""
    first_fighters: float
    """Fighters on the first day [persons]."""
    reference_fighters: float
    """Fighters on the first day of the ban [persons]."""
    attacks_per_day: float
    """Attacks on the first day [1/day]."""
    cash: float
    """Money [USD]."""
    materiel: float
    """Captured material [unit]."""
    pay_cover: float
    """Share of the pay reserve that is held [1]."""
    paid: float
    """Share of the pay that was paid [1]."""
    recruit_pool: float
    """People in reach, weighed by grievance, on the first day [persons]."""
    week_attacks: float
    """Attacks since the last week's end [attacks]."""
    week_killed: float
    """Fighters killed since the last week's end [persons]."""
    ransom_usd: float
    """Ransom received since the last week's end [USD]."""


class GroupAccount:
    """Books of a group: money [USD] and fighters [persons]."""

    cash_start: float
    gold: float
    zakat: float
    livestock: float
    protection: float
    toll: float
    loot: float
    ransom: float
    pay: float
    operations: float
    other_spending: float
    start: float
    recruited: float
    killed: float
    deserted: float
    split_off: float


class RegionState:
    """State of a region."""

    residents: float
    """People at home [persons]."""
    displaced: float
    """People from elsewhere in the country [persons]."""
    away: float
    """Its people elsewhere in the country [persons]."""
    grievance: float
    """What people hold against the state [1]."""
    state_control: float
    """Share the state holds [1]."""
    served: float
    """Share of public demand served, mean of its places [1]."""
    siege_end: float
    """Day on which a siege ends; 0 while none holds [day]."""
    siege_gap: float
    """Hazard left until a siege [1]."""
    sieges: int
    """Sieges so far."""
    operation_gap: float
    """Hazard left until an operation [1]."""
    operations: int
    """Operations so far."""
    operation_share: float
    """Share of the operations that fall there [1]."""
    week_deaths: float
    """People killed since the last week's end [persons]."""
    week_harm: float
    """Civilians killed by the state since the last week's end [persons]."""
    convoy_attacks: float
    """Attacks on convoys and not yet booked [attacks]."""
    people_factor: float
    """People against the first day's [1]."""


class PresenceState:
    """State of a group in a region."""

    effort: float
    """Share of the group's effort [1]."""
    reference_effort: float
    """Share on the first day of the ban [1]."""
    control: float
    """Share of the region held [1]."""
    gap: float
    """Hazard left until the next attack [1]."""
    attacks: int
    """Attacks so far."""
    excitation: float
    """Attacks that past attacks make likely [1/day]."""
    aim: float
    """Effort aimed at, before it is made a share [1]."""
