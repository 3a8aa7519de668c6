# ruff: noqa: PD011 - Summaries have values too
"""Summaries of large ensembles: members in, what they come to out."""

import gc
import weakref
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import made_summaries as made
import supplyline as sl
from supplyline.analysis.targets import target_values
from supplyline.case.change import Change
from supplyline.engine import tasks
from supplyline.engine.block import new_outputs
from worlds import asked, changed, fixed, measure

SUMMARIES = {
    "facts": target_values,
    "lost": made.lost,
    "stock": made.stock,
    "log": made.log_rows,
    "keep": made.keep_share,
}
QUICK = {"days": 0, "seed": 7}
AHEAD = {"days": 30, "seed": 7}


def bits(summaries):
    """Give the bytes and labels of all that summaries hold."""
    held = {"params": summaries.params, "latent": summaries.latent, **summaries.values}
    frames = {
        name: values.to_numpy() if hasattr(values, "to_numpy") else values
        for name, values in held.items()
    }
    return {
        name: (array.dtype, array.shape, array.tobytes())
        for name, array in frames.items()
    }


@pytest.fixture(scope="module")
def whole(toy):
    return sl.simulate_summaries(toy, SUMMARIES, members=150, **QUICK)


@pytest.fixture(scope="module")
def run(toy):
    return sl.simulate(toy, members=150, **QUICK)


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_summary_is_that_of_the_whole_run(whole, run, name):
    expected = SUMMARIES[name](run)

    assert type(whole.values[name]) is type(expected)
    if isinstance(expected, np.ndarray):
        assert whole.values[name].tobytes() == expected.tobytes()
    else:
        assert whole.values[name].equals(expected)


def test_parameters_are_those_of_the_run(whole, run):
    assert whole.params.equals(run.params)
    assert list(whole.params.index) == list(whole.members) == list(range(150))


@pytest.mark.parametrize("executor", [sl.threads(1), sl.threads(3), sl.processes(2)])
def test_who_works_changes_no_bit(toy, whole, executor):
    with executor:
        again = sl.simulate_summaries(
            toy, SUMMARIES, members=150, executor=executor, **QUICK
        )

    assert bits(again) == bits(whole)


@pytest.mark.parametrize("cuts", [(64,), (1, 2), (37, 101)])
def test_any_range_of_members_has_the_same_bits(toy, whole, cuts):
    ends = (0, *cuts, 150)
    parts = [
        sl.simulate_summaries(toy, SUMMARIES, members=range(*pair), **QUICK)
        for pair in pairwise(ends)
    ]

    for name in SUMMARIES:
        joined = b"".join(np.asarray(part.values[name]).tobytes() for part in parts)
        assert joined == np.asarray(whole.values[name]).tobytes(), name
    for frame in ("params", "latent"):
        assert pd.concat([getattr(part, frame) for part in parts]).equals(
            getattr(whole, frame)
        )


@pytest.mark.parametrize("size", [64, 128, 512])
def test_the_size_of_tasks_changes_no_bit(toy, whole, monkeypatch, size):
    monkeypatch.setattr(tasks, "TASK_MEMBERS", size)
    monkeypatch.setattr(tasks, "TASKS_PER_WORKER", 0)

    again = sl.simulate_summaries(toy, SUMMARIES, members=150, **QUICK)

    assert bits(again) == bits(whole)


@pytest.mark.parametrize("columns", [1, 7, None])
def test_given_parameters_that_are_the_drawn_ones_change_no_bit(toy, whole, columns):
    drawn = whole.params.iloc[:, :columns]

    again = sl.simulate_summaries(toy, SUMMARIES, params=drawn, **QUICK)

    assert bits(again) == bits(whole)


def test_given_parameters_are_used(toy, whole):
    half = whole.params[["truck_kl"]] / 2

    again = sl.simulate_summaries(toy, SUMMARIES, params=half, **QUICK)

    assert again.params["truck_kl"].equals(half["truck_kl"])
    others = whole.params.columns.drop("truck_kl")
    assert again.params[others].equals(whole.params[others])
    assert not again.values["lost"].equals(whole.values["lost"])


