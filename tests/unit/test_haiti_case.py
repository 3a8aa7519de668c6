"""The packaged case Haiti: a closed terminal, built of rows alone."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest

import supplyline as sl
from supplyline.errors import SupplylineWarning

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from haiti import FACTS, TARGETS, modelled, peak_factor, reported, table

CUTOFF = pd.Timestamp("2022-09-11")
FIRST_LOADS = pd.Timestamp("2022-11-08")
MEMBERS = 500


@pytest.fixture(scope="module")
def haiti():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        return sl.load_case("haiti")


@pytest.fixture(scope="module")
def closed(haiti):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        return sl.simulate(haiti, scenario="varreux-closed", members=MEMBERS)


def trucks_of_varreux(run):
    """Sum the trucks that leave the terminal in each week, mean over members."""
    corridors = run.case.corridors
    names = list(corridors[corridors["origin"] == "varreux"]["corridor"])
    sent = run.weekly["corridor_trucks_sent"].sel(corridor=names)
    return sent.sum("corridor").mean("member").to_series()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("events", "date"),
        ("observed", "end"),
        ("control", "date"),
        ("claims", "start"),
        ("measures", "start"),
        ("targets", "end"),
    ],
)
def test_nothing_is_later_than_the_day_before_the_closure(haiti, table, column):
    assert getattr(haiti, table)[column].max() <= CUTOFF


def test_each_corridor_is_loaded_where_fuel_is_stored_or_ships_lie(haiti):
    stored = set(haiti.depots["place"])
    assert set(haiti.corridors["origin"]) - stored == {"bay"}


def test_no_truck_leaves_varreux_before_the_gate_is_open(closed):
    trucks = trucks_of_varreux(closed)
    shut = trucks["2022-09-13":"2022-11-01"]
    assert (shut == 0).all()
    assert trucks[FIRST_LOADS] > 0
    assert trucks[:"2022-09-05"].min() > 0


def test_the_books_close(closed):
    fuel = closed.ledger["fuel_kl"]
    came = fuel.sel(
        fuel_account=["stock_start", "internal_start", "imported", "produced"]
    )
    went = ["sold", "refused", "internal_lost", "stock_end", "internal_end"]
    gap = came.sum("fuel_account") - fuel.sel(fuel_account=went).sum("fuel_account")
    assert float(abs(gap).max()) < 1e-3


@pytest.mark.skipif(not FACTS.is_dir(), reason="the reported outcomes lie elsewhere")
def test_what_came_of_it_is_no_surprise(closed):
    reports = reported()
    checks = table(reports, modelled(closed)).loc[TARGETS]
    assert checks["meets range"].sum() >= 6
    assert peak_factor(closed, reports) < 1.3
