"""Blocks of members: here, in threads, or wherever an executor sends them."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Block = TypeVar("Block")
Result = TypeVar("Result")

BLOCK_MEMBERS = 64
"""Members in one block, the unit of work."""


def blocks_of(members: int, size: int = BLOCK_MEMBERS) -> list[range]:
    """Cut an ensemble into blocks of members."""
    starts = range(0, members, size)
    return [range(start, min(start + size, members)) for start in starts]


def map_blocks(
    function: Callable[[Block], Result],
    blocks: Sequence[Block],
    executor: Executor,
    progress: Callable[[int, int], None] | None = None,
) -> list[Result]:
    """Apply a function to every block, in any order, and return results in theirs."""
    futures = [executor.submit(function, block) for block in blocks]
    for done, future in enumerate(as_completed(futures), start=1):
        future.result()
        if progress is not None:
            progress(done, len(futures))
    return [future.result() for future in futures]


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Give an executor of threads; the kernels release the interpreter lock.

    After an error or Ctrl-C nothing more is begun, and what runs is not waited for.
    """
    executor = ThreadPoolExecutor(count, thread_name_prefix="supplyline")
    is_done = False
    try:
        yield executor
        is_done = True
    finally:
        executor.shutdown(wait=is_done, cancel_futures=not is_done)
