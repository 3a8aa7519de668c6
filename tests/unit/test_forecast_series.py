# ruff: noqa: PD011 - Summaries have values too
"""The series that are forecast: their dates and labels, and the run's own outputs."""

import warnings
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

import supplyline as sl
from made_runs import PLAIN_REPORTS
from supplyline.analysis.forecast_series import (
    FUTURE_DAYS,
    TOWNS,
    days_for,
    first_day,
    forecast_series,
    forecast_towns,
    forecast_values,
)
from supplyline.analysis.futures import futures
from supplyline.case.case import packaged_cases

WEEKS = 8
COUNTED = ["customs_volume", "trucks_received", "trucks_lost", "drivers_killed"]
MONTHLY = [f"{name}_month" for name in COUNTED]
CERTAIN = PLAIN_REPORTS | {"customs_coverage": 1.0}


def read(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sl.SupplylineWarning)
        return sl.load_case(name)


def reported(run, **params):
    """Give the run as reports with these errors and biases tell it."""
    return replace(run, params=run.params.assign(**params))


def of_days(run, values, name, span="week"):
    """Add up a daily output over the weeks or months of some columns."""
    ends = values.columns.get_level_values("date").unique()
    if span == "week":
        windows = [slice(end - pd.Timedelta(days=6), end) for end in ends]
    else:
        windows = [f"{end:%Y-%m}" for end in ends]
    outputs = [run.daily[name].sel(day=window).sum("day") for window in windows]
    return np.stack([each.to_numpy() for each in outputs], axis=1)


@pytest.fixture(scope="module", params=["toy", "haiti"])
def run(request):
    """Give a run of a case with armed groups, and of one without."""
    case = read(request.param)
    run = sl.simulate(case, members=100, days=days_for(case, WEEKS), seed=7)
    return reported(run, **CERTAIN)


@pytest.fixture(scope="module")
def values(run):
    return forecast_values(run)


@pytest.mark.parametrize("name", packaged_cases())
def test_every_series_says_what_would_count(name):
    for series in forecast_series(read(name)):
        words = series.definition
        assert "left out" in words or "no day" in words
        assert words.endswith(".")
        assert series.title
        assert series.unit
        assert series.axis in ("", "place", "region", "product", "future")
        assert all(series.labels.values()) or series.labels == {"": ""}
        assert series.is_chance == (series.unit == "probability")


def test_names_do_not_meet():
    for name in packaged_cases():
        names = [series.name for series in forecast_series(read(name))]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "missing"),
    [("toy", set()), ("haiti", {"region_attacks", "leader_exit", "future"})],
)
def test_a_case_without_groups_has_no_series_of_them(name, missing):
    names = {series.name for series in forecast_series(read(name))}
    every = {series.name for series in forecast_series(read("mali"))}

    assert every - names == missing


def test_towns_are_the_most_populous_whose_public_buys_at_a_depot():
    mali = read("mali")
    capital, *towns = forecast_towns(mali)
    people = mali.places.set_index("place")["population"]
    others = set(mali.depots["place"]) - {capital, *towns}

    assert capital == mali.config.capital
    assert len(towns) == TOWNS
    assert people[towns].is_monotonic_decreasing
    assert people[list(others)].max() <= people[towns].min()
    assert set(towns) <= set(mali.demand["place"])


def test_weeks_are_whole_and_follow_the_cutoff(run, values):
    by_month = values.columns.isin(MONTHLY, level="series")
    dates = values.columns[~by_month].get_level_values("date")
    cutoff = pd.Timestamp(run.manifest.cutoff)
    starts = pd.DatetimeIndex(run.weekly["week"].to_numpy())

    ends = dates.unique().sort_values()
    assert len(ends) == WEEKS
    assert ((ends - pd.Timedelta(days=6)) > cutoff).all()
    assert set(ends - pd.Timedelta(days=6)) <= set(starts)
    assert (ends[0] - cutoff).days < 14
    assert ends[-1] == run.daily.indexes["day"][-1]


