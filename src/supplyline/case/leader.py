"""Rules about the leader's record, his aims, and the claims a run is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case.draft import Draft, Rule, plain
from supplyline.case.series import run_series
from supplyline.errors import Problem, shown
from supplyline.tables.conflict import Group
from supplyline.tables.leader import Aim, LeaderFact, ScorecardRow

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_MEASURE: Final = ("argument", "start", "end", "factor")
"""What only a row of scorecard.csv with a measure says."""


def _power(draft: Draft) -> Iterator[Problem]:
    """Find a leader who took power twice or never."""
    leader = draft.table(LeaderFact)
    taken = [(line, row) for line, row in leader if row.kind == "took_power"]
    if leader.rows and not taken:
        found = "has no row of kind 'took_power'"
        yield Problem(leader.file, None, None, found, "one row of it")
    for line, row in taken[1:]:
        expected = f"another kind, as '{taken[0][1].fact}' says when he took power"
        yield Problem(leader.file, line, "kind", shown(row.kind), expected)


def _power_after_start(draft: Draft) -> Iterator[Problem]:
    """Find a leader who takes power after the first day simulated."""
    if draft.config is None:
        return
    start = draft.config.start
    for line, row in draft.table(LeaderFact):
        if row.kind == "took_power" and row.date > start:
            expected = f"a day up to the start of the case, {start}"
            yield Problem("leader.csv", line, "date", shown(row.date), expected)


def _unknown_series(draft: Draft) -> Iterator[Problem]:
    """Find aims shown by a series that no run has."""
    known = run_series(has_groups=bool(draft.table(Group).rows))
    expected = "a daily national series of a run of this case"
    for line, row in draft.table(Aim):
        if row.series not in known:
            yield Problem.unknown(
                "aims.csv", line, "series", row.series, known, expected
            )


def _scorecard(draft: Draft) -> Iterator[Problem]:
    """Find claims with both a measure and a reason for none, or with neither."""
    scorecard = draft.table(ScorecardRow)
    for line, row in scorecard:
        if row.measure is not None:
            if row.reason is not None:
                expected = f"empty, as the measure is '{row.measure}'"
                found = shown(row.reason)
                yield Problem(scorecard.file, line, "reason", found, expected)
            continue
        if row.reason is None:
            expected = "a measure, or a reason why there is none"
            yield Problem(scorecard.file, line, "measure", "empty", expected)
        for field in _OF_MEASURE:
            if (value := getattr(row, field)) is not None:
                found = shown(plain(value))
                expected = "empty, as there is no measure"
                yield Problem(scorecard.file, line, field, found, expected)


RULES: Final = (
    Rule(_power, (LeaderFact,)),
    Rule(_power_after_start),
    Rule(_unknown_series, (Group,)),
    Rule(_scorecard),
)
"""Rules about the leader and the scorecard."""
