"""Key judgements: a word of likelihood, its number, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.analysis.chunks import values_of
from supplyline.analysis.compare import STOCKOUT_SHARE, Comparison, Difference
from supplyline.analysis.members import (
    basis_of,
    independent_members,
    number_of,
    share_of,
    used_products,
)
from supplyline.language import _
from supplyline.quantities import Likelihood, Quantity, likelihood
from supplyline.report.indicators import AHEAD_DAYS, is_shortage
from supplyline.report.marks import probability_mark
from supplyline.report.sentences import Said, Sentence, fill, in_a_row, opening
from supplyline.report.series import dated, forecast_start, rounded, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.analysis.heat import Heat
    from supplyline.report.towns import Town, Towns
    from supplyline.runs import Run

_LEAST_COVER_DAYS: Final = 7.0
_WELL_SERVED_SHARE: Final = 0.9
_OUTLOOK_DAYS: Final = 30
_PRICE_DAYS: Final = 30
_NEXT_TOWNS: Final = 5


@dataclass(frozen=True, slots=True)
class Judgement:
    """One key judgement."""

    probability: Quantity
    claim: Sentence
    detail: Sentence
    rests_on: tuple[tuple[str, str], ...]

    @property
    def sentence(self) -> Sentence:
        """The judgement as one sentence."""
        return (*opening(self.probability), *self.claim, ".")

    @property
    def word(self) -> Likelihood:
        """The word of likelihood and its range."""
        return likelihood(number_of(self.probability))

    @property
    def mark(self) -> Markup:
        """The probability drawn on a scale."""
        return probability_mark(
            number_of(self.probability), self.word.low, self.word.high
        )


def judgements(
    run: Run,
    read: Rows,
    comparisons: Sequence[Comparison],
    towns: Towns,
    heat: Heat | None = None,
) -> tuple[Judgement, ...]:
    """Draw the judgements from a run and its alternatives, the worst towns first."""
    ahead = _Ahead.of(run, read)
    open_to_choice = [c for c in comparisons if c.start >= forecast_start(run)]
    last = _option(ahead, open_to_choice) if open_to_choice else _outlook(ahead)
    if heat is None:
        middle: tuple[Judgement, ...] = (_price(ahead), *_losses(ahead))
        if not towns.rows:
            middle = (_cover(ahead), *middle)
    else:
        middle = (_price(ahead), *_losses(ahead), _leader(ahead, heat))
    return (*_of_towns(towns), *middle, last)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The days that the judgements speak of."""

    run: Run
    rows: Rows
    """What the days before and ahead come to in each member."""
    first: int
    stop: int
    """Position of the first day ahead, and of the one past the last."""
    place: Said
    product: Said
    column: int
    basis: str

    @classmethod
    def of(cls, run: Run, rows: Rows) -> _Ahead:
        """Cut the run and choose the product that runs short most often."""
        first, stop = _days_ahead(run)
        used = [column for column, _ in used_products(run)]
        shares = rows["is_short"][:, used].mean(axis=0)
        days = rows["days_short"][:, used].mean(axis=0)
        column = used[int(np.lexsort((-days, -shares))[0])]
        titles = run.case.tables["places"].set_index("place")["title"]
        capital = run.case.config.capital
        return cls(
            run, rows, first, stop, Said(str(titles.get(capital, capital))),
            Said(str(run.daily["product"].to_numpy()[column])), column, basis_of(run),
        )  # fmt: skip

    def days(self, count: float, unit: str = "days") -> Quantity:
        """Make a fixed number of the question printable."""
        return Quantity(count, unit, basis=self.basis, digits=None)

    def values(self, name: str) -> NDArray[Any]:
        """Give what the chosen product comes to in each member."""
        return self.rows[name][:, self.column]

    def dated(self, day: int) -> Quantity:
        """Date a day of the run."""
        return dated(self.run.daily["day"].to_numpy()[day], self.basis)

    def chance(self, holds: NDArray[np.bool_]) -> Quantity:
        """Count the members in which something holds."""
        alone = independent_members(self.run)
        return share_of(float(holds.sum()), len(holds), self.basis, alone)

    @property
    def length(self) -> Quantity:
        """Number of days looked ahead."""
        return self.days(float(self.stop - self.first))

    @property
    def cutoff(self) -> Quantity:
        """The last day known."""
        return dated(self.run.manifest.cutoff, self.basis)


