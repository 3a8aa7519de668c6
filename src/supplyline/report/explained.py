"""What a chance hangs on, for a page: already, new, drivers, what to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from supplyline.analysis.explain import explain_all
from supplyline.analysis.explanation import told_alike
from supplyline.analysis.questions import Question
from supplyline.language import _, mark
from supplyline.report.sentences import Sentence, fill, worded
from supplyline.report.towns import TITLE_DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.analysis.explanation import Explanation
    from supplyline.report.towns import Towns
    from supplyline.runs import Run

MOST_SHOWN: Final = 3
"""Drivers shown of one chance."""
_DRIVER: Final = mark("{words}. It tells {share} of the difference between courses.")


@dataclass(frozen=True, slots=True)
class Explained:
    """One chance or amount, and what it hangs on."""

    question: str
    title: Sentence
    split: tuple[Sentence, ...]
    """How much is so already, and how much is new."""
    drivers: tuple[Sentence, ...]
    """What moves it most, the strongest first."""
    alike: Sentence
    """What goes with the strongest and cannot be told from it; may be empty."""
    to_know: Sentence
    """What one would have to know to be surer."""


@dataclass(frozen=True, slots=True)
class HangsOn:
    """What the chances of the towns hang on."""

    first: Explained
    """That of the capital, or of the worst town where the capital is none of them."""
    towns: tuple[Explained, ...]
    """Those of all other towns, the worst first."""


def hangs_on(run: Run, towns: Towns, short_for: int) -> HangsOn | None:
    """Explain the chance of each town; none where no day is ahead, or no town."""
    ahead = run.manifest.arguments.days
    if not towns.rows or not ahead:
        return None
    rows = sorted(towns.rows, key=lambda town: not town.is_capital)
    days = min(TITLE_DAYS, ahead)
    questions = [Question("short", town.place, town.product, days) for town in rows]
    first, *others = explained(run, questions, short_for)
    return HangsOn(first, tuple(others))


def explained(
    run: Run, questions: Sequence[Question], short_for: int
) -> tuple[Explained, ...]:
    """Say of each question what its answer hangs on; inputs are read once for all."""
    return tuple(map(_printed, explain_all(run, questions, short_for)))


def _printed(told: Explanation) -> Explained:
    """Make an explanation printable."""
    first = told.drivers[0] if told.drivers else None
    return Explained(
        question=told.question,
        title=fill(
            "{title}: {outcome}", title=worded(told.title), outcome=told.outcome
        ),
        split=tuple(map(worded, told.split())),
        drivers=tuple(
            fill(_(_DRIVER), words=worded(driver.words), share=driver.share)
            for driver in told.drivers[:MOST_SHOWN]
        ),
        alike=worded(told_alike(first)) if first and first.alike else (),
        to_know=worded(told.to_know()),
    )
