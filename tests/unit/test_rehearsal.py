"""The rehearsal of weekly forecasts, on series whose law is known."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from rehearsal import (
    LEADS,
    LEVEL,
    ORIGINS,
    SCORED,
    Pool,
    by_truth,
    forecasts,
    history,
    score_truths,
)

PERSISTENCE = 0.8
TRUTHS = 25


@pytest.fixture(scope="module")
def pool():
    """Weekly series of a first-order autoregression about 50, of variance 100."""
    weeks = ORIGINS[-1] + LEADS[-1]
    steps = np.random.default_rng(1).normal(size=(3_000 + 2 * TRUTHS, weeks))
    level = steps.copy()
    for week in range(1, weeks):
        luck = np.sqrt(1 - PERSISTENCE**2) * steps[:, week]
        level[:, week] = PERSISTENCE * level[:, week - 1] + luck
    ends = pd.date_range("2025-08-07", periods=weeks, freq="7D")
    return Pool(50 + 10 * level, ends, TRUTHS)


@pytest.fixture(scope="module")
def past(pool):
    return history(pool)


@pytest.fixture(scope="module")
def scored(pool, past):
    return score_truths(pool, past)


def test_what_comes_after_an_origin_changes_no_forecast(pool):
    later = pool.scored.copy()
    later[:, ORIGINS[2] :] = 0
    before = forecasts(pool.trained, pool.scored, ORIGINS[2])
    after = forecasts(pool.trained, later, ORIGINS[2])
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one.members, other.members)
        assert (other.came == 0).all()


def test_truths_that_are_scored_teach_nothing(pool, past):
    others = np.concatenate([pool.trained, pool.teachers, 0 * pool.scored])
    pd.testing.assert_frame_equal(past, history(pool._replace(reports=others)))


@pytest.mark.parametrize("lead", LEADS)
def test_an_outcome_is_known_when_its_week_has_ended(pool, past, lead):
    known = past.loc[past["lead"] == lead, "known"].unique()
    assert list(known) == [pool.weeks[origin + lead - 1] for origin in ORIGINS]


@pytest.mark.statistical
@pytest.mark.parametrize("lead", LEADS)
def test_bands_hold_what_they_say(scored, lead):
    held = by_truth(scored, "conditioned", "is_held", lead)
    # origins of one truth are alike: each truth counts once
    error = np.sqrt(LEVEL * (1 - LEVEL) / TRUTHS)
    assert abs(held.mean() - LEVEL) < 4.9 * error


@pytest.mark.statistical
@pytest.mark.parametrize("lead", LEADS)
def test_bands_are_as_narrow_as_the_law_allows(scored, lead):
    own, prior = (
        by_truth(scored, name, "width", lead).mean()
        for name in ("conditioned", "prior")
    )
    law = np.sqrt(1 - PERSISTENCE ** (2 * lead))
    # members are a thirtieth of the pool, some of whom differ from the truth by more
    assert law * 0.93 < own / prior < law * 1.15


def test_every_forecast_of_a_truth_is_scored(scored):
    counts = scored.groupby(["of", "lead"]).size()
    assert (counts == TRUTHS * len(SCORED)).all()
    assert {"conditioned", "mixture", "prior", "last value"} <= set(scored["of"])