def test_a_given_parameter_is_as_good_as_one_fixed_by_the_case(toy):
    other = changed(toy, *fixed(truck_kl=20.0, fleet_margin=1.5))
    params = pd.DataFrame({"truck_kl": [20.0] * 70, "fleet_margin": [1.5] * 70})

    fixed_, given = (
        sl.simulate_summaries(case, SUMMARIES, members=70, params=own, **QUICK)
        for case, own in ((other, None), (toy, params))
    )

    assert bits(fixed_) == bits(given)


@pytest.mark.parametrize("is_set", [True, False])
def test_a_scenario_overrules_a_given_parameter_from_its_start_on(toy, is_set):
    start = toy.scenarios()["deal"].start
    changes = fixed(encounter_rate_per_100km=0.0) if is_set else fixed(truck_kl=30.0)
    scenario = asked(*changes, start=start)
    given = pd.DataFrame({"encounter_rate_per_100km": [0.9] * 64})

    def lost_after(params):
        summaries = {"lost": made.lost_by_day}
        return sl.simulate_summaries(
            toy, summaries, members=64, scenario=scenario, params=params, **AHEAD
        ).values["lost"]

    start = pd.Timestamp(start)
    after = lost_after(given).sel(day=slice(start, None)).sum()
    assert bool(after == 0) is is_set
    assert lost_after(given).sel(day=slice(None, start)).sum() > 0


WRONG = np.array([1.0] * 69 + [np.nan])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"truk_kl": [1.0] * 70}, r"^column of params is 'truk_kl'; .*mean 'truck_kl'"),
        ({"truck_kl": WRONG}, r"^params\['truck_kl'\] of member 69 is nan; expected"),
        ({"truck_kl": WRONG * np.inf}, r"of member 0 and 69 more is inf; expected"),
        ({"truck_kl": [-1.0] * 70}, r"of member 0 and 69 more is -1; expected 0"),
        ({"capital_demand_share": [1.5] * 70}, r"is 1.5; expected 0 to 1$"),
        ({"truck_kl": ["a"] * 70}, r"^params\['truck_kl'\] holds str; expected n"),
        ({"truck_kl": [1.0] * 69}, r"^params has 69 rows; expected the members as"),
        ({3: [1.0] * 70}, "^column of params is '3'; expected a parameter of the case"),
        ({}, "^params is empty; expected a row for each member$"),
    ],
)  # fmt: skip
def test_given_parameters_that_cannot_be_are_told(toy, params, message):
    with pytest.raises(ValueError, match=message):
        sl.simulate_summaries(
            toy, SUMMARIES, members=70, params=pd.DataFrame(params), **QUICK
        )


@pytest.mark.parametrize(
    "params", [pd.Series([1.0] * 70), np.ones((70, 2)), xr.DataArray([1.0] * 70), 3, []]
)
def test_parameters_that_are_no_table_are_told(toy, params):
    text = "^params is '.*expected a DataFrame, as pandas gives$"
    with pytest.raises(TypeError, match=text):
        sl.simulate_summaries(toy, SUMMARIES, params=params, **QUICK)


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (range(69, -1, -1), "from 69 to 0"),
        (range(1000, 1070), "from 1000 to 1069"),
        ([str(member) for member in range(70)], "from '0' to '69'"),
        ([0, 2, 1, *range(3, 70)], "from 0 to 69"),
    ],
)
def test_an_index_of_parameters_is_told_where_it_is_no_members(toy, index, words):
    params = pd.DataFrame({"truck_kl": [30.0] * 70}, index)
    text = f"^params has 70 rows {words}; expected .* 0 to 69, in this order$"
    with pytest.raises(ValueError, match=text):
        sl.simulate_summaries(toy, SUMMARIES, params=params, **QUICK)


