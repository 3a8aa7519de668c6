"""A run that is killed goes on, and ends as if it had never been disturbed.

``SUPPLYLINE_KILLS=50 pytest tests/crash`` kills more often.
"""

import json
import multiprocessing
import os
import random
import signal
from hashlib import sha256

import pytest

from crash.simulating import simulate, simulate_and_count, simulate_and_die

KILLS = int(os.environ.get("SUPPLYLINE_KILLS", "5"))
SEED = 21


def is_killed(task, *arguments):
    """Do a task in a process; tell whether it ended by SIGKILL."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["pytest", "supplyline.engine.simulate"])
    process = server.Process(target=task, args=arguments, daemon=True)
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    assert code in (0, -signal.SIGKILL)
    return code != 0


def content(parent):
    """Tell what lies in a folder of runs; of a manifest what does not tell of a try."""
    files = {}
    for path in parent.rglob("*"):
        name = str(path.relative_to(parent))
        if path.name == "manifest.json":
            manifest = json.loads(path.read_bytes())
            del manifest["resources"], manifest["environment"]["kernels"]
            files[name] = manifest
        else:
            files[name] = path.read_bytes() if path.is_file() else "folder"
    return files


def whole_parts(parent):
    """Name the parts that are done: all that a record speaks of must be there."""
    records = [*parent.glob("*.unfinished/parts/*.json")]
    for record in records:
        unfinished = record.parents[1]
        run = unfinished / "run"
        if not run.exists():  # it is in its place already
            run = unfinished.with_suffix("")
        for name, output in json.loads(record.read_bytes())["outputs"].items():
            assert sha256((run / name).read_bytes()).hexdigest() == output["sha256"]
    return {record.name for record in records}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Give what an undisturbed run leaves, and its dealings with files."""
    parent = tmp_path_factory.mktemp("calm")
    log = parent.parent / "log"
    assert not is_killed(simulate_and_count, str(parent), str(log))
    return content(parent), int(log.read_text())


def check_end(parent, wanted):
    assert not is_killed(simulate, parent)
    assert content(parent) == wanted


def test_a_run_killed_at_random_moments_ends_as_if_undisturbed(tmp_path, undisturbed):
    wanted, moments = undisturbed
    luck = random.Random(SEED)
    done = set()
    for _ in range(KILLS):
        if not is_killed(simulate_and_die, str(tmp_path), luck.randrange(moments)):
            break
        now = whole_parts(tmp_path)
        assert done <= now or not [*tmp_path.glob("*.unfinished")]
        done = now
    check_end(tmp_path, wanted)


@pytest.mark.parametrize("share", [0.2, 0.8, 0.9, 0.95, 0.98])
def test_a_run_killed_once_ends_as_if_undisturbed(tmp_path, undisturbed, share):
    wanted, moments = undisturbed

    assert is_killed(simulate_and_die, str(tmp_path), int(share * moments))

    whole_parts(tmp_path)
    check_end(tmp_path, wanted)
