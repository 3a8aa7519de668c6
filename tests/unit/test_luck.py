"""Luck against oracles: numpy's Philox and scipy's quantiles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from supplyline.engine.draws import key
from supplyline.engine.kernels.luck import (
    beta_quantile,
    binomial_quantile,
    lognormal,
    multiply_high,
    philox,
    rounded,
    shared_quantile,
    uniforms,
)
from supplyline.engine.kernels.records import Key, records
from worlds import within

WORD = st.integers(0, 2**64 - 1)
COUNTER = st.integers(0, 2**31 - 1)
UNIT = st.floats(0, 1, exclude_max=True)


def as_record(words):
    record = records(Key, 1)[0]
    record.low, record.high = words
    return record


def numpy_words(words, member, day, k):
    """Four words of numpy's Philox at a counter; it counts up before it draws."""
    counter = (member + (day << 64) + (k << 128) - 1) % 2**256
    counter = [(counter >> shift) % 2**64 for shift in (0, 64, 128, 192)]
    generator = np.random.Philox(
        key=np.array(words, np.uint64), counter=np.array(counter, np.uint64)
    )
    return tuple(int(word) for word in generator.random_raw(4))


@given(low=WORD, high=WORD, member=COUNTER, day=COUNTER, k=COUNTER)
def test_words_are_those_of_numpy(low, high, member, day, k):
    ours = philox(as_record((low, high)), member, day, k)

    assert tuple(int(word) for word in ours) == numpy_words((low, high), member, day, k)


def test_another_key_gives_other_words():
    ours = philox(as_record((1, 2)), 3, 4, 5)

    assert tuple(int(word) for word in ours) != numpy_words((1, 3), 3, 4, 5)


@given(a=WORD, b=WORD)
def test_the_high_half_of_a_product_is_exact(a, b):
    assert int(multiply_high(np.uint64(a), np.uint64(b))) == (a * b) >> 64


def test_uniforms_are_the_upper_53_bits():
    words = philox(as_record((7, 8)), 1, 2, 3)

    expected = tuple((int(word) >> 11) / 2**53 for word in words)
    assert uniforms(as_record((7, 8)), 1, 2, 3) == expected


