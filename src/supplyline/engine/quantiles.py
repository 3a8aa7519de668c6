"""Quantiles of the priors, with the same bits on every processor.

numpy's exponentials and scipy's beta differ in the last bit between processors, so
these rest on the arithmetic of `kernels.elementary`. What is drawn for a member does
not depend on who else is drawn beside it.

References
----------
Wichura (1988), Algorithm AS 241: the percentage points of the normal distribution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.engine.kernels.elementary import exp_parts, log_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MIDDLE: Final = (
    (
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427,
        13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
        33430.575583588128105, 2509.0809287301226727,
    ),
    (
        1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
        21213.794301586595867, 39307.895800092710610, 28729.085735721942674,
        5226.4952788528545610,
    ),
)  # fmt: skip
"""Numerator and denominator within 0.425 of the median."""
_TAIL: Final = (
    (
        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
        3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770,
        0.0227238449892691845833, 7.74545014278341407640e-4,
    ),
    (
        1.0, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
        0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)  # fmt: skip
"""In the tails, down to a chance of e to the power -25."""
_FAR_TAIL: Final = (
    (
        6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
        0.296560571828504891230, 0.0265321895265761230930, 0.00124266094738807843860,
        2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ),
    (
        1.0, 0.599832206555887937690, 0.136929880922735805310,
        0.0148753612908506148525, 7.86869131145613259100e-4,
        1.84631831751005468180e-5, 1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)  # fmt: skip
"""Beyond."""
_MOST_STEPS: Final = 50
_LAST_STEP: Final = 2.0**-36
"""A step as small as that is the last: the next would be its square."""
_MOST_TERMS: Final = 4096


def exp(x: Floats) -> Floats:
    """Raise e to powers."""
    # By halves: so what is too large or too small ends at infinity or 0.
    power, rest = exp_parts(np.clip(0.5 * x, -700.0, 700.0), 0.0)
    with np.errstate(over="ignore"):
        return np.asarray((power + rest) * (power + rest))


def log(x: Floats) -> Floats:
    """Take the natural logarithm of positive numbers."""
    return np.asarray(log_parts(x)[0])


def quantile(distribution: str, a: float, b: float, u: Floats) -> Floats:
    """Invert a prior, shape (member,)."""
    if distribution == "fixed":
        return np.full(u.shape, a)
    if distribution == "uniform":
        return a + (b - a) * u
    if distribution == "log_uniform":
        return np.asarray(a * exp(u * log(np.array([b / a]))))
    if distribution == "beta":
        return beta_quantile(a, b, u)
    if distribution == "exp_half_normal":
        return exp(-a * normal_quantile(0.5 - 0.5 * u))
    if distribution in ("lognormal", "one_plus_lognormal"):
        least = 1.0 if distribution == "one_plus_lognormal" else 0.0
        return np.asarray(least + a * exp(b * normal_quantile(off_zero(u))))
    message = f"distribution is {distribution!r}; no such family of priors"
    raise ValueError(message)


def off_zero(u: Floats) -> Floats:
    """Keep uniforms off 0, whose quantile may have no end."""
    return np.maximum(u, 2.0**-54)


def normal_quantile(p: Floats) -> Floats:
    """Invert the standard normal distribution between 0 and 1."""
    off = p - 0.5
    middle = off * _ratio(_MIDDLE, 0.425**2 - off * off)
    depth = np.sqrt(-log(np.minimum(p, 1.0 - p)))
    tail = _ratio(_TAIL, depth - 1.6)
    is_far = depth > 5.0
    tail[is_far] = _ratio(_FAR_TAIL, depth[is_far] - 5.0)
    return np.where(np.abs(off) <= 0.425, middle, np.copysign(tail, off))


def _ratio(terms: tuple[tuple[float, ...], tuple[float, ...]], x: Floats) -> Floats:
    """Evaluate a ratio of two polynomials."""
    above, below = (np.full_like(x, part[-1]) for part in terms)
    for upper, lower in zip(terms[0][-2::-1], terms[1][-2::-1], strict=True):
        above, below = above * x + upper, below * x + lower
    return np.asarray(above / below)


def beta_quantile(a: float, b: float, u: Floats) -> Floats:
    """Invert the beta distribution."""
    # Below the turn the continued fraction is short for the lower share, above it for
    # the upper one. At the turn both hold, and add up to the beta function.
    turn = np.array([(a + 1.0) / (a + b + 2.0)])
    lower, upper = _fraction_terms(a, b), _fraction_terms(b, a)
    below, above = _fraction(lower, turn) / a, _fraction(upper, 1.0 - turn) / b
    log_beta = a * log(turn) + b * log(1.0 - turn) + log(below + above)
    u = off_zero(u)
    is_below = u <= below / (below + above)
    x = np.empty_like(u)
    x[is_below] = _lower_quantile(a, b, lower, log_beta, turn, u[is_below])
    u, turn = 1.0 - u[~is_below], 1.0 - turn
    x[~is_below] = 1.0 - _lower_quantile(b, a, upper, log_beta, turn, u)
    return x


def _lower_quantile(
    a: float, b: float, terms: Floats, log_beta: Floats, turn: Floats, u: Floats
) -> Floats:
    """Invert the beta distribution below its turn: Newton steps between logarithms."""
    # There the curve is nearly straight, and bends one way only.
    aim = log(u) + log(np.array([a])) + log_beta
    log_x = np.minimum(aim / a, log(turn))
    is_moving = np.ones(u.shape, bool)
    for _ in range(_MOST_STEPS):
        x = exp(log_x)
        fraction = _fraction(terms, x)
        excess = a * log_x + b * log(1.0 - x) + log(fraction) - aim
        step = excess * (1.0 - x) * fraction / a
        # Each member stops by itself, whoever is drawn beside it.
        log_x = np.where(is_moving, np.minimum(log_x - step, log(turn)), log_x)
        is_moving &= np.abs(step) > _LAST_STEP
        if not is_moving.any():
            break
    return exp(log_x)


def _fraction_terms(a: float, b: float) -> Floats:
    """List as many terms of the continued fraction as it needs up to its turn."""
    turn = np.array([(a + 1.0) / (a + b + 2.0)])
    count = 8
    while True:
        m = np.arange(1.0, count + 1.0)
        terms = np.empty(2 * count + 1)
        terms[0] = -(a + b) / (a + 1.0)
        terms[1::2] = m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m))
        terms[2::2] = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1))
        whole, half = _fraction(terms, turn), _fraction(terms[:count], turn)
        if abs(whole - half) <= 2.0**-53 * whole or count >= _MOST_TERMS:
            return terms[:count]
        count *= 2


def _fraction(terms: Floats, x: Floats) -> Floats:
    """Evaluate the continued fraction of the beta distribution from its end."""
    value = np.ones_like(x)
    for term in terms[::-1]:
        value = 1.0 + term * x / value
    return np.asarray(1.0 / value)
