"""Why a chance is what it is: how much is so already, and what moves it most.

What is known of each member on the last day of the data, parameters and states, is held
against what comes of the member. An input is named where its quarters differ far beyond
luck, and what goes with it is told beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import rows_of
from supplyline.analysis.explanation import Explanation, OutcomeDriver, Quarter
from supplyline.analysis.known_inputs import read_inputs
from supplyline.analysis.members import (
    basis_of,
    independent_members,
    pasts_of,
    share_of,
    spread,
)
from supplyline.analysis.questions import (
    Question,
    read_outcomes,
    read_question,
    rows_keys,
)
from supplyline.analysis.screening import QUARTERS, cut, screen
from supplyline.analysis.shortage import SHORTAGE_DAYS
from supplyline.analysis.wording import COUNTED, Wording, read_amount
from supplyline.case.lookup import titles_of
from supplyline.errors import refuse_other
from supplyline.language import mark
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from supplyline.analysis.known_inputs import Input, Inputs
    from supplyline.analysis.screening import Named, Quarters
    from supplyline.runs import Run

    Floats = NDArray[np.float64]

DAYS: Final = 60
"""Days ahead that a question asks about if it does not say [days]."""
MOST_NAMED: Final = 3
"""Most parameters, and most states, that are named."""

_TITLES: Final = {
    "short": mark("Chance that {place} is short of {product} within {days}"),
    "price": mark("Parallel price of {product} in {place}, mean of {days}"),
    "missing": mark("Demand for {product} not met in {place} over {days}"),
    "losses": mark("Trucks lost over {days}"),
    "leader": mark("Chance that {leader} loses power within {days}"),
}
_FUEL: Final = mark("fuel")
_DEFINITION: Final = mark(
    "Short is a place whose public gets less than {below} of what it wants, for {days} "
    "in a row or more."
)
_LOW_HIGH: Final = mark(
    "{title}: where it is low (up to {least}) {first}, where high (over {most}) {last}"
)
_FEW_MANY: Final = mark(
    "{title}: with few (up to {least}) {first}, with many (over {most}) {last}"
)
_EITHER: Final = mark("{title}: at {least} {first}, at {most} {last}")
_ASSUMED: Final = mark(
    "To be surer, one would have to know “{title}”: it alone tells {share} of the "
    "difference between courses. It is an assumption of the case; a reported fact "
    "about it would narrow the chance most."
)
_SOURCED: Final = mark(
    "To be surer, one would have to know “{title}”: it alone tells {share} of the "
    "difference between courses. It rests on a report by {source}; a better fact would "
    "narrow the chance most."
)
_WATCHED: Final = mark(
    "To be surer, one would have to know “{title}” on {day}: it alone tells {share} of "
    "the difference between courses. Watch it: a report of it can enter the case."
)


def explain(
    run: Run,
    question: str,
    *,
    within: int = DAYS,
    short_for: int = SHORTAGE_DAYS,
) -> Explanation:
    """Tell why a chance or an amount of a run is what it is.

    Parameters
    ----------
    run : Run
        The run.
    question : str
        An outcome (``short``, ``price``, ``missing``, ``losses``, ``leader``), and
        where it has them a product and a place, in any order, such as
        ``"short diesel bamako"``. The capital is meant where no place is named.
    within : int
        Days from the cut-off on that it asks about [days].
    short_for : int
        Short days in a row that make a shortage [days]; what is short on a day was
        decided when the run was made.

    Returns
    -------
    Explanation
        The chance, how much of it is so already, and what moves it.

    Raises
    ------
    ValueError
        If a word is not known, with the nearest one; if the days are not in the run.
    """
    refuse_other("run", run, "Run", "load_run")
    asked = read_question(run, question, within)
    return explain_all(run, [asked], short_for)[0]


def explain_all(
    run: Run, questions: Sequence[Question], short_for: int
) -> list[Explanation]:
    """Explain several outcomes of one run, whose inputs are read once."""
    [rows] = rows_of(run, lambda part: read_outcomes(part, questions, short_for))
    inputs = read_inputs(run)
    quarters, judged = cut(inputs.values), len(inputs.values)
    ahead = [rows[rows_keys(question)[0]][:judged] for question in questions]
    outcomes = np.stack(
        [
            values.astype(np.float64) if question.is_chance else _ranks(values)
            for question, values in zip(questions, ahead, strict=True)
        ],
        axis=1,
    )
    pasts = pasts_of(run, judged)
    regions = run.case.tables["places"].set_index("place")["region"]
    asked = np.stack(
        [
            _asked(inputs, question, str(regions.get(question.place, "")))
            for question in questions
        ]
    )
    is_parameter = np.array([entry.is_parameter for entry in inputs.entries])
    named = [
        [*params, *states]
        for params, states in zip(
            screen(quarters, outcomes, pasts, asked & is_parameter, MOST_NAMED),
            screen(quarters, outcomes, pasts, asked & ~is_parameter, MOST_NAMED),
            strict=True,
        )
    ]
    titles = titles_of(run.case, "place")
    return [
        _Writer(
            run, question, titles.get(question.place, ""), short_for, inputs, quarters
        ).write(rows, each, count)
        for question, each, count in zip(
            questions, named, asked.sum(axis=1), strict=True
        )
    ]


def _ranks(values: NDArray[np.float64]) -> Floats:
    """Rank an amount over members; equal ones share their mean rank."""
    return np.asarray(pd.Series(values).rank(), np.float64)


def _asked(inputs: Inputs, question: Question, region: str) -> NDArray[np.bool_]:
    """Tell which inputs bear on a question: those of all, of its place and region."""
    return np.array(
        [
            entry.place in ("", question.place)
            and entry.region in ("", region)
            and (not question.product or entry.product in ("", question.product))
            for entry in inputs.entries
        ]
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one explanation of a run."""

    run: Run
    question: Question
    place: str
    """Title of the place that it asks about."""
    short_for: int
    inputs: Inputs
    quarters: Quarters

    def write(
        self, rows: dict[tuple[Question, str], Floats], named: list[Named], count: int
    ) -> Explanation:
        """Write the outcome, how much of it is so already, and its drivers."""
        ahead_key, now_key = rows_keys(self.question)
        ahead, already, new = rows[ahead_key], None, None
        if now_key in rows:
            now = rows[now_key]
            already = self._outcome(now, "share")
            if self.question.is_chance:
                new = self._outcome(ahead.astype(bool) & ~now.astype(bool), "share")
        judged = ahead[: len(self.inputs.values)]
        drivers = [self._driver(entry, judged) for entry in named]
        drivers.sort(key=lambda driver: -float(driver.share.value))  # type: ignore[arg-type]
        return Explanation(
            question=" ".join(
                part
                for part in (
                    self.question.kind,
                    self.question.product,
                    self.question.place,
                )
                if part
            ),
            title=self._title(),
            definition=self._definition() if self.question.kind == "short" else None,
            outcome=self._outcome(ahead, "probability"),
            already=already,
            new=new,
            drivers=tuple(drivers),
            looked_at=self._count(count, "1"),
            day=self._day,
        )

    @property
    def _basis(self) -> str:
        return basis_of(self.run)

    @property
    def _day(self) -> Quantity:
        """Date the last day of the data."""
        return Quantity(self.run.case.config.cutoff, "date", basis=self._basis)

    def _count(self, value: float, unit: str) -> Quantity:
        return Quantity(float(value), unit, basis=self._basis, digits=None)

    def _definition(self) -> Wording:
        """Say what counts as short."""
        below = float(self.run.manifest.arguments.short_below)
        parts = {
            "below": Quantity(below, "share", basis=self._basis),
            "days": self._count(self.short_for, "days"),
        }
        return Wording(_DEFINITION, parts)

    def _title(self) -> Wording:
        """Word what is asked."""
        question, case = self.question, self.run.case
        parts: dict[str, str | Quantity | Wording] = {
            "place": self.place or question.place,
            "product": question.product or Wording(_FUEL),
            "days": self._count(question.days, "days"),
            "leader": case.config.leader or "",
        }
        message = _TITLES[question.kind]
        return Wording(
            message, {n: p for n, p in parts.items() if f"{{{n}}}" in message}
        )

    def _outcome(self, values: Floats, unit: str) -> Quantity:
        """Tell a chance or a share of courses, or the median of an amount."""
        if self.question.is_chance:
            alone = min(independent_members(self.run), len(values))
            share = share_of(float(values.sum()), len(values), self._basis, alone)
            if unit == "probability":
                return share
            return Quantity(share.value, unit, basis=self._basis)
        amounts = values.astype(np.float64)
        middle = float(np.median(amounts))
        kind, currency = self.question.kind, self.run.case.config.currency
        if kind == "missing":
            return spread(middle * 1000, amounts * 1000, "litres", self._basis)
        read = f"{currency} a litre" if kind == "price" else "trucks"
        return spread(middle, amounts, read, self._basis)

    def _driver(self, named: Named, outcome: Floats) -> OutcomeDriver:
        """Word one driver."""
        entry = self.inputs.entries[named.column]
        quarters = self._quarters(entry, named.column, outcome)
        share = Quantity(max(named.share, 0.0), "share", basis=self._basis)
        alike = tuple(self.inputs.entries[column].title for column in named.alike)
        return OutcomeDriver(
            name=entry.name,
            title=entry.title,
            kind="parameter" if entry.is_parameter else "state",
            share=share,
            quarters=quarters,
            words=_low_and_high(entry, quarters),
            alike=alike,
            to_know=self._to_know(entry, share),
            series=entry.observed,
        )

    def _quarters(
        self, entry: Input, column: int, outcome: Floats
    ) -> tuple[Quarter, ...]:
        """Tell what comes of each quarter of the courses."""
        values = self.quarters.values[:, column]  # noqa: PD011 - no frame
        codes = self.quarters.codes[:, column]
        told = []
        for part in range(QUARTERS):
            chosen = codes == part
            if not chosen.any():
                continue
            own = outcome[chosen]
            middle = own.mean() if self.question.is_chance else np.median(own)
            low, high = values[chosen].min(), values[chosen].max()
            like = self._outcome(own, "share")
            scale = 1000.0 if self.question.kind == "missing" else 1.0
            told.append(
                Quarter(
                    self._end(entry, low),
                    self._end(entry, high),
                    Quantity(float(middle) * scale, like.unit, basis=self._basis),
                    self._count(int(chosen.sum()), "1"),
                )
            )
        return tuple(told)

    def _end(self, entry: Input, value: float) -> Quantity | Wording:
        """Tell a value of an input as it is read."""
        if entry.words:
            return Wording(entry.words[int(value)])
        return read_amount(value, entry.unit, entry.name, self._basis)

    def _to_know(self, entry: Input, share: Quantity) -> Wording:
        """Tell where a fact about an input would come from."""
        parts: dict[str, str | Quantity | Wording] = {
            "title": entry.title,
            "share": share,
        }
        if not entry.is_parameter:
            return Wording(_WATCHED, {**parts, "day": self._day})
        sources = self.run.case.tables["sources"].set_index("source")["publisher"]
        if entry.source not in sources.index:
            return Wording(_ASSUMED, parts)
        return Wording(_SOURCED, {**parts, "source": str(sources[entry.source])})


def _low_and_high(entry: Input, quarters: tuple[Quarter, ...]) -> Wording:
    """Say what comes of the lowest and of the highest quarter."""
    first, last = quarters[0], quarters[-1]
    parts: dict[str, str | Quantity | Wording] = {
        "title": entry.title,
        "least": first.high,
        "most": last.low,
        "first": first.outcome,
        "last": last.outcome,
    }
    if entry.words or (first.low == first.high and last.low == last.high):
        return Wording(_EITHER, parts)
    unit = getattr(first.high, "unit", "")
    return Wording(_FEW_MANY if unit in COUNTED else _LOW_HIGH, parts)
