"""Eight futures: what each course of a run has come to at the horizon.

The rules are tried in order and the first that holds names the future, so every member
has exactly one. Thresholds on the capital's supply are on means of seven days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import rows_of
from supplyline.analysis.course import FEATURES, WEEK, course_of
from supplyline.analysis.members import (
    basis_of,
    check_days,
    independent_members,
    median_of,
    share_of,
)
from supplyline.analysis.signs import AHEAD_DAYS, Omens, Signs, omens_of, signs_of
from supplyline.case.regime import EXITS, TALKS
from supplyline.errors import refuse_other, unknown_text
from supplyline.notebook import as_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.analysis.course import Course
    from supplyline.quantities import Quantity
    from supplyline.runs import Run

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

SERVED: Final = 0.9
"""Share served above which the capital is supplied [1]."""
STRANGLED: Final = 0.4
"""Share served below which the capital is strangled [1]."""
LAST_DAYS: Final = 30
"""Last days of the horizon that most rules look at [days]."""
LONG_DAYS: Final = 60
"""Days through which a capital without a deal is supplied [days]."""
HELD_LEAST: Final = 0.1
"""Share of a region below which the state holds it no more [1]."""
LOST_REGIONS: Final = 2
"""Regions that the state must have lost for the country to be parted."""
PARTED_SERVED: Final = 0.7
"""Share served in a capital that lives on in a parted country [1]."""
STRENGTH_LEFT: Final = 0.7
"""Fighters left, against the cut-off, of a group that has split or is worn down [1]."""


def _is_captured(course: Course) -> Bools:
    return np.asarray(course.last("exit_kind") == EXITS.index("capture"))


def _is_out(course: Course) -> Bools:
    kinds = EXITS.index("coup"), EXITS.index("forced exit")
    return np.isin(course.last("exit_kind"), kinds)


def _is_supplied(course: Course, days: int) -> Bools:
    return np.asarray((course.served[:, -days:] > SERVED).all(axis=1))


def _has_deal(course: Course) -> Bools:
    return np.asarray(course.last("talks") == TALKS.index("deal"))


def _is_deal(course: Course) -> Bools:
    return _has_deal(course) & _is_supplied(course, LAST_DAYS)


def _is_broken(course: Course) -> Bools:
    return ~_has_deal(course) & _is_supplied(course, LONG_DAYS)


def _is_strangled(course: Course) -> Bools:
    return np.asarray((course.served[:, -LAST_DAYS:] < STRANGLED).all(axis=1))


def _is_parted(course: Course) -> Bools:
    before, after = course.ends("region_state_control_share", "region", course.inside)
    lost = ((after < HELD_LEAST) & (before >= HELD_LEAST)).sum(axis=1)
    capital = course.days("public_served_share")[:, -LAST_DAYS:].mean(axis=1)
    return np.asarray((lost >= LOST_REGIONS) & (capital > PARTED_SERVED))


def _is_split(course: Course) -> Bools:
    before, after = course.ends("group_fighters", "group", (course.run.interdictor,))
    return np.asarray(after[:, 0] <= STRENGTH_LEFT * before[:, 0])


@dataclass(frozen=True, slots=True)
class Rule:
    """A future with the rule that names it."""

    name: str
    title: str
    text: str
    holds: Callable[[Course], Bools] | None


RULES: Final = (
    Rule(
        "capture",
        "The capital falls",
        "The capital is captured, or power is handed to the armed group.",
        _is_captured,
    ),
    Rule(
        "exit",
        "The leader is removed",
        "A coup succeeds, or the leader is forced out.",
        _is_out,
    ),
    Rule(
        "deal",
        "The blockade is lifted by a deal",
        "A national deal holds on the last day, and more than 90 % of what the public "
        "of the capital wants is served throughout the last 30 days.",
        _is_deal,
    ),
    Rule(
        "broken",
        "The capital is supplied",
        "No national deal holds, and more than 90 % of what the public of the capital "
        "wants is served throughout the last 60 days.",
        _is_broken,
    ),
    Rule(
        "strangulation",
        "The capital is strangled",
        "Less than 40 % of what the public of the capital wants is served throughout "
        "the last 30 days.",
        _is_strangled,
    ),
    Rule(
        "partition",
        "The country is parted",
        "In two or more regions the state's share of control falls below 10 %, and in "
        "the capital more than 70 % is served over the last 30 days.",
        _is_parted,
    ),
    Rule(
        "split",
        "The armed group is weakened",
        "The group that enforces the ban splits or is worn down: it has at most 70 % "
        "of the fighters it had at the cut-off.",
        _is_split,
    ),
    Rule("attrition", "The struggle goes on", "None of the other rules holds.", None),
)
"""The futures in the order in which their rules are tried."""


@dataclass(frozen=True, slots=True)
class Future:
    """One of the eight futures.

    Attributes
    ----------
    number : int
        Place in the order of rules, from 1.
    name : str
        Short name.
    title : str
        Name as printed.
    rule : str
        The rule in words.
    members : int
        Members that come to it.
    share : Quantity
        Share of members, with its 90 % interval [probability].
    """

    number: int
    name: str
    title: str
    rule: str
    members: int
    share: Quantity


@dataclass(frozen=True, slots=True)
class Feature:
    """How the members of one future differ from the rest in one series."""

    name: str
    title: str
    inside: Quantity | None
    outside: Quantity | None


@dataclass(frozen=True, eq=False, repr=False)
class Futures:
    """What the members of a run have come to at the horizon.

    Attributes
    ----------
    run : Run
        The run.
    start : pandas.Timestamp
        First day of the forecast.
    end : pandas.Timestamp
        Horizon: the last day looked at.
    classes : tuple of Future
        The eight futures in the order of their rules.
    member_class : numpy.ndarray
        Number of the future of each member, shape (member,).
    looks : dict of str to numpy.ndarray
        What is told of the members of a future, by series, each of shape (member,).
    omens : Omens
        What is watched for early signs.
    """

    run: Run
    start: pd.Timestamp
    end: pd.Timestamp
    classes: tuple[Future, ...]
    member_class: Ints
    looks: Rows
    omens: Omens

    def __repr__(self) -> str:
        """Name the horizon and the most frequent future."""
        most = max(self.classes, key=lambda future: future.members)
        return f"<Futures at {self.end:%Y-%m-%d}: {most.name} {most.share.short} first>"

    def _repr_html_(self) -> str:
        """Show the futures with their shares."""
        rows = [(f.number, f.title, f.share, f.rule) for f in self.classes]
        columns = ("number", "future", "share of members", "rule")
        return as_html(f"Futures at {self.end:%Y-%m-%d}", columns, rows)

    @property
    def shares(self) -> dict[str, Quantity]:
        """Share of members by name of the future.

        Returns
        -------
        shares : dict of str to Quantity
            In the order of the rules; they add up to 1 [probability].
        """
        return {future.name: future.share for future in self.classes}

    def table(self) -> pd.DataFrame:
        """Write the futures as a table.

        Returns
        -------
        pandas.DataFrame
            One row for each: ``number``, ``name``, ``title``, ``rule``, ``members``,
            ``share``, ``low`` and ``high`` [1].
        """
        return pd.DataFrame(
            [
                {
                    "number": future.number,
                    "name": future.name,
                    "title": future.title,
                    "rule": future.rule,
                    "members": future.members,
                    "share": future.share.value,
                    "low": future.share.low,
                    "high": future.share.high,
                }
                for future in self.classes
            ]
        )

    def find(self, name: str) -> Future:
        """Find a future by its name.

        Parameters
        ----------
        name : str
            Short name.

        Returns
        -------
        Future
            The future.

        Raises
        ------
        ValueError
            If there is none of this name.
        """
        for future in self.classes:
            if future.name == name:
                return future
        known = [future.name for future in self.classes]
        raise ValueError(unknown_text("name", name, known))

    def typical(self, name: str) -> tuple[Feature, ...]:
        """Tell what the members of a future look like beside all others.

        Parameters
        ----------
        name : str
            Short name.

        Returns
        -------
        tuple of Feature
            One entry for each series, always the same ones.

        Raises
        ------
        ValueError
            If there is no future of this name.
        """
        is_inside = self.member_class == self.find(name).number
        basis = basis_of(self.run)
        features = []
        for feature in FEATURES:
            values, unit = self.looks[feature.name], feature.unit(self.run)
            inside, outside = (
                median_of(values[members], unit, basis)
                for members in (is_inside, ~is_inside)
            )
            features.append(Feature(feature.name, feature.title, inside, outside))
        return tuple(features)

    def signs(self, name: str) -> Signs:
        """Find early signs of a future: one series and a threshold each.

        Parameters
        ----------
        name : str
            Short name.

        Returns
        -------
        Signs
            Found on the members of even number and scored on the odd ones, among those
            whose leader is still in power on the last of the days looked at.

        Raises
        ------
        ValueError
            If there is no future of this name.
        """
        future = self.find(name)
        return signs_of(self.omens, name, self.member_class == future.number)


def futures(run: Run, days: int | None = None) -> Futures:
    """Sort the members of a run by what they have come to.

    Parameters
    ----------
    run : Run
        Run of a case with armed groups.
    days : int, optional
        Horizon after the cut-off; the whole forecast if not given [days].

    Returns
    -------
    Futures
        Eight futures that exclude each other, with their shares.

    Raises
    ------
    ValueError
        If the run does not follow armed groups, or does not reach the horizon, or
        holds too few days before it.
    """
    refuse_other("run", run, "Run", "load_run")
    if not run.has_country:
        message = (
            f"run {run.manifest.run} does not follow armed groups; futures need a run "
            "of a case with rows in groups.csv"
        )
        raise ValueError(message)
    day = pd.DatetimeIndex(run.daily["day"].to_numpy())
    cutoff = pd.Timestamp(run.manifest.cutoff)
    most = (day[-1] - cutoff).days
    ahead = most if days is None else days
    check_days(ahead, most, "the days of the forecast")
    end = cutoff + pd.Timedelta(days=ahead)
    needed, held = LONG_DAYS + WEEK - 1, (end - day[0]).days + 1
    if held < needed:
        message = f"the run holds {held} days up to the horizon; expected {needed}"
        raise ValueError(message)
    [sorted_by, looks, omens] = rows_of(
        run,
        lambda part: {"future": classify(course_of(part, end))},
        lambda part: looks_of(course_of(part, end)),
        lambda part: omens_of(course_of(part, end, AHEAD_DAYS)),
    )
    member_class = sorted_by["future"]
    counts = np.bincount(member_class, minlength=len(RULES) + 1)[1:]
    alone = independent_members(run)
    classes = tuple(
        Future(
            number,
            rule.name,
            rule.title,
            rule.text,
            int(count),
            share_of(int(count), len(member_class), basis_of(run), alone),
        )
        for number, (rule, count) in enumerate(zip(RULES, counts, strict=True), 1)
    )
    start = cutoff + pd.Timedelta(days=1)
    watched = Omens(run, min(ahead, AHEAD_DAYS), omens)
    return Futures(run, start, end, classes, member_class, looks, watched)


def looks_of(course: Course) -> Rows:
    """Read what is told of the members of a future."""
    return {feature.name: feature.values(course) for feature in FEATURES}


def classify(course: Course) -> Ints:
    """Name the future of each member by the first rule that holds."""
    numbers = np.zeros(course.members, dtype=np.int64)
    for number, rule in enumerate(RULES, 1):
        is_open = numbers == 0
        holds = is_open if rule.holds is None else rule.holds(course)
        numbers[is_open & holds] = number
    return numbers
