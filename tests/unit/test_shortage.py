"""Shortage: days are counted in the engine as the daily series says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from supplyline.analysis.shortage import (
    NEVER,
    Shortage,
    in_shortage,
    shortage_in,
)
from supplyline.engine.executors import threads
from supplyline.engine.simulate import simulate
from supplyline.engine.summaries import simulate_summaries
from supplyline.errors import RunError
from supplyline.runs import load_run

MEMBERS = 96


@pytest.fixture(scope="module")
def run(toy):
    return simulate(toy, days=61, members=MEMBERS, seed=7)


@pytest.mark.parametrize("days", [60, 61, 62, 63, 64, 65, 66])
def test_short_days_of_the_capital_are_those_of_its_daily_series(toy, days):
    # whatever the days of the broken week at the end
    run = simulate(toy, days=days, members=32, seed=7)
    own = run.is_short.sel(place=toy.config.capital)
    served = run.daily["served_share"].transpose(*own.dims)
    assert (own.to_numpy() == (served.to_numpy() < 0.5)).all()
    assert 0 < own.mean() < 1


def test_a_week_below_the_share_has_a_short_day_and_one_without_is_above(run):
    weeks = run.weekly.sizes["week"]
    short = run.is_short.to_numpy()[:, : 7 * weeks]
    short = short.reshape(MEMBERS, weeks, 7, *short.shape[2:])
    served = run.weekly["served_share"].transpose("member", "week", "place", "product")
    is_bought = np.isfinite(served.to_numpy())
    mean = served.to_numpy()
    assert short.any(axis=2)[is_bought & (mean < 0.4999)].all()
    assert not short.all(axis=2)[is_bought & (mean > 0.5001)].any()
    assert not short.any(axis=2)[~is_bought].any()


@pytest.mark.parametrize("below", [0.2, 0.8, 1.0])
def test_another_share_changes_nothing_but_the_days_counted(toy, run, below):
    other = simulate(toy, days=61, members=MEMBERS, seed=7, short_below=below)
    assert other.manifest.run != run.manifest.run
    for name, values in run.weekly.drop_vars("short_days").items():
        assert values.equals(other.weekly[name]), name
    assert run.daily.equals(other.daily)
    fewer, more = sorted((run, other), key=lambda each: float(each.is_short.mean()))
    shares = [each.manifest.arguments.short_below for each in (fewer, more)]
    assert shares == sorted(shares)
    assert (fewer.is_short <= more.is_short).all()
    assert fewer.is_short.mean() < more.is_short.mean()


def test_the_share_goes_with_a_run_to_its_options_and_its_folder(toy, tmp_path):
    base = simulate(toy, days=14, members=32, seed=7, short_below=0.8)
    again = simulate(toy, like=base)
    assert again.is_short.equals(base.is_short)
    assert load_run(base.save(tmp_path)).is_short.equals(base.is_short)
    written = simulate(
        toy, days=14, members=32, seed=7, short_below=0.8, folder=tmp_path / "runs"
    )
    assert written.is_short.equals(base.is_short)
    few = simulate(toy, like=base, executor=threads(1))
    assert few.is_short.equals(base.is_short)


def test_summaries_count_by_the_share_too(toy):
    def short(run):
        return run.is_short.to_numpy().sum(axis=(1, 2, 3))

    made = {
        below: simulate_summaries(
            toy, {"short": short}, members=64, days=14, short_below=below
        )
        for below in (0.5, 0.8)
    }
    few, more = (each.values["short"] for each in made.values())  # noqa: PD011
    assert (few <= more).all()
    assert few.sum() < more.sum()


@pytest.mark.parametrize("below", [0, -0.1, 1.01, float("nan")])
def test_a_share_out_of_bounds_is_refused(toy, below):
    with pytest.raises(ValueError, match="short_below is"):
        simulate(toy, days=1, members=1, short_below=below)


def test_a_run_without_the_count_says_so(run):
    old = replace(run, weekly=run.weekly.drop_vars("short_days"))
    with pytest.raises(RunError, match="older version"):
        _ = old.is_short


@pytest.mark.parametrize("days", [1, 3, 7])
def test_a_shortage_is_on_from_the_last_of_so_many_short_days_in_a_row(days):
    rng = np.random.default_rng(days)
    short = rng.random((50, 40, 2, 1)) < 0.8
    on = in_shortage(short, days)
    for member, day, place in np.ndindex(50, 40, 2):
        row = short[member, max(day - days + 1, 0) : day + 1, place, 0]
        assert on[member, day, place, 0] == (len(row) == days and row.all())


def test_first_day_state_and_chance_agree():
    days = np.zeros((4, 10, 1, 1), bool)
    days[0, 4:6] = True  # on at the cut-off, and the day after
    days[1, 7] = True
    days[2, 2] = True  # over before the cut-off
    shortage = Shortage(days, cutoff=4)
    assert shortage.days_ahead == 5
    assert shortage.already[:, 0, 0].tolist() == [True, False, False, False]
    assert shortage.first_day[:, 0, 0].tolist() == [1, 3, NEVER, NEVER]
    assert shortage.within(2)[:, 0, 0].tolist() == [True, False, False, False]
    assert shortage.within(3)[:, 0, 0].tolist() == [True, True, False, False]
    assert shortage.on(0).tolist() == shortage.already.tolist()
    assert shortage.on(3)[:, 0, 0].tolist() == [False, True, False, False]


def test_chance_rises_with_the_days_and_falls_with_the_length_of_a_spell(run):
    for days in (1, 3, 7):
        shortage = shortage_in(run, days)
        chances = [shortage.within(ahead).mean() for ahead in (7, 30, 61)]
        assert chances == sorted(chances)
    by_length = [shortage_in(run, days).within(61) for days in (1, 3, 7)]
    assert (by_length[0] >= by_length[1]).all()
    assert (by_length[1] >= by_length[2]).all()
    known = pd.Timestamp(run.manifest.cutoff)
    assert run.daily.indexes["day"][shortage_in(run).cutoff] == known
