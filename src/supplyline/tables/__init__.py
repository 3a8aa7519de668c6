"""Every table of a case: field, type, unit, range and meaning, declared once.

The checks of `load_case`, the templates of ``supplyline new`` and the reference pages
are generated from these row models. A docstring under a field is its meaning; its unit
stands in brackets at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.tables.conflict import (
    Actor,
    Attack,
    Control,
    Group,
    Partner,
    Presence,
    Relation,
    Revenue,
)
from supplyline.tables.evidence import (
    Document,
    MarketPrice,
    Name,
    Person,
    Reading,
    Update,
    WeekHazard,
    Witness,
)
from supplyline.tables.facts import Claim, Event, Observed, Source, Target
from supplyline.tables.leader import Aim, LeaderFact, ScorecardRow
from supplyline.tables.supply import (
    Corridor,
    CorridorSegment,
    Demand,
    Depot,
    Feed,
    Fleet,
    Measure,
    Parameter,
    Place,
    Region,
    Season,
    Segment,
    SmallFlow,
)

if TYPE_CHECKING:
    from supplyline.tables.row import Row

TABLES: dict[str, type[Row]] = {
    "places": Place,
    "regions": Region,
    "segments": Segment,
    "fleets": Fleet,
    "corridors": Corridor,
    "corridor_segments": CorridorSegment,
    "feeds": Feed,
    "depots": Depot,
    "demand": Demand,
    "small_flows": SmallFlow,
    "seasons": Season,
    "measures": Measure,
    "groups": Group,
    "presence": Presence,
    "relations": Relation,
    "attacks": Attack,
    "partners": Partner,
    "params": Parameter,
    "actors": Actor,
    "leader": LeaderFact,
    "aims": Aim,
    "control": Control,
    "revenue": Revenue,
    "events": Event,
    "observed": Observed,
    "targets": Target,
    "claims": Claim,
    "scorecard": ScorecardRow,
    "names": Name,
    "people": Person,
    "market": MarketPrice,
    "documents": Document,
    "readings": Reading,
    "witnesses": Witness,
    "hazards": WeekHazard,
    "updates": Update,
    "sources": Source,
}
"""Table name (the file without its ending) to row model, in the order of reading."""
