"""Laws of measures: what each one has to obey, whatever it counts."""

import inspect
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import supplyline.analysis.measures as module
from made_regime import made_regime_run, with_rows
from made_runs import made_run
from supplyline.analysis.measures import MEASURES, find_measure
from supplyline.analysis.measuring import STREAMS, labels_of
from supplyline.analysis.targets import check_targets
from supplyline.analysis.windows import Window, regions_of
from supplyline.case.case import load_case
from supplyline.case.series import observed_series

CASES = ["mali", "haiti", "toy"]
MEMBERS = 11
FIRST, MIDDLE, LAST = (
    pd.Timestamp(day) for day in ("2024-01-08", "2024-01-28", "2024-02-18")
)
"""Three weeks and three more: weeks begin on a Monday."""
SUMS = [
    name
    for name, measure in MEASURES.items()
    # imports are none here, and a share of a sum is no sum
    if measure.is_sum and name not in ("customs_volume_ml", "supply_share")
]


@pytest.fixture(scope="module")
def run(toy):
    made = made_regime_run(toy, members=MEMBERS)
    served = made.daily["served_share"].mean("product")
    weekly = made.weekly["served_share"].mean("product")
    return replace(
        made,
        daily=made.daily.assign(public_served_share=served),
        weekly=made.weekly.assign(public_served_share=weekly),
    )


def label_for(run, measure):
    return labels_of(run.case, measure.axis)[0] if measure.needs_label else ""


def values(run, name, first=FIRST, last=LAST):
    measure = MEASURES[name]
    return measure.over(run, first, last, label_for(run, measure))


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_gives_one_value_for_each_member(run, name):
    measured = values(run, name)

    assert measured.shape == (MEMBERS,)
    assert measured.dtype == np.float64


@pytest.mark.parametrize("name", MEASURES)
def test_a_member_is_measured_without_regard_to_the_others(run, name):
    some = [7, 2, 5]
    fewer = replace(
        run,
        daily=run.daily.isel(member=some),
        weekly=run.weekly.isel(member=some),
        params=run.params.iloc[some],
    )

    measure = MEASURES[name]
    label = label_for(run, measure)
    own, of_all = (
        measure.function(Window(each, FIRST, LAST, label)) for each in (fewer, run)
    )

    np.testing.assert_array_equal(own, of_all[some])


def test_a_chance_is_the_same_in_all_members(run):
    kinds = np.zeros(run.daily["exit_kind"].shape)
    kinds[:4] = 1
    daily = run.daily.assign(exit_kind=(("member", "day"), kinds))

    told = values(replace(run, daily=daily), "leader_in_power")

    assert set(told) == {(MEMBERS - 4) / MEMBERS}


@pytest.mark.parametrize("name", SUMS)
def test_counts_of_adjoining_windows_add_up(run, name):
    early = values(run, name, FIRST, MIDDLE)
    late = values(run, name, MIDDLE + pd.Timedelta(days=1), LAST)

    np.testing.assert_allclose(early + late, values(run, name), rtol=1e-6)


@pytest.mark.parametrize("name", ["attacks", "interdictor_attacks_per_month"])
def test_the_zones_make_up_the_country(run, name):
    measure = MEASURES[name]
    zones = labels_of(run.case, "zone")
    parts = [measure.over(run, FIRST, LAST, zone) for zone in zones]

    assert sorted(r for zone in zones for r in regions_of(run, zone)) == sorted(
        regions_of(run)
    )
    np.testing.assert_allclose(sum(parts), measure.over(run, FIRST, LAST), rtol=1e-6)


def test_the_interdictor_is_the_group_where_none_is_named(run):
    measure = MEASURES["fighters"]

    named = measure.over(run, FIRST, LAST, run.interdictor)

    np.testing.assert_array_equal(measure.over(run, FIRST, LAST), named)


@pytest.mark.parametrize(
    ("name", "measure", "label"),
    [
        ("price_multiple_farfield", "price_multiple", "farfield"),
        ("attacks_south", "attacks", "south"),
        ("fighters_rovers", "fighters", "rovers"),
        ("revenue_gold", "revenue", "gold"),
        ("interdictor_attacks_per_month", "interdictor_attacks_per_month", ""),
    ],
)
def test_a_label_stands_behind_the_name(run, name, measure, label):
    assert find_measure(run.case, name) == (MEASURES[measure], label)


@pytest.mark.parametrize(
    ("name", "label", "message"),
    [
        ("price_multiple", "farfeild", r"place is 'farfeild'.*mean 'farfield'\?"),
        ("attacks", "sooth", r"zone is 'sooth'.*mean 'south'\?"),
        ("fighters", "rover", r"group is 'rover'.*mean 'rovers'\?"),
        ("revenue", "golds", r"stream is 'golds'.*mean 'gold'\?"),
        ("trucks_lost", "farfield", "argument is 'farfield'; expected one of none"),
        ("revenue", "", f"revenue needs a stream, one of {', '.join(STREAMS)}"),
        ("attack_share", "", "attack_share needs a zone, one of centre, south"),
    ],
)
def test_a_label_that_a_measure_does_not_take_is_told(run, name, label, message):
    with pytest.raises(ValueError, match=message):
        MEASURES[name].over(run, FIRST, LAST, label)


