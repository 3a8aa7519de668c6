"""Find the same event in several data sets: one event with two witnesses or more.

Two reports of different data sets are scored by four factors, each from 0 to 1::

    score    = distance * days * actors * deaths
    distance = exp(-km^2 / (2 s^2))     s^2 = match_km^2 + place_km^2 + place_km^2
    days     = 2 ^ (-gap / match_days)  gap between the periods of the two
    actors   = 1 alike, 0.5 one not known, 0.3 alike in part, 0.05 unlike
    deaths   = sqrt((least + 1) / (most + 1)) of the nearest ends, 0.7 one not known

Reports of unlike families (attack, unrest, statement) are never one event, nor are
those that last more than `MOST_DAYS`. Pairs are joined from the best score down while
every report of the one group scores at least `LEAST_SCORE` with every one of the other,
and no data set stands in both. So a report is in one group at most, and the order of
rows does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from supplyline.case.geography import EARTH_RADIUS_KM
from supplyline.evidence.desk.kinds import kinds
from supplyline.evidence.desk.snapping import vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Pairs = NDArray[np.int64]

LEAST_SCORE: Final = 0.2
"""Score from which two reports may be of one event [1]."""
MOST_DAYS: Final = 31
"""Longest period that a report of one event may cover [days]."""
PAIR_COLUMNS: Final = ("one", "other", "km", "gap_days", "score")
"""Columns of `score_pairs`."""

_ALIKE, _UNKNOWN, _PARTLY, _UNLIKE = 1.0, 0.5, 0.3, 0.05
_DEATHS_UNKNOWN: Final = 0.7
_NARROW_KM, _NARROW_DAYS = 10.0, 3
_BLOCK: Final = 256
_DAY: Final = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far apart two reports of one event may be.

    Attributes
    ----------
    match_km : float
        Usual distance between two exact reports of one event [km].
    match_days : float
        Gap between their days that halves the score [days].
    place_max_km : float
        Most uncertainty of a place; a vaguer report is of no event in particular [km].
    """

    match_km: float
    match_days: float
    place_max_km: float


