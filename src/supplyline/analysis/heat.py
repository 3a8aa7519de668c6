"""The leader's heat: how firm his hold on power is, day by day, and what moves it.

High is hot and means a firm hold. The number is a standing among all leader-months of a
fixed reference class; `DEFINITION` says so in words and goes with every use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from supplyline.analysis.chunks import Sums, rows_of
from supplyline.analysis.drivers import Driver, Sensitivity, drivers_of
from supplyline.analysis.hazards import (
    EXIT,
    HAZARDS,
    LEVELS,
    Hazards,
    on_day,
    read_hazards,
)
from supplyline.analysis.leader_record import Aim, aims_of, history_of
from supplyline.analysis.members import (
    basis_of,
    check_days,
    independent_members,
    number_of,
    share_of,
    spread,
)
from supplyline.case.days import read_day
from supplyline.case.leader_hazard import leader_hazard
from supplyline.case.regime import COVARIATES, DRIVERS, MEANINGS
from supplyline.errors import refuse_other
from supplyline.notebook import as_html

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.analysis.chunks import Rows
    from supplyline.case.days import Day
    from supplyline.quantities import Quantity
    from supplyline.runs import Run

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

DEFINITION: Final = (
    "Heat tells how firm the leader's hold on power is, from 0 (cold, the weakest) to "
    "100 (hot, the firmest). It is the percentile of a chance among all leader-months "
    "of a fixed reference class, those of all countries that the base hazard was "
    "fitted on. The chance is that of keeping power for 180 days, were the hazards of "
    "the day to hold: the mean of exp(-180 h) over the members in which the leader is "
    "in power, where h is the daily hazard of a successful coup, a forced exit, a "
    "capture of the capital or a natural end. Hot is 67 or more, cold 33 or less, mild "
    "in between. It is model output, not a measurement."
)
"""What the index is; printed wherever it is used."""

BANDS: Final = ("cold", "mild", "hot")
COLD, HOT = 33.0, 67.0
"""Cold up to the first, hot from the second on [points]."""
TREND_DAYS: Final = 90
"""How far back a trend and its drivers look [days]."""
STEP_DAYS: Final = 30
"""Days between two on which the spread over members is told at once [days]."""
NUDGE: Final = 0.1
"""Rise of a covariate that `Heat.sensitivity` tells the effect of [1]."""


@dataclass(frozen=True, eq=False, repr=False)
class Heat:
    """The leader's heat through a run.

    A day is a date, a time stamp or text such as ``"2025-12-31"``; without a day the
    cut-off is meant.

    Attributes
    ----------
    leader : str
        Name of the leader.
    run : Run
        The run.
    definition : str
        What the index is; it is printed with every use.
    daily : xarray.Dataset
        By day: ``heat`` [points], ``s6``, the chance to keep power for 180 days [1],
        and ``in_power_share`` of members [1].
    keeps_power : Quantity
        Share of members without an exit in the first days of the forecast, with its
        90 % interval [probability].
    keeps_power_days : int
        Those days: 180, or the whole forecast where it is shorter [days].
    hazards : Hazards
        Hazards behind it.
    """

    leader: str
    run: Run
    definition: str
    daily: xr.Dataset
    keeps_power: Quantity
    keeps_power_days: int
    hazards: Hazards

    def __repr__(self) -> str:
        """Name the leader, the heat and the band at the cut-off."""
        return f"<Heat of {self.leader}: {self.value().short}, {self.band()}>"

    def _repr_html_(self) -> str:
        """Show where the leader stands, what heat is, and what moves it."""
        rows = [
            ("heat at the cut-off", self.value()),
            ("band", self.band()),
            (f"keeps power for {self.keeps_power_days} days", self.keeps_power),
        ]
        if self.days_back():
            rows.insert(2, (f"change in {self.days_back()} days", self.trend()))
            rows += [
                (f"driver: {driver.title}", driver.contribution)
                for driver in self.drivers()
            ]
        rows.append(("definition", self.definition))
        return as_html(f"Heat of {self.leader}", ("", "value"), rows)

    def value(self, day: Day | None = None) -> Quantity:
        """Give the heat of a day.

        Parameters
        ----------
        day : str or date, optional
            A day of the run.

        Returns
        -------
        Quantity
            Heat of the ensemble, with what nine members in ten have [points].

        Raises
        ------
        ValueError
            If the run has no such day, or nobody is in power on it.
        """
        where = self._position(day)
        members = self._in_power(where)
        own = _heat_of(self._keep(self.hazards.items(where)[members]))
        heat = float(self.daily["heat"][where])
        return spread(heat, own, "points", basis_of(self.run))

    def band(self, day: Day | None = None) -> str:
        """Give the band of a day: cold, mild or hot.

        Parameters
        ----------
        day : str or date, optional
            A day of the run.

        Returns
        -------
        band : str
            One of `BANDS`.

        Raises
        ------
        ValueError
            If the run has no such day, or nobody is in power on it.
        """
        where = self._position(day)
        self._in_power(where)
        heat = float(self.daily["heat"][where])
        return BANDS[int(heat > COLD) + int(heat >= HOT)]

    def days_back(self, day: Day | None = None) -> int:
        """Tell how far back a trend looks from a day.

        Parameters
        ----------
        day : str or date, optional
            A day of the run.

        Returns
        -------
        days : int
            90, or all days since the run's first where there are fewer [days].

        Raises
        ------
        ValueError
            If the run has no such day.
        """
        return min(TREND_DAYS, self._position(day))

    def trend(self, day: Day | None = None, days: int | None = None) -> Quantity:
        """Give the change of heat up to a day.

        Parameters
        ----------
        day : str or date, optional
            A day of the run.
        days : int, optional
            How far back to look; `days_back` if not given [days].

        Returns
        -------
        Quantity
            Change of the ensemble's heat. The interval holds the changes of nine in ten
            of the members in power on the later day [points].

        Raises
        ------
        ValueError
            If the run does not reach back so far, or nobody is in power.
        """
        first, last = self._span(day, days)
        members = self._in_power(last)
        before, after = (
            _heat_of(self._keep(self.hazards.items(where)[members]))
            for where in (first, last)
        )
        heat = self.daily["heat"].to_numpy()
        change = float(heat[last] - heat[first])
        return spread(change, after - before, "points", basis_of(self.run))

    def levels(self, day: Day | None = None) -> tuple[Driver, ...]:
        """Tell why the leader stands where he stands.

        Parameters
        ----------
        day : str or date, optional
            A day of the run.

        Returns
        -------
        tuple of Driver
            Contributions to the log of the hazard over the one with every covariate at
            its reference, largest first; they add up exactly. Intervals are over
            members.

        Raises
        ------
        ValueError
            If the run has no such day, or nobody is in power on it.
        """
        where = self._position(day)
        split = self.hazards.departure(where, self._in_power(where))
        return drivers_of(split, None, basis_of(self.run))

    def drivers(
        self, day: Day | None = None, days: int | None = None
    ) -> tuple[Driver, ...]:
        """Tell what changed the hazard up to a day.

        Parameters
        ----------
        day : str or date, optional
            A day of the run.
        days : int, optional
            How far back to look; `days_back` if not given [days].

        Returns
        -------
        tuple of Driver
            Contributions to the change of the log of the hazard, largest first; they
            add up exactly. Intervals are over members.

        Raises
        ------
        ValueError
            If the run does not reach back so far, or nobody is in power.
        """
        first, last = self._span(day, days)
        members = self._in_power(last)
        split = self.hazards.change(first, last, members)
        total = self.hazards.items(first).sum(axis=1)
        is_gone = self._in_power(first) & ~members
        selection = None
        if is_gone.any():
            all_before = total[members | is_gone].mean()
            selection = float(np.log(total[members].mean() / all_before))
        return drivers_of(split, selection, basis_of(self.run))

    def sensitivity(self, day: Day | None = None) -> tuple[Sensitivity, ...]:
        """Tell what would move the heat from where it stands.

        Parameters
        ----------
        day : str or date, optional
            A day of the run.

        Returns
        -------
        tuple of Sensitivity
            One entry for each covariate, largest first.

        Raises
        ------
        ValueError
            If the run has no such day, or nobody is in power on it.
        """
        where = self._position(day)
        members = self._in_power(where)
        items = self.hazards.items(where)[members]
        weights = self.hazards.weights[members]
        slopes = np.einsum("mk,mkc->mc", items, weights)
        own, basis = slopes / items.sum(axis=1)[:, None], basis_of(self.run)
        now = self._keep(items)
        effects = []
        for column, name in enumerate(COVARIATES):
            raised = self._keep(items * np.exp(NUDGE * weights[:, :, column]))
            points = float(_heat_of(raised.mean()) - _heat_of(now.mean()))
            slope = float(slopes[:, column].sum() / items.sum())
            effects.append(
                Sensitivity(
                    name,
                    MEANINGS[name],
                    next(d for d, names in DRIVERS.items() if name in names),
                    spread(slope, own[:, column], "1", basis),
                    spread(points, _heat_of(raised) - _heat_of(now), "points", basis),
                )
            )
        return tuple(sorted(effects, key=lambda entry: -number_of(entry.elasticity)))

    def aims(self) -> tuple[Aim, ...]:
        """Tell how near the leader is to what he says he wants.

        Returns
        -------
        tuple of Aim
            One entry for each row of aims.csv.
        """
        return aims_of(self.run, self._position(None), self.days_back())

    def history(self) -> pd.DataFrame:
        """Give the heat of the leader's whole rule, from the facts known at the time.

        Returns
        -------
        pandas.DataFrame
            One row for each month: ``month``, ``heat`` [points] and ``s6`` [1] by base
            rates alone, ``years_in_power`` and ``years_since_attempt`` [years],
            ``run_heat``, the mean of the run's heat up to the cut-off [points], missing
            outside the run, and the ``facts`` of the month. A month knows only facts
            dated up to its end.

        Raises
        ------
        ValueError
            If leader.csv does not say when the leader took power.
        """
        return history_of(self.run, self.daily["heat"])

    def _position(self, day: Day | None) -> int:
        """Find a day, the cut-off where none is asked for."""
        given = self.run.manifest.cutoff if day is None else day
        asked = pd.Timestamp(read_day("day", given))
        days = pd.DatetimeIndex(self.daily["day"].to_numpy())
        if not days[0] <= asked <= days[-1]:
            first, last = f"{days[0]:%Y-%m-%d}", f"{days[-1]:%Y-%m-%d}"
            message = f"day is {asked:%Y-%m-%d}; expected {first} to {last}"
            raise ValueError(message)
        return (asked - days[0]).days

    def _span(self, day: Day | None, days: int | None) -> tuple[int, int]:
        """Find the two days of a change."""
        last = self._position(day)
        back = self.days_back(day) if days is None else days
        check_days(back, last, "the days before it")
        return last - int(back), last

    def _in_power(self, where: int) -> Bools:
        """Tell who is in power on a day."""
        members = self.hazards.in_power_on(where)
        if not members.any():
            day = pd.Timestamp(self.daily["day"].to_numpy()[where])
            message = f"in no member is the leader in power on {day:%Y-%m-%d}"
            raise ValueError(message)
        return members

    def _keep(self, items: Floats) -> Floats:
        """Give the chance to keep power by the hazards of each kind."""
        return np.asarray(np.exp(-leader_hazard().keep_days * items.sum(axis=1)))


def heat(run: Run) -> Heat:
    """Tell how firm the leader's hold on power is through a run.

    Parameters
    ----------
    run : Run
        Run of a case with a leader and armed groups.

    Returns
    -------
    Heat
        His heat by day, its drivers and its history.

    Raises
    ------
    ValueError
        If the case names no leader, or the run does not follow the regime.
    """
    refuse_other("run", run, "Run", "load_run")
    leader = run.case.config.leader
    if leader is None:
        message = f"case {run.case.name} names no leader; heat is a leader's"
        raise ValueError(message)
    if not run.has_country:
        message = (
            f"run {run.manifest.run} does not follow the regime; heat needs a run of a "
            "case with rows in groups.csv"
        )
        raise ValueError(message)
    days, past = run.daily.sizes["day"], int((run.daily["part"] == "past").sum())
    hazards, sums = read_hazards(run), Sums()
    [kept] = rows_of(run, lambda part: _sum_up(part, past - 1, sums))
    hazards.kept.update(kept)
    members, count = len(run.members), sums["count"]
    s6 = np.full(days, np.nan)
    np.divide(sums["keep"], count, out=s6, where=count > 0)
    daily = xr.Dataset(
        {
            "heat": ("day", _heat_of(s6), {"units": "points"}),
            "s6": ("day", s6, {"units": "1"}),
            "in_power_share": ("day", count / members, {"units": "1"}),
        },
        coords={name: run.daily[name] for name in ("day", "part")},
    )
    ahead = min(int(leader_hazard().keep_days), days - past)
    keeping = float(count[past - 1 + ahead])
    alone = independent_members(run)
    keeps = share_of(keeping, members, basis_of(run), alone)
    return Heat(leader, run, DEFINITION, daily, keeps, ahead, hazards)


def _sum_up(run: Run, cutoff: int, sums: Sums) -> Rows:
    """Add members to the sums by day, and keep the days that are asked for most."""
    hazards = read_hazards(run)
    is_in_power = hazards.in_power()
    keep = np.exp(-leader_hazard().keep_days * hazards.total())
    sums.add("count", is_in_power)
    sums.add("keep", keep * is_in_power)
    kept: Rows = {}
    for day in range(cutoff % STEP_DAYS, is_in_power.shape[1], STEP_DAYS):
        kept |= on_day(run, (*HAZARDS, EXIT), day)
    for day in (cutoff, max(cutoff - TREND_DAYS, 0)):
        kept |= on_day(run, (*HAZARDS, EXIT, *LEVELS), day)
    return kept


def _heat_of(keep: Any) -> Floats:  # noqa: ANN401 - a number or an array
    """Give the standing of a chance in the reference class, missing where it is."""
    return leader_hazard().percentile(keep)
