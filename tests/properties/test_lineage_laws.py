# ruff: noqa: PD011 - Summaries have values too
"""Laws of lineages: a member is what its luck and its parameters make it by day."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

import made_summaries as made
import supplyline as sl
from supplyline.engine.options import simulate_options
from supplyline.runs import fresh_luck
from worlds import asked, fixed

MEMBERS = 90
CUT = 40
"""First day of a second stretch: the middle of a week."""
HOW = {"days": 30, "seed": 7}
HELD = ("daily", "weekly", "ledger")


def stretched(*stretches):
    return sl.Lineage(tuple(sl.Stretch(*each) for each in stretches))


def own_luck(members=MEMBERS):
    return np.arange(members)


def rows(run, positions):
    """Give what a run holds of members at some positions, but for their numbers."""
    frames = [getattr(run, name).isel(member=positions) for name in HELD]
    arrays = [of.to_numpy() for each in frames for of in each.values()]
    log, numbers = run.losses, np.asarray(run.members)[positions]
    logs = [
        log[log["member"] == number].drop(columns="member").reset_index(drop=True)
        for number in numbers
    ]
    return [*arrays, run.params.to_numpy()[positions]], logs


def alike(one, other):
    """Tell whether members are the same to the last bit."""
    (arrays, logs), (others, other_logs) = one, other
    return all(
        np.array_equal(a, b, equal_nan=True)
        for a, b in zip(arrays, others, strict=True)
    ) and all(a.equals(b) for a, b in zip(logs, other_logs, strict=True))


def every(run):
    return rows(run, list(range(len(run.members))))


def until(run, day):
    """Give the days of a run before one."""
    return run.daily.isel(day=slice(None, day))


def params_of(members, **values):
    return pd.DataFrame(values, index=pd.RangeIndex(members))


@pytest.fixture(scope="module")
def plain(toy):
    return sl.simulate(toy, members=MEMBERS, **HOW)


@pytest.fixture(scope="module")
def branched():
    """Give members of whom two at a time share their past, and none the days after."""
    shared = own_luck() // 2
    moved = params_of(MEMBERS, truck_kl=np.linspace(20, 40, MEMBERS))
    return stretched((0, shared), (CUT, fresh_luck(0, MEMBERS), moved))


@pytest.fixture(scope="module")
def apart(toy, branched):
    return sl.simulate(toy, lineage=branched, **HOW)


def test_members_on_their_own_luck_are_the_plain_run(toy, plain):
    run = sl.simulate(toy, lineage=stretched((0, own_luck())), **HOW)

    assert alike(every(run), every(plain))
    assert run.params.equals(plain.params)
    assert run.manifest.run != plain.manifest.run


@pytest.mark.parametrize(
    "numbers", [[5], [0], [89], [7, 3, 88], [4, 4, 4, 2], list(range(70, 10, -1))]
)
def test_a_member_is_that_of_the_plain_run_wherever_it_stands(toy, plain, numbers):
    run = sl.simulate(toy, lineage=stretched((0, numbers)), **HOW)

    assert alike(every(run), rows(plain, numbers))


@pytest.mark.parametrize("cuts", [[1], [7], [40], [6, 13, 60], list(range(1, 90, 11))])
def test_a_cut_that_changes_no_luck_changes_no_bit(toy, plain, cuts):
    lineage = stretched(*((day, own_luck()) for day in [0, *cuts]))

    assert alike(every(sl.simulate(toy, lineage=lineage, **HOW)), every(plain))


def test_copies_agree_up_to_the_day_and_part_there(apart):
    even, odd = (apart.daily.isel(member=slice(k, None, 2)) for k in (0, 1))
    same = [
        (even[name].to_numpy() == odd[name].to_numpy()).reshape(MEMBERS // 2, -1)
        | np.isnan(even[name].to_numpy()).reshape(MEMBERS // 2, -1)
        for name in apart.daily
    ]
    days = apart.daily.sizes["day"]
    by_day = [each.reshape(MEMBERS // 2, days, -1).all(axis=2) for each in same]

    assert all(each[:, :CUT].all() for each in by_day)
    after = np.all([each[:, CUT:].all(axis=1) for each in by_day], axis=0)
    assert not after.any()


def test_the_past_of_a_branch_is_that_of_its_member(plain, apart):
    shared = own_luck() // 2
    before, after = until(plain, CUT).isel(member=shared), until(apart, CUT)

    for name in plain.daily:
        expected = before[name].to_numpy()
        assert np.array_equal(after[name].to_numpy(), expected, equal_nan=True), name


@pytest.mark.parametrize("executor", [sl.threads(1), sl.threads(3), sl.processes(2)])
def test_who_works_changes_no_bit(toy, apart, branched, executor):
    with executor:
        again = sl.simulate(toy, lineage=branched, executor=executor, **HOW)

    assert alike(every(again), every(apart))


def test_parameters_of_a_day_hold_from_that_day_only(toy, plain):
    moved = params_of(MEMBERS, truck_kl=12.0, holding_days=9.0)
    from_cut = stretched((0, own_luck()), (CUT, own_luck(), moved))
    run = sl.simulate(toy, lineage=from_cut, **HOW)

    assert until(run, CUT).equals(until(plain, CUT))
    assert not until(run, CUT + 7).equals(until(plain, CUT + 7))
    assert (run.params[["truck_kl", "holding_days"]] == [12.0, 9.0]).all(axis=None)
    rest = plain.params.columns.difference(moved.columns)
    assert run.params[rest].equals(plain.params[rest])


def test_parameters_hold_on_until_others_come(toy):
    first = params_of(MEMBERS, truck_kl=12.0, holding_days=9.0)
    later = params_of(MEMBERS, truck_kl=30.0)
    whole = params_of(MEMBERS, holding_days=9.0, truck_kl=30.0)
    moved = [
        stretched((0, own_luck(), first), (CUT, own_luck(), later)),
        stretched((0, own_luck(), first), (20, own_luck()), (CUT, own_luck(), whole)),
    ]
    runs = [sl.simulate(toy, lineage=lineage, **HOW) for lineage in moved]

    assert alike(every(runs[0]), every(runs[1]))
    assert (runs[0].params[["truck_kl", "holding_days"]] == [30.0, 9.0]).all(axis=None)


def test_parameters_from_the_first_day_are_those_given_to_summaries(toy):
    given = params_of(20, truck_kl=np.linspace(15, 30, 20))
    summaries = {"lost": made.lost, "stock": made.stock}
    plain = sl.simulate_summaries(toy, summaries, params=given, days=0, seed=7)
    lineage = stretched((0, own_luck(20), given))
    again = sl.simulate_summaries(toy, summaries, lineage=lineage, days=0, seed=7)

    for name, values in plain.values.items():
        assert np.array_equal(np.asarray(values), np.asarray(again.values[name]))
    assert plain.params.equals(again.params)
    assert plain.latent.equals(again.latent)


def test_summaries_of_a_lineage_are_those_of_its_run(toy, apart, branched):
    summaries = {"lost": made.lost, "stock": made.stock}
    whole = sl.simulate_summaries(toy, summaries, lineage=branched, **HOW)

    for name, function in summaries.items():
        expected = np.asarray(function(apart))
        assert np.array_equal(np.asarray(whole.values[name]), expected)
    assert whole.params.equals(apart.params)
    assert whole.name == apart.manifest.run
    # drawn once for a member: with the luck of the first stretch
    latent = whole.latent.to_numpy()
    assert np.array_equal(latent[::2], latent[1::2])


def test_a_scenario_changes_a_lineage_from_its_start_on(toy, apart):
    late = asked(*fixed(truck_kl=8), start=date(2024, 3, 4))
    alt = sl.simulate(toy, scenario=late, like=apart)
    switch = (pd.Timestamp("2024-03-04") - pd.Timestamp(toy.config.start)).days

    assert alt.lineage == apart.lineage
    assert until(alt, switch).equals(until(apart, switch))
    assert not alt.daily.equals(apart.daily)


def test_what_a_scenario_sets_is_no_longer_that_of_the_lineage(toy):
    late = asked(*fixed(truck_kl=8), start=date(2024, 3, 4))
    drawn = sl.simulate(toy, scenario=late, members=MEMBERS, **HOW)
    switch = (pd.Timestamp("2024-03-04") - pd.Timestamp(toy.config.start)).days
    moved = params_of(MEMBERS, truck_kl=30.0)
    # moved on the day on which the scenario sets it: it never holds
    lineage = stretched((0, own_luck()), (switch, own_luck(), moved))
    given = sl.simulate(toy, scenario=late, lineage=lineage, **HOW)

    assert given.daily.equals(drawn.daily)


@pytest.mark.parametrize("day", [0, CUT - 5, CUT, CUT + 5, 400])
def test_options_on_a_lineage_are_the_runs_they_would_be_alone(toy, branched, day):
    base = sl.simulate(toy, lineage=branched, **HOW)
    start = toy.config.start + timedelta(days=day)
    scenarios = [asked(*fixed(truck_kl=8), start=start), toy.scenarios()["no-escorts"]]
    scenarios = [replace(each, name=f"s{k}") for k, each in enumerate(scenarios)]
    alone = [sl.simulate(toy, scenario=each, like=base) for each in scenarios]

    made_runs = simulate_options(
        toy, scenarios, base.manifest.arguments, lambda run: run, lineage=branched
    )

    for one, other in zip(alone, made_runs, strict=True):
        assert alike(every(one), every(other))
        assert one.manifest.run == other.manifest.run
        assert other.lineage == branched


def test_a_stretch_after_the_last_day_changes_nothing(toy):
    days = {"days": 0, "seed": 7}
    plain = sl.simulate(toy, members=10, **days)
    moved = params_of(10, truck_kl=12.0)
    last = plain.daily.sizes["day"]
    lineage = stretched((0, own_luck(10)), (last, fresh_luck(0, 10), moved))
    run = sl.simulate(toy, lineage=lineage, **days)

    assert alike(every(run), every(plain))


def test_far_numbers_are_lived_on_as_near_ones_are(toy):
    numbers = np.array([2**31 - 1, 3, 2**30, fresh_luck(5, 2)[1]])
    together = sl.simulate(toy, lineage=stretched((0, numbers)), days=0, seed=7)
    apart = [
        sl.simulate(toy, lineage=stretched((0, [number])), days=0, seed=7)
        for number in numbers.tolist()
    ]

    for position, run in enumerate(apart):
        assert alike(rows(together, [position]), every(run))


def test_wrong_luck_is_noticed(toy, plain):
    numbers = own_luck()
    numbers[11] = 12
    run = sl.simulate(toy, lineage=stretched((0, numbers)), **HOW)
    others = [m for m in range(MEMBERS) if m != 11]

    assert not alike(rows(run, [11]), rows(plain, [11]))
    assert alike(rows(run, others), rows(plain, others))
