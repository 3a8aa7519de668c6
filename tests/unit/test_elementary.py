"""Elementary functions of the kernels: against exact decimals, and on any processor."""

import ast
import math
import os
import platform
import subprocess
import sys
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyline.engine import quantiles
from supplyline.engine.kernels import code_cache, elementary, jit
from supplyline.engine.kernels.jit import kernel
from supplyline.engine.simulate import simulate
from supplyline.runs import read_manifest

KERNELS = Path(elementary.__file__).parent
POINTS = np.random.default_rng(1)


@kernel
def evaluate(x, y, out):
    """Evaluate all functions at points, shape (point, function)."""
    for i in range(x.size):
        out[i, 0] = elementary.exp(x[i])
        out[i, 1] = elementary.expm1(x[i])
        out[i, 2] = elementary.log(x[i])
        out[i, 3] = elementary.log1p(x[i])
        out[i, 4] = elementary.power(x[i], y[i])
        out[i, 5] = elementary.log_gamma(abs(x[i]))
        out[i, 6] = elementary.turn_cosine(min(1.0, abs(x[i])))


NAMES = ("exp", "expm1", "log", "log1p", "power", "log_gamma", "turn_cosine")


def values(x, y=None):
    """Give the value of each function at points, by its name."""
    x = np.atleast_1d(np.asarray(x, float))
    y = np.full(x.shape, 1.0) if y is None else np.atleast_1d(np.asarray(y, float))
    out = np.empty((x.size, len(NAMES)))
    evaluate(x, y, out)
    return dict(zip(NAMES, out.T, strict=True))


EXACT = {
    "exp": lambda x, _: x.exp(),
    "expm1": lambda x, _: x.exp() - 1,
    "log": lambda x, _: x.ln(),
    "log1p": lambda x, _: (1 + x).ln(),
    "power": lambda x, y: (y * x.ln()).exp(),
}


def steps_off(name, x, y, value):
    """Count by how many steps between floats a value misses the exact one."""
    with localcontext() as context:
        context.prec = 380 if abs(x) < 1e-30 else 80
        exact = EXACT[name](Decimal(float(x)), Decimal(float(y)))
        return abs(float((Decimal(float(value)) - exact) / Decimal(math.ulp(exact))))


def spread(low, high):
    return POINTS.uniform(low, high, 1500)


RANGES = {
    "exp": {
        "all": spread(-708, 709.7),
        "usual": spread(-3, 3),
        "small": 10 ** spread(-300, -2),
        "ends": np.array([0.0, -0.0, 1.0, 707.999, 708.0, -708.0, -707.999]),
    },
    "expm1": {
        "all": spread(-40, 709.7),
        "usual": spread(-1, 1),
        "small": -(10 ** spread(-300, -2)),
        "next to the tabled powers": spread(-0.02, 0.02),
    },
    "log": {
        "all": 10 ** spread(-307, 308),
        "uniforms": spread(2**-53, 1),
        "around 1": 1 + spread(-0.02, 0.02),
        "next to 1": 1 + np.arange(-200, 201) * 2.0**-52,
        "steps of the table": np.arange(88, 177) / 128 - 2.0**-53,
        "without all digits": 10 ** spread(-323, -308),
    },
    "log1p": {
        "all": 10 ** spread(-307, 308),
        "uniforms": -spread(0, 1),
        "around 0": spread(-0.02, 0.02),
        "small": -(10 ** spread(-300, -2)),
    },
}


@pytest.mark.parametrize(
    ("name", "range_"), [(name, each) for name in RANGES for each in RANGES[name]]
)
def test_a_value_is_within_two_steps_of_the_exact_one(name, range_):
    x = RANGES[name][range_]
    x = x[(x != 0) | (name == "exp")]

    off = [steps_off(name, at, 1, v) for at, v in zip(x, values(x)[name], strict=True)]

    assert max(off) <= 2


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (spread(1e-9, 1), spread(-3, 3)),
        (10 ** spread(-5, 5), spread(-30, 30)),
        (1 + spread(-0.1, 0.1), spread(-5000, 5000)),
        (1 - 10 ** spread(-8, -2), np.rint(spread(1, 400))),
        (10 ** spread(-300, 300), spread(-1, 1)),
    ],
    ids=["shares", "usual", "near 1", "chances of many trials", "far"],
)
def test_a_power_is_within_two_steps_of_the_exact_one(x, y):
    powers = values(x, y)["power"]

    off = [steps_off("power", *each) for each in zip(x, y, powers, strict=True)]

    assert max(off) <= 2


