"""Rules about words of reported facts: series, units, and what updates name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supplyline.case.config import FILE as CONFIG
from supplyline.case.config import CaseConfig
from supplyline.case.draft import Draft, Rule
from supplyline.case.series import observed_units
from supplyline.errors import Problem
from supplyline.tables import TABLES
from supplyline.tables.evidence import Update
from supplyline.tables.facts import Observed
from supplyline.tables.supply import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel


def _observed_series(draft: Draft) -> Iterator[Problem]:
    """Find observed series that nobody knows, and units that are not theirs."""
    config = draft.config
    if config is None:
        return
    places = sorted(draft.table(Place).keys)
    units = observed_units(places, config.products, config.currency)
    observed = draft.table(Observed)
    for line, row in observed:
        if row.series not in units:
            expected = "a series that `supplyline series` lists for this case"
            yield Problem.unknown(
                observed.file, line, "series", row.series, units, expected
            )
        elif row.unit not in (known := units[row.series]):
            expected = f"{' or '.join(known)}, as the series is '{row.series}'"
            yield Problem.unknown(
                observed.file, line, "unit", row.unit, known, expected
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


RULES: Final = (
    Rule(_observed_series, (Place,)),
    Rule(_updated_fields),
)
"""Rules about words of reported facts."""