def match_events(events: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Group the reports of several data sets by the event they witness."""
    order = np.lexsort((events["data_id"].astype(str), events["data_set"].astype(str)))
    sorted_events = events.iloc[order].reset_index(drop=True)
    pairs = score_pairs(sorted_events, limits)
    good = pairs[pairs["score"] >= LEAST_SCORE]
    head, score = _join(sorted_events["data_set"].to_numpy(object), good)
    names = (
        sorted_events["data_set"].astype(str)
        + "/"
        + sorted_events["data_id"].astype(str)
    ).to_numpy(object)
    sizes = np.bincount(head, minlength=len(head))
    matches = pd.DataFrame(
        {"group": names[head], "witnesses": sizes[head], "score": score},
        index=events.index[order],
    )
    return matches.reindex(events.index) if events.index.is_unique else matches


def score_pairs(events: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Score every pair of reports that may be of one event."""
    facts = _Facts(events, limits)
    scored = [facts.scored(pairs) for pairs in facts.candidates()]
    columns = [np.concatenate(parts) for parts in zip(*scored, strict=True)]
    if not scored:
        columns = [np.empty(0, dtype=np.int64)] * 2 + [np.empty(0)] * 3
    table = pd.DataFrame(dict(zip(PAIR_COLUMNS, columns, strict=True)))
    return table.sort_values(["one", "other"], ignore_index=True)


class _Facts:
    """The columns of the reports as arrays."""

    def __init__(self, events: pd.DataFrame, limits: Limits) -> None:
        self.limits = limits
        self.data_set = pd.factorize(events["data_set"])[0]
        families = {name: kind.family for name, kind in kinds().items()}
        family = events["kind"].map(families)
        self.family = pd.factorize(family)[0]
        self.place_km = events["place_km"].fillna(0.0).to_numpy(np.float64)
        self.first, self.last = (
            pd.to_datetime(events[name]).to_numpy().astype("datetime64[D]")
            for name in ("start", "end")
        )
        self.low, self.high = _deaths(events)
        self.actor_sets = events["actors"].to_numpy(object)
        lat, lon = (events[name].to_numpy(np.float64) for name in ("lat", "lon"))
        self.points = vectors(lat, lon)
        self.length = (self.last - self.first) / _DAY
        self.may_match = (
            np.isfinite(self.points).all(axis=1)
            & (self.place_km <= limits.place_max_km)
            & (self.length < MOST_DAYS)
            & (self.length >= 0)
            & (self.family >= 0)
        )

    def candidates(self) -> Iterator[Pairs]:
        """Find the pairs near enough in place and time to score at all, in blocks.

        Only data sets are held against each other, a few rows at a time: a city at war
        has so many reports that all pairs at once would not fit into memory.
        """
        is_wide = (self.place_km > _NARROW_KM) | (self.length > _NARROW_DAYS)
        narrow = np.flatnonzero(self.may_match & ~is_wide)
        wide = np.flatnonzero(self.may_match & is_wide)
        yield from self._across(narrow, narrow, _NARROW_KM, _NARROW_DAYS)
        if len(wide):
            widest = float(self.place_km[wide].max()), float(self.length[wide].max())
            yield from self._across(wide, wide, *widest)
            yield from self._across(wide, narrow, *widest)
            yield from self._across(narrow, wide, *widest)

    def _across(
        self, rows: Pairs, others: Pairs, place_km: float, days: float
    ) -> Iterator[Pairs]:
        """Find pairs of rows with others whose data set comes later."""
        for data_set in np.unique(self.data_set[rows]):
            mine = rows[self.data_set[rows] == data_set]
            later = others[self.data_set[others] > data_set]
            if not len(later):
                continue
            tree = cKDTree(self._scaled(later, place_km, days))
            for first in range(0, len(mine), _BLOCK):
                some = mine[first : first + _BLOCK]
                near = cKDTree(
                    self._scaled(some, place_km, days)
                ).sparse_distance_matrix(tree, 1.0, p=np.inf, output_type="ndarray")
                pairs = np.stack([some[near["i"]], later[near["j"]]], axis=1)
                yield np.sort(pairs, axis=1)

    def scored(self, pairs: Pairs) -> tuple[Pairs, Pairs, Floats, Floats, Floats]:
        """Score pairs; leave out those that are too far apart already."""
        one, other = pairs[self.family[pairs[:, 0]] == self.family[pairs[:, 1]]].T
        km, gap = self.km(one, other), self.gap(one, other)
        score = self.near(one, other, km) * 2.0 ** (-gap / self.limits.match_days)
        likely = np.flatnonzero(score >= LEAST_SCORE)
        one, other, km, gap = one[likely], other[likely], km[likely], gap[likely]
        score = score[likely] * self.deaths(one, other) * self.actors(one, other)
        return one, other, km, gap, score

    def _scaled(self, rows: Pairs, place_km: float, days: float) -> Floats:
        """Lay place and time out so that what may match is within 1 in each."""
        reach = np.sqrt(-2.0 * np.log(LEAST_SCORE))
        km = reach * np.sqrt(self.limits.match_km**2 + 2.0 * place_km**2)
        gap = self.limits.match_days * -np.log2(LEAST_SCORE) + days
        middle = (self.first[rows] - np.datetime64(0, "D")) / _DAY
        middle = middle + self.length[rows] / 2.0
        place = self.points[rows] * EARTH_RADIUS_KM / km  # a chord is no longer
        return np.column_stack([place, middle / gap])

    def km(self, one: Pairs, other: Pairs) -> Floats:
        """Measure the distance of each pair [km]."""
        chord = np.linalg.norm(self.points[one] - self.points[other], axis=1)
        return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(chord / 2.0))

    def gap(self, one: Pairs, other: Pairs) -> Floats:
        """Measure the gap between the periods of each pair [days]."""
        apart = np.maximum(self.first[one], self.first[other]) - np.minimum(
            self.last[one], self.last[other]
        )
        return np.asarray(np.maximum(apart / _DAY, 0.0))

    def near(self, one: Pairs, other: Pairs, km: Floats) -> Floats:
        """Score the distance of each pair."""
        square = (
            self.limits.match_km**2
            + self.place_km[one] ** 2
            + self.place_km[other] ** 2
        )
        return np.asarray(np.exp(-(km**2) / square / 2.0))

    def deaths(self, one: Pairs, other: Pairs) -> Floats:
        """Score the deaths of each pair."""
        above = np.maximum(self.low[one], self.low[other])
        below = np.minimum(self.high[one], self.high[other])
        score = np.sqrt(np.minimum((below + 1.0) / (above + 1.0), 1.0))
        return np.where(np.isnan(score), _DEATHS_UNKNOWN, score)

    def actors(self, one: Pairs, other: Pairs) -> Floats:
        """Score the actors of each pair."""
        pairs = zip(self.actor_sets[one], self.actor_sets[other], strict=True)
        return np.array([_alike(mine, its) for mine, its in pairs], dtype=np.float64)


def _deaths(events: pd.DataFrame) -> tuple[Floats, Floats]:
    """Give the range of deaths; one known end is both."""
    low, high = (
        pd.to_numeric(events[name]).astype("float64").to_numpy()
        for name in ("deaths_low", "deaths_high")
    )
    return np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)


def _alike(mine: Any, its: Any) -> float:  # noqa: ANN401 - sets in an array of objects
    """Score two sets of actors."""
    if not mine or not its:
        return _UNKNOWN
    if mine <= its or its <= mine:
        return _ALIKE
    return _PARTLY if mine & its else _UNLIKE


def _join(data_set: Any, pairs: pd.DataFrame) -> tuple[Pairs, Floats]:  # noqa: ANN401 - an array
    """Join pairs from the best down; give each report its group's first and score."""
    count = len(data_set)
    head = np.arange(count)
    score = np.full(count, np.nan)
    members: dict[int, list[int]] = {}
    ranked = pairs.sort_values(["score", "one", "other"], ascending=[False, True, True])
    ranked = ranked.reset_index(drop=True)
    good = set(zip(ranked["one"], ranked["other"], strict=True))
    for one, other, value in zip(
        ranked["one"], ranked["other"], ranked["score"], strict=True
    ):
        first, second = sorted((head[one], head[other]))
        mine, its = members.get(first, [first]), members.get(second, [second])
        crossing = {(min(a, b), max(a, b)) for a in mine for b in its}
        is_one = len({data_set[row] for row in (*mine, *its)}) == len(mine) + len(its)
        if first == second or not is_one or not crossing <= good:
            continue
        members[first] = [*mine, *its]
        head[its] = first
        score[one], score[other] = np.fmax(score[[one, other]], value)
    return head, score
