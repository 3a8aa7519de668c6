"""Exponentials, logarithms and powers with the same bits on every processor.

The system's library picks its variant by the processor, and the variants differ in the
last bit. Here is only what IEEE 754 rounds in one way: + - * /, square roots, and
whole-number steps on the bits of a float. Functions named `_parts` give a value as a
sum of two floats, and take numbers in kernels and arrays in numpy alike.

References
----------
Tang (1989), Table-driven implementation of the exponential function in IEEE
floating-point arithmetic, and Tang (1990), of the logarithm function: an argument is
moved to one of 128 points, and a short series does the rest. Dekker (1971), A
floating-point technique for extending the available precision: the rest of a product.
"""

from __future__ import annotations

import math
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.engine.kernels.jit import formula, kernel, part

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POINTS: Final = 128
_LAST_POINT = np.int64(127)
_FRACTION_BITS = np.int64(52)
_BITS_BELOW_POINT = np.int64(45)
_HIGH_HALF = np.int64(-(2**27))
_LEAST_FRACTION = np.int64(0x3FE6 << 48)
"""Bits of 0.6875: a logarithm looks up fractions from there to twice that."""
_TO_WHOLE = 1.5 * 2.0**52
"""Added and taken away, it rounds to a whole number, which its last bits hold."""
_LEAST = 2.0**-1022
"""Least float with all its digits."""
_FAR = 708.0
"""From this exponent on a power of e may leave the range of floats."""

_EXACT: Final = Context(prec=60)
"""Constants are worked out to more digits than a float holds, and without a library."""


def _split(value: Decimal) -> tuple[float, float]:
    """Split a number into a multiple of 2**-42 and what is left."""
    high = math.floor(_EXACT.multiply(value, 2**42)) / 2.0**42
    return high, float(_EXACT.subtract(value, Decimal(high)))


_LN2: Final = _EXACT.ln(2)
_POINTS_PER_UNIT = float(_EXACT.divide(_POINTS, _LN2))
_STEP, _STEP_REST = _split(_EXACT.divide(_LN2, _POINTS))
_LN2_HIGH, _LN2_REST = _split(_LN2)