def test_a_value_a_few_steps_off_would_be_seen():
    x, value = 0.37, math.exp(0.37) * (1 + 4 * 2.0**-52)

    assert steps_off("exp", x, 1, value) > 2


INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        ("exp", [0, -INF, INF, NAN, 709.79], [1, 0, INF, NAN, INF]),
        ("exp", [-746, 800, -745.1], [0, INF, 5e-324]),
        ("expm1", [0, -INF, INF, NAN, -50, 1e-300], [0, -1, INF, NAN, -1, 1e-300]),
        ("log", [1, 0, -0.0, INF, NAN, -1, -INF], [0, -INF, -INF, INF, NAN, NAN, NAN]),
        ("log1p", [0, -1, -2, INF, NAN, 5e-324], [0, -INF, NAN, INF, NAN, 5e-324]),
        ("turn_cosine", [0, 0.25, 0.5, 0.75, 1], [1, 0, -1, 0, 1]),
    ],
)  # fmt: skip
def test_ends_are_exact(name, x, expected):
    np.testing.assert_array_equal(values(x)[name], expected)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0.0, 0.0, 1.0), (0.0, 2.0, 0.0), (0.0, -2.0, INF), (1.0, INF, 1.0),
        (0.5, INF, 0.0), (2.0, INF, INF), (INF, 2.0, INF), (INF, -2.0, 0.0),
        (INF, 0.0, 1.0), (NAN, 1.0, NAN), (0.0, NAN, NAN), (2.0, 1024.0, INF),
        (2.0, -1076.0, 0.0), (2.0, 10.0, 1024.0), (3.0, 1.0, 3.0), (7.0, 0.0, 1.0),
        (1.0, 1e308, 1.0), (0.5, 1e308, 0.0), (5e-324, 1.0, 5e-324),
    ],
)  # fmt: skip
def test_ends_of_powers_are_exact(x, y, expected):
    np.testing.assert_array_equal(values(x, y)["power"], [expected])


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_the_logarithm_of_gamma_follows_its_recurrence(x, y):
    one, next_one = values([x, x + 1.0])["log_gamma"]

    assert next_one == pytest.approx(one + math.log(x), rel=1e-13, abs=1e-13)
    assert values(y)["log_gamma"] == pytest.approx(math.lgamma(y), rel=1e-13, abs=1e-13)


def test_a_cosine_is_right_to_the_fifteenth_digit():
    v = POINTS.uniform(0, 1, 2000)

    assert values(v)["turn_cosine"] == pytest.approx(np.cos(2 * np.pi * v), abs=1e-15)


@pytest.mark.parametrize("name", ["exp", "expm1", "log", "log1p"])
def test_more_is_never_less(name):
    x = np.sort(POINTS.uniform(0.5, 2, 20_000))
    near = 1.0 + np.arange(-2000, 2001) * 2.0**-52

    for points in (x, near):
        assert (np.diff(values(points)[name]) >= 0).all()


def test_arrays_in_numpy_have_the_bits_of_numbers_in_kernels():
    x = POINTS.uniform(-600, 600, 4000)
    compiled = values(x)["exp"]
    power, rest = elementary.exp_parts(x, 0.0)

    assert (power + rest == compiled).all()
    assert (quantiles.log(np.abs(x)) == values(np.abs(x))["log"]).all()


LIBRARY = (
    "exp",
    "log",
    "expm1",
    "log1p",
    "pow",
    "lgamma",
    "tgamma",
    "cos",
    "sin",
    "tanh",
)
"""Functions of the system's library whose last bits depend on the processor."""


def library_functions(folder, name):
    """List the functions of the library that code kept in a folder calls."""
    codes = [path.read_bytes() for path in folder.glob(f"*{name}*.nbc")]
    assert codes
    return {
        each
        for each in LIBRARY
        if any(b"\0" + each.encode() + b"\0" in code for code in codes)
    }


def test_the_day_loop_calls_no_function_of_the_library(toy):
    simulate(toy, days=3, members=1, seed=1)

    assert library_functions(code_cache.find_folder(), "run_block") == set()


