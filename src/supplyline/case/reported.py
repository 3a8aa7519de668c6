"""Rules about words of reported facts: series, units, and what updates name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case.config import FILE as CONFIG
from supplyline.case.config import CaseConfig
from supplyline.case.draft import Draft, Rule
from supplyline.case.series import observed_series
from supplyline.errors import Problem, shown
from supplyline.tables import TABLES
from supplyline.tables.evidence import Update
from supplyline.tables.facts import Claim, Observed, Target
from supplyline.tables.supply import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel


def _observed_series(draft: Draft) -> Iterator[Problem]:
    """Find observed series that nobody knows, and units that are not theirs."""
    config = draft.config
    if config is None:
        return
    places = sorted(draft.table(Place).keys)
    known = observed_series(places, config.products, config.currency)
    observed = draft.table(Observed)
    for line, row in observed:
        if row.series not in known:
            expected = "a series that `supplyline show CASE series` lists"
            yield Problem.unknown(
                observed.file, line, "series", row.series, known, expected
            )
        elif row.unit not in (units := known[row.series].units):
            expected = f"{' or '.join(units)}, as the series is '{row.series}'"
            yield Problem.unknown(
                observed.file, line, "unit", row.unit, units, expected
            )


def _updated_fields(draft: Draft) -> Iterator[Problem]:
    """Find updates of tables or columns that do not exist."""
    models: dict[str, type[BaseModel]] = {**TABLES, CONFIG: CaseConfig}
    updates = draft.table(Update)
    for line, row in updates:
        if row.table not in models:
            expected = f"a table of the case, or {CONFIG}"
            yield Problem.unknown(
                updates.file, line, "table", row.table, models, expected
            )
        elif row.field is not None:
            fields = models[row.table].model_fields
            if row.field not in fields:
                expected = f"a field of {row.table}, or empty for a row that was added"
                yield Problem.unknown(
                    updates.file, line, "field", row.field, fields, expected
                )


def _given_series(draft: Draft) -> Iterator[Problem]:
    """Find observed rows that members are to be held against and that no run gives."""
    config = draft.config
    if config is None:
        return
    places = draft.table(Place).keys
    known = observed_series(places, config.products, config.currency)
    observed = draft.table(Observed)
    for line, row in observed:
        series = known.get(row.series)
        if series and series.measure is None and row.use in ("condition", "check"):
            expected = f"given or empty, as no run gives '{row.series}'"
            yield Problem(observed.file, line, "use", shown(row.use), expected)


def _uses(draft: Draft) -> Iterator[Problem]:
    """Find facts whose use does not fit what is said of them."""
    targets, observed = draft.table(Target), draft.table(Observed)
    repeats = {row.target: row.same_as for _, row in targets}
    repeats |= {row.claim: row.same_as for _, row in observed}
    known = {*targets.keys, *draft.table(Claim).keys}
    for line, target in targets:
        at = (targets.file, line)
        yield from _use_faults(*at, target, target.target, repeats)
        yield from _unknown_same(*at, target.same_as, known)
    for line, row in observed:
        at = (observed.file, line)
        yield from _use_faults(*at, row, row.claim, repeats)
        yield from _unknown_same(*at, row.same_as, known)
        if row.is_reading and row.low is None and row.high is None:
            expected = "a low or a high end, as words were told and no figure"
            yield Problem(*at, "low", "empty", expected)


def _unknown_same(
    file: str, line: int | None, same_as: str | None, known: set[str]
) -> Iterator[Problem]:
    """Find a row that repeats what does not exist."""
    if same_as is not None and same_as not in known:
        expected = "a row of targets.csv or claims.csv"
        yield Problem.unknown(file, line, "same_as", same_as, known, expected)


def _use_faults(
    file: str,
    line: int | None,
    row: Observed | Target,
    name: str,
    repeats: Mapping[str, str | None],
) -> Iterator[Problem]:
    """Find what does not fit in the use of one fact."""
    same_as = row.same_as
    if same_as is None:
        if row.use == "check" and row.note is None:
            expected = "why it only checks, as it repeats no other row"
            yield Problem(file, line, "note", "empty", expected)
        return
    if row.use == "condition":
        expected = f"check or empty, as it repeats {same_as}"
        yield Problem(file, line, "use", "'condition'", expected)
    if same_as == name:
        yield Problem(file, line, "same_as", shown(same_as), "another row than itself")
    elif (first := repeats.get(same_as)) is not None:
        expected = f"'{first}', which that row repeats itself"
        yield Problem(file, line, "same_as", shown(same_as), expected)


RULES: Final = (
    Rule(_observed_series, (Place,)),
    Rule(_given_series, (Place,)),
    Rule(_uses, (Target, Observed, Claim)),
    Rule(_updated_fields),
)
"""Rules about words of reported facts."""
