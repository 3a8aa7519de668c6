"""Why an option makes an outcome worse: the change on the way, or no reason."""

import numpy as np
import pytest

import supplyline as sl
from supplyline.analysis.traced import Harm, Paths, Step, trace

MEMBERS = 128


@pytest.fixture(scope="module")
def toy():
    return sl.load_case("toy")


def reason(case, harm, outcome="stockout_days", place=None, **changes):
    """Trace one harm through changes of steps from a base of zeros."""
    steps = {Step(name): values for name, values in changes.items()}
    base = {step: np.zeros(MEMBERS) for step in steps}
    paths = Paths(base, steps, np.arange(MEMBERS), case, "run made")
    return trace([Harm(outcome, place, harm)], paths)[0]


@pytest.fixture
def luck():
    return np.random.default_rng(1)


def test_the_change_that_goes_with_the_harm_is_named_and_the_one_behind(toy, luck):
    sent = -luck.gamma(4, 50, MEMBERS)
    delivered = 0.8 * sent + luck.normal(0, 40, MEMBERS)
    harm = -delivered / 10 + luck.normal(0, 1, MEMBERS)
    other = luck.gamma(4, 50, MEMBERS)
    told = reason(
        toy, harm, trucks_sent=sent, trucks_delivered=delivered, trucks_lost=other
    )
    assert told.is_known
    first, behind = map(str, told.steps)
    assert first.startswith("Traced over courses: Trucks delivered, down by")
    assert behind.startswith("Behind that: Trucks sent, down by")


@pytest.mark.parametrize("seed", range(20))
def test_what_does_not_go_with_the_harm_is_no_reason(toy, seed):
    luck = np.random.default_rng(seed)
    changes = {"trucks_sent": -luck.gamma(4, 50, MEMBERS)}
    told = reason(toy, luck.gamma(4, 3, MEMBERS), **changes)
    assert not told.is_known
    assert str(told).startswith("The model gives no reason")


def test_an_answer_to_the_harm_is_no_reason(toy, luck):
    """Escorts rise where the capital is short: they answer it."""
    harm = luck.gamma(4, 3, MEMBERS)
    assert not reason(toy, harm, escorts=harm / 10).is_known


def test_more_trucks_on_the_road_explain_losses_and_no_shortage(toy, luck):
    sent = luck.gamma(4, 50, MEMBERS)
    assert reason(toy, sent / 9, "trucks_lost", trucks_sent=sent).is_known
    assert not reason(toy, sent / 9, "stockout_days", trucks_sent=sent).is_known


def test_what_comes_after_an_outcome_is_no_reason_of_it(toy, luck):
    lost = luck.gamma(4, 50, MEMBERS)
    assert not reason(toy, lost, "trucks_lost", public_served_share=-lost).is_known


@pytest.mark.parametrize("worse", [0.3, 0.5, 0.52])
def test_what_is_not_worse_in_most_courses_beyond_luck_needs_no_reason(toy, worse):
    harm = np.where(np.arange(MEMBERS) < worse * MEMBERS, 1.0, -1.0)
    assert reason(toy, harm, trucks_sent=-harm) is None


def test_each_difference_of_a_comparison_says_why_it_is_worse(toy):
    base = sl.simulate(toy, days=60, members=MEMBERS, seed=2)
    scenario = next(name for name in toy.scenarios() if name == "raiders-strike")
    told = sl.compare(base, sl.simulate(toy, scenario=scenario, like=base))
    attacks = told.find("attacks")
    assert attacks.worse.value > 0.5
    assert attacks.reason is not None
    assert all(
        entry.reason is None for entry in told.differences if entry.worse.value < 0.5
    )
