"""Simulate many members of a case for its facts: time, memory and bits, wherever.

Usage: ``python benchmarks/scale.py [members] [--cluster ADDRESS]``; 100,000 members if
not given. Each line is a process of its own, with kernels compiled before. CPU and
memory of the workers of a cluster are not counted: they are not its children.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import time
import warnings

import supplyline as sl
from supplyline.analysis.targets import target_values

CASE = "mali"
MB = 1024
"""Kilobytes, as the system counts memory."""
HEAD = (
    f"{'where':<24}{'members':>10}{'wall s':>9}{'CPU s':>9}{'ms each':>9}"
    f"{'MB':>7}{'MB child':>10}  values"
)


def executor_of(where: str) -> sl.Executor:
    """Make the executor of a name such as ``threads 2`` or ``cluster ADDRESS``."""
    kind, argument = where.split()
    make = getattr(sl, kind)
    return make(argument if kind == "cluster" else int(argument))


def one(where: str, members: int) -> dict[str, object]:
    """Simulate the past of the case; give what it took and a hash of its facts."""
    warnings.simplefilter("ignore", sl.SupplylineWarning)
    case = sl.load_case(CASE)
    started = time.perf_counter()
    with executor_of(where) as executor:
        words = executor.words
        made = sl.simulate_summaries(
            case, {"facts": target_values}, members=members, days=0, executor=executor
        )
    wall_s = time.perf_counter() - started
    own, children = (
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    facts = made.values["facts"]
    hashed = hashlib.sha256(facts.to_numpy().tobytes()).hexdigest()
    return {
        "words": words,
        "members": members,
        "wall_s": wall_s,
        "cpu_s": sum(use.ru_utime + use.ru_stime for use in (own, children)),
        "own_mb": own.ru_maxrss / MB,
        "child_mb": children.ru_maxrss / MB,
        "sha256": hashed[:12],
    }


def measured(where: str, members: int) -> str:
    """Measure in a process of its own, so that no peak is another's."""
    command = [sys.executable, __file__, str(members), "--one", where]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own interpreter
    use = json.loads(told.stdout)
    each_ms = 1e3 * use["cpu_s"] / members
    return (
        f"{use['words'][:23]:<24}{members:>10,}{use['wall_s']:>9.1f}{use['cpu_s']:>9.1f}"
        f"{each_ms:>9.2f}{use['own_mb']:>7.0f}{use['child_mb']:>10.0f}  {use['sha256']}"
    )


def main() -> None:
    """Print what each way takes, and how it grows with the members."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("members", nargs="?", type=int, default=100_000)
    parser.add_argument("--cluster", metavar="ADDRESS")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one is not None:
        print(json.dumps(one(chosen.one, chosen.members)))
        return
    ways = ["threads 1", "threads 2", "processes 2"]
    if chosen.cluster is not None:
        ways.append(f"cluster {chosen.cluster}")
    print(
        f"{CASE}, its past of 153 days, summaries: the facts of the case",
        HEAD,
        sep="\n",
    )
    for where in ways:
        print(measured(where, chosen.members), flush=True)
    for share in (100, 10):
        print(measured("threads 2", chosen.members // share), flush=True)


if __name__ == "__main__":
    main()
