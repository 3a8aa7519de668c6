"""The base hazard of a leader losing power, as fitted to all countries.

The file `leader_hazard.json` beside this module holds coefficients with their origin;
`tools/fit_leader_hazard.py` writes it. A leader is known by covariates:

- `war`: 1 if UCDP counts 25 or more battle deaths in the country in the year before;
- `africa`: 1 if the country is in Africa;
- `no_past_attempt`: 1 if no coup attempt is on record since 1945;
- `age_years`: age of the leader [year], for the natural end only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = npt.NDArray[np.float64]

KEPT: Final = resources.files("supplyline.case").joinpath("leader_hazard.json")
DAYS_A_YEAR: Final = 365.25
AGE_ORIGIN_YEARS: Final = 60.0
"""Age from which the covariate of the natural end counts decades."""
SINCE: Final = "log1p_since_years"
TENURE: Final = "log1p_tenure_years"
NEVER: Final = "no_past_attempt"
AGE: Final = "age_decades_over_60"


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A log rate per year, linear in its covariates."""

    names: tuple[str, ...]
    value: Floats
    covariance: Floats
    events: int

    def of(self, name: str) -> float:
        """Give one coefficient."""
        known = name in self.names
        return float(self.value[self.names.index(name)]) if known else 0.0


@dataclass(frozen=True, slots=True)
class Profile:
    """The rate of attempts against one leader, as a kernel computes it.

    The rate is `scale` times (1 + years since the last attempt)^(-`since_power`) times
    (1 + years in office)^(-`tenure_power`) [1/year].

    Attributes
    ----------
    scale : float
        Rate just after an attempt and on taking office [1/year].
    since_power : float
        How fast attempts grow rare with calm.
    tenure_power : float
        How fast attempts grow rare with time in office.
    log_rate_se : float
        Standard error of the log of the rate at the time asked for. With the powers
        fixed it is the one of the log of `scale`.
    """

    scale: float
    since_power: float
    tenure_power: float
    log_rate_se: float