@pytest.mark.parametrize("name", [n for n, m in MEASURES.items() if m.needs_groups])
def test_a_run_without_groups_is_told(toy, name):
    with pytest.raises(ValueError, match="needs a run that follows armed groups"):
        MEASURES[name].over(made_run(toy), FIRST, LAST)


def test_every_measure_stands_under_its_own_name():
    functions = {
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if list(inspect.signature(function).parameters) == ["window"]
    }

    assert functions - {"official_price"} == set(MEASURES) - {"operation_deaths"}
    assert all(measure.title[0].isupper() for measure in MEASURES.values())


def test_a_case_without_facts_has_no_checks(run):
    case = with_rows(run.case, targets=run.case.targets.iloc[:0])

    checks = check_targets(replace(run, case=case))

    assert len(checks) == 0
    assert {"title", "share_inside", "percentile", "median"} <= set(checks)


@pytest.mark.parametrize("name", CASES)
def test_every_series_has_a_measure_or_is_given(name):
    case = load_case(name)
    stored, config = labels_of(case, "place"), case.config
    known = observed_series(stored, config.products, config.currency)

    given = {series.name for series in known.values() if series.measure is None}
    official = {f"official_{product}_price" for product in config.products}
    assert given == {*official, "clearance_h"}
    for series in known.values():
        if series.measure is not None:
            measure, label = find_measure(case, series.measure)
            assert bool(label) == measure.needs_label


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        # the middle of 5 to 9 January is the 7th: the 6th is nearest, then the 9th
        ("2024-01-09", [20.0, 30.0, 10.0, np.nan]),
        # nothing is known of the 9th on the 8th; the middle is the 6th or 7th
        ("2024-01-08", [20.0, np.nan, 10.0, np.nan]),
    ],
)
def test_a_convoy_is_the_nearest_that_had_been(toy, last, expected):
    run = made_run(toy, members=4)
    convoys = np.zeros((4, run.daily.sizes["day"]))
    trucks = convoys.copy()
    days = run.daily.indexes["day"]
    for member, day, count, size in (
        (0, "2024-01-06", 2, 40),
        (0, "2024-01-10", 1, 99),
        (1, "2024-01-09", 1, 30),
        (2, "2024-01-02", 1, 10),
        (3, "2024-01-10", 1, 7),
    ):
        spot = days.get_loc(pd.Timestamp(day))
        convoys[member, spot], trucks[member, spot] = count, size
    daily = run.daily.assign(
        convoys=(("member", "day"), convoys),
        trucks_escorted=(("member", "day"), trucks),
    )
    window = pd.Timestamp("2024-01-05"), pd.Timestamp(last)

    sizes = MEASURES["convoy_trucks"].over(replace(run, daily=daily), *window)

    np.testing.assert_array_equal(sizes, expected)


def test_a_street_price_is_of_one_place_and_product(run):
    case = run.case
    capital, product = case.config.capital, case.config.products[-1]
    away = next(p for p in labels_of(case, "place") if p != capital)
    price, name = MEASURES["street_price"], "price_per_l"
    # two whole weeks, so that days and weeks are the same days
    last = FIRST + pd.Timedelta(days=13)

    own = price.over(run, FIRST, last, f"{capital}_{product}")
    other = price.over(run, FIRST, last, f"{away}_{product}")

    days = run.daily[name].sel(day=slice(FIRST, last), product=product)
    weeks = run.weekly[name].sel(week=slice(FIRST, last), place=away, product=product)
    np.testing.assert_allclose(own, days.mean("day"), rtol=1e-6)
    np.testing.assert_allclose(other, weeks.mean("week"), rtol=1e-6)


def test_supply_is_imports_over_demand(run):
    supply, imports = MEASURES["supply_share"], MEASURES["imports_volume_kl"]
    days = [(MIDDLE - FIRST).days + 1, (LAST - MIDDLE).days]
    early = supply.over(run, FIRST, MIDDLE)
    late = supply.over(run, MIDDLE + pd.Timedelta(days=1), LAST)

    whole = supply.over(run, FIRST, LAST)

    np.testing.assert_allclose(whole, np.average([early, late], axis=0, weights=days))
    demand = run.params["national_demand_kl_per_day"] * sum(days)
    kl = imports.over(run, FIRST, LAST)
    np.testing.assert_allclose(whole * demand, kl)
    in_ml = MEASURES["customs_volume_ml"].over(run, FIRST, LAST)
    np.testing.assert_allclose(in_ml, kl / 1000)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("price_multiple", "farfield"),
        ("street_price", "farfield_kerosene"),
        ("first_shortage_day", "farfield"),
        ("attacks", ""),
        ("attack_share", "south"),
        ("fighters", ""),
        ("besieged_regions", ""),
    ],
)
def test_days_of_which_a_run_keeps_no_week_are_told(run, name, label):
    # the days after the last whole week of a run
    last = run.weekly.indexes["week"][-1] + pd.Timedelta(days=7)

    with pytest.raises(ValueError, match=f"no week with a day from {last:%Y-%m-%d} to"):
        MEASURES[name].over(run, last, last + pd.Timedelta(days=2), label)
