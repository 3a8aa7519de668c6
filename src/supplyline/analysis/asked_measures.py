"""Check what targets.csv and scorecard.csv ask of a run, before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.analysis.measures import MEASURES, find_measure
from supplyline.analysis.measuring import labels_of
from supplyline.case.frames import rows
from supplyline.errors import CaseError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.case.case import Case

_GROUPS: str = "a measure that needs no armed groups, as groups.csv has no rows"


def refuse_unknown_measures(case: Case) -> None:
    """Refuse a case that asks a run for what no run gives."""
    if problems := [*_of_targets(case), *_of_scorecard(case)]:
        raise CaseError(case.name, problems)


def _of_targets(case: Case) -> Iterator[Problem]:
    """Find measures of targets.csv that do not exist, or that this case cannot have."""
    for line, row in zip(case.lines["targets"], rows(case.targets), strict=True):
        try:
            measure, label = find_measure(case, row.measure)
        except ValueError:
            expected = "a measure, or one with a place, zone, group or stream behind it"
            yield Problem.unknown(
                "targets.csv", line, "measure", row.measure, MEASURES, expected
            )
            continue
        if measure.needs_groups and case.groups.empty:
            yield Problem("targets.csv", line, "measure", f"'{row.measure}'", _GROUPS)
        elif measure.needs_label and not label:
            expected = f"a {measure.axis} behind it"
            yield Problem("targets.csv", line, "measure", f"'{row.measure}'", expected)
        days = (row.end - row.start).days + 1
        if least := measure.too_short(days, label):
            found = f"'{row.end:%Y-%m-%d}', {days} days from the start"
            yield Problem("targets.csv", line, "end", found, least)


def _of_scorecard(case: Case) -> Iterator[Problem]:
    """Find measures and arguments of scorecard.csv that do not exist."""
    file = "scorecard.csv"
    for line, row in zip(case.lines["scorecard"], rows(case.scorecard), strict=True):
        if row.measure is None:
            continue
        measure = MEASURES.get(row.measure)
        if measure is None:
            expected = f"one of {', '.join(MEASURES)}"
            yield Problem.unknown(
                file, line, "measure", row.measure, MEASURES, expected
            )
            continue
        labels = labels_of(case, measure.axis)
        if measure.needs_groups and case.groups.empty:
            yield Problem(file, line, "measure", f"'{row.measure}'", _GROUPS)
        elif row.argument is None and measure.needs_label:
            expected = f"a {measure.axis}, as the measure is '{row.measure}'"
            yield Problem(file, line, "argument", "empty", expected)
        elif row.argument is not None and row.argument not in labels:
            expected = f"a {measure.axis}" if measure.axis else "empty"
            expected += f", as the measure is '{row.measure}'"
            yield Problem.unknown(
                file, line, "argument", row.argument, labels, expected
            )
