"""What moves the hazards of the regime, as others read it.

The regime writes the covariates of a day; the army, talks and people read them on the
next, so that no submodel waits for another within a day.
"""

from __future__ import annotations


class Covariates:
    """What moves the hazards of the regime, each from 0 (calm) to 1 (worst)."""

    shortage: float
    losses: float
    ground: float
    cohesion: float
    legitimacy: float
    protest: float
    arrears: float
    price: float
    partner: float


class CovariateState:
    """What the army, talks and people read of the country, a day late."""

    now: Covariates
    """What moves the hazards today."""
    first_losses: float
    """The same on the first day, as a covariate [1]."""
    fiscal: float
    """Fiscal index [1]."""