@pytest.mark.statistical
def test_uniforms_of_neighbouring_names_are_uniform_and_independent():
    luck = np.array(
        [
            uniforms(as_record(key(1, "test", entity)), member, day, 0)
            for entity in ("a", "b")
            for member in range(50)
            for day in range(50)
        ]
    )
    count = len(luck)

    for column in luck.T:
        # 1.73 / sqrt(n): the Kolmogorov bound at one in four hundred, doubled
        assert stats.kstest(column, "uniform").statistic < 3.46 / np.sqrt(count)
    correlation = np.corrcoef(luck[: count // 2].T, luck[count // 2 :].T)
    beside = np.abs(correlation[~np.eye(8, dtype=bool)])
    assert beside.max() < 4.9 / np.sqrt(count / 2)


@given(u=UNIT, n=st.integers(0, 20_000), p=st.floats(0, 1))
def test_the_binomial_quantile_is_scipys(u, n, p):
    ours = binomial_quantile(u, n, p)

    if n == 0 or p in {0.0, 1.0}:
        assert ours == n * p
    else:
        # a step of the distribution within rounding of u may fall on either side
        near = stats.binom.ppf([max(u - 1e-9, 0), min(u + 1e-9, 1)], n, p)
        assert max(near[0], 0) <= ours <= near[1]


def test_a_wrong_chance_gives_another_binomial_quantile():
    u = np.linspace(0.01, 0.99, 99)
    ours = np.array([binomial_quantile(v, 50, 0.33) for v in u])

    assert (ours != stats.binom.ppf(u, 50, 0.3)).any()
    right = np.array([binomial_quantile(v, 50, 0.3) for v in u])
    assert (right == stats.binom.ppf(u, 50, 0.3)).all()


@given(u=UNIT, v=UNIT, n=st.integers(1, 300), p=st.floats(0, 1), q=st.floats(0, 1))
def test_the_binomial_quantile_grows_with_luck_and_chance(u, v, n, p, q):
    (u, v), (p, q) = sorted((u, v)), sorted((p, q))

    assert binomial_quantile(u, n, p) <= binomial_quantile(v, n, p) <= n
    assert binomial_quantile(u, n, p) <= binomial_quantile(u, n, q)
    assert binomial_quantile(u, n, p) <= binomial_quantile(u, n + 1, p)


SHARED = st.floats(0.05, 0.99)
CHANCE = st.floats(0.001, 0.999)


@given(u=UNIT, n=st.integers(1, 300), p=CHANCE, shared=SHARED)
def test_the_quantile_of_a_shared_fate_is_scipys(u, n, p, shared):
    size = (1 - shared) / shared
    law = stats.betabinom(n, p * size, (1 - p) * size)

    ours = shared_quantile(u, n, p, shared)

    assert law.cdf(ours - 1) - 1e-9 <= u <= law.cdf(ours) + 1e-9


@given(u=UNIT, v=UNIT, n=st.integers(1, 200), p=CHANCE, q=CHANCE, shared=SHARED)
def test_a_shared_fate_grows_with_luck_and_chance(u, v, n, p, q, shared):
    (u, v), (p, q) = sorted((u, v)), sorted((p, q))
    least = shared_quantile(u, n, p, shared)

    assert least <= shared_quantile(v, n, p, shared) <= n
    assert least <= shared_quantile(u, n, q, shared)
    assert least <= shared_quantile(u, n + 1, p, shared)


@given(u=UNIT, n=st.integers(0, 300), p=st.floats(0, 1))
def test_fates_of_their_own_are_binomial(u, n, p):
    assert shared_quantile(u, n, p, 0.0) == binomial_quantile(u, n, p)


@pytest.mark.parametrize(("shared", "is_shared"), [(0.4, True), (0.0, False)])
def test_a_shared_fate_spreads_losses_and_keeps_their_mean(shared, is_shared):
    luck = (np.arange(20_000) + 0.5) / 20_000
    made = np.array([shared_quantile(u, 30, 0.05, shared) for u in luck])

    variance = 30 * 0.05 * 0.95 * (1 + 29 * 0.4)
    assert made.mean() == pytest.approx(1.5, rel=0.01)
    assert (made.var() == pytest.approx(variance, rel=0.02)) == is_shared


def test_so_many_fates_that_floats_cannot_count_them_are_their_own():
    assert shared_quantile(0.5, 20_000, 0.5, 1e-6) == 10_000


SHAPE = st.floats(0.2, 8)


@given(u=st.floats(1e-6, 1 - 1e-6), a=SHAPE, b=SHAPE)
def test_the_beta_quantile_is_scipys(u, a, b):
    assert beta_quantile(u, a, b) == pytest.approx(stats.beta.ppf(u, a, b), abs=1e-9)


def test_another_shape_gives_another_beta_quantile():
    assert beta_quantile(0.3, 1.1, 2) != pytest.approx(
        stats.beta.ppf(0.3, 1, 2), abs=1e-9
    )


@given(u=UNIT, v=UNIT, a=SHAPE, b=SHAPE)
def test_the_beta_quantile_grows_with_luck(u, v, a, b):
    u, v = sorted((u, v))

    assert 0 <= beta_quantile(u, a, b) <= beta_quantile(v, a, b) + 1e-11 <= 1 + 1e-11


LUCK = np.random.default_rng(11).random((20_000, 2))


@pytest.mark.statistical
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_a_lognormal_has_the_mean_and_spread_of_theory(error, accepted):
    sd_log = 0.5
    draws = np.array([lognormal(u, v, 7.0, sd_log * error) for u, v in LUCK])
    theory = stats.lognorm(sd_log, scale=7.0)
    log_variance = np.log(draws / 7.0) ** 2

    mean_error = theory.std() / np.sqrt(len(draws))
    variance_error = sd_log**2 * np.sqrt(2 / len(draws))
    is_right = (
        within(draws.mean() - theory.mean(), mean_error)
        and within(log_variance.mean() - sd_log**2, variance_error)
        and stats.kstest(draws, theory.cdf).statistic < 3.46 / np.sqrt(len(draws))
    )
    assert bool(is_right) is accepted


@pytest.mark.statistical
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_rounding_keeps_the_mean(error, accepted):
    u = LUCK[:, 0]
    whole = np.array([rounded(2.3 * error, v) for v in u])

    standard_error = np.sqrt(0.3 * 0.7 / len(u))
    assert set(whole) <= {2.0, 3.0}
    assert within(whole.mean() - 2.3, standard_error) is accepted


def test_a_whole_number_is_not_rounded():
    assert all(rounded(4.0, u) == 4.0 for u in (0.0, 0.5, 1 - 1e-12))