@dataclass(frozen=True, slots=True)
class LeaderHazard:
    """Rates of all ways of losing power, and the reference class of heat.

    Attributes
    ----------
    kinds : dict of str to Coefficients
        `attempt`, `forced`, `capture` and `natural`.
    successes : int
        Months with a successful attempt.
    attempts : int
        Months with an attempt.
    success_share : float
        Share of attempts that succeed.
    decades_held : float
        Decades from 1990 to the last year of the fit; the trend stops there.
    since_cap_years : float
        Longest calm that still counts [year].
    keep_days : float
        Horizon of the chance to keep power [day].
    quantiles : ndarray
        Chance to keep power in the reference class, at 0, 1, ... 100 percent.
    """

    kinds: dict[str, Coefficients]
    successes: int
    attempts: int
    success_share: float
    decades_held: float
    since_cap_years: float
    keep_days: float
    quantiles: Floats

    def profile(
        self,
        covariates: Mapping[str, float],
        years_since_attempt: float = 0.0,
        tenure_years: float = 0.0,
    ) -> Profile:
        """Reduce a leader to the three numbers that a kernel needs."""
        fit = self.kinds["attempt"]
        static = self._static(covariates)
        x = np.array([np.asarray(static.get(name, 0.0), float) for name in fit.names])
        scale = float(np.exp(x @ fit.value))
        never = static[NEVER]
        x[fit.names.index(SINCE)] = np.log1p(self._calm(years_since_attempt, never))
        x[fit.names.index(TENURE)] = np.log1p(tenure_years)
        error = float(np.sqrt(x @ fit.covariance @ x))
        return Profile(scale, -fit.of(SINCE), -fit.of(TENURE), error)

    def attempt_rate(
        self,
        years_since_attempt: npt.ArrayLike,
        tenure_years: npt.ArrayLike,
        covariates: Mapping[str, npt.ArrayLike],
    ) -> Floats:
        """Give the rate of coup attempts [1/year]."""
        fit = self.kinds["attempt"]
        static = self._static(covariates)
        log_scale = sum(
            fit.of(name) * np.asarray(value, float) for name, value in static.items()
        )
        calm = self._calm(years_since_attempt, static[NEVER])
        tenure = np.asarray(tenure_years, float)
        by_calm = (1.0 + calm) ** fit.of(SINCE)
        rate: Floats = np.exp(log_scale) * by_calm * (1.0 + tenure) ** fit.of(TENURE)
        return rate

    def other_rates(
        self, tenure_years: npt.ArrayLike, covariates: Mapping[str, npt.ArrayLike]
    ) -> dict[str, Floats]:
        """Give the rates of the ways out other than a coup [1/year]."""
        known = self._other_covariates(tenure_years, covariates)
        rates = {}
        for kind, fit in self.kinds.items():
            if kind != "attempt":
                parts = [fit.of(name) * known[name] for name in fit.names]
                rates[kind] = np.exp(np.sum(np.broadcast_arrays(*parts), axis=0))
        return rates

    def other_errors(
        self, tenure_years: float, covariates: Mapping[str, float]
    ) -> dict[str, float]:
        """Give the standard errors of the logs of the other rates of one leader."""
        known = self._other_covariates(tenure_years, covariates)
        errors = {}
        for kind, fit in self.kinds.items():
            if kind != "attempt":
                x = np.array([known[name] for name in fit.names])
                errors[kind] = float(np.sqrt(x @ fit.covariance @ x))
        return errors

    def keep_chance(
        self,
        years_since_attempt: npt.ArrayLike,
        tenure_years: npt.ArrayLike,
        covariates: Mapping[str, npt.ArrayLike],
    ) -> Floats:
        """Give the chance to keep power, the rates of the moment held."""
        rate = self.attempt_rate(years_since_attempt, tenure_years, covariates)
        total = rate * self.success_share
        for other in self.other_rates(tenure_years, covariates).values():
            total = total + other
        chance: Floats = np.exp(-total * self.keep_days / DAYS_A_YEAR)
        return chance

    def percentile(self, keep_chance: npt.ArrayLike) -> Floats:
        """Give the heat: the standing in the reference class [percent]."""
        levels = np.linspace(0.0, 100.0, len(self.quantiles))
        heat: Floats = np.interp(np.asarray(keep_chance, float), self.quantiles, levels)
        return heat

    @staticmethod
    def _other_covariates(
        tenure_years: npt.ArrayLike, covariates: Mapping[str, npt.ArrayLike]
    ) -> dict[str, Floats]:
        """Turn what is known of a leader into covariates of the other rates."""
        age = np.asarray(covariates["age_years"], float)
        return {
            "intercept": np.ones(()),
            TENURE: np.log1p(np.asarray(tenure_years, float)),
            "war": np.asarray(covariates["war"], float),
            AGE: (age - AGE_ORIGIN_YEARS) / 10,
        }

    def _static(
        self, covariates: Mapping[str, npt.ArrayLike]
    ) -> dict[str, npt.ArrayLike]:
        """Complete the covariates that stay the same, and only those of the fit."""
        fixed = {"intercept": 1.0, "decades": self.decades_held}
        asked = set(self.kinds["attempt"].names) - {SINCE, TENURE} - set(fixed)
        return {**fixed, **{name: covariates[name] for name in sorted(asked)}}

    def _calm(self, years: npt.ArrayLike, never: npt.ArrayLike) -> Floats:
        """Cap the years of calm; a country without an attempt stands at the cap."""
        capped = np.minimum(np.asarray(years, float), self.since_cap_years)
        calm: Floats = np.where(np.asarray(never) == 1, self.since_cap_years, capped)
        return calm


@cache
def leader_hazard() -> LeaderHazard:
    """Read the fitted hazard.

    Examples
    --------
    >>> known = {"war": 1, "africa": 1, "no_past_attempt": 0}
    >>> rate = leader_hazard().attempt_rate([0, 4, 20], [0, 4, 20], known)
    >>> bool((rate[:-1] > rate[1:]).all())
    True
    """
    kept: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    kinds = {
        kind: Coefficients(
            tuple(fit["names"]),
            np.array(fit["value"]),
            np.array(fit["covariance"]),
            fit["events"],
        )
        for kind, fit in kept["kinds"].items()
    }
    return LeaderHazard(
        kinds,
        kept["success"]["successes"],
        kept["success"]["attempts"],
        kept["success"]["share"],
        kept["decades_held"],
        kept["since_cap_years"],
        kept["keep_days"],
        np.array(kept["reference_quantiles"]),
    )
