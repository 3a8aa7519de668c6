"""The kernels as plain Python, without a compiler, give what the compiled ones do."""

import os
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

from supplyline.engine.simulate import simulate
from supplyline.runs import load_run
from worlds import BOOKS, changed, fixed

PLAIN_RUN = """
import sys
import warnings

import numpy as np

from supplyline.case.case import load_case
from supplyline.engine.kernels.day import run_block
from supplyline.engine.simulate import simulate

assert not hasattr(run_block, "py_func")
warnings.simplefilter("ignore")
with np.errstate(over="ignore"):
    run = simulate(load_case(sys.argv[1]), days=25, members=2, seed=7)
run.save(sys.argv[2])
"""


WHOLE = (
    "trucks_sent", "trucks_lost", "convoys", "posture", "attacks", "soldiers_killed",
    "civilians_killed", "harm_killed", "protests", "attempts", "exit_kind", "talks",
    "towns_besieged",
)  # fmt: skip
"""Outputs that are whole numbers."""


@pytest.fixture(scope="module")
def pair(toy, tmp_path_factory):
    """Run a case with much to do, compiled and as plain Python."""
    folder = tmp_path_factory.mktemp("plain")
    busy = changed(
        toy,
        *fixed(
            encounter_rate_per_100km=0.5,
            escort_packages_initial=4,
            large_loss_trucks=2,
            strike_probability=0.5,
            suspension_probability=0.5,
            attempt_per_year=60,
            coup_success_probability=0.8,
            corridor_talks_per_year=50,
            talks_per_year=300,
            campaigns_per_year=20,
            ransom_cases_per_year=20,
            split_per_year=40,
            siege_per_year=10,
            alliance_switch_per_year=10,
            protest_per_week=3,
        ),
    )
    busy.save(folder / "case")
    script = folder / "plain.py"
    script.write_text(PLAIN_RUN, encoding="utf-8")
    subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(script), str(folder / "case"), str(folder / "runs")],
        check=True,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        timeout=300,
    )
    (made,) = (folder / "runs").iterdir()
    return simulate(busy, days=25, members=2, seed=7), load_run(made)


def test_plain_python_keeps_the_same_books(pair):
    compiled, plain = pair

    fuel, country = ["fuel_kl", "trucks"], list(BOOKS)
    xr.testing.assert_allclose(compiled.ledger[fuel], plain.ledger[fuel], rtol=1e-12)
    # steps read a few 32-bit numbers of the day, which plain Python rounds earlier
    xr.testing.assert_allclose(
        compiled.ledger[country], plain.ledger[country], rtol=1e-8
    )
    assert float(compiled.ledger["fighters"].sel(fighter_account="split_off").max()) > 0
    assert compiled.ledger["trucks"].equals(plain.ledger["trucks"])
    assert compiled.params.equals(plain.params)


def test_plain_python_meets_the_same_losses(pair):
    compiled, plain = pair

    assert compiled.losses.equals(plain.losses)
    assert len(plain.losses) > 5
    assert plain.losses["is_escorted"].nunique() == 2


def test_plain_python_gives_the_same_days(pair):
    compiled, plain = pair

    for name in ("daily", "weekly"):
        one, other = getattr(compiled, name), getattr(plain, name)
        # kept as 32-bit numbers, summed in either precision
        xr.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)
    for name in WHOLE:
        assert compiled.daily[name].equals(plain.daily[name]), name
        assert float(compiled.daily[name].max()) > 0, name


def test_another_seed_gives_other_days(pair, toy):
    compiled, _ = pair
    other = simulate(toy, days=25, members=2, seed=8)

    assert not np.allclose(compiled.ledger["fuel_kl"], other.ledger["fuel_kl"])
