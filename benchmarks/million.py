"""Reckon a million members of Mali on many machines, from rates measured on one core.

The rates are those of docs/how-to/million.md; `--measure` takes the first of them anew.
"""

from __future__ import annotations

import sys
import time
from typing import Final

from supplyline.case.case import load_case
from supplyline.engine.in_parts import PARTS_A_WORKER
from supplyline.engine.tasks import simulate_members
from supplyline.engine.world import build_world
from supplyline.runs.parts import PART_MEMBERS

MEMBERS: Final = 1_000_000
TASK_MEMBERS: Final = 512
BEGIN_S: Final = 0.5
"""Case and world, by the caller alone."""
START_S: Final = 5.0
"""A worker, from its command to its first task: assumed for an idle machine."""
MEMBER_MS: Final = 3.0
"""One member on one core."""
WRITE_MS: Final = 1.2
"""All tables of one member, packed and written."""
SCHEDULER_MS: Final = 2.0
"""Scheduler, for one task."""
CALLER_MS: Final = 1.7
"""Caller, for one task."""
GATHER_MB_PER_S: Final = 84.0
"""Results, through the scheduler to the caller."""
DISK_MB_PER_S: Final = 500.0
"""A disk that all workers write to: assumed."""
SUMMARY_KB: Final = 0.1
"""A dozen summaries of one member."""
OUTPUTS_KB: Final = 254.0
"""All outputs of one member."""
FOLDER_KB: Final = 50.0
"""One member in the run folder, packed."""


def wall_s(workers: int, member_ms: float, member_kb: float, mb_per_s: float) -> float:
    """Reckon the time of all members: what is done alone, then the slowest of three."""
    tasks = MEMBERS / TASK_MEMBERS
    task_s = TASK_MEMBERS * member_ms / 1000
    simulated = tasks * task_s / workers + task_s / 2  # the last tasks end unevenly
    scheduled = tasks * max(SCHEDULER_MS, CALLER_MS) / 1000
    moved = MEMBERS * member_kb / 1000 / mb_per_s
    return BEGIN_S + START_S + max(simulated, scheduled, moved)


def measure(members: int = TASK_MEMBERS) -> None:
    """Take the rates of one core anew."""
    started = time.perf_counter()
    case = load_case("mali")
    world = build_world(case, None, case.config.forecast_days, 1)
    print(f"case and world {time.perf_counter() - started:.2f} s")
    simulate_members(world, range(64))
    started = time.process_time()
    result = simulate_members(world, range(members))
    each_ms = 1000 * (time.process_time() - started) / members
    size_kb = sum(array.nbytes for array in result.outputs) / members / 1000
    print(f"a member {each_ms:.2f} ms of CPU, {size_kb:.0f} kB of outputs")


if __name__ == "__main__":
    if "--measure" in sys.argv[1:]:
        measure()
    summaries = (MEMBER_MS, SUMMARY_KB, GATHER_MB_PER_S)
    written = (MEMBER_MS + WRITE_MS, FOLDER_KB, DISK_MB_PER_S)
    sent = (MEMBER_MS, OUTPUTS_KB, GATHER_MB_PER_S)
    one = wall_s(1, *summaries)
    print("| Workers | Summaries [s] | Share of linear [%] | Written [s] | Sent [s] |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for workers in (1, 8, 32, 128, 256, 512, 1024):
        took_s = wall_s(workers, *summaries)
        share = 100 * one / took_s / workers
        is_long = PARTS_A_WORKER * workers * PART_MEMBERS <= MEMBERS
        written_s = wall_s(workers, *(written if is_long else sent))
        print(
            f"| {workers:,} | {took_s:,.0f} | {share:.0f} "
            f"| {written_s:,.0f} | {wall_s(workers, *sent):,.0f} |"
        )
