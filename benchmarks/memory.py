"""Set the estimate of memory beside what a run and its saving take at their peak."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import Final

from supplyline.case.case import load_case
from supplyline.engine.memory import FIXED_BYTES, member_bytes
from supplyline.engine.simulate import simulate
from supplyline.runs.memory import BYTES_PER_MB, peak_memory_mb

SIZES: Final = (("toy", 2_000), ("toy", 20_000), ("mali", 2_000), ("mali", 8_000))


def take(name: str, members: int) -> None:
    """Simulate and save in this process; print estimate and peak."""
    case = load_case(name)
    each = member_bytes(case, case.config.forecast_days)
    estimate_mb = (FIXED_BYTES + each * members) / BYTES_PER_MB
    run = simulate(case, members=members)
    with tempfile.TemporaryDirectory() as folder:
        run.save(folder)
    peak_mb = peak_memory_mb() or float("nan")
    print(
        f"{name:<5}{members:>7,} members x {run.daily.sizes['day']} days: estimate "
        f"{estimate_mb:5,.0f} MB, taken {peak_mb:5,.0f} MB, {estimate_mb / peak_mb:.2f}"
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        take(sys.argv[1], int(sys.argv[2]))
    else:
        for case_name, count in SIZES:
            command = [sys.executable, __file__, case_name, str(count)]
            subprocess.run(command, check=True)  # noqa: S603 - this very file
