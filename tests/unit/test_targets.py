"""Facts of the past against runs made by hand, whose answers are known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from made_regime import made_regime_run
from made_runs import PLAIN_REPORTS, run_by_hand
from supplyline.analysis.measures import MEASURES, find_measure
from supplyline.analysis.targets import (
    check_targets,
    check_values,
    joint_share,
    target_values,
)
from supplyline.case.case import load_case
from supplyline.case.frames import Frames

START = pd.Timestamp("2024-01-21")
DAYS = 28
PLAIN = {
    "imports_kl": 0.0,
    "public_served_share": 1.0,
    "price_per_l": 2.0,
    "trucks_lost": 0.0,
    "convoys": 0.0,
    "trucks_escorted": 0.0,
    "electricity_h": 19.0,
    "trucks_waiting": 0.0,
    "stock_kl": 0.0,
}


BY_PRODUCT = {"imports_kl", "price_per_l", "stock_kl"}


def made_run(case, weekly=None, **daily):
    """Make a run of a few members and 28 days: values for each member and day."""
    members = max((len(values) for values in daily.values()), default=2)
    day = pd.date_range(START, periods=DAYS)
    products = list(case.config.products)
    data = {}
    for name, plain in PLAIN.items():
        values = np.full((members, DAYS), plain)
        values[:] = daily.get(name, values)
        dims = ("member", "day")
        if name in BY_PRODUCT:
            values = np.stack([values, np.full_like(values, 7.0)], axis=2)
            dims = ("member", "day", "product")
        data[name] = (dims, values)
    coords = {"day": day, "product": products, "member": np.arange(members)}
    weeks = pd.date_range("2024-01-15", periods=6, freq="7D")
    places = ["millford", "highcourt", "farfield"]
    served = np.ones((members, 6, 3))
    prices = np.full((members, 6, 3, 2), 2.0)
    for place, values in (weekly or {}).items():
        served[:, :, places.index(place)] = values
    by_week = xr.Dataset(
        {
            "public_served_share": (("member", "week", "place"), served),
            "price_per_l": (("member", "week", "place", "product"), prices),
        },
        {"week": weeks, "place": places, "product": products},
    )
    coverage = np.linspace(0.5, 1, members)
    params = pd.DataFrame({"customs_coverage": coverage}).assign(**PLAIN_REPORTS)
    daily = xr.Dataset(data, coords)
    manifest = SimpleNamespace(seed=7)
    return run_by_hand(
        case=case, daily=daily, weekly=by_week, params=params, manifest=manifest
    )


def days(*pairs, plain=0.0):
    """Give one member's days: a plain value, but for some days."""
    values = np.full(DAYS, plain)
    for where, value in pairs:
        values[where] = value
    return values


def measured(run, name, first=0, last=DAYS - 1):
    measure, place = find_measure(run.case, name)
    ends = (START + pd.Timedelta(days=offset) for offset in (first, last))
    return measure.over(run, *ends, place).tolist()


NEVER = pytest.approx(np.nan, nan_ok=True)


def test_imports_are_those_of_all_products(toy):
    run = made_run(toy, imports_kl=[days(plain=93.0), days(plain=43.0)])

    # 100 and 50 kl a day with the other product
    assert measured(run, "customs_volume_ml", 0, 9) == pytest.approx([1.0, 0.5])


def test_a_shortage_is_three_days_with_less_than_half(toy):
    short = slice(10, 13)
    run = made_run(
        toy,
        public_served_share=[
            days((short, 0.49), plain=1.0),
            days((slice(3, 5), 0.1), (short, 0.1), plain=1.0),
            days((short, 0.5), plain=1.0),
        ],
    )

    assert measured(run, "first_shortage_day") == [10, 10, NEVER]
    assert measured(run, "first_shortage_day", 5) == [5, 5, NEVER]


def test_away_from_the_capital_a_shortage_is_the_middle_of_a_week(toy):
    served = [[1, 0.4, 0.4, 1, 1, 1], [0.4, 1, 1, 1, 1, 1], [1, 1, 1, 0.5, 1, 0.1]]
    run = made_run(toy, weekly={"farfield": np.array(served)}, trucks_lost=[days()] * 3)

    # the week of 15 January is the first that meets the window from the 21st on
    assert measured(run, "first_shortage_day_farfield") == [4, -3, NEVER]
    assert measured(run, "first_shortage_day_millford") == [NEVER] * 3


def test_the_price_is_a_multiple_of_the_official_one(toy):
    run = made_run(
        toy, price_per_l=[days(plain=2.0), days((slice(14), 6.0), plain=2.0)]
    )

    assert measured(run, "price_multiple") == pytest.approx([1, 2])
    assert measured(run, "price_multiple", 0, 13) == pytest.approx([1, 3])
    assert measured(run, "price_multiple_farfield") == pytest.approx([1, 1])