def _days_ahead(run: Run) -> tuple[int, int]:
    """Find the first of the days ahead, and the day past the last."""
    first = int(run.daily.indexes["day"].searchsorted(forecast_start(run)))
    return first, min(first + AHEAD_DAYS, run.daily.sizes["day"])


def read_around(run: Run) -> Rows:
    """Reduce the days before and ahead to one number each."""
    first, stop = _days_ahead(run)

    def values(name: str, days: slice) -> NDArray[Any]:
        return values_of(run.daily, name)[:, days]

    def mean(values: NDArray[Any]) -> NDArray[Any]:
        # a price that never moves has one mean, over however many days
        return np.asarray(values.mean(axis=1, dtype=np.float64), values.dtype)

    ahead, begin = slice(first, stop), max(first - (stop - first), 0)
    served = values_of(run.daily, "served_share")
    short = served[:, ahead] < STOCKOUT_SHARE
    columns = np.moveaxis(short, 2, 0)
    price_days = slice(max(first - _PRICE_DAYS, 0), first)
    return {
        "is_short": np.stack([is_shortage(one) for one in columns], axis=1),
        "days_short": short.sum(axis=1),
        "cover": values("days_of_supply", ahead)[:, -1],
        "cover_before": values("days_of_supply", slice(first))[:, -1],
        "price": mean(values("price_per_l", ahead)),
        "price_before": mean(values("price_per_l", price_days)),
        "lost": values("trucks_lost", ahead).sum(axis=1),
        "lost_before": values("trucks_lost", slice(begin, first)).sum(axis=1),
        "served": mean(served[:, -_OUTLOOK_DAYS:]),
    }


def _of_towns(towns: Towns) -> tuple[Judgement, ...]:
    """Judge the worst town and the capital; none where no day ahead can tell."""
    capital = next((town for town in towns.rows if town.is_capital), None)
    told = [*towns.rows[:1], *([capital] if capital not in towns.rows[:1] else [])]
    return tuple(
        Judgement(
            town.chance,
            fill(
                _("{town} is short of {product} at some time from {day} to {last}"),
                town=Said(town.title),
                product=Said(town.product),
                day=towns.first,
                last=towns.last,
            ),
            (*_already(town), *(_next_towns(towns) if town is told[0] else ())),
            (("towns", _("towns, worst first")),),
        )
        for town in told
        if town is not None and town.chance and towns.first and towns.last
    )


def _already(town: Town) -> Sentence:
    """Tell in how many courses a town is short already."""
    return fill(_("Short already in {share} of the courses. "), share=town.already)


def _next_towns(towns: Towns) -> Sentence:
    """Tell the chance of the towns that follow, and how many are short already."""
    following = [
        fill(_("{town} {chance}"), town=Said(town.title), chance=town.chance)
        for town in towns.rows[1 : 1 + _NEXT_TOWNS]
        if town.chance is not None
    ]
    short = fill(
        _("{short} of {count} towns are short already in most courses."),
        short=towns.short_now,
        count=towns.count,
    )
    if not following:
        return short
    return fill(_("Next: {towns}. {short}"), towns=in_a_row(following), short=short)


def _cover(ahead: _Ahead) -> Judgement:
    """Judge how long the stock lasts at the end of the days ahead."""
    cover, now = ahead.values("cover"), ahead.values("cover_before")
    last = ahead.dated(ahead.stop - 1)
    return Judgement(
        ahead.chance(cover < _LEAST_COVER_DAYS),
        (
            "the stock of ", ahead.product, " in ", ahead.place, " covers less than ",
            ahead.days(_LEAST_COVER_DAYS), " of demand on ", last,
        ),
        (
            "Days of supply, median: ", summary(now, "days", ahead.basis), " on ",
            ahead.cutoff, ", ", summary(cover, "days", ahead.basis), " on ", last, ".",
        ),
        (("days-0", "days of supply"), ("map", "flows on the corridors")),
    )  # fmt: skip