def test_a_value_is_about_its_week_or_all_days_since_the_origin(run, values):
    origin = pd.Timestamp(run.manifest.cutoff).date()
    for series in forecast_series(run.case):
        last = values.loc[:, [series.name]].columns[-1][-1].date()
        first = first_day(series.span, origin, last)
        days = (last - first).days + 1
        since = (last - origin).days
        assert days == {"week": 7, "month": last.day}.get(series.span, since)


@pytest.mark.parametrize("span", ["week", "month"])
@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("trucks_received", "trucks_delivered"),
        ("trucks_lost", "trucks_lost"),
        ("drivers_killed", "drivers_killed"),
    ],
)
def test_counts_are_those_of_the_days(run, values, name, output, span):
    told = values[name if span == "week" else f"{name}_month"]

    assert (told.to_numpy() == of_days(run, told, output, span)).all()


def test_months_are_whole_and_lie_between_origin_and_horizon(run, values):
    cutoff, horizon = pd.Timestamp(run.manifest.cutoff), values.columns[-1][-1]
    for name in MONTHLY:
        ends = values[name].columns.get_level_values("date")
        assert ends.is_month_end.all()
        assert len(ends)
        assert (ends.to_period("M").to_timestamp() > cutoff).all()
        assert (ends <= horizon).all()
        assert ends[0] + pd.offsets.MonthEnd(-2) <= cutoff
        assert ends[-1] + pd.offsets.MonthEnd(1) > horizon


def test_a_forecast_of_no_whole_month_has_none(run):
    few = forecast_values(run, weeks=1)

    assert not set(MONTHLY) & set(few.columns.get_level_values("series"))
    assert set(COUNTED) <= set(few.columns.get_level_values("series"))


@pytest.mark.parametrize("span", ["week", "month"])
def test_customs_that_see_all_and_do_not_err_report_what_arrived(run, values, span):
    told = values["customs_volume" if span == "week" else "customs_volume_month"]
    arrived = of_days(run, told, "imports_kl", span).sum(axis=2) / 1000

    assert told.to_numpy() == pytest.approx(arrived, rel=1e-6)


def test_customs_that_see_half_report_half_and_err_each_week_by_itself(run):
    half = reported(run, customs_coverage=0.5)
    wrong = reported(half, official_error_sd_log=0.2)
    seen, told = forecast_values(half), forecast_values(wrong)
    arrived = of_days(run, seen["customs_volume"], "imports_kl").sum(axis=2) / 1000

    assert seen["customs_volume"].to_numpy() == pytest.approx(arrived / 2, rel=1e-6)
    came = (arrived > 0).all(axis=1)
    error = np.log(told["customs_volume"].to_numpy()[came] / (arrived[came] / 2)) / 0.2
    assert abs(np.mean(error**2) - 1) < 4.9 * np.sqrt(2 / error.size)
    lagged = np.mean(error[:, 1:] * error[:, :-1])
    assert abs(lagged) < 4.9 / np.sqrt(error[:, 1:].size)
    by_customs = {"customs_volume", "customs_volume_month"}
    others = [name for name in seen.columns.levels[0] if name not in by_customs]
    pd.testing.assert_frame_equal(seen[others], told[others])


@pytest.mark.parametrize(
    ("name", "output"),
    [("parallel_price", "price_per_l"), ("electricity_h", "electricity_h")],
)
def test_towns_are_told_as_the_run_has_them(run, values, name, output):
    for place, dates in values[name].T.groupby(level="label"):
        weeks = dates.index.get_level_values("date") - pd.Timedelta(days=6)
        own = run.weekly[output].sel(place=place, week=weeks)
        if "product" in own.dims:
            own = own.sel(product=run.case.config.products[0])
        assert (dates.T.to_numpy() == own.to_numpy()).all()


def test_a_short_week_is_one_with_less_than_half_served(run, values):
    served = run.weekly["public_served_share"]
    for (place, end), is_short in values["short_week"].items():
        week = end - pd.Timedelta(days=6)
        assert ((served.sel(place=place, week=week) < 0.5) == is_short).all()


