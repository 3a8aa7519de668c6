"""What a run keeps: counts exactly, what is measured to a thousandth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from supplyline.engine.arrays import in_order, names_of
from supplyline.engine.block import new_outputs
from supplyline.engine.precision import BINARY_DIGITS, MOST_COUNTED, round_measures

FLOATS = st.floats(
    -(2.0**100), 2.0**100, width=32, allow_nan=False, allow_subnormal=False
)


@pytest.fixture(scope="module")
def outputs(toy):
    return new_outputs(names_of(in_order(toy)), 1, 20)


def kept(outputs, values):
    """Put values where a run keeps stocks, and give what is kept of them."""
    own = outputs._replace(daily_products=outputs.daily_products.copy())
    field = own.daily_products.stock_kl
    field.flat[: len(values)] = values
    round_measures(own)
    return np.array(field.flat[: len(values)])


@given(values=arrays(np.float32, 20, elements=FLOATS))
def test_a_measure_is_kept_to_a_thousandth_in_few_digits(outputs, values):
    after = kept(outputs, values)

    error = np.abs(after.astype(np.float64) - values)
    assert (error <= 2.0**-BINARY_DIGITS * np.abs(values.astype(np.float64))).all()
    is_count = (values == np.rint(values)) & (np.abs(values) < MOST_COUNTED)
    digits = np.frexp(after)[0] * 2**BINARY_DIGITS
    assert (is_count | (digits == np.rint(digits))).all()
    assert np.array_equal(kept(outputs, after), after)


@given(counts=arrays(np.int32, 20, elements=st.integers(0, int(MOST_COUNTED) - 1)))
def test_a_count_is_kept_as_it_is(outputs, counts):
    assert np.array_equal(kept(outputs, counts), counts)


@pytest.mark.parametrize("value", [np.nan, 0.0, -0.0, 1.0, 0.5, np.float32(1e-30)])
def test_what_has_no_further_digits_stays(outputs, value):
    [after] = kept(outputs, [value])

    assert np.array_equal(after, np.float32(value), equal_nan=True) or (
        abs(after / value - 1) <= 2.0**-BINARY_DIGITS
    )


@pytest.mark.parametrize("field", ["daily", "weekly_depots", "weekly_corridors"])
def test_every_record_is_rounded_to_its_last_field(outputs, field):
    array = getattr(outputs, field).copy()
    for name in array.dtype.names:
        array[name] = 1 / 3

    round_measures(outputs._replace(**{field: array}))

    for name in array.dtype.names:
        assert (array[name] == np.float32(0.33349609375)).all()


def test_an_array_that_does_not_lie_in_one_piece_is_refused(outputs):
    every_other = outputs.daily.copy()[:, ::2]

    with pytest.raises(ValueError, match="contiguous"):
        round_measures(outputs._replace(daily=every_other))
