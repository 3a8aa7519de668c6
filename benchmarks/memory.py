"""Set estimates of memory and disk beside what runs take, held and part by part."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from supplyline.case.case import load_case
from supplyline.engine.estimate import (
    FIXED_BYTES,
    disk_in_folder,
    member_bytes,
    memory_in_folder,
)
from supplyline.engine.executors import threads
from supplyline.engine.simulate import simulate
from supplyline.runs import Arguments
from supplyline.runs.memory import BYTES_PER_MB, peak_memory_mb

THREADS: Final = 2
HELD: Final = "held"
PARTS: Final = "parts"
GB: Final = 1e9
SIZES: Final = (
    ("toy", HELD, 2_000), ("toy", HELD, 20_000), ("mali", HELD, 2_000),
    ("corridor180", HELD, 2_000), ("toy", PARTS, 20_000), ("toy", PARTS, 100_000),
    ("mali", PARTS, 2_000), ("mali", PARTS, 10_000), ("mali", PARTS, 20_000),
)  # fmt: skip


def take(name: str, way: str, members: int) -> None:
    """Simulate in this process; print estimates and what was taken."""
    case = load_case(name)
    days = case.config.forecast_days
    arguments = Arguments(days=days, members=members, seed=1)
    if way == HELD:
        memory = FIXED_BYTES + member_bytes(case, days) * members
    else:
        memory = memory_in_folder(case, arguments, THREADS)
    began_s = time.process_time()
    with tempfile.TemporaryDirectory() as parent, threads(THREADS) as executor:
        folder = None if way == HELD else parent
        run = simulate(case, members=members, executor=executor, folder=folder)
        files = [path for path in Path(parent).rglob("*") if path.is_file()]
        taken = sum(path.stat().st_size for path in files)
    peak = (peak_memory_mb() or float("nan")) * BYTES_PER_MB
    disk = disk_in_folder(case, arguments)
    on_disk = f", disk {disk / GB:.2f} GB for {taken / GB:.2f}" if taken else ""
    print(
        f"{name:<12}{way:<6}{members:>8,} members x {run.daily.sizes['day']} days: "
        f"memory {memory / GB:.2f} GB for {peak / GB:.2f}{on_disk}; "
        f"{time.process_time() - began_s:.0f} CPU s"
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        take(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        for case_name, kind, count in SIZES:
            command = [sys.executable, __file__, case_name, kind, str(count)]
            subprocess.run(command, check=True)  # noqa: S603 - this very file
