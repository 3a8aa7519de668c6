"""Names to keys, and priors to draws."""

import numpy as np
import pytest
from scipy import stats

from supplyline.engine import draws
from supplyline.engine.draws import Luck, draw_parameters, key, member_uniforms
from supplyline.engine.quantiles import quantile
from worlds import within

U = np.linspace(0.01, 0.99, 99)


def test_a_key_is_its_name_and_nothing_else():
    names = [(1, "loss", "a"), (2, "loss", "a"), (1, "flow", "a"), (1, "loss", "b")]

    keys = {tuple(key(*name)) for name in names}

    assert len(keys) == 4
    assert (key(1, "loss", "a") == key(1, "loss", "a")).all()
    # fixed for good: a change would change every run
    assert key(1, "loss", "a").tolist() == [
        14500314367043204587,
        8081229568483896987,
    ]


def test_more_members_only_add_to_the_end():
    few, many = (member_uniforms(7, "parameter", "x", range(n)) for n in (100, 130))

    assert (few == many[:100]).all()


@pytest.mark.parametrize(
    "numbers",
    [
        [0],
        [5, 5, 4],
        [3, 2, 1, 0],
        [2**31 - 1],
        [0, 2**31 - 1],
        [2**31 - 1, 17, 2**24 + 3, 2**30, 17],
        list(range(200)),
        list(range(0, 40_000, 17)),
        list(range(0, 2**31, 2**24 + 1)),
    ],
    ids=str,
)
def test_members_anywhere_draw_what_each_draws_alone(numbers):
    drawn = member_uniforms(7, "parameter", "x", np.array(numbers))

    alone = [
        member_uniforms(7, "parameter", "x", range(number, number + 1))[0]
        for number in numbers
    ]
    assert drawn.dtype == np.float64
    assert drawn.tolist() == alone


def test_far_numbers_are_drawn_without_those_between(monkeypatch):
    """Count draws: as many counters as members, and not two thousand million."""
    counted = []

    def philox(_, counters, day, k):
        counted.append(len(counters))
        return right(_, counters, day, k)

    right = getattr(draws.philox, "py_func", draws.philox)
    monkeypatch.setattr(draws, "philox", philox)
    near, far = np.arange(0, 40_000, 20), np.arange(0, 2**31, 2**20)
    for numbers in (near, far):
        member_uniforms(7, "parameter", "x", numbers)

    assert counted == [len(far)]


@pytest.mark.parametrize("first", [0, 1, 2, 3, 4, 5, 63, 64, 127, 2**40, 2**40 + 3])
def test_members_are_drawn_from_any_first_one(first):
    """One uniform a member, in the order of Philox; a far one needs none before it."""
    members = range(first, first + 9)
    whole = member_uniforms(7, "parameter", "x", members)

    each = [
        member_uniforms(7, "parameter", "x", members[i : i + 1])[0] for i in range(9)
    ]
    assert whole.tolist() == each
    if first < 1000:
        assert (
            whole == member_uniforms(7, "parameter", "x", range(200))[members]
        ).all()
    assert len(set(each)) == 9


@pytest.mark.parametrize(
    ("family", "a", "b", "theory"),
    [
        ("uniform", 2.0, 5.0, stats.uniform(2, 3)),
        ("log_uniform", 0.1, 10.0, stats.loguniform(0.1, 10)),
        ("lognormal", 4.0, 0.5, stats.lognorm(0.5, scale=4)),
        ("one_plus_lognormal", 4.0, 0.5, stats.lognorm(0.5, loc=1, scale=4)),
    ],
)
def test_priors_are_inverted_as_scipy_does(family, a, b, theory):
    assert quantile(family, a, b, U) == pytest.approx(theory.ppf(U), rel=1e-12)
    assert quantile(family, a, 1.1 * b, U) != pytest.approx(theory.ppf(U), rel=1e-3)


@pytest.mark.parametrize("a", [0.2, 0.7])
def test_the_log_of_a_half_normal_prior_is_that_of_scipy(a):
    theory = stats.halfnorm(scale=a)

    logs = np.log(quantile("exp_half_normal", a, np.nan, U))

    assert logs == pytest.approx(theory.ppf(U), rel=1e-9)
    assert logs != pytest.approx(1.1 * theory.ppf(U), rel=1e-3)
    ends = quantile("exp_half_normal", a, np.nan, np.array([0.0, 1 - 2**-53]))
    assert ends[0] == 1
    assert np.isfinite(ends[1])


def test_a_fixed_prior_is_one_number():
    assert (quantile("fixed", 3.0, np.nan, U) == 3).all()


def test_an_unknown_family_is_told():
    with pytest.raises(ValueError, match="distribution is 'gamma'; no such family"):
        quantile("gamma", 1, 1, U)


def test_the_ends_of_luck_stay_finite():
    ends = np.array([0.0, 1 - 2**-53])

    assert np.isfinite(quantile("lognormal", 4.0, 0.5, ends)).all()


def test_a_parameter_does_not_move_another(toy):
    whole = draw_parameters(toy.params, Luck(7, range(50)))
    part = draw_parameters(toy.params.iloc[::-3], Luck(7, range(20)))

    assert part.equals(whole[part.columns].iloc[:20])
    assert not draw_parameters(toy.params, Luck(8, range(50))).equals(whole)


@pytest.mark.statistical
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_a_prior_is_drawn_with_its_mean(toy, error, accepted):
    luck = Luck(7, range(20_000))
    drawn = draw_parameters(toy.params, luck)["national_demand_kl_per_day"]
    theory = stats.uniform(100, 40)

    standard_error = theory.std() / np.sqrt(len(drawn))
    assert within(error * drawn.mean() - theory.mean(), standard_error) is accepted
