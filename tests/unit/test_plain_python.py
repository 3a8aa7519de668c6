"""The kernels as plain Python, without a compiler, give what the compiled ones do."""

import os
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

from supplyline.engine.simulate import simulate
from supplyline.runs import load_run
from worlds import changed, fixed

PLAIN_RUN = """
import sys
import warnings

import numpy as np

from supplyline.case.case import load_case
from supplyline.engine.kernels.day import live
from supplyline.engine.simulate import simulate

assert not hasattr(live, "py_func")
warnings.simplefilter("ignore")
with np.errstate(over="ignore"):
    run = simulate(load_case(sys.argv[1]), days=0, members=2, seed=7, workers=1)
run.save(sys.argv[2])
"""


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
    return simulate(busy, days=0, members=2, seed=7), load_run(made)


def test_plain_python_keeps_the_same_books(pair):
    compiled, plain = pair

    xr.testing.assert_allclose(compiled.ledger, plain.ledger, rtol=1e-12)
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
    for name in ("trucks_sent", "trucks_lost", "convoys", "posture"):
        assert compiled.daily[name].equals(plain.daily[name])


def test_another_seed_gives_other_days(pair, toy):
    compiled, _ = pair
    other = simulate(toy, days=0, members=2, seed=8)

    assert not np.allclose(compiled.ledger["fuel_kl"], other.ledger["fuel_kl"])
