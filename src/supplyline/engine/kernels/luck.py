"""Luck as a pure function of its name: Philox 4x64 and quantile functions.

A draw is decided by the key of its (seed, stream, entity) and by (member, day, k);
nothing is remembered between draws. Counts and shares are taken by inverting one
uniform, so that on the same draw more hazard can only mean more losses.

References
----------
Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.engine.kernels.elementary import (
    exp,
    expm1,
    log,
    log1p,
    log_gamma,
    power,
    turn_cosine,
)
from supplyline.engine.kernels.jit import by_instruction, high_product, kernel

if TYPE_CHECKING:
    from supplyline.engine.kernels.records import Key

    Four = tuple[float, float, float, float]

FIRST: Final[int] = np.int64(0)  # type: ignore[assignment] # a literal compiles twice
"""Counter of the first draw of a day."""
SECOND: Final[int] = np.int64(1)  # type: ignore[assignment] # a literal compiles twice
"""Counter of the second draw."""
THIRD: Final[int] = np.int64(2)  # type: ignore[assignment] # a literal compiles twice
"""Counter of the third draw."""

_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_LOW_HALF = np.uint64(0xFFFFFFFF)
_HALF_BITS = np.uint64(32)
_UNUSED_BITS = np.uint64(11)
_ROUNDS = 10
_UNIT = 2.0**-53
_SMALLEST = 1e-290
_FAR_BELOW = 25.0
_BETA_TERMS = 200
_BETA_STEPS = 60
_TOLERANCE = 1e-12


def multiply_high(a: np.uint64, b: np.uint64) -> np.uint64:
    """Return the high 64 bits of the product of two 64-bit words."""
    a_low, a_high = a & _LOW_HALF, a >> _HALF_BITS
    b_low, b_high = b & _LOW_HALF, b >> _HALF_BITS
    cross = a_high * b_low + ((a_low * b_low) >> _HALF_BITS)
    carry = a_low * b_high + (cross & _LOW_HALF)
    return a_high * b_high + (cross >> _HALF_BITS) + (carry >> _HALF_BITS)


# One instruction of the processor in kernels; four multiplications in Python.
by_instruction(multiply_high, high_product)


@kernel
def philox(
    key: Key, member: int, day: int, k: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Compute the four words of Philox 4x64-10 at counter (member, day, k, 0)."""
    # luck.md, Luck: the counter says whose draw it is and which: no generator with a
    # memory, so threads and order change nothing.
    x0, x1 = np.uint64(member), np.uint64(day)
    x2, x3 = np.uint64(k), np.uint64(0)
    k0, k1 = key.low, key.high
    for _ in range(_ROUNDS):
        high_0, low_0 = multiply_high(_MULTIPLIER_0, x0), _MULTIPLIER_0 * x0
        high_1, low_1 = multiply_high(_MULTIPLIER_1, x2), _MULTIPLIER_1 * x2
        x0, x1, x2, x3 = high_1 ^ x1 ^ k0, low_1, high_0 ^ x3 ^ k1, low_0
        k0 += _WEYL_0
        k1 += _WEYL_1
    return x0, x1, x2, x3


@kernel
def uniforms(key: Key, member: int, day: int, k: int) -> Four:
    """Draw four uniforms in [0, 1) by name."""
    a, b, c, d = philox(key, member, day, k)
    # The upper 53 bits, as numpy takes them: a float holds no more, and 1 itself is
    # never drawn.
    return (
        float(a >> _UNUSED_BITS) * _UNIT,
        float(b >> _UNUSED_BITS) * _UNIT,
        float(c >> _UNUSED_BITS) * _UNIT,
        float(d >> _UNUSED_BITS) * _UNIT,
    )


@kernel
def lognormal(u: float, v: float, median: float, sd_log: float) -> float:
    """Draw from a lognormal distribution by two uniforms (Box and Muller, 1958)."""
    # 1 - u, as u may be 0 and has no log.
    normal = math.sqrt(-2.0 * log(1.0 - u)) * turn_cosine(v)
    return median * exp(sd_log * normal)


@kernel
def rounded(amount: float, u: float) -> float:
    """Round to a neighbouring whole number so that the mean is kept."""
    return float(np.floor(amount + u))