def test_the_first_day_of_low_stock_is_counted_from_the_origin(run, values):
    cutoff, end = pd.Timestamp(run.manifest.cutoff), values.columns[-1][-1]
    for product, day in values["low_supply_day"].droplevel("date", axis=1).items():
        cover = run.daily["days_of_supply"].sel(product=product)
        ahead = cover.sel(day=slice(cutoff + pd.Timedelta(days=1), end)).to_numpy()
        for member, first in enumerate(day):
            low = np.flatnonzero(ahead[member] < 3)
            assert np.isnan(first) if not len(low) else first == low[0] + 1


def test_the_leader_is_gone_from_his_exit_on_and_futures_are_those_of_the_run(toy):
    run = sl.simulate(toy, members=400, days=days_for(toy, 26), seed=3)
    values = forecast_values(run)
    gone = values["leader_exit"].to_numpy()
    ends = values["leader_exit"].columns.get_level_values("date")

    kinds = run.daily["exit_kind"].sel(day=ends).to_numpy()
    assert 0 < gone[:, -1].sum() < 400
    assert (gone == (kinds > 0)).all()
    assert (np.diff(gone, axis=1) >= 0).all()
    shares = {name: share.value for name, share in futures(run).shares.items()}
    told = values["future"].droplevel("date", axis=1).mean()
    assert told.to_dict() == pytest.approx(shares)
    assert (values["future"].sum(axis=1) == 1).all()


def test_a_horizon_too_near_for_the_rules_has_no_futures(toy):
    early = toy.config.start + pd.Timedelta(days=14)
    run = sl.simulate(toy, members=8, days=30)

    near = forecast_values(run, weeks=1, origin=early)
    assert (near.columns[-1][-1].date() - toy.config.start).days < FUTURE_DAYS
    assert "future" not in near.columns.levels[0]
    assert "future" in forecast_values(run).columns.levels[0]


def test_regions_are_told_as_the_run_has_them(toy):
    run = sl.simulate(toy, members=64, days=days_for(toy, 4))
    for (region, end), attacks in forecast_values(run)["region_attacks"].items():
        week = end - pd.Timedelta(days=6)
        own = run.weekly["region_attacks"].sel(region=region, week=week)
        assert (own.to_numpy() == attacks).all()


def test_members_are_told_alone_as_in_the_whole(run, values):
    few = forecast_values(run.select(range(30, 70)))

    pd.testing.assert_frame_equal(few, values.loc[30:69])


def test_it_is_a_summary_of_a_large_ensemble(toy):
    options = {"days": days_for(toy, 3), "seed": 7, "members": 150}
    made = sl.simulate_summaries(toy, {"ahead": forecast_values}, **options)

    expected = forecast_values(sl.simulate(toy, **options))
    pd.testing.assert_frame_equal(made.values["ahead"], expected)


@pytest.mark.parametrize("weeks", [0, -1, WEEKS + 1, 10_000])
def test_weeks_that_a_run_has_not_are_refused(run, weeks):
    with pytest.raises(ValueError, match=rf"weeks is {weeks}; expected 1 to {WEEKS}"):
        forecast_values(run, weeks=weeks)


@pytest.mark.parametrize("weeks", [1, 5])
def test_fewer_weeks_are_the_first_of_all(run, values, weeks):
    few = forecast_values(run, weeks=weeks)["trucks_received"]

    assert (few.to_numpy() == values["trucks_received"].to_numpy()[:, :weeks]).all()


@pytest.mark.parametrize(
    "origin", ["2024-02-29", "2024-02-25", "2024-02-22", "2024-01-10"]
)
@pytest.mark.parametrize("weeks", [1, 3])
def test_so_many_days_hold_so_many_weeks_after_an_origin(toy, origin, weeks):
    since = date.fromisoformat(origin)
    days = days_for(toy, weeks, since)
    held = forecast_values(sl.simulate(toy, members=2, days=days), weeks, since)
    last = held.columns.get_level_values("date").max()
    assert (last.date() - since).days < 7 * (weeks + 1)
    if days:  # a day fewer holds fewer
        short = sl.simulate(toy, members=2, days=days - 1)
        with pytest.raises(ValueError, match="weeks is"):
            forecast_values(short, weeks, since)
