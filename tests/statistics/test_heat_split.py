"""The change of a hazard is shared out without a rest, in law and in the engine."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from made_regime import with_leader
from supplyline.analysis.hazards import read_hazards, split
from supplyline.analysis.heat import heat
from supplyline.case.regime import KINDS
from supplyline.engine.precision import BINARY_DIGITS
from supplyline.engine.simulate import simulate

HAZARDS = st.floats(1e-9, 1e-1)
TERMS = st.floats(-3, 3)


@given(
    before=arrays(np.float64, (5, 4), elements=HAZARDS),
    terms=arrays(np.float64, (5, 4, 3), elements=TERMS),
)
def test_the_split_leaves_no_rest(before, terms):
    after = before * np.exp(terms.sum(axis=2))

    found = split(before, after, terms)

    expected = np.log(after.sum()) - np.log(before.sum())
    assert found.total == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert found.parts.sum() == pytest.approx(found.total, rel=1e-9, abs=1e-12)
    own = np.log(after.sum(axis=1)) - np.log(before.sum(axis=1))
    assert found.by_member.sum(axis=1) == pytest.approx(own, rel=1e-9, abs=1e-12)


def test_a_split_with_a_term_that_is_off_leaves_a_rest():
    """The companion: the law above can fail."""
    before = np.full((5, 4), 0.01)
    terms = np.full((5, 4, 3), 0.1)
    after = before * np.exp(terms.sum(axis=2))

    found = split(before, after, terms * [1.0, 1.0, 1.1])

    assert found.parts.sum() != pytest.approx(found.total, rel=1e-3)


@pytest.fixture(scope="module")
def run(toy):
    return simulate(with_leader(toy), days=60, members=256, seed=3)


def base_logs(run, day):
    """Log of each hazard less what the covariates add, shape (member, kind)."""
    hazards = read_hazards(run)
    items = hazards.items(day)
    items[:, KINDS.index("attempt")] /= hazards.success
    moved = (hazards.levels(day) - hazards.references)[:, None, :]
    return np.log(items) - (hazards.weights * moved).sum(axis=2)


FIXED = [number for number, kind in enumerate(KINDS) if kind != "attempt"]
ROUNDING = 4 * 2.0**-BINARY_DIGITS
"""Logs of two hazards, kept to a thousandth as their covariates are, differ by less."""


def test_what_covariates_leave_of_the_engines_hazards_is_the_base_rate(run):
    first = base_logs(run, 0)
    for day in (1, 30, 59):
        later = base_logs(run, day)
        assert later[:, FIXED] == pytest.approx(first[:, FIXED], abs=ROUNDING)
        # what is lost to rounding evens out over members
        drift = (later - first)[:, FIXED].mean(axis=0)
        assert drift == pytest.approx(0.0, abs=ROUNDING / 16)
        # attempts grow rare with calm and time in office
        assert later[:, 0].mean() < first[:, 0].mean()
    rates = [f"{kind}_per_year" for kind in ("forced_exit", "capture", "natural_exit")]
    expected = np.log(run.params[rates].to_numpy() / 365.25)
    # the engine's year may lack the quarter of a day
    assert first[:, FIXED] == pytest.approx(expected, abs=ROUNDING)


def test_a_weight_that_is_off_leaves_a_rest(run):
    """The companion: an analysis with one weight a tenth off is caught."""
    ratio = run.params["hazard_ratio_ground"] ** 1.1
    wrong = replace(run, params=run.params.assign(hazard_ratio_ground=ratio))

    drift = base_logs(wrong, 59)[:, FIXED] - base_logs(wrong, 0)[:, FIXED]

    assert np.abs(drift).max() > 2 * ROUNDING


def test_drivers_add_up_in_a_run_of_the_engine(run):
    found, hazards = heat(run), read_hazards(run)
    total = hazards.total().mean(axis=0)

    drivers = found.drivers()

    change = sum(driver.contribution.value for driver in drivers)
    assert change == pytest.approx(np.log(total[59] / total[0]), rel=1e-9)
    assert found.daily["heat"].notnull().all()
