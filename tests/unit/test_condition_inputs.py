"""What `sl.condition` is given: few facts, facts that tell nothing, bad arguments."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest

import supplyline as sl
from supplyline.errors import CaseError

SMALL = {"pool": 1_000, "members": 16, "days": 17}
TABLES = ("targets.csv", "observed.csv")


def keep_rows(toy, folder, kept):
    """Copy the case with some facts only."""
    place = shutil.copytree(toy.folder, folder / "toy")
    for name in (*TABLES, "scorecard.csv"):
        head, *lines = (place / name).read_text().splitlines()
        lines = [line for line in lines if line.split(",")[0] in kept]
        (place / name).write_text("\n".join([head, *lines]) + "\n")
    return sl.load_case(place)


def losses(toy, name, **cells):
    """Give a further row of targets.csv on trucks lost."""
    table = pd.read_csv(toy.folder / "targets.csv")
    row = table[table["target"] == "losses"].iloc[0].to_dict()
    return {**row, "target": name, **cells}


def told(name, low, high):
    """Give cells of a fact that only a range tells."""
    return {"target": name, "value": np.nan, "low": low, "high": high} | {
        "is_reading": True
    }


@pytest.mark.parametrize(
    "fact", ["losses", "first-shortage", "first-shortage-farfield"]
)
def test_a_single_fact_is_left_out_as_any_other(toy, tmp_path, fact):
    case = keep_rows(toy, tmp_path, [fact])

    table = sl.condition(case, steps=[], **SMALL).without
    prior, without = (table.xs(how, level="how") for how in ("prior", "without"))
    assert without.index.tolist() == [fact]
    assert without.to_numpy() == pytest.approx(prior.to_numpy(), rel=1e-6)


@pytest.mark.parametrize(
    "cells",
    [
        [told("all-say", 0, 1e6)],
        [told("none-says", 5e5, 6e5)],
        [told("all-say", 0, 1e6), told("none-says", 5e5, 6e5)],
    ],
)
def test_facts_in_which_members_do_not_differ_leave_the_prior(toy, tmp_path, cells):
    case = keep_rows(toy, tmp_path, [])
    facts = pd.DataFrame([losses(toy, **{"name": "", **each}) for each in cells])

    made = sl.condition(case, facts=facts, steps=[], **SMALL)
    assert made.effective == pytest.approx(made.record.pool)
    assert made.record.inside == sum(each["target"] == "all-say" for each in cells)


@pytest.mark.parametrize(
    ("kept", "refreshed"),
    [
        (["losses"], ()),  # known on the last day alone
        (["losses", "first-shortage"], ()),
        (["losses", "first-shortage", "imports_volume_kl"], ("2024-02-10",)),
    ],
)
def test_a_refresh_of_its_own_is_amid_the_facts(
    toy, tmp_path, monkeypatch, kept, refreshed
):
    module = "supplyline.conditioning"
    monkeypatch.setattr(f"{module}.condition.LEAST_FARTHER", 2.0)  # at the edge
    monkeypatch.setattr(f"{module}.stages.STEP_TRUTHS", 1)
    case = keep_rows(toy, tmp_path, kept)

    assert sl.condition(case, **SMALL).record.steps == refreshed


@pytest.mark.parametrize(
    ("argument", "value", "expected"),
    [
        ("until", pd.NaT, "until is 'NaT'; expected a day"),
        ("until", 5, "until is '5'; expected a day"),
        ("until", "soon", "until is 'soon'; expected a day"),
        ("steps", 5, "steps is '5'; expected days"),
        ("steps", "2024-02-10", "steps is '2024-02-10'; expected days"),
        ("steps", [pd.NaT], "steps is 'NaT'; expected a day"),
        ("facts", 3, "facts is '3'; expected a DataFrame"),
        ("facts", ["a"], "expected a DataFrame"),
        ("facts", {}, "expected a DataFrame"),
    ],
)
def test_an_argument_of_another_kind_is_told(toy, argument, value, expected):
    with pytest.raises((TypeError, ValueError), match=expected):
        sl.condition(toy, **SMALL, **{argument: value})


@pytest.mark.parametrize("name", ["", "gone.csv", "gone/facts.csv", "file/facts.csv"])
def test_a_file_of_facts_that_cannot_be_read_is_told(toy, tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(CaseError, match="cannot be read"):
        sl.condition(toy, facts=tmp_path / name, **SMALL)


def test_names_that_look_like_nothing_are_kept(toy, tmp_path):
    names = ["NA", "nan", "null", "1", "prior"]
    facts = pd.DataFrame([losses(toy, name) for name in names])
    made = sl.condition(toy, facts=facts, steps=[], **SMALL)

    again = sl.load_conditioned(toy, made.save(tmp_path / "kept"))
    for table in ("facts", "without", "gate", "forecasts", "learned"):
        assert getattr(again, table).index.equals(getattr(made, table).index), table