@kernel
def binomial_from_below(u: float, n: int, p: float) -> int:
    """Invert the binomial distribution by summing from below."""
    odds = p / (1.0 - p)
    count = 0
    term = power(1.0 - p, n)
    # (1 - p)^n has left the range of floats: the sum starts some standard deviations
    # below the mean, by logs.
    if term < _SMALLEST:
        count = max(0, int(n * p - _FAR_BELOW * math.sqrt(n * p * (1.0 - p))))
        ways = log_gamma(n + 1) - log_gamma(count + 1) - log_gamma(n - count + 1)
        term = exp(ways + count * log(p) + (n - count) * log1p(-p))
    total = term
    while total < u and count < n:
        term *= odds * (n - count) / (count + 1.0)
        total += term
        count += 1
    return count


@kernel
def binomial_quantile(u: float, n: int, p: float) -> int:
    """Return the number of successes in n trials at probability u."""
    # luck.md, How: summed from the nearer tail, so that on the same luck more hazard
    # can only mean more losses.
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if u <= 1.0 - n * p:  # (1 - p)**n is no less, by Bernoulli's inequality
        return 0
    if n == 1:
        return 1
    if p <= 0.5 or u <= 0.5:  # close to 1, 1 - u would lose its digits
        return binomial_from_below(u, n, p)
    return n - binomial_from_below(1.0 - u, n, 1.0 - p)


@kernel
def shared_quantile(u: float, n: int, p: float, shared: float) -> int:
    """Return the successes in n trials of a shared fate at probability u."""
    # transit.md, When it breaks: beta-binomial, its chance drawn once for all trials;
    # `shared` is the correlation between two of them. Summed from below, so that on the
    # same luck more hazard can only mean more losses.
    if shared <= 0.0:
        return binomial_quantile(u, n, p)
    if n <= 0 or p <= 0.0 or u <= 1.0 - n * p:  # the shortcut of binomial_quantile
        return 0
    if p >= 1.0:
        return n
    size = (1.0 - shared) / shared
    a, b = p * size, (1.0 - p) * size
    term = 1.0
    for trial in range(n):
        term *= (b + trial) / (size + trial)
    # So many trials with so little in common that the sum has no beginning in floats.
    if term < _SMALLEST:
        return binomial_quantile(u, n, p)
    total, count = term, 0
    while total < u and count < n:
        term *= (n - count) * (a + count) / ((count + 1.0) * (b + n - count - 1.0))
        total += term
        count += 1
    return count


@kernel
def beta_fraction(x: float, a: float, b: float) -> float:
    """Evaluate the continued fraction of the incomplete beta function (Lentz)."""
    tiny = 1e-300
    c = 1.0
    d = 1.0 / max(1.0 - (a + b) * x / (a + 1.0), tiny)
    value = d
    for m in range(1, _BETA_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 / (1.0 + even * d)
        c = 1.0 + even / c
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 / (1.0 + odd * d)
        c = 1.0 + odd / c
        value *= d * c
        if abs(d * c - 1.0) < _TOLERANCE:
            break
    return value


@kernel
def beta_share(x: float, a: float, b: float, log_beta: float) -> float:
    """Return the regularised incomplete beta function."""
    front = exp(a * log(x) + b * log1p(-x) - log_beta)
    if x < (a + 1.0) / (a + b + 2.0):
        return front * beta_fraction(x, a, b) / a
    return 1.0 - front * beta_fraction(1.0 - x, b, a) / b


@kernel
def beta_quantile(u: float, a: float, b: float) -> float:
    """Invert the beta distribution: safeguarded Newton steps."""
    log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b)
    low, high, x = 0.0, 1.0, a / (a + b)
    for _ in range(_BETA_STEPS):
        error = beta_share(x, a, b, log_beta) - u
        if error > 0.0:
            high = x
        else:
            low = x
        slope = exp((a - 1.0) * log(x) + (b - 1.0) * log1p(-x) - log_beta)
        step = x - error / slope
        # Newton leaps out of [0, 1] where the density is flat; halving does not.
        following = step if low < step < high else 0.5 * (low + high)
        if abs(following - x) < _TOLERANCE:
            break
        x = following
    return x


@kernel
def draw_hazard(u: float) -> float:
    """Draw the hazard that passes until something happens [1]."""
    # luck.md, Luck: what happens now and then waits for its own exponential hazard,
    # which its rate uses up.
    return -log(1.0 - u)  # exact, as u has 53 bits after the point


@kernel
def heavy_tailed(u: float, mean: float, tail: float) -> float:
    """Draw an amount with a heavy tail (Lomax) and a given mean."""
    # attacks.md, Kinds: Lomax: 0 is possible and the mean stays what the case says;
    # expm1 keeps small amounts exact.
    return mean * (tail - 1.0) * expm1(draw_hazard(u) / tail)