def _price(ahead: _Ahead) -> Judgement:
    """Judge whether the parallel price rises."""
    unit = str(ahead.run.daily["price_per_l"].attrs["units"])
    price, before = ahead.values("price"), ahead.values("price_before")
    return Judgement(
        ahead.chance(price > before),
        (
            "the parallel price of ", ahead.product, " in ", ahead.place,
            " is higher in those ", ahead.length, " than in the ",
            ahead.days(float(min(ahead.first, _PRICE_DAYS))), " before",
        ),
        (
            "Mean price, median: ", summary(before, unit, ahead.basis),
            " before, ", summary(price, unit, ahead.basis), " after.",
        ),
        (("price-0", "parallel price"),),
    )  # fmt: skip


def _losses(ahead: _Ahead) -> tuple[Judgement, ...]:
    """Judge whether more trucks are lost than before; nothing where none ever is."""
    lost, before = ahead.rows["lost"], ahead.rows["lost_before"]
    if not lost.any() and not before.any():
        return ()
    judgement = Judgement(
        ahead.chance(lost > before),
        (
            "more trucks are lost in the ", ahead.length, " after ", ahead.cutoff,
            " than in the ", ahead.length, " before",
        ),
        (
            "Trucks lost, median: ", summary(before, "trucks", ahead.basis),
            " before, ", summary(lost, "trucks", ahead.basis), " after.",
        ),
        (("corridor-all", "trucks through and lost"), ("map", "risk by segment")),
    )  # fmt: skip
    return (judgement,)


def _leader(ahead: _Ahead, heat: Heat) -> Judgement:
    """Judge whether the leader loses power."""
    keeps = number_of(heat.keeps_power)
    members = len(ahead.run.members)
    run_days = ahead.days(float(heat.keeps_power_days))
    drivers = heat.drivers()
    moved: Sentence = ("; what changed it most: ", drivers[0].title.lower())
    return Judgement(
        share_of(
            (1.0 - keeps) * members,
            members,
            ahead.basis,
            independent_members(ahead.run),
        ),
        (
            Said(heat.leader), " loses power in the ", run_days, " after ",
            ahead.cutoff, ": by a coup, forced out, captured, or by a natural end",
        ),
        (
            "His heat on ", ahead.cutoff, " is ", rounded(heat.value()), " of ",
            ahead.days(100.0, "1"), ", ", heat.band(), ", and changed by ",
            rounded(heat.trend()), " in ", ahead.days(float(heat.days_back())),
            *(moved if drivers else ()), ".",
        ),
        (("leader", "the leader's heat"), ("futures", "futures")),
    )  # fmt: skip


def _outlook(ahead: _Ahead) -> Judgement:
    """Judge whether the capital is served again at the end of the forecast."""
    mean = ahead.values("served")
    days = min(_OUTLOOK_DAYS, ahead.run.daily.sizes["day"])
    return Judgement(
        ahead.chance(mean >= _WELL_SERVED_SHARE),
        (
            "at least ", ahead.days(_WELL_SERVED_SHARE, "share"), " of the demand for ",
            ahead.product, " in ", ahead.place, " is served in the ",
            ahead.days(float(days)), " before ", ahead.dated(-1),
        ),
        ("Share served then, median: ", summary(mean, "share", ahead.basis), "."),
        (("days-0", "days of supply"),),
    )  # fmt: skip


def _option(ahead: _Ahead, comparisons: Sequence[Comparison]) -> Judgement:
    """Judge the option that saves most days without fuel."""

    def entry(comparison: Comparison) -> Difference:
        return comparison.find("stockout_days", ahead.run.case.config.capital)

    best = min(
        comparisons, key=lambda comparison: number_of(entry(comparison).difference)
    )
    saved = entry(best)
    return Judgement(
        share_of(
            number_of(saved.better) * best.members, best.members, saved.better.basis
        ),
        (
            "the option “", Said(best.title), "” gives ", ahead.place,
            " fewer days with less than half of demand served than the baseline",
        ),
        ("Difference, mean: ", saved.difference, "; more days in ", saved.worse,
         " of the courses, and as many in the rest."),
        (("options", "options compared"),),
    )  # fmt: skip
