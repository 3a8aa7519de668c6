"""Memory: what an ensemble needs is estimated, and refused where there is less."""

import re
import resource
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import supplyline as sl
from supplyline.cli import app
from supplyline.engine import estimate
from supplyline.engine.estimate import FIXED_BYTES, member_bytes
from supplyline.errors import MemoryLimitError
from supplyline.runs.memory import Room, find_room

MEMINFO = "MemTotal: 100 kB\nMemAvailable: 50 kB\nHugePages_Total: 0\n"
STATUS = "Name:\tpython\nVmSize:\t30 kB\nVmRSS:\t20 kB\n"
NO_LIMIT = str(2**63 - 4096)
"""What the first version of control groups says where there is no limit."""


def small(_system=None):
    return Room(FIXED_BYTES + 10**7, "this machine")


@pytest.fixture
def untouched(monkeypatch):
    """Let nothing be simulated."""
    monkeypatch.setattr("supplyline.engine.tasks.simulate_members", None)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("name", ["toy", "mali", "corridor180"])
def test_an_ensemble_that_does_not_fit_is_refused_before_the_run(monkeypatch, name):
    monkeypatch.setattr(estimate, "find_room", small)
    case = sl.load_case(name)
    fitting = 10**7 // member_bytes(case, case.config.forecast_days)

    with pytest.raises(MemoryLimitError) as caught:
        sl.simulate(case, members=fitting + 1)

    told = str(caught.value)
    assert re.match(
        rf"{fitting + 1:,} members need about 6[01]\d\.\d MB of memory; this", told
    )
    assert f"at most {fitting:,} fit: choose fewer members or days" in told
    assert told.endswith("or a folder to write them to")


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("verb", ["simulate", "brief"])
def test_the_command_line_refuses_in_one_line(monkeypatch, tmp_path, verb):
    monkeypatch.setattr(estimate, "find_room", small)
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(app, [verb, "toy", "--members", "100000"])

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: 100,000 members need about ")
    assert len(result.stderr.splitlines()) == 1


def test_the_members_said_to_fit_are_simulated(toy, monkeypatch):
    fitting = 10**7 // member_bytes(toy, 0)
    monkeypatch.setattr(estimate, "find_room", small)

    assert sl.simulate(toy, days=0, members=fitting).daily.sizes["member"] == fitting


@pytest.mark.parametrize("folder", [None, "runs"])
@pytest.mark.parametrize("where", ["new_outputs", "simulate_members", "join"])
def test_memory_that_runs_out_is_told(toy, monkeypatch, tmp_path, where, folder):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr(f"supplyline.engine.tasks.{where}", fail)
    place = None if folder is None else tmp_path / folder

    with pytest.raises(MemoryLimitError, match="choose fewer members or days"):
        sl.simulate(toy, days=0, members=2, folder=place)


class ArrowMemoryError(MemoryError):
    """As that of pyarrow."""


@pytest.mark.parametrize(
    "error",
    [MemoryError(), ArrowMemoryError("x"), RuntimeError("can't start new thread")],
)
def test_memory_that_runs_out_while_reading_is_told(monkeypatch, tmp_path, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("supplyline.runs.load_run", fail)

    result = CliRunner().invoke(app, ["heat", str(tmp_path)])

    assert result.exit_code == 2
    assert result.stderr == "Error: there is not enough memory for this\n"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_a_limit_of_the_process_is_kept(tmp_path):
    code = """
import resource, sys
from supplyline.cli import app
resource.setrlimit(resource.RLIMIT_AS, (8 * 10**9, 8 * 10**9))
app(["simulate", "toy", "--members", "1000000", "--threads", "200", "-o", sys.argv[1]])
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "(ulimit) leaves" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"proc/meminfo": MEMINFO}, Room(50 * 1024, "this machine")),
        (
            {"proc/meminfo": MEMINFO, "proc/self/status": STATUS},
            Room(70 * 1024, "this machine"),
        ),
        (
            {"proc/meminfo": MEMINFO, "sys/fs/cgroup/memory.max": "40960\n"},
            Room(40960, "the limit of this container"),
        ),
        (
            {"proc/meminfo": MEMINFO, "sys/fs/cgroup/memory.max": "max\n"},
            Room(50 * 1024, "this machine"),
        ),
        (
            {
                "proc/meminfo": MEMINFO,
                "sys/fs/cgroup/memory/memory.limit_in_bytes": NO_LIMIT,
            },
            Room(50 * 1024, "this machine"),
        ),
        (
            {"sys/fs/cgroup/memory/memory.limit_in_bytes": "40960"},
            Room(40960, "the limit of this container"),
        ),
        ({"proc/meminfo": "odd\nMemAvailable\n"}, None),
    ],
)
def test_the_tightest_limit_is_found(tmp_path, monkeypatch, files, expected):
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    monkeypatch.setattr(resource, "getrlimit", lambda _: unlimited)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert find_room(tmp_path) == expected


@pytest.mark.parametrize("name", ["toy", "mali"])
def test_the_estimate_covers_what_a_run_holds(name):
    case = sl.load_case(name)
    run = sl.simulate(case, days=20, members=16)
    held = sum(data.nbytes for data in (run.daily, run.weekly, run.ledger))
    held += run.params.memory_usage(deep=True).sum()

    assert held < 16 * member_bytes(case, 20) < 3 * held