def test_losses_are_summed_over_the_window(toy):
    run = made_run(toy, trucks_lost=[days((3, 4), (20, 9)), days((0, 5))])

    assert measured(run, "trucks_lost") == [13, 5]
    assert measured(run, "trucks_lost", 1, 19) == [4, 0]


def test_relief_is_a_good_week_after_a_bad_one(toy):
    run = made_run(
        toy,
        public_served_share=[
            days((slice(0, 7), 0.2), plain=1.0),
            days(plain=1.0),
            days(plain=0.3),
            days((slice(7, 14), 0.6), plain=0.9),
        ],
    )

    # the first week is at 0.2; six good days of seven make 0.886
    assert measured(run, "relief_day") == [12, NEVER, NEVER, NEVER]


def test_a_lull_is_the_longest_run_without_a_known_attack(toy):
    run = made_run(
        toy, trucks_lost=[days((9, 5), (20, 80)), days((9, 4)), days(plain=5)]
    )

    assert measured(run, "lull_days") == [10, 28, 0]


def test_convoys_are_counted_and_their_size_is_missing_where_none_left(toy):
    run = made_run(
        toy,
        convoys=[days((2, 1), (9, 2)), days()],
        trucks_escorted=[days((2, 30), (9, 90)), days()],
    )

    assert measured(run, "escorted_convoys") == [3, 0]
    assert measured(run, "convoy_size") == [40, NEVER]


def test_the_rest_are_means_and_the_worst_week(toy):
    served = days((slice(10, 17), 0.3), (30 - 10, 0.1), plain=1.0)
    run = made_run(
        toy,
        public_served_share=[served],
        electricity_h=[days((slice(14), 6.0), plain=18.0)],
        trucks_waiting=[days((slice(7), 400), plain=0)],
        stock_kl=[days(plain=993.0)],
    )

    assert measured(run, "worst_week_served_share") == pytest.approx([0.3])
    assert measured(run, "electricity_h") == pytest.approx([12])
    assert measured(run, "trucks_waiting") == pytest.approx([100])
    assert measured(run, "capital_stock_ml") == pytest.approx([1])


@pytest.mark.parametrize(
    ("name", "least", "last"),
    [
        ("relief_day", 7, 5),
        ("relief_day", 7, 0),
        ("worst_week_served_share", 7, 2),
        ("first_shortage_day", 3, 1),
        ("first_shortage_day", 3, -3),
        ("leader_in_power", 1, -1),
    ],
)
def test_a_window_of_too_few_days_is_told(toy, name, least, last):
    measure, _ = find_measure(toy, name)
    run = SimpleNamespace(case=toy, has_country=True)
    with pytest.raises(ValueError, match=f"expected {least} days or more.*'{name}'"):
        measure.over(run, START, START + pd.Timedelta(days=last))


@pytest.mark.parametrize(
    "name", ["price", "trucks_lost_nowhere", "trucks_lostmillford"]
)
def test_an_unknown_measure_is_told(toy, name):
    with pytest.raises(
        ValueError, match=rf"measure is '{name}'; expected one of customs"
    ):
        find_measure(toy, name)


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
@pytest.mark.parametrize("name", ["toy", "mali"])
def test_every_target_of_a_packaged_case_has_a_measure(name):
    case = load_case(name)
    places = SimpleNamespace(to_numpy=case.depots["place"].unique)
    run = SimpleNamespace(case=case, weekly={"place": places})

    for measure in case.targets["measure"]:
        assert find_measure(run.case, measure)[0] in MEASURES.values()


def with_weeks(run, name, values):
    """Give a run other weekly values: what a region has, the same in all weeks."""
    old = run.weekly[name]
    new = np.broadcast_to(np.array(values, dtype=float), old.shape)
    return replace(run, weekly=run.weekly.assign({name: (old.dims, new, old.attrs)}))


@pytest.fixture(scope="module")
def country(toy):
    """Give a run of two members; attacks a week in lowland, upland and abroad."""
    run = made_regime_run(toy, members=2)
    return with_weeks(run, "region_attacks_interdictor", [6, 2, 50])


def over_the_past(run, name):
    measure, zone = find_measure(run.case, name)
    ends = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-29")
    return measure.over(run, *ends, zone)


def test_a_zone_has_its_share_of_the_attacks_in_the_country(country):
    assert over_the_past(country, "attack_share_south").tolist() == [0.75, 0.75]
    assert over_the_past(country, "attack_share_centre").tolist() == [0.25, 0.25]
    calm = with_weeks(country, "region_attacks_interdictor", [0, 0, 50])
    assert over_the_past(calm, "attack_share_south").tolist() == [NEVER, NEVER]