def test_all_faults_of_given_parameters_are_told_at_once(toy):
    params = pd.DataFrame({"truk_kl": [1.0] * 3, "truck_kl": [np.nan] * 3})

    with pytest.raises(ValueError, match="truk_kl") as told:
        sl.simulate_summaries(toy, SUMMARIES, members=70, params=params, **QUICK)

    assert len(str(told.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"members": 0}, "members is 0; expected 1 to 2,147,483,647"),
        ({"members": range(5, 5)}, r"members is range\(5, 5\); expected range\(first"),
        ({"members": range(0, 8, 2)}, r"members is range\(0, 8, 2\); expected"),
        ({"members": range(-3, 8)}, r"members is range\(-3, 8\); expected"),
        ({"members": range(2**31, 2**31 + 2)}, r".*first < stop <= 2,147,483,647$"),
        ({"days": -1}, "days is -1; expected 0 to 3,650"),
        ({"seed": "x"}, "seed is x; expected 0 to"),
        ({"summaries": {}}, "summaries is empty; expected names of functions"),
        ({"summaries": {"a": 3}}, "summaries has no function as a; expected"),
    ],
)
def test_an_argument_that_cannot_be_is_told(toy, arguments, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        sl.simulate_summaries(**{"case": toy, "summaries": SUMMARIES, **arguments})


@pytest.mark.parametrize("given", [[made.lost], made.lost, None, {made.lost}, "lost"])
def test_summaries_that_have_no_names_are_told(toy, given):
    text = "^summaries is .*; expected a dict of names and functions of a Run$"
    with pytest.raises(TypeError, match=text):
        sl.simulate_summaries(toy, given, members=64, **QUICK)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (made.first_rows, "gives DataFrame of shape (1, "),
        (made.sorted_by_loss, "gives Series of shape (64,)"),
        (made.unnumbered, "gives DataFrame of shape (64, "),
        (made.total, "gives ndarray of shape ()"),
        (made.whole_table, "gives Dataset of several arrays; expected one DataArray"),
        (
            made.members_last,
            "gives DataArray with 'product' first; expected 'member' f",
        ),
        (made.sorted_by_loss, "gives Series of shape (64,) with another index; expec"),
    ],
)
@pytest.mark.parametrize("make", [sl.threads, sl.processes])
def test_what_is_not_one_row_a_member_is_told(toy, function, reason, make):
    with make(1) as executor, pytest.raises(sl.EngineError) as told:
        sl.simulate_summaries(
            toy, {"odd": function}, members=range(64, 128), executor=executor, **QUICK
        )

    assert f"members 64 to 127 failed: ValueError: summary 'odd' {reason}" in str(
        told.value
    )


@pytest.mark.parametrize(
    ("function", "first", "other"),
    [
        (made.wider_later, r"ndarray \('n', 1\)", r"ndarray \('n', 2\)"),
        (made.array_first, r"ndarray \('n',\)", r"Series \('n',\)"),
        (made.other_column_later, r".*'n', 1\) early", r".*'n', 1\) late"),
        (made.other_days_later, r"DataArray \('n', 2\).*", r"DataArray \('n', 2\).*"),
    ],
)
def test_a_summary_that_differs_in_form_between_members_is_told(
    toy, monkeypatch, function, first, other
):
    monkeypatch.setattr(tasks, "TASK_MEMBERS", 64)
    text = (
        f"^summary 'odd' gives '{first}' for members 0 to 63, and '{other}' for "
        "members 64 to 127; expected the same form for all$"
    )
    with pytest.raises(sl.EngineError, match=text):
        sl.simulate_summaries(toy, {"odd": function}, members=128, **QUICK)


def test_a_summary_that_fails_is_told_with_its_members(toy):
    text = r"^members 0 to 63 failed: KeyError: .*no_such_output"
    with pytest.raises(sl.EngineError, match=text):
        sl.simulate_summaries(toy, {"odd": made.failing}, members=64, **QUICK)


