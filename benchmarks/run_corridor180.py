"""Time every form of corridor180, check that they agree, and print a table.

Usage::

    python benchmarks/run_corridor180.py [--members N] [--theirs N] [--json FILE]

CPU seconds (`time.process_time`) for one member on one core, compilation outside the
clock. Results are written only to the FILE given.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import corridor180_numba_fast
import numpy as np
from corridor180_agreement import LARGEST_Z, outputs_of, scores
from corridor180_case import read
from corridor180_mesa import MODES, MesaCountry
from corridor180_rules import OUTPUTS
from corridor180_simpy import SimpyCountry

import supplyline as sl

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Timed = tuple[Floats, float]

DAYS = 180
TARGETS = {"simpy, process per truck": 650.0, "best mesa": 280.0}
MOST_OF_PEER = 1.0
"""Time of ours over that of the Numba reference."""


def ours(members: int) -> Timed:
    """Simulate the packaged case through the public API on one core."""
    case = sl.load_case("corridor180")
    sl.simulate(case, members=1, executor=sl.threads(1))
    start = time.process_time()
    run = sl.simulate(case, members=members, executor=sl.threads(1))
    cpu = (time.process_time() - start) / members
    return outputs_of(run), cpu


def reference(members: int) -> Timed:
    """Run the Numba form of the reference law."""
    corridor180_numba_fast.many(1, 0)
    start = time.process_time()
    outputs = corridor180_numba_fast.many(members, 2_000_006)
    return outputs, (time.process_time() - start) / members


def agents(members: int) -> dict[str, Timed]:
    """Run the forms in which every truck is an agent."""
    law = read(sl.load_case("corridor180"), DAYS)

    def simpy_member(member: int, *, by_segment: bool = False) -> tuple[float, ...]:
        return SimpyCountry(law, member, by_segment=by_segment).run()

    def mesa_member(member: int, mode: str) -> tuple[float, ...]:
        return MesaCountry(law, member, mode).run()

    forms: dict[str, Callable[[int], tuple[float, ...]]] = {
        "simpy, process per truck": simpy_member,
        "simpy, a wait per segment": partial(simpy_member, by_segment=True),
        **{f"mesa, {mode}": partial(mesa_member, mode=mode) for mode in MODES},
    }
    results = {}
    for number, (name, form) in enumerate(forms.items()):
        names = range(10_000 * number, 10_000 * number + members)
        start = time.process_time()
        outputs = np.array([form(member) for member in names])
        results[name] = outputs, (time.process_time() - start) / members
        print(f"{name}: done", file=sys.stderr, flush=True)
    return results


def table(results: dict[str, Timed]) -> list[dict[str, object]]:
    """Set every form beside ours."""
    base, cpu = results["supplyline"]
    rows = []
    for name, (outputs, seconds) in results.items():
        is_same_law = name not in {"supplyline", "numba, reference law"}
        z = scores(base, outputs) if is_same_law else np.zeros(0)
        rows.append(
            {
                "form": name,
                "members": len(outputs),
                "cpu_ms_per_member": 1e3 * seconds,
                "times_ours": seconds / cpu,
                "largest_z": float(np.abs(z).max()) if z.size else None,
                "z": dict(zip(OUTPUTS, z.round(2).tolist(), strict=False)),
                "mean": dict(zip(OUTPUTS, outputs.mean(axis=0).tolist(), strict=True)),
            }
        )
    return rows


def print_table(rows: list[dict[str, object]]) -> None:
    """Print speeds, agreement and targets."""
    print(f"{'form':28} {'members':>7} {'ms/member':>10} {'x ours':>8} {'max |z|':>8}")
    for row in rows:
        apart = "" if row["largest_z"] is None else f"{row['largest_z']:.2f}"
        print(
            f"{row['form']:28} {row['members']:7} {row['cpu_ms_per_member']:10.2f} "
            f"{row['times_ours']:8.1f} {apart:>8}"
        )
    times = {str(row["form"]): float(str(row["times_ours"])) for row in rows}
    times["best mesa"] = min(v for name, v in times.items() if name.startswith("mesa"))
    for name, wanted in TARGETS.items():
        word = "met" if times[name] >= wanted else "missed"
        print(f"target: {name} at least {wanted:.0f} x ours: {times[name]:.0f}, {word}")
    peer = 1 / times["numba, reference law"]
    word = "met" if peer <= MOST_OF_PEER else "missed"
    print(f"target: ours at most {MOST_OF_PEER} x the reference: {peer:.2f}, {word}")


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """Write the rows as JSON, whole or not at all."""
    text = json.dumps(rows, indent=1) + "\n"
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(part).replace(path)


def main() -> int:
    """Run all forms; fail where they disagree."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--members", type=int, default=2000, help="members of ours")
    parser.add_argument(
        "--theirs", type=int, default=40, help="members of each other form"
    )
    parser.add_argument("--json", type=Path, help="file for the results")
    chosen = parser.parse_args()
    results = {"supplyline": ours(chosen.members)}
    results["numba, reference law"] = reference(chosen.members)
    results |= agents(chosen.theirs)
    rows = table(results)
    print_table(rows)
    if chosen.json:
        write(chosen.json, rows)
    compared = [row["largest_z"] for row in rows if row["largest_z"] is not None]
    largest = max(float(str(z)) for z in compared)
    return 0 if largest <= LARGEST_Z else 1


if __name__ == "__main__":
    sys.exit(main())
