"""Reports of modelled values: their laws, each with a wrong form that fails."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import supplyline as sl
from made_runs import PLAIN_REPORTS
from supplyline.analysis import reports
from supplyline.analysis.measures import MEASURES, find_measure
from supplyline.analysis.measuring import Asked, measured
from supplyline.analysis.reports import (
    GRADE_FACTORS,
    KIND_OF,
    REPORTS,
    Told,
    as_reported,
    range_sd,
)
from supplyline.analysis.targets import check_targets, check_values, target_values
from supplyline.case.parameters import PARAMETERS
from supplyline.engine.draws import member_uniforms
from supplyline.errors import RunError
from worlds import within

MEMBERS = 20_000
LAST = pd.Timestamp("2024-06-30")
"""Last day of the window that is reported."""
ROUNDING = 8 * np.finfo(float).eps
"""What is lost on the way to a report and back."""
TRUTH = {"factor": 40.0, "share": 0.25, "days": 60.0}
"""A value of each form of report."""
ERRORS = {report.error for report in REPORTS.values()}
BIASES = {report.bias for report in REPORTS.values()} - {None}
PLAIN = {"customs_coverage": 1.0, **PLAIN_REPORTS}


def made(seed=7, members=MEMBERS, **params):
    """Make what a report reads of a run: its seed, and parameters else neutral."""
    drawn = pd.DataFrame({**PLAIN, **params}, index=pd.RangeIndex(members))
    return SimpleNamespace(
        params=drawn, lineage=None, manifest=SimpleNamespace(seed=seed)
    )


def said(run, name, row="row", truth=None, **told):
    """Report one truth in every member."""
    if truth is None:
        truth = TRUTH[REPORTS[KIND_OF[name]].form]
    values = np.full(len(run.params), truth)
    return as_reported(run, name, Told(row, LAST, **told), values)


@pytest.fixture(scope="module")
def run(toy):
    return sl.simulate(toy, days=0, members=200, seed=7)


def with_params(run, **params):
    return replace(run, params=run.params.assign(**params))


def test_every_measure_has_a_kind_of_report():
    names = {measure.function.__name__ for measure in MEASURES.values()}

    assert set(KIND_OF) == names
    assert set(KIND_OF.values()) == {*REPORTS, "given"}
    every = {*ERRORS, *BIASES, *GRADE_FACTORS.values(), "window_edge_days"}
    assert every == set(PLAIN) <= set(PARAMETERS)


def test_what_is_no_measure_is_told_with_the_nearest():
    with pytest.raises(ValueError, match=r"trucks_lots.*trucks_lost"):
        said(made(), "trucks_lots", truth=1.0)


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("trucks_waiting", "official_error_sd_log"),
        ("trucks_waiting", "official_bias"),
        ("trucks_lost", "window_edge_days"),
    ],
)
def test_a_run_without_parameters_of_reports_is_refused(name, missing):
    run = made()
    del run.params[missing]

    with pytest.raises(RunError, match=f"{missing}, as it is of an earlier version"):
        said(run, name, days=7)


def truths(run):
    """Give the values of the targets as they are in the run."""
    columns = {}
    for row in run.case.targets.itertuples():
        measure, label = find_measure(run.case, row.measure)
        columns[row.target] = measure.over(run, row.start, row.end, label)
    return pd.DataFrame(columns, index=run.params.index)


def test_neutral_reports_are_the_truth_to_the_last_bit(run):
    plain = with_params(run, **PLAIN)
    expected = check_values(run.case.targets, truths(run))

    pd.testing.assert_frame_equal(check_targets(plain), expected, check_exact=True)
    # and those of the case are not
    assert not target_values(run).equals(truths(run))


@pytest.mark.parametrize("name", [n for n, kind in KIND_OF.items() if kind != "given"])
def test_a_neutral_report_leaves_every_bit(name):
    whole = REPORTS[KIND_OF[name]].whole
    values = np.random.default_rng(1).random(MEMBERS) * whole
    if KIND_OF[name] == "spell":
        values = np.floor(100 * values)
    values[0] = np.nan

    told = as_reported(made(), name, Told("row", LAST), values)
    biased = as_reported(
        made(**dict.fromkeys(BIASES, 2.0), **dict.fromkeys(ERRORS, 0.5)),
        name,
        Told("row", LAST),
        values,
    )

    assert np.array_equal(told, values, equal_nan=True)
    assert np.isnan(biased[0])
    # an error of half a day is often rounded away
    assert (biased[1:] != values[1:]).mean() > (
        0.2 if KIND_OF[name] == "spell" else 0.9
    )


@pytest.mark.parametrize("name", [n for n, k in KIND_OF.items() if k == "given"])
def test_what_is_given_is_told_as_it_is(name):
    wide = made(**dict.fromkeys(BIASES, 2.0), **dict.fromkeys(ERRORS, 0.5))

    assert (said(wide, name, truth=3.0) == 3.0).all()


def test_coverage_multiplies_imports():
    coverage = np.linspace(0.5, 1, MEMBERS)
    half = made(customs_coverage=coverage)

    assert np.array_equal(said(half, "customs_volume_ml"), 40.0 * coverage)
    # another kind has another bias
    assert (said(half, "capital_stock_ml") == 40.0).all()


def test_a_rise_is_a_factor_on_the_price():
    # 200 % above is three times the price; half as much again is 4.5 times
    assert said(made(quoted_price_bias=1.5), "price_increase", truth=200.0)[
        0
    ] == pytest.approx(350.0)
    assert said(made(quoted_price_bias=1.5), "price_multiple", truth=3.0)[0] == 4.5


@pytest.mark.parametrize(
    ("measure", "bias"),
    [("trucks_lost", "loss_claim_bias"), ("customs_volume_ml", "customs_coverage")],
)
def test_more_bias_moves_the_percentile_down(run, measure, bias):
    names = run.case.targets["measure"].str.startswith(measure)
    case = replace_targets(run.case, run.case.targets[names])
    percentiles = [
        check_targets(replace(with_params(run, **{bias: factor}), case=case))
        for factor in (0.25, 1.0, 4.0)
    ]

    low, middle, high = (checks["percentile"].to_numpy() for checks in percentiles)
    assert len(low) > 0
    assert (low >= middle).all()
    assert (middle >= high).all()
    assert (low > high).any()


def replace_targets(case, targets):
    """Give a case other targets."""
    tables = type(case.tables)({**case.tables, "targets": targets})
    return replace(case, tables=tables)


def is_own_luck(run):
    """Tell whether the luck of a report hangs on its name alone."""
    names = ["a", "b", "c"]
    errors = {row: said(run, "fighters", row) for row in names}
    again = {row: said(run, "fighters", row) for row in reversed(names)}
    few = replace_members(run, 100)
    late = replace_members(run, slice(50, 100))
    apart = np.corrcoef(np.log([*errors.values()]))[~np.eye(3, dtype=bool)]
    return (
        all(np.array_equal(errors[row], again[row]) for row in names)
        and np.array_equal(said(few, "fighters", "a"), errors["a"][:100])
        and np.array_equal(said(late, "fighters", "a"), errors["a"][50:100])
        and within(np.abs(apart).max(), len(run.params) ** -0.5)
    )


def replace_members(run, members):
    part = members if isinstance(members, slice) else slice(members)
    params = run.params.iloc[part]
    return SimpleNamespace(params=params, lineage=None, manifest=run.manifest)


def test_the_luck_of_a_report_is_its_own():
    assert is_own_luck(made(count_error_sd_log=0.3))
    first, other = (
        said(made(seed=seed, count_error_sd_log=0.3), "fighters") for seed in (7, 8)
    )
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("last", "position"),
    [("2023-12-31", 0), ("2024-01-01", 0), ("2024-01-20", 0), ("2024-01-21", 1)],
)
def test_a_report_has_the_luck_of_its_last_day(toy, last, position):
    numbers = [[3, 0, 3, 2], [2**24 + 1, 1, 0, 2**24]]
    stretches = [sl.Stretch(0, numbers[0]), sl.Stretch(20, numbers[1])]
    lived = made(members=4, count_error_sd_log=0.3)
    lived.lineage, lived.case = sl.Lineage(stretches), toy

    report = Told("row", pd.Timestamp(last))
    told = as_reported(lived, "fighters", report, np.full(4, 9.0))

    uniforms = member_uniforms(7, "report", "row", np.array(numbers[position]))
    assert np.allclose(np.log(told / 9.0), 0.3 * stats.norm.ppf(uniforms))


@pytest.mark.parametrize("wrong", ["one stream", "a memory"])
def test_luck_with_another_name_is_noticed(monkeypatch, wrong):
    right, memory = reports.member_uniforms, np.random.default_rng(1)

    def draw(seed, stream, _row, members):
        if wrong == "one stream":
            return right(seed, stream, "", members)
        return memory.random(len(members))

    monkeypatch.setattr(reports, "member_uniforms", draw)

    assert not is_own_luck(made(count_error_sd_log=0.3))


@pytest.mark.parametrize("name", ["trucks_lost", "stations_open_share", "lull_days"])
def test_errors_have_the_spread_of_their_parameter(name):
    report = REPORTS[KIND_OF[name]]
    spread = {"factor": 0.5, "share": 0.9, "days": 6.0}[report.form]
    truth = TRUTH[report.form]

    def scaled(values):
        if report.form == "days":
            return values - truth
        odds = values / (1 - values) if report.form == "share" else values
        return np.log(odds) - np.log(truth / (1 - truth if odds is not values else 1))

    errors = scaled(said(made(**{report.error: spread}), name))
    rounding = 1 / 12 if report.form == "days" else 0.0
    expected = np.sqrt(spread**2 + rounding)
    # theory: mean 0, standard error sd / sqrt(n); of the sd, sd / sqrt(2 n)
    assert within(errors.mean(), expected * MEMBERS**-0.5)
    assert within(errors.std() - expected, expected * (2 * MEMBERS) ** -0.5)
    wider = scaled(said(made(**{report.error: 1.1 * spread}), name))
    assert not within(wider.std() - expected, expected * (2 * MEMBERS) ** -0.5)


def test_a_share_stays_a_share():
    spreads = ("reading_error_sd_logit", "hours_error_sd_logit", "count_error_sd_log")
    wide = made(**dict.fromkeys(spreads, 5.0))

    for name in ("stations_open_share", "electricity_h", "attack_share"):
        whole = REPORTS[KIND_OF[name]].whole
        told = said(wide, name, truth=whole / 2)
        assert 0 <= told.min() < 0.1 * whole
        assert 0.9 * whole < told.max() <= whole
        assert (said(wide, name, truth=0.0) == 0).all()
        assert said(wide, name, truth=whole) == pytest.approx(whole)
    assert (said(made(spell_error_sd_days=50.0), "lull_days") >= 0).all()


def test_an_edge_weighs_less_in_a_longer_window():
    edge = made(window_edge_days=2.0)
    spreads = [
        np.log(said(edge, "trucks_lost", days=days)).std() for days in (1, 10, 100)
    ]

    expected = 2.0 / np.array([1, 10, 100])
    assert np.allclose(spreads, expected, rtol=4.9 * (2 * MEMBERS) ** -0.5)
    # what is no sum has no edge
    assert (said(edge, "trucks_waiting") == 40.0).all()


def test_a_measure_that_is_a_sum_tells_its_days(run):
    plain = with_params(run, **PLAIN)
    edge = with_params(run, **{**PLAIN, "window_edge_days": 3.0})
    start, end = run.case.targets["start"].iloc[0], run.case.targets["end"].iloc[0]

    for name, is_sum in (("customs_volume_ml", True), ("trucks_waiting", False)):
        asked = [Asked("row", MEASURES[name], start, end)]
        truth = measured(run, asked, told=False)["row"]
        assert np.array_equal(measured(plain, asked, told=True)["row"], truth)
        moved = measured(edge, asked, told=True)["row"]
        assert np.array_equal(moved, truth) != is_sum


@pytest.mark.parametrize("grade", ["A", "B", None])
def test_a_good_or_absent_grade_leaves_every_bit(grade):
    factors = dict.fromkeys(GRADE_FACTORS.values(), 3.0)
    run = made(count_error_sd_log=0.3, **factors)

    assert np.array_equal(said(run, "fighters", grade=grade), said(run, "fighters"))


@pytest.mark.parametrize("grade", GRADE_FACTORS)
def test_a_grade_widens_the_error_and_nothing_else(grade):
    run = made(count_error_sd_log=0.3, **{GRADE_FACTORS[grade]: 2.0})
    plain = np.log(said(run, "fighters") / 40.0)

    wide = np.log(said(run, "fighters", grade=grade) / 40.0)

    # the log of a factor near 1 is as exact as the factor
    np.testing.assert_allclose(wide, 2 * plain, atol=ROUNDING)
    # another grade, or a factor of 1, leaves every bit
    others = set(GRADE_FACTORS) - {grade}
    for other in others:
        same = said(run, "fighters", grade=other)
        assert np.array_equal(same, said(run, "fighters"))
    # of a sum the unsure day at the end does not hang on who tells it
    edge = made(window_edge_days=2.0, **{GRADE_FACTORS[grade]: 2.0})
    assert np.array_equal(
        said(edge, "trucks_lost", days=7, grade=grade),
        said(edge, "trucks_lost", days=7),
    )


@pytest.mark.parametrize(
    ("name", "low", "high", "sd"),
    [
        ("trucks_lost", 50.0, 200.0, np.log(4) / 12**0.5),
        ("street_price", 1333.0, 2667.0, np.log(2667 / 1333) / 12**0.5),
        # a rise of 100 to 300 % is a price of twice to four times
        ("price_increase", 100.0, 300.0, np.log(2) / 12**0.5),
        ("stations_open_share", 0.25, 0.75, 2 * np.log(3) / 12**0.5),
        ("electricity_h", 6.0, 18.0, 2 * np.log(3) / 12**0.5),
        ("lull_days", 15.0, 30.0, 15 / 12**0.5),
        ("trucks_lost", 50.0, 50.0, 0.0),
        ("first_shortage_day", 3.0, 9.0, 0.0),
    ],
)
def test_a_told_range_has_the_spread_of_a_uniform(name, low, high, sd):
    assert range_sd(name, low, high) == pytest.approx(sd, rel=1e-3, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("trucks_lost", 0.0, 9.0),
        ("stations_open_share", 0.0, 0.5),
        ("stations_open_share", 0.5, 1.0),
        ("electricity_h", 12.0, 24.0),
    ],
)
def test_an_end_without_a_place_on_the_scale_has_no_spread(name, low, high):
    assert np.isnan(range_sd(name, low, high))


def test_the_range_and_the_error_of_a_report_add_as_variances():
    run = made(count_error_sd_log=0.3)
    plain = np.log(said(run, "fighters") / 40.0)

    wide = np.log(said(run, "fighters", range_sd=0.4) / 40.0)

    np.testing.assert_allclose(wide, plain * 0.5 / 0.3, atol=ROUNDING)
    assert not np.allclose(wide, plain * 0.7 / 0.3)
