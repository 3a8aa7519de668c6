"""Paired differences between runs."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from made_runs import run_by_hand
from supplyline.analysis.compare import compare, compared_with
from supplyline.engine.simulate import simulate
from work import steps_of
from worlds import changed, fixed, within

MEMBERS, DAYS = 40, 20


def run(*, served=0.8, seed=1, members=MEMBERS, scenario=None, days=DAYS):
    """Build a run by hand: petrol only, one capital and one town."""
    day = pd.date_range("2025-12-25", periods=days)
    week = day[::7]
    two, three = (members, days), (members, days, 1)
    luck = np.random.default_rng(5).uniform(-0.01, 0.01, (members, 1, 1))
    share = np.full(three, served) + luck
    daily = xr.Dataset(
        {
            "served_share": (("member", "day", "product"), share),
            "unmet_kl": (("member", "day", "product"), 10 * (1 - share)),
            "price_per_l": (
                ("member", "day", "product"), 1000 - 100 * share, {"units": "XOF/l"},
            ),
            "days_of_supply": (("member", "day", "product"), 10 * share),
            "imports_kl": (("member", "day", "product"), 50 * share),
            "trucks_lost": (("member", "day"), np.ones(two)),
        },
        coords={"day": day, "product": ["petrol"]},
    )  # fmt: skip
    weekly = xr.Dataset(
        {
            "served_share": (
                ("member", "week", "place", "product"),
                np.broadcast_to(share[:, :1, None, :], (members, len(week), 2, 1)),
            )
        },
        coords={"week": week, "place": ["capital", "town"], "product": ["petrol"]},
    )
    manifest = SimpleNamespace(
        run=scenario or "base",
        name=f"made-{scenario or 'base'}",
        seed=seed,
        cutoff=pd.Timestamp("2025-12-31"),
        request=SimpleNamespace(
            scenario=scenario and {"title": scenario, "start": None}
        ),
        of_members=lambda _: manifest,
    )
    return run_by_hand(
        case=SimpleNamespace(name="made", config=SimpleNamespace(capital="capital")),
        manifest=manifest,
        daily=daily,
        weekly=weekly,
    )


def test_difference_is_taken_member_by_member():
    result = compare(run(served=0.8), run(served=0.3, scenario="worse"))
    entry = result.find("stockout_days", "capital", "petrol")
    days_after_cutoff = DAYS - 7
    assert entry.difference.value == days_after_cutoff
    assert entry.difference.low == entry.difference.high == days_after_cutoff
    assert entry.standard_error.value == 0
    assert entry.worse.value == 1
    cover = result.find("days_of_supply", "capital", "petrol").difference
    assert cover.value == pytest.approx(-5)
    assert cover.high - cover.low == pytest.approx(0, abs=1e-9)


def test_only_days_after_the_cutoff_count():
    result = compare(run(), run(served=0.3, scenario="worse"))
    lost = result.find("trucks_lost").base
    assert lost.value == DAYS - 7
    assert result.start == pd.Timestamp("2026-01-01")


def test_a_scenario_that_changes_the_past_is_compared_from_its_start():
    other = run(served=0.3, scenario="worse")
    other.manifest.request.scenario["start"] = "2025-12-28"
    assert compare(run(), other).start == pd.Timestamp("2025-12-28")


def test_town_days_are_counted_by_weeks():
    result = compare(run(), run(served=0.3, scenario="worse"))
    assert result.stockout_days("town").value % 7 == 0
    assert result.stockout_days("town").value > 0


@pytest.mark.parametrize(
    ("start", "weeks"), [(None, 2), ("2026-01-02", 1), ("2026-01-09", 0)]
)
def test_weeks_are_counted_from_the_first_day_of_the_scenario(start, weeks):
    other = run(scenario="other")
    other.manifest.request.scenario["start"] = start
    assert compare(run(), other).weeks == weeks


def test_without_a_whole_week_ahead_towns_are_not_compared():
    runs = [
        replace(each, weekly=each.weekly.isel(week=slice(0, 1)))
        for each in (run(), run(scenario="other"))
    ]
    change = compare(*runs)
    assert change.weeks == 0
    assert {entry.place for entry in change.differences} == {"capital", None}


def test_the_table_has_a_row_per_difference():
    result = compare(run(), run(served=0.3, scenario="worse"))
    table = result.table()
    assert len(table) == len(result.differences)
    assert set(table["outcome"]) == {
        "stockout_days", "unmet_kl", "price_per_l", "days_of_supply", "imports_kl",
        "trucks_lost",
    }  # fmt: skip


@pytest.mark.parametrize("changed", [{"seed": 2}, {"days": DAYS + 1}], ids=str)
def test_unpaired_runs_are_refused(changed):
    with pytest.raises(ValueError, match="do not share their luck"):
        compare(run(), run(**changed))


def test_unknown_outcome_lists_those_there_are():
    result = compare(run(), run(scenario="same"))
    with pytest.raises(ValueError, match=r"expected one of .*trucks_lost"):
        result.find("fuel")


def test_equal_runs_differ_by_nothing():
    result = compare(run(), run(scenario="same"))
    assert all(entry.difference.value == 0 for entry in result.differences)
    assert all(entry.better.value == 0 for entry in result.differences)


def test_a_smaller_run_is_compared_over_the_members_both_have():
    result = compare(run(), run(members=30, served=0.3, scenario="worse"))
    assert result.members == 30
    assert result.find("stockout_days", "capital").worse.value == 1


def test_the_country_is_compared_where_a_run_has_one(toy):
    base = simulate(toy, days=30, members=64, seed=7)
    alt = simulate(toy, scenario="deal", like=base)

    found = compare(base, alt)

    assert found.question == toy.scenarios()["deal"].question
    assert found.name == alt.manifest.name
    attacks = found.find("attacks")
    assert attacks.difference.value < 0  # a deal ends part of them
    assert attacks.better.value > attacks.worse.value
    exits = found.find("exit_probability")
    assert 0 < exits.alternative.value < 100
    cash = alt.weekly["group_cash_usd"].sel(group="raiders").isel(week=-1)
    money = found.find("interdictor_cash_usd").alternative.value
    assert money == pytest.approx(float(cash.mean()))


def test_the_chance_of_an_exit_is_the_mean_of_the_exits(toy):
    """The sum of the hazards while rule lasts has the mean of what ends it."""
    rates = {
        "attempt_per_year": 3,
        "forced_exit_per_year": 1,
        "capture_per_year": 0.5,
        "natural_exit_per_year": 0.5,
    }
    members = 1000
    risky = changed(toy, *fixed(**rates))
    base = simulate(risky, days=60, members=members, seed=7)

    found = compare(base, base).find("exit_probability")

    ended = base.daily["exit_kind"].isel(day=-1).to_numpy() > 0
    share = ended.mean()
    error = np.sqrt(share * (1 - share) / members)  # the exits' own, the larger one
    assert 0.1 < share < 0.9
    assert within(found.base.value / 100 - share, error)
    assert not within(1.5 * found.base.value / 100 - share, error)


def test_the_base_of_several_options_is_worked_out_once():
    compared = compared_with(run())

    first = steps_of(compared, run(scenario="one", served=0.9))
    second = steps_of(compared, run(scenario="other", served=0.7))

    assert second < 0.8 * first


def test_an_option_of_fewer_members_has_a_base_of_its_own():
    base = run()
    compared = compared_with(base)

    for members in (MEMBERS, 8, MEMBERS):
        option = run(scenario="one", served=0.9, members=members)
        assert compared(option).differences == compare(base, option).differences
