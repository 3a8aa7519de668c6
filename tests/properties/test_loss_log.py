"""The log of losses holds every encounter, however many there are."""

import pytest

from supplyline.engine import block
from supplyline.engine.options import simulate_options
from supplyline.engine.simulate import simulate
from supplyline.runs import Arguments
from worlds import asked, changed, fixed

ARGUMENTS = Arguments(days=30, members=70, seed=4)


@pytest.fixture(scope="module")
def rough(toy):
    """Give a country in which trucks are met every day."""
    return changed(toy, *fixed(encounter_rate_per_100km=3, loss_share_mean=0.2))


def run_of(case):
    return simulate(case, days=30, members=70, seed=4)


def same(one, other):
    return (
        one.losses.equals(other.losses)
        and one.daily.equals(other.daily)
        and one.weekly.equals(other.weekly)
        and one.ledger.equals(other.ledger)
    )


def branches(case):
    """Run a scenario of the past and one of the future from shared pasts."""
    scenarios = [
        asked(*fixed(convoy_cap_trucks=9), start=day, name=f"from-{day}")
        for day in (case.config.start, case.config.cutoff)
    ]
    return simulate_options(case, scenarios, ARGUMENTS, lambda run: run.losses.copy())


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_a_log_that_is_too_short_grows(rough, monkeypatch, rows):
    whole = run_of(rough)
    assert whole.losses.groupby("member").size().max() > rows
    monkeypatch.setattr(block, "LOG_ROWS", rows)

    grown = run_of(rough)

    assert same(grown, whole)
    assert grown.manifest.warnings == ()


@pytest.mark.parametrize("rows", [1, 20])
def test_the_log_of_an_option_grows_past_that_of_its_past(rough, monkeypatch, rows):
    whole = branches(rough)
    monkeypatch.setattr(block, "LOG_ROWS", rows)

    grown = branches(rough)

    assert all(one.equals(other) for one, other in zip(grown, whole, strict=True))
    assert min(losses.groupby("member").size().max() for losses in grown) > rows


def test_the_trucks_in_the_log_are_those_lost(rough):
    run = run_of(rough)

    by_log = run.losses.groupby("member")["trucks_lost"].sum()
    lost = run.daily["trucks_lost"].sum("day").to_series()
    assert by_log.reindex(lost.index, fill_value=0).tolist() == lost.tolist()
