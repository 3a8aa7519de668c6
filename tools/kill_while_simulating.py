"""Kill the command line at random moments while it simulates; nothing may be lost.

    PYTHONPATH=src python tools/kill_while_simulating.py [--kills 50] [--members 30000]

A large run of the toy case is begun again and again by one command, each time killed by
SIGKILL at a random moment. After each kill all parts that were done must still be
there and whole. At the end the command runs to its end: the run folder must be that of
a run that was never disturbed, byte for byte, and nothing else may lie beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ENDING = ".unfinished"
MANIFEST = "manifest.json"


def command(parent: Path, members: int) -> list[str]:
    """Give the command that simulates into a folder."""
    verb = [sys.executable, "-m", "supplyline", "simulate", "toy", "--quiet"]
    return [*verb, "--members", str(members), "-o", str(parent)]


def finish(parent: Path, members: int) -> float:
    """Let the command run to its end; tell how long it took [s]."""
    started = time.monotonic()
    subprocess.run(command(parent, members), check=True)  # noqa: S603 - our own
    return time.monotonic() - started


def kill(parent: Path, members: int, after_s: float) -> bool:
    """Begin the command and kill it after a time; tell whether it came to its end."""
    process = subprocess.Popen(command(parent, members), start_new_session=True)  # noqa: S603 - our own
    try:
        return process.wait(after_s) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def sha256_of(path: Path) -> str:
    """Hash the bytes of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def done_parts(parent: Path) -> set[str]:
    """Name the parts that are done, each of which must be whole."""
    records = [*parent.glob(f"*{ENDING}/parts/*.json")]
    for record in records:
        run = record.parents[1] / "run"
        for name, output in json.loads(record.read_bytes())["outputs"].items():
            # it may be in its place already, and its records not yet removed
            place = run if run.is_dir() else Path(str(run.parent).removesuffix(ENDING))
            if sha256_of(place / name) != output["sha256"]:
                sys.exit(f"{record} speaks of {name}, which is not whole")
    return {record.name for record in records}


def content(parent: Path) -> dict[str, Any]:
    """Tell what lies in a folder of runs; of a manifest without time and memory."""
    files: dict[str, Any] = {}
    for path in parent.rglob("*"):
        name = str(path.relative_to(parent))
        if path.name == MANIFEST:
            files[name] = json.loads(path.read_bytes()) | {"resources": None}
        else:
            files[name] = sha256_of(path) if path.is_file() else "folder"
    return files


def disturb(
    parent: Path, members: int, kills: int, draw_s: Callable[[], float]
) -> tuple[int, int]:
    """Kill the command so often at random times; count runs that ended before."""
    before: set[str] = set()
    finished = killed = most = 0
    while killed < kills:
        is_finished = kill(parent, members, draw_s())
        now = done_parts(parent)
        folders = [path for path in parent.glob("toy-*") if path.suffix != ENDING]
        if not folders and before - now:
            sys.exit(f"parts were lost: {sorted(before - now)[:5]}")
        before = now
        most = max(most, len(now))
        killed += not is_finished
        if is_finished:
            finished += 1
            shutil.rmtree(folders[0])
            before = set()
    return finished, most


def main() -> None:
    """Kill, look, and finish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--members", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    luck = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as name:
        calm, killed = Path(name) / "calm", Path(name) / "killed"
        start_s = finish(Path(name) / "small", 64)
        whole_s = finish(calm, arguments.members)
        longest_s = start_s + 4 * whole_s / arguments.kills
        finished, most = disturb(
            killed,
            arguments.members,
            arguments.kills,
            lambda: luck.uniform(0, longest_s),
        )
        finish(killed, arguments.members)
        one, other = content(calm), content(killed)
        differing = [n for n in sorted({*one, *other}) if one.get(n) != other.get(n)]
        if differing:
            sys.exit(f"not as undisturbed: {differing[:5]}")
        told = {"kills": arguments.kills, "runs that ended before": finished}
        print(json.dumps(told | {"parts done by a kill": most, "files": len(other)}))


if __name__ == "__main__":
    main()
