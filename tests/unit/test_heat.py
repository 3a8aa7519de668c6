"""The leader's heat against runs made up from known rates."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from made_regime import made_regime_run, with_leader, with_rows
from made_runs import made_run
from supplyline.analysis.drivers import CALM, SURVIVORS
from supplyline.analysis.hazards import log_mean, read_hazards
from supplyline.analysis.heat import BANDS, DEFINITION, heat
from supplyline.analysis.members import median_of, share_of
from supplyline.case.leader_hazard import leader_hazard
from supplyline.case.regime import COVARIATES, DRIVERS, KINDS, RESPONDS

CUTOFF = "2024-02-29"


@pytest.fixture(scope="module")
def run(toy):
    return made_regime_run(with_leader(toy))


@pytest.fixture(scope="module")
def found(run):
    return heat(run)


def total_of(drivers):
    return sum(driver.contribution.value for driver in drivers)


def with_params(run, **values):
    return replace(run, params=run.params.assign(**values))


def with_daily(run, **values):
    """Give a run other daily series."""
    shape, old = run.daily["attacks"].shape, run.daily
    series = {
        name: (("member", "day"), np.broadcast_to(v, shape), old[name].attrs)
        for name, v in values.items()
    }
    return replace(run, daily=old.assign(series))


def steady(run, rate, **values):
    """Give a run a forced exit at one rate a day, which no covariate moves."""
    hazards = {f"hazard_{kind}": np.zeros((1, 1)) for kind in KINDS}
    hazards["hazard_forced"] = np.full((1, 1), rate)
    ratios = {f"hazard_ratio_{name}": 1.0 for name in COVARIATES}
    still = with_params(run, **ratios)
    return with_daily(still, **{"exit_kind": np.zeros((1, 1)), **hazards, **values})


def test_heat_is_the_standing_of_the_chance_to_keep_power(run):
    found = heat(steady(run, 1e-4))

    assert found.daily["s6"].to_numpy() == pytest.approx(np.exp(-0.018))
    expected = float(leader_hazard().percentile(np.exp(-0.018)))
    assert found.value().value == pytest.approx(expected)
    assert found.value().unit == "points"
    assert (found.value().low, found.value().high) == pytest.approx((expected,) * 2)
    assert found.trend().value == 0


def test_an_attempt_counts_with_its_chance_of_success(run):
    found = heat(
        with_params(
            steady(run, 0.0, hazard_attempt=np.full((1, 1), 4e-4)),
            coup_success_probability=0.25,
        )
    )

    assert found.daily["s6"].to_numpy() == pytest.approx(np.exp(-0.018))


@pytest.mark.parametrize(("rate", "band"), [(1e-2, 0), (7e-5, 1), (0.0, 2)])
def test_the_bands_are_thirds_and_hot_is_a_firm_hold(run, rate, band):
    assert heat(steady(run, rate)).band() == BANDS[band]


@pytest.mark.parametrize(
    ("points", "band"), [(33, "cold"), (33.4, "mild"), (66.9, "mild"), (67, "hot")]
)
def test_no_number_falls_between_two_bands(found, points, band):
    daily = found.daily.assign(heat=found.daily["heat"] * 0 + points)
    assert replace(found, daily=daily).band() == band


def test_those_who_fell_count_no_more(run):
    members = run.daily.sizes["member"]
    rates = np.where(np.arange(members) < members // 2, 1e-2, 1e-4)[:, None]
    out = np.zeros(run.daily["exit_kind"].shape)
    out[: members // 2, 100:] = 1
    found = heat(with_daily(steady(run, 0.0), exit_kind=out, hazard_forced=rates))

    s6 = found.daily["s6"].to_numpy()
    kept = np.exp(-180 * np.array([1e-2, 1e-4]))
    assert s6[99] == pytest.approx(kept.mean())
    assert s6[100] == pytest.approx(kept[1])
    assert found.daily["in_power_share"].to_numpy()[[99, 100]].tolist() == [1, 0.5]
    assert found.keeps_power.value == 0.5
    assert found.keeps_power_days == 60
    entries = {d.name: d for d in found.drivers(found.daily["day"].to_numpy()[-1], 30)}
    # the hazard of the half that is left against that of all
    assert entries[SURVIVORS].contribution.value == pytest.approx(
        np.log(2e-4 / 1.01e-2)
    )
    assert entries["supply"].contribution.value == pytest.approx(0)


def test_a_day_on_which_nobody_is_in_power_is_told(run):
    out = np.ones((1, run.daily.sizes["day"])) * (
        np.arange(run.daily.sizes["day"]) > 90
    )
    found = heat(with_daily(run, exit_kind=out))

    assert np.isnan(found.daily["heat"].to_numpy()[-1])
    for asked in (found.value, found.band, found.drivers, found.sensitivity):
        with pytest.raises(ValueError, match="in no member is the leader in power on"):
            asked(found.daily["day"].to_numpy()[-1])


def test_the_trend_is_the_change_of_the_ensemble(found):
    days = found.daily["heat"].sel(day=[CUTOFF, "2024-01-30"]).to_numpy()

    assert found.trend(days=30).value == pytest.approx(days[0] - days[1])
    # 59 days lie before the cut-off of the toy case
    assert found.days_back() == 59
    assert found.trend().value == found.trend(days=59).value
    assert found.days_back("2024-04-20") == 90
    low, high = found.trend().low, found.trend().high
    assert low <= 0 <= high or low < high


def test_days_outside_the_run_are_told(found):
    with pytest.raises(ValueError, match="day is 2023-12-31; expected 2024-01-01 to"):
        found.value("2023-12-31")
    with pytest.raises(ValueError, match="days is 60; expected 1 to 59"):
        found.trend(days=60)
    with pytest.raises(ValueError, match="days is 0; expected 1 to 59"):
        found.drivers(days=0)


def log_hazards(run, day):
    """Log of the mean hazard of those in power, from the run itself."""
    hazards = read_hazards(run)
    place = list(run.daily["day"].to_numpy()).index(np.datetime64(day))
    is_in_power = hazards.in_power()[:, place]
    return np.log(hazards.total()[is_in_power, place].mean())


@pytest.mark.parametrize("day", [CUTOFF, "2024-04-28"])
@pytest.mark.parametrize("days", [7, 30, 59])
def test_drivers_add_up_to_the_change_of_the_hazard(run, found, day, days):
    before = str(pd.Timestamp(day) - pd.Timedelta(days=days))[:10]
    change = log_hazards(run, day) - log_hazards(run, before)

    drivers = found.drivers(day, days)

    assert total_of(drivers) == pytest.approx(change, rel=1e-9)
    for driver in drivers:
        if driver.parts:
            parts = sum(part.contribution.value for part in driver.parts)
            assert parts == pytest.approx(driver.contribution.value, rel=1e-9)
    sizes = [abs(driver.contribution.value) for driver in drivers]
    assert sizes == sorted(sizes, reverse=True)


def test_the_base_rates_part_is_what_the_formula_gives(run, found):
    """The rest that covariates leave is the change of the known base rate."""
    own = dict(part_of(found, CALM))
    assert own[CALM] == pytest.approx(expected_calm(run), rel=1e-4)


def test_a_weight_that_is_off_is_seen(run):
    """The companion: with one weight wrong the base rate takes up what it left."""
    wrong = with_params(
        run, hazard_ratio_shortage=run.params["hazard_ratio_shortage"] * 1.5
    )
    own = dict(part_of(heat(wrong), CALM))
    assert own[CALM] != pytest.approx(expected_calm(run), rel=0.5)


def part_of(found, name):
    return [
        (part.name, part.contribution.value)
        for driver in found.drivers()
        for part in driver.parts
        if part.name == name
    ]


def expected_calm(run):
    """Share out the change of the known base rate, as the split shares it out."""
    days = 59
    since = 1.6 + np.array([0, days]) / 365.25
    tenure = 2.6 + np.array([0, days]) / 365.25
    calm = -0.6 * np.log(1 + since) - 0.2 * np.log(1 + tenure)
    hazards = read_hazards(run)
    before, after = hazards.items(0), hazards.items(days)
    weights = log_mean(after, before)[:, 0] / len(before)
    ends = before.sum(axis=1).mean(), after.sum(axis=1).mean()
    whole = (ends[1] - ends[0]) / np.log(ends[1] / ends[0])
    return (calm[1] - calm[0]) * weights.sum() / whole


def test_levels_add_up_to_the_distance_from_the_reference(run, found):
    hazards = read_hazards(run)
    items, levels = hazards.items(59), hazards.levels(59)
    calm = np.zeros(items.shape)
    for row, kind in enumerate(KINDS):
        log = np.log(items[:, row])
        for name in RESPONDS[kind]:
            weight = np.log(run.params[f"hazard_ratio_{name}"])
            at = run.params.get(f"reference_{name}", 0)
            log -= weight * (levels[:, COVARIATES.index(name)] - at)
        calm[:, row] = np.exp(log)

    drivers = found.levels()

    expected = np.log(items.sum() / calm.sum())
    assert total_of(drivers) == pytest.approx(expected, rel=1e-9)
    assert {driver.name for driver in drivers} == set(DRIVERS)


def test_a_driver_that_does_not_move_has_no_part(run):
    still = with_daily(run, covariate_price=np.zeros((1, 1)))
    entries = {part.name: part for d in heat(still).drivers() for part in d.parts}

    assert entries["price"].contribution.value == 0


def test_a_driver_multiplies_the_hazard(found):
    driver = found.drivers()[0]
    assert driver.factor.value == pytest.approx(np.exp(driver.contribution.value))
    assert driver.factor.low == pytest.approx(np.exp(driver.contribution.low))
    assert driver.factor.origin == "model"


def test_sensitivity_is_the_derivative(run, found):
    hazards = read_hazards(run)
    members = hazards.in_power()[:, 59]
    items, step = hazards.items(59)[members], 1e-6
    for entry in found.sensitivity():
        column = COVARIATES.index(entry.name)
        raised = items * np.exp(step * hazards.weights[members][:, :, column])
        slope = (np.log(raised.sum()) - np.log(items.sum())) / step
        assert entry.elasticity.value == pytest.approx(slope, rel=1e-4)
        assert entry.points.value <= 0
        assert entry.name in DRIVERS[entry.driver]


def test_no_weight_no_sensitivity(run):
    found = heat(with_params(run, hazard_ratio_price=1.0))
    entries = {entry.name: entry for entry in found.sensitivity()}

    assert entries["price"].elasticity.value == 0
    assert entries["price"].points.value == 0


def test_history_knows_only_what_was_dated(found):
    history = found.history()

    assert history["month"].iloc[[0, -1]].tolist() == [
        pd.Timestamp("2021-06-01"), pd.Timestamp("2024-02-01"),
    ]  # fmt: skip
    # told at the end of June 2021, a month after power was taken on the first
    assert history["years_in_power"].iloc[0] == pytest.approx(29 / 365.25)
    before = history["month"] < "2022-03-01"
    cap = leader_hazard().since_cap_years
    assert (history.loc[before, "years_since_attempt"] == cap).all()
    tried = history.set_index("month").loc["2022-03-01"]
    assert tried["years_since_attempt"] == pytest.approx(21 / 365.25)
    assert "Officers fail to take the palace" in tried["facts"]
    assert (np.diff(history["heat"])[[8]] < 0).all()
    assert (np.diff(history["heat"])[9:] > 0).all()


def test_a_fact_of_later_changes_no_month_before_it(toy, run, found):
    later = toy.leader.iloc[[1]].assign(
        fact="again", date=pd.Timestamp("2023-06-05"), title="Again"
    )
    case = with_rows(run.case, leader=pd.concat([toy.leader, later]))

    known, told = found.history(), heat(replace(run, case=case)).history()

    before = known["month"] < "2023-06-01"
    pd.testing.assert_frame_equal(known[before], told[before])
    assert (known.loc[~before, "heat"] > told.loc[~before, "heat"]).all()


def test_history_has_the_runs_own_heat_beside_it(found):
    history = found.history().set_index("month")
    january = found.daily["heat"].sel(day=slice("2024-01-01", "2024-01-31"))

    assert history.loc["2024-01-01", "run_heat"] == pytest.approx(float(january.mean()))
    assert history["run_heat"].isna().sum() == len(history) - 2


def test_a_record_without_the_day_of_power_is_told(run):
    case = with_rows(run.case, leader=run.case.leader.iloc[1:])
    with pytest.raises(ValueError, match="has no row of kind took_power"):
        heat(replace(run, case=case)).history()


def test_aims_tell_which_way_things_go(run):
    days = np.arange(run.daily.sizes["day"])[None, :]
    found = heat(
        with_daily(run, state_control_share=days / 1000, attacks=days * 1.0)
    ).aims()
    entries = {aim.aim: aim for aim in found}

    assert entries["ground"].is_nearer_now
    assert entries["ground"].is_nearer_ahead
    assert entries["attacks"].is_nearer_now is False
    assert entries["attacks"].now.value == pytest.approx(np.arange(30, 60).mean())
    assert entries["attacks"].now.unit == "attacks"
    still = heat(with_daily(run, attacks=np.ones((1, 1)))).aims()
    assert {aim.aim: aim.is_nearer_now for aim in still}["attacks"] is None


def test_heat_needs_a_leader_and_a_regime(toy, run):
    with pytest.raises(ValueError, match="case toy names no leader"):
        heat(replace(run, case=replace(toy, config=nobody(toy))))
    with pytest.raises(ValueError, match=r"does not follow the regime.*groups\.csv"):
        heat(made_run(with_leader(toy)))


def nobody(case):
    return case.config.model_copy(update={"leader": None})


def test_the_definition_goes_with_the_heat(found):
    assert found.definition == DEFINITION
    for word in ("180 days", "reference class", "67 or more", "33 or less"):
        assert word in DEFINITION
    assert repr(found).startswith("<Heat of Ada Example: ")


def test_the_logarithmic_mean_meets_its_limits():
    near = np.array([1.0 + 1e-12, 1.0, 2.0, 0.0])
    assert log_mean(near, np.array([1.0, 1.0, 1.0, 0.0])) == pytest.approx(
        [1.0, 1.0, 1 / np.log(2), 0.0]
    )


def test_a_share_has_the_interval_of_wilson():
    share = share_of(0, 100, "assumption")
    assert (share.value, share.low) == (0, 0)
    # 1.645 squared over 100 and the same
    assert share.high == pytest.approx(0.02634, rel=1e-3)
    assert share_of(100, 100, "assumption").low == pytest.approx(1 - 0.02634, rel=1e-3)


def test_a_median_of_nothing_is_none():
    assert median_of(np.array([np.nan, np.nan]), "1", "assumption") is None
    assert median_of(np.array([np.nan, 3.0]), "1", "assumption").value == 3
