"""The engine against SimPy and Mesa forms of its law, written apart from it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import supplyline as sl

pytest.importorskip("simpy", reason="simpy is not installed (extra bench)")
pytest.importorskip("mesa", reason="mesa is not installed (extra bench)")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from corridor180_agreement import (
    LARGEST_Z,
    cut,
    outputs_of,
    scores,
    with_params,
    with_stock,
)
from corridor180_case import read
from corridor180_mesa import MesaCountry
from corridor180_rules import OUTPUTS
from corridor180_simpy import SimpyCountry

pytestmark = pytest.mark.statistical

DAYS, PAST_DAYS = 60, 30
STOCK_DAYS = 8
"""Short stocks, so that prices, quotas and fear move within the short form."""


def short_case():
    return with_stock(sl.load_case("corridor180"), STOCK_DAYS)


def ours(case):
    run = sl.simulate(case, days=DAYS - PAST_DAYS, members=1000, seed=180)
    return outputs_of(run)


@pytest.fixture(scope="module")
def right():
    return ours(short_case())


@pytest.fixture(scope="module")
def simpy_members():
    law = read(short_case(), DAYS)
    return np.array([SimpyCountry(law, member).run() for member in range(30)])


@pytest.fixture(scope="module")
def mesa_members():
    law = read(short_case(), DAYS)
    return np.array([MesaCountry(law, 1000 + member).run() for member in range(60)])


def test_every_output_varies(right):
    assert right.shape == (1000, len(OUTPUTS))
    assert (right.std(axis=0) > 0).all()


@pytest.mark.parametrize("members", ["simpy_members", "mesa_members"])
def test_forms_agree(right, members, request):
    z = scores(right, request.getfixturevalue(members))
    assert np.abs(z).max() <= LARGEST_Z, dict(zip(OUTPUTS, z.round(2), strict=True))


@pytest.mark.parametrize(
    "wrong",
    [
        {"encounter_rate_per_100km": 1.1 * 0.06},
        {"turn_back_probability": 0.0},
        {"fear_rate_per_day": 0.1},
    ],
)
def test_a_wrong_law_is_seen(simpy_members, wrong):
    z = scores(ours(with_params(short_case(), **wrong)), simpy_members)
    assert np.abs(z).max() > LARGEST_Z


def test_cutting_segments_keeps_the_length_and_the_hazard():
    case = short_case()
    finer = cut(case, 3)
    for table in (case, finer):
        assert len(read(table, DAYS).routes) == 12
    for coarse, fine in zip(
        read(case, DAYS).routes, read(finer, DAYS).routes, strict=True
    ):
        assert fine.travel_h == pytest.approx(coarse.travel_h)
        assert sum(fine.exposure) == pytest.approx(sum(coarse.exposure))
