"""Questions about what may come, such as "short diesel bamako", and their outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import values_of
from supplyline.analysis.members import check_days
from supplyline.analysis.shortage import shortage_in
from supplyline.case.lookup import titles_of, words_of
from supplyline.errors import by_kind, shown, unknown_text
from supplyline.language import _, mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.runs import Run

    Floats = NDArray[np.float64]

Kind = Literal["short", "price", "missing", "losses", "leader"]

_WORDS: Final[dict[Kind, tuple[str, ...]]] = {
    "short": (mark("short"), mark("shortage"), mark("short of")),
    "price": (mark("price"), mark("prices")),
    "missing": (mark("missing"), mark("unmet")),
    "losses": (mark("losses"), mark("lost"), mark("trucks lost")),
    "leader": (mark("leader"), mark("power")),
}
"""Words that ask for each kind of outcome, the first by which it is named."""
_CHANCES: Final = ("short", "leader")
_AT_PLACES: Final = ("short", "price", "missing")
_SMALL_WORDS: Final = mark("a an and at by for from in is of on the to will within")
_WEEK: Final = pd.Timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Question:
    """One outcome of a run, over some days from the cut-off on."""

    kind: Kind
    place: str = ""
    """Row of places.csv; empty for the nation."""
    product: str = ""
    """Product; empty for any or all."""
    days: int = 60

    @property
    def is_chance(self) -> bool:
        """Whether it asks whether something comes, and not how much."""
        return self.kind in _CHANCES


def read_question(run: Run, text: object, days: int) -> Question:
    """Read a question in any order of its words; all its faults are told at once."""
    check_days(days, int((run.daily["part"] == "forecast").sum()), "days ahead")
    if not isinstance(text, str):
        message = f"question is {shown(text)}; expected text, as 'short diesel bamako'"
        raise TypeError(message)
    known = _known_words(run)
    rest, given = f" {_plain(text)} ", dict[str, list[str]]()
    for words in sorted(known, key=len, reverse=True):
        if f" {words} " in rest:
            rest = rest.replace(f" {words} ", " ", 1)
            axis, name = known[words]
            given.setdefault(axis, []).append(name)
    small = set(_(_SMALL_WORDS).split())
    faults = [
        unknown_text("question", word, known, "an outcome, a product and a place")
        for word in rest.split()
        if word not in small
    ]
    for axis, names in given.items():
        if len(set(names)) > 1:
            faults.append(f"question names {' and '.join(names)}; expected one {axis}")
    if "outcome" not in given and not faults:
        outcomes = ", ".join(words[0] for words in _WORDS.values())
        faults.append(f"question is {shown(text)}; expected one of {outcomes} in it")
    if faults:
        raise ValueError("\n".join(by_kind(faults)))
    return _complete(run, {axis: names[0] for axis, names in given.items()}, days)


def _complete(run: Run, given: dict[str, str], days: int) -> Question:
    """Fill in what a question leaves open: the capital, and the only product."""
    kind = next(kind for kind in _WORDS if kind == given["outcome"])
    products = run.case.config.products
    place, product = given.get("place", ""), given.get("product", "")
    if kind not in _AT_PLACES:
        if place or product:
            message = f"question names {place or product}; {kind} is of the nation"
            raise ValueError(message)
    elif not place:
        place = run.case.config.capital
    if kind in _AT_PLACES and not product and (len(products) == 1 or kind == "price"):
        product = str(products[0])
    if kind == "leader" and not (run.has_country and run.case.config.leader):
        message = f"question is about the leader; run {run.manifest.run} follows none"
        raise ValueError(message)
    return Question(kind, place, product, days)


def _known_words(run: Run) -> dict[str, tuple[str, str]]:
    """Name all that a question may hold, as plain words, with what each means."""
    known: dict[str, tuple[str, str]] = {}
    titles = titles_of(run.case, "place")
    for place in map(str, run.weekly["place"].to_numpy()):
        for text in (titles.get(place, place), place):
            known[_plain(text)] = ("place", place)
    for product in run.case.config.products:
        known[_plain(str(product))] = ("product", str(product))
    for kind, words in _WORDS.items():
        for word in words:
            for text in (word, _(word)):
                known[_plain(text)] = ("outcome", kind)
    return known


def _plain(text: str) -> str:
    """Write the words of a text in a row."""
    return " ".join(words_of(text))


def read_outcomes(run: Run, questions: Iterable[Question], short_for: int) -> Rows:
    """Give the outcome of each question by member, and what it was on the last day.

    The keys are ``(question, "ahead")`` and ``(question, "now")``; a chance is told by
    0 and 1. Nothing is "now" of what is summed over days.
    """
    rows: Rows = {}
    told = None
    for question in questions:
        ahead, now = rows_keys(question)
        if question.kind == "short":
            told = shortage_in(run, short_for) if told is None else told
            rows[ahead] = _at(run, told.within(question.days), question)
            rows[now] = _at(run, told.already, question)
        elif question.kind == "leader":
            day = _last_day(run)
            kinds = values_of(run.daily, "exit_kind")
            rows[ahead] = kinds[:, day + question.days] != 0
            rows[now] = kinds[:, day] != 0
        elif question.kind == "losses":
            rows[ahead] = _days_ahead(run, "trucks_lost", question.days).sum(axis=1)
        elif question.kind == "price":
            series, last = _at_place(run, "price_per_l", question)
            rows[ahead], rows[now] = series.mean(axis=1), last
        else:
            series, _unused = _at_place(run, "unmet_kl", question)
            rows[ahead] = series.sum(axis=1)
    return rows


def rows_keys(question: Question) -> tuple[tuple[Question, str], tuple[Question, str]]:
    """Name the rows of a question: ahead and now."""
    return (question, "ahead"), (question, "now")


def _at(run: Run, values: NDArray[np.bool_], question: Question) -> NDArray[np.bool_]:
    """Take a place and a product, or any product, of what is kept by both."""
    spot = run.weekly.indexes["place"].get_loc(question.place)
    there = values[:, spot]
    if not question.product:
        return np.asarray(there.any(axis=1))
    return np.asarray(there[:, _column(run, question.product)])


def _column(run: Run, product: str) -> int:
    """Find a product among those of a run."""
    return [str(name) for name in run.weekly["product"].to_numpy()].index(product)


def _last_day(run: Run) -> int:
    """Find the last day of the data."""
    return int(run.daily.indexes["day"].searchsorted(pd.Timestamp(run.manifest.cutoff)))


def _days_ahead(run: Run, name: str, days: int) -> Floats:
    """Read some days of a series of the nation or the capital from the cut-off on."""
    first = _last_day(run) + 1
    return np.asarray(values_of(run.daily, name)[:, first : first + days], np.float64)


def _at_place(run: Run, name: str, question: Question) -> tuple[Floats, Floats]:
    """Read an output at a place ahead, summed over products if none is asked, and now.

    The capital is kept by day; another place by week, of which the whole ones count.
    """
    if question.place == run.case.config.capital:
        first = _last_day(run)
        values = values_of(run.daily, name)[:, first : first + 1 + question.days]
    else:
        weeks = pd.DatetimeIndex(run.weekly["week"].to_numpy())
        cutoff = pd.Timestamp(run.manifest.cutoff)
        last = int((weeks + _WEEK <= cutoff + pd.Timedelta(days=1)).sum()) - 1
        end = cutoff + pd.Timedelta(days=1 + question.days)
        stop = int((weeks + _WEEK <= end).sum())
        begin = int((weeks <= cutoff).sum())
        spot = run.weekly.indexes["place"].get_loc(question.place)
        chosen = [max(last, 0), *range(begin, max(stop, begin + 1))]
        values = values_of(run.weekly, name)[:, chosen, spot]
    whole = (
        values[:, :, _column(run, question.product)]
        if question.product
        else values.sum(axis=2)
    )
    series = np.asarray(whole, np.float64)
    return series[:, 1:], series[:, 0]