def _tabulate_roots() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Tabulate the powers of 2 from 1 to 2: their bits, and what rounding took."""
    exact = [_EXACT.power(2, Decimal(i) / _POINTS) for i in range(_POINTS)]
    roots = [float(root) for root in exact]
    taken = [
        float(_EXACT.divide(_EXACT.subtract(root, Decimal(rounded)), root))
        for root, rounded in zip(exact, roots, strict=True)
    ]
    return np.array(roots).view(np.int64), np.array(taken)


def _tabulate_logs() -> tuple[NDArray[np.float64], ...]:
    """Tabulate what brings a fraction next to 1, and its logarithm in two parts."""
    # The inverses have 7 or 8 bits after the point, so that fraction * inverse - 1 is
    # exact. On both sides of 1 the inverse is 1, so that nothing cancels there.
    inverses = []
    for i in range(_POINTS):
        below_1 = i < 80
        middle = (352 + 2 * i + 1) / 512 if below_1 else (2 * i + 97) / 256
        grid = 128.0 if below_1 else 256.0
        inverses.append(1.0 if i in (79, 80) else round(grid / middle) / grid)
    parts = [_split(-_EXACT.ln(Decimal(inverse))) for inverse in inverses]
    return np.array(inverses), *np.array(parts).T.copy()


_ROOT_BITS, _ROOT_REST = _tabulate_roots()
_INVERSE, _LOG_HIGH, _LOG_REST = _tabulate_logs()
_TURN: Final = Decimal("6.283185307179586476925286766559005768394338798750")
"""Two pi."""
_HALF_LOG_TURN = float(_EXACT.ln(_TURN) / 2)
_SINE: Final[tuple[float, ...]] = tuple(
    (-1) ** k * float(_EXACT.power(_TURN, 2 * k + 1) / math.factorial(2 * k + 1))
    for k in range(11)
)
"""Taylor series of the sine of turns."""
_TURN_REST = float(_EXACT.subtract(_TURN, Decimal(_SINE[0])))


@formula
def exp_parts(x: Any, rest: Any) -> tuple[Any, Any]:  # noqa: ANN401 - number or array
    """Return e to the power x + rest, as a sum; |x| < 708, and rest is tiny."""
    # x = n ln 2 / 128 + r: the power of 2 is looked up, and r is at most 0.0027.
    shifted = np.float64(x * _POINTS_PER_UNIT + _TO_WHOLE)
    n = shifted - _TO_WHOLE
    r = (x - n * _STEP) - (n * _STEP_REST - rest)
    r2 = r * r
    series = (0.5 + r * (1 / 6)) + r2 * ((1 / 24 + r * (1 / 120)) + r2 * (1 / 720))
    bits = shifted.view(np.int64)
    point = bits & _LAST_POINT
    power_bits = np.int64(_ROOT_BITS[point] + ((bits - point) << _BITS_BELOW_POINT))
    power = power_bits.view(np.float64)
    return power, power * (r + (r2 * series + _ROOT_REST[point]))


@formula
def log_parts(x: Any) -> tuple[Any, Any]:  # noqa: ANN401 - number or array
    """Return the logarithm of a float of _LEAST or more, and what the value lacks."""
    # x = 2**k z and z = (1 + r) / inverse, where r is at most 0.008.
    bits = np.float64(x).view(np.int64)
    above = bits - _LEAST_FRACTION
    k = above >> _FRACTION_BITS
    point = (above >> _BITS_BELOW_POINT) & _LAST_POINT
    z_bits = np.int64(bits - (k << _FRACTION_BITS))
    half_bits = np.int64(z_bits & _HIGH_HALF)
    z, half = z_bits.view(np.float64), half_bits.view(np.float64)
    inverse = _INVERSE[point]
    r = (half * inverse - 1.0) + (z - half) * inverse
    r2 = r * r
    series = ((1 / 3) * r - 0.5) + r2 * (
        (0.2 * r - 0.25) + r2 * (((1 / 7) * r - 1 / 6) - 0.125 * r2)
    )
    known = k * _LN2_HIGH + _LOG_HIGH[point]
    high = known + r
    low = (known - high + r) + (k * _LN2_REST + _LOG_REST[point]) + r2 * series
    value = high + low
    return value, high - value + low


@part
def exp(x: float) -> float:
    """Return e to the power x."""
    if abs(x) < _FAR:
        power, rest = exp_parts(x, 0.0)
        return float(power + rest)
    return far_exp(x, 0.0)


@kernel
def far_exp(x: float, rest: float) -> float:
    """Return e to the power x + rest where that may leave the range of floats."""
    if math.isnan(x):
        return x
    if abs(x) > 746.0:
        return math.inf if x > 0.0 else 0.0
    power, tail = exp_parts(0.5 * x, 0.5 * rest)
    return float((power + tail) * (power + tail))


@part
def expm1(x: float) -> float:
    """Return e to the power x, less 1; near 0 no digit is lost."""
    if abs(x) < _FAR:
        power, rest = exp_parts(x, 0.0)
        return float((power - 1.0) + rest)
    return far_exp(x, 0.0) - 1.0


@part
def log(x: float) -> float:
    """Return the natural logarithm."""
    if _LEAST <= x < math.inf:
        value, _ = log_parts(x)
        return float(value)
    return far_log(x)


@kernel
def far_log(x: float) -> float:
    """Return the logarithm of what is no positive float with all its digits."""
    if 0.0 < x < math.inf:
        value, lacking = log_parts(x * 2.0**54)
        return float((value - 54.0 * _LN2_HIGH) + (lacking - 54.0 * _LN2_REST))
    if x == 0.0:
        return -math.inf
    return x if x > 0.0 else math.nan


@part
def log1p(x: float) -> float:
    """Return the natural logarithm of 1 + x; near 0 no digit is lost."""
    one_more = 1.0 + x
    if 0.0 < one_more < math.inf:
        # What rounding took from 1 + x is exactly known.
        taken = x - (one_more - 1.0)
        value, lacking = log_parts(one_more)
        return float(value + (lacking + taken / one_more))
    return far_log(one_more)


@part
def power(x: float, y: float) -> float:
    """Return x to the power y, for an x of 0 or more."""
    if not (_LEAST <= x < math.inf and abs(y) < 2.0**500):
        return far_power(x, y)
    value, lacking = log_parts(x)
    product = y * value
    rest = product_rest(y, value, product) + y * lacking
    if abs(product) < _FAR:
        power, tail = exp_parts(product, rest)
        return float(power + tail)
    return far_exp(product, rest)


@kernel
def far_power(x: float, y: float) -> float:
    """Return x to the power y where one of them is no usual number."""
    if y == 0.0 or x == 1.0:
        return 1.0
    return far_exp(y * far_log(x), 0.0)


@part
def product_rest(a: float, b: float, product: float) -> float:
    """Return what rounding took from a product of two numbers."""
    a_bits = np.int64(np.float64(a).view(np.int64) & _HIGH_HALF)
    b_bits = np.int64(np.float64(b).view(np.int64) & _HIGH_HALF)
    a_high, b_high = a_bits.view(np.float64), b_bits.view(np.float64)
    a_low, b_low = a - a_high, b - b_high
    rest = a_high * b_high - product + a_high * b_low + a_low * b_high
    return float(rest + a_low * b_low)


@kernel
def log_gamma(x: float) -> float:
    """Return the logarithm of the gamma function, for x above 0."""
    # Stirling's series is good to 1e-16 from 12 on; up to there by the recurrence.
    product = 1.0
    while x < 12.0:
        product *= x
        x += 1.0
    inverse = 1.0 / x
    square = inverse * inverse
    series = inverse * (
        1 / 12 + square * (-1 / 360 + square * (1 / 1260 + square * (
            -1 / 1680 + square * (1 / 1188 + square * (-691 / 360360)))))
    )  # fmt: skip
    return (x - 0.5) * log(x) - x + _HALF_LOG_TURN + series - log(product)


@part
def turn_cosine(v: float) -> float:
    """Return the cosine of a part of a full turn, for v from 0 to 1."""
    # As the sine of what lies within a quarter turn: there the series is short.
    s = abs(v - 0.5) - 0.25
    s2 = s * s
    total = _SINE[10]
    for k in range(9, 0, -1):
        total = total * s2 + _SINE[k]
    return s * (total * s2 + _TURN_REST + _SINE[0])
