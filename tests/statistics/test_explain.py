"""What moves an outcome is named first; what does nothing never is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import supplyline as sl
from supplyline.analysis.screening import cut, independent, screen
from worlds import changed, fixed, without

INERT = 200


def made(seed, members, shared=1, effect=6.0):
    """Make one input that decides a chance among inert ones; `shared` live one past."""
    luck = np.random.default_rng(seed)
    pasts = luck.integers(0, max(members // shared, 1), members)
    pasts = (
        np.unique(pasts, return_inverse=True)[1] if shared > 1 else np.arange(members)
    )
    inputs = luck.random((pasts.max() + 1, INERT + 1))[pasts]
    noise = luck.normal(size=pasts.max() + 1)[pasts] + luck.normal(size=members)
    return inputs, (effect * (inputs[:, 0] - 0.6) + 0.5 * noise > 0), pasts


def named_in(inputs, outcome, pasts):
    """Name what moves an outcome, by column."""
    asked = np.ones((1, inputs.shape[1]), bool)
    outcomes = np.asarray(outcome, float)[:, None]
    return [each.column for each in screen(cut(inputs), outcomes, pasts, asked, 3)[0]]


@pytest.mark.statistical
@pytest.mark.parametrize(("members", "shared"), [(128, 1), (400, 1), (400, 2)])
def test_the_deciding_input_is_named_first_and_an_inert_one_never(members, shared):
    """Of 200 seeds with 200 inert inputs each, all name the deciding one alone."""
    wrong = {
        seed: named
        for seed in range(200)
        if (named := named_in(*made(seed, members, shared))) != [0]
    }
    assert not wrong


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("outcome", "inputs"),
    [
        ("rare", "even"),  # one course in a hundred
        ("rare", "few"),  # and inputs that are 1 in one course in a hundred
        ("even", "few"),
        ("amount", "even"),  # with a heavy tail
    ],
)
def test_nothing_is_named_where_nothing_moves(outcome, inputs):
    for seed in range(200):
        luck = np.random.default_rng(seed)
        known = luck.random((400, INERT))
        if inputs == "few":
            known = (known < 0.01).astype(float)
            known[0], known[1] = 1, 0
        values = luck.pareto(1.0, 400).argsort().argsort()
        if outcome != "amount":
            values = luck.random(400) < (0.01 if outcome == "rare" else 0.5)
            values[:2] = True, False
        assert named_in(known, values, np.arange(400)) == [], seed


@pytest.mark.statistical
def test_members_that_share_a_past_are_no_new_witnesses():
    """Counted as new they would name inert inputs: the companion that must fail."""
    wrong = honest = 0
    for seed in range(40):
        inputs, outcome, pasts = made(seed, members=2000, shared=40, effect=0.0)
        honest += bool(named_in(inputs, outcome, pasts))
        wrong += bool(named_in(inputs, outcome, np.arange(2000)))
    assert honest == 0
    assert wrong > 20


def test_an_inert_input_tells_no_share_on_average():
    """The adjusted share of an inert input is 0 but for luck: 4.9 standard errors."""
    shares = []
    for seed in range(200):
        inputs, _, _ = made(seed, 400, 2)
        outcome, pasts = made(seed + 1000, 400, 2)[1], made(seed, 400, 2)[2]
        values = outcome[:, None].astype(float)
        alone = independent(values, pasts)[0]
        quarter = cut(inputs[:, 1:2]).codes[:, 0]
        means = np.array([values[quarter == part].mean() for part in range(4)])
        told = ((means - values.mean()) ** 2).mean() / values.var()
        shares.append(1 - (1 - told) * (alone - 1) / (alone - 4))
    error = np.sqrt(2 * 3) / 400 / np.sqrt(200)
    assert abs(np.mean(shares)) < 4.9 * error


def test_of_two_that_go_together_the_first_is_named_and_the_other_told():
    inputs, outcome, pasts = made(3, 400)
    twin = inputs[:, :1] + 0.05 * np.random.default_rng(1).normal(size=(400, 1))
    known = np.hstack([inputs, twin])
    asked = np.ones((1, known.shape[1]), bool)
    values = outcome[:, None].astype(float)
    [named] = screen(cut(known), values, pasts, asked, 3)[0]
    assert {named.column, *named.alike} == {0, INERT + 1}


def where_willing_drivers_decide():
    """Make of the toy case one in which only who drives under a ban matters."""
    toy = sl.load_case("toy")
    middle = {
        "uniform": lambda a, b: (a + b) / 2,
        "log_uniform": lambda a, b: (a * b) ** 0.5,
        "beta": lambda a, b: a / (a + b),
        "exp_half_normal": lambda _a, _b: 1.5,
    }
    params = toy.params[toy.params["distribution"] != "fixed"]
    known = {
        row["param"]: middle.get(row["distribution"], lambda a, _b: a)(
            float(row["a"]), float(row["b"])
        )
        for row in params.to_dict("records")
    }
    known |= {
        "capital_stock_days": 8, "escort_packages_initial": 0,
        "escort_packages_final": 0, "encounter_rate_per_100km": 0,
        "pause_probability": 0, "informal_share": 0,
    }  # fmt: skip
    decides = "ban_willingness_share"
    del known[decides]
    ban = {"start": "2024-03-01", "start_latest": "", "end": ""}
    prior = {"distribution": "uniform", "a": 0, "b": 0.8}
    return changed(
        toy,
        *fixed(**known),
        sl.Change("params", {"param": decides}, prior),
        sl.Change("measures", {"kind": "ban"}, ban),
        without("truce", "escort_step"),
    )


@pytest.mark.statistical
def test_in_a_simulated_case_the_deciding_parameter_is_named_first():
    case = where_willing_drivers_decide()
    for seed in range(4):
        run = sl.simulate(case, days=60, members=256, seed=seed)
        luck = np.random.default_rng(seed)
        names = [f"inert_{number}" for number in range(INERT)]
        inert = pd.DataFrame(luck.random((256, INERT)), run.params.index, names)
        run = replace(run, params=pd.concat([run.params, inert], axis=1))
        for question in ("short", "missing", "price"):
            drivers = run.explain(question).drivers
            assert [driver.name for driver in drivers] == ["ban_willingness_share"]
