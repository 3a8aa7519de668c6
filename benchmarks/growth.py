"""Time corridor180 against members, segments and days: how cost grows with size.

Usage: ``python benchmarks/growth.py``. CPU seconds on one core, compiled before.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from corridor180_agreement import cut

import supplyline as sl

if TYPE_CHECKING:
    from supplyline.case.case import Case

MEMBERS = 256
REPEATS = 3


def seconds(case: Case, members: int, days: int) -> float:
    """Return the least CPU time of some runs [s]."""
    found = []
    for _ in range(REPEATS):
        start = time.process_time()
        sl.simulate(case, members=members, days=days, executor=sl.threads(1))
        found.append(time.process_time() - start)
    return min(found)


def main() -> None:
    """Print time against size."""
    case = sl.load_case("corridor180")
    past = 30
    short, long = 180 - past, 4 * 180 - past
    sl.simulate(case, members=1, days=1, executor=sl.threads(1))
    base = seconds(case, MEMBERS, short)
    rows = [
        ("members x 10", 10, seconds(case, 10 * MEMBERS, short)),
        ("segments x 10", 10, seconds(cut(case, 10), MEMBERS, short)),
        ("days x 4", 4, seconds(case, MEMBERS, long)),
    ]
    print(f"{'size':16} {'cpu s':>8} {'times':>7} {'times/size':>11}")
    print(f"{'as it is':16} {base:8.2f} {1.0:7.2f} {1.0:11.2f}")
    for name, size, taken in rows:
        grown = taken / base
        print(f"{name:16} {taken:8.2f} {grown:7.2f} {grown / size:11.2f}")


if __name__ == "__main__":
    main()
