"""Judgements, indicators, and what stands behind the numbers."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from made_runs import made_run, run_by_hand
from sections import accuracy_in, corridors_in, judged, signs_in, standing_in, towns_in
from supplyline.analysis.compare import compare
from supplyline.analysis.members import share_of
from supplyline.case.case import load_case
from supplyline.engine.simulate import simulate
from supplyline.report.checks import checks_of
from supplyline.report.evidence import claims
from supplyline.report.indicators import is_shortage
from supplyline.report.inputs import assumption_groups, measures
from supplyline.report.options import outcomes
from supplyline.report.sentences import plain
from worlds import changed, fixed, ungrouped


@pytest.fixture(scope="module")
def toy():
    return load_case("toy")


@pytest.fixture(scope="module")
def run(toy):
    return made_run(toy, members=400)


@pytest.mark.parametrize(
    ("days", "short"),
    [("0000", False), ("1101", False), ("0111", True), ("1110", True), ("11", True)],
)
def test_a_shortage_takes_three_days_in_a_row(days, short):
    row = np.array([[day == "1" for day in days]])
    assert is_shortage(row)[0] == short


def test_five_judgements_begin_with_the_worst_town(run):
    towns = towns_in(run)
    told = judged(run, [], towns)
    assert len(told) == 5
    words = plain(told[0].sentence)
    assert told[0].probability == towns.rows[0].chance
    assert told[0].word.word in words
    assert f"that {towns.rows[0].title} is short of" in words
    assert words.endswith(".")


def test_with_options_the_last_judgement_is_on_the_best(toy, run):
    other = made_run(toy, members=400, scenario="no-escorts")
    last = judged(run, [compare(run, other)], towns_in(run))[-1]
    assert "no-escorts" in plain(last.sentence)
    assert last.rests_on[0][0] == "options"


@pytest.mark.parametrize(("share", "count"), [(0.0, 50), (0.3, 50), (1.0, 2000)])
def test_chance_error_stays_between_none_and_certain(share, count):
    found = share_of(share * count, count, "run x")
    assert 0 <= found.low <= share <= found.high <= 1
    assert found.high - found.low < 4 / np.sqrt(count)


def planted(threshold=5.0, members=400, days=120):
    """Build a run in which a low stock is always followed by a shortage."""
    luck = np.random.default_rng(3)
    cover = np.repeat(luck.uniform(0, 10, members)[:, None], days, axis=1)
    served = np.ones((members, days))
    served[:, 60:] = np.where(cover[:, 60:] < threshold, 0.2, 1.0)
    noise = luck.uniform(0, 1, (members, days))
    day = pd.date_range("2025-11-01", periods=days)
    two, three = ("member", "day"), ("member", "day", "product")
    daily = xr.Dataset(
        {
            "served_share": (three, served[:, :, None]),
            "days_of_supply": (three, cover[:, :, None], {"units": "days"}),
            "price_per_l": (three, noise[:, :, None], {"units": "XOF/l"}),
            **dict.fromkeys(
                ("trucks_lost", "trucks_delivered", "convoys", "trucks_waiting"),
                (two, noise),
            ),
        },
        coords={"day": day, "product": ["petrol"]},
    )
    manifest = SimpleNamespace(run="x", cutoff="2025-12-10")
    return run_by_hand(daily=daily, manifest=manifest)


def test_a_planted_sign_is_found_with_its_threshold():
    best = signs_in(planted())[0]
    assert best.title == "Days of supply in the capital, petrol"
    assert best.is_low_bad
    assert best.threshold.value == pytest.approx(5, abs=0.3)
    assert best.skill > 0.95
    assert best.is_useful
    assert best.chance_with.value > 0.9
    assert best.chance_without.value < 0.1


def test_noise_is_called_noise():
    others = signs_in(planted())[1:]
    assert others
    assert not any(sign.is_useful for sign in others)


def test_without_shortages_there_are_no_signs():
    assert signs_in(planted(threshold=-1.0)) == ()


def test_standing_is_that_of_the_last_day_of_the_past(run):
    found = {(name, product): value for name, product, value in standing_in(run)}
    cutoff = pd.Timestamp(run.case.config.cutoff)
    product = str(run.daily["product"].to_numpy()[0])
    cover = run.daily["days_of_supply"].sel(day=cutoff, product=product)
    assert found["Days of supply", product].value == pytest.approx(
        float(cover.median()), rel=1e-5
    )


def test_imports_come_first_in_the_table_of_corridors(run):
    kinds = [row.is_import for row in corridors_in(run)]
    assert kinds == sorted(kinds, reverse=True)
    assert len(kinds) == run.weekly.sizes["corridor"]


def test_the_chance_error_shrinks_with_the_root_of_the_members(toy):
    small, large = (
        {name: error.value for name, _, error in accuracy_in(made_run(toy, members=n))}
        for n in (100, 1600)
    )
    assert len(small) == 5
    for name, error in large.items():
        assert error < small[name] * 0.6


def test_contradictions_are_told_from_both_sides():
    case = load_case("toy")
    found = {claim.name: claim.disputes for claim in claims(case)}
    for name, others in found.items():
        for other in others:
            assert name in found[other]


def test_days_after_a_date_are_printed_as_a_date(toy):
    table = pd.DataFrame(
        [
            {
                "target": toy.targets["target"][0], "title": "First shortage",
                "value": 33, "low": 28, "high": 42, "unit": "day after 2025-09-03",
                "percentile": 45.0, "share_inside": 0.28, "never_share": 0.15,
                "is_main": True, "source": "x",
            }
        ]
    )  # fmt: skip
    (check,), _ = checks_of(toy, table, "run x")
    assert str(check.reported) == "6 October 2025 (1 October 2025 to 15 October 2025)"
    assert str(check.never) == "15 %"
    assert check.mark is not None


def test_a_fact_that_never_happens_has_no_percentile(toy):
    table = pd.DataFrame(
        [
            {
                "target": toy.targets["target"][0], "title": "t", "value": np.nan,
                "low": 1.0, "high": 3.0, "unit": "days", "percentile": np.nan,
                "share_inside": 0.0, "never_share": 1.0, "is_main": False,
                "source": "x",
            }
        ]
    )  # fmt: skip
    (check,), _ = checks_of(toy, table, "run x")
    assert check.percentile is None
    assert check.mark is None
    assert check.reported is None
    assert [str(end) for end in check.window] == ["1 day", "3 days"]


def test_no_checks_are_no_checks(toy):
    assert checks_of(toy, None, "run x") == ((), [])


def test_measures_come_in_the_order_of_their_dates(toy):
    starts = [entry.start.value for entry in measures(toy)]
    assert starts == sorted(starts)


def test_every_assumption_is_listed(toy):
    counted = sum(count.value for _, count, _ in assumption_groups(toy))
    assert counted == len(toy.assumptions())


def test_an_option_that_changes_the_past_is_told_apart(toy, run):
    other = made_run(toy, members=400, scenario="no-escorts")
    scenario = {**other.manifest.request.scenario, "start": str(toy.config.start)}
    request = other.manifest.request.model_copy(update={"scenario": scenario})
    manifest = other.manifest.model_copy(update={"request": request})
    comparison = compare(run, replace(other, manifest=manifest))
    assert judged(run, [comparison], towns_in(run))[-1].rests_on[0][0] != "options"
    first = outcomes(run, [comparison])[0]
    assert first.base is None
    assert first.rows[0].since.value == toy.config.start


@pytest.mark.parametrize("price", [775.0, 937.3, 802.7, 1234.56, 0.1, 1.7])
def test_a_price_that_does_not_move_is_not_higher(toy, price):
    run = made_run(toy, members=30)
    old = run.daily["price_per_l"]
    still = (old.dims, np.full(old.shape, price, np.float32), old.attrs)
    run = replace(run, daily=run.daily.assign(price_per_l=still))

    [told] = [
        each
        for each in judged(run, [], towns_in(run))
        if "the parallel price" in plain(each.sentence)
    ]

    assert told.probability.value == 0


@pytest.mark.parametrize("rate", [0, 0.5])
@pytest.mark.parametrize("has_groups", [True, False])
def test_losses_are_judged_where_trucks_are_lost(toy, rate, has_groups):
    world = toy if has_groups else ungrouped(toy)
    case = changed(world, *fixed(encounter_rate_per_100km=rate))
    run = simulate(case, days=60, members=32)
    lost = run.daily["trucks_lost"].sum() > 0
    told = [plain(each.sentence) for each in judged(run, [], towns_in(run))]
    assert any("more trucks are lost" in each for each in told) == lost == (rate > 0)