def test_attacks_a_month_are_those_inside_the_country(country):
    found = over_the_past(country, "interdictor_attacks_per_month")
    assert found.tolist() == pytest.approx([8 * 30.4 / 7] * 2)
    south = over_the_past(country, "interdictor_attacks_per_month_south")
    assert south.tolist() == pytest.approx([6 * 30.4 / 7] * 2)


def test_only_weeks_wholly_inside_count(country):
    weeks = country.weekly["region_attacks_interdictor"].to_numpy().copy()
    weeks[:, 2] = 0
    run = with_weeks(country, "region_attacks_interdictor", weeks)
    measure, zone = find_measure(run.case, "interdictor_attacks_per_month")

    def between(first, last):
        return measure.over(run, pd.Timestamp(first), pd.Timestamp(last), zone)[0]

    # weeks begin on 1 January; the third is the one of the fifteenth
    assert between("2024-01-09", "2024-01-27") == 0
    assert between("2024-01-16", "2024-01-18") == 0
    assert between("2024-01-08", "2024-01-21") == pytest.approx(4 * 30.4 / 7)


def test_harm_is_summed_and_averaged(country):
    days = country.daily["harm_operations"].shape
    run = replace(
        country,
        daily=country.daily.assign(
            harm_operations=(("member", "day"), np.full(days, 0.5)),
            harm_killed=(("member", "day"), np.full(days, 2.0)),
        ),
    )
    assert over_the_past(run, "harm_operations_per_day").tolist() == [0.5, 0.5]
    assert over_the_past(run, "harm_deaths").tolist() == [120, 120]


@pytest.mark.parametrize("name", ["attack_share_moon", "attack_share_millford"])
def test_an_unknown_zone_is_told(country, name):
    with pytest.raises(ValueError, match="or with a place, zone"):
        find_measure(country.case, name)


@pytest.fixture
def checked(toy):
    """Four members against the targets of the toy case, cut to the made days."""
    targets = toy.targets.assign(
        start=START, end=START + pd.Timedelta(days=DAYS - 1)
    ).iloc[[1, 2]]
    targets["low"], targets["high"], targets["value"] = [5, 0], [12, 60], [8, 10]
    case = replace(toy, tables=Frames({**toy.tables, "targets": targets}))
    short = [6, 10, 20, None]
    return made_run(
        case,
        public_served_share=[
            days((slice(s, s + 3), 0.1), plain=1.0) if s else days(plain=1.0)
            for s in short
        ],
        trucks_lost=[days((0, lost)) for lost in (10, 0, 61, 5)],
    )


def test_members_without_a_value_are_counted_apart(checked):
    values = target_values(checked)
    assert values["first-shortage"].tolist() == [6, 10, 20, NEVER]

    checks = check_targets(checked).set_index("target")

    first = checks.loc["first-shortage"]
    assert first["never_share"] == 0.25
    assert first["share_inside"] == 0.5
    assert first["percentile"] == pytest.approx(100 / 3)
    assert (first["q10"], first["median"], first["q90"]) == pytest.approx((6.8, 10, 18))
    lost = checks.loc["losses"]
    assert lost["never_share"] == 0
    assert lost["share_inside"] == 0.75
    # half of the tie counts as below: 2 + 1/2 of four
    assert lost["percentile"] == pytest.approx(62.5)
    assert lost["title"] == "Trucks lost by the end of February"


def test_the_joint_share_needs_all_main_facts_in_one_member(checked):
    # the first two members alone are inside both windows
    values = target_values(checked)
    assert joint_share(checked.case.targets, values) == 0.5
    aside = checked.case.targets.assign(is_main=[True, False])
    values["losses"] = 1e9
    assert joint_share(aside, values) == 0.5
    assert joint_share(checked.case.targets, values) == 0


def test_a_fact_that_never_happens_has_no_percentile(checked):
    values = target_values(checked)
    values["first-shortage"] = np.nan

    checks = check_values(checked.case.targets, values).set_index("target")
    first = checks.loc["first-shortage"]

    assert (first["never_share"], first["share_inside"]) == (1, 0)
    assert np.isnan(first[["percentile", "q10", "median", "q90"]].astype(float)).all()


def test_a_case_without_targets_has_no_checks(toy):
    none = toy.tables["targets"].iloc[:0]
    run = made_run(replace(toy, tables=Frames({**toy.tables, "targets": none})))
    checks = check_targets(run)
    assert checks.empty
    assert {"target", "title", "share_inside", "percentile", "q90"} <= set(checks)