def borrow(x):
    return math.exp(x) * x**0.37


def test_a_call_of_the_library_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(code_cache, "find_folder", lambda: tmp_path)

    jit.entry(borrow)(1.5)

    assert library_functions(tmp_path, "borrow") == {"exp", "pow"}


@pytest.mark.parametrize(
    "path", sorted(KERNELS.glob("*.py")), ids=lambda path: path.stem
)
def test_a_kernel_takes_only_exact_functions_from_libraries(path):
    exact = {"sqrt", "floor", "ceil", "isnan", "inf", "nan"}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "math":
                assert node.attr in exact | {"factorial"}, node.lineno
            if node.value.id == "np":
                assert node.attr not in {*LIBRARY, "power", "log2", "exp2"}, node.lineno
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            is_known = isinstance(node.left, ast.Constant | ast.UnaryOp)
            assert is_known, f"line {node.lineno}: a power of what is not known before"


FUNCTIONS = """
import hashlib, math
import numpy as np
from supplyline.engine import quantiles
from test_elementary import NAMES, values

points = np.random.default_rng(7)
u = points.random(1_000_000)
out = values(u * 40 - 5, u * 9 - 4)
own = b"".join(out[name].tobytes() for name in NAMES)
for family, a, b in (
    ("log_uniform", 0.1, 9.0), ("beta", 4.0, 6.0), ("beta", 0.3, 7.5),
    ("exp_half_normal", 0.3, 0.0), ("lognormal", 4.0, 0.5),
):
    own += quantiles.quantile(family, a, b, u[:20_000]).tobytes()
library = np.array([math.exp(x) for x in u[:50_000]]).tobytes()
of_numpy = np.exp(u).tobytes()
print(*(hashlib.sha256(bits).hexdigest() for bits in (own, library, of_numpy)))
"""
WHOLE_RUN = """
import sys, warnings
import supplyline as sl

warnings.simplefilter("ignore")
run = sl.simulate(sl.load_case("toy"), days=60, members=64, seed=5)
run.save(sys.argv[1])
"""
NO_FMA = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX512F",
    "NPY_DISABLE_CPU_FEATURES": "AVX512_SPR AVX512_ICL X86_V4 X86_V3",
    "OPENBLAS_CORETYPE": "Nehalem",
}
"""Libraries as on a processor of 2008."""
OLD_CODE = {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": ""}
"""Kernels compiled for the first 64-bit processors."""

on_x86 = pytest.mark.skipif(
    platform.machine() != "x86_64" or sys.platform != "linux",
    reason="only glibc on x86-64 can be told to pass for an older processor",
)


def run_script(tmp_path, script, *arguments, **settings):
    """Run a script as on another processor."""
    path = tmp_path / "script.py"
    path.write_text(script, encoding="utf-8")
    homes = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    environment = {**os.environ, **settings, "PYTHONPATH": os.pathsep.join(homes)}
    made = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-W", "ignore", str(path), *map(str, arguments)],
        check=True, env=environment, timeout=300, capture_output=True, text=True,
    )  # fmt: skip
    return made.stdout.split()


@on_x86
def test_the_functions_have_the_same_bits_on_an_older_processor(tmp_path):
    here = run_script(tmp_path, FUNCTIONS)
    older = run_script(tmp_path, FUNCTIONS, **NO_FMA, **OLD_CODE)

    assert here[0] == older[0]
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    if {"fma", "avx512f"} <= set(flags):
        # what the engine no longer rests on: else the test could not fail
        assert here[1] != older[1]
        assert here[2] != older[2]


def hashes_of_run(tmp_path, name, **settings):
    run_script(tmp_path, WHOLE_RUN, tmp_path / name, **settings)
    (folder,) = (tmp_path / name).iterdir()
    return {table: each.sha256 for table, each in read_manifest(folder).outputs.items()}


@on_x86
@pytest.mark.slow  # compiles all kernels again
def test_a_run_has_the_same_bits_on_an_older_processor(tmp_path):
    here = hashes_of_run(tmp_path, "here")

    assert hashes_of_run(tmp_path, "older", **NO_FMA) == here
    code = {**OLD_CODE, "NUMBA_CACHE_DIR": str(tmp_path / "code")}
    assert hashes_of_run(tmp_path, "older code", **NO_FMA, **code) == here
