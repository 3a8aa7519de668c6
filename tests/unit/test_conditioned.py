"""Conditioned ensembles of the toy case: whose life members live, and what is told."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import supplyline as sl
from supplyline.case.case import packaged_cases
from supplyline.case.change import Change
from supplyline.cli import app
from supplyline.conditioning import stages
from supplyline.conditioning.conditioned import FOLDER
from supplyline.conditioning.facts import fact_values, observed_values, read_facts
from supplyline.conditioning.headlines import headline_values
from supplyline.conditioning.outlook import learned_table, prior_of
from supplyline.conditioning.pool import Setting, simulate_pool
from supplyline.conditioning.study import study_pool
from supplyline.conditioning.trial import try_study
from supplyline.conditioning.weights import effective, weigh
from supplyline.runs.lineage import FRESH
from worlds import asked, changed

pytestmark = pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")

POOL, MEMBERS, DAYS = 1_500, 120, 21
REFRESHED_ON = "2024-02-10"


def condition(case, **chosen):
    settings = {"pool": POOL, "members": MEMBERS, "days": DAYS, "steps": ()}
    return sl.condition(case, **{**settings, **chosen})


@pytest.fixture(scope="module")
def conditioned(toy):
    return condition(toy)


@pytest.fixture(scope="module")
def refreshed(toy):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "STEP_TRUTHS", 2)
        return condition(toy, steps=[REFRESHED_ON])


@pytest.fixture(scope="module")
def pool(toy):
    facts = read_facts(toy)
    setting = Setting(toy, facts, toy.config.cutoff, DAYS, 1, None, None)
    return simulate_pool(setting, POOL)


def study(case, pool):
    facts = tuple(read_facts(case).query("use == 'condition'").index)
    return study_pool(pool, facts, headline_values(case, pool.forecasts))


def daily(run, days):
    return run.daily["stock_kl"].sel(day=days).to_numpy()


def test_members_live_the_past_of_their_own_and_then_part(toy, conditioned):
    run = conditioned.simulate(days=DAYS)
    cutoff = toy.config.cutoff
    first, second = conditioned.lineage.stretches
    assert len(run.members) == MEMBERS
    assert second.first_day == (cutoff - toy.config.start).days + 1
    assert (first.luck < POOL).all()
    assert np.array_equal(second.luck, FRESH + np.arange(MEMBERS))
    plain = sl.simulate(toy, members=POOL, days=DAYS)
    past = slice(None, str(cutoff))
    own = plain.select(plain.members).daily["stock_kl"].sel(member=first.luck)
    assert np.array_equal(daily(run, past), own.sel(day=past).to_numpy())
    values, counts = np.unique(first.luck, return_counts=True)
    copies = np.flatnonzero(first.luck == values[counts.argmax()])
    assert len(copies) > 1
    last = run.daily["stock_kl"].isel(day=-1).to_numpy()
    assert len(np.unique(last[copies], axis=0)) > 1


def test_members_report_what_the_pool_reported_of_them(toy, conditioned, pool):
    """What is true of the table of facts is true of the members that are kept."""
    facts = read_facts(toy)
    own = fact_values(conditioned.simulate(days=DAYS), facts)
    luck = conditioned.lineage.stretches[0].luck
    told = pool.reports.iloc[luck].to_numpy(np.float32)
    assert np.array_equal(own.to_numpy(np.float32), told, equal_nan=True)


def test_the_facts_are_nearer_to_the_members_than_to_the_prior(conditioned):
    table = conditioned.facts.query("use == 'condition'")
    off = {
        name: (table[f"{name}_place"] - 0.5).abs().mean()
        for name in ("prior", "conditioned")
    }
    assert off["conditioned"] < off["prior"]
    assert set(table.index) == set(
        read_facts(conditioned.case).query("use == 'condition'").index
    )


def test_the_first_members_stand_for_all(conditioned):
    few = conditioned.simulate(days=0, members=40)
    assert len(few.members) == 40
    whole = conditioned.simulate(days=0)
    assert np.array_equal(
        few.daily["stock_kl"], whole.daily["stock_kl"].isel(member=slice(40))
    )


def test_the_same_is_conditioned_again(toy, conditioned):
    again = condition(toy)
    assert again.lineage == conditioned.lineage
    for name in ("facts", "forecasts", "learned", "without", "gate"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(conditioned, name))
    assert condition(toy, seed=2).lineage != conditioned.lineage


def test_the_record_says_what_it_rests_on(toy, conditioned):
    record = conditioned.record
    assert record.case_sha256 == dict(toy.hashes)
    assert (record.pool, record.members, record.days) == (POOL, MEMBERS, DAYS)
    assert record.origin == toy.config.cutoff.isoformat()
    assert record.steps == ()
    assert record.truths == 300
    assert record.facts == len(read_facts(toy).query("use == 'condition'"))
    assert 1 <= conditioned.effective <= POOL
    assert conditioned.differences() in ([], ["it did not pass its gate"])
    for shown in (repr(conditioned), conditioned._repr_html_()):
        assert "toy" in shown
        assert record.origin in shown


def test_facts_after_the_origin_are_not_known(toy):
    by = condition(toy, until="2024-02-10")
    known = read_facts(toy).query("end <= '2024-02-10'")
    assert set(by.facts.index) == set(known.index)
    assert by.record.origin == "2024-02-10"
    _, second = by.lineage.stretches
    assert second.first_day == 41
    dates = by.forecasts.index.get_level_values("date")
    assert dates.min() > pd.Timestamp("2024-02-10")


def test_further_facts_count(toy, conditioned):
    row = toy.observed.iloc[[0]].assign(claim="F9", value=1_000.0)
    with_more = condition(toy, facts=row)
    assert with_more.record.extra_facts == 1
    assert "F9" in with_more.facts.index
    assert with_more.lineage != conditioned.lineage


def test_each_fact_is_left_out_in_its_turn(toy, conditioned):
    used = list(read_facts(toy).query("use == 'condition'").index)
    table = conditioned.without
    assert list(table.xs("without", level="how").index) == used
    assert set(table.index.get_level_values("how")) == {"prior", "all facts", "without"}
    assert table.notna().all().all()


def test_a_fact_that_all_members_tell_alike_changes_nothing(toy, pool):
    """Left out or not, what cannot differ has no weight."""
    facts = [*read_facts(toy).query("use == 'condition'").index]
    more = replace(pool, reports=pool.reports.assign(same=1.0))
    headlines = headline_values(toy, pool.forecasts)
    alone = study_pool(pool, tuple(facts), headlines)
    both = study_pool(more, (*facts, "same"), headlines)
    reported = pd.concat([observed_values(read_facts(toy)), pd.Series({"same": 1.0})])
    weights = [
        weigh(each.summaries, each.summary_of(reported), each.nearest)
        for each in (alone, both)
    ]
    assert weights[0] == pytest.approx(weights[1])


def test_a_real_pool_passes_and_reports_that_err_more_than_it_says_fail(toy, pool):
    """The pool is conditioned as if reports were sharp; those of the truths are not."""
    right = study(toy, pool)
    assert try_study(right, 1)["is_passed"].all()
    blurred = pool.reports.copy()
    luck = np.random.default_rng(5).normal(size=blurred.shape)
    blurred[right.is_truth] *= np.exp(0.8 * luck[right.is_truth])
    wrong = study(toy, replace(pool, reports=blurred))
    assert not try_study(wrong, 1)["is_passed"].all()


def test_it_is_kept_and_read_again(tmp_path, toy, conditioned):
    folder = conditioned.save(tmp_path / "kept")
    again = sl.load_conditioned(toy, folder)
    assert again.lineage == conditioned.lineage
    assert again.record == conditioned.record
    for name in ("facts", "forecasts", "learned", "without", "gate"):
        own, other = getattr(again, name), getattr(conditioned, name)
        assert list(own.columns) == list(other.columns)
        assert own.index.names == other.index.names
        assert own.index.equals(other.index), name
        numbers = other.select_dtypes("number")
        assert own[numbers.columns].to_numpy(float) == pytest.approx(
            numbers.to_numpy(float), rel=1e-4, nan_ok=True
        )
    conditioned.save(folder)  # in the place of the old one


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "name", ["lineage.parquet", "facts.csv", "forecasts.csv", "gate.csv"]
)
@pytest.mark.parametrize("fault", ["altered", "missing"])
def test_a_file_that_is_altered_or_missing_is_told(
    tmp_path, toy, conditioned, name, fault
):
    folder = conditioned.save(tmp_path / "kept")
    if fault == "altered":
        flip(folder / name)
    else:
        (folder / name).unlink()
    with pytest.raises(sl.ConditioningError, match=f"{name}: {fault}"):
        sl.load_conditioned(toy, folder)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"record": {}, "files": {}}', "{"])
def test_a_report_that_is_none_is_told(tmp_path, toy, conditioned, text):
    folder = conditioned.save(tmp_path / "kept")
    (folder / "report.json").write_text(text)
    with pytest.raises(sl.ConditioningError, match="no report of a conditioning"):
        sl.load_conditioned(toy, folder)


def test_where_there_is_none_the_verb_that_makes_one_is_named(tmp_path, toy):
    with pytest.raises(sl.ConditioningError, match="supplyline condition"):
        sl.load_conditioned(toy, tmp_path)


def test_another_case_is_told(toy, conditioned):
    other = replace(toy, hashes={**toy.hashes, "params.csv": "0"})
    [told, *_] = conditioned.differences(other)
    assert told == "the case has changed since: params.csv"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("engine_sha256", "0", "the engine has changed since"),
        ("facts_sha256", "0", "facts are read otherwise since"),
        ("is_passed", False, "it did not pass its gate"),
    ],
)
def test_what_does_not_hold_is_told(conditioned, field, value, told):
    record = conditioned.record.model_copy(update={"is_passed": True, field: value})
    assert replace(conditioned, record=record).differences() == [told]


def test_a_refresh_lets_copies_part_on_its_day(toy, refreshed):
    days = [stretch.first_day for stretch in refreshed.lineage.stretches]
    assert days == [0, 41, 60]
    first, second, third = refreshed.lineage.stretches
    assert (second.luck // FRESH == 1).all()
    assert (third.luck // FRESH == 2).all()
    assert first.params is None
    assert third.params is None
    assert len(np.unique(second.luck)) > len(np.unique(first.luck))
    run = refreshed.simulate(days=DAYS)
    plain = sl.simulate(toy, members=POOL, days=0)
    own = plain.daily["stock_kl"].sel(member=first.luck)
    past = slice(None, REFRESHED_ON)
    assert np.array_equal(daily(run, past), own.sel(day=past).to_numpy())


def test_a_refresh_moves_parameters_within_their_priors(refreshed):
    params = refreshed.lineage.stretches[1].params
    drawn = sl.simulate(refreshed.case, members=POOL, days=0).params[params.columns]
    # a pool holds what is drawn in single precision
    room = 1e-5 * drawn.abs().max()
    assert (params.min() >= drawn.min() - room).all()
    assert (params.max() <= drawn.max() + room).all()
    assert params.nunique().min() > 1


def test_a_refresh_is_tried_on_truths_of_its_own(refreshed):
    assert refreshed.record.steps == (REFRESHED_ON,)
    assert len(refreshed.record.effective) == 2
    assert refreshed.record.step_truths == 2
    gate = refreshed.gate
    assert set(gate.index.get_level_values("stage")) == {"pool", "refresh"}
    assert (gate.xs("refresh", level="stage")["truths"] == 2).all()


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"pool": 10}, "pool is 10; expected 1,000 to 1,000,000"),
        ({"members": 0}, "members is 0"),
        ({"until": "soon"}, "until is 'soon'; expected a day"),
        (
            {"until": "2024-03-01"},
            "until is 2024-03-01; expected a day after 2024-01-0",
        ),
        ({"until": "2023-12-31"}, "to the cut-off, 2024-02-29"),
        ({"steps": ["2024-02-10", "2024-02-01"]}, "days in their order"),
        ({"steps": ["2024-02-29"]}, "all before the origin"),
        ({"steps": ["2024-01-05"]}, "steps have none after 2024-01-01 by 2024-01-05"),
        ({"steps": ["x"]}, "steps is 'x'"),
        ({"days": 0}, "days is 0; expected 10 to 3,650"),
        ({"days": 9}, "days is 9; expected 10 to 3,650"),
        ({"days": 2, "until": "2024-02-22"}, "days is 2; expected 3 to 3,650"),
        ({"days": -1, "until": "2024-02-01"}, "days is -1; expected 0 to 3,650"),
        ({"days": 9_999}, "days is 9999; expected 10 to 3,650"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is_simulated(
    monkeypatch, toy, chosen, told
):
    monkeypatch.setattr("supplyline.conditioning.condition.simulate_pool", None)
    with pytest.raises(ValueError, match=told):
        condition(toy, **chosen)


def test_a_case_without_facts_is_told(toy):
    bare = changed(
        toy,
        Change("targets", {}, {"use": "check", "note": "left out"}),
        Change("observed", {}, {"use": "check", "note": "left out"}),
    )
    with pytest.raises(sl.ConditioningError, match="no fact to weigh by 2024-02-29"):
        condition(bare)


def test_a_pool_with_too_few_pasts_is_told(toy, pool, monkeypatch):
    monkeypatch.setattr(
        "supplyline.conditioning.condition.simulate_pool",
        lambda *_: replace(pool, ancestors=np.arange(POOL) % 3),
    )
    with pytest.raises(sl.ConditioningError, match="only 3 pasts are left"):
        condition(toy)


def test_an_option_is_simulated_on_the_conditioned_state(toy, conditioned):
    option = asked(
        Change("params", {"param": "truck_kl"}, {"distribution": "fixed", "a": 99}),
        start=toy.config.cutoff,
    )
    base, other = (
        conditioned.simulate(days=DAYS, members=30, scenario=scenario)
        for scenario in (None, option)
    )
    past = slice(None, "2024-02-28")
    assert np.array_equal(daily(base, past), daily(other, past))
    assert other.lineage == base.lineage


def test_effective_members_are_told_as_they_are_weighed(toy, pool, conditioned):
    own = study(toy, pool)
    observed = own.summary_of(observed_values(read_facts(toy)))
    weights = weigh(own.summaries, observed, own.nearest)
    assert conditioned.effective == pytest.approx(effective(weights))


def test_the_verb_tells_it_as_json_and_keeps_it(tmp_path, toy):
    small = ["--pool", "1000", "--members", "50", "--days", "14", "--json"]
    asked_for = ["condition", "toy", "-o", str(tmp_path / "kept"), *small]
    done = CliRunner().invoke(app, [*asked_for, "--until", "2024-02-20"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["record"]["members"] == 50
    assert set(told["headlines"]["trucks_lost"]) == {
        "title", "how", "unit", "prior", "conditioned", "least", "most",
    }  # fmt: skip
    kept = sl.load_conditioned(toy, told["folder"])
    assert kept.record.origin == "2024-02-20"


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (["--until", "31/12/2024"], "until is '31/12/2024'; expected a day"),
        (["--steps", "2024-02-29"], "all before the origin"),
        (["--steps", "2024-02-01", "--steps", "2024-01-25"], "in their order"),
        (["--pool", "999"], "1000"),
    ],
)
def test_the_verb_refuses_what_cannot_be(tmp_path, option, told):
    done = CliRunner().invoke(
        app, ["condition", "toy", "-o", str(tmp_path / "kept"), *option]
    )
    assert done.exit_code == 2
    assert told in done.output
    assert not (tmp_path / "kept").exists()


def test_processes_choose_the_same_members(toy):
    chosen = {"pool": 1_000, "members": 30, "days": 10}
    alone = condition(toy, **chosen)
    with sl.processes(2) as executor:
        apart = condition(toy, executor=executor, **chosen)
    assert apart.lineage == alone.lineage
    pd.testing.assert_frame_equal(apart.gate, alone.gate)


def test_headlines_are_read_off_the_forecasts(toy, pool):
    told, weekly = headline_values(toy, pool.forecasts), pool.forecasts
    assert not any(name.endswith("_month") for name, _ in told.columns)
    lost = weekly["trucks_lost"].mean(axis=1)
    assert told["trucks_lost", ""].to_numpy() == pytest.approx(lost, rel=1e-5)
    attacks = weekly["region_attacks"].T.groupby(level="date").sum().mean()
    assert told["region_attacks", ""].to_numpy() == pytest.approx(attacks, rel=1e-5)
    assert list(told["parallel_price"].columns) == [toy.config.capital]
    comes = weekly["low_supply_day"].notna().to_numpy()
    assert np.array_equal(told["low_supply_day"].to_numpy(), comes)
    exits = weekly["leader_exit"].iloc[:, -1]
    assert np.array_equal(told["leader_exit", ""], exits)


def test_the_prior_is_told_as_the_pool_has_it(pool, conditioned):
    table = conditioned.forecasts.loc["trucks_lost"]
    own = pool.forecasts["trucks_lost"]
    told = table[["prior_q10", "prior_q50", "prior_q90"]].to_numpy()
    expected = own.quantile([0.1, 0.5, 0.9], interpolation="lower").T.to_numpy()
    assert told == pytest.approx(expected, abs=1.0)
    assert table["prior_mean"].to_numpy() == pytest.approx(own.mean().to_numpy())
    assert len(conditioned.forecasts) == pool.forecasts.shape[1]


def test_what_no_fact_tells_keeps_its_prior(toy, pool):
    """By the facts of a truth of the pool: those of the case lie at its edge."""
    own, reported = study(toy, pool), observed_values(read_facts(toy))
    observed = own.summaries[np.flatnonzero(own.is_truth)[0]]
    weights = weigh(own.summaries, observed, own.nearest)
    learned = learned_table(prior_of(own, reported), own, observed, weights)
    assert list(learned.index) == list(pool.drawn.columns)
    assert set(learned.index[learned["is_param"]]) == set(pool.params)
    untold = learned[learned["share"] <= 0.0]
    assert len(untold) > 50
    # of one, 60 effective members tell the width to about a tenth
    assert untold["width"].mean() == pytest.approx(1.0, abs=0.1)
    prior = pool.drawn[untold.index].quantile(0.5).to_numpy()
    assert untold["prior_q50"].to_numpy() == pytest.approx(prior, rel=0.02)


def test_what_never_comes_has_no_quantile(pool, conditioned):
    days = conditioned.forecasts.loc["low_supply_day"]
    rare = pool.forecasts["low_supply_day"].isna().mean() > 0.1
    assert rare.all()
    assert days["prior_q90"].isna().all()
    assert days["prior_mean"].notna().all()


@pytest.mark.parametrize("name", sorted(packaged_cases()))
def test_what_is_packaged_holds(name):
    case = sl.load_case(name)
    if not (case.folder / FOLDER).is_dir():
        pytest.skip("this case has no conditioned ensemble with it")
    again = f"make it anew: supplyline condition {name}"
    assert sl.load_conditioned(case).differences() == [], again
