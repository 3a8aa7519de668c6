"""What a scenario changes: differences between two runs on the same luck.

Member by member the two runs share parameters and luck, so their difference is the
effect of the scenario and not of chance. A difference is told as its mean, with the
interval that holds nine members in ten and the Monte Carlo error of the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import rows_of, values_of
from supplyline.analysis.members import pasts_of
from supplyline.analysis.traced import Harm, Paths, Reason, read_steps, trace
from supplyline.case.lookup import find_name, titles_of
from supplyline.errors import refuse_other, unknown_text
from supplyline.notebook import as_html
from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.case.case import Case
    from supplyline.runs import Run

STOCKOUT_SHARE: Final = 0.5
"""A day is a stockout day when less than this share of demand is served [1]."""

_TITLES: Final = {
    "stockout_days": "Days with less than half of demand served",
    "unmet_kl": "Unmet demand",
    "price_per_l": "Mean parallel price",
    "trucks_lost": "Trucks lost",
    "imports_kl": "Imports that arrived",
    "days_of_supply": "Days of supply on the last day",
    "exit_probability": "Chance that the leader loses power, by his hazards",
    "attacks": "Attacks of armed groups",
    "civilians_killed": "Civilians killed, by groups and by the state",
    "displaced": "People displaced on the last day",
    "state_control_share": "Share of people under the state on the last day",
    "interdictor_cash_usd": "Money of the group that enforces the ban on the last day",
}
_MORE_IS_BETTER: Final = {"imports_kl", "days_of_supply", "state_control_share"}


@dataclass(frozen=True, slots=True)
class Difference:
    """What one outcome gains or loses."""

    outcome: str
    title: str
    place: str | None
    product: str | None
    base: Quantity
    alternative: Quantity
    difference: Quantity
    standard_error: Quantity
    better: Quantity
    worse: Quantity
    reason: Reason | None
    """Why it is worse, where it is so in most courses beyond luck."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs on the same luck, compared outcome by outcome.

    Attributes
    ----------
    base : str
        Name of the first run.
    alternative : str
        Name of the second run.
    name : str
        Name of the second run's folder.
    title : str
        What the second run changes.
    question : str
        What its scenario asks; empty where it asks nothing.
    start : datetime.date
        First day compared.
    end : datetime.date
        Last day compared.
    members : int
        Members compared.
    weeks : int
        Whole weeks of the run from the scenario's first day on.
    differences : tuple of Difference
        One entry per outcome, place and product; what is kept by week is left out
        where no whole week is compared, and so is a product that is not used in the
        capital or from there.
    case : Case
        The case of the first run.
    """

    base: str
    alternative: str
    name: str
    title: str
    question: str
    start: pd.Timestamp
    end: pd.Timestamp
    members: int
    weeks: int
    differences: tuple[Difference, ...]
    case: Case

    def _repr_html_(self) -> str:
        """Show each difference beside what it is taken from."""
        titles = titles_of(self.case, "place")
        rows = [
            (
                entry.title,
                titles.get(entry.place or "", entry.place or "all"),
                entry.product or "all",
                entry.base,
                entry.alternative,
                entry.difference,
            )
            for entry in self.differences
        ]
        columns = ("outcome", "place", "product", "first", "second", "difference")
        days = f"{self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}"
        title = f"{self.title}: {days}, {self.members:,} members"
        return as_html(title, columns, rows)

    def find(
        self, outcome: str, place: str | None = None, product: str | None = None
    ) -> Difference:
        """Find the difference of one outcome.

        Parameters
        ----------
        outcome : str
            Name of the outcome.
        place : str or None
            Row of places.csv, by identifier or title; None means the nation.
        product : str or None
            Product; None means all.

        Returns
        -------
        Difference
            The entry.

        Raises
        ------
        ValueError
            If there is no such entry; the message lists those there are.
        """
        entries = [entry for entry in self.differences if entry.outcome == outcome]
        if not entries:
            outcomes = dict.fromkeys(entry.outcome for entry in self.differences)
            raise ValueError(unknown_text("outcome", outcome, outcomes))
        places = dict.fromkeys(entry.place for entry in entries)
        if place is not None:
            known = [name for name in places if name is not None]
            place = find_name(self.case, "place", place, known)
        elif None not in places:
            message = f"place is empty; expected one of {', '.join(map(str, places))}"
            raise ValueError(message)
        products = {e.product: e for e in entries if e.place == place}
        if product not in products:
            names = [name or "None, for all" for name in products]
            raise ValueError(unknown_text("product", product, names))
        return products[product]

    def stockout_days(self, place: str, product: str | None = None) -> Quantity:
        """Tell how many stockout days the scenario adds or saves at a place.

        Parameters
        ----------
        place : str
            Row of places.csv with a depot, by identifier or title.
        product : str or None
            Product; None counts the days on which any product is short.

        Returns
        -------
        Quantity
            Mean difference with its 90 % interval [days].

        Raises
        ------
        ValueError
            If there is no such place or product; the message lists those there are.
        """
        return self.find("stockout_days", place, product).difference

    def table(self) -> pd.DataFrame:
        """Write the comparison as a table.

        Returns
        -------
        pandas.DataFrame
            One row per outcome, place and product, with columns ``outcome``, ``title``,
            ``place``, ``product``, ``unit``, ``base``, ``alternative``, ``difference``,
            ``low``, ``high``, ``standard_error``, ``better_share``, ``worse_share``.
        """
        return pd.DataFrame(
            [
                {
                    "outcome": entry.outcome,
                    "title": entry.title,
                    "place": entry.place,
                    "product": entry.product,
                    "unit": entry.difference.unit,
                    "base": entry.base.value,
                    "alternative": entry.alternative.value,
                    "difference": entry.difference.value,
                    "low": entry.difference.low,
                    "high": entry.difference.high,
                    "standard_error": entry.standard_error.value,
                    "better_share": entry.better.value,
                    "worse_share": entry.worse.value,
                }
                for entry in self.differences
            ]
        )


def compare(base: Run, alternative: Run) -> Comparison:
    """Compare two runs that share parameters and luck.

    Parameters
    ----------
    base : Run
        The run compared with, most often the baseline.
    alternative : Run
        The run of a scenario, made with ``like=base``. Where one run has fewer members,
        they are the first of the other, and only they are compared.

    Returns
    -------
    Comparison
        Paired differences from the cut-off on, or from the start of the scenario where
        that is earlier.

    Raises
    ------
    ValueError
        If the runs differ in case, seed or days.
    """
    return compared_with(base)(alternative)


def compared_with(base: Run) -> Callable[[Run], Comparison]:
    """Give what compares runs with one base, whose own numbers are worked out once."""
    refuse_other("base", base, "Run", "load_run")

    @cache
    def outcomes(start: pd.Timestamp, members: int) -> tuple[Rows, Rows]:
        return _outcomes(base, start, members)

    def compare_one(alternative: Run) -> Comparison:
        refuse_other("alternative", alternative, "Run", "load_run")
        _refuse_unpaired(base, alternative)
        start = _first_day(base, alternative)
        shared = min(len(run.members) for run in (base, alternative))
        first, steps = outcomes(start, shared)
        second, steps_then = _outcomes(alternative, start, shared)
        known = {key: rows for key, rows in second.items() if key in first}
        harms = [
            Harm(key[0], key[1], _loss(key[0], first[key], rows))
            for key, rows in known.items()
        ]
        basis = f"run {alternative.manifest.run}"
        pasts = pasts_of(base, shared)
        reasons = trace(harms, Paths(steps, steps_then, pasts, base.case, basis))
        return Comparison(
            base=str(base.manifest.run),
            alternative=str(alternative.manifest.run),
            name=alternative.manifest.name,
            title=scenario_title(alternative),
            question=str(_scenario(alternative).get("question", "")),
            start=start,
            end=pd.Timestamp(base.daily["day"].to_numpy()[-1]),
            members=shared,
            weeks=_whole_weeks(alternative, start),
            differences=tuple(
                _difference(key, first[key], rows, (base, alternative), reason)
                for (key, rows), reason in zip(known.items(), reasons, strict=True)
            ),
            case=base.case,
        )

    return compare_one


def scenario_title(run: Run) -> str:
    """Tell what a run changes."""
    scenario = _scenario(run)
    return str(scenario.get("title") or scenario.get("name") or "Baseline")


_Key = tuple[str, str | None, str | None, str]


def _refuse_unpaired(base: Run, alternative: Run) -> None:
    """Refuse runs whose members do not share their luck."""
    shared = min(len(run.members) for run in (base, alternative))
    pairs = {
        "case": (base.case.name, alternative.case.name),
        "seed": (base.manifest.seed, alternative.manifest.seed),
        "days": (base.daily.sizes["day"], alternative.daily.sizes["day"]),
        "first day": (
            base.daily["day"].to_numpy()[0],
            alternative.daily["day"].to_numpy()[0],
        ),
        "lineage": tuple(_lineage_of(run, shared) for run in (base, alternative)),
    }
    unequal = [f"{name} {a} and {b}" for name, (a, b) in pairs.items() if a != b]
    if unequal:
        message = (
            f"the runs do not share their luck: {'; '.join(unequal)}; "
            "make the second with like=base"
        )
        raise ValueError(message)


def _lineage_of(run: Run, count: int) -> str:
    """Name the lineage of the first members of a run."""
    if run.lineage is None:
        return "none"
    first = run.members.start
    return run.lineage.of(np.arange(first, first + count)).sha256[:12]


def _scenario(run: Run) -> dict[str, Any]:
    """Read the scenario of a run as plain JSON; empty for the baseline."""
    return run.manifest.request.scenario or {}


def _first_day(base: Run, alternative: Run) -> pd.Timestamp:
    """Find the first day on which the scenario may tell."""
    first = pd.Timestamp(base.daily["day"].to_numpy()[0])
    starts = [pd.Timestamp(base.manifest.cutoff) + pd.Timedelta(days=1)]
    for run in (base, alternative):
        start = _scenario(run).get("start")
        if start is not None:
            starts.append(pd.Timestamp(start))
    return max(first, min(starts))


def _whole_weeks(run: Run, start: pd.Timestamp) -> int:
    """Count the whole weeks of a run in which its scenario may tell."""
    begin = pd.Timestamp(_scenario(run).get("start") or start)
    return int((run.weekly["week"].to_numpy() >= max(start, begin)).sum())


def _outcomes(run: Run, start: pd.Timestamp, members: int) -> tuple[Rows, Rows]:
    """Reduce the first members of a run to a number each for each outcome and step."""
    first = run.select(run.members[:members])
    [used, outcomes, steps] = rows_of(
        first,
        _uses,
        lambda part: dict(_outcomes_in(part, start)),
        lambda part: read_steps(part, start),
    )
    unused = {name for name, is_used in used.items() if not is_used.all()}
    return {key: rows for key, rows in outcomes.items() if key[2] not in unused}, steps


def _uses(run: Run) -> Rows:
    """Tell by product whether it is used in the capital or from there."""
    is_used = np.isfinite(values_of(run.daily, "days_of_supply")).all(axis=1)
    return dict(zip(_products(run), is_used.T, strict=True))


def _products(run: Run) -> list[str]:
    return [str(name) for name in run.daily["product"].to_numpy()]


def _outcomes_in(run: Run, start: pd.Timestamp) -> Iterator[tuple[_Key, NDArray[Any]]]:
    """Reduce a chunk of a run to one number per member for each outcome."""
    days = run.daily.indexes["day"].slice_indexer(start)
    weeks = run.weekly.indexes["week"].slice_indexer(start)

    def daily(name: str) -> NDArray[Any]:
        return values_of(run.daily, name)[:, days]

    def weekly(name: str) -> NDArray[Any]:
        return values_of(run.weekly, name)[:, weeks]

    capital = run.case.config.capital
    is_short = daily("served_share") < STOCKOUT_SHARE
    yield ("stockout_days", capital, None, "days"), is_short.any(axis=2).sum(axis=1)
    unmet, prices = daily("unmet_kl"), daily("price_per_l")
    cover, arrived = daily("days_of_supply"), daily("imports_kl")
    for column, product in enumerate(_products(run)):
        count = is_short[:, :, column].sum(axis=1)
        yield ("stockout_days", capital, product, "days"), count
        yield ("unmet_kl", capital, product, "kl"), unmet[:, :, column].sum(axis=1)
        price = prices[:, :, column].mean(axis=1)
        yield ("price_per_l", capital, product, _unit(run, "price_per_l")), price
        yield ("days_of_supply", capital, product, "days"), cover[:, -1, column]
        yield ("imports_kl", None, product, "kl"), arrived[:, :, column].sum(axis=1)
    yield ("trucks_lost", None, None, "trucks"), daily("trucks_lost").sum(axis=1)
    short = (weekly("served_share") < STOCKOUT_SHARE).any(axis=3)
    if short.shape[1]:
        count = 7 * short.sum(axis=1)
        for column, place in enumerate(str(p) for p in run.weekly["place"].to_numpy()):
            if place != capital:
                yield ("stockout_days", place, None, "days"), count[:, column]
    if run.has_country:
        yield from _country_outcomes(run, daily, weekly)


def _country_outcomes(
    run: Run,
    daily: Callable[[str], NDArray[Any]],
    weekly: Callable[[str], NDArray[Any]],
) -> Iterator[tuple[_Key, NDArray[Any]]]:
    """Reduce the country of a run to one number per member for each outcome."""
    # hazards end where rule ends, so that their sum has the mean of the exits
    success = run.params["coup_success_probability"].to_numpy()
    ends = success * daily("hazard_attempt").sum(axis=1)
    for kind in ("forced", "capture", "natural"):
        ends = ends + daily(f"hazard_{kind}").sum(axis=1)
    yield ("exit_probability", None, None, "percent"), 100 * ends
    yield ("attacks", None, None, "attacks"), daily("attacks").sum(axis=1)
    harmed = daily("civilians_killed").sum(axis=1) + daily("harm_killed").sum(axis=1)
    yield ("civilians_killed", None, None, "persons"), harmed
    yield ("displaced", None, None, "persons"), daily("displaced")[:, -1]
    held = 100 * daily("state_control_share")[:, -1]
    yield ("state_control_share", None, None, "percent"), held
    cash = weekly("group_cash_usd")
    if cash.shape[1]:
        column = list(run.weekly["group"].to_numpy()).index(run.interdictor)
        yield ("interdictor_cash_usd", None, None, "USD"), cash[:, -1, column]


def _unit(run: Run, name: str) -> str:
    """Read the unit of a daily variable."""
    return str(run.daily[name].attrs["units"])


def _difference(
    key: _Key, first: NDArray[Any], second: NDArray[Any], runs: tuple[Run, Run],
    reason: Reason | None,
) -> Difference:  # fmt: skip
    """Turn two numbers per member into a difference with its interval and error."""
    outcome, place, product, unit = key
    basis = [f"run {run.manifest.run}" for run in runs]
    change = second.astype(np.float64) - first
    gain = -_loss(outcome, first, second)
    error = float(change.std(ddof=1) / np.sqrt(change.size)) if change.size > 1 else 0.0
    return Difference(
        outcome=outcome,
        title=_TITLES[outcome],
        place=place,
        product=product,
        base=_quantity(first, unit, basis[0]),
        alternative=_quantity(second, unit, basis[1]),
        difference=_quantity(change, unit, basis[1]),
        standard_error=Quantity(error, unit, basis=basis[1]),
        better=Quantity(float((gain > 0).mean()), "probability", basis=basis[1]),
        worse=Quantity(float((gain < 0).mean()), "probability", basis=basis[1]),
        reason=reason,
    )


def _loss(outcome: str, first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    """Tell how much worse an outcome is in each member."""
    change = second.astype(np.float64) - first
    return np.asarray(-change if outcome in _MORE_IS_BETTER else change)


def _quantity(values: NDArray[Any], unit: str, basis: str) -> Quantity:
    """Tell the mean over members with the interval that holds nine in ten."""
    low, high = np.quantile(values, (0.05, 0.95))
    mean = float(np.mean(values, dtype=np.float64))
    return Quantity(mean, unit, low=float(low), high=float(high), basis=basis)
