"""Tables of the conflict: armed groups, where they stand, whom they fight, and how.

A case without rows in groups.csv has no conflict submodel, and needs none of these. A
docstring under a field is its meaning; its unit stands in brackets at the end.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from supplyline.tables.row import Identifier, NotNegative, Positive, Row, Share, Text
from supplyline.tables.words import ActorKind, HoldStatus

Alliance = Annotated[float, Field(ge=-1, le=1)]


class Group(Row):
    """An armed group that the conflict submodel simulates."""

    key: ClassVar = ("group",)
    optional: ClassVar[bool] = True
    group: Identifier
    """Identifier."""
    actor: Identifier
    """Row of actors.csv."""
    is_interdictor: bool
    """Whether it is the one group that enforces the bans."""
    fighters_low: Positive
    """Fewest fighters at the start [persons]."""
    fighters_high: Positive
    """Most fighters at the start [persons]."""
    cash_low_usd: NotNegative
    """Least cash held at the start [USD]."""
    cash_high_usd: NotNegative
    """Most cash held at the start [USD]."""
    attacks_low_per_month: NotNegative
    """Fewest attacks a month in all its regions at the start [attacks/month]."""
    attacks_high_per_month: NotNegative
    """Most attacks a month in all its regions at the start [attacks/month]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Presence(Row):
    """What one group holds of one region at the start, and how much it attacks there.

    What neither the state nor a group holds is contested. Each group needs a row.
    """

    key: ClassVar = ("region", "group")
    optional: ClassVar[bool] = True
    region: Identifier
    """Row of regions.csv."""
    group: Identifier
    """Row of groups.csv."""
    control_share: Share
    """Share of the region that the group holds at the start [1]."""
    attack_share: Share
    """Share of the group's attacks that fall in the region; they sum to 1 over the rows
    of a group [1]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Relation(Row):
    """How two groups stand to each other at the start; pairs left out are neutral."""

    key: ClassVar = ("group", "other")
    optional: ClassVar[bool] = True
    group: Identifier
    """Row of groups.csv."""
    other: Identifier
    """Another row of groups.csv; each pair stands once, in either order."""
    alliance: Alliance
    """-1 for rivals at war, 0 for neither, 1 for allies [1]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Attack(Row):
    """A kind of attack by armed groups: how often it is chosen, and what it costs.

    Attacks on convoys are no row: they follow from trucks on the road. Where groups.csv
    has rows, this table needs some.
    """

    key: ClassVar = ("attack",)
    optional: ClassVar[bool] = True
    attack: Identifier
    """Identifier."""
    title: Text
    """Name as printed."""
    share: Share
    """Share of a group's attacks in ordinary days; the rows sum to 1 [1]."""
    pulse_share: Share
    """Share of its attacks in a coordinated offensive; the rows sum to 1 [1]."""
    soldiers_killed: NotNegative
    """Mean number of soldiers killed in one [persons]."""
    civilians_killed: NotNegative
    """Mean number of civilians killed in one [persons]."""
    fighters_killed: NotNegative
    """Mean number of the group's fighters killed in one [persons]."""
    abducted: NotNegative
    """Mean number of people abducted in one [persons]."""
    materiel: NotNegative
    """Mean amount of arms and vehicles captured in one [units]."""
    overrun_probability: Share
    """Chance that the place falls [1]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Partner(Row):
    """Foreign troops that fight beside the state for a while."""

    key: ClassVar = ("partner",)
    optional: ClassVar[bool] = True
    partner: Identifier
    """Identifier."""
    actor: Identifier
    """Row of actors.csv."""
    title: Text
    """Name as printed."""
    troops_low: NotNegative
    """Fewest troops reported [persons]."""
    troops_high: NotNegative
    """Most troops reported [persons]."""
    start: date
    """First day in the country."""
    end: date | None
    """Last day there; empty means they stay."""
    offensive_share: Share
    """Share of their effort spent on offensives [1]."""
    escort_share: Share
    """Share spent on escorts; the rest garrisons [1]."""
    harm_factor: NotNegative
    """Harm to civilians by operations beside them, against the mean of the year in
    which it was counted [1]."""
    attrition_factor: NotNegative
    """Losses of armed groups in operations beside them, against operations without a
    partner [1]."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Actor(Row):
    """An organised party."""

    key: ClassVar = ("actor",)
    actor: Identifier
    """Identifier."""
    title: Text
    """Name as printed."""
    kind: ActorKind
    """What it is."""
    allegiance: Text | None
    """Whom it follows: a row of actors.csv, or another party in words."""
    strength_low: NotNegative | None
    """Least strength reported [persons]."""
    strength_high: NotNegative | None
    """Most strength reported [persons]."""
    active_from: Text | None
    """Year or month in which it began."""
    active_to: Text | None
    """Year, month or day in which it ended."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Control(Row):
    """Who holds, claims, blockades or attacks what, by date."""

    key: ClassVar = ("control",)
    control: Identifier
    """Identifier."""
    area: Text
    """Place, or a word such as area:north."""
    actor: Identifier
    """Row of actors.csv."""
    status: HoldStatus
    """Kind of hold."""
    share: Share | None
    """Share held; its base is in the note [1]."""
    date: date
    """Day of the statement."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Revenue(Row):
    """What an actor earns, by stream."""

    key: ClassVar = ("revenue",)
    revenue: Identifier
    """Identifier."""
    actor: Identifier
    """Row of actors.csv."""
    stream: Identifier
    """Where the money comes from; a remark."""
    amount_low: NotNegative | None
    """Least amount reported [currency or unit of the row]."""
    amount_high: NotNegative | None
    """Most amount reported [currency or unit of the row]."""
    currency: Text
    """Currency, or unit of goods."""
    period: Text
    """Year, month or day meant."""
    basis: Identifier
    """What the amount is counted on; a remark."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""
