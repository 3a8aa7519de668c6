"""What the facts taught: headlines, facts, parameters, and how the method was tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from supplyline.analysis.members import basis_of
from supplyline.case.frames import rows
from supplyline.quantities import Quantity
from supplyline.report.facts import facts_of
from supplyline.report.influence import influence_of
from supplyline.report.marks import share_mark
from supplyline.report.outlook_charts import draw_outlooks
from supplyline.report.series import dated

if TYPE_CHECKING:
    from markupsafe import Markup

    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.report.facts import Facts
    from supplyline.report.influence import Influence
    from supplyline.report.outlook_charts import Outlook
    from supplyline.runs import Run

LEARNED_SHOWN: Final = 12
"""Parameters shown at once; the others are folded."""


@dataclass(frozen=True, slots=True)
class LearnedRow:
    """What was learned of one parameter, or of what else is drawn once."""

    name: str
    meaning: str
    share: Quantity
    mark: Markup
    width: Quantity
    prior: Quantity | None
    told: Quantity | None
    """Before the facts and after; None for what has no unit of its own."""


@dataclass(frozen=True, slots=True)
class ConditioningPage:
    """All that the brief says of how its courses were chosen."""

    origin: Quantity
    pool: Quantity
    steps: tuple[Quantity, ...]
    """Days on which courses were refreshed."""
    influence: Influence | None
    facts: Facts
    outlooks: tuple[Outlook, ...]
    learned: tuple[LearnedRow, ...]
    still: tuple[str, ...]
    """What is still as the prior had it."""
    count_learned: Quantity
    count_drawn: Quantity
    count_still: Quantity


def conditioning_page(run: Run, told: Conditioned) -> ConditioningPage:
    """Make a conditioned ensemble printable."""
    record, basis = told.record, basis_of(run)
    facts = facts_of(run, told)
    learned = told.learned.sort_values("share", ascending=False, kind="stable")
    is_learned = learned["is_learned"].astype(bool)
    known = _meanings(run)

    def count(number: float) -> Quantity:
        return Quantity(float(number), "1", basis=basis, digits=None)

    return ConditioningPage(
        origin=dated(record.origin, basis),
        pool=count(record.pool),
        steps=tuple(dated(day, basis) for day in record.steps),
        influence=influence_of(run, told, facts),
        facts=facts,
        outlooks=draw_outlooks(run, told),
        learned=tuple(
            _learned(row, known, basis)
            for row in rows(learned[is_learned].reset_index())
        ),
        still=tuple(map(str, learned.index[~is_learned].sort_values())),
        count_learned=count(is_learned.sum()),
        count_drawn=count(len(learned)),
        count_still=count((~is_learned).sum()),
    )


def _meanings(run: Run) -> dict[str, tuple[str, str]]:
    """Give unit and meaning of each parameter of the case."""
    params = run.case.params
    return {
        str(row.param): (
            str(row.unit),
            str(row.meaning) if isinstance(row.meaning, str) else "",
        )
        for row in rows(params)
    }


def _learned(row: Any, known: dict[str, tuple[str, str]], basis: str) -> LearnedRow:  # noqa: ANN401 - a row of a table
    """Make one parameter printable."""
    name = str(row.name)
    unit, meaning = known.get(name, ("", "drawn once for each course"))

    def band(which: str) -> Quantity | None:
        if not unit:
            return None
        low, middle, high = (
            float(getattr(row, f"{which}_{level}")) for level in ("q10", "q50", "q90")
        )
        return Quantity(middle, unit, low=low, high=high, basis=basis)

    share = max(float(row.share), 0.0)
    return LearnedRow(
        name=name,
        meaning=meaning,
        share=Quantity(share, "share", basis=basis),
        mark=share_mark(share, share, share),
        width=Quantity(float(row.width), "share", basis=basis),
        prior=band("prior"),
        told=band("conditioned"),
    )