def test_outputs_are_let_go_when_their_task_is_done(toy, monkeypatch):
    """Counted in arrays that are alive, as the summaries of tasks are taken."""
    made_outputs, most = [], []
    right = new_outputs

    def alive():
        gc.collect()
        return sum(each() is not None for each in made_outputs)

    def counted(*arguments):
        outputs = right(*arguments)
        made_outputs.append(weakref.ref(outputs.daily))
        return outputs

    monkeypatch.setattr(tasks, "new_outputs", counted)
    monkeypatch.setattr(tasks, "TASK_MEMBERS", 64)

    def told(run):
        most.append(alive())
        return made.stock(run)[:, 0, 0]

    sl.simulate_summaries(
        toy, {"told": told}, members=64 * 12, executor=sl.threads(2), **QUICK
    )

    assert len(most) == 12
    assert max(most) <= 2 + 1
    assert not alive()


def unsure_closure(start):
    """Let between a fifth and three fifths through on a road."""
    share = {"value": 0.2, "value_high": 0.6, "unit": "1"}
    return measure("closure", start, target="C-ROAD", **share)


def test_latent_draws_are_exposed(toy):
    """A row whose value is uncertain is a column; one that is known is none."""
    unsure = changed(
        toy,
        Change(
            "measures",
            {"kind": "truce"},
            {"start_latest": toy.config.cutoff, "end": ""},
        ),
        unsure_closure(toy.config.start),
    )
    made_ = sl.simulate_summaries(unsure, {"lost": made.lost}, members=300, **QUICK)
    truce = unsure.measures.set_index("kind").loc["truce"]
    first = (truce.start - pd.Timestamp(unsure.config.start)).days
    last = (truce.start_latest - pd.Timestamp(unsure.config.start)).days

    days = made_.latent[f"measure/{truce.measure}"]
    assert days.between(first, last).all()
    assert days.nunique() > 5
    share = made_.latent[f"measure value/closure-{toy.config.start}"]
    assert share.between(0.2, 0.6).all()
    known = sl.simulate_summaries(toy, {"lost": made.lost}, members=300, **QUICK)
    assert set(made_.latent) - set(known.latent) == {days.name, share.name}
    assert known.latent.equals(made_.latent[list(known.latent)])


def test_what_a_scenario_draws_otherwise_stands_beside(toy):
    start = toy.scenarios()["deal"].start
    closed = unsure_closure(start)
    base, alt = (
        sl.simulate_summaries(
            toy, {"lost": made.lost}, members=70, scenario=scenario, **AHEAD
        ).latent
        for scenario in (None, asked(closed, start=start))
    )
    day = (pd.Timestamp(start) - pd.Timestamp(toy.config.start)).days

    assert set(alt) - set(base) == {f"measure value/closure-{start} since day {day}"}
    assert base.equals(alt[list(base)])


def test_summaries_say_what_they_are(whole):
    assert repr(whole).startswith("<Summaries of ")
    assert repr(whole).endswith(": members 0 to 149; facts, lost, stock, log, keep>")
    assert "150 x" in whole._repr_html_()


def test_progress_is_told_in_members(toy):
    steps = []

    sl.simulate_summaries(
        toy, {"lost": made.lost}, members=200,
        progress=lambda *step: steps.append(step), **QUICK,
    )  # fmt: skip

    assert steps[-1] == (200, 200)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_heat_is_a_summary_too():
    """The chance behind heat, of a case with a leader, over those in power."""
    case = sl.load_case("mali")
    run = sl.simulate(case, members=5, **QUICK)

    made_ = sl.simulate_summaries(
        case, {"chance": made.heat_chance}, members=range(1, 5), **QUICK
    )

    chances = made.heat_chance(run)
    assert np.array_equal(made_.values["chance"], chances[1:], equal_nan=True)
    assert np.nanmean(chances) == pytest.approx(float(sl.heat(run).daily["s6"][-1]))
