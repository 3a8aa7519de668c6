"""Kill workers and the scheduler of a small cluster, and compare the runs it writes.

Usage: ``python benchmarks/cluster_failures.py [MEMBERS]``; 12,288 if not given. Two
workers of one thread listen to this machine alone, and all end with the command.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BIN = Path(sys.executable).parent
DASK = str(BIN / "dask")
LOOPBACK = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
LIST = re.compile(r"results are missing of members ([\d, to]+)")
BUSY_S = 10
"""How long workers live on after a command: what they are still busy with ends [s]."""
MEMBERS = 12_288
"""Twelve parts: workers write them themselves, each six."""
FAILING = """
from supplyline.engine import in_parts
from supplyline.engine.tasks import simulate_members


def failing(world, members):
    if 5000 in members:
        raise ArithmeticError("this member fails")
    return simulate_members(world, members)


in_parts.simulate_members = failing
"""
"""What a worker loads first, so that a task always fails."""


class Cluster:
    """A scheduler and two workers, each a process that may be killed."""

    def __init__(self, log: Path, preload: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = str(free.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._log = log.open("a")
        extra = () if preload is None else ("--preload", str(preload))
        self._worker = (
            *("worker", self.address, "--nthreads", "1", "--no-nanny", *LOOPBACK),
            *("--death-timeout", "30", *extra),
        )
        self.scheduler = self._begin_scheduler()
        self.workers = [self._begin(*self._worker) for _ in range(2)]

    def _begin(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - of this very environment
            [DASK, *command], stdout=self._log, stderr=self._log
        )

    def _begin_scheduler(self) -> subprocess.Popen[bytes]:
        return self._begin("scheduler", "--port", self._port, "--no-show", *LOOPBACK)

    def kill_worker(self) -> None:
        """Kill a worker, and begin none in its place."""
        self.workers[0].kill()

    def kill_scheduler(self) -> None:
        """Kill the scheduler, and begin none in its place."""
        self.scheduler.kill()
        self.scheduler.wait()

    def begin_anew(self) -> None:
        """Kill the scheduler and begin another and workers, as a service does."""
        self.kill_scheduler()
        self.scheduler = self._begin_scheduler()
        self.workers += [self._begin(*self._worker) for _ in range(2)]

    def end(self) -> None:
        """End every process."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self._log.close()


@contextmanager
def begun(log: Path, preload: Path | None = None) -> Iterator[Cluster]:
    """Give a cluster that ends whatever happens."""
    cluster = Cluster(log, preload)
    try:
        yield cluster
    finally:
        cluster.end()


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    said: str
    took_s: float


def simulate(
    parent: Path, members: int, *where: str, harm: Callable[[], None] | None = None
) -> Ended:
    """Give the command, and do harm when the second part is written."""
    began = time.monotonic()
    command = [
        *(str(BIN / "supplyline"), "simulate", "toy", "--days", "1", "-q"),
        *("--members", str(members), "-o", str(parent), *where),
    ]
    with subprocess.Popen(  # noqa: S603 - of this very environment
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        while harm is not None and run.poll() is None:
            if parts_in(parent) > 1:
                harm()
                break
            time.sleep(0.02)
        said, _ = run.communicate()
    return Ended(run.returncode, " ".join(said.split()), time.monotonic() - began)


def parts_in(parent: Path) -> int:
    """Count the parts that an unfinished run has."""
    return len(list(parent.glob("*.unfinished/parts/*.json")))


def list_in(end: Ended, parent: Path, members: int) -> str:
    """Say whether the members told as missing are those the unfinished run lacks."""
    match = LIST.search(end.said)
    if match is None:
        return "none"
    ends = [each.replace(",", "").split(" to ") for each in match[1].split(", ")]
    told = {
        member for each in ends for member in range(int(each[0]), int(each[-1]) + 1)
    }
    names = [path.stem for path in parent.glob("*.unfinished/parts/*.json")]
    held = {member for name in names for member in range(*map(int, name.split("-")))}
    return "true" if told == set(range(members)) - held else "FALSE"


def outputs_in(parent: Path) -> object:
    """Give what the manifest of the only run says of its files, with their hashes."""
    (manifest,) = parent.glob("*/manifest.json")
    return json.loads(manifest.read_text())["outputs"]


def tell(
    words: str, ends: list[Ended], kept: int, listed: str, *, is_same: bool
) -> None:
    """Print how the commands ended, and whether the run is that of threads."""
    codes = " ".join(str(end.code) for end in ends)
    took = " ".join(f"{end.took_s:.0f}" for end in ends)
    same = "equal" if is_same else "OTHER"
    print(f"{words:<40}{codes:>6}{took:>9}{kept:>6}{listed:>7}  {same}", flush=True)
    for end in ends:
        if end.said:
            print(f"    {end.said}", flush=True)


def main() -> None:
    """Do each harm, and tell what became of the run."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS
    print(f"toy, {members:,} members; kept: parts when the first command ended early;")
    print("list: whether the members told as missing are those that the parts lack")
    print(f"{'failure':<40}{'codes':>6}{'wall s':>9}{'kept':>6}{'list':>7}  the run")
    with tempfile.TemporaryDirectory(prefix="supplyline-") as made:
        home = Path(made)
        log, failing = home / "log", home / "failing.py"
        failing.write_text(FAILING)
        on_threads = simulate(home / "0", members, "--threads", "1")
        expected = outputs_in(home / "0")
        tell("none, on a thread", [on_threads], 0, "none", is_same=True)
        for number, (words, harm, preload) in enumerate(
            (
                ("none, on the cluster", None, None),
                ("a worker is killed", Cluster.kill_worker, None),
                ("a task always fails", None, failing),
                ("the scheduler is killed and begun anew", Cluster.begin_anew, None),
                ("the scheduler is killed", Cluster.kill_scheduler, None),
            ),
            start=1,
        ):
            parent = home / str(number)
            with begun(log, preload) as cluster:
                act = None if harm is None else partial(harm, cluster)
                ends = [
                    simulate(parent, members, "--cluster", cluster.address, harm=act)
                ]
                if ends[0].code:
                    time.sleep(BUSY_S)
            kept, listed = parts_in(parent), list_in(ends[0], parent, members)
            if ends[0].code:
                ends.append(simulate(parent, members, "--threads", "1"))
            tell(words, ends, kept, listed, is_same=outputs_in(parent) == expected)


if __name__ == "__main__":
    main()
