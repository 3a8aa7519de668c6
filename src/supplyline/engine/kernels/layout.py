"""What each submodel adds to the case, to a day and to a member, put together.

A submodel declares its part beside its steps; a new one is entered here and called in
`day`.
"""

from __future__ import annotations

from supplyline.engine.kernels.attacks import OffensiveFacts, OffensiveState
from supplyline.engine.kernels.control import ControlDay
from supplyline.engine.kernels.encounter import EncounterState
from supplyline.engine.kernels.escort import EscortDay, EscortFacts
from supplyline.engine.kernels.force import ArmyDay
from supplyline.engine.kernels.internal import TrafficState
from supplyline.engine.kernels.money import MoneyDay, MoneyFacts, MoneyState
from supplyline.engine.kernels.regime import RegimeDay, RegimeFacts, RegimeState
from supplyline.engine.kernels.supply import SupplyDay, SupplyState
from supplyline.engine.kernels.talks import TalksDay, TalksFacts, TalksState
from supplyline.engine.kernels.threat import ThreatFacts
from supplyline.engine.kernels.transit import TransitState


class CaseFacts(
    ThreatFacts, EscortFacts, OffensiveFacts, MoneyFacts, TalksFacts, RegimeFacts
):
    """What holds for the whole case."""

    capital: int
    """Row of the capital among the places."""
    population: float
    """People of the country [persons]."""
    short_below: float
    """Share of what its public wants below which a place is short on a day [1]."""


class Day(SupplyDay, EscortDay, ArmyDay, MoneyDay, ControlDay, TalksDay, RegimeDay):
    """What the calendar says of a day."""


class NationState(
    OffensiveState,
    MoneyState,
    TalksState,
    RegimeState,
    EncounterState,
    TransitState,
    SupplyState,
    TrafficState,
):
    """State of one member's nation."""

    faulty_day: int
    """First day with a stock that cannot be; -1 while none [day]."""
    faulty_place: int
    """Place of that fault."""
