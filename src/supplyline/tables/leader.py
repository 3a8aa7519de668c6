"""Row models about the leader and the facts a run is compared with.

A docstring under a field is its meaning; its unit stands in brackets at the end.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from supplyline.tables.row import Identifier, Positive, Row, Text


class LeaderFact(Row):
    """A dated fact about the leader's hold on power; one says when he took it."""

    key: ClassVar = ("fact",)
    optional: ClassVar[bool] = True
    fact: Identifier
    """Identifier."""
    kind: Literal[
        "took_power",
        "coup",
        "failed_coup",
        "plot",
        "party_ban",
        "election_postponed",
        "protest",
    ]
    """What happened; a coup succeeded, and counts as an attempt as a failed one does; a
    plot was ended before any attempt, and does not count."""
    date: date
    """Day."""
    title: Text
    """What is reported."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class Aim(Row):
    """What the leader says he wants, and the series of a run that shows it."""

    key: ClassVar = ("aim",)
    optional: ClassVar[bool] = True
    aim: Identifier
    """Identifier."""
    title: Text
    """What he says he wants."""
    series: Identifier
    """Daily national series of a run that shows it."""
    better: Literal["higher", "lower"]
    """Which way of the series serves the aim."""
    note: Text | None
    """Remark."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""


class ScorecardRow(Row):
    """How one claim is compared with a run, or why it cannot be."""

    key: ClassVar = ("claim",)
    optional: ClassVar[bool] = True
    claim: Identifier
    """Row of claims.csv."""
    measure: Identifier | None
    """Function of a run that gives the modelled value. Needed where there is no
    reason."""
    argument: Identifier | None
    """What the function is asked for. Needed where the measure is of a zone or a
    stream."""
    start: date | None
    """First day looked at; empty means that of the claim."""
    end: date | None
    """Last day looked at; empty means that of the claim."""
    factor: Positive | None
    """What turns the modelled value into the unit of the claim; empty means 1 [1]."""
    reason: Text | None
    """Why no modelled value stands beside it. Needed where there is no measure, and
    only there."""
    source: Identifier
    """Row of sources.csv, or 'assumption'."""
